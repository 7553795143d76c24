"""A head's story: the list by urgency, ticking off with evidence, what is refused, and taking it back."""

import hashlib
import html
import io
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from PIL import Image
from sqlalchemy import select

from tests.admin.conftest import Visitor, compact
from tests.factories import BUILT_AT, World, task_of
from tracker.models import Agency, Completion, Event, Evidence, Plan, Task
from tracker.services.reports.record_check import record_problems
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.thai.numerals import to_thai

FEBRUARY, MARCH = date(2023, 2, 28), date(2023, 3, 31)


def photo() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4), "teal").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def task_id(database: Database, ours: World) -> int:
    """กองคลัง, the monthly measure, March."""
    with database.reading() as session:
        return task_of(session, ours, "กองคลัง", 3, MARCH).id


def stored(database: Database, task_id: int) -> Task:
    with database.reading() as session:
        task = session.get_one(Task, task_id)
        _ = [(one.evidence, one.entered_by) for one in task.completions], task.notes
        return task


def test_the_list_says_what_is_next_in_words(head: Visitor) -> None:
    page = compact(head.get("/tasks/").text)
    assert "<h1>เลยกำหนด ๖ งาน, เหลือ ๓ งานในสัปดาห์นี้</h1>" in page
    assert "ปีงบประมาณ ๒๕๖๖ · ทำแล้ว ๐ จาก ๑๘ งาน" in page
    assert "เลยมา ๒๙ วัน (๒๘ ก.พ.)" in page
    assert "อีก ๒ วัน (๓๑ มี.ค.)" in page
    assert "อีก ๔ วัน (๒ เม.ย.)" in page
    assert "ทุกส่วนราชการ: ทำแล้ว ๐ จาก ๕" in page
    assert "เดือนกุมภาพันธ์" in page
    assert "ทำแล้ว ๐ จาก ๑๒ ครั้ง, เลยกำหนด ๕ ครั้ง" in page
    assert page.index("เลยกำหนด</h2>") < page.index("สัปดาห์นี้</h2>") < page.index("ถัดไป</h2>")


def test_what_was_sent_back_stands_first(head: Visitor, database: Database, task_id: int) -> None:
    with database.writing() as session:
        task = session.get_one(Task, task_id)
        task.state, task.return_note = "returned", "กรุณาแนบรูป ๒ จุด"
    page = compact(head.get("/tasks/").text)
    assert "<h1>เลยกำหนด ๖ งาน, เหลือ ๓ งานในสัปดาห์นี้</h1>" in page
    assert page.index("ส่งกลับให้แก้</h2>") < page.index("กรุณาแนบรูป ๒ จุด") < page.index("เลยกำหนด</h2>")


def test_the_way_back_says_where_it_leads(head: Visitor, coordinator: Visitor, task_id: int) -> None:
    back = re.compile(r'class="brand back" href="([^"]+)">\s*<span aria-hidden="true">‹&nbsp;</span>([^<]+?)\s*</a>')
    for visitor, led in ((head, ("/tasks/", "งานของฉัน")), (coordinator, ("/all-tasks/", "งานทั้งหมด"))):
        found = back.search(visitor.get(f"/tasks/{task_id}").text)
        assert found
        assert found.groups() == led


