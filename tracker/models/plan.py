"""The plan: measures, steps, periods, and the texts of the last two columns."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, get_args

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.kinds import Cadence, TextSource
from tracker.models.agency import Agency, one_of
from tracker.plan_draft import DraftStep, Mode, Responsible
from tracker.plan_draft import Period as ReadPeriod
from tracker.schedule import Checkpoint
from tracker.store.db import Base, EnumText


def _cadences(kept: Iterable[str]) -> tuple[Cadence, ...]:
    return tuple(Cadence(one) for one in kept)


class Plan(Base):
    """An agency's measures of one fiscal year (Buddhist Era)."""

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("agency_id", "fiscal_year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    fiscal_year: Mapped[int]
    #: SHA-256 of the document last imported
    source_sha256: Mapped[str | None] = mapped_column(String(64))
    source_name: Mapped[str | None] = mapped_column(String(300))
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    imported_at: Mapped[datetime | None]
    #: what takes the last import back (services/plans/undo_info.py); None where it cannot be
    undo: Mapped[dict[str, Any] | None]

    agency: Mapped[Agency] = relationship()
    measures: Mapped[list["Measure"]] = relationship(
        back_populates="plan", order_by="Measure.position", cascade="all, delete-orphan"
    )

    def __str__(self) -> str:
        return str(self.fiscal_year)


class Period(Base):
    """A period cell: its text verbatim, and what was read in it."""

    __tablename__ = "period"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    fiscal_year: Mapped[int]
    start: Mapped[date | None]
    end: Mapped[date | None]
    cadences: Mapped[list[Any]] = mapped_column(default=list)
    checkpoints: Mapped[list[Any]] = mapped_column(default=list)
    warnings: Mapped[list[Any]] = mapped_column(default=list)

    def read(self) -> ReadPeriod:
        """The period as the parser gave it."""
        return ReadPeriod(
            text=self.text,
            fiscal_year=self.fiscal_year,
            start=self.start,
            end=self.end,
            cadences=_cadences(self.cadences),
            checkpoints=tuple(
                Checkpoint(date.fromisoformat(c["on"]), _cadences(c["cadences"])) for c in self.checkpoints
            ),
            warnings=tuple(self.warnings),
        )

    def take(self, period: ReadPeriod) -> None:
        """Holds what the parser read."""
        self.text = period.text
        self.fiscal_year = period.fiscal_year
        self.start, self.end = period.start, period.end
        self.cadences = list(period.cadences)
        self.checkpoints = [checkpoint.as_json() for checkpoint in period.checkpoints]
        self.warnings = list(period.warnings)

    def __str__(self) -> str:
        return self.text


class Measure(Base):
    """One row of the table, numbered as in the document.

    ``retired`` marks a row that was taken out by hand, or that a corrected document dropped although work was recorded
    for it.
    """

    __tablename__ = "measure"
    __table_args__ = (Index("ix_measure_plan_id_position", "plan_id", "position"), one_of("mode", get_args(Mode)))

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    position: Mapped[int]
    number: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    details: Mapped[list[Any]] = mapped_column(default=list)
    responsible_text: Mapped[str] = mapped_column(Text)
    parties: Mapped[list[Any]] = mapped_column(default=list)
    mode: Mapped[Mode] = mapped_column(String(8))
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    retired: Mapped[bool] = mapped_column(default=False)

    plan: Mapped[Plan] = relationship(back_populates="measures")
    period: Mapped[Period] = relationship(lazy="joined")
    steps: Mapped[list["Step"]] = relationship(
        back_populates="measure", order_by="Step.position", cascade="all, delete-orphan"
    )
    texts: Mapped[list["ColumnText"]] = relationship(back_populates="measure", cascade="all, delete-orphan")
    text_versions: Mapped[list["TextVersion"]] = relationship(
        back_populates="measure", order_by="TextVersion.id", cascade="all, delete-orphan"
    )

    @property
    def responsible(self) -> Responsible:
        mode: Mode = "each" if self.mode == "each" else "jointly"
        return Responsible(self.responsible_text, mode, tuple(self.parties))

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Step(Base):
    """One step of a measure. Party and period are its own only where its row differs from the measure's."""

    __tablename__ = "step"
    __table_args__ = (Index("ix_step_measure_id_position", "measure_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"))
    position: Mapped[int]
    number: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text)
    #: what the coordinator calls it in messages; None: its first words
    short_name: Mapped[str | None] = mapped_column(String(80))
    responsible_text: Mapped[str | None] = mapped_column(Text)
    parties: Mapped[list[Any] | None]
    mode: Mapped[Mode | None] = mapped_column(String(8))
    period_id: Mapped[int | None] = mapped_column(ForeignKey("period.id"))
    retired: Mapped[bool] = mapped_column(default=False)

    measure: Mapped[Measure] = relationship(back_populates="steps")
    own_period: Mapped[Period | None] = relationship(lazy="joined")

    @property
    def own_responsible(self) -> Responsible | None:
        if self.responsible_text is None:
            return None
        mode: Mode = "each" if self.mode == "each" else "jointly"
        return Responsible(self.responsible_text, mode, tuple(self.parties or ()))

    @property
    def responsible(self) -> Responsible:
        """The step's own party cell, or its measure's."""
        return self.own_responsible or self.measure.responsible

    @property
    def period(self) -> Period:
        """The step's own period, or its measure's."""
        return self.own_period or self.measure.period

    def draft(self) -> DraftStep:
        """The step as the import gave it."""
        own_period = self.own_period.read() if self.own_period else None
        return DraftStep(self.number, self.text, self.own_responsible, own_period)

    def __str__(self) -> str:
        return f"{self.number or self.position}. {self.text}"


