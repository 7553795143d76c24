"""The agency's calendar: what moves is shown first, nothing changes before it is confirmed."""

from datetime import date

import pytest
from sqlalchemy import func, select

from tests.admin.conftest import Visitor
from tests.factories import World
from tracker.models import DayOff, Event, Task
from tracker.store.db import Database

FRIDAY = {"on": "31 มี.ค. 2566", "state": "off", "name": "ทำความสะอาดสำนักงาน"}


def days(database: Database) -> list[tuple[date, bool]]:
    with database.reading() as session:
        return [(on, off) for on, off in session.execute(select(DayOff.on, DayOff.off).order_by(DayOff.on))]


def due_at_once(database: Database, world: World) -> int:
    with database.reading() as session:
        again = select(func.count()).where(Task.agency_id == world.agency_id, Task.next_stage_on == date.min)
        return session.scalar(again) or 0


def test_what_moves_is_shown_and_nothing_changes_before_it_is_confirmed(
    coordinator: Visitor, database: Database, ours: World, theirs: World
) -> None:
    with database.writing() as session:
        for task in session.scalars(select(Task)):
            task.next_stage_on = date(2023, 6, 1)
    assert "วันหยุด" in coordinator.get("/calendar/").text
    page = coordinator.post("/calendar/", FRIDAY).text
    assert "๓๑ มี.ค. ๖๖ → <b>๓๐ มี.ค. ๖๖</b>" in page
    assert "ชี้แจงแผนการใช้จ่าย ครั้งที่ 1" in page
    assert days(database) == []
    assert due_at_once(database, ours) == 0
    answer = coordinator.post("/calendar/", {**FRIDAY, "on": "2023-03-31", "confirmed": "1"}, follow=True)
    assert "บันทึกแล้ว" in answer.text
    assert days(database) == [(date(2023, 3, 31), True)]
    assert due_at_once(database, ours) > 0
    assert due_at_once(database, theirs) == 0
    with database.reading() as session:
        event = session.scalars(select(Event).where(Event.kind == "calendar_changed")).one()
        assert (event.details["on"], event.actor) == ("2023-03-31", "ผู้ประสานงาน")


def test_a_day_is_changed_again_and_removed(coordinator: Visitor, database: Database) -> None:
    coordinator.get("/calendar/")
    for state, expected in (("off", [True]), ("on", [False]), ("usual", []), ("usual", [])):
        coordinator.post("/calendar/", {**FRIDAY, "state": state, "confirmed": "1"})
        assert [off for _, off in days(database)] == expected


def test_a_saturday_off_moves_nothing(coordinator: Visitor) -> None:
    coordinator.get("/calendar/")
    assert "ไม่มีการแจ้งเตือนใดเลื่อน" in coordinator.post("/calendar/", {**FRIDAY, "on": "19/8/2566"}).text


@pytest.mark.parametrize(
    "wrong", [{"on": ""}, {"on": "31 มิ.ย. 66"}, {"state": "maybe"}, {"name": "x" * 301}, {"on": "1/1/2700"}]
)
def test_nonsense_is_refused(coordinator: Visitor, database: Database, wrong: dict[str, object]) -> None:
    coordinator.get("/calendar/")
    assert coordinator.post("/calendar/", {**FRIDAY, "confirmed": "1", **wrong}).status_code == 422
    assert days(database) == []


def test_only_the_coordinator(head: Visitor, coordinator: Visitor, database: Database) -> None:
    head.get("/tasks/")
    assert head.get("/calendar/").status_code == 403
    assert head.post("/calendar/", {**FRIDAY, "confirmed": "1"}).status_code == 403
    assert coordinator.client.post("/calendar/", data={**FRIDAY, "confirmed": "1"}).status_code == 400
    assert days(database) == []
