"""Every report opened by programs that are not ours: each cell's text in order, and pages that look as they did."""

import csv
import subprocess
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path

import pdfua
import pikepdf
import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from tests.readers.conftest import program, text_of_pdf
from tests.unit.reports.agency_names import broken_elsewhere
from tests.unit.reports.report_sample import report, squeezed, typed_lines
from tracker.reports import render
from tracker.reports.data import ReportData

PAGES = Path(__file__).parent / "pages"
DOTS_PER_INCH = 30
MOST_DIFFERENT = 6.0
"""Mean difference of grey values (0 to 255) after blurring: another line break is less, a lost column more."""


@pytest.fixture(params=["docx", "pdf"])
def as_pdf(request: pytest.FixtureRequest, written: Path, opened: Path) -> Path:
    """The folder with the PDFs that LibreOffice made of the DOCX, or with ours."""
    return opened if request.param == "docx" else written


def test_every_cell_is_there_in_order(as_pdf: Path, reports: Mapping[str, ReportData]) -> None:
    assert len(reports) >= 3
    for name, data in reports.items():
        text = squeezed(text_of_pdf(as_pdf / f"{name}.pdf"))
        at = 0
        for measure in data.measures:
            title = squeezed(measure.title)
            assert title[:12] in text[at:], (name, measure.number)
            at = text.index(title[:12], at)
        for line in typed_lines(data):
            assert _found(squeezed(line), text), (name, line)


def test_libreoffice_parts_names_of_agencies_between_words_only(opened: Path) -> None:
    assert broken_elsewhere(text_of_pdf(opened / "names-12.pdf")) == set()


def test_signatures_stand_under_what_is_signed(as_pdf: Path, reports: Mapping[str, ReportData]) -> None:
    for name in (name for name, data in reports.items() if data.signers):
        pages = [page for page in text_of_pdf(as_pdf / f"{name}.pdf").split("\f") if "(ลงชื่อ)" in page]
        assert len(pages) == 1, name
        assert squeezed(reports[name].measures[-1].title)[:8] in squeezed(pages[0]), name


def test_poppler_finds_the_text_that_pdfium_finds(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(render(report(), "pdf"))
    text = squeezed(text_of_pdf(file))
    for line in typed_lines(report()):
        assert squeezed(line) in text


def test_libreoffice_finds_every_cell_in_the_sheets(opened: Path, reports: Mapping[str, ReportData]) -> None:
    for name, data in reports.items():
        sheets = sorted(opened.glob(f"{name}-*.csv"))
        assert sheets, name
        cells = {cell for sheet in sheets for row in _rows(sheet) for cell in row}
        lines = {line for cell in cells for line in cell.split("\n")}
        assert {line.replace("\n", " ") for line in typed_lines(data)} <= lines, name


def test_the_pdf_is_archivable_and_accessible(written: Path, reports: Mapping[str, ReportData]) -> None:
    for name in reports:
        file = written / f"{name}.pdf"
        found = pdfua.validate(str(file))
        assert [(one.rule_id, one.message) for one in found.findings] == [], name
        with pikepdf.open(file) as pdf:
            root, told = pdf.Root, pdf.open_metadata()
            assert (told["pdfaid:part"], told["pdfaid:conformance"], told["pdfuaid:part"]) == ("2", "A", "1")
            assert str(root.Lang).startswith("th")
            assert bool(root.MarkInfo.Marked)
            assert bool(root.ViewerPreferences.DisplayDocTitle)
            assert str(root.OutputIntents[0].S) == "/GTS_PDFA1"
            assert "/EmbeddedFiles" not in root.get("/Names", {})
            kinds = {str(one.get("/S")) for one in _structure(root.StructTreeRoot)}
        assert {"/Table", "/TR", "/TH", "/TD", "/H1"} <= kinds, name


def test_the_pdf_is_small(written: Path, reports: Mapping[str, ReportData]) -> None:
    for name in reports:
        most = 300_000 if name.startswith("seed") else 1_000_000
        assert (written / f"{name}.pdf").stat().st_size < most, name


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_pages_look_as_they_did(kind: str, written: Path, opened: Path, tmp_path: Path) -> None:
    """Pictures that were looked at; ``pages/README.md`` says how to renew them."""
    draw(written if kind == "pdf" else opened, tmp_path, kind)
    kept, drawn = (sorted(one.name for one in folder.glob(f"{kind}-*.png")) for folder in (PAGES, tmp_path))
    assert kept
    assert drawn == kept
    for name in kept:
        with Image.open(PAGES / name) as was, Image.open(tmp_path / name) as now:
            assert difference(was, now) < MOST_DIFFERENT, name


def draw(folder: Path, out: Path, kind: str) -> None:
    """The pages of the report with the full annex, small and grey."""
    subprocess.run(
        [
            program("pdftoppm", "poppler-utils"), "-r", str(DOTS_PER_INCH), "-gray", "-png",
            folder / "annex-12.pdf", out / kind,
        ],
        check=True,
        timeout=60,
    )  # fmt: skip


def difference(was: Image.Image, now: Image.Image) -> float:
    """How far two pages differ, blurred so that a shifted letter is none."""
    if was.size != now.size:
        return 255.0
    one, other = (picture.convert("L").filter(ImageFilter.GaussianBlur(3)) for picture in (was, now))
    return ImageStat.Stat(ImageChops.difference(one, other)).mean[0]


def test_a_lost_table_would_be_seen() -> None:
    for name in ("docx-2.png", "pdf-2.png"):
        with Image.open(PAGES / name) as was:
            assert difference(was, Image.new("L", was.size, 255)) > 2 * MOST_DIFFERENT


def _found(line: str, text: str) -> bool:
    """Whether the line stands there whole or, where a page's end or a cell beside it parts it, in two pieces."""
    if line in text:
        return True
    cut = next((at for at in range(len(line), 0, -1) if line[:at] in text), 0)
    return line[cut:] in text


def _rows(sheet: Path) -> Iterator[list[str]]:
    return csv.reader(StringIO(sheet.read_text(encoding="utf-8-sig"), newline=""))


def _structure(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            yield kid
            yield from _structure(kid)
