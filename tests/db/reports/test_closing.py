"""Closing freezes a round; what changes afterwards is shown, and what was closed stays as it was."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import ConflictError
from tracker.models import Agency, Measure, Plan, Task
from tracker.plan_import import read_plan
from tracker.reports import render
from tracker.services.audit import Actor
from tracker.services.plans.plans import import_plan
from tracker.services.reports import closing
from tracker.services.reports import column_texts as texts
from tracker.services.reports.snapshots import report_of
from tracker.services.reports.verification import changes_since
from tracker.services.tasks import progress
from tracker.store.db import Database

TZ = ZoneInfo("Asia/Bangkok")
AT = datetime(2023, 4, 3, 2, tzinfo=UTC)
BY = Actor("ผู้ทดสอบ", "web")
TABLE = ("มาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tระยะเวลา\n๑. เปิดเผยข้อมูล\t๑. ลงเว็บไซต์\tงานนิติการ\tตุลาคม ๒๕๖๕ - มีนาคม ๒๕๖๖\n").encode()


@pytest.fixture
def plan(database: Database) -> Plan:
    draft = read_plan(TABLE, "plan.txt", 2566)
    with database.writing() as session:
        agency = Agency(name="อบต.ทดสอบ")
        session.add(agency)
        session.flush()
        return import_plan(session, agency, draft, TABLE, "plan.txt", tz=TZ, by=BY, at=AT).plan


def tick(database: Database, result: str) -> None:
    with database.writing() as session:
        task = session.scalars(select(Task)).one()
        day = date(2023, 3, 14)
        progress.tick_off(session, task, result=result, done_on=day, today=date(2023, 4, 3), by=BY, at=AT)


def close(database: Database, plan: Plan, today: date = date(2023, 4, 3)) -> str:
    with database.writing() as session:
        found = closing.close_round(session, session.get_one(Plan, plan.id), 6, TZ, today=today, by=BY, at=AT)
        return found.sha256


def changes(session: Session, plan: Plan) -> list[tuple[object, ...]]:
    """What changed since the round was closed, a cell a line."""
    version = closing.must_be_closed(session, plan, 6)
    return [
        (one.area, one.measure, one.step, one.cell, one.before, one.after)
        for one in changes_since(session, version, TZ)
    ]


def test_a_round_closes_only_after_its_last_day_and_only_once(database: Database, plan: Plan) -> None:
    with pytest.raises(ConflictError, match="2023-03-31"):
        close(database, plan, today=date(2023, 3, 31))
    close(database, plan)
    with pytest.raises(ConflictError, match="closed already"):
        close(database, plan)


def test_what_was_closed_stays_and_what_changed_is_shown(database: Database, plan: Plan) -> None:
    tick(database, "ลงเว็บไซต์แล้ว")
    close(database, plan)
    with database.reading() as session:
        stored = session.get_one(Plan, plan.id)
        before = render(report_of(closing.must_be_closed(session, stored, 6)), "docx")
        assert changes(session, stored) == []
    with database.writing() as session:
        task = session.scalars(select(Task)).one()
        progress.send_back(session, task, note="แนบหลักฐาน", by=BY, at=AT)
    with database.reading() as session:
        stored = session.get_one(Plan, plan.id)
        assert render(report_of(closing.must_be_closed(session, stored, 6)), "docx") == before
        found = changes(session, stored)
    assert found == [
        ("text", 1, None, "summary", "ลงเว็บไซต์แล้ว", "ยังไม่ได้รายงานผล (ครบกำหนด ๓๑ มีนาคม ๒๕๖๖)"),
        ("progress", 1, None, "progress", "1/1", "0/1"),
        ("task", 1, 1, "state", "done", "returned"),
        ("task", 1, 1, "done_on", "2023-03-14", None),
        ("task", 1, 1, "result", "ลงเว็บไซต์แล้ว", None),
    ]


def test_closing_again_without_a_change_gives_the_same_hash(database: Database, plan: Plan) -> None:
    tick(database, "ลงเว็บไซต์แล้ว")
    first = close(database, plan)
    with database.writing() as session:
        closing.reopen_round(session, session.get_one(Plan, plan.id), 6, why="ตรวจอีกครั้ง", by=BY, at=AT)
    assert close(database, plan) == first


def test_an_edit_is_kept_and_a_later_tick_shows_as_a_difference(database: Database, plan: Plan) -> None:
    def view(session: object) -> texts.ColumnView:
        stored = session.get_one(Plan, plan.id)  # type: ignore[attr-defined]
        measures = list(session.scalars(select(Measure)))  # type: ignore[attr-defined]
        return texts.column_views(session, stored, measures, 6, TZ, thai_digits=True)[0]  # type: ignore[arg-type]

    with database.writing() as session:
        texts.edit_text(session, view(session), 6, "เผยแพร่ครบถ้วน\nทางเว็บไซต์", by=BY, at=AT)
    with database.reading() as session:
        assert [paragraph.text for paragraph in view(session).printed] == ["เผยแพร่ครบถ้วน", "ทางเว็บไซต์"]
        assert not view(session).drifted
    tick(database, "ลงเว็บไซต์แล้ว")
    with database.reading() as session:
        assert [paragraph.text for paragraph in view(session).printed] == ["เผยแพร่ครบถ้วน", "ทางเว็บไซต์"]
        assert view(session).drifted
        assert [one.sentence for one in view(session).news] == ["ลงเว็บไซต์แล้ว"]
    with database.writing() as session:
        texts.edit_text(session, view(session), 6, " ", by=BY, at=AT)
    with database.reading() as session:
        assert [paragraph.text for paragraph in view(session).printed] == ["ลงเว็บไซต์แล้ว"]


def test_a_correction_waits_until_the_twelve_month_round_is_open_again(database: Database, plan: Plan) -> None:
    corrected = TABLE.replace("ลงเว็บไซต์".encode(), "ลงเว็บไซต์และติดประกาศ".encode())
    with database.writing() as session:
        stored = session.get_one(Plan, plan.id)
        closing.close_round(session, stored, 12, TZ, today=date(2023, 10, 2), by=BY, at=AT)

    def correct(source: bytes) -> None:
        draft = read_plan(source, "plan.txt", 2566)
        with database.writing() as session:
            agency = session.get_one(Agency, plan.agency_id)
            import_plan(session, agency, draft, source, "plan.txt", tz=TZ, by=BY, at=AT)

    correct(TABLE)
    with pytest.raises(ConflictError, match="open it again"):
        correct(corrected)
    with database.writing() as session:
        closing.reopen_round(session, session.get_one(Plan, plan.id), 12, why="แก้ไขแผน", by=BY, at=AT)
    correct(corrected)
    with database.reading() as session:
        assert session.scalars(select(Task)).one().title == "ลงเว็บไซต์และติดประกาศ"
