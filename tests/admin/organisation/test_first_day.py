"""The first day: five steps that tick themselves, invitations for all, reminders that wait for the fifth step."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import select, update

from admin.app import create_app
from admin.web.limits import limiter
from tests.admin.conftest import NOON, Visitor, compact, counted_queries
from tests.factories import PASSWORD, World
from tests.smtp import running_smtp
from tracker.models import Account, Agency, DayOff, Digest, Invitation, Member, Plan, Role, Unit
from tracker.settings import Settings
from tracker.store.db import Database

CHOSEN: dict[str, object] = {"new": PASSWORD, "again": PASSWORD}
REACHABLE = "https://khaowao.example.go.th"


@pytest.fixture(autouse=True)
def _counters_at_zero() -> Iterator[None]:
    yield
    limiter.reset()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """An installation that telephones reach; http, so that the test client's cookies come back."""
    return settings.model_copy(update={"base_url": REACHABLE.replace("https", "http")})


@pytest.fixture
def starting(database: Database, ours: World) -> World:
    """The agency as the web founds one: nothing is sent yet, and two heads have no sign-in."""
    with database.writing() as session:
        session.get_one(Agency, ours.agency_id).reminders_from = None
        for who in ("head2", "head3"):
            member = session.get_one(Member, ours.members[who])
            member.account_id, account = None, member.account
            session.flush()
            session.delete(account)
    return ours


def lost(visitor: Visitor, path: str) -> str:
    return compact(visitor.get(path).text)


def links(page: str) -> list[str]:
    return re.findall(r"http://khaowao\.example\.go\.th(/invitation/[\w-]+)", page)


def test_the_list_stands_until_all_is_done_and_ticks_itself(
    coordinator: Visitor, database: Database, starting: World
) -> None:
    page = lost(coordinator, "/overview/")
    assert "ทำแล้ว ๓ จาก ๕ ขั้น ต่อไปคือคำเชิญ" in page
    assert "๒ คนยังไม่เข้าใช้" in page
    assert "ภาพรวมของปี" in page
    assert "ทำแล้ว ๓ จาก ๕ ขั้น" not in lost(coordinator, "/overview/?all=1")
    with database.writing() as session:
        session.execute(update(Role).where(Role.member_id == starting.members["head5"]).values(role="staff"))
    assert "ทำแล้ว ๒ จาก ๕ ขั้น ต่อไปคือกองและบุคลากร" in lost(coordinator, "/overview/")
    with database.writing() as session:
        session.execute(update(Role).where(Role.member_id == starting.members["head5"]).values(role="head"))
        session.delete(session.get_one(Plan, starting.plan_id))
    page = lost(coordinator, "/overview/")
    assert "ต่อไปคือแผนปี ๒๕๖๖" in page
    assert "ต้องมีแผนก่อน (ขั้นที่ ๓)" in page
    assert coordinator.post("/reminders/first/on").status_code == 404  # a sentence says that the plan is missing


def test_an_agency_that_was_there_before_has_its_overview(coordinator: Visitor) -> None:
    assert "จาก ๕ ขั้น" not in lost(coordinator, "/overview/")


def test_executives_have_the_year_and_no_list(app: Flask, starting: World) -> None:
    clerk = Visitor(app.test_client())
    clerk.sign_in(starting.email("clerk"))
    assert "จาก ๕ ขั้น" not in lost(clerk, "/overview/")


def test_everybody_sent_and_switched_on_ends_the_list(
    coordinator: Visitor, database: Database, starting: World
) -> None:
    coordinator.get("/overview/")
    assert coordinator.post("/people/invitations/sent").location == "/reminders/first/"
    page = lost(coordinator, "/reminders/first/")
    assert "วันจันทร์ที่ ๓ เมษายน ๒๕๖๖ เวลา ๐๘.๓๐ น. ข้อความแรกจะถึง ๕ คนนี้" in page
    assert "ตอนนี้ยังไม่มีอะไรออก" in page
    with database.reading() as session:
        assert session.scalars(select(Digest)).all() == []
    page = compact(coordinator.post("/reminders/first/on", follow=True).text)
    assert "เปิดแล้ว จะส่ง ๓ เมษายน ๒๕๖๖ เวลา ๐๘.๓๐ น." in page
    assert "จาก ๕ ขั้น" not in page
    with database.reading() as session:
        assert session.get_one(Agency, starting.agency_id).reminders_from == date(2023, 4, 3)
    assert coordinator.post("/reminders/first/on").status_code == 409
    assert "หยุดการแจ้งเตือนแล้ว" in coordinator.post("/reminders/first/off", follow=True).text
    with database.reading() as session:
        assert session.get_one(Agency, starting.agency_id).reminders_from is None


