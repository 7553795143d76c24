"""What people send by LINE: linked by a code, done with a sentence and photos, each event worked off once, in order."""

import hashlib
import re
import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from tests import line_content as sent
from tests.db.line.installation import CLI, HEAD, KEY, NOW, OTHER, Line, done_data, png
from tests.office import Office, add_member, add_task, make_office
from tests.smtp import running_smtp
from tracker.channels.email.done_link import DoneLinks
from tracker.channels.line.postback import Button, button_data, read_button
from tracker.line import inbox, linking
from tracker.line.linking import MOST_TRIES
from tracker.line.menu import NAMES
from tracker.models import (
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
from tracker.services.audit import verify
from tracker.services.tasks import progress

# --- linking ---


def test_a_code_links_once_and_the_person_hears_of_it(line: Line, office: Office) -> None:
    code = line.code_for(office.members["head1"])
    assert len(code) == 9
    [said] = line.write(HEAD, f" {code.lower().replace('-', ' ')} ")
    assert "เชื่อมแล้ว" in said
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
    assert "เชื่อมแล้ว" in line.write(HEAD, code)[0]
    other = line.code_for(office.members["head2"])
    line.now += linking.TRIES_WITHIN
    assert "เชื่อมแล้ว" in line.write(OTHER, other)[0]


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
    assert "เชื่อมแล้ว" in line.write(HEAD, line.code_for(second.members["head1"]))[0]
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


def test_not_me_parts_at_once_and_tells_the_coordinator(line: Line, office: Office) -> None:
    [said] = line.write(OTHER, line.code_for(office.members["head1"]))
    assert said.split("\n")[:3] == [
        "✓ เชื่อมแล้ว",
        f"head1-{office.agency} · ผอ.กองคลัง",
        "อบต.เขาขาว",
    ]
    assert [line.button(OTHER, label)["text"] for label in ("งานของฉัน", "ไม่ใช่ฉัน")] == ["งานของฉัน", "ไม่ใช่ฉัน"]
    assert line.write(OTHER, "ไม่ใช่ฉัน") == ["ยกเลิกการเชื่อมแล้วค่ะ แจ้งผู้ประสานงานให้แล้ว"]
    assert line.member(office.members["head1"]).line_user_id is None
    [notice] = line.rows(Notice)
    assert (notice.member_id, notice.path) == (None, "/people/line")
    assert f"head1-{office.agency}แจ้งว่าไม่ใช่คนนี้" in notice.text
    assert line.write(OTHER, "ไม่ใช่ฉัน") == ["บัญชี LINE นี้ยังไม่ได้เชื่อมกับผู้ใด"]
    assert len(line.rows(Notice)) == 1


def test_who_unlinks_by_wish_alarms_nobody(linked: Line) -> None:
    assert "ยกเลิกการเชื่อมแล้ว" in linked.write(HEAD, "ยกเลิกการเชื่อม")[0]
    assert linked.rows(Notice) == []


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
    [said] = linked.write(HEAD, "งานของฉัน")
    assert said.startswith("เลยกำหนด ๑ งาน\nกองคลัง · ถึงหรือใกล้ถึงกำหนด ๑ งาน\nรายงานผลต่อผู้บริหาร\nพ.ค. · เลยมา ๒๓ วัน")
    shown = str(linked.server.replies[-1])
    links = DoneLinks(KEY)
    linked_to = [links.read(token) for token in re.findall(r"/done/([^'?]+)'", shown)]
    assert task in [link.task_id for link in linked_to if link]
    assert foreign not in [link.task_id for link in linked_to if link]
    assert all(link and link.was_sent_to(HEAD) for link in linked_to)
    assert f"/tasks/{task}'" not in shown


def test_where_nothing_presses_the_next_task_is_shown(linked: Line, office: Office) -> None:
    add_task(linked.database, office, date(2023, 5, 31), state="done")
    later = add_task(linked.database, office, date(2023, 7, 31))
    add_task(linked.database, office, date(2023, 9, 30))
    [card] = linked.write(HEAD, "งานของฉัน")
    assert card.split("\n") == [
        "ไม่มีงานค้างค่ะ",
        "กองคลังทำแล้ว ๑ จาก ๓ งาน",
        "งานถัดไป",
        "รายงานผลต่อผู้บริหาร",
        "ก.ค. · อีก ๓๘ วัน (๓๑ ก.ค.)",
        "ทำแล้ว",
        "ดูงานทั้งหมด",
    ]
    assert read_button(KEY, linked.button(HEAD, "ทำแล้ว")["data"]) == Button("done", later)
    assert "/seen/" in linked.button(HEAD, "ดูงานทั้งหมด")["uri"]
    assert "ทำอะไรไปแล้วคะ" in linked.tap(HEAD, "ทำแล้ว")[0]


def test_a_superior_is_told_who_is_late(line: Line, office: Office) -> None:
    line.link(HEAD, office.members["palat"])
    assert line.write(HEAD, "งานของฉัน")[0].startswith("ไม่มีส่วนราชการที่งานเลยกำหนด")
    add_task(line.database, office, date(2023, 5, 31))
    add_task(line.database, office, date(2023, 4, 30), unit="กองช่าง")
    [card] = line.write(HEAD, "งานของฉัน")
    assert card.split("\n")[:5] == [
        "๒ ส่วนราชการมีงานเลยกำหนด", "กองช่าง", "๑ งาน · ค้าง ๕๔ วัน", "กองคลัง", "๑ งาน · ค้าง ๒๓ วัน",
    ]  # fmt: skip
    assert "/seen/" in line.button(HEAD, "เปิดภาพรวม")["uri"]


@pytest.mark.parametrize("word", ["ใครค้าง", "รอลงนาม"])
def test_a_superior_s_menu_tells_who_is_late_also_beside_own_tasks(line: Line, office: Office, word: str) -> None:
    """Whoever is none and types it is shown the own tasks."""
    line.link(HEAD, office.members["palat"])
    line.link(OTHER, office.members["head1"])
    add_task(line.database, office, date(2023, 5, 31))
    assert line.write(HEAD, word)[0].split("\n")[:2] == ["ไม่มีรายงานที่รอท่านลงนาม", "๑ ส่วนราชการมีงานเลยกำหนด"]
    assert "/seen/" in line.button(HEAD, "เปิดภาพรวม")["uri"]
    assert "เลยกำหนด" in line.write(OTHER, word)[0]
    assert "ส่วนราชการมีงานเลยกำหนด" not in line.write(OTHER, word)[0]


def test_linking_and_parting_give_the_menu_of_that_state(line: Line, office: Office) -> None:
    """Where the operator made the menus."""
    line.write(HEAD, line.code_for(office.members["head1"]))
    assert line.server.menu_of == {}
    line.server.menus = {name: {"name": NAMES[whose]} for whose, name in (("unit", "m1"), ("executive", "m2"))}
    line.write(OTHER, line.code_for(office.members["palat"]))
    assert line.server.menu_of == {OTHER: "m2"}
    line.server.menus["m0"] = {"name": NAMES["unlinked"]}
    line.write(OTHER, "ยกเลิกการเชื่อม")
    assert line.server.menu_of == {}


def test_who_is_not_linked_is_told_how(line: Line) -> None:
    assert "พิมพ์รหัส" in line.write(HEAD, "เชื่อมบัญชีด้วยรหัส")[0]


def test_who_owes_nothing_is_told_so(linked: Line) -> None:
    assert "ไม่มีงาน" in linked.write(HEAD, "งานของฉัน")[0]


# --- files ---


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"<html>not a photo</html>", "ไม่ใช่รูปภาพ"), (b"%PDF-1.7 \n", "รูป PDF และเอกสาร"), (b"", "ว่างเปล่า")],
)
def test_what_is_no_photo_is_refused(linked: Line, task: int, content: bytes, why: str) -> None:
    linked.press(HEAD, task)
    assert why in linked.photograph(HEAD, "11", content)[0]
    assert [path for path in (linked.settings.data_dir / "evidence").glob("*") if path.is_file()] == []


