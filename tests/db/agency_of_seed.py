"""The agency of the real report: its document, corrected copies of it, its people, and short ways to import them."""

from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Agency, Event, Measure, Plan, Step, Task, Unit
from tracker.plan_import import read_plan
from tracker.services.audit import Actor
from tracker.services.organisation.agencies import find_or_create_agency
from tracker.services.organisation.people import PeopleImport, import_people
from tracker.services.organisation.people_table import read_people
from tracker.services.plans.plans import PlanImport, import_plan
from tracker.services.tasks import progress
from tracker.services.tasks.generate import UnitBook

BANGKOK = ZoneInfo("Asia/Bangkok")
YEAR = 2566
IMPORTED_AT = datetime(2022, 10, 3, 2, 0, tzinfo=UTC)
TICKED_AT = datetime(2023, 10, 2, 4, 30, tzinfo=UTC)
TODAY = date(2023, 10, 2)
BY = Actor("test", "cli")

DIVISIONS = ("สำนักปลัด", "กองคลัง", "กองช่าง", "กองการศึกษา", "กองสวัสดิการสังคม")
HEADER = "unit,unit_kind,parent,name,role,rank,email,line_user_id"
PEOPLE = "\n".join(
    [
        HEADER,
        *(f"{name},division,,หัวหน้า{name},head,,head{n}@example.go.th," for n, name in enumerate(DIVISIONS)),
        "งานนิติการ,section,สำนักปลัด,นางสาวธิดา ถือสัตย์,head,,legal@example.go.th,",
        "ฝ่ายประชาสัมพันธ์,section,สำนักปลัด,นายอนุชา ป่าวข่าว,head,,news@example.go.th,U1",
        "นิติกร,position,สำนักปลัด,นางสาวธิดา ถือสัตย์,head,,legal@example.go.th,",
        "คณะกรรมการสนับสนุนการประเมิน ITA,committee,,นายมานพ ธารน้อย,head,,clerk@example.go.th,",
        ",,,นางสาวรุ่งนภา เรียงแผน,coordinator,,coordinator@example.go.th,",
        ",,,นายมานพ ธารน้อย,executive,1,clerk@example.go.th,",
        ",,,นายบุญส่ง สายรุ้งงาม,executive,2,mayor@example.go.th,",
    ]
)


def bring_plan(
    session: Session,
    document: bytes | str,
    agency: str | None = None,
    *,
    completed: bool = False,
    at: datetime = IMPORTED_AT,
) -> PlanImport:
    """Imports a document as the command line does."""
    data = document.encode() if isinstance(document, str) else document
    wanted = find_or_create_agency(session, agency, suggested="องค์การบริหารส่วนตำบลเขาขาว")
    draft = read_plan(data, "plan.txt", YEAR, known_names=UnitBook(session, wanted.id).names)
    return import_plan(session, wanted, draft, data, "plan.txt", completed=completed, tz=BANGKOK, by=BY, at=at)


def bring_people(
    session: Session, table: str = PEOPLE, agency: str = "องค์การบริหารส่วนตำบลเขาขาว", at: datetime = IMPORTED_AT
) -> PeopleImport:
    """Imports a table of people as the command line does."""
    wanted = find_or_create_agency(session, agency, suggested=None)
    return import_people(session, wanted, read_people(table.encode(), "people.csv"), by=BY, at=at)


def tick(session: Session, task: Task, result: str = "ทำแล้ว", outcome: str | None = None) -> None:
    """Ticks a task off after the year's end, done on its day."""
    progress.tick_off(
        session,
        task,
        result=result,
        outcome=outcome,
        done_on=task.scheduled_on or date(2023, 9, 30),
        today=TODAY,
        by=BY,
        at=TICKED_AT,
    )


def the_plan(session: Session) -> Plan:
    return session.scalars(select(Plan)).one()


def the_agency(session: Session) -> Agency:
    return session.scalars(select(Agency)).one()


def tasks_of_measure(session: Session, number: int, step: int | None = None) -> list[Task]:
    """The live tasks of a measure by its number, in the order of their ids."""
    query = (
        select(Task)
        .join(Step, Task.step_id == Step.id)
        .join(Measure)
        .where(Measure.number == number, ~Measure.retired, ~Step.retired, Task.state != "cancelled")
        .order_by(Task.id)
    )
    return list(session.scalars(query.where(Step.number == step) if step else query))


def counts(session: Session) -> list[int]:
    """How many live tasks each measure has, in the order of the table."""
    found = Counter(
        session.scalars(
            select(Measure.position)
            .join(Step, Step.measure_id == Measure.id)
            .join(Task, Task.step_id == Step.id)
            .where(~Measure.retired, ~Step.retired, Task.state != "cancelled")
        )
    )
    return [found[position] for position in sorted(found)]


def facts(session: Session) -> list[tuple[object, ...]]:
    """Everything that an import of the same document must leave as it is."""
    tasks = session.scalars(select(Task).order_by(Task.id))
    events = session.scalars(select(Event).order_by(Event.id))
    units = session.scalars(select(Unit).order_by(Unit.id))
    return [
        *(
            (task.id, task.step_id, task.party_key, task.scheduled_on, task.due_on, task.state, task.updated_at)
            for task in tasks
        ),
        *((event.id, event.kind, event.hash) for event in events),
        *((unit.id, unit.name, unit.kind, unit.known, unit.position) for unit in units),
    ]


def kinds(session: Session) -> list[str]:
    """The kinds of all events, in order."""
    return list(session.scalars(select(Event.kind).order_by(Event.id)))
