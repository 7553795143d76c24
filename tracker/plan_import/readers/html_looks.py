"""How a page shows an element: hidden, struck out, raised; by its name, its own style, or the class a sheet styles."""

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from tracker.plan_import.package import local_name
from tracker.plan_import.readers.left_out import Look

_STRUCK = frozenset({"s", "strike", "del"})
_DECLARED: dict[Look, re.Pattern[str]] = {
    "hidden": re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all", re.IGNORECASE),
    "struck": re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE),
    "raised": re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE),
}
_SIMPLE = re.compile(r"(?:[a-z0-9]*)([.#][\w-]+)", re.IGNORECASE)
_COMMENT = re.compile(r"<!--|-->")


class PageLooks:
    """Looks elements up in the page's own style sheets."""

    def __init__(self, root: etree._Element) -> None:
        self._styled: dict[str, set[Look]] = {}
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
            for selector in selectors.split(",") if looks else ():
                found = _SIMPLE.fullmatch(selector.strip())
                if found:
                    self._styled.setdefault(found[1], set()).update(looks)


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


def _declared(style: str) -> Iterator[Look]:
    if style:
        yield from (look for look, pattern in _DECLARED.items() if pattern.search(style))
