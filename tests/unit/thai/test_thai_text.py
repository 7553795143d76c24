import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.thai.text import fix_text, fold_name, squeeze_spaces


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("ท\u0e4dาการ", "ทำการ"),
        ("น\u0e4d\u0e49า", "น้ำ"),
        ("ดำาเนินการ", "ดำเนินการ"),
        ("นำ้", "น้ำ"),
        ("นำา้", "น้ำ"),
        ("ข\uf70bอกําหนด", "ข้อกำหนด"),
        ("หน\uf70aวยงาน", "หน่วยงาน"),
        ("หนวย\u200bงาน\ufeff", "หนวยงาน"),
        ("ปี\u00a02566", "ปี 2566"),
        ("เเผน", "แผน"),
    ],
)
def test_marks_of_broken_documents_are_fixed(broken: str, whole: str) -> None:
    assert fix_text(broken) == whole.replace("ก\u0e4dา", "กำ")


def test_fixing_keeps_digits_and_line_breaks() -> None:
    assert fix_text("๑. ก\n๒. ข") == "๑. ก\n๒. ข"


@given(st.text(st.sampled_from("\u0e4dาำเแก่้๊๋ \u200b\uf70a\uf711")) | st.text())
def test_fixing_twice_is_fixing_once(text: str) -> None:
    assert fix_text(fix_text(text)) == fix_text(text)


def test_blanks_and_line_breaks_become_one_space() -> None:
    assert squeeze_spaces("  ก \n\t ข ") == "ก ข"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("อบต. เขาขาว", "อบต.เขาขาว"),
        ("คณะกรรมการ ชุดที่ ๑", "คณะกรรมการชุดที่ 1"),
        ("กองคลัง\u200b", " กอง\nคลัง"),
        ("สำนักปลัด", "ส\u0e4dานักปลัด"),
        ("ita", "ITA"),
    ],
)
def test_spellings_of_one_name_fold_to_the_same(left: str, right: str) -> None:
    assert fold_name(left) == fold_name(right)
