"""The proof-reader on what is recorded: the real report, words that are left alone, steps that nobody reported."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from tests.db.agency_of_seed import BANGKOK, BY, IMPORTED_AT, bring_people, bring_plan, tasks_of_measure, the_plan, tick
from tests.factories import build_world
from tracker.errors import NotUnderstoodError
from tracker.models import Event, Plan
from tracker.proofreading.document import Place
from tracker.services.assessment.proofreading import (
    check_again,
    known_words,
    leave_alone,
    personal_data_of,
    suggestions_of,
)
from tracker.services.tasks import progress
from tracker.store.db import Database
from tracker.store.storage import NewEvidence

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
        assert silent == [Place(3, "summary", 1)]
        silent = [one.place for one in suggestions_of(session, plan, 12, BANGKOK) if one.kind == "no_result"]
        assert {place.measure for place in silent} == {1, 3, 4}


def test_personal_data_in_table_annex_and_reasons_and_of_the_signers_none(database: Database) -> None:
    people = (
        "unit,unit_kind,name,role,rank,email,line_user_id\nกองคลัง,division,ก,head,,k@a.th,\nกองช่าง,division,ข,head,,c@a.th,\n"
        ",,นายสมชาย ใจดี,executive,1,s@a.th,"
    )
    plan_text = (
        "มาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tระยะเวลา\n"
        "<p>๑. ก</p>\t<p>๑. ทำ</p>\t<p>ทุกกอง</p>\t<p>มกราคม ๒๕๖๖</p>\n"
        "<p>๒. ข</p>\t<p>๑. ทำ</p>\t<p>กองช่าง</p>\t<p>มกราคม ๒๕๖๖</p>"
    )
    september = datetime(2023, 9, 1, 3, tzinfo=UTC)
    with database.writing() as session:
        bring_people(session, people)
        bring_plan(session, plan_text)
        (one, _), (never,) = tasks_of_measure(session, 1), tasks_of_measure(session, 2)
        photo = NewEvidence("นางคำ แก้ว.jpg", url="https://example.go.th/a")
        progress.tick_off(
            session, one, result="นายสมชาย ใจดี มอบบัตร 1101700230708", done_on=date(2023, 1, 9),
            today=date(2023, 9, 1), evidence=[photo], by=BY, at=september,
        )  # fmt: skip
        progress.not_possible(session, never, reason="other", text="โทร 081-234-5678 ไม่ติด", by=BY, at=september)
        plan = the_plan(session)
        agency = plan.agency
        found = [(told.place, told.quote) for told in personal_data_of(session, plan, 12, BANGKOK)]
        assert found == [
            (Place(1, "summary", 2), "1101700230708"),
            (Place(2, "summary", 1), "081-234-5678"),
            (Place(1, "annex", 1, one.id), "1101700230708"),
            (Place(2, "annex", 1, never.id), "081-234-5678"),
        ]
        agency.public_evidence, agency.public_signers = True, False
        quotes = [told.quote for told in personal_data_of(session, plan, 12, BANGKOK) if told.place.task == one.id]
        assert quotes == ["นายสมชาย ใจดี", "1101700230708", "นางคำ แก้ว"]
