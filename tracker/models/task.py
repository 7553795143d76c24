"""The task, what was done for it, the evidence, and its progress notes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.kinds import OPEN_STATES, Reason, TaskState
from tracker.models.agency import Member, Unit, one_of
from tracker.models.plan import Step
from tracker.store.db import Base, EnumText

_IS_OPEN = text("state IN ('pending', 'in_progress', 'returned')")


class Task(Base):
    """One tick: a step, a unit (or joint units), a checkpoint.

    ``scheduled_on`` never changes; ``due_on`` may be moved by the coordinator. Both are None where the plan gives
    no date. ``party_key`` and ``checkpoint_key`` make the task unique per step, unit and checkpoint: the unit's id
    (``u12``) or ``joint``, and the ISO day or ``undated``.
    """

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("step_id", "party_key", "checkpoint_key"),
        one_of("state", TaskState),
        CheckConstraint("state != 'not_possible' OR reason IS NOT NULL", name="reason_given"),
        Index("ix_task_agency_id_due_on", "agency_id", "due_on"),
        Index(
            "ix_task_open_agency_id_next_stage_on",
            "agency_id",
            "next_stage_on",
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        Index(
            "ix_task_open_next_stage_on",
            "next_stage_on",
            "agency_id",
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        {"sqlite_autoincrement": True},  # events and links name ids: none is given again
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id", ondelete="CASCADE"))
    party_key: Mapped[str] = mapped_column(String(32))
    checkpoint_key: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(Text)
    scheduled_on: Mapped[date | None]
    due_on: Mapped[date | None]
    period_start: Mapped[date | None]
    cadences: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[TaskState] = mapped_column(EnumText(TaskState, 16), default=TaskState.PENDING)
    reason: Mapped[Reason | None] = mapped_column(EnumText(Reason, 16))
    reason_text: Mapped[str | None] = mapped_column(Text)
    #: the local day on which it was declared not possible
    not_possible_on: Mapped[date | None]
    return_note: Mapped[str | None] = mapped_column(Text)
    snoozed_until: Mapped[date | None]
    escalation_held: Mapped[bool] = mapped_column(default=False)
    #: the coordinator gave it to other units than the plan's: it keeps them
    reassigned: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: the earliest local day on which the task can reach a reminder stage not yet recorded; None: never
    next_stage_on: Mapped[date | None]
    updated_at: Mapped[datetime]

    step: Mapped[Step] = relationship()
    units: Mapped[list[Unit]] = relationship(secondary="task_unit", order_by="Unit.position, Unit.id")
    completions: Mapped[list["Completion"]] = relationship(
        back_populates="task", order_by="Completion.id", cascade="all, delete-orphan"
    )
    notes: Mapped[list["ProgressNote"]] = relationship(
        back_populates="task", order_by="ProgressNote.id", cascade="all, delete-orphan"
    )

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def completion(self) -> "Completion | None":
        """The latest completion that was not withdrawn."""
        return next((one for one in reversed(self.completions) if one.withdrawn_at is None), None)

    def __str__(self) -> str:
        return self.title


class TaskUnit(Base):
    """A unit that is responsible for a task; several are jointly responsible."""

    __tablename__ = "task_unit"
    __table_args__ = (Index("ix_task_unit_unit_id_task_id", "unit_id", "task_id"),)

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)


class Completion(Base):
    """What was done, what came of it, and the day it was done, if known (which is not the day it was entered)."""

    __tablename__ = "completion"
    __table_args__ = (UniqueConstraint("task_id", "form_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), index=True)
    result: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(Text)
    #: None where nobody knows the day
    done_on: Mapped[date | None]
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    withdrawn_at: Mapped[datetime | None]
    #: of the form that was sent: sent again, after a lost answer, it records nothing again
    form_key: Mapped[str | None] = mapped_column(String(32))

    task: Mapped[Task] = relationship(back_populates="completions")
    entered_by: Mapped[Member | None] = relationship()
    evidence: Mapped[list["Evidence"]] = relationship(
        back_populates="completion", order_by="Evidence.id", cascade="all, delete-orphan"
    )


class Evidence(Base):
    """A file under a random name outside the web root, or a link, of a completion or of a progress note.

    Completions of one report share their files.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("completion_id", "stored_name"),
        UniqueConstraint("note_id", "stored_name"),
        CheckConstraint("(completion_id IS NULL) != (note_id IS NULL)", name="of_one"),
        CheckConstraint("(url IS NULL) != (stored_name IS NULL)", name="file_or_link"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    completion_id: Mapped[int | None] = mapped_column(ForeignKey("completion.id", ondelete="CASCADE"), index=True)
    note_id: Mapped[int | None] = mapped_column(ForeignKey("progress_note.id", ondelete="CASCADE"), index=True)
    original_name: Mapped[str] = mapped_column(String(300))
    stored_name: Mapped[str | None] = mapped_column(String(64), index=True)
    media_type: Mapped[str | None] = mapped_column(String(100))
    size: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    url: Mapped[str | None] = mapped_column(String(2000))

    completion: Mapped[Completion | None] = relationship(back_populates="evidence")
    note: Mapped["ProgressNote | None"] = relationship(back_populates="evidence")

    @property
    def is_photo(self) -> bool:
        return self.media_type is not None and self.media_type.startswith("image/")


class ProgressNote(Base):
    """A dated note on a task that is still under way."""

    __tablename__ = "progress_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), index=True)
    noted_on: Mapped[date]
    text: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))

    task: Mapped[Task] = relationship(back_populates="notes")
    evidence: Mapped[list[Evidence]] = relationship(
        back_populates="note", order_by="Evidence.id", cascade="all, delete-orphan"
    )
