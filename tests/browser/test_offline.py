"""Without a line: the list opens, and a tick waits on the device, to be sent once, by whom it is, when it is back."""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from tests.browser.conftest import Site, Window
from tests.browser.installation import PATIENCE
from tracker.models import Completion, Task
from tracker.store.db import Database

OpenWindow = Callable[..., Window]
WORDS = "ชี้แจงในที่ประชุมกอง แม้ไม่มีสัญญาณ"
_READY = "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"
_KEPT_PAGES = (
    "caches.open('pages').then((cache) => cache.keys()).then((keys) => keys.map((key) => new URL(key.url).pathname))"
)
_WAITING = """() => new Promise((done) => {
  const opening = indexedDB.open("waiting", 1);
  opening.onsuccess = () => {
    const all = opening.result.transaction("reports").objectStore("reports").getAll();
    all.onsuccess = () => { opening.result.close(); done(all.result.map((one) => one.account)); };
  };
})"""

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def phone(window: OpenWindow) -> Iterator[Window]:
    """A head's phone whose worker is ready; what fails for want of a line is no complaint."""
    one = window(360, 740)
    one.sign_in("head2")
    ready(one.page)
    yield one
    one.complaints[:] = [text for text in one.complaints if "ERR_INTERNET_DISCONNECTED" not in text]


def ready(page: Page) -> None:
    _until(lambda: page.evaluate(_READY), "no worker serves the page")


def until_kept(page: Page, address: str) -> None:
    _until(lambda: address in page.evaluate(_KEPT_PAGES), f"{address} was not kept")


def _until(holds: Callable[[], bool], complaint: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.1)


@pytest.fixture
def task_id(site: Site) -> int:
    with site.database.reading() as session:
        return (
            session.scalars(
                select(Task.id).where(Task.units.any(id=site.world.units["กองคลัง"])).order_by(Task.due_on, Task.id)
            ).first()
            or 0
        )


def results(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Completion.result)))


