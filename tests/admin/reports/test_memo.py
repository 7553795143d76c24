"""บันทึกข้อความ on the pages: to late units, and before the executive; the fields are remembered."""

from datetime import UTC, date, datetime
from io import BytesIO

import docx
import pytest
import time_machine
from sqlalchemy import select

from tests.admin.conftest import NOON, Visitor, counted_queries
from tests.factories import TEST, World, task_of
from tracker.models import Event, MemoFields, Task
from tracker.services.audit import verify
from tracker.services.tasks import progress
from tracker.store.db import Database

CLOSE = "/reports/2566/6/close/"

FILLED = {
    "office": "สำนักปลัด โทร. ๐ ๗๕๖๑", "number": "นศ ๗๑๐๐๑/๑", "day": "29/3/2566", "signer_name": "นางสาวก ใจดี",
    "signer_position": "นิติกร",
}  # fmt: skip


def words(content: bytes) -> str:
    document = docx.Document(BytesIO(content))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_a_memo_to_the_units_that_are_late(coordinator: Visitor, database: Database, ours: World) -> None:
    late = coordinator.get("/all-tasks/?state=late").text
    assert "/memo/late" in late
    page = coordinator.get("/memo/late").text
    assert "มี ๕ หน่วยงานที่เลยกำหนด" in page
    answer = coordinator.post("/memo/late", FILLED | {"reply_by": "5/4/2566", "unit": [ours.units["กองช่าง"]]})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="memo-late-2566.docx"'
    said = words(answer.data)
    assert "ผู้อำนวยการกองช่าง" in said
    assert "กองคลัง" not in said
    assert "๓๑ ตุลาคม ๒๕๖๕ และอีก ๔ ครั้ง" in said
    assert "ภายในวันที่ ๕ เมษายน ๒๕๖๖" in said
    assert 'value="สำนักปลัด โทร. ๐ ๗๕๖๑"' in coordinator.get("/memo/round/2566/6").text
    with database.reading() as session:
        assert session.get_one(MemoFields, ours.agency_id).signer_name == "นางสาวก ใจดี"


def test_what_changes_for_the_next_memo_is_in_the_record(coordinator: Visitor, database: Database, ours: World) -> None:
    coordinator.get("/memo/late")
    sent = FILLED | {"reply_by": "5/4/2566", "unit": [ours.units["กองช่าง"]]}
    for number in ("นศ ๗๑๐๐๑/๑", "นศ ๗๑๐๐๑/๑", "นศ ๗๑๐๐๑/๒"):
        coordinator.post("/memo/late", sent | {"number": number})
    with database.reading() as session:
        events = session.scalars(
            select(Event).where(Event.kind == "memo_fields_changed").order_by(Event.sequence)
        ).all()
        assert events[0].details["signer_name"] == "นางสาวก ใจดี"
        assert [event.details for event in events[1:]] == [{"number": "นศ ๗๑๐๐๑/๒"}]
        assert verify(session, ours.agency_id) == []


def test_the_address_chooses_a_unit(coordinator: Visitor, ours: World) -> None:
    page = coordinator.get(f"/memo/late?unit={ours.units['กองช่าง']}").text
    assert page.count(" checked") == 1


def test_a_joint_task_is_late_for_each_of_its_units(coordinator: Visitor, database: Database, ours: World) -> None:
    with database.writing() as session:
        joint = [task for task in session.query(Task) if task.party_key == "joint" and task.plan_id == ours.plan_id]
        joint[0].due_on = task_of(
            session, ours, "กองคลัง", 3, joint[0].due_on.replace(year=2023, month=1, day=31)
        ).due_on
    coordinator.get("/memo/late")
    for unit in ("กองช่าง", "กองคลัง"):
        answer = coordinator.post("/memo/late", FILLED | {"reply_by": "5/4/2566", "unit": [ours.units[unit]]})
        assert "มาตรการที่ ๔" in words(answer.data)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"day": "31/2/2566"}, "ไม่มีวันที่"),
        ({"office": ""}, "กรุณากรอกช่องนี้"),
        ({"unit": []}, "กรุณาเลือกอย่างน้อยหนึ่งหน่วยงาน"),
        ({"unit": [99999]}, "กรุณาเลือกอย่างน้อยหนึ่งหน่วยงาน"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(
    coordinator: Visitor, database: Database, ours: World, change: dict[str, object], said: str
) -> None:
    coordinator.get("/memo/late")
    sent = {**FILLED, "reply_by": "5/4/2566", "unit": [ours.units["กองช่าง"]], **change}
    answer = coordinator.post("/memo/late", sent)
    assert answer.status_code == 422
    assert said in answer.text
    with database.reading() as session:
        assert session.get(MemoFields, ours.agency_id) is None


def test_the_covering_memo(coordinator: Visitor) -> None:
    assert "/memo/round/2566/6" in coordinator.get("/reports/").text
    page = coordinator.get("/memo/round/2566/6").text
    assert "รวม ๔ มาตรการ" in page
    answer = coordinator.post("/memo/round/2566/6", FILLED | {"executive": "นายก อบต.ตัวอย่าง"})
    said = words(answer.data)
    assert "นายก อบต.ตัวอย่าง" in said
    assert "รอบ ๖ เดือน" in said
    assert coordinator.post("/memo/round/2566/6", FILLED).status_code == 422
    assert coordinator.get("/memo/round/2566/9").status_code == 404


@pytest.mark.parametrize("day", ["1/10/2500", "1/10/2699"])
def test_a_memo_of_a_year_that_no_archive_can_name(coordinator: Visitor, day: str) -> None:
    answer = coordinator.post("/memo/round/2566/6", FILLED | {"executive": "นายก อบต.ตัวอย่าง", "day": day})
    assert answer.status_code == 200
    assert "นายก อบต.ตัวอย่าง" in words(answer.data)


def test_the_covering_memo_tells_the_figures_of_the_closed_report(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    with time_machine.travel(datetime(2023, 4, 3, 5, tzinfo=UTC), tick=False):
        coordinator.get(CLOSE)
        coordinator.post(CLOSE, {"sure": "y"})
        before = coordinator.get("/memo/round/2566/6").text
        with database.writing() as session:
            task = task_of(session, ours, "กองคลัง", 2, date(2022, 12, 31))
            done = {"done_on": date(2023, 3, 20), "today": date(2023, 4, 3), "by": TEST, "at": NOON}
            progress.tick_off(session, task, result="เผยแพร่แล้ว", **done)
        assert "ดำเนินการแล้วเสร็จ ๐ งาน" in before
        assert "ดำเนินการแล้วเสร็จ ๐ งาน" in coordinator.get("/memo/round/2566/6").text
        coordinator.post(CLOSE + "reopen", {"why": "เพิ่มผล"})
        assert "ดำเนินการแล้วเสร็จ ๑ งาน" in coordinator.get("/memo/round/2566/6").text


def test_more_late_tasks_need_no_more_queries(coordinator: Visitor, database: Database, ours: World) -> None:
    coordinator.get("/memo/late")
    with counted_queries(database) as before:
        coordinator.get("/memo/late")
    with database.writing() as session:
        for task in session.query(Task).filter(Task.plan_id == ours.plan_id, Task.due_on.is_not(None)):
            task.due_on = task.due_on.replace(year=2022, month=10, day=1 + task.id % 28)
    with counted_queries(database) as after:
        coordinator.get("/memo/late")
    assert len(after) == len(before)
