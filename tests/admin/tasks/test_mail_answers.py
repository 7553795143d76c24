"""The three answers behind an e-mail's link: words asked about, days, several occasions, undo, a new link."""

import io
import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from admin.app import create_app
from admin.web.limits import limiter
from tests.admin.conftest import NOON, TODAY, Visitor, compact
from tests.admin.tasks.test_done_link import photo
from tests.factories import World, task_of
from tests.smtp import Mailserver, running_smtp
from tracker.channels.email.done_link import DoneLinks
from tracker.kinds import TaskState
from tracker.models import Completion, Digest, Event, Evidence, Member, Notice, Reminder, Task
from tracker.services.audit import verify
from tracker.services.reports.record_check import record_problems
from tracker.settings import Settings, secret_key
from tracker.store.db import Database

MARCH = date(2023, 3, 31)
DONE = {"answer": "done", "result": "ชี้แจงในที่ประชุมประจำเดือน", "done_on": "28/3/2566"}


@pytest.fixture(autouse=True)
def _counters_at_zero() -> Iterator[None]:
    yield
    limiter.reset()


@pytest.fixture
def task_id(database: Database, ours: World) -> int:
    with database.reading() as session:
        return task_of(session, ours, "กองคลัง", 3, MARCH).id


@pytest.fixture
def address(settings: Settings, ours: World, task_id: int) -> str:
    links = DoneLinks(secret_key(settings))
    return f"/done/{links.token(ours.members['head2'], task_id, TODAY, ours.email('head2'))}"


def stored(database: Database, task_id: int) -> Task:
    with database.reading() as session:
        options = selectinload(Task.completions).selectinload(Completion.evidence), selectinload(Task.notes)
        return session.scalars(select(Task).where(Task.id == task_id).options(*options)).one()


def sent(stranger: Visitor, address: str, **fields: object) -> str:
    """The page that answers the form."""
    stranger.get(address)
    return stranger.post(address, fields).text


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("ยังไม่ได้ทำครับ เดี๋ยวทำพรุ่งนี้", "ยังไม่ได้ทำใช่ไหม"),
        ("จะส่งให้สัปดาห์หน้า", "ทำเสร็จแล้วหรือยัง"),
        ("ส่งเอกสาร ๒๐ ส.ค.", "ทำเสร็จแล้วหรือยัง"),
        ("จัดอบรมไปแล้ว ๑ รุ่น จาก ๒ รุ่น", "ทำเสร็จแล้วหรือยัง"),
        ("ไม่เกี่ยวกับกองคลังครับ", "ยังไม่ได้ทำใช่ไหม"),
        ("เสร็จเมื่อวาน", "ขอรายละเอียดสั้น ๆ"),
        ("ขอบคุณครับ", "ขอรายละเอียดสั้น ๆ"),
        ("?", "ขอรายละเอียดสั้น ๆ"),
    ],
)
def test_words_that_tell_no_result_are_asked_about(
    stranger: Visitor, database: Database, task_id: int, address: str, words: str, asked: str
) -> None:
    page = sent(stranger, address, **{**DONE, "result": words})
    assert asked in page
    assert words in page
    assert stored(database, task_id).state == "pending"
    again = stranger.post(address, {**DONE, "result": words, "as_note": "1"})
    assert re.search(r'<input checked[^>]*name="answer"[^>]*value="note"', again.text)
    assert stored(database, task_id).state == "pending"
    assert stranger.post(address, {**DONE, "result": words, "sure": "1"}).status_code == 200
    assert stored(database, task_id).completions[0].result == words


def test_the_day_is_said_or_not_remembered_and_never_assumed(
    stranger: Visitor, database: Database, task_id: int, address: str
) -> None:
    page = stranger.get(address).text
    assert re.search(r'id="done_on"\s+name="done_on"\s+value=""', page)
    assert "หรือกด “จำวันไม่ได้”" in sent(stranger, address, **{**DONE, "done_on": ""})
    assert stored(database, task_id).state == "pending"
    sent(stranger, address, **{**DONE, "done_on": "", "unknown": "1"})
    assert stored(database, task_id).completions[0].done_on is None


