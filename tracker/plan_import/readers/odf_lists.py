"""The numbers that an OpenDocument file shows before the paragraphs of its lists."""

from dataclasses import dataclass, field

from lxml import etree

from tracker.plan_import.grid import Line
from tracker.plan_import.lists import THAI_LETTERS, alphabetic, roman
from tracker.plan_import.package import attribute, local_name

_DEEPEST = 10
"""Levels of a list; OpenDocument itself has ten."""


@dataclass(slots=True)
class _Counting:
    """A list as it is counted: its style and, for each level, the last number."""

    style: str | None
    numbers: dict[int, int] = field(default_factory=dict)


class OdfLists:
    """Counts through a document: enter each list, begin each item, label its first paragraph."""

    def __init__(self, styles: dict[str, etree._Element]) -> None:
        self._levels = {
            name: {_whole(attribute(level, "level"), 1): level for level in style} for name, style in styles.items()
        }
        self._by_id: dict[str | None, _Counting] = {}
        self._by_style: dict[str, _Counting] = {}
        self._open: list[_Counting] = []

    def enter(self, listing: etree._Element) -> None:
        """A list begins: within another one its next level, or one that goes on counting."""
        style = attribute(listing, "style-name")
        counting = self._open[-1] if self._open else None
        if counting is None:
            continued = attribute(listing, "continue-list")
            known = self._by_id.get(continued) if continued else None
            if known is None and attribute(listing, "continue-numbering") == "true":
                known = self._by_style.get(style or "")
            counting = known if known is not None and known.style in (style, None) else _Counting(style)
        elif style and style != counting.style:
            counting = _Counting(style)
        self._by_id[attribute(listing, "id")] = counting
        self._by_style[counting.style or ""] = counting
        self._open.append(counting)

    def leave(self) -> None:
        """The list ends."""
        self._open.pop()

    def begin(self, item: etree._Element) -> None:
        """An item begins: it has the next number."""
        counting, level = self._open[-1], min(len(self._open), _DEEPEST)
        definition = self._level(counting.style, level)
        first = _whole(attribute(definition, "start-value"), 1) if definition is not None else 1
        following = counting.numbers[level] + 1 if level in counting.numbers else first
        counting.numbers[level] = _whole(attribute(item, "start-value"), following)
        for deeper in [known for known in counting.numbers if known > level]:
            del counting.numbers[deeper]

    def line(self, text: str) -> Line:
        """The text as the first paragraph of the item that has begun."""
        counting, level = self._open[-1], min(len(self._open), _DEEPEST)
        definition = self._level(counting.style, level)
        number = counting.numbers.get(level, 1)
        if definition is None or local_name(definition) != "list-level-style-number":
            return Line(text if definition is None else f"• {text}")
        signs = f"{attribute(definition, 'num-prefix') or ''}%{attribute(definition, 'num-suffix') or ''}"
        form = attribute(definition, "num-format") or ""
        shown = _whole(attribute(definition, "display-levels"), 1)
        if not form:
            return Line(text)
        if shown == 1 and form[:1] in "1๑":
            return Line(text, number, signs.strip(), level - 1)
        above = [str(counting.numbers.get(one, 1)) for one in range(level - shown + 1, level)]
        return Line(f"{signs.replace('%', '.'.join([*above, _written(number, form)]))} {text}".strip())

    def _level(self, style: str | None, level: int) -> etree._Element | None:
        return self._levels.get(style or "", {}).get(level)


def _written(number: int, form: str) -> str:
    first = form[:1]
    letter = {"a": alphabetic, "i": roman}.get(first.lower())
    if first == "ก":
        return alphabetic(number, THAI_LETTERS)
    if letter is None:
        return str(number)
    return letter(number).upper() if first.isupper() else letter(number)


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 5 else otherwise
