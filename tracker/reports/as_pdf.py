"""The report as PDF/A-2a and PDF/UA-1, set by typst in Sarabun, with lines that break only between Thai words.

Sarabun at 10.7 pt is as wide as TH SarabunPSK at 16 pt, the size of Thai official documents.
"""

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from tracker.errors import TrackerError
from tracker.reports import annex, annex_tables, progress, wording
from tracker.reports.assets import RenderAssets, in_ascii, printed_photos, qr_svg
from tracker.reports.data import ReportData
from tracker.reports.pdf_join import joined
from tracker.reports.pdf_text import page_count, with_text_layer
from tracker.reports.table import (
    WIDTHS,
    Cell,
    Row,
    characters,
    is_open_below,
    lines_high,
    measure_rows,
    measures_by_chunk,
)
from tracker.thai.words import place_names, words

_HERE = Path(__file__).parent
_TEMPLATE = _HERE / "templates" / "report.typ"
_BETWEEN = "\x1f"
_SPACE_AFTER_MARK = re.compile("(?<=[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]\x1f) (?=\x1f)")
_DOUBLED_SPACE = "\x1e"
_CHUNK = 40
_PART = 50
"""Pages, about, that typst sets at once; its memory is that of the longest part (docs/adr/0021)."""
_CELLS_A_PAGE = 150
_CHART_HEAD = 9
"""Characters that a column of the chart's head holds."""
_NOT_POSSIBLE_WIDTHS = (2.6, 1.8, 6.0, 3.0, 12.3)
_PHOTO_BOX = (12.3, 12.6)
_KEPT_TOGETHER = 12
_MISSING = re.compile(r"the text `\"(?P<text>(?:[^`\"\\]|\\.)*)\"` could not be displayed")
_ESCAPE = re.compile(r"\\u\{(?P<hex>[0-9a-f]+)\}")
_NO_GLYPH = "□"
_FORGOTTEN_AFTER = 11
"""typst keeps what it laid out for its next ten documents; empty ones make it let go of them."""

_Piece = tuple[float, str, Any]
"""About how many pages high, in which list of the template, and what."""


def render(data: ReportData, material: RenderAssets) -> bytes:
    """The PDF; the same data give the same bytes. A character that no font has is printed as □."""
    with TemporaryDirectory(prefix="report-") as folder:
        shutil.copyfile(_TEMPLATE, Path(folder, _TEMPLATE.name))
        files: list[Path] = []
        pages = 0
        for part in _parts(data, material, Path(folder)):
            content = _render({**part, "pages_before": pages}, data, folder)
            files.append(Path(folder, f"part-{len(files)}.pdf"))
            files[-1].write_bytes(content)
            pages += page_count(content)
        return content if len(files) == 1 else joined(files)


def _kept(folder: Path, data: ReportData, material: RenderAssets) -> Iterator[dict[str, Any]]:
    """The photos as files that typst reads, each with its caption."""
    for photo in printed_photos(data, material):
        name = f"{photo.exhibit.number}.jpg"
        (folder / name).write_bytes(photo.jpeg)
        width = photo.width_within(*_PHOTO_BOX)
        yield {"file": name, "width": width, "caption": annex.caption(photo.exhibit, data)}


def _render(part: dict[str, Any], data: ReportData, folder: str) -> bytes:
    content = json.dumps(part, ensure_ascii=False)
    for _ in range(3):
        try:
            return _compile(content, data, folder)
        except typst.TypstError as error:
            missing = _missing_characters(error)
            if not missing:
                raise TrackerError(
                    f"the PDF could not be made: {error.message}; take the DOCX and tell the operator",
                    "สร้างไฟล์ PDF ไม่สำเร็จ โปรดใช้ไฟล์ DOCX แทน และแจ้งผู้ดูแลระบบ",
                ) from error
            content = content.translate(dict.fromkeys(map(ord, missing), _NO_GLYPH))
    raise TrackerError(
        "the PDF could not be made: the report holds characters that no font has; take the DOCX",
        "สร้างไฟล์ PDF ไม่สำเร็จ: มีอักขระที่พิมพ์ไม่ได้ในรายงาน โปรดใช้ไฟล์ DOCX แทน",
    )


def _compile(content: str, data: ReportData, folder: str) -> bytes:
    try:
        typeset = typst.compile(
            str(Path(folder, _TEMPLATE.name)),
            root=folder,
            format="pdf",
            font_paths=_fonts(),
            sys_inputs={"report": content},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=int(data.recorded_at.timestamp()),
        )
    finally:
        for _ in range(_FORGOTTEN_AFTER):
            typst.compile(b"", format="pdf", font_paths=_fonts())
    return with_text_layer(typeset)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(_HERE / "fonts")])


