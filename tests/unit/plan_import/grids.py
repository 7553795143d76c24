"""One grid of boxes, some over several rows and columns, some shaded, as a table of each format."""

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO

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
            about = f'<w:tcW w:w="{700 * box.across}" w:type="dxa"/><w:gridSpan w:val="{box.across}"/>'
            about += f'<w:vMerge w:val="{merge}"/>' if merge else ""
            about += f'<w:shd w:val="clear" w:color="auto" w:fill="{box.fill}"/>' if box.fill else ""
            texts = box.text.split("\n") if top == one.top else [""]
            paragraphs = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in texts)
            cells.append(f"<w:tc><w:tcPr>{about}</w:tcPr>{paragraphs}</w:tc>")
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    columns = "<w:tblGrid>" + '<w:gridCol w:w="700"/>' * len(over[0]) + "</w:tblGrid>"
    return word(f"<w:p><w:r><w:t>{above}</w:t></w:r></w:p><w:tbl>{columns}{''.join(rows)}</w:tbl>")


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


_ODF = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{uri}:1.0"'
    for name, uri in (
        ("office", "office"),
        ("style", "style"),
        ("text", "text"),
        ("table", "table"),
        ("draw", "drawing"),
        ("fo", "xsl-fo-compatible"),
    )
)


def odf(body: str, styles: str = "", *, sheet: bool = False) -> bytes:
    """An OpenDocument file with this body and these automatic styles."""
    kind = "spreadsheet" if sheet else "text"
    content = (
        f"<office:document-content{_ODF}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        package.writestr("content.xml", content)
    return out.getvalue()


def _odf_table(grid: Grid) -> tuple[str, str]:
    """The table, and the styles of its fills."""
    fills = sorted({one.box.fill for one in placed(grid)[0] if one.box.fill})
    styles = "".join(
        f'<style:style style:name="f{fill}" style:family="table-cell">'
        f'<style:table-cell-properties fo:background-color="#{fill.lower()}"/></style:style>'
        for fill in fills
    )
    rows = []
    for top, row in enumerate(placed(grid)[1]):
        cells = []
        for left, one in enumerate(row):
            box = one.box
            style = f' table:style-name="f{box.fill}"' if box.fill else ""
            if (top, left) != (one.top, one.left):
                cells.append(f"<table:covered-table-cell{style}/>")
                continue
            spans = f' table:number-columns-spanned="{box.across}" table:number-rows-spanned="{box.down}"'
            texts = "".join(f"<text:p>{escape(text)}</text:p>" for text in box.text.split("\n") if text)
            cells.append(f"<table:table-cell{style}{spans}>{texts}</table:table-cell>")
        rest = '<table:table-cell table:number-columns-repeated="16000"/>'
        rows.append(f"<table:table-row>{''.join(cells)}{rest}</table:table-row>")
    return f'<table:table table:name="แผ่น 1">{"".join(rows)}</table:table>', styles


def grid_as_odt(grid: Grid, above: str = "") -> bytes:
    """A Writer document with the grid as its table."""
    made, styles = _odf_table(grid)
    made = made.replace('<table:table-cell table:number-columns-repeated="16000"/>', "")
    return odf(f"<text:p>{above}</text:p>{made}", styles)


def grid_as_ods(grid: Grid, above: str = "") -> bytes:
    """A Calc workbook with the grid on its sheet, a line above it, and the empty rest of the sheet after it."""
    made, styles = _odf_table(grid)
    first = f"<table:table-row><table:table-cell><text:p>{above}</text:p></table:table-cell></table:table-row>"
    last = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
    )
    made = made.replace("<table:table-row>", f"{first}<table:table-row>", 1).replace("</table:table>", last)
    return odf(made, styles, sheet=True)


GRID_WRITERS: dict[str, Callable[..., bytes]] = {
    "html": grid_as_html,
    "docx": grid_as_docx,
    "xlsx": grid_as_xlsx,
    "odt": grid_as_odt,
    "ods": grid_as_ods,
}
