"""Invitations one after the other: copied whole or as a link, or handed to the telephone's own sheet."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, Window
from tests.browser.web_server import running_web
from tests.factories import build_world
from tracker import clock
from tracker.models import Member
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.thai.calendar import fiscal_year_of

OURS = "http://khaowao.example.go.th"
SHARED = "navigator.share = (what) => { window.shared = what.text; return Promise.resolve(); };"


@pytest.fixture
def site(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Site]:
    """An agency whose address telephones can open, and two heads who have no sign-in yet."""
    sqlite_url = f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'tracker.sqlite3')}"
    settings = Settings(_env_file=None, data_dir=tmp_path / "data", database_url=sqlite_url)
    database = Database(sqlite_url)
    with database.writing() as session:
        world = build_world(session, fiscal_year=fiscal_year_of(clock.today(settings.zone)))
        for who in ("head2", "head3"):
            member = session.get_one(Member, world.members[who])
            member.account_id, account = None, member.account
            session.flush()
            session.delete(account)
    with running_web(settings, OURS) as url:
        yield Site(url, world, database, settings)
    database.dispose()


def given(page: Page) -> str | None:
    return page.locator("progress.given").evaluate("bar => `${bar.value} / ${bar.max}`")


def prepared(window: Window) -> Page:
    window.sign_in("coordinator")
    window.open("/people/invitations/")
    window.page.click("text=เตรียมคำเชิญ")
    return window.page


def test_the_link_alone_is_copied_and_counts_as_given(window: Callable[..., Window]) -> None:
    visit = window(1440)
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = prepared(visit)
    assert given(page) == "6 / 8"
    page.locator("#next").get_by_role("button", name="เฉพาะลิงก์").click()
    expect(page.locator(".copied", has_text="คัดลอกแล้ว")).to_have_count(1)
    assert page.evaluate("navigator.clipboard.readText()").startswith(f"{OURS}/invitation/")
    assert given(page) == "7 / 8"
    page.keyboard.press("Enter")
    expect(page.locator(".copied", has_text="คัดลอกแล้ว")).to_have_count(2)
    assert "เรียน หัวหน้ากองช่าง" in page.evaluate("navigator.clipboard.readText()")
    assert given(page) == "8 / 8"


def test_a_telephone_hands_the_message_to_its_own_sheet(window: Callable[..., Window], chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    phone = Window(context.new_page(), window(360).site)
    phone.page.add_init_script(SHARED)
    page = prepared(phone)
    page.locator("#next").get_by_role("button", name="ส่งเข้า LINE").click()
    expect(page.locator(".copied", has_text="คัดลอกแล้ว")).to_have_count(1)
    assert "เรียน หัวหน้ากองคลัง" in page.evaluate("window.shared")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()
