"""Reports beside an empty document of the same library, then beside the same content by other programs."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks import data
from benchmarks.empty import FLOORS
from benchmarks.measure import Best, Line, Scale, beside, peak_megabytes
from benchmarks.office import has_office, office_pdf, plain_docx
from tracker.models import Plan
from tracker.reports import render
from tracker.reports.data import ReportData
from tracker.services.reports.compose import report_data

_ROWS = 107
"""Of the annex, for each copy of the seed."""


def lines(scale: Scale, folder: Path) -> Iterator[Line]:
    """The content from the database, then every kind of file, for the seed and for a plan many times as large."""
    with data.Copies(folder) as copies:
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

    yield _annex(data.with_annex(scale.copies * _ROWS), scale)
    for times, name in ((1, "seed"), (scale.copies, f"{scale.copies} × seed")):
        yield from _elsewhere(data.report(data.plan(times)), name, scale, folder, 1 if times > 1 else scale.repeat)


def _annex(report: ReportData, scale: Scale) -> Line:
    peaks = [peak_megabytes(render, one, "pdf") for one in (report, data.report(data.plan()))] if scale.memory else []
    notes = [f"peak {peaks[0]:.0f} MB (without annex {peaks[1]:.0f} MB)"] if peaks else []
    work = partial(render, report, "pdf")
    return beside("annex of the seed as pdf", len(report.annex), work, FLOORS["pdf"], repeat=1, notes=notes)


def _elsewhere(report: ReportData, name: str, scale: Scale, folder: Path, repeat: int) -> Iterator[Line]:
    """Ours beside others' for the same content: here the floor is what another program takes."""
    yield beside(
        f"{name} as docx (floor: plain python-docx table)",
        len(report.measures),
        partial(render, report, "docx"),
        partial(plain_docx, report),
        repeat=repeat,
        notes=[f"peak of python-docx {peak_megabytes(plain_docx, report):.0f} MB"] if scale.memory else [],
    )
    if scale.memory and has_office():
        ours = Best()
        for _ in range(repeat):
            ours.run(partial(render, report, "pdf"))
        seconds, peak = office_pdf(render(report, "docx"), folder)
        yield Line(
            f"{name} as pdf (floor: DOCX through LibreOffice)",
            len(report.measures),
            ours.seconds,
            seconds,
            (f"LibreOffice takes {seconds / ours.seconds:.0f} times as long, peak {peak:.0f} MB",),
        )


def _content(copies: data.Copies) -> None:
    with copies.database.reading() as session:
        report_data(session, session.get_one(Plan, 1), 12, data.ZONE)
