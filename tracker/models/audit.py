"""The append-only record of who changed what, chained by hashes so that a change behind our back shows."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.db import Base


class Event(Base):
    """One change: who, when, over which channel, from which state to which.

    ``sequence`` counts within an agency; ``hash`` covers the row and the hash before it. The database refuses
    updates and deletes of rows (triggers of the first migration).
    """

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("agency_id", "sequence"), Index("ix_event_task_id", "task_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    sequence: Mapped[int]
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(320))
    channel: Mapped[str] = mapped_column(String(16))
    task_id: Mapped[int | None]
    from_state: Mapped[str | None] = mapped_column(String(16))
    to_state: Mapped[str | None] = mapped_column(String(16))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
