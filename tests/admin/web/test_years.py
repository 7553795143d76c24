"""Which year the pages show: today's where none is named, any other with a badge, and the report of the year before."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask

from tests.admin.conftest import Visitor, compact
from tests.factories import World
from tracker.models import Plan
from tracker.store.db import Database

BADGE = "ไม่ใช่ปีปัจจุบัน"
CLOSE = "/reports/2566/12/close/"


@pytest.fixture(autouse=True)
def in_october() -> Iterator[None]:
    """The tenth day of fiscal year 2567."""
    with time_machine.travel(datetime(2023, 10, 10, 3, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def coordinator(app: Flask, ours: World) -> Visitor:
    return signed_in(app, ours, "coordinator")


def signed_in(app: Flask, ours: World, who: str) -> Visitor:
    visitor = Visitor(app.test_client())
    visitor.sign_in(ours.email(who))
    return visitor


@pytest.fixture
def new_plan(database: Database, ours: World) -> None:
    with database.writing() as session:
        at = datetime(2023, 10, 2, tzinfo=UTC)
        session.add(Plan(agency_id=ours.agency_id, fiscal_year=2567, imported_at=at, source_name="plan.docx"))


@pytest.mark.usefixtures("new_plan")
def test_overview_and_reports_open_at_today_s_year_whatever_was_chosen(coordinator: Visitor) -> None:
    for page in ("/overview/", "/reports/", "/executive/"):
        assert BADGE not in coordinator.get(page).text
        old = compact(coordinator.get(f"{page}?year=2566").text)
        assert f"<b>ปีงบประมาณ ๒๕๖๖</b> {BADGE}" in re_spaced(old)
        assert BADGE in coordinator.get("/all-tasks/").text
        assert BADGE not in coordinator.get(page).text
        assert BADGE not in coordinator.get("/all-tasks/").text


def re_spaced(page: str) -> str:
    return page.replace("</b>ไม่", "</b> ไม่")


@pytest.mark.usefixtures("new_plan")
def test_a_round_s_pages_keep_their_year_in_the_address_and_say_it(coordinator: Visitor) -> None:
    assert BADGE in coordinator.get(CLOSE).text
    assert BADGE not in coordinator.get(CLOSE.replace("2566", "2567")).text
    assert BADGE not in coordinator.get("/plan/").text


@pytest.mark.usefixtures("new_plan")
def test_home_is_at_today_s_year(app: Flask, ours: World) -> None:
    head = signed_in(app, ours, "head2")
    assert BADGE in head.get("/tasks/?year=2566").text
    assert BADGE in head.get("/tasks/").text
    assert head.get("/").location == "/tasks/"
    assert BADGE not in head.get("/tasks/").text


def test_where_the_year_has_no_plan_the_badge_says_so_instead_of_leading_there(coordinator: Visitor) -> None:
    page = coordinator.get("/overview/").text
    assert "ปีปัจจุบันยังไม่มีแผน" in page
    assert "ไปปีปัจจุบัน" not in page


@pytest.mark.usefixtures("new_plan")
def test_the_report_of_the_year_before_is_found_until_it_is_signed(
    app: Flask, coordinator: Visitor, ours: World
) -> None:
    mayor = signed_in(app, ours, "clerk")
    named = "รายงานรอบ ๑๒ เดือน ปีงบประมาณ ๒๕๖๖"

    def said_to(visitor: Visitor) -> list[bool]:
        pages = [compact(visitor.get(page).text) for page in ("/overview/", "/reports/", "/executive/")]
        assert all(f'href="{CLOSE}"' in page for page in pages)
        return [f"{named} {words}" in page for page in pages for words in ("ยังไม่ปิด", "ปิดแล้ว แต่ยังไม่ได้เสนอ", "รอลงนาม")]

    assert said_to(coordinator) == said_to(mayor) == [True, False, False] * 3
    coordinator.get(CLOSE)
    assert coordinator.post(CLOSE, {"sure": "y"}).status_code == 302
    assert said_to(coordinator) == [False, True, False] * 3
    coordinator.get(CLOSE)
    coordinator.post(CLOSE + "submit")
    assert said_to(coordinator) == [False, False, True] * 3
    for page in ("/reports/", "/executive/"):
        assert "รอท่านลงนาม" in mayor.get(page).text
    mayor.get(CLOSE)
    assert mayor.post(CLOSE + "approve").status_code == 302
    for visitor in (coordinator, mayor):
        for page in ("/overview/", "/reports/", "/executive/"):
            assert named not in visitor.get(page).text
