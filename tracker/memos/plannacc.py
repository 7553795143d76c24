"""The sheet for e-PlanNACC: a round's measures in the order of that system's form, so that nobody types them again.

The order and the words are those of the form's public code of 2018 (B.E. 2561); the system has moved on since, and the
sheet says so. A project that is reported as finished cannot be reported again there: finished means all of the year.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from math import ceil
from typing import Literal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from tracker.reports.archive import with_fixed_times
from tracker.reports.clean import clean
from tracker.thai.words import width

Status = Literal["under_way", "done", "not_possible"]
STATUS_WORDS: dict[Status, str] = {
    "under_way": "อยู่ระหว่างดำเนินการ",
    "done": "ดำเนินการแล้วเสร็จ",
    "not_possible": "ไม่สามารถดำเนินการได้",
}
_BUDGET_WORDS = {True: "ดำเนินการโดยใช้งบประมาณ", False: "ดำเนินการโดยไม่ใช้งบประมาณ", None: ""}
WORKS = {"project": "โครงการ", "activity": "กิจกรรม", "measure": "มาตรการ", "practice": "แนวปฏิบัติ"}
DIMENSIONS = {
    1: "มิติที่ 1 การสร้างสังคมที่ไม่ทนต่อการทุจริต",
    2: "มิติที่ 2 การบริหารราชการเพื่อป้องกันการทุจริต",
    3: "มิติที่ 3 การส่งเสริมบทบาทและการมีส่วนร่วมของภาคประชาชน",
    4: "มิติที่ 4 การเสริมสร้างและปรับปรุงกลไกในการตรวจสอบการปฏิบัติราชการ",
}
FORM_NOTE = "ลำดับช่องตามแบบรายงานในโค้ดสาธารณะของระบบ e-PlanNACC ปี พ.ศ. 2561 กรุณาเทียบกับหน้าจอปัจจุบันก่อนกรอก"
HEADINGS = (
    "ที่",
    "ประเภทงาน",
    "มิติ",
    "ชื่อโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติงาน",
    "การใช้งบประมาณ",
    "งบประมาณ (วงเงินตามแผนพัฒนาท้องถิ่น) (บาท)",
    "งบประมาณ (วงเงินตามข้อบัญญัติ/เทศบัญญัติ) (บาท)",
    "การเบิกจ่ายงบประมาณ (บาท)",
    "บรรจุไว้ในข้อบัญญัติ/เทศบัญญัติ/แผนการดำเนินงาน",
    "สถานะการดำเนินงาน",
    "เหตุผลที่ไม่สามารถดำเนินการได้",
    "เหตุผลอื่นๆ (ระบุ)",
    "หมายเหตุ",
)
_WIDTHS = (5, 11, 22, 34, 15, 16, 16, 16, 17, 17, 18, 18, 52)
_MONEY = (6, 7, 8)
_LONGEST_TEXT = 32_767
"""Characters of a cell that Excel takes."""
_SIZE, _LINE_HEIGHT, _TALLEST = 14, 19.5, 409
"""Points: of the type, of a line of it, and of the tallest row that Excel takes."""
_CHARACTERS_PER_UNIT = 1.25
"""Thai letters of that size beside each other in a unit of column width, which is a digit of the standard type."""
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_FONT = "TH SarabunPSK"
_PLAIN, _BOLD, _LARGE = (
    Font(name=_FONT, size=_SIZE),
    Font(name=_FONT, size=_SIZE, bold=True),
    Font(name=_FONT, size=18, bold=True),
)
_EDGE = Side(style="thin")
_BORDER = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_SHADE = PatternFill("solid", fgColor="F0F0F0")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One measure. Money is in satang, None where nobody entered any; ``status`` is None where nobody said anything;
    ``reason`` is empty unless not possible."""

    number: int
    title: str
    work: str
    dimension: int | None
    planned: int | None
    ordinance: int | None
    disbursed: int | None
    in_ordinance: bool
    status: Status | None
    reason: str
    reason_text: str
    remarks: str

    @property
    def uses_budget(self) -> bool | None:
        """Whether money is in it; None where nobody entered any amount, not even a nought."""
        entered = [amount for amount in (self.planned, self.ordinance, self.disbursed) if amount is not None]
        return any(entered) if entered else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A round's measures for the form. ``recorded_at`` is the instant of the latest fact in it."""

    agency: str
    fiscal_year: int
    round: int
    recorded_at: datetime
    rows: tuple[SheetRow, ...]

    @property
    def totals(self) -> tuple[int | None, int | None, int | None]:
        """Planned, in the ordinance, disbursed, in satang; None where nobody entered any amount."""
        return (
            _sum(row.planned for row in self.rows),
            _sum(row.ordinance for row in self.rows),
            _sum(row.disbursed for row in self.rows),
        )


