"""List numbers before paragraphs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.plan_import.cells import items, paragraphs
from tracker.plan_import.grid import Line
from tracker.plan_import.inline import parted
from tracker.plan_import.measures import steps_in


def read(*lines: str) -> list[tuple[int | None, str]]:
    return [(p.number, p.text) for p in paragraphs(map(Line, lines))]


@pytest.mark.parametrize(
    "typed", ["๑.จัด", "๑. จัด", "1.จัด", "1) จัด", "๑) จัด", "(๑) จัด", "(1)จัด", "๑ . จัด", "[๑] จัด", "① จัด", "⑴จัด"]
)
def test_a_typed_number_is_parted_from_its_text(typed: str) -> None:
    assert read(typed) == [(1, "จัด")]


@pytest.mark.parametrize(
    "text",
    [
        "๓๐ กันยายน ๒๕๖๖",
        "๑๔ มีนาคม",
        "๒.๕ ล้านบาท",
        "๐๘.๓๐ น.",
        "๒๕๖๖. ปี",
        "(๑๒ เดือน)",
        "๑/๒๕๖๖",
        "๕ กอง",
        "- จัดทำ",
        "• จัดทำ",
        "ก. จัดทำ",
        "(๑ จัด",
        "1234) x",
        "๑.",
    ],
)
def test_other_numbers_stay_in_the_text(text: str) -> None:
    assert read(text) == [(None, text)]


def test_a_cell_may_mix_numbered_and_plain_paragraphs() -> None:
    assert read("นำ", "๑.ก", "๒.ข", "ปิด") == [(None, "นำ"), (1, "ก"), (2, "ข"), (None, "ปิด")]


def test_a_soft_break_begins_a_paragraph_only_before_a_number_or_bullet() -> None:
    assert read("๑.ก\nต่อ\n๒.ข\n- ค") == [(1, "ก\nต่อ"), (2, "ข"), (None, "- ค")]


def test_a_number_alone_in_its_line_belongs_to_the_next_line() -> None:
    assert read("๑.", "จัด", "๒.") == [(1, "จัด"), (None, "๒.")]


def test_numbers_without_a_mark_count_only_where_they_count_on() -> None:
    assert read("๑ จัดทำ", "ต่อ", "๒ เผยแพร่") == [(1, "จัดทำ"), (None, "ต่อ"), (2, "เผยแพร่")]
    for texts in (["๑ จัดทำ"], ["๑ ครั้ง", "๒ ครั้ง"], ["1 ต.ค. 66 ประชุม", "2 ต.ค. 66 อบรม"], ["๑. ก", "๑ ข", "๒ ค"]):
        assert [text for _, text in read(*texts)] == [text.removeprefix("๑. ") for text in texts]


def test_the_documents_own_numbers_are_kept_beside_typed_ones() -> None:
    lines = [Line("ก", 4, "%)"), Line("๕.ข")]
    assert [(p.number, p.text) for p in paragraphs(lines)] == [(4, "ก"), (5, "ข")]


def steps(*lines: str | Line) -> list[tuple[int | None, str]]:
    return steps_in(items(line if isinstance(line, Line) else Line(line) for line in lines))


def test_plain_lines_after_a_numbered_step_belong_to_it() -> None:
    assert steps("๑.ก", "ต่อ", "- ย่อย", "๑.๑ ย่อย", "๒.ข") == [(1, "ก\nต่อ\n- ย่อย\n๑.๑ ย่อย"), (2, "ข")]


def test_numbers_of_another_form_are_parts_of_their_step() -> None:
    assert steps("๑. ก", "(๑) ย่อย", "(๒) ย่อย", "๒. ข") == [(1, "ก\n(1) ย่อย\n(2) ย่อย"), (2, "ข")]
    assert steps(Line("ก", 1), Line("ย่อย", 1, level=1), Line("ข", 2)) == [(1, "ก\n1. ย่อย"), (2, "ข")]


def test_numbers_that_count_on_are_steps_in_whatever_form() -> None:
    assert steps("๑. ก", "๒) ข", "๓. ค") == [(1, "ก"), (2, "ข"), (3, "ค")]


def test_steps_typed_behind_each_other_are_parted_where_they_count_on() -> None:
    def apart(*lines: str) -> list[tuple[int | None, str]]:
        return steps_in(parted(items(map(Line, lines))))

    assert apart("๑. ก ๒. ข", "๓. ค ๔. ง") == [(1, "ก"), (2, "ข"), (3, "ค"), (4, "ง")]
    assert apart("(1) ก (2) ข") == [(1, "ก"), (2, "ข")]
    assert apart("๑. ตามข้อ ๒. ของแผน ๒. ข") == [(1, "ตามข้อ ๒. ของแผน"), (2, "ข")]
    for whole in (["๑. ก ๒. ข", "๒. ค"], ["๑. ดังนี้ ๑. ป้าย ๒. เว็บไซต์"], ["๑. ก ๑) ป้าย ๒) เว็บไซต์"], ["๑. ก ๒.๑ ข"]):
        assert len(apart(*whole)) == len(whole)


def test_parts_of_parts_and_what_follows_a_labelled_step_belong_to_it() -> None:
    assert steps("๑.๑ ก", "๑.๑.๑ ย่อย", "๑.๒ ข") == [(None, "๑.๑ ก\n๑.๑.๑ ย่อย"), (None, "๑.๒ ข")]
    assert steps("• ก", "– ย่อย", "• ข") == [(None, "• ก\n– ย่อย"), (None, "• ข")]
    assert steps("- ก", "– ข", "— ค") == [(None, "- ก"), (None, "– ข"), (None, "— ค")]
    assert steps("ขั้นที่ ๑ ก", "ต่อ", "ขั้นที่ ๒ ข") == [(None, "ขั้นที่ ๑ ก\nต่อ"), (None, "ขั้นที่ ๒ ข")]


def test_without_numbers_each_paragraph_is_a_step() -> None:
    assert steps("ก", "ข") == [(None, "ก"), (None, "ข")]
    assert steps("- ก", "- ข", "ต่อ") == [(None, "- ก"), (None, "- ข\nต่อ")]
    assert steps("ก", "- ย่อย", "ข") == [(None, "ก\n- ย่อย"), (None, "ข")]
    assert steps("๑.๑ ก", "๑.๒ ข") == [(None, "๑.๑ ก"), (None, "๑.๒ ข")]


@given(st.lists(st.text("ก๑1.)( -น", min_size=1, max_size=8), max_size=5))
def test_no_text_is_lost(texts: list[str]) -> None:
    lines = [text.strip() for text in texts if text.strip()]
    shown = "".join(item.shown for item in items(map(Line, lines)))
    kept = "".join(c for c in "".join(lines) if c != " ")
    digits = str.maketrans("๑", "1")
    assert shown.replace(" ", "").translate(digits) == kept.translate(digits)
