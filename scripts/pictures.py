"""Makes the pictures of the manuals and the README: the real pages, on the sample plan, on days that never change.

``make pictures`` writes them into ``docs/images``. The day is that of the story, so that a new picture shows what has
changed on the page and nothing else.
"""

import io
import logging
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from werkzeug.serving import make_server

from tracker import clock

_ROOT = Path(__file__).parent.parent
IMAGES = _ROOT / "docs" / "images"
HOST = "khaowao.example.go.th"
YEAR = 2570
DESK, PHONE = (1280, 800), (390, 720)
OCTOBER = datetime(2026, 10, 1, 2, tzinfo=UTC)
FEBRUARY = datetime(2027, 2, 15, 12, tzinfo=UTC)
APRIL = datetime(2027, 4, 7, 2, tzinfo=UTC)
PASSWORD = "น้ำใสไหลเย็น เห็นตัวปลา ๗๗"  # noqa: S105  (of an agency that lives for a minute)
PEOPLE = (_ROOT / "tests" / "data" / "people_of_october.tsv").read_text(encoding="utf-8")


class Travel:
    """The clock of the story: it begins at an instant and goes on from there."""

    def __init__(self) -> None:
        self._really = clock.now
        clock.now = self._now
        self.to(OCTOBER)

    def to(self, instant: datetime) -> None:
        self._away: timedelta = instant - self._really()

    def _now(self) -> datetime:
        return self._really() + self._away


class Story:
    """A web server on a database of its own, and windows on it."""

    def __init__(self, browser: Browser, url: str, settings: Any, database: Any) -> None:
        self.browser, self.url, self.settings, self.database = browser, url, settings, database

    def window(self, size: tuple[int, int], email: str = "", password: str = "") -> Page:
        width, height = size
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, device_scale_factor=1.25, locale="th-TH"
        )
        page = context.new_page()
        if email:
            page.goto(f"{self.url}/sign-in")
            page.fill("input[name=email]", email)
            page.fill("input[name=password]", password)
            page.click("main form button")
            page.wait_for_url(lambda url: "/sign-in" not in url)
        return page


def keep(shown: Page | Locator, name: str, *, height: int | None = None) -> None:
    """The picture of a page's window, or of a part of it, as a small file."""
    page = shown if isinstance(shown, Page) else shown.page
    page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    if height and page.viewport_size:
        page.set_viewport_size({"width": page.viewport_size["width"], "height": height})
    write(Image.open(io.BytesIO(shown.screenshot(animations="disabled", caret="initial"))), name)


def write(picture: Image.Image, name: str) -> None:
    IMAGES.mkdir(exist_ok=True)
    picture.convert("RGB").save(IMAGES / f"{name}.webp", quality=58, method=6)


@contextmanager
def playing(browser: Browser, folder: Path, host: str, *, sample: bool) -> Iterator[Story]:
    """A story with an empty database, or with the sample's work up to now."""
    from admin.app import create_app  # noqa: PLC0415  (the application is loaded under the story's clock)
    from tracker.reminders import ledger  # noqa: PLC0415
    from tracker.sample.load import load_sample  # noqa: PLC0415
    from tracker.settings import Settings  # noqa: PLC0415
    from tracker.store import migrate  # noqa: PLC0415
    from tracker.store.db import Database  # noqa: PLC0415

    folder.mkdir()
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    url = f"http://{host}:{server.server_port}"
    address = f"sqlite:///{folder / 'tracker.sqlite3'}"
    settings = Settings(
        _env_file=None, data_dir=folder, database_url=address, base_url=url, second_factor_required=False
    )
    database = Database(address)
    migrate.upgrade(database)
    if sample:
        load_sample(database, settings, clock.now())
        with database.writing() as session:
            for part in ("beat", "worker", "sweep"):
                ledger.heartbeat(session, part, clock.now())
    server.app = create_app(settings, database)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Story(browser, url, settings, database)
    finally:
        server.shutdown()
        thread.join()
        database.dispose()


