"""From a real delivery to the record and back: a digest is pushed, its buttons are pressed, every word comes in signed.

What LINE is sent, and what it sends, is judged by its own description (``tests/line_content``).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from tests import line_content as sent
from tests.admin.conftest import NOON, Visitor
from tests.admin.tasks.test_done_link import photo
from tests.factories import World, task_of
from tests.line_content import TalkServer, buttons_of, words_of
from tests.line_server import TOKEN
from tracker.line.event_worker import work_off
from tracker.models import Completion, Event, Evidence, LineConversation, LineEvent, Member, ProgressNote, Role, Task
from tracker.reminders.remind import remind
from tracker.services.audit import verify
from tracker.settings import Settings
from tracker.store.db import Database

HEAD, DEPUTY = f"U{21:032x}", f"U{22:032x}"
WORDS = "ชี้แจงในที่ประชุมประจำเดือนของกองคลัง"


@pytest.fixture
def talk() -> Iterator[TalkServer]:
    with sent.running_talk() as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, talk: TalkServer) -> Settings:
    return Settings(
        _env_file=None,
        data_dir=tmp_path / "data",
        secret_key="only for the tests of the pages",
        line_channel_access_token=TOKEN,
        line_channel_secret=sent.SECRET,
        line_api_base=talk.url,
        line_data_api_base=talk.url,
        base_url="http://localhost",
    )


@dataclass
class Chat:
    """The chats of the people with the official account, by what goes over the wire."""

    client: FlaskClient
    database: Database
    settings: Settings
    talk: TalkServer
    world: World
    now: datetime = NOON
    last: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def happens(self, event: dict[str, Any]) -> list[str]:
        """LINE posts the signed event, a worker works it off; gives what the person is shown."""
        body = sent.body(event)
        with time_machine.travel(self.now, tick=False):
            headers = {"X-Line-Signature": sent.signature(body)}
            answer = self.client.post(
                "/line/webhook", data=body, headers=headers, content_type="application/json", buffered=True
            )
            assert answer.status_code == 200
            before = len(self.talk.replies)
            work_off(self.database, self.settings, lambda: self.now)
        messages = [one for reply in self.talk.replies[before:] for one in reply["messages"]]
        if messages:
            self.last[event["source"]["userId"]] = messages
        return [words_of(one) for one in messages]

    def wait(self, **time: int) -> None:
        self.now += timedelta(**time)

    def say(self, words: str, who: str = HEAD) -> list[str]:
        self.wait(seconds=10)
        return self.happens(sent.text(who, self.now, words))

    def press(self, label: str, who: str = HEAD, **params: str) -> list[str]:
        """A button of what the person was shown last; what is typed by it is typed."""
        found = [buttons_of(message) for message in self.last[who]]
        action = next(buttons[label] for buttons in found if label in buttons)
        if action["type"] == "message":
            return self.say(action["text"], who)
        return self.post(action["data"], who, **params)

    def post(self, data: str, who: str = HEAD, **params: str) -> list[str]:
        self.wait(seconds=10)
        return self.happens(sent.pressed(who, self.now, data, **params))

    def send_photo(self, number: str, who: str = HEAD) -> list[str]:
        self.wait(seconds=10)
        self.talk.contents[number] = photo()
        return self.happens(sent.image(who, self.now, number))

    def digest(self) -> None:
        """The reminders of the day go out by LINE."""
        with time_machine.travel(self.now, tick=False):
            remind(self.database, self.settings, self.now, agency_id=self.world.agency_id)
        for push in self.talk.pushes:
            self.last[push["to"]] = push["messages"]

    def rows(self, model: type[Any]) -> list[Any]:
        with self.database.reading() as session:
            return list(session.scalars(select(model).order_by(model.id)))

    def state(self, *tasks: int) -> list[str]:
        with self.database.reading() as session:
            return [session.get_one(Task, task).state for task in tasks]


@pytest.fixture
def months(database: Database, ours: World) -> list[int]:
    """The only open tasks: three late months of one step of กองคลัง."""
    with database.writing() as session:
        ends = (date(2022, 12, 31), date(2023, 1, 31), date(2023, 2, 28))
        kept = [task_of(session, ours, "กองคลัง", 3, end).id for end in ends]
        session.execute(update(Task).where(Task.id.not_in(kept)).values(state="cancelled"))
        return kept


@pytest.fixture
def one(database: Database, months: list[int]) -> int:
    """The only open task: February's."""
    with database.writing() as session:
        session.execute(update(Task).where(Task.id.in_(months[:2])).values(state="cancelled"))
    return months[2]


