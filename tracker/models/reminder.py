"""The ledger: stages reached, notices, digests, deliveries, the mailbox, and the workers' heartbeats."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.kinds import DeliveryState, NoticeKind
from tracker.models.agency import Member, one_of
from tracker.models.task import Task
from tracker.store.db import Base, EnumText

_IS_DUE = text("state IN ('planned', 'claimed', 'failed')")
_IS_OF_THE_DAY = text("prompt_id IS NULL AND NOT ahead")
_IS_WAITING = text("taken_at IS NULL")

digest_notice = Table(
    "digest_notice",
    Base.metadata,
    Column("digest_id", ForeignKey("digest.id", ondelete="CASCADE"), primary_key=True),
    Column("notice_id", ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True),
)


class Notice(Base):
    """Something to tell a person (or the coordinators) once, in the next digest: returned, reassigned, undelivered."""

    __tablename__ = "notice"
    __table_args__ = (
        one_of("kind", NoticeKind),
        Index("ix_notice_waiting", "agency_id", sqlite_where=_IS_WAITING, postgresql_where=_IS_WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))
    #: None: the agency's coordinators
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), index=True)
    kind: Mapped[NoticeKind] = mapped_column(EnumText(NoticeKind, 16))
    text: Mapped[str] = mapped_column(Text)
    #: a path below the base address, where the person can act
    path: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]


class UnitPrompt(Base):
    """A superior's word to a unit that owes work: remind it again, once a day. ``asked_as`` is the superior's post."""

    __tablename__ = "unit_prompt"
    __table_args__ = (UniqueConstraint("unit_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"))
    on: Mapped[date]
    asked_as: Mapped[str] = mapped_column(String(100))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]


class Digest(Base):
    """All of a person's reminders of one day, in one message; beside it what a prompt asks the person again."""

    __tablename__ = "digest"
    __table_args__ = (
        Index(
            "uq_digest_member_id_on",
            "member_id",
            "on",
            unique=True,
            sqlite_where=_IS_OF_THE_DAY,
            postgresql_where=_IS_OF_THE_DAY,
        ),
        UniqueConstraint("prompt_id", "member_id"),
        Index("ix_digest_agency_id_on", "agency_id", "on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    on: Mapped[date]
    #: None: the digest of the day
    prompt_id: Mapped[int | None] = mapped_column(ForeignKey("unit_prompt.id", ondelete="CASCADE"))
    #: made by a clock that was ahead: a record of what went out, and of no day
    ahead: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]

    member: Mapped[Member] = relationship()
    reminders: Mapped[list["Reminder"]] = relationship(back_populates="digest", order_by="Reminder.id")
    notices: Mapped[list[Notice]] = relationship(secondary=digest_notice, order_by="Notice.id")
    deliveries: Mapped[list["Delivery"]] = relationship(back_populates="digest", order_by="Delivery.created_at")

    @classmethod
    def is_of(cls, day: date | BindParameter[date]) -> ColumnElement[bool]:
        """That a digest is its person's of the day: no prompt, and not made by a clock that was ahead."""
        return and_(cls.on == day, cls.prompt_id.is_(None), ~cls.ahead)


class Reminder(Base):
    """A stage reached by a task for a person, once."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("task_id", "member_id", "stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    digest_id: Mapped[int] = mapped_column(ForeignKey("digest.id", ondelete="CASCADE"), index=True)
    stage: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]

    task: Mapped[Task] = relationship()
    digest: Mapped[Digest] = relationship(back_populates="reminders")


class Delivery(Base):
    """A digest on one channel. Claimed by a conditional update, sent, then marked; its id is LINE's retry key."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("digest_id", "channel"),
        one_of("state", DeliveryState),
        Index(
            "ix_delivery_open_next_attempt_at",
            "next_attempt_at",
            sqlite_where=_IS_DUE,
            postgresql_where=_IS_DUE,
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid(), primary_key=True, default=uuid.uuid4)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    digest_id: Mapped[int] = mapped_column(ForeignKey("digest.id", ondelete="CASCADE"))
    #: a name of the registry; one that was removed meanwhile stays in the record
    channel: Mapped[str] = mapped_column(String(8))
    address: Mapped[str | None] = mapped_column(String(320))
    state: Mapped[DeliveryState] = mapped_column(EnumText(DeliveryState, 10), default=DeliveryState.PLANNED)
    attempts: Mapped[int] = mapped_column(default=0)
    #: when the next attempt is due; for a claimed delivery, when its lease ends
    next_attempt_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None] = mapped_column(String(100))
    first_attempt_at: Mapped[datetime | None]
    #: how many times it was handed over without an answer: each may have gone out
    unanswered: Mapped[int] = mapped_column(default=0, server_default="0")
    sent_at: Mapped[datetime | None]
    #: what the channel gave as its receipt (LINE: the accepted request's id)
    receipt: Mapped[str | None] = mapped_column(String(100))
    subject: Mapped[str | None] = mapped_column(Text)
    #: the head of the agency's record as the digest was written; None until it is sent, and on older ones
    record_sequence: Mapped[int | None]
    record_hash: Mapped[str | None] = mapped_column(String(64))
    #: why it failed or was given up, for the coordinator
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]

    digest: Mapped[Digest] = relationship(back_populates="deliveries")


class MailboxMessage(Base):
    """A message that landed in the mailbox of the web UI instead of going out."""

    __tablename__ = "mailbox_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    delivery_id: Mapped[uuid.UUID | None] = mapped_column(
        Uuid(), ForeignKey("delivery.id", ondelete="CASCADE"), unique=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str] = mapped_column(Text)
    body_text: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship()


class Heartbeat(Base):
    """The last sign of life of beat, of a worker, and of a finished sweep."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    at: Mapped[datetime]
