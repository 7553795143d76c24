"""The report as DOCX: what an officer would type in Word, in TH SarabunPSK 16 pt on A4 landscape.

List numbers are typed text. The font is named, not embedded: Thai offices have it installed.
"""

from datetime import UTC
from io import BytesIO
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from tracker.reports import annex, docx_annex, docx_xml, wording
from tracker.reports.archive import with_fixed_times
from tracker.reports.data import ReportData
from tracker.reports.docx_parts import CELL, HEAD, SIGNATURE, lines, table, twips
from tracker.reports.docx_xml import TWIPS_PER_CM
from tracker.reports.material import Material
from tracker.reports.table import measure_rows

_WIDTHS = twips(3.9, 4.8, 2.9, 3.1, 5.8, 5.2)
_COVER_TOP = 5 * TWIPS_PER_CM
_LONGEST_PROPERTY = 255


def render(data: ReportData, material: Material) -> bytes:
    """The DOCX; the same data give the same bytes."""
    document = docx.Document()
    _set_properties(document, data)
    _set_styles(document)
    _write_cover(document, data)
    _start_body(document, data)
    cited = annex.citations(data)
    rows = (row for measure in data.measures for row in measure_rows(measure, data, cited.get(measure.number)))
    _append(document, table(wording.HEADINGS_IN_LINES, rows, _WIDTHS))
    _write_signatures(document, data)
    _append(document, docx_xml.element(lines((), CELL)))
    for block in docx_annex.blocks(document, data, material):
        _append(document, block)
    content = BytesIO()
    document.save(content)
    return with_fixed_times(content.getvalue(), data.recorded_at)


def _set_properties(document: Document, data: ReportData) -> None:
    recorded = data.recorded_at.astimezone(UTC).replace(tzinfo=None)
    properties = document.core_properties
    properties.title = wording.title(data)[:_LONGEST_PROPERTY]
    properties.author = properties.last_modified_by = data.agency[:_LONGEST_PROPERTY]
    properties.created = properties.modified = recorded
    properties.language = "th-TH"
    properties.comments = ""
    compatibility = docx_xml.element(
        '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"'
        ' w:val="15"/></w:compat>'
    )
    settings = document.settings.element
    for old in settings.findall(qn("w:compat")):
        settings.replace(old, compatibility)
    for language in settings.findall(qn("w:themeFontLang")):
        language.set(qn("w:bidi"), "th-TH")


def _set_styles(document: Document) -> None:
    styles = document.styles
    docx_xml.set_defaults(styles.element)
    for name in (CELL, HEAD, SIGNATURE):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
    for name, size, bold in (
        ("Normal", 16, False),
        ("Header", 16, True),
        ("Footer", 13, False),
        ("Title", 24, True),
        ("Subtitle", 22, True),
        ("Heading 1", 20, True),
        ("Heading 2", 16, True),
        (CELL, 16, False),
        (HEAD, 16, True),
        (SIGNATURE, 16, False),
    ):
        docx_xml.set_style(styles[name], size=size, bold=bold)
    for name in ("Title", "Subtitle", HEAD, SIGNATURE, "Heading 1"):
        styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    tabs = styles["Footer"].element.pPr.find(qn("w:tabs"))
    tabs.getparent().replace(tabs, docx_xml.element(f'<w:tabs><w:tab w:val="right" w:pos="{sum(_WIDTHS)}"/></w:tabs>'))
    borders = styles["Title"].element.pPr.find(qn("w:pBdr"))
    if borders is not None:
        styles["Title"].element.pPr.remove(borders)
    for name, before, after in (("Title", 0, 0), ("Subtitle", 0, 0), ("Heading 1", 0, 0), ("Heading 2", 10, 4)):
        style = styles[name].paragraph_format
        style.space_before, style.space_after, style.line_spacing = Pt(before), Pt(after), 1.0


def _write_cover(document: Document, data: ReportData) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = section.top_margin = Cm(2)
    section.bottom_margin = Cm(1.8)
    section.header_distance = section.footer_distance = Cm(1)
    if data.draft:
        _fill(section.header, docx_xml.run(wording.DRAFT_NOTE, bold=True), "Header", '<w:jc w:val="right"/>')
    for index, line in enumerate(wording.cover(data)):
        down = "" if index else f'<w:spacing w:before="{_COVER_TOP}"/>'
        _append(document, docx_xml.element(docx_xml.paragraph(docx_xml.run(line, 24, bold=True), "Title", down)))
    for line in ("", "", data.agency, data.place):
        _append(document, docx_xml.element(docx_xml.paragraph(docx_xml.run(line, 22, bold=True), "Subtitle")))


def _start_body(document: Document, data: ReportData) -> None:
    """A new section: its pages count from one, in Thai digits, with the running title at the foot."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    properties = section._sectPr
    form = "thaiNumbers" if data.thai_digits else "decimal"
    numbering = docx_xml.element(f'<w:pgNumType w:fmt="{form}" w:start="1"/>')
    properties.find(qn("w:pgMar")).addnext(numbering)
    section.footer.is_linked_to_previous = False
    page = docx_xml.field(r"PAGE \* THAIARABIC" if data.thai_digits else "PAGE", wording.digits(1, data), 13)
    _fill(
        section.footer,
        docx_xml.run(wording.running_title(data), 13)
        + "<w:r><w:tab/></w:r>"
        + docx_xml.run(f"{wording.PAGE} ", 13)
        + page,
        "Footer",
    )


def _fill(part: Any, runs: str, style: str, properties: str = "") -> None:
    old = part.paragraphs[0]._p
    old.getparent().replace(old, docx_xml.element(docx_xml.paragraph(runs, style, properties)))


def _append(document: Document, block: Any) -> None:
    document.element.body.insert_element_before(block, "w:sectPr")


def _write_signatures(document: Document, data: ReportData) -> None:
    if not data.signers:
        return
    columns = min(3, len(data.signers))
    widths = [sum(_WIDTHS) // columns] * columns
    table = docx_xml.table(widths, bordered=False)
    for start in range(0, len(data.signers), columns):
        blocks = [
            lines(("", wording.SIGNATURE_LINE, f"({signer.name})", signer.position), SIGNATURE)
            for signer in data.signers[start : start + columns]
        ]
        blocks += [lines((), SIGNATURE)] * (columns - len(blocks))
        table.append(
            docx_xml.row((docx_xml.cell(block, width) for block, width in zip(blocks, widths, strict=True)), whole=True)
        )
    _append(document, docx_xml.element(lines((), CELL)))
    _append(document, table)
