"""Measures and steps come into the plan and leave it by hand; what was recorded is kept and comes back with its row."""

from datetime import date

import pytest
from sqlalchemy import func, select

from tests.admin.conftest import NOON, TODAY, Visitor
from tests.factories import TEST, World, task_of
from tracker.models import Event, Measure, Plan, Round, Step, Task
from tracker.services.tasks import progress
from tracker.store.db import Database

NEW = {"title": "อบรมจริยธรรม", "steps": "จัดอบรม\n\nสรุปผล", "period": "รายไตรมาส", "mode": "each", "year": "2566"}


def measure_of(database: Database, ours: World, number: int) -> tuple[int, list[int]]:
    with database.reading() as session:
        query = select(Measure).where(Measure.plan_id == ours.plan_id, Measure.number == number)
        found = session.scalars(query).one()
        return found.id, [step.id for step in found.steps if not step.retired]


def states(database: Database, step_id: int) -> dict[str, int]:
    with database.reading() as session:
        rows = session.execute(select(Task.state, func.count()).where(Task.step_id == step_id).group_by(Task.state))
        return {row[0]: row[1] for row in rows}


def test_a_measure_is_added_with_its_tasks(coordinator: Visitor, database: Database, ours: World) -> None:
    assert 'href="/plan/new-measure/?year=2566"' in coordinator.get("/plan/").text
    coordinator.get("/plan/new-measure/")
    units = [ours.units["กองคลัง"], ours.units["กองช่าง"]]
    answer = coordinator.post("/plan/new-measure/", {**NEW, "unit": units}, follow=True)
    assert "เพิ่มมาตรการและสร้างงานแล้ว" in answer.text
    _, steps = measure_of(database, ours, 5)
    assert [states(database, step) for step in steps] == [{"pending": 8}, {"pending": 8}]
    with database.reading() as session:
        kinds = session.scalars(select(Event.details).where(Event.kind == "plan_edited")).all()
    assert [details["what"] for details in kinds] == ["added"]


@pytest.mark.parametrize("lacking", ["title", "period", "unit"])
def test_a_measure_that_lacks_something_keeps_what_was_typed(
    coordinator: Visitor, database: Database, ours: World, lacking: str
) -> None:
    coordinator.get("/plan/new-measure/")
    sent = {**NEW, "unit": str(ours.units["กองคลัง"]), lacking: ""}
    answer = coordinator.post("/plan/new-measure/", sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "สรุปผล</textarea>" in answer.text
    with database.reading() as session:
        assert session.scalar(select(func.count(Measure.id)).where(Measure.plan_id == ours.plan_id)) == 4


def test_a_step_is_added_and_taken_out_again(coordinator: Visitor, database: Database, ours: World) -> None:
    measure, steps = measure_of(database, ours, 2)
    path = f"/plan/measures/{measure}/"
    assert f'value="out {steps[0]}"' not in coordinator.get(path).text
    coordinator.post(path, {"new-step": "รายงานผล"})
    _, both = measure_of(database, ours, 2)
    assert states(database, both[1]) == {"pending": 4}
    coordinator.post(path, {"do": f"out {both[1]}"})
    assert measure_of(database, ours, 2) == (measure, steps)
    assert states(database, both[1]) == {}
    refused = coordinator.post(path, {"do": f"out {steps[0]}"}, follow=True)
    assert "มาตรการต้องมีอย่างน้อยหนึ่งขั้นตอน" in refused.text
    assert measure_of(database, ours, 2) == (measure, steps)


def test_what_was_done_is_kept_aside_and_comes_back(coordinator: Visitor, database: Database, ours: World) -> None:
    measure, (step,) = measure_of(database, ours, 2)
    with database.writing() as session:
        task = task_of(session, ours, "กองคลัง", 2, date(2022, 12, 31))
        progress.tick_off(session, task, result="เผยแพร่แล้ว", done_on=TODAY, today=TODAY, by=TEST, at=NOON)
    coordinator.get(f"/plan/measures/{measure}/")
    answer = coordinator.post(f"/plan/measures/{measure}/", {"do": "out"}, follow=True)
    assert "ที่นำออกจากแผน" in answer.text
    assert states(database, step) == {"done": 1}
    assert coordinator.get(f"/plan/measures/{measure}/").status_code == 404
    coordinator.post("/plan/new-measure/put-back", {"measure": measure})
    assert states(database, step) == {"done": 1, "pending": 3}
    assert "ที่นำออกจากแผน" not in coordinator.get("/plan/").text


def test_a_step_with_work_comes_back_too(coordinator: Visitor, database: Database, ours: World) -> None:
    measure, (step,) = measure_of(database, ours, 2)
    coordinator.get(f"/plan/measures/{measure}/")
    coordinator.post(f"/plan/measures/{measure}/", {"new-step": "รายงานผล"})
    with database.writing() as session:
        task = task_of(session, ours, "กองคลัง", 2, date(2022, 12, 31))
        progress.note_progress(session, task, text="กำลังทำ", noted_on=TODAY, by=TEST, at=NOON)
    coordinator.post(f"/plan/measures/{measure}/", {"do": f"out {step}"})
    assert states(database, step) == {"cancelled": 1}
    coordinator.post("/plan/new-measure/put-back", {"step": step})
    assert states(database, step) == {"in_progress": 1, "pending": 3}


def test_foreign_rows_and_closed_years_are_refused(
    coordinator: Visitor, database: Database, ours: World, theirs: World
) -> None:
    with database.writing() as session:
        foreign = session.scalars(select(Step).join(Measure).where(Measure.plan_id == theirs.plan_id)).first()
        assert foreign is not None
        foreign.retired = True
        foreign_id = foreign.id
        session.add(Round(agency_id=ours.agency_id, plan_id=ours.plan_id, number=12, state="closed"))
    coordinator.get("/plan/new-measure/")
    assert coordinator.post("/plan/new-measure/put-back", {"step": foreign_id}).status_code == 404
    assert coordinator.post("/plan/new-measure/", {**NEW, "unit": str(ours.units["กองคลัง"])}).status_code == 409
    measure, _ = measure_of(database, ours, 1)
    refused = coordinator.post(f"/plan/measures/{measure}/", {"do": "out"}, follow=True)
    assert "กรุณาเปิดรอบอีกครั้งก่อนแก้แผน" in refused.text
    with database.reading() as session:
        assert session.scalar(select(func.count(Plan.id))) == 2
