"""The page behind an e-mail's link in a browser: the button that counts, the chips, and words that are asked about."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.browser.conftest import Site, Window
from tracker import clock
from tracker.channels.email.done_link import DoneLinks
from tracker.models import Completion, ProgressNote, Task, TaskUnit
from tracker.settings import secret_key

OpenWindow = Callable[..., Window]
WORDS = "ชี้แจงในที่ประชุมประจำเดือนของกอง"
SAVE = ".sticky button.primary"


@pytest.fixture
def months(site: Site) -> list[int]:
    """Three months of one step of กองคลัง that are due today or late, whatever the day of this run."""
    today = clock.today(site.settings.zone)
    with site.database.writing() as session:
        own = select(TaskUnit.task_id).where(TaskUnit.unit_id == site.world.units["กองคลัง"])
        monthly = select(Task).where(Task.id.in_(own), Task.title.like("ชี้แจง%")).order_by(Task.scheduled_on).limit(3)
        tasks = session.scalars(monthly).all()
        for task in tasks:
            task.due_on = today
            task.scheduled_on = today
        later = session.scalars(select(Task).where(Task.id.in_(own), Task.id.not_in([one.id for one in tasks])))
        for task in later:
            task.state = "cancelled"
        return [task.id for task in tasks]


def link(site: Site, task: int) -> str:
    world, today = site.world, clock.today(site.settings.zone)
    token = DoneLinks(secret_key(site.settings)).token(world.members["head2"], task, today, world.email("head2"))
    return f"/done/{token}"


def recorded(site: Site) -> list[tuple[str, date | None]]:
    with site.database.reading() as session:
        return [(one.result, one.done_on) for one in session.scalars(select(Completion).order_by(Completion.id))]


def test_the_save_button_counts_the_chosen_occasions(window: OpenWindow, site: Site, months: list[int]) -> None:
    phone = window(360, 740)
    phone.open(link(site, months[0]))
    page = phone.page
    expect(page.locator(SAVE)).to_contain_text("๓")
    page.uncheck(f"input[name=task][value='{months[2]}']")
    expect(page.locator(SAVE)).to_contain_text("๒")
    page.uncheck(f"input[name=task][value='{months[1]}']")
    expect(page.locator(SAVE)).not_to_contain_text("๒")
    page.check(f"input[name=task][value='{months[1]}']")
    page.fill("#result", WORDS)
    for box in page.locator(".day-field", has=page.locator("button", has_text="วันนี้")).all()[:2]:
        box.get_by_role("button", name="วันนี้").click()
        expect(box.locator("output")).to_contain_text("ทันกำหนด")
    page.locator(SAVE).click()
    expect(page.locator("h1")).to_contain_text("บันทึกแล้ว")
    today = clock.today(site.settings.zone)
    assert recorded(site) == [(WORDS, today), (WORDS, today)]


@pytest.mark.parametrize("scripts", [True, False])
def test_words_of_denial_are_asked_about_and_pass_with_the_chip(
    window: OpenWindow, site: Site, months: list[int], scripts: bool
) -> None:
    phone = window(360, 740, scripts=scripts)
    phone.open(link(site, months[0]))
    page = phone.page
    for other in months[1:]:
        page.uncheck(f"input[name=task][value='{other}']")
    page.fill("#result", "ยังไม่ได้ลงเว็บ แต่ติดบอร์ดแล้ว")
    page.check("input[name=unknown]")
    page.locator(SAVE).click()
    expect(page.locator("[role=alert]")).to_contain_text("ยังไม่ได้ทำใช่ไหม")
    phone.complaints.clear()  # the browser itself reports an answer of 422
    expect(page.locator("#result")).to_have_value("ยังไม่ได้ลงเว็บ แต่ติดบอร์ดแล้ว")
    assert recorded(site) == []
    page.locator("button[name=sure]").click()
    expect(page.locator("h1")).to_contain_text("บันทึกแล้ว")
    assert recorded(site) == [("ยังไม่ได้ลงเว็บ แต่ติดบอร์ดแล้ว", None)]


@pytest.mark.parametrize("scripts", [True, False])
def test_not_finished_takes_the_words_along(window: OpenWindow, site: Site, months: list[int], scripts: bool) -> None:
    phone = window(360, 740, scripts=scripts)
    phone.open(link(site, months[0]))
    page = phone.page
    page.fill("#result", "กำลังรวบรวมเอกสาร")
    for box in page.locator("input[name^=unknown]").all():
        box.check()
    page.locator(SAVE).click()
    page.locator("button[name=as_note]").click()
    phone.complaints.clear()  # as above
    expect(page.locator("#note")).to_have_value("กำลังรวบรวมเอกสาร")
    expect(page.locator("input[name=answer][value=note]")).to_be_checked()
    page.locator(SAVE).click()
    expect(page.locator("h1")).to_contain_text("บันทึกแล้ว")
    assert recorded(site) == []
    with site.database.reading() as session:
        assert {one.text for one in session.scalars(select(ProgressNote))} == {"กำลังรวบรวมเอกสาร"}
