"""Tasks as plain rows: what a list shows of each, in one query and without a model object."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from tracker.kinds import OPEN_STATES, TaskState
from tracker.models import Completion, Measure, Step, Task, TaskUnit, Unit


class TaskRow(NamedTuple):
    """A task with its place in the plan, whose it is, and the day on which it was done (None: it is not)."""

    id: int
    title: str
    state: str
    due_on: date | None
    scheduled_on: date | None
    cadences: Sequence[str]
    return_note: str | None
    step_id: int
    party_key: str
    checkpoint_key: str
    measure_position: int
    measure_number: int
    step_position: int
    step_number: int | None
    party: str
    done_on: date | None
    units: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


RowsQuery = Select[Any]

_DONE_ON = (
    select(Completion.done_on)
    .where(Completion.task_id == Task.id, Completion.withdrawn_at.is_(None))
    .order_by(Completion.id.desc())
    .limit(1)
    .correlate(Task)
    .scalar_subquery()
)
"""Asked for of tasks that are done: the others' rows are read in two thirds of the time."""
_COLUMNS = (
    Task.id,
    Task.title,
    Task.state,
    Task.due_on,
    Task.scheduled_on,
    Task.cadences,
    Task.return_note,
    Task.step_id,
    Task.party_key,
    Task.checkpoint_key,
    Measure.position,
    Measure.number,
    Step.position,
    Step.number,
    func.coalesce(Step.responsible_text, Measure.responsible_text),
    case((Task.state == TaskState.DONE, _DONE_ON)),
    Unit.name,
)


def rows_query(tasks: Select[Task]) -> RowsQuery:
    """What ``read_rows`` reads of the tasks; a busy page builds it once, with parameters."""
    return (
        tasks.with_only_columns(*_COLUMNS)
        .join(Task.step)
        .join(Step.measure)
        .outerjoin(TaskUnit, TaskUnit.task_id == Task.id)
        .outerjoin(Unit, Unit.id == TaskUnit.unit_id)
        .order_by(Task.id, Unit.position, Unit.id)
    )


def read_rows(session: Session, query: RowsQuery, parameters: Mapping[str, object] | None = None) -> list[TaskRow]:
    """The tasks by their day, then by their place in the plan; the undated ones last."""
    found = []
    for _, joined in groupby(session.execute(query, parameters), key=itemgetter(0)):
        first, *others = joined
        names = (first[-1], *(row[-1] for row in others)) if first[-1] is not None else ()
        found.append(TaskRow._make((*first[:-1], names)))
    return sorted(found, key=_order)


def task_rows(session: Session, tasks: Select[Task]) -> list[TaskRow]:
    """The rows of these tasks."""
    return read_rows(session, rows_query(tasks))


def row_of(task: Task) -> TaskRow:
    """One that is loaded already, as a row."""
    step, completion = task.step, task.completion
    return TaskRow(
        id=task.id,
        title=task.title,
        state=task.state,
        due_on=task.due_on,
        scheduled_on=task.scheduled_on,
        cadences=task.cadences,
        return_note=task.return_note,
        step_id=task.step_id,
        party_key=task.party_key,
        checkpoint_key=task.checkpoint_key,
        measure_position=step.measure.position,
        measure_number=step.measure.number,
        step_position=step.position,
        step_number=step.number,
        party=step.responsible.text,
        done_on=completion.done_on if completion else None,
        units=tuple(unit.name for unit in task.units),
    )


def _order(row: TaskRow) -> tuple[date, int, int, int]:
    return row.due_on or date.max, row.measure_position, row.step_position, row.id
