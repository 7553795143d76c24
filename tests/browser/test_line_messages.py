"""LINE's messages as pictures: what is most is one screen of a small telephone, and no answer's label is cut."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.line_picture import CHAT, clipped, picture
from tests.unit.reminders.test_digest import escalated_units, forty, late, view
from tracker.reminders.flex import flex_of
from tracker.reminders.view import News

LONG = "ชี้แจงแผนและผลการใช้จ่ายงบประมาณประจำปีให้บุคลากรทราบ"
REPORT = News("รายงานรอบ 6 เดือนรอท่านลงนาม", "https://tracker.example/seen/report")


def bubbles() -> dict[str, dict[str, Any]]:
    """The fullest of each kind."""
    named = [late(number, 2023, 1 + number % 8, step_id=number, step=f"{LONG} ครั้งที่ {number}") for number in range(20)]
    unit = "กองการศึกษา ศาสนาและวัฒนธรรม"
    several = [late(100 + number, 2023, 8, step_id=number, step=LONG, units=unit) for number in range(9)]
    return {
        "forty": flex_of(view(*forty(), units="กองคลัง"), "key"),
        "long": flex_of(view(*named, units="สำนักปลัดองค์การบริหารส่วนตำบล"), "key"),
        "several units": flex_of(view(*several), "key"),
        "escalation": flex_of(escalated_units(6), "key"),
        "escalation and report": flex_of(escalated_units(6, to_sign=(REPORT,)), "key"),
    }


@pytest.mark.parametrize("kind", bubbles())
def test_the_fullest_message_is_one_screen(chromium: Browser, kind: str, tmp_path: Any) -> None:
    page = chromium.new_page()
    height = picture(page, bubbles()[kind], tmp_path / "picture.png")
    labels = {"ทำแล้ว", "ยังไม่เสร็จ", "ทำไม่ได้", "เตือนอีกครั้ง", "โทร", "ดูงาน", "เปิดอ่าน"}
    assert not labels.intersection(clipped(page))
    page.close()
    assert height <= CHAT, f"{kind} is {height} of {CHAT} pixels"
