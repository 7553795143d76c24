"""Excel workbooks (.xlsx): every visible sheet as a table, merged cells, dates and numbers as people see them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from tracker.plan_import.grid import Cell, Document, Line, Note, Row, Table, lines_of
from tracker.plan_import.package import Package, attribute, local_name
from tracker.thai.calendar import ERA_OFFSET, MONTHS

_MOST_COLUMNS = 256
"""Columns of a sheet, as many as Excel 97 had; a plan by days of a half-year has fewer."""
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_QUOTED_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


@dataclass(frozen=True, slots=True)
class _Merge:
    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class _Book:
    """What cells refer to: shared strings, each style's number format, the day that dates are counted from."""

    strings: list[str]
    formats: list[str]
    epoch: datetime

    def text(self, cell: etree._Element) -> str | None:
        """The cell as people see it; None for a formula that was stored without its result."""
        kind = cell.get("t", "n")
        value = _child_text(cell, "v")
        if kind == "inlineStr":
            return _rich_text(next((child for child in cell if local_name(child) == "is"), None))
        if not value:
            return None if kind != "str" and any(local_name(child) == "f" for child in cell) else ""
        if kind == "s":
            index = int(value) if value.strip().isdecimal() else -1
            return self.strings[index] if 0 <= index < len(self.strings) else ""
        if kind == "n":
            return self._number(value, cell.get("s"))
        if kind == "b":
            return "TRUE" if value.strip() == "1" else "FALSE"
        return value

    def _number(self, value: str, style: str | None) -> str:
        index = int(style) if style and style.isdecimal() else 0
        written = self.formats[index] if index < len(self.formats) else "General"
        try:
            number = float(value)
            if is_date_format(written):
                return _date(from_excel(number, self.epoch), written)
        except (ValueError, OverflowError, TypeError):
            return value
        if "%" in _QUOTED_FORMAT.sub("", written):
            return f"{number * 100:.10g}%"
        return f"{number:.15g}"


def read_xlsx(package: Package) -> Document:
    """The sheets in order, each a table of its own; hidden sheets, and hidden rows with text, are reported."""
    main = package.related("").get("officeDocument", "xl/workbook.xml")
    workbook, related = package.xml(main), package.related(main)
    book = _book(package, workbook, related)
    tables: list[Table] = []
    notes: list[Note] = []
    for sheet in _descend(workbook, "sheets"):
        part = related.get(attribute(sheet, "id") or "")
        if part is None or part not in package or "worksheets/" not in part:
            continue
        name = sheet.get("name", "")
        place = f"sheet “{name}”"
        if sheet.get("state", "visible") != "visible":
            notes.append(Note(place, "แผ่นงานที่ซ่อนอยู่ไม่ได้นำเข้า"))
            continue
        tables.append(_table(package.xml(part), book, place, notes))
    return Document(tuple(tables), tuple(notes))


def _book(package: Package, workbook: etree._Element, related: dict[str, str]) -> _Book:
    strings: list[str] = []
    formats: list[str] = []
    if related.get("sharedStrings") in package:
        strings = [_rich_text(item) for item in package.xml(related["sharedStrings"])]
    if related.get("styles") in package:
        styles = package.xml(related["styles"])
        own = {child.get("numFmtId", ""): child.get("formatCode", "") for child in _descend(styles, "numFmts")}
        for style in _descend(styles, "cellXfs"):
            number = style.get("numFmtId", "0")
            builtin = BUILTIN_FORMATS.get(int(number), "General") if number.isdecimal() else "General"
            formats.append(own.get(number, builtin))
    properties = next((child for child in workbook if local_name(child) == "workbookPr"), None)
    mac = properties is not None and properties.get("date1904") in ("1", "true")
    return _Book(strings, formats, CALENDAR_MAC_1904 if mac else CALENDAR_WINDOWS_1900)


def _table(root: etree._Element, book: _Book, place: str, notes: list[Note]) -> Table:
    values = _values(root, book, place, notes)
    merges = [merge for element in _descend(root, "mergeCells") if (merge := _merge(element.get("ref", "")))]
    merges = _without_hidden_rows(root, values, merges, place, notes)
    columns = sorted({column for row in values.values() for column in row} | {merge.left for merge in merges})
    if len(columns) > _MOST_COLUMNS:
        notes.append(Note(place, f"แผ่นงานมี {len(columns)} คอลัมน์ จึงไม่ใช่แผน และไม่ได้นำเข้า"))
        return Table((), place, stands_alone=True)
    rows = tuple(
        Row(tuple(_cells(number, values[number], columns, merges)), f"{place}, row {number}")
        for number in sorted(values)
    )
    return Table(rows, place, stands_alone=True)