def test_ticking_off_with_a_photo_and_a_link(head: Visitor, database: Database, task_id: int) -> None:
    form = head.get(f"/tasks/{task_id}").text
    assert 'value="๒๙ มีนาคม ๒๕๖๖"' in form
    answer = head.post(
        f"/tasks/{task_id}",
        {
            "result": "ชี้แจงในที่ประชุมประจำเดือน",
            "outcome": "บุคลากรรับทราบ",
            "done_on": "๑๔ มี.ค. ๖๖",
            "files": [(io.BytesIO(photo()), "ภาพ ประชุม.png"), (io.BytesIO(photo()), "ภาพ 2.png")],
            "links": "https://example.go.th/news/1",
        },
        follow=True,
    )
    assert answer.status_code == 200
    assert "บันทึกแล้ว: ชี้แจงแผนการใช้จ่าย" in answer.text
    assert "ทำแล้ว ๑ จาก ๑๘ งาน" in answer.text
    task = stored(database, task_id)
    assert task.state == "done"
    completion = task.completions[0]
    assert (completion.result, completion.outcome) == ("ชี้แจงในที่ประชุมประจำเดือน", "บุคลากรรับทราบ")
    assert completion.done_on == date(2023, 3, 14)
    assert completion.entered_by is not None
    assert [piece.original_name for piece in completion.evidence] == [
        "ภาพ ประชุม.jpg",
        "ภาพ 2.jpg",
        "https://example.go.th/news/1",
    ]
    file = head.get(f"/evidence/{completion.evidence[0].id}")
    assert hashlib.sha256(file.data).hexdigest() == completion.evidence[0].sha256
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    small = head.get(f"/evidence/{completion.evidence[0].id}/thumbnail")
    assert (small.mimetype, small.data[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert small.headers["Cache-Control"].startswith("private")
    assert "sandbox" in small.headers["Content-Security-Policy"]
    assert f'src="/evidence/{completion.evidence[0].id}/thumbnail"' in head.get(f"/tasks/{task_id}").text
    with database.reading() as session:
        event = session.scalars(select(Event).where(Event.task_id == task_id)).one()
        assert (event.kind, event.channel, event.actor) == ("ticked_off", "web", "หัวหน้ากองคลัง")


def test_an_error_loses_nothing_that_was_sent(head: Visitor, database: Database, task_id: int) -> None:
    answer = head.post(
        f"/tasks/{task_id}",
        {
            "result": "ทำเสร็จแล้ว",
            "outcome": "ดี",
            "done_on": "๓๑ กุมภาพันธ์ ๒๕๖๖",
            "links": "https://example.go.th/1",
            "files": [(io.BytesIO(photo()), "ภาพ.png")],
        },
    )
    assert answer.status_code == 422
    assert "ไม่มีวันที่ “๓๑ กุมภาพันธ์ ๒๕๖๖” ในปฏิทิน" in answer.text
    for typed in ("ทำเสร็จแล้ว", "ดี</textarea>", 'value="๓๑ กุมภาพันธ์ ๒๕๖๖"', 'value="https://example.go.th/1"'):
        assert typed in answer.text
    kept = answer.text.split('name="kept" value="')[1].split('"')[0]
    assert stored(database, task_id).state == "pending"
    again = head.post(f"/tasks/{task_id}", {"result": "ทำเสร็จแล้ว", "done_on": "14/3/2566", "kept": kept})
    assert again.status_code == 302
    assert [piece.original_name for piece in stored(database, task_id).completions[0].evidence] == ["ภาพ.jpg"]


def test_kept_files_belong_to_the_one_who_sent_them(
    head: Visitor, coordinator: Visitor, database: Database, task_id: int
) -> None:
    answer = head.post(f"/tasks/{task_id}", {"result": "", "files": [(io.BytesIO(photo()), "ภาพ.png")]})
    kept = answer.text.split('name="kept" value="')[1].split('"')[0]
    coordinator.post(f"/tasks/{task_id}", {"result": "ทำแล้ว", "done_on": "14/3/2566", "kept": [kept, "made up"]})
    assert stored(database, task_id).completions[0].evidence == []


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"result": ""}, "กรุณาพิมพ์สั้น ๆ ว่าทำอะไรไปแล้ว"),
        ({"done_on": ""}, "กรุณาระบุวันที่ทำ"),
        ({"done_on": "1 เมษายน 2566"}, "วันนี้ยังมาไม่ถึง"),
        ({"done_on": "2400"}, "อ่านวันที่"),
        ({"done_on": "1 มกราคม 2560"}, "อยู่ก่อนปีงบประมาณ"),
        ({"links": "javascript:alert(1)"}, "ไม่ใช่ที่อยู่เว็บ"),
        ({"files": [(io.BytesIO(b"<html><script>1</script>"), "รายงาน.pdf")]}, "ไม่ใช่รูปภาพ PDF หรือเอกสาร Office"),
        ({"files": [(io.BytesIO(b""), "ว่าง.pdf")]}, "ว่างเปล่า"),
        ({"result": "ก" * 20_001}, "ต้องยาวไม่เกิน"),
    ],
)
def test_what_cannot_be_right_is_refused_with_a_sentence(
    head: Visitor, database: Database, task_id: int, sent: dict[str, object], sentence: str
) -> None:
    answer = head.post(f"/tasks/{task_id}", {"result": "ทำแล้ว", "done_on": "14/3/2566", **sent})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert stored(database, task_id).state == "pending"


