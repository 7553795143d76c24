"""DOCX, read again with python-docx and lxml: every cell's text, Thai on every run, pages as an officer sets them."""

import re
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm
from lxml import etree

from tests.unit.reports.report_sample import RECORDED, measure, report, two_party_measure, typed_lines
from tracker.reports import render
from tracker.reports.data import ReportData
from tracker.thai.paragraphs import Paragraph

FONT = "TH SarabunPSK"
PARTS = ("word/document.xml", "word/styles.xml", "word/footer1.xml", "word/header1.xml")


def opened(data: ReportData) -> docx.document.Document:
    return docx.Document(BytesIO(render(data, "docx")))


def part(content: bytes, name: str) -> etree._Element:
    return etree.fromstring(ZipFile(BytesIO(content)).read(name))


def test_the_table_holds_every_paragraph_in_the_six_columns() -> None:
    data = report()
    table = opened(data).tables[0]
    assert [re.sub(r"\s", "", cell.text) for cell in table.rows[0].cells] == [
        "มาตรการ/แนวทาง",
        "ขั้นตอน/วิธีปฏิบัติ",
        "หน่วยงานผู้รับผิดชอบ",
        "ระยะเวลาดำเนินการ",
        "สรุปผลดำเนินการ",
        "ผลลัพธ์/ความสำเร็จ",
    ]
    assert [paragraph.text for paragraph in table.rows[1].cells[4].paragraphs] == [
        "มีการจัดทำช่องทางการติดต่อสื่อสาร",
        "๑. จัดประชุมชี้แจงให้บุคลากรทราบ เมื่อวันที่ 14 มีนาคม ๒๕๖๖",
        "๒. เผยแพร่ทางเว็บไซต์ขององค์การบริหารส่วนตำบลเขาขาว ทุกครั้งที่มีผู้มาใช้บริการ",
        "(หลักฐานที่ ๑ – ๒ ในภาคผนวก)",
    ]
    assert table.rows[1].cells[3].text == "๑ ตุลาคม ๒๕๖๕ – ๓๑ มีนาคม ๒๕๖๖"
    written = {
        paragraph.text.replace("\u200b", "")
        for row in table.rows
        for cell in row.cells
        for paragraph in cell.paragraphs
    }
    assert set(typed_lines(data)) <= written


def test_every_run_names_the_thai_font_its_size_and_its_language() -> None:
    content = render(report(draft=True), "docx")
    names = [name for name in ZipFile(BytesIO(content)).namelist() if re.match(r"word/(document|header|footer)", name)]
    runs = [run for name in names for run in part(content, name).iter(qn("w:r"))]
    assert len(runs) > 50
    for run in runs:
        properties = run.find(qn("w:rPr"))
        if run.find(qn("w:t")) is None:
            continue
        fonts = properties.find(qn("w:rFonts"))
        assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "cs")} == {FONT}
        assert properties.find(qn("w:sz")).get(qn("w:val")) == properties.find(qn("w:szCs")).get(qn("w:val"))
        assert (properties.find(qn("w:b")) is None) == (properties.find(qn("w:bCs")) is None)
        assert properties.find(qn("w:lang")).get(qn("w:bidi")) == "th-TH"


def test_defaults_and_styles_name_the_thai_font_at_16_points_and_no_theme_font() -> None:
    styles = part(render(report(), "docx"), "word/styles.xml")
    defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    assert defaults.find(qn("w:rFonts")).get(qn("w:cs")) == FONT
    assert defaults.find(qn("w:szCs")).get(qn("w:val")) == "32"
    assert defaults.find(qn("w:lang")).get(qn("w:bidi")) == "th-TH"
    used = {
        "Normal",
        "Title",
        "Heading 1",
        "Heading 2",
        "Header",
        "Footer",
        "ReportCell",
        "header",
        "footer",
        "heading 1",
    }
    for style in styles.iter(qn("w:style")):
        if style.find(qn("w:name")).get(qn("w:val")) in used:
            fonts = style.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
            if fonts is not None:
                assert not any("Theme" in name for name in fonts.attrib)


def test_the_page_is_a4_landscape_and_the_head_repeats_on_every_page() -> None:
    document = opened(report())
    for section in document.sections:
        assert abs(section.page_width - Cm(29.7)) < Cm(0.01)
        assert abs(section.page_height - Cm(21)) < Cm(0.01)
    table = document.tables[0]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:tblHeader")) is None for row in table.rows[1:])


def test_long_rows_may_break_over_pages_and_short_ones_stay_whole() -> None:
    long = measure(2, summary=tuple(Paragraph(n, "ดำเนินการแล้วเสร็จตามแผนงาน " * 5) for n in range(1, 13)))
    short = measure(1, details=(), summary=(), outcome=(), steps=())
    rows = opened(report(short, long, signers=())).tables[0].rows
    assert [row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows] == [True, True, False]


