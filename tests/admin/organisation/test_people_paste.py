"""People pasted beside what is known: chips, questions with answers that stay, and what is taken over."""

import io
import re

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from tests.admin.conftest import NOON, Visitor, compact, counted_queries
from tests.factories import World
from tracker.models import Account, Member, Role, Unit, UnitAlias
from tracker.plan_import.parties import party_key
from tracker.services.accounts.accounts import create_account, hashed
from tracker.store.db import Database

HEAD = "ชื่อ-สกุล\tตำแหน่ง\tสังกัด\tอีเมล\tมือถือ\n"


@pytest.fixture
def world(database: Database, ours: World) -> World:
    """The agency with a section without people under สำนักปลัด, and two other names."""
    with database.writing() as session:
        office = ours.units["สำนักปลัด"]
        section = Unit(
            agency_id=ours.agency_id, name="งานนิติการ", name_key="งานนิติการ", kind="section", parent_id=office, position=9
        )
        session.add(section)
        session.add(UnitAlias(agency_id=ours.agency_id, unit_id=office, name="สป.", name_key=party_key("สป.")))
    return ours


def paste(visitor: Visitor, text: str) -> str:
    """Where the preview of a paste is."""
    visitor.get("/people/import/")
    answer = visitor.post("/people/import/", {"text": text})
    assert answer.status_code == 302, answer.text
    return answer.location


def chips(visitor: Visitor, path: str) -> list[str]:
    return re.findall(r'<span class="chip [^"]*">([^<]*)</span><div class="who">', compact(visitor.get(path).text))


def people(database: Database, world: World) -> dict[str, list[tuple[str, str | None]]]:
    with database.reading() as session:
        found = session.scalars(select(Member).where(Member.agency_id == world.agency_id)).all()
        return {one.name: [(role.role, role.unit.name if role.unit else None) for role in one.roles] for one in found}


def test_a_table_is_shown_first_and_then_taken_over(coordinator: Visitor, database: Database, world: World) -> None:
    before = people(database, world)
    path = paste(
        coordinator,
        HEAD + "นายน้ำ ใส\tนิติกรชำนาญการ\tสป./นิติการ\tnam@tua.example\t๐๘๑-๒๓๔-๕๖๗๘\n"
        "นางรอง ดี\tผู้ช่วย ผอ.กองคลัง\tคลัง\trong@tua.example\t\n",
    )
    page = coordinator.get(path).text
    assert "อ่านได้ ๒ คน ตอบครบแล้ว" in page
    assert "บันทึก ๒ คน แล้วทำต่อ" in compact(page)
    assert chips(coordinator, path) == ["ใหม่", "ใหม่"]
    assert people(database, world) == before
    assert coordinator.post(path, {"save": "all"}).location == "/people/"
    after = people(database, world)
    assert after["นายน้ำ ใส"] == [("head", "งานนิติการ")]  # the only one of a unit without a head
    assert after["นางรอง ดี"] == [("deputy", "กองคลัง")]
    with database.reading() as session:
        member = session.scalars(select(Member).where(Member.name == "นายน้ำ ใส")).one()
        assert (member.position, member.phone) == ("นิติกรชำนาญการ", "0812345678")
    assert coordinator.get(path).status_code == 404


def test_who_is_known_gets_what_is_new_and_loses_nothing(
    coordinator: Visitor, database: Database, world: World
) -> None:
    email = world.email("head2")
    path = paste(
        coordinator,
        HEAD + f"หัวหน้ากองคลัง\tผู้อำนวยการกองคลัง\tกองคลัง\t{email}\t\n"
        f"นางใหม่ ดี\tผู้อำนวยการกองช่าง\tกองช่าง\t{world.email('head3')}\t\n"
        f"หัวหน้าสำนักปลัด\t\tสป.\t{world.email('head1')}\t\n",
    )
    assert chips(coordinator, path) == ["เพิ่มข้อมูล", "เปลี่ยน", "เหมือนเดิม"]
    page = coordinator.get(path).text
    assert "<ins>ผู้อำนวยการกองคลัง</ins>" in compact(page)
    assert "<del>หัวหน้ากองช่าง</del>" in compact(page)
    assert "ไม่อยู่ในตารางนี้" in page
    coordinator.post(path, {"save": "all"})
    after = people(database, world)
    assert after["หัวหน้ากองคลัง"] == [("head", "กองคลัง")]
    assert after["นางใหม่ ดี"] == [("head", "กองช่าง")]
    assert after["ปลัด"] == [("executive", None)]
    again = paste(coordinator, HEAD + f"หัวหน้ากองคลัง\tผู้อำนวยการกองคลัง\tกองคลัง\t{email}\t\n")
    assert chips(coordinator, again) == ["เหมือนเดิม"]


