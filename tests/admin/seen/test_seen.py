"""The links of a message that show: without a password, for one person, for a while, and changing nothing."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update

from admin.web.limits import limiter
from tests.admin.conftest import NOON, TODAY, Visitor, counted_queries
from tests.factories import TEST, World, task_of
from tracker.channels.reading_link import ReadingLinks, Shown
from tracker.models import ActionLinkUse, Completion, Event, Member, Plan, ReportVersion, Task, UnitPrompt
from tracker.services.reports import closing
from tracker.services.tasks import progress
from tracker.settings import Settings, secret_key
from tracker.store.db import Database

JANUARY, FEBRUARY = date(2023, 1, 31), date(2023, 2, 28)


@pytest.fixture(autouse=True)
def _counters_at_zero() -> Iterator[None]:
    yield
    limiter.reset()


class Links:
    """Signs for the people of one agency, at their e-mail addresses."""

    def __init__(self, settings: Settings, world: World) -> None:
        self._links, self._world = ReadingLinks(secret_key(settings)), world

    def page(self, who: str, shown: Shown = "tasks", thing: int = 0, sent_on: date = TODAY) -> str:
        world = self._world
        return f"/seen/{self._links.token(world.members[who], shown, thing, sent_on, world.email(who))}"


@pytest.fixture
def links(settings: Settings, ours: World) -> Links:
    return Links(settings, ours)


def recorded(database: Database) -> list[int]:
    with database.reading() as session:
        tables = (Event, Completion, ActionLinkUse)
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_a_head_reads_and_answers_all_own_tasks_without_a_password(
    stranger: Visitor, database: Database, ours: World, links: Links
) -> None:
    page = stranger.get(links.page("head2")).text
    assert "ชี้แจงแผนการใช้จ่าย ครั้งที่ 1" in page
    assert "ต.ค. ถึง ก.พ. (๕ เดือน) · เลยมา ๑๔๙ วัน" in page
    assert "เผยแพร่แผนจัดซื้อจัดจ้าง" in page
    assert "กองช่าง" not in page.replace("กองช่าง, กองคลัง", "")
    answers = re.findall(r'href="(/done/[^"?]+)\?answer=note"', page)
    assert answers
    before = recorded(database)
    assert "บันทึก" in stranger.get(answers[0]).text
    assert recorded(database) == before
    with database.reading() as session:
        october = task_of(session, ours, "กองคลัง", 3, date(2022, 10, 31)).id
    sent = {"result": "ชี้แจงในที่ประชุม", "done_on": "28/10/2565", "answer": "done", "several": "1", "task": str(october)}
    late = re.findall(r'เลยมา ๑๔๙ วัน.*?href="(/done/[^"?]+)', page, re.DOTALL)[0]
    stranger.get(late)
    assert stranger.post(late, sent).status_code == 200
    with database.reading() as session:
        assert session.get_one(Task, october).state == "done"
    page = stranger.get(links.page("head2")).text
    assert "พ.ย. ถึง ก.พ. (๔ เดือน)" in page


def test_a_used_link_offers_no_answers_for_what_came_back(
    stranger: Visitor, database: Database, ours: World, links: Links
) -> None:
    page = stranger.get(links.page("head2")).text
    late = re.findall(r'เลยมา ๑๔๙ วัน.*?href="(/done/[^"?]+)', page, re.DOTALL)[0]
    stranger.get(late)
    with database.reading() as session:
        october = task_of(session, ours, "กองคลัง", 3, date(2022, 10, 31)).id
    sent = {"result": "ชี้แจงในที่ประชุม", "done_on": "28/10/2565", "answer": "done", "several": "1", "task": str(october)}
    assert stranger.post(late, sent).status_code == 200
    with database.writing() as session:
        progress.withdraw(session, session.get_one(Task, october), by=TEST, at=NOON)
    page = stranger.get(links.page("head2")).text
    assert late not in page
    assert "ต.ค. ถึง ก.พ. (๕ เดือน)" in page


def test_an_executive_sees_who_is_late_and_answers_for_nobody(
    stranger: Visitor, database: Database, ours: World, links: Links
) -> None:
    page = stranger.get(links.page("clerk")).text
    assert "๕ หน่วยงานที่เลยกำหนด" in page
    assert "/done/" not in page
    unit = re.findall(r'href="(/seen/[^"]+)">กองช่าง<', page)
    with database.writing() as session:
        task = task_of(session, ours, "กองช่าง", 3, JANUARY)
        progress.note_progress(session, task, text="รอประชุมประจำเดือน", noted_on=TODAY, by=TEST, at=NOON)
    before = recorded(database)
    shown = stranger.get(unit[0]).text
    assert "กองช่าง: เลยกำหนด ๕ งาน" in shown
    assert "“รอประชุมประจำเดือน”" in shown
    assert "ยังไม่ได้เตือน" in shown
    assert "/done/" not in shown
    assert recorded(database) == before


def test_a_unit_is_seen_by_who_may_see_it_alone(stranger: Visitor, ours: World, theirs: World, links: Links) -> None:
    assert stranger.get(links.page("clerk", "unit", ours.units["กองช่าง"])).status_code == 200
    assert stranger.get(links.page("head2", "unit", ours.units["กองคลัง"])).status_code == 200
    assert stranger.get(links.page("head2", "unit", ours.units["กองช่าง"])).status_code == 404
    assert stranger.get(links.page("clerk", "unit", theirs.units["กองช่าง"])).status_code == 404
    assert stranger.get(links.page("clerk", "unit", 9_999)).status_code == 404


def test_one_task_is_read_by_who_may_see_it_alone(
    stranger: Visitor, database: Database, ours: World, theirs: World, links: Links
) -> None:
    with database.reading() as session:
        own, foreign = (
            task_of(session, ours, "กองช่าง", 3, JANUARY).id,
            task_of(session, theirs, "กองช่าง", 3, JANUARY).id,
        )
    page = stranger.get(links.page("coordinator", "task", own)).text
    assert "ชี้แจงแผนการใช้จ่าย ครั้งที่ 1" in page
    assert "/done/" not in page
    assert stranger.get(links.page("head2", "task", own)).status_code == 404
    assert stranger.get(links.page("coordinator", "task", foreign)).status_code == 404


def test_a_report_is_read_before_it_is_signed(
    stranger: Visitor, database: Database, ours: World, settings: Settings, links: Links
) -> None:
    with database.writing() as session:
        plan = session.get_one(Plan, ours.plan_id)
        version = closing.close_round(session, plan, 6, settings.zone, today=date(2023, 4, 3), by=TEST, at=NOON)
        closing.submit_for_signature(session, plan, 6, by=TEST, at=NOON)
        session.flush()
        version_id = version.id
    own = stranger.get(links.page("clerk")).text
    assert "รายงานรอบ ๖ เดือนรอท่านลงนาม" in own
    [link] = re.findall(r'href="(/seen/[^"]+)">เปิดอ่าน', own)
    page = stranger.get(link).text
    assert "สรุปผลดำเนินการ" in page
    assert "ยังไม่ได้รายงานผล ๓๐ ครั้ง" in page
    assert "เข้าสู่ระบบเพื่อลงนาม" in page
    assert stranger.get(links.page("head2", "report", version_id)).status_code == 404
    assert "รอท่านลงนาม" not in stranger.get(links.page("coordinator")).text
    with database.writing() as session:
        closing.reopen_round(session, session.get_one(Plan, ours.plan_id), 6, why="แก้", by=TEST, at=NOON)
    assert stranger.get(link).status_code == 404
    with database.reading() as session:
        assert session.get_one(ReportVersion, version_id).signed_on is None


def test_an_executive_has_a_unit_reminded_from_its_page_once_a_day(
    stranger: Visitor, database: Database, ours: World, links: Links
) -> None:
    address = links.page("clerk", "unit", ours.units["กองช่าง"])
    page = stranger.get(address).text
    assert "เตือนกองช่างในนามท่าน" in page
    assert "tel:" not in page
    with database.writing() as session:
        session.get_one(Member, ours.members["head3"]).phone = "021234567 ต่อ 12"
    assert 'href="tel:021234567">โทร</a>' in stranger.get(address).text
    assert "งานเลยกำหนด ๕ งาน" in page
    for _ in range(2):
        stranger.get(address)
    with database.reading() as session:
        assert session.scalars(select(UnitPrompt)).all() == []
    sent = stranger.post(f"{address}/remind")
    assert (sent.status_code, "ผอ.กองช่างจะได้รับข้อความเตือน" in sent.text) == (200, True)
    again = stranger.post(f"{address}/remind")
    assert (again.status_code, "วันนี้ฝากเตือนกองช่างไปแล้ว" in again.text) == (409, True)
    assert "เตือนกองช่างในนามท่าน" not in stranger.get(address).text
    with database.reading() as session:
        [prompt] = session.scalars(select(UnitPrompt))
        assert (prompt.asked_as, prompt.member_id) == ("ปลัด", ours.members["clerk"])
        event = session.scalars(select(Event).order_by(Event.id.desc())).first()
        assert event is not None
        assert (event.kind, event.channel) == ("unit_reminded", "email")


@pytest.mark.parametrize("days", [7, 8])
def test_a_link_has_a_unit_reminded_for_a_week_and_then_only_shows(
    stranger: Visitor, database: Database, ours: World, links: Links, days: int
) -> None:
    """Passed on, it acts in the executive's name no longer than until the next escalation."""
    address = links.page("clerk", "unit", ours.units["กองช่าง"])
    with time_machine.travel(NOON + timedelta(days=days), tick=False):
        page = stranger.get(address)
        assert (page.status_code, "/remind" in page.text) == (200, days == 7)
        sent = stranger.post(f"{address}/remind")
        assert (sent.status_code, "ใช้เตือนไม่ได้แล้ว" in sent.text) == ((200, False) if days == 7 else (409, True))
    with database.reading() as session:
        assert len(session.scalars(select(UnitPrompt)).all()) == (days == 7)


