"""Memos as DOCX in the official form: A4, margins 3 and 2 cm, บันทึกข้อความ bold 29 pt on 35 pt, labels bold 20 pt.

The place of the krut, 1.5 cm high in the upper left corner, stays free: it is a state emblem that the agency sets in
from its own template. Source of the measures: the Prime Minister's Office's notes on typing official letters.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from tracker.memos.memo import Fields, Memo, MemoTable, in_thai, letter_day
from tracker.reports import docx_xml
from tracker.reports.archive import with_fixed_times
from tracker.reports.clean import clean
from tracker.reports.docx_xml import SIZE, TWIPS_PER_CM

_WIDTH = 16 * TWIPS_PER_CM
"""Of A4 less the margins of official letters, 3 cm left and 2 cm right."""
_MIDDLE = int(7.5 * TWIPS_PER_CM)
_INDENT = int(2.5 * TWIPS_PER_CM)
"""The first line of a paragraph of an official letter."""
_STEP = int(0.5 * TWIPS_PER_CM)
_SIGNER = int(7.5 * TWIPS_PER_CM)
_LABEL, _TITLE = 20, 29
_TITLE_LINE = 35 * 20
_BEFORE = 6 * 20
"""Points of the labels and of บันทึกข้อความ, its exact line and the space before a part (in twentieths), as the guide to
typing official letters sets them."""
_SIGNATURE_SPACE = 54 * 20
"""Three blank lines, where the pen signs."""
_BODY, _CELL, _HEAD, _SIGNED = "MemoBody", "MemoCell", "MemoHead", "MemoSigned"
_LONGEST_PROPERTY = 255
"""Characters of a document's property that Word takes."""


def render(memos: Sequence[Memo]) -> bytes:
    """The memos, each on a new page; the same memos give the same bytes."""
    memos = tuple(clean(memo) for memo in memos)
    document = docx.Document()
    _set_up(document, memos)
    for index, memo in enumerate(memos):
        _write(document, memo, new_page=index > 0)
    content = BytesIO()
    document.save(content)
    day = memos[0].fields.day if memos else datetime(2000, 1, 1, tzinfo=UTC).date()
    return with_fixed_times(content.getvalue(), datetime.combine(day, time(), UTC))


def _set_up(document: Document, memos: Sequence[Memo]) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin, section.bottom_margin = Cm(1.5), Cm(2)
    section.header_distance = section.footer_distance = Cm(1)
    docx_xml.set_defaults(document.styles.element)
    for name in (_BODY, _CELL, _HEAD, _SIGNED):
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles["Normal"]
    for name, size, bold in (
        ("Normal", SIZE, False),
        ("Title", _TITLE, True),
        (_BODY, SIZE, False),
        (_CELL, SIZE, False),
        (_HEAD, SIZE, True),
        (_SIGNED, SIZE, False),
    ):
        docx_xml.set_style(document.styles[name], size=size, bold=bold)
    title = document.styles["Title"]
    borders = title.element.pPr.find(qn("w:pBdr"))
    if borders is not None:
        title.element.pPr.remove(borders)
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(0)
    for name in ("Title", _HEAD, _SIGNED):
        document.styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    properties = document.core_properties
    properties.title = (memos[0].subject if memos else "")[:_LONGEST_PROPERTY]
    properties.author = properties.last_modified_by = (memos[0].fields.signer_name if memos else "")[:_LONGEST_PROPERTY]
    properties.language, properties.comments = "th-TH", ""
    compatibility = docx_xml.element(
        '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"'
        ' w:val="15"/></w:compat>'
    )
    for old in document.settings.element.findall(qn("w:compat")):
        document.settings.element.replace(old, compatibility)
    if memos:
        at = datetime.combine(memos[0].fields.day, time())
        properties.created = properties.modified = at


