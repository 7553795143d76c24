"""One grid of boxes, some over several rows and columns, some shaded, as a table of each format."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import openpyxl
from openpyxl.styles import PatternFill

from tests.unit.plan_import.import_files import workbook_bytes
from tests.unit.plan_import.word_xml import word


@dataclass(frozen=True)
class Box:
    """A cell: its text (paragraphs parted by line breaks), how far it reaches, its fill as RRGGBB."""

    text: str = ""
    across: int = 1
    down: int = 1
    fill: str = ""


Boxes = Sequence[str | Box]
Grid = Sequence[Boxes]
"""Rows of boxes; what a box above reaches into is left out of the rows below, as in HTML."""


@dataclass(frozen=True)
class _Placed:
    box: Box
    top: int
    left: int


def placed(grid: Grid) -> tuple[list[_Placed], list[list[_Placed]]]:
    """The boxes with their places, and for each row the box over each of its columns."""
    boxes: list[_Placed] = []
    over: list[dict[int, _Placed]] = [{} for _ in grid]
    for top, row in enumerate(grid):
        left = 0
        for one in row:
            box = one if isinstance(one, Box) else Box(one)
            while left in over[top]:
                left += 1
            found = _Placed(box, top, left)
            boxes.append(found)
            for below in range(top, min(top + box.down, len(grid))):
                over[below] |= dict.fromkeys(range(left, left + box.across), found)
            left += box.across
    return boxes, [[row[at] for at in sorted(row)] for row in over]


def grid_as_html(grid: Grid, above: str = "") -> bytes:
    """A page with the grid as its table."""
    rows = []
    for row in grid:
        cells = []
        for one in row:
            box = one if isinstance(one, Box) else Box(one)
            fill = f" style='background-color: #{box.fill}'" if box.fill else ""
            paragraphs = "".join(f"<p>{escape(text)}</p>" for text in box.text.split("\n") if text)
            cells.append(f"<td colspan={box.across} rowspan={box.down}{fill}>{paragraphs}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<p>{above}</p><table>{''.join(rows)}</table>".encode()


def grid_as_docx(grid: Grid, above: str = "") -> bytes:
    """A Word document with the grid as its table."""
    _, over = placed(grid)
    rows = []
    for top, row in enumerate(over):
        cells = []
        for one in dict.fromkeys(row):
            box = one.box
            merge = ("restart" if top == one.top else "continue") if box.down > 1 else ""
            about = f'<w:gridSpan w:val="{box.across}"/>'
            about += f'<w:vMerge w:val="{merge}"/>' if merge else ""
            about += f'<w:shd w:val="clear" w:color="auto" w:fill="{box.fill}"/>' if box.fill else ""
            texts = box.text.split("\n") if top == one.top else [""]
            paragraphs = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in texts)
            cells.append(f"<w:tc><w:tcPr>{about}</w:tcPr>{paragraphs}</w:tc>")
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    return word(f"<w:p><w:r><w:t>{above}</w:t></w:r></w:p><w:tbl>{''.join(rows)}</w:tbl>")


def grid_as_xlsx(grid: Grid, above: str = "") -> bytes:
    """A workbook with the grid on its sheet, a line above it."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.cell(1, 1, above or None)
    for one in placed(grid)[0]:
        top, left, box = one.top + 2, one.left + 1, one.box
        sheet.cell(top, left, box.text or None)
        for row in range(top, top + box.down):
            for column in range(left, left + box.across):
                if box.fill:
                    sheet.cell(row, column).fill = PatternFill("solid", fgColor=f"FF{box.fill}")
        if box.across > 1 or box.down > 1:
            sheet.merge_cells(
                start_row=top, start_column=left, end_row=top + box.down - 1, end_column=left + box.across - 1
            )
    return workbook_bytes(book)


GRID_WRITERS: dict[str, Callable[..., bytes]] = {
    "html": grid_as_html,
    "docx": grid_as_docx,
    "xlsx": grid_as_xlsx,
}