def test_a_monday_off_is_the_next_working_day(coordinator: Visitor, database: Database, starting: World) -> None:
    with database.writing() as session:
        session.add(DayOff(agency_id=starting.agency_id, on=date(2023, 4, 3), name="วันหยุดของหน่วยงาน"))
    assert "วันอังคารที่ ๔ เมษายน ๒๕๖๖" in lost(coordinator, "/reminders/first/")
    assert "๔ เมษายน ๒๕๖๖" in lost(coordinator, "/overview/")


def test_the_first_messages_are_the_year_s_and_follow_the_plan(coordinator: Visitor, starting: World) -> None:
    page = lost(coordinator, f"/reminders/first/?person={starting.members['head2']}")
    assert "หัวหน้ากองคลัง จะเห็น" in page
    assert "แผนปีงบประมาณ พ.ศ. ๒๕๖๖: ท่านรับผิดชอบ" in page
    assert page.index("หัวหน้าสำนักปลัด") < page.index("หัวหน้ากองสวัสดิการสังคม")


def test_invitations_for_all_are_ready_to_paste_and_stay(
    coordinator: Visitor, database: Database, starting: World
) -> None:
    coordinator.get("/people/invitations/")
    coordinator.post("/people/invitations/prepare")
    page = lost(coordinator, "/people/invitations/")
    assert "คัดลอกแล้ว ๐ จาก ๒ คน ต่อไปคือ หัวหน้ากองคลัง" in page
    assert str(starting.members["head2"]) in page
    shown = links(page)
    assert len(set(shown)) == 2
    assert "เรียน หัวหน้ากองคลัง" in page
    assert re.search(r"ปีนี้กองคลังมี [๐-๙]+ งาน งานแรกครบกำหนด", page)
    assert "ถึง ๕ เม.ย. ๖๖" in page
    assert "สอบถาม ผู้ประสานงาน" in page
    coordinator.post("/people/invitations/prepare")
    assert links(lost(coordinator, "/people/invitations/")) == shown
    with database.reading() as session:
        kept = session.scalars(select(Invitation)).all()
        words = [link.rpartition("/")[2] for link in shown]
        assert not any(word in f"{one.word_hash} {one.nonce}" for word in words for one in kept)


def test_copying_is_marked_with_its_time_and_the_next_one_opens(
    coordinator: Visitor, starting: World, theirs: World
) -> None:
    coordinator.get("/people/invitations/")
    coordinator.post("/people/invitations/prepare")
    head2 = starting.members["head2"]
    coordinator.post(f"/people/invitations/{head2}/copied")
    page = lost(coordinator, "/people/invitations/")
    assert "คัดลอกแล้ว ๑ จาก ๒ คน ต่อไปคือ หัวหน้ากองช่าง" in page
    assert "๑๒.๐๐" in page or "๑๒:๐๐" in page
    assert coordinator.post(f"/people/invitations/{theirs.members['head2']}/copied").status_code == 404


def test_a_link_is_good_once_for_its_person_and_a_week(
    coordinator: Visitor, stranger: Visitor, database: Database, starting: World
) -> None:
    coordinator.get("/people/invitations/")
    coordinator.post("/people/invitations/prepare")
    first, second = links(lost(coordinator, "/people/invitations/"))
    stranger.get(first)
    assert stranger.post(first, CHOSEN).status_code == 302
    assert "กองคลัง" in stranger.get("/tasks/").text
    assert stranger.get(first).status_code == 404
    assert "มีบัญชีแล้ว" in lost(coordinator, "/people/invitations/")
    with time_machine.travel(NOON + timedelta(days=7, seconds=1), tick=False):
        assert stranger.get(second).status_code == 404
    with database.reading() as session:
        assert not session.scalars(select(Account).where(Account.email == starting.email("head2"))).one().address_proved


def test_who_has_a_telephone_alone_signs_in_with_its_number(
    app: Flask, coordinator: Visitor, stranger: Visitor, database: Database, starting: World
) -> None:
    with database.writing() as session:
        member = session.get_one(Member, starting.members["head2"])
        member.email, member.phone = None, "0812345678"
    coordinator.get("/people/invitations/")
    coordinator.post("/people/invitations/prepare")
    first, _ = links(lost(coordinator, "/people/invitations/"))
    assert "0812345678" in stranger.get(first).text
    assert stranger.post(first, CHOSEN).status_code == 302
    again = Visitor(app.test_client())
    assert again.sign_in("๐๘๑-๒๓๔ ๕๖๗๘").status_code == 302
    assert "กองคลัง" in again.get("/tasks/").text