def _values(root: etree._Element, book: _Book, place: str, notes: list[Note]) -> dict[int, dict[int, tuple[Line, ...]]]:
    """The lines of every cell with text, by row and column; numbers from 1 as Excel shows them."""
    values: dict[int, dict[int, tuple[Line, ...]]] = {}
    row_number = 0
    for row in _descend(root, "sheetData"):
        row_number = _positive(row.get("r"), row_number + 1)
        column = 0
        for cell in row:
            where = _REFERENCE.fullmatch(cell.get("r", "").replace("$", ""))
            column = column_index_from_string(where[1]) if where else column + 1
            text = book.text(cell)
            if text is None:
                notes.append(Note(f"{place}, row {row_number}", "ช่องสูตรไม่มีผลลัพธ์ที่บันทึกไว้ จึงอ่านไม่ได้"))
            elif lines := lines_of(re.split(r"[\r\n]+", text)):
                values.setdefault(row_number, {})[column] = lines
    return values


def _without_hidden_rows(
    root: etree._Element,
    values: dict[int, dict[int, tuple[Line, ...]]],
    merges: list[_Merge],
    place: str,
    notes: list[Note],
) -> list[_Merge]:
    """Takes rows that nobody sees out of the values and reports them; a merged cell begins in its first seen row."""
    hidden: set[int] = set()
    number = 0
    for row in _descend(root, "sheetData"):
        number = _positive(row.get("r"), number + 1)
        if row.get("hidden") in ("1", "true"):
            hidden.add(number)
    if not hidden:
        return merges
    seen: list[_Merge] = []
    for merge in merges:
        top = next((row for row in range(merge.top, merge.bottom + 1) if row not in hidden), merge.top)
        lines = values.get(merge.top, {}).get(merge.left)
        if top != merge.top and lines:
            del values[merge.top][merge.left]
            values.setdefault(top, {})[merge.left] = lines
        seen.append(replace(merge, top=top))
    for number in sorted(hidden & values.keys()):
        texts = [line.text for lines in values.pop(number).values() for line in lines]
        if texts:
            quoted = ", ".join(f"“{text}”" for text in texts)
            notes.append(Note(f"{place}, row {number}", f"แถวที่ซ่อนอยู่ไม่ได้นำเข้า: {quoted}"))
    return seen


def _cells(row: int, values: dict[int, tuple[Line, ...]], columns: list[int], merges: list[_Merge]) -> Iterator[Cell]:
    over = [merge for merge in merges if merge.top <= row <= merge.bottom]
    for column in columns:
        merge = next((merge for merge in over if merge.left <= column <= merge.right), None)
        if merge is None:
            yield Cell(values.get(column, ()), column)
        elif column == merge.left:
            span = merge.right - merge.left + 1
            yield Cell(values.get(column, ()), column, span, continues=row > merge.top)


def _merge(reference: str) -> _Merge | None:
    found = _RANGE.fullmatch(reference.replace("$", ""))
    if not found:
        return None
    left, right = column_index_from_string(found[1]), column_index_from_string(found[3])
    return _Merge(int(found[2]), int(found[4]), left, right)


def _date(moment: object, written: str) -> str:
    """A date cell in Thai words, as exact as its format shows it; years typed as Buddhist ones stay what they are."""
    if not isinstance(moment, datetime):
        return str(moment)
    shown = _QUOTED_FORMAT.sub("", written).lower()
    if "y" not in shown and "b" not in shown and "d" not in shown and "m" in shown and "h" in shown:
        return moment.strftime("%H:%M")
    year = str(moment.year if moment.year > 2400 else moment.year + ERA_OFFSET)
    if moment.year < 2000 and "yyyy" not in shown:
        year = f"{moment.year % 100:02}"
    day = f"{moment.day} " if "d" in shown else ""
    return f"{day}{MONTHS[moment.month - 1]} {year}"


def _rich_text(element: etree._Element | None) -> str:
    """The text of plain or formatted runs, without the reading aids that some languages add."""
    if element is None:
        return ""
    runs = (child for child in element if local_name(child) in ("t", "r"))
    return "".join(
        part.text or ""
        for run in runs
        for part in ([run] if local_name(run) == "t" else run)
        if local_name(part) == "t"
    )


def _descend(root: etree._Element, name: str) -> Iterator[etree._Element]:
    for child in root:
        if local_name(child) == name:
            yield from (inner for inner in child if isinstance(inner.tag, str))


def _child_text(element: etree._Element, name: str) -> str | None:
    return next((child.text or "" for child in element if local_name(child) == name), None)


def _positive(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 8 else otherwise
