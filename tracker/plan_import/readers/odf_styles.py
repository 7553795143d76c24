"""How an OpenDocument file shows text and cells: struck out, hidden, raised, in a symbol font, filled."""

import re
from collections.abc import Iterator

from lxml import etree

from tracker.plan_import.grid import fill_of
from tracker.plan_import.package import attribute, local_name
from tracker.plan_import.readers.left_out import Look
from tracker.plan_import.readers.symbols import is_symbol_font

_RAISED = re.compile(r"super|[1-9][0-9]*%")


class OdfStyles:
    """Looks styles up by family and name, with those that they are based on."""

    def __init__(self, *roots: etree._Element | None) -> None:
        self._styles: dict[tuple[str, str], etree._Element] = {}
        self.list_styles: dict[str, etree._Element] = {}
        for root in (one for one in roots if one is not None):
            for element in root.iter(etree.Element):
                name = local_name(element)
                if name == "style":
                    key = attribute(element, "family") or "", attribute(element, "name") or ""
                    self._styles.setdefault(key, element)
                elif name == "list-style":
                    self.list_styles.setdefault(attribute(element, "name") or "", element)

    def look(self, family: str, name: str | None) -> Look | None:
        """How text of a style looks where it is not shown plainly."""
        if self._value(family, name, "text-properties", "display") == "none":
            return "hidden"
        through = ("text-line-through-style", "text-line-through-type")
        if any((self._value(family, name, "text-properties", one) or "none") != "none" for one in through):
            return "struck"
        position = self._value(family, name, "text-properties", "text-position") or ""
        return "raised" if _RAISED.match(position) else None

    def font(self, family: str, name: str | None) -> str | None:
        """The symbol font of a style's letters."""
        for one in ("font-name", "font-family"):
            font = self._value(family, name, "text-properties", one)
            if font:
                return font if is_symbol_font(font) else None
        return None

    def fill(self, name: str | None) -> str:
        """The colour behind a cell of a style."""
        return fill_of(self._value("table-cell", name, "table-cell-properties", "background-color"))

    def hides_table(self, name: str | None) -> bool:
        """Whether a sheet of a style is hidden."""
        return self._value("table", name, "table-properties", "display") == "false"

    def list_style_of(self, paragraph_style: str | None) -> str | None:
        """The list that paragraphs of a style stand in."""
        named = (attribute(style, "list-style-name") for style in self._chain("paragraph", paragraph_style))
        return next((name for name in named if name), None)

    def _value(self, family: str, name: str | None, properties: str, wanted: str) -> str | None:
        for style in self._chain(family, name):
            for one in style:
                if local_name(one) == properties and (value := attribute(one, wanted)) is not None:
                    return value
        return None

    def _chain(self, family: str, name: str | None) -> Iterator[etree._Element]:
        seen: set[str] = set()
        while name and name not in seen and (family, name) in self._styles:
            seen.add(name)
            yield self._styles[family, name]
            name = attribute(self._styles[family, name], "parent-style-name")