def test_not_possible_needs_a_reason_and_other_needs_words(head: Visitor, database: Database, task_id: int) -> None:
    path = f"/tasks/{task_id}/not-possible"
    assert "ไม่ได้รับงบประมาณ" in head.get(path).text
    assert "กรุณาเลือกเหตุผล" in head.post(path).text
    assert "กรุณาพิมพ์เหตุผลที่ทำไม่ได้" in head.post(path, {"reason": "other", "text": " "}).text
    assert head.post(path, {"reason": "no_budget"}).status_code == 302
    assert stored(database, task_id).state == "not_possible"
    assert "ไม่ได้รับงบประมาณ" in head.get(f"/tasks/{task_id}").text


def test_not_possible_says_since_when_that_is_known(head: Visitor, database: Database, task_id: int) -> None:
    path = f"/tasks/{task_id}/not-possible"
    assert 'value="๒๙ มีนาคม ๒๕๖๖"' in compact(head.get(path).text)
    for typed, error in (
        ("", "กรุณาระบุวันที่ทราบว่าทำไม่ได้"),
        ("1 เมษายน 2566", "วันนี้ยังมาไม่ถึง"),
        ("31 กุมภาพันธ์ 2566", "ไม่มีวันที่"),
        ("1 มกราคม 2560", "อยู่ก่อนปีงบประมาณ"),
    ):
        refused = head.post(path, {"reason": "no_budget", "declared_on": typed})
        assert refused.status_code == 422
        assert error in refused.text
        assert stored(database, task_id).state == "pending"
    assert head.post(path, {"reason": "no_budget", "declared_on": "14 มี.ค."}).status_code == 302
    assert stored(database, task_id).not_possible_on == date(2023, 3, 14)
    assert "ตั้งแต่ ๑๔ มีนาคม ๒๕๖๖" in head.get(f"/tasks/{task_id}").text


def test_a_progress_note_puts_the_task_under_way(head: Visitor, database: Database, task_id: int) -> None:
    assert head.post(f"/tasks/{task_id}/note", {"note": ""}).status_code == 422
    answer = head.post(f"/tasks/{task_id}/note", {"note": "ร่างเอกสารแล้ว"}, follow=True)
    assert "ร่างเอกสารแล้ว" in answer.text
    assert stored(database, task_id).state == "in_progress"


def test_a_progress_note_has_photos_files_and_links(
    head: Visitor, stranger: Visitor, database: Database, ours: World, task_id: int
) -> None:
    refused = head.post(
        f"/tasks/{task_id}/note",
        {"note": "ร่างแล้ว", "files": [(io.BytesIO(photo()), "ร่าง.png"), (io.BytesIO(b"#!/bin/sh"), "x.sh")]},
    )
    assert refused.status_code == 422
    kept = re.search(r'name="kept"\s+value="([^"]+)"', refused.text)
    assert kept
    page = head.post(
        f"/tasks/{task_id}/note",
        {"note": "ร่างแล้ว", "kept": html.unescape(kept[1]), "links": "https://example.go.th/draft"},
        follow=True,
    ).text
    with database.reading() as session:
        pieces = session.scalars(select(Evidence).order_by(Evidence.id)).all()
        assert [piece.original_name for piece in pieces] == ["ร่าง.jpg", "https://example.go.th/draft"]
        assert all(piece.completion_id is None and piece.note_id is not None for piece in pieces)
        assert record_problems(session, ours.agency_id, None) == []
    assert f'src="/evidence/{pieces[0].id}/thumbnail"' in page or f"/evidence/{pieces[0].id}" in page
    assert "https://example.go.th/draft" in page
    assert head.get(f"/evidence/{pieces[0].id}").status_code == 200
    assert stranger.get(f"/evidence/{pieces[0].id}").status_code == 302
    with database.writing() as session:
        session.get_one(Evidence, pieces[1].id).url = "https://example.go.th/other"
        session.flush()
        assert len(record_problems(session, ours.agency_id, None)) == 1


