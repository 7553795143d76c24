"""Reference data under Flask-Admin: scoped, recorded, protected."""

from datetime import date

import pytest
from sqlalchemy import func, select

from tests.admin.conftest import Visitor
from tests.factories import BUILT_AT, TEST, World
from tracker.models import Agency, DayOff, Event, Measure, Member, Role, Task, TaskUnit, Unit, UnitAlias
from tracker.services.tasks.generate import generate_tasks
from tracker.store.db import Database

UNIT = {"name": "กองประปา", "kind": "division", "parent": "__None", "position": "6", "known": "y", "active": "y"}


def _tasks_by_unit(database: Database, world: World) -> dict[str, int]:
    """How many tasks that count each unit has."""
    with database.reading() as session:
        found = session.execute(
            select(Unit.name, func.count())
            .join(TaskUnit, TaskUnit.unit_id == Unit.id)
            .join(Task, Task.id == TaskUnit.task_id)
            .where(Task.plan_id == world.plan_id, Task.state != "cancelled")
            .group_by(Unit.name)
        )
        return dict(found.all())


def test_a_new_division_gets_its_tasks(coordinator: Visitor, database: Database, ours: World) -> None:
    assert 'name="kind"' in coordinator.get("/admin/unit/new/").text
    answer = coordinator.post("/admin/unit/new/", UNIT, follow=True)
    assert "เพิ่มรายการแล้ว" in answer.text
    with database.reading() as session:
        unit = session.scalars(select(Unit).where(Unit.name == "กองประปา")).one()
        assert (unit.agency_id, unit.name_key) == (ours.agency_id, "กองประปา")
        assert session.scalar(select(func.count(Task.id)).where(Task.units.any(Unit.id == unit.id))) == 13
        assert session.scalars(select(Event.kind).order_by(Event.id.desc()).limit(2)).all() == [
            "tasks_generated",
            "unit_changed",
        ]


def test_a_second_unit_of_the_same_name_gets_a_sentence(coordinator: Visitor) -> None:
    answer = coordinator.post("/admin/unit/new/", {**UNIT, "name": "กองคลัง"})
    assert "มีชื่อหรือวันนี้อยู่แล้ว" in answer.text
    assert "UNIQUE" not in answer.text


def test_a_unit_cannot_stand_under_itself(coordinator: Visitor, ours: World) -> None:
    unit_id = ours.units["กองคลัง"]
    sent = {**UNIT, "name": "กองคลัง", "parent": str(unit_id)}
    assert "สังกัดตัวเองไม่ได้" in coordinator.post(f"/admin/unit/edit/?id={unit_id}", sent).text


def test_a_renamed_unit_keeps_its_tasks(coordinator: Visitor, database: Database, ours: World) -> None:
    unit_id = ours.units["กองคลัง"]
    before = _tasks_by_unit(database, ours)
    sent = {**UNIT, "name": "กองการคลัง", "position": "2"}
    assert coordinator.post(f"/admin/unit/edit/?id={unit_id}", sent).status_code == 302
    assert _tasks_by_unit(database, ours) == {
        "กองการคลัง" if unit == "กองคลัง" else unit: tasks for unit, tasks in before.items()
    }
    assert "กองคลัง" in coordinator.get("/admin/unit_alias/").text
    sent["name"] = "กองช่าง"
    assert "มีหน่วยงานชื่อ “กองช่าง” อยู่แล้ว" in coordinator.post(f"/admin/unit/edit/?id={unit_id}", sent).text


