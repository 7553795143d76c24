"""Units that need people get them with one form; two units that are one become one, with all that was recorded."""

from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from tests.admin.conftest import NOON, TODAY, Visitor, compact, counted_queries
from tests.factories import TEST, World, task_of
from tracker.models import Event, Member, Role, Task, Unit, UnitAlias
from tracker.plan_import.parties import party_key
from tracker.services.tasks import progress
from tracker.store.db import Database


def add_unit(database: Database, world: World, name: str, *, known: bool = False) -> int:
    with database.writing() as session:
        unit = Unit(agency_id=world.agency_id, name=name, name_key=party_key(name), kind="division", known=known)
        session.add(unit)
        session.flush()
        return unit.id


def test_a_unit_that_needs_people_gets_its_head(coordinator: Visitor, database: Database, ours: World) -> None:
    unit = add_unit(database, ours, "กองประปา")
    assert f'id="unit-{unit}"' in coordinator.get("/people/").text
    sent = {"name": "นายน้ำ ใส", "email": "Nam@tua.example", "role": "head"}
    answer = coordinator.post(f"/people/units/{unit}/staff", sent, follow=True)
    assert "นายน้ำ ใส รับผิดชอบกองประปาแล้ว" in answer.text
    assert "<h1>๑ คนยังไม่เข้าใช้</h1>" in compact(answer.text)
    with database.reading() as session:
        member = session.scalars(select(Member).where(Member.email == "nam@tua.example")).one()
        assert [(role.unit_id, role.role) for role in member.roles] == [(unit, "head")]
        assert session.get_one(Unit, unit).known
        owed = session.scalar(select(func.count(Task.id)).where(Task.units.any(Unit.id == unit)))
    assert owed == 13  # what every division owes, this one too


def test_people_come_in_one_way_whose_words_are_thai(coordinator: Visitor) -> None:
    page = coordinator.get("/people/").text
    assert page.count('href="/people/import/"') == 1
    assert "unit_kind" not in page


def test_a_person_who_is_known_gets_another_role(coordinator: Visitor, database: Database, ours: World) -> None:
    unit = ours.units["กองช่าง"]
    coordinator.get("/people/")
    for _ in range(2):
        coordinator.post(f"/people/units/{unit}/staff", {"name": "หัวหน้ากองคลัง", "email": "", "role": "deputy"})
    with database.reading() as session:
        roles = session.scalars(select(Role).where(Role.member_id == ours.members["head2"])).all()
        assert sorted(role.role for role in roles) == ["deputy", "head"]


@pytest.mark.parametrize(
    "sent", [{"name": " "}, {"name": "ก", "email": "ไม่ใช่อีเมล"}, {"name": "ก", "role": "coordinator"}]
)
def test_a_person_that_makes_no_sense_is_refused_in_place(
    coordinator: Visitor, database: Database, ours: World, sent: dict[str, object]
) -> None:
    coordinator.get("/people/")
    answer = coordinator.post(f"/people/units/{ours.units['กองช่าง']}/staff", sent)
    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    with database.reading() as session:
        assert session.scalar(select(func.count(Event.id)).where(Event.kind == "person_staffed")) == 0


