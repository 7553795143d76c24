"""The coordinator edits a round's text beside its tasks, checks and closes it; executives read, heads do neither."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.admin.conftest import NOON, Visitor, compact, counted_queries
from tests.factories import TEST, World, task_of
from tracker.models import ColumnText, Event, Heartbeat, Measure, Notice, ReportVersion, Task, TextVersion
from tracker.services.reports import report_files
from tracker.services.tasks import progress
from tracker.store.db import Database
from tracker.store.storage import EvidenceStore

EDIT, CLOSE, VERIFY = "/reports/2566/6/edit/", "/reports/2566/6/close/", "/reports/2566/6/verify/"
AFTER = datetime(2023, 4, 3, 5, tzinfo=UTC)
QUARTERS = (date(2022, 12, 31), date(2023, 3, 31))
Path = Callable[[int, str], str]


@pytest.fixture
def executive(app: Flask, ours: World) -> Visitor:
    visitor = Visitor(app.test_client())
    visitor.sign_in(ours.email("clerk"))
    return visitor


@pytest.fixture
def path_of(database: Database, ours: World) -> Path:
    def path(number: int, column: str) -> str:
        with database.reading() as session:
            measure = session.scalars(
                select(Measure).where(Measure.plan_id == ours.plan_id, Measure.number == number)
            ).one()
            return f"{EDIT}{measure.id}/{column}"

    return path


def tick(database: Database, task: Task, result: str, outcome: str | None = None) -> None:
    with database.writing() as session:
        progress.tick_off(
            session, session.get_one(Task, task.id),
            result=result, outcome=outcome, done_on=date(2023, 3, 20), today=date(2023, 3, 29), by=TEST, at=NOON,
        )  # fmt: skip


def task(database: Database, world: World, unit: str, measure: int, due_on: date) -> Task:
    with database.reading() as session:
        return task_of(session, world, unit, measure, due_on)


def fields_of(page: str, path: str) -> dict[str, object]:
    """The fields of a cell's hidden part, as the page shows them."""
    name = name_of(path)
    return {
        f"{part}-{name}": re.search(rf'name="{part}-{name}" value="([^"]*)"', page)[1] for part in ("seen", "facts")
    }  # type: ignore[index]


def name_of(path: str) -> str:
    measure, column = path.rsplit("/", 2)[1:]
    return f"{column}-{measure}"


def offers(page: str, path: str) -> list[str]:
    """The sentences that are offered for a cell."""
    part = page.partition(f'id="side-{name_of(path)}"')[2].partition("</section>")[0]
    return list(re.findall(r"<p>“([^<]*)”</p>", part))


def write(visitor: Visitor, path: str, text: str | None = None, do: str = "", argument: str = "") -> TestResponse:
    """Opens the round's texts, types into the cell (as it stands where ``text`` is None) and presses a button."""
    edit, name = path.rsplit("/", 2)[0] + "/", name_of(path)
    sent = fields_of(visitor.get(edit).text, path) | ({} if text is None else {f"text-{name}": text})
    return visitor.post(edit, {**sent, **({"do": f"{do} {name} {argument}".strip()} if do else {})})


def test_each_text_stands_beside_the_tasks_it_comes_from(coordinator: Visitor, database: Database, ours: World) -> None:
    done = task(database, ours, "กองคลัง", 2, QUARTERS[0])
    tick(database, done, "เผยแพร่แผนบนเว็บไซต์", "ผู้ค้ารายใหม่ ๒ ราย")
    page = coordinator.get(EDIT).text
    assert page.count("<textarea") == 8
    assert "เผยแพร่แผนบนเว็บไซต์\nดำเนินการแล้ว ๑ จาก ๒ ครั้ง (ไตรมาสที่ ๑)\nยังไม่ได้รายงานผล ๑ ครั้ง (ไตรมาสที่ ๒)</textarea>" in page
    assert "ผู้ค้ารายใหม่ ๒ ราย" in page
    assert f'<li class="done"><a href="/tasks/{done.id}">กองคลัง</a><span class="muted">๒๐ มี.ค. ๖๖' in compact(page)
    waiting = task(database, ours, "กองคลัง", 2, QUARTERS[1])
    assert f'<li class=""><a href="/tasks/{waiting.id}">กองคลัง</a><span class="muted">ครบกำหนด ๓๑ มี.ค. ๖๖' in compact(
        page
    )
    assert "๑ จาก ๒" in page


