"""A process that makes many PDFs holds no more memory than one that made a few."""

import pytest

from benchmarks.data import with_annex
from benchmarks.measure import peak_megabytes
from tests.linux import needs_proc
from tests.unit.reports.report_sample import measure, report
from tracker.reports import as_pdf, render


def make_pdfs(times: int) -> None:
    rows = [measure(number) for number in range(1, 101)]
    for turn in range(times):
        render(report(*rows, annex=(), place=f"ครั้งที่ {turn}"), "pdf")


@pytest.mark.untraced
@needs_proc
def test_memory_does_not_grow_with_the_number_of_pdfs() -> None:
    assert peak_megabytes(make_pdfs, 8) < 1.5 * peak_megabytes(make_pdfs, 2)


def make_annex(rows: int) -> None:
    as_pdf._PART = 10  # pages set at once, fewer than usual, so that a few hundred rows are many parts
    render(with_annex(rows), "pdf")


@pytest.mark.untraced
@needs_proc
def test_memory_does_not_grow_with_the_annex() -> None:
    assert peak_megabytes(make_annex, 3_000) < 1.1 * peak_megabytes(make_annex, 600)
