"""The report in the agency's own Word template, and a template to start from."""

import re
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import TemplateError
from lxml.etree import LxmlError

from tracker.errors import NotUnderstoodError
from tracker.plan_import.package import Package
from tracker.reports import annex, docx_annex, docx_body, docx_frame, wording
from tracker.reports.archive import with_fixed_times
from tracker.reports.assets import RenderAssets
from tracker.reports.data import ReportData
from tracker.reports.docx_parts import TEXT_WIDTH
from tracker.reports.docx_xml import element, paragraph, run
from tracker.reports.specimen import specimen
from tracker.reports.table import Cell, stacked_rows
from tracker.reports.word_template import BLOCKS, check_placeholders, environment

LARGEST = 2_000_000
"""Bytes of a template: letters, a krut, a seal."""
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MARK = "\ue000{}\ue001"
_STARTED = datetime(2023, 10, 1, tzinfo=UTC)
_NEW_PARAGRAPH = "\a"
_EMBEDDED = ("word/embeddings/", "word/activex/")
_EXTERNAL = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)
_RENDERED_PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")
_STYLE_USES = ("w:pStyle", "w:tblStyle")


def starter() -> bytes:
    """A template that works as it is: the standard report with its placeholders, to be changed in Word."""
    document = docx_frame.new_document()
    titles = [
        *wording.COVER,
        "ประจำปีงบประมาณ {{ fiscal_year }}",
        "รอบ ({{ round }} เดือน)",
    ]
    docx_frame.write_cover(document, titles, ("{{ agency }}", "{{ place }}"), "{{ draft_note }}")
    docx_frame.start_body(document, "{{ running_title }}", thai_digits=True)
    for name in BLOCKS:
        docx_frame.append(document, element(paragraph(run(f"{{{{ {name} }}}}"), "Normal")))
    document.core_properties.title = document.core_properties.author = document.core_properties.comments = ""
    return with_fixed_times(_saved(document), _STARTED)


def check(content: bytes) -> None:
    """Tries the template with a made-up report. NotUnderstoodError says in one sentence what is wrong, and where."""
    try:
        render(specimen(), RenderAssets(), content)
    except NotUnderstoodError:
        raise
    except Exception as error:  # the libraries answer a document that is wrong inside with whatever they stumble over
        raise NotUnderstoodError(
            "The template could not be filled: open it in Word, save it again as .docx, and retry.",
            "เติมข้อมูลลงแม่แบบไม่ได้ กรุณาเปิดด้วย Word บันทึกใหม่เป็น .docx แล้วลองอีกครั้ง",
        ) from error


def render(data: ReportData, material: RenderAssets, template: bytes) -> bytes:
    """The report in the template; the same data, material and template give the same bytes.

    Raises NotUnderstoodError for a file that is no plain Word document or has a wrong placeholder.
    """
    made = DocxTemplate(BytesIO(_checked(template)))
    made.init_docx()
    document = made.docx
    check_placeholders(document)
    for name in _RENDERED_PROPERTIES:
        setattr(document.core_properties, name, "")
    try:
        made.render(_context(data), environment())
    except (TemplateError, LxmlError) as error:
        raise NotUnderstoodError(
            f"The template could not be filled: {error}; put for and endfor into rows or paragraphs of their own.",
            f"เติมข้อมูลลงแม่แบบไม่ได้ ({error}) กรุณาวางคำสั่งวนซ้ำแต่ละคำสั่งในแถวหรือย่อหน้าของตัวเอง",
        ) from error
    document = made.docx
    _place_blocks(document, data, material)
    docx_frame.set_properties(document, data)
    return with_fixed_times(_saved(document), data.recorded_at)


def _checked(content: bytes) -> bytes:
    if len(content) > LARGEST:
        most = LARGEST // 1_000_000
        raise NotUnderstoodError(
            f"The template is larger than {most} MB; shrink its pictures.", f"แม่แบบใหญ่เกิน {most} MB กรุณาย่อรูปในแม่แบบ"
        )
    package = Package(content)
    if "[Content_Types].xml" not in package or "word/document.xml" not in package:
        _no_word()
    if _MAIN.encode() not in package.checked_xml("[Content_Types].xml"):
        _no_word()
    for name in package.names:
        if name.lower().startswith(_EMBEDDED):
            raise NotUnderstoodError(
                "The template holds an embedded object; remove it or put a picture in its place.",
                "แม่แบบมีออบเจกต์ฝังอยู่ กรุณาลบออกหรือใช้รูปภาพแทน",
            )
        if name.endswith((".xml", ".rels")):
            part = package.checked_xml(name)
            _check_links(name, part)
            if "footnotes" in name and b"{" in part:
                raise NotUnderstoodError(
                    "A footnote of the template holds a brace; placeholders belong into the text, header or footer.",
                    "เชิงอรรถของแม่แบบมีวงเล็บปีกกา ตัวแทนข้อความใช้ได้เฉพาะในเนื้อหา หัวกระดาษ และท้ายกระดาษ",
                )
    return content


def _check_links(name: str, part: bytes) -> None:
    """A document that loads something from elsewhere tells that place who reads it."""
    if name.endswith(".rels") and any(b"/hyperlink" not in link for link in _EXTERNAL.findall(part)):
        raise NotUnderstoodError(
            "The template loads a picture or a template from another place; insert pictures into the file itself.",
            "แม่แบบดึงรูปหรือแม่แบบจากที่อื่น กรุณาแทรกรูปไว้ในไฟล์เอง",
        )


