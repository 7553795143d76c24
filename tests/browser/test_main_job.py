"""The main job in a real browser: a head ticks a task off on a phone, the coordinator finds it in the report."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from PIL import Image
from sqlalchemy import select

from tests.browser.conftest import Site, Window
from tracker.models import Completion, Evidence

OpenWindow = Callable[..., Window]
PHONE, SMALL, DESK = 390, 360, 1440
WORDS = "ชี้แจงแผนการใช้จ่ายในที่ประชุมหัวหน้าส่วน"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "ภาพกิจกรรม.jpg"
    Image.new("RGB", (40, 30), "teal").save(path)
    return path


def test_a_tick_on_the_phone_is_in_the_report(window: OpenWindow, site: Site, photo: Path) -> None:
    phone = window(PHONE)
    phone.sign_in("head2")
    page = phone.page
    page.get_by_role("link", name="ทำแล้ว: ชี้แจงแผนการใช้จ่าย").first.click()
    page.get_by_label("ทำอะไรไปแล้ว").fill(WORDS)
    page.get_by_label("ผลที่เกิดขึ้น").fill("บุคลากรรับทราบครบทุกส่วนราชการ")
    page.get_by_label("รูปหรือไฟล์").set_input_files(photo)
    assert page.locator("#chosen-files li").inner_text() == "ภาพกิจกรรม.jpg"
    page.get_by_role("button", name="บันทึกว่าทำแล้ว").click()
    page.get_by_text("บันทึกแล้ว: ชี้แจงแผนการใช้จ่าย").wait_for()
    with site.database.reading() as session:
        assert session.scalars(select(Evidence.original_name)).all() == ["ภาพกิจกรรม.jpg"]

    desk = window(DESK, 900)
    desk.sign_in("coordinator")
    desk.page.get_by_role("link", name="รายงาน", exact=True).click()
    files = {}
    for ending in ("JSON", "DOCX", "PDF"):
        with desk.page.expect_download() as waiting:
            desk.page.get_by_role("link", name=f"รายงานรอบ ๑๒ เดือน {ending}").click()
        files[ending] = waiting.value.path().read_bytes()
    report = json.loads(files["JSON"])
    assert WORDS in json.dumps(report["measures"][2]["summary"], ensure_ascii=False)
    cells = [cell.text for table in Document(BytesIO(files["DOCX"])).tables for row in table.rows for cell in row.cells]
    assert any(WORDS in cell for cell in cells)
    assert files["PDF"].startswith(b"%PDF")


def test_the_essential_path_needs_no_scripts(window: OpenWindow, site: Site, photo: Path) -> None:
    phone = window(SMALL, scripts=False)
    phone.sign_in("head2")
    page = phone.page
    page.get_by_role("link", name="ทำแล้ว: ชี้แจงแผนการใช้จ่าย").first.click()
    today = page.get_by_label("วันที่ทำ").input_value()
    page.get_by_label("ทำอะไรไปแล้ว").fill(WORDS)
    page.get_by_label("วันที่ทำ").fill("๓๑ กุมภาพันธ์ ๒๕๖๖")
    page.get_by_label("รูปหรือไฟล์").set_input_files(photo)
    page.get_by_role("button", name="บันทึกว่าทำแล้ว").click()
    page.get_by_text("ไม่มีวันที่").wait_for()
    assert page.get_by_label("ทำอะไรไปแล้ว").input_value() == WORDS
    assert page.get_by_label("ภาพกิจกรรม.jpg").is_checked()
    phone.complaints.clear()  # the browser itself reports an answer of 422
    page.get_by_label("วันที่ทำ").fill(today)
    page.get_by_role("button", name="บันทึกว่าทำแล้ว").click()
    page.get_by_text("บันทึกแล้ว: ชี้แจงแผนการใช้จ่าย").wait_for()
    page.get_by_role("button", name="เลิกทำ").click()
    page.get_by_text("งานนี้เปิดให้บันทึกอีกครั้ง").wait_for()
    with site.database.reading() as session:
        assert [one.withdrawn_at is not None for one in session.scalars(select(Completion))] == [True]


def test_what_was_typed_survives_a_lost_page(window: OpenWindow) -> None:
    phone = window(PHONE)
    phone.sign_in("head2")
    page = phone.page
    page.get_by_role("link", name="ทำแล้ว: ชี้แจงแผนการใช้จ่าย").first.click()
    page.get_by_label("ทำอะไรไปแล้ว").fill(WORDS)
    page.context.clear_cookies()
    page.get_by_role("button", name="บันทึกว่าทำแล้ว").click()
    page.wait_for_load_state()
    phone.complaints.clear()  # the browser itself reports the refusal of the expired form
    task = page.url
    phone.sign_in("head2")
    page.goto(task)
    assert page.get_by_label("ทำอะไรไปแล้ว").input_value() == WORDS
    page.get_by_role("button", name="บันทึกว่าทำแล้ว").click()
    page.get_by_text("บันทึกแล้ว").first.wait_for()
    page.goto(task)
    assert page.get_by_label("ทำอะไรไปแล้ว").count() == 0
