"""Many tasks at once: chosen, looked at, changed in one go, undone as one; filters survive."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from tests.admin.conftest import NOON, TODAY, Visitor, compact, counted_queries
from tests.factories import TEST, World, task_of
from tracker.models import Agency, Event, Plan, Task
from tracker.services.tasks import progress
from tracker.services.tasks.generate import generate_tasks
from tracker.store.db import Database

Ids = Callable[..., list[int]]
BULK = "/all-tasks/bulk/"


@pytest.fixture
def ids(database: Database, ours: World) -> Ids:
    """The ids of a measure's tasks, by unit."""

    def get(measure: int, *units: str, due_on: date = date(2023, 4, 2)) -> list[int]:
        with database.reading() as session:
            return [task_of(session, ours, unit, measure, due_on).id for unit in units]

    return get


def tasks_now(database: Database, ids: Sequence[int]) -> list[Task]:
    with database.reading() as session:
        found = {task.id: task for task in session.scalars(select(Task).where(Task.id.in_(ids)))}
        for task in found.values():
            assert task.units is not None
        return [found[one] for one in ids]


def look(visitor: Visitor, action: str, ids: Sequence[int], **order: str) -> str:
    query = [("action", action), *(("task", str(one)) for one in ids), *order.items()]
    if order:
        query.append(("look", "1"))
    return visitor.get(f"{BULK}?{urlencode(query)}").text


def do(visitor: Visitor, action: str, ids: Sequence[int], **order: str) -> str:
    """Carries an order out; gives the instant by which it is undone."""
    visitor.get("/all-tasks/")
    answer = visitor.post(BULK, {"action": action, "task": [str(one) for one in ids], **order})
    assert answer.status_code == 302, answer.text
    found = re.search(r"undo=([^&]+)", answer.location)
    visitor.get(answer.location)
    return found[1].replace("%3A", ":").replace("%2B", "+") if found else ""


def test_due_days_are_moved_and_moved_back(coordinator: Visitor, database: Database, ids: Ids) -> None:
    chosen = ids(1, "กองช่าง", "กองคลัง")
    page = look(coordinator, "move", chosen, to="๓๐ เม.ย. ๖๖")
    assert "จะเปลี่ยน ๒ งาน" in page
    assert "๒ เม.ย. ๖๖ →<b>๓๐ เม.ย. ๖๖</b>" in compact(page)
    assert [task.due_on for task in tasks_now(database, chosen)] == [date(2023, 4, 2)] * 2
    ordered = do(coordinator, "move", chosen, to="๓๐ เม.ย. ๖๖")
    moved = tasks_now(database, chosen)
    assert [(task.due_on, task.scheduled_on) for task in moved] == [(date(2023, 4, 30), date(2023, 4, 2))] * 2
    answer = coordinator.post(f"{BULK}undo", {"ordered_at": ordered}, follow=True)
    assert "ย้อนกลับแล้ว ๒ งาน" in answer.text
    assert [task.due_on for task in tasks_now(database, chosen)] == [date(2023, 4, 2)] * 2
    do(coordinator, "move", chosen, days="-7")
    assert [task.due_on for task in tasks_now(database, chosen)] == [date(2023, 3, 26)] * 2


def test_units_are_reassigned_and_the_plan_leaves_it_so(
    coordinator: Visitor, database: Database, ours: World, ids: Ids
) -> None:
    chosen = ids(1, "กองช่าง")
    to = str(ours.units["สำนักปลัด"])
    assert "→ <b>สำนักปลัด</b>" in look(coordinator, "reassign", chosen, to_unit=to)
    ordered = do(coordinator, "reassign", chosen, to_unit=to)
    with database.writing() as session:
        generate_tasks(session, session.get_one(Plan, ours.plan_id), TEST, NOON)
    assert [unit.name for unit in tasks_now(database, chosen)[0].units] == ["สำนักปลัด"]
    coordinator.post(f"{BULK}undo", {"ordered_at": ordered})
    assert [unit.name for unit in tasks_now(database, chosen)[0].units] == ["กองช่าง"]


