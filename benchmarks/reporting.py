"""Reports beside an empty document of the same library."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks import data
from benchmarks.empty import FLOORS
from benchmarks.measure import Line, Scale, beside, peak_megabytes
from tracker.models import Plan
from tracker.reports import render
from tracker.reports.data import ReportData
from tracker.services.rounds import report_data


def lines(scale: Scale, folder: Path) -> Iterator[Line]:
    """The content from the database, then every kind of file, for the seed and for a plan many times as large."""
    copies = data.Copies(folder)
    data.store(copies.database, data.plan(scale.copies))
    yield beside(
        f"{scale.copies} × seed, content (floor: reading the rows)",
        len(data.plan(scale.copies).measures),
        partial(_content, copies),
        copies.rows,
        repeat=scale.repeat,
    )
    for format_, floor in FLOORS.items():
        for times, name in ((1, "seed"), (scale.copies, f"{scale.copies} × seed")):
            report = data.report(data.plan(times))
            render(report, format_)  # fonts and word lists are loaded once in a process
            yield beside(
                f"{name} as {format_}",
                len(report.measures),
                partial(render, report, format_),
                floor,
                repeat=1 if times > 1 else scale.repeat,
                notes=[_memory(report, format_, floor)] if scale.memory else [],
            )


def _memory(report: ReportData, format_: str, floor: Callable[[], object]) -> str:
    used, empty = peak_megabytes(render, report, format_), peak_megabytes(floor)
    return f"peak {used:.0f} MB (empty document {empty:.0f} MB)"


def _content(copies: data.Copies) -> None:
    with copies.database.reading() as session:
        report_data(session, session.get_one(Plan, 1), 12, data.ZONE)