def test_nobody_has_the_own_unit_reminded_and_no_form_of_elsewhere_does(
    stranger: Visitor, database: Database, ours: World, links: Links
) -> None:
    own = links.page("head2", "unit", ours.units["กองคลัง"])
    assert "/remind" not in stranger.get(own).text
    assert stranger.post(f"{own}/remind").status_code == 403
    assert stranger.post(f"{links.page('clerk')}/remind").status_code == 404
    unit = links.page("clerk", "unit", ours.units["กองช่าง"])
    assert stranger.client.post(f"{unit}/remind", buffered=True).status_code == 400
    with database.reading() as session:
        assert session.scalars(select(UnitPrompt)).all() == []


@pytest.mark.parametrize(("days", "status"), [(14, 200), (15, 410)])
def test_a_link_ends_after_fourteen_days(stranger: Visitor, links: Links, days: int, status: int) -> None:
    address = links.page("head2")
    with time_machine.travel(NOON + timedelta(days=days), tick=False):
        answer = stranger.get(address)
    assert answer.status_code == status
    assert ("หมดอายุ" in answer.text) == (status == 410)


def test_what_a_list_leads_to_ends_with_the_list(stranger: Visitor, links: Links) -> None:
    """Opened on its last day, the list gives no right that lasts longer."""
    with time_machine.travel(NOON + timedelta(days=14), tick=False):
        own = re.findall(r'href="(/done/[^"?]+)', stranger.get(links.page("head2")).text)[0]
        unit = re.findall(r'href="(/seen/[^"]+)"', stranger.get(links.page("clerk")).text)[0]
        assert stranger.get(own).status_code == 200
        assert stranger.get(unit).status_code == 200
    with time_machine.travel(NOON + timedelta(days=15), tick=False):
        assert "หมดอายุ" in stranger.get(own).text
        assert stranger.get(unit).status_code == 410


