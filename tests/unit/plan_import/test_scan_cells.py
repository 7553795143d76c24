"""The cells of a scan where nothing drafts their words: each that has ink is left to be typed."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from tracker.plan_import import read_plan
from tracker.plan_import.readers.scan import as_document, read_scan
from tracker.plan_import.readers.scan_words import can_read_scans

EDGES, TOP, TALL = (100, 500, 1100, 1500), 100, 120
TYPED = ("มาตรการ", "ขั้นตอน", "ระยะเวลา", "๑. จัดซื้อโปร่งใส", "๑. เผยแพร่แผน", "ภายใน ๓๐ ก.ย. ๒๕๗๐")


def scanned() -> bytes:
    """A table of two rows and three columns, a blot of ink in each cell but the last."""
    paper = Image.new("L", (1600, 500), 240)
    draw = ImageDraw.Draw(paper)
    for x in EDGES:
        draw.line((x, TOP, x, TOP + 2 * TALL), fill=30, width=4)
    for row in range(3):
        draw.line((EDGES[0], TOP + row * TALL, EDGES[-1], TOP + row * TALL), fill=30, width=4)
    for row in range(2):
        for left in EDGES[: 3 - row]:
            draw.ellipse((left + 40, TOP + row * TALL + 40, left + 80, TOP + row * TALL + 80), fill=20)
    out = BytesIO()
    paper.save(out, "PDF", resolution=300)
    return out.getvalue()


def test_without_a_program_that_reads_pictures_every_cell_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    can_read_scans.cache_clear()
    assert not can_read_scans()
    can_read_scans.cache_clear()
    found = read_scan(scanned())
    assert [(one.row, one.column) for one in found.cells] == [(row, column) for row in range(2) for column in range(3)]
    assert [one.empty for one in found.cells] == [False] * 5 + [True]
    assert {one.words for one in found.cells} == {""}
    assert [one.is_settled for one in found.cells] == [False] * 5 + [True]
    confirmed = [replace(one, words=words, seen=True) for one, words in zip(found.cells, TYPED, strict=True)]
    plan = read_plan(as_document(confirmed), "scan.html", 2570)
    assert [(one.title, str(one.period.end)) for one in plan.measures] == [("จัดซื้อโปร่งใส", "2027-09-30")]
