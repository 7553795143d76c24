"""The pages after the signatures as DOCX: progress with bars, the annex, links as QR codes, photos two to a page."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm

from tracker.reports import annex, docx_xml, progress, wording
from tracker.reports.assets import Photo, RenderAssets, photo_pairs, qr_png
from tracker.reports.data import ReportData
from tracker.reports.docx_parts import CELL, CENTRED, HEAD, HEAD_SHADE, lines, table, twips
from tracker.reports.table import Cell

_ANNEX_WIDTHS = twips(1.4, 4.4, 3.9, 9.4, 6.6)
_CHART_WIDTHS = twips(5.7, 3.2, *[2.1] * 8)
_SMALL = 14
_NOT_POSSIBLE_WIDTHS = twips(2.6, 1.8, 6.0, 3.0, 12.3)
_LINK_WIDTHS = twips(2.6, 19.5, 3.6)
_PHOTO_WIDTHS = twips(12.85, 12.85)
_PHOTO_BOX = (12.2, 11.8)
_QR_SIDE = 2.6
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
    """The single reports by measure, the links as QR codes, the photos two to a page."""
    groups = annex.groups(data)
    if not groups:
        return
    yield _title(annex.TITLE)
    yield docx_xml.element(lines([annex.SUBTITLE], HEAD, bold=True))
    for group in groups:
        yield _heading(group.heading)
        rows = (tuple(Cell(texts) for texts in row) for row in group.rows)
        yield table(annex.HEADINGS, rows, _ANNEX_WIDTHS)
    links = [exhibit for exhibit in annex.exhibits(data) if exhibit.address]
    if links:
        yield _heading(annex.LINKS)
        yield _links(document, links, data)
    for index, pair in enumerate(photo_pairs(data, material)):
        yield _heading(annex.PHOTOS, _BREAK) if index == 0 else docx_xml.element(docx_xml.paragraph("", CELL, _BREAK))
        yield _photos(document, pair, data)
    yield _gap()


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


def _links(document: Document, links: Sequence[annex.Exhibit], data: ReportData) -> Any:
    made = table(annex.LINK_HEADINGS, (), _LINK_WIDTHS)
    for exhibit in links:
        number, text, drawing = _LINK_WIDTHS
        code = qr_png(exhibit.address or "")
        cells = [
            docx_xml.cell(lines([wording.digits(exhibit.number, data)], CELL, properties=CENTRED), number),
            docx_xml.cell(lines(annex.link_lines(exhibit, data), CELL), text),
            docx_xml.cell(docx_xml.paragraph("<w:r/>", CELL, CENTRED), drawing),
        ]
        row = docx_xml.row(cells, whole=True)
        alternative = f"QR {exhibit.address}"
        _draw(document, row, code, _QR_SIDE, exhibit.number, alternative)
        made.append(row)
    return made


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
        _draw(document, row, photo.jpeg, shown, photo.exhibit.number, " ".join(annex.caption(photo.exhibit, data)))
    made.append(row)
    return made


def _draw(document: Document, row: Any, content: bytes, width: float, number: int, alternative: str) -> None:
    """Puts a picture into the row's next empty run, with the words for who cannot see it."""
    inline = document.part.new_pic_inline(BytesIO(content), width=Cm(width))
    inline.docPr.set("id", str(number))
    inline.docPr.set("name", f"{annex.EVIDENCE} {number}")
    inline.docPr.set("descr", alternative)
    run = next(run for run in row.iter(qn("w:r")) if len(run) == 0)
    drawing = parse_xml(f"<w:drawing {nsdecls('w')}/>")
    drawing.append(inline)
    run.append(drawing)