def october(story: Story, folder: Path) -> None:
    """From the printed link to the first messages."""
    from tracker.services.organisation import founding  # noqa: PLC0415

    with story.database.writing() as session:
        word = founding.set_up_word(session, clock.now())
    page = story.window(DESK)
    page.goto(f"{story.url}{founding.path_of(word)}")
    for name, text in (("agency", "องค์การบริหารส่วนตำบลเขาวาว"), ("name", "นางประสาน ดี")):
        page.fill(f"[name={name}]", text)
    page.fill("[name=email]", "plan@khaowao.example")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/divisions/**")
    keep(page, "october-divisions", height=1000)
    page.goto(f"{story.url}/overview/")
    keep(page, "october-steps", height=860)
    page.goto(f"{story.url}/people/divisions/")
    for unit in ("งานนิติการ", "งานประชาสัมพันธ์"):
        page.locator(f".often button[value='{unit}']").click()
        page.locator("[data-unit]", has_text=unit).wait_for()
    page.get_by_role("button", name="เอาหน่วยตรวจสอบภายในออก").click()
    page.get_by_role("button", name="เอาหน่วยตรวจสอบภายในกลับมา").wait_for()
    october_people(story, page)
    october_plan(story, page, folder)
    page.goto(f"{story.url}/overview/")
    page.locator("form[action$='/prepare'] button").click()
    page.locator("#next").wait_for()
    keep(page, "october-invitations")
    page.goto(f"{story.url}/people/invitations/sheet")
    keep(page, "october-sheet")
    page.goto(f"{story.url}/reminders/first/")
    keep(page, "october-messages")


def october_people(story: Story, page: Page) -> None:
    page.goto(f"{story.url}/people/import/")
    page.fill("#text", PEOPLE)
    page.locator("form:has(#text) button.primary").click()
    page.wait_for_url("**/people/import/*")
    page.locator(".person.asks").first.evaluate("(one) => one.scrollIntoView({block: 'center'})")
    keep(page, "october-people")
    while (asked := page.locator(".person .question [role=group]")).count():
        left = asked.count()
        asked.first.locator("button[name=answer]").first.click()
        page.wait_for_function(
            "(left) => document.querySelectorAll('.person .question [role=group]').length < left", arg=left
        )
    page.locator(".going-on button.primary").click()
    page.wait_for_url("**/plan/import/**")


def october_plan(story: Story, page: Page, folder: Path) -> None:
    from tracker.sample.text import plan_document  # noqa: PLC0415

    page.goto(f"{story.url}/plan/import/")
    plan = folder / f"แผน-{YEAR}.txt"
    plan.write_bytes(plan_document(YEAR))
    page.set_input_files("input[type=file]", plan)
    page.wait_for_url("**/plan/import/*")
    page.locator("#preview").wait_for()
    keep(page, "october-plan")
    if (later := page.locator("[name=do][value=later]")).count():
        later.click()
        page.wait_for_load_state()
    while (asked := page.locator("[data-open]")).count():
        left = asked.count()
        asked.first.locator("label.choice").first.click()
        page.wait_for_function("(left) => document.querySelectorAll('[data-open]').length < left", arg=left)
    page.locator("[name=do][value=store]").click()
    page.wait_for_url("**/plan/?year=*")


def february(story: Story) -> None:
    """An evening of a head on the telephone, and what the desks show of it."""
    password = _password(story)
    phone = story.window(PHONE, "education.head@thansairung.example", password)
    keep(phone, "phone", height=900)
    phone.locator(".task .task-foot a.button").first.click()
    phone.locator("#result").fill("รายงานผลการใช้จ่ายงบประมาณในที่ประชุมประจำเดือนแล้ว")
    keep(phone, "tick", height=900)
    phone.locator("form[data-send] .sticky button.primary").click()
    phone.locator(".notice.undo").wait_for()
    keep(phone, "saved", height=620)

    desk = story.window(DESK, "coordinator@thansairung.example", password)
    desk.goto(f"{story.url}/overview/")
    keep(desk, "desk", height=900)
    desk.goto(f"{story.url}/all-tasks/")
    keep(desk, "tasks")
    desk.set_viewport_size({"width": 1440, "height": 860})
    desk.locator("tr.row th a").nth(3).click()
    desk.frame_locator("iframe").locator("#result").wait_for()
    keep(desk, "task-beside")
    desk.set_viewport_size({"width": 1280, "height": 800})
    desk.goto(f"{story.url}/plan/")
    desk.locator("a[href^='/plan/measures/']").first.click()
    desk.locator("#measure textarea").first.fill("ยกระดับการให้บริการประชาชนให้รวดเร็ว เท่าเทียม โปร่งใส และตรวจสอบได้")
    desk.locator("#measure button[value=save].primary").click()
    desk.locator(".notice.undo").wait_for()
    keep(desk, "undo", height=420)
    desk.set_viewport_size({"width": 1280, "height": 800})
    desk.goto(f"{story.url}/people/")
    keep(desk, "people")
    executive = story.window(PHONE, "mayor@thansairung.example", password)
    executive.goto(f"{story.url}/executive/")
    keep(executive, "executive", height=900)


