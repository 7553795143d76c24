"""From the plan's document to its tasks in a real browser: in few presses, with nothing lost on the way, and back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from tests.browser.conftest import Site, Window
from tests.browser.test_accessibility import violations
from tracker.kinds import RoleName, UnitKind
from tracker.models import Measure, Plan, Role, Task, Unit, UnitAlias
from tracker.plan_import.parties import party_key
from tracker.store.db import Database

OpenWindow = Callable[..., Window]
PRESSES_FOR_THE_PLAN = 6
"""What the way from the file to the saved plan may cost (look/next/october): file button, file, the year's answer, go
on, the committee's chair, save."""
KEPT = "เก็บไว้แล้วทุกข้อ ยังไม่บันทึกแผน"
HEADER = "<tr><th>มาตรการ<th>ขั้นตอน<th>ผู้รับผิดชอบ<th>ระยะเวลา</tr>"


class Hand:
    """Counts what a person presses, picks or pastes."""

    def __init__(self) -> None:
        self.presses = 0

    def __call__(self, *_done: object, presses: int = 1) -> None:
        self.presses += presses


@pytest.fixture
def works(site: Site) -> None:
    """The two works that October's second step adds to the divisions."""
    with site.database.writing() as session:
        for name in ("งานนิติการ", "งานประชาสัมพันธ์"):
            session.add(
                Unit(
                    agency_id=site.world.agency_id,
                    name=name,
                    name_key=party_key(name),
                    kind=UnitKind.SECTION,
                    position=20,
                )
            )


def this_year(site: Site) -> int:
    """The year that the page proposes; the agency has its plan already, so the tests clear it."""
    with site.database.writing() as session:
        for plan in session.scalars(select(Plan)):
            plan.fiscal_year -= 5
    return site.world.fiscal_year


def tasks_of(database: Database, year: int) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count(Task.id)).join(Plan).where(Plan.fiscal_year == year)) or 0


def word(rows: str) -> str:
    """A table as Word lays it on the clipboard: a whole page of HTML with comments and styles."""
    return (
        "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><style>td.x{mso-style:1}</style></head><body>"
        f"<!--StartFragment--><table class=MsoTable>{HEADER}{rows}</table><!--EndFragment--></body></html>"
    )


def paste(page: Page, html: str, text: str = "") -> None:
    page.locator("#pasted").evaluate(
        """(field, [html, text]) => {
          const held = new DataTransfer();
          held.setData("text/plain", text);
          held.setData("text/html", html);
          field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: held, bubbles: true, cancelable: true }));
        }""",
        [html, text],
    )


@pytest.mark.usefixtures("works")
def test_october_s_third_step_costs_six_presses(window: OpenWindow, site: Site, seed: bytes) -> None:
    year, hand = this_year(site), Hand()
    desk = window(1440, 900)
    desk.sign_in("coordinator")
    page = desk.page
    desk.open("/plan/import/")
    with page.expect_file_chooser() as chooser:
        hand(page.get_by_label("ไฟล์แผน").click())
    hand(chooser.value.set_files({"name": "รายงาน.txt", "mimeType": "text/plain", "buffer": seed}))
    shift = page.get_by_role("button", name="ทำแผนปี").first
    shift.wait_for()
    hand(shift.click(), presses=2)  # the answer, and to go on
    page.get_by_role("heading", name="เหลือ ๑ คำถาม").wait_for()
    assert violations(desk) == []
    hand(page.get_by_role("group", name="ใครเป็นประธาน").get_by_label("ปลัด", exact=True).check())
    save = page.get_by_role("button", name="พร้อมงาน ๑๔๖ งาน")
    save.wait_for()
    hand(save.click())
    page.get_by_text("นำเข้าแผนแล้ว").wait_for()
    print(f"October, step 3: {hand.presses} interactions of {PRESSES_FOR_THE_PLAN}")  # noqa: T201  (the test's report)
    assert hand.presses <= PRESSES_FOR_THE_PLAN
    assert tasks_of(site.database, year) == 146
    with site.database.reading() as session:
        aliases = set(session.scalars(select(UnitAlias.name)))
        assert aliases == {"เจ้าหน้าที่ฝ่ายประชาสัมพันธ์", "นิติกร"}
        chair = session.scalars(select(Role).join(Unit).where(Unit.kind == UnitKind.COMMITTEE)).one()
        assert (chair.role, chair.member.name) == (RoleName.HEAD, "ปลัด")
        cells = session.scalars(select(Measure.responsible_text).join(Plan).where(Plan.fiscal_year == year)).all()
        assert "เจ้าหน้าที่ฝ่ายประชาสัมพันธ์/นิติกร" in cells