def _no_word() -> None:
    raise NotUnderstoodError(
        "The file is no Word document without macros; save it from Word as .docx.",
        "ไฟล์นี้ไม่ใช่เอกสาร Word แบบไม่มีแมโคร กรุณาบันทึกจาก Word เป็น .docx",
    )


def _context(data: ReportData) -> dict[str, Any]:
    cited = annex.citations(data)
    rows = [row for measure in data.measures for row in stacked_rows(measure, data, cited.get(measure.number))]
    names = ("measure", "steps", "responsible", "period", "summary", "outcome")
    return {
        "agency": data.agency,
        "place": data.place,
        "fiscal_year": wording.digits(data.fiscal_year, data),
        "round": wording.digits(data.round, data),
        "title": wording.title(data),
        "running_title": wording.running_title(data),
        "as_of": wording.as_of(data),
        "draft_note": wording.DRAFT_NOTE if data.draft else "",
        "rows": [dict(zip(names, map(_joined, row), strict=True)) for row in rows],
        "signers": [{"name": signer.name, "position": signer.position} for signer in data.signers],
        **{name: _MARK.format(name) for name in BLOCKS},
    }


def _joined(cell: Cell | None) -> str:
    return _NEW_PARAGRAPH.join(cell.lines) if cell else ""


def _place_blocks(document: Document, data: ReportData, material: RenderAssets) -> None:
    """Puts the blocks where their paragraphs are, in styles of the template or, where it lacks them, ours."""
    makers: dict[str, Callable[[], Iterable[Any]]] = {
        "table": partial(docx_body.table_blocks, data),
        "signatures": partial(docx_body.signature_blocks, data),
        "progress": partial(docx_annex.progress_blocks, data),
        "annex": partial(docx_annex.annex_blocks, document, data, material),
    }
    styles = _style_ids(document)
    widths = _text_widths(document)
    for place in list(document.element.body.iterchildren(qn("w:p"))):
        text = "".join(node.text or "" for node in place.iter(qn("w:t"))).strip()
        name = next((name for name in BLOCKS if text == _MARK.format(name)), None)
        if name is None:
            continue
        for block in makers[name]():
            for use in block.iter(*map(qn, _STYLE_USES)):
                use.set(qn("w:val"), styles.get(use.get(qn("w:val")), use.get(qn("w:val"))))
            _fit(block, widths[place])
            place.addprevious(block)
        _empty(place)


def _empty(place: Any) -> None:
    """Leaves the paragraph without text: a section may end in it."""
    for child in list(place):
        if child.tag != qn("w:pPr"):
            place.remove(child)


def _text_widths(document: Document) -> dict[Any, int]:
    """How wide the text may be, in twips, for every paragraph of the body."""
    widths: dict[Any, int] = {}
    waiting: list[Any] = []
    for child in document.element.body:
        waiting.append(child)
        section = child if child.tag == qn("w:sectPr") else child.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
        if section is not None:
            size, margin = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
            width = TEXT_WIDTH
            if size is not None and margin is not None:
                sides = sum(int(float(margin.get(qn(f"w:{side}"), "0"))) for side in ("left", "right"))
                width = int(float(size.get(qn("w:w"), "16838"))) - sides
            widths |= dict.fromkeys(waiting, width)
            waiting = []
    return widths


def _fit(block: Any, width: int) -> None:
    """Scales a table to the width between the margins."""
    if block.tag != qn("w:tbl") or width == TEXT_WIDTH:
        return
    for measured in block.iter(qn("w:tblW"), qn("w:gridCol"), qn("w:tcW")):
        measured.set(qn("w:w"), str(int(measured.get(qn("w:w"))) * width // TEXT_WIDTH))
    for drawn in block.iter(qn("wp:extent"), qn("a:ext")):
        for side in ("cx", "cy"):
            if drawn.get(side):
                drawn.set(side, str(int(drawn.get(side)) * width // TEXT_WIDTH))


def _style_ids(document: Document) -> dict[str, str]:
    """Our styles' ids to the template's of the same name; what the template lacks is added."""
    ours, theirs = docx_frame.new_document().styles.element, document.styles.element
    by_name = {_style_name(style): style.get(qn("w:styleId")) for style in _styles(theirs)}
    taken = set(by_name.values())
    ids = {}
    for style in _styles(ours):
        name, own_id = _style_name(style), style.get(qn("w:styleId"))
        if name in by_name:
            ids[own_id] = by_name[name]
        elif name.startswith("Report") or name in ("heading 1", "heading 2", "Table Grid", "Normal Table"):
            added = deepcopy(style)
            if own_id in taken:
                added.set(qn("w:styleId"), f"Report{own_id}")
            added.attrib.pop(qn("w:default"), None)
            theirs.append(added)
            ids[own_id] = added.get(qn("w:styleId"))
    return ids


def _styles(styles: Any) -> Iterator[Any]:
    yield from styles.iterchildren(qn("w:style"))


def _style_name(style: Any) -> str:
    name = style.find(qn("w:name"))
    return str(name.get(qn("w:val"))) if name is not None else ""


def _saved(document: Document) -> bytes:
    content = BytesIO()
    document.save(content)
    return content.getvalue()