def test_how_one_is_reminded_is_chosen_from_a_message(
    stranger: Visitor, database: Database, ours: World, links: Links
) -> None:
    address = f"{links.page('head2', 'reminders')}/reminders"
    assert stranger.get(address).status_code == 200
    assert stranger.get(f"{links.page('head2')}/reminders").status_code == 404
    assert stranger.client.post(address, data={"channels": "email"}, buffered=True).status_code == 400
    stranger.get(address)
    sent = {"channels": "email", "urgent_only": "y", "send_from": "", "send_until": ""}
    assert stranger.post(address, sent).status_code == 302
    assert "บันทึกแล้ว" in stranger.get(address).text
    stranger.get(address)
    assert stranger.post(address, {"channels": "pigeon"}).status_code == 422
    with database.reading() as session:
        member = session.get_one(Member, ours.members["head2"])
        assert (member.channels, member.urgent_only) == (["email"], True)
        event = session.scalars(select(Event).order_by(Event.id.desc())).first()
        assert event is not None
        assert (event.kind, event.channel) == ("preferences_changed", "email")
    with time_machine.travel(NOON + timedelta(days=15), tick=False):
        assert stranger.get(address).status_code == 410


def test_who_did_not_link_line_parts_it_by_the_mail(
    stranger: Visitor, database: Database, ours: World, settings: Settings, links: Links
) -> None:
    user = f"U{7:032x}"
    with database.writing() as session:
        member = session.get_one(Member, ours.members["head2"])
        member.line_user_id, member.line_name = user, "พี่เล็ก"
    address = links.page("head2", "line")
    assert "พี่เล็ก" in stranger.get(address).text
    token = ReadingLinks(secret_key(settings)).token(ours.members["head2"], "line", 0, TODAY, user)
    assert stranger.post(f"/seen/{token}/unlink").status_code == 404  # that account is not to be trusted
    assert stranger.post(f"{links.page('head2')}/unlink").status_code == 404
    with database.reading() as session:
        assert session.get_one(Member, ours.members["head2"]).line_user_id == user
    stranger.get(address)
    assert "ไม่ได้เชื่อมกับ LINE" in stranger.post(f"{address}/unlink").text
    with database.reading() as session:
        assert session.get_one(Member, ours.members["head2"]).line_user_id is None


