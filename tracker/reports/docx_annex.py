"""The pages after the signatures as DOCX: progress with bars, the annex, links as QR codes, photos two to a page."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm

from tracker.reports import annex, annex_tables, docx_xml, progress, wording
from tracker.reports.assets import Photo, RenderAssets, in_ascii, photo_pairs, qr_png
from tracker.reports.data import ReportData
from tracker.reports.docx_parts import CELL, CENTRED, HEAD, HEAD_SHADE, keep_with_next, lines, table, twips
from tracker.reports.table import Cell, characters
from tracker.thai.soft_breaks import with_soft_breaks

_CHART_WIDTHS = twips(5.7, 3.2, *[2.1] * 8)
_SMALL = 14
_NOT_POSSIBLE_WIDTHS = twips(2.6, 1.8, 6.0, 3.0, 12.3)
_EXHIBIT_WIDTHS = twips(*annex.EXHIBIT_WIDTHS)
_HASH_WIDTHS = twips(3.0, 9.0, 13.7)
_WHOLE_MATRIX = 13
_PHOTO_IDS = 100_000
_TINY = 11
_PHOTO_WIDTHS = twips(12.85, 12.85)
_PHOTO_BOX = (12.2, 11.8)
_BAR_HEIGHT = 220
_BREAK = "<w:pageBreakBefore/>"


def blocks(document: Document, data: ReportData, material: RenderAssets) -> Iterator[Any]:
    """What follows the signatures, block by block; nothing where there is neither task nor report."""
    yield from progress_blocks(data)
    yield from annex_blocks(document, data, material)


def progress_blocks(data: ReportData) -> Iterator[Any]:
    """The charts by measure and by unit, and what was not possible."""
    charts = progress.charts(data)
    if not charts:
        return
    yield _title(progress.TITLE)
    for chart in charts:
        yield _heading(chart.heading)
        yield _chart(chart, data)
    yield docx_xml.element(lines([progress.note(data)], CELL))
    if data.not_possible:
        yield _heading(progress.NOT_POSSIBLE)
        rows = [tuple(map(Cell, progress.not_possible_row(entry, data))) for entry in data.not_possible]
        yield table(progress.NOT_POSSIBLE_HEADINGS, rows, _NOT_POSSIBLE_WIDTHS)
    yield _gap()


def annex_blocks(document: Document, data: ReportData, material: RenderAssets) -> Iterator[Any]:
    """What was done when, the exhibits with QR codes, the photos two to a page, the hashes."""
    tables = annex_tables.tables(data)
    if not tables:
        return
    yield _title(f"{annex.TITLE} {annex.SUBTITLE}")
    yield _notes((annex_tables.LEGEND,))
    for one in tables:
        yield _heading(one.heading)
        yield _annex_table(one)
        yield docx_xml.element(lines((), CELL)) if not one.notes else _notes(one.notes)
    if documents := annex.documents(data):
        yield _title(annex.EXHIBITS_TITLE)
        yield _exhibits(document, documents, data)
    for index, pair in enumerate(photo_pairs(data, material)):
        yield _heading(annex.PHOTOS, _BREAK) if index == 0 else docx_xml.element(docx_xml.paragraph("", CELL, _BREAK))
        yield _photos(document, pair, data)
    if hashes := annex.hash_lines(data):
        yield _heading(annex.HASHES)
        yield _hashes(hashes)
    yield _gap()


def _annex_table(one: annex_tables.AnnexTable) -> Any:
    widths = twips(*one.widths)
    made = docx_xml.table(widths)
    head = (
        docx_xml.cell(lines([heading], HEAD, bold=True, size=_SMALL), width, shade=HEAD_SHADE)
        for heading, width in zip(one.headings, widths, strict=True)
    )
    made.append(docx_xml.row(head, whole=True, heading=True))
    written = [docx_xml.row(map(_mark, row, widths), whole=True) for row in one.rows]
    for row in written[:-1] if len(written) <= _WHOLE_MATRIX else ():
        keep_with_next(row)
    made.extend(written)
    return made


def _mark(mark: annex_tables.Mark, width: int) -> str:
    text = lines(mark.lines, CELL, size=_SMALL - 1, properties=CENTRED if mark.centred else "")
    return docx_xml.cell(text, width, shade="E6E6E6" if mark.grey else "")


def _notes(notes: Sequence[str]) -> Any:
    return docx_xml.element(docx_xml.paragraph(docx_xml.run("\n".join(notes), _SMALL), CELL))


def _hashes(hashes: Sequence[tuple[str, str, str]]) -> Any:
    made = docx_xml.table(_HASH_WIDTHS, bordered=False)
    head = (
        docx_xml.cell(lines([heading], CELL, bold=True, size=_SMALL), width)
        for heading, width in zip(annex.HASH_HEADINGS, _HASH_WIDTHS, strict=True)
    )
    made.append(docx_xml.row(head, whole=True, heading=True))
    for row in hashes:
        cells = (
            docx_xml.cell(lines([text], CELL, size=_TINY if place == 2 else _SMALL), width)
            for place, (text, width) in enumerate(zip(row, _HASH_WIDTHS, strict=True))
        )
        made.append(docx_xml.row(cells, whole=True))
    return made


def _title(text: str) -> Any:
    return docx_xml.element(docx_xml.paragraph(docx_xml.run(text, 20, bold=True), "Heading1", _BREAK))


def _heading(text: str, properties: str = "") -> Any:
    return docx_xml.element(docx_xml.paragraph(docx_xml.run(text, bold=True), "Heading2", properties))


def _gap() -> Any:
    return docx_xml.element(lines((), CELL))


def _chart(chart: progress.Chart, data: ReportData) -> Any:
    made = docx_xml.table(_CHART_WIDTHS)
    colours = progress.colours()
    head = (
        docx_xml.cell(_swatch(colour) + lines([heading], HEAD, bold=True, size=_SMALL), width, shade=HEAD_SHADE)
        for heading, width, colour in zip(progress.headings(), _CHART_WIDTHS, colours, strict=True)
    )
    made.append(docx_xml.row(head, whole=True, heading=True))
    for bar in chart.bars:
        name, drawing, *figures = _CHART_WIDTHS
        cells = [
            docx_xml.cell(lines([bar.name], CELL), name),
            docx_xml.cell(_bar(bar.parts, drawing - 200) + lines((), CELL), drawing),
            *(
                docx_xml.cell(lines([figure], CELL, properties=CENTRED), width)
                for figure, width in zip(progress.figures(bar, data), figures, strict=True)
            ),
        ]
        made.append(docx_xml.row(cells, whole=True))
    return made


def _swatch(colour: str | None) -> str:
    """A stroke of the bar's colour over its word."""
    if colour is None:
        return ""
    border = f'<w:pBdr><w:top w:val="single" w:sz="48" w:space="1" w:color="{colour}"/></w:pBdr>'
    return docx_xml.paragraph("", HEAD, f'{border}<w:spacing w:line="60" w:lineRule="exact"/>')


