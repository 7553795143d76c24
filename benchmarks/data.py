"""The documents and databases that are measured: always the same ones."""

import shutil
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from html import escape
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from tracker.models import Agency
from tracker.plan_draft import DraftMeasure, DraftPlan
from tracker.plan_import import read_plan
from tracker.reports import render
from tracker.reports.data import AnnexEntry, ReportData, ReportMeasure
from tracker.sample.text import plan_document
from tracker.services.audit import Actor
from tracker.services.plans.plans import import_plan
from tracker.store import migrate
from tracker.store.db import Database
from tracker.thai.paragraphs import Paragraph

FISCAL_YEAR = 2566
AT = datetime(2023, 2, 15, 3, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Bangkok")
BY = Actor("benchmark", "cli")

HEADINGS = (
    "มาตรการ/แนวทาง",
    "ขั้นตอน/วิธีปฏิบัติ",
    "หน่วยงานผู้รับผิดชอบ",
    "ระยะเวลาดำเนินการ",
    "สรุปผลดำเนินการ",
    "ผลลัพธ์/ความสำเร็จ",
)

Rows = Mapping[str, Sequence[tuple[object, ...]]]


@cache
def seed() -> bytes:
    """The real report beside the checkout; where it is absent, the sample plan."""
    shared = Path(__file__).parents[2] / "shared" / "seeds"
    found = sorted(shared.glob("*.txt"))
    return found[0].read_bytes() if found else plan_document(FISCAL_YEAR)


@cache
def plan(copies: int = 1) -> DraftPlan:
    """The seed's plan with its measures so many times over, numbered through, every title its own."""
    draft = read_plan(seed(), "seed.txt", FISCAL_YEAR)
    measures = [
        replace(
            measure,
            number=copy * len(draft.measures) + measure.number,
            title=f"{measure.title} ชุดที่ {copy + 1}" if copy else measure.title,
        )
        for copy in range(copies)
        for measure in draft.measures
    ]
    return replace(draft, measures=tuple(measures), warnings=())


def as_text(draft: DraftPlan) -> bytes:
    """The plan in the seed's shape: tab-separated cells of paragraphs, the header again over every measure."""
    lines = [f"ประจำปีงบประมาณ {draft.fiscal_year}", draft.agency or "", ""]
    for measure in draft.measures:
        lines += ["\t".join(HEADINGS), "\t".join(_cells(measure))]
    return "\n".join(lines).encode()


def as_docx(draft: DraftPlan) -> bytes:
    """The plan as a Word document, one table with its header repeated on each page."""
    return render(report(draft), "docx")


def report(draft: DraftPlan) -> ReportData:
    """The plan as a finished report of twelve months."""
    measures = [
        ReportMeasure(
            number=one.number,
            title=one.title,
            details=one.details,
            steps=one.steps,
            responsible=one.responsible,
            period=one.period,
            done=len(one.steps),
            total=len(one.steps),
            summary=one.summary,
            outcome=one.outcome,
        )
        for one in draft.measures
    ]
    return ReportData(draft.agency or "", "", draft.fiscal_year, 12, AT, tuple(measures), draft=False)


def with_annex(rows: int) -> ReportData:
    """The seed's report with so many single reports in its annex, two days late at most."""
    start = date(2023, 1, 31)
    entries = (
        AnnexEntry(1, 1, (f"กองที่ {at // 12 + 1}",), start, start + timedelta(days=at % 3), "เผยแพร่คู่มือ")
        for at in range(rows)
    )
    return replace(report(plan()), annex=tuple(entries))


def store(database: Database, draft: DraftPlan, source: bytes = b"source") -> None:
    """Imports the plan for the database's first agency."""
    with database.writing() as session:
        agency = session.get_one(Agency, 1)
        import_plan(session, agency, draft, source, "plan.txt", tz=ZONE, by=BY, at=AT)


class Copies:
    """A SQLite database that can be put back to what it was: every measured run begins on the same rows."""

    def __init__(self, folder: Path, *, agency: bool = True) -> None:
        self.path = folder / "tracker.sqlite3"
        self._kept = folder / "kept.sqlite3"
        self.database = Database(f"sqlite:///{self.path}")
        migrate.upgrade(self.database)
        if agency:
            with self.database.writing() as session:
                session.add(Agency(id=1, name="หน่วยงานที่วัด"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.dispose()

    def keep(self) -> None:
        """What ``again`` goes back to."""
        self._close()
        shutil.copy(self.path, self._kept)

    def again(self) -> None:
        """Puts the rows back."""
        self._close()
        shutil.copy(self._kept, self.path)

    def rows(self, *tables: str) -> Rows:
        """The tables' rows as the driver gives them; of every table with rows where none is named."""
        with closing(sqlite3.connect(self.path)) as connection:
            chosen = tables or self._content_tables(connection)
            return {table: connection.execute(f'SELECT * FROM "{table}"').fetchall() for table in chosen}  # noqa: S608

    def insert(self, rows: Rows) -> None:
        """The floor of writing: one bulk INSERT a table through the bare driver, in one transaction."""
        connection = raw(self.path)
        connection.execute("BEGIN IMMEDIATE")
        insert(connection, rows)
        connection.execute("COMMIT")
        connection.close()

    def remove(self) -> None:
        """Frees the disk."""
        self.database.dispose()
        self.path.unlink()
        self._kept.unlink()

    def _content_tables(self, connection: sqlite3.Connection) -> Iterable[str]:
        """Parents before children, as the migration made them; not the agency, which is there."""
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")
        return [name for (name,) in tables if not name.startswith(("sqlite_", "alembic_")) and name != "agency"]

    def _close(self) -> None:
        """Folds the write-ahead log into the file."""
        self.database.dispose()
        with closing(sqlite3.connect(self.path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def raw(path: Path) -> sqlite3.Connection:
    """The bare driver, set up as the tracker sets it up."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def insert(connection: sqlite3.Connection, rows: Rows) -> None:
    """One bulk INSERT a table."""
    for table, values in rows.items():
        if values:
            marks = ",".join("?" * len(values[0]))
            connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', values)  # noqa: S608


def _cells(measure: DraftMeasure) -> list[str]:
    own_steps = [Paragraph(step.number, step.text) for step in measure.steps]
    return [
        _paragraphs([Paragraph(measure.number, measure.title), *measure.details]),
        _paragraphs(own_steps),
        _paragraphs([Paragraph(None, measure.responsible.text)]),
        _paragraphs([Paragraph(None, measure.period.text)]),
        _paragraphs(measure.summary),
        _paragraphs(measure.outcome),
    ]


def _paragraphs(paragraphs: Iterable[Paragraph]) -> str:
    marked = ((f"{one.number}. " if one.number else "") + one.text.replace("\n", " ") for one in paragraphs)
    return " ".join(f"<p>{escape(text, quote=False)}</p>" for text in marked)
