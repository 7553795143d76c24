"""A period that stands in several columns: its start and end, or marks, fills and texts under months and quarters."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from tracker.plan_import.grid import Cell, Line, Row
from tracker.plan_import.headers import DEADLINE, FREQUENCY, Layout, names_a_start
from tracker.plan_import.period import tells_a_time, tells_only_how_often
from tracker.plan_import.time_headers import from_to, is_month, is_year
from tracker.thai.numerals import to_arabic

_SIGNS = r"/\\✓✔☑☒✗✘√xX×*●•■▪◆▲★➢○◄►◀▶←→↔⟵⟶⟷<>=üþýûÖP"
_MARK = re.compile(rf"[{_SIGNS}\s–—_.-]*[{_SIGNS}][–—_.\s-]*")
_DASH = re.compile(r"[–—_.\s-]+")
"""Part of a line between arrows (← - →); beside other marks it says that there is nothing in its month."""
_EMPTY_BOX = re.compile(r"[☐□\s]+")
_DAYS = re.compile(r"(?:วันที่)?(?P<days>(?:3[01]|[12]?[0-9])(?:(?:-|–|—|,|และ|ถึง|\s)+(?:3[01]|[12]?[0-9]))*)")
"""Days of the month that its column names."""
_COUNT = re.compile(r"(?:จำนวน)?[0-9]{1,2}(?:ครั้ง|รุ่น|เรื่อง|กิจกรรม|โครงการ|รอบ)")
_MOST_COUNTED = 4
"""Where no number under the months of a table is greater, they may count times as well as name days."""
_NO_SUM = re.compile("ไม่(?:ได้)?(?:ต้อง)?(?:ใช้|มี)(?:งบประมาณ|งบ)")
_SUM = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]{3,}(?:\.[0-9]+)?|[0-9.,]+บาท")
_RANGES = re.compile(r"[-–—~]|ถึง|ตั้งแต่|เริ่ม|ตลอด|ภายใน|\bto\b")
_DENIES = re.compile(r"ไม่|ยังไม่|งด|ยกเลิก|n/?a\b", re.IGNORECASE)
_STARTS, _STOPS = re.compile("[←◄◀⟵<]"), re.compile("[→►▶⟶>]")
_ARROW = re.compile("[◄►◀▶←→↔⟵⟶⟷<>]")

_FILLED = "■"
"""What is quoted of cells that only their fill could tell of."""

Source = Literal["cell", "marks", "fills", "texts", "counts"]


@dataclass(frozen=True, slots=True)
class JoinedPeriod:
    """The period as one cell, and what its words were read from; ``unread`` are texts that name no time."""

    cell: Cell
    source: Source = "cell"
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TimeTable:
    """What the rows of a table have in common: the fills that mark nothing, and whether its numbers may be counts."""

    plain_fills: frozenset[str] = frozenset()
    counts: bool = False


@dataclass(frozen=True, slots=True)
class _Under:
    """A cell under the columns of the period from ``first`` to ``last``."""

    first: int
    last: int
    cell: Cell

    @property
    def text(self) -> str:
        return self.cell.text


def is_mark(text: str) -> bool:
    """Whether a text is nothing but a sign that marks its cell (✓, /, X)."""
    return _MARK.fullmatch(text) is not None


def time_table(rows: Sequence[Row], layout: Layout) -> TimeTable:
    """What tells marks from looks: a fill that in every column stands in all rows or in none marks nothing."""
    filled = [row for row in rows if row.filled]
    under = [_timed(row, layout) for row in filled]
    columns: dict[str, dict[int, int]] = {}
    for one in (one for row in under for one in row if one.cell.fill):
        for column in range(one.first, one.last + 1):
            counts = columns.setdefault(one.cell.fill, {})
            counts[column] = counts.get(column, 0) + 1
    plain = {fill for fill, counts in columns.items() if len(filled) > 1 and set(counts.values()) == {len(filled)}}
    numbers = [
        int(number)
        for row in under
        for one in row
        if (found := _DAYS.fullmatch(_folded(one.text)))
        for number in re.findall("[0-9]+", found["days"])
    ]
    return TimeTable(frozenset(plain), bool(numbers) and max(numbers) <= _MOST_COUNTED)


def joined_period(row: Row, layout: Layout, table: TimeTable) -> JoinedPeriod:
    """The period cells of a row as one: a range where they name its ends, the marked months where they hold marks."""
    cells = _period_cells(row, layout)
    timed = [one for one in cells if layout.columns[one.first].timed]
    plain = [one for one in cells if not layout.columns[one.first].timed]
    said = [one for one in plain if one.cell.lines or one.cell.continues]
    if timed and not any(tells_a_time(one.text) for one in said):
        read = _of_times(row, timed, layout, table)
        if read.cell.lines or read.unread or not said:
            return read
    often = [one.text for one in said if layout.columns[one.first].part == FREQUENCY and one.cell.lines]
    said = [one for one in said if layout.columns[one.first].part != FREQUENCY]
    texts = [one.text for one in said if one.cell.lines]
    if len(said) == len(texts) == 1:
        column = layout.columns[said[0].first]
        texts = [_as_start(_as_deadline(texts[0], column.part), column.header)]
    words = " ".join(filter(None, (" - ".join(texts), *(text for text in often if text not in texts))))
    return JoinedPeriod(_cell(words, continues=bool(said) and not words))


def _period_cells(row: Row, layout: Layout) -> list[_Under]:
    found = []
    for cell in row.cells:
        under = [index for index in layout.columns_over(cell, row) if layout.columns[index].holds == "period"]
        if under:
            found.append(_Under(under[0], under[-1], cell))
    return found


def _timed(row: Row, layout: Layout) -> list[_Under]:
    return [one for one in _period_cells(row, layout) if layout.columns[one.first].timed]


def _of_times(row: Row, timed: Sequence[_Under], layout: Layout, table: TimeTable) -> JoinedPeriod:
    texts = [one for one in timed if one.cell.lines and not _EMPTY_BOX.fullmatch(one.text)]
    if not any(not _DASH.fullmatch(one.text) for one in texts):
        return _of_fills(row, timed, layout, table)
    marked = _marked(texts)
    named: list[tuple[int, int, str]] = []
    unread: list[str] = []
    source: Source = "marks"
    for one in texts:
        text = one.text
        if _MARK.fullmatch(text) or _DASH.fullmatch(text):
            continue
        said = _said(one, layout, table)
        if said is None:
            unread.append(text)
            if not (_DENIES.match(text) or _SUM.fullmatch(_folded(text))):
                marked.append(one)
                source = "texts"
        elif said:
            named.append((one.first, one.last, said))
        else:
            marked.append(one)
            source = "counts" if source == "marks" else source
    words = ", ".join(text for *_, text in sorted([*named, *_runs(marked, layout)]))
    return JoinedPeriod(_cell(words), source if words else "cell", tuple(unread))


def _said(one: _Under, layout: Layout, table: TimeTable) -> str | None:
    """The time that a text under a header names; empty for a mere mark, None for a text that names no time."""
    part = from_to(layout.columns[one.first].part, layout.columns[one.last].part)
    folded = _folded(one.text)
    days = _DAYS.fullmatch(folded)
    if is_year(part) and (days or any(one.fullmatch(folded) for one in (_COUNT, _SUM, _NO_SUM))):
        return ""
    if days and one.first == one.last and is_month(part) and not table.counts:
        return f"{to_arabic(one.text)} {part}"
    if days or _COUNT.fullmatch(folded):
        return ""
    if _SUM.fullmatch(folded) or _DENIES.match(one.text):
        return None
    if tells_a_time(one.text):
        whole = one.last - one.first + 1 >= sum(column.timed for column in layout.columns)
        return one.text if whole or not tells_only_how_often(one.text) else f"{one.text} {part}"
    return f"{one.text} {part}" if tells_a_time(f"{one.text} {part}", strictly=True) else None


def _marked(texts: Sequence[_Under]) -> list[_Under]:
    """The cells that hold marks; between ← and → all cells, whatever dashes stand there or nothing."""
    marks = [one for one in texts if _MARK.fullmatch(one.text)]
    if not any(_ARROW.search(one.text) for one in marks):
        return marks
    line = [one for one in texts if one in marks or _DASH.fullmatch(one.text)]
    joined: list[_Under] = []
    for one in line:
        before = joined[-1] if joined else None
        opens = before and _STARTS.search(before.text) and not _STOPS.search(before.text)
        if before and opens and _STOPS.search(one.text) and not _STARTS.search(one.text):
            joined[-1] = _Under(before.first, one.last, Cell((Line("↔"),), 0))
        elif before and opens and _DASH.fullmatch(one.text):
            joined[-1] = _Under(before.first, one.last, before.cell)
        else:
            joined.append(one)
    return joined


def _of_fills(row: Row, timed: Sequence[_Under], layout: Layout, table: TimeTable) -> JoinedPeriod:
    """The filled cells, where the fill is neither that of the row's other cells nor that of whole columns."""
    of_row = {cell.fill for cell in row.cells} if _filled_alike(row, timed) else set()
    texts = {cell.fill for cell in row.cells if not any(cell is one.cell for one in timed)}
    plain = of_row | texts | table.plain_fills | {""}
    marked = [one for one in timed if one.cell.fill not in plain]
    told = len(marked) < len(timed) or len({one.cell.fill for one in marked}) == 1
    if not told or (not marked and table.plain_fills & {one.cell.fill for one in timed}):
        return JoinedPeriod(_cell(""), unread=(_FILLED,))
    continues = any(one.cell.continues for one in timed) and not marked
    words = ", ".join(text for *_, text in _runs(marked, layout))
    return JoinedPeriod(_cell(words, continues=continues), "fills" if marked else "cell")


