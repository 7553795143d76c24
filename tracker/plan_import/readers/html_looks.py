"""How a page shows an element: hidden, struck out, raised; by its name, its own style, or the class a sheet styles."""

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from tracker.plan_import.grid import fill_of
from tracker.plan_import.package import local_name
from tracker.plan_import.readers.left_out import Look
from tracker.plan_import.readers.symbols import is_symbol_font

_STRUCK = frozenset({"s", "strike", "del"})
_DECLARED: dict[Look, re.Pattern[str]] = {
    "hidden": re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all", re.IGNORECASE),
    "struck": re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE),
    "raised": re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE),
}
_FILL = re.compile(r"background(?:-color)?\s*:\s*(?:rgba?\(([\d\s.,%]+)\)|(#?[\w]+))", re.IGNORECASE)
_FONT = re.compile(r"font(?:-family)?\s*:[^;]*?((?:wing|web)dings(?: ?[23])?|\bsymbol)\b", re.IGNORECASE)
_SIMPLE = re.compile(r"(?:[a-z0-9]*)([.#][\w-]+)", re.IGNORECASE)
_COMMENT = re.compile(r"<!--|-->")


class PageLooks:
    """Looks elements up in the page's own style sheets."""

    def __init__(self, root: etree._Element) -> None:
        self._styled: dict[str, set[Look]] = {}
        self._fills: dict[str, str] = {}
        for sheet in root.iter("style"):
            self._read(sheet.text or "")

    def of(self, element: etree._Element) -> Look | None:
        """How an element looks where it is not shown plainly."""
        name = local_name(element)
        looks = {look for look in self._looks(element) if not (look == "raised" and name in ("td", "th", "tr"))}
        if element.get("hidden") is not None or "hidden" in looks:
            return "hidden"
        if name in _STRUCK or "struck" in looks:
            return "struck"
        return "raised" if name == "sup" or "raised" in looks else None

    def fill(self, cell: etree._Element) -> str:
        """The colour behind a cell, its own or its row's."""
        row = cell.getparent()
        for element in (cell,) if row is None else (cell, row):
            own = _fill(element.get("style") or "") or fill_of(element.get("bgcolor"))
            for name in (element.get("class") or "").split():
                own = own or self._fills.get(f".{name}", "")
            if own:
                return own
        return ""

    @staticmethod
    def font(element: etree._Element) -> str | None:
        """The symbol font of an element's own text."""
        face = element.get("face") or ""
        found = _FONT.search(element.get("style") or "")
        return face if is_symbol_font(face) else found and found[1]

    def takes_no_place(self, cell: etree._Element) -> bool:
        """Whether the cells after a hidden one stand where it would: so where it is not displayed at all."""
        return self.of(cell) == "hidden" and "visibility" not in (cell.get("style") or "").lower()

    def _looks(self, element: etree._Element) -> Iterator[Look]:
        yield from _declared(element.get("style") or "")
        if self._styled:
            for name in (element.get("class") or "").split():
                yield from self._styled.get(f".{name}", ())
            yield from self._styled.get(f"#{element.get('id')}", ())

    def _read(self, sheet: str) -> None:
        for rule in _COMMENT.sub("", sheet).split("}"):
            selectors, brace, body = rule.rpartition("{")
            looks = set(_declared(body)) if brace else set()
            fill = _fill(body) if brace else ""
            for selector in selectors.split(",") if looks or fill else ():
                found = _SIMPLE.fullmatch(selector.strip())
                if found:
                    self._styled.setdefault(found[1], set()).update(looks)
                    self._fills[found[1]] = fill or self._fills.get(found[1], "")


def hidden_columns(table: etree._Element, looks: PageLooks, most: int) -> Iterable[int]:
    """The grid columns that ``<col>`` hides."""
    at = 0
    for one in table.iter("col"):
        span = int(one.get("span") or 1) if (one.get("span") or "1").isdecimal() else 1
        if looks.of(one) == "hidden":
            yield from range(at, min(at + span, most))
        at += span
        if at > most:
            return


def _fill(style: str) -> str:
    found = _FILL.search(style)
    if not found:
        return ""
    if not found[1]:
        return fill_of(found[2])
    parts = [part.strip() for part in found[1].split(",")]
    if len(parts) == 4 and not parts[3].strip("0.%"):
        return ""
    numbers = [int(part) for part in parts[:3] if part.isdecimal() and int(part) < 256]
    return fill_of("".join(f"{number:02X}" for number in numbers)) if len(numbers) == 3 else ""


def _declared(style: str) -> Iterator[Look]:
    if style:
        yield from (look for look, pattern in _DECLARED.items() if pattern.search(style))
