"""Words for line breaks: nothing lost, never inside a syllable, names whole, nothing longer than a column."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.thai.soft_breaks import with_soft_breaks
from tracker.thai.words import place_names, width, words

THAI = st.text(
    st.sampled_from([chr(code) for code in [*range(0x0E01, 0x0E3B), *range(0x0E3F, 0x0E5C)]] + list(" ().,/-aZ9\n"))
)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("รอบ๖เดือน", ["รอบ", "๖", "เดือน"]),
        ("กันยายน ๒๕๖๖", ["กันยายน", " ", "๒๕๖๖"]),
        ("๓๐ มิถุนายน ๒๕๖๖", ["๓๐ มิถุนายน", " ", "๒๕๖๖"]),
        ("เมื่อ ๓๑ มี.ค. ๖๖", ["เมื่อ", " ", "๓๑ มี.ค.", " ", "๖๖"]),
        ("พ.ศ.๒๕๖๖", ["พ.ศ.๒๕๖๖"]),
        ("ภายใน (IIT) ครบ", ["ภายใน", " ", "(IIT)", " ", "ครบ"]),
        ("สื่อต่างๆ ของ", ["สื่อ", "ต่างๆ", " ", "ของ"]),
        ("แนวทางการจัดการ", ["แนวทางการ", "จัดการ"]),
        ("ร้องทุกข์/ช่องทาง", ["ร้องทุกข์/", "ช่องทาง"]),
        ("และรับผิชอบ", ["และ", "รับผิชอบ"]),
        ("๑,๒๐๐.๕๐ บาท", ["๑,๒๐๐.๕๐", " ", "บาท"]),
        ("", []),
    ],
)
def test_a_line_breaks_between_words(text: str, pieces: list[str]) -> None:
    assert words(text) == pieces


def test_a_place_name_stays_whole() -> None:
    text = "ขององค์การบริหารส่วนตำบลเขาขาวทำแบบประเมิน"
    assert "เขาขาว" not in words(text)
    assert words(text, ["เขาขาว"])[-3:] == ["เขาขาว", "ทำ", "แบบประเมิน"]


@pytest.mark.parametrize(
    ("text", "longest", "pieces"),
    [
        ("องค์การบริหารส่วนตำบลเขาขาว", 12, ["องค์การบริหาร", "ส่วนตำบล", "เขาขาว"]),
        ("(องค์การบริหารส่วนตำบลเขาขาว)", 12, ["(องค์การบริหาร", "ส่วนตำบล", "เขาขาว)"]),
        ("นครศรีธรรมราช", 9, ["นคร", "ศรี", "ธรรม", "ราช"]),
        ("องค์การบริหารส่วนตำบลเขาขาว", 40, ["องค์การบริหารส่วนตำบลเขาขาว"]),
    ],
)
def test_a_name_wider_than_its_column_falls_into_its_words(text: str, longest: int, pieces: list[str]) -> None:
    assert words(text, ["องค์การบริหารส่วนตำบลเขาขาว", "เขาขาว"], longest) == pieces


def test_breaks_that_nobody_sees_part_compounds_and_names_wider_than_the_column() -> None:
    name = "องค์การบริหารส่วนตำบลเขาขาว"
    assert with_soft_breaks("ด้านทรัพยากรธรรมชาติ", 10) == "ด้านทรัพยากร\u200bธรรมชาติ"
    assert with_soft_breaks("ด้านทรัพยากรธรรมชาติ", 30) == "ด้านทรัพยากรธรรมชาติ"
    assert with_soft_breaks(f"ของ{name}", 12, (name,)) == "ขององค์การบริหาร\u200bส่วนตำบล\u200bเขาขาว"


@given(THAI, st.integers(4, 40))
def test_without_its_soft_breaks_a_text_is_what_it_was(text: str, longest: int) -> None:
    assert with_soft_breaks(text, longest, ("ที่",)).replace("\u200b", "") == text


def test_place_names_are_learned_from_where_they_end() -> None:
    texts = ["องค์การบริหารส่วนตำบลเขาขาว", "ตำบลเขาขาวทำแบบประเมิน", "อำเภอทุ่งสง จังหวัดนครศรีธรรมราช"]
    assert set(place_names(texts)) == {"เขาขาว", "ทุ่งสง", "นครศรีธรรมราช"}


@given(THAI)
def test_joined_again_the_pieces_are_the_text(text: str) -> None:
    assert "".join(words(text)) == text


@given(THAI, st.integers(4, 40))
def test_no_piece_is_wider_than_asked_but_a_single_letter_with_its_marks(text: str, longest: int) -> None:
    for piece in words(text, longest=longest):
        assert piece.isspace() or width(piece) <= longest or width(piece[:-1]) <= longest + 3 or " " in piece


@given(THAI)
def test_no_line_begins_with_a_mark_or_ends_with_a_leading_vowel(text: str) -> None:
    pieces = words(text, longest=1000)
    for before, after in pairwise(pieces):
        if before.isspace() or after.isspace():
            continue
        assert after[0] not in "ะัาำิีึืฺุูๅๆ็่้๊๋์ํฯ)"
        assert before[-1] not in "เแโใไ("


@pytest.mark.parametrize("text", ["นานา" * 5000, "ก" * 20000, "ๆ" * 5000, "่้" * 5000, "a" * 20000, "ที่ดินมา" * 3000])
def test_long_runs_take_no_time(text: str) -> None:
    assert "".join(words(text)) == text
