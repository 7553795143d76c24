"""October from nothing: an empty installation to "these people get these messages", counted, without a terminal."""

import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.installation import PATIENCE, TRACKER, Installation, browser_path
from tests.browser.plays import Play, plays
from tests.browser.test_accessibility import violations_on
from tests.conftest import ROOT
from tests.smtp import Mailserver

MOST = 40
"""Interactions that the whole first day may take: clicks, fields, pastes, keys."""
HOST = "khaowao.example.go.th"
AGENCY = "องค์การบริหารส่วนตำบลเขาวาว"
PASSWORD = "น้ำใสไหลเย็น เห็นตัวปลา ๗๗"
PEOPLE = (ROOT / "tests" / "data" / "people_of_october.tsv").read_text(encoding="utf-8")
OWN_PLAN = """แผนปฏิบัติการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. ๒๕๖๖
องค์การบริหารส่วนตำบลเขาวาว
มาตรการ/แนวทาง\tขั้นตอน/วิธีปฏิบัติ\tหน่วยงานผู้รับผิดชอบ\tระยะเวลาดำเนินการ
๑. เผยแพร่แผนการใช้จ่าย\t๑. จัดทำแผน\tกองคลัง\tตุลาคม ๒๕๖๕ - กันยายน ๒๕๖๖
๒. พัฒนาเจ้าหน้าที่\t๑. จัดประชุม\tทุกส่วนราชการ\tทุกไตรมาส ปีงบประมาณ ๒๕๖๖
"""


@dataclass
class Hand:
    """What a coordinator does, counted; reading, looking and pasting into LINE are no interactions with us."""

    page: Page
    done: list[str] = field(default_factory=list)

    def click(self, words: str, *, within: str = "body", exact: bool = False) -> None:
        self.page.locator(within).get_by_role("button", name=words, exact=exact).first.click()
        self.done.append(f"click {words or within}")

    def fill(self, name: str, text: str) -> None:
        self.page.locator(f"[name={name}]").fill(text)
        self.done.append(f"fill {name}")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.done.append(f"press {key}")

    def paste(self, text: str) -> None:
        """Into what has the focus, as Ctrl+V does."""
        self.page.evaluate(
            """(text) => {
                const box = document.activeElement;
                box.dispatchEvent(new ClipboardEvent("paste", { bubbles: true }));
                box.value = text;
            }""",
            text,
        )
        self.done.append("paste")

    def choose_file(self, path: Path) -> None:
        """The button of the field, and the file in the window that opens."""
        self.page.set_input_files("input[type=file]", str(path))
        self.done += ["click the file's button", "choose the file"]


@dataclass
class Started:
    """An empty installation that telephones reach by its name, and the link that it printed."""

    url: str
    link: str
    browser: Browser


@pytest.fixture
def started(chromium: Browser, database_url: str, tmp_path: Path) -> Iterator[Started]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    on_sqlite = database_url.startswith("sqlite")
    installation = Installation(tmp_path, Mailserver(), None if on_sqlite else database_url)
    environment = installation.environment() | {"TRACKER_BASE_URL": f"http://{HOST}:{port}"}
    del environment["TRACKER_SMTP_URL"]
    printed = tmp_path / "printed.txt"
    with printed.open("wb") as out:
        process = subprocess.Popen(
            [TRACKER, "up", "--port", str(port)],
            env={**os.environ, **environment},
            cwd=tmp_path,
            stdout=out,
            stderr=out,
        )
    browser = chromium.browser_type.launch(
        executable_path=browser_path(),
        args=["--headless", "--no-sandbox", f"--host-resolver-rules=MAP {HOST} 127.0.0.1"],
    )
    try:
        installation.until(lambda: "Ctrl-C stops it." in printed.read_text() or process.poll() is not None, "no start")
        found = re.search(r"http://\S+/set-up/\S+", printed.read_text())
        assert found, printed.read_text()
        yield Started(f"http://{HOST}:{port}", found[0], browser)
    finally:
        browser.close()
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@plays("october")
def test_october_from_nothing(started: Started, play: Play, seed: bytes, tmp_path: Path) -> None:
    """The real report of the shared folder in Thai, a plan of our own in English."""
    path = tmp_path / "plan-2566.txt"
    path.write_bytes(seed if play.language == "th" else OWN_PLAN.encode())
    walk_through(started, play, path)


