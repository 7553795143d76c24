"""The money of measures as it is kept, and the form's status from the tasks."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from tests.db.agency_of_seed import BANGKOK, BY, tasks_of_measure, tick
from tests.factories import build_world
from tracker.errors import NotUnderstoodError
from tracker.models import Event, Plan
from tracker.services.assessment.budgets import BudgetEntry, entries_of, keep_entries, sheet_of
from tracker.store.db import Database

AT = datetime(2023, 4, 3, 3, tzinfo=UTC)
MARK = {"by": BY, "at": AT}


def test_entries_are_kept_by_round_and_only_changes_leave_a_trace(database: Database) -> None:
    with database.writing() as session:
        world = build_world(session)
        plan = session.get_one(Plan, world.plan_id)
        first, second = (measure.id for measure in plan.measures[:2])
        entry = BudgetEntry("project", 2, True, 9_000_000_000_050, 5_000_000, 1_000_000, "รอโอน")
        keep_entries(session, plan, 6, {first: entry, second: BudgetEntry(), 99_999: entry}, **MARK)
        keep_entries(session, plan, 6, {first: entry}, **MARK)
    with database.writing() as session:
        plan = session.get_one(Plan, world.plan_id)
        assert entries_of(session, plan, 6) == {first: entry}
        later = entries_of(session, plan, 12)[first]
        assert (later.planned, later.disbursed, later.remarks) == (entry.planned, None, "")
        events = [event for event in session.scalars(select(Event)) if event.kind == "budget_entered"]
        assert len(events) == 1
        sheet = sheet_of(session, plan, 6, BANGKOK)
        assert sheet.totals == (9_000_000_000_050, 5_000_000, 1_000_000)
        assert [row.uses_budget for row in sheet.rows] == [True, None, None, None]
        assert sheet.rows[0].remarks == "รอโอน"


def test_what_the_form_lacks_is_refused(sqlite: Database) -> None:
    with sqlite.writing() as session:
        world = build_world(session)
        plan = session.get_one(Plan, world.plan_id)
        measure = plan.measures[0].id
        for entry in (BudgetEntry(work="x"), BudgetEntry(dimension=5), BudgetEntry(remarks="ก" * 20_001)):
            with pytest.raises(NotUnderstoodError):
                keep_entries(session, plan, 6, {measure: entry}, **MARK)
        assert entries_of(session, plan, 6) == {}


def test_finished_is_the_whole_year_and_not_possible_is_nothing_else(sqlite: Database) -> None:
    with sqlite.writing() as session:
        world = build_world(session)
        plan = session.get_one(Plan, world.plan_id)
        for task in tasks_of_measure(session, 1):
            tick(session, task, "จัดทำคู่มือแล้ว", "ประชาชนทราบขั้นตอน")
        for task in tasks_of_measure(session, 2):
            task.state, task.reason, task.reason_text = "not_possible", "no_budget", "โอนงบไปภารกิจอื่น"
        for task in tasks_of_measure(session, 3):
            if task.due_on and task.due_on <= date(2023, 3, 31):
                tick(session, task, "ชี้แจงแล้ว")
        session.flush()
        whole = {row.number: row for row in sheet_of(session, plan, 12, BANGKOK).rows}
        assert {number: row.status for number, row in whole.items()} == {
            1: "done", 2: "not_possible", 3: "under_way", 4: None,
        }  # fmt: skip
        assert (whole[2].reason, whole[2].reason_text) == ("ไม่ได้รับงบประมาณ", "โอนงบไปภารกิจอื่น")
        assert whole[1].reason == ""
        assert "จัดทำคู่มือแล้ว" in whole[1].remarks
        assert "ผลลัพธ์: ประชาชนทราบขั้นตอน" in whole[1].remarks
        half = {row.number: row.status for row in sheet_of(session, plan, 6, BANGKOK).rows}
        assert half[1] is None  # it was done on 2 April, after the round: of the round nobody said anything
