"""How Word shows a run: hidden, struck out, raised; by itself, by its style, by its paragraph's style."""

from collections.abc import Iterable, Iterator

from lxml import etree

from tracker.plan_import.package import attribute, local_name
from tracker.plan_import.readers.left_out import Look
from tracker.plan_import.readers.symbols import is_symbol_font

_LOOKS = frozenset({"vanish", "webHidden", "strike", "dstrike", "vertAlign"})
_OFF = ("0", "false", "off", "none")


class WordLooks:
    """Looks runs up in the document's styles."""

    def __init__(self, styles: etree._Element | None) -> None:
        self._styles = {
            attribute(style, "styleId") or "": style
            for style in (styles if styles is not None else ())
            if local_name(style) == "style"
        }
        self._known: dict[tuple[str | None, str | None], dict[str, str]] = {}

    def of(self, run: etree._Element, paragraph_style: str | None) -> tuple[Look | None, str | None]:
        """How the run looks where it is no plain text, and its font where that is a symbol font."""
        found = self._said(run, paragraph_style)
        if not found:
            return None, None
        name = found.get("rFonts")
        font = name if name and is_symbol_font(name) else None
        if found.get("vanish", "off") not in _OFF or found.get("webHidden", "off") not in _OFF:
            return "hidden", font
        if any(found.get(name, "off") not in _OFF for name in ("strike", "dstrike")):
            return "struck", font
        return "raised" if found.get("vertAlign") == "superscript" else None, font

    def _said(self, run: etree._Element, paragraph_style: str | None) -> dict[str, str]:
        """The run's own properties, then those of its style, then those of its paragraph's; styles are remembered."""
        own = child(run, "rPr")
        style = value(child(own, "rStyle")) if own is not None else None
        if (style, paragraph_style) not in self._known:
            named = (one for name in (style, paragraph_style) for one in self._of_style(name))
            self._known[style, paragraph_style] = _read(named)
        known = self._known[style, paragraph_style]
        return known if own is None else known | _read((own,))

    def _of_style(self, name: str | None) -> Iterator[etree._Element]:
        seen: set[str] = set()
        while name and name in self._styles and name not in seen:
            seen.add(name)
            properties = child(self._styles[name], "rPr")
            if properties is not None:
                yield properties
            name = value(child(self._styles[name], "basedOn"))


def _read(properties: Iterable[etree._Element]) -> dict[str, str]:
    """What properties of runs say of looks and fonts, the first of each name."""
    found: dict[str, str] = {}
    for one in (inner for outer in properties for inner in outer):
        name = local_name(one)
        if name == "rFonts":
            found.setdefault(name, attribute(one, "ascii") or attribute(one, "hAnsi") or "")
        elif name in _LOOKS:
            found.setdefault(name, attribute(one, "val") or "on")
    return found


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first child of that name."""
    if element is not None:
        for one in element:
            if local_name(one) == name:
                return one
    return None


def value(element: etree._Element | None) -> str | None:
    """What an element of properties is set to."""
    return attribute(element, "val") if element is not None else None
