"""Word's own list numbering: the number or mark that Word shows before a paragraph, counted as Word counts."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from lxml import etree

from tracker.plan_import.lists import THAI_LETTERS, alphabetic, roman
from tracker.plan_import.package import attribute, local_name
from tracker.plan_import.readers.word_looks import child, value
from tracker.thai.numerals import to_thai

_TOKEN = re.compile(r"%([1-9])")
_ONLY_SIGNS = re.compile(r"[\s.,:;()\[\]/–-]*")
_DASHES = frozenset("-–—")
_NO_DIGITS = frozenset({"lowerLetter", "upperLetter", "lowerRoman", "upperRoman", "thaiLetters", "none", "bullet"})


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before a list paragraph: a number with its form, or signs that are part of the text."""

    number: int | None
    mark: str = "%."
    prefix: str = ""
    level: int = 0


@dataclass(slots=True)
class _Level:
    start: int = 1
    format: str = "decimal"
    text: str = "%1."
    restarts: bool = True
    style: str | None = None


@dataclass(slots=True)
class _List:
    abstract: str
    levels: dict[int, _Level]
    starts: dict[int, int] = field(default_factory=dict)


class WordLists:
    """Counts through a document: ask for the label of every paragraph once, in order."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._styles = {
            attribute(style, "styleId") or "": style
            for style in (styles if styles is not None else ())
            if local_name(style) == "style"
        }
        self._lists = self._read(numbering) if numbering is not None else {}
        self._of_styles: dict[str | None, tuple[str | None, str | None]] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()

    def label(self, paragraph: etree._Element) -> Label | None:
        """The label that Word shows before the paragraph, None for one outside lists. Counts the paragraph."""
        number_id, level = self._place(paragraph)
        listing = self._lists.get(number_id or "0")
        if number_id is None or listing is None or level not in listing.levels:
            return None
        counters = self._counters.setdefault(listing.abstract, {})
        if number_id not in self._begun:
            self._begun.add(number_id)
            for overridden in listing.starts:
                counters.pop(overridden, None)
        for higher in range(level):
            counters.setdefault(higher, _start(listing, higher))
        counters[level] = counters[level] + 1 if level in counters else _start(listing, level)
        for deeper in [known for known in counters if known > level]:
            if deeper not in listing.levels or listing.levels[deeper].restarts:
                del counters[deeper]
        return _shown(listing, level, counters)

    def _place(self, paragraph: etree._Element) -> tuple[str | None, int]:
        properties = child(paragraph, "pPr")
        own = child(properties, "numPr")
        number_id, level = value(child(own, "numId")), value(child(own, "ilvl"))
        if number_id is None:
            style = value(child(properties, "pStyle"))
            if style not in self._of_styles:
                self._of_styles[style] = self._place_of_style(style)
            number_id, level_of_style = self._of_styles[style]
            level = level if level is not None else level_of_style
        return number_id, _integer(level, 0)

    def _place_of_style(self, name: str | None) -> tuple[str | None, str | None]:
        seen: set[str] = set()
        first = name
        while name and name in self._styles and name not in seen:
            seen.add(name)
            style = self._styles[name]
            numbering = child(child(style, "pPr"), "numPr")
            number_id = value(child(numbering, "numId"))
            if number_id is not None:
                return number_id, value(child(numbering, "ilvl")) or self._level_of_style(number_id, first)
            name = value(child(style, "basedOn"))
        return None, None

    def _level_of_style(self, number_id: str, style: str | None) -> str | None:
        levels = self._lists[number_id].levels if number_id in self._lists else {}
        return next((str(index) for index, level in levels.items() if style and level.style == style), None)

    def _read(self, numbering: etree._Element) -> dict[str, _List]:
        abstracts = {
            attribute(element, "abstractNumId") or "": element
            for element in numbering
            if local_name(element) == "abstractNum"
        }
        found: dict[str, _List] = {}
        for element in (one for one in numbering if local_name(one) == "num"):
            abstract = value(child(element, "abstractNumId")) or ""
            levels = _levels(self._linked(abstracts, abstract, numbering))
            listing = _List(abstract, levels)
            for override in (one for one in element if local_name(one) == "lvlOverride"):
                level = _integer(attribute(override, "ilvl"), 0)
                levels.update(_levels(override))
                start = value(child(override, "startOverride"))
                if start is not None:
                    listing.starts[level] = _integer(start, 1)
            found[attribute(element, "numId") or ""] = listing
        return found

    def _linked(
        self, abstracts: dict[str, etree._Element], abstract: str, numbering: etree._Element
    ) -> Iterable[etree._Element]:
        """The levels' element, looked up through a list style where the definition only names one."""
        element = abstracts.get(abstract)
        link = value(child(element, "numStyleLink"))
        if link and link in self._styles:
            number_id = value(child(child(child(self._styles[link], "pPr"), "numPr"), "numId"))
            for num in (one for one in numbering if local_name(one) == "num"):
                if attribute(num, "numId") == number_id:
                    element = abstracts.get(value(child(num, "abstractNumId")) or "", element)
        return element if element is not None else ()


def _levels(element: Iterable[etree._Element]) -> dict[int, _Level]:
    levels: dict[int, _Level] = {}
    for one in element:
        if local_name(one) == "lvl":
            levels[_integer(attribute(one, "ilvl"), 0)] = _Level(
                _integer(value(child(one, "start")), 0),
                value(child(one, "numFmt")) or "decimal",
                value(child(one, "lvlText")) or "",
                value(child(one, "lvlRestart")) != "0",
                value(child(one, "pStyle")),
            )
    return levels


def _start(listing: _List, level: int) -> int:
    if level in listing.starts:
        return listing.starts[level]
    return listing.levels[level].start if level in listing.levels else 1


def _shown(listing: _List, level: int, counters: dict[int, int]) -> Label | None:
    definition = listing.levels[level]
    if definition.format == "bullet":
        return Label(None, prefix="- " if definition.text.strip() in _DASHES else "• ")
    tokens = _TOKEN.findall(definition.text)
    signs = _TOKEN.sub("", definition.text)
    if tokens == [str(level + 1)] and definition.format not in _NO_DIGITS and _ONLY_SIGNS.fullmatch(signs):
        return Label(counters[level], _TOKEN.sub("%", definition.text).strip(), level=level)
    text = _TOKEN.sub(lambda token: _formatted(listing, int(token[1]) - 1, counters), definition.text).strip()
    return Label(None, prefix=f"{text} ") if text else None


def _formatted(listing: _List, level: int, counters: dict[int, int]) -> str:
    number = counters.get(level, 1)
    style = listing.levels[level].format if level in listing.levels else "decimal"
    written: dict[str, Callable[[int], str]] = {
        "thaiNumbers": to_thai,
        "thaiLetters": lambda count: alphabetic(count, THAI_LETTERS),
        "lowerLetter": alphabetic,
        "upperLetter": lambda count: alphabetic(count).upper(),
        "lowerRoman": roman,
        "upperRoman": lambda count: roman(count).upper(),
        "none": lambda _: "",
    }
    return written.get(style, str)(number)


def _integer(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and re.fullmatch(r"[0-9]{1,6}", text) else otherwise
