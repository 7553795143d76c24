from hypothesis import given
from hypothesis import strategies as st

from tracker.thai.numerals import to_arabic, to_thai


def test_digits_become_thai_and_the_rest_stays() -> None:
    assert to_thai("งบ 2566 (ข้อ 1)") == "งบ ๒๕๖๖ (ข้อ ๑)"
    assert to_thai(2566) == "๒๕๖๖"


def test_mixed_digits_are_read_as_one_number() -> None:
    assert to_arabic("๒๕๖5") == "2565"


@given(st.text())
def test_both_ways_keep_length_and_meaning(text: str) -> None:
    assert len(to_thai(text)) == len(text)
    assert to_arabic(to_thai(text)) == to_arabic(text)
