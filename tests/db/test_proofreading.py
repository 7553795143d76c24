"""The proof-reader on what is recorded: the real report, words that are left alone, steps that nobody reported."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.db.agency_of_seed import BANGKOK, BY, IMPORTED_AT, bring_people, bring_plan, tasks_of_measure, the_plan, tick
from tests.factories import build_world
from tracker.db import Database
from tracker.errors import NotUnderstoodError
from tracker.models import Event, Plan
from tracker.proof.document import Place
from tracker.services.proofreading import check_again, known_words, leave_alone, suggestions_of

NAME = "องค์การบริหารส่วนตำบลเขาวาว"


def test_the_real_report_and_a_word_left_alone(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_plan(session, seed, NAME)
        bring_people(session, agency=NAME)
        plan = the_plan(session)
        before = suggestions_of(session, plan, 12, BANGKOK)
        spelling = [one.quote for one in before if one.kind == "spelling"]
        assert spelling == ["รับผิชอบ", "เบี่ยยังชีพ", "องค์กรบริหารส่วนตำบล"]
        assert [one.place for one in before if one.kind == "agency_name"] == [Place(None, "cover", 1)]
        leave_alone(session, plan.agency_id, " เบี่ยยังชีพ ", by=BY, at=IMPORTED_AT)
        leave_alone(session, plan.agency_id, "เบี่ยยังชีพ", by=BY, at=IMPORTED_AT)
    with database.writing() as session:
        plan = the_plan(session)
        assert known_words(session, plan.agency_id) == ["เบี่ยยังชีพ"]
        after = suggestions_of(session, plan, 12, BANGKOK)
        assert [one.quote for one in after if one.kind == "spelling"] == ["รับผิชอบ", "องค์กรบริหารส่วนตำบล"]
        check_again(session, plan.agency_id, "เบี่ยยังชีพ", by=BY, at=IMPORTED_AT)
        check_again(session, plan.agency_id, "เบี่ยยังชีพ", by=BY, at=IMPORTED_AT)
        assert suggestions_of(session, plan, 12, BANGKOK) == before
        kinds = list(session.scalars(select(Event.kind).order_by(Event.id)))
        assert kinds[-2:] == ["word_left_alone", "word_checked_again"]


def test_no_word_is_no_word(sqlite: Database) -> None:
    with sqlite.writing() as session:
        world = build_world(session)
        for word in ("", "  ", "ก" * 101):
            with pytest.raises(NotUnderstoodError, match="100 characters"):
                leave_alone(session, world.agency_id, word, by=BY, at=IMPORTED_AT)


def test_steps_that_nobody_reported_are_those_due_in_the_round(sqlite: Database) -> None:
    with sqlite.writing() as session:
        world = build_world(session)
        plan = session.get_one(Plan, world.plan_id)
        task = tasks_of_measure(session, 2)[0]
        assert task.scheduled_on == date(2022, 12, 31)
        tick(session, task, "เผยแพร่แผนแล้วเมื่อวันที่ ๓๐ ธันวาคม ๒๕๖๕")
        silent = [one.place for one in suggestions_of(session, plan, 6, BANGKOK) if one.kind == "no_result"]
        assert silent == [Place(1, "summary", 1), Place(3, "summary", 1), Place(4, "summary", 1)]
