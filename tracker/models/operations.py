"""What the reminders remember beside the ledger: used links, the alarm of a stopped sweep, LINE's month."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.db import Base


class ActionLinkUse(Base):
    """A link of an e-mail that was used: it works once. ``link`` is what its token names, hashed."""

    __tablename__ = "action_link_use"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), index=True)
    link: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime]


class Alarm(Base):
    """A thing of the installation that is watched, and when the operator was last told that it stopped."""

    __tablename__ = "alarm"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    watched_from: Mapped[datetime]
    #: None: it runs, or nobody was told yet
    reported_at: Mapped[datetime | None] = mapped_column("told_at")


class LineQuota(Base):
    """What LINE said of a month's messages, which all agencies of the installation share."""

    __tablename__ = "line_quota"

    #: the month's first day
    month: Mapped[date] = mapped_column(primary_key=True)
    #: None: unlimited
    allowed: Mapped[int | None]
    used: Mapped[int]
    #: how many the month will have used at the present pace
    forecast: Mapped[int]
    read_at: Mapped[datetime]
