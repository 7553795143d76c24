"""The messages of the first day of reminders, as they would be then: tried out, and everything is thrown away."""

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.clock import local
from tracker.kinds import OPEN_STATES
from tracker.models import Agency, Delivery, Digest, Member, Plan, Role, Task, TaskUnit, Unit
from tracker.reminders.channel_selection import ChannelSelector
from tracker.reminders.digest import Content, compose
from tracker.reminders.outgoing import read_parcels
from tracker.reminders.plan_announcements import announce
from tracker.reminders.sweep import plan_sweep, save_digests
from tracker.settings import Settings
from tracker.thai.calendar import fiscal_year_of

_ANNOUNCED_BEFORE = timedelta(hours=1)
"""Plans are announced before the office opens, so that the message of its opening carries them."""


@dataclass(frozen=True, slots=True)
class FirstMessage:
    """What one person gets: how many tasks of the year, the first day, by which channels, and the words."""

    member_id: int
    name: str
    units: str
    tasks: int
    first_due: date | None
    channels: tuple[str, ...]
    content: Content


def first_messages(
    session: Session, settings: Settings, agency_id: int, day: date, *, announced: datetime
) -> list[FirstMessage]:
    """The agency's messages of the day at its opening, the earliest task first.

    ``announced`` is when what is told now was decided. The session must be a writing one of its own; it is rolled back.
    """
    agency = session.get_one(Agency, agency_id)
    opening = datetime.combine(day, agency.send_from, tzinfo=settings.zone)
    try:
        announce(session, [agency_id], fiscal_year_of(day), min(announced, opening - _ANNOUNCED_BEFORE))
        session.flush()
        channels = ChannelSelector(settings)
        found = plan_sweep(session, settings, [agency_id], opening, channels, though_off=True)
        save_digests(session, found, day, opening)
        session.flush()
        return _messages(session, settings, agency_id, day, opening)
    finally:
        session.rollback()


def messages_at(
    session: Session, settings: Settings, agency_id: int, at: datetime, *, whatever_the_hour: bool
) -> list[FirstMessage]:
    """What a sweep at ``at`` would send to whom, without those whose message of that day is made already.

    The session must be a writing one of its own; it is rolled back.
    """
    day = local(at, settings.zone).date()
    of_day = select(Digest.member_id).where(Digest.agency_id == agency_id, Digest.on == day)
    served = set(session.scalars(of_day))
    try:
        found = plan_sweep(
            session, settings, [agency_id], at, ChannelSelector(settings), ignore_hours=whatever_the_hour
        )
        save_digests(session, found, day, at)
        session.flush()
        return [one for one in _messages(session, settings, agency_id, day, at) if one.member_id not in served]
    finally:
        session.rollback()


def _messages(session: Session, settings: Settings, agency_id: int, day: date, opening: datetime) -> list[FirstMessage]:
    planned = session.execute(
        select(Delivery.id, Delivery.channel, Digest.member_id)
        .join(Digest)
        .where(Digest.agency_id == agency_id, Digest.on == day)
        .order_by(Delivery.channel)
    ).all()
    channels: dict[int, list[str]] = {}
    first: dict[uuid.UUID, int] = {}
    for delivery_id, channel, member_id in planned:
        if member_id not in channels:
            first[delivery_id] = member_id
        channels.setdefault(member_id, []).append(channel)
    facts = _facts(session, agency_id, fiscal_year_of(day))
    messages = []
    for parcel in read_parcels(session, settings, list(first), opening):
        if parcel.view.is_empty:
            continue
        member_id = first[parcel.delivery.id]
        tasks, due = facts.get(member_id, (0, None))
        view = replace(parcel.view, done_urls={})
        messages.append(
            FirstMessage(member_id, view.name, view.units, tasks, due, tuple(channels[member_id]), compose(view))
        )
    return sorted(messages, key=lambda one: (one.first_due or date.max, one.member_id))


def _facts(session: Session, agency_id: int, year: int) -> dict[int, tuple[int, date | None]]:
    """By member of a unit: open tasks of the year, and the first day."""
    rows = session.execute(
        select(Role.member_id, func.count(Task.id.distinct()), func.min(Task.due_on))
        .join(Member, Member.id == Role.member_id)
        .join(Unit, Unit.id == Role.unit_id)
        .join(TaskUnit, TaskUnit.unit_id == Unit.id)
        .join(Task, Task.id == TaskUnit.task_id)
        .join(Plan, Plan.id == Task.plan_id)
        .where(Role.agency_id == agency_id, Plan.fiscal_year == year, Task.state.in_(OPEN_STATES))
        .group_by(Role.member_id)
    )
    return {member: (tasks, due) for member, tasks, due in rows}
