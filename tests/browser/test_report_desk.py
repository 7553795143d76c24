"""The report desk in a real browser: a cell opened where it stands, its answers beside it, one button for all."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.conftest import Site, Window
from tests.browser.test_accessibility import violations
from tests.factories import TEST, World
from tracker import clock
from tracker.models import ColumnText, Measure, Plan, Step, Task
from tracker.reports.rollup import Column
from tracker.services.reports import column_texts as texts
from tracker.services.reports.compose import measures_of
from tracker.services.tasks import progress
from tracker.thai.calendar import fiscal_year_start

OpenWindow = Callable[..., Window]

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WRITTEN = "ดำเนินการแล้ว ๑ จาก ๕ ส่วนราชการ\nสำนักปลัด จัดทำคู่มือแล้ว รวมการรับเบี่ยยังชีพผู้สูงอายุ\nทุกส่วนราชการ เผยแพร่คู่มือ"


def tick(site: Site, unit: str, result: str) -> None:
    """The unit's task of the first measure is done on the year's first day."""
    now = clock.now()
    with site.database.writing() as session:
        task = session.scalars(
            select(Task).join(Step).join(Measure)
            .where(Measure.number == 1, Task.plan_id == site.world.plan_id)
            .where(Task.units.any(id=site.world.units[unit]))
        ).one()  # fmt: skip
        day = fiscal_year_start(site.world.fiscal_year)
        progress.tick_off(
            session, task, result=result, done_on=day, today=max(day, clock.local(now, site.settings.zone).date()),
            by=TEST, at=now,
        )  # fmt: skip


def write(site: Site, typed: str, number: int = 1, column: Column = "summary") -> None:
    """The coordinator's text of a cell of the twelve-month report."""
    with site.database.writing() as session:
        plan = session.get_one(Plan, site.world.plan_id)
        measures = measures_of(session, plan)
        views = texts.column_views(session, plan, measures, 12, site.settings.zone, thai_digits=True)
        view = next(one for one in views if (one.measure.number, one.column) == (number, column))
        texts.edit_text(session, view, 12, typed, by=TEST, at=clock.now() - timedelta(minutes=1))


@pytest.fixture
def answers(site: Site) -> None:
    """A text with a slip and a claim, and a result that came in after it."""
    tick(site, "สำนักปลัด", "จัดทำคู่มือแล้ว")
    write(site, WRITTEN)
    tick(site, "กองคลัง", "จัดทำคู่มือแล้ว ๒ เล่ม")


def desk(window: OpenWindow, width: int = 1440, height: int = 900, **more: bool) -> Window:
    one = window(width, height, **more)
    one.sign_in("coordinator")
    one.open(address(one.site.world))
    return one


def address(world: World) -> str:
    return f"/reports/{world.fiscal_year}/12/edit/"


def cell(page: Page, measure: int, column: str = "summary") -> str:
    """The name of a cell, in the order of the measures."""
    names = page.locator(f".cell[data-column={column}]").evaluate_all("(all) => all.map((one) => one.dataset.name)")
    return str(names[measure - 1])


def saved(site: Site, name: str) -> str:
    column, measure = name.split("-")
    with site.database.reading() as session:
        text = session.scalar(
            select(ColumnText).where(ColumnText.measure_id == int(measure), ColumnText.field == column)
        )
        return "" if text is None else "\n".join(one["text"] for one in text.paragraphs)


@pytest.mark.usefixtures("answers")
def test_what_is_to_be_answered_is_answered_by_the_keys_and_saved_by_one(window: OpenWindow, site: Site) -> None:
    one = desk(window)
    page, name = one.page, cell(one.page, 1)
    expect(page.locator("h1")).to_contain_text("เหลือ ๓ เรื่องก่อนปิดรอบ")
    page.locator(f"#{name} .open-cell").press("Enter")
    field = page.locator(f"#text-{name}")
    expect(field).to_be_focused()
    beside = page.locator(".desk-side")
    expect(beside.locator(".answer")).to_have_count(3)
    expect(beside.locator(".answer h4")).to_have_text(["๑ คำสะกด", "๒ บอกมากกว่างานที่บันทึก", "๓ ผลใหม่ เพิ่มต่อท้าย"])
    expect(beside.get_by_role("link", name="กองคลัง").first).to_be_visible()
    page.keyboard.press("Alt+ArrowDown")
    expect(beside.locator(".answer").first).to_be_focused()
    page.keyboard.press("Alt+Enter")  # the slip is mended
    expect(beside.locator(".answer")).to_have_count(2)
    page.keyboard.press("Alt+Enter")  # the claim becomes the count
    expect(beside.locator(".answer")).to_have_count(1)
    page.keyboard.press("Alt+Enter")  # what is new is taken, and the count moves with it
    expect(beside.locator(".answer")).to_have_count(0)
    expect(field).to_have_value(
        "ดำเนินการแล้ว ๒ จาก ๕ ส่วนราชการ\nสำนักปลัด จัดทำคู่มือแล้ว รวมการรับเบี้ยยังชีพผู้สูงอายุ\n๒ จาก ๕ ส่วนราชการ เผยแพร่คู่มือ\n"
        "กองคลัง จัดทำคู่มือแล้ว ๒ เล่ม"
    )
    expect(page.locator("[data-unsaved]")).to_have_text("ยังไม่บันทึก ๑ ช่อง")
    assert saved(site, name).startswith("ดำเนินการแล้ว ๑ จาก ๕")  # nothing is saved by an answer
    page.keyboard.press("Control+s")
    expect(page.get_by_text("บันทึกแล้ว ๑ ช่อง")).to_be_visible()
    assert saved(site, name).endswith("กองคลัง จัดทำคู่มือแล้ว ๒ เล่ม")
    expect(page.locator("h1")).to_contain_text("ไม่มีเรื่องค้าง")
    expect(page.get_by_role("link", name="ตรวจและปิดรอบ").last).to_be_visible()


