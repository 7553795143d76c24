"""What is typed into any form stays on the device until it was saved: through a reload, an error, a lost line."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Window
from tests.browser.test_accessibility import violations
from tests.factories import PASSWORD

OpenWindow = Callable[..., Window]
WORDS = "ถ้อยคำที่พิมพ์ไว้นาน"
DRAFTS = "() => Object.keys(localStorage).filter((key) => key.startsWith('draft '))"


@pytest.fixture(params=[360, 1440])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def kept_with(page: Page, words: str) -> None:
    """Waits until the device holds the words."""
    page.wait_for_function("words => JSON.stringify(localStorage).includes(words)", arg=words)


def measure_form(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/plan/new-measure/")
    page.get_by_label("ขั้นตอน", exact=True).fill(WORDS)
    kept_with(page, WORDS)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_words_are_there_after_a_reload_and_gone_once_they_are_saved(
    window: OpenWindow, site: Site, width: int
) -> None:
    one = window(width, 800)
    one.sign_in("coordinator")
    page = one.page
    page.goto(f"{site.url}/plan/new-measure/")
    page.get_by_label("มาตรการ", exact=True).fill("มาตรการที่พิมพ์ค้างไว้")
    page.get_by_label("ขั้นตอน", exact=True).fill(WORDS)
    page.get_by_role("checkbox", name="กองคลัง").check()
    bar = page.get_by_role("region", name="ยังไม่ได้บันทึก")
    expect(bar).to_contain_text("ยังไม่บันทึก ๓ ช่อง")
    expect(bar).to_contain_text("เก็บร่างไว้แล้ว")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert violations(one) == []
    page.reload()
    expect(page.get_by_label("ขั้นตอน", exact=True)).to_have_value(WORDS)
    expect(page.get_by_role("checkbox", name="กองคลัง")).to_be_checked()
    expect(page.get_by_text("นำข้อความที่พิมพ์ค้างไว้")).to_be_visible()
    page.get_by_label("ระยะเวลา").fill("ตุลาคม - มีนาคม")
    bar.get_by_role("button").click()
    page.get_by_text("เพิ่มมาตรการและสร้างงานแล้ว").wait_for()
    assert page.evaluate(DRAFTS) == []
    page.goto(f"{site.url}/plan/new-measure/")
    expect(page.get_by_label("ขั้นตอน", exact=True)).to_have_value("")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_error_is_a_page_that_reloads_with_the_words(window: OpenWindow, site: Site, width: int) -> None:
    one = window(width, 800)
    one.sign_in("coordinator")
    page = one.page
    page.goto(f"{site.url}/plan/new-measure/")
    page.get_by_label("ขั้นตอน", exact=True).fill(WORDS)
    page.get_by_role("button", name="เพิ่มมาตรการและสร้างงาน").last.click()
    page.wait_for_url("**typed=**")
    for _ in range(2):
        expect(page.get_by_label("ขั้นตอน", exact=True)).to_have_value(WORDS)
        expect(page.locator("[aria-invalid=true]").first).to_be_attached()
        page.reload()
    assert violations(one) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_words_survive_an_expired_sign_in_and_a_lost_line(window: OpenWindow, site: Site, width: int) -> None:
    one = window(width, 800)
    one.sign_in("coordinator")
    page = one.page
    measure_form(page, site)
    page.context.clear_cookies()
    page.goto(f"{site.url}/plan/new-measure/")
    page.fill("input[name=email]", site.world.email("coordinator"))
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button")
    expect(page.get_by_label("ขั้นตอน", exact=True)).to_have_value(WORDS)
    page.get_by_label("มาตรการ", exact=True).fill("ก่อนสัญญาณหาย")
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="เพิ่มมาตรการและสร้างงาน").last.click()
    page.context.set_offline(False)
    page.goto(f"{site.url}/plan/new-measure/")
    expect(page.get_by_label("มาตรการ", exact=True)).to_have_value("ก่อนสัญญาณหาย")
    expect(page.get_by_label("ขั้นตอน", exact=True)).to_have_value(WORDS)
    one.complaints.clear()  # the line was lost on purpose


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_second_tab_has_them_and_signing_out_takes_them_away(window: OpenWindow, site: Site, width: int) -> None:
    one = window(width, 800)
    one.sign_in("coordinator")
    measure_form(one.page, site)
    other = one.page.context.new_page()
    other.goto(f"{site.url}/plan/new-measure/")
    expect(other.get_by_label("ขั้นตอน", exact=True)).to_have_value(WORDS)
    other.goto(f"{site.url}/overview/")
    other.locator("details.me summary").click()
    other.get_by_role("button", name="ออกจากระบบ").click()
    other.wait_for_url("**/sign-in**")
    assert other.evaluate(DRAFTS) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_photos_are_kept_with_the_words(window: OpenWindow, width: int, tmp_path: Path) -> None:
    photo = tmp_path / "ภาพกิจกรรม.jpg"
    Image.new("RGB", (40, 30), "teal").save(photo)
    one = window(width, 800)
    one.sign_in("head2")
    page = one.page
    page.get_by_role("link", name="ทำแล้ว: ชี้แจงแผนการใช้จ่าย").first.click()
    page.get_by_label("ทำอะไรไปแล้ว").fill(WORDS)
    page.locator("#files").set_input_files(photo)
    expect(page.locator("#chosen-files .photo .name")).to_have_text("ภาพกิจกรรม.jpg")
    page.wait_for_function(
        "() => Object.entries(localStorage).some(([key, draft]) => key.startsWith('draft ') && JSON.parse(draft).files)"
    )
    page.reload()
    expect(page.locator("#chosen-files .photo .name")).to_have_text("ภาพกิจกรรม.jpg")
    expect(page.get_by_label("ทำอะไรไปแล้ว")).to_have_value(WORDS)
    page.get_by_role("button", name="บันทึกว่าทำแล้ว").click()
    page.get_by_text("บันทึกแล้ว: ชี้แจงแผนการใช้จ่าย").wait_for()
    assert page.evaluate(DRAFTS) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_where_a_photo_cannot_be_kept_the_page_says_so(window: OpenWindow, tmp_path: Path) -> None:
    photo = tmp_path / "ภาพ.jpg"
    Image.new("RGB", (40, 30), "teal").save(photo)
    one = window(360, 800)
    one.page.add_init_script("IDBFactory.prototype.open = () => { throw new Error('no room'); }")
    one.sign_in("head2")
    page = one.page
    page.get_by_role("link", name="ทำแล้ว: ชี้แจงแผนการใช้จ่าย").first.click()
    page.locator("#files").set_input_files(photo)
    expect(page.get_by_text("เก็บรูปไว้ในเครื่องนี้ไม่ได้")).to_be_visible()
