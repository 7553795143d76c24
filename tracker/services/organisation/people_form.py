"""The form for lists of people, as Excel opens it: the headings, the agency's units and the duties to choose from."""

import io

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation

from tracker.services.organisation.pasted_people import HEADINGS

DUTY_WORDS = ("หัวหน้า", "ผู้แทน", "เจ้าหน้าที่", "ผู้บริหาร (7 วัน)", "ผู้บริหาร (30 วัน)", "ผู้ประสานงาน")
COLUMNS = ("name", "position", "unit", "duty", "email", "phone")
_WIDTHS = (28, 32, 32, 20, 30, 16)
_ROWS = 200
"""Rows that offer their choices; more may be filled in."""


def people_form(units: list[str]) -> bytes:
    """An empty table with the agency's units in its third column's choices."""
    book = Workbook()
    sheet, choices = book.create_sheet("รายชื่อ", 0), book.create_sheet("ตัวเลือก", 1)
    del book["Sheet"]
    sheet.append([HEADINGS[column][0] for column in COLUMNS])
    for place, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEF"[place]].width = width
        sheet.cell(1, place + 1).font = Font(bold=True)
    for row, name in enumerate(units, 1):
        choices.cell(row, 1, name)
    for row, word in enumerate(DUTY_WORDS, 1):
        choices.cell(row, 2, word)
    for column, source, count in (("C", "A", len(units)), ("D", "B", len(DUTY_WORDS))):
        if count:
            rule = DataValidation(type="list", formula1=f"ตัวเลือก!${source}$1:${source}${count}", allow_blank=True)
            rule.showErrorMessage = False
            sheet.add_data_validation(rule)
            rule.add(f"{column}2:{column}{_ROWS}")
    sheet.freeze_panes = "A2"
    for row in range(2, _ROWS + 1):
        sheet.cell(row, 6).number_format = "@"
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()