def april(story: Story) -> None:
    """The round is written, closed, signed and published; a colleague saved a cell first."""
    password, path = _password(story), f"/reports/{YEAR}/6"
    desk, other = (story.window(DESK, "coordinator@thansairung.example", password) for _ in range(2))
    for page, text in ((other, "บุคลากรและประชาชนติดตามการใช้จ่ายงบประมาณได้ทุกเดือน"), (desk, "ประชาชนตรวจสอบการใช้จ่ายได้")):
        page.goto(f"{story.url}{path}/edit/")
        measure = page.locator(".measures a").nth(2)
        number = measure.get_attribute("data-measure")
        measure.click()
        if not page.locator(f"#measure-{number}").get_attribute("open"):
            page.locator(f"#measure-{number}").evaluate("(one) => { one.open = true; }")
        page.locator(f"#outcome-{number} .open-cell").click()
        page.locator(f"#text-outcome-{number}").fill(text)
    keep(desk, "report-desk")
    for page in (other, desk):
        page.locator("[data-save]").click()
        page.locator(".notice.good, .two-texts").first.wait_for()
    desk.locator(".two-texts").first.evaluate("(one) => one.scrollIntoView({block: 'center'})")
    keep(desk, "conflict")
    desk.locator("[data-save]").click()
    desk.locator(".notice.good").first.wait_for()
    desk.goto(f"{story.url}{path}/close/")
    keep(desk, "closing")
    desk.locator("form[action$='/close/'] button.primary, form[action$='/close'] button.primary").first.click()
    if desk.locator("#sure").count():
        desk.locator("#sure").check()
        desk.locator("form:has(#sure) button.primary").click()
    desk.locator("form[action$='/submit'] button.primary").click()
    desk.wait_for_load_state()
    executive = story.window(PHONE, "clerk@thansairung.example", password)
    executive.goto(f"{story.url}/executive/")
    keep(executive, "waiting", height=620)
    executive.goto(f"{story.url}{path}/close/")
    executive.locator("form[action$='/approve'] button.primary").scroll_into_view_if_needed()
    keep(executive, "sign")
    executive.locator("form[action$='/approve'] button.primary").click()
    executive.wait_for_load_state()
    desk.goto(f"{story.url}{path}/publish/")
    desk.locator("#slug").fill("thansairung")
    keep(desk, "publish")
    desk.locator("form:has(#slug) .primary").click()
    desk.locator("form[action$='/undo']").first.wait_for()
    stranger = story.window(DESK)
    stranger.goto(f"{story.url}/public/thansairung/{YEAR}/6")
    keep(stranger, "public")
    desk.goto(f"{story.url}{path}/close/")
    with desk.expect_download() as waiting:
        desk.locator(f"a[href='{path}.pdf']").first.click()
    document = pypdfium2.PdfDocument(waiting.value.path())
    write(document[1].render(scale=1.4).to_pil(), "report")
    last = next(page for page in document if "ความก้าวหน้า" in page.get_textpage().get_text_range())
    write(last.render(scale=1.1).to_pil(), "progress")


def _password(story: Story) -> str:
    text: str = (story.settings.data_dir / "first-sign-in.txt").read_text(encoding="utf-8")
    return next(line.split()[-1] for line in text.splitlines() if "password" in line.casefold() or "รหัสผ่าน" in line)


def main() -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    travel = Travel()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--headless", "--no-sandbox", f"--host-resolver-rules=MAP {HOST} 127.0.0.1"],
        )
        wanted = sys.argv[1:] or ["october", "february", "april"]
        folder = Path(name)
        for story_name, instant in (("october", OCTOBER), ("february", FEBRUARY), ("april", APRIL)):
            if story_name not in wanted:
                continue
            travel.to(instant)
            host = "127.0.0.1" if story_name == "february" else HOST  # where a task may open beside the list
            with playing(browser, folder / story_name, host, sample=story_name != "october") as story:
                if story_name == "october":
                    october(story, folder)
                elif story_name == "february":
                    february(story)
                else:
                    april(story)
        browser.close()


if __name__ == "__main__":
    main()
