"""The record reads as sentences, with what was before and after, and goes out as a table for auditors."""

import ast
import csv
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import BytesIO, StringIO

from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.pages.tasks.event_words import KINDS
from tests.admin.conftest import NOON, Visitor, counted_queries
from tests.conftest import ROOT
from tests.factories import TEST, World, task_of
from tracker.models import Event, Task
from tracker.services.audit import Actor, record
from tracker.services.tasks import progress
from tracker.store.db import Database
from tracker.thai.numerals import to_thai as number

RECORD = "/admin/events/"


def moved(database: Database, ours: World) -> int:
    with database.writing() as session:
        task = task_of(session, ours, "กองคลัง", 2, date(2023, 3, 31))
        progress.move_due(session, task, date(2023, 5, 31), by=TEST, at=NOON)
        return task.id


def test_a_change_is_a_sentence_with_before_and_after(coordinator: Visitor, database: Database, ours: World) -> None:
    task = moved(database, ours)
    page = coordinator.get(RECORD).text
    assert f'<a href="/tasks/{task}">เลื่อนวันครบกำหนด กองคลัง มาตรการ ๒.' in page.replace('/"', '"')
    assert "จาก <del>๓๑ มี.ค. ๖๖</del> เป็น <ins>๓๑ พ.ค. ๖๖</ins>" in page


def test_acts_that_were_done_together_are_one_sentence(coordinator: Visitor, database: Database, ours: World) -> None:
    """Each of them stands behind it, and in the tables that go out; what others did at that instant stands alone."""
    with database.writing() as session:
        tasks = [task_of(session, ours, unit, 3, date(2023, 3, 31)) for unit in ("กองคลัง", "กองช่าง", "สำนักปลัด")]
        tasks.append(task_of(session, ours, "กองคลัง", 3, date(2023, 2, 28)))
        for task in tasks:
            progress.move_due(session, task, date(2023, 5, 31), by=TEST, at=NOON)
        other = task_of(session, ours, "กองช่าง", 3, date(2023, 2, 28))
        progress.move_due(session, other, date(2023, 5, 31), by=Actor("คนอื่น", "web"), at=NOON)
        last = session.scalars(select(Event.sequence).order_by(Event.sequence.desc()).limit(1)).one()
    page = coordinator.get(f"{RECORD}?kind=due_moved").text
    assert page.count('<li value="') == 2
    assert "เลื่อนวันครบกำหนด ๔ งาน เป็น" not in page  # their days before were not the same
    assert "เลื่อนวันครบกำหนด ๔ งาน" in page
    assert "ดูทั้ง ๔" in page
    assert all(f'href="/tasks/{task.id}"' in page for task in [*tasks, other])
    assert f"ลำดับ {number(last - 4)} ถึง {number(last - 1)}" in page
    rows = list(csv.reader(StringIO(coordinator.get(f"{RECORD}export.csv?kind=due_moved").text)))
    assert len(rows) == 6
    assert coordinator.get(f"{RECORD}print?kind=due_moved").text.count('<li value="') == 5


