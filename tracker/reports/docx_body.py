"""The body of the DOCX: the six-column table and the signatures."""

from collections.abc import Iterator
from typing import Any

from tracker.reports import annex, docx_xml, wording
from tracker.reports.data import ReportData, Signer
from tracker.reports.docx_parts import (
    CELL,
    KEPT,
    LINES_OF_PAGE,
    SIGNATURE,
    TEXT_WIDTH,
    keep_with_next,
    lines,
    row_of,
    table,
    twips,
)
from tracker.reports.table import WIDTHS, characters, lines_high, measure_lines, measure_rows

_ABREAST = 3
_SIGNATURE_LINES = 6
_WIDTHS = twips(*WIDTHS)


def signed_table_blocks(data: ReportData) -> Iterator[Any]:
    """The table with the signatures as its last row: LibreOffice ties rows of one table only."""
    made = _table(data)
    if data.signers:
        inner = "".join(docx_xml.text_of(one) for one in signature_blocks(data))
        width = sum(_WIDTHS)
        made.append(docx_xml.row([docx_xml.bare_cell(inner + lines((), CELL), width, len(_WIDTHS))], whole=True))
    yield made


def table_blocks(data: ReportData) -> Iterator[Any]:
    """The report's table, for a template that has a place of its own for the signatures."""
    yield _table(data)


def _table(data: ReportData) -> Any:
    """A measure that fits on a page moves whole, the last one with the signatures."""
    cited = annex.citations(data)
    made = table(wording.HEADINGS_IN_LINES, (), _WIDTHS)
    longest = characters(WIDTHS)
    signing = _SIGNATURE_LINES * len(_signature_rows(data))
    for measure in data.measures:
        rows = measure_rows(measure, data, cited.get(measure.number))
        room = LINES_OF_PAGE - (signing if measure is data.measures[-1] else 0)
        written = [row_of(row, _WIDTHS, data.names) for row in rows]
        if measure_lines(rows, longest) <= room:
            tied = written if room < LINES_OF_PAGE else written[:-1]
        else:
            tied = written[-1:] if room < LINES_OF_PAGE and lines_high(rows[-1], longest) <= room else []
        for row in tied:
            keep_with_next(row)
        made.extend(written)
    return made


def signature_blocks(data: ReportData) -> Iterator[Any]:
    """Up to three signatures beside each other, a block never parted by a page's end."""
    rows = _signature_rows(data)
    if not rows:
        return
    widths = [TEXT_WIDTH // len(rows[0])] * len(rows[0])
    made = docx_xml.table(widths, bordered=False)
    for place, signers in enumerate(rows):
        blocks = [lines(("", *wording.signature(signer)), SIGNATURE) for signer in signers]
        blocks += [lines((), SIGNATURE)] * (len(widths) - len(blocks))
        cells = (docx_xml.cell(block, width) for block, width in zip(blocks, widths, strict=True))
        made.append(docx_xml.row(cells, whole=True))
        if place < len(rows) - 1:
            keep_with_next(made[-1])
    yield docx_xml.element(docx_xml.paragraph("", CELL, KEPT))
    yield made


def _signature_rows(data: ReportData) -> list[tuple[Signer, ...]]:
    return [data.signers[start : start + _ABREAST] for start in range(0, len(data.signers), _ABREAST)]