def test_an_unknown_unit_is_asked_about_with_the_likely_answer_first(
    coordinator: Visitor, database: Database, world: World
) -> None:
    rows = "นางเอ ดี\tรองหัวหน้ากองสวัสดิการสังคม\tพช.\ta@x.example\t\nนายบี ดี\tนักวิชาการ\tพช.\tb@x.example\t\n"
    path = paste(coordinator, HEAD + rows)
    page = compact(coordinator.get(path).text)
    assert "อ่านได้ ๒ คน เหลือ ๒ คำถาม" in page
    assert "“พช.” คือหน่วยงานใด" in page
    unit = world.units["กองสวัสดิการสังคม"]
    first = re.search(r'name="answer" value="([^"]*)">([^<]*)<', page)
    assert first
    assert first.groups() == (f"2:unit={unit}", "กองสวัสดิการสังคม")
    assert "บันทึก ๒ คน" not in page
    answer = coordinator.post(path, {"answer": first[1], "word-of:2:unit": "พช."})
    assert answer.location == f"{path}#row-2"
    assert chips(coordinator, path) == ["ตอบแล้ว", "ใหม่"]  # the same word means the same unit
    coordinator.post(path, {"again": "2"})
    coordinator.post(path, {"save": "all"})
    assert people(database, world)["นายบี ดี"] == [("staff", "กองสวัสดิการสังคม")]


def test_a_second_head_is_never_made_silently(coordinator: Visitor, database: Database, world: World) -> None:
    path = paste(coordinator, HEAD + "นายใหม่ ดี\tผู้อำนวยการกองคลัง\tกองคลัง\tmai@x.example\t\n")
    assert "กองคลังมีหัวหน้าแล้ว (หัวหน้ากองคลัง)" in coordinator.get(path).text
    coordinator.post(path, {"save": "ready"})
    assert "นายใหม่ ดี" not in people(database, world)
    coordinator.post(path, {"answer": "2:duty=deputy"})
    coordinator.post(path, {"save": "all"})
    after = people(database, world)
    assert after["นายใหม่ ดี"] == [("deputy", "กองคลัง")]
    assert after["หัวหน้ากองคลัง"] == [("head", "กองคลัง")]


def test_a_head_comes_in_place_of_another_only_where_she_says_so(
    coordinator: Visitor, database: Database, world: World
) -> None:
    path = paste(coordinator, HEAD + "นายใหม่ ดี\tรก. ผอ.กองคลัง\tกองคลัง\tmai@x.example\t\n")
    coordinator.get(path)
    coordinator.post(path, {"answer": "2:head=replace"})
    coordinator.post(path, {"save": "all"})
    after = people(database, world)
    assert after["นายใหม่ ดี"] == [("head", "กองคลัง")]
    assert after["หัวหน้ากองคลัง"] == []
    with database.reading() as session:
        assert session.scalars(select(Role).join(Member).where(Member.name == "นายใหม่ ดี")).one().acting


def test_one_person_twice_and_broken_addresses_are_asked_about(
    coordinator: Visitor, database: Database, world: World
) -> None:
    path = paste(
        coordinator,
        HEAD + "นางเอ ดี\tนักวิชาการ\tกองคลัง\ta@x.example\t\n"
        "นางเอ ดี\tรก. หัวหน้างานนิติการ\tนิติการ\ta@x.example\t\n"
        "นายบี ดี\tนักวิชาการ\tกองคลัง\tb(at)x\t๑๒๓\n",
    )
    page = coordinator.get(path).text
    assert "มี “นางเอ ดี” อยู่แล้ว (2) เป็นคนเดียวกันไหม" in page
    assert "“๑๒๓” ไม่ใช่เบอร์โทรศัพท์" in page
    coordinator.post(path, {"answer": "3:same=same"})
    coordinator.post(path, {"4:phone": "0812345678", "was:4:phone": "๑๒๓"})
    assert "“b(at)x” ไม่ใช่อีเมล" in coordinator.get(path).text
    coordinator.post(path, {"answer": "4:email="})
    coordinator.post(path, {"save": "all"})
    after = people(database, world)
    assert sorted(after["นางเอ ดี"]) == [("head", "งานนิติการ"), ("staff", "กองคลัง")]
    with database.reading() as session:
        assert session.scalar(select(func.count(Member.id)).where(Member.name == "นางเอ ดี")) == 1
        other = session.scalars(select(Member).where(Member.name == "นายบี ดี")).one()
        assert (other.email, other.phone) == (None, "0812345678")


def test_a_known_name_with_another_address_is_asked_about(
    coordinator: Visitor, database: Database, world: World
) -> None:
    path = paste(coordinator, HEAD + "หัวหน้ากองคลัง\tนักวิชาการ\tกองช่าง\tother@x.example\t\n")
    assert f"อยู่แล้ว ({world.email('head2')})" in coordinator.get(path).text
    coordinator.post(path, {"answer": "2:same=other"})
    coordinator.post(path, {"save": "all"})
    with database.reading() as session:
        assert session.scalar(select(func.count(Member.id)).where(Member.name == "หัวหน้ากองคลัง")) == 2


