"""What is new under a text since it was written, a sentence at a time, and what a text claims beyond the ticks."""

from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.db.agency_of_seed import BANGKOK, BY, bring_people, bring_plan, tasks_of_measure, the_plan, tick
from tests.factories import World, build_world, task_of
from tracker.models import ColumnText, Event, Task
from tracker.reports.data import RoundNumber
from tracker.reports.rollup import Column
from tracker.services.reports import column_texts as texts
from tracker.services.reports.compose import measures_of
from tracker.services.reports.text_history import text_versions
from tracker.services.tasks import progress
from tracker.store.db import Database

BEFORE, AT, LATER = (datetime(2023, 10, day, 2, tzinfo=UTC) for day in (3, 4, 5))
MEETING = date(2023, 4, 2)


def views(session: Session, number: RoundNumber = 12) -> list[texts.ColumnView]:
    session.flush()
    plan = the_plan(session)
    return texts.column_views(session, plan, measures_of(session, plan), number, BANGKOK, thai_digits=True)


def view(session: Session, measure: int, column: Column = "summary") -> texts.ColumnView:
    return next(one for one in views(session) if (one.measure.number, one.column) == (measure, column))


def edit(session: Session, measure: int, typed: str, at: datetime = AT) -> None:
    texts.edit_text(session, view(session, measure), 12, typed, by=BY, at=at)


def finish(session: Session, task: Task, result: str, at: datetime = AT) -> None:
    day = task.scheduled_on or date(2023, 9, 30)
    progress.tick_off(session, task, result=result, done_on=day, today=at.date(), by=BY, at=at)


def accept(session: Session, of: texts.ColumnView, key: str, at: datetime) -> None:
    """Takes a piece of news into the saved text."""
    (news,) = (one for one in of.news if one.key == key)
    texts.take_text(session, of, 12, of.taken(of.printed, news).paragraphs, [news], by=BY, at=at)


def offered(session: Session, measure: int) -> list[str]:
    return [one.sentence for one in view(session, measure).news]


def manual_of(session: Session, world: World, unit: str) -> Task:
    return task_of(session, world, unit, 1, MEETING)


