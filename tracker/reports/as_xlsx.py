"""The report as XLSX: the table, the progress of every measure, and the annex, ready to print on A4 landscape.

Texts are cells of text: none is ever a formula, whatever it begins with.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC
from io import BytesIO
from math import ceil

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from tracker.errors import TrackerError
from tracker.reports import annex, progress, wording
from tracker.reports.archive import with_fixed_times
from tracker.reports.assets import RenderAssets
from tracker.reports.data import ReportData
from tracker.reports.table import Cell, Row, cell_text, measure_rows
from tracker.thai.calendar import format_date
from tracker.thai.words import width

_TABLE_SHEET = "รายงาน"
_PROGRESS_HEADINGS = ("ข้อ", "เรื่อง", "แล้วเสร็จ (งาน)", "ทั้งหมด (งาน)", "ร้อยละ")
_ANNEX_HEADINGS = (
    "ข้อ", "ขั้นที่", "ผู้รายงาน", "ครบกำหนด", "แล้วเสร็จเมื่อ", "สิ่งที่ได้ดำเนินการ", "ผลที่เกิดขึ้น", "หลักฐาน",
)  # fmt: skip
_THAI_DIGITS = "[$-D07041E]"
"""A number format's language: Thai, in Thai digits (D), Buddhist years (07)."""
_ABREAST = 3
_SIGNATURE_LINES = 6
_LONGEST_TEXT = 32_767
_TALLEST = 409
_LINE_HEIGHT = 22.5
_CHARACTERS_PER_UNIT = 0.8
_FONT = "TH SarabunPSK"
_PLAIN, _BOLD, _LARGE = (
    Font(name=_FONT, size=16),
    Font(name=_FONT, size=16, bold=True),
    Font(name=_FONT, size=18, bold=True),
)
_EDGE = Side(style="thin")
_BORDER = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_SHADE = PatternFill("solid", fgColor="F0F0F0")
_TOP = Alignment(wrap_text=True, vertical="top")
_MIDDLE = Alignment(wrap_text=True, vertical="center", horizontal="center")
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def render(data: ReportData, _material: RenderAssets) -> bytes:
    """The XLSX; the same data give the same bytes. Raises TrackerError for a cell longer than Excel can hold."""
    recorded = data.recorded_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book = Workbook()
    book.properties.title = wording.title(data)
    book.properties.creator = book.properties.lastModifiedBy = data.agency
    book.properties.created = recorded
    _write_table(book.worksheets[0], data)
    if progress.shown(data):
        _write_progress(book.create_sheet(progress.TITLE), data)
    if data.annex:
        _write_annex(book.create_sheet(annex.TITLE), data)
    content = BytesIO()
    book.save(content)
    modified = rb"\g<1>" + f"{recorded.isoformat()}Z".encode() + rb"\g<2>"
    return with_fixed_times(
        content.getvalue(), data.recorded_at, {"docProps/core.xml": lambda part: _MODIFIED.sub(modified, part)}
    )


def _write_table(sheet: Worksheet, data: ReportData) -> None:
    sheet.title = _TABLE_SHEET
    lines = [wording.title(data), f"{data.agency} {data.place}".strip()]
    if data.draft:
        lines.append(wording.DRAFT_NOTE)
    _write_lines(sheet, lines, len(wording.HEADINGS))
    by_measure = [measure_rows(measure, data) for measure in data.measures]
    texts = {row: [cell_text(cell, soft_break=" ") for cell in row] for rows in by_measure for row in rows}
    _write_head(sheet, wording.HEADINGS, _widths_that_hold(texts.values(), (30, 38, 22, 24, 46, 40)))
    for rows in by_measure:
        first = sheet.max_row + 1
        for offset, row in enumerate(rows):
            _write_row(sheet, first + offset, texts[row])
        for column, cell in enumerate(rows[0], 1):
            if cell and cell.rows > 1:
                sheet.merge_cells(
                    start_row=first, end_row=first + cell.rows - 1, start_column=column, end_column=column
                )
        _show_last_lines(sheet, first, rows)
    _write_signatures(sheet, data)


def _show_last_lines(sheet: Worksheet, first: int, rows: Sequence[Row]) -> None:
    """Makes each row as high as its own cells, and the last one as what merged cells need beyond."""
    for offset, row in enumerate(rows):
        own = [_lines_of(sheet, column, cell) for column, cell in enumerate(row, 1) if cell and cell.rows == 1]
        _set_height(sheet, first + offset, max(own, default=1))
    for offset, row in enumerate(rows):
        for column, cell in enumerate(row, 1):
            if cell and cell.rows > 1:
                covered = range(first + offset, first + offset + cell.rows)
                lacking = _lines_of(sheet, column, cell) * _LINE_HEIGHT - sum(
                    sheet.row_dimensions[covered_row].height for covered_row in covered
                )
                if lacking > 0:
                    last = sheet.row_dimensions[covered[-1]]
                    last.height = min(last.height + lacking, _TALLEST)


def _lines_of(sheet: Worksheet, column: int, cell: Cell) -> int:
    return _lines_high(cell_text(cell, soft_break=" "), sheet.column_dimensions[get_column_letter(column)].width)


def _set_height(sheet: Worksheet, row: int, lines: int) -> None:
    sheet.row_dimensions[row].height = min(lines * _LINE_HEIGHT, _TALLEST)


