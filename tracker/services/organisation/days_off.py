"""The agency's own calendar: which reminders move with a day off or on, and the change itself."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import NotUnderstoodError
from tracker.kinds import OPEN_STATES
from tracker.models import Agency, DayOff, Plan, Reminder, Task
from tracker.reminders.queries import calendars
from tracker.reminders.stages import Rules, TaskFacts, needs_sweep, timetable
from tracker.reminders.sweep import look_at_again
from tracker.services.audit import Actor, record
from tracker.thai.working_days import WorkingDays

FARTHEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class DayChange:
    """A day that becomes one off (True), one on which the agency works (False), or as everywhere (None)."""

    on: date
    off: bool | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """Reminders that go out on another day than before: how many, and the titles of their tasks."""

    before: date
    after: date
    reminders: int
    titles: tuple[str, ...]


def moves(session: Session, agency: Agency, change: DayChange, today: date) -> list[Move]:
    """What the change would move, by day; three queries, and nothing is changed."""
    before = calendars(session, [agency.id])[agency.id]
    after = _changed(before, change)
    rules = Rules(escalation=tuple(agency.escalate_after))
    found: dict[tuple[date, date], list[str]] = defaultdict(list)
    for title, facts in _open_tasks(session, agency, today):
        new = timetable(facts, after, rules)
        for key, (_, old_day) in timetable(facts, before, rules).items():
            new_day = new[key][1]
            if old_day != new_day and max(old_day, new_day) >= today:
                found[old_day, new_day].append(title)
    return [Move(old, new, len(titles), tuple(dict.fromkeys(titles))) for (old, new), titles in sorted(found.items())]


def change_day(session: Session, agency: Agency, change: DayChange, *, today: date, by: Actor, at: datetime) -> None:
    """Makes the change; the next sweep looks at every open task again. NotUnderstoodError for a day far away."""
    if abs(change.on - today) > FARTHEST:
        raise NotUnderstoodError("This day is years away; check the year.", "วันที่นี้ห่างไปหลายปี กรุณาตรวจปี พ.ศ.")
    row = session.scalar(select(DayOff).where(DayOff.agency_id == agency.id, DayOff.on == change.on))
    if change.off is None:
        if row is not None:
            session.delete(row)
    elif row is None:
        session.add(DayOff(agency_id=agency.id, on=change.on, name=change.name, off=change.off))
    else:
        row.off, row.name = change.off, change.name
    record(session, agency.id, "calendar_changed", by, at, on=change.on.isoformat(), off=change.off, name=change.name)
    look_at_again(session, agency.id)


def _changed(calendar: WorkingDays, change: DayChange) -> WorkingDays:
    one = frozenset({change.on})
    return WorkingDays(
        calendar.added | one if change.off is True else calendar.added - one,
        calendar.removed | one if change.off is False else calendar.removed - one,
    )


def _open_tasks(session: Session, agency: Agency, today: date) -> Sequence[tuple[str, TaskFacts]]:
    """The open tasks in service, with what was told of them to anybody."""
    is_open = Task.agency_id == agency.id, Task.state.in_(OPEN_STATES)
    stages: dict[int, set[str]] = defaultdict(set)
    for task_id, stage in session.execute(select(Reminder.task_id, Reminder.stage).join(Task).where(*is_open)):
        stages[task_id].add(stage)
    rows = session.execute(select(Task, Plan.fiscal_year).join(Plan, Plan.id == Task.plan_id).where(*is_open))
    return [
        (
            task.title,
            TaskFacts(
                state=task.state,
                fiscal_year=year,
                due_on=task.due_on,
                scheduled_on=task.scheduled_on,
                cadences=tuple(task.cadences),
                begins_on=task.period_start,
                escalation_held=task.escalation_held,
                recorded=frozenset(stages[task.id]),
            ),
        )
        for task, year in rows
        if needs_sweep(year, today, closed=False)
    ]
