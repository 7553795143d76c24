"""The sweep: what is due and not yet recorded becomes digests with a planned delivery, in one transaction a batch.

Safe to repeat and to run twice at once: the tasks are locked while they are looked at, and the ledger's unique keys
refuse a second digest of a person's day and a second reminder of a stage. The number of queries of a batch follows the
days on which its tasks are to be looked at again, neither people nor tasks.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, partial
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Date, Row, bindparam, insert, update
from sqlalchemy.orm import Session

from tracker.clock import local
from tracker.kinds import OPEN_STATES
from tracker.models import Delivery, Digest, Notice, Reminder, Task
from tracker.models.reminder import digest_notice
from tracker.reminders import clock_ahead
from tracker.reminders import queries as reading
from tracker.reminders.channel_selection import ChannelSelector
from tracker.reminders.expired import give_back_stale
from tracker.reminders.ledger import insert_missing
from tracker.reminders.member_preferences import preferences_of
from tracker.reminders.notices import TO_OWNERS, goes_at_once
from tracker.reminders.planning import DAY, Office, Skip, plan_day
from tracker.reminders.queries import Waiting
from tracker.reminders.recipients import People, read_people
from tracker.reminders.stages import Rules, Stage
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.thai.working_days import WorkingDays, may_send

AGENCIES_A_BATCH = 50
"""Their rows are locked together: few enough that a tick never waits long for a sweep."""
TASKS_A_STATEMENT = 5_000
"""Within SQLite's and PostgreSQL's limits of parameters."""
_T = TypeVar("_T")
URGENT = ("due", "overdue", "escalation")
_LOOK_AGAIN = (
    update(Task)
    .where(Task.id.in_(bindparam("tasks", expanding=True)))
    .values(next_stage_on=bindparam("again", type_=Date))
)


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
class SweepResult:
    """What a sweep of some agencies found: the digests that it records, and who gets nothing and why.

    ``first_of_the_day`` are the agencies of which another day is noted as their last sweep's.
    """

    digests: list[PlannedDigest] = field(default_factory=list)
    skipped: list[Skip] = field(default_factory=list)
    look_again_on: dict[int, date | None] = field(default_factory=dict)
    next_day: dict[int, date] = field(default_factory=dict)
    first_of_the_day: set[int] = field(default_factory=set)


def sweep(
    database: Database,
    settings: Settings,
    agency_ids: Iterable[int],
    at: datetime,
    *,
    ignore_hours: bool = False,
    left: Mapping[str, int] | None = None,
) -> list[PlannedDigest]:
    """Records what is due at ``at`` in these agencies; gives the digests that are new.

    ``left`` are the messages that a channel's month still allows, where it says so; what is under way counts as used.

    Outside of an agency's working hours nothing happens there, unless ``ignore_hours`` (the coordinator's "send now").
    """
    recorded: list[PlannedDigest] = []
    if left:
        with database.reading() as session:
            used = reading.under_way(session)
        left = {channel: number - used.get(channel, 0) for channel, number in left.items()}
    channels = ChannelSelector(settings, left)
    for batch in batches(agency_ids, AGENCIES_A_BATCH):
        with database.writing() as session:
            found = plan_sweep(session, settings, batch, at, channels, ignore_hours=ignore_hours)
            recorded += save_digests(session, found, local(at, settings.zone).date(), at)
    return recorded


def batches(entries: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """The entries in lists of at most ``size``."""
    left = iter(entries)
    while batch := list(islice(left, size)):
        yield batch


def plan_sweep(
    session: Session,
    settings: Settings,
    agency_ids: Collection[int],
    at: datetime,
    channels: ChannelSelector,
    *,
    ignore_hours: bool = False,
    looks_only: bool = False,
    though_off: bool = False,
) -> SweepResult:
    """What a sweep at ``at`` would record in these agencies. In a writing session the tasks stay locked.

    ``looks_only`` locks nothing, looks at the open tasks of which nothing is due, too, and says why not; ``though_off``
    looks also at the agencies whose reminders have yet to be switched on.
    """
    here = local(at, settings.zone)
    day, found = here.date(), SweepResult()
    open_now: dict[int, tuple[Row[Any], WorkingDays]] = {}
    working = reading.calendars(session, agency_ids)
    for agency in reading.agencies_of(session, agency_ids):
        calendar = working[agency.id]
        if not though_off and not reminds(agency.reminders_from, day):
            found.skipped.append(Skip(_not_yet(agency.name, agency.reminders_from)))
            continue
        if ignore_hours:
            calendar = WorkingDays(calendar.added - {day}, calendar.removed | {day})
        elif not may_send(at, settings.zone, calendar, agency.send_from, agency.send_until):
            found.skipped.append(Skip(f"{agency.name} is closed now; reminders go out in its working hours"))
            continue
        open_now[agency.id] = agency, calendar
    if not open_now:
        return found
    found.first_of_the_day = _noting_day(session, {one: row.swept_on for one, (row, _) in open_now.items()}, at, day)
    give_back_stale(session, open_now, day)
    tasks = reading.tasks(session, open_now, day, looks_only=looks_only)
    notices = reading.notices(session, open_now, looks_only=looks_only)
    concerned = tasks.keys() | notices.keys()
    if not concerned:
        return found
    people = read_people(session, concerned, day)
    served = reading.served(session, concerned, day)
    escalated = reading.escalated(session, concerned, day)
    for agency_id in sorted(concerned):
        agency, calendar = open_now[agency_id]
        wishes = {one: preferences_of(member, agency) for one, member in people[agency_id].members.items()}
        opening_at = cache(partial(datetime.combine, day, tzinfo=settings.zone))
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
        opening = opening_at(agency.send_from)
        carried = _carried(notices.get(agency_id, []), office, plan.stages.keys(), opening)
        for member_id in sorted(plan.stages.keys() | carried.keys()):
            stages = plan.stages.get(member_id, [])
            urgent = any(stage.kind in URGENT for _, stage in stages)
            by = channels.of(office.people.members[member_id], wishes[member_id].channels, urgent=urgent)
            opens = at if ignore_hours else opening_at(wishes[member_id].opens)
            notices_of = carried.get(member_id, [])
            found.digests.append(PlannedDigest(agency_id, member_id, by, stages, notices_of, max(at, opens)))
    return found


def _noting_day(session: Session, last: Mapping[int, date | None], at: datetime, day: date) -> set[int]:
    """The agencies whose last sweep's day moves to this one; what one of a day to come recorded is taken back first."""
    ahead = [agency for agency, on in last.items() if on and on > day]
    moved = {agency for agency, on in last.items() if on is None or on < day}
    return moved | clock_ahead.take_back(session, ahead, at, day) if ahead else moved


