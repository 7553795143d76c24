"""Excel workbooks (.xlsx): every visible sheet as a table, merged cells, dates and numbers as people see them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.cell import column_index_from_string, get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from tracker.plan_import.grid import Cell, Document, Line, Note, Row, Table, lines_of
from tracker.plan_import.package import Package, attribute, local_name
from tracker.plan_import.readers.left_out import LeftOut, is_footnote_mark, seen_rows
from tracker.plan_import.readers.sheet_styles import Style, font_of_run, looks_of_run, styles_of
from tracker.plan_import.readers.symbols import signs
from tracker.thai.calendar import ERA_OFFSET, MONTHS

_MOST_COLUMNS = 256
"""Columns of a sheet, as many as Excel 97 had; a plan by days of a half-year has fewer."""
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_LINE_ENDS = re.compile(r"[\r\n]+")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_QUOTED_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


@dataclass(frozen=True, slots=True)
class _Merge:
    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class _Text:
    """A cell's text as people see it, what of it is struck out, and what is hidden by its format."""

    seen: str
    struck: str = ""
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class _Book:
    """What cells refer to: shared strings, each style, the day that dates are counted from."""

    strings: list[etree._Element]
    styles: list[Style]
    epoch: datetime

    def text(self, cell: etree._Element) -> _Text | None:
        """The cell as people see it; None for a formula that was stored without its result."""
        kind = cell.get("t", "n")
        value = _child_text(cell, "v")
        style = self.style(cell)
        if kind == "inlineStr":
            return _rich_text(next((child for child in cell if local_name(child) == "is"), None), style)
        if not value:
            return None if kind != "str" and any(local_name(child) == "f" for child in cell) else _Text("")
        if kind == "s":
            index = int(value) if value.strip().isdecimal() else -1
            return _rich_text(self.strings[index], style) if 0 <= index < len(self.strings) else _Text("")
        if kind == "n":
            return _styled(self._number(value, style), style)
        if kind == "b":
            return _styled("TRUE" if value.strip() == "1" else "FALSE", style)
        return _styled(value, style)

    def style(self, cell: etree._Element) -> Style:
        index = cell.get("s", "0")
        return self.styles[int(index)] if index.isdecimal() and int(index) < len(self.styles) else Style()

    def _number(self, value: str, style: Style) -> str:
        try:
            number = float(value)
            if is_date_format(style.format):
                return _date(from_excel(number, self.epoch), style.format)
        except (ValueError, OverflowError, TypeError):
            return value
        if "%" in _QUOTED_FORMAT.sub("", style.format):
            return f"{number * 100:.10g}%"
        return f"{number:.15g}"


