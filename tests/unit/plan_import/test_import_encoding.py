"""Text files of every encoding that Thai offices save."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.plan_import.import_files import as_csv, as_html, as_text, row
from tracker.errors import NotUnderstoodError
from tracker.plan_import import read_plan
from tracker.plan_import.encoding import decode_text

ROW = row("๑.น้ำใจ", "๑.จัดทำ", "กองคลัง", "มกราคม ๒๕๖๖", "", "")
ENCODINGS = {
    "utf-8": b"",
    "utf-8-sig": b"",
    "utf-16-le": b"",
    "utf-16-be": b"",
    "utf-16": b"",
    "cp874": b"",
    "tis-620": b"",
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("write", [as_text, as_csv, as_html])
def test_each_encoding_reads_the_same(encoding: str, write: type) -> None:
    text = write([ROW]).decode("utf-8-sig")
    plan = read_plan(text.encode(encoding), "plan", 2566)
    assert plan.as_json() == read_plan(write([ROW]), "plan", 2566).as_json()
    assert plan.measures[0].title == "น้ำใจ"


def test_thai_characters_are_fixed() -> None:
    damaged = as_text([row("๑.น้ํา\u200bใจ ป\uf70b", "๑.ก", "กองคลัง", "มกราคม ๒๕๖๖", "", "")])
    assert read_plan(damaged, "plan", 2566).measures[0].title == "น้ำใจ ป้"


def test_a_declared_charset_does_not_mislead() -> None:
    page = as_html([ROW]).decode().replace("<html>", '<html><meta charset="windows-874">')
    for encoding in ("utf-8", "cp874"):
        assert read_plan(page.encode(encoding), "p.html", 2566).measures[0].title == "น้ำใจ"


@pytest.mark.parametrize(
    "data",
    [b"\x80\x81\x82\x00\x01", "ภาษาไทย".encode() + b"\xe0\xb8", codecs.BOM_UTF16_LE + b"a", b"\x00\xff\x01" * 50],
)
def test_what_is_no_text_is_said_so(data: bytes) -> None:
    with pytest.raises(NotUnderstoodError, match="UTF-8, UTF-16 or Windows-874"):
        decode_text(data)


def test_thai_letters_that_could_be_another_script_are_thai() -> None:
    assert decode_text("aa่กกaaa".encode("cp874")) == "aa่กกaaa"
    assert decode_text("中文件".encode()) == "中文件"
    assert decode_text("résumé – ✓".encode()) == "résumé – ✓"


@given(st.text(st.sampled_from([*"กขคงจ่้าำ๑๒ abc,.\n"]), min_size=8))
def test_text_survives_every_encoding(text: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
        assert decode_text(text.encode(encoding)) == text
    if any(letter >= "ก" for letter in text):
        assert decode_text(text.encode("cp874")) == text
