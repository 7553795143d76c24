"""What a sweep reads: the agencies that have something due, their calendars, tasks, notices, and what was told.

Every statement is made once; its number is the same for one agency and for a batch.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, Select, bindparam, exists, func, select, union
from sqlalchemy.orm import Session

from tracker.kinds import RoundState
from tracker.models import Agency, DayOff, Delivery, Digest, Notice, Plan, Reminder, Round, Task, TaskUnit
from tracker.reminders.conditions import delivery_is_open, task_is_due, task_is_open
from tracker.reminders.expired import agencies_with_stale
from tracker.reminders.planning import WEEK, DueTask
from tracker.reminders.stages import TaskFacts
from tracker.thai.working_days import WorkingDays

Waiting = tuple[Notice, list[int]]
_Statements = tuple[Select[*tuple[Any, ...]], Select[int, int, str, date]]

_DAY: BindParameter[date] = bindparam("day")
_THESE: BindParameter[list[int]] = bindparam("agencies", expanding=True)
_AGENCIES_DUE = union(
    select(Task.agency_id).where(task_is_due(_DAY)),
    select(Notice.agency_id).where(Notice.taken_at.is_(None)),
    agencies_with_stale(_DAY),
    select(Agency.id).where(Agency.swept_on > _DAY),
)
_REMINDING_AND_DUE = select(Agency.id).where(Agency.reminders_from <= _DAY, Agency.id.in_(_AGENCIES_DUE))
_AGENCIES = (
    select(
        Agency.id,
        Agency.name,
        Agency.send_from,
        Agency.send_until,
        Agency.escalate_after,
        Agency.upcoming_required,
        Agency.messages_required,
        Agency.reminders_from,
        Agency.swept_on,
    )
    .where(Agency.id.in_(_THESE))
    .order_by(Agency.id)
)
_DAYS_OFF = select(DayOff.agency_id, DayOff.off, DayOff.on).where(DayOff.agency_id.in_(_THESE))
_FACTS = (
    Task.state,
    Plan.fiscal_year,
    Task.due_on,
    Task.scheduled_on,
    Task.cadences,
    Task.period_start,
    Task.snoozed_until,
    Task.escalation_held,
)


def _tasks_where(wanted: ColumnElement[bool]) -> _Statements:
    """The tasks of some agencies, a row for each of their units; and the stages told of them."""
    chosen = Task.agency_id.in_(_THESE) & wanted
    closed = exists().where(Round.plan_id == Task.plan_id, Round.number == 12, Round.state == RoundState.CLOSED)
    tasks = (
        select(Task.id, Task.agency_id, TaskUnit.unit_id, closed, *_FACTS)
        .join(Plan, Plan.id == Task.plan_id)
        .outerjoin(TaskUnit, TaskUnit.task_id == Task.id)
        .where(chosen)
        .order_by(Task.id, TaskUnit.unit_id)
    )
    recorded = (
        select(Reminder.task_id, Reminder.member_id, Reminder.stage, Digest.on)
        .join(Task, Task.id == Reminder.task_id)
        .join(Digest, Digest.id == Reminder.digest_id)
        .where(chosen)
    )
    return tasks, recorded


_DUE_TASKS, _OPEN_TASKS = _tasks_where(task_is_due(_DAY)), _tasks_where(task_is_open())
_DUE_TASKS_LOCKED = _DUE_TASKS[0].with_for_update(of=Task), _DUE_TASKS[1]
_UNDER_WAY = select(Delivery.channel, func.count()).where(delivery_is_open()).group_by(Delivery.channel)
_IS_WAITING = Notice.agency_id.in_(_THESE) & Notice.taken_at.is_(None)
_NOTICES = select(Notice).where(_IS_WAITING).order_by(Notice.id)
_NOTICES_LOCKED = _NOTICES.with_for_update()
_UNITS_OF_NOTICES = select(TaskUnit.task_id, TaskUnit.unit_id).where(
    TaskUnit.task_id.in_(select(Notice.task_id).where(_IS_WAITING))
)
_SERVED = select(Digest.agency_id, Digest.member_id).where(Digest.agency_id.in_(_THESE), Digest.is_of(_DAY))
_ESCALATED = (
    select(Digest.agency_id, Digest.member_id, func.max(Digest.on))
    .join(Reminder, Reminder.digest_id == Digest.id)
    .where(Digest.agency_id.in_(_THESE), Digest.on > bindparam("week_ago"), Reminder.stage.like("escalation:%"))
    .group_by(Digest.agency_id, Digest.member_id)
)


def agencies_due(session: Session, day: date) -> list[int]:
    """The agencies that remind by the day and have something to look at: what this costs follows what is due."""
    return sorted(session.scalars(_REMINDING_AND_DUE, {"day": day}))


def has_leftovers(session: Session, agency_ids: Collection[int], day: date) -> bool:
    """Whether a sweep of these agencies first has to take back what earlier days, or a clock ahead, left behind."""
    stale = agencies_with_stale(day).where(Delivery.agency_id.in_(agency_ids))
    ahead = select(Agency.id).where(Agency.id.in_(agency_ids), Agency.swept_on > day)
    return session.scalar(union(stale, ahead).limit(1)) is not None


def under_way(session: Session) -> dict[str, int]:
    """How many messages of each channel are planned and not yet counted by it."""
    return {row[0]: row[1] for row in session.execute(_UNDER_WAY)}


def agencies_of(session: Session, agency_ids: Collection[int]) -> list[Row[Any]]:
    """The agencies with the settings that reminders follow."""
    return list(session.execute(_AGENCIES, {"agencies": list(agency_ids)}))


def calendars(session: Session, agency_ids: Collection[int]) -> dict[int, WorkingDays]:
    """The agencies' working days, in one query."""
    days: dict[tuple[int, bool], set[date]] = defaultdict(set)
    for agency_id, off, on in session.execute(_DAYS_OFF, {"agencies": agency_ids}):
        days[agency_id, off].add(on)
    return {one: WorkingDays(frozenset(days[one, True]), frozenset(days[one, False])) for one in agency_ids}


