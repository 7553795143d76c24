"""Word documents (.docx): tables with merged cells, Word's own lists, tracked changes as accepted, content controls."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from tracker.plan_import.grid import Cell, Document, Line, Note, Outside, Row, Table, clean, fill_of
from tracker.plan_import.package import Package, attribute, local_name
from tracker.plan_import.readers.left_out import LeftOut, is_footnote_mark, seen_rows
from tracker.plan_import.readers.symbols import signs
from tracker.plan_import.readers.word_lists import WordLists
from tracker.plan_import.readers.word_looks import WordLooks, child, value

_GONE = frozenset({"del", "moveFrom", "pPr", "rPr", "instrText", "delText", "delInstrText", "rt", "Fallback", "tblPr"})
_WRAPPERS = frozenset({"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "AlternateContent", "Choice"})
_SIGNS = {"tab": " ", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}
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
    body = child(package.xml(main), "body")
    reader = _Reader(WordLists(numbering, styles), WordLooks(styles))
    blocks = tuple(reader.blocks(body if body is not None else ()))
    footnotes = {attribute(note, "id"): "".join(map(str, note.itertext())) for note in (() if notes is None else notes)}
    reported = [Note("footnote", f"เชิงอรรถไม่ได้นำเข้า: “{clean(footnotes.get(id_, ''))}”") for id_ in reader.footnotes]
    return Document(blocks, (*reported, *reader.left_out.notes()))


@dataclass(slots=True)
class _Reader:
    lists: WordLists
    looks: WordLooks
    footnotes: list[str | None] = field(default_factory=list)
    left_out: LeftOut = field(default_factory=LeftOut)
    _place: str = ""
    _style: str | None = None
    _said: list[str] = field(default_factory=list)
    _kept: str = ""
    _boxes: list[etree._Element] = field(default_factory=list)
    _tables: int = 0
    _paragraphs: int = 0

    def blocks(self, body: Iterable[etree._Element]) -> Iterator[Outside | Table]:
        for element in _content(body):
            if local_name(element) == "tbl":
                self._tables += 1
                yield self._table(element, f"table {self._tables}")
            elif local_name(element) == "p":
                self._paragraphs += 1
                self._place = place = f"paragraph {self._paragraphs}"
                yield from (Outside(line.shown, place) for line in self._paragraph(element))
                boxes, self._boxes = self._boxes, []
                for box in boxes:
                    yield from self.blocks(box)

    def _table(self, element: etree._Element, place: str) -> Table:
        rows: list[tuple[Row, bool]] = []
        nested: list[Table] = []
        for row in _content(element):
            properties = child(row, "trPr")
            if local_name(row) == "tr" and child(properties, "del") is None:
                self._place = where = f"{place}, row {len(rows) + 1}"
                cells = tuple(self._cells(row, properties, where, nested))
                rows.append((Row(cells, where), _is_on(child(properties, "hidden"))))
        return Table(seen_rows(rows, {}, self.left_out), place, tuple(nested))

    def _cells(
        self, row: etree._Element, properties: etree._Element | None, place: str, nested: list[Table]
    ) -> list[Cell]:
        cells: list[Cell] = []
        column = _number(child(properties, "gridBefore"), 0)
        for element in _content(row):
            if local_name(element) != "tc" or column > _WIDEST:
                continue
            about = child(element, "tcPr")
            span = max(_number(child(about, "gridSpan"), 1), 1)
            merged_left, merged_up = _merged(about, "hMerge"), _merged(about, "vMerge")
            lines = tuple(self._lines(element, place, nested)) if child(about, "cellDel") is None else ()
            if merged_left and cells:
                before = cells[-1]
                cells[-1] = replace(before, lines=before.lines + lines, span=before.span + span)
            else:
                cells.append(Cell(lines, column, span, merged_up, _fill(about)))
            column += span
        return cells

    def _lines(self, cell: etree._Element, place: str, nested: list[Table]) -> Iterator[Line]:
        for element in _content(cell):
            if local_name(element) == "p":
                yield from self._paragraph(element)
                boxes, self._boxes = self._boxes, []
                for box in boxes:
                    yield from self._lines(box, place, nested)
            elif local_name(element) == "tbl":
                inner = self._table(element, f"{place}, table {len(nested) + 1}")
                nested.append(inner)
                yield from (line for row in inner.rows for one in row.cells for line in one.lines)
                self._place = place

    def _paragraph(self, element: etree._Element) -> Iterator[Line]:
        """The paragraph's line, joined with those before it whose ends were deleted; its text boxes are kept aside."""
        self._style = value(child(child(element, "pPr"), "pStyle"))
        self._said = []
        for piece in self._texts(element):
            self._said.append(piece)
        text = self._kept + "".join(self._said)
        mark = child(child(element, "pPr"), "rPr")
        if child(mark, "del") is not None or child(mark, "moveFrom") is not None:
            self._kept = text
        else:
            self._kept = ""
            label = self.lists.label(element)
            text = clean(text)
            if text and label is None:
                yield Line(text)
            elif text and label is not None:
                yield Line(f"{label.prefix}{text}", label.number, label.mark, label.level)

    def _texts(self, element: etree._Element) -> Iterator[str]:
        for one in element:
            name = local_name(one)
            if name == "t":
                yield one.text or ""
            elif name in _SIGNS:
                yield _SIGNS[name]
            elif name == "br":
                yield "" if attribute(one, "type") in ("page", "column") else "\n"
            elif name == "sym":
                yield _symbol(one)
            elif name == "txbxContent":
                self._boxes.append(one)
            elif name == "footnoteReference":
                self.footnotes.append(attribute(one, "id"))
            elif name == "r":
                yield from self._run(one)
            elif (name == "Fallback" and child(element, "Choice") is None) or name not in _GONE:
                yield from self._texts(one)

    def _run(self, run: etree._Element) -> Iterator[str]:
        """The run's texts, unless nobody sees them or they mark a footnote."""
        look, font = self.looks.of(run, self._style)
        if look is None:
            yield from (signs(text, font) if font else text for text in self._texts(run))
            return
        text = "".join(self._texts(run))
        if look != "raised":
            self.left_out.add(look, self._place, [text])
        elif not (self._said and is_footnote_mark(text, "".join(self._said[-2:]))):
            yield text


