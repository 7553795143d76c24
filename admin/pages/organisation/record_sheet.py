"""The record as a table for auditors: the same rows as CSV and as an Excel sheet."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font

HEADINGS = ("sequence", "at_utc", "who", "channel", "kind", "task", "sentence", "hash")
_WIDTHS = (10, 22, 24, 12, 20, 10, 110, 68)
_THAI = ("ลำดับ", "เวลา (UTC)", "ใคร", "ช่องทาง", "รหัสรายการ", "งานหมายเลข", "สิ่งที่เปลี่ยน", "รหัสลูกโซ่ (SHA-256)")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = Sequence[object]


def csv_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Lines of a CSV that Excel reads as Thai."""
    yield "\ufeff" + _line(HEADINGS)
    yield from map(_line, rows)


def excel_sheet(rows: Iterable[Row]) -> bytes:
    """A workbook of one sheet: a head that stays in sight, texts as texts."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("ประวัติ")
    sheet.freeze_panes = "A2"
    for place, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEFGH"[place]].width = width
    sheet.append([_cell(sheet, words, bold=True) for words in _THAI])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _cell(sheet: Any, value: object, *, bold: bool = False) -> Cell:
    cell: Cell = WriteOnlyCell(sheet, value if isinstance(value, int) else str(value))
    if isinstance(value, str):
        cell.data_type = "s"
    cell.font = Font(bold=bold)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _line(values: Row) -> str:
    """A line of CSV; what a table calculation would run as a formula is marked as text."""
    text = StringIO()
    cells = [f"'{value}" if str(value).startswith(_FORMULA) else value for value in values]
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
