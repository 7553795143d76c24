"""PDF, read again with PDFium: exact text, breaks only between words, embedded fonts, tags, standards, size."""

import ctypes
import re
from io import BytesIO

import pikepdf
import pypdfium2 as pdfium
import pytest
from pypdfium2 import raw

from tests.unit.reports.agency_names import broken_elsewhere, report_of_names
from tests.unit.reports.report_sample import measure, report, squeezed, typed_lines
from tests.unit.reports.test_report_annex import with_annex
from tracker.reports import render
from tracker.thai.paragraphs import Paragraph
from tracker.thai.words import place_names, words


def pages(content: bytes) -> list[str]:
    with pdfium.PdfDocument(content) as document:
        texts = []
        for page in document:
            text_page = page.get_textpage()
            texts.append(text_page.get_text_range())
            text_page.close()
            page.close()
        return texts


@pytest.fixture(scope="module")
def content() -> bytes:
    return render(report(), "pdf")


def test_the_text_layer_holds_every_paragraph_with_its_thai_exact(content: bytes) -> None:
    text = squeezed("".join(pages(content)))
    for line in typed_lines(report()):
        assert squeezed(line) in text


def test_every_thai_syllable_reads_back_as_it_was_written() -> None:
    consonants = [chr(code) for code in range(0x0E01, 0x0E2F)]
    marks = [vowel + tone for vowel in ("", "ั", "ิ", "ี", "ึ", "ื", "ุ", "ู", "็") for tone in ("", "่", "้", "๊", "๋", "์")]
    syllables = [consonant + mark for consonant in consonants for mark in marks]
    syllables += [consonant + tone + "ำ" for consonant in consonants for tone in ("", "่", "้")]
    for start in range(0, len(syllables), 200):
        line = "/".join(syllables[start : start + 200])
        data = report(measure(1, summary=(Paragraph(None, line),)), annex=(), signers=())
        assert line in squeezed("".join(pages(render(data, "pdf"))))


@pytest.mark.parametrize("text", ["สิทธิ์ อายุ และอื่นๆ ครบ", "ผู้ป่วยเอดส์ เป็นต้น", "น้ำ ดี ปู่ ที่ (ITA) แต่"])
def test_blanks_between_words_are_kept(text: str) -> None:
    data = report(measure(1, summary=(Paragraph(None, text),)), annex=(), signers=())
    assert text in "".join(pages(render(data, "pdf")))


def test_lines_break_only_between_words(content: bytes) -> None:
    data = report()
    names = place_names([data.agency, data.place])
    text = "\n".join(pages(content)).replace("\r\n", "\n")
    checked = 0
    for line in typed_lines(data):
        pattern = r"\s?".join(re.escape(character) for character in line if not character.isspace())
        match = re.search(pattern, text)
        assert match
        places = set()
        written = 0
        for piece in words(line, names):
            written += len(squeezed(piece))
            places.add(written)
        for newline in re.finditer("\n", match[0]):
            checked += 1
            assert len(squeezed(match[0][: newline.start()])) in places
    assert checked > 20


def test_fifty_names_of_agencies_are_parted_between_words_only_in_every_column() -> None:
    assert broken_elsewhere("\n".join(pages(render(report_of_names(), "pdf")))) == set()


def test_the_words_of_every_head_stay_whole() -> None:
    text = "\n".join(pages(render(with_annex(), "pdf"))).replace("\r\n", "\n")
    assert "แล้วเสร็จ\nล่าช้า" in text
    assert "บันทึก\nย้อนหลัง" in text


def test_every_font_is_embedded(content: bytes) -> None:
    with pdfium.PdfDocument(content) as document:
        fonts = set()
        for page in document:
            for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
                font = raw.FPDFTextObj_GetFont(item.raw)
                name = ctypes.create_string_buffer(100)
                raw.FPDFFont_GetBaseFontName(font, name, 100)
                fonts.add((name.value.decode(), raw.FPDFFont_GetIsEmbedded(font)))
            page.close()
    assert all(embedded == 1 for _, embedded in fonts)
    assert {name.split("+")[-1] for name, _ in fonts} <= {"Sarabun-Regular", "Sarabun-Bold", "NewCMMath-Regular"}


