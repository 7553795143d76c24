"""A guess of which unit a party means rests on what offices vary, never on letters that are merely alike."""

import pytest

from tracker.plan_import.party_guess import surely_means

UNITS = (
    "สำนักปลัด",
    "กองคลัง",
    "กองช่าง",
    "กองการศึกษา ศาสนาและวัฒนธรรม",
    "กองสาธารณสุขและสิ่งแวดล้อม",
    "กองสวัสดิการสังคม",
    "งานนิติการ",
    "งานธุรการ",
    "งานประชาสัมพันธ์",
    "งานพัฒนาชุมชน",
    "หน่วยตรวจสอบภายใน (นตส.)",
)


def guess(party: str, units: tuple[str, ...] = UNITS) -> str | None:
    found = surely_means(party, [(name, place) for place, name in enumerate(units)])
    return None if found is None else units[found]


@pytest.mark.parametrize(
    ("party", "unit"),
    [
        ("กองการคลัง", "กองคลัง"),
        ("ส่วนการคลัง", "กองคลัง"),
        ("ผอ.กองช่าง", "กองช่าง"),
        ("ผู้อำนวยการกองคลัง", "กองคลัง"),
        ("หัวหน้าสำนักปลัด", "สำนักปลัด"),
        ("สำนักงานปลัด อบต.", "สำนักปลัด"),
        ("สำนักปลัดองค์การบริหารส่วนตำบลเขาวาว", "สำนักปลัด"),
        ("เจ้าหน้าที่ฝ่ายประชาสัมพันธ์", "งานประชาสัมพันธ์"),
        ("นิติกร", "งานนิติการ"),
        ("นักพัฒนาชุมชน", "งานพัฒนาชุมชน"),
        ("เจ้าพนักงานธุรการ", "งานธุรการ"),
        ("กองการศึกษา", "กองการศึกษา ศาสนาและวัฒนธรรม"),
        ("กองสาธารณสุข", "กองสาธารณสุขและสิ่งแวดล้อม"),
        ("กองสาธารณะสุขและสิ่งแวดล้อม", "กองสาธารณสุขและสิ่งแวดล้อม"),
        ("กองช่าง", "กองช่าง"),
        ("หน่วยตรวจสอบภายใน", "หน่วยตรวจสอบภายใน (นตส.)"),
    ],
)
def test_what_offices_vary_is_seen_through(party: str, unit: str) -> None:
    assert guess(party) == unit


@pytest.mark.parametrize(
    "party",
    [
        "ปลัด อบต.",
        "นายกองค์การบริหารส่วนตำบล",
        "งานวินัย",
        "งานการเงินและบัญชี",
        "กองทุนหลักประกันสุขภาพ",
        "คณะกรรมการตรวจสอบภายนอก",
        "หน่วยตรวจสอบภายนอก",
        "กองสวัสดิการ",
        "กอง",
        "นายช่างโยธา",
        "",
    ],
)
def test_what_is_merely_alike_is_asked(party: str) -> None:
    assert guess(party) is None


def test_two_units_that_it_may_be_are_asked() -> None:
    assert guess("ฝ่ายการคลัง", ("กองคลัง", "งานคลัง")) is None
    assert guess("กองการศึกษา", ("กองการศึกษาและกีฬา", "กองการศึกษาและวัฒนธรรม")) is None
    assert guess("กองคลัง", ("กองคลัง", "งานคลัง")) == "กองคลัง"
