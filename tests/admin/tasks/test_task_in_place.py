"""The coordinator changes a task's unit and day on its own page, whose way back says where it leads."""

from datetime import date

import pytest

from tests.admin.conftest import Visitor, compact
from tests.factories import World, task_of
from tracker.models import Task
from tracker.store.db import Database


def stand(database: Database, task_id: int) -> tuple[date | None, set[str]]:
    with database.reading() as session:
        task = session.get_one(Task, task_id)
        return task.due_on, {unit.name for unit in task.units}


@pytest.fixture
def task_id(database: Database, ours: World) -> int:
    with database.reading() as session:
        return task_of(session, ours, "กองช่าง", 1, date(2023, 4, 2)).id


def test_unit_and_day_are_changed_in_one_form(
    coordinator: Visitor, head: Visitor, database: Database, ours: World, task_id: int
) -> None:
    page = coordinator.get(f"/tasks/{task_id}").text
    assert page.index("เปลี่ยนหน่วยงานหรือวันครบกำหนด") < page.index('id="result"')
    sent = {"due_on": "๓๐ เม.ย. ๖๖", "unit": str(ours.units["กองคลัง"])}
    coordinator.post(f"/review/{task_id}/move", sent)
    assert stand(database, task_id) == (date(2023, 4, 30), {"กองคลัง"})
    assert "เปลี่ยนหน่วยงานหรือวันครบกำหนด" not in head.get(f"/tasks/{task_id}").text


def test_a_joint_task_keeps_the_units_that_are_ticked_and_needs_one(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    with database.reading() as session:
        joint = task_of(session, ours, "กองช่าง", 4, date(2023, 9, 30)).id
    coordinator.get(f"/tasks/{joint}")
    units = ["", str(ours.units["กองคลัง"]), str(ours.units["สำนักปลัด"])]
    coordinator.post(f"/review/{joint}/move", {"due_on": "30/9/2566", "unit": units})
    assert stand(database, joint) == (date(2023, 9, 30), {"กองคลัง", "สำนักปลัด"})
    assert coordinator.post(f"/review/{joint}/move", {"due_on": "1/9/2566", "unit": [""]}).status_code == 422
    assert stand(database, joint) == (date(2023, 9, 30), {"กองคลัง", "สำนักปลัด"})


def test_another_agency_s_unit_is_refused(
    coordinator: Visitor, database: Database, theirs: World, task_id: int
) -> None:
    coordinator.get(f"/tasks/{task_id}")
    sent = {"due_on": "๓๐ เม.ย. ๖๖", "unit": str(theirs.units["กองคลัง"])}
    assert coordinator.post(f"/review/{task_id}/move", sent).status_code == 422
    assert stand(database, task_id) == (date(2023, 4, 2), {"กองช่าง"})


@pytest.mark.parametrize(
    ("came_from", "address", "name"),
    [
        ("", "/all-tasks/", "งานทั้งหมด"),
        ("http://localhost/all-tasks/?state=late&amp;sort=-due", "/all-tasks/?state=late&amp;sort=-due", "งานทั้งหมด"),
        ("http://localhost/review/", "/review/", "ตรวจงาน"),
        ("http://localhost/search/?q=คู่มือ", "/search/?q=", "ค้นหา"),
        ("http://evil.example/all-tasks/", "/all-tasks/", "งานทั้งหมด"),
        ("http://localhost/executive/", "/all-tasks/", "งานทั้งหมด"),
    ],
)
def test_the_way_back_is_called_by_where_it_leads(
    coordinator: Visitor, task_id: int, came_from: str, address: str, name: str
) -> None:
    came = {"Referer": came_from.replace("&amp;", "&")} if came_from else {}
    page = compact(coordinator.client.get(f"/tasks/{task_id}", headers=came).text)
    back = page.partition('class="brand back"')[2].partition("</a>")[0]
    assert f'href="{address}' in back
    assert back.endswith(f"‹&nbsp;</span>{name}")


def test_a_head_goes_back_to_the_own_tasks(head: Visitor, database: Database, ours: World) -> None:
    with database.reading() as session:
        own = task_of(session, ours, "กองคลัง", 1, date(2023, 4, 2)).id
    came = {"Referer": "http://localhost/all-tasks/"}  # which a head may not open
    page = compact(head.client.get(f"/tasks/{own}", headers=came).text)
    assert '<a class="brand back" href="/tasks/"><span aria-hidden="true">‹&nbsp;</span>งานของฉัน</a>' in page
