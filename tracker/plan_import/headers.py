"""Header words: which column holds which part of a plan, found by what the header says, never by position."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tracker.errors import NotUnderstoodError
from tracker.plan_import.assignment import best_assignment
from tracker.plan_import.grid import Cell, Row, Table
from tracker.plan_import.header_score import LONGEST_HEADER, SECOND_PARTY_FROM, fold, header_score, is_former
from tracker.plan_import.header_words import FIELDS, WORDS, Field
from tracker.plan_import.time_headers import numbers_months, numbers_parts, times_in, years_in
from tracker.thai.text import squeeze_spaces

_ORDINAL = re.compile(r"(?:ที่|ลำดับ(?:ที่)?|ข้อ(?:ที่)?|no|#)")
_STARTS = re.compile("เริ่ม|ตั้งแต่|^start|^from", re.IGNORECASE)
_ENDS = re.compile("สิ้นสุด|เสร็จ|^ถึง|^(?:end|finish|to)(?![a-z])", re.IGNORECASE)
_NAMES_PARTIES = re.compile("รับผิดชอบ|หน่วยงาน|ส่วนราชการ|เจ้าภาพ|responsible|owner", re.IGNORECASE)
_DEADLINE = re.compile("^(?:ให้)?(?:แล้ว)?(?:เสร็จ)?ภายใน")
_DIGITS = re.compile("[0-9]+$")
_BARE_NUMBER = re.compile(r"[(\[]?\s*[0-9๐-๙]{1,2}\s*[.)\]]*")

DEADLINE = "ภายใน"
"""The part of a period column whose cells are its end alone."""
FREQUENCY = "ความถี่"
"""The part of a period column whose cells say how often within the other's days."""
HEADER_WITHIN = 60
"""Rows from a table's top in which its header is looked for: cover and instructions of a sheet take a page."""
_LONGEST_LOWER_HEADER = 40
"""Letters of the longest header in a second or third header row, where only parts of a field stand."""
_MOST_COLUMNS = 60
"""A plan by weeks has 52 columns of time and some of text; a row of more is a sheet of figures."""
_TALLEST = 3
"""Header rows: ระยะเวลา over its years over their months."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the header: its words, what it holds (None: not a part of a plan), and the grid columns it covers.

    ``part`` is what a lower header row says where a higher one names the field (เริ่มต้น, or a month, under ระยะเวลา);
    a ``timed`` column stands for the time that its part names.
    """

    header: str
    holds: Field | Literal["ordinal"] | None
    start: int
    span: int
    part: str = ""
    timed: bool = False


@dataclass(frozen=True, slots=True)
class _Stack:
    """The words over a column, from the highest header row to its own."""

    words: tuple[str, ...]
    start: int
    span: int

    @property
    def own(self) -> str:
        return self.words[-1]


@dataclass(frozen=True, slots=True)
class Layout:
    """What a header says: its columns from left to right, over ``height`` rows."""

    columns: tuple[Column, ...]
    height: int

    def fields(self) -> set[Field]:
        """The parts of a plan that the table has."""
        return {column.holds for column in self.columns if column.holds and column.holds != "ordinal"}

    def cells_of(self, row: Row) -> dict[int, list[Cell]]:
        """The cells of a row under each column, by the column's index; -1 for text beside all columns."""
        under: dict[int, list[Cell]] = {}
        for cell in row.cells:
            over = self.columns_over(cell, row)
            best = max(over, key=lambda index: (_overlap(cell, self.columns[index]), -index), default=-1)
            if over or cell.lines:
                under.setdefault(best, []).append(cell)
        return under

    def columns_over(self, cell: Cell, row: Row) -> list[int]:
        """The columns that a cell stands under.

        Rows of as many cells as the header are matched one to one (borders of real tables are seldom aligned), others
        by the grid columns they cover.
        """
        if len(row.cells) == len(self.columns):
            return [row.cells.index(cell)]
        return [index for index, column in enumerate(self.columns) if _overlap(cell, column) > 0]

    def repeats_in(self, row: Row) -> bool:
        """Whether a row is this header again (at least half of its columns, and two of them)."""
        known = {fold(column.header) for column in self.columns} | {fold(c.part) for c in self.columns if c.part}
        texts = [fold(cell.text) for cell in row.filled]
        same = sum(text in known for text in texts)
        return same >= 2 and same * 2 > len(texts)

    def repeated_from(self, rows: Sequence[Row], index: int) -> Sequence[Row]:
        """The rows up to the end of this header's repetition that begins at ``rows[index]``."""
        end = index + 1
        whole = [fold(column.header) for column in self.columns]
        while end < min(index + self.height, len(rows)) and all(
            any(fold(cell.text) in header for header in whole) for cell in rows[end].filled
        ):
            end += 1
        return rows[:end]


