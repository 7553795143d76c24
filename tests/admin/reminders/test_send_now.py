"""Send now says to whom and by what, and that the office is closed, before it sends; the next working day is shown."""

from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import func, select

from admin.app import create_app
from tests.admin.conftest import Visitor, compact
from tests.factories import World
from tracker.models import Agency, Delivery, Digest, UnitPrompt
from tracker.settings import Settings
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


@pytest.mark.usefixtures("coordinator")
def test_nothing_that_she_looks_at_holds_a_link_of_its_reader(
    database: Database, settings: Settings, ours: World
) -> None:
    """Whoever opens such a link answers, reads and chooses in the reader's name, without a password."""
    visitor = Visitor(
        create_app(settings.model_copy(update={"smtp_url": SecretStr("smtp://127.0.0.1:9")}), database).test_client()
    )
    with time_machine.travel(SUNDAY, tick=False):
        visitor.sign_in(ours.email("coordinator"))
        for address in ("/reminders/send", "/reminders/preview/", f"/reminders/first/?person={ours.members['head2']}"):
            page = visitor.get(address).text
            assert f"{settings.base_url}/tasks/" in page
            assert "/seen/" not in page
            assert "/done/" not in page


def test_who_was_reminded_by_a_superior_today_is_still_reminded(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    head, unit = ours.members["head2"], ours.units["กองคลัง"]
    with database.writing() as session:
        asked = UnitPrompt(agency_id=ours.agency_id, unit_id=unit, on=SUNDAY.date(), asked_as="ปลัด", created_at=SUNDAY)
        session.add(asked)
        session.flush()
        digest = Digest(
            agency_id=ours.agency_id, member_id=head, on=SUNDAY.date(), prompt_id=asked.id, created_at=SUNDAY
        )
        session.add(digest)
    with time_machine.travel(SUNDAY, tick=False):
        assert "<b>หัวหน้ากองคลัง</b>" in compact(coordinator.get("/reminders/send").text)
