"""The order of Thai dictionaries, as a text that any database sorts by its code points."""

import re
import unicodedata

from tracker.thai.numerals import to_arabic

_LEADING_VOWEL = re.compile(r"([เแโใไ])([ก-ฮ])")
_MARKS = re.compile(r"[็-๎]")
"""Tone marks and their like, which do not count."""


def dictionary_key(text: str) -> str:
    """What a name is sorted by: a vowel that is written before its consonant counts after it (Royal Institute's
    Dictionary), so that เก and แก follow กา; tone marks, capitals and the kind of digits do not count."""
    plain = to_arabic(unicodedata.normalize("NFC", text)).casefold()
    return _LEADING_VOWEL.sub(r"\2\1", _MARKS.sub("", plain))
