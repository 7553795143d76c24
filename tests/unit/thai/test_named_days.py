"""The days that sentences name."""

from datetime import date

import pytest

from tracker.thai.named_days import NamedDay, month_number, named_days

TODAY, EARLIEST = date(2027, 3, 16), date(2026, 10, 1)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("ลงเว็บไซต์ วันที่ ๒๖ ก.พ.", [date(2027, 2, 26)]),
        ("ติดประกาศ 26 กุมภาพันธ์ 2570", [date(2027, 2, 26)]),
        ("26กพ", [date(2027, 2, 26)]),
        ("ประชุม 5/3/70", [date(2027, 3, 5)]),
        ("ประชุมวันที่ 5/3", [date(2027, 3, 5)]),
        ("๕ และ ๑๒ ก.พ.", [date(2027, 2, 5), date(2027, 2, 12)]),
        ("12 ต.ค. 10 พ.ย. 14 ธ.ค.", [date(2026, 10, 12), date(2026, 11, 10), date(2026, 12, 14)]),
        ("1 ม.ค. 2 ม.ค. 3 ม.ค. 4 ม.ค.", []),
        ("๒๖ ก.พ. ๗๐ คน", [date(2027, 2, 26)]),
        ("๒๖ ก.พ. ๑๒ หมู่บ้าน", [date(2027, 2, 26)]),
        ("๙ มี.ค. ๐๙.๓๐ น.", [date(2027, 3, 9)]),
        ("๒๖ ธ.ค.", [date(2026, 12, 26)]),
        ("เดือน ก.พ.", []),
        ("เมื่อวานซืนออกหน่วยบริการ", [date(2027, 3, 14)]),
        ("วันจันทร์ที่ผ่านมา หน้าเสาธง", [date(2027, 3, 15)]),
        ("อบรมวันอังคารที่แล้ว", [date(2027, 3, 9)]),
        ("ประชุมวันที่ ๘ ที่ผ่านมา", [date(2027, 3, 8)]),
        ("ประชุมวันที่ ๒๘ ที่ผ่านมา", [date(2027, 2, 28)]),
        ("วันที่ ๘ เดือนที่แล้ว", [date(2027, 2, 8)]),
        ("วันที่ ๑๐ เดือนกุมภา", [date(2027, 2, 10)]),
        ("รายงานรอบ ๖ เดือน มีนาคม", []),
        ("สัปดาห์ที่แล้ว อาทิตย์ที่แล้ว ตั้งแต่วันนี้เป็นต้นไป", []),
        ("ประชุมครั้งที่ 1/2570 อัตรา 1/2", []),
        ("ผู้เข้าร่วม ๒๐ มีความรู้เพิ่มขึ้น", []),
    ],
)
def test_days_of_a_sentence(text: str, days: list[date]) -> None:
    assert [day.on for day in named_days(text, TODAY, EARLIEST).past] == days


@pytest.mark.parametrize(
    "text", ["๑๒-๑๔ มี.ค. ๒๕๗๐", "๑๒ – ๑๔ มี.ค.", "ระหว่างวันที่ ๑๒ มีนาคม ๒๕๗๐ ถึง ๑๔ มีนาคม ๒๕๗๐", "12 ถึง 14 มี.ค."]
)
def test_a_range_is_its_last_day(text: str) -> None:
    assert named_days(text, TODAY, EARLIEST).past == (NamedDay(date(2027, 3, 14), is_end=True),)


def test_a_day_of_no_calendar_is_told() -> None:
    assert named_days("ทำเมื่อ ๓๑ ก.พ.", TODAY, EARLIEST).impossible == "31 ก.พ."
    assert named_days("๒๙ ก.พ.", date(2025, 3, 16), date(2024, 10, 1)).impossible == "29 ก.พ."


def test_a_day_that_was_last_year_is_meant_to_come() -> None:
    found = named_days("ส่ง ๒๐ มี.ค.", TODAY, EARLIEST)
    assert (found.past, found.future) == ((), (date(2027, 3, 20),))
    assert named_days("ส่ง ๒๐ มี.ค.", TODAY).past == (NamedDay(date(2026, 3, 20)),)


def test_months_have_many_names() -> None:
    assert [month_number(name) for name in ("ต.ค.", "ตค", "ตุลาคม", "ตุลา", "กุมภาพันธ์", "ข.ค.")] == [
        10,
        10,
        10,
        10,
        2,
        None,
    ]
