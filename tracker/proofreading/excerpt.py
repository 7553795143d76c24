"""A few words of a paragraph to find the place again by, cut between words."""

from tracker.thai.words import words

_BESIDE = 18
"""Characters on each side of a find: two or three words by which the place is known again."""
_OPENING = 60
"""Characters of a text's beginning: a line of the page on a telephone."""


def around(text: str, start: int, end: int) -> str:
    """What stands at start..end with a little of what is before and after it."""
    first, last, place = start, end, 0
    for piece in words(text):
        ends = place + len(piece)
        if start - _BESIDE <= place and ends <= end + _BESIDE:
            first, last = min(first, place), max(last, ends)
        place = ends
    return ("…" if first else "") + text[first:last] + ("…" if last < len(text) else "")


def opening(text: str) -> str:
    """The paragraph's first words."""
    if len(text) <= _OPENING:
        return text
    kept = ""
    for piece in words(text[: 2 * _OPENING]):
        if len(kept) + len(piece) > _OPENING:
            break
        kept += piece
    return f"{(kept or text[:_OPENING]).rstrip()}…"
