"""The marks of the report desk: in reading order, each on its own words, and mended without touching others."""

from tracker.proofreading.spelling import Misspelling
from tracker.reports.claims import Claim
from tracker.reports.desk_marks import ClaimMark, NewsMark, SpellingMark, marks_in, mended
from tracker.reports.new_facts import News, Taken
from tracker.thai.paragraphs import Paragraph

SLIP = Misspelling("อนุญาติ", "อนุญาต")
TEXT = (
    Paragraph(1, "ทุกส่วนราชการขออนุญาติแล้ว และได้รับอนุญาติ"),
    Paragraph(2, "ยังไม่ได้รายงานผล"),
    Paragraph(3, "อนุญาติครบ"),
)


def test_marks_stand_in_reading_order_on_their_own_words() -> None:
    claim = Claim(TEXT[0], "ทุกส่วนราชการ", 3, 5, of_units=True)
    gone = Claim(Paragraph(9, "ทุกหน่วยทำครบ"), "ทุกหน่วย", 1, 2, of_units=True)
    marks = marks_in(TEXT, {0: [SLIP, SLIP], 2: [SLIP]}, [claim, gone], [])
    shown = [(type(mark), TEXT[mark.paragraph].text[mark.start : mark.end]) for mark in marks]
    assert shown == [(ClaimMark, "ทุกส่วนราชการ"), *[(SpellingMark, "อนุญาติ")] * 3]
    assert [mark.nth for mark in marks if isinstance(mark, SpellingMark)] == [0, 1, 2]


def test_news_stands_after_the_paragraph_that_it_follows_or_goes_on_in() -> None:
    follows = Taken((*TEXT[:2], Paragraph("2.1", "กองช่าง จัดทำคู่มือ"), TEXT[2]), (2,), None, ())
    goes_on = Taken((TEXT[0], Paragraph(2, "ยังไม่ได้รายงานผล และติดประกาศ"), TEXT[2]), (1,), 1, ())
    news = News((), (), "ข่าว")
    marks = marks_in(TEXT, {}, [], [(news, None), (news, follows), (news, goes_on)])
    assert all(isinstance(mark, NewsMark) for mark in marks)
    by_text = {mark.taken: mark for mark in marks if isinstance(mark, NewsMark)}
    assert (by_text[follows].paragraph, by_text[follows].number, by_text[follows].continues) == (1, "2.1", False)
    assert [one.text for one in by_text[follows].added] == ["กองช่าง จัดทำคู่มือ"]
    assert (by_text[goes_on].paragraph, by_text[goes_on].number, by_text[goes_on].continues) == (1, 2, True)
    assert (by_text[None].paragraph, by_text[None].number, by_text[None].added) == (2, None, ())


def test_a_slip_is_mended_everywhere_or_at_one_place() -> None:
    assert [one.text for one in mended(TEXT, SLIP)] == [one.text.replace("อนุญาติ", "อนุญาต") for one in TEXT]
    assert [one.text for one in mended(TEXT, SLIP, 1)] == [
        "ทุกส่วนราชการขออนุญาติแล้ว และได้รับอนุญาต",
        TEXT[1].text,
        TEXT[2].text,
    ]
    assert [one.number for one in mended(TEXT, SLIP)] == [1, 2, 3]
