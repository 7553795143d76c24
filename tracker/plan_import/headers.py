"""Header words: which column holds which part of a plan, found by what the header says, never by position."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Literal

from tracker.errors import NotUnderstoodError
from tracker.plan_import.assignment import best_assignment
from tracker.plan_import.grid import Cell, Row
from tracker.plan_import.header_words import FIELDS, WORDS, Field
from tracker.plan_import.period.months import without_marks
from tracker.plan_import.time_headers import numbers_months, numbers_parts, times_in, years_in
from tracker.thai.numerals import to_arabic
from tracker.thai.text import fix_text, squeeze_spaces

_ORDINAL = re.compile(r"(?:ที่|ลำดับ(?:ที่)?|ข้อ(?:ที่)?|no|#)")
_PUNCTUATION = re.compile(r"[\s/\\.:;,()\[\]–—_*\"“”'-]+")
_ABOUT_OTHERS = re.compile("ตัวชี้วัด|ติดตาม|กำกับ")
_STRATEGY = re.compile("แนวทาง(?:การ)?พัฒนา")
_STARTS = re.compile("เริ่ม|ตั้งแต่|^start|^from", re.IGNORECASE)
_ENDS = re.compile("สิ้นสุด|เสร็จ|^ถึง|^(?:end|finish|to)(?![a-z])", re.IGNORECASE)
_FORMER = re.compile("เดิม|ก่อนปรับ|former|previous", re.IGNORECASE)
"""What a column of the same name once held: ระยะเวลาเดิม beside ระยะเวลาใหม่."""
_NAMES_PARTIES = re.compile("รับผิดชอบ|หน่วยงาน|ส่วนราชการ|เจ้าภาพ|responsible|owner", re.IGNORECASE)
_DEADLINE = re.compile("^(?:ให้)?(?:แล้ว)?(?:เสร็จ)?ภายใน")
_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_BARE_NUMBER = re.compile(r"[(\[]?\s*[0-9๐-๙]{1,2}\s*[.)\]]*")

DEADLINE = "ภายใน"
"""The part of a period column whose cells are its end alone."""
FREQUENCY = "ความถี่"
"""The part of a period column whose cells say how often within the other's days."""
HEADER_WITHIN = 60
"""Rows from a table's top in which its header is looked for: cover and instructions of a sheet take a page."""
_ANYWHERE_FROM = 85
"""The least weight of a word that names a field wherever it stands in a header (ผู้รับผิดชอบ); lighter ones must begin it,
for กิจกรรม or รายการ stands in headers of every kind."""
_LONGEST_HEADER = 70
"""Letters of the longest header; more are a sentence of the plan."""
_LONGEST_LOWER_HEADER = 40
"""Letters of the longest header in a second or third header row, where only parts of a field stand."""
_MOST_COLUMNS = 60
"""A plan by weeks has 52 columns of time and some of text; a row of more is a sheet of figures."""
_TALLEST = 3
"""Header rows: ระยะเวลา over its years over their months."""
_SECOND_PARTY_FROM = 75
"""The least score of a second column of parties (หน่วยงานหลัก, ผู้รับผิดชอบร่วม): both name them firmly."""
_LEAST_LETTERS = 5
"""Letters without marks of a header word in which one slip is still a slip and no other word."""
_LEAST_SCORE = 25.0
"""Below it a header only holds a word by chance."""


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


@lru_cache(maxsize=256)
def fold(header: str) -> str:
    """A header without spaces and punctuation, digits Arabic, lower case."""
    return _PUNCTUATION.sub("", to_arabic(fix_text(header))).casefold()


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


def is_column_numbering(row: Row) -> bool:
    """Whether a row under the header only numbers the columns: (๑) (๒) (๓)."""
    texts = [cell.text for cell in row.filled]
    return len(texts) >= 2 and all(_BARE_NUMBER.fullmatch(text) for text in texts)


def is_headed(row: Row) -> bool:
    """Whether short cells of a row name the parties and the times of a plan: seen fast, row by row."""
    texts = [cell.text for cell in row.filled]
    if len(texts) <= 2 or not any(len(text) <= _LONGEST_HEADER and _NAMES_PARTIES.search(text) for text in texts):
        return False
    short = [text for text in texts if len(text) <= _LONGEST_HEADER]
    wanted: tuple[Field, ...] = ("responsible", "period")
    return all(any(_score(field, text) >= _SECOND_PARTY_FROM for text in short) for field in wanted)


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


def header_score(field: Field, header: str) -> float:
    """How firmly a header names a field; 0 where it does not."""
    return _score(field, header)


