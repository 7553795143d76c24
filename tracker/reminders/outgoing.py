"""What a claimed delivery says, resolved at the moment of sending: what no longer holds drops out."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import BindParameter, Row, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from tracker.channels.registry import find_channel
from tracker.clock import local
from tracker.kinds import OPEN_STATES, RoundState, TaskState
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
)
from tracker.models.reminder import digest_notice
from tracker.reminders.message_links import LinkMaker, PersonLinks
from tracker.reminders.notices import TO_OWNERS
from tracker.reminders.owing import owing_units
from tracker.reminders.recipients import PERSON, People, Person, read_people
from tracker.reminders.record_heads import read_heads
from tracker.reminders.signatures import WaitingReport, asks_for_signature, waiting_reports
from tracker.reminders.stages import Stage, StageKind, needs_sweep
from tracker.reminders.view import Item, News, View
from tracker.reminders.wording import short_day
from tracker.settings import Settings, secret_key
from tracker.store.witness import Head
from tracker.thai.calendar import RoundMonths, fiscal_year_end, round_end

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
        *PERSON,
    )
    .join(Digest, Digest.id == Delivery.digest_id)
    .join(Member, Member.id == Digest.member_id)
    .join(Agency, Agency.id == Delivery.agency_id)
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


class Claimed(NamedTuple):
    """A delivery as it was claimed."""

    id: uuid.UUID
    agency_id: int
    digest_id: int
    channel: str
    attempts: int
    unanswered: int
    first_attempt_at: datetime | None


@dataclass(slots=True)
class OutgoingDigest:
    """A claimed delivery of the digest ``on`` a day, with what it says now.

    ``head`` is the end of the agency's record as the digest was written (docs/rules.md, "The record"); ``dropped`` are
    reminders that no longer hold, by their task.
    """

    delivery: Claimed
    on: date
    member: Person
    agency: str
    view: View
    head: Head | None
    dropped: dict[int, int] = field(default_factory=dict)


def read_parcels(
    session: Session, settings: Settings, ids: Sequence[uuid.UUID], at: datetime, *, signed: bool = True
) -> list[OutgoingDigest]:
    """The deliveries in the order of the ids, in a fixed number of queries; unless ``signed``, without the links that
    are their person's own."""
    day = local(at, settings.zone).date()
    rows = session.execute(_DELIVERIES, {"deliveries": list(ids)}).all()
    digests = [row.digest_id for row in rows]
    agencies = {row.agency_id for row in rows}
    people, heads = read_people(session, agencies, day), read_heads(session, agencies)
    reminders = _reminders(session, digests)
    units = _units(session, digests)
    news = _news(session, digests)
    words = _last_words(session, digests)
    to_sign = waiting_reports(session, agencies)
    links = LinkMaker(settings.base_url, secret_key(settings))
    parcels = []
    for row in rows:
        delivery, (on, agency, agency_digits, *person) = Claimed(*row[:7]), row[7:]
        member = Person(*person)
        channel = find_channel(delivery.channel)
        by_mail = channel is not None and channel.proves_mail
        its_people = people[delivery.agency_id]
        sorting = _DigestFilter(member, its_people, units, day, words)
        sorting.take(reminders[delivery.digest_id])
        items = sorting.items()
        has_links = signed and channel is not None and channel.carries_links
        address = channel.address_of(member) if channel is not None and has_links else ""
        own = links.for_person(member.id, on, address or "")
        told = [one for one in news[delivery.digest_id] if not one.asks]
        says_more = bool(items or told or any(one.asks for one in news[delivery.digest_id]))
        signs = says_more and its_people.is_executive(member.id)
        view = View(
            name=member.name,
            agency=agency,
            day=day,
            items=items,
            news=tuple(News(row.text, _leads_to(row, own)) for row in told),
            to_sign=tuple(_to_sign(report, own) for report in to_sign.get(delivery.agency_id, ()) if signs),
            reasons=tuple(sorting.reasons()),
            base_url=settings.base_url,
            thai_digits=agency_digits if member.thai_digits is None else member.thai_digits,
            done_urls={item.task_id: own.answer(item.task_id) for item in items if item.own and address},
            units=", ".join(sorting.owned),
            reply_to=_reply_to(its_people) if by_mail else "",
            read_urls={item.task_id: own.read("task", item.task_id) for item in items if not item.own and address},
            list_url=own.read("tasks"),
            owing=owing_units(sorting.owing(), its_people, own),
        )
        head = heads.get(delivery.agency_id)
        parcels.append(OutgoingDigest(delivery, on, member, agency, view, head, sorting.dropped))
    return parcels


def _reply_to(people: People) -> str:
    """Where a reply goes: to the first coordinator whom e-mail reaches."""
    coordinators = (people.members[one] for one in people.coordinators)
    return next((one.email for one in coordinators if one.email and not one.email_failed), "")


