"""What waits between two requests, or for a worker."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.db import Base

JobKind = Literal["plan", "people", "plan_work", "plan_saved", "scan", "form", "set_up"]


class JobState(Base):
    """One thing of a kind that its token finds until it expires; a backup leaves it out.

    ``content`` is a document's bytes, within the upload limit. Without agency and account it is nobody's yet: whoever
    brings the token may have it.
    """

    __tablename__ = "job_state"
    __table_args__ = ({"info": {"transient": True}},)

    kind: Mapped[JobKind] = mapped_column(String(16), primary_key=True)
    token: Mapped[str] = mapped_column(String(32), primary_key=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    value: Mapped[dict[str, Any]]
    content: Mapped[bytes | None] = mapped_column(deferred=True)
    kept_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
