"""The six-column table as rows of cells, the one shape that every format writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from tracker.reports.data import ReportData, ReportMeasure
from tracker.reports.wording import typed
from tracker.thai.paragraphs import Paragraph
from tracker.thai.words import width

WIDTHS = (3.0, 5.4, 2.6, 2.6, 8.2, 3.9)
"""Centimetres of each column on A4 landscape: the result is the widest, because the answer stands there."""
_PADDING = 0.32
_CHARACTERS_PER_CM = 4.7
"""Sarabun at 10.7 pt, as TH SarabunPSK at 16 pt."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's typed paragraphs, where a line feed is a soft line break, and how many table rows it covers."""

    lines: tuple[str, ...]
    rows: int = 1


Row = tuple[Cell | None, ...]
"""Six cells; None where the cell above reaches down into this row."""


def measure_rows(measure: ReportMeasure, data: ReportData, cited: str | None = None) -> tuple[Row, ...]:
    """A measure as table rows: one, or one for each run of steps that has its own responsible party or period.

    Responsible and period are printed as they were written; list numbers are typed text in the report's digits.
    ``cited`` closes the summary: where its evidence lies.
    """
    runs = [
        (responsible, period, tuple(steps))
        for (responsible, period), steps in groupby(
            measure.steps,
            key=lambda step: ((step.responsible or measure.responsible).text, (step.period or measure.period).text),
        )
    ] or [(measure.responsible.text, measure.period.text, ())]

    def cell(paragraphs: tuple[Paragraph, ...], rows: int = 1) -> Cell:
        return Cell(tuple(typed(paragraph, data) for paragraph in paragraphs), rows)

    def whole(paragraphs: tuple[Paragraph, ...], index: int) -> Cell | None:
        return cell(paragraphs, len(runs)) if index == 0 else None

    heading = (Paragraph(measure.number, measure.title), *measure.details)
    return tuple(
        (
            whole(heading, index),
            cell(tuple(Paragraph(step.number, step.text) for step in steps)),
            Cell(tuple(responsible.split("\n"))),
            Cell(tuple(period.split("\n"))),
            whole((*measure.summary, *((Paragraph(None, cited),) if cited else ())), index),
            whole(measure.outcome, index),
        )
        for index, (responsible, period, steps) in enumerate(runs)
    )


def characters(widths: Sequence[float]) -> tuple[int, ...]:
    """How many characters that take width a line of each column holds; ``widths`` in centimetres."""
    return tuple(max(1, int((width - _PADDING) * _CHARACTERS_PER_CM)) for width in widths)


def lines_high(row: Row, longest: tuple[int, ...]) -> int:
    """About how many lines a row is high, where a line of each column holds so many characters of width."""
    return max(
        sum(ceil(max(width(line), 1) / limit) for line in cell.lines) // cell.rows
        for cell, limit in zip(row, longest, strict=True)
        if cell
    )


def measures_by_chunk(data: ReportData, size: int) -> list[tuple[ReportMeasure, ...]]:
    """The measures in runs of ``size``: a layout engine's cost grows faster than one table's length."""
    return [data.measures[start : start + size] for start in range(0, len(data.measures), size)]


def cell_text(cell: Cell | None, *, soft_break: str) -> str:
    """A cell as one text, a paragraph a line; where a line feed begins a paragraph, a soft break must be another."""
    return "\n".join(line.replace("\n", soft_break) for line in cell.lines) if cell else ""
