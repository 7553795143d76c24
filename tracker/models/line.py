"""What comes in from LINE: events as they came, one-time codes that link a person, and what a person was asked."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.agency import Member
from tracker.models.task import Task
from tracker.store.db import Base

_IS_OPEN = text("worked_at IS NULL")


class LineEvent(Base):
    """One webhook event of one person, worked off once, in the order in which the person's events happened.

    ``payload`` is the event as it came until it is worked off, then empty: what people write is not kept here.
    """

    __tablename__ = "line_event"
    __table_args__ = (
        Index("ix_line_event_open", "next_attempt_at", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        Index("ix_line_event_user_id_happened_at", "user_id", "happened_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: None until the event is known to concern an agency
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    #: LINE's webhookEventId: the same for every delivery of the event
    event_id: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(32))
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: LINE's timestamp
    happened_at: Mapped[datetime]
    received_at: Mapped[datetime]
    #: when it may be worked off; while somebody works on it, when the claim ends
    next_attempt_at: Mapped[datetime]
    claimed_by: Mapped[str | None] = mapped_column(String(32))
    attempts: Mapped[int] = mapped_column(default=0)
    worked_at: Mapped[datetime | None]
    #: what came of it, in a word
    outcome: Mapped[str | None] = mapped_column(String(32))
    error: Mapped[str | None] = mapped_column(Text)


class LineLinkCode(Base):
    """A one-time code that links whoever types it to the official account with a member; kept as a keyed hash.

    ``prefix`` is the code's beginning in the clear: a wrong code counts against the codes that begin like it.
    """

    __tablename__ = "line_link_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    prefix: Mapped[str] = mapped_column(String(4), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)

    member: Mapped[Member] = relationship()


class LineConversation(Base):
    """A LINE user's answer on its way: ``draft`` as ``tracker.line.draft`` keeps it, recorded by none of its messages.

    ``task_id`` is the first task that it is about, None while photos wait for theirs.
    """

    __tablename__ = "line_conversation"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), index=True)
    draft: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: until when what is typed is taken for an answer
    expires_at: Mapped[datetime]

    member: Mapped[Member] = relationship()
    task: Mapped[Task | None] = relationship()
