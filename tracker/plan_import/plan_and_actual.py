"""Rows that tell each time twice, as planned and as carried out (แผน/ผล): only what is planned is the plan. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from tracker.plan_draft import Warn
from tracker.plan_import.grid import Row
from tracker.plan_import.headers import Layout
from tracker.plan_import.time_headers import PLANNED
from tracker.thai.text import squeeze_spaces

_ACTUAL = re.compile(
    r"ผล(?:งาน|ดำเนินการ|การดำเนิน(?:งาน|การ)|การปฏิบัติงาน)?|(?:ปฏิบัติ|ดำเนินการ|ทำ|ผล)?จริง|actual|result|a", re.IGNORECASE
)


def planned_rows(rows: Sequence[Row], layout: Layout) -> tuple[Sequence[Row], tuple[Warn, ...]]:
    """The rows without those of what was carried out, where a column says of each row which of both it is."""
    for index, column in enumerate(layout.columns):
        said = {} if column.holds == "measure" else _said(rows, layout, index)
        words = set(said.values())
        planned, actual = ({word for word in words if pattern.fullmatch(word)} for pattern in (PLANNED, _ACTUAL))
        if planned and actual and planned | actual == words:
            kept = [_without(row, layout, index) for place, row in enumerate(rows) if said.get(place, "") not in actual]
            message = "แถวนี้บอกสิ่งที่ทำจริง ไม่ใช่แผน จึงไม่ได้นำเข้า"
            left_out = [
                Warn(rows[place].place, f"{message}: “{word}”") for place, word in said.items() if word in actual
            ]
            return kept, tuple(left_out)
    return rows, ()


def _said(rows: Sequence[Row], layout: Layout, index: int) -> dict[int, str]:
    """What the column says, by the place of the row."""
    found = {}
    for place, row in enumerate(rows):
        if not layout.repeats_in(row):
            text = squeeze_spaces(" ".join(cell.text for cell in layout.cells_of(row).get(index, ())))
            if text:
                found[place] = text
    return found


def _without(row: Row, layout: Layout, index: int) -> Row:
    """The row without the word that only says which of both it is."""
    word = [] if layout.repeats_in(row) else layout.cells_of(row).get(index, [])
    return replace(row, cells=tuple(replace(cell, lines=()) if cell in word else cell for cell in row.cells))
