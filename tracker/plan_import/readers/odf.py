"""OpenDocument files (.odt, .ods): tables with merged cells, lists, tracked changes as accepted, dates as shown."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from lxml import etree

from tracker.errors import NotUnderstoodError
from tracker.plan_import.grid import Cell, Document, Line, Note, Outside, Row, Table, clean
from tracker.plan_import.package import Package, attribute, local_name
from tracker.plan_import.readers.left_out import LeftOut, is_footnote_mark, seen_rows
from tracker.plan_import.readers.odf_lists import OdfLists
from tracker.plan_import.readers.odf_styles import OdfStyles
from tracker.plan_import.readers.symbols import signs
from tracker.thai.calendar import ERA_OFFSET, MONTHS

_GONE = frozenset(
    {"tracked-changes", "annotation", "annotation-end", "ruby-text", "hidden-text", "sequence-decls", "forms"}
)
_PARTS = frozenset(
    {"section", "list-header", "index-body", "table-of-content", "index-title", "numbered-paragraph", "shapes"}
)
_ROW_GROUPS = frozenset({"table-header-rows", "table-rows", "table-row-group"})
_COLUMN_GROUPS = frozenset({"table-columns", "table-header-columns", "table-column-group"})
_HIDDEN = ("collapse", "filter")
_WIDEST = 256
"""Grid columns of a table; further ones are the empty rest of a sheet."""
_MOST_REPEATED = 100
"""Times that one row or cell with text is repeated; more is the empty rest of a sheet with a format."""
_DEEPEST = 100
"""Elements within elements."""


def read_odf(package: Package, *, is_sheet: bool) -> Document:
    """The body's lines and tables, of a workbook its visible sheets. Headers and footers of pages are not read."""
    content = package.xml("content.xml")
    styles = OdfStyles(content, package.xml("styles.xml") if "styles.xml" in package else None)
    body = next((one for one in content if local_name(one) == "body"), None)
    inner = next(iter(body), None) if body is not None else None
    if inner is None:
        raise NotUnderstoodError("the file holds nothing; save it again", "ไฟล์ว่างเปล่า ให้เลือกไฟล์แผนใหม่")
    reader = _Reader(styles, OdfLists(styles.list_styles))
    blocks = tuple(reader.sheets(inner) if is_sheet else reader.blocks(inner, 0))
    return Document(blocks, (*reader.notes, *reader.left_out.notes()))


