"""CSV and other delimited text: the delimiter is the one under which a plan's header is found."""

import csv
import re
from collections.abc import Sequence
from io import StringIO
from typing import Literal

from tracker.errors import NotUnderstoodError
from tracker.plan_import.grid import Document, Row, Table, plain_row
from tracker.plan_import.headers import HEADER_WITHIN, find_layout

_DELIMITERS = ("\t", ",", ";", "|")
csv.field_size_limit(20_000_000)
"""Letters of a cell, as many as a file may have: the default refuses a cell of 130 KB, and its quotes with it."""
_DECLARED = re.compile(r"\s*sep=(.)\r?\n", re.IGNORECASE)


def read_delimited(text: str) -> Document:
    """The rows as one table. Raises NotUnderstoodError where quotes or cell sizes make no sense."""
    declared = _DECLARED.match(text)
    if declared:
        return _document(_rows(text[declared.end() :], declared[1]))
    readings = [rows for delimiter in _DELIMITERS if (rows := _rows(text, delimiter))]
    for rows in readings:
        if any(find_layout(rows, index, {}) for index in range(min(len(rows), HEADER_WITHIN))):
            return _document(rows)
    return _document(max(readings, key=_cells_in_tables, default=()))


def holds_quoted_lines(text: str) -> bool:
    """Whether tab-separated text has quoted cells that run over several lines, as spreadsheets write them."""
    return '"' in text and any("\n" in cell.text for row in _rows(text, "\t") for cell in row.cells)


def _rows(text: str, delimiter: str) -> list[Row]:
    for quote, strict in (('"', True), (None, False)):
        quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE
        source = StringIO(text, newline="")
        try:
            records = list(csv.reader(source, delimiter=delimiter, quotechar=quote, strict=strict, quoting=quoting))
        except csv.Error:
            continue
        return [plain_row(record, f"row {number}") for number, record in enumerate(records, 1) if any(record)]
    raise NotUnderstoodError(
        "the file's quotes or cells make no sense as CSV; save it as .xlsx and import that",
        "เครื่องหมายคำพูดหรือช่องในไฟล์ CSV ไม่ถูกต้อง ให้บันทึกเป็น .xlsx แล้วนำเข้าใหม่",
    )


def _cells_in_tables(rows: Sequence[Row]) -> int:
    return sum(len(row.cells) for row in rows if len(row.cells) > 1)


def _document(rows: Sequence[Row]) -> Document:
    return Document((Table(tuple(rows), "table"),))
