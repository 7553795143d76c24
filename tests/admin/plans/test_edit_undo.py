"""What one press changed in the plan is taken back by the next one, unless somebody has touched it since."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests.admin.conftest import NOON, TODAY, Visitor
from tests.admin.plans.test_plan_edit import Get, after, measure, open_days, path, save
from tests.factories import TEST, World, task_of
from tracker.models import Event, Measure, Plan, Task
from tracker.services.reports.record_check import record_problems
from tracker.services.tasks import progress
from tracker.store.db import Database

__all__ = ["measure"]

Standing = dict[int, tuple[object, ...]]


def standing(database: Database, world: World) -> Standing:
    """All that the plan says, by measure, and its open tasks."""
    with database.reading() as session:
        plan = session.get_one(Plan, world.plan_id)
        found: Standing = {}
        for row in plan.measures:
            if row.retired:
                continue
            steps = [(one.number, one.text, one.responsible_text, one.parties) for one in row.steps if not one.retired]
            tasks = session.execute(
                select(Task.title, Task.party_key, Task.due_on, Task.state)
                .where(Task.step_id.in_([one.id for one in row.steps]))
                .order_by(Task.title, Task.party_key, Task.due_on)
            ).all()
            cells = (row.title, str(row.details), row.period.text, row.responsible_text, str(row.parties), row.mode)
            found[row.number] = (*cells, steps, [tuple(one) for one in tasks])
        return found


def take_back(visitor: Visitor, page: str, *, minutes: int = 1) -> str:
    """Presses the button of the notice, some minutes later; the page to which that leads."""
    form = re.search(r'<form method="post" action="/plan/undo-edits/">(.*?)</form>', page, re.DOTALL)
    assert form
    sent: dict[str, object] = dict(re.findall(r'name="(edited_at|measure)" value="([^"]*)"', form[1]))
    with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
        return after(visitor, visitor.post("/plan/undo-edits/", sent))


def test_every_cell_day_and_row_of_one_press_goes_back(
    coordinator: Visitor, database: Database, ours: World, measure: Get
) -> None:
    before, second = standing(database, ours), measure(2)
    step = f"step-{second.steps[0].id}"
    due = open_days(database, second)[0]
    assert due is not None
    changed: dict[str, object] = {
        "title": "จัดซื้อโปร่งใส",
        "details": "๑. ทุกวงเงิน",
        "parties-unit": [ours.units["กองช่าง"], ours.units["กองการศึกษา"]],
        f"{step}-text": "เผยแพร่แผนทุกไตรมาส",
        f"{step}-period": "ภายในเดือนกุมภาพันธ์ ๒๕๖๖",
        "new-step": "สรุปผล",
    }
    page = after(coordinator, save(coordinator, second, changed))
    assert standing(database, ours) != before
    page = take_back(coordinator, page)
    assert "เลิกทำแล้ว ๕ รายการ" in page
    assert standing(database, ours) == before
    with database.reading() as session:
        assert record_problems(session, ours.agency_id, None) == []


def test_a_moved_day_goes_back(coordinator: Visitor, database: Database, ours: World, measure: Get) -> None:
    before, second = standing(database, ours), measure(2)
    due = open_days(database, second)[0]
    assert due is not None
    page = after(coordinator, save(coordinator, second, {f"due-{second.steps[0].id}-{due}": "15 มีนาคม 2566"}))
    assert standing(database, ours) != before
    take_back(coordinator, page)
    assert standing(database, ours) == before


@pytest.mark.parametrize("do", ["out", "down"])
def test_a_row_comes_back_to_its_place(
    coordinator: Visitor, database: Database, ours: World, measure: Get, do: str
) -> None:
    before = standing(database, ours)
    page = after(coordinator, save(coordinator, measure(2), {}, do=do))
    assert standing(database, ours) != before
    take_back(coordinator, page)
    assert standing(database, ours) == before


def test_a_new_measure_goes_again(coordinator: Visitor, database: Database, ours: World) -> None:
    before = standing(database, ours)
    coordinator.get("/plan/new-measure/")
    new = {"title": "อบรมจริยธรรม", "steps": "จัดอบรม", "period": "รายไตรมาส", "mode": "each", "year": "2566"}
    page = coordinator.post("/plan/new-measure/", {**new, "unit": str(ours.units["กองคลัง"])}, follow=True).text
    assert len(standing(database, ours)) == len(before) + 1
    page = take_back(coordinator, page)
    assert standing(database, ours) == before
    assert "อบรมจริยธรรม" not in page


def test_what_was_touched_since_stays(coordinator: Visitor, measure: Get) -> None:
    second = measure(2)
    page = after(coordinator, save(coordinator, second, {"title": "ชื่อใหม่", "period": "มีนาคม ๒๕๖๖"}))
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        save(coordinator, second, {"title": "ชื่อใหม่กว่า"})
    page = take_back(coordinator, page, minutes=2)
    assert "เลิกทำแล้ว ๑ รายการ" in page
    assert "อีก ๑ รายการถูกแก้หลังจากนั้น" in page
    assert (measure(2).title, measure(2).period.text) == ("ชื่อใหม่กว่า", second.period.text)


def test_a_new_step_with_work_stays(coordinator: Visitor, database: Database, measure: Get) -> None:
    second = measure(2)
    page = after(coordinator, save(coordinator, second, {"new-step": "สรุปผล"}))
    with database.writing() as session:
        task = session.scalars(select(Task).where(Task.step_id == measure(2).steps[1].id)).first()
        assert task is not None
        progress.note_progress(session, task, text="กำลังทำ", noted_on=TODAY, by=TEST, at=NOON)
    take_back(coordinator, page)
    assert [step.text for step in measure(2).steps if not step.retired][1] == "สรุปผล"


def test_pressed_twice_it_changes_nothing_more(
    coordinator: Visitor, database: Database, ours: World, measure: Get
) -> None:
    before = standing(database, ours)
    page = after(coordinator, save(coordinator, measure(2), {"title": "ชื่อใหม่"}, do="down"))
    take_back(coordinator, page)
    take_back(coordinator, page, minutes=2)
    assert standing(database, ours) == before


def test_work_that_was_recorded_comes_back_with_its_row(
    coordinator: Visitor, database: Database, ours: World, measure: Get
) -> None:
    with database.writing() as session:
        task = task_of(session, ours, "กองคลัง", 2, date(2022, 12, 31))
        progress.tick_off(session, task, result="เผยแพร่แล้ว", done_on=TODAY, today=TODAY, by=TEST, at=NOON)
    before = standing(database, ours)
    page = after(coordinator, save(coordinator, measure(2), {}, do="out"))
    take_back(coordinator, page)
    assert standing(database, ours) == before


def test_a_colleague_s_edit_is_not_one_s_own_to_undo(
    coordinator: Visitor, colleague: Visitor, database: Database, measure: Get
) -> None:
    after(coordinator, save(coordinator, measure(2), {"title": "ชื่อใหม่"}))
    colleague.get(path(measure(2)))
    sent: dict[str, object] = {"edited_at": NOON.isoformat()}
    assert "ไม่มีอะไรที่เลิกทำได้" in after(colleague, colleague.post("/plan/undo-edits/", sent))
    assert measure(2).title == "ชื่อใหม่"
    for typed in ("เมื่อวาน", "9999-12-31", "2023-03-29T05:00:00"):
        assert colleague.post("/plan/undo-edits/", {"edited_at": typed}).status_code == 422
    with database.reading() as session:
        assert len(session.scalars(select(Event).where(Event.kind == "plan_edited")).all()) == 1
        assert session.scalars(select(Measure).where(Measure.title == "ชื่อใหม่")).one()
