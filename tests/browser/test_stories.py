"""The three people's year, end to end: a real installation with its worker, mail server, files and browser."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from PIL import Image
from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.browser.installation import PATIENCE, Installation, link_in, running
from tests.smtp import running_smtp
from tracker import clock
from tracker.settings import Settings
from tracker.thai.calendar import fiscal_year_end, fiscal_year_of, format_date

PHONE, DESK = (390, 844), (1440, 900)
AGENCY = "องค์การบริหารส่วนตำบลลำธารใส"
COORDINATOR, HEAD, EXECUTIVE = "coordinator@lamthan.example", "finance@lamthan.example", "clerk@lamthan.example"
PASSWORD = "น้ำใสไหลเย็น เห็นตัวปลา ๗๗"
WORDS = "ชี้แจงแผนการจัดซื้อต่อที่ประชุมหัวหน้าส่วนราชการแล้ว"
PEOPLE = f"""unit,unit_kind,name,role,email,line_user_id
กองคลัง,division,นางสมใจ รักบัญชี,head,{HEAD},
กองช่าง,division,นายมั่น ปูนแข็ง,head,works@lamthan.example,
"""
EXECUTIVES = f"""unit,unit_kind,name,role,email,line_user_id
,,นายเพียร บริหารดี,executive,{EXECUTIVE},
"""

Open = Callable[[tuple[int, int]], Page]


@pytest.fixture
def installation(database_url: str, tmp_path: Path) -> Iterator[Installation]:
    on_sqlite = database_url.startswith("sqlite")
    with running_smtp() as smtp:
        found = Installation(tmp_path, smtp, None if on_sqlite else database_url)
        found.command(
            *("user", "add", COORDINATOR, "--name", "นางสาวแผน เรียงงาน", "--role", "coordinator"),
            *("--agency", AGENCY, "--password-stdin"),
            typed=f"{PASSWORD}\n",
        )
        with running(found):
            yield found


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Open]:
    contexts = []

    def open_(size: tuple[int, int]) -> Page:
        width, height = size
        contexts.append(
            chromium.new_context(viewport={"width": width, "height": height}, locale="th-TH", accept_downloads=True)
        )
        contexts[-1].set_default_timeout(PATIENCE * 1000)
        return contexts[-1].new_page()

    yield open_
    for context in contexts:
        context.close()


def test_a_year_of_coordinator_head_and_executive(installation: Installation, open_page: Open, tmp_path: Path) -> None:
    today = clock.today(Settings(_env_file=None).zone)
    year = fiscal_year_of(today)
    desk = open_page(DESK)
    sign_in(desk, installation, COORDINATOR)
    import_plan(desk, installation, tmp_path, year - 1, "ประกาศแผนการจัดซื้อ", f"ตุลาคม {year - 2} - กันยายน {year - 1}")
    import_plan(desk, installation, tmp_path, year, "ชี้แจงแผนการจัดซื้อ", f"ภายในวันที่ {format_date(today)}")
    import_people(desk, tmp_path, PEOPLE, "นางสมใจ รักบัญชี")
    invite(desk, installation, "นางสมใจ รักบัญชี")
    remind(desk, installation)

    phone = open_page(PHONE)
    accept_invitation(phone, installation, HEAD)
    reminder = installation.mail_to(HEAD, "ชี้แจงแผนการจัดซื้อ")
    phone.goto(link_in(reminder, "/done/", after="ชี้แจงแผนการจัดซื้อ"))
    phone.get_by_role("heading", name="ชี้แจงแผนการจัดซื้อ").first.wait_for()
    phone.goto(f"{installation.url}/tasks/?year={year}")
    phone.get_by_role("link", name="ทำแล้ว: ชี้แจงแผนการจัดซื้อ").click()
    tick_off(phone, "ชี้แจงแผนการจัดซื้อ", today, tmp_path)
    phone.goto(f"{installation.url}/tasks/?year={year - 1}")
    phone.get_by_role("link", name="ทำแล้ว: ประกาศแผนการจัดซื้อ").click()
    tick_off(phone, "ประกาศแผนการจัดซื้อ", fiscal_year_end(year - 1), tmp_path)

    import_people(desk, tmp_path, EXECUTIVES, "นายเพียร บริหารดี")
    invite(desk, installation, "นายเพียร บริหารดี")
    desk.goto(f"{installation.url}/reports/{year - 1}/12/close/")
    desk.get_by_role("button", name="ปิดรอบ").click()
    desk.get_by_role("button", name="ส่งให้ลงนาม").click()
    remind(desk, installation)

    executive = open_page(PHONE)
    accept_invitation(executive, installation, EXECUTIVE)
    executive.goto(link_in(installation.mail_to(EXECUTIVE, "ลงนาม"), "/seen/", after="ลงนาม"))
    executive.get_by_role("heading", name="๑๒ เดือน").first.wait_for()
    executive.goto(f"{installation.url}/")
    executive.get_by_role("heading", name="รอท่านลงนาม").first.wait_for()
    executive.get_by_role("heading", name="ปีนี้จะได้ไฟสีอะไร").wait_for()

    sign_and_publish(desk, installation, year - 1)
    stranger = open_page(PHONE)
    stranger.goto(f"{installation.url}/public/lamthansai/{year - 1}/12")
    stranger.get_by_text(WORDS).first.wait_for()
    with stranger.expect_download() as waiting:
        stranger.get_by_role("link", name="DOCX").click()
    cells = [cell.text for table in Document(waiting.value.path()).tables for row in table.rows for cell in row.cells]
    assert any(WORDS in cell for cell in cells)


def sign_in(page: Page, installation: Installation, email: str) -> None:
    page.goto(f"{installation.url}/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_load_state()


def import_people(page: Page, folder: Path, rows: str, name: str) -> None:
    table = folder / "people.csv"
    table.write_text(rows, encoding="utf-8-sig")
    page.get_by_role("link", name="บุคลากร", exact=True).click()
    page.get_by_role("link", name="วางรายชื่อ").click()
    page.set_input_files("input[type=file]", table)
    page.get_by_role("button", name="ถูกต้อง นำเข้าบุคลากร").click()
    page.get_by_text(name).first.wait_for()


def import_plan(page: Page, installation: Installation, folder: Path, year: int, step: str, period: str) -> None:
    plan = folder / f"plan-{year}.html"
    cells = ("๑. จัดซื้อจัดจ้างโปร่งใส", f"๑. {step}", "กองคลัง", period)
    header = ("มาตรการ/แนวทาง", "ขั้นตอน/วิธีปฏิบัติ", "หน่วยงานผู้รับผิดชอบ", "ระยะเวลาดำเนินการ")
    rows = ("".join(f"<td>{cell}</td>" for cell in row) for row in (header, cells))
    table = "".join(f"<tr>{row}</tr>" for row in rows)
    plan.write_text(f'<!doctype html><meta charset="utf-8"><p>{AGENCY}</p><table>{table}</table>', encoding="utf-8")
    page.goto(f"{installation.url}/plan/import/")
    page.get_by_label("ปีงบประมาณ").select_option(str(year))
    page.set_input_files("input[type=file]", plan)
    page.get_by_role("heading", name=re.compile("^อ่านแผนปี")).wait_for()
    if (unknown := page.get_by_label("ใหม่: กอง/สำนัก")).count():
        unknown.check()
    page.get_by_role("button", name="บันทึกแผนปี").click()
    page.get_by_text("จัดซื้อจัดจ้างโปร่งใส").first.wait_for()


def invite(page: Page, installation: Installation, name: str) -> None:
    page.goto(f"{installation.url}/people/")
    page.get_by_role("button", name=f"เชิญ {name}").click()


def accept_invitation(page: Page, installation: Installation, email: str) -> None:
    page.goto(link_in(installation.mail_to(email, "/invitation/"), "/invitation/"))
    page.get_by_label("รหัสผ่านใหม่", exact=True).fill(PASSWORD)
    page.get_by_label("รหัสผ่านใหม่อีกครั้ง").fill(PASSWORD)
    page.get_by_role("button").first.click()
    page.wait_for_load_state()


def remind(page: Page, installation: Installation) -> None:
    page.goto(f"{installation.url}/reminders/")
    page.get_by_role("link", name="ส่งการแจ้งเตือนเดี๋ยวนี้").click()
    page.get_by_role("button", name=re.compile("^ส่งถึง .* คนเดี๋ยวนี้")).click()


def tick_off(page: Page, step: str, on: date, folder: Path) -> None:
    photo = folder / "ภาพการประชุม.jpg"
    Image.new("RGB", (640, 480), "teal").save(photo)
    page.get_by_role("heading", name=step).first.wait_for()
    page.get_by_label("ทำอะไรไปแล้ว").fill(WORDS)
    page.get_by_label("วันที่ทำ").fill(format_date(on))
    page.locator("#files").set_input_files(photo)
    page.get_by_role("button", name="บันทึกว่าทำแล้ว").click()
    try:
        page.get_by_text("บันทึกแล้ว").first.wait_for()
    except PlaywrightTimeoutError:
        pytest.fail(f"instead of “บันทึกแล้ว” the page says: {page.locator('body').inner_text()}")


def sign_and_publish(page: Page, installation: Installation, year: int) -> None:
    page.goto(f"{installation.url}/reports/{year}/12/close/")
    page.get_by_label("ชื่อ").first.fill("นายเพียร บริหารดี")
    page.get_by_label("ตำแหน่ง").first.fill("ปลัดองค์การบริหารส่วนตำบล")
    page.locator("#main").get_by_role("button", name="บันทึกผู้ลงนาม").click()
    page.get_by_role("link", name="ไปหน้าเผยแพร่").click()
    page.get_by_label("ชื่อหน่วยงานในที่อยู่เว็บ").fill("lamthansai")
    page.get_by_label("ทดลองเผยแพร่เฉพาะในเครื่องนี้").check()
    page.get_by_role("button", name="เผยแพร่ตามนี้").click()