@pytest.mark.parametrize(("typed", "day"), [("เมื่อวานซืน", 27), ("วันศุกร์ที่แล้ว", 24), ("๒๘ มีนา ครับ", 28)])
def test_a_day_is_typed_as_it_is_spoken(
    stranger: Visitor, database: Database, task_id: int, address: str, typed: str, day: int
) -> None:
    sent(stranger, address, **{**DONE, "done_on": typed})
    assert stored(database, task_id).completions[0].done_on == date(2023, 3, day)


def test_a_progress_note_leaves_task_and_link_open(
    stranger: Visitor, database: Database, ours: World, task_id: int, address: str
) -> None:
    assert "พิมพ์" in sent(stranger, address, answer="note", note=" ")
    assert stored(database, task_id).state == "pending"
    assert "งานยังค้างอยู่" in sent(stranger, address, answer="note", note="รอประชุมประจำเดือนของกอง")
    task = stored(database, task_id)
    assert (task.state, [one.text for one in task.notes]) == ("in_progress", ["รอประชุมประจำเดือนของกอง"])
    assert stranger.get(address).status_code == 200
    stranger.post(f"{address}/undo")
    assert stored(database, task_id).notes == []
    sent(stranger, address, **DONE)
    assert stored(database, task_id).state == "done"
    with database.reading() as session:
        assert verify(session, ours.agency_id) == []


def test_a_progress_note_of_an_e_mail_takes_photos(
    stranger: Visitor, database: Database, ours: World, address: str
) -> None:
    stranger.get(address)
    picture = [(io.BytesIO(photo()), "หน้างาน.png")]
    assert "งานยังค้างอยู่" in stranger.post(address, {"answer": "note", "note": "เทพื้นแล้ว", "files": picture}).text
    with database.reading() as session:
        (piece,) = session.scalars(select(Evidence)).all()
        assert (piece.original_name, piece.completion_id) == ("หน้างาน.jpg", None)
    stranger.post(f"{address}/undo")
    with database.reading() as session:
        assert session.scalars(select(Evidence)).all() == []
        assert record_problems(session, ours.agency_id, None) == []


def test_not_possible_takes_a_national_reason_and_words_for_another(
    stranger: Visitor, database: Database, task_id: int, address: str
) -> None:
    assert "กรุณาเลือกเหตุผล" in sent(stranger, address, answer="not_possible")
    assert "กรุณาพิมพ์เหตุผล" in sent(stranger, address, answer="not_possible", reason="other")
    assert stored(database, task_id).state == "pending"
    sent(stranger, address, answer="not_possible", reason="other", text="ผู้รับผิดชอบลาคลอด")
    task = stored(database, task_id)
    assert (task.state, task.reason, task.reason_text) == ("not_possible", "other", "ผู้รับผิดชอบลาคลอด")
    page = stranger.get(address)
    assert "ผู้รับผิดชอบลาคลอด" in page.text
    stranger.post(f"{address}/undo")
    assert stored(database, task_id).state == "pending"