@dataclass(slots=True)
class _Reader:
    styles: OdfStyles
    lists: OdfLists
    left_out: LeftOut = field(default_factory=LeftOut)
    notes: list[Note] = field(default_factory=list)
    _place: str = ""
    _said: list[str] = field(default_factory=list)
    _boxes: list[etree._Element] = field(default_factory=list)
    _tables: int = 0
    _paragraphs: int = 0

    def sheets(self, book: etree._Element) -> Iterator[Table]:
        for sheet in (one for one in book if local_name(one) == "table"):
            place = f"sheet “{attribute(sheet, 'name') or ''}”"
            if self.styles.hides_table(attribute(sheet, "style-name")):
                self.notes.append(Note(place, "แผ่นงานที่ซ่อนอยู่ไม่ได้นำเข้า"))
            else:
                yield self._table(sheet, place, stands_alone=True)

    def blocks(self, body: Iterable[etree._Element], depth: int) -> Iterator[Outside | Table]:
        for block in self._flow(body, depth):
            if isinstance(block, Line):
                self._paragraphs += 1
                yield Outside(block.shown, f"paragraph {self._paragraphs}")
            else:
                self._tables += 1
                yield self._table(block, f"table {self._tables}")

    def _flow(self, body: Iterable[etree._Element], depth: int) -> Iterator[Line | etree._Element]:
        """The lines and the tables of a body, a cell or a text box, in order."""
        for element in body if depth < _DEEPEST else ():
            name = local_name(element)
            if name in ("p", "h"):
                yield from self._paragraph(element, depth)
            elif name == "list":
                yield from self._list(element, depth)
            elif name == "table":
                yield element
            elif name == "frame":
                yield from (
                    one for box in element if local_name(box) == "text-box" for one in self._flow(box, depth + 1)
                )
            elif name in _PARTS and attribute(element, "display") != "none":
                yield from self._flow(element, depth + 1)

    def _list(self, listing: etree._Element, depth: int) -> Iterator[Line | etree._Element]:
        self.lists.enter(listing)
        for item in listing:
            own = [one for one in item if local_name(one) in ("p", "h")] if local_name(item) == "list-item" else []
            if own:
                self.lists.begin(item)
            for element in item:
                for one in self._flow([element], depth + 1):
                    is_first = bool(own) and element is own[0] and isinstance(one, Line)
                    yield self.lists.line(one.text) if is_first and isinstance(one, Line) else one
                    own = [] if is_first else own
        self.lists.leave()

    def _paragraph(self, element: etree._Element, depth: int) -> Iterator[Line | etree._Element]:
        """The paragraph's line, then what stands in its text boxes."""
        style = attribute(element, "style-name")
        self._said = []
        if local_name(element) != "hidden-paragraph":
            for piece in self._texts(element, self.styles.look("paragraph", style), depth):
                self._said.append(piece)
        text = clean("".join(self._said))
        boxes, self._boxes = self._boxes, []
        if text:
            yield Line(text)
        for box in boxes:
            yield from self._flow(box, depth + 1)

    def _texts(self, element: etree._Element, look: str | None, depth: int) -> Iterator[str]:
        yield from self._shown(element.text, look)
        for one in element:
            yield from self._inline(one, look, depth + 1)
            yield from self._shown(one.tail, look)

    def _inline(self, one: etree._Element, look: str | None, depth: int) -> Iterator[str]:
        name = local_name(one)
        if name == "s":
            count = attribute(one, "c") or "1"
            yield " " * (min(int(count), 50) if count.isdecimal() else 1)
        elif name in ("tab", "line-break"):
            yield " " if name == "tab" else "\n"
        elif name == "note":
            body = "".join(map(str, one.itertext()))
            self.notes.append(Note("footnote", f"เชิงอรรถไม่ได้นำเข้า: “{clean(body)}”"))
        elif name == "hidden-text":
            self.left_out.add("hidden", self._place, [attribute(one, "string-value") or ""])
        elif name == "text-box":
            self._boxes.append(one)
        elif name == "span":
            yield from self._span(one, look, depth)
        elif name and name not in _GONE and depth < _DEEPEST:
            yield from self._texts(one, look, depth)

    def _span(self, span: etree._Element, look: str | None, depth: int) -> Iterator[str]:
        style = attribute(span, "style-name")
        own = self.styles.look("text", style)
        font = self.styles.font("text", style)
        if own == "raised":
            text = "".join(self._texts(span, look, depth))
            if not is_footnote_mark(text, "".join(self._said[-2:])):
                yield text
            return
        pieces = self._texts(span, own or look, depth) if depth < _DEEPEST else iter(())
        yield from (signs(text, font) for text in pieces) if font else pieces

    def _shown(self, text: str | None, look: str | None) -> Iterator[str]:
        """A stretch of text, its own line ends being spaces; what nobody sees is left out and said."""
        flat = " ".join(text.split("\n")) if text else ""
        if look in ("hidden", "struck"):
            self.left_out.add("hidden" if look == "hidden" else "struck", self._place, [flat])
        elif flat:
            yield flat

    def _table(self, element: etree._Element, place: str, *, stands_alone: bool = False) -> Table:
        nested: list[Table] = []
        columns = _columns(element)
        rows: list[tuple[Row, bool]] = []
        number = 0
        down: dict[int, tuple[int, int]] = {}
        for row in _rows(element):
            repeated = _repeated(row, "number-rows-repeated")
            where = self._place = f"{place}, row {number + 1}"
            cells = tuple(self._cells(row, columns, down, where, nested))
            hidden = attribute(row, "visibility") in _HIDDEN
            if any(cell.lines or cell.continues for cell in cells):
                again = range(number + 1, number + 1 + min(repeated, _MOST_REPEATED))
                rows.extend((Row(cells, f"{place}, row {at}"), hidden) for at in again)
            number += repeated
        hides = {at: f"{place}, column {at + 1}" for at, column in enumerate(columns) if column.hidden}
        if stands_alone:
            rows = _without_empty_columns(rows)
        return Table(seen_rows(rows, hides, self.left_out), place, tuple(nested), stands_alone)

    def _cells(
        self,
        row: etree._Element,
        columns: list["_Column"],
        down: dict[int, tuple[int, int]],
        place: str,
        nested: list[Table],
    ) -> Iterator[Cell]:
        """The cells of a row; ``down`` holds those that reach into rows below: column to (rows left, width)."""
        at = 0
        covered = 0
        for element in row:
            name = local_name(element)
            if name not in ("table-cell", "covered-table-cell") or at >= _WIDEST:
                continue
            lines = tuple(self._lines(element, place, nested)) if name == "table-cell" else ()
            span = min(_repeated(element, "number-columns-spanned"), _WIDEST)
            tall = _repeated(element, "number-rows-spanned")
            style = attribute(element, "style-name") or attribute(row, "default-cell-style-name")
            for _ in range(min(_repeated(element, "number-columns-repeated"), _WIDEST - at)):
                fill = self.styles.fill(style or (columns[at].style if at < len(columns) else None))
                if name == "table-cell":
                    yield Cell(lines, at, span, fill=fill)
                    down[at] = (tall - 1, span)
                    covered = span - 1
                elif covered:
                    covered -= 1
                else:
                    left, width = down.get(at, (0, 1))
                    yield Cell((), at, width, continues=left > 0, fill=fill)
                    down[at] = (left - 1, width)
                    covered = width - 1
                at += 1

    def _lines(self, cell: etree._Element, place: str, nested: list[Table]) -> Iterator[Line]:
        style = attribute(cell, "style-name")
        struck = self.styles.look("table-cell", style) if style else None
        dated = _date(cell)
        for one in self._flow(cell, 1):
            if not isinstance(one, Line):
                inner = self._table(one, f"{place}, table {len(nested) + 1}")
                nested.append(inner)
                self._place = place
                yield from inner.lines
            elif struck in ("hidden", "struck"):
                self.left_out.add("hidden" if struck == "hidden" else "struck", place, [one.shown])
            else:
                font = self.styles.font("table-cell", style) if style else None
                yield Line(dated) if dated else Line(signs(one.text, font)) if font else one


