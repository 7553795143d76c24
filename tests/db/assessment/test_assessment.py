"""An agency's rules and answers as they are kept, and a round's readiness from what is recorded."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from tests.db.agency_of_seed import BANGKOK, BY, tasks_of_measure, tick
from tests.factories import build_world
from tracker.errors import NotFoundError, NotUnderstoodError
from tracker.models import Event, Plan, ReportVersion, Round
from tracker.services.assessment.assessment import assessment_of, closing_day, pack_of, readiness, set_assessment
from tracker.services.assessment.rule_edits import (
    MOST_OWN_RULES,
    add_rule,
    answer,
    change_item,
    change_rule,
    change_window,
    remove_rule,
    reset_rules,
    take_back,
)
from tracker.store.db import Database

AT = datetime(2023, 4, 3, 3, tzinfo=UTC)
TODAY = date(2023, 4, 3)
MARK = {"by": BY, "at": AT}


def test_changes_are_kept_laid_over_and_taken_off(database: Database) -> None:
    with database.writing() as session:
        agency = build_world(session).agency_id
        change_rule(session, agency, 2566, "plan-steps", off=True, text="", **MARK)
        change_rule(session, agency, 2566, "plan-period", off=False, text=" มีวันเริ่ม  และวันสิ้นสุด ", **MARK)
        change_item(session, agency, 2566, "result", number="O44", title="รายงานผล", covers="previous", **MARK)
        change_window(session, agency, 2566, date(2023, 3, 15), date(2023, 5, 15), **MARK)
        add_rule(session, agency, 2566, "plan", "ผู้บริหารลงนาม", **MARK)
        add_rule(session, agency, 2566, "plan", "มีสารบัญ", **MARK)
        change_rule(session, agency, 2566, "own-2", off=True, text="", **MARK)
        remove_rule(session, agency, 2566, "own-1", **MARK)
    with database.writing() as session:
        pack, changes = pack_of(session, agency, 2566)
        assert changes is not None
        assert (changes.base_version, changes.edited_by) == ("2566-local-1", "test")
        assert pack.window.days(2566) == (date(2023, 3, 15), date(2023, 5, 15))
        assert [item.number for item in pack.items] == ["O42", "O44"]
        rules = {rule.id: rule for rule in pack.rules}
        assert rules["plan-steps"].off
        assert rules["plan-period"].text == "มีวันเริ่ม และวันสิ้นสุด"
        assert "own-1" not in rules
        assert rules["own-2"].off
        assert pack_of(session, agency, 2567)[1] is None
        change_rule(session, agency, 2566, "plan-period", off=False, text="ทุกมาตรการมีระยะเวลาดำเนินการ", **MARK)
        assert pack_of(session, agency, 2566)[0].rule("plan-period").changed is False  # type: ignore[union-attr]
        reset_rules(session, agency, 2566, **MARK)
        reset_rules(session, agency, 2566, **MARK)
        assert pack_of(session, agency, 2566)[1] is None
        kinds = list(session.scalars(select(Event.kind).where(Event.agency_id == agency).order_by(Event.id)))
        assert kinds[-1] == "rules_reset"
        assert kinds.count("rules_reset") == 1


def test_what_does_not_fit_is_refused_and_changes_nothing(sqlite: Database) -> None:
    with sqlite.writing() as session:
        agency = build_world(session).agency_id
        with pytest.raises(NotFoundError):
            change_rule(session, agency, 2566, "no-such", off=True, text="", **MARK)
        with pytest.raises(NotFoundError):
            change_item(session, agency, 2566, "no-such", number="1", title="x", covers="current", **MARK)
        with pytest.raises(NotUnderstoodError, match="title"):
            change_item(session, agency, 2566, "plan", number="1", title=" ", covers="current", **MARK)
        with pytest.raises(NotUnderstoodError, match="ends before"):
            change_window(session, agency, 2566, date(2023, 5, 1), date(2023, 4, 1), **MARK)
        with pytest.raises(NotUnderstoodError, match="calendar year"):
            change_window(session, agency, 2566, date(2024, 3, 1), date(2024, 4, 1), **MARK)
        with pytest.raises(NotUnderstoodError, match="longer"):
            add_rule(session, agency, 2566, "plan", "ก" * 1001, **MARK)
        with pytest.raises(NotUnderstoodError, match="must contain"):
            add_rule(session, agency, 2566, "plan", "  ", **MARK)
        with pytest.raises(NotFoundError):
            remove_rule(session, agency, 2566, "plan-steps", **MARK)
        with pytest.raises(NotUnderstoodError, match="can be seen"):
            answer(session, agency, 2566, "plan-analysis", " ", **MARK)
        with pytest.raises(NotUnderstoodError):
            set_assessment(session, agency, agency_class="bank", closes_on=None, countdown=False, **MARK)
        assert pack_of(session, agency, 2566)[1] is None
        for number in range(MOST_OWN_RULES):
            add_rule(session, agency, 2566, "plan", f"ข้อ {number}", **MARK)
        with pytest.raises(NotUnderstoodError, match=str(MOST_OWN_RULES)):
            add_rule(session, agency, 2566, "plan", "อีกข้อ", **MARK)


def test_the_closing_day_is_the_agency_s_choice(database: Database) -> None:
    with database.writing() as session:
        agency = build_world(session).agency_id
        assert assessment_of(session, agency).agency_class == "local"
        assert closing_day(session, agency, TODAY) is None
        day = date(2023, 4, 28)
        set_assessment(session, agency, agency_class="school", closes_on=day, countdown=False, **MARK)
        assert closing_day(session, agency, TODAY) is None
        set_assessment(session, agency, agency_class="school", closes_on=day, countdown=True, **MARK)
        assert closing_day(session, agency, TODAY) == day
        assert closing_day(session, agency, date(2023, 4, 29)) is None
        assert [item.number for item in pack_of(session, agency, 2566)[0].items] == ["O36", "O37"]


def test_readiness_comes_from_what_is_recorded(database: Database) -> None:
    with database.writing() as session:
        world = build_world(session)
        plan = session.get_one(Plan, world.plan_id)
        before = readiness(session, plan, 12, BANGKOK, TODAY)
        states = {one.rule.id: one.state for one in before.findings}
        assert states["plan-steps"] == states["plan-responsible"] == states["plan-period"] == "passed"
        assert states["result-all"] == states["result-concrete"] == states["result-published"] == "missing"
        assert (before.closes_on, before.own_day) == (date(2023, 4, 30), False)
        for number in (1, 2, 3, 4):
            for task in tasks_of_measure(session, number):
                tick(session, task, "ทำแล้วเมื่อวันที่ ๓๐ มีนาคม ๒๕๖๖")
        answer(session, world.agency_id, 2566, "plan-analysis", "หน้า ๓ ของแผน", **MARK)
        round_ = Round(agency_id=world.agency_id, plan_id=plan.id, number=12, state="closed")
        session.add(round_)
        session.flush()
        session.add(
            ReportVersion(
                agency_id=world.agency_id, round_id=round_.id, number=1, snapshot={}, sha256="0" * 64, closed_at=AT,
                signed_on=TODAY, edition=1, published_at=AT,
            )
        )  # fmt: skip
        session.flush()
        set_assessment(
            session, world.agency_id, agency_class="local", closes_on=date(2023, 4, 25), countdown=True, **MARK
        )
        after = readiness(session, plan, 12, BANGKOK, TODAY)
        states = {one.rule.id: one.state for one in after.findings}
        assert states["result-all"] == states["result-steps"] == states["result-closed"] == "passed"
        assert states["result-published"] == states["plan-analysis"] == "passed"
        assert states["result-concrete"] == "missing"
        assert (after.closes_on, after.own_day) == (date(2023, 4, 25), True)
        take_back(session, world.agency_id, 2566, "plan-analysis", **MARK)
        again = {one.rule.id: one.state for one in readiness(session, plan, 12, BANGKOK, TODAY).findings}
        assert again["plan-analysis"] == "unknown"


def test_an_item_of_the_year_before_is_held_against_that_year_s_whole_report(sqlite: Database) -> None:
    with sqlite.writing() as session:
        world = build_world(session)
        plan = session.get_one(Plan, world.plan_id)
        change_item(session, world.agency_id, 2566, "result", number="O43", title="ผล", covers="previous", **MARK)
        ready = readiness(session, plan, 6, BANGKOK, TODAY)
        assert ready.plans["result"] is None
        assert {one.state for one in ready.of_item("result")} == {"unknown"}
        older = Plan(agency_id=world.agency_id, fiscal_year=2565)
        session.add(older)
        session.flush()
        ready = readiness(session, plan, 6, BANGKOK, TODAY)
        assert ready.plans["result"] == (older, 12)
        assert replace(ready).of_item("result")[0].reason.th == "แผนยังไม่มีมาตรการ"
