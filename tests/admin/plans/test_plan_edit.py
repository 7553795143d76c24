"""The coordinator edits a measure: words, period, parties, order, due days; what was done stays."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import select

from tests.admin.conftest import NOON, Visitor, counted_queries
from tests.factories import TEST, World, task_of
from tracker.kinds import OPEN_STATES
from tracker.models import Event, Measure, Task
from tracker.services.tasks import progress
from tracker.store.db import Database

Get = Callable[[int], Measure]


@pytest.fixture
def measure(database: Database, ours: World) -> Get:
    def get(number: int) -> Measure:
        with database.reading() as session:
            found = session.scalars(
                select(Measure).where(Measure.plan_id == ours.plan_id, Measure.number == number)
            ).one()
            assert found.steps
            return found

    return get


def path(of: Measure, action: str = "") -> str:
    return f"/plan/measures/{of.id}/{action}"


def open_days(database: Database, of: Measure) -> list[date | None]:
    with database.reading() as session:
        ids = [step.id for step in of.steps]
        query = select(Task.due_on).where(Task.step_id.in_(ids), Task.state.in_(OPEN_STATES)).order_by(Task.due_on)
        return list(session.scalars(query))


def edits(database: Database) -> list[str]:
    with database.reading() as session:
        events = session.scalars(select(Event).where(Event.kind == "plan_edited").order_by(Event.id))
        return [event.details["what"] for event in events]


def test_words_are_changed_and_tasks_follow(coordinator: Visitor, database: Database, measure: Get) -> None:
    second = measure(2)
    assert f'href="{path(second)}"' in coordinator.get("/plan/").text
    coordinator.get(path(second))
    coordinator.post(path(second, "text"), {"text": "จัดซื้อ <i>โปร่งใส</i>", "details": "๑. ทุกวงเงิน"})
    coordinator.post(path(second, "text"), {"step": second.steps[0].id, "text": "เผยแพร่แผนทุกไตรมาส"})
    coordinator.post(path(second, "text"), {"step": second.steps[0].id, "text": "เผยแพร่แผนทุกไตรมาส"})
    page = coordinator.get(path(second)).text
    assert "จัดซื้อ &lt;i&gt;โปร่งใส&lt;/i&gt;" in page
    assert "1. ทุกวงเงิน</textarea>" in page
    assert edits(database) == ["text", "text"]
    with database.reading() as session:
        titles = session.scalars(select(Task.title).where(Task.step_id == second.steps[0].id)).all()
        assert set(titles) == {"เผยแพร่แผนทุกไตรมาส"}
    assert coordinator.post(path(second, "text"), {"text": "  "}).status_code == 422


def test_a_period_is_shown_as_read_before_it_is_saved(coordinator: Visitor, database: Database, measure: Get) -> None:
    second = measure(2)
    before = open_days(database, second)
    page = coordinator.get(path(second) + "?row=measure&period=ตุลาคม+๒๕๖๕+-+กุมภาพันธ์+๒๕๖๖").text
    assert "ถึง ๒๘ ก.พ. ๖๖" in page
    assert open_days(database, second) == before
    doubtful = coordinator.get(path(second) + "?row=measure&period=ภายใน+๑๕+วัน").text
    assert "ไม่บอกวันเดือนปีที่แน่นอน" in doubtful
    coordinator.post(path(second, "period"), {"period": "ตุลาคม ๒๕๖๕ - กุมภาพันธ์ ๒๕๖๖"})
    assert open_days(database, second) == [date(2023, 2, 28)]
    step = second.steps[0].id
    coordinator.post(path(second, "period"), {"step": step, "period": "ภายใน ๓๐ มิถุนายน ๒๕๖๖"})
    assert open_days(database, second) == [date(2023, 6, 30)]
    coordinator.post(path(second, "period"), {"step": step})
    assert open_days(database, second) == [date(2023, 2, 28)]
    assert coordinator.post(path(second, "period"), {"period": ""}).status_code == 422
    assert edits(database) == ["period"] * 3


def test_a_step_goes_to_other_units_and_what_was_done_stays(
    coordinator: Visitor, database: Database, ours: World, measure: Get
) -> None:
    second = measure(2)
    with database.writing() as session:
        done = task_of(session, ours, "กองคลัง", 2, date(2022, 12, 31))
        progress.tick_off(
            session, done, result="ทำแล้ว", done_on=date(2022, 12, 30), today=date(2023, 3, 29), by=TEST, at=NOON
        )
        done_id = done.id
    coordinator.get(path(second))
    units = [ours.units["กองช่าง"], ours.units["กองการศึกษา"]]
    coordinator.post(path(second, "parties"), {"unit": units, "mode": "each"})
    assert len(open_days(database, second)) == 8
    assert "กองช่าง/กองการศึกษา" in coordinator.get(path(second)).text
    coordinator.post(path(second, "parties"), {"unit": units, "mode": "jointly"})
    assert len(open_days(database, second)) == 4
    coordinator.post(path(second, "parties"), {"unit": units, "mode": "jointly"})
    assert edits(database) == ["parties", "parties"]
    with database.reading() as session:
        kept = session.get_one(Task, done_id)
        assert (kept.state, kept.completion is not None) == ("done", True)
    assert coordinator.post(path(second, "parties"), {"mode": "each"}).status_code == 422


def test_the_order_changes_and_numbers_stay_in_their_places(
    coordinator: Visitor, database: Database, ours: World, measure: Get
) -> None:
    second, third = measure(2), measure(3)
    coordinator.get(path(second))
    coordinator.post(path(second, "order"), {"to": "down"})
    with database.reading() as session:
        order = session.scalars(
            select(Measure.id).where(Measure.plan_id == ours.plan_id).order_by(Measure.position)
        ).all()
        assert order[1:3] == [third.id, second.id]
        assert [session.get_one(Measure, one).number for one in order] == [1, 2, 3, 4]
    coordinator.post(path(measure(1), "order"), {"to": "up"})
    assert edits(database) == ["order"]


def test_a_checkpoint_moves_for_all_units(coordinator: Visitor, database: Database, measure: Get) -> None:
    third = measure(3)
    coordinator.get(path(third))
    sent = {"step": third.steps[0].id, "from": "2023-04-30", "to": "๑๕ พ.ค. ๖๖"}
    assert "เลื่อนกำหนดแล้ว ๕ งาน" in coordinator.post(path(third, "due"), sent, follow=True).text
    days = open_days(database, third)
    assert days.count(date(2023, 5, 15)) == 5
    assert date(2023, 4, 30) not in days
    with database.reading() as session:
        moved = session.scalars(select(Task).where(Task.due_on == date(2023, 5, 15))).all()
        assert {task.scheduled_on for task in moved} == {date(2023, 4, 30)}
    assert coordinator.post(path(third, "due"), {**sent, "to": "เมื่อไรก็ได้"}).status_code == 422


def test_a_closed_year_is_not_edited(coordinator: Visitor, ours: World, measure: Get) -> None:
    second = measure(2)
    with time_machine.travel(datetime(2023, 10, 3, 5, tzinfo=UTC), tick=False):
        coordinator.sign_in(ours.email("coordinator"))
        coordinator.post("/reports/2566/12/close/", {"sure": "y"})
        assert coordinator.post(path(second, "text"), {"text": "ใหม่"}).status_code == 409


def test_nobody_else_edits(
    head: Visitor, coordinator: Visitor, database: Database, theirs: World, measure: Get
) -> None:
    second = measure(2)
    assert head.get(path(second)).status_code == 403
    with database.reading() as session:
        foreign = session.scalars(select(Measure).where(Measure.plan_id == theirs.plan_id)).first()
        assert foreign
    assert coordinator.get(path(foreign)).status_code == 404
    coordinator.get(path(second))
    for action in ("text", "period", "parties", "order", "due"):
        assert head.post(path(second, action), {"text": "x"}).status_code == 403
        assert coordinator.post(path(foreign, action), {"text": "x", "period": "x", "to": "up"}).status_code == 404
        assert coordinator.client.post(path(second, action), data={"text": "x"}).status_code == 400
    coordinator.get(path(second))
    strange = {"unit": [theirs.units["กองช่าง"]], "mode": "each"}
    assert coordinator.post(path(second, "parties"), strange).status_code == 422
    assert coordinator.post(path(second, "text"), {"step": 9999, "text": "x"}).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_tasks(
    coordinator: Visitor, database: Database, measure: Get
) -> None:
    few, many = path(measure(2)), path(measure(3))
    coordinator.get(few)
    with counted_queries(database) as small:
        coordinator.get(few)
    with counted_queries(database) as large:
        coordinator.get(many)
    assert len(small) == len(large) < 15
