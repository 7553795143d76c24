"""แก้ไขแผน: one measure on a page, with its steps: words, period, parties, order, due days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, now, today
from admin.web.formatting import number
from admin.web.identity import actor, viewer
from admin.web.may import COORDINATOR
from admin.web.units import units_of
from tracker.errors import NotFoundError
from tracker.kinds import OPEN_STATES
from tracker.models import Measure, Plan, Step, Task
from tracker.plan_draft import Mode, Period
from tracker.plan_import.period import parse_period
from tracker.services.access import plans_of
from tracker.services.plans import plan_edit, plan_rows
from tracker.services.tasks.generate import UnitBook
from tracker.thai.days import read_day
from tracker.thai.paragraphs import Paragraph

Row = Measure | Step


@dataclass(frozen=True)
class DueDay:
    """A due day of a step and how many open tasks stand on it."""

    on: date | None
    tasks: int


@dataclass(frozen=True)
class Reading:
    """A period as it was typed and read, not saved yet; ``row_id`` names its form."""

    row_id: str
    period: Period


class PlanEditPage(CoordinatorPage):
    """The editor of one measure; every change is an event and keeps what was recorded."""

    def __init__(self) -> None:
        super().__init__(
            name=lazy_gettext("Edit the plan"), endpoint="plan_edit", url="/plan/measures/<int:measure_id>"
        )

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self, measure_id: int) -> ResponseReturnValue:
        measure = _measure(measure_id)
        return self.render(
            "plans/plan_edit.html",
            measure=measure,
            steps=[step for step in measure.steps if not step.retired],
            units=units_of(measure.agency_id, groups=True),
            chosen=_chosen(measure),
            due=_due_days(measure),
            reading=_reading(measure),
            details="\n".join(_line(one) for one in measure.details),
        )

    @expose("/text", methods=["POST"], may=COORDINATOR)
    def text(self, measure_id: int) -> ResponseReturnValue:
        row, typed = _row(measure_id), request.form.get("text", "")
        if isinstance(row, Step):
            plan_edit.edit_step(db(), row, typed, by=actor(), at=now())
        else:
            details = request.form.get("details", "")
            plan_edit.edit_measure(db(), row, title=typed, details=details, by=actor(), at=now())
        return _back(row, gettext("The text was saved."))

    @expose("/period", methods=["POST"], may=COORDINATOR)
    def period(self, measure_id: int) -> ResponseReturnValue:
        row = _row(measure_id)
        plan_edit.set_period(db(), row, request.form.get("period", ""), by=actor(), at=now())
        return _back(row, gettext("The period was saved, its tasks follow."))

    @expose("/parties", methods=["POST"], may=COORDINATOR)
    def parties(self, measure_id: int) -> ResponseReturnValue:
        row = _row(measure_id)
        mode: Mode = "jointly" if request.form.get("mode") == "jointly" else "each"
        wanted = set(request.form.getlist("unit", type=int))
        units = [unit for unit in units_of(_of(row).agency_id, groups=True) if unit.id in wanted]
        plan_edit.set_parties(db(), row, units, mode, by=actor(), at=now())
        return _back(row, gettext("The responsible units were saved; what was done stays."))

    @expose("/order", methods=["POST"], may=COORDINATOR)
    def order(self, measure_id: int) -> ResponseReturnValue:
        row = _row(measure_id)
        direction: plan_edit.Direction = "down" if request.form.get("to") == "down" else "up"
        plan_edit.reorder(db(), row, direction, by=actor(), at=now())
        return _back(row, gettext("The order was changed."))

    @expose("/due", methods=["POST"], may=COORDINATOR)
    def due(self, measure_id: int) -> ResponseReturnValue:
        row = _row(measure_id)
        if not isinstance(row, Step):
            raise NotFoundError("Choose a step.", "กรุณาเลือกขั้นตอน")
        before, to = request.form.get("from", ""), read_day(request.form.get("to", ""), today())
        on = read_day(before, today()) if before else None
        moved = plan_edit.move_checkpoint(db(), row, on, to, by=actor(), at=now())
        return _back(row, ngettext("%(n)s task moved.", "%(n)s tasks moved.", moved, n=number(moved)))

    @expose("/step", methods=["POST"], may=COORDINATOR)
    def add_step(self, measure_id: int) -> ResponseReturnValue:
        step = plan_rows.add_step(db(), _measure(measure_id), request.form.get("text", ""), by=actor(), at=now())
        return _back(step, gettext("The step was added, with its tasks."))

    @expose("/take-out", methods=["POST"], may=COORDINATOR)
    def take_out(self, measure_id: int) -> ResponseReturnValue:
        row = _row(measure_id)
        measure = _of(row)
        year = measure.plan.fiscal_year
        plan_rows.take_out(db(), row, by=actor(), at=now())
        words = gettext("It is out of the plan; what was recorded for it is kept.")
        if isinstance(row, Step):
            return _back(measure, words)
        flash(words, "success")
        return redirect(url_for("plan.index", year=year))


def _measure(measure_id: int) -> Measure:
    plans = plans_of(viewer()).with_only_columns(Plan.id)
    found = db().scalar(
        select(Measure)
        .where(Measure.id == measure_id, Measure.plan_id.in_(plans), ~Measure.retired)
        .options(selectinload(Measure.steps), joinedload(Measure.plan))
    )
    if found is None:
        raise NotFoundError("There is no such measure in your plans.", "ไม่พบมาตรการนี้ในแผนของหน่วยงาน")
    return found


def _row(measure_id: int) -> Row:
    """The measure, or the step of it that the form names."""
    measure = _measure(measure_id)
    if "step" not in request.form:
        return measure
    wanted = request.form.get("step", type=int)
    for step in measure.steps:
        if step.id == wanted and not step.retired:
            return step
    raise NotFoundError("There is no such step in this measure.", "ไม่พบขั้นตอนนี้ในมาตรการ")


def _of(row: Row) -> Measure:
    return row if isinstance(row, Measure) else row.measure


def _chosen(measure: Measure) -> Callable[[Row], set[int]]:
    """Which units a row names itself: one reading of the units for all rows."""
    book = UnitBook(db(), measure.agency_id)

    def chosen(row: Row) -> set[int]:
        return {unit.id for unit in map(book.named, row.parties or ()) if unit}

    return chosen


def _due_days(measure: Measure) -> dict[int, list[DueDay]]:
    rows = db().execute(
        select(Task.step_id, Task.due_on, func.count())
        .join(Step, Step.id == Task.step_id)
        .where(Step.measure_id == measure.id, Task.state.in_(OPEN_STATES))
        .group_by(Task.step_id, Task.due_on)
        .order_by(Task.due_on.is_(None), Task.due_on)
    )
    days: dict[int, list[DueDay]] = {}
    for step_id, on, count in rows:
        days.setdefault(step_id, []).append(DueDay(on, count))
    return days


def _reading(measure: Measure) -> Reading | None:
    """What a period that was typed into this page's form would mean."""
    typed = request.args.get("period", "").strip()[: plan_edit.LONGEST_CELL]
    if not typed:
        return None
    return Reading(request.args.get("row", ""), parse_period(typed, measure.plan.fiscal_year))


def _line(paragraph: dict[str, object]) -> str:
    return Paragraph.from_json(paragraph).typed(thai_digits=False)


def _back(row: Row, words: str) -> ResponseReturnValue:
    flash(words, "success")
    anchor = f"step-{row.id}" if isinstance(row, Step) else None
    return redirect(url_for("plan_edit.index", measure_id=_of(row).id, _anchor=anchor))