@pytest.fixture
def chat(app: Flask, database: Database, settings: Settings, talk: TalkServer, ours: World) -> Iterator[Chat]:
    with database.writing() as session:
        session.get_one(Member, ours.members["head2"]).line_user_id = HEAD
        deputy = Member(agency_id=ours.agency_id, name="รองหัวหน้ากองคลัง", line_user_id=DEPUTY)
        deputy.roles.append(Role(agency_id=ours.agency_id, unit_id=ours.units["กองคลัง"], role="deputy"))
        session.add(deputy)
    yield Chat(app.test_client(), database, settings, talk, ours)
    with database.reading() as session:
        assert verify(session, ours.agency_id) == []


def answered(chat: Chat, words: str = WORDS, day: str = "วันนี้", who: str = HEAD) -> list[str]:
    """From the digest's ทำแล้ว to the receipt."""
    chat.press("ทำแล้ว", who)
    chat.say(words, who)
    return chat.press(day, who)


def test_the_usual_way(chat: Chat, one: int) -> None:
    chat.digest()
    assert "เลยกำหนด ๑ งาน" in words_of(chat.last[HEAD][0])
    [receipt] = answered(chat)
    assert "ตรวจก่อนบันทึก" in receipt
    assert chat.rows(Completion) == []
    assert "✓ บันทึกแล้ว" in chat.press("บันทึก")[0]
    [done] = chat.rows(Completion)
    assert (done.task_id, done.result, done.done_on) == (one, WORDS, date(2023, 3, 29))
    assert [(event.kind, event.channel) for event in chat.rows(Event)[-1:]] == [("ticked_off", "line")]
    assert len(chat.talk.pushes) == 1  # everything after the digest was a reply


def test_not_yet_is_not_done_and_becomes_a_note(chat: Chat, one: int) -> None:
    chat.digest()
    chat.press("ทำแล้ว")
    assert "ยังไม่ได้ทำใช่ไหมคะ" in chat.say("ยังไม่ได้ทำครับ เดี๋ยวทำพรุ่งนี้")[0]
    chat.press("ยังไม่เสร็จ")
    chat.say("รอเอกสารจากธนาคาร")
    assert chat.rows(ProgressNote) == []
    chat.press("บันทึก")
    assert [note.text for note in chat.rows(ProgressNote)] == ["รอเอกสารจากธนาคาร"]
    assert (chat.rows(Completion), chat.state(one)) == ([], ["in_progress"])


@pytest.mark.parametrize(
    ("words", "said"),
    [("ขอบคุณครับ", "ยังไม่บันทึกนะคะ"), ("รับทราบค่ะ", "ยังไม่บันทึกนะคะ"), ("?", "ถามผู้ประสานงาน"), ("เรียบร้อย", "ขอรายละเอียด")],
)
def test_courtesy_a_question_mark_and_nothing_record_nothing(chat: Chat, one: int, words: str, said: str) -> None:
    chat.digest()
    chat.press("ทำแล้ว")
    assert said in chat.say(words)[0]
    assert (chat.rows(Completion), chat.state(one)) == ([], ["pending"])
    chat.say(WORDS)
    chat.press("จำวันไม่ได้")
    chat.press("บันทึก")
    assert [(done.result, done.done_on) for done in chat.rows(Completion)] == [(WORDS, None)]


