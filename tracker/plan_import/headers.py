"""Header words: which column holds which part of a plan, found by what the header says, never by position."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from tracker.errors import NotUnderstoodError
from tracker.plan_import.grid import Cell, Row
from tracker.thai.numerals import to_arabic
from tracker.thai.text import mend, squeeze_spaces

Field = Literal["measure", "steps", "responsible", "period", "summary", "outcome"]

FIELDS: Final[tuple[Field, ...]] = ("measure", "steps", "responsible", "period", "summary", "outcome")

TITLES: Final[Mapping[Field, str]] = {
    "measure": "มาตรการ/แนวทาง",
    "steps": "ขั้นตอน/วิธีปฏิบัติ",
    "responsible": "หน่วยงานผู้รับผิดชอบ",
    "period": "ระยะเวลาดำเนินการ",
    "summary": "สรุปผลดำเนินการ",
    "outcome": "ผลลัพธ์/ความสำเร็จ",
}
"""The six columns as the plan itself names them."""

_WORDS: Final[Mapping[Field, Mapping[str, int]]] = {
    "measure": {
        "มาตรการ": 100,
        "กิจกรรมโครงการ": 75,
        "โครงการกิจกรรม": 75,
        "แนวทาง": 70,
        "แผนงานโครงการ": 70,
        "โครงการ": 65,
        "แผนงาน": 60,
        "ประเด็น": 60,
        "กิจกรรม": 55,
        "กลยุทธ์": 45,
        "หัวข้อ": 45,
        "รายการ": 45,
        "ภารกิจ": 45,
        "เรื่อง": 45,
        "measure": 100,
    },
    "steps": {
        "ขั้นตอน": 95,
        "วิธีปฏิบัติ": 90,
        "วิธีดำเนิน": 90,
        "วิธีการดำเนิน": 90,
        "วิธีการปฏิบัติ": 90,
        "วิธีการ": 80,
        "กระบวนการ": 55,
        "แนวทางการดำเนิน": 80,
        "แนวทางดำเนิน": 80,
        "แนวทางการปฏิบัติ": 80,
        "แนวทางปฏิบัติ": 80,
        "กิจกรรมที่ดำเนิน": 75,
        "กิจกรรมการดำเนิน": 75,
        "รายละเอียดกิจกรรม": 75,
        "กิจกรรม": 65,
        "การปฏิบัติ": 60,
        "รายละเอียด": 55,
        "การดำเนินการ": 50,
        "การดำเนินงาน": 50,
        "แนวทาง": 45,
        "step": 100,
    },
    "responsible": {
        "หน่วยงานผู้รับผิดชอบ": 100,
        "ผู้รับผิดชอบ": 100,
        "หน่วยงานรับผิดชอบ": 100,
        "หน่วยงานที่รับผิดชอบ": 100,
        "รับผิดชอบ": 85,
        "ส่วนราชการ": 75,
        "ผู้ดำเนินการ": 75,
        "หน่วยงาน": 70,
        "เจ้าภาพ": 65,
        "ผู้ปฏิบัติ": 60,
        "กลุ่มงาน": 50,
        "responsible": 100,
    },
    "period": {
        "ระยะเวลา": 100,
        "กำหนดเวลา": 95,
        "ห้วงเวลา": 95,
        "ห้วงระยะเวลา": 95,
        "ช่วงเวลา": 95,
        "ช่วงระยะเวลา": 95,
        "กรอบเวลา": 90,
        "กรอบระยะเวลา": 90,
        "กำหนดแล้วเสร็จ": 95,
        "กำหนดการ": 85,
        "กำหนดส่ง": 80,
        "เวลาดำเนิน": 85,
        "เวลาที่ดำเนิน": 85,
        "เดือนที่ดำเนิน": 80,
        "วันที่ดำเนิน": 80,
        "ปฏิทิน": 75,
        "วันเดือนปี": 75,
        "แผนการดำเนินงาน": 55,
        "ไตรมาส": 50,
        "เวลา": 50,
        "period": 100,
    },
    "summary": {
        "สรุปผล": 100,
        "ผลการดำเนิน": 100,
        "ผลดำเนิน": 95,
        "ผลการปฏิบัติ": 90,
        "รายงานผล": 85,
        "สิ่งที่ได้ดำเนิน": 75,
        "ความก้าวหน้า": 70,
        "การดำเนินการ": 45,
        "การดำเนินงาน": 45,
        "summary": 100,
    },
    "outcome": {
        "ผลลัพธ์": 100,
        "ความสำเร็จ": 90,
        "ผลสัมฤทธิ์": 90,
        "ผลสำเร็จ": 90,
        "ผลที่ได้": 85,
        "ผลผลิตผลลัพธ์": 85,
        "ผลที่เกิดขึ้น": 80,
        "ผลผลิต": 60,
        "outcome": 100,
    },
}
_ORDINAL = re.compile(r"(?:ที่|ลำดับ(?:ที่)?|ข้อ(?:ที่)?|no|#)")
_PUNCTUATION = re.compile(r"[\s/\\.:;,()\[\]–—_*\"“”'-]+")
_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]")
_BARE_NUMBER = re.compile(r"[(\[]?\s*[0-9๐-๙]{1,2}\s*[.)\]]*")

_ANYWHERE_FROM = 85
_LONGEST_HEADER = 70
_MOST_COLUMNS = 60
_LEAST_SCORE = 25.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the header: its words, what it holds (None: not a part of a plan), and the grid columns it covers.

    ``part`` is the lower of two header rows where the upper one names the field (เริ่มต้น under ระยะเวลา).
    """

    header: str
    holds: Field | Literal["ordinal"] | None
    start: int
    span: int
    part: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """What a header says: its columns from left to right, over ``height`` rows."""

    columns: tuple[Column, ...]
    height: int

    def fields(self) -> set[Field]:
        """The parts of a plan that the table has."""
        return {column.holds for column in self.columns if column.holds and column.holds != "ordinal"}

    def cells_of(self, row: Row) -> dict[int, list[Cell]]:
        """The cells of a row under each column, by the column's index.

        Rows of as many cells as the header are matched one to one (borders of real tables are seldom aligned), others
        by the grid columns they cover.
        """
        under: dict[int, list[Cell]] = {}
        if len(row.cells) == len(self.columns):
            return {index: [cell] for index, cell in enumerate(row.cells)}
        for cell in row.cells:
            overlaps = [_overlap(cell, column) for column in self.columns]
            best = max(range(len(overlaps)), key=lambda index: (overlaps[index], -index))
            if overlaps[best] > 0:
                under.setdefault(best, []).append(cell)
            elif cell.lines:
                under.setdefault(-1, []).append(cell)
        return under

    def repeats_in(self, row: Row) -> bool:
        """Whether a row is this header again (at least half of its columns, and two of them)."""
        known = {fold(column.header) for column in self.columns} | {fold(c.part) for c in self.columns if c.part}
        texts = [fold(cell.text) for cell in row.filled]
        same = sum(text in known for text in texts)
        return same >= 2 and same * 2 > len(texts)


