"""The six-column table as rows of cells, the one shape that every format writes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from tracker.plan_draft import DraftStep
from tracker.reports.data import ReportData, ReportMeasure
from tracker.reports.wording import typed
from tracker.thai.paragraphs import Paragraph, Paragraphs
from tracker.thai.words import width

WIDTHS = (3.0, 5.4, 2.6, 2.6, 8.2, 3.9)
"""Centimetres of each column on A4 landscape: the result is the widest, because the answer stands there."""
_FEWEST_STEPS = 2
_PADDING = 0.32
_CHARACTERS_PER_CM = 4.7
"""Sarabun at 10.7 pt, as TH SarabunPSK at 16 pt."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's typed paragraphs, where a line feed is a soft line break, and how many table rows it covers.

    ``led``: the first paragraph is a step's, and the others stand under it. ``open_below``: the next step of the same
    measure follows, so that only a light line parts them.
    """

    lines: tuple[str, ...]
    rows: int = 1
    led: bool = False
    open_below: bool = False


Row = tuple[Cell | None, ...]
"""Six cells; None where the cell above reaches down into this row."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Steps in a row that share their responsible party and period, both as they were written."""

    responsible: str
    period: str
    steps: tuple[DraftStep, ...]


def measure_rows(measure: ReportMeasure, data: ReportData, cited: str | None = None) -> tuple[Row, ...]:
    """A measure as table rows: a step and its result in each, where the summary says each step by its number.

    Responsible and period are printed as they were written; list numbers are typed text in the report's digits.
    ``cited`` closes the summary: where its evidence lies.
    """
    items = items_by_step(measure)
    if items is None:
        return stacked_rows(measure, data, cited)
    runs = _runs(measure)
    starts = {sum(len(run.steps) for run in runs[:place]): run for place, run in enumerate(runs)}
    last = len(items) - 1

    def whole(paragraphs: Paragraphs, index: int) -> Cell | None:
        return _cell(paragraphs, data, rows=len(items)) if index == 0 else None

    def rows() -> Iterator[Row]:
        for index, (step, item) in enumerate(zip(measure.steps, items, strict=True)):
            run = starts.get(index)
            result = (*item, *_citation(cited)) if index == last else item
            yield (
                whole(_heading(measure), index),
                _cell((Paragraph(step.number, step.text),), data, open_below=index < last),
                Cell(tuple(run.responsible.split("\n")), len(run.steps)) if run else None,
                Cell(tuple(run.period.split("\n")), len(run.steps)) if run else None,
                _cell(result, data, led=True, open_below=index < last),
                whole(measure.outcome, index),
            )

    return tuple(rows())


def stacked_rows(measure: ReportMeasure, data: ReportData, cited: str | None = None) -> tuple[Row, ...]:
    """A measure as table rows for files without merged cells: one, or one for each party and period of its steps."""
    runs = _runs(measure)

    def whole(paragraphs: Paragraphs, index: int) -> Cell | None:
        return _cell(paragraphs, data, rows=len(runs)) if index == 0 else None

    return tuple(
        (
            whole(_heading(measure), index),
            _cell(tuple(Paragraph(step.number, step.text) for step in run.steps), data),
            Cell(tuple(run.responsible.split("\n"))),
            Cell(tuple(run.period.split("\n"))),
            whole((*measure.summary, *_citation(cited)), index),
            whole(measure.outcome, index),
        )
        for index, run in enumerate(runs)
    )


def items_by_step(measure: ReportMeasure) -> list[Paragraphs] | None:
    """The summary's paragraphs by step; None where it has not exactly one item a step, led by the step's number."""
    numbers = [step.number for step in measure.steps]
    if not any(numbers):
        numbers = [*range(1, len(numbers) + 1)]
    items: list[list[Paragraph]] = []
    for paragraph in measure.summary:
        if isinstance(paragraph.number, int):
            items.append([paragraph])
        elif items:
            items[-1].append(paragraph)
        else:
            return None
    if len(numbers) < _FEWEST_STEPS or [item[0].number for item in items] != numbers:
        return None
    return [tuple(item) for item in items]


def _runs(measure: ReportMeasure) -> list[_Run]:
    return [
        _Run(responsible, period, tuple(steps))
        for (responsible, period), steps in groupby(
            measure.steps,
            key=lambda step: ((step.responsible or measure.responsible).text, (step.period or measure.period).text),
        )
    ] or [_Run(measure.responsible.text, measure.period.text, ())]


def _heading(measure: ReportMeasure) -> Paragraphs:
    return Paragraph(measure.number, measure.title), *measure.details


def _citation(cited: str | None) -> Paragraphs:
    return (Paragraph(None, cited),) if cited else ()


def _cell(
    paragraphs: Paragraphs, data: ReportData, *, rows: int = 1, led: bool = False, open_below: bool = False
) -> Cell:
    return Cell(tuple(typed(paragraph, data) for paragraph in paragraphs), rows, led, open_below)


def characters(widths: Sequence[float]) -> tuple[int, ...]:
    """How many characters that take width a line of each column holds; ``widths`` in centimetres."""
    return tuple(max(1, int((width - _PADDING) * _CHARACTERS_PER_CM)) for width in widths)


def lines_high(row: Row, longest: tuple[int, ...]) -> int:
    """About how many lines a row is high, where a line of each column holds so many characters of width."""
    return max(
        (
            sum(ceil(max(width(line), 1) / limit) for line in cell.lines)
            for cell, limit in zip(row, longest, strict=True)
            if cell and cell.rows == 1
        ),
        default=1,
    )


def is_open_below(cell: Cell | None) -> bool:
    """Whether the next step of the same measure follows under the cell."""
    return cell is not None and cell.open_below


def measure_lines(rows: Sequence[Row], longest: tuple[int, ...]) -> int:
    """About how many lines a measure's rows are high together."""
    columns = ([cell for cell in column if cell] for column in zip(*rows, strict=True))
    return max(
        sum(ceil(max(width(line), 1) / limit) for cell in column for line in cell.lines)
        for column, limit in zip(columns, longest, strict=True)
    )


def measures_by_chunk(data: ReportData, size: int) -> list[tuple[ReportMeasure, ...]]:
    """The measures in runs of ``size``: a layout engine's cost grows faster than one table's length."""
    return [data.measures[start : start + size] for start in range(0, len(data.measures), size)]


def cell_text(cell: Cell | None, *, soft_break: str) -> str:
    """A cell as one text, a paragraph a line; where a line feed begins a paragraph, a soft break must be another."""
    return "\n".join(line.replace("\n", soft_break) for line in cell.lines) if cell else ""