def test_a_photo_first_then_its_task_and_the_day_of_the_sentence(chat: Chat, one: int) -> None:
    said = chat.send_photo("901")
    assert "เป็นรูปของงานไหนคะ" in said[0]
    chat.press("ทำแล้ว")
    assert "วันไหนคะ" in chat.say("ติดประกาศที่บอร์ดหน้ากองคลังเมื่อวันที่ ๒๘ ก.พ. แล้ว")[0]
    [receipt] = chat.press("๒๘ ก.พ. (ในข้อความ)")
    assert "๑ รูป" in receipt
    assert "ทันกำหนด" in receipt
    chat.send_photo("902")
    chat.press("บันทึก")
    [done] = chat.rows(Completion)
    assert (done.task_id, done.done_on, len(chat.rows(Evidence))) == (one, date(2023, 2, 28), 2)


def test_two_people_answer_one_task(chat: Chat, one: int) -> None:
    chat.digest()
    chat.say("งานของฉัน", DEPUTY)
    answered(chat)
    answered(chat, "ติดประกาศเพิ่มที่ศาลาประชาคม", who=DEPUTY)
    chat.press("บันทึก")
    [told] = chat.press("บันทึก", DEPUTY)
    assert told.startswith("ผอ.กองคลัง บันทึกงานนี้แล้วเมื่อ")
    assert "ข้อความของท่านยังอยู่" in told
    assert len(chat.rows(Completion)) == 1
    chat.press("เพิ่มต่อท้าย", DEPUTY)
    chat.press("บันทึก", DEPUTY)
    kept = [done for done in chat.rows(Completion) if done.withdrawn_at is None]
    assert [done.result for done in kept] == [f"{WORDS}\nติดประกาศเพิ่มที่ศาลาประชาคม"]
    assert chat.state(one) == ["done"]


def test_undone_within_the_hour_and_not_after_it(chat: Chat, one: int) -> None:
    chat.digest()
    answered(chat)
    chat.press("บันทึก")
    saved = chat.last[HEAD]
    chat.wait(minutes=50)
    assert chat.press("เลิกทำ")[0].startswith("เลิกทำแล้วค่ะ")
    assert chat.state(one) == ["pending"]
    chat.press("แก้แล้วบันทึกใหม่")
    chat.press("บันทึก")
    assert chat.state(one) == ["done"]
    chat.wait(minutes=61)
    chat.last[HEAD] = saved
    assert chat.press("เลิกทำ") == ["เกินหนึ่งชั่วโมงแล้ว เลิกทำในแชตไม่ได้ แจ้งผู้ประสานงานได้ค่ะ"]
    assert chat.state(one) == ["done"]


def test_an_hour_later_it_is_asked_and_a_day_later_forgotten(chat: Chat, one: int) -> None:
    chat.digest()
    answered(chat)
    receipt = chat.last[HEAD]
    chat.wait(minutes=61)
    assert chat.press("บันทึก") == [f"เกินเวลาแล้ว ยังไม่ได้บันทึก “{WORDS}” ทำต่อไหมคะ"]
    assert chat.rows(Completion) == []
    chat.wait(hours=26)
    chat.say("สวัสดีครับ")
    assert chat.rows(LineConversation) == []
    chat.last[HEAD] = receipt
    assert "ใช้ไม่ได้แล้ว" in chat.press("บันทึก")[0]
    assert (chat.rows(Completion), chat.state(one)) == ([], ["pending"])


def test_several_months_with_one_text_and_a_day_each(chat: Chat, months: list[int]) -> None:
    chat.digest()
    assert "ธ.ค. ถึง ก.พ. (๓ เดือน)" in words_of(chat.last[HEAD][0])
    chat.press("ทำแล้ว")
    chat.press("ทั้ง ๓ เดือน")
    assert "แต่ละเดือนทำวันไหนคะ" in chat.say(WORDS)[0]
    [receipt] = chat.say("๒๙ ธ.ค. ๓๑ ม.ค. ก.พ. จำไม่ได้")
    assert "ตรวจก่อนบันทึก ๓ เดือน" in receipt
    chat.press("บันทึกทั้ง ๓ เดือน")
    assert {done.task_id: done.done_on for done in chat.rows(Completion)} == {
        months[0]: date(2022, 12, 29), months[1]: date(2023, 1, 31), months[2]: None,
    }  # fmt: skip
    chat.press("เลิกทำทั้ง ๓ เดือน")
    assert chat.state(*months) == ["pending"] * 3