def test_of_a_joint_task_only_the_named_unit_is_replaced(
    coordinator: Visitor, database: Database, ours: World, ids: Ids
) -> None:
    (joint,) = ids(4, "กองช่าง", due_on=date(2023, 9, 30))
    (alone,) = ids(1, "กองคลัง")
    order = {"to_unit": str(ours.units["สำนักปลัด"]), "instead_of": str(ours.units["กองช่าง"])}
    page = look(coordinator, "reassign", [joint, alone], **order)
    assert "จะเปลี่ยน ๑ งาน" in page
    assert "ไม่ใช่งานของหน่วยงานนี้" in page
    do(coordinator, "reassign", [joint, alone], **order)
    both = tasks_now(database, [joint, alone])
    assert [{unit.name for unit in task.units} for task in both] == [{"กองคลัง", "สำนักปลัด"}, {"กองคลัง"}]


def test_one_text_marks_many_done_and_what_was_touched_since_stays(
    coordinator: Visitor, database: Database, ids: Ids
) -> None:
    chosen = ids(1, "กองช่าง", "กองคลัง", "สำนักปลัด")
    order = {"text": "ดำเนินการแล้วทุกส่วน", "done_on": "28/3/2566"}
    with database.writing() as session:
        task = session.get_one(Task, chosen[2])
        progress.tick_off(session, task, result="ทำเอง", done_on=TODAY, today=TODAY, by=TEST, at=NOON)
    page = look(coordinator, "done", chosen, **order)
    assert "จะเปลี่ยน ๒ งาน" in page
    assert "คงเดิม ๑ งาน" in page
    ordered = do(coordinator, "done", chosen, **order)
    done = tasks_now(database, chosen)
    assert [task.state for task in done] == ["done"] * 3
    with database.writing() as session:
        again = session.get_one(Task, chosen[0])
        progress.send_back(session, again, note="แก้", by=TEST, at=NOON)
    answer = coordinator.post(f"{BULK}undo", {"ordered_at": ordered}, follow=True)
    assert "ย้อนกลับแล้ว ๑ งาน" in answer.text
    assert "มี ๑ งานถูกแก้หลังจากนั้น" in answer.text
    assert [task.state for task in tasks_now(database, chosen)] == ["returned", "pending", "done"]


def test_cancelled_tasks_are_reopened_as_they_were(coordinator: Visitor, database: Database, ids: Ids) -> None:
    chosen = ids(1, "กองช่าง", "กองคลัง")
    with database.writing() as session:
        task = session.get_one(Task, chosen[0])
        progress.note_progress(session, task, text="เริ่มแล้ว", noted_on=TODAY, by=TEST, at=NOON)
    do(coordinator, "cancel", chosen, text="งบประมาณถูกตัด")
    assert [task.state for task in tasks_now(database, chosen)] == ["cancelled"] * 2
    do(coordinator, "reopen", chosen)
    assert [task.state for task in tasks_now(database, chosen)] == ["in_progress", "pending"]


def test_submitted_tasks_are_accepted_together(coordinator: Visitor, database: Database, ours: World, ids: Ids) -> None:
    chosen = ids(1, "กองช่าง", "กองคลัง")
    with database.writing() as session:
        session.get_one(Agency, ours.agency_id).review = True
        for one in chosen:
            task = session.get_one(Task, one)
            progress.tick_off(session, task, result="ส่ง", done_on=TODAY, today=TODAY, by=TEST, at=NOON)
    queue = coordinator.get("/review/").text
    assert all(re.search(rf'name="task"\s+value="{one}"\s+form="many"', queue) for one in chosen)
    assert "จะเปลี่ยน ๒ งาน" in look(coordinator, "accept", chosen)
    assert do(coordinator, "accept", chosen) == ""
    assert [task.state for task in tasks_now(database, chosen)] == ["done"] * 2


@pytest.mark.parametrize(
    ("action", "order"),
    [
        ("move", {"to": "เมื่อไรก็ได้"}),
        ("move", {"look": "1"}),
        ("move", {"to": "1/4/2566", "days": "3"}),
        ("reassign", {"to_unit": "0"}),
        ("cancel", {"text": " "}),
        ("done", {"text": "ทำแล้ว", "done_on": "1/4/2566"}),
        ("done", {"text": "", "done_on": "1/3/2566"}),
        ("fly", {"x": "1"}),
    ],
)
def test_an_order_that_lacks_something_changes_nothing(
    coordinator: Visitor, database: Database, ids: Ids, action: str, order: dict[str, str]
) -> None:
    chosen = ids(1, "กองช่าง")
    query = urlencode([("action", action), ("task", str(chosen[0])), *order.items(), ("look", "1")])
    assert coordinator.get(f"{BULK}?{query}").status_code == 422
    assert coordinator.post(BULK, {"action": action, "task": str(chosen[0]), **order}).status_code == 422
    assert tasks_now(database, chosen)[0].state == "pending"


