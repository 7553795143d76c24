"""The task list as a calendar: one month, its weeks from Sunday, and on each day the steps that fall due."""

from calendar import Calendar
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, and_, case, func
from sqlalchemy.orm import Session

from tracker.kinds import OPEN_STATES, TaskState
from tracker.models import Measure, Step, Task

_SUNDAY = 6
_YEARS = 100
"""No plan is farther away."""


@dataclass(frozen=True)
class Due:
    """A step's tasks of one day."""

    step_id: int
    number: str
    name: str
    total: int
    tone: str


@dataclass(frozen=True)
class Day:
    on: date
    inside: bool
    due: Sequence[Due]


@dataclass(frozen=True)
class MonthOfTasks:
    """``before`` and ``after`` are the first days of the months beside it."""

    first: date
    before: date
    after: date
    weeks: Sequence[Sequence[Day]]
    count: int


def month_of_tasks(session: Session, tasks: Select[Task], first: date, today: date) -> MonthOfTasks:
    """The month that begins on that day; one query."""
    after = (first + timedelta(days=31)).replace(day=1)
    is_open = Task.state.in_(OPEN_STATES)
    done = func.sum(case((Task.state == TaskState.DONE, 1), else_=0))
    late = func.sum(case((and_(is_open, Task.due_on < today), 1), else_=0))
    rows = session.execute(
        tasks.join(Task.step)
        .join(Step.measure)
        .where(Task.due_on >= first, Task.due_on < after)
        .with_only_columns(
            Task.due_on, Step.id, Step.text, Measure.number, func.coalesce(Step.number, Step.position),
            func.count(), done, late,
        )
        .group_by(
            Task.due_on, Step.id, Step.text, Measure.number, Measure.position, Step.number, Step.position,
        )
        .order_by(Task.due_on, Measure.position, Step.position, Step.id)
    )  # fmt: skip
    due: dict[date, list[Due]] = defaultdict(list)
    count = 0
    for on, step_id, text, measure, number, total, done_, late_ in rows:
        tone = "late" if late_ else "done" if done_ == total else ""
        due[on].append(Due(step_id, f"{measure}.{number}", text, total, tone))
        count += total
    weeks = [
        [Day(on, on.month == first.month, due.get(on, ()) if on.month == first.month else ()) for on in week]
        for week in Calendar(_SUNDAY).monthdatescalendar(first.year, first.month)
    ]
    return MonthOfTasks(first, (first - timedelta(days=1)).replace(day=1), after, weeks, count)


def read_month(typed: str, today: date) -> date:
    """The first day of the month that an address names (2023-03), else of today's."""
    try:
        first = date.fromisoformat(f"{typed}-01")
    except ValueError:
        return today.replace(day=1)
    return first if abs(first.year - today.year) < _YEARS else today.replace(day=1)
