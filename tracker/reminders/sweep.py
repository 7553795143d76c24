"""The sweep: what is due and not yet recorded becomes digests with a planned delivery, in one transaction a batch.

Safe to repeat and to run twice at once: the tasks are locked while they are looked at, and the ledger's unique keys
refuse a second digest of a person's day and a second reminder of a stage. The number of queries of a batch is fixed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, exists, func, insert, select, union, update
from sqlalchemy.orm import Session

from tracker.clock import local
from tracker.db import Database
from tracker.models import OPEN_STATES, Agency, DayOff, Delivery, Digest, Notice, Plan, Reminder, Round, Task, TaskUnit
from tracker.models.reminder import digest_notice
from tracker.reminders.choice import Channels
from tracker.reminders.conditions import task_is_due, task_is_open
from tracker.reminders.ledger import insert_missing
from tracker.reminders.notices import TO_OWNERS, goes_at_once
from tracker.reminders.planning import DAY, WEEK, DueTask, Office, Skip, plan_day
from tracker.reminders.recipients import People, read_people
from tracker.reminders.stages import Rules, Stage, TaskFacts
from tracker.reminders.stale import agencies_with_stale, give_back_stale
from tracker.reminders.wishes import wishes_of
from tracker.settings import Settings
from tracker.working_days import WorkingDays, may_send

AGENCIES_A_BATCH = 50
URGENT = ("due", "overdue", "escalation")
_Waiting = tuple[Notice, list[int]]


@dataclass(slots=True)
class PlannedDigest:
    """One person's digest of a day: the stages it records, the notices it carries, its channels, and when it goes."""

    agency_id: int
    member_id: int
    channels: tuple[str, ...]
    stages: list[tuple[int, Stage]]
    notices: list[int]
    not_before: datetime


@dataclass(slots=True)
class Sweep:
    """What a sweep of some agencies found: the digests that it records, and who gets nothing and why."""

    digests: list[PlannedDigest] = field(default_factory=list)
    skipped: list[Skip] = field(default_factory=list)
    look_again_on: dict[int, date | None] = field(default_factory=dict)
    next_day: dict[int, date] = field(default_factory=dict)


def agencies_due(session: Session, day: date) -> list[int]:
    """The agencies that have something to look at by the day: what this costs follows what is due."""
    found = union(
        select(Task.agency_id).where(task_is_due(day)),
        select(Notice.agency_id).where(Notice.taken_at.is_(None)),
        agencies_with_stale(day),
    )
    return sorted(session.scalars(found))


def sweep(
    database: Database,
    settings: Settings,
    agency_ids: Iterable[int],
    at: datetime,
    *,
    ignore_hours: bool = False,
    line_left: int | None = None,
) -> list[PlannedDigest]:
    """Records what is due at ``at`` in these agencies; gives the digests that are new.

    ``line_left`` is what LINE's month still allows, where that is known.

    Outside of an agency's working hours nothing happens there, unless ``ignore_hours`` (the coordinator's "send now").
    """
    recorded: list[PlannedDigest] = []
    channels = Channels(settings, line_left)
    for batch in batches(agency_ids, AGENCIES_A_BATCH):
        with database.writing() as session:
            found = look(session, settings, batch, at, channels, ignore_hours=ignore_hours)
            recorded += record_found(session, found, local(at, settings.zone).date(), at)
    return recorded


def batches(agency_ids: Iterable[int], size: int) -> Iterator[list[int]]:
    """The ids in lists of at most ``size``."""
    ids = iter(agency_ids)
    while batch := list(islice(ids, size)):
        yield batch


