"""The coordinator edits a measure: words, period, parties, order, due days; what was done stays."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.admin.conftest import NOON, Visitor, counted_queries
from tests.admin.forms import fields_of
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


def save(
    visitor: Visitor, of: Measure, changed: dict[str, object], do: str = "save", page: str | None = None
) -> TestResponse:
    """Sends the editor's one form, filled in; ``page`` is an older one that is still open."""
    sent = fields_of(page or visitor.get(path(of)).text, "measure")
    return visitor.post(path(of), {**sent, **changed, "do": do})


def after(visitor: Visitor, answer: TestResponse) -> str:
    assert answer.status_code == 303
    return visitor.get(answer.location).text


def test_one_save_takes_words_periods_units_days_and_a_new_step(
    coordinator: Visitor, database: Database, ours: World, measure: Get
) -> None:
    second = measure(2)
    assert f'href="{path(second)}"' in coordinator.get("/plan/").text
    step = f"step-{second.steps[0].id}"
    changed: dict[str, object] = {
        "title": "จัดซื้อ <i>โปร่งใส</i>",
        "details": "๑. ทุกวงเงิน",
        "period": "ตุลาคม ๒๕๖๕ - กุมภาพันธ์ ๒๕๖๖",
        "parties-unit": [ours.units["กองช่าง"], ours.units["กองการศึกษา"]],
        "parties-mode": "each",
        f"{step}-text": "เผยแพร่แผนทุกไตรมาส",
        "new-step": "สรุปผล",
    }
    page = after(coordinator, save(coordinator, second, changed))
    assert "จัดซื้อ &lt;i&gt;โปร่งใส&lt;/i&gt;" in page
    assert "1. ทุกวงเงิน</textarea>" in page
    assert "กองช่าง/กองการศึกษา" in coordinator.get("/plan/").text
    assert open_days(database, second) == [date(2023, 2, 28)] * 2
    assert edits(database) == ["text", "period", "parties", "text", "added"]
    with database.reading() as session:
        titles = session.scalars(select(Task.title).where(Task.step_id == second.steps[0].id, Task.state == "pending"))
        assert set(titles) == {"เผยแพร่แผนทุกไตรมาส"}
    assert "ไม่มีอะไรเปลี่ยน" in after(coordinator, save(coordinator, second, {}))
    assert len(edits(database)) == 5


def test_an_error_saves_nothing_and_every_typed_word_stands_below_it(
    coordinator: Visitor, database: Database, ours: World, measure: Get
) -> None:
    second = measure(2)
    step = f"step-{second.steps[0].id}"
    changed: dict[str, object] = {
        "title": "  ",
        "period": "ตุลาคม ๒๕๖๕",
        f"{step}-text": "ถ้อยคำใหม่",
        "new-step": "อีกขั้น",
        "parties-unit": [],
    }
    answer = save(coordinator, second, changed)
    for _ in range(2):  # a page that can be loaded again
        page = after(coordinator, answer)
        assert "กรุณาพิมพ์ข้อความ" in page
        assert "กรุณาเลือกหน่วยงานอย่างน้อยหนึ่งหน่วย" in page
        sent = fields_of(page, "measure")
        assert (sent["period"], str(sent[f"{step}-text"]).strip()) == ("ตุลาคม ๒๕๖๕", "ถ้อยคำใหม่")
        assert str(sent["new-step"]).strip() == "อีกขั้น"
    assert edits(database) == []
    coordinator.post(path(second), {**sent, "title": "ชื่อใหม่", "parties-unit": ours.units["กองช่าง"], "do": "save"})
    assert edits(database) == ["text", "period", "parties", "text", "added"]


