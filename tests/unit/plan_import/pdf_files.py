"""PDFs of plans, set by typst: grids with their rules and fills, and any text of its own language."""

import json

import typst

from tests.conftest import ROOT
from tests.unit.plan_import.grids import Box, Grid, placed

_FONTS = typst.Fonts(
    include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(ROOT / "tracker" / "reports" / "fonts")]
)


def pdf(source: str, page: str = "width: 29.7cm, height: 21cm, margin: 1cm") -> bytes:
    """What typst sets of a source."""
    head = f'#set page({page})\n#set text(font: "Sarabun", size: 11pt, lang: "th")\n#set par(leading: 0.5em)\n'
    return bytes(typst.compile((head + source).encode(), format="pdf", font_paths=_FONTS))


def content(text: str) -> str:
    """Text as content, its line breaks as paragraphs."""
    return " #parbreak() ".join(f"#{json.dumps(line, ensure_ascii=False)}" for line in text.split("\n") if line)


def table(grid: Grid, header: int = 0, columns: str = "") -> str:
    """A ruled table; ``header`` rows are repeated on each page."""
    boxes, over = placed(grid)
    cells: list[list[str]] = [[] for _ in grid]
    for one in boxes:
        box: Box = one.box
        fill = f', fill: rgb("#{box.fill}")' if box.fill else ""
        cells[one.top].append(f"table.cell(colspan: {box.across}, rowspan: {box.down}{fill})[{content(box.text)}]")
    top = ", ".join(cell for row in cells[:header] for cell in row)
    rest = ", ".join(cell for row in cells[header:] for cell in row)
    widths = columns or str(len(over[0]))
    return f"#table(columns: {widths}, {f'table.header({top}),' if header else ''} {rest})"


def grid_as_pdf(grid: Grid, above: str = "") -> bytes:
    """A page with the grid as its table."""
    return pdf(f"{content(above)}\n\n{table(grid)}")
