"""The style rules: beginnings said once, days written out, digits of one kind; nothing else is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.reports.style import RULES, styled
from tracker.thai.paragraphs import Paragraph


def after(text: str, *, thai_digits: bool = True) -> str:
    return styled((Paragraph(None, text),), thai_digits=thai_digits).paragraphs[0].text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ได้จัดทำคู่มือประชาชน ได้จัดทำแผ่นพับ ได้จัดทำป้าย", "ได้จัดทำคู่มือประชาชน แผ่นพับ และป้าย"),
        ("ประชาสัมพันธ์ทางเว็บไซต์; ประชาสัมพันธ์ทางเสียงตามสาย", "ประชาสัมพันธ์ทางเว็บไซต์ และเสียงตามสาย"),
        ("ประชุมวันที่ 31 มี.ค. 66 และ 1/4/2566", "ประชุมวันที่ ๓๑ มีนาคม ๒๕๖๖ และ ๑ เมษายน ๒๕๖๖"),
        ("เมื่อ ๕ ตุลาคม พ.ศ. 2565 ครบถ้วน", "เมื่อ ๕ ตุลาคม ๒๕๖๕ ครบถ้วน"),
        ("อบรม 2 ครั้ง ผู้เข้าร่วม ๑2 คน", "อบรม ๒ ครั้ง ผู้เข้าร่วม ๑๒ คน"),
    ],
)
def test_a_text_is_brought_into_one_style(text: str, expected: str) -> None:
    assert after(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "กองคลัง กองช่าง กองการศึกษา",  # names that begin alike
        "สำนักงานปลัด สำนักงานคลัง",
        "จัดทำคู่มือ จัดทำคู่มือ",  # said twice is for the proof-reader
        "ดู https://example.go.th/2566/3/31 และ a1@b2.go.th",
        "ตามแบบ ITA2566 ข้อ O42",
        "คำสั่งที่ ๓/๒๕๖๖",
        "รับสมัคร ๑๕ มกราคม ๖๐ คน",  # not the year 2560
        "๓๑/๖/๒๕๖๖",  # no day of the calendar
    ],
)
def test_what_people_meant_stays(text: str) -> None:
    assert after(text) == text


def test_digits_follow_the_agency_and_the_rules_that_did_something_are_told() -> None:
    text = (Paragraph(1, "ดำเนินการ ๓ ครั้ง เมื่อ 1/4/2566"), Paragraph(2, "ครบถ้วน"))
    found = styled(text, thai_digits=False)
    assert [one.text for one in found.paragraphs] == ["ดำเนินการ 3 ครั้ง เมื่อ 1 เมษายน 2566", "ครบถ้วน"]
    assert [one.number for one in found.paragraphs] == [1, 2]
    assert found.rules == ("days", "digits")
    assert styled(text, thai_digits=False, rules=["days"]).paragraphs[0].text == "ดำเนินการ ๓ ครั้ง เมื่อ 1 เมษายน 2566"


_WORDS = st.sampled_from(
    ["ได้จัดทำคู่มือ", "ได้จัดทำป้าย", "ประชุมชี้แจง", "ประชุมชี้แจงแผน", "31 มี.ค. 66", "๑/๔/๒๕๖๖", "2 ครั้ง", "กองคลัง", "O42", ";"]
)


@given(st.lists(_WORDS, min_size=1, max_size=8).map(" ".join), st.booleans())
def test_doing_it_again_changes_nothing_more(text: str, thai_digits: bool) -> None:
    once = styled((Paragraph(None, text),), thai_digits=thai_digits, rules=RULES)
    assert styled(once.paragraphs, thai_digits=thai_digits).rules == ()