def test_several_occasions_are_answered_at_once_each_with_its_day(
    stranger: Visitor, database: Database, ours: World, task_id: int, address: str
) -> None:
    with database.writing() as session:
        task = session.get_one(Task, task_id)
        other = Task(
            **{
                column.key: getattr(task, column.key)
                for column in Task.__table__.columns
                if column.key not in ("id", "checkpoint_key", "scheduled_on", "due_on")
            },
            checkpoint_key="another",
            scheduled_on=date(2023, 2, 28),
            due_on=date(2023, 2, 28),
        )
        other.units = list(task.units)
        session.add(other)
        session.flush()
        february = other.id
    page = stranger.get(f"{address}?answer=done").text
    assert re.search(rf'name="task"\s+value="{february}"\s+checked', page)
    assert not re.search(rf'name="task"\s+value="{february}"\s+checked', stranger.get(f"{address}?answer=note").text)
    both = {**DONE, "several": "1", "task": [task_id, february]}
    files = {"files": (io.BytesIO(photo()), "รูป.png")}
    refused = stranger.post(address, {**both, f"done_on-{february}": "", **files})
    assert refused.status_code == 422
    assert "บอกวันของ ก.พ." in refused.text
    kept = re.findall(r'name="kept" value="([^"]+)"', refused.text)
    assert stored(database, task_id).state == "pending"
    assert "อย่างน้อยหนึ่งงวด" in stranger.post(address, {**DONE, "several": "1"}).text
    saved = stranger.post(address, {**both, f"done_on-{february}": "27/2/2566", "kept": kept})
    assert saved.status_code == 200
    days = [stored(database, one).completions[0].done_on for one in (task_id, february)]
    assert days == [date(2023, 3, 28), date(2023, 2, 27)]
    assert [len(stored(database, one).completions[0].evidence) for one in (task_id, february)] == [1, 1]
    stranger.post(f"{address}/undo")
    assert {stored(database, one).state for one in (task_id, february)} == {"pending"}
    with database.reading() as session:
        assert verify(session, ours.agency_id) == []


def test_within_the_hour_it_is_corrected_or_undone_by_the_link(
    stranger: Visitor, database: Database, task_id: int, address: str
) -> None:
    page = sent(stranger, address, **DONE)
    assert f'action="{address}/undo"' in page
    assert "๑๓.๐๐ น." in page
    answer = stranger.post(f"{address}/undo", {"edit": "1"}, follow=True)
    assert DONE["result"] in answer.text
    assert stored(database, task_id).state == "pending"
    sent(stranger, address, **{**DONE, "result": "ชี้แจงแล้วในที่ประชุม"})
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        later = stranger.get(address)
        assert later.status_code == 200
        assert "ชี้แจงแล้วในที่ประชุม" in later.text
        assert "/undo" not in later.text
        assert stranger.post(f"{address}/undo").status_code == 409
    assert stored(database, task_id).state == "done"
    with database.reading() as session:
        kinds = session.scalars(select(Event.kind).where(Event.task_id == task_id).order_by(Event.id)).all()
    assert kinds[-3:] == ["ticked_off", "withdrawn", "ticked_off"]


def test_what_somebody_else_recorded_stands_on_the_page_and_is_not_undone(
    stranger: Visitor, head: Visitor, database: Database, task_id: int, address: str
) -> None:
    head.get(f"/tasks/{task_id}")
    head.post(f"/tasks/{task_id}", {"result": "ลงเว็บไซต์แล้ว", "done_on": "27/3/2566"})
    page = stranger.get(address).text
    assert "มีผู้บันทึกงานนี้แล้ว" in page
    assert "ลงเว็บไซต์แล้ว" in page
    assert stranger.post(f"{address}/undo").status_code == 409
    assert stored(database, task_id).state == "done"


def test_an_old_link_is_renewed_to_the_same_address_only(
    settings: Settings, database: Database, ours: World, address: str
) -> None:
    with running_smtp() as smtp:
        app = create_app(settings.model_copy(update={"smtp_url": SecretStr(smtp.url)}), database)
        with time_machine.travel(NOON + timedelta(days=15), tick=False):
            fresh = renewed(app, address, smtp)
            assert Visitor(app.test_client()).get(fresh).status_code == 200
            guest = Visitor(app.test_client())
            guest.get(address)
            codes = [guest.post(f"{address}/again").status_code for _ in range(3)]
            assert codes == [200, 200, 429]
            with database.writing() as session:
                session.get_one(Member, ours.members["head2"]).email = "other@tua.example"
            limiter.reset()
            assert "/again" not in guest.get(address).text
            assert guest.post(f"{address}/again").status_code == 302
        assert {mail.recipient for mail in smtp.mails} == {ours.email("head2")}


