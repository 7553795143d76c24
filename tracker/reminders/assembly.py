"""What a claimed delivery says, resolved at the moment of sending: what no longer holds drops out."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.channels.done_link import DoneLinks
from tracker.clock import local
from tracker.models import (
    OPEN_STATES,
    Agency,
    Delivery,
    Digest,
    Measure,
    Member,
    Notice,
    Plan,
    Reminder,
    Round,
    Step,
    Task,
    TaskUnit,
    Unit,
)
from tracker.models.reminder import digest_notice
from tracker.reminders.digest import Item, News, View
from tracker.reminders.notices import TO_OWNERS
from tracker.reminders.recipients import People, read_people
from tracker.reminders.stages import Stage, needs_sweep
from tracker.settings import Settings, secret_key
from tracker.thai.calendar import RoundMonths, fiscal_year_end, round_end


@dataclass(slots=True)
class Parcel:
    """A claimed delivery with what it says now. ``dropped`` are reminders that no longer hold, by their task."""

    delivery: Delivery
    digest: Digest
    member: Member
    agency: Agency
    view: View
    dropped: dict[int, int] = field(default_factory=dict)


def read_parcels(session: Session, settings: Settings, ids: Sequence[uuid.UUID], at: datetime) -> list[Parcel]:
    """The deliveries in the order of the ids, in a fixed number of queries."""
    day = local(at, settings.zone).date()
    rows = session.execute(
        select(Delivery, Digest, Member, Agency)
        .join(Digest, Digest.id == Delivery.digest_id)
        .join(Member, Member.id == Digest.member_id)
        .join(Agency, Agency.id == Delivery.agency_id)
        .where(Delivery.id.in_(ids))
        .options(joinedload(Member.account))
        .order_by(Delivery.id)
    ).all()
    digests = [row.Digest.id for row in rows]
    people = read_people(session, {row.Agency.id for row in rows}, day)
    reminders = _reminders(session, digests)
    units = _units(session, digests)
    news = _news(session, digests, settings.base_url)
    links = DoneLinks(secret_key(settings))
    parcels = []
    for delivery, digest, member, agency in rows:
        sorting = _Sorting(member, people[agency.id], units, day)
        sorting.take(reminders[digest.id])
        account = member.account
        view = View(
            name=member.name,
            agency=agency.name,
            day=day,
            items=tuple(sorting.items.values()),
            news=tuple(news[digest.id]),
            reasons=tuple(sorting.reasons()),
            base_url=settings.base_url,
            thai_digits=account.thai_digits if account else agency.thai_digits,
            done_urls=_done_urls(sorting.items.values(), links, settings.base_url, member, digest.on)
            if delivery.channel == "email"
            else {},
        )
        parcels.append(Parcel(delivery, digest, member, agency, view, sorting.dropped))
    return parcels


def _done_urls(items: Iterable[Item], links: DoneLinks, base_url: str, member: Member, sent_on: date) -> dict[int, str]:
    """Where the reader of an e-mail ticks the own tasks off; the same for every attempt at a digest."""
    email = member.email or ""
    return {
        item.task_id: f"{base_url}/done/{links.token(member.id, item.task_id, sent_on, email)}"
        for item in items
        if item.own and item.stage.asks == "tick"
    }


class _Sorting:
    """Sorts one digest's reminders into what holds, at the most urgent stage of each task, and what dropped out."""

    def __init__(self, member: Member, people: People, units: dict[int, dict[int, str]], day: date) -> None:
        self._member = member
        self._people = people
        self._units = units
        self._day = day
        self.items: dict[int, Item] = {}
        self.dropped: dict[int, int] = {}
        self._owned: list[str] = []
        self._stood_in: list[str] = []
        self._escalated = False

    def take(self, reminders: Iterable[Row[Any]]) -> None:
        for row in reminders:
            stage = stage_of(row.stage, row.due_on, row.fiscal_year)
            if not self._holds(row, stage):
                self.dropped[row.id] = row.task_id
                continue
            told = self.items.get(row.task_id)
            if told is None or stage.urgency < told.stage.urgency:
                self.items[row.task_id] = self._item(row, stage)
        if len(set(self._owned)) > 1:
            return
        self.items = {
            task: replace(item, units="") if item.units in self._owned else item for task, item in self.items.items()
        }

    def reasons(self) -> Iterable[str]:
        if self._owned:
            yield f"ท่านได้รับข้อความนี้เพราะรับผิดชอบงานของ{' และ'.join(dict.fromkeys(self._owned))}"
        if self._stood_in:
            names = ", ".join(dict.fromkeys(self._stood_in))
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

    def _item(self, row: Row[Any], stage: Stage) -> Item:
        units = self._units.get(row.task_id, {})
        own = [name for unit, name in units.items() if self._member.id in self._people.of_unit(unit)]
        if stage.kind == "escalation":
            self._escalated = True
        elif own:
            self._owned += own
        else:
            self._stood_in += units.values()
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
            units=", ".join(own if own and stage.kind != "escalation" else units.values()),
            note=(row.return_note or "") if row.state == "returned" else "",
            own=bool(own) and stage.kind != "escalation",
        )