def _bar(parts: Sequence[tuple[str, int]], width: int) -> str:
    """A table of coloured cells: drawn by every program, and no picture."""
    total = sum(count for _, count in parts)
    if not total:
        return ""
    widths = [max(1, width * count // total) for _, count in parts]
    columns = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    empty = docx_xml.paragraph("", CELL, '<w:spacing w:line="120" w:lineRule="exact"/>')
    cells = "".join(docx_xml.cell(empty, one, shade=colour) for one, (colour, _) in zip(widths, parts, strict=True))
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="TableNormal"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>'
        f'<w:tr><w:trPr><w:trHeight w:val="{_BAR_HEIGHT}" w:hRule="exact"/></w:trPr>{cells}</w:tr></w:tbl>'
    )


def _exhibits(document: Document, documents: Sequence[annex.Exhibit], data: ReportData) -> Any:
    made = table(annex.EXHIBIT_HEADINGS, (), _EXHIBIT_WIDTHS)
    for exhibit in documents:
        number, text, used, drawing = _EXHIBIT_WIDTHS
        written = (_exhibit_line(document, exhibit, line, data) for line in annex.exhibit_lines(exhibit))
        drawn = docx_xml.paragraph("<w:r/>" if exhibit.address else docx_xml.run("–"), CELL, CENTRED)
        cells = [
            docx_xml.cell(lines([wording.digits(exhibit.number, data)], CELL, properties=CENTRED), number),
            docx_xml.cell("".join(written), text),
            docx_xml.cell(lines(annex.used_for(exhibit, data), CELL, size=_SMALL), used),
            docx_xml.cell(drawn, drawing),
        ]
        row = docx_xml.row(cells, whole=True)
        if exhibit.address:
            _draw(document, row, qr_png(exhibit.address), exhibit.qr_side, exhibit, f"QR {exhibit.address}")
        made.append(row)
    return made


def _exhibit_line(document: Document, exhibit: annex.Exhibit, line: str, data: ReportData) -> str:
    """A paragraph; the address is a link."""
    run = docx_xml.run(with_soft_breaks(line, characters(annex.EXHIBIT_WIDTHS)[1], data.names), _SMALL)
    if exhibit.address is None or line != exhibit.address:
        return docx_xml.paragraph(run, CELL)
    key = document.part.relate_to(in_ascii(exhibit.address), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    return docx_xml.paragraph(docx_xml.hyperlink(run, key), CELL)


def _photos(document: Document, pair: Sequence[Photo], data: ReportData) -> Any:
    made = docx_xml.table(_PHOTO_WIDTHS, bordered=False)
    cells = []
    for photo, width in zip(pair, _PHOTO_WIDTHS, strict=False):
        first, second = annex.caption(photo.exhibit, data)
        picture = docx_xml.paragraph("<w:r/>", CELL, f"<w:keepNext/>{CENTRED}")
        captions = docx_xml.paragraph(docx_xml.run(first, bold=True), CELL, CENTRED)
        captions += docx_xml.paragraph(docx_xml.run(second), CELL, CENTRED)
        cells.append(docx_xml.cell(picture + captions, width))
    cells += [docx_xml.cell(lines((), CELL), width) for width in _PHOTO_WIDTHS[len(pair) :]]
    row = docx_xml.row(cells, whole=True)
    for photo in pair:
        shown = photo.width_within(*_PHOTO_BOX)
        _draw(document, row, photo.jpeg, shown, photo.exhibit, " ".join(annex.caption(photo.exhibit, data)))
    made.append(row)
    return made


def _draw(document: Document, row: Any, content: bytes, width: float, exhibit: annex.Exhibit, alternative: str) -> None:
    """Puts a picture into the row's next empty run, with the words for who cannot see it."""
    inline = document.part.new_pic_inline(BytesIO(content), width=Cm(width))
    kind, offset = (annex.PHOTO, _PHOTO_IDS) if exhibit.is_photo else (annex.EVIDENCE, 0)
    inline.docPr.set("id", str(offset + exhibit.number))
    inline.docPr.set("name", f"{kind} {exhibit.number}")
    inline.docPr.set("descr", alternative)
    run = next(run for run in row.iter(qn("w:r")) if len(run) == 0)
    drawing = parse_xml(f"<w:drawing {nsdecls('w')}/>")
    drawing.append(inline)
    run.append(drawing)
