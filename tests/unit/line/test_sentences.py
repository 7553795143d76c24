"""What a typed answer is, on sentences as people in such offices write them."""

import time
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.shared import shared
from tracker.line.sentences import read_answer

TODAY, EARLIEST = date(2027, 3, 16), date(2026, 10, 1)


def labelled(path: Path) -> list[tuple[str, str]]:
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    return [(kind, sentence) for kind, sentence in rows]


@pytest.mark.parametrize("whose", ["own", "shared"])
def test_sentences_are_what_people_meant(whose: str) -> None:
    sentences = labelled(ROOT / "tests/data/answers.tsv" if whose == "own" else shared("look/next/line/answers.tsv"))
    assert len(sentences) >= 69
    wrong = [(kind, read_answer(text, TODAY, EARLIEST), text) for kind, text in sentences]
    assert [(text, kind, read) for kind, read, text in wrong if read.kind != kind] == []


def test_the_words_that_made_us_ask_are_quoted_as_they_were_typed() -> None:
    assert read_answer("ยังไม่ได้ทำครับ เดี๋ยวทำพรุ่งนี้", TODAY).words == ("ยังไม่ได้", "เดี๋ยว", "พรุ่งนี้")


@pytest.mark.parametrize("text", ["ไม่สามารถดำเนินการได้เนื่องจากไม่มีงบประมาณ", "ทำไม่ได้ครับ", "ไม่ได้รับการจัดสรรงบประมาณ"])
def test_what_cannot_be_done_is_told_from_what_is_not_done_yet(text: str) -> None:
    assert read_answer(text, TODAY).cannot
    assert not read_answer("ยังไม่ได้ทำครับ", TODAY).cannot


@pytest.mark.parametrize(
    "text", ["ยังไม่พบการทุจริต แต่ยังไม่ได้ส่งรายงาน", "ไม่มีการรับของขวัญ ส่วนคู่มือยังไม่เสร็จ", "ประชุมแล้ว\nยังไม่ได้ลงเว็บ"]
)
def test_a_result_beside_a_denial_hides_it_not(text: str) -> None:
    assert read_answer(text, TODAY).kind == "denial"


def test_spaces_and_split_vowels_change_nothing() -> None:
    assert read_answer("  ทําแล้ว  ", TODAY).kind == "empty"
    assert read_answer("ยังไม่ได้\u200bทำ", TODAY).kind == "denial"


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("ยัง ไม่ ได้ ทำ", "denial"),
        ("ยังมะได้ทำ", "denial"),
        ("ยั้งไม่เส็ดคับ", "denial"),
        ("พน. ทำให้ครับ", "delay"),
        ("สัปหน้าค่ะ", "delay"),
        ("ทำแร้วค่าาา", "empty"),
        ("คร้าบบบบ", "courtesy"),
        ("Not yet, tomorrow", "denial"),
        ("Meeting held", "result"),
    ],
)
def test_slips_of_the_telephone_are_read_as_meant(typed: str, kind: str) -> None:
    assert read_answer(typed, TODAY).kind == kind


@pytest.mark.parametrize("text", ["ไม่ทำแล้วค่ะ", "เลิกทำแล้วครับโครงการนี้", "ยกเลิกโครงการแล้วครับ", "ปีที่แล้วทำแล้ว ปีนี้ยัง"])
def test_what_was_given_up_is_not_finished(text: str) -> None:
    assert read_answer(text, TODAY).kind == "denial"


@pytest.mark.parametrize(
    "text", ["เงินไม่เข้า", "เราไม่มีเว็บไซต์ค่ะ", "ทำแล้วเมื่อวานครับ", "เสร็จแล้ว ๑๒ มี.ค.", "ก.พ. กับ มี.ค. เรียบร้อย"]
)
def test_a_short_sentence_that_tells_of_no_work_is_no_result(text: str) -> None:
    assert read_answer(text, TODAY).kind == "empty"


@pytest.mark.parametrize("unit", ["5", "55 ", "ครับผม", "แล้ว", "นะ", "พี่ๆ", "ตามรูป", "-", ". ", "ค่า ", "1,", "ยัง", "ไม่"])
def test_whatever_is_repeated_is_read_at_once(unit: str) -> None:
    """A pattern that tries every division of such a text would stand still for hours."""
    start = time.process_time()
    read_answer((unit * 2000)[:2000] + "กขฃ", TODAY)
    assert time.process_time() - start < 2


def test_a_day_to_come_is_a_delay_unless_something_is_done() -> None:
    assert read_answer("ส่งเอกสาร ๓๐ มี.ค. ๒๕๗๐", TODAY, EARLIEST).kind == "delay"
    assert read_answer("ประชุมแล้ว นัดติดตามผล ๓๐ มี.ค. ๒๕๗๐", TODAY, EARLIEST).kind == "result"
    assert read_answer("ส่งเอกสาร ๓ มี.ค. ๒๕๗๐", TODAY, EARLIEST).kind == "result"