def test_an_edit_is_kept_with_its_numbers_and_taken_back(
    coordinator: Visitor, database: Database, path_of: Path
) -> None:
    answer = write(coordinator, path_of(2, "summary"), "ผลดังนี้\n๑. ลงเว็บไซต์\n2) ปิดประกาศ <b>แล้ว</b>")
    assert answer.location.startswith(EDIT + "#summary-")
    with database.reading() as session:
        text = session.scalars(select(ColumnText)).one()
        assert [(one["number"], one["text"]) for one in text.paragraphs] == [
            (None, "ผลดังนี้"), (1, "ลงเว็บไซต์"), (2, "ปิดประกาศ <b>แล้ว</b>"),
        ]  # fmt: skip
        assert (text.round, text.edited_by) == (6, "ผู้ประสานงาน")
        assert session.scalars(select(Event).where(Event.kind == "text_edited")).one().details["round"] == 6
    page = coordinator.get(EDIT).text
    assert "ผลดังนี้\n๑. ลงเว็บไซต์\n๒. ปิดประกาศ &lt;b&gt;แล้ว&lt;/b&gt;</textarea>" in page
    assert "กลับไปใช้ข้อความจากงาน" in page
    assert "ลงเว็บไซต์" in coordinator.get("/reports/2566/6.json").text
    assert "ลงเว็บไซต์" not in coordinator.get("/reports/2566/12.json").text
    write(coordinator, path_of(2, "summary"), do="tasks")
    with database.reading() as session:
        assert session.scalars(select(ColumnText)).all() == []


def test_a_changed_fact_shows_and_is_settled_either_way(
    coordinator: Visitor, database: Database, ours: World, path_of: Path
) -> None:
    path = path_of(2, "summary")
    coordinator.get(EDIT)
    write(coordinator, path, "จะรายงานภายหลัง")
    tick(database, task(database, ours, "กองคลัง", 2, QUARTERS[0]), "เผยแพร่แล้ว")
    page = coordinator.get(EDIT).text
    assert "เหลือ ๑ เรื่องก่อนปิดรอบ" in page
    assert offers(page, path) == ["เผยแพร่แล้ว"]
    assert "จะรายงานภายหลัง</textarea>" in page
    write(coordinator, path, do="keep")
    page = coordinator.get(EDIT).text
    assert offers(page, path) == []
    assert "จะรายงานภายหลัง</textarea>" in page
    tick(database, task(database, ours, "กองคลัง", 2, QUARTERS[1]), "เผยแพร่แล้ว")
    assert offers(coordinator.get(EDIT).text, path) == ["เผยแพร่แล้ว"]
    write(coordinator, path, do="tasks")
    page = coordinator.get(EDIT).text
    assert offers(page, path) == []
    assert "เผยแพร่แล้ว\nรวม ๒ ครั้ง ตั้งแต่ไตรมาสที่ ๑ ถึงไตรมาสที่ ๒</textarea>" in page
    with database.reading() as session:
        kinds = session.scalars(select(Event.kind).where(Event.kind.startswith("text_")).order_by(Event.id)).all()
    assert kinds == ["text_edited", "text_kept", "text_edited"]


def test_a_tick_that_came_in_while_typing_shows_as_a_change(
    coordinator: Visitor, database: Database, ours: World, path_of: Path
) -> None:
    path = path_of(2, "summary")
    seen = fields_of(coordinator.get(EDIT).text, path)
    tick(database, task(database, ours, "กองคลัง", 2, QUARTERS[0]), "เผยแพร่แล้ว")
    coordinator.post(EDIT, {f"text-{name_of(path)}": "ยังไม่มีผล", **seen})
    assert offers(coordinator.get(EDIT).text, path) == ["เผยแพร่แล้ว"]


def test_the_checks_lead_to_what_is_to_be_corrected(
    coordinator: Visitor, database: Database, ours: World, path_of: Path
) -> None:
    done = task(database, ours, "กองคลัง", 2, QUARTERS[0])
    write(coordinator, path_of(2, "summary"), "จะรายงานภายหลัง")
    tick(database, done, "เผยแพร่แล้ว")
    page = coordinator.get(CLOSE).text
    assert "รอบนี้สิ้นสุดวันที่ ๓๑ มีนาคม ๒๕๖๖" in page or "สิ้นสุด" in page
    assert "ข้อความที่ข้อมูลเบื้องหลังเปลี่ยน" in page
    assert "ทำแล้วแต่ไม่มีหลักฐาน" in page
    assert "ขั้นตอนที่ยังไม่มีผล" in page
    assert "รายงานจะพิมพ์ว่าขั้นตอนเหล่านี้ยังไม่ได้รายงานผล" in page
    assert "งานของรอบนี้ที่ยังไม่เสร็จ" in page
    assert f'href="/tasks/{done.id}"' in page
    assert "ปิดรอบ</button>" not in page
    assert coordinator.post(CLOSE).status_code == 409