def test_not_possible_with_its_reason(chat: Chat, one: int) -> None:
    chat.digest()
    chat.press("ทำไม่ได้")
    chat.press("ไม่ได้รับงบประมาณ")
    chat.say("สภายังไม่อนุมัติข้อบัญญัติ")
    assert chat.state(one) == ["pending"]
    chat.press("บันทึกว่าทำไม่ได้")
    with chat.database.reading() as session:
        task = session.get_one(Task, one)
        assert (task.state, task.reason, task.reason_text) == ("not_possible", "no_budget", "สภายังไม่อนุมัติข้อบัญญัติ")


def test_an_old_receipt_shows_the_latest(chat: Chat, one: int) -> None:
    chat.digest()
    answered(chat)
    old = chat.last[HEAD]
    chat.say("ชี้แจงในที่ประชุมและปิดประกาศ")
    latest = chat.last[HEAD]
    chat.last[HEAD] = old
    said = chat.press("บันทึก")
    assert said[0] == "ใบนี้เก่าแล้ว ใบล่าสุดอยู่ด้านล่างค่ะ"
    assert words_of(latest[-1]) in said[1:]
    assert (chat.rows(Completion), chat.state(one)) == ([], ["pending"])


@pytest.mark.parametrize("kind", ["group", "room"])
def test_in_a_group_nothing_is_said_of_tasks_and_nothing_taken(chat: Chat, one: int, kind: str) -> None:
    chat.digest()
    data = buttons_of(chat.last[HEAD][0])["ทำแล้ว"]["data"]
    place = {"type": kind, f"{kind}Id": "C1", "userId": HEAD}
    for event in (sent.pressed(HEAD, chat.now, data), sent.text(HEAD, chat.now, "งานของฉัน")):
        assert chat.happens({**event, "source": place}) == ["ตอบในแชตส่วนตัวนะคะ"]
    kept = len(chat.rows(LineEvent))
    for words in (WORDS, "พรุ่งนี้ประชุมกี่โมง"):
        assert chat.happens({**sent.text(HEAD, chat.now, words), "source": place}) == []
    assert len(chat.rows(LineEvent)) == kept
    assert chat.rows(LineConversation) == []
    assert chat.state(one) == ["pending"]


def test_a_code_typed_in_a_group_links_nobody(chat: Chat, app: Flask, ours: World) -> None:
    desk = Visitor(app.test_client())
    desk.sign_in(ours.email("coordinator"))
    page = desk.post(f"/people/{ours.members['head3']}/line-code").text
    code = page.partition("<b>")[2].partition("</b>")[0]
    stranger, place = f"U{30:032x}", {"type": "group", "groupId": "C1", "userId": f"U{30:032x}"}
    assert chat.happens({**sent.text(stranger, chat.now, code), "source": place}) == ["ตอบในแชตส่วนตัวนะคะ"]
    assert chat.say(code, stranger)[0].startswith("✓ เชื่อมแล้ว")


def test_a_replayed_webhook_changes_nothing(chat: Chat, one: int) -> None:
    chat.digest()
    answered(chat)
    data = buttons_of(chat.last[HEAD][-1])["บันทึก"]["data"]
    event = sent.pressed(HEAD, chat.now, data)
    chat.happens(event)
    chat.happens(event)
    chat.happens({**event, "deliveryContext": {"isRedelivery": True}})
    assert len(chat.rows(Completion)) == 1
    assert chat.state(one) == ["done"]


def test_every_address_of_what_is_pushed_opens_for_a_stranger(chat: Chat, app: Flask, months: list[int]) -> None:
    chat.digest()
    stranger = Visitor(app.test_client())
    found = [action["uri"] for action in buttons_of(chat.last[HEAD][0]).values() if action["type"] == "uri"]
    assert len(found) == 2
    for uri in found:
        page = stranger.get(uri.removeprefix("http://localhost"))
        assert page.status_code == 200
        assert "ชี้แจงแผนการใช้จ่าย" in page.text
    assert chat.state(*months) == ["pending"] * 3
