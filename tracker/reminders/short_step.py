"""A step's text as a message shows it: its first clause, cut at a word, so that many fit on a telephone."""

import re
from functools import lru_cache

from tracker.thai.words import width, words

LONGEST_STEP = 45
"""Columns: two lines of a bubble on a telephone."""
_LEAST = 24
"""A clause shorter than this says too little to stand alone."""
_NUMBERED = re.compile(r"^(?:ขั้นตอนที่ ?)?[0-9๐-๙]+[.)]\s*")


@lru_cache(maxsize=4096)
def short_step(text: str, longest: int = LONGEST_STEP) -> str:
    """The step in at most ``longest`` characters that take width, with … where something was left out."""
    whole = _NUMBERED.sub("", " ".join(text.split()))
    if width(whole) <= longest:
        return whole
    kept, clause, length = "", "", 0
    for piece in words(whole, longest=longest):
        length += width(piece)
        if length >= longest:
            break
        if piece.isspace() and length >= _LEAST:
            clause = kept
        kept += piece
    return f"{(clause or kept).rstrip()}…"