def renewed(app: Flask, address: str, smtp: Mailserver) -> str:
    guest = Visitor(app.test_client())
    assert f'action="{address}/again"' in guest.get(address).text
    assert "ส่งลิงก์ใหม่แล้ว" in guest.post(f"{address}/again").text
    found = re.search(r"/done/\S+", smtp.mails[-1].text)
    assert found
    return found[0]


def test_not_begun_is_told_to_the_coordinator_and_nothing_is_recorded(
    stranger: Visitor, database: Database, task_id: int, address: str
) -> None:
    assert "ยังไม่เริ่ม (ไม่พิมพ์ในรายงาน)" in stranger.get(f"{address}?answer=note").text
    for _ in range(2):
        assert "จะแจ้งผู้ประสานงานว่ายังไม่เริ่ม" in sent(stranger, address, answer="note", unstarted="1")
    task = stored(database, task_id)
    assert (task.state, task.notes) == ("pending", [])
    with database.reading() as session:
        told = session.scalars(select(Notice).where(Notice.task_id == task_id)).all()
    assert ["แจ้งว่ายังไม่เริ่ม" in one.text for one in told] == [True]
    assert stranger.get(address).status_code == 200


def test_a_day_before_its_month_is_asked_about(
    stranger: Visitor, database: Database, task_id: int, address: str
) -> None:
    early = {**DONE, "done_on": "27/2/2566"}
    page = sent(stranger, address, **early)
    assert "อยู่ก่อนเริ่ม มี.ค." in page
    assert stored(database, task_id).state == "pending"
    assert "ทันกำหนด" in sent(stranger, address, **{**early, "early": "1"})
    assert stored(database, task_id).completions[0].done_on == date(2023, 2, 27)


def test_a_day_is_told_how_it_counts_before_it_is_saved(
    stranger: Visitor, database: Database, task_id: int, address: str
) -> None:
    with database.writing() as session:
        session.get_one(Task, task_id).due_on = date(2023, 3, 20)
    for typed, words in (("18/3/2566", "ทันกำหนด"), ("28/3/2566", "หลังกำหนด ๘ วัน จะนับว่าล่าช้า"), ("1/2/2566", "ย้อนหลัง")):
        answer = stranger.get(f"{address}/day?task={task_id}&text={typed}")
        assert words in answer.json["words"]
    for typed in ("1/4/2566", "เร็ว ๆ นี้"):
        assert set(stranger.get(f"{address}/day?task={task_id}&text={typed}").json) == {"problem"}
    assert f'data-echo="{address}/day?task={task_id}"' in compact(stranger.get(address).text)
    assert "หลังกำหนด ๘ วัน" in sent(stranger, address, **DONE)
    assert stranger.get(f"{address}/day?text=18/3/2566").status_code == 410


def test_after_saving_the_next_late_task_of_the_same_message_is_offered(
    stranger: Visitor, database: Database, ours: World, address: str
) -> None:
    """Of that message alone: a link gives no right that its message did not give."""
    whose = {"agency_id": ours.agency_id, "member_id": ours.members["head2"], "created_at": NOON}
    with database.writing() as session:
        late = task_of(session, ours, "กองคลัง", 3, date(2023, 2, 28))
        late.state = TaskState.PENDING
        before, same = (Digest(on=TODAY - timedelta(days=days), **whose) for days in (1, 0))
        session.add_all([Reminder(task=late, stage="overdue:1", digest=before, **whose), same])
        session.flush()
        today = same.id
    assert "รายงานงานนี้" not in sent(stranger, address, **DONE)
    with database.writing() as session:
        session.scalars(select(Reminder).where(Reminder.agency_id == ours.agency_id)).one().digest_id = today
    stranger.post(f"{address}/undo")
    link = re.search(r'href="(/done/[^"]+)">รายงานงานนี้', compact(sent(stranger, address, **DONE)))
    assert link
    assert link[1] != address
    assert stranger.get(link[1]).status_code == 200