class _Typeset:
    """A report's texts as its template takes them: in pieces between which a line may break, never inside a name."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self.pieces = cache(self._pieces)  # parties, periods and headings return all over a report

    def _pieces(self, text: str, longest: int = 40) -> str:
        return _SPACE_AFTER_MARK.sub(_DOUBLED_SPACE, _BETWEEN.join(words(text, self._names, longest)))

    def cells(self, rows: Iterable[Row], widths: tuple[float, ...]) -> list[dict[str, Any]]:
        """The cells of a table's rows; a piece is no longer than its column."""
        longest = characters(widths)
        return [
            {
                "rows": cell.rows,
                "breakable": lines_high(row, longest) > _KEPT_TOGETHER,
                "lines": [self.pieces(line, limit) for line in cell.lines],
            }
            for row in rows
            for cell, limit in zip(row, longest, strict=True)
            if cell
        ]

    def measure(self, rows: Sequence[Row]) -> list[list[dict[str, Any]]]:
        """The cells of a measure by row; the template finds out which of them fit on a page."""
        return [
            [
                {
                    "rows": cell.rows,
                    "led": cell.led,
                    "open_below": cell.open_below,
                    "led_on": index > 0 and is_open_below(rows[index - 1][column]),
                    "column": column,
                    "last": column == len(row) - 1,
                    "lines": [self.pieces(line, limit) for line in cell.lines],
                }
                for column, (cell, limit) in enumerate(zip(row, characters(WIDTHS), strict=True))
                if cell
            ]
            for index, row in enumerate(rows)
        ]


def _parts(data: ReportData, material: RenderAssets, folder: Path) -> Iterator[dict[str, Any]]:
    """What typst sets at once: the whole report, or of a long one some fifty pages after another."""
    cited = annex.citations(data)
    table = [
        [measure_rows(measure, data, cited.get(measure.number)) for measure in measures]
        for measures in measures_by_chunk(data, _CHUNK)
    ]
    lines = [line for rows in chain(*table) for row in rows for cell in row if cell for line in cell.lines]
    typeset = _Typeset((*data.names, *place_names([data.agency, data.place, *lines])))
    headings = _headings(data, typeset)
    pieces = chain(_table(table, typeset), _progress(data, typeset), _annex(data, material, folder, typeset))
    begun: set[str] = set()
    chunks = 0
    for part in _gathered(pieces):
        chunks += len(part["chunks"])
        proofs = {"exhibits", "photos", "hashes"}
        yield {
            **headings,
            **part,
            "signers": headings["signers"] if part["chunks"] and chunks == len(table) else [],
            "annex_title": _continued(f"{annex.TITLE} {annex.SUBTITLE}", "annex" in begun),
            "exhibits_title": _continued(annex.EXHIBITS_TITLE, bool(begun & proofs)),
            "photos_begin": "photos" not in begun,
        }
        begun |= {name for name, content in part.items() if content}


def _gathered(pieces: Iterable[_Piece]) -> Iterator[dict[str, list[Any]]]:
    """Pieces in their order, together up to so many pages."""
    part, pages = _empty(), 0.0
    for high, name, content in pieces:
        if pages and pages + high > _PART:
            yield part
            part, pages = _empty(), 0.0
        part[name].append(content)
        pages += high
    yield part


def _empty() -> dict[str, list[Any]]:
    return {name: [] for name in ("chunks", "charts", "not_possible", "annex", "exhibits", "photos", "hashes")}


def _continued(title: str, goes_on: bool) -> str:
    return f"{title} {wording.CONTINUED}" if goes_on else title


def _headings(data: ReportData, typeset: _Typeset) -> dict[str, Any]:
    """What every part says the same."""
    return {
        **_cover(data, typeset),
        "widths": WIDTHS,
        "headings": [typeset.pieces(heading) for heading in wording.HEADINGS],
        "charts_title": progress.TITLE,
        "charts_headings": [typeset.pieces(heading, _CHART_HEAD) for heading in progress.headings()],
        "colours": progress.colours(),
        "charts_note": typeset.pieces(progress.note(data)),
        "not_possible_title": typeset.pieces(progress.NOT_POSSIBLE),
        "not_possible_headings": [typeset.pieces(heading) for heading in progress.NOT_POSSIBLE_HEADINGS],
        "not_possible_widths": _NOT_POSSIBLE_WIDTHS,
        "legend": typeset.pieces(annex_tables.LEGEND),
        "exhibit_widths": annex.EXHIBIT_WIDTHS,
        "exhibit_headings": [typeset.pieces(heading, 12) for heading in annex.EXHIBIT_HEADINGS],
        "hashes_title": typeset.pieces(annex.HASHES),
        "hash_headings": annex.HASH_HEADINGS,
        "photos_title": typeset.pieces(annex.PHOTOS),
    }


