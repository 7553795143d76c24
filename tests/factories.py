"""A made-up agency for tests: five divisions and heads, a coordinator, two executives, a plan of four measures."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.kinds import Cadence
from tracker.models import Account, Agency, Measure, Member, Period, Plan, Role, Step, Task, Unit
from tracker.plan_import.parties import party_key
from tracker.reports.data import Signer
from tracker.schedule import checkpoints
from tracker.services.audit import Actor
from tracker.services.reports import closing, report_files
from tracker.services.reports.public_address import choose_address
from tracker.services.reports.publishing import PublicChoice, publish
from tracker.services.tasks.generate import generate_tasks
from tracker.store.db import Database
from tracker.store.storage import EvidenceStore
from tracker.thai.calendar import fiscal_year_end, fiscal_year_start

PASSWORD = "ฝนตกหนัก แต่รถไม่ติด"
BUILT_AT = datetime(2022, 10, 3, 2, tzinfo=UTC)
DIVISIONS = ("สำนักปลัด", "กองคลัง", "กองช่าง", "กองการศึกษา", "กองสวัสดิการสังคม")
TEST = Actor("test", "cli")


@dataclass
class World:
    """Where things are in the database: ids by the name of the unit, addresses by role."""

    agency_id: int
    domain: str
    plan_id: int
    fiscal_year: int
    units: dict[str, int]
    members: dict[str, int] = field(default_factory=dict)

    def email(self, who: str) -> str:
        return f"{who}@{self.domain}"


def build_world(
    session: Session,
    name: str = "อบต.ตัวอย่าง",
    domain: str = "tua.example",
    *,
    fiscal_year: int = 2566,
    monthly_steps: int = 1,
) -> World:
    """The agency with its plan of the fiscal year; ``monthly_steps`` makes it larger, 60 tasks a step."""
    agency = Agency(name=name, place="อำเภอตัวอย่าง จังหวัดตัวอย่าง")
    session.add(agency)
    session.flush()
    units = [
        Unit(agency_id=agency.id, name=unit, name_key=party_key(unit), kind="division", position=place)
        for place, unit in enumerate(DIVISIONS, 1)
    ]
    session.add_all(units)
    session.flush()
    plan = Plan(agency_id=agency.id, fiscal_year=fiscal_year, imported_at=BUILT_AT, source_name="plan.docx")
    session.add(plan)
    session.flush()
    world = World(agency.id, domain, plan.id, fiscal_year, {unit.name: unit.id for unit in units})
    for place, unit in enumerate(units, 1):
        _add_person(session, world, f"head{place}", f"หัวหน้า{unit.name}", "head", unit)
    _add_person(session, world, "coordinator", "ผู้ประสานงาน", "coordinator")
    _add_person(session, world, "clerk", "ปลัด", "executive", rank=1)
    _add_person(session, world, "mayor", "นายก", "executive", rank=2)
    _add_measure(session, plan, 1, "ทุกส่วนราชการ", ["จัดทำคู่มือการปฏิบัติงาน"], date(fiscal_year - 543, 4, 2))
    _add_measure(session, plan, 2, "กองคลัง", ["เผยแพร่แผนจัดซื้อจัดจ้าง"], None, "quarterly")
    steps = [f"ชี้แจงแผนการใช้จ่าย ครั้งที่ {number}" for number in range(1, monthly_steps + 1)]
    _add_measure(session, plan, 3, "ทุกส่วนราชการ", steps, None, "monthly")
    _add_measure(session, plan, 4, "กองช่าง/กองคลัง", ["ทบทวนช่องทางร้องเรียน"], None, mode="jointly")
    generate_tasks(session, plan, TEST, BUILT_AT)
    session.flush()
    return world


def add_operator(session: Session, email: str = "operator@host.example") -> Account:
    """An account that no agency has invited."""
    account = Account(
        email=email, operator=True, password_hash=_password_hash(), session_key="operator", created_at=BUILT_AT
    )
    session.add(account)
    return account


def task_of(session: Session, world: World, unit: str, measure: int, due_on: date) -> Task:
    """The task of a unit (among others) for a measure's first step on a day."""
    return session.scalars(
        select(Task)
        .join(Step)
        .join(Measure)
        .where(
            Task.plan_id == world.plan_id,
            Measure.number == measure,
            Step.position == 1,
            Task.due_on == due_on,
            Task.units.any(Unit.id == world.units[unit]),
        )
    ).one()


def publish_report(database: Database, store: EvidenceStore, world: World, slug: str, at: datetime) -> None:
    """Closes, signs and publishes the six-month round with its files and the scan of the signed paper."""
    day = at.date()
    with database.writing() as session:
        plan, agency = session.get_one(Plan, world.plan_id), session.get_one(Agency, world.agency_id)
        choose_address(session, agency, slug)
        closing.close_round(session, plan, 6, UTC, today=day, by=TEST, at=at)
        closing.sign(session, plan, 6, UTC, [Signer("นางสาวสมใจ รักงาน", "ปลัด")], day, today=day, by=TEST, at=at)
        closing.keep_scan(session, plan, 6, store.keep(b"%PDF-1.4 signed", "signed.pdf"), by=TEST, at=at)
        choice = PublicChoice(signers=True, evidence=False, licence="CC-BY-4.0", scan=True)
        version = publish(session, plan, 6, choice=choice, by=TEST, at=at)
        asked = [
            one.id
            for public in (False, True)
            for one in report_files.ask_for_version(session, version, at, public=public)
        ]
    for file_id in asked:
        report_files.make(database, store, file_id, at, UTC)


@cache
def _password_hash() -> str:
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)  # a cheap one: tests sign in often


def _add_person(
    session: Session, world: World, who: str, name: str, role: str, unit: Unit | None = None, rank: int = 1
) -> None:
    email = world.email(who)
    account = Account(email=email, password_hash=_password_hash(), session_key=who, created_at=BUILT_AT)
    member = Member(agency_id=world.agency_id, account=account, name=name, email=email)
    member.roles.append(Role(agency_id=world.agency_id, unit=unit, role=role, rank=rank))
    session.add(member)
    session.flush()
    world.members[who] = member.id


def _add_measure(
    session: Session,
    plan: Plan,
    number: int,
    parties: str,
    steps: list[str],
    end: date | None,
    cadence: Cadence | None = None,
    mode: str = "each",
) -> None:
    start, last = fiscal_year_start(plan.fiscal_year), end or fiscal_year_end(plan.fiscal_year)
    cadences: tuple[Cadence, ...] = (cadence,) if cadence else ()
    points = checkpoints(start, last, cadences)
    period = Period(
        agency_id=plan.agency_id,
        text="ตลอดปีงบประมาณ",
        fiscal_year=plan.fiscal_year,
        start=start,
        end=last,
        cadences=list(cadences),
        checkpoints=[point.as_json() for point in points],
    )
    measure = Measure(
        agency_id=plan.agency_id,
        plan_id=plan.id,
        position=number,
        number=number,
        title=f"มาตรการที่ {number}",
        responsible_text=parties,
        parties=parties.split("/"),
        mode=mode,
        period=period,
        steps=[
            Step(agency_id=plan.agency_id, position=place, number=place, text=text)
            for place, text in enumerate(steps, 1)
        ],
    )
    session.add(measure)
    session.flush()