def test_what_is_the_same_of_acts_done_together_stands_in_their_sentence(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    with database.writing() as session:
        for unit in ("กองคลัง", "กองช่าง"):
            task = task_of(session, ours, unit, 3, date(2023, 3, 31))
            progress.move_due(session, task, date(2023, 5, 31), by=TEST, at=NOON)
    page = " ".join(coordinator.get(RECORD).text.split())
    assert "เลื่อนวันครบกำหนด ๒ งาน จาก <del>๓๑ มี.ค. ๖๖</del> เป็น <ins>๓๑ พ.ค. ๖๖</ins>" in page


def test_settings_tell_what_they_were(coordinator: Visitor, database: Database, ours: World) -> None:
    page = coordinator.get(f"/admin/unit/edit/?id={ours.units['กองคลัง']}").text
    assert "กองคลัง" in page
    fields = {"name": "กองคลัง", "kind": "section", "position": "7", "active": "y", "known": "y"}
    assert coordinator.post(f"/admin/unit/edit/?id={ours.units['กองคลัง']}", fields).status_code == 302
    with database.reading() as session:
        (changes,) = [
            one.details["changes"]
            for one in session.scalars(select(Event).where(Event.kind == "unit_changed"))
            if "changes" in one.details
        ]
    assert changes["kind"] == ["division", "section"]
    assert "ประเภท: จาก <del>กอง/สำนัก</del> เป็น <ins>" in coordinator.get(RECORD).text


def test_filters_choose_and_the_table_has_the_same(coordinator: Visitor, database: Database, ours: World) -> None:
    task = moved(database, ours)
    chosen = f"kind=due_moved&task={task}"
    page = coordinator.get(f"{RECORD}?{chosen}").text
    assert page.count('<li value="') == 1
    answer = coordinator.get(f"{RECORD}export.csv?{chosen}")
    assert answer.headers["Content-Disposition"] == "attachment; filename=record.csv"
    rows = list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"))))
    assert [(row["kind"], row["task"]) for row in rows] == [("due_moved", str(task))]
    assert "กองคลัง มาตรการ ๒." in rows[0]["sentence"]
    whole = list(csv.DictReader(StringIO(coordinator.get(f"{RECORD}export.csv").data.decode("utf-8-sig"))))
    assert [int(row["sequence"]) for row in whole] == list(range(1, len(whole) + 1))


def reset_all(session: Session, ours: World, at: datetime) -> None:
    """An event whose "changes" are no pairs of before and after."""
    changes = {"own": [{"id": "own-1", "item": "o1", "text": "x"}], "rules": {"r1": {"text": "y"}}}
    record(session, ours.agency_id, "rules_reset", TEST, at, fiscal_year=2566, changes=changes)


def lines(page: str) -> int:
    return page.count('<li value="')


def test_the_record_is_searched_by_word_days_subject_person_and_unit(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    moved(database, ours)
    with database.writing() as session:
        task = task_of(session, ours, "กองช่าง", 3, date(2023, 1, 31))
        later = NOON + timedelta(days=3)
        by = Actor("นางคลัง รักษ์เงิน", "line")
        progress.tick_off(
            session, task, result="ชี้แจงในที่ประชุม <b>", done_on=date(2023, 1, 31), today=date(2023, 4, 1), by=by, at=later
        )
        reset_all(session, ours, later)
    everything = coordinator.get(RECORD).text
    assert "“ชี้แจงในที่ประชุม &lt;b&gt;”" in everything
    assert "สถานะ จาก <del>ยังไม่เริ่ม</del> เป็น <ins>ทำแล้ว</ins>" in everything
    assert "กลับไปใช้เกณฑ์" in everything
    for chosen, found in (
        ("word=ในที่ประชุม", 1), ("word=รักษ์เงิน", 1), ("word=เลื่อนวันครบกำหนด", 1), ("word=100%25", 0),
        ("who=รักษ์เงิน", 1), ("since=1/4/2566", 2), ("until=31/3/2566&subject=tasks&word=เลื่อน", 1),
        (f"unit={ours.units['กองช่าง']}", 1), (f"unit={ours.units['กองคลัง']}", 1), ("subject=messages", 0),
        ("subject=settings", 1), ("kind=ticked_off", 1),
    ):  # fmt: skip
        assert lines(coordinator.get(f"{RECORD}?{chosen}").text) == found, chosen
    empty = coordinator.get(f"{RECORD}?subject=messages").text
    assert "ไม่มีรายการตามตัวกรองนี้" in empty
    assert "“๓๑ กุมภา” ไม่ใช่วันที่" in coordinator.get(f"{RECORD}?since=๓๑ กุมภา").text


def test_signing_in_is_shown_only_where_it_is_asked_for(coordinator: Visitor, database: Database, ours: World) -> None:
    with database.writing() as session:
        record(session, ours.agency_id, "second_factor_on", TEST, NOON)
        record(session, ours.agency_id, "of_an_older_release", TEST, NOON)
    page = coordinator.get(RECORD).text
    assert "of_an_older_release" in page
    assert "เปิดการยืนยันสองขั้น" not in page.partition('class="record"')[2]
    assert lines(coordinator.get(f"{RECORD}?subject=sign_in&kind=second_factor_on").text) == 1


def test_the_same_rows_go_out_as_excel_and_on_paper(coordinator: Visitor, database: Database, ours: World) -> None:
    task = moved(database, ours)
    with database.writing() as session:
        progress.note_progress(
            session, session.get_one(Task, task), text="=HYPERLINK(1)", noted_on=date(2023, 3, 1), by=TEST, at=NOON
        )
    answer = coordinator.get(f"{RECORD}export.xlsx?task={task}")
    assert answer.headers["Content-Disposition"] == "attachment; filename=record.xlsx"
    sheet = load_workbook(BytesIO(answer.data)).active
    assert sheet is not None
    head, *rows = sheet.iter_rows(values_only=True)
    assert head[2] == "ใคร"
    assert [row[4] for row in rows] == ["due_moved", "progress_noted"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    paper = coordinator.get(f"{RECORD}print?task={task}").text
    assert paper.index("<ins>๓๑ พ.ค. ๖๖</ins>") < paper.index("=HYPERLINK(1)")
    assert lines(paper) == 2


def test_the_check_says_whether_the_record_is_whole(coordinator: Visitor, database: Database, ours: World) -> None:
    task = moved(database, ours)
    assert "ประวัติสมบูรณ์" in coordinator.get(f"{RECORD}check").text
    with database.writing() as session:
        session.get_one(Task, task).due_on = date(2024, 1, 1)
    page = coordinator.get(f"{RECORD}check").text
    assert "พบประวัติไม่สมบูรณ์ ๑ แห่ง" in page
    assert f"วันครบกำหนดของงานหมายเลข {task} ไม่ตรง" in page


def test_strangers_to_the_agency_get_no_table(head: Visitor, stranger: Visitor) -> None:
    assert head.get(f"{RECORD}export.csv").status_code == 403
    assert stranger.get(f"{RECORD}export.csv").status_code == 302


def test_the_pages_queries_do_not_grow_with_changes(coordinator: Visitor, database: Database, ours: World) -> None:
    task_id = moved(database, ours)
    with counted_queries(database) as few:
        coordinator.get(RECORD)
    with database.writing() as session:
        for number in range(20):
            task = session.get_one(Task, task_id)
            progress.move_due(session, task, date(2023, 5, 1 + number), by=TEST, at=NOON)
    with counted_queries(database) as many:
        coordinator.get(RECORD)
    assert len(many) == len(few)


def _kinds_recorded() -> Iterator[str]:
    """The kinds that services, LINE and reminders write out where they record a change."""
    places = {"record": 2, "_move": 3}
    for folder in ("services", "line", "reminders"):
        for path in (ROOT / "tracker" / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                place = places.get(getattr(node.func, "id", "")) if isinstance(node, ast.Call) else None
                if isinstance(node, ast.Call) and place is not None and len(node.args) > place:
                    kind = node.args[place]
                    said = (kind.body, kind.orelse) if isinstance(kind, ast.IfExp) else (kind,)
                    yield from (str(one.value) for one in said if isinstance(one, ast.Constant))


def test_every_kind_of_change_has_its_words() -> None:
    kinds = set(_kinds_recorded())
    assert len(kinds) > 40
    assert sorted(kinds - set(KINDS)) == []
