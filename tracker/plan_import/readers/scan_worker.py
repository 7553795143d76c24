"""The process that opens a scanned PDF: bytes in; each page upright as a picture, and its ruling lines, out as JSON."""

import base64
import io
import json
import sys
from collections.abc import Iterator
from itertools import pairwise

import pypdfium2
from PIL import Image, ImageOps

DPI = 300
_MOST_PAGES = 30
_MOST_PIXELS = 20_000_000
"""Of a page: A3 at 300 dots an inch, and some."""
_BLOCK = 24
"""Dots: a stretch of a line that is looked at as one, a sixth of an inch at the least is a line's length."""
_FEWEST_BLOCKS = 3
_INKED = 150
"""Of 255, how dark a block is on a line; letters have more white in them."""
_LEAN = tuple(quarter / 4 for quarter in range(-8, 9))
"""Degrees by which a page may lie askew on the glass."""
_SMALL = 4


def main() -> None:
    """Writes what the PDF on standard input shows."""
    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    except pypdfium2.PdfiumError:
        print(json.dumps({"pages": [], "whole": False}))  # noqa: T201
        return
    pages = []
    for number in range(min(len(document), _MOST_PAGES)):
        page = document[number]
        width, height = page.get_size()
        scale = min(DPI / 72, (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
        picture = _upright(page.render(scale=scale, grayscale=True).to_pil().convert("L"))
        pages.append({"scale": scale, "picture": _png(picture), "lines": list(_lines(_inked(picture)))})
        page.close()
    json.dump({"pages": pages, "whole": len(pages) == len(document)}, sys.stdout)


def _upright(picture: Image.Image) -> Image.Image:
    """The page turned by the angle at which its rows stand out most."""
    small = _inked(picture.reduce(_SMALL))
    lean = max(_LEAN, key=lambda angle: (_contrast(small.rotate(angle, Image.Resampling.BILINEAR)), -abs(angle)))
    return picture.rotate(lean, Image.Resampling.BICUBIC, fillcolor=255) if lean else picture


def _contrast(ink: Image.Image) -> int:
    """How much neighbouring rows differ: most where lines and letters lie level."""
    rows = ink.resize((1, ink.height), Image.Resampling.BOX).tobytes()
    return sum((one - other) ** 2 for one, other in pairwise(rows))


def _inked(picture: Image.Image) -> Image.Image:
    """White where the page has ink."""
    middle = _between(picture)
    return ImageOps.invert(picture).point(lambda dark: 255 if dark > 255 - middle else 0)


def _between(picture: Image.Image) -> int:
    """The grey that parts ink from paper best (Otsu)."""
    counts = picture.histogram()
    total, whole = sum(counts), sum(grey * count for grey, count in enumerate(counts))
    best, at, below, seen = -1.0, 128, 0, 0
    for grey, count in enumerate(counts):
        below, seen = below + grey * count, seen + count
        if 0 < seen < total:
            apart = (below / seen - (whole - below) / (total - seen)) ** 2 * seen * (total - seen)
            if apart > best:
                best, at = apart, grey
    return at


def _lines(ink: Image.Image) -> Iterator[list[int]]:
    """Level and upright stretches of ink, in dots from the top left: x0, y0, x1, y1."""
    wide, tall = ink.size
    level = ink.resize((max(wide // _BLOCK, 1), tall), Image.Resampling.BOX)
    for y, start, end in _runs(level):
        yield [max(start - 1, 0) * _BLOCK, y, min((end + 1) * _BLOCK, wide), y]
    upright = ink.transpose(Image.Transpose.TRANSPOSE)
    level = upright.resize((max(tall // _BLOCK, 1), wide), Image.Resampling.BOX)
    for x, start, end in _runs(level):
        yield [x, max(start - 1, 0) * _BLOCK, x, min((end + 1) * _BLOCK, tall)]


def _runs(blocks: Image.Image) -> Iterator[tuple[int, int, int]]:
    """Row, first block and the one after the last of each stretch of inked blocks."""
    width, data = blocks.width, blocks.tobytes()
    for row in range(blocks.height):
        start = None
        for column in range(width + 1):
            dark = column < width and data[row * width + column] >= _INKED
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                if column - start >= _FEWEST_BLOCKS:
                    yield row, start, column
                start = None


def _png(picture: Image.Image) -> str:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


if __name__ == "__main__":
    main()
