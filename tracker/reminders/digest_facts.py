"""What the digests of some deliveries are written from, read in a fixed number of queries."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, Row, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from tracker.clock import local
from tracker.kinds import OPEN_STATES, RoundState
from tracker.models import (
    Account,
    Agency,
    Delivery,
    Digest,
    Measure,
    Member,
    Notice,
    Plan,
    ProgressNote,
    Reminder,
    Round,
    Step,
    Task,
    TaskUnit,
    Unit,
    UnitPrompt,
)
from tracker.models.reminder import digest_notice
from tracker.reminders.notices import TO_OWNERS
from tracker.reminders.recipients import PERSON, People, read_people
from tracker.reminders.record_heads import read_heads
from tracker.reminders.signatures import WaitingReport, asks_for_signature, waiting_reports
from tracker.reminders.wording import short_day
from tracker.store.witness import Head

_DIGESTS: BindParameter[list[int]] = bindparam("digests", expanding=True)
_DELIVERIES = (
    select(
        Delivery.id,
        Delivery.agency_id,
        Delivery.digest_id,
        Delivery.channel,
        Delivery.attempts,
        Delivery.unanswered,
        Delivery.first_attempt_at,
        Digest.on,
        Agency.name,
        Agency.thai_digits,
        UnitPrompt.asked_as,
        UnitPrompt.created_at,
        *PERSON,
    )
    .join(Digest, Digest.id == Delivery.digest_id)
    .join(Member, Member.id == Digest.member_id)
    .join(Agency, Agency.id == Delivery.agency_id)
    .outerjoin(UnitPrompt, UnitPrompt.id == Digest.prompt_id)
    .outerjoin(Account, Account.id == Member.account_id)
    .where(Delivery.id.in_(bindparam("deliveries", expanding=True)))
    .order_by(Delivery.id)
)
_REMINDERS = (
    select(
        Reminder.id,
        Reminder.digest_id,
        Reminder.stage,
        Task.id.label("task_id"),
        func.coalesce(Step.short_name, Task.title).label("title"),
        Task.state,
        Task.due_on,
        Task.scheduled_on,
        Task.cadences,
        Task.snoozed_until,
        Task.escalation_held,
        Task.return_note,
        Task.step_id,
        Measure.number.label("measure_number"),
        Measure.title.label("measure_title"),
        Plan.fiscal_year,
        exists()
        .where(Round.plan_id == Task.plan_id, Round.number == 12, Round.state == RoundState.CLOSED)
        .label("closed"),
    )
    .join(Task, Task.id == Reminder.task_id)
    .join(Step, Step.id == Task.step_id)
    .join(Measure, Measure.id == Step.measure_id)
    .join(Plan, Plan.id == Task.plan_id)
    .where(Reminder.digest_id.in_(_DIGESTS))
    .order_by(Reminder.id)
)
_UNITS = (
    select(TaskUnit.task_id, Unit.id, Unit.name)
    .join(Unit, Unit.id == TaskUnit.unit_id)
    .where(TaskUnit.task_id.in_(select(Reminder.task_id).where(Reminder.digest_id.in_(_DIGESTS))))
    .order_by(Unit.position, Unit.id)
)
_TOLD_TASKS = select(Reminder.task_id).where(Reminder.digest_id.in_(_DIGESTS), Reminder.stage.like("escalation%"))
_LAST_WORDS = (
    select(ProgressNote.task_id, ProgressNote.text, ProgressNote.noted_on)
    .where(ProgressNote.task_id.in_(_TOLD_TASKS))
    .order_by(ProgressNote.id)
)
_TIMES_REMINDED = (
    select(Reminder.task_id, func.count(Reminder.digest_id.distinct()).label("times"))
    .where(Reminder.task_id.in_(_TOLD_TASKS), Reminder.stage.not_like("escalation%"))
    .group_by(Reminder.task_id)
)
_NEWS = (
    select(
        digest_notice.c.digest_id,
        Notice.text,
        Notice.path,
        Notice.task_id,
        Notice.kind,
        asks_for_signature().label("asks"),
    )
    .join(Notice, Notice.id == digest_notice.c.notice_id)
    .outerjoin(Task, Task.id == Notice.task_id)
    .where(
        digest_notice.c.digest_id.in_(_DIGESTS),
        or_(Notice.kind.not_in(TO_OWNERS), Task.id.is_(None), Task.state.in_(OPEN_STATES)),
    )
    .order_by(Notice.id)
)


@dataclass(frozen=True, slots=True)
class DigestFacts:
    """By digest the ``reminders`` and ``news``, by task the ``units`` and last ``words``, by agency the rest."""

    day: date
    zone: ZoneInfo
    people: dict[int, People]
    heads: dict[int, Head]
    to_sign: dict[int, list[WaitingReport]]
    reminders: dict[int, list[Row[Any]]]
    news: dict[int, list[Row[Any]]]
    units: dict[int, dict[int, str]]
    words: dict[int, tuple[str, int]]


def read_deliveries(session: Session, ids: Sequence[uuid.UUID]) -> Sequence[Any]:
    """The deliveries with their digest's day, their agency and their person."""
    return session.execute(_DELIVERIES, {"deliveries": list(ids)}).all()


def read_facts(session: Session, deliveries: Sequence[Any], at: datetime, zone: ZoneInfo) -> DigestFacts:
    """What these deliveries are written from at the instant."""
    day = local(at, zone).date()
    digests = [row.digest_id for row in deliveries]
    agencies = {row.agency_id for row in deliveries}
    return DigestFacts(
        day=day,
        zone=zone,
        people=read_people(session, agencies, day),
        heads=read_heads(session, agencies),
        to_sign=waiting_reports(session, agencies),
        reminders=_reminders(session, digests),
        news=_news(session, digests),
        units=_units(session, digests),
        words=_last_words(session, digests),
    )


def _reminders(session: Session, digests: Collection[int]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(_REMINDERS, {"digests": digests}):
        found[row.digest_id].append(row)
    return found


def _units(session: Session, digests: Collection[int]) -> dict[int, dict[int, str]]:
    """The names of each task's units, by task and unit."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for task_id, unit_id, name in session.execute(_UNITS, {"digests": digests}):
        found[task_id][unit_id] = name
    return found


def _last_words(session: Session, digests: Collection[int]) -> dict[int, tuple[str, int]]:
    """Of each task that is escalated what its people said of it last, and how often they were reminded."""
    asked = {"digests": digests}
    words = {
        task_id: f"แจ้งเมื่อ {short_day(on)}: “{' '.join(text.split())[:80]}”"
        for task_id, text, on in session.execute(_LAST_WORDS, asked)
    }
    times: dict[int, int] = {row.task_id: row.times for row in session.execute(_TIMES_REMINDED, asked)}
    return {task_id: (words.get(task_id, ""), times.get(task_id, 0)) for task_id in words.keys() | times.keys()}


def _news(session: Session, digests: Collection[int]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(_NEWS, {"digests": digests}):
        found[row.digest_id].append(row)
    return found