def find_layout(rows: Sequence[Row], index: int, chosen: Mapping[Field, str], *, sure: bool = False) -> Layout | None:
    """The layout if the header begins at ``rows[index]``, over up to three rows; None where that row is no header.

    ``sure`` asks for a header beyond doubt: three columns of a plan, two of them by little more than their words.
    """
    if not 2 <= len(rows[index].filled) <= _MOST_COLUMNS:
        return None
    height = 1
    while height < _TALLEST and index + height < len(rows) and _goes_on(rows[index : index + height + 1]):
        height += 1
    for tall in range(height, 0, -1):
        layout = _assigned(_stacked(rows[index : index + tall]), tall, chosen, sure=sure)
        if layout is not None:
            return layout
    return None


def headers_in(table: Table) -> set[str]:
    """The folded words that may head a column: a cell of the first rows, or several over each other."""
    found: set[str] = set()
    for index in range(min(len(table.rows), HEADER_WITHIN)):
        for height in range(1, _TALLEST + 1):
            rows = table.rows[index : index + height]
            if len(rows) == height and len(rows[-1].cells) <= _MOST_COLUMNS:
                found |= {fold("".join(stack.words)) for stack in _stacked(rows)}
    return found | {fold(cell.text) for row in table.rows[:HEADER_WITHIN] for cell in row.filled}


def is_column_numbering(row: Row) -> bool:
    """Whether a row under the header only numbers the columns: (๑) (๒) (๓)."""
    texts = [cell.text for cell in row.filled]
    return len(texts) >= 2 and all(_BARE_NUMBER.fullmatch(text) for text in texts)


def is_headed(row: Row) -> bool:
    """Whether short cells of a row name the parties and the times of a plan: seen fast, row by row."""
    texts = [cell.text for cell in row.filled]
    if len(texts) <= 2 or not any(len(text) <= LONGEST_HEADER and _NAMES_PARTIES.search(text) for text in texts):
        return False
    short = [text for text in texts if len(text) <= LONGEST_HEADER]
    wanted: tuple[Field, ...] = ("period", "responsible")  # times repeat, names do not
    return all(any(header_score(field, text) >= SECOND_PARTY_FROM for text in short) for field in wanted)


def chosen_headers(columns: Mapping[str, str]) -> dict[Field, str]:
    """``--column FIELD=HEADER`` as given, checked.

    Raises NotUnderstoodError for a field that a plan does not have.
    """
    chosen: dict[Field, str] = {}
    for name, header in columns.items():
        field = next((field for field in FIELDS if field == name), None)
        if field is None:
            raise NotUnderstoodError(
                f'there is no column "{name}" in a plan; name one of {", ".join(FIELDS)}',
                f"แผนไม่มีช่อง “{name}” ให้ใช้ชื่อใดชื่อหนึ่งใน {', '.join(FIELDS)}",
            )
        if fold(header):
            chosen[field] = fold(header)
    return chosen


def names_a_start(header: str) -> bool:
    """Whether a header of a period's column names its beginning alone (วันเริ่ม)."""
    return _STARTS.search(header) is not None and _ENDS.search(header) is None


