"""Scans: the cells of a table that is a picture, each with a draft of its words (docs/rules.md, "Scans")."""

import base64
import html
import io
import json
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from tracker.errors import NotUnderstoodError
from tracker.plan_import.header_score import header_score
from tracker.plan_import.readers import sandbox
from tracker.plan_import.readers.ruled import Region, Ruled, ruled_tables
from tracker.plan_import.readers.scan_words import draft, read_words

_WORKER = Path(__file__).with_name("scan_worker.py")
_OPENING = sandbox.Limits(wall=240, work=200, memory=2_000_000_000, output=300_000_000)
_SHOWN = 110
"""Dots an inch of the picture that people see."""
_EDGE = 5
"""Dots at a 300th of an inch that belong to the ruling line of a cell."""
_AROUND = 12
_LEAST_INK = 0.0015
"""Part of a cell that is dark at least where something stands in it."""
_DARK = 140
_HEADER_ROWS = 3


@dataclass(frozen=True, slots=True)
class ScannedCell:
    """A cell: its table and its place in it, its box on the page's picture in dots, and its words.

    ``words`` are a draft until ``seen``: until somebody said that they are what the picture shows. An ``empty`` one has
    no ink and needs no look.
    """

    page: int
    table: int
    row: int
    column: int
    down: int
    across: int
    box: tuple[int, int, int, int]
    words: str = ""
    empty: bool = False
    seen: bool = False

    @property
    def is_settled(self) -> bool:
        return self.empty or self.seen


@dataclass(frozen=True, slots=True)
class Scan:
    """The pictures of the pages (PNG) and the cells of their tables, in the order of reading."""

    pages: tuple[bytes, ...]
    cells: tuple[ScannedCell, ...]


def read_scan(data: bytes) -> Scan:
    """The draft of a scanned PDF. Raises NotUnderstoodError where it cannot be opened or has no ruled table."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = (sys.executable, "-P", str(_WORKER))
        answer = sandbox.run(arguments, data, _OPENING, Path(folder), {"PYTHONDONTWRITEBYTECODE": "1"})
    if answer is None:
        raise NotUnderstoodError(
            "the scan could not be opened within the limits of time and memory; scan it at 300 dots an inch, in grey",
            "เปิดภาพสแกนไม่สำเร็จภายในเวลาและหน่วยความจำที่กำหนด ให้สแกนใหม่เป็นภาพขาวดำที่ ๓๐๐ จุดต่อนิ้ว",
        )
    pictures, cells = [], []
    tables = 0
    for number, told in enumerate(json.loads(answer)["pages"]):
        page = Image.open(io.BytesIO(base64.b64decode(told["picture"])))
        page.load()
        scale = told["scale"]
        for table in _tables(told, page.height, scale):
            cells += _drafted(page, [_cell(page, scale, number, tables, region) for region in table.regions], scale)
            tables += 1
        shown = page.resize([max(round(side * _SHOWN / 72 / scale), 1) for side in page.size])
        pictures.append(_png(shown.quantize(16)))
    if not cells:
        raise NotUnderstoodError(
            "no table with ruling lines is seen on this scan; ask for the .docx or .xlsx that it was made from",
            "มองไม่เห็นตารางที่มีเส้นในภาพสแกนนี้ ให้ขอไฟล์ต้นฉบับ .docx หรือ .xlsx หรือพิมพ์ตารางใหม่",
        )
    return Scan(tuple(pictures), tuple(cells))


def as_document(cells: Sequence[ScannedCell]) -> bytes:
    """The tables as a web page, which the import reads like any other; the caller has had every cell seen."""
    tables: dict[int, dict[int, list[ScannedCell]]] = {}
    for cell in cells:
        tables.setdefault(cell.table, {}).setdefault(cell.row, []).append(cell)
    parts = ["<!doctype html><meta charset='utf-8'>"]
    for rows in tables.values():
        parts.append("<table>")
        for number in range(max(rows) + 1):
            parts.append("<tr>")
            parts += [_as_html(cell) for cell in sorted(rows.get(number, ()), key=lambda one: one.column)]
            parts.append("</tr>")
        parts.append("</table>")
    return "".join(parts).encode()


def _as_html(cell: ScannedCell) -> str:
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in cell.words.splitlines() if line.strip())
    return f"<td rowspan={cell.down} colspan={cell.across}>{lines}</td>"


def _tables(told: dict[str, Any], height: int, scale: float) -> list[Ruled]:
    """The ruled tables in points, as a PDF with letters gives them."""
    lines = [(x0 / scale, (height - y0) / scale, x1 / scale, (height - y1) / scale) for x0, y0, x1, y1 in told["lines"]]
    return ruled_tables(lines)


def _cell(page: Image.Image, scale: float, number: int, table: int, region: Region) -> ScannedCell:
    """The region with its box in dots of the page as it was drawn."""
    left, right = round(region.left * scale), round(region.right * scale)
    top, bottom = round(page.height - region.top * scale), round(page.height - region.bottom * scale)
    box = (max(left, 0), max(top, 0), min(right, page.width), min(bottom, page.height))
    return ScannedCell(number, table, region.row, region.column, region.down, region.across, box)


def _drafted(page: Image.Image, cells: Iterable[ScannedCell], scale: float) -> list[ScannedCell]:
    """The cells of a table with their drafts, and their boxes on the picture that is shown."""
    inside = [(cell, _within(page, cell.box)) for cell in cells]
    inked = [(cell, picture) for cell, picture in inside if _has_ink(picture)]
    words = read_words([picture for _, picture in inked])
    drafted = [(cell, text) for (cell, _), text in zip(inked, words, strict=True)]
    times = [cell for cell, text in drafted if cell.row < _HEADER_ROWS and header_score("period", text)]
    drafts = {
        id(cell): "" if _stands_under(cell, times) else draft(text, counts_rows=cell.column == 0)
        for cell, text in drafted
    }
    return [
        replace(
            cell,
            box=_shrunk(cell.box, _SHOWN / 72 / scale),
            words=drafts.get(id(cell), ""),
            empty=id(cell) not in drafts,
        )
        for cell, _ in inside
    ]


def _stands_under(cell: ScannedCell, headers: Sequence[ScannedCell]) -> bool:
    return any(
        one.row < cell.row and one.column < cell.column + cell.across and cell.column < one.column + one.across
        for one in headers
    )


def _shrunk(box: tuple[int, int, int, int], by: float) -> tuple[int, int, int, int]:
    left, top, right, bottom = box
    return round(left * by), round(top * by), round(right * by), round(bottom * by)


def _within(page: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    """The cell without its ruling lines, with white around it."""
    left, top, right, bottom = box
    left, top = left + _EDGE, top + _EDGE
    inner = page.crop((left, top, max(right - _EDGE, left + 1), max(bottom - _EDGE, top + 1)))
    return ImageOps.expand(inner, _AROUND, 255)


def _has_ink(picture: Image.Image) -> bool:
    dark = sum(picture.histogram()[:_DARK])
    return dark >= _LEAST_INK * picture.width * picture.height


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
