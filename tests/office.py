"""A small agency with people and a plan, for tests of reminders: made directly in the tables."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from sqlalchemy.orm import Session

from tracker import clock
from tracker.models import Agency, DayOff, Measure, Member, Period, Plan, Role, Step, Task, Unit
from tracker.settings import Settings
from tracker.store.db import Database

BANGKOK = ZoneInfo("Asia/Bangkok")
ALL_HOURS = {"send_from": time(0), "send_until": time.max}
MADE_AT = datetime(2022, 10, 1, 2, 0, tzinfo=UTC)


def local(text: str) -> datetime:
    """An instant from the wall clock of Bangkok: ``2023-03-24 09:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=BANGKOK)


def settings(**values: object) -> Settings:
    """Settings that read neither the environment nor a file."""
    secrets = {"smtp_url", "secret_key", "line_channel_access_token", "line_channel_secret"}
    given = {name: SecretStr(str(value)) if name in secrets else value for name, value in values.items()}
    defaults = {
        "base_url": "http://tracker.example",
        "mail_from": "tracker@example.go.th",
        "secret_key": SecretStr("only for the tests of reminders"),
    }
    return Settings(_env_file=None, **{**defaults, **given})  # type: ignore[arg-type]


@dataclass
class Office:
    """Ids of what was made."""

    agency: int
    plan: int
    step: int
    units: dict[str, int] = field(default_factory=dict)
    members: dict[str, int] = field(default_factory=dict)


def open_today(database: Database, office: Office) -> date:
    """Makes today a working day of the office, whatever the calendar says; gives today."""
    today = clock.today(BANGKOK)
    with database.writing() as session:
        session.add(DayOff(agency_id=office.agency, on=today, name="วันทำการ", off=False))
    return today


def add_member(
    session: Session, agency: int, name: str, role: str, unit: int | None = None, rank: int = 1, **values: object
) -> int:
    """A person with one role; the e-mail is the name at example.go.th unless given."""
    member = Member(agency_id=agency, name=name, **{"email": f"{name}@example.go.th", **values})
    member.roles = [Role(agency_id=agency, unit_id=unit, role=role, rank=rank)]
    session.add(member)
    session.flush()
    return member.id


def make_office(
    database: Database,
    name: str = "อบต.เขาขาว",
    units: Iterable[str] = ("กองคลัง", "กองช่าง"),
    fiscal_year: int = 2566,
    **agency_values: object,
) -> Office:
    """An agency with a head per unit, a coordinator, two executives, and a plan of one measure with one step."""
    with database.writing() as session:
        agency = Agency(name=name, **agency_values)
        session.add(agency)
        session.flush()
        year = Plan(agency_id=agency.id, fiscal_year=fiscal_year)
        period = Period(agency_id=agency.id, text="ตลอดปี", fiscal_year=fiscal_year)
        session.add_all([year, period])
        session.flush()
        measure = Measure(
            agency_id=agency.id,
            plan_id=year.id,
            position=1,
            number=1,
            title="มาตรการเผยแพร่ข้อมูลต่อสาธารณะ",
            responsible_text="ทุกกอง",
            mode="each",
            period_id=period.id,
        )
        session.add(measure)
        session.flush()
        step = Step(agency_id=agency.id, measure_id=measure.id, position=1, number=1, text="รายงานผลต่อผู้บริหาร")
        session.add(step)
        session.flush()
        office = Office(agency.id, year.id, step.id)
        tag = f"{agency.id}"
        for index, unit_name in enumerate(units, 1):
            unit = Unit(agency_id=agency.id, name=unit_name, name_key=unit_name, kind="division", position=index)
            session.add(unit)
            session.flush()
            office.units[unit_name] = unit.id
            office.members[f"head{index}"] = add_member(session, agency.id, f"head{index}-{tag}", "head", unit.id)
        office.members["coordinator"] = add_member(session, agency.id, f"coordinator-{tag}", "coordinator")
        office.members["palat"] = add_member(session, agency.id, f"palat-{tag}", "executive", rank=1)
        office.members["nayok"] = add_member(session, agency.id, f"nayok-{tag}", "executive", rank=2)
    return office


def add_task(
    database: Database,
    office: Office,
    due_on: date | None,
    *,
    unit: str = "กองคลัง",
    cadences: Iterable[str] = ("monthly",),
    **values: object,
) -> int:
    """An open task of the office's step, due on the day."""
    with database.writing() as session:
        task = Task(
            **{
                "agency_id": office.agency,
                "plan_id": office.plan,
                "step_id": office.step,
                "party_key": f"u{office.units[unit]}",
                "checkpoint_key": due_on.isoformat() if due_on else "undated",
                "title": "รายงานผลต่อผู้บริหาร",
                "scheduled_on": due_on,
                "due_on": due_on,
                "cadences": list(cadences),
                "units": [session.get_one(Unit, office.units[unit])],
                "next_stage_on": date.min,
                "updated_at": MADE_AT,
                **values,
            }
        )
        session.add(task)
        session.flush()
        return task.id
