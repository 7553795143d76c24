"""Letters of a page as text: spaces that are none, spaces out of order, lines that go on and lines that do not."""

import unicodedata

from tracker.plan_import.grid import WRAP
from tracker.plan_import.readers.page_text import Letter, PageLine, lines_of_page, paragraphs_of

WIDTH = 6.0


def letters(text: str) -> list[Letter]:
    """Letters side by side, a mark over the one before it; ``_`` is a space of no width that a reader made up."""
    made: list[Letter] = []
    x = 100.0
    for character in text:
        mark = unicodedata.category(character) == "Mn"
        if character == "_":
            made.append(Letter(" ", x, x, x, 500, 11, made_up=True))
        elif mark:
            made.append(Letter(character, x - WIDTH, x, x - WIDTH, 500, 11))
        else:
            made.append(Letter(character, x, x + WIDTH - 1, x, 500, 11))
            x += WIDTH
    return made


def text_of(made: list[Letter]) -> str:
    return "|".join(line.text for line in lines_of_page(made))


def test_a_space_behind_a_shifted_mark_is_none() -> None:
    assert text_of(letters("เปิ_ดเผย ฟั_ง ป้_องกัน")) == "เปิดเผย ฟัง ป้องกัน"
    assert text_of(letters("กิ_จ")) == "กิ จ", "only letters with a long stem shift their marks"


def test_a_space_that_is_wide_enough_parts_words() -> None:
    apart = [*letters("ปี_")]
    apart += [Letter("ง", 112, 117, 112, 500, 11)]
    assert text_of(apart) == "ปี ง"


def test_a_break_of_lines_within_a_line_was_a_space_where_there_is_room() -> None:
    """What pdfium sees where LibreOffice changes fonts: ที่, a break, 1."""
    broken = [*letters("ที่"), Letter("\r", 106, 106, 106, 500, 1), Letter("\n", 106, 106, 106, 500, 1)]
    assert text_of([*broken, Letter("1", 109.5, 114, 109.5, 500, 11)]) == "ที่ 1"
    assert text_of([*broken, Letter("1", 106.5, 111, 106.5, 500, 11)]) == "ที่1"


def test_a_space_that_was_written_late_stands_where_it_was_drawn() -> None:
    """LibreOffice writes the spaces of another font behind the letters that follow them."""
    late = letters("ที่๒การใช้อำนาจ")
    at = next(index for index, one in enumerate(late) if one.text == "ำ")
    gap = Letter(" ", 105.5, 106, 105.5, 500, 11)
    assert text_of([*late[:at], gap, *late[at:]]) == "ที่ ๒การใช้อำนาจ"


def lines(*texts: str, right: float = 190) -> list[PageLine]:
    return [PageLine(text, 500 - 13 * at, right, 11, 50) for at, text in enumerate(texts)]


def test_bullets_on_full_lines_stay_items() -> None:
    assert paragraphs_of(lines("- ทบทวนคู่มือ", "- ติดประกาศ", "- รายงาน"), 100, 200) == [
        "- ทบทวนคู่มือ",
        "- ติดประกาศ",
        "- รายงาน",
    ]
    assert paragraphs_of(lines("ดังนี้", "- ติดประกาศ", "- มีนาคม เผยแพร่"), 100, 200)[1] == "- ติดประกาศ"


def test_the_dash_of_a_range_goes_on() -> None:
    assert paragraphs_of(lines("๑ ต.ค. ๖๙", "- ๓๑ มี.ค. ๗๐", right=150), 100, 200) == [f"๑ ต.ค. ๖๙{WRAP}- ๓๑ มี.ค. ๗๐"]
    assert paragraphs_of(lines("ตุลาคม", "– มีนาคม ๒๕๗๐", right=150), 100, 200) == [f"ตุลาคม{WRAP}– มีนาคม ๒๕๗๐"]


def test_a_narrow_cell_is_full_where_two_letters_would_not_fit() -> None:
    narrow = [PageLine("เรื่อง", 500, 150, 11, 18), PageLine("ผล", 487, 143, 11, 11)]
    assert paragraphs_of(narrow, 125, 166) == [f"เรื่อง{WRAP}ผล"]


def test_a_mark_that_was_written_late_stands_over_its_letter() -> None:
    """LibreOffice writes ู of รู้ที่ behind ที; it is drawn at the right edge of ร."""
    late = letters("ร้ที่")
    mark = Letter("ู", 102, 105.5, 106, 500, 11)
    assert text_of([*late, mark]) == "รู้ที่"
