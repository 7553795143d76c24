"""Breaks for programs that know Thai by a dictionary of their own, as Word and LibreOffice do.

Such a program keeps a compound whole; where the column is narrower, it breaks it between any two letters.
"""

import re
from functools import lru_cache

import nlpo3

from tracker.thai.words import place_names, read_words, teach, width, words

ZERO_WIDTH_SPACE = "\u200b"
"""A line may end here, and nothing is seen; the reader of plans takes it out again."""
_COMPOUNDS = "tracker-compounds"
_SHORTEST = 8
"""No column of the report is narrower, in characters that take width."""
_THAI = re.compile(f"[ก-ฺเ-๎]{{{_SHORTEST},300}}")


def with_soft_breaks(text: str, longest: int, names: tuple[str, ...] = ()) -> str:
    """The text with a zero-width space between the words of the names, and of compounds wider than ``longest``.

    A name that a dictionary does not know it breaks anywhere, also where it would fit.
    """
    for name in names:
        if name in text:
            text = text.replace(name, ZERO_WIDTH_SPACE.join(words(name, place_names([name]), longest)))
    return _THAI.sub(lambda run: _parted(run[0], longest), text)


def _parted(run: str, longest: int) -> str:
    if width(run) <= longest:
        return run
    known = _compounds()
    return "".join(
        ZERO_WIDTH_SPACE.join(words(word, longest=longest - 1)) if width(word) > longest and word in known else word
        for word in nlpo3.segment(run, _COMPOUNDS)
    )


@lru_cache(maxsize=1)
def _compounds() -> frozenset[str]:
    entries = frozenset(word for word in read_words() if width(word) > _SHORTEST)
    teach(_COMPOUNDS, entries)
    return entries
