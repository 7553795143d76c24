"""What units owe, for those above them: who is late and for how long, and of each task what was last said of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from tracker.errors import NotFoundError
from tracker.kinds import OPEN_STATES, RoundState, TaskState
from tracker.models import Digest, Plan, ProgressNote, Reminder, Round, Step, Task, TaskUnit, Unit
from tracker.reminders.stages import needs_sweep
from tracker.services.access import Viewer, plans_of, tasks_of


@dataclass(frozen=True, slots=True)
class LateUnit:
    """A unit with open tasks that are late: how many, and for how many days the oldest."""

    unit_id: int
    name: str
    tasks: int
    days: int


@dataclass(frozen=True, slots=True)
class OwedTask:
    """An open task of a unit, with its people's last word and how often, and when last, they were reminded of it."""

    task: Task
    note: ProgressNote | None
    reminded: int
    reminded_on: date | None

    def is_late(self, today: date) -> bool:
        return self.task.due_on is not None and self.task.due_on < today


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """A unit's open tasks, the longest late first, and how many of the year's it has done."""

    unit: Unit
    done: int
    total: int
    owed: tuple[OwedTask, ...]


def late_units(session: Session, viewer: Viewer, today: date) -> list[LateUnit]:
    """The units that the viewer sees, with what is late there, the longest late first."""
    mine = tasks_of(viewer).with_only_columns(Task.id)
    rows = session.execute(
        select(Unit.id, Unit.name, func.count(Task.id), func.min(Task.due_on))
        .join(TaskUnit, TaskUnit.unit_id == Unit.id)
        .join(Task, Task.id == TaskUnit.task_id)
        .where(Task.id.in_(mine), Task.state.in_(OPEN_STATES), Task.due_on < today)
        .where(Task.plan_id.in_(_served(session, viewer, today)))
        .group_by(Unit.id, Unit.name)
    ).all()
    found = [LateUnit(unit_id, name, count, (today - due).days) for unit_id, name, count, due in rows if due]
    return sorted(found, key=lambda one: (-one.days, one.name))


def unit_standing(session: Session, viewer: Viewer, unit_id: int, today: date) -> UnitStanding:
    """How one unit stands; NotFoundError where the viewer does not see it."""
    unit = session.get(Unit, unit_id)
    may_see = unit is not None and unit.agency_id == viewer.agency_id
    if unit is None or not may_see or not (viewer.sees_agency or unit_id in viewer.unit_ids):
        raise NotFoundError(f"There is no unit {unit_id}.", f"ไม่พบหน่วยงานหมายเลข {unit_id}")
    plans = _served(session, viewer, today)
    of_unit = (
        Task.id.in_(select(TaskUnit.task_id).where(TaskUnit.unit_id == unit_id)),
        Task.plan_id.in_(plans),
        Task.state != TaskState.CANCELLED,
    )
    by_state = tasks_of(viewer).where(*of_unit).with_only_columns(Task.state, func.count()).group_by(Task.state)
    counts = {row[0]: row[1] for row in session.execute(by_state)}
    tasks = session.scalars(
        tasks_of(viewer)
        .join(Task.step)
        .join(Step.measure)
        .where(*of_unit, Task.state.in_(OPEN_STATES))
        .options(contains_eager(Task.step).contains_eager(Step.measure), selectinload(Task.units))
        .order_by(func.coalesce(Task.due_on, date.max), Task.id)
    ).all()
    done = counts.get(TaskState.DONE, 0) + counts.get(TaskState.SUBMITTED, 0)
    return UnitStanding(unit, done, sum(counts.values()), tuple(owed(session, tasks)))


def owed(session: Session, tasks: Collection[Task]) -> list[OwedTask]:
    """The tasks with what was last said of them and the reminders that went to their own people: two queries."""
    ids = [task.id for task in tasks]
    notes = {
        note.task_id: note
        for note in session.scalars(select(ProgressNote).where(ProgressNote.task_id.in_(ids)).order_by(ProgressNote.id))
    }
    told = (
        select(Reminder.task_id, func.count(Reminder.digest_id.distinct()), func.max(Digest.on))
        .join(Digest, Digest.id == Reminder.digest_id)
        .where(Reminder.task_id.in_(ids), Reminder.stage.not_like("escalation%"))
        .group_by(Reminder.task_id)
    )
    reminded = {task_id: (times, last) for task_id, times, last in session.execute(told)}
    return [OwedTask(task, notes.get(task.id), *reminded.get(task.id, (0, None))) for task in tasks]


def _served(session: Session, viewer: Viewer, today: date) -> list[int]:
    """The plans of which people are still reminded."""
    closed = exists().where(Round.plan_id == Plan.id, Round.number == 12, Round.state == RoundState.CLOSED)
    rows = session.execute(plans_of(viewer).with_only_columns(Plan.id, Plan.fiscal_year, closed))
    return [plan for plan, year, is_closed in rows if needs_sweep(year, today, closed=is_closed)]