@pytest.mark.parametrize(
    ("thai", "form", "instruction"), [(True, "thaiNumbers", r"PAGE \* THAIARABIC"), (False, "decimal", "PAGE")]
)
def test_pages_are_numbered_on_from_the_cover_in_the_reports_digits(thai: bool, form: str, instruction: str) -> None:
    document = opened(report(thai_digits=thai))
    numbering = document.sections[1]._sectPr.find(qn("w:pgNumType"))
    assert (numbering.get(qn("w:fmt")), numbering.get(qn("w:start"))) == (form, "2")
    footer = document.sections[1].footer._element
    assert "".join(text.text for text in footer.iter(qn("w:instrText"))).strip() == instruction
    assert document.sections[0].footer.paragraphs[0].text == ""


def test_generated_digits_follow_the_setting_and_what_people_wrote_never_changes() -> None:
    arabic = opened(report(thai_digits=False))
    assert "ประจำปีงบประมาณ 2566" in [paragraph.text for paragraph in arabic.paragraphs]
    assert "1. จัดประชุมชี้แจงให้บุคลากรทราบ เมื่อวันที่ 14 มีนาคม ๒๕๖๖" in arabic.tables[0].rows[1].cells[4].text
    assert arabic.tables[0].rows[1].cells[3].text == "๑ ตุลาคม ๒๕๖๕ – ๓๑ มีนาคม ๒๕๖๖"


def test_the_cover_reads_like_the_published_reports() -> None:
    lines = [paragraph.text for paragraph in opened(report()).paragraphs if paragraph.text]
    assert lines[:7] == [
        "รายงานผลการดำเนินการ",
        "เพื่อส่งเสริมคุณธรรมและความโปร่งใส",
        "ภายในหน่วยงาน",
        "ประจำปีงบประมาณ ๒๕๖๖",
        "รอบ (๑๒ เดือน)",
        "องค์การบริหารส่วนตำบลเขาขาว",
        "อำเภอทุ่งสง จังหวัดนครศรีธรรมราช",
    ]


def test_a_step_with_its_own_party_and_period_is_a_row_under_the_same_measure() -> None:
    rows = opened(report(two_party_measure(1), signers=())).tables[0].rows
    assert [row.cells[2].text for row in rows[1:]] == ["ทุกส่วนราชการ", "กองคลัง\nกองช่าง"]
    assert [row.cells[3].text for row in rows[1:]] == ["๑ ตุลาคม ๒๕๖๕ – ๓๑ มีนาคม ๒๕๖๖", "ภายใน ๓๐ กันยายน ๒๕๖๖"]
    assert rows[1].cells[0]._tc is rows[2].cells[0]._tc
    assert rows[1].cells[4]._tc is rows[2].cells[4]._tc


def test_a_soft_line_break_stays_inside_its_paragraph() -> None:
    data = report(measure(1, summary=(Paragraph(1, "บรรทัดแรก\nบรรทัดที่สอง"),)), annex=())
    paragraphs = opened(data).tables[0].rows[1].cells[4].paragraphs
    assert [paragraph.text for paragraph in paragraphs] == ["๑. บรรทัดแรก\nบรรทัดที่สอง"]


def test_a_draft_says_so_on_every_page_and_a_closed_report_does_not() -> None:
    def head(data: ReportData) -> str:
        return "".join(paragraph.text for section in opened(data).sections for paragraph in section.header.paragraphs)

    assert "ร่าง" in head(report(draft=True))
    assert head(report(draft=False)) == ""


def test_signatures_and_annex_follow_the_table() -> None:
    tables = opened(report()).tables
    signatures = [cell.text for cell in tables[0].rows[-1].cells[0].tables[0].rows[0].cells]
    assert "(นายสมชาย ใจดี)\nนิติกรปฏิบัติการ" in signatures[0]
    assert "(ลงชื่อ)" in signatures[1]
    annex = [[cell.text for cell in row.cells] for row in tables[1].rows[1:]]
    assert annex[0] == ["๑.๑", "สำนักปลัด, กองคลัง", "๓๑ มี.ค. ๖๖", "✓ ๑๔ มี.ค. ๖๖", "หลักฐานที่ ๑, หลักฐานที่ ๒"]
    assert "ab" * 32 in tables[3].rows[1].cells[2].text
    assert len(opened(report(annex=(), signers=())).tables) == 1


def test_the_only_time_in_the_file_is_that_of_the_latest_fact() -> None:
    content = render(report(), "docx")
    properties = docx.Document(BytesIO(content)).core_properties
    assert properties.created == properties.modified == RECORDED
    assert properties.author == "องค์การบริหารส่วนตำบลเขาขาว"
    assert {entry.date_time for entry in ZipFile(BytesIO(content)).infolist()} == {(2023, 10, 2, 3, 4, 6)}


def test_no_signature_stands_alone_on_a_page() -> None:
    body = part(render(report(), "docx"), "word/document.xml")[0]
    *_, last, signatures = body.find(qn("w:tbl")).findall(qn("w:tr"))
    assert all(one.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None for one in last.iter(qn("w:p")))
    assert signatures.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None
    assert "(ลงชื่อ)" in "".join(signatures.itertext())


def test_nothing_is_left_of_the_template_that_the_library_brings() -> None:
    names = ZipFile(BytesIO(render(report(), "docx"))).namelist()
    assert [name for name in names if re.search("thumbnail|stylesWithEffects|customXml", name)] == []
