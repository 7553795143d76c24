"""HTML: its tables with merged cells, paragraphs, line breaks and lists, and the text around them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml import html as lxml_html

from tracker.errors import NotUnderstoodError
from tracker.plan_import.grid import Cell, Document, Line, Outside, Row, Table, clean
from tracker.plan_import.lists import alphabetic, roman
from tracker.plan_import.package import local_name
from tracker.plan_import.readers.html_looks import PageLooks, hidden_columns
from tracker.plan_import.readers.left_out import LeftOut, is_footnote_mark, seen_rows
from tracker.plan_import.readers.symbols import signs

_SKIPPED = frozenset({"script", "style", "head", "template", "noscript", "title", "select", "svg", "object"})
_SOFT_PARENTS = frozenset({"p", "li", "h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _SOFT_PARENTS | {
    *("div", "tr", "td", "th", "caption", "ul", "ol", "dl", "dt", "dd", "blockquote", "section", "article", "header"),
    *("footer", "main", "pre", "center", "form", "fieldset", "address", "figure", "hr", "table"),
    *("thead", "tbody", "tfoot"),
}
_SPACES = re.compile(r"[ \t\r\n\f]+")
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([a-z-]+)", re.IGNORECASE)
_STRUCK_TAG = re.compile(r"(</?)(?:s|strike)(?=[\s>])", re.IGNORECASE)
"""The parser ends ``<s>`` at a paragraph inside of it, which a browser strikes out; ``<del>`` may hold paragraphs."""
_DEEPEST = 120
"""Elements within elements; a page of Word or a web editor has some thirty, and the walk calls itself once for each."""
_WIDEST = 200
"""Grid columns of a table."""
_MOST = 9_999
"""The greatest number of a list item."""
_LIST_TYPES = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman", "1": "decimal"}


def looks_like_html(text: str) -> bool:
    """Whether a text is an HTML page or fragment with a table."""
    return re.search(r"<!doctype\s+html|<html[\s>]|<table[\s>]", text[:200_000], re.IGNORECASE) is not None


def read_html(text: str) -> Document:
    """The page's lines and tables. Entities other than HTML's own, scripts and the network are never touched."""
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        whole = _STRUCK_TAG.sub(r"\1del", text)
        root = lxml_html.document_fromstring(whole.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise NotUnderstoodError(
            "the HTML page is empty or damaged; save the table as .docx or .xlsx",
            "หน้า HTML ว่างหรือเสียหาย ให้บันทึกตารางเป็น .docx หรือ .xlsx",
        ) from None
    return _Page(PageLooks(root)).document(root)


@dataclass(slots=True)
class _Page:
    """Reads a page; ``left_out`` gathers what it hides."""

    looks: PageLooks
    left_out: LeftOut = field(default_factory=LeftOut)

    def document(self, root: etree._Element) -> Document:
        flow = _Flow(self, "paragraph")
        flow.walk(root, 0)
        flow.flush()
        return Document(tuple(self._placed(flow.parts)), self.left_out.notes())

    def _placed(self, parts: list[Line | etree._Element]) -> Iterator[Outside | Table]:
        tables = 0
        for number, part in enumerate(parts, 1):
            if isinstance(part, Line):
                yield Outside(part.shown, f"paragraph {number}")
            else:
                tables += 1
                yield self._table(part, f"table {tables}")

    def _table(self, element: etree._Element, place: str) -> Table:
        nested: list[Table] = []
        rows: list[tuple[Row, bool]] = []
        open_spans: dict[int, tuple[int, int]] = {}
        for number, (row, is_hidden) in enumerate(_own_rows(element, self.looks), 1):
            where = f"{place}, row {number}"
            cells, open_spans = self._row(row, open_spans, nested, where)
            rows.append((Row(cells, where), is_hidden))
        hides = {at: f"{place}, column {at + 1}" for at in hidden_columns(element, self.looks, _WIDEST)}
        return Table(seen_rows(rows, hides, self.left_out), place, tuple(nested))

    def _row(
        self, row: etree._Element, open_spans: dict[int, tuple[int, int]], nested: list[Table], place: str
    ) -> tuple[tuple[Cell, ...], dict[int, tuple[int, int]]]:
        """The cells of a row among those that reach down into it; ``open_spans``: column to (rows left, width)."""
        cells: list[Cell] = []
        still_open = {column: (left - 1, width) for column, (left, width) in open_spans.items() if left > 1}
        column = 0

        def pass_open_spans() -> int:
            at = column
            while at in open_spans:
                width = open_spans[at][1]
                cells.append(Cell((), at, width, continues=True))
                at += width
            return at

        for element in row:
            if local_name(element) not in ("td", "th") or column > _WIDEST:
                continue
            if self.looks.takes_no_place(element):
                self.left_out.add("hidden", place, ["".join(map(str, element.itertext()))])
                continue
            column = pass_open_spans()
            span = min(_whole(element.get("colspan"), 1, _WIDEST), _WIDEST)
            down = _whole(element.get("rowspan"), 1, 65_534) or 65_534
            flow = _Flow(self, place, tables_are_text=True)
            flow.walk(element, 0)
            flow.flush()
            nested.extend(self._table(one, f"{place}, table {number}") for number, one in enumerate(flow.tables, 1))
            lines = tuple(part for part in flow.parts if isinstance(part, Line))
            cells.append(Cell(lines, column, span, fill=self.looks.fill(element)))
            if down > 1:
                still_open[column] = (down - 1, span)
            column += span
        column = pass_open_spans()
        cells.extend(Cell((), at, width, continues=True) for at, (_, width) in open_spans.items() if at > column)
        return tuple(sorted(cells, key=lambda cell: cell.column)), still_open


def _own_rows(table: etree._Element, looks: PageLooks) -> Iterator[tuple[etree._Element, bool]]:
    """The table's rows, each with whether it is hidden, by itself or with its part of the table."""
    for child in table:
        name = local_name(child)
        if name == "tr":
            yield child, looks.of(child) == "hidden"
        elif name in ("thead", "tbody", "tfoot"):
            hides = looks.of(child) == "hidden"
            yield from ((row, hides or looks.of(row) == "hidden") for row in child if local_name(row) == "tr")