def fold(header: str) -> str:
    """A header without blanks and punctuation, digits Arabic, lower case."""
    return _PUNCTUATION.sub("", to_arabic(mend(header))).casefold()


def find_layout(rows: Sequence[Row], index: int, chosen: Mapping[Field, str]) -> Layout | None:
    """The layout if the header begins at ``rows[index]``, over one row or two; None where that row is no header."""
    top = rows[index]
    if not 2 <= len(top.filled) <= _MOST_COLUMNS:
        return None
    under = rows[index + 1] if index + 1 < len(rows) else None
    if under is not None and _is_second_header_row(top, under):
        double = _assigned(_double_columns(top, under), 2, chosen)
        if double is not None:
            return double
    single = [Column(squeeze_spaces(cell.text), None, cell.column, cell.span) for cell in top.cells]
    return _assigned([(column, "") for column in single], 1, chosen)


def is_column_numbering(row: Row) -> bool:
    """Whether a row under the header only numbers the columns: (๑) (๒) (๓)."""
    texts = [cell.text for cell in row.filled]
    return len(texts) >= 2 and all(_BARE_NUMBER.fullmatch(text) for text in texts)


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


def _overlap(cell: Cell, column: Column) -> int:
    return min(cell.column + cell.span, column.start + column.span) - max(cell.column, column.start)


def _is_second_header_row(top: Row, under: Row) -> bool:
    if len(under.filled) == 0 or any(len(fold(cell.text)) > 40 for cell in under.filled):
        return False
    if any(_score("measure", cell.text) for cell in under.filled) and not any(cell.span > 1 for cell in top.filled):
        return False
    starts = {cell.column: cell for cell in under.cells}
    below_spans = any(
        cell.span > 1 and sum(bool(other.lines) and _inside(other, cell) for other in under.cells) > 1
        for cell in top.filled
    )
    merged_down = any(cell.continues for cell in under.cells)
    measure = max(top.filled, key=lambda cell: _score("measure", cell.text))
    below_measure = starts.get(measure.column)
    if below_measure is not None and below_measure.lines:
        return False
    unmerged = all(cell.span == 1 for cell in (*top.cells, *under.cells)) and any(
        not cell.lines and cell.column in starts and starts[cell.column].lines for cell in top.cells
    )
    return below_spans or merged_down or unmerged


