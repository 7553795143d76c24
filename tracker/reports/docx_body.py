"""The body of the DOCX: the six-column table and the signatures."""

from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn

from tracker.reports import annex, docx_xml, wording
from tracker.reports.data import ReportData
from tracker.reports.docx_parts import CELL, SIGNATURE, TEXT_WIDTH, lines, table, twips
from tracker.reports.table import WIDTHS, measure_rows

_KEPT = "<w:keepNext/>"
_WIDTHS = twips(*WIDTHS)


def table_blocks(data: ReportData) -> Iterator[Any]:
    """The report's table."""
    cited = annex.citations(data)
    rows = (row for measure in data.measures for row in measure_rows(measure, data, cited.get(measure.number)))
    made = table(wording.HEADINGS_IN_LINES, rows, _WIDTHS, data.names)
    if data.signers:
        _keep_with_next(made[-1])
    yield made


def signature_blocks(data: ReportData) -> Iterator[Any]:
    """Up to three signatures beside each other, a block never parted by a page's end."""
    if not data.signers:
        return
    columns = min(3, len(data.signers))
    widths = [TEXT_WIDTH // columns] * columns
    made = docx_xml.table(widths, bordered=False)
    for start in range(0, len(data.signers), columns):
        blocks = [
            lines(("", wording.SIGNATURE_LINE, f"({signer.name})", signer.position), SIGNATURE)
            for signer in data.signers[start : start + columns]
        ]
        blocks += [lines((), SIGNATURE)] * (columns - len(blocks))
        cells = (docx_xml.cell(block, width) for block, width in zip(blocks, widths, strict=True))
        made.append(docx_xml.row(cells, whole=True))
    yield docx_xml.element(docx_xml.paragraph("", CELL, _KEPT))
    yield made


def _keep_with_next(row: Any) -> None:
    """Where the row is short, no signature stands on a page without a word of what is signed."""
    if row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is None:
        return
    for properties in row.iter(qn("w:pPr")):
        properties.insert(1, docx_xml.element(_KEPT))
