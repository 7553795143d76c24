"""A period that stands in several columns: its start and end, or marks under months and quarters."""

import re
from dataclasses import dataclass

from tracker.plan_import.grid import Cell, Line, Row
from tracker.plan_import.headers import DEADLINE, Layout
from tracker.plan_import.time_headers import from_to
from tracker.thai.numerals import to_arabic

_MARK = re.compile(r"[/\\✓✔√xX×*●•■▲◆◄►←→↔⟷<>=üþ\s–—-]*[/\\✓✔√xX×*●•■▲◆◄►←→↔⟷<>=üþ][–—\s-]*")


_DASH = re.compile(r"[–—\s-]+")
"""Part of a line between arrows (← - →); beside other marks it says that there is nothing in its month."""
_DAY = re.compile(r"[12]?[0-9]|3[01]")
"""A day of the month that its column names."""
_ARROW = re.compile("[◄►←→↔⟷<>]")


@dataclass(frozen=True, slots=True)
class JoinedPeriod:
    """The period as one cell; ``from_marks`` if its words are those of the headers over the marks."""

    cell: Cell
    from_marks: bool


def joined_period(row: Row, layout: Layout) -> JoinedPeriod:
    """The period cells of a row as one: a range where they name its ends, the marked months where they hold marks."""
    found: list[tuple[int, int, Cell]] = []
    for cell in row.cells:
        under = [index for index in layout.columns_over(cell, row) if layout.columns[index].holds == "period"]
        if under and (cell.lines or cell.continues):
            found.append((under[0], under[-1], cell))
    if not found:
        return JoinedPeriod(Cell((), 0), from_marks=False)
    texts = [cell.text for *_, cell in found if cell.lines]
    if len(found) == len(texts) == 1:
        texts = [_as_deadline(texts[0], layout.columns[found[0][0]].part)]
    days = [to_arabic(text) for text in texts]
    if texts and all(map(_DAY.fullmatch, days)) and all(layout.columns[first].part for first, *_ in found):
        named = [f"{to_arabic(cell.text)} {layout.columns[first].part}" for first, _, cell in found if cell.lines]
        return JoinedPeriod(_cell(", ".join(named)), from_marks=True)
    marks = [text for text in texts if _MARK.fullmatch(text)]
    if marks and all(text in marks or _DASH.fullmatch(text) for text in texts):
        line = any(_ARROW.search(text) for text in marks)
        marked = [(first, last) for first, last, cell in found if cell.text in (texts if line else marks)]
        return JoinedPeriod(_cell(", ".join(_months(marked, layout))), from_marks=True)
    return JoinedPeriod(_cell(" - ".join(texts), continues=not texts), from_marks=False)


def _as_deadline(text: str, part: str) -> str:
    """What stands under ภายในวันที่ is a deadline, said in the cell or not."""
    return f"{part} {text}" if part == DEADLINE and not text.startswith(part) else text


def _months(marked: list[tuple[int, int]], layout: Layout) -> list[str]:
    runs: list[tuple[int, int]] = []
    for first, last in marked:
        if runs and first == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], last)
        else:
            runs.append((first, last))
    parts = [column.part for column in layout.columns]
    return [from_to(parts[first], parts[last]) for first, last in runs]


def _cell(text: str, *, continues: bool = False) -> Cell:
    return Cell((Line(text),) if text else (), 0, continues=continues)
