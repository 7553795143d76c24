"""The coordinator's task list in a real browser: how much of it is in sight, its keys, and its cards on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from tests.browser.conftest import Site, Window
from tests.browser.test_accessibility import violations
from tracker import clock
from tracker.models import Account, Unit

OpenWindow = Callable[..., Window]
LEAST_IN_SIGHT = 15
LEAST_FOR_A_UNIT = 120
"""Pixels that a unit's name needs to be told from another one's."""
_IN_SIGHT = """() => [...document.querySelectorAll("tr.row")].filter((row) => {
  const box = row.getBoundingClientRect();
  return box.top >= 0 && box.bottom <= window.innerHeight;
}).length"""
_THAI = """([code, key]) => document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", { code, key, bubbles: true, cancelable: true }))"""
_HEIGHTS = (
    """() => [...document.querySelectorAll("tr.row")].map((row) => Math.round(row.getBoundingClientRect().height))"""
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def desk(window: OpenWindow, site: Site) -> Window:
    """The coordinator's, without the notice of the second factor, which a new account does not have yet."""
    with site.database.writing() as session:
        session.execute(update(Account).values(created_at=clock.now()))
    one = window(1440, 900)
    one.sign_in("coordinator")
    return one


def test_fifteen_tasks_are_in_sight_at_once(desk: Window) -> None:
    desk.open("/all-tasks/")
    heights = desk.page.evaluate(_HEIGHTS)
    assert len(heights) >= LEAST_IN_SIGHT
    assert set(heights) <= {30, 31}
    assert desk.page.evaluate(_IN_SIGHT) >= LEAST_IN_SIGHT
    assert desk.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    desk.page.get_by_role("link", name="สบายตา").click()
    expect(desk.page.locator("table.tasks.wide")).to_be_visible()
    assert set(desk.page.evaluate(_HEIGHTS)) <= {44, 45}
    desk.open("/all-tasks/")
    expect(desk.page.locator("table.tasks.wide")).to_be_visible()


def test_whose_task_it_is_stands_in_sight_on_every_width(desk: Window) -> None:
    for width in (700, 768, 911, 1180, 1280, 1366, 1440):
        desk.page.set_viewport_size({"width": width, "height": 800})
        desk.open("/all-tasks/")
        column = desk.page.locator("table.tasks tr.row .c-unit").first.evaluate("cell => cell.clientWidth")
        assert column >= LEAST_FOR_A_UNIT, width


def test_a_unit_of_a_long_name_makes_no_page_wider(desk: Window, site: Site) -> None:
    with site.database.writing() as session:
        unit = session.get_one(Unit, site.world.units["กองคลัง"])
        unit.name = "คณะกรรมการขับเคลื่อนการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ"
    for width in (320, 360, 480, 768):
        desk.page.set_viewport_size({"width": width, "height": 800})
        desk.open("/all-tasks/")
        assert desk.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width


def test_the_keys_move_choose_open_and_clear(desk: Window) -> None:
    desk.open("/all-tasks/")
    rows = desk.page.locator("tr.row")
    bar = desk.page.get_by_role("button", name="ทำกับงานที่เลือก")
    desk.page.keyboard.press("j")
    desk.page.keyboard.press("j")
    expect(rows.nth(1).locator("th a")).to_be_focused()
    desk.page.keyboard.press("x")
    desk.page.evaluate(_THAI, ["KeyJ", "่"])
    desk.page.evaluate(_THAI, ["KeyX", "ป"])
    expect(bar).to_have_text("ทำกับงานที่เลือก (๒)")
    desk.page.keyboard.press("Escape")
    expect(bar).to_have_text("ทำกับงานที่เลือก")
    desk.page.keyboard.press("k")
    expect(rows.nth(1).locator("th a")).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("aside.task-beside")).to_be_visible()


@pytest.mark.parametrize(
    "path", ["/all-tasks/", "/all-tasks/?group=due&state=all", "/all-tasks/?view=calendar&state=all"]
)
def test_on_a_phone_groups_are_cards_and_nothing_runs_off(desk: Window, path: str) -> None:
    desk.page.set_viewport_size({"width": 360, "height": 800})
    desk.open(path)
    assert desk.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert violations(desk) == []
    desk.page.set_viewport_size({"width": 1440, "height": 900})
    assert violations(desk) == []