class _DigestFilter:
    """Sorts one digest's reminders into what holds, at the most urgent stage of each task, and what dropped out."""

    def __init__(
        self,
        member: Person,
        people: People,
        units: dict[int, dict[int, str]],
        day: date,
        words: dict[int, tuple[str, int]],
    ) -> None:
        self._member = member
        self._people = people
        self._units = units
        self._day = day
        self._words = words
        self.dropped: dict[int, int] = {}
        self._reported: dict[int, tuple[Row[Any], Stage]] = {}
        self._owned: dict[str, None] = {}
        self._stood_in: dict[str, None] = {}
        self._escalated = False

    def take(self, reminders: Iterable[Row[Any]]) -> None:
        for row in reminders:
            stage = stage_of(row.stage, row.due_on, row.fiscal_year)
            if not self._holds(row, stage):
                self.dropped[row.id] = row.task_id
                continue
            reported = self._reported.get(row.task_id)
            if reported is None or stage.urgency < reported[1].urgency:
                self._reported[row.task_id] = row, stage

    def items(self) -> tuple[Item, ...]:
        """What holds; a unit is named only where the reader answers for several."""
        owned = {task: self._own_units(row, stage) for task, (row, stage) in self._reported.items()}
        self._owned = {name: None for names in owned.values() for name in names}
        return tuple(self._item(row, stage, owned[task]) for task, (row, stage) in self._reported.items())

    def owing(self) -> dict[int, str]:
        """The units of which the reader hears as their superior: names by id."""
        told = [task for task, (_, stage) in self._reported.items() if stage.kind == "escalation"]
        return {unit: name for task in told for unit, name in self._units.get(task, {}).items()}

    @property
    def owned(self) -> list[str]:
        """The units for which the reader answers in this digest."""
        return list(self._owned)

    def reasons(self) -> Iterable[str]:
        if self._owned:
            yield f"ท่านได้รับข้อความนี้เพราะรับผิดชอบงานของ{' และ'.join(self._owned)}"
        if self._stood_in:
            names = ", ".join(self._stood_in)
            yield f"ยังไม่มีผู้รับผิดชอบในระบบสำหรับ {names} ผู้ประสานงานจึงได้รับแทน"
        if self._escalated:
            yield "งานที่เลยกำหนดหลายวันทำการ ระบบแจ้งผู้บังคับบัญชาและผู้ประสานงานด้วย"

    def _holds(self, row: Row[Any], stage: Stage) -> bool:
        units = self._units.get(row.task_id, {})
        if row.state not in OPEN_STATES or not needs_sweep(row.fiscal_year, self._day, row.closed):
            return False
        if stage.kind != "closing" and row.stage.partition("@")[2] != _moved(row):
            return False
        if stage.kind == "escalation":
            return not row.escalation_held and self._member.id in self._people.escalated(stage.number, units)
        snoozed = row.snoozed_until is not None and self._day < row.snoozed_until
        return not snoozed and self._member.id in self._people.responsible(units)

    def _own_units(self, row: Row[Any], stage: Stage) -> list[str]:
        """The task's units for which the reader answers: of an escalation, too, where it tells its own owner."""
        units = self._units.get(row.task_id, {})
        own = [name for unit, name in units.items() if self._member.id in self._people.of_unit(unit)]
        if stage.kind == "escalation":
            self._escalated = True
        elif not own:
            self._stood_in |= dict.fromkeys(units.values())
        return own

    def _item(self, row: Row[Any], stage: Stage, own: list[str]) -> Item:
        named = own if own and len(self._owned) > 1 else [] if own else self._units.get(row.task_id, {}).values()
        return Item(
            task_id=row.task_id,
            measure=row.measure_number,
            measure_title=row.measure_title,
            step_id=row.step_id,
            step=row.title,
            fiscal_year=row.fiscal_year,
            due_on=row.due_on,
            cadences=tuple(row.cadences),
            stage=stage,
            units=", ".join(named),
            owed_by=() if own else tuple(self._units.get(row.task_id, {}).values()),
            note=(row.return_note or "") if row.state == TaskState.RETURNED else "",
            own=bool(own),
            last_word=self._words.get(row.task_id, ("", 0))[0],
            reminded=self._words.get(row.task_id, ("", 0))[1],
        )


@lru_cache(maxsize=4096)
def stage_of(key: str, due_on: date | None, fiscal_year: int) -> Stage:
    """The stage that a ledger key names, as it stands for the task's present due day."""
    kind, _, number = key.partition("@")[0].partition(":")
    months: RoundMonths = 6 if number == "6" else 12
    asks_tick = kind != "closing" or (due_on or fiscal_year_end(fiscal_year)) <= round_end(fiscal_year, months)
    return Stage(cast(StageKind, kind), int(number or 0), key, "tick" if asks_tick else "note")


def _moved(row: Row[Any]) -> str:
    return "" if row.due_on == row.scheduled_on else f"{row.due_on}"


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


def _leads_to(notice: Row[Any], own: PersonLinks) -> str:
    return own.news(notice.path, notice.task_id, to_owner=notice.kind in TO_OWNERS)


def _to_sign(report: WaitingReport, own: PersonLinks) -> News:
    url = own.read("report", report.version_id)
    page = f"{own.maker.base_url}/reports/{report.fiscal_year}/{report.months}/close/"
    return News(f"รายงานรอบ {report.months} เดือนรอท่านลงนาม", url or page)
