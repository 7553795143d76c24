"""Builds plans in every format that the import reads, from one table of cells made of paragraphs."""

import csv
import html
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from html import escape
from io import BytesIO, StringIO

import docx
import openpyxl
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.table import _Cell
from docx.text.paragraph import Paragraph

Cells = Sequence[Sequence[str]]
"""A row: for each cell its paragraphs."""

HEADER = (
    "มาตรการ/แนวทาง",
    "ขั้นตอน/วิธีปฏิบัติ",
    "หน่วยงานผู้รับผิดชอบ",
    "ระยะเวลาดำเนินการ",
    "สรุปผลดำเนินการ",
    "ผลลัพธ์/ความสำเร็จ",
)
COVER = ("รายงานผลการดำเนินการ", "ประจำปีงบประมาณ ๒๕๖๖", "รอบ (๑๒ เดือน)", "องค์การบริหารส่วนตำบลเขาขาว")


def row(*cells: str) -> list[list[str]]:
    """A row of cells whose paragraphs are parted by line breaks."""
    return [cell.split("\n") if cell else [] for cell in cells]


def as_text(rows: Sequence[Cells], header: Sequence[str] = HEADER, cover: Sequence[str] = COVER) -> bytes:
    """The seed's form."""
    lines = [*cover, "", "\t".join(header)]
    lines += ["\t".join(" ".join(f"<p>{escape(p)}</p>" for p in cell) for cell in cells) for cells in rows]
    return "\n".join(lines).encode()


def as_html(rows: Sequence[Cells], header: Sequence[str] = HEADER, cover: Sequence[str] = COVER) -> bytes:
    """A page with one table."""
    top = "".join(f"<p>{escape(line)}</p>" for line in cover)
    head = "".join(f"<th>{escape(text)}</th>" for text in header)
    body = "".join(
        "<tr>" + "".join(f"<td>{''.join(f'<p>{escape(p)}</p>' for p in cell)}</td>" for cell in cells) + "</tr>"
        for cells in rows
    )
    return f"<!DOCTYPE html><html><body>{top}<table><tr>{head}</tr>{body}</table></body></html>".encode()


def as_csv(rows: Sequence[Cells], header: Sequence[str] = HEADER, cover: Sequence[str] = COVER) -> bytes:
    """What Excel saves as CSV UTF-8."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerows([[line] for line in cover])
    writer.writerow(header)
    writer.writerows([["\n".join(cell) for cell in cells] for cells in rows])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_xlsx(rows: Sequence[Cells], header: Sequence[str] = HEADER, cover: Sequence[str] = COVER) -> bytes:
    """A workbook of one sheet, the cover above the table."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in cover:
        sheet.append([line])
    sheet.append(list(header))
    for cells in rows:
        sheet.append(["\n".join(cell) or None for cell in cells])
    return workbook_bytes(book)


def as_docx(rows: Sequence[Cells], header: Sequence[str] = HEADER, cover: Sequence[str] = COVER) -> bytes:
    """A Word document with one table."""
    document = docx.Document()
    for line in cover:
        document.add_paragraph(line)
    add_table(document, [[[text] for text in header], *rows])
    return document_bytes(document)


WRITERS: dict[str, Callable[..., bytes]] = {
    "txt": as_text,
    "html": as_html,
    "csv": as_csv,
    "xlsx": as_xlsx,
    "docx": as_docx,
}


def add_table(document: Document, rows: Sequence[Cells]) -> docx.table.Table:
    """A table with these cells at the end of a document."""
    table = document.add_table(rows=len(rows), cols=max(map(len, rows)))
    for line, cells in zip(table.rows, rows, strict=True):
        for cell, paragraphs in zip(line.cells, cells, strict=False):
            fill(cell, paragraphs)
    return table


def fill(cell: _Cell, paragraphs: Sequence[str]) -> list[Paragraph]:
    """Puts paragraphs into an empty cell."""
    made = []
    for index, text in enumerate(paragraphs):
        paragraph = cell.paragraphs[0] if index == 0 else cell.add_paragraph()
        paragraph.add_run(text)
        made.append(paragraph)
    return made


def document_bytes(document: Document) -> bytes:
    """The document as a file."""
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def workbook_bytes(book: openpyxl.Workbook) -> bytes:
    """The workbook as a file."""
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def changed(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """An Office package with parts replaced or added."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def part_of(data: bytes, name: str) -> bytes:
    """A part of an Office package."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        return package.read(name)


def with_shared_strings(data: bytes) -> bytes:
    """A workbook as Excel writes it: texts in a part of their own, formatted in runs, named by their index."""
    strings: list[str] = []

    def share(cell: re.Match[str]) -> str:
        text = cell[1]
        strings.append(f"<si><r><t>{text[:1]}</t></r><r><rPr><b/></rPr><t>{text[1:]}</t></r><rPh><t>x</t></rPh></si>")
        return f't="s"><v>{len(strings) - 1}</v>'

    sheet = part_of(data, "xl/worksheets/sheet1.xml").decode()
    sheet = re.sub(r't="inlineStr"><is><t[^>]*>([^<]*)</t></is>', share, html.unescape(sheet))
    rels = part_of(data, "xl/_rels/workbook.xml.rels").decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = f'<Relationship Type="{kind}" Target="sharedStrings.xml" Id="rId99"/></Relationships>'
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return changed(
        data,
        {
            "xl/worksheets/sheet1.xml": sheet.encode(),
            "xl/_rels/workbook.xml.rels": rels.replace("</Relationships>", relation).encode(),
            "xl/sharedStrings.xml": f'<sst xmlns="{namespace}">{"".join(strings)}</sst>'.encode(),
        },
    )


def define_list(document: Document, abstract_id: int, levels: Sequence[tuple[str, str]], number_id: int) -> None:
    """Adds a list definition (format and text of each level) and one list of it to the document's numbering."""
    numbering = document.part.numbering_part.element
    made = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, (form, text) in enumerate(levels)
    )
    abstract = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{abstract_id}">{made}</w:abstractNum>'
    numbering.insert(0, parse_xml(abstract))
    add_list(document, abstract_id, number_id)


def add_list(document: Document, abstract_id: int, number_id: int, restart_at: int | None = None) -> None:
    """Adds a list of a definition, restarting the count if asked."""
    override = (
        f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{restart_at}"/></w:lvlOverride>' if restart_at else ""
    )
    document.part.numbering_part.element.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{number_id}"><w:abstractNumId w:val="{abstract_id}"/>{override}</w:num>'
        )
    )


def put_in_list(paragraph: Paragraph, number_id: int, level: int = 0) -> None:
    """Gives a paragraph Word's own numbering."""
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number_id}"/></w:numPr>')
    )
