"""Send now says to whom and by what, and that the office is closed, before it sends; the next working day is shown."""

from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from tests.admin.conftest import Visitor, compact
from tests.factories import World
from tracker.models import Agency, Delivery, Digest
from tracker.store.db import Database

SUNDAY = datetime(2023, 3, 26, 3, tzinfo=UTC)


@pytest.fixture
def coordinator(app: Flask, ours: World, database: Database) -> Visitor:
    with database.writing() as session:
        session.get_one(Agency, ours.agency_id).reminders_from = datetime(2022, 10, 3, tzinfo=UTC).date()
    visitor = Visitor(app.test_client())
    with time_machine.travel(SUNDAY, tick=False):
        visitor.sign_in(ours.email("coordinator"))
    return visitor


def planned(database: Database) -> int:
    with database.reading() as session:
        both = (session.scalar(select(func.count()).select_from(one)) or 0 for one in (Digest, Delivery))
        return sum(both)


def test_it_says_whom_by_what_and_that_it_is_sunday_and_sends_nothing(coordinator: Visitor, database: Database) -> None:
    with time_machine.travel(SUNDAY, tick=False):
        assert 'href="/reminders/send"' in coordinator.get("/reminders/").text
        page = compact(coordinator.get("/reminders/send").text)
    assert "วันนี้ไม่ใช่วันทำการ (วันอาทิตย์)" in page
    assert "<b>หัวหน้ากองคลัง</b>" in page
    assert "ตู้ข้อความ" in page or "กล่องข้อความ" in page or "ในระบบ" in page
    assert "<h1>ถ้าส่งตอนนี้ จะเตือน" in page
    assert planned(database) == 0


def test_on_a_working_day_it_warns_of_nothing(coordinator: Visitor) -> None:
    with time_machine.travel(datetime(2023, 3, 27, 3, tzinfo=UTC), tick=False):
        assert "วันนี้ไม่ใช่วันทำการ" not in coordinator.get("/reminders/send").text


def test_before_the_reminders_are_on_it_says_so(coordinator: Visitor, database: Database, ours: World) -> None:
    with database.writing() as session:
        session.get_one(Agency, ours.agency_id).reminders_from = None
    with time_machine.travel(SUNDAY, tick=False):
        page = coordinator.get("/reminders/send").text
    assert "ยังไม่ได้เปิดการแจ้งเตือน" in page
    assert "ตอนนี้ไม่มีใครต้องเตือน" in page


def test_the_preview_shows_everybody_s_message_of_the_next_working_day(
    coordinator: Visitor, database: Database
) -> None:
    with time_machine.travel(SUNDAY, tick=False):
        page = compact(coordinator.get("/reminders/preview/").text)
    assert "วันทำการถัดไปจะมีข้อความถึง" in page
    assert "วันจันทร์ที่ ๒๗ มีนาคม ๒๕๖๖" in page
    for name in ("สำนักปลัด", "กองคลัง", "กองช่าง", "กองการศึกษา"):
        assert f"<b>หัวหน้า{name}</b>" in page
    assert planned(database) == 0