def tasks(
    session: Session, agency_ids: Collection[int], day: date, *, looks_only: bool = False
) -> dict[int, list[DueTask]]:
    """The tasks to look at by the day, by agency, locked; with ``looks_only`` all that are open, not locked."""
    asked = {"agencies": list(agency_ids), "day": day}
    of_tasks, of_reminders = _OPEN_TASKS if looks_only else _DUE_TASKS_LOCKED
    found: dict[int, DueTask] = {}
    by_agency: dict[int, list[DueTask]] = defaultdict(list)
    alike: dict[tuple[Any, ...], TaskFacts] = {}
    for task_id, agency_id, unit_id, closed, *facts in session.execute(of_tasks, asked):
        task = found.get(task_id)
        if task is None:
            facts[4] = tuple(facts[4])
            known = tuple(facts)
            if known not in alike:
                alike[known] = TaskFacts(*known)
            task = found[task_id] = DueTask(task_id, agency_id, alike[known], closed)
            by_agency[agency_id].append(task)
        if unit_id is not None:
            task.unit_ids += (unit_id,)
    if found:
        for task_id, member_id, stage, on in session.execute(of_reminders, asked):
            task = found[task_id]
            task.recorded[member_id] = task.recorded.get(member_id, frozenset()) | {stage}
            if not stage.startswith("escalation"):
                task.first_reported[member_id] = min(on, task.first_reported.get(member_id, on))
    return by_agency


def served(session: Session, agency_ids: Collection[int], day: date) -> dict[int, set[int]]:
    """The members who have a digest of the day."""
    found: dict[int, set[int]] = defaultdict(set)
    for agency_id, member_id in session.execute(_SERVED, {"agencies": agency_ids, "day": day}):
        found[agency_id].add(member_id)
    return found


def escalated(session: Session, agency_ids: Collection[int], day: date) -> dict[int, dict[int, date]]:
    """When each member last heard of an escalation, as far as it matters today."""
    found: dict[int, dict[int, date]] = defaultdict(dict)
    asked = {"agencies": agency_ids, "week_ago": day - WEEK}
    for agency_id, member_id, on in session.execute(_ESCALATED, asked):
        found[agency_id][member_id] = on
    return found


def notices(session: Session, agency_ids: Collection[int], *, looks_only: bool = False) -> dict[int, list[Waiting]]:
    """The notices that wait, by agency, each with the units of its task; locked unless ``looks_only``."""
    waiting: dict[int, list[Waiting]] = defaultdict(list)
    these = {"agencies": list(agency_ids)}
    notices = session.scalars(_NOTICES if looks_only else _NOTICES_LOCKED, these).all()
    units: dict[int, list[int]] = defaultdict(list)
    if notices:
        for task_id, unit_id in session.execute(_UNITS_OF_NOTICES, these):
            units[task_id].append(unit_id)
    for notice in notices:
        waiting[notice.agency_id].append((notice, units[notice.task_id] if notice.task_id else []))
    return waiting
