"""Two heads record one joint task on their phones: the second loses neither words nor photos."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import select

from tests.browser.conftest import Site, Window
from tests.browser.test_accessibility import violations
from tracker.models import Completion, Task

OpenWindow = Callable[..., Window]
HERS, MINE = "เปิดช่องทางร้องเรียนบนเว็บไซต์ อบต.", "เพิ่มแบบฟอร์ม E-Service ๓ รายการ"


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_second_adds_to_the_first(
    window: OpenWindow, site: Site, tmp_path: Path, width: int, scripts: bool
) -> None:
    photo = tmp_path / "ภาพกิจกรรม.jpg"
    Image.new("RGB", (40, 30), "teal").save(photo)
    with site.database.reading() as session:
        task_id = session.scalars(select(Task.id).where(Task.title == "ทบทวนช่องทางร้องเรียน")).one()
    second, first = window(width, 800, scripts=scripts), window(width, 800)
    for one, who in ((second, "head2"), (first, "head3")):
        one.sign_in(who)
        one.open(f"/tasks/{task_id}")
    first.page.get_by_label("ทำอะไรไปแล้ว").fill(HERS)
    first.page.get_by_role("button", name="บันทึกว่าทำแล้ว").click()
    first.page.get_by_text("บันทึกแล้ว: ทบทวน").wait_for()
    page = second.page
    page.get_by_label("ทำอะไรไปแล้ว").fill(MINE)
    page.locator("#files").set_input_files(photo)
    page.get_by_role("button", name="บันทึกว่าทำแล้ว").click()
    for _ in range(2):
        expect(page.get_by_role("heading", level=1)).to_contain_text("ผอ.กองช่างบันทึกงานนี้ไปก่อนท่าน")
        expect(page.get_by_label("ทำอะไรไปแล้ว")).to_have_value(MINE)
        expect(page.get_by_role("checkbox", name="ภาพกิจกรรม.jpg")).to_be_checked()
        page.reload()
    expect(page.get_by_role("button", name="เลิกทำ")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert not scripts or violations(second) == []
    page.get_by_role("button", name="ต่อท้ายของเดิม").click()
    page.get_by_text("บันทึกแล้ว: ทบทวน").wait_for()
    with site.database.reading() as session:
        [stands] = session.scalars(select(Completion).where(Completion.withdrawn_at.is_(None)))
        assert stands.result == f"{HERS}\n{MINE}"
        assert [one.original_name for one in stands.evidence] == ["ภาพกิจกรรม.jpg"]