def tick_without_a_line(phone: Window, site: Site, task_id: int) -> None:
    page = phone.page
    phone.open("/tasks/")
    until_kept(page, f"/tasks/{task_id}")
    page.context.set_offline(True)
    page.goto(f"{site.url}/tasks/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("ไม่มีสัญญาณ หน้านี้เป็นข้อมูลล่าสุด")).to_be_visible()
    page.goto(f"{site.url}/tasks/{task_id}")
    page.get_by_label("ทำอะไรไปแล้ว").fill(WORDS)
    page.get_by_role("button", name="บันทึกว่าทำแล้ว").click()
    page.wait_for_url("**/tasks/")
    expect(page.get_by_text("มี ๑ งานรอส่ง")).to_be_visible()
    assert results(site.database) == []


def test_a_page_is_kept_only_with_its_script(window: OpenWindow, task_id: int) -> None:
    one = window(360, 740)
    page = one.page
    scripts: list[Route] = []

    def hold(route: Route) -> None:
        scripts.append(route)

    page.context.route("**/static/tick.js*", hold, times=1)
    one.sign_in("head2")
    ready(page)
    one.open("/tasks/")
    _until(lambda: page.wait_for_timeout(50) or bool(scripts), "the script was not asked for")
    assert f"/tasks/{task_id}" not in page.evaluate(_KEPT_PAGES)
    scripts.pop().continue_()
    until_kept(page, f"/tasks/{task_id}")


def test_the_list_opens_and_a_tick_waits_and_is_sent_once(phone: Window, site: Site, task_id: int) -> None:
    tick_without_a_line(phone, site, task_id)
    page = phone.page
    page.context.set_offline(False)
    expect(page.get_by_text("ส่งงานที่รอไว้แล้ว ๑ งาน")).to_be_visible()
    assert results(site.database) == [WORDS]
    page.get_by_role("link", name="ดูรายการ").click()
    expect(page.locator(".notice.undo")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then((one) => one.active.postMessage({kind: 'send'}))")
    phone.open("/tasks/")
    ready(page)
    assert page.evaluate(_WAITING) == []
    assert results(site.database) == [WORDS]
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft')).length") == 0


_SAYS_ONLINE_ONCE_TOO_EARLY = """
  delete SyncManager.prototype.register;
  const listen = window.addEventListener;
  window.addEventListener = (kind, heard, how) => {
    if (kind === "online") window.sayOnline = heard;
    else listen.call(window, kind, heard, how);
  };
"""


def test_a_line_that_carries_nothing_yet_is_tried_again(phone: Window, site: Site, task_id: int) -> None:
    """The browser says "online" too early, and neither says so again nor wakes the worker."""
    page = phone.page
    page.context.add_init_script(_SAYS_ONLINE_ONCE_TOO_EARLY)
    tick_without_a_line(phone, site, task_id)
    told = page.evaluate(
        """() => new Promise((done) => {
          Object.defineProperty(navigator, "onLine", { get: () => true });
          navigator.serviceWorker.addEventListener("message", (event) => done(event.data), { once: true });
          window.sayOnline();
        })"""
    )
    assert told["left"] == 1
    page.context.set_offline(False)
    expect(page.get_by_text("ส่งงานที่รอไว้แล้ว ๑ งาน")).to_be_visible()
    assert results(site.database) == [WORDS]


def test_what_one_person_left_is_never_sent_by_another(phone: Window, site: Site, task_id: int) -> None:
    tick_without_a_line(phone, site, task_id)
    page = phone.page
    page.context.clear_cookies()  # the sign-in ends while there is no line
    page.context.set_offline(False)
    expect(page.get_by_text("เข้าสู่ระบบอีกครั้ง")).to_be_visible()
    assert results(site.database) == []
    phone.sign_in("head3")
    ready(page)
    phone.open("/tasks/")
    until_kept(page, "/tasks/")
    assert page.evaluate(_KEPT_PAGES) != []
    assert f"/tasks/{task_id}" not in page.evaluate(_KEPT_PAGES)
    assert results(site.database) == []
    assert len(page.evaluate(_WAITING)) == 1
    page.context.clear_cookies()
    phone.sign_in("head2")
    expect(page.get_by_text("ส่งงานที่รอไว้แล้ว ๑ งาน")).to_be_visible()
    assert results(site.database) == [WORDS]


def test_signing_out_leaves_nothing_on_the_device(phone: Window, site: Site, task_id: int) -> None:
    page = phone.page
    phone.open("/tasks/")
    until_kept(page, f"/tasks/{task_id}")
    account = page.locator("script[data-account]").get_attribute("data-account")
    page.evaluate(
        """(account) => navigator.serviceWorker.ready.then((one) => new Promise((done) => {
          const channel = new MessageChannel();
          channel.port1.onmessage = done;
          const report = { key: "x", account, action: "/tasks/1", title: "", fields: [] };
          one.active.postMessage({ kind: "keep", report }, [channel.port2]);
        })).then(() => true)""",
        account,
    )
    assert page.evaluate(_WAITING) == [account]
    page.locator("details.me summary").click()
    page.get_by_role("button", name="ออกจากระบบ").click()
    page.wait_for_url("**/sign-in")
    assert page.evaluate(_WAITING) == []
    assert page.evaluate(_KEPT_PAGES) == []
    page.context.set_offline(True)
    with pytest.raises(Exception, match=r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"):
        page.goto(f"{site.url}/tasks/")
    phone.complaints.clear()


def test_it_can_be_installed(window: OpenWindow) -> None:
    one = window(360, 740)
    one.open("/sign-in")
    manifest = one.page.evaluate("fetch(document.querySelector('link[rel=manifest]').href).then((one) => one.json())")
    assert (manifest["display"], manifest["start_url"], manifest["scope"]) == ("standalone", "/", "/")
    for icon in manifest["icons"]:
        size = one.page.evaluate(
            """(address) => new Promise((done) => {
              const picture = new Image();
              picture.onload = () => done(`${picture.naturalWidth}x${picture.naturalHeight}`);
              picture.src = address;
            })""",
            icon["src"],
        )
        assert size == icon["sizes"]
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
