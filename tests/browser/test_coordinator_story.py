"""A coordinator's October at a desk: the plan is imported, corrected, handed on, moved and imported again."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.browser.conftest import Site, Window
from tests.browser.test_accessibility import violations
from tracker.kinds import UnitKind
from tracker.models import Plan, Role, Task, Unit, UnitAlias
from tracker.sample.text import plan_document

OpenWindow = Callable[..., Window]


@pytest.fixture
def document(site: Site) -> str:
    """The plan that the product ships, with an impossible day and a unit under another name."""
    year = site.world.fiscal_year + 1
    text = plan_document(year).decode()
    wrong = text.replace("รายไตรมาส ปีงบประมาณ พ.ศ.", "๓๑ เมษายน", 1).replace(
        "<p>กองคลัง</p>", "<p>กองการเงินและบัญชี</p>", 1
    )
    assert wrong.count("๓๑ เมษายน") == wrong.count("กองการเงินและบัญชี") == 1
    return wrong


def test_a_plan_is_imported_corrected_changed_and_imported_again(window: OpenWindow, site: Site, document: str) -> None:
    year = site.world.fiscal_year + 1
    desk = window(1440, 900)
    desk.sign_in("coordinator")
    page = desk.page

    def upload(text: str) -> None:
        desk.open("/plan/import/")
        page.get_by_label("ปีงบประมาณ").select_option(str(year))
        page.get_by_label("ไฟล์แผน").set_input_files(
            {"name": "แผน.txt", "mimeType": "text/plain", "buffer": text.encode()}
        )
        page.get_by_role("heading", name="อ่านแผนปี").wait_for()

    upload(document)
    page.get_by_role("link", name="มาตรการ ๕ ระยะเวลาดำเนินการ").click()
    typed = page.locator("#m4-period")
    typed.fill(f"รายไตรมาส ปีงบประมาณ พ.ศ. {year}")
    page.locator("#measure-4 [aria-live] b", has_text="ถึง ๓๐ ก.ย.").wait_for()  # read on the server while typing
    assert violations(desk) == []
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert violations(desk) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(page.locator("#kept")).to_have_text("เก็บไว้แล้วทุกข้อ ยังไม่บันทึกแผน")
    page.reload()
    expect(typed).to_have_value(f"รายไตรมาส ปีงบประมาณ พ.ศ. {year}")
    page.get_by_role("button", name="ไปที่คำถาม").click()
    page.get_by_label("กองการเงินและบัญชี: อย่างอื่น").select_option(f"unit {site.world.units['กองคลัง']}")
    page.locator("#measure-4 .chip", has_text="กองการเงินและบัญชี").wait_for()
    page.get_by_role("heading", name="เหลือ ๓ คำถาม").wait_for()
    committee = page.get_by_role("group", name="เป็นคณะกรรมการใหม่ ใครเป็นประธาน")
    committee.get_by_label("ปลัด", exact=True).check()
    page.get_by_role("heading", name="เหลือ ๒ คำถาม").wait_for()
    page.get_by_role("button", name="ตอบทุกข้อภายหลัง").click()
    page.wait_for_load_state()
    assert violations(desk) == []
    page.get_by_role("button", name="บันทึกแผนปี").click()
    page.get_by_text("นำเข้าแผนแล้ว").wait_for()
    with site.database.reading() as session:
        assert session.scalars(select(UnitAlias.name)).all() == ["กองการเงินและบัญชี"]
        chaired = select(Role).join(Unit).where(Unit.kind == UnitKind.COMMITTEE)
        assert [role.member.name for role in session.scalars(chaired)] == ["ปลัด"]

    desk.open(f"/all-tasks/?year={year}&measure=5")
    page.get_by_label("เลือกทุกงานในหน้านี้").check()
    page.get_by_label("สิ่งที่จะทำกับงานที่เลือก").select_option("reassign")
    page.get_by_role("button", name="ทำกับงานที่เลือก (๘)").click()
    page.get_by_label("หน่วยงานที่จะรับผิดชอบ").select_option("กองช่าง")
    page.get_by_role("button", name="ดูผลก่อน").click()
    page.get_by_role("button", name="ยืนยัน เปลี่ยน ๘ งาน").click()
    page.get_by_text("เปลี่ยนแล้ว ๘ งาน").wait_for()
    page.locator("input[name=task]").first.check()
    page.get_by_label("สิ่งที่จะทำกับงานที่เลือก").select_option("move")
    page.get_by_role("button", name="ทำกับงานที่เลือก (๑)").click()
    page.get_by_label("วันใหม่").fill(f"15 ม.ค. {year % 100}")
    page.get_by_role("button", name="ดูผลก่อน").click()
    assert violations(desk) == []
    page.get_by_role("button", name="ยืนยัน เปลี่ยน ๑ งาน").click()
    page.get_by_text("เปลี่ยนแล้ว ๑ งาน").wait_for()

    upload(document.replace("เผยแพร่แผนการจัดซื้อจัดจ้าง", "เผยแพร่แผนจัดซื้อจัดจ้างทุกโครงการ"))
    page.get_by_role("link", name="มาตรการ ๕ ระยะเวลาดำเนินการ").click()
    typed = page.locator("#m4-period")
    typed.fill(f"รายไตรมาส ปีงบประมาณ พ.ศ. {year}")
    page.locator(".difference li", has_text="มาตรการ ๕ ขั้นตอน ๑").wait_for()
    page.get_by_role("button", name="แก้แผนปี").click()
    page.get_by_text("นำเข้าแผนแล้ว").wait_for()
    with site.database.reading() as session:
        of_year = select(Task).join(Plan).where(Plan.fiscal_year == year)
        named = of_year.where(Task.title.contains("จัดซื้อจัดจ้างทุกโครงการ")).order_by(Task.scheduled_on)
        tasks = session.scalars(named).all()
        assert [[unit.name for unit in task.units] for task in tasks] == [["กองช่าง"]] * 4
        assert tasks[0].due_on == date(year - 543, 1, 15)  # the move and the new unit outlive the correction
