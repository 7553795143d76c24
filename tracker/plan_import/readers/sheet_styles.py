"""How Excel shows a cell and the runs of its text: number format, struck out, raised."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS

from tracker.plan_import.package import local_name
from tracker.plan_import.readers.left_out import Look


@dataclass(frozen=True, slots=True)
class Style:
    """A cell's number format, and whether its whole text is struck out."""

    format: str = "General"
    struck: bool = False

    @property
    def hides(self) -> bool:
        """Whether the format shows nothing, whatever the cell holds."""
        return self.format.strip().strip('"') == ";;;"


def styles_of(root: etree._Element) -> list[Style]:
    """The workbook's styles, in the order in which cells refer to them."""
    formats = {one.get("numFmtId", ""): one.get("formatCode", "") for one in _inside(root, "numFmts")}
    struck = [_is_on(font, "strike") for font in _inside(root, "fonts")]
    return [
        Style(
            formats.get(number, BUILTIN_FORMATS.get(int(number), "General") if number.isdecimal() else "General"),
            _at(struck, one.get("fontId", "")),
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


def _is_on(properties: etree._Element, name: str) -> bool:
    return any(local_name(one) == name and one.get("val", "1") not in ("0", "false") for one in properties)


def _at(values: list[bool], index: str) -> bool:
    return values[int(index)] if index.isdecimal() and int(index) < len(values) else False


def _inside(root: etree._Element, name: str) -> Iterator[etree._Element]:
    for one in root:
        if local_name(one) == name:
            yield from (inner for inner in one if isinstance(inner.tag, str))
