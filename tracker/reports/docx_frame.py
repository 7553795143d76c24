"""The frame of the DOCX: properties, styles, cover, and the section whose pages are counted."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from tracker.reports import docx_xml, wording
from tracker.reports.data import ReportData
from tracker.reports.docx_parts import CELL, HEAD, SIGNATURE, TEXT_WIDTH
from tracker.reports.docx_xml import TWIPS_PER_CM
from tracker.thai.numerals import to_thai

_COVER_TOP = 5 * TWIPS_PER_CM
_LEFTOVERS = ("/thumbnail", "/stylesWithEffects", "/customXml")
_LONGEST_PROPERTY = 255


def new_document() -> Document:
    """An empty document in the report's styles."""
    document = docx.Document()
    _drop_leftovers(document)
    _set_styles(document)
    compatibility = docx_xml.element(
        '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"'
        ' w:val="15"/></w:compat>'
    )
    settings = document.settings.element
    for old in settings.findall(qn("w:compat")):
        settings.replace(old, compatibility)
    for language in settings.findall(qn("w:themeFontLang")):
        language.set(qn("w:bidi"), "th-TH")
    return document


def _drop_leftovers(document: Document) -> None:
    """Takes out what python-docx's template brings along: a picture of another document, styles for Word 2007."""
    for relations in (document.part.package.rels, document.part.rels):
        for key in [key for key, one in relations.items() if one.reltype.endswith(_LEFTOVERS)]:
            del relations[key]


def set_properties(document: Document, data: ReportData) -> None:
    """What the file says of itself; the only time in it is that of the latest fact."""
    recorded = data.recorded_at.astimezone(UTC).replace(tzinfo=None)
    properties = document.core_properties
    properties.title = wording.title(data)[:_LONGEST_PROPERTY]
    properties.author = properties.last_modified_by = data.agency[:_LONGEST_PROPERTY]
    properties.created = properties.modified = recorded
    properties.language = "th-TH"
    properties.comments = ""


def _set_styles(document: Document) -> None:
    styles = document.styles
    docx_xml.set_defaults(styles.element)
    for name in (CELL, HEAD, SIGNATURE):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        style.paragraph_format.keep_together = style.paragraph_format.widow_control = True
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
    tabs.getparent().replace(tabs, docx_xml.element(f'<w:tabs><w:tab w:val="right" w:pos="{TEXT_WIDTH}"/></w:tabs>'))
    borders = styles["Title"].element.pPr.find(qn("w:pBdr"))
    if borders is not None:
        styles["Title"].element.pPr.remove(borders)
    for name, before, after in (("Title", 0, 0), ("Subtitle", 0, 0), ("Heading 1", 0, 0), ("Heading 2", 10, 4)):
        style = styles[name].paragraph_format
        style.space_before, style.space_after, style.line_spacing = Pt(before), Pt(after), 1.0


def write_cover(document: Document, titles: Sequence[str], subtitles: Sequence[str], draft_note: str) -> None:
    """The first page, A4 landscape; the note stands at the head of every page."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = section.top_margin = Cm(2)
    section.bottom_margin = Cm(1.8)
    section.header_distance = section.footer_distance = Cm(1)
    if draft_note:
        _fill(section.header, docx_xml.run(draft_note, bold=True), "Header", '<w:jc w:val="right"/>')
    for index, line in enumerate(titles):
        down = "" if index else f'<w:spacing w:before="{_COVER_TOP}"/>'
        append(document, docx_xml.element(docx_xml.paragraph(docx_xml.run(line, 24, bold=True), "Title", down)))
    for line in ("", "", *subtitles):
        append(document, docx_xml.element(docx_xml.paragraph(docx_xml.run(line, 22, bold=True), "Subtitle")))


def start_body(document: Document, running_title: str, *, thai_digits: bool) -> None:
    """A new section: pages count on from the cover, in Thai digits, with the running title at the foot."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    properties = section._sectPr
    form = "thaiNumbers" if thai_digits else "decimal"
    numbering = docx_xml.element(f'<w:pgNumType w:fmt="{form}" w:start="2"/>')
    properties.find(qn("w:pgMar")).addnext(numbering)
    section.footer.is_linked_to_previous = False
    page = docx_xml.field(r"PAGE \* THAIARABIC" if thai_digits else "PAGE", to_thai(2) if thai_digits else "2", 13)
    _fill(
        section.footer,
        docx_xml.run(running_title, 13) + "<w:r><w:tab/></w:r>" + docx_xml.run(f"{wording.PAGE} ", 13) + page,
        "Footer",
    )


def _fill(part: Any, runs: str, style: str, properties: str = "") -> None:
    old = part.paragraphs[0]._p
    old.getparent().replace(old, docx_xml.element(docx_xml.paragraph(runs, style, properties)))


def append(document: Document, block: Any) -> None:
    """The block at the end of the body."""
    document.element.body.insert_element_before(block, "w:sectPr")
