"""Telephone numbers as people write them."""

import pytest

from tracker.thai.phones import dial, read_phone


@pytest.mark.parametrize(
    ("typed", "kept", "dialled"),
    [
        ("081-234-5678", "0812345678", "tel:0812345678"),
        ("๐๘๑ ๒๓๔ ๕๖๗๘", "0812345678", "tel:0812345678"),
        ("(02) 123 4567 ต่อ 101", "021234567 ต่อ 101", "tel:021234567"),
        ("0 7545 1234 #12", "075451234 ต่อ 12", "tel:075451234"),
        ("+66 81 234 5678", "+66812345678", "tel:+66812345678"),
    ],
)
def test_a_number_has_one_form(typed: str, kept: str, dialled: str) -> None:
    assert read_phone(typed) == kept
    assert read_phone(kept) == kept
    assert dial(kept) == dialled


@pytest.mark.parametrize(
    "typed", ["", "12345", "812345678", "08123456789", "โทรหาสมชาย", "081-234-567a", "0812345678;x"]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    assert read_phone(typed) is None