def _symbol(element: etree._Element) -> str:
    """A sign that Word names by its font and place in it."""
    place = attribute(element, "char") or ""
    code = int(place, 16) if re.fullmatch("[0-9A-Fa-f]{1,4}", place) else 0
    return signs(chr(code | 0xF000), attribute(element, "font"))


def _content(element: Iterable[etree._Element]) -> Iterator[etree._Element]:
    """The children that a reader sees, out of content controls and accepted insertions."""
    for one in element:
        name = local_name(one)
        if name in _WRAPPERS:
            yield from _content(one)
        elif name and name not in _GONE:
            yield one


def _fill(properties: etree._Element | None) -> str:
    """The colour behind a cell; of a pattern (pct25, diagStripe), the colour of its lines."""
    shade = child(properties, "shd")
    if shade is None:
        return ""
    pattern = attribute(shade, "val") or "clear"
    fill = fill_of(attribute(shade, "fill"))
    return fill or (fill_of(attribute(shade, "color")) or "000000" if pattern not in ("clear", "nil") else "")


def _merged(properties: etree._Element | None, name: str) -> bool:
    merge = child(properties, name)
    return merge is not None and attribute(merge, "val") != "restart"


def _is_on(switch: etree._Element | None) -> bool:
    return switch is not None and attribute(switch, "val") not in ("0", "false", "off")


def _number(element: etree._Element | None, otherwise: int) -> int:
    text = attribute(element, "val") if element is not None else None
    return min(int(text), _WIDEST) if text and text.isascii() and text.isdigit() and len(text) < 6 else otherwise
