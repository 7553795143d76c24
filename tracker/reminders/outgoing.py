"""What a claimed delivery says, resolved at the moment of sending: what no longer holds drops out."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import Row
from sqlalchemy.orm import Session

from tracker.channels.base import Channel
from tracker.channels.registry import find_channel
from tracker.clock import local
from tracker.kinds import OPEN_STATES, TaskState
from tracker.reminders.digest_facts import DigestFacts, read_deliveries, read_facts
from tracker.reminders.message_links import LinkMaker, PersonLinks
from tracker.reminders.notices import TO_OWNERS
from tracker.reminders.owing import owing_units
from tracker.reminders.recipients import People, Person
from tracker.reminders.signatures import WaitingReport
from tracker.reminders.stages import Stage, StageKind, needs_sweep
from tracker.reminders.view import Asked, Item, News, View
from tracker.settings import Settings, secret_key
from tracker.store.witness import Head
from tracker.thai.calendar import RoundMonths, fiscal_year_end, round_end


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
    rows = read_deliveries(session, ids)
    facts = read_facts(session, rows, at, settings.zone)
    links = LinkMaker(settings.base_url, secret_key(settings))
    return [_parcel(row, facts, links, signed=signed) for row in rows]


def _parcel(row: Any, facts: DigestFacts, links: LinkMaker, *, signed: bool) -> OutgoingDigest:
    delivery, (on, agency, agency_digits, asked_as, asked_at, *person) = Claimed(*row[:7]), row[7:]
    member, people = Person(*person), facts.people[delivery.agency_id]
    channel = find_channel(delivery.channel)
    sorting = _DigestFilter(member, people, facts)
    sorting.take(facts.reminders[delivery.digest_id])
    items = sorting.items()
    own = links.for_person(member.id, on, _own_address(channel, member) if signed else "")
    told = [one for one in facts.news[delivery.digest_id] if not one.asks]
    says_anything = bool(items or facts.news[delivery.digest_id])
    waiting = facts.to_sign.get(delivery.agency_id, ()) if says_anything and people.is_executive(member.id) else ()
    view = View(
        name=member.name,
        agency=agency,
        day=facts.day,
        items=items,
        news=tuple(News(one.text, _leads_to(one, own)) for one in told),
        to_sign=tuple(_to_sign(report, own) for report in waiting),
        reasons=tuple(sorting.reasons()),
        base_url=links.base_url,
        thai_digits=agency_digits if member.thai_digits is None else member.thai_digits,
        done_urls=own.by_task((item.task_id for item in items if item.own), own.answer),
        units=", ".join(sorting.owned),
        reply_to=_reply_to(people) if channel is not None and channel.proves_mail else "",
        read_urls=own.by_task((item.task_id for item in items if not item.own), own.read_task),
        list_url=own.read("tasks"),
        choices_url=own.choices(),
        owing=owing_units(sorting.owing(), people, own),
        asked=Asked(asked_as, local(asked_at, facts.zone)) if asked_as else None,
    )
    return OutgoingDigest(delivery, on, member, agency, view, facts.heads.get(delivery.agency_id), sorting.dropped)


def _own_address(channel: Channel | None, member: Person) -> str:
    """Where links that are the person's own may go; empty where nothing of the kind is carried."""
    return (channel.address_of(member) or "") if channel is not None and channel.carries_links else ""


def _reply_to(people: People) -> str:
    """Where a reply goes: to the first coordinator whom e-mail reaches."""
    coordinators = (people.members[one] for one in people.coordinators)
    return next((one.email for one in coordinators if one.email and not one.email_failed), "")


class _DigestFilter:
    """Sorts one digest's reminders into what holds, at the most urgent stage of each task, and what dropped out."""

    def __init__(self, member: Person, people: People, facts: DigestFacts) -> None:
        self._member = member
        self._people = people
        self._units = facts.units
        self._day = facts.day
        self._words = facts.words
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


def _leads_to(notice: Row[Any], own: PersonLinks) -> str:
    return own.news(notice.path, notice.task_id, to_owner=notice.kind in TO_OWNERS)


def _to_sign(report: WaitingReport, own: PersonLinks) -> News:
    url = own.read("report", report.version_id)
    page = f"{own.maker.base_url}/reports/{report.fiscal_year}/{report.months}/close/"
    return News(f"รายงานรอบ {report.months} เดือนรอท่านลงนาม", url or page)