def test_a_round_is_closed_submitted_and_opened_again(
    coordinator: Visitor, executive: Visitor, database: Database, ours: World, path_of: Path
) -> None:
    tick(database, task(database, ours, "กองคลัง", 2, QUARTERS[0]), "เผยแพร่แล้ว")
    with time_machine.travel(AFTER, tick=False):
        assert "ปิดรอบ</button>" in coordinator.get(CLOSE).text
        assert coordinator.post(CLOSE + "submit").status_code == 409
        assert (
            "ปิดรอบแล้ว รายงานฉบับนี้จะไม่เปลี่ยนอีก" in coordinator.post(CLOSE, {"names": "y", "sure": "y"}, follow=True).text
        )
        page = coordinator.get(CLOSE).text
        assert re.search(r'class="hash">[0-9a-f]{64}<', page)
        assert "ไม่มี ข้อมูลตอนนี้ให้รายงานเหมือนเดิม" in coordinator.get(VERIFY).text
        frozen = coordinator.get("/reports/2566/6.docx").data
        refused = write(coordinator, path_of(2, "summary"), "แก้ทีหลัง")
        assert refused.status_code == 303
        page = coordinator.get(refused.location).text
        assert "ปิดรอบ 6 เดือนไปแล้ว" in page or "ปิดรอบ ๖ เดือนไปแล้ว" in page
        assert "แก้ทีหลัง</textarea>" in page
        assert "readonly" in page
        tick(database, task(database, ours, "กองคลัง", 2, QUARTERS[1]), "เผยแพร่แล้ว")
        page = coordinator.get(VERIFY).text
        assert "มาตรการ ๒" in page
        assert re.search(r"<b>ผลที่ดำเนินการ|<b>สิ่งที่ได้ดำเนินการ|<b>สรุปผลดำเนินการ", page)
        assert '<ins class="cell">เผยแพร่แล้ว</ins>' in page
        assert coordinator.get("/reports/2566/6.docx").data == frozen
        assert "ส่งให้ ปลัด, นายก ลงนามแล้ว" in coordinator.post(CLOSE + "submit", follow=True).text
        assert coordinator.post(CLOSE + "submit").status_code == 409
        assert "ส่งแล้ว" in executive.get(CLOSE).text
        assert coordinator.post(CLOSE + "reopen", {"why": " "}).status_code == 422
        assert "เปิดรอบอีกครั้งแล้ว" in coordinator.post(CLOSE + "reopen", {"why": "แก้คำผิด"}, follow=True).text
    with database.reading() as session:
        notices = session.scalars(select(Notice).where(Notice.kind == "other")).all()
        assert {notice.member_id for notice in notices} == {ours.members["clerk"], ours.members["mayor"]}
        assert {notice.path for notice in notices} == {CLOSE}
        reopened = session.scalars(select(Event).where(Event.kind == "round_reopened")).one()
        assert reopened.details["why"] == "แก้คำผิด"


def test_executives_read_and_heads_and_others_do_not(
    head: Visitor, executive: Visitor, coordinator: Visitor, database: Database, theirs: World, path_of: Path
) -> None:
    assert head.get(EDIT).status_code == head.get(CLOSE).status_code == 403
    assert executive.get(EDIT).status_code == 403
    page = executive.get(CLOSE)
    assert page.status_code == 200
    assert "<textarea" not in page.text
    for visitor in (head, executive):
        assert visitor.post(EDIT, {f"text-{name_of(path_of(2, 'summary'))}": "x"}).status_code == 403
        for action in ("", "reopen", "submit"):
            assert visitor.post(CLOSE + action, {"why": "x"}).status_code == 403
    with database.reading() as session:
        foreign = session.scalars(select(Measure).where(Measure.plan_id == theirs.plan_id)).first()
        assert foreign
    assert coordinator.post(EDIT, {"do": f"tasks summary-{foreign.id}"}).status_code == 404
    coordinator.post(EDIT, {f"text-summary-{foreign.id}": "x"})
    with database.reading() as session:
        assert not session.scalars(select(ColumnText)).all()
    assert coordinator.get("/reports/2560/6/edit/").status_code == 404
    assert coordinator.get("/reports/2566/9/close/").status_code == 404


