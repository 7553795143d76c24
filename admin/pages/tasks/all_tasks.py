"""งาน: every task that the viewer may see, filtered and in pages of fifty."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from sqlalchemy import Select, func, select

from admin.pages.tasks.task_list import SOON, place_of, tone_of, when_of
from admin.pages.tasks.task_rows import TaskRow, task_rows
from admin.web.base_view import AgencyPage, expose
from admin.web.context import db, today
from admin.web.identity import viewer
from admin.web.pager import asked_pager
from admin.web.years import years
from tracker.errors import NotUnderstoodError
from tracker.kinds import OPEN_STATES, TaskState, known
from tracker.models import Measure, Plan, Step, Task, TaskUnit, Unit
from tracker.services.access import tasks_of
from tracker.services.tasks.bulk import ACTIONS
from tracker.thai.days import read_day

PAGE = 50


@dataclass(frozen=True)
class Row:
    """A task as a line of the table."""

    id: int
    title: str
    place: list[str]
    units: str
    when: str
    tone: str
    state: str


class AllTasksPage(AgencyPage):
    """The list that the overview's figures lead to."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Tasks"), endpoint="all_tasks", url="/all-tasks")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        found = years()
        if found.shown is None:
            return self.render("web/no_plan.html", may_import=viewer().coordinator)
        query = filtered(found.shown)
        pager = asked_pager(db().scalar(query.with_only_columns(func.count())) or 0, PAGE)
        of_page = (
            query.with_only_columns(Task.id)
            .join(Task.step)
            .join(Step.measure)
            .order_by(Task.due_on.is_(None), Task.due_on, Measure.position, Step.position, Task.id)
        )
        return self.render(
            "tasks/all_tasks.html",
            years=found,
            rows=[_row(task) for task in task_rows(db(), select(Task).where(Task.id.in_(pager.rows(of_page))))],
            pager=pager,
            units=db().scalars(_units(found.shown)).all(),
            measures=db().execute(_measures(found.shown)).all(),
            misread=[name for name in ("since", "until") if request.args.get(name) and name not in filters_asked()],
            actions=ACTIONS if viewer().coordinator else (),
            undo=_undo(),
            today=today,
            states=_STATES,
            asked=filters_asked(),
        )


_FILTERS = ("unit", "state", "measure", "q", "since", "until")
_STATES = ("open", "late", "soon", *TaskState)


def filters_asked() -> dict[str, Any]:
    """The filters of this request that mean something."""
    asked = {name: value for name, value in request.values.items() if name in _FILTERS and value}
    for name in ("since", "until"):
        if name in asked and _day(asked[name]) is None:
            del asked[name]
    if asked.get("state") not in _STATES:
        asked.pop("state", None)
    return asked


def filtered(plan: Plan) -> Select[Task]:
    """The viewer's tasks of the plan that the filters of this request leave."""
    query = tasks_of(viewer()).where(Task.plan_id == plan.id)
    if unit_id := request.args.get("unit", type=int):
        query = query.where(Task.id.in_(select(TaskUnit.task_id).where(TaskUnit.unit_id == unit_id)))
    if number := request.args.get("measure", type=int):
        of_measure = select(Step.id).join(Measure).where(Measure.plan_id == plan.id, Measure.number == number)
        query = query.where(Task.step_id.in_(of_measure))
    if words := request.args.get("q", "").strip():
        query = query.where(Task.title.contains(words, autoescape=True))
    if since := _day(request.args.get("since", "")):
        query = query.where(Task.due_on >= since)
    if until := _day(request.args.get("until", "")):
        query = query.where(Task.due_on <= until)
    return query.where(*_in_state(request.args.get("state", "")))


def _day(typed: str) -> date | None:
    """A day as people type it; None where it is none."""
    try:
        return read_day(typed, today()) if typed.strip() else None
    except NotUnderstoodError:
        return None


def _in_state(state: str) -> tuple[Any, ...]:
    is_open = Task.state.in_(OPEN_STATES)
    if state == "late":
        return (is_open, Task.due_on < today())
    if state == "soon":
        return (is_open, Task.due_on >= today(), Task.due_on <= today() + SOON)
    if state == "open":
        return (is_open,)
    if one := known(TaskState, state):
        return (Task.state == one,)
    return (Task.state != TaskState.CANCELLED,)


def _units(plan: Plan) -> Select[Unit]:
    with_tasks = select(TaskUnit.unit_id).join(Task, Task.id == TaskUnit.task_id).where(Task.plan_id == plan.id)
    return (
        select(Unit)
        .where(Unit.agency_id == viewer().agency_id, Unit.id.in_(with_tasks))
        .order_by(Unit.position, Unit.id)
    )


def _measures(plan: Plan) -> Select[int, str]:
    return (
        select(Measure.number, Measure.title)
        .where(Measure.plan_id == plan.id, ~Measure.retired)
        .order_by(Measure.position)
    )


def _undo() -> str | None:
    """The instant of the order that this person has just given to many tasks, to be undone."""
    return request.args.get("undo") if viewer().coordinator else None


def _row(task: TaskRow) -> Row:
    return Row(
        id=task.id,
        title=task.title,
        place=place_of(task),
        units=", ".join(task.units),
        when=when_of(task, today()),
        tone=tone_of(task, today()),
        state=task.state,
    )
