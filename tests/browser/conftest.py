"""A real browser on a real gunicorn: Debian's Chromium, one server a test, SQLite and PostgreSQL."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import update

from tests.browser.installation import PATIENCE, browser_path
from tests.browser.plays import Play
from tests.browser.web_server import running_web
from tests.factories import PASSWORD, World, build_world
from tracker import clock
from tracker.models import Account
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.thai.calendar import fiscal_year_of

_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=_ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Site:
    """A running web server, and the agency that it serves."""

    url: str
    world: World
    database: Database
    settings: Settings

    def read_in(self, language: str) -> None:
        """Everybody's account has chosen this language."""
        with self.database.writing() as session:
            session.execute(update(Account).values(language=language))


@pytest.fixture
def fiscal_year() -> int:
    """The year of the site's plan: the current one."""
    return fiscal_year_of(clock.today(Settings(_env_file=None).zone))


@pytest.fixture
def site(database_url: str, tmp_path: Path, fiscal_year: int) -> Iterator[Site]:
    settings = Settings(_env_file=None, data_dir=tmp_path / "data", database_url=database_url)
    database = Database(database_url)
    with database.writing() as session:
        world = build_world(session, fiscal_year=fiscal_year)
    with running_web(settings) as url:
        yield Site(url, world, database, settings)
    database.dispose()


@dataclass
class Window:
    """A page of the browser that remembers what went wrong on it."""

    page: Page
    site: Site
    complaints: list[str] = field(default_factory=list)

    def sign_in(self, who: str) -> None:
        self.page.goto(f"{self.site.url}/sign-in")
        self.page.fill("input[name=email]", self.site.world.email(who))
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main form button")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def open(self, path: str) -> None:
        answer = self.page.goto(f"{self.site.url}{path}")
        assert answer is not None
        assert answer.status == 200, path


@pytest.fixture
def window(chromium: Browser, site: Site) -> Iterator[Callable[..., Window]]:
    """Opens a window of a size; nothing may have been refused or have failed on it by the end of the test."""
    opened: list[Window] = []

    def open_(
        width: int = 390, height: int = 844, *, scripts: bool = True, dark: bool = False, play: Play | None = None
    ) -> Window:
        screen = {"viewport": {"width": width, "height": height}, "locale": "th-TH"}
        context = chromium.new_context(
            **(play.screen if play else screen),
            java_script_enabled=scripts,
            accept_downloads=True,
            color_scheme="dark" if dark else "light",
        )
        context.set_default_timeout(PATIENCE * 1000)
        found = Window(context.new_page(), site)
        found.page.on("console", lambda message: _note(found, message.type, message.text))
        found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
        found.page.on("requestfailed", lambda request: _note_failed(found, request.url, request.failure))
        opened.append(found)
        return found

    yield open_
    for one in opened:
        one.page.context.close()
        assert one.complaints == []


def _note(window: Window, kind: str, text: str) -> None:
    if kind in ("error", "warning"):
        window.complaints.append(text)


def _note_failed(window: Window, url: str, failure: str | None) -> None:
    if failure != "net::ERR_ABORTED":  # a download ends its navigation so
        window.complaints.append(f"{url}: {failure}")
