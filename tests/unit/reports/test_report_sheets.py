"""XLSX and CSV, read again: every cell's text, nothing that a spreadsheet would run, ready to print."""

import csv
import re
from io import BytesIO, StringIO
from zipfile import ZipFile

import openpyxl
import pytest

from tests.unit.reports.report_sample import RECORDED, measure, report, squeezed, two_party_measure, typed_lines
from tracker.errors import TrackerError
from tracker.plan_draft import DraftStep
from tracker.plan_import import read_plan
from tracker.reports import render
from tracker.reports.data import ReportData, Signer
from tracker.thai.paragraphs import Paragraph

FORMULAS = ['=cmd|" /C calc"!A0', "+1+1", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x")', "- จัดทำคู่มือ", " =1"]


def book(data: ReportData) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(render(data, "xlsx")))


def csv_rows(data: ReportData) -> list[list[str]]:
    return list(csv.reader(StringIO(render(data, "csv").decode("utf-8-sig"), newline="")))


def test_the_sheet_holds_every_paragraph_a_line_each() -> None:
    data = report()
    sheet = book(data).worksheets[0]
    lines = {
        line for row in sheet.iter_rows(values_only=True) for text in row if text for line in str(text).split("\n")
    }
    assert set(typed_lines(data)) <= lines


def test_the_head_stays_in_sight_and_repeats_on_print_on_a4_landscape() -> None:
    sheet = book(report(draft=False)).worksheets[0]
    assert sheet.cell(3, 1).value == "มาตรการ/แนวทาง"
    assert sheet.freeze_panes == "A4"
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert all(cell.alignment.wrap_text for cell in sheet[4])


def test_no_row_is_taller_than_excel_shows() -> None:
    long = tuple(Paragraph(number, "ดำเนินการแล้วเสร็จตามแผนงานและโครงการ " * 4) for number in range(1, 13))
    sheet = book(report(measure(1, summary=long))).worksheets[0]
    assert 200 < sheet.row_dimensions[4].height <= 409


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_is_text_in_the_sheet(text: str) -> None:
    workbook = book(report(measure(1, title="ก", steps=(DraftStep(None, text),)), agency=text))
    assert workbook.worksheets[0]["B4"].value == text
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_is_guarded_in_the_csv_by_a_mark_that_cannot_be_seen(text: str) -> None:
    cell = csv_rows(report(measure(1, steps=(DraftStep(None, text),))))[1][1]
    assert cell == "\u200b" + text


def test_the_csv_begins_with_a_byte_order_mark_and_holds_the_table() -> None:
    data = report()
    assert render(data, "csv").startswith(b"\xef\xbb\xbf")
    head, *rows = csv_rows(data)
    assert head[0] == "มาตรการ/แนวทาง"
    assert rows[0][4].split("\n")[1] == "๑. จัดประชุมชี้แจงให้บุคลากรทราบ เมื่อวันที่ 14 มีนาคม ๒๕๖๖"
    assert set(typed_lines(data)) <= {line for row in rows for text in row for line in text.split("\n")}


def test_a_step_with_its_own_party_is_a_row_that_continues_the_measure() -> None:
    _, first, second = csv_rows(report(two_party_measure(1)))
    assert first[2:4] == ["ทุกส่วนราชการ", "๑ ตุลาคม ๒๕๖๕ – ๓๑ มีนาคม ๒๕๖๖"]
    assert second == ["", "๒. เปิดเผยผลการประเมิน", "กองคลัง\nกองช่าง", "ภายใน ๓๐ กันยายน ๒๕๖๖", "", ""]
    sheet = book(report(two_party_measure(1), draft=False)).worksheets[0]
    assert {str(merged) for merged in sheet.merged_cells.ranges} >= {"A4:A5", "E4:E5", "F4:F5"}


def test_progress_and_annex_are_sheets_of_their_own() -> None:
    _, progress, annex = book(report()).worksheets
    assert [cell.value for cell in progress[2]] == [
        1, "การให้บริการแก่บุคคลภายนอก เป็นไปตามขั้นตอนและระยะเวลาที่กำหนด", 5, 6, 83.3,
    ]  # fmt: skip
    assert [cell.value for cell in annex[2]][:5] == [1, 1, "สำนักปลัด\nกองคลัง", "๓๑ มี.ค. ๖๖", "๑๔ มี.ค. ๖๖"]
    assert len(book(report(annex=())).worksheets) == 2


def test_a_text_longer_than_a_cell_is_refused_with_a_sentence() -> None:
    with pytest.raises(TrackerError, match="take the DOCX"):
        render(report(measure(1, summary=(Paragraph(None, "ก" * 40_000),))), "xlsx")


def test_the_only_time_in_the_sheets_file_is_that_of_the_latest_fact() -> None:
    content = render(report(), "xlsx")
    properties = openpyxl.load_workbook(BytesIO(content)).properties
    assert properties.created == properties.modified == RECORDED.replace(tzinfo=None)
    archive = ZipFile(BytesIO(content))
    assert {entry.date_time for entry in archive.infolist()} == {(2023, 10, 2, 3, 4, 6)}
    assert not re.search(rb"20(2[4-9]|[3-9]\d)-\d\d-\d\dT", b"".join(archive.read(name) for name in archive.namelist()))


def test_arabic_digits_only_in_what_is_generated() -> None:
    rows = csv_rows(report(thai_digits=False))
    assert rows[1][0].startswith("1. ")
    assert squeezed("๑ ตุลาคม ๒๕๖๕ – ๓๑ มีนาคม ๒๕๖๖") == squeezed(rows[1][3])


def test_figures_of_the_progress_are_numbers_in_the_digits_of_the_report() -> None:
    thai, arabic = (book(report(thai_digits=thai))["ความก้าวหน้า"]["C2"] for thai in (True, False))
    assert thai.value == arabic.value
    assert isinstance(thai.value, int)
    assert (thai.number_format, arabic.number_format) == ("[$-D07041E]0", "General")


def test_a_row_is_as_high_as_its_last_line() -> None:
    steps = (DraftStep(1, "ขั้น"), DraftStep(2, "ขั้น"))
    row = measure(
        1, details=(), title="ยาวมาก " * 60, steps=steps, outcome=(),
        summary=(Paragraph(1, "สั้น"), *(Paragraph(None, f"บรรทัด {number}") for number in range(6)), Paragraph(2, "สั้น")),
    )  # fmt: skip
    sheet = book(report(row, annex=()))["รายงาน"]
    first = next(cell.row for cell in sheet["A"] if str(cell.value).startswith("๑. ยาวมาก"))
    heights = [sheet.row_dimensions[number].height for number in (first, first + 1)]
    assert heights[0] == 7 * 22.5
    assert sum(heights) >= len("ยาวมาก " * 60) / 30 * 22.5


def test_the_signatures_stand_under_the_table() -> None:
    signers = tuple(Signer(f"ผู้ลงนาม {number}", "ปลัด") for number in range(4))
    sheet = book(report(signers=signers))["รายงาน"]
    last = [[cell.value for cell in row if cell.value] for row in sheet.iter_rows(min_row=sheet.max_row - 1)]
    assert [[text.split("\n")[1] for text in row] for row in last] == [
        ["(ผู้ลงนาม 0)", "(ผู้ลงนาม 1)", "(ผู้ลงนาม 2)"], ["(ผู้ลงนาม 3)"],
    ]  # fmt: skip


def test_the_products_own_sheets_come_back_without_a_warning() -> None:
    plan = read_plan(render(report(), "xlsx"), "report.xlsx", 2566)
    assert not plan.warnings
