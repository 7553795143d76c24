"""April's closing: the coordinator writes, closes and hands over, the ปลัด signs, and a stranger reads it."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.conftest import Site, Window
from tests.browser.plays import Play, plays
from tests.browser.test_accessibility import violations
from tests.factories import TEST
from tracker import clock
from tracker.models import ReportVersion, Task
from tracker.services.tasks import progress
from tracker.settings import Settings
from tracker.thai.calendar import fiscal_year_of

OpenWindow = Callable[..., Window]
RESULT, OUTCOME = "ชี้แจงแผนในที่ประชุมหัวหน้าส่วนราชการ", "บุคลากรทุกคนรู้แผนการใช้จ่าย"


@pytest.fixture
def fiscal_year() -> int:
    """A year whose rounds are over, whatever day it is."""
    return fiscal_year_of(clock.today(Settings(_env_file=None).zone)) - 1


@plays("april")
def test_a_round_is_written_closed_signed_and_published(window: OpenWindow, site: Site, play: Play) -> None:
    site.read_in(play.language)
    year, say = site.world.fiscal_year, play.say
    first_due = date(year - 544, 10, 31)
    with site.database.writing() as session:
        due = select(Task).where(Task.plan_id == site.world.plan_id, Task.due_on == first_due)
        for task in session.scalars(due):
            progress.tick_off(session, task, result=RESULT, done_on=first_due, today=first_due, by=TEST, at=clock.now())
    desk = window(play=play)
    desk.sign_in("coordinator")
    page = desk.page
    desk.open(f"/reports/{year}/6/edit/")
    _sound(desk, play)
    _write(page, play, OUTCOME)
    desk.open(f"/reports/{year}/6/close/")
    _sound(desk, play)
    page.get_by_role("button", name=say("Close the round")).click()
    page.locator("#sure").check()  # the second measure has no result
    _sound(desk, play)
    page.locator("form:has(#sure) button.primary").click()
    page.get_by_role("button", name=say("Submit for signature")).click()
    expect(page.locator("section", has=page.locator("#sign")).locator(".chip.done")).to_be_visible()
    _sound(desk, play)

    executive = window(play=play)
    executive.sign_in("clerk")
    executive.open("/executive/")
    _sound(executive, play)
    executive.page.get_by_role("link", name=say("Read and sign")).click()
    executive.page.get_by_role("button", name=say("Approve and sign")).click()
    expect(executive.page.get_by_role("button", name=say("Approve and sign"))).to_have_count(0)

    desk.open(f"/reports/{year}/6/publish/")
    page.locator("#slug").fill("tua-example")
    page.locator("#local").check()
    _sound(desk, play)
    page.get_by_role("button", name=say("Publish like this")).click()
    expect(page.locator("form[action$='/undo']")).to_be_visible()
    with site.database.reading() as session:
        [version] = session.scalars(select(ReportVersion))
        assert version.signed_on is not None

    stranger = window(play=play)
    stranger.open(f"/public/tua-example/{year}/6" + ("?lang=en" if play.language == "en" else ""))
    expect(stranger.page.locator("main")).to_contain_text(OUTCOME)
    expect(stranger.page.locator("main")).to_contain_text(RESULT)
    _sound(stranger, play)


def _write(page: Page, play: Play, outcome: str) -> None:
    """The outcome of the measure that everybody owes each month."""
    measure = page.locator(".measures a").nth(2)
    measure.click()
    number = measure.get_attribute("data-measure")
    cell = page.locator(f"#outcome-{number}")
    if play.size != "desk":  # a narrow screen has a tab for each column
        page.locator(f"#measure-{number} .desk-tabs [data-tab=outcome]").click()
    cell.locator(".open-cell").click()
    expect(cell.locator("textarea")).to_be_focused()
    page.keyboard.type(outcome)
    page.locator("[data-save]").click()
    expect(page.locator(".notice.good")).to_be_visible()


def _sound(one: Window, play: Play) -> None:
    expect(one.page.locator("html")).to_have_attribute("lang", play.language)
    assert one.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), one.page.url
    assert violations(one) == [], one.page.url
