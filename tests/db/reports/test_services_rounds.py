"""Reports and lists ask a constant number of queries; what a round counts and what it does not."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event, select

from tests.db.agency_of_seed import (
    BANGKOK,
    BY,
    HEADER,
    TODAY,
    bring_people,
    bring_plan,
    tasks_of_measure,
    the_agency,
    the_plan,
    tick,
)
from tracker.errors import NotFoundError, NotUnderstoodError
from tracker.models import DayOff, Member, Task
from tracker.services import access
from tracker.services.organisation import agencies
from tracker.services.plans import plans
from tracker.services.reports.compose import report_data
from tracker.services.tasks import progress
from tracker.services.tasks.tasks import list_tasks, rows
from tracker.store.db import Database
from tracker.store.storage import link

AT = datetime(2023, 3, 1, 3, tzinfo=UTC)


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that the database was asked meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(database.engine, "before_cursor_execute", note)


def plan_of(measures: int) -> str:
    lines = ["มาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tระยะเวลา\tสรุปผล"]
    for number in range(1, measures + 1):
        steps = " ".join(f"<p>{n}. ขั้น{n}ของ{number}</p>" for n in (1, 2))
        lines.append(f"<p>{number}. เรื่องที่{number}</p>\t{steps}\t<p>ทุกกอง</p>\t<p>มีนาคม ๒๕๖๖</p>\t<p>ทำแล้ว</p>")
    return "\n".join(lines)


def questions(database: Database, agency: str, measures: int) -> dict[str, int]:
    """How many queries each list takes, for an agency of that many measures with five tasks each."""
    table = [HEADER, *(f"กอง{n},division,,หัวหน้า{n},head,,h{n}@a.th," for n in range(5))]
    with database.writing() as session:
        bring_people(session, "\n".join(table), agency)
        plan_id = bring_plan(session, plan_of(measures), agency).plan.id
        for task in session.scalars(select(Task).where(Task.plan_id == plan_id)).all()[::3]:
            progress.note_progress(session, task, text="กำลังทำ", noted_on=date(2023, 2, 1), by=BY, at=AT)
            progress.tick_off(
                session, task, result="ทำ", done_on=AT.date(), today=AT.date(),
                evidence=[link("https://a.example")], by=BY, at=AT,
            )  # fmt: skip
    found = {}
    asks = {
        "tasks": lambda session, plan: list_tasks(session, plan, state="pending"),
        "of a unit": lambda session, plan: list_tasks(session, plan, unit="กอง1"),
        "of a viewer": lambda session, plan: rows(session, access.tasks_of(_head(session, plan.agency_id))),
        "report": lambda session, plan: report_data(session, plan, 12, BANGKOK),
        "plan": plans.with_ids,
    }
    for name, ask in asks.items():
        with database.reading() as session:
            plan = agencies.find_plan(session, agencies.find_agency(session, agency), 2566, TODAY)
            with counted(database) as asked:
                assert ask(session, plan)  # type: ignore[no-untyped-call]
            found[name] = len(asked)
    return found


def _head(session, agency_id: int) -> access.Viewer:  # type: ignore[no-untyped-def]
    member = session.scalars(select(Member).where(Member.agency_id == agency_id).order_by(Member.id)).first()
    return access.viewer_for(session, member)


def test_the_number_of_queries_does_not_grow(database: Database) -> None:
    few, many = questions(database, "อบต.เล็ก", 2), questions(database, "อบต.ใหญ่", 30)
    assert few == many
    assert max(many.values()) <= 16, many


def test_a_round_counts_what_is_scheduled_by_its_end(sqlite: Database) -> None:
    document = (
        "มาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tระยะเวลา\n"
        "<p>๑. ก</p>\t<p>๑. ทำ</p>\t<p>กองคลัง</p>\t<p>ทุกเดือน ปีงบประมาณ ๒๕๖๖</p>\n"
        "<p>๒. ข</p>\t<p>๑. ทำ</p>\t<p>กองช่าง</p>\t<p>กันยายน ๒๕๖๖</p>"
    )
    with sqlite.writing() as session:
        bring_plan(session, document)
        for task in tasks_of_measure(session, 1)[:3]:
            tick(session, task, "เผยแพร่แล้ว")
        progress.note_progress(
            session, tasks_of_measure(session, 2)[0], text="ร่างอยู่", noted_on=date(2023, 3, 9), by=BY, at=AT
        )
        six = report_data(session, the_plan(session), 6, BANGKOK)
        assert [(measure.done, measure.total) for measure in six.measures] == [(3, 12), (0, 1)]
        assert "๓ จาก ๖ ครั้ง" in six.measures[0].summary[1].text
        assert six.measures[1].summary[0].text == "อยู่ระหว่างดำเนินการ: ร่างอยู่ (๙ มีนาคม ๒๕๖๖)"
        twelve = report_data(session, the_plan(session), 12, BANGKOK)
        assert "๓ จาก ๑๒ ครั้ง" in twelve.measures[0].summary[1].text
        assert six.recorded_at == report_data(session, the_plan(session), 6, BANGKOK).recorded_at


def test_agencies_by_name(database: Database) -> None:
    with database.writing() as session:
        with pytest.raises(NotFoundError, match="no agency yet"):
            agencies.find_agency(session, None)
        with pytest.raises(NotUnderstoodError, match="--agency"):
            agencies.find_or_create_agency(session, None, suggested=None)
        first = agencies.find_or_create_agency(session, None, suggested="อบต. เขาขาว")
        assert agencies.find_agency(session, None) is first
        assert agencies.find_agency(session, "อบต.เขาขาว") is first
        assert agencies.find_or_create_agency(session, None, suggested="ที่อื่น") is first
        second = agencies.find_or_create_agency(session, "เทศบาลตำบลทุ่งสง", suggested="อบต. เขาขาว")
        assert second is not first
        assert agencies.find_or_create_agency(session, None, suggested="อบต.เขาขาว") is first
        for ask in (
            lambda: agencies.find_agency(session, None),
            lambda: agencies.find_or_create_agency(session, None, suggested="ที่สาม"),
        ):
            with pytest.raises(NotUnderstoodError, match="2 agencies"):
                ask()
        with pytest.raises(NotFoundError, match=r"known: อบต\. เขาขาว, เทศบาลตำบลทุ่งสง"):
            agencies.find_agency(session, "อบต.ไม่มี")


def test_plans_by_year(sqlite: Database) -> None:
    with sqlite.writing() as session:
        bring_plan(session, plan_of(1))
        agency = the_agency(session)
        assert agencies.find_plan(session, agency, None, date(2030, 1, 1)).fiscal_year == 2566
        with pytest.raises(NotFoundError, match="no plan of fiscal year 2567"):
            agencies.find_plan(session, agency, 2567, TODAY)


def test_the_agencys_own_days_off(sqlite: Database) -> None:
    with sqlite.writing() as session:
        bring_plan(session, plan_of(1))
        agency = the_agency(session).id
        session.add(DayOff(agency_id=agency, on=date(2023, 3, 8), name="วันหยุดท้องถิ่น"))
        session.add(DayOff(agency_id=agency, on=date(2023, 3, 6), name="เปิดทำการวันมาฆบูชา", off=False))
        days = agencies.working_days(session, agency)
        found = [day for day in range(6, 11) if days.previous_or_same(date(2023, 3, day)) == date(2023, 3, day)]
        assert found == [6, 7, 9, 10]
