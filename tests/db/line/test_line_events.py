"""What people send by LINE: linked by a code, done with a sentence and photos, each event worked off once, in order."""

import hashlib
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from tests import line_content as sent
from tests.line_content import SECRET, TalkServer, running_talk
from tests.line_server import TOKEN
from tests.office import Office, add_member, add_task, local, make_office, settings
from tests.smtp import running_smtp
from tracker.channels.line.postback import done_data, done_task
from tracker.line import inbox, linking
from tracker.line.event_worker import work_off
from tracker.line.linking import MOST_TRIES, new_code
from tracker.models import (
    Agency,
    Completion,
    Event,
    Evidence,
    LineConversation,
    LineEvent,
    LineLinkCode,
    MailboxMessage,
    Member,
    Notice,
    Task,
)
from tracker.services.audit import Actor, verify
from tracker.services.tasks import progress
from tracker.settings import Settings
from tracker.store.db import Database

NOW = local("2023-06-23 09:00")
KEY = "a secret key for the tests"
HEAD, OTHER = f"U{1:032x}", f"U{2:032x}"
CLI = Actor("test", "cli")


def png() -> bytes:
    """One pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


@pytest.fixture
def talk() -> Iterator[TalkServer]:
    with running_talk() as server:
        server.names = {HEAD: "พี่เล็ก", OTHER: "คนอื่น"}
        yield server


@pytest.fixture
def office(database: Database) -> Office:
    return make_office(database)


@dataclass
class Line:
    """The installation as LINE's people meet it: they send, the worker works it off at that moment."""

    database: Database
    settings: Settings
    server: TalkServer
    now: datetime = NOW

    def arrive(self, *events: dict[str, Any]) -> int:
        with self.database.writing() as session:
            return inbox.keep(session, sent.body(*events), self.now)

    def work(self) -> int:
        return work_off(self.database, self.settings, lambda: self.now)

    def send(self, *events: dict[str, Any]) -> list[str]:
        """The events happen and are worked off; gives what was replied."""
        before = len(self.server.said)
        self.arrive(*events)
        self.work()
        return self.server.said[before:]

    def write(self, user_id: str, words: str) -> list[str]:
        self.now += timedelta(seconds=10)
        return self.send(sent.text(user_id, self.now, words))

    def press(self, user_id: str, task_id: int) -> list[str]:
        self.now += timedelta(seconds=10)
        return self.send(sent.pressed(user_id, self.now, done_data(KEY, task_id)))

    def photograph(self, user_id: str, message_id: str, content: bytes | None = None, **more: Any) -> list[str]:
        self.now += timedelta(seconds=10)
        self.server.contents[message_id] = content if content is not None else png()
        return self.send(sent.image(user_id, self.now, message_id, **more))

    def code_for(self, member_id: int) -> str:
        with self.database.writing() as session:
            return new_code(session, session.get_one(Member, member_id), KEY, CLI, self.now)

    def link(self, user_id: str, member_id: int) -> None:
        with self.database.writing() as session:
            session.execute(update(Member).where(Member.id == member_id).values(line_user_id=user_id))

    def rows(self, model: type[Any]) -> list[Any]:
        with self.database.reading() as session:
            return list(session.scalars(select(model).order_by(model.id)))

    def member(self, member_id: int) -> Member:
        with self.database.reading() as session:
            return session.get_one(Member, member_id)

    def task(self, task_id: int) -> Task:
        with self.database.reading() as session:
            return session.get_one(Task, task_id)


@pytest.fixture
def make_line(database: Database, talk: TalkServer, tmp_path: Path) -> Callable[..., Line]:
    def make(**more: Any) -> Line:
        set_up = settings(
            line_channel_access_token=TOKEN,
            line_channel_secret=SECRET,
            line_api_base=talk.url,
            line_data_api_base=talk.url,
            secret_key=KEY,
            data_dir=tmp_path / "data",
            **more,
        )
        return Line(database, set_up, talk)

    return make


@pytest.fixture
def line(make_line: Callable[..., Line]) -> Line:
    return make_line()


