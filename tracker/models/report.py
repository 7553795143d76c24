"""A round and what its report was at a moment: closed versions and their files."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.kinds import FileState, RoundState, SignedHow
from tracker.models.agency import one_of
from tracker.models.plan import Plan
from tracker.store.db import Base, EnumText
from tracker.thai.calendar import RoundMonths

_IS_SHOWN = text("edition IS NOT NULL AND withdrawn_at IS NULL")
_IS_ASKED = text("state = 'asked'")
_IS_OF_DRAFT = text("version_id IS NULL")


class Round(Base):
    """The report of the first six or of all twelve months: open, drafted, or closed as its latest version."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("plan_id", "number"), one_of("state", RoundState))

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    number: Mapped[RoundMonths] = mapped_column(Integer)
    state: Mapped[RoundState] = mapped_column(EnumText(RoundState, 8), default=RoundState.OPEN)
    #: whether the report has its progress pages
    progress_pages: Mapped[bool] = mapped_column(default=True, server_default=true())
    #: whether its published text names the units that have not reported
    names: Mapped[bool] = mapped_column(default=False, server_default=false())
    drafted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    plan: Mapped[Plan] = relationship()
    versions: Mapped[list["ReportVersion"]] = relationship(back_populates="round", order_by="ReportVersion.number")


class ReportVersion(Base):
    """A round as it was closed: a frozen snapshot, then its signatures and its publication; never changed or removed.

    ``number`` counts the closings of the round and what came back after a withdrawal, ``edition`` its publications.
    ``names``: the text names who has not reported. ``reopened_why`` is why the round was opened again after it.
    """

    __tablename__ = "report_version"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        Index("ix_report_version_shown", "agency_id", sqlite_where=_IS_SHOWN, postgresql_where=_IS_SHOWN),
        Index("ix_report_version_sha256", "sha256"),
        Index("ix_report_version_scan_sha256", "scan_sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    number: Mapped[int]
    snapshot: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
    names: Mapped[bool] = mapped_column(default=False, server_default=false())
    closed_at: Mapped[datetime]
    closed_by: Mapped[str] = mapped_column(String(320), default="", server_default="")
    #: the head of the agency's record as the round was closed; None on versions from before it was kept
    record_sequence: Mapped[int | None]
    record_hash: Mapped[str | None] = mapped_column(String(64))
    submitted_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]
    reopened_why: Mapped[str | None] = mapped_column(Text)

    signed_on: Mapped[date | None]
    #: "approved" by those who signed, in the product, or on "paper" as the coordinator recorded it
    signed_how: Mapped[SignedHow | None] = mapped_column(EnumText(SignedHow, 8))
    #: who signed: ``{"name", "position"}`` each
    signatures: Mapped[list[Any] | None]
    scan_stored: Mapped[str | None] = mapped_column(String(64), unique=True)
    scan_name: Mapped[str | None] = mapped_column(String(300))
    scan_type: Mapped[str | None] = mapped_column(String(100))
    scan_size: Mapped[int | None]
    scan_sha256: Mapped[str | None] = mapped_column(String(64))

    edition: Mapped[int | None]
    published_at: Mapped[datetime | None]
    #: what of people and evidence the published form shows, as the agency chose when it was published
    public_signers: Mapped[bool] = mapped_column(default=True, server_default=true())
    public_evidence: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: keys of the pieces of evidence that are left out although evidence is shown
    public_hidden: Mapped[list[Any] | None]
    public_scan: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: what an edition changed against the one before it, and why
    changes: Mapped[list[Any] | None]
    why: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_why: Mapped[str | None] = mapped_column(Text)

    round: Mapped[Round] = relationship(back_populates="versions")
    files: Mapped[list["ReportFile"]] = relationship(back_populates="version", order_by="ReportFile.id")

    def __str__(self) -> str:
        return str(self.number)


class ReportFile(Base):
    """One format of a report as bytes on disk: of a closed version, kept for good, or of a draft, for a day.

    ``content`` tells what was written into it: the hash of a version's content, or how far the agency's record of
    changes had come. ``public``: in its published form. The row is asked for first and made by whoever comes to it.
    """

    __tablename__ = "report_file"
    __table_args__ = (
        UniqueConstraint("version_id", "public", "format"),
        Index("ix_report_file_plan_id_number", "plan_id", "number"),
        Index("ix_report_file_sha256", "sha256"),
        Index("ix_report_file_asked_at", "asked_at", sqlite_where=_IS_ASKED, postgresql_where=_IS_ASKED),
        Index("ix_report_file_of_draft", "asked_at", sqlite_where=_IS_OF_DRAFT, postgresql_where=_IS_OF_DRAFT),
        one_of("state", FileState),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    number: Mapped[int]
    version_id: Mapped[int | None] = mapped_column(ForeignKey("report_version.id", ondelete="CASCADE"))
    public: Mapped[bool] = mapped_column(default=False)
    format: Mapped[str] = mapped_column(String(8))
    content: Mapped[str] = mapped_column(String(64))
    state: Mapped[FileState] = mapped_column(EnumText(FileState, 8), default=FileState.ASKED)
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    stored_name: Mapped[str | None] = mapped_column(String(64))
    sha256: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None]
    problem: Mapped[str | None] = mapped_column(String(300))

    version: Mapped[ReportVersion | None] = relationship(back_populates="files")


class ReportTemplate(Base):
    """The agency's own Word template: its reports are set in it."""

    __tablename__ = "report_template"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), primary_key=True)
    original_name: Mapped[str] = mapped_column(String(300))
    stored_name: Mapped[str] = mapped_column(String(64), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    kept_at: Mapped[datetime]
    kept_by: Mapped[str] = mapped_column(String(320))
