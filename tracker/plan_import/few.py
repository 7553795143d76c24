"""Warnings made few and put in order: many of a kind are one with its places, dates before looks, quotes are short."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tracker.plan_draft import Warn
from tracker.plan_import.header_words import TITLES

_MOST_ALONE = 3
"""Warnings of a kind that stand by themselves; more are one, with their places."""
_MOST_DOUBTED = 6
"""The same of times and parties, each of which is another cell to look at."""
_SEEN_AT_ONCE = 12
"""Warnings that are read in the order of the document."""
_MOST_PLACES = 12
"""Places that one warning names; the rest are counted."""
_LONGEST_QUOTE = 160
"""Letters of a quotation; a pasted page is told by its beginning."""
_QUOTE = re.compile("“([^”]*)”")
_NUMBER = re.compile("[0-9๐-๙]+")
_MEASURE = re.compile(r"measure (?P<number>[0-9]+)")
_ROW = re.compile(r"(?:row|line) (?P<number>[0-9]+)")
_ORDER = (
    re.compile("^(?:cover|PDF|header)"),
    re.compile(re.escape(TITLES["period"])),
    re.compile(re.escape(TITLES["responsible"])),
    re.compile("^measure "),
    re.compile("^(?:table|sheet|page|row|line)"),
)
"""What is wrong with the whole document, with times, with parties, with measures; then what was left out of tables."""


def few(warnings: Iterable[Warn]) -> tuple[Warn, ...]:
    """The warnings, many of a kind as one: as they stand where all are seen at once, else as they matter."""
    warnings = tuple(warnings)
    kinds: dict[tuple[int, str, str], list[tuple[int, Warn]]] = {}
    for at, warning in enumerate(warnings):
        kind = (_rank(warning.where), _column(warning.where), _kind(warning.message))
        kinds.setdefault(kind, []).append((at, warning))
    crowded = len(warnings) > _SEEN_AT_ONCE
    told = [
        ((kind[0], alike[0][0]) if crowded else (0, at), warning)
        for kind, alike in kinds.items()
        for at, warning in _together(alike)
    ]
    return tuple(warning for _, warning in sorted(told, key=lambda pair: pair[0]))


def _together(alike: Sequence[tuple[int, Warn]]) -> Iterable[tuple[int, Warn]]:
    doubts = _column(alike[0][1].where) in (TITLES["period"], TITLES["responsible"])
    if len(alike) <= (_MOST_DOUBTED if doubts else _MOST_ALONE):
        return [(at, replace(one, message=_shortened(one.message))) for at, one in alike]
    at, first = alike[0]
    named = [place for _, one in alike[1:] if (place := _place(one.where))]
    rest = len(alike) - 1 - min(len(named), _MOST_PLACES)
    places = ", ".join(dict.fromkeys(named[:_MOST_PLACES])) + (f" และอีก {rest} แห่ง" if rest else "")
    return [(at, Warn(first.where, f"{_shortened(first.message)} (เช่นเดียวกันที่ {places.strip()})"))]


def _rank(where: str) -> int:
    return next((rank for rank, pattern in enumerate(_ORDER) if pattern.search(where)), len(_ORDER))


def _column(where: str) -> str:
    return next((title for title in TITLES.values() if where.endswith(title)), "")


def _kind(message: str) -> str:
    return _NUMBER.sub("", _QUOTE.sub("", message))


def _place(where: str) -> str:
    measure, row = _MEASURE.search(where), _ROW.search(where)
    if measure:
        return f"มาตรการ {measure['number']}"
    return f"แถว {row['number']}" if row else ""


def _shortened(message: str) -> str:
    return _QUOTE.sub(
        lambda found: f"“{found[1][:_LONGEST_QUOTE]}…”" if len(found[1]) > _LONGEST_QUOTE else found[0], message
    )