def test_a_file_over_the_limit_or_gone_or_elsewhere_is_refused(
    make_line: Callable[..., Line], office: Office, task: int
) -> None:
    line = make_line(upload_limit_mb=1)
    line.link(HEAD, office.members["head1"])
    line.press(HEAD, task)
    assert "ใหญ่เกิน" in line.photograph(HEAD, "11", png() + b"0" * 2**20)[0]
    assert "ไม่มีไฟล์นี้แล้ว" in line.send(sent.image(HEAD, line.now + timedelta(seconds=1), "12"))[0]
    outside = {"type": "external", "originalContentUrl": f"{line.server.url}/secret"}
    assert "รูป PDF และเอกสาร" in line.photograph(HEAD, "13", contentProvider=outside)[0]
    assert "/secret" not in line.server.fetched


def test_a_pdf_sent_as_a_file_is_evidence_and_a_sticker_is_none(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    linked.server.contents["20"] = b"%PDF-1.7 \n"
    linked.now += timedelta(seconds=1)
    linked.send(sent.file(HEAD, linked.now, "20", "บันทึกการประชุม.pdf", 10))
    sticker = {"id": "9", "type": "sticker", "stickerId": "1", "packageId": "1", "stickerResourceType": "STATIC"}
    linked.now += timedelta(seconds=1)
    quoted = {**sticker, "quoteToken": "q"}
    assert "เอกสาร Office" in linked.send(sent.event("message", HEAD, linked.now, message=quoted))[0]
    finish(linked)
    [piece] = linked.rows(Evidence)
    assert (piece.original_name, piece.media_type) == ("บันทึกการประชุม.pdf", "application/pdf")


def test_a_photo_is_kept_as_it_is_drawn_anew(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    linked.photograph(HEAD, "11")
    finish(linked)
    [piece] = linked.rows(Evidence)
    assert piece.original_name == "LINE 2023-06-23 09.00.20.jpg"
    kept = (linked.settings.data_dir / "evidence" / piece.stored_name).read_bytes()
    assert (kept[:3], hashlib.sha256(kept).hexdigest()) == (b"\xff\xd8\xff", piece.sha256)
    assert all(one.payload == {} for one in linked.rows(LineEvent))


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
    data = done_data(task)
    assert len(data) < 300
    assert data.isascii()
    assert read_button(KEY, data) == Button("done", task)
    other = button_data("other", Button("done", task))
    for forged in (data[:-1] + "x", data.replace(f"t={task}", f"t={task + 1}"), other, "", "a=done"):
        assert linked.send(sent.pressed(HEAD, linked.now, forged)) == []
    assert linked.rows(LineConversation) == []


def test_a_task_that_is_done_or_handed_on_meanwhile_says_so(linked: Line, office: Office, task: int) -> None:
    second = add_task(linked.database, office, date(2023, 5, 31))
    linked.press(HEAD, task)
    tick(linked, task)
    assert "บันทึกงานนี้แล้วเมื่อ" in finish(linked)[0]
    linked.write(HEAD, "ทิ้ง")
    assert "บันทึกงานนี้แล้วเมื่อ" in linked.press(HEAD, task)[0]
    linked.press(HEAD, second)
    linked.link(OTHER, office.members["head1"])
    assert "ไม่อยู่ในความรับผิดชอบ" in finish(linked)[0]
    assert len(linked.rows(Completion)) == 1


def test_photos_of_a_withdrawn_tick_are_not_kept(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    finish(linked)
    with linked.database.writing() as session:
        progress.withdraw(session, session.get_one(Task, task), by=CLI, at=linked.now)
    linked.photograph(HEAD, "11")
    assert linked.rows(Evidence) == []
    assert [one for one in (linked.settings.data_dir / "evidence").rglob("*") if one.is_file()] == []


def test_the_coordinator_ticks_for_any_unit_of_the_agency(line: Line, office: Office, task: int) -> None:
    line.link(HEAD, office.members["coordinator"])
    line.press(HEAD, task)
    finish(line)
    assert line.task(task).state == "done"


def test_somebody_no_longer_in_use_is_a_stranger(linked: Line, office: Office, task: int) -> None:
    with linked.database.writing() as session:
        session.get_one(Member, office.members["head1"]).active = False
        staff = add_member(session, office.agency, "staff", "staff", office.units["กองคลัง"], line_user_id=OTHER)
    assert "ไม่อยู่ในความรับผิดชอบ" in linked.press(HEAD, task)[0]
    linked.press(OTHER, task)
    finish(linked, user_id=OTHER)
    assert linked.rows(Completion)[0].entered_by_id == staff


# --- once, and in order ---


def test_a_redelivered_event_is_kept_once(linked: Line, task: int) -> None:
    one = sent.pressed(HEAD, NOW, done_data(task))
    again = {**one, "deliveryContext": {"isRedelivery": True}}
    assert [linked.arrive(one), linked.arrive(again, again)] == [1, 0]
    assert linked.work() == 1
    assert linked.arrive(again) == 0
    assert linked.work() == 0
    assert len(linked.server.replies) == 1


def test_events_are_worked_off_in_the_order_in_which_they_happened(linked: Line, task: int) -> None:
    press = sent.pressed(HEAD, NOW, done_data(task))
    sentence = sent.text(HEAD, NOW + timedelta(seconds=20), "ประชุมแล้ว")
    photo = sent.image(HEAD, NOW + timedelta(seconds=30), "11")
    linked.server.contents["11"] = png()
    linked.now += timedelta(minutes=1)
    linked.arrive(photo, sentence)
    linked.arrive(press)
    assert linked.work() == 3
    assert "ได้รับรูป ๑ รูปค่ะ ทำวันไหนคะ" in linked.server.said[-1]


def test_two_workers_at_once_record_one_completion(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    linked.write(HEAD, "ประชุมแล้ว ๓ กอง")
    linked.write(HEAD, "วันนี้")
    linked.now += timedelta(seconds=5)
    linked.arrive(*(sent.text(HEAD, linked.now, "บันทึก") for _ in range(4)))
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
    assert [one.result for one in linked.rows(Completion)] == ["ประชุมแล้ว ๓ กอง"]
    assert all(one.worked_at for one in linked.rows(LineEvent))


def test_a_killed_workers_event_is_taken_over_and_its_late_decision_is_void(linked: Line, task: int) -> None:
    linked.arrive(sent.pressed(HEAD, NOW, done_data(task)))
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
    assert linked.write(HEAD, "ประชุมแล้ว ๓ กอง") == []
    linked.write(HEAD, "วันนี้")
    linked.server.refuse = [500]
    assert linked.write(HEAD, "บันทึก") == []
    assert len(linked.rows(Completion)) == 1


def test_a_photo_that_line_does_not_give_yet_is_asked_for_again(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    linked.write(HEAD, "ประชุมแล้ว")
    linked.server.refuse = [500]
    assert linked.photograph(HEAD, "11") == []
    assert linked.write(HEAD, "วันนี้") == []  # waits for its turn
    linked.now += inbox.FIRST_WAIT
    assert linked.work() == 2
    linked.write(HEAD, "บันทึก")
    assert len(linked.rows(Evidence)) == 1


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
    linked.write(HEAD, "วันนี้")
    linked.write(HEAD, "บันทึก")
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


def finish(line: Line, words: str = "ประชุมแล้ว ๓ กอง", user_id: str = HEAD) -> list[str]:
    """The words, the day and บันทึก of an answer that was begun."""
    line.write(user_id, words)
    line.write(user_id, "วันนี้")
    return line.write(user_id, "บันทึก")


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