@dataclass(slots=True)
class _Sheet:
    """What is gathered while a sheet is read."""

    place: str
    values: dict[int, dict[int, tuple[Line, ...]]] = field(default_factory=dict)
    fills: dict[int, dict[int, str]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    notes: list[Note] = field(default_factory=list)
    left_out: LeftOut = field(default_factory=LeftOut)


def read_xlsx(package: Package) -> Document:
    """The sheets in order, each a table of its own; what is hidden or struck out is reported."""
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
        read = _Sheet(place)
        tables.append(_table(package.xml(part), book, read))
        notes.extend((*read.notes, *read.left_out.notes()))
    return Document(tuple(tables), tuple(notes))


def _book(package: Package, workbook: etree._Element, related: dict[str, str]) -> _Book:
    strings = list(package.xml(related["sharedStrings"])) if related.get("sharedStrings") in package else []
    styles = styles_of(package.xml(related["styles"])) if related.get("styles") in package else []
    properties = next((child for child in workbook if local_name(child) == "workbookPr"), None)
    mac = properties is not None and properties.get("date1904") in ("1", "true")
    return _Book(strings, styles, CALENDAR_MAC_1904 if mac else CALENDAR_WINDOWS_1900)


def _table(root: etree._Element, book: _Book, sheet: _Sheet) -> Table:
    _read_values(root, book, sheet)
    values = sheet.values
    merges = [merge for element in _descend(root, "mergeCells") if (merge := _merge(element.get("ref", "")))]
    columns = sorted({column for row in values.values() for column in row} | {merge.left for merge in merges})
    if len(columns) > _MOST_COLUMNS:
        message = f"แผ่นงานมี {len(columns)} คอลัมน์ จึงไม่ใช่แผน และไม่ได้นำเข้า"
        sheet.notes.append(Note(sheet.place, message))
        return Table((), sheet.place, stands_alone=True)
    tops = {merge.top for merge in merges if values.get(merge.top)}
    shown = {_first_seen(merge, sheet.hidden_rows) for merge in merges if merge.top in tops & sheet.hidden_rows}
    numbers = sorted(values.keys() | shown)
    over = _by_row(merges, numbers)
    rows = (
        (
            Row(tuple(_cells(number, sheet, columns, over[number])), f"{sheet.place}, row {number}"),
            number in sheet.hidden_rows,
        )
        for number in numbers
    )
    return Table(seen_rows(rows, _hidden_columns(root, columns, sheet), sheet.left_out), sheet.place, stands_alone=True)


def _first_seen(merge: _Merge, hidden: set[int]) -> int:
    """The row in which a merged cell begins for whoever looks at the sheet."""
    return next((row for row in range(merge.top, merge.bottom + 1) if row not in hidden), merge.top)


def _by_row(merges: list[_Merge], numbers: list[int]) -> dict[int, list[_Merge]]:
    """The merged cells over each of these rows."""
    over: dict[int, list[_Merge]] = {number: [] for number in numbers}
    for merge in merges:
        for number in numbers[bisect_left(numbers, merge.top) : bisect_right(numbers, merge.bottom)]:
            over[number].append(merge)
    return over


def _hidden_columns(root: etree._Element, columns: list[int], sheet: _Sheet) -> dict[int, str]:
    hidden: dict[int, str] = {}
    for one in _descend(root, "cols"):
        first, last = _positive(one.get("min"), 0), _positive(one.get("max"), 0)
        if one.get("hidden") in ("1", "true") or one.get("width") == "0":
            hidden |= {at: f"{sheet.place}, column {get_column_letter(at)}" for at in columns if first <= at <= last}
    return hidden


def _read_values(root: etree._Element, book: _Book, sheet: _Sheet) -> None:
    """The lines of every cell with text, by row and column; numbers from 1 as Excel shows them."""
    row_number = 0
    for row in _descend(root, "sheetData"):
        row_number = _positive(row.get("r"), row_number + 1)
        if row.get("hidden") in ("1", "true") or row.get("ht") == "0":
            sheet.hidden_rows.add(row_number)
        column = 0
        place = f"{sheet.place}, row {row_number}"
        for cell in row:
            where = _REFERENCE.fullmatch(cell.get("r", "").replace("$", ""))
            column = column_index_from_string(where[1]) if where else column + 1
            if fill := book.style(cell).fill:
                sheet.fills.setdefault(row_number, {})[column] = fill
            text = book.text(cell)
            if text is None:
                sheet.notes.append(Note(place, "ช่องสูตรไม่มีผลลัพธ์ที่บันทึกไว้ จึงอ่านไม่ได้"))
                continue
            sheet.left_out.add("struck", place, [text.struck])
            sheet.left_out.add("hidden", place, [text.hidden])
            if lines := lines_of(_LINE_ENDS.split(text.seen)):
                sheet.values.setdefault(row_number, {})[column] = lines


def _cells(row: int, sheet: _Sheet, columns: list[int], over: list[_Merge]) -> Iterator[Cell]:
    values, fills = sheet.values.get(row, {}), sheet.fills.get(row, {})
    for column in columns:
        merge = next((merge for merge in over if merge.left <= column <= merge.right), None)
        lines, fill = values.get(column, ()), fills.get(column, "")
        if merge is None:
            yield Cell(lines, column, fill=fill)
        elif column == merge.left:
            span = merge.right - merge.left + 1
            yield Cell(lines, column, span, continues=row > merge.top, fill=fill)


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


def _styled(text: str, style: Style) -> _Text:
    if style.hides:
        return _Text("", hidden=text)
    return _Text("", struck=text) if style.struck else _Text(signs(text, style.font) if style.font else text)


def _rich_text(element: etree._Element | None, style: Style) -> _Text:
    """The text of plain or formatted runs, without the reading aids that some languages add, and what is struck out."""
    seen: list[str] = []
    struck: list[str] = []
    for run in element if element is not None else ():
        name = local_name(run)
        text = _unescaped(_child_text(run, "t") or "" if name == "r" else run.text or "")
        if name not in ("t", "r"):
            continue
        look = looks_of_run(run, style)
        if look == "struck":
            struck.append(text)
        elif look != "raised" or not (seen and is_footnote_mark(text, seen[-1])):
            font = font_of_run(run, style)
            seen.append(signs(text, font) if font else text)
    if style.hides:
        return _Text("", hidden="".join((*seen, *struck)))
    return _Text("".join(seen), struck="".join(struck))


def _unescaped(text: str) -> str:
    """``_x000D_`` and its like as the characters that they stand for."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _descend(root: etree._Element, name: str) -> Iterator[etree._Element]:
    for child in root:
        if local_name(child) == name:
            yield from (inner for inner in child if isinstance(inner.tag, str))


def _child_text(element: etree._Element, name: str) -> str | None:
    return next((child.text or "" for child in element if local_name(child) == name), None)


def _positive(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 8 else otherwise
