"""A person in the list of people: found, changed in the row, on leave, given another duty, out of office and back."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests.admin.conftest import NOON, Visitor, compact, counted_queries
from tests.factories import World
from tracker.models import Event, Member, Role, Unit
from tracker.store.db import Database


def role_of(database: Database, member_id: int) -> int:
    with database.reading() as session:
        return session.scalars(select(Role.id).where(Role.member_id == member_id)).one()


def duties_of(database: Database, member_id: int) -> list[tuple[int | None, str]]:
    with database.reading() as session:
        found = session.execute(select(Role.unit_id, Role.role).where(Role.member_id == member_id).order_by(Role.id))
        return [(unit, str(role)) for unit, role in found]


def rows_of(page: str) -> int:
    return page.count('class="person"')


def test_a_person_is_changed_in_the_row(coordinator: Visitor, database: Database, ours: World) -> None:
    member = ours.members["head2"]
    form = coordinator.get(f"/people/person/{member}/edit").text
    assert 'value="head2@tua.example"' in form
    sent = {"name": "นางคลัง ดี", "position": "ผู้อำนวยการกองคลัง", "email": "Khlang@tua.example", "phone": "081-234-5678"}
    answer = coordinator.post(f"/people/person/{member}/edit", sent, follow=True)
    assert "ผู้อำนวยการกองคลัง" in answer.text
    with database.reading() as session:
        one = session.get_one(Member, member)
        assert (one.name, one.email, one.phone) == ("นางคลัง ดี", "khlang@tua.example", "0812345678")
        assert session.scalars(select(Event.kind).order_by(Event.id.desc()).limit(1)).one() == "member_changed"
    assert "ตำแหน่ง:" in compact(coordinator.get("/admin/events/").text)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": " "}, "กรุณาพิมพ์ชื่อบุคคล"),
        ({"name": "ก", "email": "ไม่ใช่"}, "ไม่ใช่อีเมล"),
        ({"name": "ก", "phone": "12"}, "ไม่ใช่หมายเลขโทรศัพท์"),
        ({"name": "ก", "email": "head3@tua.example"}, "หัวหน้ากองช่าง ใช้อีเมลนี้อยู่แล้ว"),
        ({"name": "ก", "position": "ก" * 301}, "ตำแหน่งยาวเกิน"),
    ],
)
def test_each_cause_has_its_sentence(coordinator: Visitor, ours: World, sent: dict[str, object], said: str) -> None:
    path = f"/people/person/{ours.members['head2']}/edit"
    coordinator.get(path)
    answer = coordinator.post(path, sent)
    assert answer.status_code in (409, 422)
    assert said in answer.text


def test_a_leave_is_set_and_taken_back(coordinator: Visitor, database: Database, ours: World) -> None:
    member = ours.members["head2"]
    path = f"/people/person/{member}/leave"
    coordinator.get(path)
    answer = coordinator.post(path, {"away_from": "วันนี้", "away_until": "๕ เม.ย. ๖๖"}, follow=True)
    assert "ลาถึง ๕ เม.ย." in answer.text
    assert "กรุณาระบุวันแรก" in coordinator.post(path, {"away_from": "", "away_until": "5/4/2566"}).text
    assert "อยู่ก่อนวันเริ่ม" in coordinator.post(path, {"away_from": "5/4/2566", "away_until": "1/4/2566"}).text
    coordinator.post(path, {"away_from": "", "away_until": ""})
    with database.reading() as session:
        assert session.get_one(Member, member).away_from is None


def test_a_unit_has_one_head_and_the_one_before_gets_another_duty(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    member, before, unit = ours.members["head3"], ours.members["head2"], ours.units["กองคลัง"]
    path = f"/people/person/{member}/duty"
    coordinator.get(f"{path}?of={role_of(database, member)}")
    sent = {"of": role_of(database, member), "unit": unit, "role": "acting"}
    refused = coordinator.post(path, sent)
    assert refused.status_code == 409
    assert "กองคลังมีหัวหน้าแล้ว คือ หัวหน้ากองคลัง" in refused.text
    assert 'name="head_becomes"' in refused.text
    page = coordinator.post(path, {**sent, "head_becomes": "deputy"}, follow=True)
    assert "หัวหน้า (รก.)" in page.text
    assert duties_of(database, member) == [(unit, "head")]
    assert duties_of(database, before) == [(unit, "deputy")]
    assert "<h1>กองช่างยังไม่มีหัวหน้า</h1>" in page.text


def test_a_duty_and_a_unit_that_do_not_go_together_are_refused(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    member = ours.members["head2"]
    path = f"/people/person/{member}/duty"
    coordinator.get(path)
    for sent in ({"unit": ours.units["กองช่าง"], "role": "coordinator"}, {"unit": "", "role": "staff"}):
        assert "กรุณาเลือกหน้าที่และหน่วยงาน" in coordinator.post(path, sent).text
    coordinator.post(path, {"unit": "", "role": "executive2"})
    assert duties_of(database, member) == [(ours.units["กองคลัง"], "head"), (None, "executive")]


def test_who_leaves_hands_the_unit_over_and_can_come_back(
    coordinator: Visitor, head: Visitor, database: Database, ours: World
) -> None:
    member, deputy, unit = ours.members["head2"], ours.members["head3"], ours.units["กองคลัง"]
    role = role_of(database, member)
    form = compact(coordinator.get(f"/people/person/{member}/end?of={role}").text)
    assert "งานทั้งหมดยังอยู่กับกองคลัง" in form
    assert "เป็นหน้าที่สุดท้ายของคนนี้" in form
    answer = coordinator.post(f"/people/person/{member}/end", {"of": role, "follower": deputy}, follow=True)
    assert "หัวหน้ากองคลัง พ้นจากหน้าที่แล้ว" in answer.text
    assert duties_of(database, deputy) == [(ours.units["กองช่าง"], "head"), (unit, "head")]
    assert head.get("/tasks/").status_code != 200
    assert "พ้นหน้าที่ ๑" in compact(answer.text)
    assert "กลับมาทำหน้าที่" not in answer.text
    left = coordinator.get("/people/?show=left").text
    assert "กลับมาทำหน้าที่" in left
    coordinator.post(f"/people/person/{member}/duty", {"unit": unit, "role": "staff"})
    assert head.get("/tasks/").status_code == 200


def test_the_agency_keeps_its_coordinator(coordinator: Visitor, database: Database, ours: World) -> None:
    member = ours.members["coordinator"]
    role = role_of(database, member)
    coordinator.get("/people/")
    ended = coordinator.post(f"/people/person/{member}/end", {"of": role})
    assert ended.status_code == 409
    assert "หน่วยงานต้องมีผู้ประสานงาน" in ended.text
    moved = coordinator.post(f"/people/person/{member}/duty", {"of": role, "unit": "", "role": "executive"})
    assert moved.status_code == 409
    assert duties_of(database, member) == [(None, "coordinator")]


def test_people_are_found_by_what_is_known_of_them(coordinator: Visitor, database: Database, ours: World) -> None:
    with database.writing() as session:
        one = session.get_one(Member, ours.members["head3"])
        one.position, one.phone, one.line_user_id = "นายช่างใหญ่", "0812345678", "U1"
    for words in ("นายช่างใหญ่", "๐๘๑-๒๓๔", "HEAD3@", "กองช่าง"):
        page = coordinator.get(f"/people/?q={words}").text
        assert rows_of(page) == 1
        assert "head3@tua.example" in page
    assert "ไม่พบ “ไม่มีใครชื่อนี้”" in coordinator.get("/people/?q=ไม่มีใครชื่อนี้").text
    everybody = rows_of(coordinator.get("/people/").text)
    assert rows_of(coordinator.get("/people/?show=no-line").text) == everybody - 1
    assert rows_of(coordinator.get("/people/?show=in&show=no-line").text) == everybody - 1
    assert rows_of(coordinator.get("/people/?show=uninvited").text) == 0


def test_an_invitation_that_ran_out_is_said(coordinator: Visitor, database: Database, ours: World) -> None:
    with database.writing() as session:
        member = Member(agency_id=ours.agency_id, name="คนใหม่", email="new@tua.example")
        member.roles.append(Role(agency_id=ours.agency_id, unit_id=ours.units["กองคลัง"], role="staff"))
        session.add(member)
        session.flush()
        newcomer = member.id
    coordinator.get("/people/")
    coordinator.post(f"/people/{newcomer}/invite")
    with time_machine.travel(NOON + timedelta(days=8), tick=False):
        page = coordinator.get("/people/").text
    assert "ลิงก์หมดอายุแล้ว" in page
    assert "เชิญอีกครั้ง" in page


def test_a_unit_is_added_and_changed_where_units_are_shown(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    coordinator.get("/people/units/add")
    assert "กรุณาพิมพ์ชื่อหน่วยงาน" in coordinator.post("/people/units/add", {"name": ""}).text
    answer = coordinator.post("/people/units/add", {"name": "กองประปา"}, follow=True)
    assert "เพิ่มกองประปาแล้ว" in answer.text
    with database.reading() as session:
        unit = session.scalars(select(Unit.id).where(Unit.name == "กองประปา")).one()
    assert 'value="กองประปา"' in coordinator.get(f"/people/units/{unit}/edit").text
    sent = {"name": "งานประปา", "others": "น้ำประปา", "under": ours.units["กองช่าง"]}
    page = coordinator.post(f"/people/units/{unit}/edit", sent, follow=True).text
    assert "สังกัด กองช่าง" in compact(page)
    assert "น้ำประปา" in page
    taken = coordinator.post(f"/people/units/{unit}/edit", {**sent, "name": "กองคลัง"})
    assert "มีหน่วยงานชื่อ “กองคลัง” อยู่แล้ว" in taken.text


def test_an_executive_is_added_to_the_agency(coordinator: Visitor, database: Database, ours: World) -> None:
    coordinator.get("/people/staff")
    coordinator.post("/people/staff", {"name": "รองปลัด", "role": "executive", "phone": "0899999999"})
    with database.reading() as session:
        member = session.scalars(select(Member).where(Member.name == "รองปลัด")).one()
        assert (member.phone, [role.role for role in member.roles]) == ("0899999999", ["executive"])
    refused = coordinator.post(f"/people/units/{ours.units['กองคลัง']}/staff", {"name": "คนที่สอง", "role": "head"})
    assert "กองคลังมีหัวหน้าแล้ว" in refused.text


def test_settings_and_calendar_have_a_place_of_their_own(coordinator: Visitor, head: Visitor) -> None:
    people = coordinator.get("/people/").text
    assert people.count('href="/admin/unit/"') == 0
    assert people.count('href="/admin/"') == 1
    assert 'href="/admin/settings/"' in people
    assert 'href="/admin/settings/"' not in head.get("/tasks/").text
    tabs = coordinator.get("/calendar/").text
    assert 'href="/admin/events/"' in tabs
    assert coordinator.get("/admin/day_off/").status_code == 200  # an old address


def test_each_form_of_the_list_asks_as_much_for_many(coordinator: Visitor, database: Database, ours: World) -> None:
    member = ours.members["head2"]
    role = role_of(database, member)
    pages = [f"/people/person/{member}/{what}?of={role}" for what in ("edit", "leave", "duty", "end")]
    pages += ["/people/?q=คน&show=left", f"/people/units/{ours.units['กองคลัง']}/staff", "/people/staff"]

    def asked() -> list[int]:
        counts = []
        for page in pages:
            with counted_queries(database) as statements:
                coordinator.get(page)
            counts.append(len(statements))
        return counts

    few = asked()
    with database.writing() as session:
        for number in range(15):
            gone = Member(agency_id=ours.agency_id, name=f"คนที่ {number}", active=number % 2 == 0)
            gone.away_from = date(2023, 3, 1)
            gone.roles.append(Role(agency_id=ours.agency_id, unit_id=ours.units["กองช่าง"], role="deputy"))
            unit = Unit(agency_id=ours.agency_id, name=f"งาน {number}", name_key=f"งาน {number}", kind="section")
            unit.parent_id = ours.units["กองช่าง"]
            session.add_all([gone, unit])
    assert asked() == few