def test_a_second_person_s_save_is_told_and_both_texts_are_put_together(
    coordinator: Visitor, app: Flask, ours: World, database: Database, measure: Get
) -> None:
    second = measure(2)
    other = Visitor(app.test_client())
    other.sign_in(ours.email("coordinator"))
    step = f"step-{second.steps[0].id}"
    stale = other.get(path(second)).text
    save(coordinator, second, {"details": "๑. ของคนแรก", f"{step}-text": "ขั้นของคนแรก"})
    changed: dict[str, object] = {
        "details": "๑. ของคนที่สอง",
        f"{step}-text": "ขั้นของคนที่สอง",
        "period": "ตุลาคม ๒๕๖๕",
    }
    answer = save(other, second, changed, page=stale)
    page = after(other, answer)
    assert "มีผู้อื่นบันทึก ๒ ช่องระหว่างนั้น" in page
    assert page.count("ผู้ประสานงาน บันทึกข้อความนี้เมื่อ ๒๙ มี.ค. ๖๖") == 2
    assert edits(database) == ["text", "text", "period"]  # what nobody disputes is saved
    assert "ขั้นของคนที่สอง</textarea>" in page
    sent = fields_of(page, "measure")
    again = other.post(path(second), {**sent, "do": "save"})  # without an answer the other's text stays
    assert "ขั้นของคนแรก" in after(other, again)
    chosen = {**sent, "choice-details": "append", f"choice-{step}-text": "replace", "do": "save"}
    page = after(other, other.post(path(second), chosen))
    shown = fields_of(page, "measure")
    lines = str(shown["details"]).strip().splitlines()
    assert [line.removeprefix(f"{n}. ") for n, line in enumerate(lines, 1)] == ["ของคนแรก", "ของคนที่สอง"]
    assert str(shown[f"{step}-text"]).strip() == "ขั้นของคนที่สอง"


def test_what_somebody_else_changed_stays_where_nothing_was_typed(
    coordinator: Visitor, database: Database, measure: Get
) -> None:
    second = measure(2)
    stale = coordinator.get(path(second)).text
    save(coordinator, second, {"title": "ของคนแรก"})
    save(coordinator, second, {"period": "ตุลาคม ๒๕๖๕"}, page=stale)
    assert edits(database) == ["text", "period"]
    assert "ของคนแรก</textarea>" in coordinator.get(path(second)).text


def test_a_period_is_shown_as_read_before_it_is_saved(coordinator: Visitor, database: Database, measure: Get) -> None:
    second = measure(2)
    before = open_days(database, second)
    page = after(coordinator, save(coordinator, second, {"period": "ตุลาคม ๒๕๖๕ - กุมภาพันธ์ ๒๕๖๖"}, "read"))
    assert "ถึง ๒๘ ก.พ. ๖๖" in page
    assert open_days(database, second) == before
    doubtful = after(coordinator, save(coordinator, second, {"period": "ภายใน ๑๕ วัน"}, "read"))
    assert "ไม่บอกวันเดือนปีที่แน่นอน" in doubtful
    step = f"step-{second.steps[0].id}"
    save(coordinator, second, {f"{step}-period": "ภายใน ๓๐ มิถุนายน ๒๕๖๖"})
    assert open_days(database, second) == [date(2023, 6, 30)]
    save(coordinator, second, {f"{step}-period": ""})
    assert open_days(database, second) == before
    assert "กรุณาพิมพ์ระยะเวลาดำเนินการ" in after(coordinator, save(coordinator, second, {"period": ""}))
    assert edits(database) == ["period"] * 2


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
    units = [ours.units["กองช่าง"], ours.units["กองการศึกษา"]]
    save(coordinator, second, {"parties-unit": units, "parties-mode": "each"})
    assert len(open_days(database, second)) == 8
    save(coordinator, second, {"parties-mode": "jointly"})
    assert len(open_days(database, second)) == 4
    with database.reading() as session:
        kept = session.get_one(Task, done_id)
        assert (kept.state, kept.completion is not None) == ("done", True)


