"""A scanned plan: its cells are found, however the page lay, and their words drafted; figures and times are not."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.readers.conftest import program
from tracker.errors import NotUnderstoodError, ScanError
from tracker.plan_import import read_plan
from tracker.plan_import.readers import scan_words
from tracker.plan_import.readers.scan import Scan, as_document, read_scan
from tracker.plan_import.readers.scan_words import MISSING

FONT = Path(scan_words.__file__).parents[2] / "reports" / "fonts" / "Sarabun-Regular.ttf"
ROWS = (
    ("ที่", "มาตรการ", "ขั้นตอนการดำเนินการ", "ผู้รับผิดชอบ", "ระยะเวลา"),
    ("1", "เปิดเผยข้อมูล", "1. จัดทำประกาศ\n2. รายงานผล 3 ครั้ง", "กองคลัง", "ต.ค. ๖๙ - มี.ค. ๗๐"),
    ("2", "รับฟังประชาชน", "จัดเวทีรับฟังความคิดเห็น", "สำนักปลัด", "ภายใน ๓๐ ก.ย. ๒๕๗๐"),
    ("3", "ตรวจสอบภายใน", "", "กองช่าง", "รายไตรมาส"),
)
EDGES = (150, 300, 800, 1500, 1950, 2450)
TOP, TALL = 300, 190


def page(lean: float) -> Image.Image:
    """A page of grey paper with the table, turned by so many degrees."""
    paper = Image.new("L", (2600, 1400), 235)
    draw = ImageDraw.Draw(paper)
    font = ImageFont.truetype(str(FONT), 52)
    for x in EDGES:
        draw.line((x, TOP, x, TOP + TALL * len(ROWS)), fill=40, width=4)
    for row in range(len(ROWS) + 1):
        draw.line((EDGES[0], TOP + row * TALL, EDGES[-1], TOP + row * TALL), fill=40, width=4)
    for row, cells in enumerate(ROWS):
        for left, text in zip(EDGES, cells, strict=False):
            draw.multiline_text((left + 25, TOP + row * TALL + 15), text, font=font, fill=30, spacing=2)
    return paper.rotate(lean, Image.Resampling.BICUBIC, fillcolor=235)


def as_pdf(*pages: Image.Image) -> bytes:
    out = BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=300)
    return out.getvalue()


@pytest.fixture(scope="module")
def straight() -> Scan:
    program("tesseract", "tesseract-ocr tesseract-ocr-tha")
    return read_scan(as_pdf(page(0)))


def drafts(found: Scan) -> list[list[str]]:
    rows: dict[int, list[str]] = {}
    for cell in found.cells:
        rows.setdefault(cell.row, []).append("" if cell.empty else cell.words or "?")
    return [rows[row] for row in sorted(rows)]


def test_words_are_drafted_and_neither_figures_nor_times_are(straight: Scan) -> None:
    header, first, second, third = drafts(straight)
    assert header[1] == "มาตรการ"
    assert (first[0], first[1], first[3], first[4]) == ("1", "เปิดเผยข้อมูล", "กองคลัง", "?")
    first_step, second_step = first[2].splitlines()
    assert first_step.startswith("1.")
    assert second_step.startswith("2.")
    assert MISSING in second_step
    assert "3" not in second_step
    assert (second[3], second[4]) == ("สำนักปลัด", "?")
    assert (third[2], third[3], third[4]) == ("", "กองช่าง", "?")


@pytest.mark.parametrize("lean", [-1.3, 0.8])
def test_a_page_that_lay_askew_has_the_same_cells(straight: Scan, lean: float) -> None:
    found = read_scan(as_pdf(page(lean)))
    assert [(one.row, one.column, one.empty) for one in found.cells] == [
        (one.row, one.column, one.empty) for one in straight.cells
    ]


def test_the_picture_of_a_cell_shows_its_ink(straight: Scan) -> None:
    picture = Image.open(BytesIO(straight.pages[0])).convert("L")
    for cell in straight.cells:
        left, top, right, bottom = cell.box
        dark = sum(picture.crop((left + 4, top + 4, right - 4, bottom - 4)).histogram()[:120])
        assert (dark > 0) == (not cell.empty), cell


def test_confirmed_cells_are_a_plan_like_any_other(straight: Scan) -> None:
    truth = [text for row in ROWS for text in row]
    confirmed = [replace(cell, words=text, seen=True) for cell, text in zip(straight.cells, truth, strict=True)]
    plan = read_plan(as_document(confirmed), "scan.pdf.html", 2570)
    assert [one.title for one in plan.measures] == ["เปิดเผยข้อมูล", "รับฟังประชาชน", "ตรวจสอบภายใน"]
    assert [step.text for step in plan.measures[0].steps] == ["จัดทำประกาศ", "รายงานผล 3 ครั้ง"]
    assert [str(one.period.end) for one in plan.measures] == ["2027-03-31", "2027-09-30", "2027-09-30"]


def test_a_page_without_lines_is_refused_in_a_sentence() -> None:
    program("tesseract", "tesseract-ocr tesseract-ocr-tha")
    with pytest.raises(NotUnderstoodError, match="no table with ruling lines"):
        read_scan(as_pdf(Image.new("L", (2600, 1400), 235)))


def test_the_command_says_where_a_scan_is_drafted_or_what_to_ask_for(monkeypatch: pytest.MonkeyPatch) -> None:
    program("tesseract", "tesseract-ocr tesseract-ocr-tha")
    data = as_pdf(page(0))
    scan_words.can_read_scans.cache_clear()
    with pytest.raises(ScanError, match="Import a plan"):
        read_plan(data, "scan.pdf", 2570)
    monkeypatch.setenv("PATH", "/nowhere")
    scan_words.can_read_scans.cache_clear()
    with pytest.raises(ScanError, match="type the table anew"):
        read_plan(data, "scan.pdf", 2570)
    scan_words.can_read_scans.cache_clear()