def test_some_are_saved_first_and_the_others_wait(coordinator: Visitor, database: Database, world: World) -> None:
    rows = "นางเอ ดี\tนักวิชาการ\tกองคลัง\ta@x.example\t\nนายบี ดี\tนักวิชาการ\tไม่รู้จัก\tb@x.example\t\n"
    path = paste(coordinator, HEAD + rows)
    assert "บันทึก ๑ คนก่อน" in compact(coordinator.get(path).text)
    assert coordinator.post(path, {"save": "ready"}).location == path
    assert "นางเอ ดี" in people(database, world)
    assert chips(coordinator, path) == ["ต้องตอบ", "เหมือนเดิม"]
    assert path in coordinator.get("/people/import/").text  # the place is found again
    coordinator.get(path)
    coordinator.post(path, {"answer": "3:unit=new"})
    coordinator.post(path, {"save": "all"})
    assert people(database, world)["นายบี ดี"] == [("head", "ไม่รู้จัก")]


def test_a_person_is_left_out_and_taken_in_again(coordinator: Visitor, database: Database, world: World) -> None:
    path = paste(coordinator, HEAD + "นางเอ ดี\tนักวิชาการ\tกองคลัง\ta@x.example\t\nปลัดใหม่\tปลัด อบต.\t\tp@x.example\t\n")
    coordinator.get(path)
    coordinator.post(path, {"answer": "2:skip=yes"})
    assert chips(coordinator, path) == ["ไม่นำเข้า", "ใหม่"]
    coordinator.post(path, {"again": "2"})
    assert chips(coordinator, path) == ["ใหม่", "ใหม่"]
    coordinator.post(path, {"answer": "2:skip=yes"})
    coordinator.post(path, {"save": "all"})
    after = people(database, world)
    assert "นางเอ ดี" not in after
    assert after["ปลัดใหม่"] == [("executive", None)]


def test_a_choice_that_is_changed_stays(coordinator: Visitor, world: World) -> None:
    path = paste(coordinator, HEAD + "นางเอ ดี\tนักวิชาการ\tกองคลัง\ta@x.example\t\n")
    coordinator.get(path)
    works = world.units["กองช่าง"]
    shown = str(world.units["กองคลัง"])
    coordinator.post(path, {"was:2:unit": shown, "2:unit": str(works), "was:2:duty": "staff", "2:duty": "staff"})
    assert f'<option value="{works}" selected>' in compact(coordinator.get(path).text)


def test_nonsense_stays_in_the_box(coordinator: Visitor) -> None:
    coordinator.get("/people/import/")
    answer = coordinator.post("/people/import/", {"text": "อะไรก็ไม่รู้"})
    assert answer.status_code == 422
    assert "อ่านไม่พบชื่อคน" in answer.text
    assert ">อะไรก็ไม่รู้</textarea>" in compact(answer.text)


def test_the_page_names_the_headings_and_gives_the_form(coordinator: Visitor) -> None:
    page = coordinator.get("/people/import/").text
    assert "ตำแหน่งในสายงาน" in page
    assert "ส่วนราชการ" in page
    book = load_workbook(io.BytesIO(coordinator.get("/people/import/form.xlsx").data))
    assert "กองคลัง" in [cell.value for cell in book["ตัวเลือก"]["A"]]


def test_an_address_with_an_account_opens_the_agency(coordinator: Visitor, database: Database, world: World) -> None:
    with database.writing() as session:
        create_account(session, email="a@x.example", password_hash=hashed("ฝนตกหนัก แต่รถไม่ติด"), at=NOON)
    path = paste(coordinator, HEAD + "นางเอ ดี\tนักวิชาการ\tกองคลัง\ta@x.example\t\n")
    coordinator.get(path)
    coordinator.post(path, {"save": "all"})
    with database.reading() as session:
        account = session.scalars(select(Account).where(Account.email == "a@x.example")).one()
        assert [member.agency_id for member in account.members] == [world.agency_id]
    assert account.email == "a@x.example"


def test_the_preview_asks_as_much_for_many_people(coordinator: Visitor, database: Database, world: World) -> None:
    def asked(number: int) -> int:
        rows = "".join(f"นาย{place} ดี\tนักวิชาการ\tกองคลัง\tn{place}@x.example\t\n" for place in range(number))
        path = paste(coordinator, HEAD + rows)
        with counted_queries(database) as statements:
            coordinator.get(path)
        return len(statements)

    assert asked(2) == asked(40)
    assert world.units