def test_a_page_fetched_ahead_leaves_the_undo_to_the_one_that_is_shown(head: Visitor, task_id: int) -> None:
    """The phone's worker keeps pages for the time without a line, and may fetch one between a tick and the next."""
    head.post(f"/tasks/{task_id}", {"result": "ทำแล้ว", "done_on": "14/3/2566"})
    undo = f'action="/tasks/{task_id}/undo"'
    assert undo not in head.client.get("/tasks/", headers={"X-Ahead": "1"}).text
    assert undo in head.get("/tasks/").text
    assert undo not in head.get("/tasks/").text


def test_undo_opens_the_task_again_and_keeps_the_record(head: Visitor, database: Database, task_id: int) -> None:
    page = head.post(f"/tasks/{task_id}", {"result": "ทำแล้ว", "done_on": "14/3/2566"}, follow=True).text
    assert f'action="/tasks/{task_id}/undo"' in page
    head.post(f"/tasks/{task_id}/undo")
    task = stored(database, task_id)
    assert task.state == "pending"
    assert [one.withdrawn_at is not None for one in task.completions] == [True]
    again = head.post(f"/tasks/{task_id}/undo")
    assert again.status_code == 409
    assert "ยังไม่ได้ดำเนินการ" in again.text


def test_ticking_a_settled_task_again_is_a_conflict_in_words(head: Visitor, task_id: int) -> None:
    sent = {"result": "ทำแล้ว", "done_on": "14/3/2566"}
    head.post(f"/tasks/{task_id}", sent)
    answer = head.post(f"/tasks/{task_id}", sent)
    assert answer.status_code == 409
    assert "ทำแล้ว" in answer.text


def test_the_last_words_can_be_used_again_without_scripts(head: Visitor, database: Database, ours: World) -> None:
    with database.reading() as session:
        february = task_of(session, ours, "กองคลัง", 3, FEBRUARY).id
        march = task_of(session, ours, "กองคลัง", 3, MARCH).id
    head.post(f"/tasks/{february}", {"result": "ชี้แจงในที่ประชุม", "outcome": "ทราบทั่วกัน", "done_on": "27/2/2566"})
    assert "คัดลอกข้อความจากเดือนกุมภาพันธ์" in head.get(f"/tasks/{march}").text
    copied = head.get(f"/tasks/{march}?copy=1").text
    assert ">\nชี้แจงในที่ประชุม</textarea>" in copied.replace("\r", "") or "ชี้แจงในที่ประชุม</textarea>" in copied
    assert "ทราบทั่วกัน</textarea>" in copied


def test_where_the_agency_reviews_a_tick_waits_for_the_coordinator(
    head: Visitor, coordinator: Visitor, database: Database, ours: World, task_id: int
) -> None:
    with database.writing() as session:
        session.get_one(Agency, ours.agency_id).review = True
    head.post(f"/tasks/{task_id}", {"result": "ทำแล้ว", "done_on": "14/3/2566"})
    assert "รอตรวจ" in head.get("/tasks/").text
    assert "มี ๑ งานรอตรวจ" in coordinator.get("/review/").text
    assert "กรุณาพิมพ์ว่าต้องแก้ไขอะไร" in coordinator.post(f"/review/{task_id}/send-back", {"note": ""}).text
    coordinator.post(f"/review/{task_id}/send-back", {"note": "ขอภาพประกอบด้วย"})
    assert "ขอภาพประกอบด้วย" in head.get("/tasks/").text
    head.post(f"/tasks/{task_id}", {"result": "ทำแล้ว พร้อมภาพ", "done_on": "14/3/2566"})
    coordinator.post(f"/review/{task_id}/accept")
    assert stored(database, task_id).state == "done"