def stage_of(key: str, due_on: date | None, fiscal_year: int) -> Stage:
    """The stage that a ledger key names, as it stands for the task's present due day."""
    kind, _, number = key.partition("@")[0].partition(":")
    months: RoundMonths = 6 if number == "6" else 12
    asks_tick = kind != "closing" or (due_on or fiscal_year_end(fiscal_year)) <= round_end(fiscal_year, months)
    return Stage(kind, int(number or 0), key, "tick" if asks_tick else "note")  # type: ignore[arg-type]


def _moved(row: Row[Any]) -> str:
    return "" if row.due_on == row.scheduled_on else f"{row.due_on}"


def _reminders(session: Session, digests: Collection[int]) -> dict[int, list[Row[Any]]]:
    closed = exists().where(Round.plan_id == Task.plan_id, Round.number == 12, Round.state == "closed")
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    rows = session.execute(
        select(
            Reminder.id,
            Reminder.digest_id,
            Reminder.stage,
            Task.id.label("task_id"),
            Task.title,
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
            closed.label("closed"),
        )
        .join(Task, Task.id == Reminder.task_id)
        .join(Step, Step.id == Task.step_id)
        .join(Measure, Measure.id == Step.measure_id)
        .join(Plan, Plan.id == Task.plan_id)
        .where(Reminder.digest_id.in_(digests))
        .order_by(Reminder.id)
    )
    for row in rows:
        found[row.digest_id].append(row)
    return found


def _units(session: Session, digests: Collection[int]) -> dict[int, dict[int, str]]:
    """The names of each task's units, by task and unit."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    rows = session.execute(
        select(TaskUnit.task_id, Unit.id, Unit.name)
        .join(Unit, Unit.id == TaskUnit.unit_id)
        .where(TaskUnit.task_id.in_(select(Reminder.task_id).where(Reminder.digest_id.in_(digests))))
        .order_by(Unit.position, Unit.id)
    )
    for task_id, unit_id, name in rows:
        found[task_id][unit_id] = name
    return found


def _news(session: Session, digests: Collection[int], base_url: str) -> dict[int, list[News]]:
    found: dict[int, list[News]] = defaultdict(list)
    rows = session.execute(
        select(digest_notice.c.digest_id, Notice.text, Notice.path)
        .join(Notice, Notice.id == digest_notice.c.notice_id)
        .outerjoin(Task, Task.id == Notice.task_id)
        .where(
            digest_notice.c.digest_id.in_(digests),
            or_(Notice.kind.not_in(TO_OWNERS), Task.id.is_(None), Task.state.in_(OPEN_STATES)),
        )
        .order_by(Notice.id)
    )
    for digest_id, text, path in rows:
        found[digest_id].append(News(text, f"{base_url}{path or '/'}"))
    return found
