"""Who is late, for the executive: each unit with its people, its steps and months, its reminders and its answers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from admin.web.formatting import occasion
from tracker.kinds import OPEN_STATES
from tracker.models import Digest, Measure, Plan, ProgressNote, Reminder, Step, Task, TaskUnit, Unit, UnitPrompt
from tracker.reminders.recipients import Person, read_people


@dataclass
class LateStep:
    """A step that a unit owes, said once, with its occasions, and the address of the oldest."""

    number: str
    text: str
    task_id: int
    occasions: list[str] = field(default_factory=list)


@dataclass
class LateUnit:
    """``reminded`` counts days; ``answered`` is the day of the latest note since the last of them, None without one."""

    id: int
    name: str
    since: date
    people: Sequence[Person] = ()
    count: int = 0
    steps: list[LateStep] = field(default_factory=list)
    reminded: int = 0
    reminded_on: date | None = None
    answered: date | None = None
    #: somebody had it reminded in the own name today, or for the next working day
    prompted: bool = False

    @property
    def phones(self) -> list[Person]:
        return [one for one in self.people if one.phone]


def late_units(session: Session, plan: Plan, today: date) -> list[LateUnit]:
    """The units of the plan that owe tasks, the most first; a fixed number of queries."""
    found: dict[int, LateUnit] = {}
    steps: dict[int, dict[int, LateStep]] = defaultdict(dict)
    for unit_id, name, task_id, due_on, scheduled_on, cadences, step_id, text, measure, step in session.execute(
        _late_tasks(plan, today)
    ):
        assert due_on is not None  # noqa: S101  (the query leaves the undated out)
        unit = found.setdefault(unit_id, LateUnit(unit_id, name, due_on))
        unit.count += 1
        owed = steps[unit_id].setdefault(step_id, LateStep(f"{measure}.{step}", text, task_id))
        if when := occasion(scheduled_on, cadences):
            owed.occasions.append(when)
    if not found:
        return []
    people = read_people(session, [plan.agency_id], today)[plan.agency_id]
    reminded, notes = _reminded(session, plan, today), _notes(session, plan, today)
    prompted = _prompted(session, plan, today)
    for unit in found.values():
        unit.people = [people.members[one] for one in people.of_unit(unit.id)]
        unit.steps = list(steps[unit.id].values())
        unit.reminded, unit.reminded_on = reminded.get(unit.id, (0, None))
        note = notes.get(unit.id)
        unit.answered = note if note and (unit.reminded_on is None or note >= unit.reminded_on) else None
        unit.prompted = unit.id in prompted
    return sorted(found.values(), key=lambda unit: (-unit.count, unit.since))


def _late_tasks(plan: Plan, today: date) -> Select[Any]:
    return (
        select(
            Unit.id, Unit.name, Task.id, Task.due_on, Task.scheduled_on, Task.cadences, Step.id, Step.text,
            Measure.number, func.coalesce(Step.number, Step.position),
        )
        .join(TaskUnit, TaskUnit.unit_id == Unit.id)
        .join(Task, Task.id == TaskUnit.task_id)
        .join(Step, Step.id == Task.step_id)
        .join(Measure, Measure.id == Step.measure_id)
        .where(*_is_late(plan, today))
        .order_by(Unit.position, Unit.id, Task.due_on, Measure.position, Step.position, Task.id)
    )  # fmt: skip


def _is_late(plan: Plan, today: date) -> tuple[ColumnElement[bool], ...]:
    return Task.plan_id == plan.id, Task.state.in_(OPEN_STATES), Task.due_on < today


def _reminded(session: Session, plan: Plan, today: date) -> dict[int, tuple[int, date | None]]:
    """On how many days, and when last, each unit was reminded of what it owes."""
    rows = session.execute(
        select(TaskUnit.unit_id, func.count(Digest.on.distinct()), func.max(Digest.on))
        .join(Task, Task.id == TaskUnit.task_id)
        .join(Reminder, Reminder.task_id == Task.id)
        .join(Digest, Digest.id == Reminder.digest_id)
        .where(*_is_late(plan, today))
        .group_by(TaskUnit.unit_id)
    )
    return {unit_id: (count, last) for unit_id, count, last in rows}


def _notes(session: Session, plan: Plan, today: date) -> dict[int, date]:
    """When each unit last said something of what it owes."""
    rows = session.execute(
        select(TaskUnit.unit_id, func.max(ProgressNote.noted_on))
        .join(Task, Task.id == TaskUnit.task_id)
        .join(ProgressNote, ProgressNote.task_id == Task.id)
        .where(*_is_late(plan, today))
        .group_by(TaskUnit.unit_id)
    )
    return {unit_id: noted_on for unit_id, noted_on in rows if noted_on}


def _prompted(session: Session, plan: Plan, today: date) -> set[int]:
    """The units that somebody had reminded in the own name, today or for the next working day."""
    of_agency = select(UnitPrompt.unit_id).where(UnitPrompt.agency_id == plan.agency_id)
    return set(session.scalars(of_agency.where(UnitPrompt.on >= today)))
