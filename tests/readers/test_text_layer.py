"""Each reader finds the paragraphs of the PDF whole, those too that know no ActualText: what people search and copy."""

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pypdf
import pypdfium2 as pdfium
import pytest
from pdfminer.high_level import extract_text

from tests.readers.conftest import program, text_of_pdf
from tests.unit.reports.report_sample import squeezed, typed_lines
from tracker.reports.data import ReportData

PDF_JS = Path(__file__).parent / "pdfjs"
LEAST = 0.95
"""The part of a report's paragraphs; what a page's end parts, or a cell beside it, is not found whole."""


def by_pdfium(file: Path) -> str:
    with pdfium.PdfDocument(file) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def by_mupdf(file: Path) -> str:
    return _said(program("mutool", "mupdf-tools"), "draw", "-q", "-F", "txt", file)


def by_pdf_js(file: Path) -> str:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        pytest.skip("pdf.js comes by npm and runs in Node; nothing else here needs them, so the set-up brings neither")
    if not (PDF_JS / "node_modules").is_dir():
        pytest.fail("These tests need pdf.js: scripts/setup readers")
    return _said(node, PDF_JS / "text.mjs", file)


def by_pypdf(file: Path) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(file).pages)


def _said(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()


READERS: Mapping[str, Callable[[Path], str]] = {
    "poppler": text_of_pdf,
    "pdfium": by_pdfium,
    "mupdf": by_mupdf,
    "pdf.js": by_pdf_js,
    "pypdf": by_pypdf,
    "pdfminer": extract_text,
}


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_finds_paragraphs_whole(reader: str, written: Path, reports: Mapping[str, ReportData]) -> None:
    for name, data in reports.items():
        text = squeezed(READERS[reader](written / f"{name}.pdf"))
        lines = list(typed_lines(data))
        lost = [line for line in lines if squeezed(line) not in text]
        assert len(lost) <= (1 - LEAST) * len(lines), (name, lost)
