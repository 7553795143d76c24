"""What two people wrote of one thing: nothing of either is lost, nothing is said twice."""

import pytest

from tracker.thai.merging import lacking, lines, merge_texts, same_text
from tracker.thai.paragraphs import Paragraph, Paragraphs

HERS = (
    Paragraph(1, "ประชุมคณะกรรมการสนับสนุนการประเมิน ITA ครั้งที่ ๑/๒๕๖๖ เมื่อวันที่ ๑๖ มกราคม ๒๕๖๖ ชี้แจงตัวชี้วัด IIT"),
    Paragraph(2, "หัวหน้าส่วนราชการถ่ายทอดความรู้แก่บุคลากรในส่วนของตน รวม ๔๒ คน ก่อนตอบแบบวัดการรับรู้ IIT"),
)


def of(*paragraphs: tuple[int | str | None, str]) -> Paragraphs:
    return tuple(Paragraph(number, text) for number, text in paragraphs)


def test_only_what_hers_lacks_is_added_under_the_same_number() -> None:
    mine = of(
        (1, "ประชุมคณะกรรมการสนับสนุนการประเมิน ITA เมื่อวันที่ 16 มกราคม 2566"),
        (None, "มีผู้เข้าร่วม ๑๘ คน ประกอบด้วยคณะผู้บริหารและหัวหน้าส่วนราชการ"),
        (2, "หัวหน้าส่วนราชการถ่ายทอดความรู้แก่บุคลากรในส่วนของตน ก่อนตอบแบบวัดการรับรู้ IIT"),
    )
    assert lacking(HERS, mine) == (False, True, False)
    merged = merge_texts(HERS, mine)
    assert merged.paragraphs == (HERS[0], Paragraph(None, mine[1].text), HERS[1])
    assert merged.added == {1}


def test_the_order_of_the_words_and_their_numbers_count() -> None:
    assert lacking(of((None, "กองช่างแจ้งกองคลัง")), of((None, "กองคลังแจ้งกองช่าง"))) == (True,)
    assert lacking(of((None, "อบรม ๔๒ คน")), of((None, "อบรม ๑๘ คน"))) == (True,)
    assert lacking(of((None, "ร้อยละ 3.5")), of((None, "ร้อยละ 35"))) == (True,)


def test_the_same_words_under_another_number_are_another_statement() -> None:
    merged = merge_texts(of((1, "ดำเนินการแล้ว"), (2, "ยังไม่ถึงกำหนด")), of((2, "ดำเนินการแล้ว")))
    assert merged.paragraphs == of((1, "ดำเนินการแล้ว"), (2, "ยังไม่ถึงกำหนด"), (None, "ดำเนินการแล้ว"))


@pytest.mark.parametrize(
    ("number", "place"), [(1, 0), (2, 1), ("2.1", 1), (4, 2)], ids=["first", "between", "below its step", "last"]
)
def test_a_number_that_hers_lacks_comes_in_its_place(number: int | str, place: int) -> None:
    hers = of((1, "ก") if number != 1 else (2, "ก"), (3, "ข"))
    merged = merge_texts(hers, of((number, "ประชุม")))
    assert merged.added == {place}
    assert merged.paragraphs[place] == Paragraph(number, "ประชุม")
    assert [one for one in merged.paragraphs if one in hers] == list(hers)


def test_hers_stays_in_her_order_where_a_number_comes_twice() -> None:
    hers = of((1, "จัดทำ"), (2, "เผยแพร่"), (1, "ประชุม"), (2, "รายงาน"))
    merged = merge_texts(hers, of((1, "ลงนาม")))
    assert merged.paragraphs == (*hers[:3], Paragraph(None, "ลงนาม"), hers[3])


def test_where_one_version_has_no_numbers_all_of_it_is_compared() -> None:
    assert lacking(of((1, "จัดอบรม"), (2, "รายงานผล")), of((None, "รายงานผล"))) == (False,)


def test_mine_of_nothing_and_nothing_of_hers() -> None:
    assert merge_texts(HERS, ()).paragraphs == HERS
    assert merge_texts((), HERS).paragraphs == HERS
    assert merge_texts(HERS, HERS).added == frozenset()


def test_texts_are_the_same_whatever_their_digits_and_spaces() -> None:
    assert same_text(lines("อบรม ๑๘ คน\n\nเสร็จ "), lines("อบรม  18 คน\nเสร็จ"))
    assert not same_text(lines("อบรม ๑๘ คน"), lines("อบรม ๑๙ คน"))
    assert not same_text(of((1, "อบรม")), of((2, "อบรม")))