def look(
    session: Session,
    settings: Settings,
    agency_ids: Collection[int],
    at: datetime,
    channels: Channels,
    *,
    ignore_hours: bool = False,
    every_task: bool = False,
) -> Sweep:
    """What a sweep at ``at`` would record in these agencies. In a writing session the tasks stay locked.

    ``every_task`` looks at the open tasks of which nothing is due, too, and says why not.
    """
    here = local(at, settings.zone)
    day, found = here.date(), Sweep()
    open_now: dict[int, tuple[Agency, WorkingDays]] = {}
    working = calendars(session, agency_ids)
    for agency in session.scalars(select(Agency).where(Agency.id.in_(agency_ids)).order_by(Agency.id)):
        calendar = working[agency.id]
        if ignore_hours:
            calendar = WorkingDays(calendar.added - {day}, calendar.removed | {day})
        elif not may_send(at, settings.zone, calendar, agency.send_from, agency.send_until):
            found.skipped.append(Skip(f"{agency.name} is closed now; reminders go out in its working hours"))
            continue
        open_now[agency.id] = agency, calendar
    if not open_now:
        return found
    give_back_stale(session, open_now, day)
    tasks = _tasks(session, open_now, task_is_open() if every_task else task_is_due(day))
    notices = _notices(session, open_now)
    concerned = tasks.keys() | notices.keys()
    if not concerned:
        return found
    people = read_people(session, concerned, day)
    served = _served(session, concerned, day)
    escalated = _escalated(session, concerned, day)
    for agency_id in sorted(concerned):
        agency, calendar = open_now[agency_id]
        wishes = {one: wishes_of(member, agency) for one, member in people[agency_id].members.items()}
        office = Office(
            people[agency_id],
            calendar,
            Rules(escalation=tuple(agency.escalate_after)),
            frozenset(served[agency_id]),
            escalated[agency_id],
            frozenset() if ignore_hours else frozenset(one for one, its in wishes.items() if its.closes < here.time()),
            frozenset(one for one, its in wishes.items() if its.urgent_only),
        )
        plan = plan_day(tasks.get(agency_id, []), office, day)
        found.look_again_on |= plan.look_again_on
        found.skipped += plan.skipped
        found.next_day[agency_id] = calendar.next_or_same(day + DAY)
        opening = datetime.combine(day, agency.send_from, settings.zone)
        carried = _carried(notices.get(agency_id, []), office, plan.stages.keys(), opening)
        for member_id in sorted(plan.stages.keys() | carried.keys()):
            stages = plan.stages.get(member_id, [])
            urgent = any(stage.kind in URGENT for _, stage in stages)
            by = channels.of(office.people.members[member_id], wishes[member_id].channels, urgent=urgent)
            opens = at if ignore_hours else datetime.combine(day, wishes[member_id].opens, settings.zone)
            notices_of = carried.get(member_id, [])
            found.digests.append(PlannedDigest(agency_id, member_id, by, stages, notices_of, max(at, opens)))
    return found


def look_at_again(session: Session, agency_id: int) -> None:
    """Makes the next sweep look at every open task of the agency: after a change of its people, calendar or rules."""
    session.execute(
        update(Task).where(Task.agency_id == agency_id, Task.state.in_(OPEN_STATES)).values(next_stage_on=date.min)
    )


def calendars(session: Session, agency_ids: Collection[int]) -> dict[int, WorkingDays]:
    """The agencies' working days, in one query."""
    days: dict[tuple[int, bool], set[date]] = defaultdict(set)
    listed = select(DayOff.agency_id, DayOff.off, DayOff.on).where(DayOff.agency_id.in_(agency_ids))
    for agency_id, off, on in session.execute(listed):
        days[agency_id, off].add(on)
    return {one: WorkingDays(frozenset(days[one, True]), frozenset(days[one, False])) for one in agency_ids}


def _tasks(session: Session, agency_ids: Collection[int], wanted: ColumnElement[bool]) -> dict[int, list[DueTask]]:
    """The tasks to look at, by agency, with their units and what was recorded; locked where the session writes."""
    due = Task.agency_id.in_(agency_ids) & wanted
    closed = exists().where(Round.plan_id == Task.plan_id, Round.number == 12, Round.state == "closed")
    rows = session.execute(
        select(
            Task.id,
            Task.agency_id,
            Task.state,
            Task.due_on,
            Task.scheduled_on,
            Task.cadences,
            Task.period_start,
            Task.snoozed_until,
            Task.escalation_held,
            Plan.fiscal_year,
            closed.label("closed"),
        )
        .join(Plan, Plan.id == Task.plan_id)
        .where(due)
        .order_by(Task.id)
        .with_for_update(of=Task)
    ).all()
    if not rows:
        return {}
    units: dict[int, list[int]] = defaultdict(list)
    listed = select(TaskUnit.task_id, TaskUnit.unit_id).join(Task, Task.id == TaskUnit.task_id).where(due)
    for task_id, unit_id in session.execute(listed.order_by(TaskUnit.task_id, TaskUnit.unit_id)):
        units[task_id].append(unit_id)
    told: dict[int, dict[int, frozenset[str]]] = defaultdict(dict)
    recorded = select(Reminder.task_id, Reminder.member_id, Reminder.stage).join(Task).where(due)
    for task_id, member_id, stage in session.execute(recorded):
        told[task_id][member_id] = told[task_id].get(member_id, frozenset()) | {stage}
    found: dict[int, list[DueTask]] = defaultdict(list)
    for row in rows:
        found[row.agency_id].append(
            DueTask(row.id, row.agency_id, _facts(row), row.closed, tuple(units[row.id]), told[row.id])
        )
    return found


def _facts(row: Row[Any]) -> TaskFacts:
    return TaskFacts(
        state=row.state,
        fiscal_year=row.fiscal_year,
        due_on=row.due_on,
        scheduled_on=row.scheduled_on,
        cadences=tuple(row.cadences),
        begins_on=row.period_start,
        snoozed_until=row.snoozed_until,
        escalation_held=row.escalation_held,
    )


def _served(session: Session, agency_ids: Collection[int], day: date) -> dict[int, set[int]]:
    served: dict[int, set[int]] = defaultdict(set)
    digests = select(Digest.agency_id, Digest.member_id).where(Digest.agency_id.in_(agency_ids), Digest.on == day)
    for agency_id, member_id in session.execute(digests):
        served[agency_id].add(member_id)
    return served


