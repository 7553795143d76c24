"""Rows of a corrected document find themselves again by their words."""

from hypothesis import given
from hypothesis import strategies as st

from tracker.services.plans.matching import Row, match

TEXTS = st.lists(st.sampled_from(["จัดทำคู่มือ", "เผยแพร่คู่มือ", "ประชุมคณะกรรมการ", "รายงานผล", "ก"]), max_size=6)


def numbered(texts: list[str]) -> list[Row]:
    return [Row(text, number) for number, text in enumerate(texts, 1)]


@given(TEXTS)
def test_the_same_rows_are_themselves(texts: list[str]) -> None:
    assert match(numbered(texts), numbered(texts)) == list(range(len(texts)))


@given(TEXTS, TEXTS)
def test_no_row_is_two(stored: list[str], drafted: list[str]) -> None:
    found = [index for index in match(numbered(stored), numbered(drafted)) if index is not None]
    assert len(found) == len(set(found))


@given(st.lists(st.text("กขคงจฉชซ", min_size=4, max_size=9), unique=True, max_size=6), st.data())
def test_an_inserted_row_moves_no_other(texts: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(texts)))
    drafted = numbered([*texts[:at], "แผนใหม่ทั้งหมด ๙๙", *texts[at:]])
    assert match(numbered(texts), drafted) == [*range(at), None, *range(at, len(texts))]


def test_corrected_words_win_over_numbers() -> None:
    stored = numbered(["จัดทำคู่มือการปฏิบัติงาน", "ประชุมชี้แจงบุคลากรในหน่วยงาน", "รายงานผลต่อผู้บริหาร"])
    drafted = numbered(["จัดทำคู่มือการปฏิบัติงาน", "รายงานผลต่อคณะผู้บริหาร"])
    assert match(stored, drafted) == [0, 2]


def test_a_number_tells_only_while_no_row_came_or_went() -> None:
    stored = numbered(["จัดทำคู่มือ", "อบรม"])
    assert match(stored, numbered(["จัดทำคู่มือ", "ติดป้ายประกาศ"])) == [0, 1]
    assert match(stored, numbered(["จัดทำคู่มือ", "ติดป้ายประกาศ", "ลงเว็บไซต์"])) == [0, None, None]


def test_a_retired_row_comes_back_only_with_its_own_words() -> None:
    retired = [Row("จัดทำคู่มือ", 1, retired=True)]
    assert match(retired, numbered(["จัดทำคู่มือ"])) == [0]
    assert match(retired, numbered(["จัดทำคู่มือฉบับใหม่"])) == [None]
    assert match([*retired, Row("จัดทำคู่มือ", 2)], numbered(["จัดทำคู่มือ"])) == [1]
