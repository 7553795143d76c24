"""แก้ไขแผน: one measure on a page, with its steps: words, period, parties, order, due days, in one form."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from admin.pages.plans import plan_edit_form
from admin.pages.plans.edit_undo import said_with_undo
from admin.pages.plans.plan_edit_form import Cell, Row, Sent
from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, now, today
from admin.web.form_recovery import keep_typed, typed_before
from admin.web.formatting import day, number, sentence
from admin.web.identity import actor, viewer
from admin.web.may import COORDINATOR
from admin.web.units import units_of
from tracker.errors import ConflictError, NotFoundError, NotUnderstoodError
from tracker.kinds import OPEN_STATES
from tracker.models import Measure, Plan, Step, Task
from tracker.services.access import plans_of
from tracker.services.plans import plan_edit, plan_rows
from tracker.thai.days import read_day

_DUE = re.compile(r"due-\d+-(?P<on>[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8]|29|3[01]))")


@dataclass(frozen=True)
class DueDay:
    """A due day of a step and how many open tasks stand on it."""

    on: date | None
    tasks: int


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
        measure, sent = _measure(measure_id), typed_before("plan_edit.save")
        cells = plan_edit_form.cells_of(db(), measure)
        shown = plan_edit_form.shown_cells(db(), measure, cells, sent)
        return self.render(
            "plans/plan_edit.html",
            measure=measure,
            steps=[step for step in measure.steps if not step.retired],
            units=units_of(measure.agency_id, groups=True),
            cells=shown,
            disputed=[one for one in shown.values() if one.rival is not None],
            errors=_errors(sent),
            due=_due_days(measure),
            sent=sent or {},
            together=plan_edit_form.together,
            shown_units=plan_edit_form.units_in,
        )

    @expose("/", methods=["POST"], may=COORDINATOR)
    def save(self, measure_id: int) -> ResponseReturnValue:
        """Saves every cell that was typed into, then does what the button says; what cannot be saved stays typed."""
        measure, sent = _measure(measure_id), request.form
        do, _, which = sent.get("do", "save").partition(" ")
        found = _saved(measure, sent) if do != "read" else _Saved(0, {}, True)
        if found.errors:
            db().rollback()
        if found.errors or found.left:
            return _again(measure_id, sent, found.errors)
        words = []
        if found.count:
            words.append(
                ngettext("%(n)s change was saved.", "%(n)s changes were saved.", found.count, n=number(found.count))
            )
        if do in ("up", "down", "out"):
            row = _row(measure, which)
            if do == "out":
                return self._take_out(row)
            direction: plan_edit.Direction = "down" if do == "down" else "up"
            plan_edit.reorder(db(), row, direction, by=actor(), at=now())
            words.append(gettext("The order was changed."))
        if words:
            said_with_undo(" ".join(words))
        else:
            flash(gettext("Nothing was changed."), "success")
        anchor = f"step-{which}" if which.isdecimal() else None
        return redirect(url_for("plan_edit.index", measure_id=measure_id, _anchor=anchor), 303)

    def _take_out(self, row: Row) -> ResponseReturnValue:
        measure = row if isinstance(row, Measure) else row.measure
        measure_id, year = measure.id, measure.plan.fiscal_year
        plan_rows.take_out(db(), row, by=actor(), at=now())
        said_with_undo(gettext("It is out of the plan; what was recorded for it is kept."))
        if isinstance(row, Step):
            return redirect(url_for("plan_edit.index", measure_id=measure_id), 303)
        return redirect(url_for("plan.index", year=year), 303)


@dataclass
class _Saved:
    """How many cells were saved, why others were not, by their names, and whether some wait for an answer."""

    count: int
    errors: dict[str, str]
    left: bool


def _saved(measure: Measure, sent: Sent) -> _Saved:
    result = _Saved(0, {}, False)
    cells = {cell.name: cell for cell in plan_edit_form.cells_of(db(), measure)}
    wanted = {name: text for name, cell in cells.items() if (text := plan_edit_form.to_save(cell, sent)) is not None}
    result.left = any(
        plan_edit_form.is_disputed(cell, sent) and not plan_edit_form.is_settled(cell, sent) for cell in cells.values()
    )
    for name, text in wanted.items():
        try:
            _save_cell(cells[name], text, wanted, cells)
            result.count += 1
        except (NotUnderstoodError, ConflictError) as error:
            result.errors[name] = sentence(error)
    moves = _moves(measure, sent)
    for name, move in moves.items():
        try:
            result.count += bool(move())
        except (NotUnderstoodError, ConflictError) as error:
            result.errors[name] = sentence(error)
    for name in sent:
        if name.startswith("due-") and name not in moves and _is_typed_over(name, sent[name]):
            result.errors[name] = gettext("The tasks of this day were moved meanwhile; look at their days again.")
    if sent.get("new-step", "").strip():
        try:
            plan_rows.add_step(db(), measure, sent["new-step"], by=actor(), at=now())
            result.count += 1
        except (NotUnderstoodError, ConflictError) as error:
            result.errors["new-step"] = sentence(error)
    return result


def _save_cell(cell: Cell, text: str, wanted: dict[str, str], cells: dict[str, Cell]) -> None:
    row = cell.row
    if cell.what == "period":
        plan_edit.set_period(db(), row, text, by=actor(), at=now())
    elif cell.what == "parties":
        ids = plan_edit_form.units_in(text)
        units = [unit for unit in units_of(row.agency_id, groups=True) if unit.id in ids]
        if len(units) < len(ids):
            raise NotUnderstoodError("This unit is not one of the agency's.", "ไม่พบหน่วยงานนี้ในหน่วยงานของท่าน")
        plan_edit.set_parties(db(), row, units, plan_edit_form.mode_in(text), by=actor(), at=now())
    elif isinstance(row, Step):
        plan_edit.edit_step(db(), row, text, by=actor(), at=now())
    else:
        title = wanted.get("title", cells["title"].stands)
        details = wanted.get("details", cells["details"].stands)
        plan_edit.edit_measure(db(), row, title=title, details=details, by=actor(), at=now())


def _moves(measure: Measure, sent: Sent) -> dict[str, Callable[[], int]]:
    """The due days that were typed over, each as what moves its tasks; the form names each by the day that it had."""
    moves: dict[str, Callable[[], int]] = {}
    for step_id, days in _due_days(measure).items():
        step = next(one for one in measure.steps if one.id == step_id)
        for one in days:
            name = f"due-{step_id}-{one.on.isoformat() if one.on else 'none'}"
            typed = sent.get(name, "").strip()
            if typed and typed != (day(one.on) if one.on else ""):
                moves[name] = partial(_move, step, one.on, typed)
    return moves


def _is_typed_over(name: str, typed: str) -> bool:
    """Whether another day was typed than the one that the field is named after."""
    named = _DUE.fullmatch(name)
    return named is not None and typed.strip() not in ("", day(date.fromisoformat(named["on"])))


def _move(step: Step, before: date | None, typed: str) -> int:
    return plan_edit.move_checkpoint(db(), step, before, read_day(typed, today()), by=actor(), at=now())


def _errors(sent: Sent | None) -> dict[str, str]:
    """Why fields could not be saved, by their names; the first of them is led to."""
    return {name.removeprefix("error-"): sent[name] for name in sent or () if name.startswith("error-")} if sent else {}


def _again(measure_id: int, sent: Sent, errors: Mapping[str, str]) -> ResponseReturnValue:
    """To an address that shows what is not saved and why, also after a reload."""
    kept = [(name, text) for name, text in sent.items(multi=True) if name not in ("csrf_token", "do")]
    token = keep_typed("plan_edit.save", [*kept, *((f"error-{name}", words) for name, words in errors.items())])
    anchor = next(iter(errors), None) or ("unsaved" if sent.get("do") != "read" else None)
    return redirect(url_for("plan_edit.index", measure_id=measure_id, typed=token, _anchor=anchor), 303)


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


def _row(measure: Measure, which: str) -> Row:
    """The measure, or the step of it whose number a button names."""
    if not which:
        return measure
    for step in measure.steps:
        if str(step.id) == which and not step.retired:
            return step
    raise NotFoundError("There is no such step in this measure.", "ไม่พบขั้นตอนนี้ในมาตรการ")


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
