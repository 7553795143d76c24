"""A task beside the coordinator's list on a wide screen: the list stays, the address says it, Esc and back close it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.browser.conftest import Site, Window
from tests.browser.test_accessibility import violations
from tracker.models import Completion

OpenWindow = Callable[..., Window]
WORDS = "ชี้แจงในที่ประชุมแล้ว"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_task_opens_beside_the_list_and_is_done_there(window: OpenWindow, site: Site) -> None:
    desk = window(1440, 900)
    desk.sign_in("coordinator")
    desk.open("/all-tasks/?sort=-due")
    page, link = desk.page, desk.page.locator("tr.row th a").nth(2)
    task = (link.get_attribute("href") or "").rsplit("/", 1)[-1]
    row = page.locator("tr.row", has=page.locator(f"a[href='/tasks/{task}']"))
    page.locator("tr.row input[name=task]").first.check()
    link.press("Enter")
    beside, inside = page.locator("aside.task-beside"), page.frame_locator("aside.task-beside iframe")
    expect(inside.locator("h1")).to_be_focused()
    expect(inside.locator(".bar")).to_be_hidden()
    expect(page).to_have_url(f"{site.url}/all-tasks/?sort=-due&task={task}")
    expect(row.locator("th a")).to_have_attribute("aria-current", "true")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert inside.locator("html").evaluate("(one) => one.scrollWidth <= one.clientWidth")
    assert violations(desk) == []
    inside.locator("#result").fill(WORDS)
    inside.locator("form[data-send] .sticky button.primary").click()
    expect(inside.locator(".undo")).to_be_visible()
    expect(row).to_have_class("row gone")  # the filter leaves what is open
    expect(page.locator("tr.row input[name=task]").first).to_be_checked()
    inside.locator("h1").press("Escape")
    expect(beside).to_have_count(0)
    expect(page).to_have_url(f"{site.url}/all-tasks/?sort=-due")
    expect(row.locator("th a")).to_be_focused()
    with site.database.reading() as session:
        assert session.scalars(select(Completion.result)).all() == [WORDS]


def test_back_closes_it_and_a_reload_opens_it_again(window: OpenWindow) -> None:
    desk = window(1440, 900)
    desk.sign_in("coordinator")
    desk.open("/all-tasks/")
    page, beside = desk.page, desk.page.locator("aside.task-beside")
    names = page.locator("tr.row th a")
    for place in (0, 1):
        names.nth(place).click()
        expect(names.nth(place)).to_have_attribute("aria-current", "true")
        expect(page.frame_locator("iframe").locator("h1")).to_be_focused()
    page.go_back()
    expect(names.nth(0)).to_have_attribute("aria-current", "true")
    page.reload()
    expect(names.nth(0)).to_have_attribute("aria-current", "true")
    page.go_back()
    expect(beside).to_have_count(0)
    page.go_forward()
    beside.get_by_role("button").click()
    expect(beside).to_have_count(0)
    names.nth(0).click(modifiers=["Control"])  # a tab of its own, as ever
    expect(beside).to_have_count(0)


@pytest.mark.parametrize(("width", "scripts"), [(360, True), (911, True), (1440, False)])
def test_on_a_phone_and_without_scripts_the_task_is_a_page(
    window: OpenWindow, site: Site, width: int, scripts: bool
) -> None:
    one = window(width, 740, scripts=scripts)
    one.sign_in("coordinator")
    one.open("/all-tasks/")
    link = one.page.locator("tr.row th a").first
    address = link.get_attribute("href") or ""
    link.click()
    one.page.wait_for_url(f"{site.url}{address}")
    expect(one.page.locator(".bar .back")).to_be_visible()
    if scripts:  # an address that was copied on a wide screen
        one.page.goto(f"{site.url}/all-tasks/?task={address.rsplit('/', 1)[-1]}")
        one.page.wait_for_url(f"{site.url}{address}")
