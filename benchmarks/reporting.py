"""Reports beside an empty document of the same library."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks import data
from benchmarks.empty import FLOORS
from benchmarks.measure import Line, Scale, beside, peak_megabytes
from tracker.models import Plan
from tracker.reports import render
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
        render(data.report(data.plan()), format_)  # fonts and word lists are loaded once in a process
        empty = peak_megabytes(floor) if scale.memory else 0
        for times, name in ((1, "seed"), (scale.copies, f"{scale.copies} × seed")):
            report = data.report(data.plan(times))
            peak = peak_megabytes(render, report, format_) if scale.memory else 0
            yield beside(
                f"{name} as {format_}",
                len(report.measures),
                partial(render, report, format_),
                floor,
                repeat=1 if times > 1 else scale.repeat,
                notes=[f"peak {peak:.0f} MB (empty document {empty:.0f} MB)"] if scale.memory else [],
            )


def _content(copies: data.Copies) -> None:
    with copies.database.reading() as session:
        report_data(session, session.get_one(Plan, 1), 12, data.ZONE)