def test_the_link_to_the_own_reminders_leads_there_without_its_end_too(stranger: Visitor, links: Links) -> None:
    address = links.page("head2", "reminders")
    assert stranger.get(address).location == f"{address}/reminders"


def test_a_link_ends_with_the_person_and_the_address(
    stranger: Visitor, database: Database, ours: World, links: Links
) -> None:
    head, clerk = links.page("head2"), links.page("clerk", "unit", ours.units["กองช่าง"])
    with database.writing() as session:
        session.get_one(Member, ours.members["head2"]).active = False
        session.execute(update(Member).where(Member.id == ours.members["clerk"]).values(email="other@tua.example"))
    assert stranger.get(head).status_code == 404
    assert stranger.get(clerk).status_code == 404


def test_a_forged_link_opens_nothing_and_guessing_is_slowed(app: Flask, links: Links) -> None:
    stranger = Visitor(app.test_client())
    address = links.page("head2")
    answers = [stranger.get(address[:-number] + "x" * number).status_code for number in range(1, 32)]
    assert answers[:30] == [404] * 30
    assert answers[30] == 429
    assert stranger.get(links.page("head3")).status_code == 429


def test_scanners_that_open_or_head_the_link_change_nothing(
    stranger: Visitor, database: Database, links: Links
) -> None:
    before = recorded(database)
    for _ in range(3):
        assert stranger.client.head(links.page("head2"), buffered=True).status_code == 200
        assert stranger.client.post(links.page("head2"), buffered=True).status_code == 405
        assert stranger.get(links.page("head2")).headers["Cache-Control"] == "no-store"
    assert recorded(database) == before


def test_the_questions_do_not_grow_with_the_rows(
    stranger: Visitor, database: Database, ours: World, links: Links
) -> None:
    def asked(address: str) -> int:
        with counted_queries(database) as statements:
            assert stranger.get(address).status_code == 200
        return len(statements)

    stranger.get(links.page("head2"))
    addresses = [links.page("head2"), links.page("clerk"), links.page("clerk", "unit", ours.units["กองคลัง"])]
    many = [asked(address) for address in addresses]
    with database.writing() as session:
        kept = [task_of(session, ours, unit, 3, JANUARY).id for unit in ("กองคลัง", "กองช่าง")]
        session.execute(update(Task).where(Task.id.not_in(kept)).values(state="cancelled"))
    assert [asked(address) for address in addresses] == many