@pytest.mark.parametrize("path", [EDIT, CLOSE])
def test_the_number_of_queries_does_not_depend_on_what_was_done(
    coordinator: Visitor, database: Database, ours: World, path: str
) -> None:
    coordinator.get(path)
    with counted_queries(database) as before:
        coordinator.get(path)
    for unit in ours.units:
        tick(database, task(database, ours, unit, 3, date(2023, 1, 31)), "ชี้แจงแล้ว")
    with counted_queries(database) as after:
        coordinator.get(path)
    assert len(after) <= len(before) + 1  # the evidence of completions, which there were none of
    assert len(after) < 20


def test_every_version_of_a_text_is_kept_compared_and_taken_back(
    coordinator: Visitor, database: Database, path_of: Path
) -> None:
    path = path_of(2, "summary")
    history = f"{path}/versions/"
    assert "ยังไม่เคยแก้" in coordinator.get(history).text
    coordinator.get(EDIT)
    write(coordinator, path, "เผยแพร่แผนจัดซื้อจัดจ้างบนเว็บไซต์")
    write(coordinator, path, "เผยแพร่แผนจัดซื้อจัดจ้างบนเว็บไซต์และป้ายประกาศ")
    page = coordinator.get(history).text
    assert "ข้อความนี้มี ๒ ฉบับ" in page
    assert "<ins>และป้ายประกาศ</ins>" in page
    with database.reading() as session:
        first, second = session.scalars(select(TextVersion).order_by(TextVersion.id)).all()
        assert (first.number, second.number, second.edited_by) == (1, 2, "ผู้ประสานงาน")
    swapped = coordinator.get(f"{history}?old={second.id}&new={first.id}").text
    assert "<del>และป้ายประกาศ</del>" in swapped
    assert coordinator.post(f"{history}{first.id}/back").status_code == 302
    assert "เผยแพร่แผนจัดซื้อจัดจ้างบนเว็บไซต์</textarea>" in coordinator.get(EDIT).text
    assert "ย้อนกลับไปใช้ฉบับที่ ๑" in coordinator.get(history).text
    other = path_of(1, "summary")
    assert coordinator.post(f"{other}/versions/{first.id}/back").status_code == 404


def test_a_text_that_is_gone_back_to_shows_what_its_facts_became(
    coordinator: Visitor, database: Database, ours: World, path_of: Path
) -> None:
    path = path_of(2, "summary")
    coordinator.get(EDIT)
    write(coordinator, path, "ยังไม่มีผล")
    tick(database, task(database, ours, "กองคลัง", 2, QUARTERS[0]), "เผยแพร่แล้ว")
    coordinator.get(EDIT)
    write(coordinator, path, "เผยแพร่ครบถ้วน")
    write(coordinator, path, do="keep")
    assert offers(coordinator.get(EDIT).text, path) == []
    with database.reading() as session:
        first, second = session.scalars(select(TextVersion).order_by(TextVersion.id)).all()
        assert first.task_ids == []
        assert second.task_ids == [task_of(session, ours, "กองคลัง", 2, QUARTERS[0]).id]
    coordinator.post(f"{path}/versions/{first.id}/back")
    assert offers(coordinator.get(EDIT).text, path) == ["เผยแพร่แล้ว"]


def test_the_style_rules_change_only_what_was_chosen(coordinator: Visitor, database: Database, path_of: Path) -> None:
    style = "/reports/2566/6/style/"
    assert "เป็นแบบเดียวกันอยู่แล้ว" in coordinator.get(style).text
    for number in (1, 2):
        write(coordinator, path_of(number, "summary"), "1. ประชุมเมื่อ 31 มี.ค. 66\n2. ครบ 5 กอง")
    page = coordinator.get(style).text
    assert "มี ๒ ข้อความที่ปรับสำนวนได้" in page
    assert "<ins>๓๑ มีนาคม</ins>" in page or "มีนาคม" in page
    keys = re.findall(r'name="take" value="([^"]+)"', page)
    assert len(keys) == 2
    assert "กรุณาเลือกข้อความที่จะปรับก่อน" in coordinator.post(style, follow=True).text
    answer = coordinator.post(style, {"take": [keys[0], "1-summary-0000000000000000"]}, follow=True)
    assert "ปรับแล้ว ๑ ข้อความ" in answer.text
    assert "บางข้อความเปลี่ยนไประหว่างนั้น" in answer.text
    page = coordinator.get(EDIT).text
    assert "๑. ประชุมเมื่อ ๓๑ มีนาคม ๒๕๖๖\n๒. ครบ ๕ กอง</textarea>" in page
    assert "๑. ประชุมเมื่อ 31 มี.ค. 66\n๒. ครบ 5 กอง</textarea>" in page
    with database.reading() as session:
        assert session.scalars(select(TextVersion.source).order_by(TextVersion.id)).all() == [
            "coordinator", "coordinator", "style",
        ]  # fmt: skip


