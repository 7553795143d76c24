"""Loads the sample into an empty database: agency, people, this fiscal year's plan, and work done up to now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.kinds import RoleName
from tracker.models import Agency, DayOff, Member, Plan, Task
from tracker.plan_import import read_plan
from tracker.sample.text import people_document, plan_document
from tracker.sample.work import Work, work_of
from tracker.services.accounts.accounts import create_account, find_account, hashed
from tracker.services.accounts.first_sign_in import SignIn, generated_password, keep_first_sign_in
from tracker.services.agency_settings import changes_since, settings_of
from tracker.services.audit import Actor, record
from tracker.services.organisation.agencies import find_or_create_agency
from tracker.services.organisation.people import import_people
from tracker.services.organisation.people_table import read_people
from tracker.services.plans.plans import import_plan
from tracker.services.tasks import progress
from tracker.services.tasks.generate import UnitBook
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.store.storage import link
from tracker.thai.calendar import fiscal_year_of, fiscal_year_start
from tracker.thai.working_days import WorkingDays

AGENCY = "องค์การบริหารส่วนตำบลธารสายรุ้ง"
PLACE = "อำเภอสวนตัวอย่าง จังหวัดสมมติบุรี"
MOVED = (2, 2)  # the step whose deadline the coordinator brings forward

_BY = Actor("sample", "cli")
_ROLE_WORDS = {"coordinator": "ผู้ประสานงาน", "executive": "ผู้บริหาร", "head": "หัวหน้า", "deputy": "ผู้แทนหัวหน้า"}


@dataclass(frozen=True, slots=True)
class SampleAccounts:
    """The sample's sign-ins. ``password`` opens them all; None where they existed already."""

    sign_ins: tuple[SignIn, ...]
    password: str | None


def load_sample(database: Database, settings: Settings, at: datetime) -> SampleAccounts | None:
    """Loads what is missing of the sample; None where the database holds another agency, which it leaves alone.

    The plan is that of the fiscal year of ``at``, so that the sample always shows a living year. The new sign-ins
    are kept in the file of the first sign-in.
    """
    with database.writing() as session:
        if session.scalar(select(Agency.id).where(Agency.name != AGENCY).limit(1)) is not None:
            return None
        agency = load_agency(session, at)
        today = clock.local(at, settings.zone).date()
        _open_today(session, agency, today, at)
        if not _has_plan(session, agency, fiscal_year_of(today)):
            plan = load_plan(session, agency, fiscal_year_of(today), settings, at)
            _work_until(session, plan, settings, at)
            _bring_forward(session, plan, today, at)
        return make_sign_ins(session, agency, settings, at)


def load_agency(session: Session, at: datetime) -> Agency:
    """The sample agency with its units and people."""
    agency = find_or_create_agency(session, AGENCY, suggested=None)
    before, agency.place = settings_of(agency), PLACE
    _note_settings(session, agency, before, at)
    import_people(session, agency, read_people(people_document(), "people.csv"), by=_BY, at=at)
    return agency


def load_plan(session: Session, agency: Agency, fiscal_year: int, settings: Settings, at: datetime) -> Plan:
    """The sample's plan of a fiscal year with its tasks, imported on the year's first day where that has passed."""
    first_day = datetime.combine(fiscal_year_start(fiscal_year), time(9), settings.zone)
    document = plan_document(fiscal_year)
    name = f"plan-{fiscal_year}.txt"
    draft = read_plan(document, name, fiscal_year, known_names=UnitBook(session, agency.id).names)
    return import_plan(session, agency, draft, document, name, tz=settings.zone, by=_BY, at=min(at, first_day)).plan


