"""แผน: the year's plan as a table, with progress per measure, step and unit."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from admin.pages.overview.overview_data import Counts, counts_by, light
from admin.web.base_view import Page, expose
from admin.web.context import db, today
from admin.web.identity import viewer
from admin.web.years import years
from tracker.models import Measure, Plan, Step, Task, TaskUnit, Unit
from tracker.services.plans.plan_rows import kept_aside
from tracker.services.plans.undoing import is_undoable


@dataclass(frozen=True)
class StepRow:
    step: Step
    counts: Counts
    units: Sequence[tuple[Unit, Counts]]


@dataclass(frozen=True)
class MeasureBlock:
    measure: Measure
    counts: Counts
    light: str
    steps: Sequence[StepRow]


class PlanPage(Page):
    """Every member may read the plan: it is published."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Plan"), endpoint="plan", url="/plan")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        found = years()
        if found.shown is None:
            return self.render("web/no_plan.html", may_import=viewer().coordinator)
        coordinates = viewer().coordinator
        return self.render(
            "plans/plan.html",
            years=found,
            plan=found.shown,
            blocks=_blocks(found.shown),
            aside=kept_aside(db(), found.shown) if coordinates else [],
            may_undo=coordinates and is_undoable(db(), found.shown),
        )


def _blocks(plan: Plan) -> list[MeasureBlock]:
    """Five queries, whatever the number of measures, units and tasks."""
    by_step = counts_by(db(), plan, today(), Task.step_id)
    by_unit = _by_unit(plan)
    measures = db().scalars(
        select(Measure)
        .where(Measure.plan_id == plan.id, ~Measure.retired)
        .options(selectinload(Measure.steps))
        .order_by(Measure.position)
    )
    blocks = []
    for measure in measures:
        steps = [
            StepRow(step, by_step.get(step.id, Counts()), by_unit[step.id])
            for step in measure.steps
            if not step.retired
        ]
        counts = sum((row.counts for row in steps), Counts())
        shown = light(counts, plan.fiscal_year, today())
        blocks.append(MeasureBlock(measure, counts, shown, steps))
    return blocks


def _by_unit(plan: Plan) -> dict[int, list[tuple[Unit, Counts]]]:
    counts = counts_by(db(), plan, today(), Task.step_id, TaskUnit.unit_id)
    units = db().scalars(select(Unit).where(Unit.agency_id == plan.agency_id).order_by(Unit.position, Unit.id))
    order = {unit.id: (place, unit) for place, unit in enumerate(units)}
    found: dict[int, list[tuple[Unit, Counts]]] = defaultdict(list)
    for (step_id, unit_id), of_unit in sorted(counts.items(), key=lambda item: order[item[0][1]][0]):
        found[step_id].append((order[unit_id][1], of_unit))
    return found
