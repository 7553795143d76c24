"""The pieces of the DOCX: paragraphs in the report's styles, tables with a repeated head, the bars of a chart."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from docx.oxml.ns import qn

from tracker.reports import docx_xml
from tracker.reports.docx_xml import TWIPS_PER_CM
from tracker.reports.table import Row, characters, lines_high
from tracker.thai.soft_breaks import with_soft_breaks

CELL, HEAD, SIGNATURE = "ReportCell", "ReportHead", "ReportSignature"
CENTRED = '<w:jc w:val="center"/>'
HEAD_SHADE = "F0F0F0"
TEXT_WIDTH = int(25.7 * TWIPS_PER_CM)
"""A4 landscape between margins of 2 cm, in twips."""
LINES_OF_PAGE = 22
"""What a page surely holds under the table's head."""
KEPT = "<w:keepNext/>"
_UNDER = f'<w:ind w:left="{int(0.4 * TWIPS_PER_CM)}"/>'


def twips(*centimetres: float) -> tuple[int, ...]:
    """Widths of columns."""
    return tuple(int(cm * TWIPS_PER_CM) for cm in centimetres)


def lines(
    texts: Iterable[str], style: str, *, bold: bool = False, properties: str = "", size: float = docx_xml.SIZE
) -> str:
    """A paragraph a text; an empty one where there is none, as a cell needs."""
    written = (docx_xml.paragraph(docx_xml.run(text, size, bold=bold), style, properties) for text in texts)
    return "".join(written) or docx_xml.paragraph("", style)


def table(headings: Sequence[str], rows: Iterable[Row], widths: Sequence[int], names: tuple[str, ...] = ()) -> Any:
    """A table whose head is repeated on every page; a row of few lines is kept on one.

    ``names`` that are wider than a column are broken between their words.
    """
    made = docx_xml.table(widths)
    head = (
        docx_xml.cell(lines([heading], HEAD, bold=True), width, shade=HEAD_SHADE)
        for heading, width in zip(headings, widths, strict=True)
    )
    made.append(docx_xml.row(head, whole=True, heading=True))
    for row in rows:
        made.append(row_of(row, widths, names))
    return made


def row_of(row: Row, widths: Sequence[int], names: tuple[str, ...] = ()) -> Any:
    """A row; one that fits on a page is kept on one."""
    longest = characters([width / TWIPS_PER_CM for width in widths])
    return docx_xml.row(_cells(row, widths, longest, names), whole=lines_high(row, longest) <= LINES_OF_PAGE)


def keep_with_next(row: Any) -> None:
    """Ties the row to what follows, on the same page."""
    for properties in row.iter(qn("w:pPr")):
        properties.insert(1, docx_xml.element(KEPT))


def _cells(row: Row, widths: Sequence[int], longest: Sequence[int], names: tuple[str, ...]) -> Iterator[str]:
    for cell, width, limit in zip(row, widths, longest, strict=True):
        if cell is None:
            yield docx_xml.cell(lines((), CELL), width, merge="continue")
            continue
        first, *others = [with_soft_breaks(line, limit, names) for line in cell.lines] or [""]
        yield docx_xml.cell(
            lines([first], CELL) + (lines(others, CELL, properties=_UNDER if cell.led else "") if others else ""),
            width,
            merge="restart" if cell.rows > 1 else "",
            light_below=cell.open_below,
        )