def reminds(reminders_from: date | None, day: date) -> bool:
    """Whether an agency's reminders go out on the day."""
    return reminders_from is not None and reminders_from <= day


def _not_yet(agency: str, reminders_from: date | None) -> str:
    if reminders_from is None:
        return f"{agency} has not switched its reminders on"
    return f"{agency} reminds from {reminders_from.isoformat()} on"


def look_at_again(session: Session, agency_id: int) -> None:
    """Makes the next sweep look at every open task of the agency: after a change of its people, calendar or rules."""
    session.execute(
        update(Task).where(Task.agency_id == agency_id, Task.state.in_(OPEN_STATES)).values(next_stage_on=date.min)
    )


def _carried(
    notices: Sequence[Waiting], office: Office, reminded: Collection[int], opening: datetime
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


def save_digests(session: Session, found: SweepResult, day: date, at: datetime) -> list[PlannedDigest]:
    """Writes digests, reminders, deliveries, and when to look again; gives the digests that were not there yet."""
    by_member = {digest.member_id: digest for digest in found.digests}
    if found.first_of_the_day:
        clock_ahead.note_swept(session, found.first_of_the_day, day)
    connection = session.connection()
    ids: dict[int, int] = {}
    if by_member:
        rows = [
            {"agency_id": one.agency_id, "member_id": one.member_id, "on": day, "created_at": at}
            for one in found.digests
        ]
        made = insert_missing(session, Digest).returning(Digest.member_id, Digest.id)
        ids = {row.member_id: row.id for row in connection.execute(made, rows)}
    for lost in by_member.keys() - ids.keys():
        for task_id, _ in by_member[lost].stages:
            found.look_again_on[task_id] = found.next_day[by_member[lost].agency_id]
    new = [by_member[member_id] for member_id in sorted(ids)]
    _insert_contents(session, new, ids, at)
    tasks_of: dict[date | None, list[int]] = defaultdict(list)
    for task_id, again in found.look_again_on.items():
        tasks_of[again].append(task_id)
    for again, tasks in tasks_of.items():
        for some in batches(tasks, TASKS_A_STATEMENT):
            connection.execute(_LOOK_AGAIN, {"tasks": some, "again": again})
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
            "id": uuid.uuid4(),
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
    connection = session.connection()
    if reminders:
        connection.execute(insert_missing(session, Reminder), reminders)
    if deliveries:
        connection.execute(insert(Delivery), deliveries)
    if carried:
        connection.execute(insert(digest_notice), carried)
        taken = {one["notice_id"] for one in carried}
        session.execute(update(Notice).where(Notice.id.in_(taken)).values(taken_at=at))
