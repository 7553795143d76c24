"""Rows that are no measure: headings across the table, footers, the name of the measure whose steps follow. Pure."""

import re

from tracker.plan_import.grid import Row
from tracker.plan_import.headers import Layout
from tracker.plan_import.row_cells import MEASURE_LABEL, cells_by_field, lines_in
from tracker.thai.numerals import to_arabic

_SECTION = re.compile(r"(?:ด้าน(?:ที่)?|หมวด|มิติ|ยุทธศาสตร์|ส่วนที่|องค์ประกอบ|ตัวชี้วัด)\s*(?:ที่)?\s*[0-9๐-๙:]")
_FOOTER = re.compile(r"[(*\s]*(?:หมายเหตุ|ลงชื่อ|ลงนาม|ผู้รายงาน|ผู้จัดทำ|ผู้อนุมัติ|ผู้ตรวจ|ที่มา\s*:|รวมทั้งสิ้น)")


def is_section_or_footer(row: Row, layout: Layout) -> bool:
    """Whether a row holds one text across the table, or one that begins as a section or a footer does."""
    if len(row.filled) != 1 or any(cell.continues for cell in row.cells):
        return False
    cell = row.filled[0]
    if cell.span > 1 and cell.span * 2 > sum(column.span for column in layout.columns):
        return True
    return bool(_SECTION.match(cell.text) or _FOOTER.match(cell.text))


def heads_steps(row: Row, after: Row | None, layout: Layout) -> bool:
    """Whether a row across a table without a column of steps names the measure whose steps are the rows below.

    So it is with มาตรการที่ ๑, and with ๑. above ๑.๑.
    """
    if "steps" in layout.fields() or after is None:
        return False
    if not is_section_or_footer(row, layout) or is_section_or_footer(after, layout):
        return False
    text = to_arabic(row.filled[0].text)
    below = to_arabic(
        "\n".join(line.shown for line in lines_in(cells_by_field(layout.cells_of(after), layout)["measure"]))
    )
    number = re.match(r"[0-9]{1,3}(?=\s?[.)])", text)
    return bool(below) and (
        MEASURE_LABEL.match(text) is not None or (number is not None and below.startswith(f"{number[0]}."))
    )
