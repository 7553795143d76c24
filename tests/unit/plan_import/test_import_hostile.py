"""Broken, encrypted, huge and hostile files: one clear sentence, never anything else."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.plan_import.import_files import (
    as_csv,
    as_docx,
    as_html,
    as_text,
    as_xlsx,
    changed,
    part_of,
    row,
    with_shared_strings,
)
from tracker.errors import NotUnderstoodError
from tracker.plan_import import read_plan

ROW = row("๑.ก", "๑.ข", "กองคลัง", "มกราคม ๒๕๖๖", "", "")
DOCX, XLSX = as_docx([ROW]), as_xlsx([ROW])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'


def refusal(data: bytes, name: str = "plan.docx") -> NotUnderstoodError:
    with pytest.raises(NotUnderstoodError) as caught:
        read_plan(data, name, 2566)
    assert caught.value.sentence_th
    assert "\n" not in caught.value.sentence
    return caught.value


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \r\n\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (OLE + "WordDocument".encode("utf-16-le"), "Word 97–2003 document"),
        (OLE + "Workbook".encode("utf-16-le"), "Excel 97–2003 workbook"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (OLE, "old Office program"),
        (b"%PDF-1.7\n...", "PDF is damaged"),
        (b"\n\n%PDF-1.4", "PDF is damaged"),
        (b"{\\rtf1\\ansi", "rich text"),
        (b'{"agency": "x", "measures": []}', "JSON"),
        (b"\x89PNG\r\n\x1a\n....", "picture"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "web page"),
        (b"<?xml version='1.0'?><?mso-application?><w xmlns='urn:schemas-microsoft-com:office:word'/>", "XML file"),
        (DOCX[: len(DOCX) // 2], "damaged"),
        (b"PK\x03\x04" + bytes(100), "damaged"),
        (changed(DOCX, {"word/document.xml": b"<w:document"}), "damaged"),
        (changed(DOCX, {"word/document.xml": LAUGHS}), "entities"),
        (changed(DOCX, {"word/numbering.xml": LAUGHS}), "entities"),
        (changed(DOCX, {"word/document.xml": LAUGHS.decode().encode("utf-16")}), "entities"),
        (changed(XLSX, {"xl/worksheets/sheet1.xml": LAUGHS}), "entities"),
        (changed(with_shared_strings(XLSX), {"xl/sharedStrings.xml": LAUGHS}), "entities"),
        (changed(DOCX, {"word/vbaProject.bin": b"x"}), "macros"),
        (changed(XLSX, {"xl/vbaProject.bin": b"x"}), "macros"),
        (changed(DOCX, {"word/media/big.xml": bytes(8_000_000)}), "unpacks"),
        (changed(DOCX, {f"x/{number}": b"" for number in range(6_000)}), "unpacks"),
        (b"x" * 20_000_001, "20 MB"),
        (b"just words", "no table of a plan"),
        ("๑. ก\n๒. ข".encode(), "no table of a plan"),
        (changed(as_docx([]), {}), "no measure under it"),
    ],
)
def test_each_gets_a_sentence_that_says_what_it_is(data: bytes, says: str) -> None:
    assert says in refusal(data).sentence


def test_macro_enabled_types_are_refused_even_without_a_project() -> None:
    types = part_of(DOCX, "[Content_Types].xml")
    main = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    assert main in types
    macro = types.replace(main, b"application/vnd.ms-word.document.macroEnabled.main+xml")
    assert "macros" in refusal(changed(DOCX, {"[Content_Types].xml": macro})).sentence


def test_a_zip_of_something_else_is_named() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    assert "zip archive" in refusal(out.getvalue()).sentence


def test_a_merge_over_the_whole_sheet_is_no_trap() -> None:
    sheet = part_of(XLSX, "xl/worksheets/sheet1.xml")
    merged = sheet.replace(b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A9:XFD1048576"/></mergeCells>')
    assert len(read_plan(changed(XLSX, {"xl/worksheets/sheet1.xml": merged}), "x.xlsx", 2566).measures) == 1


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["", "x.docx", "x.csv", "x.html", "x.txt"]))
def test_random_bytes_are_refused_in_words(data: bytes, name: str) -> None:
    refusal(data, name)


FILES = {
    "docx": DOCX,
    "xlsx": with_shared_strings(XLSX),
    "csv": as_csv([ROW]),
    "html": as_html([ROW]),
    "txt": as_text([ROW]),
}


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(FILES)), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=6)
)
def test_damaged_files_are_read_or_refused_in_words(kind: str, damage: list[tuple[float, int]]) -> None:
    data = bytearray(FILES[kind])
    for where, value in damage:
        data[int(where * (len(data) - 1))] = value
    try:
        read_plan(bytes(data), f"x.{kind}", 2566)
    except NotUnderstoodError:
        return


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["word/document.xml", "word/styles.xml", "word/numbering.xml"]), st.data())
def test_damaged_parts_are_read_or_refused_in_words(part: str, draw: st.DataObject) -> None:
    content = bytearray(part_of(DOCX, part))
    for _ in range(draw.draw(st.integers(1, 5))):
        at = draw.draw(st.integers(0, len(content) - 1))
        content[at : at + draw.draw(st.integers(0, 40))] = draw.draw(st.binary(max_size=5))
    try:
        read_plan(changed(DOCX, {part: bytes(content)}), "x.docx", 2566)
    except NotUnderstoodError:
        return
