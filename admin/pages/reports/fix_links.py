"""Where a suggestion is corrected: the page, for those who may change it, else the page that shows it."""

from collections.abc import Mapping

from flask import url_for

from admin.web.identity import viewer
from tracker.models import Measure, Plan
from tracker.proofreading.document import Place
from tracker.reports.data import RoundNumber


def fix_link(plan: Plan, number: RoundNumber, place: Place, measures: Mapping[int, Measure]) -> str:
    """The address of the page on which the text at a place is changed; ``measures`` by their numbers."""
    if place.task is not None:
        return url_for("tasks.show", task_id=place.task)
    measure = measures.get(place.measure or 0)
    coordinates = viewer().coordinator
    if measure is None:
        return url_for("settings.index_view") if coordinates else url_for("plan.index", year=plan.fiscal_year)
    if not coordinates:
        return url_for("plan.index", year=plan.fiscal_year, _anchor=f"measure-{measure.number}")
    if place.column in ("summary", "outcome"):
        anchor = f"{place.column}-{measure.id}"
        return url_for("report_text.index", fiscal_year=plan.fiscal_year, number=number, _anchor=anchor)
    steps = [step for step in measure.steps if not step.retired]
    on_step = place.column == "steps" and place.paragraph <= len(steps)
    anchor = f"step-{steps[place.paragraph - 1].id}" if on_step else "of-measure"
    return url_for("plan_edit.index", measure_id=measure.id, _anchor=anchor)
