"""Thai text as documents carry it, fixed for reading: private-use marks, split ำ, marks out of order, zero widths.

Never NFKC, which breaks ำ up. The original text is kept by whoever calls.
"""

import re

from tracker.thai.numerals import to_arabic

_PRIVATE_USE = dict(
    zip(
        range(0xF700, 0xF71B),
        "ฐ\u0e34\u0e35\u0e36\u0e37\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e48\u0e49\u0e4a\u0e4b\u0e4cญ"
        "\u0e31\u0e4d\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e38\u0e39\u0e3a",
        strict=True,
    )
)
_INVISIBLE: dict[int, str | None] = dict.fromkeys(
    [0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF], None
)
_SPACES: dict[int, str | None] = dict.fromkeys([0x00A0, 0x2007, 0x2009, 0x200A, 0x202F, 0x3000], " ")
_CHARACTERS: dict[int, str | None] = {**_PRIVATE_USE, **_INVISIBLE, **_SPACES}

_TONES = "\u0e48-\u0e4b"
_SPLIT_AM = f"\u0e4d[{_TONES}]?\u0e32"
_AM = re.compile(f"(?:{_SPLIT_AM}|\u0e33)(?:{_SPLIT_AM}|[{_TONES}\u0e32\u0e33])*")
_NO_TONE = re.compile(f"[^{_TONES}]+")
_TONE_BEFORE_VOWEL = re.compile(f"([{_TONES}\u0e4c])([\u0e31\u0e34-\u0e39\u0e47])")
"""A tone is written behind the vowel of its consonant; some PDFs put it before (ท่ี for ที่)."""
_WHITESPACE = re.compile(r"\s+")
_DOT_SPACING = re.compile(r"\s*\.\s*")


def fix_text(text: str) -> str:
    """The text with its Thai characters put right; its words, digits and line breaks stay as they are.

    A ำ is one character after its tone mark, however it was typed; a fixed text is fixed no further.
    """
    text = text.translate(_CHARACTERS)
    text = _AM.sub(lambda am: _NO_TONE.sub("", am[0]) + "\u0e33", text)
    text = _TONE_BEFORE_VOWEL.sub(r"\2\1", text)
    return text.replace("\u0e40\u0e40", "\u0e41")


def squeeze_spaces(text: str) -> str:
    """The text on one line: every run of spaces and line breaks is one space, none at the ends."""
    return _WHITESPACE.sub(" ", text).strip()


def fold_name(text: str) -> str:
    """A form in which two spellings of one name are equal: fixed, digits folded, no spaces, lower case."""
    return _WHITESPACE.sub("", _DOT_SPACING.sub(".", to_arabic(fix_text(text)))).casefold()