def _filled_alike(row: Row, timed: Sequence[_Under]) -> bool:
    return len({cell.fill for cell in row.cells}) == 1 and len(row.cells) > len(timed)


def _as_deadline(text: str, part: str) -> str:
    """What stands under ภายในวันที่ is a deadline, said in the cell or not."""
    return f"{part} {text}" if part == DEADLINE and not text.startswith(part) else text


def _as_start(text: str, header: str) -> str:
    """What stands alone under วันเริ่ม is a start, of which nobody says when it ends."""
    alone = names_a_start(header) and not _RANGES.search(text) and tells_a_time(text, strictly=True)
    return f"ตั้งแต่ {text}" if alone and not tells_only_how_often(text) else text


def _runs(marked: Collection[_Under], layout: Layout) -> list[tuple[int, int, str]]:
    """The marked columns in runs, each with its time."""
    order = [index for index, column in enumerate(layout.columns) if column.timed]
    place = {index: at for at, index in enumerate(order)}
    runs: list[tuple[int, int]] = []
    for one in sorted(marked, key=lambda one: one.first):
        if runs and place[one.first] <= place[runs[-1][1]] + 1:
            runs[-1] = (runs[-1][0], max(runs[-1][1], one.last))
        else:
            runs.append((one.first, one.last))
    parts = [column.part for column in layout.columns]
    return [(first, last, from_to(parts[first], parts[last])) for first, last in runs]


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", to_arabic(text)).replace(" ", "").lower()


def _cell(text: str, *, continues: bool = False) -> Cell:
    return Cell((Line(text),) if text else (), 0, continues=continues)
