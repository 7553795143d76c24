"""The desk that links a phone: the page with the code turns to เชื่อมแล้ว by itself, and slips are one a person."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, Window
from tests.line_content import SECRET, TalkServer, running_talk
from tests.line_server import TOKEN
from tracker import clock
from tracker.line.linking import use_code
from tracker.settings import secret_key

OpenWindow = Callable[..., Window]
USER = f"U{7:032x}"


@pytest.fixture(autouse=True)
def talk(monkeypatch: pytest.MonkeyPatch) -> Iterator[TalkServer]:
    """LINE's stand-in, set up before the web server starts."""
    with running_talk() as server:
        server.account = {
            "userId": f"U{9:032x}",
            "basicId": "@000abcde",
            "displayName": "มาตรการ อบต.ตัวอย่าง",
            "chatMode": "bot",
            "markAsReadMode": "auto",
        }
        for name, value in {
            "LINE_API_BASE": server.url,
            "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
            "LINE_CHANNEL_SECRET": SECRET,
        }.items():
            monkeypatch.setenv(f"TRACKER_{name}", value)
        yield server


def test_the_desk_hears_of_the_link_by_itself(window: OpenWindow, site: Site) -> None:
    desk = window(1440, 900)
    desk.sign_in("coordinator")
    desk.open("/people/line")
    page = desk.page
    page.locator(f"form[action='/people/{site.world.members['head3']}/line-code'] button").click()
    expect(page.locator("[data-waits]")).to_be_visible()
    expect(page.locator("[data-is-linked]")).to_be_hidden()
    expect(page.locator("[data-print]")).to_be_visible()
    code = page.locator("dd b").inner_text()
    with site.database.writing() as session:
        key, at = secret_key(site.settings), clock.now()
        assert use_code(session, USER, code.replace("-", ""), key, "ช่างธารสายรุ้ง", at, at).outcome == "linked"
    expect(page.locator("[data-is-linked]")).to_be_visible()
    expect(page.locator("[data-line-name]")).to_have_text("“ช่างธารสายรุ้ง”")
    expect(page.locator("[data-waits]")).to_be_hidden()


def test_slips_stand_on_paper_one_a_person(window: OpenWindow, site: Site) -> None:
    desk = window(1440, 900)
    desk.sign_in("coordinator")
    desk.open("/people/line")
    page = desk.page
    page.locator("form[action='/people/line/slips'] button").click()
    expect(page.locator(".slip")).to_have_count(len(site.world.members))
    expect(page.locator(".slip img.qr")).to_have_count(len(site.world.members))
    page.emulate_media(media="print")
    expect(page.locator("[data-print]")).to_be_hidden()
    expect(page.locator("header.bar")).to_be_hidden()
    heights = page.locator(".slip").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert max(heights) < 540, "two rows of slips fit on A4"
