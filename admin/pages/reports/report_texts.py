"""The texts of a round's report that an address names, and how they are typed."""

from collections.abc import Iterable, Sequence

from admin.web.context import db, site
from admin.web.identity import agency
from tracker.errors import NotFoundError
from tracker.models import Measure, Plan
from tracker.proofreading import Document, Suggestion, proofread
from tracker.reports.data import RoundNumber
from tracker.services.assessment import proofreading
from tracker.services.reports import column_texts as texts
from tracker.services.reports.compose import measures_of
from tracker.thai.paragraphs import Paragraph


def views_of(plan: Plan, number: RoundNumber, measures: Sequence[Measure]) -> list[texts.ColumnView]:
    """Both columns of the measures."""
    return texts.column_views(db(), plan, measures, number, site().settings.zone, agency().thai_digits)


def view_of(plan: Plan, number: RoundNumber, measure_id: int, column: str) -> texts.ColumnView:
    """One column of one measure; NotFoundError where the plan has none such."""
    measures = [measure for measure in measures_of(db(), plan) if measure.id == measure_id]
    found = [view for view in views_of(plan, number, measures) if view.column == column]
    if not found:
        raise no_such_text()
    return found[0]


def no_such_text() -> NotFoundError:
    return NotFoundError("There is no such text in this report.", "ไม่พบข้อความนี้ในรายงาน")


def names_left_alone() -> tuple[str, ...]:
    """What the proof-reader takes for no misspelling in the agency."""
    words = proofreading.known_words(db(), agency().id)
    return proofreading.names_of(db(), agency(), words)


def remarks_of(document: Document, views: Iterable[texts.ColumnView]) -> dict[str, list[Suggestion]]:
    """What else the proof-reader says of each cell, by its name: all but its spelling."""
    cells: dict[tuple[int | None, str], str] = {(view.measure.number, view.column): view.name for view in views}
    found: dict[str, list[Suggestion]] = {}
    for one in proofread(document):
        if one.kind != "spelling" and (name := cells.get((one.place.measure, one.place.column))):
            found.setdefault(name, []).append(one)
    return found


def typed(paragraphs: Iterable[Paragraph]) -> str:
    """Paragraphs as people type them: one a line, its number before it."""
    return "\n".join(one.typed() for one in paragraphs)