def test_another_name_takes_over_the_tasks_of_a_unit_that_only_the_plan_named(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    with database.writing() as session:
        measure = session.scalars(select(Measure).where(Measure.plan_id == ours.plan_id, Measure.number == 2)).one()
        measure.responsible_text, measure.parties = "ฝ่ายพัสดุ", ["ฝ่ายพัสดุ"]
        generate_tasks(session, measure.plan, TEST, BUILT_AT)
    assert _tasks_by_unit(database, ours)["ฝ่ายพัสดุ"] == 4
    alias = {"name": "ฝ่ายพัสดุ", "unit": str(ours.units["กองคลัง"])}
    assert coordinator.post("/admin/unit_alias/new/", alias).status_code == 302
    assert _tasks_by_unit(database, ours) == {"กองคลัง": 18, "กองช่าง": 14} | dict.fromkeys(
        ("สำนักปลัด", "กองการศึกษา", "กองสวัสดิการสังคม"), 13
    )
    refused = coordinator.post("/admin/unit_alias/new/", {**alias, "name": "กองช่าง"})
    assert "มีหน่วยงานชื่อ “กองช่าง” อยู่แล้ว" in refused.text


def test_missing_words_are_asked_for_in_thai(coordinator: Visitor) -> None:
    assert "กรุณากรอกช่องนี้" in coordinator.post("/admin/unit/new/", {**UNIT, "name": ""}).text


def test_a_persons_telephone_has_one_form(coordinator: Visitor, database: Database, ours: World) -> None:
    address = f"/admin/member/edit/?id={ours.members['head2']}"
    sent = {"name": "หัวหน้ากองคลัง", "email": "head2@tua.example", "active": "y", "phone": "(02) 123-4567 ต่อ ๑๒"}
    assert coordinator.post(address, sent).status_code == 302
    with database.reading() as session:
        assert session.get_one(Member, ours.members["head2"]).phone == "021234567 ต่อ 12"
    assert "ไม่ใช่หมายเลขโทรศัพท์" in coordinator.post(address, {**sent, "phone": "12345"}).text
    assert coordinator.post(address, {**sent, "phone": ""}).status_code == 302
    with database.reading() as session:
        assert session.get_one(Member, ours.members["head2"]).phone is None


def test_aliases_days_off_leave_and_settings(coordinator: Visitor, database: Database, ours: World) -> None:
    alias = {"name": "ฝ่ายคลัง", "unit": str(ours.units["กองคลัง"])}
    coordinator.post("/admin/unit_alias/new/", alias)
    coordinator.post("/admin/day_off/new/", {"on": "๑๗ เม.ย. ๖๖", "name": "หยุดพิเศษ", "off": "y"})
    member_id = ours.members["head2"]
    leave = {
        "name": "หัวหน้ากองคลัง",
        "email": "HEAD2@tua.example",
        "away_from": "1/4/2566",
        "away_until": "5/4/2566",
        "active": "y",
    }
    coordinator.post(f"/admin/member/edit/?id={member_id}", leave)
    office = {
        "name": "อบต.ตัวอย่าง",
        "place": "",
        "send_from": "09:00",
        "send_until": "15:00",
        "review": "y",
        "escalate_after": "2, 5, 20",
    }
    coordinator.post(f"/admin/settings/edit/?id={ours.agency_id}", office)
    with database.reading() as session:
        assert session.scalars(select(UnitAlias)).one().name_key == "ฝ่ายคลัง"
        assert session.scalars(select(DayOff)).one().on == date(2023, 4, 17)
        member = session.get_one(Member, member_id)
        assert (member.email, member.away_until) == ("head2@tua.example", date(2023, 4, 5))
        agency = session.get_one(Agency, ours.agency_id)
        assert (agency.review, agency.escalate_after, agency.send_from.hour) == (True, [2, 5, 20], 9)
    assert "๑๗ เมษายน ๒๕๖๖" in coordinator.get("/admin/day_off/").text


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"send_from": "16:00", "send_until": "09:00"}, "เวลาสิ้นสุดต้องอยู่หลัง"),
        ({"escalate_after": "3, 7"}, "กรุณาพิมพ์จำนวนวันทำการสามตัว"),
        ({"escalate_after": "7, 3, 30"}, "ต้องมากกว่าตัวก่อนหน้า"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    coordinator: Visitor, ours: World, sent: dict[str, str], sentence: str
) -> None:
    office = {"name": "อบต.ตัวอย่าง", "send_from": "08:30", "send_until": "16:30", "escalate_after": "3, 7, 30"}
    answer = coordinator.post(f"/admin/settings/edit/?id={ours.agency_id}", {**office, **sent})
    assert sentence in answer.text


def test_the_agency_keeps_a_coordinator(coordinator: Visitor, database: Database, ours: World) -> None:
    with database.reading() as session:
        role_id = session.scalars(
            select(Role.id).where(Role.agency_id == ours.agency_id, Role.role == "coordinator")
        ).one()
    coordinator.post("/admin/role/delete/", {"id": str(role_id), "url": "/admin/role/"})
    assert coordinator.get("/overview/").status_code == 200
    member = str(ours.members["head1"])
    coordinator.post("/admin/role/new/", {"member": member, "role": "coordinator", "unit": "__None", "rank": "1"})
    answer = coordinator.post("/admin/role/delete/", {"id": str(role_id), "url": "/admin/role/"}, follow=True)
    assert answer.status_code == 403


@pytest.mark.parametrize("table", ["task_records", "events"])
def test_state_is_shown_and_never_edited_here(coordinator: Visitor, table: str) -> None:
    page = coordinator.get(f"/admin/{table}/")
    assert page.status_code == 200
    assert "btn-link" not in page.text
    assert coordinator.get(f"/admin/{table}/new/").status_code == 302
    assert coordinator.get(f"/admin/{table}/edit/?id=1").status_code == 302
    assert coordinator.post(f"/admin/{table}/delete/", {"id": "1"}).status_code == 302
    assert coordinator.post(f"/admin/{table}/action/", {"action": "delete", "rowid": "1"}).status_code == 302
    assert coordinator.get(f"/admin/{table}/").text.count("<tr") == page.text.count("<tr")


def test_the_settings_open_at_their_form(coordinator: Visitor, ours: World) -> None:
    answer = coordinator.get("/admin/settings/")
    assert answer.headers["Location"].endswith(f"/admin/settings/edit/?id={ours.agency_id}")


def test_the_record_says_in_words_what_was_done(coordinator: Visitor) -> None:
    coordinator.post("/admin/day_off/new/", {"on": "17/4/2566", "name": "วันหยุดพิเศษ", "off": "y"})
    page = coordinator.get("/admin/events/").text
    assert "แก้วันหยุด" in page
    assert "หน้าเว็บ" in page
    assert ">day_off_changed" not in page
    assert "สร้างงาน" in page
