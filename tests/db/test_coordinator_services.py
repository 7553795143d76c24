"""Imported texts under changing facts, the checks before closing, edits of the plan, and search, on both databases."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.db.agency_of_seed import BANGKOK, BY, bring_people, bring_plan, tasks_of_measure, the_plan, tick
from tests.factories import World, build_world, task_of
from tracker.errors import ConflictError, NotUnderstoodError
from tracker.models import ColumnText, Event, Measure, Member, Notice, Task, Unit
from tracker.reports.data import RoundNumber
from tracker.reports.rollup import Column
from tracker.services.access import Viewer, viewer_for
from tracker.services.organisation.units import merge_units
from tracker.services.plans import plan_edit
from tracker.services.reports import closing
from tracker.services.reports import column_texts as texts
from tracker.services.reports.compose import measures_of
from tracker.services.reports.pre_close_checks import checks_of
from tracker.services.reports.snapshots import report_of
from tracker.services.reports.verification import changes_since
from tracker.services.tasks import progress
from tracker.services.tasks.search import Kind, search
from tracker.store.db import Database

AT = datetime(2023, 10, 3, 2, tzinfo=UTC)
TODAY = date(2023, 10, 3)


def view(session: Session, measure: int, column: Column, number: RoundNumber = 12) -> texts.ColumnView:
    plan = the_plan(session)
    views = texts.column_views(session, plan, measures_of(session, plan), number, BANGKOK, thai_digits=True)
    return next(one for one in views if one.measure.number == measure and one.column == column)


def test_an_imported_text_drifts_when_a_task_is_ticked_and_is_kept_or_left(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_plan(session, seed)
    numbers: tuple[RoundNumber, ...] = (6, 12)
    with database.writing() as session:
        assert not any(view(session, 2, "summary", number).drifted for number in numbers)
        tick(session, tasks_of_measure(session, 2)[0], "ประกาศแล้ว")
    with database.writing() as session:
        assert [view(session, 2, "summary", number).drifted for number in numbers] == [False, True]
        texts.keep_text(session, view(session, 2, "summary"), 12, by=BY, at=AT)
    with database.writing() as session:
        kept = view(session, 2, "summary")
        assert (kept.drifted, kept.text and kept.text.source) == (False, "imported")
        tick(session, tasks_of_measure(session, 2)[1], "ประกาศแล้ว")
    with database.writing() as session:
        texts.use_tasks(session, view(session, 2, "summary"), 12, by=BY, at=AT)
    with database.reading() as session:
        now = view(session, 2, "summary")
        assert (now.drifted, now.printed) == (False, now.from_tasks)
        assert [text.round for text in now.measure.texts if text.field == "summary"] == [12, 12]
        assert view(session, 2, "summary", 6).text is None
    with database.writing() as session:
        for text in session.scalars(select(ColumnText).where(ColumnText.field == "outcome")).all():
            session.delete(text)
        session.flush()
        session.expire_all()
        from_tasks = view(session, 1, "outcome")
        with pytest.raises(ConflictError, match="from the tasks"):
            texts.keep_text(session, from_tasks, 12, by=BY, at=AT)


def test_the_same_text_sent_again_is_no_edit(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_plan(session, seed)
        for column in texts.COLUMNS:
            for number in range(1, 7):
                shown = view(session, number, column)
                texts.edit_text(session, shown, 12, shown.typed, by=BY, at=AT)
        assert session.scalars(select(ColumnText).where(ColumnText.source == "coordinator")).all() == []


def test_a_text_with_a_soft_line_break_is_saved_unchanged(sqlite: Database) -> None:
    with sqlite.writing() as session:
        build_world(session)
        measure = the_plan(session).measures[0]
        soft = {"number": 1, "text": "บรรทัดแรก\nบรรทัดสอง"}
        measure.texts.append(
            ColumnText(
                agency_id=measure.agency_id,
                field="summary",
                round=12,
                source="imported",
                paragraphs=[soft],
                edited_at=AT,
            )
        )
        session.flush()
        shown = view(session, 1, "summary")
        texts.edit_text(session, shown, 12, shown.typed.replace("\n", "\r\n"), by=BY, at=AT)
        assert view(session, 1, "summary").printed == shown.printed
        assert view(session, 1, "summary").text is shown.text


def test_the_checks_name_what_is_open_silent_and_unproven(database: Database) -> None:
    with database.writing() as session:
        world = build_world(session)
        plan = the_plan(session)
        before = checks_of(session, plan, 6, BANGKOK)
        assert not before.clean
        assert len(before.open_tasks) == 2 + 30
        assert [(measure.number, step.position) for measure, step in before.silent_steps] == [(2, 1), (3, 1)]
        assert before.unproven == before.drifted == ()
        task = task_of(session, world, "กองคลัง", 2, date(2023, 3, 31))
        progress.tick_off(session, task, result="แล้ว", done_on=date(2023, 3, 30), today=TODAY, by=BY, at=AT)
        after = checks_of(session, plan, 6, BANGKOK)
        assert (len(after.open_tasks), after.unproven) == (31, (task,))
        assert [measure.number for measure, _ in after.silent_steps] == [3]
        assert after.done_later == ()
        later = task_of(session, world, "กองคลัง", 2, date(2022, 12, 31))
        progress.tick_off(session, later, result="แล้ว", done_on=date(2023, 4, 2), today=TODAY, by=BY, at=AT)
        assert checks_of(session, plan, 6, BANGKOK).done_later == (later,)
        assert checks_of(session, plan, 12, BANGKOK).done_later == ()


def test_a_report_closed_with_names_shows_no_change_of_itself(database: Database) -> None:
    with database.writing() as session:
        world = build_world(session)
        plan = the_plan(session)
        task = task_of(session, world, "กองคลัง", 1, date(2023, 4, 2))
        progress.tick_off(session, task, result="จัดทำแล้ว", done_on=date(2023, 4, 1), today=TODAY, by=BY, at=AT)
        closing.close_round(session, plan, 12, BANGKOK, today=TODAY, names=True, by=BY, at=AT)
    with database.writing() as session:
        plan = the_plan(session)
        frozen = report_of(closing.must_be_closed(session, plan, 12))
        assert any("กองช่าง" in paragraph.text for paragraph in frozen.measures[0].summary)
        version = closing.must_be_closed(session, plan, 12)
        assert changes_since(session, version, BANGKOK) == ()
        assert version.submitted_at is None
        closing.submit_for_signature(session, plan, 12, by=BY, at=AT)
        assert version.submitted_at == AT
        assert len(session.scalars(select(Notice).where(Notice.kind == "other")).all()) == 2
        closing.reopen_round(session, plan, 12, why="แก้คำผิด", by=BY, at=AT)
        with pytest.raises(ConflictError, match="Close the 12-month round first"):
            closing.submit_for_signature(session, plan, 12, by=BY, at=AT)


def test_a_plan_is_edited_and_every_change_is_an_event(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_plan(session, seed)
        bring_people(session)
    with database.writing() as session:
        measure = session.scalars(select(Measure).where(Measure.number == 2)).one()
        units = list(session.scalars(select(Unit).where(Unit.kind == "division").order_by(Unit.position).limit(2)))
        plan_edit.set_parties(session, measure, units, "each", by=BY, at=AT)
        tasks = [task for task in tasks_of_measure(session, 2) if task.is_open]
        assert {task.units[0].name for task in tasks} == {unit.name for unit in units}
        plan_edit.set_period(session, measure, "ภายใน ๓๑ มกราคม ๒๕๖๖", by=BY, at=AT)
        step = measure.steps[0]
        moved = plan_edit.move_checkpoint(session, step, date(2023, 1, 31), date(2023, 2, 15), by=BY, at=AT)
        assert moved == 2
        plan_edit.edit_step(session, step, "ประกาศนโยบาย", by=BY, at=AT)
        assert {task.due_on for task in session.scalars(select(Task).where(Task.step_id == step.id))} == {
            date(2023, 2, 15)
        }
        plan_edit.reorder(session, measure.steps[0], "down", by=BY, at=AT)
        session.flush()
    with database.reading() as session:
        measure = session.scalars(select(Measure).where(Measure.number == 2)).one()
        assert [step.number for step in measure.steps] == list(range(1, len(measure.steps) + 1))
        assert measure.steps[1].text == "ประกาศนโยบาย"
        events = session.scalars(select(Event).where(Event.kind == "plan_edited").order_by(Event.sequence)).all()
        assert [event.details["what"] for event in events] == ["parties", "period", "text", "order"]
    with database.writing() as session, pytest.raises(NotUnderstoodError, match="shorten"):
        plan_edit.edit_step(session, session.get_one(Measure, measure.id).steps[0], "ก" * 5000, by=BY, at=AT)


def viewer(session: Session, world: World, who: str) -> Viewer:
    return viewer_for(session, session.get_one(Member, world.members[who]))


def test_search_stays_in_the_viewer_s_scope(database: Database) -> None:
    with database.writing() as session:
        world = build_world(session)
        other = build_world(session, "อบต.ข้างเคียง", "khang.example")
        for where, unit in ((world, "กองคลัง"), (other, "กองคลัง")):
            task = task_of(session, where, unit, 2, date(2023, 3, 31))
            words = "แผนที่ ๑๒ ลง Website_A"
            progress.tick_off(session, task, result=words, done_on=date(2023, 3, 30), today=TODAY, by=BY, at=AT)

    def kinds(who: str, words: str) -> list[tuple[Kind, int]]:
        with database.reading() as session:
            return [(found.kind, len(found.hits)) for found in search(session, viewer(session, world, who), words)]

    assert kinds("coordinator", "แผนที่ 12") == [("result", 1)]
    assert kinds("coordinator", "website_a") == [("result", 1)]
    assert kinds("coordinator", "website_a 12 แผนที่") == [("result", 1)]
    assert kinds("coordinator", "แผนที่ ๑๓") == []
    assert kinds("coordinator", "WebsiteXA") == kinds("coordinator", "Website%A") == []
    assert kinds("head2", "แผนที่ ๑๒") == [("result", 1)]
    assert kinds("head3", "แผนที่ ๑๒") == []
    assert kinds("head3", "คู่มือ") == [("step", 1)]
    assert kinds("head3", "กอง") == [("unit", 1)]
    assert kinds("mayor", "กอง") == [("unit", 4)]


def test_each_or_jointly_and_a_merge_leave_the_adopted_words(database: Database) -> None:
    table = "มาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tระยะเวลา\n๑. เปิดเผยข้อมูล\t๑. ลงเว็บไซต์\tกองคลังและพัสดุ / กองช่าง\tมีนาคม ๒๕๖๖\n"
    words = "กองคลังและพัสดุ / กองช่าง"
    with database.writing() as session:
        bring_people(session)
        bring_plan(session, table, "องค์การบริหารส่วนตำบลเขาขาว")
        units_by_name = {unit.name: unit for unit in session.scalars(select(Unit))}
        merge_units(session, units_by_name["กองคลังและพัสดุ"], units_by_name["กองคลัง"], by=BY, at=AT)
        measure = session.scalars(select(Measure)).one()
        assert measure.responsible_text == words
        units = [units_by_name["กองคลัง"], units_by_name["กองช่าง"]]
        for mode in ("each", "jointly", "each"):
            plan_edit.set_parties(session, measure, units, mode, by=BY, at=AT)  # type: ignore[arg-type]
            assert (measure.mode, measure.responsible_text) == (mode, words)
        plan_edit.set_parties(session, measure, units[:1], "each", by=BY, at=AT)
        assert measure.responsible_text == "กองคลัง"
