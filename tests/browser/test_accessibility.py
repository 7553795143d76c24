"""No page has a violation that axe-core finds, at a phone's and at a desk's width."""

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Window
from tests.browser.test_every_page import COORDINATOR_PAGES, HEAD_PAGES

OpenWindow = Callable[..., Window]

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""Up to WCAG 2.2 AA, and axe-core's own good practice."""
STRANGER_PAGES = ("/sign-in", "/nowhere", "/invitation/unknown")
DESK_PAGES = (
    "/search/?q=คู่มือ", "/calendar/", "/plan/copy/", "/reminders/preview", "/reports/{year}/6/edit/",
    "/reports/{year}/12/close/", "/reports/template/", "/reports/{year}/6/proof/", "/reports/{year}/6/ita/",
    "/ita/{year}/", "/reports/{year}/6/plannacc/", "/memo/late", "/memo/round/{year}/6", "/reports/{year}/6/publish/",
    "/reports/{year}/6/verify/", "/reports/{year}/6/files/", "/reports/{year}/6/style/",
)  # fmt: skip
OWN_PAGES = ("/account/second-factor/", "/account/signed-in/", "/account/reminders")


def violations(window: Window) -> list[str]:
    """What axe-core finds on the window's page."""
    return violations_on(window.page)


def violations_on(page: Page) -> list[str]:
    """What axe-core finds on the page that is open, a line each. It runs through the debugger, beside the policy."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE})
    asked = f"axe.run(document, {{runOnly: {RULES}, resultTypes: ['violations']}}).then((found) => found.violations)"
    answer: dict[str, Any] = session.send(
        "Runtime.evaluate", {"expression": asked, "awaitPromise": True, "returnByValue": True}
    )
    return [
        f"{one['id']}: {node['html'][:160]} ({' '.join((node.get('failureSummary') or '').split())[:300]})"
        for one in answer["result"]["value"]
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize(
    ("who", "pages"),
    [
        (None, STRANGER_PAGES),
        ("head2", (*HEAD_PAGES, *OWN_PAGES)),
        ("coordinator", (*COORDINATOR_PAGES, *DESK_PAGES, *OWN_PAGES)),
        ("mayor", ("/executive/", "/overview/", "/all-tasks/", "/reports/")),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_page_has_a_violation(window: OpenWindow, width: int, who: str | None, pages: tuple[str, ...]) -> None:
    one = window(width)
    task, world = "", one.site.world
    if who:
        one.sign_in(who)
        one.open("/tasks/" if who == "head2" else "/all-tasks/")
        link = one.page.locator("main a[href^='/tasks/']").first
        task = (link.get_attribute("href") or "").rsplit("/", 1)[-1]
    found = {}
    for path in pages:
        values = {"task": task, "unit": world.units["กองคลัง"], "agency": world.agency_id, "year": world.fiscal_year}
        one.page.goto(one.site.url + path.format(**values))
        if broken := violations(one):
            found[path] = broken
    if who == "coordinator":
        one.open("/account/second-factor/")
        one.page.locator("main form button").click()
        one.page.locator("main img").wait_for()
        found |= {"the QR code": broken} if (broken := violations(one)) else {}
    one.complaints[:] = [text for text in one.complaints if "404" not in text]
    assert found == {}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_check_finds_what_is_wrong(window: OpenWindow) -> None:
    one = window(1440)
    one.page.goto(f"{one.site.url}/sign-in")
    one.page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    assert [line.partition(":")[0] for line in violations(one)] == ["label"]