@pytest.fixture
def task(database: Database, office: Office) -> int:
    return add_task(database, office, date(2023, 6, 30))


@pytest.fixture
def linked(line: Line, office: Office) -> Line:
    """The head of กองคลัง is linked."""
    line.link(HEAD, office.members["head1"])
    return line


# --- linking ---


def test_a_code_links_once_and_the_person_hears_of_it(line: Line, office: Office) -> None:
    code = line.code_for(office.members["head1"])
    assert len(code) == 9
    [said] = line.write(HEAD, f" {code.lower().replace('-', ' ')} ")
    assert "เชื่อมบัญชีแล้ว" in said
    member = line.member(office.members["head1"])
    assert (member.line_user_id, member.line_name) == (HEAD, "พี่เล็ก")
    [message] = line.rows(MailboxMessage)
    assert message.member_id == member.id
    assert "พี่เล็ก" in message.body_text
    assert [one.kind for one in line.rows(Event)] == ["line_code_made", "line_linked"]
    assert "ไม่พบรหัส" in line.write(OTHER, code)[0]
    assert line.member(office.members["head1"]).line_user_id == HEAD
    assert KEY not in str(line.rows(LineLinkCode)[0].code_hash)
    with line.database.reading() as session:
        assert verify(session, office.agency) == []


def test_the_link_is_told_by_mail(make_line: Callable[..., Line], office: Office) -> None:
    with running_smtp() as smtp:
        line = make_line(smtp_url=smtp.url)
        line.write(HEAD, line.code_for(office.members["head1"]))
        [mail] = smtp.mails
    assert mail.recipient == f"head1-{office.agency}@example.go.th"


