"""What goes with the assessment: the agency's rules, words, memo fields and the money of its measures."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from tracker.ita.pack import AgencyClass
from tracker.store.db import Base


class KnownWord(Base):
    """A word that the proof-reader shall never call misspelt in this agency."""

    __tablename__ = "known_word"
    __table_args__ = (UniqueConstraint("agency_id", "word"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))
    word: Mapped[str] = mapped_column(String(100))
    added_by: Mapped[str] = mapped_column(String(300), default="")
    added_at: Mapped[datetime]


class Assessment(Base):
    """How an agency is assessed: its class, and the day on which the answers close, shown where it wants."""

    __tablename__ = "assessment"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), primary_key=True)
    agency_class: Mapped[AgencyClass] = mapped_column(String(16), default="local")
    closes_on: Mapped[date | None]
    #: the overview counts the days down to ``closes_on``
    countdown: Mapped[bool] = mapped_column(default=False, server_default=false())


class RuleChanges(Base):
    """What an agency changed in the rule pack of a fiscal year; the shipped pack itself never changes.

    ``changes`` holds item numbers, wordings, rules turned off and rules of its own; ``base_version`` is the version of
    the shipped pack that they were made over.
    """

    __tablename__ = "rule_changes"
    __table_args__ = (UniqueConstraint("agency_id", "fiscal_year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))
    fiscal_year: Mapped[int]
    base_version: Mapped[str] = mapped_column(String(64))
    changes: Mapped[dict[str, Any]]
    edited_by: Mapped[str] = mapped_column(String(300), default="")
    edited_at: Mapped[datetime]


class RuleAnswer(Base):
    """A person's word that a rule which no record can answer is fulfilled, with where that is seen."""

    __tablename__ = "rule_answer"
    __table_args__ = (UniqueConstraint("agency_id", "fiscal_year", "rule"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))
    fiscal_year: Mapped[int]
    rule: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str] = mapped_column(String(300), default="")
    answered_at: Mapped[datetime]


class MemoFields(Base):
    """What the coordinator wrote into the last memo, to begin the next one with."""

    __tablename__ = "memo_fields"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), primary_key=True)
    office: Mapped[str] = mapped_column(String(300), default="")
    number: Mapped[str] = mapped_column(String(100), default="")
    executive: Mapped[str] = mapped_column(String(300), default="")
    signer_name: Mapped[str] = mapped_column(String(300), default="")
    signer_position: Mapped[str] = mapped_column(String(300), default="")


class MeasureBudget(Base):
    """The money of a measure as the national form asks for it, in satang; None where nobody entered it.

    ``dimension`` is the form's มิติ 1 to 4; ``work`` its ประเภทงาน: project, activity, measure or practice.
    """

    __tablename__ = "measure_budget"

    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    work: Mapped[str] = mapped_column(String(16), default="measure")
    dimension: Mapped[int | None]
    in_ordinance: Mapped[bool] = mapped_column(default=False, server_default=false())
    planned: Mapped[int | None] = mapped_column(BigInteger)
    ordinance: Mapped[int | None] = mapped_column(BigInteger)
    disbursed_6: Mapped[int | None] = mapped_column(BigInteger)
    disbursed_12: Mapped[int | None] = mapped_column(BigInteger)
    remarks_6: Mapped[str] = mapped_column(Text, default="")
    remarks_12: Mapped[str] = mapped_column(Text, default="")