@pytest.mark.parametrize("width", [360, 1440])
def test_what_is_chosen_outlives_leaving_and_the_import_is_undone(window: OpenWindow, site: Site, width: int) -> None:
    year = this_year(site)
    rows = (
        "<tr><td>๑. ให้บริการ<td>๑. จัดทำคู่มือ<td>ทุกส่วนราชการ<td>๓๑ เมษายน</tr>"
        "<tr><td>๒. จัดซื้อ<td>๑. เผยแพร่<td>กองพัสดุ<td>รายไตรมาส</tr>"
        "<tr><td>๓. เก็บรักษา<td>๑. ตรวจนับ<td>ฝ่ายทรัพย์สิน<td>รายไตรมาส</tr>"
    )
    desk = window(width, 900)
    desk.sign_in("coordinator")
    page = desk.page
    desk.open("/plan/import/")
    assert violations(desk) == []
    paste(page, word(rows), "ข้อความ")
    page.get_by_role("heading", name="เหลือ ๒ คำถาม").wait_for()
    address = page.url
    page.get_by_role("button", name="ไปที่คำถาม").click()
    expect(page.locator("#party-0 input").nth(2)).to_be_focused()
    page.get_by_role("group", name="กองพัสดุ").get_by_label("ใหม่: กอง/สำนัก").check()
    page.get_by_role("heading", name="เหลือ ๑ คำถาม").wait_for()
    page.get_by_label("ฝ่ายทรัพย์สิน: อย่างอื่น").select_option("same กองพัสดุ")
    page.get_by_role("button", name="บันทึกแผนปี").wait_for()
    page.locator("#measure-0").get_by_text("แก้มาตรการนี้").click()
    page.locator("#m0-period").fill("ธันวาคม")
    page.locator("#understood-0").get_by_text("๓๑ ธ.ค.").first.wait_for()  # kept, and read on the server, by itself
    expect(page.locator("#kept")).to_have_text(KEPT)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.evaluate("window.scrollTo(0, 0)")  # what the bar of buttons half covers is too small a target for axe
    assert violations(desk) == []
    page.locator("#m1-title").evaluate("field => { field.closest('details').open = true }")
    page.locator("#m1-title").fill("จัดซื้อจัดจ้าง")
    desk.open("/overview/")  # at once: the last word goes along
    desk.open("/plan/import/")
    page.get_by_role("link", name="html").click()
    page.wait_for_url(lambda url: url.startswith(address.partition("#")[0]))
    expect(page.locator("#m0-period")).to_have_value("ธันวาคม")
    expect(page.locator("#m1-title")).to_have_value("จัดซื้อจัดจ้าง")
    expect(page.locator("input[name=is-0]:checked")).to_have_value("division")
    page.get_by_role("button", name="บันทึกแผนปี").click()
    page.get_by_text("นำเข้าแผนแล้ว").wait_for()
    assert tasks_of(site.database, year) > 8
    page.get_by_role("link", name="เลิกทำการนำเข้า").click()
    page.get_by_text("กองพัสดุ").first.wait_for()
    assert violations(desk) == []
    page.get_by_role("button", name="เลิกทำการนำเข้า").click()
    page.get_by_text("เลิกทำการนำเข้าแล้ว").wait_for()
    assert tasks_of(site.database, year) == 0
    page.get_by_role("link", name="html").click()
    expect(page.locator("#m1-title")).to_have_value("จัดซื้อจัดจ้าง")


def test_the_whole_way_works_without_scripts(window: OpenWindow, site: Site) -> None:
    year = this_year(site)
    desk = window(1440, 900, scripts=False)
    desk.sign_in("coordinator")
    page = desk.page
    desk.open("/plan/import/")
    page.get_by_label("วางตารางที่คัดลอกมาที่นี่").fill(
        "มาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tระยะเวลา\n๑. จัดซื้อ\t๑. เผยแพร่\tกองพัสดุ\tรายไตรมาส\n๒. ซ่อม\t๑. ตรวจ\tกองโยธา\t๓๑ เมษายน"
    )
    page.get_by_role("button", name="ดูสิ่งที่อ่านได้").click()
    page.get_by_role("heading", name="เหลือ ๒ คำถาม").wait_for()
    page.get_by_role("group", name="กองพัสดุ").get_by_label("ใหม่: กอง/สำนัก").check()
    page.locator("#measure-1").get_by_text("แก้มาตรการนี้").click()
    page.locator("#m1-period").fill("ธันวาคม")
    page.get_by_role("button", name="ไปที่คำถาม").click()
    page.get_by_role("heading", name="เหลือ ๑ คำถาม").wait_for()
    page.get_by_label("กองโยธา: อย่างอื่น").select_option(f"unit {site.world.units['กองช่าง']}")
    page.get_by_role("button", name="ไปที่คำถาม").click()
    expect(page.locator("#m1-period")).to_have_value("ธันวาคม")
    page.get_by_role("button", name="บันทึกแผนปี").click()
    page.get_by_text("นำเข้าแผนแล้ว").wait_for()
    assert tasks_of(site.database, year) == 5
