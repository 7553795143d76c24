"""Two units that were made one are two again, as they were; once work was recorded for what moved, they stay one."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests.admin.conftest import NOON, TODAY, Visitor
from tests.factories import TEST, World, task_of
from tracker.models import Agency, Event, GroupUnit, Role, Task, Unit, UnitAlias
from tracker.services.reports.record_check import record_problems
from tracker.services.tasks import progress
from tracker.store.db import Database


def standing(database: Database, world: World) -> list[object]:
    """Units, their names, people and groups, and who has which task."""
    with database.reading() as session:
        units = select(Unit).where(Unit.agency_id == world.agency_id).order_by(Unit.position, Unit.id)
        tasks = select(Task).where(Task.plan_id == world.plan_id).order_by(Task.step_id, Task.checkpoint_key, Task.id)
        groups = session.execute(select(GroupUnit.group_id, GroupUnit.unit_id).order_by(GroupUnit.unit_id))
        return [
            *((one.id, one.name, one.kind, one.parent_id, one.known, one.active) for one in session.scalars(units)),
            *sorted((one.unit_id, one.name) for one in session.scalars(select(UnitAlias))),
            *sorted((one.member_id, one.unit_id or 0, str(one.role)) for one in session.scalars(select(Role))),
            *map(tuple, groups),
            *sorted(
                (one.step_id, one.party_key, one.checkpoint_key, str(one.state), sorted(unit.id for unit in one.units))
                for one in session.scalars(tasks)
            ),
        ]


@pytest.fixture
def office(database: Database, ours: World) -> World:
    """กองช่าง with another name, a section below it, a place in a group, a head of both units and finished work."""
    with database.writing() as session:
        gone, kept = ours.units["กองช่าง"], ours.units["กองคลัง"]
        agency_id = ours.agency_id
        session.add(UnitAlias(agency_id=agency_id, unit_id=gone, name="ช่าง", name_key="ช่าง"))
        section = Unit(agency_id=agency_id, name="งานโยธา", name_key="งานโยธา", kind="section", parent_id=gone)
        group = Unit(agency_id=agency_id, name="ทุกกองช่าง", name_key="ทุกกองช่าง", kind="group", known=False)
        session.add_all([section, group])
        session.flush()
        session.add(GroupUnit(agency_id=agency_id, group_id=group.id, unit_id=gone))
        head = session.scalars(select(Role.member_id).where(Role.unit_id == kept)).first()
        session.add(Role(agency_id=agency_id, member_id=head, unit_id=gone, role="head"))
        for unit in ("กองช่าง", "กองคลัง"):
            task = task_of(session, ours, unit, 1, date(2023, 4, 2))
            progress.tick_off(session, task, result="ทำแล้ว", done_on=TODAY, today=TODAY, by=TEST, at=NOON)
    return ours


def merge(visitor: Visitor, world: World) -> tuple[str, str]:
    """Makes กองช่าง part of กองคลัง; the page that tells of it, and what its button sends."""
    visitor.get("/people/")
    gone, kept = world.units["กองช่าง"], world.units["กองคลัง"]
    page = visitor.post(f"/people/units/{gone}/merge", {"into": kept}, follow=True).text
    found = re.search(r'name="sequence" value="(\d+)"', page)
    assert found
    return page, found[1]


def test_all_that_moved_goes_back(coordinator: Visitor, database: Database, office: World) -> None:
    before = standing(database, office)
    page, sequence = merge(coordinator, office)
    assert "/people/units/undo-merge/" in page
    assert standing(database, office) != before
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        page = coordinator.post("/people/units/undo-merge/", {"sequence": sequence}, follow=True).text
        assert coordinator.post("/people/units/undo-merge/", {"sequence": sequence}).status_code == 409
        assert "เลิกทำการรวมหน่วยงาน" in coordinator.get("/admin/events/").text
    assert "“กองช่าง” แยกเป็นหน่วยงานเดิมแล้ว" in page
    assert standing(database, office) == before
    with database.reading() as session:
        assert session.scalars(select(Event.details).where(Event.kind == "merge_undone")).one()["merged"] == "กองช่าง"
        assert record_problems(session, office.agency_id, None) == []


def test_work_for_what_moved_makes_it_too_late(coordinator: Visitor, database: Database, office: World) -> None:
    _, sequence = merge(coordinator, office)
    with database.writing() as session:
        moved = session.scalars(select(Event.details).where(Event.kind == "units_merged")).one()["undo"]["tasks"]
        of_open = select(Task).where(Task.id.in_([task_id for task_id, *_ in moved]), Task.state == "pending")
        task = session.scalars(of_open).first()
        assert task is not None
        progress.note_progress(session, task, text="กำลังทำ", noted_on=TODAY, by=TEST, at=NOON)
    answer = coordinator.post("/people/units/undo-merge/", {"sequence": sequence})
    assert answer.status_code == 409
    assert "มีการบันทึกงานที่ย้ายมาแล้ว จึงเลิกทำการรวมไม่ได้" in answer.text
    with database.reading() as session:
        assert session.get(Unit, office.units["กองช่าง"]) is None


def test_another_agency_s_merge_is_not_found(
    coordinator: Visitor, database: Database, office: World, theirs: World
) -> None:
    _, sequence = merge(coordinator, office)
    with database.writing() as session:
        event = session.scalars(select(Event).where(Event.kind == "units_merged")).one()
        assert session.get_one(Agency, theirs.agency_id).id != event.agency_id
        assert event.sequence == int(sequence)
    assert coordinator.post("/people/units/undo-merge/", {"sequence": 1}).status_code == 404
    assert coordinator.post("/people/units/undo-merge/", {"sequence": "x"}).status_code == 404
