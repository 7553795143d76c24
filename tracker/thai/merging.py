"""Two people's versions of one text brought together: all that the first wrote, and what only the second has."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.thai.numerals import to_arabic
from tracker.thai.paragraphs import Paragraph, Paragraphs
from tracker.thai.words import words

_UNCUT = 1_000
"""Longer than any word: where a line might break plays no part here."""
_WORD = re.compile(r"[\w\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]+(?:[.,/][0-9]+)*")


@dataclass(frozen=True, slots=True)
class Merged:
    """A text and the places in it that were added to the first version."""

    paragraphs: Paragraphs
    added: frozenset[int]


def merge_texts(hers: Paragraphs, mine: Paragraphs) -> Merged:
    """Hers whole, with the paragraphs of mine that it lacks: each at the end of what stands under its number.

    A number that hers does not have comes in its place; where it has, the paragraph goes on under it without one.
    """
    merged = [(number, paragraph, False) for number, paragraph in _numbered(hers)]
    for (number, paragraph), is_new in zip(_numbered(mine), lacking(hers, mine), strict=True):
        if not is_new:
            continue
        under = [place for place, one in enumerate(merged) if one[0] == number]
        if under:
            merged.insert(under[-1] + 1, (number, Paragraph(None, paragraph.text), True))
        else:
            later = (place for place, one in enumerate(merged) if _rank(one[0]) > _rank(number))
            merged.insert(next(later, len(merged)), (number, paragraph, True))
    places = frozenset(place for place, (_, _, is_added) in enumerate(merged) if is_added)
    return Merged(tuple(paragraph for _, paragraph, _ in merged), places)


def lacking(hers: Paragraphs, mine: Paragraphs) -> tuple[bool, ...]:
    """For each paragraph of mine, whether hers lacks it: no paragraph there has its words in their order.

    Only what stands under the same number is looked at, where both versions are numbered.
    """
    standing: dict[int | str | None, list[list[str]]] = {}
    for number, paragraph in _numbered(hers):
        standing.setdefault(number, []).append(_words(paragraph.text))
    both_numbered = any(one.number is not None for one in hers) and any(one.number is not None for one in mine)
    everywhere = [one for group in standing.values() for one in group]
    return tuple(
        not any(
            _stands_in(_words(paragraph.text), one)
            for one in (standing.get(number, ()) if both_numbered else everywhere)
        )
        for number, paragraph in _numbered(mine)
    )


def same_text(one: Paragraphs, other: Paragraphs) -> bool:
    """Whether both say the same, whatever their spaces, signs and kind of digits."""
    return [(n, _words(p.text)) for n, p in _numbered(one)] == [(n, _words(p.text)) for n, p in _numbered(other)]


def lines(text: str) -> Paragraphs:
    """A text as it was typed, a paragraph a line; what stood before its words stays there."""
    return tuple(Paragraph(None, line.strip()) for line in text.splitlines() if line.strip())


def _numbered(paragraphs: Iterable[Paragraph]) -> list[tuple[int | str | None, Paragraph]]:
    """Each paragraph with the number under which it stands: its own, or that of the last one which had one."""
    number: int | str | None = None
    found = []
    for paragraph in paragraphs:
        number = number if paragraph.number is None else paragraph.number
        found.append((number, paragraph))
    return found


def _rank(number: int | str | None) -> tuple[int, ...]:
    return () if number is None else tuple(int(part) for part in str(number).split("."))


def _words(text: str) -> list[str]:
    """The words of a text, folded: Arabic digits, no signs, no capitals."""
    return [word for piece in words(to_arabic(text).casefold(), longest=_UNCUT) for word in _WORD.findall(piece)]


def _stands_in(few: Sequence[str], many: Sequence[str]) -> bool:
    """Whether the words are among the others, in this order."""
    rest = iter(many)
    return all(word in rest for word in few)
