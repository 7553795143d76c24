"""An import taken back: a plan that it made is gone, one that it changed is as it was, and the record tells both."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import TEST, World, build_world, task_of
from tracker.errors import ConflictError
from tracker.models import (
    Agency,
    ColumnText,
    Event,
    Member,
    Period,
    Plan,
    Role,
    Step,
    Task,
    TaskUnit,
    Unit,
    UnitAlias,
)
from tracker.services.organisation import duties
from tracker.services.organisation.duties import PersonWords
from tracker.services.plans import plan_drafts, plan_edit, undoing
from tracker.services.plans.plans import PlanImport, read_back
from tracker.services.plans.short_names import set_short_name
from tracker.services.plans.uploads import Upload
from tracker.services.reports.record_check import record_problems
from tracker.services.tasks import progress
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.thai.calendar import fiscal_year_of

ZONE = Settings(_env_file=None, data_dir=Path()).zone
AT = datetime(2023, 9, 28, 3, tzinfo=UTC)
LATER = datetime(2023, 9, 28, 4, tzinfo=UTC)
HEADER = "มาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tระยะเวลา\tสรุปผลดำเนินการ\tผลลัพธ์\n"
FIRST = (
    "๑. ให้บริการโปร่งใส\t๑. จัดทำคู่มือ\tทุกส่วนราชการ\tตุลาคม - มีนาคม ๒๕๖๗\t\t\n"
    "๒. จัดซื้อโปร่งใส\t๑. เผยแพร่แผน\n๒. เผยแพร่ผล\tกองพัสดุ\tรายไตรมาส\t\t\n"
    "๓. ประเมินตนเอง\t๑. ประชุม\tคณะกรรมการประเมิน\tมกราคม ๒๕๖๗\t\t\n"
    "๔. รับเรื่องร้องเรียน\t๑. ตรวจตู้\tกองการคลัง\tรายเดือน\t\t\n"
)
FIRST = FIRST.replace("๑. เผยแพร่แผน\n๒. เผยแพร่ผล", "๑. เผยแพร่แผน ๒. เผยแพร่ผล")
SECOND = (
    "๑. ให้บริการอย่างโปร่งใส\t๑. จัดทำคู่มือประชาชน\tทุกส่วนราชการ\tตุลาคม - เมษายน ๒๕๖๗\tทำแล้วทุกกอง\tประชาชนพอใจ\n"
    "๒. เปิดเผยข้อมูล\t๑. ลงเว็บไซต์\tกองช่าง\tรายไตรมาส\tลงแล้ว\t\n"
    "๓. รับเรื่องร้องเรียน\t๑. ตรวจตู้\tกองดิจิทัล\tรายเดือน\t\t\n"
)


def bring(session: Session, world: World, rows: str, decisions: dict[str, str], at: datetime = AT) -> PlanImport:
    upload = Upload(world.agency_id, 1, "แผน.txt", 2567, units=decisions, round=6)
    data = (HEADER + rows).encode()
    read = plan_drafts.read_upload(session, data, upload).document
    agency = session.get_one(Agency, world.agency_id)
    return plan_drafts.store(session, agency, read, data, upload, tz=ZONE, by=TEST, at=at)


def picture(session: Session, agency_id: int) -> dict[str, Any]:
    """All of the agency that an import touches, without the ids that rows are given anew."""
    session.flush()
    session.expire_all()
    plans = session.scalars(select(Plan).where(Plan.agency_id == agency_id).order_by(Plan.fiscal_year)).all()
    tasks = session.execute(
        select(Plan.fiscal_year, Task.title, Unit.name, Task.due_on, Task.state)
        .join(Plan, Plan.id == Task.plan_id)
        .join(TaskUnit, TaskUnit.task_id == Task.id)
        .join(Unit, Unit.id == TaskUnit.unit_id)
        .where(Task.agency_id == agency_id)
    )
    names = session.scalars(select(Unit).where(Unit.agency_id == agency_id).order_by(Unit.id))
    return {
        "plans": {plan.fiscal_year: read_back(session, plan).as_json()["measures"] for plan in plans},
        "sources": [(plan.source_name, plan.source_sha256, plan.warnings) for plan in plans],
        "tasks": sorted(map(str, tasks.all())),
        "units": [(unit.name, unit.kind, unit.known) for unit in names],
        "aliases": sorted(session.scalars(select(UnitAlias.name).where(UnitAlias.agency_id == agency_id))),
        "roles": session.scalar(select(func.count(Role.id)).where(Role.agency_id == agency_id)),
        "periods": session.scalar(select(func.count(Period.id)).where(Period.agency_id == agency_id)),
        "short_names": sorted(filter(None, session.scalars(select(Step.short_name)))),
    }


@pytest.fixture
def world(database: Database) -> World:
    with database.writing() as session:
        return build_world(session, fiscal_year=2566)


def decided(world: World) -> dict[str, str]:
    return {
        "กองพัสดุ": "division",
        "คณะกรรมการประเมิน": f"committee {world.members['clerk']}",
        "กองการคลัง": f"unit {world.units['กองคลัง']}",
    }


def the_plan(session: Session) -> Plan:
    return session.scalars(select(Plan).where(Plan.fiscal_year == 2567)).one()


def test_a_plan_that_an_import_made_is_gone_with_all_that_came_with_it(database: Database, world: World) -> None:
    with database.writing() as session:
        before = picture(session, world.agency_id)
        bring(session, world, FIRST, decided(world))
        assert picture(session, world.agency_id)["units"] != before["units"]
    with database.writing() as session:
        assert undoing.is_undoable(session, the_plan(session))
        lost = undoing.undo_import(session, the_plan(session), by=TEST, at=LATER)
        assert (lost.created, lost.measures, lost.edits, lost.moves) == (True, 4, 0, 0)
        assert lost.tasks > 20
        assert set(lost.units) == {"กองพัสดุ", "คณะกรรมการประเมิน"}
    with database.writing() as session:
        assert picture(session, world.agency_id) == before
        event = session.scalars(select(Event).where(Event.kind == "plan_import_undone")).one()
        imported = session.scalars(select(Event).where(Event.kind == "plan_imported")).one()
        assert (event.details["undone"], event.details["fiscal_year"]) == (imported.sequence, 2567)
        assert record_problems(session, world.agency_id, None) == []
        bring(session, world, FIRST, decided(world), LATER)  # and it may come again
        assert len(picture(session, world.agency_id)["plans"]) == 2


def test_a_plan_that_an_import_changed_is_as_it_was(database: Database, world: World) -> None:
    with database.writing() as session:
        bring(session, world, FIRST, decided(world))
        step = session.scalars(select(Step).where(Step.text == "ประชุม")).one()
        set_short_name(session, step, "ประชุมประเมิน", by=TEST, at=AT)
        before = picture(session, world.agency_id)
        result = bring(session, world, SECOND, {"กองดิจิทัล": "division"}, LATER)
        assert len(result.differences) > 5
    with database.writing() as session:
        lost = undoing.undo_import(session, the_plan(session), by=TEST, at=LATER)
        assert (lost.created, lost.units) == (False, ("กองดิจิทัล",))
    with database.writing() as session:
        assert picture(session, world.agency_id) == before
        assert session.scalars(select(ColumnText)).all() == []
        assert record_problems(session, world.agency_id, None) == []
        assert not undoing.is_undoable(session, the_plan(session))
        with pytest.raises(ConflictError, match="no import that could be undone"):
            undoing.undo_import(session, the_plan(session), by=TEST, at=LATER)


def test_texts_that_an_import_replaced_come_back(database: Database, world: World) -> None:
    rows = "๑. ให้บริการโปร่งใส\t๑. จัดทำคู่มือ\tกองช่าง\tตุลาคม - มีนาคม ๒๕๖๗\tทำแล้วครั้งแรก\tดี\n"
    with database.writing() as session:
        bring(session, world, rows, {})
        before = picture(session, world.agency_id)
        bring(session, world, rows.replace("ครั้งแรก", "ครั้งที่สอง"), {}, LATER)
        assert picture(session, world.agency_id) != before
        undoing.undo_import(session, the_plan(session), by=TEST, at=LATER)
        assert picture(session, world.agency_id) == before


@pytest.mark.parametrize("how", ["tick", "note", "not_possible"])
def test_the_first_work_recorded_ends_it(database: Database, world: World, how: str) -> None:
    with database.writing() as session:
        bring(session, world, FIRST, decided(world))
        task = session.scalars(select(Task).join(Plan).where(Plan.fiscal_year == 2567).order_by(Task.id)).first()
        assert task
        if how == "tick":
            progress.tick_off(
                session, task, result="ทำแล้ว", done_on=date(2023, 9, 1), today=date(2023, 9, 28), by=TEST, at=LATER
            )
            progress.withdraw(session, task, by=TEST, at=LATER)
        elif how == "note":
            progress.note_progress(session, task, text="กำลังทำ", noted_on=date(2023, 9, 28), by=TEST, at=LATER)
        else:
            progress.not_possible(
                session, task, reason="no_budget", text=None, declared_on=date(2023, 9, 28), by=TEST, at=LATER
            )
    with database.writing() as session:
        assert not undoing.is_undoable(session, the_plan(session))
        with pytest.raises(ConflictError, match="can no longer be undone"):
            undoing.undo_import(session, the_plan(session), by=TEST, at=LATER)
        assert session.scalar(select(func.count(Task.id)).where(Task.plan_id == the_plan(session).id))


def test_work_for_another_plan_does_not_hinder_and_changes_since_are_told(database: Database, world: World) -> None:
    with database.writing() as session:
        bring(session, world, FIRST, decided(world))
        other = task_of(session, world, "กองคลัง", 2, date(2022, 12, 31))
        progress.tick_off(
            session, other, result="ทำแล้ว", done_on=date(2022, 12, 30), today=date(2023, 9, 28), by=TEST, at=LATER
        )
        plan = the_plan(session)
        plan_edit.set_period(session, plan.measures[3], "รายไตรมาส", by=TEST, at=LATER)
        task = session.scalars(select(Task).where(Task.plan_id == plan.id).order_by(Task.id)).first()
        assert task
        progress.move_due(session, task, date(2024, 5, 2), by=TEST, at=LATER)
    with database.writing() as session:
        lost = undoing.loss_of(session, the_plan(session))
        assert (lost.edits, lost.moves, lost.messages) == (1, 1, 0)
        undoing.undo_import(session, the_plan(session), by=TEST, at=LATER)
        assert [plan.fiscal_year for plan in session.scalars(select(Plan))] == [2566]


def test_a_unit_that_something_else_rests_on_stays(database: Database, world: World) -> None:
    with database.writing() as session:
        bring(session, world, FIRST, decided(world))
        unit = session.scalars(select(Unit).where(Unit.name == "กองพัสดุ")).one()
        duties.add_person(session, unit.agency, unit, PersonWords("นางพัสดุ ดี"), "head", by=TEST, at=LATER)
        lost = undoing.undo_import(session, the_plan(session), by=TEST, at=LATER)
        assert lost.units == ("คณะกรรมการประเมิน",)
        session.expire_all()
        kept = session.scalars(select(Unit).where(Unit.name == "กองพัสดุ")).one()
        assert (kept.known, [role.member.name for role in kept.roles]) == (True, ["นางพัสดุ ดี"])
        assert session.scalar(select(func.count(Member.id)).where(Member.name == "นางพัสดุ ดี")) == 1


def test_an_import_that_marked_tasks_as_done_is_recorded_work(database: Database, world: World) -> None:
    with database.writing() as session:
        upload = Upload(world.agency_id, 1, "รายงาน.txt", 2567, round=12, completed=True)
        data = (HEADER + "๑. ให้บริการ\t๑. จัดทำคู่มือ\tกองช่าง\tตุลาคม ๒๕๖๖\tทำแล้ว\tดี\n").encode()
        read = plan_drafts.read_upload(session, data, upload).document
        agency = session.get_one(Agency, world.agency_id)
        plan_drafts.store(session, agency, read, data, upload, tz=ZONE, by=TEST, at=AT)
        assert not undoing.is_undoable(session, the_plan(session))


def test_nothing_differs_leaves_the_undo_of_the_import_before(database: Database, world: World) -> None:
    with database.writing() as session:
        before = picture(session, world.agency_id)
        bring(session, world, FIRST, decided(world))
        bring(session, world, FIRST, decided(world), LATER)
        undoing.undo_import(session, the_plan(session), by=TEST, at=LATER)
        assert picture(session, world.agency_id) == before
        assert fiscal_year_of(date(2023, 9, 28)) == 2566