def test_the_log_names_neither_addresses_nor_what_others_answered(
    make_line: Callable[..., Line], office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    with running_smtp() as smtp:
        line = make_line(smtp_url=smtp.url)
        address = f"head1-{office.agency}@example.go.th"
        smtp.refuse[address] = f"550 5.1.1 <{address}> no such user"
        line.server.refuse = [404, 400]  # the name that belongs to the account, and the reply
        line.write(HEAD, line.code_for(office.members["head1"]))
    words = [record.getMessage() for record in caplog.records]
    assert [one.rpartition(": ")[2] for one in words] == ["refused, the message", "refused, the address"]
    assert HEAD not in caplog.text
    assert address not in caplog.text


def test_an_expired_or_replaced_code_links_nobody(line: Line, office: Office) -> None:
    replaced = line.code_for(office.members["head1"])
    expired = line.code_for(office.members["head1"])
    assert "ไม่พบรหัส" in line.write(HEAD, replaced)[0]
    line.now += linking.VALID
    assert "ไม่พบรหัส" in line.write(HEAD, expired)[0]
    assert line.member(office.members["head1"]).line_user_id is None


def test_guessing_is_stopped_for_the_user(line: Line, office: Office) -> None:
    code = line.code_for(office.members["head1"])
    for guess in range(MOST_TRIES):
        assert "ไม่พบรหัส" in line.write(OTHER, f"ABCD234{guess + 2}")[0]
    assert "หลายครั้ง" in line.write(OTHER, code)[0]
    assert "เชื่อมบัญชีแล้ว" in line.write(HEAD, code)[0]
    other = line.code_for(office.members["head2"])
    line.now += linking.TRIES_WITHIN
    assert "เชื่อมบัญชีแล้ว" in line.write(OTHER, other)[0]


def test_guessing_at_one_code_by_many_users_ends_the_code(line: Line, office: Office) -> None:
    code = line.code_for(office.members["head1"]).replace("-", "")
    with line.database.writing() as session:
        session.execute(update(LineLinkCode).values(tries=linking.MOST_TRIES_OF_CODE - 1))
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    wrong = wrong if linking.read_code(wrong) else code[:-2] + ("2A" if not code.endswith("2A") else "3A")
    line.write(OTHER, wrong)
    assert line.rows(LineLinkCode)[0].tries == linking.MOST_TRIES_OF_CODE
    assert "ไม่พบรหัส" in line.write(HEAD, code)[0]


def test_one_account_is_one_member_of_an_agency_and_may_be_of_another(line: Line, office: Office) -> None:
    line.write(HEAD, line.code_for(office.members["head1"]))
    code = line.code_for(office.members["head2"])
    assert "อยู่แล้ว" in line.write(HEAD, code)[0]
    assert line.member(office.members["head2"]).line_user_id is None
    second = make_office(line.database, "อบต.ข้างเคียง")
    assert "เชื่อมบัญชีแล้ว" in line.write(HEAD, line.code_for(second.members["head1"]))[0]
    assert line.member(second.members["head1"]).line_user_id == line.member(office.members["head1"]).line_user_id


@pytest.mark.parametrize("words", ["unlink", "ยกเลิกการเชื่อม"])
def test_unlinking_by_a_word(linked: Line, office: Office, task: int, words: str) -> None:
    linked.press(HEAD, task)
    assert "ยกเลิกการเชื่อมแล้ว" in linked.write(HEAD, words)[0]
    assert linked.member(office.members["head1"]).line_user_id is None
    assert linked.rows(LineConversation) == []
    assert "รหัส" in linked.write(HEAD, "สวัสดี")[0]


def test_another_account_is_not_called_by_the_old_ones_name(line: Line, office: Office) -> None:
    line.write(HEAD, line.code_for(office.members["head1"]))
    with line.database.writing() as session:
        session.get_one(Member, office.members["head1"]).line_user_id = OTHER
    assert line.member(office.members["head1"]).line_name is None


def test_what_is_no_code_is_not_taken_for_one() -> None:
    assert linking.read_code("abcd-2345") == "ABCD2345"
    assert linking.read_code("๒๓๔๕ ABCD") == "2345ABCD"
    for words in ("", "ABCDEFGH", "23456789", "ABCD234", "ABCDO234", "ประชุมแล้ว"):
        assert linking.read_code(words) is None


# --- following ---


def test_blocking_sends_messages_another_way_until_the_person_follows_again(linked: Line, office: Office) -> None:
    linked.now += timedelta(minutes=1)
    assert linked.send(sent.event("unfollow", HEAD, linked.now)) == []
    assert linked.member(office.members["head1"]).line_failed
    [notice] = linked.rows(Notice)
    assert (notice.kind, notice.member_id) == ("undelivered", None)
    linked.now += timedelta(minutes=1)
    [said] = linked.send(sent.event("follow", HEAD, linked.now, follow={"isUnblocked": True}))
    assert "ยินดีต้อนรับกลับ" in said
    assert linked.member(office.members["head1"]).line_failed is None


def test_an_unfollow_that_comes_late_is_void(linked: Line, office: Office) -> None:
    linked.write(HEAD, "สวัสดี")
    linked.send(sent.event("unfollow", HEAD, linked.now - timedelta(minutes=5)))
    assert linked.member(office.members["head1"]).line_failed is None


@pytest.mark.usefixtures("office")
def test_a_stranger_is_greeted_and_asked_for_the_code(line: Line) -> None:
    assert "รหัส ๘ ตัว" in line.send(sent.event("follow", OTHER, line.now, follow={"isUnblocked": False}))[0]
    assert "รหัส ๘ ตัว" in line.write(OTHER, "งานของฉัน")[0]
    line.now += timedelta(seconds=1)
    assert line.send(sent.event("accountLink", OTHER, line.now, link={"result": "ok", "nonce": "n"})) == []


# --- own tasks ---


def test_own_tasks_are_shown_on_request(linked: Line, office: Office, task: int) -> None:
    add_task(linked.database, office, date(2023, 5, 31))
    foreign = add_task(linked.database, office, date(2023, 6, 29), unit="กองช่าง")
    assert linked.write(HEAD, "งานของฉัน") == ["[เลยกำหนด ๓๑ พ.ค. ๖๖] งานตามแผนมาตรการ ๒ รายการ"]
    shown = str(linked.server.replies[-1])
    assert f"/tasks/{task}'" in shown
    assert f"/tasks/{foreign}'" not in shown


def test_who_owes_nothing_is_told_so(linked: Line) -> None:
    assert "ไม่มีงาน" in linked.write(HEAD, "งานของฉัน")[0]


# --- done ---


def test_done_takes_a_sentence_and_photos(linked: Line, office: Office, task: int) -> None:
    assert "ทำอะไรไปแล้ว" in linked.press(HEAD, task)[0]
    assert "บันทึกแล้ว" in linked.write(HEAD, "ประชุมชี้แจงแผนให้ทุกกองแล้ว")[0]
    assert "ชิ้นที่ ๑" in linked.photograph(HEAD, "11")[0]
    assert linked.photograph(HEAD, "12", imageSet={"id": "s", "index": 1, "total": 2}) == []
    assert "ชิ้นที่ ๓" in linked.photograph(HEAD, "13", imageSet={"id": "s", "index": 2, "total": 2})[0]
    assert "หลักฐาน ๓ ชิ้น" in linked.write(HEAD, "เสร็จ")[0]
    [completion] = linked.rows(Completion)
    assert (completion.result, completion.done_on) == ("ประชุมชี้แจงแผนให้ทุกกองแล้ว", date(2023, 6, 23))
    assert completion.entered_by_id == office.members["head1"]
    pieces = linked.rows(Evidence)
    assert [(piece.completion_id, piece.media_type) for piece in pieces] == [(completion.id, "image/jpeg")] * 3
    assert pieces[0].original_name == "LINE 2023-06-23 09.00.30.jpg"
    kept = (linked.settings.data_dir / "evidence" / pieces[0].stored_name).read_bytes()
    assert (kept[:3], hashlib.sha256(kept).hexdigest()) == (b"\xff\xd8\xff", pieces[0].sha256)
    assert linked.task(task).state == "done"
    assert [(one.kind, one.channel) for one in linked.rows(Event)] == [("ticked_off", "line")] + [
        ("evidence_added", "line")
    ] * 3
    assert linked.rows(LineConversation) == []
    assert all(one.payload == {} for one in linked.rows(LineEvent))
    with linked.database.reading() as session:
        assert verify(session, office.agency) == []


def test_where_the_agency_reviews_the_tick_waits_for_it(linked: Line, office: Office, task: int) -> None:
    with linked.database.writing() as session:
        session.get_one(Agency, office.agency).review = True
    linked.press(HEAD, task)
    assert "ส่งให้ผู้ประสานงานตรวจแล้ว" in linked.write(HEAD, "เผยแพร่แล้ว")[0]
    assert "ชิ้นที่ ๑" in linked.photograph(HEAD, "11")[0]
    assert linked.task(task).state == "submitted"


def test_cancel_records_nothing(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    assert "ยังไม่ได้บันทึก" in linked.write(HEAD, "ยกเลิก")[0]
    linked.write(HEAD, "ประชุมแล้ว")
    assert linked.rows(Completion) == []


def test_a_bare_done_is_no_sentence_and_an_hour_later_nothing_is_asked(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    assert "พิมพ์สั้น ๆ" in linked.write(HEAD, "เสร็จแล้ว")[0]
    linked.now += timedelta(hours=1)
    linked.write(HEAD, "ประชุมแล้ว")
    assert linked.rows(Completion) == []


def test_photos_after_half_an_hour_or_before_the_sentence_are_not_taken(linked: Line, task: int) -> None:
    assert "กดปุ่ม" in linked.photograph(HEAD, "9")[0]
    linked.press(HEAD, task)
    assert "ก่อน" in linked.photograph(HEAD, "10")[0]
    linked.write(HEAD, "ประชุมแล้ว")
    linked.now += timedelta(minutes=30)
    assert "กดปุ่ม" in linked.photograph(HEAD, "11")[0]
    assert linked.rows(Evidence) == []
    assert linked.server.fetched == []


@pytest.mark.parametrize(
    ("content", "why"), [(b"<html>not a photo</html>", "ไม่ใช่รูปภาพ"), (b"%PDF-1.7 \n", "เฉพาะรูปภาพ"), (b"", "ว่างเปล่า")]
)
def test_what_is_no_photo_is_refused(linked: Line, task: int, content: bytes, why: str) -> None:
    linked.press(HEAD, task)
    linked.write(HEAD, "ประชุมแล้ว")
    assert why in linked.photograph(HEAD, "11", content)[0]
    assert linked.rows(Evidence) == []
    assert [path for path in (linked.settings.data_dir / "evidence").glob("*") if path.is_file()] == []


def test_a_file_over_the_limit_or_gone_or_elsewhere_is_refused(
    make_line: Callable[..., Line], office: Office, task: int
) -> None:
    line = make_line(upload_limit_mb=1)
    line.link(HEAD, office.members["head1"])
    line.press(HEAD, task)
    line.write(HEAD, "ประชุมแล้ว")
    assert "ใหญ่เกิน" in line.photograph(HEAD, "11", png() + b"0" * 2**20)[0]
    assert "ไม่มีไฟล์นี้แล้ว" in line.send(sent.image(HEAD, line.now + timedelta(seconds=1), "12"))[0]
    outside = {"type": "external", "originalContentUrl": f"{line.server.url}/secret"}
    assert "เฉพาะรูปภาพ" in line.photograph(HEAD, "13", contentProvider=outside)[0]
    assert "/secret" not in line.server.fetched
    assert line.rows(Evidence) == []


def test_a_pdf_sent_as_a_file_is_evidence(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    linked.write(HEAD, "ประชุมแล้ว")
    linked.server.contents["20"] = b"%PDF-1.7 \n"
    linked.now += timedelta(seconds=1)
    linked.send(sent.file(HEAD, linked.now, "20", "บันทึกการประชุม.pdf", 10))
    [piece] = linked.rows(Evidence)
    assert (piece.original_name, piece.media_type) == ("บันทึกการประชุม.pdf", "application/pdf")


# --- whose ---


def test_another_units_or_agencys_task_is_refused(linked: Line, office: Office, task: int) -> None:
    second = make_office(linked.database, "อบต.ข้างเคียง")
    foreign = add_task(linked.database, second, date(2023, 6, 30))
    colleagues = add_task(linked.database, office, date(2023, 6, 30), unit="กองช่าง")
    for one in (foreign, colleagues, 9_999):
        assert "ไม่อยู่ในความรับผิดชอบ" in linked.press(HEAD, one)[0]
        linked.write(HEAD, "ทำแล้วครับ")
    assert "ไม่อยู่ในความรับผิดชอบ" in linked.press(OTHER, task)[0]
    assert linked.rows(Completion) == []


def test_a_forged_button_does_nothing(linked: Line, task: int) -> None:
    data = done_data(KEY, task)
    assert len(data) < 300
    assert data.isascii()
    assert done_task(KEY, data) == task
    for forged in (data[:-1] + "x", data.replace(f"t={task}", f"t={task + 1}"), done_data("other", task), "", "a=done"):
        assert linked.send(sent.pressed(HEAD, linked.now, forged)) == []
    assert linked.rows(LineConversation) == []


def test_a_task_that_is_done_or_handed_on_meanwhile_says_so(linked: Line, office: Office, task: int) -> None:
    second = add_task(linked.database, office, date(2023, 5, 31))
    linked.press(HEAD, task)
    tick(linked, task)
    assert "ทำแล้ว" in linked.write(HEAD, "ประชุมแล้ว")[0]
    assert "ทำแล้ว" in linked.press(HEAD, task)[0]
    linked.press(HEAD, second)
    linked.link(OTHER, office.members["head1"])
    assert "ไม่อยู่ในความรับผิดชอบ" in linked.write(HEAD, "ประชุมแล้ว")[0]
    assert len(linked.rows(Completion)) == 1


def test_photos_of_a_withdrawn_tick_are_not_kept(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    linked.write(HEAD, "ประชุมแล้ว")
    with linked.database.writing() as session:
        progress.withdraw(session, session.get_one(Task, task), by=CLI, at=linked.now)
    linked.photograph(HEAD, "11")
    assert linked.rows(Evidence) == []
    assert list((linked.settings.data_dir / "evidence").glob("*")) == []


def test_the_coordinator_ticks_for_any_unit_of_the_agency(line: Line, office: Office, task: int) -> None:
    line.link(HEAD, office.members["coordinator"])
    line.press(HEAD, task)
    line.write(HEAD, "ประชุมแล้ว")
    assert line.task(task).state == "done"


def test_somebody_no_longer_in_use_is_a_stranger(linked: Line, office: Office, task: int) -> None:
    with linked.database.writing() as session:
        session.get_one(Member, office.members["head1"]).active = False
        staff = add_member(session, office.agency, "staff", "staff", office.units["กองคลัง"], line_user_id=OTHER)
    assert "ไม่อยู่ในความรับผิดชอบ" in linked.press(HEAD, task)[0]
    linked.press(OTHER, task)
    linked.write(OTHER, "ประชุมแล้ว")
    assert linked.rows(Completion)[0].entered_by_id == staff


# --- once, and in order ---


def test_a_redelivered_event_is_kept_once(linked: Line, task: int) -> None:
    one = sent.pressed(HEAD, NOW, done_data(KEY, task))
    again = {**one, "deliveryContext": {"isRedelivery": True}}
    assert [linked.arrive(one), linked.arrive(again, again)] == [1, 0]
    assert linked.work() == 1
    assert linked.arrive(again) == 0
    assert linked.work() == 0
    assert len(linked.server.replies) == 1


def test_events_are_worked_off_in_the_order_in_which_they_happened(linked: Line, task: int) -> None:
    press = sent.pressed(HEAD, NOW, done_data(KEY, task))
    sentence = sent.text(HEAD, NOW + timedelta(seconds=20), "ประชุมแล้ว")
    photo = sent.image(HEAD, NOW + timedelta(seconds=30), "11")
    linked.server.contents["11"] = png()
    linked.now += timedelta(minutes=1)
    linked.arrive(photo, sentence)
    linked.arrive(press)
    assert linked.work() == 3
    assert len(linked.rows(Evidence)) == 1


def test_two_workers_at_once_record_one_completion(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    linked.now += timedelta(seconds=5)
    linked.arrive(*(sent.text(HEAD, linked.now, f"ประชุมแล้ว {number}") for number in range(4)))
    together = threading.Barrier(3)
    done: list[int] = []

    def work() -> None:
        together.wait()
        done.append(linked.work())

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    linked.work()
    assert [one.result for one in linked.rows(Completion)] == ["ประชุมแล้ว 0"]
    assert all(one.worked_at for one in linked.rows(LineEvent))


def test_a_killed_workers_event_is_taken_over_and_its_late_decision_is_void(linked: Line, task: int) -> None:
    linked.arrive(sent.pressed(HEAD, NOW, done_data(KEY, task)))
    with linked.database.writing() as session:
        claim, [taken] = inbox.claim(session, linked.now, 10)
    assert linked.work() == 0
    linked.now += inbox.LEASE
    assert linked.work() == 1
    with linked.database.writing() as session:
        assert not inbox.finish(session, taken, claim, linked.now)


def test_killed_workers_cost_an_event_none_of_its_tries(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    linked.write(HEAD, "ประชุมแล้ว")
    linked.server.refuse = [500]
    linked.server.contents["11"] = png()
    linked.now += timedelta(seconds=10)
    linked.arrive(sent.image(HEAD, linked.now, "11"))
    for _ in range(inbox.MOST_ATTEMPTS):
        with linked.database.writing() as session:
            assert inbox.claim(session, linked.now, 10)[1]
        linked.now += inbox.LEASE
    assert linked.work() == 0
    linked.now += inbox.FIRST_WAIT
    assert linked.work() == 1
    last = linked.rows(LineEvent)[-1]
    assert (last.outcome, last.attempts) == ("evidence", 2)


def test_a_reply_that_fails_loses_nothing(linked: Line, task: int) -> None:
    linked.server.refuse = [400]
    assert linked.press(HEAD, task) == []
    linked.server.refuse = [500]
    assert linked.write(HEAD, "ประชุมแล้ว") == []
    assert len(linked.rows(Completion)) == 1


def test_a_photo_that_line_does_not_give_yet_is_asked_for_again(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    linked.write(HEAD, "ประชุมแล้ว")
    linked.server.refuse = [500]
    assert linked.photograph(HEAD, "11") == []
    assert linked.write(HEAD, "เสร็จ") == []  # waits for its turn
    linked.now += inbox.FIRST_WAIT
    assert linked.work() == 2
    assert "หลักฐาน ๑ ชิ้น" in linked.server.said[-1]


def test_a_photo_that_line_never_gives_is_let_go(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    linked.write(HEAD, "ประชุมแล้ว")
    linked.server.refuse = [500] * inbox.MOST_ATTEMPTS  # the reply to the last one is let through
    linked.photograph(HEAD, "11")
    for _ in range(inbox.MOST_ATTEMPTS):
        linked.now += timedelta(hours=1)
        linked.work()
    last = linked.rows(LineEvent)[-1]
    assert (last.outcome, last.attempts) == ("refused", inbox.MOST_ATTEMPTS)
    assert "ส่งใหม่อีกครั้ง" in linked.server.said[-1]
    assert linked.rows(Evidence) == []


def test_what_cannot_be_worked_off_is_given_up_and_holds_nobody_up(
    linked: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = inbox.note

    def broken(session: Any, event: LineEvent, outcome: str, agency_id: int | None) -> None:
        if event.kind == "postback":
            raise RuntimeError("broken")
        original(session, event, outcome, agency_id)

    monkeypatch.setattr(inbox, "note", broken)
    linked.arrive(sent.pressed(HEAD, NOW, "x"), sent.text(HEAD, NOW + timedelta(seconds=1), "งานของฉัน"))
    for _ in range(inbox.MOST_ATTEMPTS):
        linked.work()
        linked.now += timedelta(hours=1)
    linked.work()
    assert [one.outcome for one in linked.rows(LineEvent)] == ["given_up", "tasks_shown"]
    assert "RuntimeError: broken" in (linked.rows(LineEvent)[0].error or "")


def test_odd_characters_hold_nothing_up(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    odd = sent.text(HEAD, linked.now + timedelta(seconds=1), "ODD")
    with linked.database.writing() as session:
        inbox.keep(session, sent.body(odd).replace(b"ODD", rb"\u0000\ud800 meeting held"), linked.now)
    linked.work()
    assert [one.result for one in linked.rows(Completion)] == ["meeting held"]


def test_groups_and_standby_are_not_kept(linked: Line) -> None:
    group = {"type": "group", "groupId": "C1", "userId": HEAD}
    assert linked.arrive({**sent.text(HEAD, NOW, "ประชุมแล้ว"), "source": group}) == 0
    assert linked.arrive({**sent.text(HEAD, NOW, "ประชุมแล้ว"), "mode": "standby"}) == 0
    assert linked.arrive() == 0


def test_old_events_are_forgotten(linked: Line) -> None:
    linked.write(HEAD, "สวัสดี")
    linked.now += inbox.KEPT + timedelta(days=1)
    linked.work()
    with linked.database.reading() as session:
        assert session.scalar(select(func.count(LineEvent.id))) == 0


def tick(line: Line, task_id: int) -> None:
    """Somebody ticks the task off on the web."""
    with line.database.writing() as session:
        progress.tick_off(
            session,
            session.get_one(Task, task_id),
            result="ทำบนเว็บแล้ว",
            done_on=date(2023, 6, 23),
            today=date(2023, 6, 23),
            by=CLI,
            at=line.now,
        )
