"""The messages of the first day of reminders, as they would be then: tried out, and everything is thrown away."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.clock import local
from tracker.kinds import OPEN_STATES
from tracker.models import Agency, Member, Plan, Role, Task, TaskUnit, Unit
from tracker.reminders.digest import Content, compose
from tracker.reminders.plan_announcements import announce
from tracker.reminders.trial import TriedDigest, try_out
from tracker.settings import Settings
from tracker.thai.calendar import fiscal_year_of

_ANNOUNCED_BEFORE = timedelta(hours=1)
"""Plans are announced before the office opens, so that the message of its opening carries them."""
_Facts = dict[int, tuple[int, date | None]]


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
    facts = _facts(session, agency_id, fiscal_year_of(day))
    announce(session, [agency_id], fiscal_year_of(day), min(announced, opening - _ANNOUNCED_BEFORE))
    session.flush()
    return _messages(try_out(session, settings, agency_id, opening, though_off=True), facts)


def messages_at(
    session: Session, settings: Settings, agency_id: int, at: datetime, *, whatever_the_hour: bool
) -> list[FirstMessage]:
    """What a sweep at ``at`` would send to whom, without those whose message of that day is made already.

    The session must be a writing one of its own; it is rolled back.
    """
    facts = _facts(session, agency_id, fiscal_year_of(local(at, settings.zone).date()))
    tried = try_out(session, settings, agency_id, at, ignore_hours=whatever_the_hour)
    return _messages((one for one in tried if one.is_new), facts)


def _messages(tried: Iterable[TriedDigest], facts: _Facts) -> list[FirstMessage]:
    messages = []
    for one in tried:
        tasks, due = facts.get(one.member_id, (0, None))
        view = one.view
        messages.append(FirstMessage(one.member_id, view.name, view.units, tasks, due, one.channels, compose(view)))
    return sorted(messages, key=lambda one: (one.first_due or date.max, one.member_id))


def _facts(session: Session, agency_id: int, year: int) -> _Facts:
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
