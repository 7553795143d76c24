"""How Word shows a run: hidden, struck out, raised; by itself, by its style, by its paragraph's style."""

from collections.abc import Iterator

from lxml import etree

from tracker.plan_import.package import attribute, local_name
from tracker.plan_import.readers.left_out import Look
from tracker.plan_import.readers.symbols import is_symbol_font

_OFF = ("0", "false", "off", "none")


class WordLooks:
    """Looks runs up in the document's styles."""

    def __init__(self, styles: etree._Element | None) -> None:
        self._styles = {
            attribute(style, "styleId") or "": style
            for style in (styles if styles is not None else ())
            if local_name(style) == "style"
        }

    def of(self, run: etree._Element, paragraph_style: str | None) -> Look | None:
        """How the run looks where it is no plain text."""
        found: dict[str, str] = {}
        for properties in self._properties(run, paragraph_style):
            for one in properties:
                found.setdefault(local_name(one), attribute(one, "val") or "on")
        if found.get("vanish", "off") not in _OFF or found.get("webHidden", "off") not in _OFF:
            return "hidden"
        if any(found.get(name, "off") not in _OFF for name in ("strike", "dstrike")):
            return "struck"
        return "raised" if found.get("vertAlign") == "superscript" else None

    def font(self, run: etree._Element, paragraph_style: str | None) -> str | None:
        """The font of the run's letters, where it is a symbol font."""
        for properties in self._properties(run, paragraph_style):
            fonts = child(properties, "rFonts")
            name = None if fonts is None else attribute(fonts, "ascii") or attribute(fonts, "hAnsi")
            if name:
                return name if is_symbol_font(name) else None
        return None

    def _properties(self, run: etree._Element, paragraph_style: str | None) -> Iterator[etree._Element]:
        """The run's own properties, then those of its style, then those of its paragraph's."""
        own = child(run, "rPr")
        if own is not None:
            yield own
        for name in (value(child(own, "rStyle")), paragraph_style):
            yield from self._of_style(name)

    def _of_style(self, name: str | None) -> Iterator[etree._Element]:
        seen: set[str] = set()
        while name and name in self._styles and name not in seen:
            seen.add(name)
            properties = child(self._styles[name], "rPr")
            if properties is not None:
                yield properties
            name = value(child(self._styles[name], "basedOn"))


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first child of that name."""
    return next((one for one in element if local_name(one) == name), None) if element is not None else None


def value(element: etree._Element | None) -> str | None:
    """What an element of properties is set to."""
    return attribute(element, "val") if element is not None else None
