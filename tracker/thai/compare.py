"""What differs between two texts, word by word."""

from difflib import SequenceMatcher
from typing import Literal

from tracker.thai.words import words

WordChange = Literal["same", "removed", "added"]


def changed_words(before: str, after: str) -> tuple[tuple[WordChange, str], ...]:
    """The pieces of both texts in order: what is the same, what the first alone has, what the second alone has."""
    old, new = words(before), words(after)
    changes: list[tuple[WordChange, str]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            changes.append(("same", "".join(old[i1:i2])))
            continue
        if i1 < i2:
            changes.append(("removed", "".join(old[i1:i2])))
        if j1 < j2:
            changes.append(("added", "".join(new[j1:j2])))
    return tuple(changes)