def _overlap(cell: Cell, column: Column) -> int:
    return min(cell.column + cell.span, column.start + column.span) - max(cell.column, column.start)


def _goes_on(rows: Sequence[Row]) -> bool:
    """Whether the last of these rows belongs to the header that the others are.

    It is short, says nothing under the measure, and stands under a merged cell, beside merged ones, or (in a file that
    cannot merge) under empty ones.
    """
    *_, above, under = rows
    too_long = any(len(fold(cell.text)) > _LONGEST_LOWER_HEADER for cell in under.filled)
    if not under.filled or too_long or _numbers_columns(under, above) or _tells_a_measure(rows[0], under):
        return False
    beside_merged = any(cell.continues for cell in under.cells)  # มาตรการ over two rows, ระยะเวลา over one
    return beside_merged or _parts_merged(above, under) or _fills_empty(rows)


def _tells_a_measure(header: Row, under: Row) -> bool:
    """Whether a text stands under the header's measure: then it is the first row of the plan."""
    measure = max(header.filled, key=lambda cell: header_score("measure", cell.text))
    return any(cell.lines and not cell.continues for cell in under.cells if cell.column == measure.column)


def _parts_merged(above: Row, under: Row) -> bool:
    """ระยะเวลา over เริ่มต้น and สิ้นสุด, ปี ๒๕๖๖ over its months: two texts or more under one merged cell."""
    return any(
        cell.span > 1 and sum(bool(other.lines) and _inside(other, cell) for other in under.cells) > 1
        for cell in above.filled
    )


def _fills_empty(rows: Sequence[Row]) -> bool:
    """ระยะเวลา, empty over เริ่มต้น, สิ้นสุด: in CSV and text a merged cell is its first cell and empty ones beside it."""
    *_, above, under = rows
    filled = {cell.column for cell in under.filled}
    unmerged = all(cell.span == 1 for row in rows for cell in row.cells)
    return unmerged and any(not cell.lines and cell.column in filled for cell in above.cells)


def _numbers_columns(under: Row, above: Row) -> bool:
    """Whether a row of numbers numbers the columns, rather than the quarters that a cell above it announces."""
    if numbers_months([cell.text for cell in under.filled]):
        return False
    announced = all(
        any(_inside(cell, over) and numbers_parts(cell.text, over.text) for over in above.filled)
        for cell in under.filled
    )
    return is_column_numbering(under) and not announced


def _inside(cell: Cell, above: Cell) -> bool:
    return above.column <= cell.column and cell.column + cell.span <= above.column + above.span


def _stacked(rows: Sequence[Row]) -> list[_Stack]:
    """The columns of the lowest header row, each with the words over it from top to bottom."""
    stacks: list[_Stack] = []
    for cell in rows[-1].cells:
        words: list[str] = []
        for row in reversed(rows):
            over = next((other for other in row.cells if _inside(cell, other)), None)
            if words and over is not None and not over.lines and not over.continues:
                over = next((other for other in reversed(row.filled) if other.column <= cell.column), None)
            text = squeeze_spaces(over.text) if over is not None else ""
            if text and text not in words:
                words.insert(0, text)
        stacks.append(_Stack(tuple(words) or ("",), cell.column, cell.span))
    return stacks


def _assigned(stacks: list[_Stack], height: int, chosen: Mapping[Field, str], *, sure: bool) -> Layout | None:
    assignment = best_assignment([{field: _score_stack(field, stack, chosen) for field in FIELDS} for stack in stacks])
    times = times_in([stack.words for stack in stacks])
    if "period" in chosen:
        times = {}
    if not _is_header(stacks, assignment, chosen, sure=sure, timed=bool(times)):
        return None
    held = set(assignment.values())
    if not times and held - {"measure"} and "period" not in held | chosen.keys():
        times = years_in([stack.words for stack in stacks])
    columns = [_column(stack, assignment.get(index), stacks, assignment) for index, stack in enumerate(stacks)]
    for index, part in times.items():
        columns[index] = replace(columns[index], holds="period", part=part, timed=True)
    return Layout(tuple(columns), height)


