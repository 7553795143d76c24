"""Which stored row a row of a corrected document is: by its words, and by its number only where rows kept their count.

Pure. What was recorded for a row goes with it, so a number alone proves nothing once rows were inserted or dropped.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.thai.text import fold_name

ALIKE = 0.6
"""How much of two texts' pairs of letters must be common for one to be the other, reworded."""


@dataclass(frozen=True, slots=True)
class Row:
    """A measure or step as matching sees it; a retired one comes back only with its own words."""

    text: str
    number: int | None
    retired: bool = False


def match(stored: Sequence[Row], drafted: Sequence[Row]) -> list[int | None]:
    """For each drafted row the index of the stored one that it is, or None where it is new."""
    found: list[int | None] = [None] * len(drafted)
    left = dict(enumerate(stored))
    live = sum(not row.retired for row in stored)
    for pairs in (_same_words(left, drafted), _alike(left, drafted, found), _same_number(left, drafted, live)):
        for wanted, known in pairs:
            if found[wanted] is None and known in left:
                found[wanted] = known
                del left[known]
    return found


def _same_words(left: dict[int, Row], drafted: Sequence[Row]) -> Iterator[tuple[int, int]]:
    by_words: dict[str, list[int]] = {}
    for known, row in left.items():
        by_words.setdefault(fold_name(row.text), []).append(known)
    pairs = [(wanted, known) for wanted, row in enumerate(drafted) for known in by_words.get(fold_name(row.text), ())]
    stored = dict(left)

    def rank(pair: tuple[int, int]) -> tuple[bool, bool, int]:
        wanted, known = pair
        return stored[known].retired, stored[known].number != drafted[wanted].number, known

    yield from sorted(pairs, key=rank)


def _alike(left: dict[int, Row], drafted: Sequence[Row], found: Sequence[int | None]) -> Iterator[tuple[int, int]]:
    known = {index: _letter_pairs(row.text) for index, row in left.items() if not row.retired}
    wanted = {index: _letter_pairs(row.text) for index, row in enumerate(drafted) if found[index] is None}
    scored = [(_common(a, b), i, j) for i, a in wanted.items() for j, b in known.items()]
    for _, i, j in sorted((one for one in scored if one[0] >= ALIKE), key=lambda one: (-one[0], abs(one[1] - one[2]))):
        yield i, j


def _same_number(left: dict[int, Row], drafted: Sequence[Row], live: int) -> Iterator[tuple[int, int]]:
    if live != len(drafted):
        return
    for wanted, row in enumerate(drafted):
        for known, other in list(left.items()):
            if not other.retired and other.number == row.number:
                yield wanted, known


def _letter_pairs(text: str) -> frozenset[str]:
    letters = fold_name(text)
    return frozenset(letters[index : index + 2] for index in range(len(letters) - 1)) or frozenset(letters)


def _common(a: frozenset[str], b: frozenset[str]) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 1.0
