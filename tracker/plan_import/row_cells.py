"""The cells of a row by what their columns hold. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tracker.plan_import.cells import items
from tracker.plan_import.grid import WRAP, Cell, Line, Row, unwrapped
from tracker.plan_import.header_words import FIELDS
from tracker.plan_import.headers import Layout
from tracker.plan_import.parties import names_units
from tracker.plan_import.period.columns import is_mark
from tracker.thai.numerals import to_arabic

MEASURE_LABEL = re.compile(r"มาตรการ\s*(?:ที่)?\s*[0-9]{1,3}(?![0-9.])")


def cells_by_field(under: Mapping[int, Sequence[Cell]], layout: Layout) -> dict[str, list[Cell]]:
    """The cells by the field of their column; lines that a page wrapped stay so only in names and times."""
    cells: dict[str, list[Cell]] = {name: [] for name in (*FIELDS, "ordinal")}
    for index, column in enumerate(layout.columns):
        if column.holds in ("responsible", "period"):
            cells[column.holds].extend(under.get(index, ()))
        elif column.holds is not None:
            cells[column.holds].extend(map(_unwrapped, under.get(index, ())))
    return cells


def _unwrapped(cell: Cell) -> Cell:
    if not any(WRAP in line.text for line in cell.lines):
        return cell
    return replace(cell, lines=tuple(replace(line, text=unwrapped(line.text)) for line in cell.lines))


def lines_in(cells: Iterable[Cell]) -> tuple[Line, ...]:
    """The lines of all these cells."""
    return tuple(line for cell in cells for line in cell.lines)


def ticked_party(cell: Cell, layout: Layout, row: Row) -> Cell:
    """The unit that a header names under ผู้รับผิดชอบ, where its cell holds but a mark; any other cell stays."""
    if not is_mark(cell.text):
        return cell
    over = layout.columns_over(cell, row)
    named = layout.columns[over[0]].part if over else ""
    return replace(cell, lines=(Line(named),)) if named and names_units(named) else cell


def is_numbered(lines: Sequence[Line]) -> bool:
    """Whether a measure's lines begin with a list number or a label such as มาตรการที่ ๑."""
    first = next(iter(items(lines)), None)
    return first is not None and (first.number is not None or MEASURE_LABEL.match(to_arabic(first.text)) is not None)