def make_sign_ins(session: Session, agency: Agency, settings: Settings, at: datetime) -> SampleAccounts:
    """Accounts for all people of the agency, kept in the file of the first sign-in if any is new."""
    password = generated_password()
    password_hash = hashed(password)
    created = False
    sign_ins = []
    for member in session.scalars(select(Member).where(Member.agency_id == agency.id).order_by(Member.id)):
        if not member.email:
            continue
        if find_account(session, member.email) is None:
            create_account(session, email=member.email, password_hash=password_hash, at=at)
            created = True
        sign_ins.append(SignIn(member.email, _who(member)))
    sign_ins.sort(key=lambda one: not one.who.startswith(_ROLE_WORDS["coordinator"]))
    if created:
        keep_first_sign_in(settings, sign_ins, password)
    return SampleAccounts(tuple(sign_ins), password if created else None)


def do(session: Session, work: Work, settings: Settings) -> None:
    """The tick of one piece of work, by its person, on the afternoon of its day."""
    at = datetime.combine(work.done_on, time(15), settings.zone)
    progress.tick_off(
        session,
        work.task,
        result=work.result,
        outcome=work.words.outcome,
        done_on=work.done_on,
        today=work.done_on,
        evidence=[link(work.words.link)] if work.words.link else [],
        by=_actor(work.member),
        at=at,
    )


def note(session: Session, work: Work, settings: Settings) -> None:
    """The progress note of one piece of work, on the day it has one."""
    if work.noted_on and work.words.note and work.task.is_open:
        at = datetime.combine(work.noted_on, time(10), settings.zone)
        progress.note_progress(
            session, work.task, text=work.words.note, noted_on=work.noted_on, by=_actor(work.member), at=at
        )


def _work_until(session: Session, plan: Plan, settings: Settings, at: datetime) -> None:
    today = clock.local(at, settings.zone).date()
    happened = [(work.done_on, do, work) for work in work_of(session, plan)]
    happened += [(work.noted_on, note, work) for *_, work in happened if work.noted_on and work.noted_on < work.done_on]
    for day, act, work in sorted(happened, key=lambda one: (one[0], one[2].task.id)):
        if day < today:
            act(session, work, settings)


def _bring_forward(session: Session, plan: Plan, today: date, at: datetime) -> None:
    """One deadline of this week, so that the sample has something near on most days of a year."""
    coordinator = next(
        member for member in plan.agency.members if any(role.role == RoleName.COORDINATOR for role in member.roles)
    )
    for task in session.scalars(select(Task).where(Task.plan_id == plan.id)):
        if (task.step.measure.number, task.step.number) != MOVED or not task.is_open or not task.due_on:
            continue
        near = WorkingDays().after(today, 3)
        if task.due_on > near + timedelta(7):
            progress.move_due(session, task, near, by=_actor(coordinator), at=at)


def _open_today(session: Session, agency: Agency, today: date, at: datetime) -> None:
    """The sample agency sends at any hour, and works on the days on which somebody tries it out."""
    before = settings_of(agency)
    agency.send_from, agency.send_until = time(0), time(23, 59)
    _note_settings(session, agency, before, at)
    known = session.scalar(select(DayOff).where(DayOff.agency_id == agency.id, DayOff.on == today))
    if known is None:
        session.add(DayOff(agency_id=agency.id, on=today, name="วันทดลองใช้ระบบ", off=False))


def _note_settings(session: Session, agency: Agency, before: Mapping[str, str | None], at: datetime) -> None:
    if changes := changes_since(before, agency):
        record(session, agency.id, "settings_changed", _BY, at, row=agency.name, changes=changes)


def _who(member: Member) -> str:
    roles = ", ".join(f"{_ROLE_WORDS[role.role]}{role.unit.name if role.unit else ''}" for role in member.roles)
    return f"{roles} ({member.name})"


def _has_plan(session: Session, agency: Agency, fiscal_year: int) -> bool:
    found = select(Plan.id).where(Plan.agency_id == agency.id, Plan.fiscal_year == fiscal_year)
    return session.scalar(found) is not None


def _actor(member: Member) -> Actor:
    return Actor(member.name, "web", member.id)