def test_filters_choose_all_and_survive(coordinator: Visitor, database: Database, ours: World) -> None:
    unit = ours.units["กองช่าง"]
    page = coordinator.get(f"{BULK}?action=move&every=1&unit={unit}&state=late&measure=3").text
    assert "เลื่อนวันครบกำหนด: ๕ งาน" in compact(page)
    assert f"/all-tasks/?unit={unit}&amp;state=late&amp;measure=3" in page
    sent = {"action": "cancel", "text": "ยกเลิก", "unit": str(unit), "state": "late", "measure": "3", "page": "2"}
    with database.reading() as session:
        one = task_of(session, ours, "กองช่าง", 3, date(2023, 2, 28)).id
    answer = coordinator.post(BULK, {**sent, "task": str(one)})
    assert answer.location.startswith(f"/all-tasks/?unit={unit}&state=late&measure=3&page=2&undo=")
    assert "ย้อนกลับได้" in coordinator.get(answer.location).text
    assert coordinator.get(f"{BULK}?action=move&state=done&every=1").status_code == 302  # none: back, with a sentence


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?since=1/4/2566&until=30+เม.ย.+66", "๑๐"),
        ("?until=๓๑+ต.ค.+๖๕", "๕"),
        ("?since=เร็วๆนี้", "๗๐"),  # what cannot be read does not narrow
        ("?measure=4&since=1/4/2566", "๑"),
    ],
)
def test_the_list_is_filtered_by_day(coordinator: Visitor, query: str, count: str) -> None:
    page = coordinator.get(f"/all-tasks/{query}").text
    assert f"<h1>{count} งาน" in compact(page)
    assert ("อ่านวันที่ไม่ได้" in page) == ("เร็วๆนี้" in query)


def test_another_agency_s_tasks_are_out_of_reach(
    coordinator: Visitor, database: Database, theirs: World, ids: Ids
) -> None:
    with database.reading() as session:
        foreign = task_of(session, theirs, "กองช่าง", 1, date(2023, 4, 2)).id
    own = ids(1, "กองคลัง")
    do(coordinator, "cancel", [foreign, *own], text="x")
    assert [task.state for task in tasks_now(database, [foreign, *own])] == ["pending", "cancelled"]
    foreign_unit = str(theirs.units["กองช่าง"])
    answer = coordinator.post(BULK, {"action": "reassign", "task": str(own[0]), "to_unit": foreign_unit})
    assert answer.status_code == 422


def test_an_undo_that_names_nothing_is_refused(coordinator: Visitor) -> None:
    coordinator.get("/all-tasks/")
    for typed in ("เมื่อกี้", "9999-12-31", "2023-03-29T05:00:00"):
        assert coordinator.post(f"{BULK}undo", {"ordered_at": typed}).status_code == 422
    answer = coordinator.post(f"{BULK}undo", {"ordered_at": NOON.isoformat()}, follow=True)
    assert "ย้อนกลับแล้ว ๐ งาน" in answer.text


def test_the_preview_asks_no_more_for_more_tasks(coordinator: Visitor, database: Database) -> None:
    with counted_queries(database) as few:
        coordinator.get(f"{BULK}?action=move&every=1&measure=4&to=1/4/2566&look=1")
    with counted_queries(database) as many:
        coordinator.get(f"{BULK}?action=move&every=1&to=1/4/2566&look=1")
    assert len(many) == len(few)


def test_each_change_is_an_event(coordinator: Visitor, database: Database, ids: Ids) -> None:
    chosen = ids(1, "กองช่าง", "กองคลัง")
    do(coordinator, "move", chosen, days="3")
    with database.reading() as session:
        events = session.scalars(select(Event).where(Event.kind == "due_moved")).all()
    assert [(event.task_id, event.actor) for event in events] == [(one, "ผู้ประสานงาน") for one in sorted(chosen)]
