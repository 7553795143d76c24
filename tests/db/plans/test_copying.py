"""A plan copied into the next fiscal year: its tasks stand on the moved days, and nothing reported comes along."""

from datetime import date

import pytest
from sqlalchemy import func, select

from tests.db.agency_of_seed import BANGKOK, BY, IMPORTED_AT, bring_people, bring_plan, tasks_of_measure, tick
from tracker.errors import ConflictError, NotUnderstoodError
from tracker.models import Agency, Event, Measure, Plan, Step, Task
from tracker.services.plans.copying import copy_plan
from tracker.services.plans.plans import read_back
from tracker.services.plans.short_names import set_short_name
from tracker.store.db import Database


def copy(database: Database, fiscal_year: int) -> int:
    with database.writing() as session:
        plan = session.scalars(select(Plan).order_by(Plan.fiscal_year)).first()
        assert plan
        agency = session.get_one(Agency, plan.agency_id)
        return copy_plan(session, agency, plan, fiscal_year, tz=BANGKOK, by=BY, at=IMPORTED_AT).plan.id


def test_the_seed_s_plan_is_copied_a_year_on(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_plan(session, seed)
        bring_people(session)
        tick(session, tasks_of_measure(session, 3)[0], "ชี้แจงแล้ว")
    plan_id = copy(database, 2567)
    with database.reading() as session:
        old, new = session.scalars(select(Plan).order_by(Plan.fiscal_year)).all()
        assert (new.id, new.fiscal_year) == (plan_id, 2567)
        tasks = [
            session.scalar(select(func.count(Task.id)).where(Task.plan_id == plan.id, Task.state != "cancelled"))
            for plan in (old, new)
        ]
        assert tasks[0] == tasks[1]
        assert set(session.scalars(select(Task.state).where(Task.plan_id == plan_id))) == {"pending"}
        before, after = read_back(session, old), read_back(session, new)
        for was, now in zip(before.measures, after.measures, strict=True):
            assert (was.title, was.responsible, len(was.steps)) == (now.title, now.responsible, len(now.steps))
            assert (now.summary, now.outcome) == ((), ())
            assert was.period.end
            assert now.period.end == date(was.period.end.year + 1, was.period.end.month, was.period.end.day)
        kinds = session.scalars(select(Event.kind).order_by(Event.id)).all()
        assert kinds[-2:] == ["plan_imported", "tasks_generated"]


def test_short_names_of_steps_come_along(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_plan(session, seed)
        step = session.scalars(select(Step).order_by(Step.id)).first()
        assert step is not None
        set_short_name(session, step, "  คู่มือ  ปฏิบัติงาน ", by=BY, at=IMPORTED_AT)
        text = step.text
        with pytest.raises(NotUnderstoodError, match="longer than 45"):
            set_short_name(session, step, "ก" * 46, by=BY, at=IMPORTED_AT)
    plan_id = copy(database, 2567)
    with database.reading() as session:
        steps = session.scalars(select(Step).join(Measure).where(Measure.plan_id == plan_id))
        assert {step.short_name: step.text for step in steps if step.short_name} == {"คู่มือ ปฏิบัติงาน": text}
        [event] = session.scalars(select(Event).where(Event.kind == "step_named"))
        assert (event.details["before"], event.details["after"]) == (None, "คู่มือ ปฏิบัติงาน")


def test_a_year_that_has_a_plan_or_is_not_later_is_refused(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_plan(session, seed)
    copy(database, 2567)
    with pytest.raises(ConflictError, match="has a plan already"):
        copy(database, 2567)
    with pytest.raises(NotUnderstoodError, match="later year"):
        copy(database, 2566)


def test_the_coordinator_s_choice_of_each_or_jointly_comes_along(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_plan(session, seed)
        measure = session.scalars(select(Measure).where(Measure.number == 6)).one()
        measure.mode = "each"
    plan_id = copy(database, 2568)
    with database.reading() as session:
        copied = session.scalars(select(Measure).where(Measure.plan_id == plan_id, Measure.number == 6)).one()
        assert copied.mode == "each"