def _column(stack: _Stack, field: Field | None, stacks: Sequence[_Stack], assignment: Mapping[int, Field]) -> Column:
    holds: Field | Literal["ordinal"] | None = field or _field_beside(stack, stacks, assignment)
    if holds is None and _ORDINAL.fullmatch(fold(stack.own)):  # ที่, ลำดับ
        holds = "ordinal"
    if holds is None and len(stack.words) > 1:  # สิ้นสุด under the ระยะเวลา that names เริ่มต้น's field too
        holds = _field_of_top(stacks, assignment, stack.words[0], stack.own)
    part = ""
    if holds is not None and holds != "ordinal" and not header_score(holds, stack.own):
        part = " ".join(reversed(stack.words[1:]))
    elif holds == "period" and _DEADLINE.match(stack.own):
        part = DEADLINE
    elif holds == "period" and (_STARTS.search(stack.own) or _ENDS.search(stack.own)):
        part = stack.own
    return Column(" ".join(stack.words), holds, stack.start, stack.span, part)


def _field_beside(stack: _Stack, stacks: Sequence[_Stack], assignment: Mapping[int, Field]) -> Field | None:
    """The field that a second column shares with its own: main and joint parties, start and end, numbered steps."""
    for index, field in assignment.items():
        other = stacks[index].own
        if (
            field == "responsible"
            and min(header_score(field, stack.own), header_score(field, other)) >= SECOND_PARTY_FROM
        ):
            return field
        ends = (_STARTS.search(stack.own) and _ENDS.search(other)) or (
            _ENDS.search(stack.own) and _STARTS.search(other)
        )
        if field == "period" and ends and header_score(field, stack.own):
            return field
        if field == "steps" and stack.own != other and _DIGITS.sub("", fold(stack.own)) == _DIGITS.sub("", fold(other)):
            return field  # ขั้นตอนที่ ๑, ขั้นตอนที่ ๒
    return None


def _field_of_top(stacks: Sequence[_Stack], assignment: Mapping[int, Field], top: str, own: str) -> Field | None:
    """The field of another column under the same highest header, where that header names it; none of what once was."""
    if is_former(own):
        return None
    for index, field in assignment.items():
        if stacks[index].words[0] == top and not header_score(field, stacks[index].own):
            return field
    return None


def _is_header(
    stacks: Sequence[_Stack], assignment: Mapping[int, Field], chosen: Mapping[Field, str], *, sure: bool, timed: bool
) -> bool:
    fields: set[Field] = {*assignment.values(), *(("period",) if timed else ())}
    if "measure" not in fields:
        return False
    if not fields & {"steps", "responsible", "period"}:  # a column of measures alone, that somebody named
        return "measure" in chosen and chosen.keys() <= fields
    firm = sum(
        any(len(word) * 2 >= len(text) and word in text for word in WORDS[field])
        for index, field in assignment.items()
        for text in [fold(" ".join(stacks[index].words))]
    )
    if sure:
        return len(fields) >= 3 and (bool(chosen) or firm >= 2)
    return bool(chosen) or firm > 0 or len(fields) >= 4  # four parts beside each other are no chance


def _score_stack(field: Field, stack: _Stack, chosen: Mapping[Field, str]) -> float:
    named = {fold(stack.own), fold("".join(stack.words))} - {""}
    if field in chosen:
        return 1000.0 if chosen[field] in named else 0.0
    if named & set(chosen.values()):
        return 0.0
    own = header_score(field, stack.own)
    if own or len(stack.words) == 1 or any(header_score(other, stack.own) for other in FIELDS):
        return own
    return header_score(field, " ".join(stack.words[:-1])) / (4 if is_former(stack.own) else 2)