def test_the_order_changes_with_what_was_typed_and_numbers_stay_in_their_places(
    coordinator: Visitor, database: Database, ours: World, measure: Get
) -> None:
    second, third = measure(2), measure(3)
    save(coordinator, second, {"title": "พิมพ์ไว้ก่อนเลื่อน"}, "down")
    with database.reading() as session:
        order = session.scalars(
            select(Measure.id).where(Measure.plan_id == ours.plan_id).order_by(Measure.position)
        ).all()
        assert order[1:3] == [third.id, second.id]
        assert [session.get_one(Measure, one).number for one in order] == [1, 2, 3, 4]
        assert session.get_one(Measure, second.id).title == "พิมพ์ไว้ก่อนเลื่อน"
    save(coordinator, measure(1), {}, "up")
    assert edits(database) == ["text", "order"]


def test_a_checkpoint_moves_for_all_units(coordinator: Visitor, database: Database, measure: Get) -> None:
    third = measure(3)
    stale = coordinator.get(path(third)).text
    name = f"due-{third.steps[0].id}-2023-04-30"
    assert "บันทึกแล้ว ๑ ช่อง" in after(coordinator, save(coordinator, third, {name: "๑๕ พ.ค. ๖๖"}))
    days = open_days(database, third)
    assert days.count(date(2023, 5, 15)) == 5
    assert date(2023, 4, 30) not in days
    with database.reading() as session:
        moved = session.scalars(select(Task).where(Task.due_on == date(2023, 5, 15))).all()
        assert {task.scheduled_on for task in moved} == {date(2023, 4, 30)}
    wrong = after(coordinator, save(coordinator, third, {f"due-{third.steps[0].id}-2023-05-15": "เมื่อไรก็ได้"}))
    assert "เมื่อไรก็ได้" in wrong
    late = after(coordinator, save(coordinator, third, {name: "๑๖ พ.ค. ๖๖"}, page=stale))
    assert "งานของวันนี้ถูกเลื่อนไประหว่างนั้น" in late
    assert "๑๖ พ.ค. ๖๖" in late


def test_a_closed_year_is_not_edited_and_the_words_stay(
    coordinator: Visitor, database: Database, ours: World, measure: Get
) -> None:
    second = measure(2)
    with time_machine.travel(datetime(2023, 10, 3, 5, tzinfo=UTC), tick=False):
        coordinator.sign_in(ours.email("coordinator"))
        coordinator.get("/reports/2566/12/close/")
        coordinator.post("/reports/2566/12/close/", {"sure": "y"})
        page = after(coordinator, save(coordinator, second, {"title": "ชื่อใหม่"}))
        assert "กรุณาเปิดรอบอีกครั้งก่อนแก้แผน" in page
        assert "ชื่อใหม่</textarea>" in page
        assert edits(database) == []


def test_words_typed_when_the_sign_in_had_ended_stand_in_the_form_again(
    coordinator: Visitor, app: Flask, ours: World, measure: Get
) -> None:
    second = measure(2)
    sent = {**fields_of(coordinator.get(path(second)).text, "measure"), "title": "พิมพ์ก่อนหมดเวลา", "do": "save"}
    gone = Visitor(app.test_client())
    led = gone.client.post(path(second), data=sent, headers={"Origin": "http://localhost"})
    gone.get(led.location)
    gone.sign_in(ours.email("coordinator"))
    assert "พิมพ์ก่อนหมดเวลา</textarea>" in gone.get(led.location).text


def test_nobody_else_edits(
    head: Visitor, coordinator: Visitor, database: Database, theirs: World, measure: Get
) -> None:
    second = measure(2)
    assert head.get(path(second)).status_code == 403
    with database.reading() as session:
        foreign = session.scalars(select(Measure).where(Measure.plan_id == theirs.plan_id)).first()
        assert foreign
    assert coordinator.get(path(foreign)).status_code == 404
    page = coordinator.get(path(second)).text
    assert head.post(path(second), {"title": "x"}).status_code == 403
    assert coordinator.post(path(foreign), {"title": "x", "do": "up"}).status_code == 404
    assert coordinator.client.post(path(second), data={"title": "x"}).status_code == 400
    strange: dict[str, object] = {"parties-unit": [theirs.units["กองช่าง"]]}
    assert "ไม่พบหน่วยงานนี้" in after(coordinator, save(coordinator, second, strange, page=page))
    assert save(coordinator, second, {}, "up 9999").status_code == 404


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
