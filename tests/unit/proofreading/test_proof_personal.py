"""The proof-reader on personal data: what strangers should not read is told, posts and signers are passed over."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.proofreading import personal_data, proofread
from tracker.proofreading.document import Document, Passage, Place, ProofRow
from tracker.sample.text import step_words
from tracker.thai.paragraphs import Paragraph

AGENCY = "องค์การบริหารส่วนตำบลเขาขาว"


def told(text: str, *shown: str) -> list[str]:
    row = ProofRow(1, (Paragraph(1, "ก"),), (), "กองคลัง", "ตลอดปี", (Paragraph(None, text),), ())
    document = Document(AGENCY, (AGENCY,), (row,), date(2022, 10, 1), date(2023, 9, 30), shown=shown)
    return [one.quote for one in personal_data(document)]


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("ผู้ร้องเลขบัตร 1-1017-00230-70-8 แจ้งว่า", ["1-1017-00230-70-8"]),
        ("เลข ๑๑๐๑๗๐๐๒๓๐๗๐๘ ตามบัตร", ["๑๑๐๑๗๐๐๒๓๐๗๐๘"]),
        ("เลข 1101700230709 ไม่ใช่เลขบัตร", []),
        ("โทร ๐๘๑-๒๓๔-๕๖๗๘ และ 0-7535-1234 หรือ +66 81 234 5678", ["๐๘๑-๒๓๔-๕๖๗๘", "0-7535-1234", "+66 81 234 5678"]),
        ("ส่งที่ somchai.j@example.com แล้ว", ["somchai.j@example.com"]),
        ("มอบหมายให้นายสมชาย ใจดี ดำเนินการ", ["นายสมชาย ใจดี"]),
        ("นางสาวสมศรี ดีใจ น.ส.มาลี งาม และนายกมล ทอง", ["นางสาวสมศรี ดีใจ", "น.ส.มาลี งาม", "นายกมล ทอง"]),
        ("ว่าที่ร้อยตรีหญิงสมใจ ใจดี นายแพทย์สมชาย ใจดี", ["ว่าที่ร้อยตรีหญิงสมใจ ใจดี", "นายแพทย์สมชาย ใจดี"]),
        ("นายกองค์การบริหารส่วนตำบลลงนาม นายกฯ มอบ นายก อบต. และรองนายกเทศมนตรี เห็นชอบ", []),
        ("นายอำเภอทุ่งสง แจ้งนายทะเบียน นายช่างโยธา นายแพทย์สาธารณสุขจังหวัด และเจ้านาย ทราบ", []),
        ("งบ 0.255 ล้าน หนังสือที่ นศ 75101/0123 ลว. 12 ม.ค. 2566 วงเงิน 1,250,000.00 บาท ปี 2566-2570", []),
    ],
)
def test_what_is_of_persons_is_told_and_posts_are_not(text: str, quotes: list[str]) -> None:
    assert told(text) == quotes


def test_who_signs_and_what_is_left_alone_is_passed_over() -> None:
    text = "นายสมชาย ใจดีลงนาม นางคำ แก้ว โทร 075-351234"
    assert told(text, "นายสมชาย ใจดี", "075-351234") == ["นางคำ แก้ว"]


def test_it_comes_first_and_the_annex_is_read_too() -> None:
    place = Place(2, "annex", 3, 17)
    annex = (Passage(place, "ภาพนางคำ แก้ว.jpg"),)
    document = Document(AGENCY, (AGENCY,), (), date(2022, 10, 1), date(2023, 9, 30), annex=annex)
    (first, *_) = proofread(document)
    assert (first.kind, first.place, first.quote) == ("personal", place, "นางคำ แก้ว")
    assert first.as_json()["place"] == {"measure": 2, "column": "annex", "paragraph": 3, "task": 17}


def test_the_sample_tells_of_nobody() -> None:
    assert [quote for words in step_words().values() for text in words.results for quote in told(text)] == []


@given(st.integers(10**11, 9 * 10**11 - 1))
def test_only_the_right_check_digit_makes_an_id(number: int) -> None:
    first = str(number)
    check = (11 - sum(int(digit) * (13 - place) for place, digit in enumerate(first)) % 11) % 10
    assert [digit for digit in "0123456789" if told(f"เลข {first}{digit} นี้")] == [str(check)]
