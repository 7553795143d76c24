"""The agency at a glance: counts per measure, what is late with whom, the year by unit and month."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any, Literal

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, case, func, select
from sqlalchemy.orm import Session, contains_eager, load_only

from admin.pages.tasks.task_list import SOON
from tracker.forecast import Standing, percent, round_at, standing
from tracker.kinds import OPEN_STATES, TaskState
from tracker.models import Measure, Period, Plan, Step, Task, TaskUnit, Unit
from tracker.thai.calendar import fiscal_year_end, fiscal_year_start, months_between, round_end

Tone = Literal["green", "part", "orange", "red", ""]


@dataclass(frozen=True)
class Counts:
    """How many tasks, of which done, late, due within a week, waiting for review, and due by today at all."""

    total: int = 0
    done: int = 0
    late: int = 0
    soon: int = 0
    waiting: int = 0
    begun: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.total + other.total,
            self.done + other.done,
            self.late + other.late,
            self.soon + other.soon,
            self.waiting + other.waiting,
            self.begun + other.begun,
        )

    @property
    def percent(self) -> int:
        return percent(self.done, self.total)


@dataclass(frozen=True)
class MeasureRow:
    measure: Measure
    counts: Counts
    light: Standing


@dataclass(frozen=True)
class Month:
    """A unit's tasks of one month."""

    first: date
    total: int
    done: int
    late: int

    @property
    def tone(self) -> Tone:
        if not self.total:
            return ""
        if self.done == self.total:
            return "green"
        if self.late:
            return "orange" if self.done else "red"
        return "part" if self.done else ""


@dataclass(frozen=True)
class Overview:
    plan: Plan
    round: Literal[6, 12]
    round_ends: date
    months_gone: int
    all: Counts
    measures: Sequence[MeasureRow]
    late_units: Sequence[tuple["UnitYear", int]]
    year: Sequence[tuple[str, Sequence[Month]]]


def light(counts: Counts, fiscal_year: int, today: date) -> Standing:
    """How the counted tasks stand."""
    return standing(
        total=counts.total,
        done=counts.done,
        late=counts.late,
        begun=counts.begun,
        fiscal_year=fiscal_year,
        today=today,
    )


_MEASURES = (
    select(Measure)
    .where(Measure.plan_id == bindparam("plan"), ~Measure.retired)
    .options(
        load_only(Measure.number, Measure.title, Measure.responsible_text),
        contains_eager(Measure.period).load_only(Period.text),
    )
    .join(Measure.period)
    .order_by(Measure.position)
)


def overview(session: Session, plan: Plan, today: date) -> Overview:
    """Three queries, whatever the number of tasks."""
    round_ = round_at(plan.fiscal_year, today)
    by_measure = counts_by(session, plan, today, Step.measure_id)
    rows = []
    for measure in session.scalars(_MEASURES, {"plan": plan.id}):
        counts = by_measure.get(measure.id, Counts())
        rows.append(MeasureRow(measure, counts, light(counts, plan.fiscal_year, today)))
    units = _unit_years(session, plan, today)
    return Overview(
        plan=plan,
        round=round_,
        round_ends=round_end(plan.fiscal_year, round_),
        months_gone=_months_gone(plan.fiscal_year, today),
        all=sum(by_measure.values(), Counts()),
        measures=rows,
        late_units=sorted(((unit, unit.late) for unit in units if unit.late), key=lambda pair: -pair[1]),
        year=[(unit.name, unit.months) for unit in units],
    )


def counts_by(session: Session, plan: Plan, today: date, *keys: Any) -> dict[Any, Counts]:
    """The counts of the plan's tasks by columns of the task, its step or its units: one key, or a tuple of them."""
    rows = session.execute(_counts_query(*keys), {"plan": plan.id, "today": today, "soon": today + SOON})
    width = len(keys)
    return {row[0] if width == 1 else tuple(row[:width]): Counts(*map(int, row[width:])) for row in rows}


@cache
def _counts_query(*keys: Any) -> Select[Any]:
    is_open = Task.state.in_(OPEN_STATES)
    today, soon = bindparam("today", type_=Date), bindparam("soon", type_=Date)
    columns = (
        func.count(),
        _count(Task.state == TaskState.DONE),
        _count(and_(is_open, Task.due_on < today)),
        _count(and_(is_open, Task.due_on >= today, Task.due_on <= soon)),
        _count(Task.state == TaskState.SUBMITTED),
        _count(Task.due_on <= today),
    )
    query = _OF_PLAN.with_only_columns(*keys, *columns).join(Task.step)
    if any(key is TaskUnit.unit_id for key in keys):
        query = query.join(TaskUnit, TaskUnit.task_id == Task.id)
    return query.group_by(*keys)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


_OF_PLAN = select(Task).where(Task.plan_id == bindparam("plan"), Task.state != TaskState.CANCELLED)
_DAYS = (
    _OF_PLAN.with_only_columns(
        Unit.id,
        Unit.name,
        Task.due_on,
        func.count(),
        _count(Task.state == TaskState.DONE),
        _count(Task.state.in_(OPEN_STATES)),
    )
    .join(TaskUnit, TaskUnit.task_id == Task.id)
    .join(Unit, Unit.id == TaskUnit.unit_id)
    .where(Task.due_on.is_not(None))
    .group_by(Unit.id, Unit.name, Unit.position, Task.due_on)
    .order_by(Unit.position, Unit.id)
)


@dataclass(frozen=True)
class UnitYear:
    """A unit of the plan with its twelve months, October first, and how many of all its tasks are late."""

    id: int
    name: str
    months: Sequence[Month]
    late: int


def year_by_unit(session: Session, plan: Plan, today: date) -> list[tuple[str, Sequence[Month]]]:
    """Every unit of the plan with its twelve months, October first; one query."""
    return [(unit.name, unit.months) for unit in _unit_years(session, plan, today)]


def _unit_years(session: Session, plan: Plan, today: date) -> list[UnitYear]:
    """The database counts by day, which an index gives it; the few days are gathered into months here."""
    firsts = [
        date(year, month, 1)
        for year, month in months_between(fiscal_year_start(plan.fiscal_year), fiscal_year_end(plan.fiscal_year))
    ]
    found = []
    days = session.execute(_DAYS, {"plan": plan.id})
    for (id_, name), rows in groupby(days, key=lambda row: (row[0], row[1])):
        months: dict[date, list[int]] = defaultdict(lambda: [0, 0, 0])
        for _, _, due_on, total, done, is_open in rows:
            assert due_on is not None  # noqa: S101  (the query leaves the undated out)
            counts = months[due_on.replace(day=1)]
            counts[0] += total
            counts[1] += done
            counts[2] += is_open if due_on < today else 0
        late = sum(counts[2] for counts in months.values())
        found.append(UnitYear(id_, name, [Month(first, *months[first]) for first in firsts], late))
    return found


def _months_gone(fiscal_year: int, today: date) -> int:
    start = fiscal_year_start(fiscal_year)
    return min(12, max(0, (today.year - start.year) * 12 + today.month - start.month))