def test_two_units_become_one_with_tasks_people_and_names(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    gone, kept = ours.units["กองช่าง"], ours.units["กองคลัง"]
    with database.writing() as session:
        session.add(UnitAlias(agency_id=ours.agency_id, unit_id=gone, name="ช่าง", name_key="ช่าง"))
        task = task_of(session, ours, "กองช่าง", 1, date(2023, 4, 2))
        progress.tick_off(session, task, result="ช่างทำแล้ว", done_on=TODAY, today=TODAY, by=TEST, at=NOON)
        done = task.id
    page = coordinator.get(f"/people/units/{gone}/merge?into={kept}").text
    assert "“กองช่าง” จะรวมเข้ากับ “กองคลัง”" in page
    assert "ย้ายงาน ๑๔ งาน" in page
    assert "หัวหน้ากองช่าง" in page
    answer = coordinator.post(f"/people/units/{gone}/merge", {"into": kept}, follow=True)
    assert "รวม “กองช่าง” เข้ากับ “กองคลัง” แล้ว" in answer.text
    with database.reading() as session:
        assert session.get(Unit, gone) is None
        unit = session.get_one(Unit, kept)
        assert {alias.name for alias in unit.aliases} == {"ช่าง", "กองช่าง"}
        assert {role.member.name for role in unit.roles} == {"หัวหน้ากองคลัง", "หัวหน้ากองช่าง"}
        task = session.get_one(Task, done)
        assert (task.state, [one.id for one in task.units]) == ("done", [kept])
        assert task.completion is not None
        event = session.scalars(select(Event).where(Event.kind == "units_merged")).one()
        assert (event.details["merged"], event.details["tasks"]) == ("กองช่าง", 14)
        joint = session.scalars(select(Task).where(Task.agency_id == ours.agency_id, Task.party_key == "joint")).one()
        assert [one.id for one in joint.units] == [kept]


def test_a_unit_does_not_become_one_that_stands_below_it(coordinator: Visitor, database: Database, ours: World) -> None:
    top, below, lowest = (add_unit(database, ours, name, known=True) for name in ("กองเอก", "ฝ่ายโท", "งานตรี"))
    with database.writing() as session:
        session.get_one(Unit, below).parent_id = top
        session.get_one(Unit, lowest).parent_id = below
    coordinator.get("/people/")
    for into in (below, lowest):
        assert coordinator.post(f"/people/units/{top}/merge", {"into": into}).status_code == 409
    assert coordinator.post(f"/people/units/{lowest}/merge", {"into": top}).status_code == 302
    with database.reading() as session:
        assert session.get(Unit, lowest) is None
        assert session.get_one(Unit, below).parent_id == top


def test_units_that_cannot_be_one_are_refused(
    coordinator: Visitor, database: Database, ours: World, theirs: World
) -> None:
    unit = ours.units["กองช่าง"]
    coordinator.get("/people/")
    path = f"/people/units/{unit}/merge"
    assert coordinator.post(path, {"into": unit}).status_code == 409
    assert coordinator.post(path, {"into": theirs.units["กองช่าง"]}).status_code == 404
    assert coordinator.get(f"{path}?into={theirs.units['กองช่าง']}").status_code == 404
    assert coordinator.post(f"/people/units/{theirs.units['กองช่าง']}/merge", {"into": unit}).status_code == 404
    with database.reading() as session:
        assert session.scalar(select(func.count(Unit.id)).where(Unit.agency_id == ours.agency_id)) == 6


def test_the_page_says_who_is_in_who_was_invited_and_when_somebody_was_last_seen(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    with database.writing() as session:
        unit = session.get_one(Unit, ours.units["กองคลัง"])
        for name, email in (("คนใหม่", "new@tua.example"), ("ยังไม่เชิญ", "later@tua.example")):
            member = Member(agency_id=ours.agency_id, name=name, email=email, position="นักวิชาการ")
            member.roles.append(Role(agency_id=ours.agency_id, unit=unit, role="staff"))
            session.add(member)
        session.flush()
        invited = session.scalars(select(Member.id).where(Member.name == "คนใหม่")).one()
    coordinator.get("/people/")
    coordinator.post(f"/people/{invited}/invite")
    page = compact(coordinator.get("/people/").text)
    assert "<h1>๒ คนยังไม่เข้าใช้</h1>" in page
    assert "นักวิชาการ" in page
    assert page.count("◐ เชิญแล้ว ยังไม่เข้า") == 1
    assert page.count("ลิงก์ใช้ได้ถึง") == 1
    assert page.count("○ ยังไม่เชิญ") == 1
    assert page.count("ตอนนี้") == 1  # the coordinator alone signed in
    assert "/people/invitations/" in page


def test_the_people_s_page_asks_as_much_for_many(coordinator: Visitor, database: Database, ours: World) -> None:
    def asked() -> int:
        with counted_queries(database) as statements:
            coordinator.get("/people/")
        return len(statements)

    few = asked()
    with database.writing() as session:
        unit = session.get_one(Unit, ours.units["กองคลัง"])
        for number in range(20):
            member = Member(agency_id=ours.agency_id, name=f"คนที่ {number}", email=f"n{number}@tua.example")
            member.roles.append(Role(agency_id=ours.agency_id, unit=unit, role="staff"))
            session.add(member)
    assert asked() == few


def test_it_is_told_when_somebody_was_last_there_also_after_the_sign_in_has_ended(
    app: Flask, coordinator: Visitor, ours: World
) -> None:
    head = Visitor(app.test_client())
    head.sign_in(ours.email("head2"))
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        head.get("/account/")
        head.post("/sign-out")
    with time_machine.travel(NOON + timedelta(hours=3), tick=False):
        page = compact(coordinator.get("/people/").text)
    assert "วันนี้ ๑๓.๐๐ น." in page or "วันนี้ ๑๓:๐๐ น." in page
