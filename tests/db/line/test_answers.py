"""The three answers by LINE, through signed events: nothing is recorded before บันทึก, and an hour takes it back."""

from datetime import date, timedelta

import pytest

from tests import line_content as sent
from tests.db.line.installation import CLI, HEAD, OTHER, Line, png
from tests.line_content import buttons_of
from tests.office import Office, add_member, add_task
from tracker.models import Agency, Completion, Event, Evidence, LineConversation, Notice, ProgressNote, Task
from tracker.services.audit import verify
from tracker.services.reports.record_check import record_problems
from tracker.services.tasks import progress
from tracker.store.db import Database

WORDS = "ติดประกาศแผนการใช้จ่ายที่บอร์ดหน้ากองคลัง"


@pytest.fixture
def months(database: Database, office: Office) -> list[int]:
    """Five late months of one step."""
    ends = [date(2023, month, day) for month, day in ((1, 31), (2, 28), (3, 31), (4, 30), (5, 31))]
    return [add_task(database, office, end) for end in ends]


def save(line: Line, task: int, words: str = WORDS, day: str = "วันนี้") -> str:
    """The usual way from ทำแล้ว to บันทึก; gives the saved card."""
    line.press(HEAD, task)
    line.write(HEAD, words)
    line.tap(HEAD, day)
    return line.tap(HEAD, "บันทึก")[0]


# --- ทำแล้ว ---


def test_nothing_is_recorded_before_the_receipt_is_said_yes_to(linked: Line, office: Office, task: int) -> None:
    [asked] = linked.press(HEAD, task)
    assert "ทำอะไรไปแล้วคะ" in asked
    assert linked.write(HEAD, WORDS) == ["ทำวันไหนคะ"]
    [receipt] = linked.tap(HEAD, "เมื่อวาน")
    assert "ตรวจก่อนบันทึก" in receipt
    assert WORDS in receipt
    assert "พฤหัสบดี ๒๒ มิ.ย. ๖๖" in receipt
    assert "ทันกำหนด" in receipt
    assert (linked.rows(Completion), linked.task(task).state) == ([], "pending")
    [saved] = linked.tap(HEAD, "บันทึก")
    assert "บันทึกแล้ว" in saved
    assert "กองคลังทำแล้ว ๑ จาก ๑ งาน" in saved
    [completion] = linked.rows(Completion)
    assert (completion.result, completion.done_on) == (WORDS, date(2023, 6, 22))
    assert completion.entered_by_id == office.members["head1"]
    assert [(one.kind, one.channel) for one in linked.rows(Event)] == [("ticked_off", "line")]
    with linked.database.reading() as session:
        assert verify(session, office.agency) == []


NOT_YET = (
    "ยังไม่ได้ทำครับ เดี๋ยวทำพรุ่งนี้",
    "ยังไม่ได้ลงเว็บครับ แต่ติดบอร์ดแล้ว",
    "ยังครับ",
    "ส่งแล้ว ๓ กอง ขาดกองช่าง",
    "ส่งไปแล้วแต่ถูกตีกลับ",
    "we have not held the meeting",
)


@pytest.mark.parametrize("words", NOT_YET)
def test_not_yet_is_asked_about_and_not_recorded(linked: Line, task: int, words: str) -> None:
    linked.press(HEAD, task)
    [asked] = linked.write(HEAD, words)
    assert "ยังไม่ได้ทำใช่ไหมคะ" in asked
    assert "จึงยังไม่บันทึกว่าทำแล้ว" in asked
    assert linked.rows(Completion) == []
    assert "ถึงไหนแล้วคะ" in linked.tap(HEAD, "ยังไม่เสร็จ")[0]
    assert "ความคืบหน้า" in linked.write(HEAD, "อยู่ระหว่างออกแบบแผ่นประกาศ")[0]
    assert linked.rows(ProgressNote) == []
    assert linked.tap(HEAD, "บันทึก") == ["บันทึกแล้วค่ะ งานนี้ยังค้างอยู่"]
    [note] = linked.rows(ProgressNote)
    assert (note.text, note.noted_on) == ("อยู่ระหว่างออกแบบแผ่นประกาศ", date(2023, 6, 23))
    assert (linked.task(task).state, linked.rows(Completion)) == ("in_progress", [])


