"""Two heads record one joint task on their phones: the second loses neither words nor photos."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import select

from tests.browser.conftest import Site, Window
from tests.browser.plays import Play, plays
from tests.browser.test_accessibility import violations
from tracker.models import Completion, Task

OpenWindow = Callable[..., Window]
HERS, MINE = "เปิดช่องทางร้องเรียนบนเว็บไซต์ อบต.", "เพิ่มแบบฟอร์ม E-Service ๓ รายการ"


@plays("conflict")
def test_the_second_adds_to_the_first(window: OpenWindow, site: Site, tmp_path: Path, play: Play) -> None:
    second_adds_to_first(window, site, tmp_path, play, scripts=True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_scripts_too(window: OpenWindow, site: Site, tmp_path: Path) -> None:
    second_adds_to_first(window, site, tmp_path, Play("phone", "th"), scripts=False)


def second_adds_to_first(window: OpenWindow, site: Site, folder: Path, play: Play, *, scripts: bool) -> None:
    photo, say = folder / "ภาพกิจกรรม.jpg", play.say
    Image.new("RGB", (40, 30), "teal").save(photo)
    site.read_in(play.language)
    with site.database.reading() as session:
        task_id = session.scalars(select(Task.id).where(Task.title == "ทบทวนช่องทางร้องเรียน")).one()
    second, first = window(play=play, scripts=scripts), window(play=play)
    for one, who in ((second, "head2"), (first, "head3")):
        one.sign_in(who)
        one.open(f"/tasks/{task_id}")
        expect(one.page.locator("html")).to_have_attribute("lang", play.language)
    save = say("Save as done")
    first.page.locator("#result").fill(HERS)
    first.page.get_by_role("button", name=save).click()
    expect(first.page.locator(".notice.undo")).to_contain_text("ทบทวน")
    page = second.page
    page.locator("#result").fill(MINE)
    page.locator("#files").set_input_files(photo)
    page.get_by_role("button", name=save).click()
    for _ in range(2):
        expect(page.get_by_role("heading", level=1)).to_contain_text("กองช่าง")
        expect(page.locator("#result")).to_have_value(MINE)
        expect(page.get_by_role("checkbox", name="ภาพกิจกรรม.jpg")).to_be_checked()
        page.reload()
    expect(page.get_by_role("button", name=say("Undo"))).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert not scripts or violations(second) == []
    page.get_by_role("button", name=say("Add mine to it")).click()
    expect(page.locator(".notice.undo")).to_contain_text("ทบทวน")
    with site.database.reading() as session:
        [stands] = session.scalars(select(Completion).where(Completion.withdrawn_at.is_(None)))
        assert stands.result == f"{HERS}\n{MINE}"
        assert [one.original_name for one in stands.evidence] == ["ภาพกิจกรรม.jpg"]
