"""The main job in a real browser: a head ticks a task off on a phone, the coordinator finds it in the report."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from PIL import Image
from pillow_heif import register_heif_opener
from playwright.sync_api import Route, expect
from sqlalchemy import select

from tests.browser.conftest import Site, Window
from tests.browser.plays import Play, plays
from tests.browser.test_accessibility import violations
from tests.factories import PASSWORD
from tracker import clock
from tracker.models import Completion, Evidence, Task, Unit

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
    phone.page.add_init_script("delete Navigator.prototype.serviceWorker")  # which would answer for the script itself
    phone.sign_in("head2")
    page = phone.page
    scripts: list[Route] = []

    def hold(route: Route) -> None:
        scripts.append(route)

    page.route("**/tick.*", hold)  # a slow line: the head is faster than the page's script
    page.get_by_role("link", name="ทำแล้ว: ชี้แจงแผนการใช้จ่าย").first.click()
    page.get_by_label("ทำอะไรไปแล้ว").fill(WORDS)
    page.get_by_label("ผลที่เกิดขึ้น").fill("บุคลากรรับทราบครบทุกส่วนราชการ")
    page.locator("#files").set_input_files(photo)
    while not scripts:
        page.wait_for_timeout(50)
    scripts.pop().continue_()
    page.wait_for_function("words => JSON.stringify(localStorage).includes(words)", arg=WORDS)
    expect(page.locator("#chosen-files .photo .name")).to_have_text("ภาพกิจกรรม.jpg")
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
    page.locator("#files").set_input_files(photo)
    page.get_by_role("button", name="บันทึกว่าทำแล้ว").click()
    page.get_by_text("ไม่มีวันที่").wait_for()
    expect(page.get_by_label("ทำอะไรไปแล้ว")).to_have_value(WORDS)
    expect(page.get_by_label("ภาพกิจกรรม.jpg")).to_be_checked()
    phone.complaints.clear()  # the browser itself reports an answer of 422
    page.get_by_label("วันที่ทำ").fill(today)
    page.get_by_role("button", name="บันทึกว่าทำแล้ว").click()
    page.get_by_text("บันทึกแล้ว: ชี้แจงแผนการใช้จ่าย").wait_for()
    page.get_by_role("button", name="เลิกทำ").click()
    page.get_by_text("งานนี้เปิดให้บันทึกอีกครั้ง").wait_for()
    with site.database.reading() as session:
        assert [one.withdrawn_at is not None for one in session.scalars(select(Completion))] == [True]


def test_what_was_typed_survives_an_ended_sign_in(window: OpenWindow) -> None:
    phone = window(PHONE)
    phone.sign_in("head2")
    page = phone.page
    page.get_by_role("link", name="ทำแล้ว: ชี้แจงแผนการใช้จ่าย").first.click()
    task = page.url
    page.get_by_label("ทำอะไรไปแล้ว").fill(WORDS)
    page.context.clear_cookies()
    page.get_by_role("button", name="บันทึกว่าทำแล้ว").click()
    page.get_by_text("สิ่งที่พิมพ์ไว้ยังอยู่").wait_for()
    page.fill("input[name=email]", phone.site.world.email("head2"))
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button")
    page.get_by_text("สิ่งที่พิมพ์ไว้ยังอยู่ครบ").wait_for()
    expect(page.get_by_label("ทำอะไรไปแล้ว")).to_have_value(WORDS)
    page.get_by_role("button", name="บันทึกว่าทำแล้ว").click()
    page.get_by_text("บันทึกแล้ว").first.wait_for()
    page.goto(task)
    assert page.get_by_label("ทำอะไรไปแล้ว").count() == 0


@plays("february")
def test_three_late_months_with_one_photo_over_a_bad_line(
    window: OpenWindow, site: Site, tmp_path: Path, play: Play
) -> None:
    """A February evening."""
    say = play.say
    site.read_in(play.language)
    with site.database.writing() as session:  # three months are late, whatever day it is
        own = select(Task).join(Task.step).where(Task.units.any(Unit.id == site.world.units["กองคลัง"]))
        of_unit = session.scalars(own.order_by(Task.scheduled_on, Task.id)).unique().all()
        months = [task for task in of_unit if task.title.startswith("ชี้แจง")]
        for days, task in enumerate(months):
            task.due_on = clock.today(site.settings.zone) + timedelta(days=(-60 + 20 * days) if days < 3 else 90)
        late = [task.id for task in months[:3]]
    phone = window(play=play)
    phone.sign_in("head2")
    page = phone.page
    expect(page.locator("html")).to_have_attribute("lang", play.language)
    assert violations(phone) == []
    page.goto(f"{site.url}/tasks/{late[0]}")
    page.locator("details.together > summary").click()
    page.locator("[data-check='[data-late]']").click()
    page.locator("#result").fill(WORDS)
    page.locator("#done_on").fill("เมื่อวาน" if play.language == "th" else "yesterday")
    expect(page.locator("[data-quick] output")).to_contain_text("=")

    page.goto(f"{site.url}/tasks/")  # the phone lost the page
    page.goto(f"{site.url}/tasks/{late[0]}")
    expect(page.locator("#result")).to_have_value(WORDS)
    assert page.locator("[name=also]:checked").count() == 2

    page.locator("#files").set_input_files([taken(tmp_path / "IMG_1.jpg"), taken(tmp_path / "IMG_2.heic")])
    page.locator("#chosen-files .photo").nth(1).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert violations(phone) == []
    page.context.set_offline(True)
    page.get_by_role("button", name=say("Save %(n)s checkpoints as done", n=3)).click()
    expect(page.locator(".notice.queue.warn")).to_be_visible()
    page.context.set_offline(False)
    page.locator(".notice.queue.good a").click()
    expect(page.locator(".notice.undo")).to_contain_text("ชี้แจง")
    with site.database.reading() as session:
        done = session.scalars(select(Completion).order_by(Completion.task_id)).all()
        assert [one.task_id for one in done] == sorted(late)
        kept = {piece.stored_name for one in done for piece in one.evidence}
        assert [len(one.evidence) for one in done] == [2, 2, 2]
    assert len(kept) == 2
    for name in kept:
        data = (site.settings.data_dir / "evidence" / str(name)).read_bytes()
        assert b"Exif" not in data
        assert b"SecretPhone" not in data
        with Image.open(BytesIO(data)) as picture:
            assert (picture.format, max(picture.size)) == ("JPEG", 2048)
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft')).length") == 0
    page.get_by_role("button", name=say("Undo")).click()
    page.wait_for_url("**/tasks/*again=1*")
    expect(page.locator("#result")).to_have_value(WORDS)


def taken(path: Path) -> Path:
    """A large photo as a phone takes it, with the place and the phone in it."""
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825).update({1: "N", 2: (13.0, 44.0, 55.5), 3: "E", 4: (100.0, 31.0, 4.5)})
    register_heif_opener()
    Image.effect_noise((2400, 1800), 40).convert("RGB").save(path, exif=exif)
    assert b"SecretPhone" in path.read_bytes()
    return path