def test_a_delay_is_asked_about_and_what_is_asked_wrongly_passes_with_a_tap(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    assert "ทำเสร็จแล้วหรือยังคะ" in linked.write(HEAD, "กำลังรวบรวมเอกสาร")[0]
    assert linked.tap(HEAD, "ทำแล้ว ใช้ข้อความนี้") == ["ทำวันไหนคะ"]
    linked.tap(HEAD, "วันนี้")
    linked.tap(HEAD, "บันทึก")
    assert linked.rows(Completion)[0].result == "กำลังรวบรวมเอกสาร"


@pytest.mark.parametrize(
    ("words", "said"), [("ขอบคุณครับ", "ยินดีค่ะ ยังไม่บันทึกนะคะ"), ("?", "ถามผู้ประสานงาน"), ("ทำแล้วครับ", "ขอรายละเอียดสั้น ๆ")]
)
def test_courtesy_a_question_and_an_empty_answer_record_nothing(linked: Line, task: int, words: str, said: str) -> None:
    linked.press(HEAD, task)
    assert said in linked.write(HEAD, words)[0]
    linked.write(HEAD, WORDS)
    assert "เลือกวันที่ทำ" in linked.write(HEAD, "ขอบคุณค่ะ")[0]
    linked.tap(HEAD, "วันนี้")
    assert "กด “บันทึก”" in linked.write(HEAD, "ครับผม")[0]
    assert (linked.rows(Completion), linked.task(task).state) == ([], "pending")


def test_the_day_of_the_sentence_is_offered_and_not_assumed(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    linked.write(HEAD, "ลงเว็บไซต์ อบต. วันที่ ๒ มิ.ย.")
    labels = list(buttons_of(linked.shown[HEAD][-1]))
    assert labels == ["๒ มิ.ย. (ในข้อความ)", "วันนี้", "เมื่อวาน", "เลือกวัน", "จำวันไม่ได้", "ยกเลิก"]
    assert "ศุกร์ ๒ มิ.ย. ๖๖" in linked.tap(HEAD, "๒ มิ.ย. (ในข้อความ)")[0]
    linked.write(HEAD, "บันทึก")
    assert linked.rows(Completion)[0].done_on == date(2023, 6, 2)


def test_a_day_that_no_calendar_has_is_told_and_a_typed_one_is_taken(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    assert "๓๑ มิ.ย. ไม่มีในปฏิทิน" in linked.write(HEAD, "ติดประกาศ ๓๑ มิ.ย.")[0]
    assert "ยังมาไม่ถึง" in linked.write(HEAD, "๓๐ มิ.ย. ๒๕๖๖")[0]
    assert "จันทร์ ๕ มิ.ย. ๖๖" in linked.write(HEAD, "๕ มิ.ย.")[0]


def test_the_date_picker_of_line_and_a_forgotten_day(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    linked.write(HEAD, WORDS)
    picker = linked.button(HEAD, "เลือกวัน")
    assert (picker["type"], picker["min"], picker["max"]) == ("datetimepicker", "2022-10-01", "2023-06-23")
    assert "พฤหัสบดี ๑๕ มิ.ย. ๖๖" in linked.tap(HEAD, "เลือกวัน", date="2023-06-15")[0]
    assert "อังคาร ๒๐ มิ.ย. ๖๖" in linked.tap(HEAD, "เปลี่ยนวัน", date="2023-06-20")[0]
    assert "ไม่ทราบวัน จะไม่นับว่าทันกำหนด" in linked.write(HEAD, "จำวันไม่ได้")[0]
    linked.tap(HEAD, "บันทึก")
    assert linked.rows(Completion)[0].done_on is None


def test_a_day_before_the_occasion_began_is_asked_about(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    linked.write(HEAD, WORDS)
    assert linked.write(HEAD, "๓๐ พ.ค.") == ["๓๐ พ.ค. เป็นของเดือน มิ.ย. ใช่ไหมคะ"]
    assert "ตรวจก่อนบันทึก" in linked.tap(HEAD, "ใช่ ของ มิ.ย.")[0]


def test_an_old_receipt_is_dead(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    linked.write(HEAD, WORDS)
    linked.tap(HEAD, "วันนี้")
    old = linked.button(HEAD, "บันทึก")["data"]
    assert "ประชุมกอง" in linked.write(HEAD, "ประชุมกองและแจ้งเวียนหนังสือ")[0]
    said = linked.post(HEAD, old)
    assert said[0] == "ใบนี้เก่าแล้ว ใบล่าสุดอยู่ด้านล่างค่ะ"
    assert linked.rows(Completion) == []
    linked.tap(HEAD, "บันทึก")
    assert linked.rows(Completion)[0].result == "ประชุมกองและแจ้งเวียนหนังสือ"


def test_a_double_tap_saves_once(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    linked.write(HEAD, WORDS)
    linked.tap(HEAD, "วันนี้")
    data = linked.button(HEAD, "บันทึก")["data"]
    first = linked.post(HEAD, data)
    assert linked.post(HEAD, data) == first
    assert len(linked.rows(Completion)) == 1


def test_last_times_words_with_the_month_exchanged(linked: Line, office: Office, task: int) -> None:
    before = add_task(linked.database, office, date(2023, 5, 31))
    save(linked, before, "ลงอินโฟกราฟิกประจำเดือนพฤษภาคมทางเว็บไซต์ เมื่อ ๓๐ พ.ค.")
    [asked] = linked.press(HEAD, task)
    assert "ครั้งก่อน (พ.ค.)" in asked
    assert linked.tap(HEAD, "เหมือนครั้งก่อน") == ["ทำวันไหนคะ"]
    [receipt] = linked.tap(HEAD, "วันนี้")
    assert "ลงอินโฟกราฟิกประจำเดือนมิถุนายนทางเว็บไซต์" in receipt
    assert "เปลี่ยน “พฤษภาคม” เป็น “มิถุนายน” ให้แล้ว" in receipt
    assert "๓๐ พ.ค." not in receipt


def test_where_the_agency_reviews_the_tick_waits_for_it(linked: Line, office: Office, task: int) -> None:
    with linked.database.writing() as session:
        session.get_one(Agency, office.agency).review = True
    assert "ส่งให้ผู้ประสานงานตรวจแล้ว" in save(linked, task)
    assert linked.task(task).state == "submitted"


def test_cancel_records_nothing(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    linked.write(HEAD, WORDS)
    assert linked.write(HEAD, "ยกเลิก") == ["ยกเลิกแล้วค่ะ ยังไม่ได้บันทึกอะไร"]
    linked.write(HEAD, WORDS)
    assert (linked.rows(Completion), linked.rows(LineConversation)) == ([], [])


# --- photos ---


@pytest.mark.usefixtures("task")
def test_photos_before_any_press_wait_for_their_task(linked: Line) -> None:
    assert linked.photograph(HEAD, "1", imageSet={"id": "s", "index": 1, "total": 2}) == []
    said = linked.photograph(HEAD, "2", imageSet={"id": "s", "index": 2, "total": 2})
    assert "ได้รับรูป ๒ รูปค่ะ เก็บไว้ให้ ๓๐ นาที เป็นรูปของงานไหนคะ" in said[0]
    assert "กองคลัง" in said[1]
    linked.tap(HEAD, "ทำแล้ว")
    linked.write(HEAD, WORDS)
    assert "๒ รูป" in linked.tap(HEAD, "วันนี้")[0]
    linked.tap(HEAD, "บันทึก")
    assert {piece.completion_id for piece in linked.rows(Evidence)} == {linked.rows(Completion)[0].id}
    assert len(linked.rows(Evidence)) == 2


def test_photos_before_and_after_the_words_and_after_saving(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    assert linked.photograph(HEAD, "1") == ["ได้รับรูป ๑ รูปค่ะ ทำอะไรไปแล้วคะ"]
    assert linked.write(HEAD, WORDS) == ["ทำวันไหนคะ"]
    assert "ทำวันไหนคะ" in linked.photograph(HEAD, "2")[0]
    linked.tap(HEAD, "วันนี้")
    assert "๓ รูป" in linked.photograph(HEAD, "3")[-1]
    linked.tap(HEAD, "บันทึก")
    assert linked.photograph(HEAD, "4") == ["เก็บรูปแล้ว รวม ๔ รูปค่ะ"]
    assert len(linked.rows(Evidence)) == 4
    linked.now += timedelta(minutes=31)
    assert "เป็นรูปของงานไหนคะ" in linked.photograph(HEAD, "5")[0]
    assert len(linked.rows(Evidence)) == 4


def test_photos_whose_task_nobody_names_are_erased(linked: Line, task: int) -> None:
    linked.photograph(HEAD, "1")
    folder = linked.settings.data_dir / "evidence"
    assert [path for path in folder.glob("*") if path.is_file()]
    linked.tap(HEAD, "ไม่ใช่รูปงาน ลบทิ้ง")
    assert [path for path in folder.glob("*") if path.is_file()] == []
    linked.photograph(HEAD, "2")
    linked.now += timedelta(minutes=31)
    linked.press(HEAD, task)
    linked.write(HEAD, WORDS)
    assert "ยังไม่มี" in linked.tap(HEAD, "วันนี้")[0]


# --- several occasions ---


def test_several_months_with_one_text_and_a_day_each(linked: Line, months: list[int]) -> None:
    linked.write(HEAD, "งานของฉัน")
    assert "ทำของเดือนไหนแล้วบ้างคะ" in linked.tap(HEAD, "ทำแล้ว")[0]
    assert "พิมพ์ครั้งเดียวพอ" in linked.write(HEAD, "ม.ค. ถึง เม.ย.")[0]
    assert "แต่ละเดือนทำวันไหนคะ" in linked.write(HEAD, "ชี้แจงแผนในที่ประชุมประจำเดือนของกอง")[0]
    assert "/done/" in linked.button(HEAD, "เลือกในหน้าเว็บ")["uri"]  # no password is asked for there
    assert linked.write(HEAD, "๑๒ ม.ค. ๑๐ ก.พ. มี.ค. จำไม่ได้ ๓ พ.ค.") == ["๓ พ.ค. เป็นของเดือน เม.ย. ใช่ไหมคะ"]
    [receipt] = linked.tap(HEAD, "ใช่ ของ เม.ย.")
    assert "ตรวจก่อนบันทึก ๔ เดือน" in receipt
    assert "ล่าช้า ๓ วัน" in receipt
    [saved] = linked.tap(HEAD, "บันทึกทั้ง ๔ เดือน")
    assert "ทันกำหนด ๒ · ล่าช้า ๑ · ไม่ทราบวัน ๑" in saved
    days = [one.done_on for one in linked.rows(Completion)]
    assert days == [date(2023, 1, 12), date(2023, 2, 10), None, date(2023, 5, 3)]
    assert [one.kind for one in linked.rows(Event)] == ["ticked_off"] * 4
    assert linked.photograph(HEAD, "1") == ["เป็นรูปของเดือนไหนคะ"]
    linked.tap(HEAD, "ก.พ.")
    assert [piece.completion_id for piece in linked.rows(Evidence)] == [linked.rows(Completion)[1].id]
    linked.write(HEAD, "เลิกทำ")
    assert {linked.task(one).state for one in months} == {"pending"}


def test_one_month_of_several(linked: Line, months: list[int]) -> None:
    linked.write(HEAD, "งานของฉัน")
    linked.tap(HEAD, "ทำแล้ว")
    linked.tap(HEAD, "มี.ค.")
    linked.write(HEAD, WORDS)
    linked.write(HEAD, "๓๐ มี.ค.")
    linked.tap(HEAD, "บันทึก")
    assert [linked.task(one).state for one in months] == ["pending", "pending", "done", "pending", "pending"]


# --- ยังไม่เสร็จ, ทำไม่ได้ ---


def test_not_begun_is_told_to_the_coordinator_and_not_printed(linked: Line, task: int) -> None:
    linked.write(HEAD, "งานของฉัน")
    linked.tap(HEAD, "ยังไม่เสร็จ")
    assert "แจ้งผู้ประสานงานแล้ว" in linked.tap(HEAD, "ยังไม่เริ่ม")[0]
    [notice] = linked.rows(Notice)
    assert (notice.task_id, notice.member_id) == (task, None)
    assert "ผอ.กองคลังแจ้งว่ายังไม่เริ่ม" in notice.text
    assert (linked.rows(ProgressNote), linked.task(task).state) == ([], "pending")


def test_a_progress_note_keeps_the_photos_that_came_with_it(linked: Line, office: Office, task: int) -> None:
    linked.write(HEAD, "งานของฉัน")
    linked.tap(HEAD, "ยังไม่เสร็จ")
    linked.photograph(HEAD, "m1")
    linked.write(HEAD, "รอราคากลางจากพัสดุ")
    linked.tap(HEAD, "บันทึก")
    (note,), (piece,) = linked.rows(ProgressNote), linked.rows(Evidence)
    assert (note.task_id, piece.note_id, piece.completion_id) == (task, note.id, None)
    undo = linked.button(HEAD, "เลิกทำ")["data"]
    linked.photograph(HEAD, "m2")
    assert [one.note_id for one in linked.rows(Evidence)] == [note.id, note.id]
    linked.post(HEAD, undo)
    assert linked.rows(Evidence) == []
    with linked.database.reading() as session:
        assert record_problems(session, office.agency, None) == []


def test_a_progress_note_is_taken_back(linked: Line, office: Office, task: int) -> None:
    linked.write(HEAD, "งานของฉัน")
    linked.tap(HEAD, "ยังไม่เสร็จ")
    linked.write(HEAD, "รอราคากลางจากพัสดุ")
    linked.tap(HEAD, "บันทึก")
    linked.tap(HEAD, "เลิกทำ")
    assert (linked.rows(ProgressNote), linked.task(task).state) == ([], "pending")
    assert [one.kind for one in linked.rows(Event)] == ["progress_noted", "note_withdrawn"]
    with linked.database.reading() as session:
        assert verify(session, office.agency) == []


def test_what_cannot_be_done_has_a_reason_and_more_words(linked: Line, task: int) -> None:
    linked.write(HEAD, "งานของฉัน")
    assert "ทำไม่ได้เพราะอะไรคะ" in linked.tap(HEAD, "ทำไม่ได้")[0]
    assert "บุคลากรไม่เพียงพอ" in linked.tap(HEAD, "บุคลากรไม่พอ")[0]
    assert "ลาคลอด" in linked.write(HEAD, "ผู้รับผิดชอบลาคลอดถึงกรกฎาคม")[0]
    assert linked.task(task).state == "pending"
    assert "บันทึกว่าทำไม่ได้แล้ว" in linked.tap(HEAD, "บันทึกว่าทำไม่ได้")[0]
    now = linked.task(task)
    assert (now.state, now.reason, now.reason_text) == ("not_possible", "staff_shortage", "ผู้รับผิดชอบลาคลอดถึงกรกฎาคม")
    linked.tap(HEAD, "เลิกทำ")
    assert linked.task(task).state == "pending"


def test_another_reason_wants_words(linked: Line, task: int) -> None:
    linked.write(HEAD, "งานของฉัน")
    linked.tap(HEAD, "ทำไม่ได้")
    assert "พิมพ์เหตุผล" in linked.tap(HEAD, "เหตุอื่น")[0]
    linked.write(HEAD, "น้ำท่วมสำนักงาน")
    linked.write(HEAD, "บันทึก")
    assert (linked.task(task).reason, linked.task(task).reason_text) == ("other", "น้ำท่วมสำนักงาน")


# --- undo ---


def test_undo_within_the_hour_and_what_was_written_comes_back(linked: Line, office: Office, task: int) -> None:
    linked.press(HEAD, task)
    linked.photograph(HEAD, "1")
    linked.write(HEAD, WORDS)
    linked.tap(HEAD, "วันนี้")
    linked.tap(HEAD, "บันทึก")
    [said] = linked.tap(HEAD, "เลิกทำ")
    assert "กลับเป็น “ยังไม่ทำ”" in said
    assert linked.task(task).state == "pending"
    assert [one.kind for one in linked.rows(Event)] == ["ticked_off", "withdrawn"]
    assert WORDS in linked.tap(HEAD, "แก้แล้วบันทึกใหม่")[0]
    linked.tap(HEAD, "บันทึก")
    assert linked.task(task).state == "done"
    assert [one.withdrawn_at is None for one in linked.rows(Completion)] == [False, True]
    assert len(linked.rows(Evidence)) == 2  # the withdrawn completion keeps its own
    with linked.database.reading() as session:
        assert verify(session, office.agency) == []


def test_undo_after_an_hour_is_not_for_the_chat(linked: Line, task: int) -> None:
    save(linked, task)
    undo = linked.button(HEAD, "เลิกทำ")["data"]
    linked.now += timedelta(hours=1)
    assert "เกินหนึ่งชั่วโมงแล้ว" in linked.post(HEAD, undo)[0]
    assert "เกินหนึ่งชั่วโมงแล้ว" in linked.write(HEAD, "เลิกทำ")[0]
    assert linked.task(task).state == "done"


def test_undo_from_its_card_while_another_answer_is_on_its_way(linked: Line, office: Office, task: int) -> None:
    other = add_task(linked.database, office, date(2023, 5, 31))
    save(linked, task)
    undo = linked.button(HEAD, "เลิกทำ")["data"]
    linked.press(HEAD, other)
    linked.write(HEAD, WORDS)
    assert "กลับเป็น “ยังไม่ทำ”" in linked.post(HEAD, undo)[0]
    assert linked.task(task).state == "pending"
    linked.write(HEAD, "วันนี้")
    linked.write(HEAD, "บันทึก")
    assert linked.task(other).state == "done"


def test_thanks_after_saving_and_a_sentence_that_is_to_be_added(linked: Line, task: int) -> None:
    save(linked, task)
    assert linked.write(HEAD, "ขอบคุณค่ะ") == ["ยินดีค่ะ"]
    assert "จะเพิ่มในงานเดิมหรือเป็นงานใหม่คะ" in linked.write(HEAD, "แจ้งในกลุ่มไลน์ผู้นำหมู่บ้านด้วย")[0]
    assert len(linked.rows(Completion)) == 1
    [receipt] = linked.tap(HEAD, "เพิ่มในงานเดิม")
    assert WORDS in receipt
    linked.tap(HEAD, "บันทึก")
    assert linked.rows(Completion)[-1].result == f"{WORDS}\nแจ้งในกลุ่มไลน์ผู้นำหมู่บ้านด้วย"
    assert linked.task(task).state == "done"


# --- other questions in between ---


def test_own_tasks_end_an_empty_question_and_keep_what_was_typed(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    assert len(linked.write(HEAD, "งานของฉัน")) == 1
    linked.write(HEAD, WORDS)
    assert linked.rows(LineConversation) == []
    linked.press(HEAD, task)
    linked.write(HEAD, WORDS)
    said = linked.write(HEAD, "งานของฉัน")
    assert said[-1] == f"ยังมีใบตรวจทานของ “{WORDS}” ที่ยังไม่บันทึก"
    assert "ที่ยังไม่บันทึก" in linked.write(HEAD, "ประชุมแล้วค่ะ")[0]
    assert linked.tap(HEAD, "ทำต่อ") == ["ทำวันไหนคะ"]
    linked.tap(HEAD, "วันนี้")
    linked.tap(HEAD, "บันทึก")
    assert linked.rows(Completion)[0].result == WORDS


def test_another_tasks_answer_asks_first_where_something_was_typed(linked: Line, office: Office, task: int) -> None:
    other = add_task(linked.database, office, date(2023, 5, 31))
    linked.press(HEAD, task)
    assert "ทำอะไรไปแล้วคะ" in linked.press(HEAD, other)[0]
    linked.write(HEAD, WORDS)
    assert "ที่ยังไม่บันทึก" in linked.press(HEAD, task)[0]
    linked.tap(HEAD, "ทิ้ง")
    assert "ทำอะไรไปแล้วคะ" in linked.press(HEAD, task)[0]


def test_an_answer_expires_and_may_be_gone_on_with_for_a_day(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    linked.write(HEAD, WORDS)
    linked.tap(HEAD, "วันนี้")
    old = linked.button(HEAD, "บันทึก")["data"]
    linked.now += timedelta(hours=1)
    assert "เกินเวลาแล้ว ยังไม่ได้บันทึก" in linked.post(HEAD, old)[0]
    assert "เกินเวลาแล้ว ยังไม่ได้บันทึก" in linked.write(HEAD, "ขอบคุณครับ")[0]
    assert linked.rows(Completion) == []
    assert "ตรวจก่อนบันทึก" in linked.tap(HEAD, "ทำต่อ")[0]
    linked.now += timedelta(hours=26)
    linked.work()
    assert "งานของฉัน" in linked.write(HEAD, "ทำต่อ")[0]
    assert (linked.rows(Completion), linked.task(task).state) == ([], "pending")


# --- two people ---


def test_two_people_answer_one_task(linked: Line, office: Office, task: int) -> None:
    with linked.database.writing() as session:
        add_member(session, office.agency, "staff", "staff", office.units["กองคลัง"], line_user_id=OTHER)
    for person in (HEAD, OTHER):
        linked.press(person, task)
        linked.write(person, WORDS if person == HEAD else "ลงเว็บไซต์ อบต.")
        linked.tap(person, "วันนี้")
    linked.tap(HEAD, "บันทึก")
    [said] = linked.tap(OTHER, "บันทึก")
    assert said.startswith("ผอ.กองคลัง บันทึกงานนี้แล้วเมื่อ")
    assert WORDS in said
    assert "ข้อความของท่านยังอยู่" in said
    assert len(linked.rows(Completion)) == 1
    [receipt] = linked.tap(OTHER, "เพิ่มต่อท้าย")
    assert "ลงเว็บไซต์ อบต." in receipt
    linked.tap(OTHER, "บันทึก")
    latest = linked.rows(Completion)[-1]
    assert (latest.result, latest.withdrawn_at) == (f"{WORDS}\nลงเว็บไซต์ อบต.", None)


def test_a_task_that_was_cancelled_or_handed_on_says_so(linked: Line, office: Office, task: int) -> None:
    linked.press(HEAD, task)
    linked.write(HEAD, WORDS)
    linked.tap(HEAD, "วันนี้")
    with linked.database.writing() as session:
        progress.cancel(session, session.get_one(Task, task), by=CLI, at=linked.now, why="ซ้ำ")
    assert linked.tap(HEAD, "บันทึก") == ["งานนี้ไม่ต้องทำแล้ว test แจ้งเมื่อ ๒๓ มิ.ย."]
    second = add_task(linked.database, office, date(2023, 5, 31))
    linked.press(HEAD, second)
    linked.write(HEAD, WORDS)
    linked.tap(HEAD, "วันนี้")
    linked.link(OTHER, office.members["head1"])
    assert linked.tap(HEAD, "บันทึก") == ["งานนี้ไม่อยู่ในความรับผิดชอบของท่านแล้ว"]
    assert linked.rows(Completion) == []


def test_replies_only_and_never_a_push(linked: Line, task: int) -> None:
    save(linked, task)
    assert all(reply["replyToken"] for reply in linked.server.replies)
    assert all(len(action.get("data", "")) <= 300 for one in linked.shown[HEAD] for action in buttons_of(one).values())


def test_a_photo_sent_in_one_set_is_answered_once(linked: Line, task: int) -> None:
    linked.press(HEAD, task)
    linked.server.contents |= {"1": png(), "2": png()}
    linked.now += timedelta(seconds=5)
    events = [
        sent.image(HEAD, linked.now + timedelta(seconds=n), f"{n}", imageSet={"id": "s", "index": n, "total": 2})
        for n in (1, 2)
    ]
    assert linked.send(*events) == ["ได้รับรูป ๒ รูปค่ะ ทำอะไรไปแล้วคะ"]


def test_the_coordinator_is_named_on_request(linked: Line, office: Office, task: int) -> None:
    linked.press(HEAD, task)
    linked.write(HEAD, WORDS)
    said = linked.write(HEAD, "ถามผู้ประสานงาน")
    assert f"coordinator-{office.agency}@example.go.th" in said[0]
    assert "ที่ยังไม่บันทึก" in said[1]