def test_people_brought_after_the_plan_are_no_news(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_plan(session, seed)
        bring_people(session)
    with database.writing() as session:
        assert [one.drifted for one in views(session)] == [False] * 12
        done = tasks_of_measure(session, 2)[0]
        tick(session, done, "ประกาศแล้ว")
    with database.writing() as session:
        before = view(session, 2).printed
        (drifted,) = (one for one in views(session) if one.drifted)
        (news,) = drifted.news
        assert (drifted.measure.number, drifted.column, news.task_ids) == (2, "summary", (done.id,))
        assert news.sentence.endswith("ประกาศแล้ว")
        accept(session, drifted, news.key, AT)
    with database.reading() as session:
        after = view(session, 2)
        assert not after.drifted
        assert [one for one in after.printed if one not in before] == [
            one for one in after.printed if one.text == news.sentence
        ]
        assert len(after.printed) == len(before) + 1


def test_a_text_of_an_older_release_knows_what_was_recorded_before_it(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_plan(session, seed)
        tick(session, tasks_of_measure(session, 2)[0], "ประกาศแล้ว")
        for text in session.scalars(select(ColumnText)).all():
            text.facts, text.basis, text.edited_at = None, "0" * 64, BEFORE
    with database.writing() as session:
        assert not any(one.drifted for one in views(session))
        finish(session, tasks_of_measure(session, 2)[1], "ประกาศอีกครั้ง", at=AT)
    with database.reading() as session:
        assert [sentence.rpartition(" ")[2] for sentence in offered(session, 2)] == ["ประกาศอีกครั้ง"]


def test_a_sentence_is_taken_or_left_and_offered_once(database: Database) -> None:
    with database.writing() as session:
        world = build_world(session)
        finish(session, manual_of(session, world, "สำนักปลัด"), "จัดทำคู่มือแล้ว")
        edit(session, 1, "ดำเนินการแล้ว ๑ จาก ๕ ส่วนราชการ\n๑. สำนักปลัด จัดทำคู่มือแล้ว")
        finish(session, manual_of(session, world, "กองคลัง"), "จัดทำแล้ว ๒ เล่ม")
        finish(session, manual_of(session, world, "กองช่าง"), "จัดพิมพ์แล้ว")
    with database.writing() as session:
        assert offered(session, 1) == ["กองคลัง จัดทำแล้ว ๒ เล่ม", "กองช่าง จัดพิมพ์แล้ว"]
        first, _ = view(session, 1).news
        accept(session, view(session, 1), first.key, LATER)
        assert view(session, 1).typed == (
            "ดำเนินการแล้ว ๓ จาก ๕ ส่วนราชการ\n๑. สำนักปลัด จัดทำคู่มือแล้ว\n๒. กองคลัง จัดทำแล้ว ๒ เล่ม"
        )
        (second,) = view(session, 1).news
        before = view(session, 1).typed
        texts.keep_text(session, view(session, 1), 12, [second.key], by=BY, at=LATER)
        assert (offered(session, 1), view(session, 1).typed) == ([], before)
        left = session.scalars(select(Event).where(Event.kind == "text_kept")).one()
        assert left.details["left"] == ["กองช่าง จัดพิมพ์แล้ว"]
        newest, *_ = text_versions(session, view(session, 1).measure, "summary", 12)
        assert newest.edited_at == LATER
    with database.writing() as session:
        progress.send_back(session, manual_of(session, world, "กองช่าง"), note="แนบหลักฐาน", by=BY, at=LATER)
        assert offered(session, 1) == []
        finish(session, manual_of(session, world, "กองช่าง"), "จัดพิมพ์ ๓ เล่ม", at=LATER)
        assert offered(session, 1) == ["กองช่าง จัดพิมพ์ ๓ เล่ม"]


def test_a_result_that_is_taken_back_is_told_and_cannot_be_added(database: Database) -> None:
    with database.writing() as session:
        world = build_world(session)
        task = manual_of(session, world, "กองคลัง")
        finish(session, task, "จัดทำแล้ว")
        edit(session, 1, "กองคลัง จัดทำแล้ว")
        progress.send_back(session, task, note="แนบหลักฐาน", by=BY, at=LATER)
    with database.writing() as session:
        (news,) = view(session, 1).news
        assert (news.gone, news.sentence) == (True, "กองคลัง จัดทำแล้ว")
        edit(session, 1, "ยังไม่มีส่วนราชการใดจัดทำ", at=LATER)
        assert view(session, 1).news == ()


def test_an_edit_answers_the_news_that_it_tells_and_no_other(database: Database) -> None:
    with database.writing() as session:
        world = build_world(session)
        edit(session, 1, "จะรายงานภายหลัง")
        finish(session, manual_of(session, world, "กองคลัง"), "จัดทำแล้ว ๒ เล่ม")
        finish(session, manual_of(session, world, "กองช่าง"), "จัดพิมพ์แล้ว")
        edit(session, 1, "จะรายงานเพิ่มเติม โดยกองคลัง จัดทำแล้ว ๒ เล่ม")
        assert offered(session, 1) == ["กองช่าง จัดพิมพ์แล้ว"]


def test_who_is_missing_and_a_day_that_moves_are_no_news_but_a_note_is(database: Database) -> None:
    with database.writing() as session:
        world = build_world(session)
        edit(session, 1, "จะรายงานภายหลัง")
        task = manual_of(session, world, "กองคลัง")
        progress.move_due(session, task, date(2023, 5, 2), by=BY, at=AT)
        assert offered(session, 1) == []
        progress.note_progress(session, task, text="ร่างคู่มือแล้ว", noted_on=date(2023, 9, 1), by=BY, at=AT)
        assert offered(session, 1) == ["กองคลัง อยู่ระหว่างดำเนินการ: ร่างคู่มือแล้ว"]


def test_a_text_that_says_all_where_three_of_five_have_is_warned_of(database: Database) -> None:
    with database.writing() as session:
        world = build_world(session)
        for unit in ("สำนักปลัด", "กองคลัง", "กองช่าง"):
            finish(session, manual_of(session, world, unit), "จัดทำแล้ว")
        edit(session, 1, "ทุกส่วนราชการจัดทำคู่มือแล้วเสร็จ\nกองคลัง จัดทำแล้วเสร็จ")
        (claim,) = view(session, 1).claims
        assert (claim.paragraph.text, claim.quote) == ("ทุกส่วนราชการจัดทำคู่มือแล้วเสร็จ", "ทุกส่วนราชการ")
        assert (claim.done, claim.whole, claim.of_units) == (3, 5, True)
        for unit in ("กองการศึกษา", "กองสวัสดิการสังคม"):
            finish(session, manual_of(session, world, unit), "จัดทำแล้ว")
        assert view(session, 1).claims == ()


def test_what_the_tasks_say_themselves_claims_nothing(database: Database) -> None:
    with database.writing() as session:
        world = build_world(session)
        finish(session, manual_of(session, world, "กองคลัง"), "จัดทำครบทุกเล่มแล้วเสร็จ")
        edit(session, 1, "อีกข้อความ")
        texts.take_style(session, view(session, 1), 12, view(session, 1).from_tasks, by=BY, at=LATER)
        assert view(session, 1).claims == view(session, 1).news == ()
