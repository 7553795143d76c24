"""A province for ``make soak``: agencies that carry out the sample plan, and what their people do on which day."""

import hashlib
import io
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import ConflictError
from tracker.kinds import RoleName
from tracker.models import Agency, Member, Plan, Role, Task
from tracker.reports.data import RoundNumber
from tracker.sample.load import load_agency, load_plan
from tracker.sample.work import Work, work_of
from tracker.services.agency_settings import changes_since, settings_of
from tracker.services.audit import Actor, record
from tracker.services.reports.closing import close_round
from tracker.services.tasks import progress
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.store.storage import NewEvidence, link, open_store
from tracker.thai.calendar import fiscal_year_start, round_end

WITH_PHOTO = 12
"""One tick in so many has a photo."""
BY_LINE = 2
"""Every second person reads LINE."""
CLOSES_AFTER = timedelta(days=9)
"""After a round's last day."""
_BY = Actor("soak", "cli")


@dataclass(frozen=True, slots=True)
class Act:
    """What one person does on a day, as a request that is repeated until it is answered: ids, no rows."""

    number: int
    kind: str
    agency: int
    task: int = 0
    member: int = 0
    months: RoundNumber = 6
    words: str = ""
    outcome: str | None = None
    address: str | None = None
    photo: bool = False


@dataclass
class Province:
    """Agencies by id, and the year's acts by day."""

    agencies: list[int] = field(default_factory=list)
    plans: dict[int, int] = field(default_factory=dict)
    acts: dict[date, list[Act]] = field(default_factory=lambda: defaultdict(list))
    ticked_on: dict[int, date] = field(default_factory=dict)
    closed_on: date = date.max
    """The day of the twelve-month round's closing, after which nobody is reminded of the year."""


def found(database: Database, settings: Settings, fiscal_year: int, agencies: int) -> Province:
    """Makes that many agencies with people and plan on the year's first day; the same ones every time."""
    province = Province()
    at = datetime.combine(fiscal_year_start(fiscal_year), time(8), settings.zone).astimezone(UTC)
    for number in range(1, agencies + 1):
        with database.writing() as session:
            agency = load_agency(session, at)
            plan = load_plan(session, agency, fiscal_year, settings, at)
            _its_own(session, agency, number, at)
            province.agencies.append(agency.id)
            province.plans[agency.id] = plan.id
            _expect(session, province, plan)
    return province


def _its_own(session: Session, agency: Agency, number: int, at: datetime) -> None:
    """Another name than the sample's, addresses that nobody else has, and LINE for half of the people."""
    before = settings_of(agency)
    agency.name = f"องค์การบริหารส่วนตำบลที่ {number}"
    record(session, agency.id, "settings_changed", _BY, at, row=agency.name, changes=changes_since(before, agency))
    for member in session.scalars(select(Member).where(Member.agency_id == agency.id)):
        member.email = f"m{member.id}@soak.example"
        if member.id % BY_LINE == 0:
            member.line_user_id, member.channels = f"U{member.id:032x}", ["line"]


def _expect(session: Session, province: Province, plan: Plan) -> None:
    for work in work_of(session, plan):
        _expect_work(province, work)
    coordinator = session.scalars(
        select(Role.member_id).where(Role.agency_id == plan.agency_id, Role.role == RoleName.COORDINATOR)
    ).one()
    rounds: tuple[RoundNumber, ...] = (6, 12)
    for months in rounds:
        day = round_end(plan.fiscal_year, months) + CLOSES_AFTER
        province.closed_on = day
        _add(province, day, "close", agency=plan.agency_id, member=coordinator, months=months)


def _expect_work(province: Province, work: Work) -> None:
    task, member, words = work.task, work.member, work.words
    ids = {"agency": task.agency_id, "task": task.id, "member": member.id}
    if work.noted_on and words.note and work.noted_on < work.done_on:
        _add(province, work.noted_on, "note", **ids, words=words.note)
    photo = task.id % WITH_PHOTO == 0
    province.ticked_on[task.id] = work.done_on
    _add(
        province, work.done_on, "tick", **ids,
        words=work.result, outcome=words.outcome, address=words.link, photo=photo,
    )  # fmt: skip


def _add(province: Province, day: date, kind: str, **facts: object) -> None:
    number = sum(map(len, province.acts.values()))
    province.acts[day].append(Act(number, kind, **facts))  # type: ignore[arg-type]


def perform(database: Database, settings: Settings, act: Act, at: datetime) -> None:
    """One act as a page does it: the file first, then one transaction. Done before is done: the page says so."""
    pieces: list[NewEvidence] = [link(act.address)] if act.address else []
    if act.photo:
        pieces.append(open_store(settings).keep(_photo(act.task), f"IMG_{act.task}.png"))
    today = at.astimezone(settings.zone).date()
    try:
        with database.writing() as session:
            _perform(session, settings, act, pieces, today, at)
    except ConflictError:
        return
    for piece in pieces:
        if piece.stored_name:
            open_store(settings).settle(piece.stored_name)


def _perform(
    session: Session, settings: Settings, act: Act, pieces: list[NewEvidence], today: date, at: datetime
) -> None:
    member = session.get_one(Member, act.member)
    by = Actor(member.name, "web", member.id)
    if act.kind == "close":
        plan = session.scalars(select(Plan).where(Plan.agency_id == act.agency)).one()
        close_round(session, plan, act.months, settings.zone, today=today, by=by, at=at)
        return
    task = session.get_one(Task, act.task)
    if act.kind == "note":
        if task.is_open and not any(one.text == act.words and one.noted_on == today for one in task.notes):
            progress.note_progress(session, task, text=act.words, noted_on=today, by=by, at=at)
        return
    progress.tick_off(
        session, task, result=act.words, outcome=act.outcome, done_on=today, today=today, evidence=pieces, by=by, at=at
    )


def _photo(number: int) -> bytes:
    colour = hashlib.sha256(f"{number}".encode()).digest()[:3]
    out = io.BytesIO()
    Image.new("RGB", (64, 48), tuple(colour)).save(out, "PNG")
    return out.getvalue()
