"""What the task list's address asks for: which tasks, in which order and groups; the same words everywhere."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request
from sqlalchemy import Select, func, select

from admin.pages.tasks.task_list import SOON
from admin.web.context import db, today
from admin.web.identity import viewer
from tracker.errors import NotUnderstoodError
from tracker.kinds import OPEN_STATES, TaskState, known
from tracker.models import Measure, Plan, Step, Task, TaskUnit
from tracker.services.access import tasks_of
from tracker.thai.days import read_day
from tracker.thai.numerals import to_arabic

NARROWING = ("unit", "state", "measure", "step", "q", "since", "until")
"""What makes the list shorter; the rest of an address is how it is looked at."""
LOOKS: dict[str, tuple[str, ...]] = {
    "sort": tuple(
        f"{sign}{column}"
        for sign in ("", "-")
        for column in ("due", "unit", "occasion", "state", "said", "reminded", "evidence")
    ),
    "group": ("step", "unit", "due", "none"),
    "view": ("list", "calendar"),
}
QUESTIONS = ("open", "late", "soon", TaskState.SUBMITTED, TaskState.RETURNED)
"""The filters that stand above the list with their counts."""
STATES = ("all", "open", "late", "soon", *TaskState)

Asked = dict[str, str]


def filters_asked(values: Mapping[str, Any] | None = None) -> Asked:
    """What of an address (of this request's) means something, in its own order; the year where it is named."""
    given = request.values if values is None else values
    asked = {name: str(value) for name, value in given.items() if name in (*NARROWING, *LOOKS, "year") and value}
    for name in ("since", "until"):
        if name in asked and read_filter_day(asked[name]) is None:
            del asked[name]
    if asked.get("state") not in STATES:
        asked.pop("state", None)
    for name, allowed in LOOKS.items():
        if asked.get(name) not in allowed:
            asked.pop(name, None)
    return asked


def opened_with(asked: Asked) -> Asked:
    """What the list shows: without any filter the tasks that somebody is still to do."""
    return asked if any(request.args.get(name) for name in NARROWING) else {**asked, "state": "open"}


def filtered(plan: Plan, asked: Mapping[str, str]) -> Select[Task]:
    """The viewer's tasks of the plan that the filters leave."""
    query = tasks_of(viewer()).where(Task.plan_id == plan.id)
    if (unit_id := _number(asked, "unit")) is not None:
        query = query.where(Task.id.in_(select(TaskUnit.task_id).where(TaskUnit.unit_id == unit_id)))
    if (number := _number(asked, "measure")) is not None:
        of_measure = select(Step.id).join(Measure).where(Measure.plan_id == plan.id, Measure.number == number)
        query = query.where(Task.step_id.in_(of_measure))
    if (step_id := _number(asked, "step")) is not None:
        query = query.where(Task.step_id == step_id)
    if words := asked.get("q", "").strip():
        query = query.where(Task.title.contains(words, autoescape=True))
    if since := read_filter_day(asked.get("since", "")):
        query = query.where(Task.due_on >= since)
    if until := read_filter_day(asked.get("until", "")):
        query = query.where(Task.due_on <= until)
    return query.where(*_in_state(asked.get("state", "")))


def counts_of(plan: Plan, *filters: Mapping[str, str]) -> list[int]:
    """How many tasks each of the filters leaves; one query for all."""
    if not filters:
        return []
    counts = [
        select(func.count()).select_from(filtered(plan, one).with_only_columns(Task.id).subquery()).scalar_subquery()
        for one in filters
    ]
    return [int(count) for count in db().execute(select(*counts)).one()]


def read_filter_day(typed: str) -> date | None:
    """A day as people type it; None where it is none."""
    try:
        return read_day(typed, today()) if typed.strip() else None
    except NotUnderstoodError:
        return None


def _number(asked: Mapping[str, str], name: str) -> int | None:
    """A number of a row; None where none was asked for. One that no row can have finds nothing, as an unknown one."""
    digits = to_arabic(asked.get(name, ""))
    if not digits.isdecimal():
        return None
    return int(digits) if len(digits) < 10 and int(digits) < 2**31 else -1


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
