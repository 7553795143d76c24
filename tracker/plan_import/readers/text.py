"""The text form of a report: lines of tab-separated cells whose paragraphs are ``<p>…</p>``, and lines between them."""

import html
import re
from collections.abc import Iterator

from tracker.plan_import.grid import Cell, Document, Outside, Row, Table, clean, lines_of, plain_row

_LEAST_TABS = 2
"""Tabs of a header: a plan has three columns at least."""
_MOST_LINES = 60
"""Lines of one broken row."""
_OPEN = re.compile(r"<p(?:\s[^>]*)?>", re.IGNORECASE)
_CLOSE = re.compile(r"</p\s*>", re.IGNORECASE)
_PARAGRAPH_EDGE = re.compile(r"</?p(?:\s[^>]*)?/?>|<br\s*/?>", re.IGNORECASE)


def has_paragraph_marks(text: str) -> bool:
    """Whether the text is of this form: a tab somewhere, and cells with ``<p>``."""
    return "\t" in text and _OPEN.search(text) is not None


def read_text(text: str) -> Document:
    """Every line with a tab is a row; rows that no text line parts are a table."""
    blocks: list[Outside | Table] = []
    rows: list[Row] = []
    for number, record in _records(text):
        place = f"line {number}"
        if "\t" in record:
            rows.append(_row(record, place))
            continue
        if rows:
            blocks.append(Table(tuple(rows), f"table at {rows[0].place}"))
            rows = []
        blocks.append(Outside(clean(_PARAGRAPH_EDGE.sub("\n", record)), place))
    if rows:
        blocks.append(Table(tuple(rows), f"table at {rows[0].place}"))
    return Document(tuple(block for block in blocks if isinstance(block, Table) or block.text))


def _records(text: str) -> Iterator[tuple[int, str]]:
    """The lines, with their numbers, a cell that runs over several of them joined again."""
    yield from _whole_rows(_joined_marks(text))


def _whole_rows(records: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Rows that a cell of several lines broke, whole again: lines that together have as many cells as the header.

    So Word and Excel write them when a table is pasted as text.
    """
    known = list(records)
    width = next((cells for _, record in known if (cells := record.count("\t")) >= _LEAST_TABS), 0)
    at = 0
    while at < len(known):
        number, record = known[at]
        taken, tabs = 1, record.count("\t")
        while 0 < tabs < width and at + taken < len(known) and taken < _MOST_LINES:
            tabs += known[at + taken][1].count("\t")
            taken += 1
        if tabs == width and taken > 1 and not _OPEN.search(record):
            yield number, "\n".join(one for _, one in known[at : at + taken])
            at += taken
        else:
            yield number, record
            at += 1


def _joined_marks(text: str) -> Iterator[tuple[int, str]]:
    waiting = ""
    began = 0
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        joins = waiting and (_is_open(waiting) or _goes_on(waiting, line))
        if waiting and not joins:
            yield began, waiting
        began = began if joins else number
        waiting = f"{waiting}\n{line}" if joins else line
    if waiting:
        yield began, waiting


def _is_open(record: str) -> bool:
    return "\t" in record and len(_OPEN.findall(record)) > len(_CLOSE.findall(record))


def _goes_on(record: str, line: str) -> bool:
    return "\t" in record and "\t" not in line and _OPEN.match(line.lstrip()) is not None


def _row(record: str, place: str) -> Row:
    cells = record.split("\t")
    if not _OPEN.search(record):
        return plain_row(cells, place)
    paragraphs = ([html.unescape(piece) for piece in _PARAGRAPH_EDGE.split(cell)] for cell in cells)
    return Row(tuple(Cell(lines_of(texts), column) for column, texts in enumerate(paragraphs)), place)