def _table(table: Iterable[Sequence[Sequence[Row]]], typeset: _Typeset) -> Iterator[_Piece]:
    for measures in table:
        yield len(measures), "chunks", [typeset.measure(rows) for rows in measures]


def _cover(data: ReportData, typeset: _Typeset) -> dict[str, Any]:
    return {
        "title": wording.title(data),
        "agency": data.agency,
        "thai_digits": data.thai_digits,
        "draft": data.draft,
        "draft_note": wording.DRAFT_NOTE,
        "cover": [typeset.pieces(line) for line in wording.cover(data)],
        "agency_pieces": typeset.pieces(data.agency),
        "place_pieces": typeset.pieces(data.place),
        "running_title": typeset.pieces(wording.running_title(data)),
        "page_word": wording.PAGE,
        "continued": wording.CONTINUED,
        "signers": [[typeset.pieces(line) for line in wording.signature(signer)] for signer in data.signers],
    }


def _progress(data: ReportData, typeset: _Typeset) -> Iterator[_Piece]:
    for chart in progress.charts(data):
        bars = [
            {"name": typeset.pieces(bar.name), "parts": bar.parts, "figures": progress.figures(bar, data)}
            for bar in chart.bars
        ]
        yield 0, "charts", {"heading": typeset.pieces(chart.heading), "bars": bars}
    rows = (tuple(map(Cell, progress.not_possible_row(entry, data))) for entry in data.not_possible)
    for cell in typeset.cells(rows, _NOT_POSSIBLE_WIDTHS):
        yield 0, "not_possible", cell


def _annex(data: ReportData, material: RenderAssets, folder: Path, typeset: _Typeset) -> Iterator[_Piece]:
    for whole in annex_tables.tables(data):
        for table in _cut(whole):
            yield len(table.rows) * len(table.widths) / _CELLS_A_PAGE, "annex", _annex_table(table, typeset)
    for exhibit in annex.documents(data):
        yield 1 / 6, "exhibits", _exhibit(exhibit, data, typeset)
    for photo in _kept(folder, data, material):
        yield 1 / 2, "photos", _photo(photo, typeset)
    for number, name, code in annex.hash_lines(data):
        yield 1 / 30, "hashes", [typeset.pieces(number), typeset.pieces(name), code]


def _cut(table: annex_tables.AnnexTable) -> Iterator[annex_tables.AnnexTable]:
    """A table that is longer than a part in pieces, its notes under the last one."""
    most = _PART * _CELLS_A_PAGE // len(table.widths)
    for start in range(0, max(1, len(table.rows)), most):
        rows = table.rows[start : start + most]
        ends = start + most >= len(table.rows)
        heading = _continued(table.heading, start > 0)
        yield replace(table, heading=heading, rows=rows, notes=table.notes if ends else ())


def _annex_table(table: annex_tables.AnnexTable, typeset: _Typeset) -> dict[str, Any]:
    longest = characters(table.widths)
    return {
        "heading": typeset.pieces(table.heading),
        "headings": [[typeset.pieces(line) for line in heading.split("\n")] for heading in table.headings],
        "widths": table.widths,
        "notes": [typeset.pieces(note) for note in table.notes],
        "rows": [
            [
                {
                    "lines": [typeset.pieces(line, limit) for line in mark.lines],
                    "grey": mark.grey,
                    "centred": mark.centred,
                }
                for mark, limit in zip(row, longest, strict=True)
            ]
            for row in table.rows
        ],
    }


def _exhibit(exhibit: annex.Exhibit, data: ReportData, typeset: _Typeset) -> dict[str, Any]:
    return {
        "number": wording.digits(exhibit.number, data),
        "lines": [typeset.pieces(line, 36) for line in annex.exhibit_lines(exhibit)],
        "used_for": [typeset.pieces(line, 45) for line in annex.used_for(exhibit, data)],
        "address": exhibit.address and in_ascii(exhibit.address),
        "qr": exhibit.address and qr_svg(exhibit.address),
        "qr_side": exhibit.qr_side,
    }


def _photo(photo: dict[str, Any], typeset: _Typeset) -> dict[str, Any]:
    return {
        **photo,
        "caption": [typeset.pieces(line) for line in photo["caption"]],
        "alt": " ".join(photo["caption"]),
    }


def _missing_characters(error: typst.TypstError) -> set[str]:
    return {
        character
        for match in _MISSING.finditer(f"{error.message}\n{error.diagnostic}")
        for character in _ESCAPE.sub(lambda escape: chr(int(escape["hex"], 16)), match["text"])
    }