def test_the_files_of_a_large_plan_are_made_in_the_background_with_progress(
    coordinator: Visitor, app: Flask, database: Database, ours: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    monkeypatch.setattr(report_files, "LARGE", 10)
    monkeypatch.setattr("admin.web.queue.send", lambda _settings, _task, *ids: sent.extend(ids) or True)
    assert coordinator.get("/reports/2566/6.csv").status_code == 200  # no worker lives: at once
    with database.writing() as session:
        session.add(Heartbeat(name="worker one", at=NOON))
    files = "/reports/2566/6/files/"
    answer = coordinator.get("/reports/2566/6.csv")
    assert (answer.status_code, answer.location) == (302, f"{files}?wanted=csv")
    assert "ระบบจะจัดทำไฟล์เบื้องหลัง" in coordinator.get(files).text
    coordinator.post(files, {"format": ["csv", "json"]})
    assert len(sent) == 2
    page = coordinator.get(files).text
    assert "พร้อมแล้ว ๐ จาก ๒ ไฟล์" in page
    assert 'data-look-again="3000"' in page
    store = EvidenceStore(app.extensions["tracker"].settings.data_dir / "evidence", 2**20)
    report_files.make(database, store, sent[0], NOON, UTC)
    assert "พร้อมแล้ว ๑ จาก ๒ ไฟล์" in coordinator.get(files).text
    report_files.make(database, store, sent[1], NOON, UTC)
    page = coordinator.get(files).text
    assert "ไฟล์พร้อมแล้ว" in page
    assert "data-look-again" not in page
    made = coordinator.get("/reports/2566/6.csv")
    assert (made.status_code, made.mimetype) == (200, "text/csv")
    tick(database, task(database, ours, "กองคลัง", 2, QUARTERS[0]), "เผยแพร่แล้ว")
    assert "มีการบันทึกเพิ่มหลังจากนั้น" in coordinator.get(files).text
    assert coordinator.get("/reports/2566/6.csv").status_code == 302
    assert coordinator.get("/reports/2566/6.csv?kept=1").data == made.data
    coordinator.get(files)
    coordinator.post(files, {"format": "csv"})
    assert len(sent) == 3


def test_the_page_names_a_record_that_is_not_whole(coordinator: Visitor, database: Database) -> None:
    assert "ประวัติการแก้ไขไม่สมบูรณ์" not in coordinator.get(VERIFY).text
    with database.writing() as session:
        task = session.scalars(select(Task).where(Task.state == "pending").order_by(Task.id)).first()
        assert task is not None
        task.state = "done"
    page = coordinator.get(VERIFY).text
    assert "ประวัติการแก้ไขไม่สมบูรณ์" in page
    assert f"งานหมายเลข {task.id} มีสถานะ done" in page


def test_closing_with_steps_without_a_result_names_them_and_asks_once_more(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    tick(database, task(database, ours, "กองคลัง", 2, QUARTERS[0]), "เผยแพร่แล้ว")
    with time_machine.travel(AFTER, tick=False):
        coordinator.get(CLOSE)
        asked = coordinator.post(CLOSE, {"names": "y"})
        assert asked.status_code == 409
        assert "ขั้นตอนเหล่านี้ยังไม่มีผล" in asked.text
        assert "ชี้แจงแผนการใช้จ่าย" in asked.text.partition("ขั้นตอนเหล่านี้ยังไม่มีผล")[2].partition("</ul>")[0]
        with database.reading() as session:
            assert not session.scalars(select(ReportVersion)).all()
        assert coordinator.post(CLOSE, {"names": "y", "sure": "y"}).status_code == 302


def test_the_progress_pages_can_be_left_out(coordinator: Visitor, database: Database, ours: World) -> None:
    tick(database, task(database, ours, "กองคลัง", 2, QUARTERS[0]), "เผยแพร่แล้ว")
    assert "ความก้าวหน้า" in coordinator.get("/reports/2566/6.html").text
    coordinator.get(CLOSE)
    assert coordinator.post(CLOSE + "progress-pages", {"shown": "0"}).status_code == 302
    assert "<h2>ความก้าวหน้า" not in coordinator.get("/reports/2566/6.html").text
    coordinator.post(CLOSE + "progress-pages", {"shown": "1"})
    assert "<h2>ความก้าวหน้า" in coordinator.get("/reports/2566/6.html").text