def test_tab_goes_on_escape_closes_and_one_button_saves_both(window: OpenWindow, site: Site) -> None:
    one = desk(window)
    page = one.page
    first, second = cell(page, 1), cell(page, 1, "outcome")
    page.locator(f"#measure-{first.split('-')[1]} > summary").click()
    page.locator(f"#{first} .shown").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("จัดทำคู่มือแล้ว")
    page.keyboard.press("Tab")
    expect(page.locator(f"#text-{second}")).to_be_focused()
    page.keyboard.type("ประชาชนเข้าใจ")
    page.keyboard.press("Escape")
    expect(page.locator(f"#{second} .open-cell")).to_be_focused()
    expect(page.locator(f"#{second} .shown")).to_contain_text("ประชาชนเข้าใจ")  # closed, and kept
    expect(page.locator("[data-cells] a")).to_have_count(2)
    page.get_by_role("button", name="บันทึกทั้ง ๒ ช่อง").click()
    expect(page.get_by_text("บันทึกแล้ว ๒ ช่อง")).to_be_visible()
    assert (saved(site, first), saved(site, second)) == ("จัดทำคู่มือแล้ว", "ประชาชนเข้าใจ")


def test_taking_back_asks_once_and_names_the_cells(window: OpenWindow) -> None:
    one = desk(window)
    page, name = one.page, cell(one.page, 2)
    page.locator(f"#measure-{name.split('-')[1]} > summary").click()
    page.locator(f"#{name} .shown").click()
    before = page.locator(f"#text-{name}").input_value()
    page.keyboard.type("ใหม่")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    page.get_by_role("button", name="เลิกแก้").click()
    expect(page.locator("[data-unsaved]")).to_be_hidden()
    expect(page.locator(f"#text-{name}")).to_have_value(before)
    assert "มาตรการ ๒ สรุปผลดำเนินการ" in asked[0]


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_the_desk_fits_is_sound_and_shows_one_tab_at_a_time_on_a_phone(window: OpenWindow, width: int) -> None:
    one = desk(window, width)
    page, name = one.page, cell(one.page, 1)
    assert violations(one) == []
    page.locator(f"#{name} .open-cell").click()
    expect(page.locator(f"#text-{name}")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert violations(one) == []
    if width < 1000:
        measure = page.locator(f"#measure-{name.split('-')[1]}")
        expect(measure.locator(".of-plan").first).to_be_hidden()
        measure.get_by_role("button", name="ในแผน").click()
        expect(measure.locator(".of-plan").first).to_be_visible()
        expect(page.locator(f"#{name}")).to_be_hidden()


@pytest.mark.usefixtures("answers")
def test_a_phone_shows_one_measure_and_one_card_at_a_time(window: OpenWindow) -> None:
    one = desk(window, 360)
    page, name = one.page, cell(one.page, 1)
    expect(page.locator(".desk-measure:visible")).to_have_count(1)
    first = page.locator(f"#side-{name} .answer").first
    expect(first.locator(".turn")).to_contain_text("เรื่องที่ ๑ จาก ๓")
    first.get_by_role("button", name="ถัดไป").click()
    expect(page.locator(f"#side-{name} .answer").nth(1)).to_be_focused()
    page.locator(f"#{name} .badge", has_text="๓").click()  # a tap on a number shows its card
    expect(page.locator(f"#side-{name} .answer").nth(2)).to_be_focused()
    page.locator(".measures a").nth(1).click()
    expect(page.locator(".desk-measure:visible h2")).to_contain_text("มาตรการที่ 2")


@pytest.mark.usefixtures("answers")
def test_nothing_lies_over_the_bar_that_saves(window: OpenWindow) -> None:
    one = desk(window, 911, 512)
    page, name = one.page, cell(one.page, 1)
    page.locator(f"#{name} .open-cell").click()
    page.keyboard.type("จัดทำคู่มือแล้ว")
    expect(page.locator("[data-unsaved]")).to_be_visible()
    free = """(button) => {
      const box = button.getBoundingClientRect();
      return [box.top + 2, box.bottom - 2].every((at) => button.contains(document.elementFromPoint(box.left + 20, at)));
    }"""
    assert page.locator("[data-save]").evaluate(free)


def test_without_a_line_nothing_leaves_and_it_is_sent_when_the_line_is_back(window: OpenWindow, site: Site) -> None:
    one = desk(window)
    page, name = one.page, cell(one.page, 1)
    page.locator(f"#measure-{name.split('-')[1]} > summary").click()
    page.locator(f"#{name} .shown").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("จัดทำคู่มือแล้ว")
    page.wait_for_timeout(1000)  # the marks are asked for while there is a line
    page.context.set_offline(True)
    page.keyboard.press("Control+s")
    expect(page.get_by_text("ไม่มีสัญญาณ ยังไม่ได้บันทึก")).to_be_visible()
    expect(page.locator(f"#text-{name}")).to_have_value("จัดทำคู่มือแล้ว")
    page.context.set_offline(False)
    expect(page.get_by_text("บันทึกแล้ว ๑ ช่อง")).to_be_visible()
    assert saved(site, name) == "จัดทำคู่มือแล้ว"


@pytest.mark.usefixtures("answers")
def test_without_scripts_every_cell_is_a_field_and_every_answer_a_button(window: OpenWindow, site: Site) -> None:
    one = desk(window, 390, scripts=False)
    page, name = one.page, cell_without_scripts(site)
    page.locator(f"#side-{name}").get_by_role("button", name="รับ:").click()
    page.wait_for_url(f"**#{name}")
    taken = WRITTEN.replace("๑ จาก", "๒ จาก") + "\nกองคลัง จัดทำคู่มือแล้ว ๒ เล่ม"
    expect(page.locator(f"#text-{name}")).to_have_value(taken)
    page.locator(f"#text-{name}").fill(f"{taken}\nพิมพ์เพิ่ม")
    page.locator(f"#side-{name}").get_by_text("คงไว้ พร้อมเหตุผล").click()
    page.locator(f"#side-{name} input[name^=why]").fill("ทุกส่วนราชการส่งคู่มือแล้วทางหนังสือเวียน")
    page.locator(f"#side-{name}").get_by_role("button", name="คงไว้", exact=True).click()
    page.wait_for_url(f"**#{name}")
    expect(page.locator(f"#side-{name}")).to_contain_text("ทุกส่วนราชการส่งคู่มือแล้วทางหนังสือเวียน")
    expect(page.locator(f"#side-{name} .answer")).to_have_count(1)
    assert saved(site, name).endswith("พิมพ์เพิ่ม")  # what was typed was saved with it


def cell_without_scripts(site: Site) -> str:
    with site.database.reading() as session:
        measure = session.scalars(
            select(Measure.id).where(Measure.plan_id == site.world.plan_id, Measure.number == 1)
        ).one()
    return f"summary-{measure}"


def test_a_colleague_saved_first_and_nothing_is_lost(window: OpenWindow, site: Site) -> None:
    one = desk(window)
    page, name = one.page, cell(one.page, 1)
    page.locator(f"#measure-{name.split('-')[1]} > summary").click()
    page.locator(f"#{name} .shown").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("๑. จัดประชุม\nผู้เข้าร่วม ๑๘ คน")
    write(site, "๑. จัดประชุม ณ ห้องประชุม")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("alert").first).to_contain_text("มี ๑ ช่องที่มีคนบันทึกไปก่อนท่าน")
    outcome = page.locator(f"#text-{name}")
    expect(outcome).to_have_value("๑. จัดประชุม ณ ห้องประชุม\nผู้เข้าร่วม ๑๘ คน")
    page.get_by_text("แทนที่", exact=True).click()
    expect(outcome).to_have_value("๑. จัดประชุม\nผู้เข้าร่วม ๑๘ คน")
    page.get_by_text("ต่อท้าย", exact=True).click()
    expect(outcome).to_have_value("๑. จัดประชุม ณ ห้องประชุม\nผู้เข้าร่วม ๑๘ คน")
    assert violations(one) == []
    page.get_by_role("button", name="บันทึกตามนี้").click()
    expect(page.get_by_text("บันทึกแล้ว ๑ ช่อง")).to_be_visible()
    assert saved(site, name) == "จัดประชุม ณ ห้องประชุม\nผู้เข้าร่วม ๑๘ คน"
