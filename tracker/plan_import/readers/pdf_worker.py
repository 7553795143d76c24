"""The process that opens a PDF: bytes in, its ruling lines, fills and letters out as JSON."""

import ctypes
import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pypdfium2
from pypdfium2 import raw

_MOST_PAGES = 300
_MOST_LETTERS = 400_000
"""Of a document: a plan of three hundred full pages."""
_MOST_PATHS = 60_000
"""Of a page: a drawing has more, a table of two hundred rows and fifty columns with double borders has less."""
_DEEPEST = 6
"""Forms within forms."""
_THICKEST_LINE = 4.0
"""Points of a filled bar that is drawn for a line."""


def main() -> None:
    """Writes what the PDF on standard input holds; ends with 3 where it asks for a password."""
    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    except pypdfium2.PdfiumError as error:
        print(json.dumps({"error": "password" if "password" in str(error).lower() else "damaged"}))  # noqa: T201
        return
    pages = []
    letters = 0
    for number in range(min(len(document), _MOST_PAGES)):
        page = document[number]
        read = _page(page)
        letters += len(read["letters"])
        pages.append(read)
        page.close()
        if letters > _MOST_LETTERS:
            break
    json.dump({"pages": pages, "whole": len(pages) == len(document)}, sys.stdout)


def _page(page: Any) -> dict[str, Any]:
    width, height = page.get_size()
    turned = page.get_rotation()
    place = _Turned(turned, width, height)
    lines: list[list[float]] = []
    fills: list[list[Any]] = []
    for count, one in enumerate(_paths(page)):
        if count > _MOST_PATHS:
            break
        _take_path(one, place, lines, fills)
    pictures = sum(1 for count, _ in enumerate(_images(page)) if count < 50)
    return {
        "width": width,
        "height": height,
        "lines": lines,
        "fills": fills,
        "letters": list(_letters(page, place)),
        "pictures": pictures,
    }


class _Turned:
    """Coordinates of a page as it is shown, where it is stored turned."""

    def __init__(self, degrees: int, width: float, height: float) -> None:
        self.degrees, self.width, self.height = degrees, width, height

    def __call__(self, x: float, y: float) -> tuple[float, float]:
        if self.degrees == 90:
            return y, self.height - x
        if self.degrees == 180:
            return self.width - x, self.height - y
        if self.degrees == 270:
            return self.width - y, x
        return x, y


def _paths(page: Any) -> Iterator[Any]:
    yield from page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=_DEEPEST)


def _images(page: Any) -> Iterator[Any]:
    yield from page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEPEST)


def _take_path(path: Any, place: _Turned, lines: list[list[float]], fills: list[list[Any]]) -> None:
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path.raw, filled, stroked)
    points = list(_points(path, place))
    if not points or not (filled.value or stroked.value):
        return
    across = [x for x, _, _ in points]
    down = [y for _, y, _ in points]
    left, right, bottom, top = min(across), max(across), min(down), max(down)
    if filled.value and not stroked.value:
        if min(right - left, top - bottom) <= _THICKEST_LINE:
            flat = right - left >= top - bottom
            middle_x, middle_y = (left + right) / 2, (bottom + top) / 2
            lines.append([left, middle_y, right, middle_y] if flat else [middle_x, bottom, middle_x, top])
            return
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        raw.FPDFPageObj_GetFillColor(path.raw, red, green, blue, alpha)
        fills.append([left, bottom, right, top, f"{red.value:02x}{green.value:02x}{blue.value:02x}"])
        return
    for (x0, y0, _), (x1, y1, moves) in pairwise(points):
        if not moves:
            lines.append([x0, y0, x1, y1])
    x0, y0, _ = points[-1]
    x1, y1, _ = points[0]
    if len(points) > 2:
        lines.append([x0, y0, x1, y1])


def _points(path: Any, place: _Turned) -> Iterator[tuple[float, float, bool]]:
    """The corners of a path on the page, each with whether the pen was lifted before it."""
    matrix = path.get_matrix()
    container = path.container
    while container is not None:
        matrix = matrix.multiply(container.get_matrix())
        container = container.container
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(min(raw.FPDFPath_CountSegments(path.raw), 2_000)):
        segment = raw.FPDFPath_GetPathSegment(path.raw, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            return
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        shown = place(*matrix.on_point(x.value, y.value))
        yield *shown, kind == raw.FPDF_SEGMENT_MOVETO


def _letters(page: Any, place: _Turned) -> Iterator[list[Any]]:
    """Each letter: code, its box, its origin, its size, whether it was made up, and the quarters it is turned by."""
    text = page.get_textpage()
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(min(text.count_chars(), _MOST_LETTERS)):
        code = raw.FPDFText_GetUnicode(text.raw, index)
        raw.FPDFText_GetCharOrigin(text.raw, index, x, y)
        left, bottom, right, top = text.get_charbox(index)
        corners = [place(left, bottom), place(right, top)]
        origin = place(x.value, y.value)
        angle = raw.FPDFText_GetCharAngle(text.raw, index)
        quarters = (round(angle / 1.5708) + place.degrees // 90 * 3) % 4 if angle >= 0 else 0
        across, down = sorted(at for at, _ in corners), sorted(at for _, at in corners)
        made_up = raw.FPDFText_IsGenerated(text.raw, index)
        size = raw.FPDFText_GetFontSize(text.raw, index)
        yield [code, *_rounded(*across, *down, *origin, size), int(made_up == 1), quarters]


def _rounded(*numbers: float) -> list[float]:
    return [round(number, 2) for number in numbers]


if __name__ == "__main__":
    main()
