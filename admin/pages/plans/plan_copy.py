"""คัดลอกแผน: last year's plan into a new fiscal year with its periods moved, seen first, then created."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext

from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, now, site, today
from admin.web.formatting import fiscal_year, number
from admin.web.identity import actor, agency
from admin.web.may import COORDINATOR
from admin.web.years import years
from tracker.errors import NotFoundError
from tracker.models import Plan
from tracker.plan_draft import DraftMeasure, DraftPlan, Period
from tracker.plan_import.moving import moved_plan
from tracker.services.plans.copying import copy_plan
from tracker.services.plans.plans import read_back
from tracker.thai.calendar import fiscal_year_of

YEARS_AHEAD = 2


@dataclass(frozen=True)
class Cell:
    """A period before and after the move; ``step`` is the number of the step it belongs to, None for the measure."""

    step: int | None
    before: str
    after: str
    due: list[date]
    warnings: tuple[str, ...]


class PlanCopyPage(CoordinatorPage):
    """From one year's plan to the next one's, in two steps."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Copy a plan"), endpoint="plan_copy", url="/plan/copy")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        found = years()
        if found.shown is None:
            return self.render("web/no_plan.html", may_import=True)
        source = found.shown
        free = _free_years(found.plans, source)
        wanted = request.args.get("to", type=int)
        target = wanted if wanted in free else next(iter(free), None)
        if target is None:
            return self.render("plans/plan_copy.html", years=found, source=source, free=[], target=None)
        before = read_back(db(), source)
        after = moved_plan(before, target)
        return self.render(
            "plans/plan_copy.html",
            years=found,
            source=source,
            free=free,
            target=target,
            rows=list(zip(after.measures, _cells(before, after), strict=True)),
            warnings=after.warnings,
        )

    @expose("/", methods=["POST"], may=COORDINATOR)
    def create(self) -> ResponseReturnValue:
        source = next((p for p in years().plans if p.fiscal_year == request.form.get("from", type=int)), None)
        if source is None:
            raise NotFoundError("There is no plan of that year to copy.", "ไม่พบแผนของปีที่จะคัดลอก")
        target = request.form.get("to", 0, type=int)
        result = copy_plan(db(), agency(), source, target, tz=site().settings.zone, by=actor(), at=now())
        created = ngettext(
            "%(n)s task created", "%(n)s tasks created", result.tasks_created, n=number(result.tasks_created)
        )
        flash(
            gettext(
                "The plan of fiscal year %(year)s is there: %(created)s.", year=fiscal_year(target), created=created
            ),
            "success",
        )
        return redirect(url_for("plan.index", year=target))


def _free_years(plans: Sequence[Plan], source: Plan) -> list[int]:
    taken = {plan.fiscal_year for plan in plans}
    last = max(fiscal_year_of(today()), source.fiscal_year) + YEARS_AHEAD
    return [year for year in range(source.fiscal_year + 1, last + 1) if year not in taken]


def _cells(before: DraftPlan, after: DraftPlan) -> list[list[Cell]]:
    return [_of_measure(old, new) for old, new in zip(before.measures, after.measures, strict=True)]


def _of_measure(old: DraftMeasure, new: DraftMeasure) -> list[Cell]:
    pairs: list[tuple[int | None, Period | None, Period | None]] = [(None, old.period, new.period)]
    pairs += [
        (was.number or place, was.period, to.period)
        for place, (was, to) in enumerate(zip(old.steps, new.steps, strict=True), 1)
    ]
    return [
        Cell(step, was.text, to.text, [point.on for point in to.checkpoints], to.warnings)
        for step, was, to in pairs
        if was is not None and to is not None
    ]