def _sum(amounts: Iterable[int | None]) -> int | None:
    entered = [amount for amount in amounts if amount is not None]
    return sum(entered) if entered else None


def render(sheet: Sheet) -> bytes:
    """The XLSX; the same facts give the same bytes. No text is ever a formula."""
    sheet = clean(sheet)
    recorded = sheet.recorded_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book = Workbook()
    book.properties.title = f"e-PlanNACC {sheet.fiscal_year} รอบ {sheet.round} เดือน"
    book.properties.creator = book.properties.lastModifiedBy = sheet.agency
    book.properties.created = recorded
    _fill(book.worksheets[0], sheet)
    content = BytesIO()
    book.save(content)
    modified = rb"\g<1>" + f"{recorded.isoformat()}Z".encode() + rb"\g<2>"
    return with_fixed_times(
        content.getvalue(), sheet.recorded_at, {"docProps/core.xml": lambda part: _MODIFIED.sub(modified, part)}
    )


def _fill(page: Worksheet, sheet: Sheet) -> None:
    page.title = f"รอบ {sheet.round} เดือน"
    lines = (
        "การรายงานผลการดำเนินงานตามแผนปฏิบัติการป้องกันการทุจริต "
        f"ประจำปีงบประมาณ พ.ศ. {sheet.fiscal_year} รอบ {sheet.round} เดือน",
        sheet.agency,
        FORM_NOTE,
    )
    for index, line in enumerate(lines, 1):
        _write(page, index, 1, line, _LARGE if index < 3 else _PLAIN, Alignment())
    head = len(lines) + 1
    for column, (heading, wide) in enumerate(zip(HEADINGS, _WIDTHS, strict=True), 1):
        _write(page, head, column, heading, _BOLD, Alignment(wrap_text=True, horizontal="center", vertical="center"))
        page.cell(head, column).fill = _SHADE
        page.cell(head, column).border = _BORDER
        page.column_dimensions[get_column_letter(column)].width = wide
    page.row_dimensions[head].height = 4 * _LINE_HEIGHT
    for offset, row in enumerate(sheet.rows, 1):
        _write_row(page, head + offset, _values(row))
    total = (None, None, None, "รวม", None, *map(_baht, sheet.totals), *[None] * 5)
    _write_row(page, head + len(sheet.rows) + 1, total, bold=True)
    page.freeze_panes = f"E{head + 1}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9
    page.page_setup.fitToHeight = 0
    page.page_margins.left = page.page_margins.right = 0.4
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = f"{head}:{head}"


def _values(row: SheetRow) -> tuple[str | float | None, ...]:
    return (
        row.number,
        WORKS[row.work],
        DIMENSIONS.get(row.dimension or 0, ""),
        row.title,
        _BUDGET_WORDS[row.uses_budget],
        *map(_baht, (row.planned, row.ordinance, row.disbursed)),
        "✓" if row.in_ordinance else "",
        STATUS_WORDS[row.status] if row.status else "",
        row.reason,
        row.reason_text,
        row.remarks,
    )


def _baht(amount: int | None) -> float | None:
    return None if amount is None else amount / 100


def _write_row(page: Worksheet, row: int, values: Sequence[str | float | None], *, bold: bool = False) -> None:
    lines = 1
    for column, value in enumerate(values, 1):
        _write(page, row, column, value, _BOLD if bold else _PLAIN, Alignment(wrap_text=True, vertical="top"))
        cell = page.cell(row, column)
        cell.border = _BORDER
        if column in _MONEY:
            cell.number_format = "#,##0.00"
        if isinstance(value, str):
            lines = max(lines, _lines_high(value, _WIDTHS[column - 1]))
    page.row_dimensions[row].height = min(lines * _LINE_HEIGHT, _TALLEST)


def _lines_high(text: str, column_width: int) -> int:
    """About how many lines a text takes in a column; rows do not grow by themselves in every reader."""
    return sum(ceil(max(width(line), 1) / (column_width * _CHARACTERS_PER_UNIT)) for line in text.split("\n"))


def _write(page: Worksheet, row: int, column: int, value: str | float | None, font: Font, alignment: Alignment) -> None:
    cell = page.cell(row, column)
    cell.font, cell.alignment = font, alignment
    if value is None or value == "":
        return
    cell.value = value[:_LONGEST_TEXT] if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
