"""The texts of a round's report that an address names, and how they are typed."""

from collections.abc import Iterable, Sequence

from admin.web.context import db, site
from admin.web.identity import agency
from tracker.errors import NotFoundError
from tracker.models import Measure, Plan
from tracker.reports.data import RoundNumber
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
        raise NotFoundError("There is no such text in this report.", "ไม่พบข้อความนี้ในรายงาน")
    return found[0]


def typed(paragraphs: Iterable[Paragraph]) -> str:
    """Paragraphs as people type them: one a line, its number before it."""
    return "\n".join(one.typed() for one in paragraphs)
