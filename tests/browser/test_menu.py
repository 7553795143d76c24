"""The menu, open, in every width and for every role: nothing of it is off the screen; and the keys of the search."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, Window
from tests.factories import PASSWORD, add_operator

OpenWindow = Callable[..., Window]
WIDTHS = (320, 360, 414, 700, 768, 1000)
_OFF_SCREEN = """() => {
  const menu = document.querySelector("details.me[open] .me-panel");
  const parts = [...document.querySelectorAll(".bar a, .bar button, .bar summary"), ...(menu ? [menu] : [])];
  const wide = window.innerWidth;
  const off = parts.filter((part) => part.checkVisibility()).filter((part) => {
    const box = part.getBoundingClientRect();
    return box.left < 0 || box.right > wide || box.top + window.scrollY < 0;
  }).map((part) => part.textContent.trim());
  return document.documentElement.scrollWidth > wide ? [...off, "the page is wider than the screen"] : off;
}"""
_SEEN = """() => [...document.querySelectorAll(".bar nav a")].filter((link) => link.checkVisibility()).map((link) => {
  const box = link.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return [link.textContent.trim(), link.contains(top) || box.bottom > window.innerHeight];
})"""

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("who", ["head2", "mayor", "coordinator", "operator"])
def test_no_part_of_the_open_menu_is_off_the_screen(window: OpenWindow, site: Site, who: str, language: str) -> None:
    one = window(360, 740)
    if who == "operator":
        with site.database.writing() as session:
            add_operator(session)
        one.page.goto(f"{site.url}/sign-in")
        one.page.fill("input[name=email]", "operator@host.example")
        one.page.fill("input[name=password]", PASSWORD)
        one.page.click("main form button")
        one.page.wait_for_url(lambda url: "/sign-in" not in url)
    else:
        one.sign_in(who)
    if language == "en":
        one.page.get_by_role("button", name="English").click()
        expect(one.page.locator("html")).to_have_attribute("lang", "en")
    for width in WIDTHS:
        one.page.set_viewport_size({"width": width, "height": 740})
        one.open("/account/")
        one.page.locator("details.me summary").click()
        expect(one.page.locator(".me-panel")).to_be_visible()
        assert one.page.evaluate(_OFF_SCREEN) == [], width
        if width >= 700:
            one.page.keyboard.press("Escape")  # the panel may lie over the row of the menu
            expect(one.page.locator(".me-panel")).to_be_hidden()
        seen = one.page.evaluate(_SEEN)
        assert seen, width
        assert [name for name, free in seen if not free] == [], width


def test_ctrl_k_and_slash_lead_to_the_search(window: OpenWindow) -> None:
    one = window(1440, 900)
    one.sign_in("coordinator")
    one.open("/plan/")
    one.page.keyboard.press("/")
    field = one.page.get_by_role("searchbox", name="ค้นหา")
    expect(field).to_be_focused()
    one.page.keyboard.press("Escape")
    expect(field).to_be_hidden()
    one.page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    one.page.keyboard.type("คู่มือ / ปฏิบัติ")  # a slash that is typed is a slash
    one.page.keyboard.press("Enter")
    one.page.wait_for_url("**/search/?q=*")
    expect(one.page.locator("#q")).to_have_value("คู่มือ / ปฏิบัติ")
    one.page.keyboard.press("/")
    expect(one.page.locator("#q")).to_be_focused()
    one.open("/all-tasks/")
    one.page.keyboard.press("/")
    expect(one.page.locator("#f-q")).to_be_focused()
    one.page.keyboard.press("Control+k")
    expect(field).to_be_focused()


def test_without_scripts_the_search_is_a_page(window: OpenWindow) -> None:
    one = window(360, 740, scripts=False)
    one.sign_in("head2")
    one.page.locator("details.me summary").click()
    one.page.get_by_role("link", name="ค้นหา").click()
    one.page.wait_for_url("**/search/")
    one.page.fill("#q", "คู่มือ")
    one.page.locator("main form button").click()
    expect(one.page.locator("mark").first).to_be_visible()
