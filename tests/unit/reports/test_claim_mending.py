"""A claim beyond the ticks becomes the count that was ticked, and then claims nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.reports.test_claims import step
from tracker.reports.claim_mending import counted, with_count
from tracker.reports.claims import claims
from tracker.reports.own_words import to_paragraphs


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("ทุกส่วนราชการ ส่งคู่มือให้งานประชาสัมพันธ์", "๓ จาก ๕ ส่วนราชการ ส่งคู่มือให้งานประชาสัมพันธ์"),
        ("ประชุมทุกเดือน", "ประชุม ๓ จาก ๕ ส่วนราชการ"),
        ("จัดทำคู่มือแล้วเสร็จ และแจ้งเวียน", "จัดทำคู่มือแล้ว ๓ จาก ๕ ส่วนราชการ และแจ้งเวียน"),
        ("ดำเนินการครบถ้วน", "ดำเนินการแล้ว ๓ จาก ๕ ส่วนราชการ"),
        ("ดำเนินการครบทั้ง ๕ ส่วนราชการ", "ดำเนินการแล้ว ๓ จาก ๕ ส่วนราชการ"),
        ("จัดทำแล้วครบทุกกอง ตามแผน", "จัดทำแล้ว ๓ จาก ๕ ส่วนราชการ ตามแผน"),
        ("จัดทำแล้วทั้ง ๕ ส่วนราชการ", "จัดทำแล้ว ๓ จาก ๕ ส่วนราชการ"),
        ("ดำเนินการแล้ว ๔ จาก ๕ ส่วนราชการ ดังนี้", "ดำเนินการแล้ว ๓ จาก ๕ ส่วนราชการ ดังนี้"),
        ("จัดทำคู่มือรวม ๔ ส่วนราชการ", "จัดทำคู่มือรวม ๓ จาก ๕ ส่วนราชการ"),
        ("แจกคู่มือทั้งหมด", "แจกคู่มือ ๓ จาก ๕ ส่วนราชการ"),
    ],
)
def test_the_count_stands_where_the_claim_stood(typed: str, mended: str) -> None:
    (claim,) = claims(to_paragraphs(typed), [step(None, 3, 5)])
    assert with_count(claim).text == mended
    assert counted(claim, thai_digits=False) == "3 จาก 5 ส่วนราชการ"


_PIECE = st.sampled_from(
    [
        "ทุกส่วนราชการ",
        "จัดทำคู่มือ",
        "แล้วเสร็จ",
        "ครบถ้วน",
        "ครบทั้ง ๕ ส่วนราชการ",
        "ทั้งหมด",
        "๔ จาก ๕ ส่วนราชการ",
        "ประชุม ",
        "รวม ๕ ครั้ง",
        " และ",
    ]
)


@given(st.lists(_PIECE, min_size=1, max_size=5).map("".join), st.integers(0, 4), st.booleans())
def test_what_is_mended_claims_nothing_and_keeps_its_other_words(typed: str, done: int, thai: bool) -> None:
    steps = [step(None, done, 5)]
    text = to_paragraphs(typed)
    for _ in range(9):
        found = claims(text, steps)
        if not found:
            break
        mended = with_count(found[0], thai_digits=thai)
        before, _, _ = found[0].paragraph.text.partition(found[0].quote)
        assert mended.text.startswith(before)
        assert counted(found[0], thai_digits=thai) in mended.text
        text = (mended,)
    assert not claims(text, steps)