def walk_through(started: Started, play: Play, plan: Path) -> None:
    """The five steps; every page that is passed is looked at by axe."""
    context = started.browser.new_context(**play.screen)
    context.set_default_timeout(PATIENCE * 1000)
    page, say = context.new_page(), play.say
    complaints: list[str] = []
    page.on("console", lambda message: _note(complaints, message.type, message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    hand = Hand(page, ["the command", "open its link"])
    page.goto(started.link)
    if play.language == "en":
        hand.click("English")
        expect(page.locator("html")).to_have_attribute("lang", "en")
    _look(page, play, "1-agency")
    hand.fill("agency", AGENCY)
    hand.fill("name", "นางประสาน ดี")
    hand.fill("email", "plan@khaowao.example")
    hand.fill("password", PASSWORD)
    hand.press("Enter")

    page.wait_for_url("**/people/divisions/**")
    expect(page.locator("html")).to_have_attribute("lang", play.language)
    hand.click("งานนิติการ")
    expect(page.locator("[data-unit]")).to_have_count(7)
    hand.click("งานประชาสัมพันธ์")
    expect(page.locator("[data-unit]")).to_have_count(8)
    hand.click(say("Remove %(unit)s", unit="หน่วยตรวจสอบภายใน"))
    expect(page.get_by_role("button", name=say("Restore %(unit)s", unit="หน่วยตรวจสอบภายใน"))).to_be_visible()
    _look(page, play, "2-divisions")
    hand.click(say("Yes, go on to the people"))

    expect(page.locator("#text")).to_be_focused()
    _look(page, play, "3-people-before")
    hand.paste(PEOPLE)
    page.wait_for_url(re.compile(r"/people/import/[0-9a-f]{32}"))
    questions = page.locator(".person .question [role=group]")
    expect(questions).to_have_count(2)
    _look(page, play, "4-people-pasted")
    hand.click(say("Deputy"), exact=True)
    expect(questions).to_have_count(1)
    hand.click("กองสวัสดิการสังคม", exact=True)
    expect(questions).to_have_count(0)
    hand.click("", within=".going-on")

    page.wait_for_url(re.compile(r"/plan/import/(#|$)"))
    hand.choose_file(plan)
    _import(page, play, hand)

    page.goto(f"{started.url}/overview/")
    hand.done.append("click the overview")
    _look(page, play, "6-overview")
    hand.click(say("Prepare invitations"))
    expect(page.locator("#next .primary[data-message]")).to_be_focused()
    _look(page, play, "7-invitations")
    waiting = page.locator(".primary[data-message]").count()
    assert waiting == len(PEOPLE.splitlines()) - 1
    for number in range(1, waiting + 1):
        hand.press("Enter")
        expect(page.locator(".copied:not(:empty)")).to_have_count(number)
    hand.click(say("All sent, go on to step %(n)s", n=5))
    page.wait_for_url("**/reminders/first/**")
    _look(page, play, "8-first-messages")
    assert page.locator(".first-messages li").count() >= 2
    hand.click("", within="form[action$='/on']")
    expect(page.locator(".notice.good").first).to_be_visible()
    page.wait_for_url("**/overview/**")
    expect(page.locator(".first-day")).to_have_count(0)
    assert complaints == []
    context.close()
    print(f"October took {len(hand.done)} interactions: {'; '.join(hand.done)}")  # noqa: T201
    assert len(hand.done) <= MOST, hand.done


def _note(complaints: list[str], kind: str, text: str) -> None:
    """What the console says, but that a header is for https alone: the installation stands behind no proxy here."""
    if kind in ("error", "warning") and not text.startswith("The Cross-Origin-Opener-Policy header"):
        complaints.append(text)


def _import(page: Page, play: Play, hand: Hand) -> None:
    """Last year's report becomes this year's plan, and what nobody knows is answered later."""
    page.locator("[name=answer][value=shift]").click()
    hand.done.append("make this year's plan from it")
    store, asked = page.locator("[name=do][value=store]"), page.locator("[data-open]")
    expect(store.or_(asked).first).to_be_visible()
    _look(page, play, "5-plan")
    while left := asked.count():
        asked.first.locator("label.choice").first.click()
        hand.done.append("answer whose it is")
        expect(asked).to_have_count(left - 1)
    store.click()
    hand.done.append("save the plan")
    page.wait_for_url(re.compile(r"/plan/\?year="))


def _look(page: Page, play: Play, name: str) -> None:
    """What axe says of the page; pictures where a folder for them is named."""
    if folder := os.environ.get("OCTOBER_PICTURES"):
        page.screenshot(path=f"{folder}/{name}-{play.size}-{play.language}.png", full_page=True)
    assert violations_on(page) == [], name
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    widest = page.evaluate(
        "[...document.querySelectorAll('main *')].filter((one) => one.getBoundingClientRect().right > innerWidth)"
        ".slice(-3).map((one) => one.outerHTML.slice(0, 120))"
    )
    assert wide <= 0, f"{name} is too wide by {wide}: {widest}"