@dataclass(frozen=True, slots=True)
class _Column:
    style: str | None
    hidden: bool


def _without_empty_columns(rows: list[tuple[Row, bool]]) -> list[tuple[Row, bool]]:
    """The rows of a sheet without the columns in which nothing stands and no merged cell begins."""
    used = {cell.column for row, _ in rows for cell in row.cells if cell.lines or cell.span > 1}
    return [
        (replace(row, cells=tuple(cell for cell in row.cells if cell.column in used)), hidden) for row, hidden in rows
    ]


def _columns(table: etree._Element) -> list[_Column]:
    found: list[_Column] = []
    for one in table:
        name = local_name(one)
        if name in _COLUMN_GROUPS:
            found.extend(_columns(one))
        elif name == "table-column":
            column = _Column(attribute(one, "default-cell-style-name"), attribute(one, "visibility") in _HIDDEN)
            found.extend([column] * min(_repeated(one, "number-columns-repeated"), _WIDEST))
    return found[:_WIDEST]


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for one in table:
        name = local_name(one)
        if name == "table-row":
            yield one
        elif name in _ROW_GROUPS:
            yield from _rows(one)


def _date(cell: etree._Element) -> str:
    """A date cell in Thai words, without its day where the cell does not show it; years typed as Buddhist ones stay."""
    if attribute(cell, "value-type") != "date":
        return ""
    try:
        day = date.fromisoformat((attribute(cell, "date-value") or "")[:10])
    except ValueError:
        return ""
    shown = "".join(map(str, cell.itertext()))
    year = day.year if day.year > 2400 else day.year + ERA_OFFSET
    has_day = any(number in (f"{day.day}", f"{day.day:02}") for number in _numbers(shown)) or not _numbers(shown)
    return f"{f'{day.day} ' if has_day else ''}{MONTHS[day.month - 1]} {year}"


def _numbers(text: str) -> list[str]:
    return "".join(letter if letter.isdecimal() else " " for letter in text).split()


def _repeated(element: etree._Element, name: str) -> int:
    text = attribute(element, name) or "1"
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 8 else 1