def _write(document: Document, memo: Memo, *, new_page: bool) -> None:
    fields = memo.fields
    page = "<w:pageBreakBefore/>" if new_page else ""
    line = f'<w:spacing w:before="160" w:after="0" w:line="{_TITLE_LINE}" w:lineRule="exact"/>'
    _append(document, docx_xml.paragraph(docx_xml.run("บันทึกข้อความ", _TITLE, bold=True), "Title", page + line))
    for content in (
        _label("ส่วนราชการ") + _on_dots(in_thai(fields.office)),
        _label("ที่") + _on_dots(in_thai(fields.number)) + _label("วันที่") + _on_dots(letter_day(fields.day)),
        _label("เรื่อง") + _on_dots(memo.subject),
    ):
        _append(document, docx_xml.paragraph(content, "Normal", _tabs(both="วันที่" in content)))
    before = f'<w:spacing w:before="{_BEFORE}"/>'
    hanging = f'<w:ind w:left="{int(1.25 * TWIPS_PER_CM)}" w:hanging="{int(1.25 * TWIPS_PER_CM)}"/>'
    tab = f'<w:tabs><w:tab w:val="left" w:pos="{int(1.25 * TWIPS_PER_CM)}"/></w:tabs>'
    to = docx_xml.run("เรียน") + "<w:r><w:tab/></w:r>" + docx_xml.run(memo.to)
    _append(document, docx_xml.paragraph(to, "Normal", tab + before + hanging))
    body = f'<w:spacing w:before="{_BEFORE}"/><w:ind w:firstLine="{_INDENT}"/><w:jc w:val="thaiDistribute"/>'
    for part in memo.body:
        if isinstance(part, MemoTable):
            _append(document, docx_xml.paragraph("", _CELL))
            document.element.body.insert_element_before(_table(part), "w:sectPr")
        else:
            _append(document, docx_xml.paragraph(docx_xml.run(part), _BODY, body))
    _sign(document, fields)


def _label(text: str) -> str:
    return docx_xml.run(text, _LABEL, bold=True)


def _on_dots(text: str) -> str:
    """Text typed on a dotted line that runs on to the next stop."""
    properties = docx_xml.run_properties().replace("<w:lang", '<w:u w:val="dotted"/><w:lang')
    plain = docx_xml.run(f"  {text} ")
    return plain.replace(docx_xml.run_properties(), properties) + f"<w:r>{properties}<w:tab/></w:r>"


def _tabs(*, both: bool) -> str:
    middle = f'<w:tab w:val="left" w:pos="{_MIDDLE}"/>' if both else ""
    return f'<w:tabs>{middle}<w:tab w:val="right" w:pos="{_WIDTH}"/></w:tabs>'


def _sign(document: Document, fields: Fields) -> None:
    keep = "<w:keepNext/><w:keepLines/>"
    for index, text in enumerate((f"({fields.signer_name or '.' * 40})", fields.signer_position)):
        before = f'<w:spacing w:before="{_SIGNATURE_SPACE}"/>' if index == 0 else ""
        indent = f'<w:ind w:left="{_SIGNER}"/>'
        _append(document, docx_xml.paragraph(docx_xml.run(text), _SIGNED, ("" if index else keep) + before + indent))


def _table(part: MemoTable) -> Any:
    widths = [int(width * TWIPS_PER_CM) for width in part.widths]
    table = docx_xml.table(widths)
    table.append(docx_xml.row(_cells(part.head, widths, _HEAD), whole=True, heading=True))
    for row in part.rows:
        table.append(docx_xml.row(_cells(row, widths, _CELL), whole=True))
    return table


def _cells(texts: Sequence[str], widths: Sequence[int], style: str) -> Iterable[str]:
    """A row's cells; a row of which only the first cell has a text is a heading over all columns."""
    if style == _CELL and not any(texts[1:]):
        whole = docx_xml.cell(docx_xml.paragraph(docx_xml.run(texts[0], bold=True), _CELL), sum(widths))
        yield whole.replace("</w:tcPr>", f'<w:gridSpan w:val="{len(widths)}"/></w:tcPr>', 1)
        return
    for index, (text, width) in enumerate(zip(texts, widths, strict=True)):
        placed = f'<w:ind w:left="{_STEP}"/>' if index == 0 else '<w:jc w:val="center"/>'
        content = docx_xml.paragraph(docx_xml.run(text, bold=style == _HEAD), style, placed if style == _CELL else "")
        yield docx_xml.cell(content, width)


def _append(document: Document, xml: str) -> None:
    document.element.body.insert_element_before(docx_xml.element(xml), "w:sectPr")