def is_former(header: str) -> bool:
    """Whether a header names what once was (ระยะเวลาเดิม)."""
    return _FORMER.search(header) is not None


def labels_a_field(text: str) -> bool:
    """Whether a cell is a label of a form (ผู้รับผิดชอบ, ระยะเวลาดำเนินการ) rather than a measure."""
    return any(_score(field, text) >= _SECOND_PARTY_FROM for field in ("responsible", "period"))


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
    measure = max(header.filled, key=lambda cell: _score("measure", cell.text))
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
    if holds is not None and holds != "ordinal" and not _score(holds, stack.own):
        part = " ".join(reversed(stack.words[1:]))
    elif holds == "period" and _DEADLINE.match(stack.own):
        part = DEADLINE
    elif holds == "period" and (_STARTS.search(stack.own) or _ENDS.search(stack.own)):
        part = stack.own
    return Column(" ".join(stack.words), holds, stack.start, stack.span, part)


def _field_beside(stack: _Stack, stacks: Sequence[_Stack], assignment: Mapping[int, Field]) -> Field | None:
    """The field that a second column shares with its own: main and joint parties, a period's start and end."""
    for index, field in assignment.items():
        other = stacks[index].own
        if field == "responsible" and min(_score(field, stack.own), _score(field, other)) >= _SECOND_PARTY_FROM:
            return field
        ends = (_STARTS.search(stack.own) and _ENDS.search(other)) or (
            _ENDS.search(stack.own) and _STARTS.search(other)
        )
        if field == "period" and ends and _score(field, stack.own):
            return field
    return None


def _field_of_top(stacks: Sequence[_Stack], assignment: Mapping[int, Field], top: str, own: str) -> Field | None:
    """The field of another column under the same highest header, where that header names it; none of what once was."""
    if _FORMER.search(own):
        return None
    for index, field in assignment.items():
        if stacks[index].words[0] == top and not _score(field, stacks[index].own):
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
    own = _score(field, stack.own)
    if own or len(stack.words) == 1 or any(_score(other, stack.own) for other in FIELDS):
        return own
    return _score(field, " ".join(stack.words[:-1])) / (4 if _FORMER.search(stack.own) else 2)


@lru_cache(maxsize=1024)
def _score(field: Field, header: str) -> float:
    """How well a header names a field: a word's weight, less where the header only begins with it or holds it."""
    best = 0.0
    for text in {fold(header), fold(_BRACKETS.sub("", header))}:
        if len(text) > _LONGEST_HEADER:
            continue
        for word, weight in WORDS[field].items():
            coverage = len(word) / max(len(text), 1)
            if text == word:
                best = max(best, float(weight))
            elif text.startswith(word) and coverage >= 0.1:  # ระยะเวลาดำเนินการ(ปีงบประมาณ…): the word, then what of it
                best = max(best, weight * (0.8 + 0.15 * coverage))
            elif word in text and weight >= _ANYWHERE_FROM and coverage >= 0.3 and not _ABOUT_OTHERS.search(text):
                # กอง/ผู้รับผิดชอบ, but not กำกับติดตามผู้รับผิดชอบ
                best = max(best, weight * (0.5 + 0.2 * coverage))
    if not best and len(fold(header)) <= _LONGEST_HEADER:
        text = without_marks(fold(header))
        best = max((0.6 * weight for word, weight in _firm_words(field) if _begins_with_a_slip(text, word)), default=0)
    if _FORMER.search(header):
        best /= 2
    aims = field == "steps" and _STRATEGY.match(fold(header))  # of a strategy, above its projects
    return best if best >= _LEAST_SCORE and not aims else 0.0


@cache
def _firm_words(field: Field) -> tuple[tuple[str, int], ...]:
    """The words without marks that name a field wherever they stand, long enough that one slip is still a slip."""
    words = ((without_marks(fold(word)), weight) for word, weight in WORDS[field].items() if weight >= _ANYWHERE_FROM)
    return tuple((word, weight) for word, weight in words if len(word) >= _LEAST_LETTERS)


def _begins_with_a_slip(text: str, word: str) -> bool:
    """Whether a text begins with a word in which one letter is changed, left out or added (มาตราการ), or none."""
    same = next((at for at, (one, other) in enumerate(zip(text, word, strict=False)) if one != other), len(word))
    if same >= len(word) - 1:
        return len(text) >= len(word) - 1
    rest = text[same:]
    return rest[1:].startswith((word[same + 1 :], word[same:])) or rest.startswith(word[same + 1 :])
