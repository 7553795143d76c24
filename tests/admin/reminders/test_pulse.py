"""The overview says when reminders go out next, and whether beat, worker and sweep live."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.admin.conftest import NOON, Visitor
from tests.factories import World
from tracker.models import DayOff, Heartbeat
from tracker.store.db import Database


def beat(database: Database, at: datetime, *names: str) -> None:
    with database.writing() as session:
        for name in names or ("beat", "worker host", "sweep"):
            session.merge(Heartbeat(name=name, at=at))


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2023-03-29 05:00", "แจ้งเตือนครั้งต่อไป ๒๙ มี.ค. ๖๖ เวลา ๑๒.๐๔ น."),
        ("2023-03-29 09:29", "แจ้งเตือนครั้งต่อไป ๓๐ มี.ค. ๖๖ เวลา ๐๘.๓๐ น."),
        ("2023-03-31 12:00", "แจ้งเตือนครั้งต่อไป ๓ เม.ย. ๖๖ เวลา ๐๘.๓๐ น."),
        ("2023-04-05 12:00", "แจ้งเตือนครั้งต่อไป ๗ เม.ย. ๖๖ เวลา ๐๘.๓๐ น."),
    ],
)
def test_the_next_reminders_keep_working_hours_and_days(
    coordinator: Visitor, database: Database, at: str, words: str
) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    beat(database, moment - timedelta(minutes=1))
    with time_machine.travel(moment, tick=False):
        assert words in coordinator.get("/overview/").text


def test_the_agencys_own_day_off_counts(coordinator: Visitor, database: Database, ours: World) -> None:
    beat(database, NOON)
    with database.writing() as session:
        session.add(DayOff(agency_id=ours.agency_id, on=NOON.date(), name="ปิดทำการ"))
    assert "แจ้งเตือนครั้งต่อไป ๓๐ มี.ค. ๖๖" in coordinator.get("/overview/").text


def test_what_is_silent_says_so(coordinator: Visitor, database: Database) -> None:
    page = coordinator.get("/overview/").text
    assert "ยังไม่เคยรายงานตัว" in page
    beat(database, NOON - timedelta(hours=2))
    beat(database, NOON, "worker other")
    page = coordinator.get("/overview/").text
    assert "การแจ้งเตือนหยุดอยู่" in page
    assert page.count("เงียบไป") == 2
    beat(database, NOON)
    page = coordinator.get("/overview/").text
    assert "หยุดอยู่" not in page


def test_heads_and_executives_see_no_machinery(stranger: Visitor, ours: World) -> None:
    stranger.sign_in(ours.email("mayor"))
    assert "ยังไม่เคยรายงานตัว" not in stranger.get("/overview/").text


def test_the_operator_reads_the_parts_in_words_with_their_names(stranger: Visitor, database: Database) -> None:
    beat(database, NOON - timedelta(hours=2), "worker host")
    beat(database, NOON, "beat")
    stranger.sign_in("operator@host.example")
    page = stranger.get("/operations/").text
    assert page.index("ตัวจับเวลา (beat)") < page.index("ทำงานอยู่") < page.index("ตัวส่งข้อความ (worker host)")
