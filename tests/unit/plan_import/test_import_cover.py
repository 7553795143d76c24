"""The cover's place goes to the report's cover."""

import pytest

from tracker.plan_import.cover import read_cover


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("อำเภอทุ่งสง จังหวัดนครศรีธรรมราช", "อำเภอทุ่งสง จังหวัดนครศรีธรรมราช"),
        ("ตำบลเขาขาว อำเภอทุ่งสง  จังหวัดนครศรีธรรมราช", "ตำบลเขาขาว อำเภอทุ่งสง จังหวัดนครศรีธรรมราช"),
        ("เขตบางรัก กรุงเทพมหานคร", "เขตบางรัก กรุงเทพมหานคร"),
        ("จังหวัดสมมุติ", "จังหวัดสมมุติ"),
        ("ประจำปีงบประมาณ ๒๕๖๖", ""),
    ],
)
def test_the_line_that_says_where_the_agency_is(line: str, place: str) -> None:
    assert read_cover(["องค์การบริหารส่วนตำบลสมมุติ", line]).place == place
