"""A telephone number as people write it: one form to keep, and the address that dials it."""

import re

from tracker.thai.numerals import to_arabic

_NUMBER = re.compile(
    r"(?P<main>\+?[0-9(][0-9 ().\-]*?)(?: ?(?:ต่อ|กด|ext\.?|#|x) ?(?P<extension>[0-9]{1,6}))?", re.IGNORECASE
)
_LOCAL = re.compile("0[0-9]{8,9}")
_ABROAD = re.compile(r"\+[0-9]{8,15}")


def read_phone(text: str) -> str | None:
    """The number in the form that is kept, ``0812345678`` or ``021234567 ต่อ 101``; None where the text is none.

    A number of Thailand has nine or ten digits and begins with 0; one of abroad begins with +.
    """
    found = _NUMBER.fullmatch(" ".join(to_arabic(text).split()))
    if found is None:
        return None
    main = re.sub(r"[ ().\-]", "", found["main"])
    if not (_LOCAL.fullmatch(main) or _ABROAD.fullmatch(main)):
        return None
    return f"{main} ต่อ {found['extension']}" if found["extension"] else main


def dial(phone: str) -> str:
    """What a telephone dials for a kept number; an extension is asked for by whoever answers."""
    return f"tel:{phone.partition(' ')[0]}"