def _inside(cell: Cell, above: Cell) -> bool:
    return above.column <= cell.column and cell.column + cell.span <= above.column + above.span


def _double_columns(top: Row, under: Row) -> list[tuple[Column, str]]:
    columns: list[tuple[Column, str]] = []
    for cell in under.cells:
        above = next((other for other in top.cells if _inside(cell, other)), None)
        if above is not None and not above.lines and cell.lines:
            above = next((other for other in reversed(top.filled) if other.column <= cell.column), None)
        parent = squeeze_spaces(above.text) if above else ""
        own = "" if cell.continues else squeeze_spaces(cell.text)
        columns.append((Column(own or parent, None, cell.column, cell.span), parent if own else ""))
    return columns


def _assigned(columns: list[tuple[Column, str]], height: int, chosen: Mapping[Field, str]) -> Layout | None:
    scores = [
        {field: _score_column(field, column.header, parent, chosen) for field in FIELDS} for column, parent in columns
    ]
    assignment = _best_assignment(scores)
    if not _is_header(columns, assignment, chosen):
        return None
    found: list[Column] = []
    for index, (column, parent) in enumerate(columns):
        holds: Field | Literal["ordinal"] | None = assignment.get(index)
        if holds is None and _ORDINAL.fullmatch(fold(column.header)):
            holds = "ordinal"
        if holds is None and parent:
            holds = _field_of_parent(columns, assignment, parent)
        named_by_parent = parent and holds and holds != "ordinal" and not _score(holds, column.header)
        part = column.header if named_by_parent else ""
        header = f"{parent} {column.header}" if parent else column.header
        found.append(Column(header, holds, column.start, column.span, part))
    return Layout(tuple(found), height)


def _field_of_parent(columns: list[tuple[Column, str]], assignment: Mapping[int, Field], parent: str) -> Field | None:
    for index, field in assignment.items():
        column, above = columns[index]
        if above == parent and not _score(field, column.header):
            return field
    return None


def _is_header(columns: list[tuple[Column, str]], assignment: Mapping[int, Field], chosen: Mapping[Field, str]) -> bool:
    fields = set(assignment.values())
    if "measure" not in fields or not fields & {"steps", "responsible", "period"}:
        return False
    named = [f"{parent} {column.header}" for column, parent in columns]
    return bool(chosen) or any(
        len(word) * 2 >= len(fold(named[index])) and word in fold(named[index])
        for index, field in assignment.items()
        for word in _WORDS[field]
    )


def _score_column(field: Field, header: str, parent: str, chosen: Mapping[Field, str]) -> float:
    named = {fold(header), fold(parent + header)} - {""}
    if field in chosen:
        return 1000.0 if chosen[field] in named else 0.0
    if named & set(chosen.values()):
        return 0.0
    own = _score(field, header)
    if own or not parent or any(_score(other, header) for other in FIELDS):
        return own
    return _score(field, parent) / 2


def _score(field: Field, header: str) -> float:
    """How well a header names a field: a word's weight, less where the header only begins with it or holds it."""
    best = 0.0
    for text in {fold(header), fold(_BRACKETS.sub("", header))}:
        if len(text) > _LONGEST_HEADER:
            continue
        for word, weight in _WORDS[field].items():
            coverage = len(word) / max(len(text), 1)
            if text == word:
                best = max(best, float(weight))
            elif text.startswith(word) and coverage >= 0.2:
                best = max(best, weight * (0.8 + 0.15 * coverage))
            elif word in text and weight >= _ANYWHERE_FROM and coverage >= 0.3 and "ตัวชี้วัด" not in text:
                best = max(best, weight * (0.5 + 0.2 * coverage))
    return best if best >= _LEAST_SCORE else 0.0


def _best_assignment(scores: Sequence[Mapping[Field, float]]) -> dict[int, Field]:
    """The columns' fields with the greatest sum of scores; one with a measure wins over any without."""
    best: dict[int, tuple[float, dict[int, Field]]] = {0: (0.0, {})}
    for index, column in enumerate(scores):
        for taken, (total, chosen) in list(best.items()):
            for bit, field in enumerate(FIELDS):
                score = column[field]
                mask = taken | 1 << bit
                if score and not taken & 1 << bit and total + score > best.get(mask, (0.0, {}))[0]:
                    best[mask] = (total + score, {**chosen, index: field})
    with_measure = [entry for mask, entry in best.items() if mask & 1]
    return max(with_measure or best.values(), key=lambda entry: entry[0])[1]