def test_the_queue_counts_all_that_waits_and_has_pages(coordinator: Visitor, database: Database, ours: World) -> None:
    with database.writing() as session:
        session.get_one(Agency, ours.agency_id).review = True
        for task in session.scalars(select(Task).where(Task.plan_id == ours.plan_id).limit(55)):
            task.state = "submitted"
        done = task_of(session, ours, "กองคลัง", 3, FEBRUARY)
        done.state, done_id = "done", done.id
        task_of(session, ours, "กองคลัง", 3, MARCH).state = "submitted"
        count = len(session.scalars(select(Task.id).where(Task.state == "submitted")).all())
    assert count > 50
    first, second = coordinator.get("/review/").text, coordinator.get("/review/?page=2").text
    words = f"มี {to_thai(count)} งานรอตรวจ"
    assert words in first
    assert words in second
    assert first.count("/accept") == 50
    assert second.count("/accept") == count - 50
    last = re.findall(r"/review/(\d+)/send-back", second)[-1]
    refused = coordinator.post(f"/review/{last}/send-back", {"note": "ก" * 20_001})
    assert refused.status_code == 422
    assert "ก" * 20_001 in refused.text
    answer = coordinator.post(f"/review/{done_id}/send-back", {"note": ""}, follow=True)
    assert "กรุณาพิมพ์ว่าต้องแก้ไขอะไร" in answer.text
    assert answer.request.path == f"/tasks/{done_id}"


def test_what_last_year_still_owes_is_not_out_of_sight(
    head: Visitor, database: Database, ours: World, task_id: int
) -> None:
    assert 'name="year"' not in head.get("/tasks/").text
    with database.writing() as session:
        session.add(Plan(agency_id=ours.agency_id, fiscal_year=2567, imported_at=BUILT_AT))
    with time_machine.travel(datetime(2023, 10, 3, 5, tzinfo=UTC), tick=False):
        head.sign_in(ours.email("head2"))
        page = head.get("/tasks/").text
        assert "แผนนี้ไม่มีงานของหน่วยงานท่าน" in page
        assert "ปีงบประมาณ ๒๕๖๖ เลยกำหนด ๑๘ งาน" in page
        assert "<h1>เลยกำหนด ๑๘ งาน</h1>" in compact(head.get("/tasks/?year=2566").text)
        assert head.post(f"/tasks/{task_id}", {"result": "ทำแล้ว", "done_on": "30/9/2566"}).status_code == 302
        assert "ปีงบประมาณ ๒๕๖๖ เลยกำหนด ๑๗ งาน" in head.get("/tasks/?year=2567").text
    with time_machine.travel(datetime(2024, 1, 3, 5, tzinfo=UTC), tick=False):
        head.sign_in(ours.email("head2"))
        assert "ปีงบประมาณ ๒๕๖๖ เลยกำหนด" not in head.get("/tasks/").text


def test_hostile_words_are_words(head: Visitor, database: Database, task_id: int) -> None:
    hostile = '<script>alert(1)</script><img src=x onerror="alert(2)">{{ 7*7 }}'
    head.post(f"/tasks/{task_id}", {"result": hostile, "done_on": "14/3/2566"})
    with database.writing() as session:
        session.scalars(select(Task).where(Task.id == task_id)).one().title = hostile
        assert session.scalars(select(Completion.result)).one() == hostile
    for page in (f"/tasks/{task_id}", "/tasks/"):
        text = head.get(page).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_evidence_lies_under_random_names_outside_of_the_web(
    head: Visitor, database: Database, settings: Settings, task_id: int
) -> None:
    head.post(
        f"/tasks/{task_id}",
        {"result": "ทำแล้ว", "done_on": "14/3/2566", "files": [(io.BytesIO(photo()), "../../เวร.png")]},
    )
    with database.reading() as session:
        piece = session.scalars(select(Evidence)).one()
    assert piece.original_name == "เวร.jpg"
    assert piece.stored_name is not None
    assert Path(settings.data_dir, "evidence", piece.stored_name).is_file()
