"""Lists tasks as the command line and the API show them (docs/rules.md, "JSON contract")."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from tracker.errors import NotFoundError
from tracker.models import Agency, Measure, Plan, Step, Task, TaskUnit
from tracker.services.tasks.generate import UnitBook


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task of a list; ``measure`` and ``step`` are their numbers, ``units`` one name or all of a joint task's."""

    id: int
    measure: int
    step: int
    units: tuple[str, ...]
    scheduled_on: date | None
    due_on: date | None
    cadences: tuple[str, ...]
    state: str
    title: str

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "measure": self.measure,
            "step": self.step,
            "units": list(self.units),
            "scheduled_on": self.scheduled_on and self.scheduled_on.isoformat(),
            "due_on": self.due_on and self.due_on.isoformat(),
            "cadences": list(self.cadences),
            "state": self.state,
            "title": self.title,
        }


def list_tasks(
    session: Session, plan: Plan, *, unit: str | None = None, state: str | None = None, due_by: date | None = None
) -> list[TaskRow]:
    """The plan's tasks in the order of its table, then by day and unit; three queries, whatever their number."""
    query: Select[Task] = select(Task).where(Task.plan_id == plan.id)
    if state:
        query = query.where(Task.state == state)
    if due_by:
        query = query.where(Task.due_on <= due_by)
    if unit:
        query = query.where(Task.id.in_(_of_unit(session, plan, unit)))
    return rows(session, query)


def rows(session: Session, query: Select[Task]) -> list[TaskRow]:
    """The query's tasks as rows, in the order of the plan's table, then by day and unit."""
    tasks = session.scalars(
        query.join(Task.step)
        .join(Step.measure)
        .options(contains_eager(Task.step).contains_eager(Step.measure), selectinload(Task.units))
    )
    return sorted((row(task) for task in tasks), key=_place)


def find_task(session: Session, agency: Agency, task_id: int) -> Task:
    """The agency's task of that number; NotFoundError otherwise."""
    task = session.get(Task, task_id)
    if task is None or task.agency_id != agency.id:
        raise NotFoundError(
            f"{agency.name} has no task {task_id}; `tracker task list` shows them.",
            f"{agency.name} ไม่มีงานหมายเลข {task_id} ดูรายการด้วย `tracker task list`",
        )
    return task


def _of_unit(session: Session, plan: Plan, name: str) -> Select[int]:
    unit = UnitBook(session, plan.agency_id).named(name)
    if unit is None:
        raise NotFoundError(
            f"There is no unit “{name}”; `tracker task list` shows the units.",
            f"ไม่มีหน่วยงานชื่อ “{name}” ดูชื่อด้วย `tracker task list`",
        )
    return select(TaskUnit.task_id).where(TaskUnit.unit_id == unit.id)


def row(task: Task) -> TaskRow:
    """The task as a row."""
    measure: Measure = task.step.measure
    return TaskRow(
        id=task.id,
        measure=measure.number,
        step=task.step.number or task.step.position,
        units=tuple(unit.name for unit in task.units),
        scheduled_on=task.scheduled_on,
        due_on=task.due_on,
        cadences=tuple(task.cadences),
        state=task.state,
        title=task.title,
    )


def _place(one: TaskRow) -> tuple[int, int, date, Sequence[str], int]:
    return one.measure, one.step, one.scheduled_on or date.max, one.units, one.id