def test_it_is_tagged_titled_thai_and_claims_its_standards(content: bytes) -> None:
    with pdfium.PdfDocument(content) as document:
        assert document.is_tagged()
        metadata = document.get_metadata_dict()
    assert metadata["Title"].endswith("ประจำปีงบประมาณ ๒๕๖๖ รอบ ๑๒ เดือน")
    assert metadata["CreationDate"].startswith("D:20231002030406")
    with pikepdf.open(BytesIO(content)) as pdf:
        assert str(pdf.Root.Lang) == "th-TH"
    assert re.search(rb"pdfaid:part>2<.*pdfaid:conformance>A<", content, re.DOTALL)
    assert b"pdfuaid:part>1<" in content


def test_the_head_repeats_on_every_page_and_pages_are_counted_in_thai_digits() -> None:
    rows = [measure(number) for number in range(1, 9)]
    texts = pages(render(report(*rows, annex=(), signers=()), "pdf"))
    assert len(texts) > 3
    for number, text in enumerate(texts[1:], 2):  # the cover is page one
        assert "สรุปผลดำเนินการ" in text
        assert f"หน้า {str(number).translate(str.maketrans('0123456789', '๐๑๒๓๔๕๖๗๘๙'))}" in text


def test_digits_follow_the_setting() -> None:
    texts = pages(render(report(thai_digits=False), "pdf"))
    assert "ประจำปีงบประมาณ 2566" in texts[0]
    assert "หน้า 2" in texts[1]


def test_a_draft_says_so_on_every_page() -> None:
    assert all("ร่าง" in text for text in pages(render(report(draft=True), "pdf")))
    assert not any("ร่าง" in text for text in pages(render(report(), "pdf")))


def test_signatures_and_annex_follow_the_table(content: bytes) -> None:
    text = squeezed("".join(pages(content)))
    for wanted in ("(นายสมชายใจดี)", "ภาคผนวก", "๓๑มี.ค.๖๖✓๑๔มี.ค.๖๖", "ab" * 32, "https://example.go.th/a?b=1&c=2"):
        assert wanted in text


def test_a_character_that_no_font_has_is_shown_as_a_box_and_nothing_else_is_lost() -> None:
    data = report(measure(1, summary=(Paragraph(None, "เสร็จแล้ว 🎉 ตามแผน 中文 \uf0b7 ✓"),)))
    assert "เสร็จแล้ว□ตามแผน□□□✓" in squeezed("".join(pages(render(data, "pdf"))))


def test_typst_code_in_a_text_is_only_text() -> None:
    code = '#read("/etc/passwd") #import "@preview/x:1.0.0" $x^2$ *b* _i_ <a> @b `c` \\ // "q" -- ~ [x] = h'
    data = report(measure(1, title=code, summary=(Paragraph(None, code),)), agency=code)
    assert squeezed("".join(pages(render(data, "pdf")))).count(squeezed(code)) >= 3


def test_words_wider_than_a_column_stay_inside_it() -> None:
    data = report(
        measure(1, details=(), summary=(Paragraph(None, "W" * 400 + "ก" * 400),), outcome=()), annex=(), signers=()
    )
    with pdfium.PdfDocument(render(data, "pdf")) as document:
        page = document[1]
        for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
            assert item.get_bounds()[2] < 842 - 50
        page.close()


def test_many_measures_take_no_longer_each(content: bytes) -> None:
    rows = [measure(number) for number in range(1, 101)]
    many = render(report(*rows, annex=()), "pdf")
    assert len(many) < 100 * len(content)
