"""How Excel shows a cell and the runs of its text: number format, struck out, raised, symbol font, fill."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lxml import etree
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.styles.numbers import BUILTIN_FORMATS

from tracker.plan_import.grid import fill_of
from tracker.plan_import.package import local_name
from tracker.plan_import.readers.left_out import Look
from tracker.plan_import.readers.symbols import is_symbol_font

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Style:
    """A cell's number format, whether its whole text is struck out, its symbol font, its fill."""

    format: str = "General"
    struck: bool = False
    font: str | None = None
    fill: str = ""

    @property
    def hides(self) -> bool:
        """Whether the format shows nothing, whatever the cell holds."""
        return self.format.strip().strip('"') == ";;;"


def styles_of(root: etree._Element) -> list[Style]:
    """The workbook's styles, in the order in which cells refer to them."""
    formats = {one.get("numFmtId", ""): one.get("formatCode", "") for one in _inside(root, "numFmts")}
    struck = [_is_on(font, "strike") for font in _inside(root, "fonts")]
    symbols = [symbol_font(font) for font in _inside(root, "fonts")]
    fills = [_fill(fill) for fill in _inside(root, "fills")]
    return [
        Style(
            formats.get(number, BUILTIN_FORMATS.get(int(number), "General") if number.isdecimal() else "General"),
            _at(struck, one.get("fontId", ""), otherwise=False),
            _at(symbols, one.get("fontId", ""), otherwise=None),
            _at(fills, one.get("fillId", ""), otherwise=""),
        )
        for one in _inside(root, "cellXfs")
        for number in [one.get("numFmtId", "0")]
    ]


def looks_of_run(run: etree._Element, style: Style) -> Look | None:
    """How a run looks: as its own properties say, or as its cell where it has none."""
    properties = next((one for one in run if local_name(one) == "rPr"), None)
    if properties is None:
        return "struck" if style.struck else None
    if _is_on(properties, "strike"):
        return "struck"
    raised = any(local_name(one) == "vertAlign" and one.get("val") == "superscript" for one in properties)
    return "raised" if raised else None


def font_of_run(run: etree._Element, style: Style) -> str | None:
    """The symbol font of a run: its own, or its cell's where it has no properties."""
    properties = next((one for one in run if local_name(one) == "rPr"), None)
    return style.font if properties is None else symbol_font(properties)


def _is_on(properties: etree._Element, name: str) -> bool:
    return any(local_name(one) == name and one.get("val", "1") not in ("0", "false") for one in properties)


def symbol_font(properties: etree._Element) -> str | None:
    """The symbol font that a font or a run's properties name."""
    names = (one.get("val", "") for one in properties if local_name(one) in ("name", "rFont"))
    return next((name for name in names if is_symbol_font(name)), None)


def _fill(fill: etree._Element) -> str:
    """What tells a fill from others: its colour, as it is written; empty for none and for white."""
    pattern = next((one for one in fill if local_name(one) in ("patternFill", "gradientFill")), None)
    if pattern is None or pattern.get("patternType", "solid") == "none" or not len(pattern):
        return ""
    colour = next((one for one in pattern if local_name(one) == "fgColor"), None)
    if colour is None:
        return local_name(pattern)
    if colour.get("theme") is not None:
        white = colour.get("theme") == "0" and not colour.get("tint", "").strip("0.-")
        return "" if white else f"theme {colour.get('theme')} {colour.get('tint', '')}".strip()
    index = colour.get("indexed", "")
    if index.isdecimal() and int(index) < len(COLOR_INDEX):
        return fill_of(COLOR_INDEX[int(index)])
    return fill_of(colour.get("rgb"))


def _at(values: Sequence[_Value], index: str, *, otherwise: _Value) -> _Value:
    return values[int(index)] if index.isdecimal() and int(index) < len(values) else otherwise


def _inside(root: etree._Element, name: str) -> Iterator[etree._Element]:
    for one in root:
        if local_name(one) == name:
            yield from (inner for inner in one if isinstance(inner.tag, str))
