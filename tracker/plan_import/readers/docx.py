"""Word documents (.docx): tables with merged cells, Word's own lists, tracked changes as accepted, content controls."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from tracker.plan_import.grid import Cell, Document, Line, Note, Outside, Row, Table, clean
from tracker.plan_import.package import Package, attribute, local_name
from tracker.plan_import.readers.word_lists import WordLists

_GONE = frozenset({"del", "moveFrom", "pPr", "rPr", "instrText", "delText", "delInstrText", "rt", "Fallback", "tblPr"})
_WRAPPERS = frozenset({"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "AlternateContent", "Choice"})
_SIGNS = {"tab": " ", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}
_SYMBOLS = {"F0FC": "✓", "F0FE": "✓", "F052": "✓", "F0A8": "☐", "F06F": "☐", "F0D8": "➢"}
_WIDEST = 200
"""Grid columns of a table; Word itself allows 63."""


def read_docx(package: Package) -> Document:
    """The body's lines and tables. Headers and footers of pages are not read; footnotes are reported."""
    main = package.related("").get("officeDocument", "word/document.xml")
    related = package.related(main)
    numbering, styles, notes = (
        package.xml(related[kind]) if related.get(kind) in package else None
        for kind in ("numbering", "styles", "footnotes")
    )
    body = next((child for child in package.xml(main) if local_name(child) == "body"), None)
    reader = _Reader(WordLists(numbering, styles))
    blocks = tuple(reader.blocks(body if body is not None else ()))
    footnotes = {attribute(note, "id"): "".join(map(str, note.itertext())) for note in (() if notes is None else notes)}
    reported = [Note("footnote", f"เชิงอรรถไม่ได้นำเข้า: “{clean(footnotes.get(id_, ''))}”") for id_ in reader.footnotes]
    hidden = [Note("hidden text", f"ข้อความที่ซ่อนไว้ไม่ได้นำเข้า: “{text}”") for text in map(clean, reader.hidden) if text]
    return Document(blocks, (*reported, *hidden))


@dataclass(slots=True)
class _Reader:
    lists: WordLists
    footnotes: list[str | None] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    _kept: str = ""
    _boxes: list[etree._Element] = field(default_factory=list)

    def blocks(self, body: Iterable[etree._Element]) -> Iterator[Outside | Table]:
        tables = paragraphs = 0
        for element in _content(body):
            if local_name(element) == "tbl":
                tables += 1
                yield self._table(element, f"table {tables}")
            elif local_name(element) == "p":
                paragraphs += 1
                yield from (Outside(line.shown, f"paragraph {paragraphs}") for line in self._paragraph(element))

    def _table(self, element: etree._Element, place: str) -> Table:
        rows: list[Row] = []
        nested: list[Table] = []
        for row in _content(element):
            properties = _child(row, "trPr")
            if local_name(row) == "tr" and _child(properties, "del") is None:
                where = f"{place}, row {len(rows) + 1}"
                rows.append(Row(tuple(self._cells(row, properties, where, nested)), where))
        return Table(tuple(rows), place, tuple(nested))

    def _cells(
        self, row: etree._Element, properties: etree._Element | None, place: str, nested: list[Table]
    ) -> list[Cell]:
        cells: list[Cell] = []
        column = _number(_child(properties, "gridBefore"), 0)
        for element in _content(row):
            if local_name(element) != "tc" or column > _WIDEST:
                continue
            about = _child(element, "tcPr")
            span = max(_number(_child(about, "gridSpan"), 1), 1)
            merged_left, merged_up = _merged(about, "hMerge"), _merged(about, "vMerge")
            lines = tuple(self._lines(element, place, nested))
            if merged_left and cells:
                before = cells[-1]
                cells[-1] = Cell(before.lines + lines, before.column, before.span + span, before.continues)
            else:
                cells.append(Cell(lines, column, span, merged_up))
            column += span
        return cells

    def _lines(self, cell: etree._Element, place: str, nested: list[Table]) -> Iterator[Line]:
        for element in _content(cell):
            if local_name(element) == "p":
                yield from self._paragraph(element)
            elif local_name(element) == "tbl":
                inner = self._table(element, f"{place}, table {len(nested) + 1}")
                nested.append(inner)
                yield from (line for row in inner.rows for one in row.cells for line in one.lines)

    def _paragraph(self, element: etree._Element) -> Iterator[Line]:
        """The paragraph's line, joined with those before it whose ends were deleted, and those of its text boxes."""
        text = self._kept + "".join(self._texts(element))
        boxes, self._boxes = self._boxes, []
        mark = _child(_child(element, "pPr"), "rPr")
        if _child(mark, "del") is not None or _child(mark, "moveFrom") is not None:
            self._kept = text
        else:
            self._kept = ""
            label = self.lists.label(element)
            text = clean(text)
            if text and label is None:
                yield Line(text)
            elif text and label is not None:
                yield Line(f"{label.prefix}{text}", label.number, label.mark, label.level)
        for box in boxes:
            for inner in _content(box):
                if local_name(inner) == "p":
                    yield from self._paragraph(inner)

    def _texts(self, element: etree._Element) -> Iterator[str]:
        for child in element:
            name = local_name(child)
            if name == "t":
                yield child.text or ""
            elif name in _SIGNS:
                yield _SIGNS[name]
            elif name == "br":
                yield "" if attribute(child, "type") in ("page", "column") else "\n"
            elif name == "sym":
                yield _SYMBOLS.get((attribute(child, "char") or "").upper(), "•")
            elif name == "txbxContent":
                self._boxes.append(child)
            elif name == "footnoteReference":
                self.footnotes.append(attribute(child, "id"))
            elif name == "r" and _is_on(_child(_child(child, "rPr"), "vanish")):
                self.hidden.append("".join(self._texts(child)))
            elif name not in _GONE:
                yield from self._texts(child)


def _content(element: Iterable[etree._Element]) -> Iterator[etree._Element]:
    """The children that a reader sees, out of content controls and accepted insertions."""
    for child in element:
        name = local_name(child)
        if name in _WRAPPERS:
            yield from _content(child)
        elif name and name not in _GONE:
            yield child


def _merged(properties: etree._Element | None, name: str) -> bool:
    merge = _child(properties, name)
    return merge is not None and attribute(merge, "val") != "restart"


def _is_on(switch: etree._Element | None) -> bool:
    return switch is not None and attribute(switch, "val") not in ("0", "false", "off")


def _child(element: etree._Element | None, name: str) -> etree._Element | None:
    return next((child for child in element if local_name(child) == name), None) if element is not None else None


def _number(element: etree._Element | None, otherwise: int) -> int:
    text = attribute(element, "val") if element is not None else None
    return min(int(text), _WIDEST) if text and text.isascii() and text.isdigit() and len(text) < 6 else otherwise