def test_deputies_and_executives_hear_what_they_are(coordinator: Visitor, database: Database, starting: World) -> None:
    with database.writing() as session:
        for name, role, unit in (("ผู้แทนคลัง", "deputy", starting.units["กองคลัง"]), ("รองนายก", "executive", None)):
            member = Member(agency_id=starting.agency_id, name=name, email=f"{role}@new.example")
            member.roles.append(Role(agency_id=starting.agency_id, role=role, unit_id=unit))
            session.add(member)
    coordinator.get("/people/invitations/")
    coordinator.post("/people/invitations/prepare")
    page = lost(coordinator, "/people/invitations/")
    assert "ท่านเป็นผู้แทนของกองคลัง" in page
    assert "ท่านจะได้รับข้อความเฉพาะเมื่องานเลยกำหนด" in page


def test_the_words_for_all_change_and_the_link_stays(coordinator: Visitor, starting: World) -> None:
    coordinator.get("/people/invitations/")
    coordinator.post("/people/invitations/prepare")
    coordinator.post("/people/invitations/frame", {"frame": "สวัสดีค่ะ ขอเชิญทุกท่าน"})
    page = lost(coordinator, "/people/invitations/")
    assert page.count("สวัสดีค่ะ ขอเชิญทุกท่าน") == 3  # two messages, and the field
    assert len(set(links(page))) == 2
    assert starting.agency_id


def test_the_sheet_has_six_a_page(coordinator: Visitor, database: Database, starting: World) -> None:
    with database.writing() as session:
        for number in range(6):
            member = Member(agency_id=starting.agency_id, name=f"คนที่ {number}", email=f"n{number}@new.example")
            member.roles.append(Role(agency_id=starting.agency_id, role="staff", unit_id=starting.units["กองคลัง"]))
            session.add(member)
    coordinator.get("/people/invitations/")
    coordinator.post("/people/invitations/prepare")
    page = lost(coordinator, "/people/invitations/sheet")
    assert page.count('class="slip"') == 8
    assert page.count('class="slips"') == 2
    assert re.search(r"<code>[A-Z2-7]{4}(-[A-Z2-7]{4}){3}</code>", page)


def test_an_address_that_telephones_cannot_open_holds_copying_back(
    settings: Settings, database: Database, starting: World
) -> None:
    app = create_app(settings.model_copy(update={"base_url": "http://192.168.1.5:8000"}), database)
    app.testing = True
    visitor = Visitor(app.test_client())
    visitor.sign_in(starting.email("coordinator"))
    visitor.post("/people/invitations/prepare")
    page = lost(visitor, "/people/invitations/")
    assert "มือถือเปิดที่อยู่นี้ไม่ได้" in page
    assert "192.168.1.5:8000" in page
    assert "/invitation/" not in page
    assert visitor.get("/people/invitations/sheet").status_code == 302


def test_all_are_invited_by_e_mail_where_it_is_set_up(settings: Settings, database: Database, starting: World) -> None:
    with running_smtp() as server:
        with_mail = settings.model_copy(update={"smtp_url": SecretStr(server.url), "mail_from": "t@x.example"})
        app = create_app(with_mail, database)
        app.testing = True
        visitor = Visitor(app.test_client())
        visitor.sign_in(starting.email("coordinator"))
        page = compact(visitor.post("/people/invitations/mail", follow=True).text)
        assert "ส่งคำเชิญทางอีเมลแล้ว ๒ คน" in page
        assert {mail.recipient for mail in server.mails} == {starting.email("head2"), starting.email("head3")}
        assert links(page) == []  # who opens such a link owns the address: it is shown to nobody


def test_the_pages_ask_as_much_for_many_people(coordinator: Visitor, database: Database, starting: World) -> None:
    coordinator.get("/people/invitations/")
    coordinator.post("/people/invitations/prepare")

    def asked(path: str) -> int:
        with counted_queries(database) as statements:
            coordinator.get(path)
        return len(statements)

    before = {path: asked(path) for path in ("/people/invitations/", "/overview/", "/reminders/first/")}
    with database.writing() as session:
        unit = session.get_one(Unit, starting.units["กองคลัง"])
        for number in range(20):
            member = Member(agency_id=starting.agency_id, name=f"คนที่ {number}", email=f"n{number}@new.example")
            member.roles.append(Role(agency_id=starting.agency_id, role="staff", unit_id=unit.id))
            session.add(member)
    coordinator.post("/people/invitations/prepare")
    assert {path: asked(path) for path in before} == before


def test_the_first_day_stands_on_one_page(head: Visitor) -> None:
    page = head.get("/help/first-day/").text
    assert "เริ่มใช้ใน ๑๕ นาที" in page