def _escalated(session: Session, agency_ids: Collection[int], day: date) -> dict[int, dict[int, date]]:
    """When each member last heard of an escalation, as far as it matters today."""
    found: dict[int, dict[int, date]] = defaultdict(dict)
    lately = (
        select(Digest.agency_id, Digest.member_id, func.max(Digest.on))
        .join(Reminder, Reminder.digest_id == Digest.id)
        .where(Digest.agency_id.in_(agency_ids), Digest.on > day - WEEK, Reminder.stage.like("escalation:%"))
        .group_by(Digest.agency_id, Digest.member_id)
    )
    for agency_id, member_id, on in session.execute(lately):
        found[agency_id][member_id] = on
    return found


def _notices(session: Session, agency_ids: Collection[int]) -> dict[int, list[_Waiting]]:
    """The notices that wait, by agency, each with the units of its task."""
    waiting: dict[int, list[_Waiting]] = defaultdict(list)
    is_waiting = Notice.agency_id.in_(agency_ids) & Notice.taken_at.is_(None)
    notices = session.scalars(select(Notice).where(is_waiting).order_by(Notice.id).with_for_update()).all()
    units: dict[int, list[int]] = defaultdict(list)
    if notices:
        concerned = select(TaskUnit.task_id, TaskUnit.unit_id).where(
            TaskUnit.task_id.in_(select(Notice.task_id).where(is_waiting))
        )
        for task_id, unit_id in session.execute(concerned):
            units[task_id].append(unit_id)
    for notice in notices:
        waiting[notice.agency_id].append((notice, units[notice.task_id] if notice.task_id else []))
    return waiting


def _carried(
    notices: Sequence[_Waiting], office: Office, reminded: Collection[int], opening: datetime
) -> dict[int, list[int]]:
    """The notices that go out now, by member.

    One of before today's opening, or one meant for a single person, goes out by itself; another only beside
    reminders, else it waits a day. A notice to several coordinators goes to all at once.
    """
    carried: dict[int, list[int]] = defaultdict(list)
    for notice, units in notices:
        to = _readers(notice, units, office.people)
        alone = notice.created_at < opening or goes_at_once(notice)
        rides = bool(to) and (alone or all(member in reminded for member in to))
        if rides and not any(member in office.served or member in office.gone for member in to):
            for member in to:
                carried[member].append(notice.id)
    return carried


def _readers(notice: Notice, units: Iterable[int], people: People) -> list[int]:
    if notice.member_id is not None:
        return [notice.member_id] if notice.member_id in people.members else people.coordinators
    return people.responsible(units) if notice.kind in TO_OWNERS else people.coordinators


def record_found(session: Session, found: Sweep, day: date, at: datetime) -> list[PlannedDigest]:
    """Writes digests, reminders, deliveries, and when to look again; gives the digests that were not there yet."""
    by_member = {digest.member_id: digest for digest in found.digests}
    ids: dict[int, int] = {}
    if by_member:
        rows = [
            {"agency_id": one.agency_id, "member_id": one.member_id, "on": day, "created_at": at}
            for one in found.digests
        ]
        made = insert_missing(session, Digest).returning(Digest.member_id, Digest.id)
        ids = {row.member_id: row.id for row in session.execute(made, rows)}
    for lost in by_member.keys() - ids.keys():
        for task_id, _ in by_member[lost].stages:
            found.look_again_on[task_id] = found.next_day[by_member[lost].agency_id]
    new = [by_member[member_id] for member_id in sorted(ids)]
    _insert_contents(session, new, ids, at)
    if found.look_again_on:
        table = Task.__table__
        session.connection().execute(
            update(Task).where(table.c.id == bindparam("task")).values(next_stage_on=bindparam("day")),
            [{"task": task, "day": again} for task, again in found.look_again_on.items()],
        )
    return new


def _insert_contents(session: Session, new: list[PlannedDigest], ids: dict[int, int], at: datetime) -> None:
    reminders = [
        {
            "agency_id": digest.agency_id,
            "task_id": task_id,
            "member_id": digest.member_id,
            "digest_id": ids[digest.member_id],
            "stage": stage.key,
            "created_at": at,
        }
        for digest in new
        for task_id, stage in digest.stages
    ]
    deliveries = [
        {
            "agency_id": digest.agency_id,
            "digest_id": ids[digest.member_id],
            "channel": channel,
            "next_attempt_at": digest.not_before,
            "created_at": at,
        }
        for digest in new
        for channel in digest.channels
    ]
    carried = [{"digest_id": ids[digest.member_id], "notice_id": notice} for digest in new for notice in digest.notices]
    if reminders:
        session.execute(insert_missing(session, Reminder), reminders)
    if deliveries:
        session.execute(insert(Delivery), deliveries)
    if carried:
        session.execute(insert(digest_notice), carried)
        taken = {one["notice_id"] for one in carried}
        session.execute(update(Notice).where(Notice.id.in_(taken)).values(taken_at=at))