class ColumnText(Base):
    """The coordinator's (or an imported) text of a column of a measure in a round, kept beside what the tasks say.

    An imported one belongs to the round that its document is of; the coordinator's stands over it. ``basis`` is the
    hash of the facts that lay under the text when it was written, ``facts`` are they: when they change, the
    difference is shown and neither is overwritten.
    """

    __tablename__ = "column_text"
    __table_args__ = (
        UniqueConstraint("measure_id", "field", "round", "source"),
        one_of("field", ("summary", "outcome")),
        one_of("source", (TextSource.IMPORTED, TextSource.COORDINATOR)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"))
    field: Mapped[str] = mapped_column(String(8))
    round: Mapped[int]
    source: Mapped[TextSource] = mapped_column(EnumText(TextSource, 16))
    paragraphs: Mapped[list[Any]] = mapped_column(default=list)
    basis: Mapped[str | None] = mapped_column(String(64))
    #: ``{"key", "task", "step", "kind", "text"}``, ``"left"`` where it was not wanted; None of an older release
    facts: Mapped[list[Any] | None]
    #: ``{"key", "quote", "why", "by", "at"}`` of sentences that stay although they say more than was ticked
    claims_kept: Mapped[list[Any] | None]
    edited_by: Mapped[str] = mapped_column(String(300), default="")
    edited_at: Mapped[datetime]

    measure: Mapped[Measure] = relationship(back_populates="texts")


class TextVersion(Base):
    """A text of a column as somebody left it.

    ``task_ids`` are the tasks that lay under it. ``source`` says where it came from: a document, the coordinator,
    the tasks, the style rules, or an older version (``restored``, numbered in ``from_number``).
    """

    __tablename__ = "text_version"
    __table_args__ = (
        UniqueConstraint("measure_id", "field", "round", "source", "number"),
        one_of("source", TextSource),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"))
    field: Mapped[str] = mapped_column(String(8))
    round: Mapped[int]
    number: Mapped[int]
    source: Mapped[TextSource] = mapped_column(EnumText(TextSource, 16))
    from_number: Mapped[int | None]
    paragraphs: Mapped[list[Any]] = mapped_column(default=list)
    task_ids: Mapped[list[Any]] = mapped_column(default=list)
    basis: Mapped[str | None] = mapped_column(String(64))
    edited_by: Mapped[str] = mapped_column(String(320))
    edited_at: Mapped[datetime]

    measure: Mapped[Measure] = relationship(back_populates="text_versions")
