"""The text form of a report: lines of tab-separated cells whose paragraphs are ``<p>…</p>``, and lines between them."""

import html
import re
from collections.abc import Iterator

from tracker.plan_import.grid import Cell, Document, Outside, Row, Table, clean, lines_of, plain_row

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
