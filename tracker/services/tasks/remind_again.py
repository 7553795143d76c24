"""เตือนอีกครั้ง: a superior has a unit reminded of what it owes, in the superior's name, once a day.

It goes through the ledger as every message does: one digest a person, never twice, by LINE, else by e-mail.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session

from tracker.clock import local
from tracker.errors import ConflictError, ForbiddenError
from tracker.kinds import ChannelName, RoleName
from tracker.models import Agency, Delivery, Digest, Reminder, Role, Task, Unit, UnitPrompt
from tracker.reminders.channel_selection import ChannelSelector
from tracker.reminders.ledger import insert_missing
from tracker.reminders.member_preferences import preferences_of
from tracker.reminders.queries import calendars, under_way
from tracker.reminders.quota import quota_of
from tracker.reminders.recipients import Person, read_people
from tracker.services.access import Viewer
from tracker.services.audit import Actor, lock, record
from tracker.services.tasks.unit_standing import unit_standing
from tracker.settings import Settings
from tracker.thai.working_days import next_send_time


@dataclass(frozen=True, slots=True)
class Told:
    """A person who is reminded, and the channels by which."""

    person: Person
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prompt:
    """What reminding a unit again would send, or has sent: of which tasks, the oldest so many days late, and when."""

    unit: Unit
    tasks: Sequence[Task]
    days: int
    told: Sequence[Told]
    goes_at: datetime


def look(session: Session, settings: Settings, viewer: Viewer, unit_id: int, at: datetime) -> Prompt:
    """What would be sent now; changes nothing.

    Raises NotFoundError where the viewer does not see the unit, ForbiddenError where the viewer is not above it,
    ConflictError where nothing is late, nobody is there, or the unit was reminded so already that day.
    """
    day = local(at, settings.zone).date()
    standing = unit_standing(session, viewer, unit_id, day)
    agency = session.get_one(Agency, viewer.agency_id)
    calendar = calendars(session, [agency.id])[agency.id]
    goes_at = next_send_time(at, settings.zone, calendar, agency.send_from, agency.send_until)
    goes_on = local(goes_at, settings.zone).date()
    people = read_people(session, [agency.id], goes_on)[agency.id]
    answering = people.of_unit(unit_id)
    if viewer.member_id in answering or not _stands_above(session, viewer, unit_id):
        raise ForbiddenError("Only who stands above the unit reminds it.", "เฉพาะผู้บังคับบัญชาเท่านั้นที่เตือนหน่วยงานได้")
    if not answering:
        raise ConflictError(f"Nobody answers for {standing.unit.name} yet.", f"{standing.unit.name}ยังไม่มีผู้รับผิดชอบในระบบ")
    if session.scalar(select(exists().where(UnitPrompt.unit_id == unit_id, UnitPrompt.on == goes_on))):
        raise _was_reminded(standing.unit)
    late = [one.task for one in standing.owed if one.is_late(day) and not _sleeps(one.task, goes_on)]
    if not late:
        raise ConflictError(
            f"{standing.unit.name} has nothing late any more.", f"{standing.unit.name}ไม่มีงานเลยกำหนดแล้ว"
        )
    channels = ChannelSelector(settings, _left(session, day))
    told = [
        Told(person, channels.of(person, preferences_of(person, agency).channels, urgent=True))
        for person in (people.members[one] for one in answering)
    ]
    oldest = min(task.due_on for task in late if task.due_on)
    return Prompt(standing.unit, late, (day - oldest).days, told, goes_at)


def remind_again(
    session: Session, settings: Settings, viewer: Viewer, unit_id: int, *, asked_as: str, by: Actor, at: datetime
) -> Prompt:
    """Plans the messages, as ``look`` shows them; raises what it raises. Workers send them.

    ``asked_as`` is the viewer's post, which the messages name.
    """
    lock(session, viewer.agency_id)
    prompt = look(session, settings, viewer, unit_id, at)
    on = local(prompt.goes_at, settings.zone).date()
    row = {
        "agency_id": viewer.agency_id,
        "unit_id": unit_id,
        "on": on,
        "asked_as": asked_as[:100],
        "member_id": viewer.member_id,
        "created_at": at,
    }
    made = session.scalars(insert_missing(session, UnitPrompt).returning(UnitPrompt.id), [row])
    prompt_id = made.first()
    if prompt_id is None:
        raise _was_reminded(prompt.unit)
    for told in prompt.told:
        _plan(session, viewer.agency_id, prompt_id, prompt, told, on, at)
    record(
        session, viewer.agency_id, "unit_reminded", by, at,
        unit=prompt.unit.name, tasks=[task.id for task in prompt.tasks], to=[told.person.name for told in prompt.told],
    )  # fmt: skip
    return prompt


def _stands_above(session: Session, viewer: Viewer, unit_id: int) -> bool:
    """Whether the viewer sees the whole agency, or heads a unit above this one; nobody of the unit itself does."""
    if viewer.sees_agency:
        return True
    roles = session.execute(select(Role.unit_id, Role.role).where(Role.member_id == viewer.member_id)).all()
    heads = any(role in (RoleName.HEAD, RoleName.DEPUTY) for _, role in roles)
    return heads and unit_id in viewer.unit_ids and unit_id not in {unit for unit, _ in roles}


def _plan(session: Session, agency_id: int, prompt_id: int, prompt: Prompt, told: Told, on: date, at: datetime) -> None:
    digest = Digest(agency_id=agency_id, member_id=told.person.id, on=on, prompt_id=prompt_id, created_at=at)
    session.add(digest)
    session.flush()
    common = {"agency_id": agency_id, "digest_id": digest.id, "created_at": at}
    session.execute(
        insert_missing(session, Reminder),
        [
            {**common, "task_id": task.id, "member_id": told.person.id, "stage": _stage(task, on)}
            for task in prompt.tasks
        ],
    )
    session.execute(
        insert(Delivery),
        [
            {**common, "id": uuid.uuid4(), "channel": channel, "next_attempt_at": prompt.goes_at}
            for channel in told.channels
        ],
    )


def _stage(task: Task, on: date) -> str:
    """The ledger's key: once a day a task and person; void where the task is moved meanwhile."""
    moved = "" if task.due_on == task.scheduled_on else f"@{task.due_on}"
    return f"asked:{on.toordinal()}{moved}"


def _sleeps(task: Task, day: date) -> bool:
    return task.snoozed_until is not None and day < task.snoozed_until


def _left(session: Session, day: date) -> dict[str, int]:
    """What is known of LINE's month, without asking LINE while a transaction is open."""
    known = quota_of(session, day)
    if known is None or known.allowed is None:
        return {}
    return {ChannelName.LINE: known.allowed - known.used - under_way(session).get(ChannelName.LINE, 0)}


def _was_reminded(unit: Unit) -> ConflictError:
    return ConflictError(
        f"{unit.name} was reminded again already that day; once a day is enough.",
        f"วันนี้ฝากเตือน{unit.name}ไปแล้ว เตือนได้อีกครั้งพรุ่งนี้",
    )