def _write_signatures(sheet: Worksheet, data: ReportData) -> None:
    """Up to three beside each other under the table, each across two columns."""
    for start in range(0, len(data.signers), _ABREAST):
        row = sheet.max_row + 1
        for place, signer in enumerate(data.signers[start : start + _ABREAST]):
            column = 2 * place + 1
            _write(sheet, row, column, "\n".join(wording.signature(signer)), _PLAIN, _MIDDLE)
            sheet.merge_cells(start_row=row, end_row=row, start_column=column, end_column=column + 1)
        _set_height(sheet, row, _SIGNATURE_LINES)


def _write_progress(sheet: Worksheet, data: ReportData) -> None:
    """Figures stay numbers that Excel counts with, shown in the report's digits."""
    _write_head(sheet, _PROGRESS_HEADINGS, (8, 90, 18, 18, 12))
    for measure in data.measures:
        percent = round(100 * measure.done / measure.total, 1) if measure.total else None
        row = (measure.number, measure.title, measure.done, measure.total, percent)
        _write_row(sheet, sheet.max_row + 1, row)
        for column in (1, 3, 4, 5) if data.thai_digits else ():
            sheet.cell(sheet.max_row, column).number_format = f"{_THAI_DIGITS}{'0.0' if column == 5 else '0'}"


def _write_annex(sheet: Worksheet, data: ReportData) -> None:
    _write_head(sheet, _ANNEX_HEADINGS, (8, 8, 26, 14, 14, 60, 40, 50))
    for entry in annex.in_order(data):
        evidence = (
            part
            for item in entry.evidence
            for part in (item.label, item.link, item.sha256 and f"SHA-256 {item.sha256}")
        )
        due, done = (
            day and format_date(day, style="short", thai_digits=data.thai_digits)
            for day in (entry.scheduled_on, entry.done_on)
        )
        _write_row(
            sheet,
            sheet.max_row + 1,
            (
                entry.measure,
                entry.step,
                "\n".join(entry.units),
                due or "",
                done or annex.UNKNOWN_DAY,
                entry.result,
                entry.outcome or "",
                "\n".join(part for part in evidence if part),
            ),
        )


def _write_lines(sheet: Worksheet, lines: Iterable[str], columns: int) -> None:
    for row, line in enumerate(lines, 1):
        _write(sheet, row, 1, line, _LARGE, Alignment(horizontal="center"))
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=columns)


def _write_head(sheet: Worksheet, headings: Sequence[str], widths: Sequence[int]) -> None:
    """The head under what is there already, repeated on every printed page and kept in sight on the screen."""
    row = 1 if sheet.max_row == 1 and sheet.cell(1, 1).value is None else sheet.max_row + 1
    for column, (heading, column_width) in enumerate(zip(headings, widths, strict=True), 1):
        _write(sheet, row, column, heading, _BOLD, _MIDDLE)
        sheet.cell(row, column).border, sheet.cell(row, column).fill = _BORDER, _SHADE
        sheet.column_dimensions[get_column_letter(column)].width = column_width
    sheet.row_dimensions[row].height = 1.25 * _LINE_HEIGHT
    sheet.freeze_panes = f"A{row + 1}"
    sheet.print_title_rows = f"{row}:{row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = margins.bottom = 0.6
    if footer := sheet.HeaderFooter.oddFooter:
        footer.right.text = f"{wording.PAGE} &P"


def _write_row(sheet: Worksheet, row: int, values: Iterable[str | float | None]) -> None:
    lines = 1
    for column, value in enumerate(values, 1):
        _write(sheet, row, column, value, _PLAIN, _TOP)
        sheet.cell(row, column).border = _BORDER
        lines = max(lines, _lines_high(str(value), sheet.column_dimensions[get_column_letter(column)].width))
    sheet.row_dimensions[row].height = min(lines * _LINE_HEIGHT, _TALLEST)


def _lines_high(text: str, column_width: float) -> int:
    return sum(ceil(max(width(line), 1) / (column_width * _CHARACTERS_PER_UNIT)) for line in text.split("\n"))


def _widths_that_hold(rows: Iterable[Sequence[str]], widths: Sequence[int]) -> list[int]:
    """The widths, widened together until no row is taller than Excel shows; printing fits them to the page again."""
    rows = list(rows)
    for factor in (1, 1.25, 1.5, 2, 3, 4):
        wide = [min(255, int(factor * column)) for column in widths]
        tallest = max(
            (_lines_high(text, column) for row in rows for text, column in zip(row, wide, strict=True)), default=1
        )
        if tallest * _LINE_HEIGHT <= _TALLEST:
            break
    return wide


def _write(
    sheet: Worksheet, row: int, column: int, value: str | float | None, font: Font, alignment: Alignment
) -> None:
    cell = sheet.cell(row, column)
    cell.font, cell.alignment = font, alignment
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        raise TrackerError(
            f"cell {cell.coordinate} of the XLSX would hold {len(value)} characters, Excel holds {_LONGEST_TEXT}; "
            "take the DOCX or PDF",
            f"ช่อง {cell.coordinate} ยาว {len(value)} อักขระ เกินที่ Excel รับได้ โปรดใช้ไฟล์ DOCX หรือ PDF แทน",
        )
    if value is None or value == "":
        return
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
