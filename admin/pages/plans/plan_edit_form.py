"""The one form of a measure's editor: its cells as they stand, as they were typed, and who wrote them meanwhile.

Each cell carries a stamp of what it was shown with. A cell that nobody typed into is left alone, whoever changed it
since; one that two people changed waits for the second to put both texts together.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tracker.models import Event, Measure, Step
from tracker.plan_draft import Mode, Period
from tracker.plan_import.period import parse_period
from tracker.reports.rollup import to_paragraphs
from tracker.services.tasks.generate import UnitBook
from tracker.thai.merging import merge_texts
from tracker.thai.paragraphs import Paragraph
from tracker.thai.text import fix_text, squeeze_spaces

Row = Measure | Step
What = Literal["text", "details", "period", "parties"]
Sent = MultiDict[str, str]
CHOICES = ("append", "replace", "discard")
_LATEST_EDITS = 200
"""Edits among which the one is looked for that somebody's text is held against."""


@dataclass(frozen=True)
class Cell:
    """A cell of the form: its name there, whose it is, what of it, and its text as it stands.

    The text of ``parties`` is the numbers of the units and the way they share: ``3,7 each``.
    """

    name: str
    row: Row
    what: What
    stands: str

    @property
    def stamp(self) -> str:
        return hashlib.sha256(self.stands.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Shown:
    """A cell as the page shows it: what to type on, and what stands against it.

    ``rival`` is somebody else's text of the meantime, ``by`` and ``at`` whose and when; ``error`` says why the typed
    text cannot be saved.
    """

    cell: Cell
    typed: str
    was: str
    error: str = ""
    rival: str | None = None
    by: str = ""
    at: datetime | None = None
    read: Period | None = None

    @property
    def units(self) -> set[int]:
        return units_in(self.typed)

    @property
    def mode(self) -> Mode:
        return mode_in(self.typed)


def cells_of(session: Session, measure: Measure) -> list[Cell]:
    """Every cell of the measure and its steps, in the order of the page. One reading of the units."""
    book = UnitBook(session, measure.agency_id)

    def parties(row: Row) -> str:
        ids = sorted({unit.id for unit in map(book.named, row.parties or ()) if unit})
        return said_parties(ids, "jointly" if row.mode == "jointly" else "each")

    cells = [
        Cell("title", measure, "text", _plain(measure.title, "text")),
        Cell("details", measure, "details", _plain("\n".join(_line(one) for one in measure.details), "details")),
        Cell("period", measure, "period", _plain(measure.period.text, "period")),
        Cell("parties", measure, "parties", parties(measure)),
    ]
    for step in measure.steps:
        if not step.retired:
            own = step.own_period.text if step.own_period else ""
            cells += [
                Cell(f"step-{step.id}-text", step, "text", _plain(step.text, "text")),
                Cell(f"step-{step.id}-period", step, "period", _plain(own, "period")),
                Cell(f"step-{step.id}-parties", step, "parties", parties(step)),
            ]
    return cells


def typed_into(cell: Cell, sent: Sent) -> str | None:
    """What was typed into the cell, or chosen in it; None where it was left as it was shown, or is not in the form."""
    was = sent.get(f"was-{cell.name}")
    if was is None:
        return None
    if cell.what == "parties":
        mode: Mode = "jointly" if sent.get(f"{cell.name}-mode") == "jointly" else "each"
        typed = said_parties(sorted(sent.getlist(f"{cell.name}-unit", type=int)), mode)
    else:
        typed = _plain(sent.get(cell.name, ""), cell.what)
    return None if hashlib.sha256(typed.encode()).hexdigest()[:16] == was else typed


def to_save(cell: Cell, sent: Sent) -> str | None:
    """What the cell is to say now: None where nothing was typed, or somebody else's text stands against it."""
    typed = typed_into(cell, sent)
    if typed is None or typed == cell.stands:
        return None
    if not is_disputed(cell, sent):
        return typed
    choice = sent.get(f"choice-{cell.name}")
    if choice not in CHOICES or sent.get(f"seen-{cell.name}") != cell.stamp:
        return None
    return {"append": together(cell, typed), "replace": typed}.get(str(choice))


def is_disputed(cell: Cell, sent: Sent) -> bool:
    """Whether somebody saved another text since the form was shown, and this one differs from both."""
    typed = typed_into(cell, sent)
    return typed is not None and typed != cell.stands and sent.get(f"was-{cell.name}") != cell.stamp


def is_settled(cell: Cell, sent: Sent) -> bool:
    """Whether the person said what is to become of the two texts, having seen the other one as it stands."""
    seen = sent.get(f"seen-{cell.name}") == cell.stamp
    return seen and sent.get(f"choice-{cell.name}") in CHOICES


def together(cell: Cell, typed: str) -> str:
    """Both texts in one: the lines or words of the one that stands, then those of the other; the units of both."""
    if cell.what == "parties":
        return said_parties(sorted(units_in(cell.stands) | units_in(typed)), mode_in(typed))
    if cell.what == "details":
        merged = merge_texts(to_paragraphs(cell.stands), to_paragraphs(typed)).paragraphs
        return "\n".join(one.typed(thai_digits=False) for one in merged)
    return f"{cell.stands} {typed}".strip()


def shown_cells(session: Session, measure: Measure, cells: Sequence[Cell], sent: Sent | None) -> dict[str, Shown]:
    """The cells as the page shows them, with what was ``sent`` and is not saved."""
    if sent is None:
        return {cell.name: Shown(cell, cell.stands, cell.stamp) for cell in cells}
    edits = list(_edits(session, measure))
    return {cell.name: _shown(cell, sent, measure, edits) for cell in cells}


def _shown(cell: Cell, sent: Sent, measure: Measure, edits: Sequence[Event]) -> Shown:
    typed = typed_into(cell, sent)
    if typed is None:
        return Shown(cell, cell.stands, cell.stamp)
    read = parse_period(typed, measure.plan.fiscal_year) if cell.what == "period" and typed else None
    error, was = sent.get(f"error-{cell.name}", ""), sent[f"was-{cell.name}"]
    if not is_disputed(cell, sent):
        return Shown(cell, typed, was, error, read=read)
    latest = next((one for one in edits if _is_about(one, cell)), None)
    by, at = (latest.actor, latest.at) if latest else ("", None)
    return Shown(cell, typed, was, error, cell.stands, by, at, read)


def _edits(session: Session, measure: Measure) -> Iterator[Event]:
    events = session.scalars(
        select(Event)
        .where(Event.agency_id == measure.agency_id, Event.kind.in_(("plan_edited", "plan_amended")))
        .order_by(Event.sequence.desc())
        .limit(_LATEST_EDITS)
    )
    for event in events:
        if event.details.get("fiscal_year") == measure.plan.fiscal_year:
            yield event


def _is_about(event: Event, cell: Cell) -> bool:
    if event.kind == "plan_amended":
        return True
    details = event.details
    measure = cell.row if isinstance(cell.row, Measure) else cell.row.measure
    step = (cell.row.number or cell.row.position) if isinstance(cell.row, Step) else None
    what = "text" if cell.what == "details" else cell.what
    return (details.get("measure"), details.get("step"), details.get("what")) == (measure.number, step, what)


def said_parties(ids: Sequence[int], mode: Mode) -> str:
    """The units and how they share; nothing where there are none, whose mode is another row's."""
    return f"{','.join(map(str, ids))} {mode}" if ids else ""


def units_in(parties: str) -> set[int]:
    return {int(text) for text in parties.partition(" ")[0].split(",") if text.isdecimal()}


def mode_in(parties: str) -> Mode:
    return "jointly" if parties.endswith("jointly") else "each"


def _plain(text: str, what: What) -> str:
    """The text as it is compared: on one line but for paragraphs, without blanks that nobody sees."""
    if what != "details":
        return squeeze_spaces(fix_text(text))
    return "\n".join(line.rstrip() for line in fix_text(text).splitlines()).strip()


def _line(paragraph: dict[str, object]) -> str:
    return Paragraph.from_json(paragraph).typed(thai_digits=False)
