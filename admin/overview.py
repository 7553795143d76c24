"""The agency at a glance: counts per measure, what is late with whom, the year by unit and month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, case, extract, func, select
from sqlalchemy.orm import Session

from admin.task_list import SOON
from tracker.models import OPEN_STATES, Measure, Plan, Step, Task, TaskUnit, Unit
from tracker.outlook import Standing, percent, round_at, standing
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
    late_units: Sequence[tuple[Unit, int]]
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


def overview(session: Session, plan: Plan, today: date) -> Overview:
    """Five queries, whatever the number of tasks."""
    round_ = round_at(plan.fiscal_year, today)
    by_measure = counts_by(session, plan, today, Step.measure_id)
    measures = session.scalars(
        select(Measure).where(Measure.plan_id == plan.id, ~Measure.retired).order_by(Measure.position)
    ).all()
    rows = []
    for measure in measures:
        counts = by_measure.get(measure.id, Counts())
        rows.append(MeasureRow(measure, counts, light(counts, plan.fiscal_year, today)))
    return Overview(
        plan=plan,
        round=round_,
        round_ends=round_end(plan.fiscal_year, round_),
        months_gone=_months_gone(plan.fiscal_year, today),
        all=sum(by_measure.values(), Counts()),
        measures=rows,
        late_units=_late_units(session, plan, today),
        year=year_by_unit(session, plan, today),
    )


def counts_by(session: Session, plan: Plan, today: date, *keys: Any) -> dict[Any, Counts]:
    """The counts of the plan's tasks by columns of the task, its step or its units: one key, or a tuple of them."""
    is_open = Task.state.in_(OPEN_STATES)
    columns = (
        func.count(),
        _count(Task.state == "done"),
        _count(and_(is_open, Task.due_on < today)),
        _count(and_(is_open, Task.due_on >= today, Task.due_on <= today + SOON)),
        _count(Task.state == "submitted"),
        _count(Task.due_on <= today),
    )
    query = _of_plan(plan).with_only_columns(*keys, *columns).join(Task.step)
    if any(key is TaskUnit.unit_id for key in keys):
        query = query.join(TaskUnit, TaskUnit.task_id == Task.id)
    rows = session.execute(query.group_by(*keys))
    width = len(keys)
    return {row[0] if width == 1 else tuple(row[:width]): Counts(*map(int, row[width:])) for row in rows}


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _of_plan(plan: Plan) -> Select[Task]:
    return select(Task).where(Task.plan_id == plan.id, Task.state != "cancelled")


def _late_units(session: Session, plan: Plan, today: date) -> list[tuple[Unit, int]]:
    count = func.count()
    rows = session.execute(
        select(Unit, count)
        .join(TaskUnit, TaskUnit.unit_id == Unit.id)
        .join(Task, Task.id == TaskUnit.task_id)
        .where(Task.plan_id == plan.id, Task.state.in_(OPEN_STATES), Task.due_on < today)
        .group_by(Unit.id)
        .order_by(count.desc(), Unit.position, Unit.id)
    )
    return [(unit, number) for unit, number in rows]


def year_by_unit(session: Session, plan: Plan, today: date) -> list[tuple[str, list[Month]]]:
    """Every unit of the plan with its twelve months, October first; one query."""
    months = [
        date(year, month, 1)
        for year, month in months_between(fiscal_year_start(plan.fiscal_year), fiscal_year_end(plan.fiscal_year))
    ]
    year, month = extract("year", Task.due_on), extract("month", Task.due_on)
    rows = session.execute(
        _of_plan(plan)
        .with_only_columns(
            Unit.id,
            Unit.name,
            year,
            month,
            func.count(),
            _count(Task.state == "done"),
            _count(and_(Task.state.in_(OPEN_STATES), Task.due_on < today)),
        )
        .join(TaskUnit, TaskUnit.task_id == Task.id)
        .join(Unit, Unit.id == TaskUnit.unit_id)
        .where(Task.due_on.is_not(None))
        .group_by(Unit.id, Unit.name, Unit.position, year, month)
        .order_by(Unit.position, Unit.id)
    )
    found = []
    for (_, name), cells in groupby(rows, key=lambda row: (row[0], row[1])):
        by_month = {date(int(row[2]), int(row[3]), 1): row[4:] for row in cells}
        found.append((name, [Month(first, *map(int, by_month.get(first, (0, 0, 0)))) for first in months]))
    return found


def _months_gone(fiscal_year: int, today: date) -> int:
    start = fiscal_year_start(fiscal_year)
    return min(12, max(0, (today.year - start.year) * 12 + today.month - start.month))
