"""Every page at a phone's and at a desk's width: nothing refused by its policy, nothing wider than the screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Window
from tracker.models import Agency

OpenWindow = Callable[..., Window]

HEAD_PAGES = ("/tasks/", "/tasks/{task}", "/tasks/{task}/not-possible", "/plan/", "/reminders/", "/account/")
COORDINATOR_PAGES = (
    "/overview/", "/executive/", "/plan/", "/plan/import/", "/plan/new-measure/", "/all-tasks/",
    "/all-tasks/?state=late",
    "/all-tasks/bulk/?action=move&task={task}", "/people/import/", "/people/units/{unit}/merge", "/tasks/{task}",
    "/review/", "/reminders/", "/reminders/deliveries", "/reports/", "/reports/template/",
    "/people/", "/account/", "/admin/", "/admin/unit/",
    "/admin/unit/new/", "/admin/unit/edit/?id={unit}", "/admin/unit_alias/", "/admin/member/", "/admin/role/new/",
    "/admin/day_off/new/", "/admin/settings/", "/admin/settings/edit/?id={agency}", "/admin/task_records/",
    "/admin/events/",
)  # fmt: skip

_TARGETS = "a.button, button, select, summary, textarea, input:not([type=hidden], [type=checkbox], [type=radio])"
_SMALL_TARGETS = f"""
() => [...document.querySelectorAll("{_TARGETS}")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
  .map((one) => `${{one.outerHTML.slice(0, 80)}}: ${{one.getBoundingClientRect().height}}`)
"""


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize(("who", "pages"), [("head2", HEAD_PAGES), ("coordinator", COORDINATOR_PAGES)])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_page_fits_and_breaks_no_rule(
    window: OpenWindow, width: int, language: str, who: str, pages: tuple[str, ...]
) -> None:
    one = window(width)
    one.sign_in(who)
    if language == "en":
        one.page.get_by_role("button", name="English").click()
    world = one.site.world
    one.open("/tasks/" if who == "head2" else "/all-tasks/")
    links = one.page.locator("main a[href^='/tasks/']")
    task = (links.first.get_attribute("href") or "").rsplit("/", 1)[-1]
    for path in pages:
        path_ = path.format(task=task, unit=world.units["กองคลัง"], agency=world.agency_id)
        one.open(path_)
        assert one.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path_
        assert one.page.evaluate("document.documentElement.lang") == language
        assert one.page.evaluate("document.fonts.check('16px Sarabun', 'ก')"), path_
        assert one.page.evaluate(_SMALL_TARGETS) == [], path_


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_keyboard_reaches_the_content_and_closes_the_menu(window: OpenWindow) -> None:
    desk = window(1440, 900)
    desk.sign_in("coordinator")
    page = desk.page
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/overview/#main")
    page.locator("details.me summary").press("Enter")
    expect(page.get_by_role("link", name="บัญชีของฉัน")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="บัญชีของฉัน")).to_be_hidden()


_OFF_THE_SCREEN = """
() => [...document.querySelectorAll("header a, header button, header summary, header span")]
  .filter((one) => one.checkVisibility())
  .filter((one) => {
    const box = one.getBoundingClientRect();
    return box.left < 0 || box.right > window.innerWidth + 0.5;
  })
  .map((one) => one.textContent.trim())
"""


@pytest.mark.parametrize("who", ["coordinator", "mayor", "head2"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_open_menu_stays_on_the_screen(window: OpenWindow, who: str) -> None:
    one = window(1440)
    with one.site.database.writing() as session:
        agency = session.get_one(Agency, one.site.world.agency_id)
        agency.name = "องค์การบริหารส่วนตำบลธารสายรุ้งเรืองอุดมสมบูรณ์"
    one.sign_in(who)
    one.open("/tasks/" if who == "head2" else "/overview/")
    page = one.page
    summary, menu = page.locator("details.me summary"), page.get_by_role("navigation", name="เมนูหลัก")
    for width in (320, 360, 390, 480, 699, 700, 768, 999, 1000, 1279, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        expect(menu).to_have_count(1 if width >= 700 else 0)  # it is in sight without a press
        expect(summary.get_by_text("เมนู", exact=True)).to_be_visible(visible=width < 700)
        summary.click()
        expect(menu).to_have_count(1)
        places = [item.bounding_box() for item in menu.get_by_role("link").all()]
        assert page.evaluate(_OFF_THE_SCREEN) == [], width
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
        if width < 700:
            assert len({box["x"] for box in places if box}) == 1, width  # one below the other
        page.keyboard.press("Escape")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_row_of_reference_data_is_removed_after_a_question(window: OpenWindow) -> None:
    desk = window(1440, 900)
    desk.sign_in("coordinator")
    page = desk.page
    desk.open("/admin/day_off/new/")
    page.fill("input[name=on]", "17/4/2566")
    page.fill("input[name=name]", "วันหยุดพิเศษ")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="ลบ 2023-04-17").click()
    expect(page.get_by_text("วันหยุดพิเศษ")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="ลบ 2023-04-17").click()
    page.get_by_text("ลบ 1 รายการแล้ว").wait_for()