@dataclass(slots=True)
class _Flow:
    """Text as it flows through elements: blocks part paragraphs, lists number them."""

    page: "_Page"
    place: str
    tables_are_text: bool = False
    parts: list[Line | etree._Element] = field(default_factory=list)
    tables: list[etree._Element] = field(default_factory=list)
    _text: str = ""
    _number: int | None = None
    _mark: str = "%."
    _prefix: str = ""
    _level: int = 0
    _next: dict[etree._Element, int] = field(default_factory=dict)

    def walk(self, element: etree._Element, depth: int) -> None:
        name = local_name(element)
        if name in _SKIPPED or self._is_left_out(element):
            return
        font = self.page.looks.font(element)
        if font:
            self._add(signs("".join(map(str, element.itertext())), font))
        elif depth > _DEEPEST:
            self._add(" ".join(map(str, element.itertext())))
        elif name == "table" and not self.tables_are_text:
            self.flush()
            for caption in element.iterchildren("caption"):
                self.walk_children(caption, depth)
                self.flush()
            self.parts.append(element)
        elif name == "br":
            self._line_break(element)
        else:
            if name == "table" and not any(table in element.iterancestors() for table in self.tables):
                self.tables.append(element)
            if name in _BLOCKS:
                self.flush()
            if name == "li":
                self._begin_item(element)
            self.walk_children(element, depth)
            if name in _BLOCKS:
                self.flush()

    def walk_children(self, element: etree._Element, depth: int) -> None:
        self._add(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self.walk(child, depth + 1)
            self._add(child.tail)

    def flush(self) -> None:
        text = clean(re.sub(r" *\n *", "\n", self._text))
        self._text = ""
        if text:
            self.parts.append(Line(f"{self._prefix}{text}", self._number, self._mark, self._level))
            self._number, self._prefix = None, ""

    def _add(self, text: str | None) -> None:
        self._text += _SPACES.sub(" ", text or "")

    def _is_left_out(self, element: etree._Element) -> bool:
        """Whether nobody sees the element's text, or it is the mark of a footnote."""
        look = self.page.looks.of(element)
        if look is None:
            return False
        text = "".join(map(str, element.itertext()))
        if look == "raised":
            return is_footnote_mark(text, self._text)
        self.page.left_out.add(look, self.place, [text])
        return True

    def _line_break(self, element: etree._Element) -> None:
        if any(local_name(parent) in _SOFT_PARENTS for parent in element.iterancestors()):
            self._text += "\n"
        else:
            self.flush()

    def _begin_item(self, item: etree._Element) -> None:
        listing = item.getparent()
        style = _list_style(item, listing)
        self._number, self._prefix = None, ""
        if listing is None or local_name(listing) != "ol" or style in ("disc", "circle", "square"):
            self._prefix = "" if style == "none" else "• "
            return
        value = self._value(item, listing)
        if style in ("lower-alpha", "lower-latin", "upper-alpha", "upper-latin"):
            letter = alphabetic(value)
            self._prefix = f"{letter.upper() if style.startswith('upper') else letter}. "
        elif style in ("lower-roman", "upper-roman"):
            letter = roman(value)
            self._prefix = f"{letter.upper() if style.startswith('upper') else letter}. "
        elif style != "none":
            self._number = value
            self._level = sum(local_name(parent) == "ol" for parent in item.iterancestors()) - 1

    def _value(self, item: etree._Element, listing: etree._Element) -> int:
        backwards = listing.get("reversed") is not None
        if listing not in self._next:
            count = sum(local_name(child) == "li" for child in listing) if backwards else 1
            self._next[listing] = _whole(listing.get("start"), count, _MOST)
        value = _whole(item.get("value"), self._next[listing], _MOST)
        self._next[listing] = value - 1 if backwards else value + 1
        return value


def _list_style(item: etree._Element, listing: etree._Element | None) -> str:
    for element in (item, listing):
        if element is None:
            continue
        written = _LIST_STYLE.search(element.get("style") or "")
        if written:
            return written[1].lower()
        if element.get("type"):
            return _LIST_TYPES.get(element.get("type") or "", (element.get("type") or "").lower())
    return "decimal"


def _whole(text: str | None, otherwise: int, most: int) -> int:
    match = re.fullmatch(r"\s*\+?([0-9]{1,6})\s*", text or "")
    return min(int(match[1]), most) if match else otherwise
