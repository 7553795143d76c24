"""Whether a password is good: long enough, and not among what guessing programs try first (zxcvbn's leaked lists).

Judged by length and by guesses, as NIST SP 800-63B and ASVS 5.0 (6.2) ask; no rule about odd characters.
"""

import re
from collections.abc import Iterable, Iterator
from threading import Lock
from typing import Any, Literal

PasswordProblem = Literal["short", "long", "leaked", "personal", "pattern", "guessable"]

SHORTEST, LONGEST = 12, 200
#: of zxcvbn's scores 0 to 4: 3 withstands 10^8 guesses
_LEAST_SCORE = 3
#: zxcvbn's time grows fast with the length; what is good so far stays good
_EXAMINED = 32
#: what people here choose, which the lists of leaked passwords in English do not know
_THAI_TEXT = """
    รหัสผ่าน รหัส พาสเวิร์ด สวัสดี สวัสดีครับ สวัสดีค่ะ ประเทศไทย กรุงเทพ กรุงเทพมหานคร ไทยแลนด์ มาตรการ คุณธรรม
    โปร่งใส สารบรรณ เทศบาล องค์การบริหารส่วนตำบล กองคลัง กองช่าง สำนักปลัด นายก ปลัด
    thailand bangkok krungthep sawasdee saraban measure measures tracker ilovethailand obt nayok palad
"""
_THAI_WORDS = _THAI_TEXT.split()
_PATTERNS = ("repeat", "sequence", "spatial", "date")
_lock = Lock()


def password_problem(password: str, own_words: Iterable[str] = ()) -> PasswordProblem | None:
    """Why a password is refused, or None where it is good.

    ``own_words`` are the person's address and name and the agency's: whoever guesses tries them first.
    """
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    words = sorted(set(_parts(own_words)))
    found = _examine(password[:_EXAMINED].casefold(), words)
    if found["score"] >= _LEAST_SCORE:
        return None
    if any(word in password.casefold() for word in words):
        return "personal"
    patterns = [match["pattern"] for match in found["sequence"]]
    if any(match.get("dictionary_name") == "passwords" for match in found["sequence"]):
        return "leaked"
    return "pattern" if any(pattern in _PATTERNS for pattern in patterns) else "guessable"


def _parts(words: Iterable[str]) -> Iterator[str]:
    """The words and what they are made of, where long enough to tell something."""
    for word in words:
        for part in (word, *re.split(r"[\s@._+\-]+", word)):
            if len(part) >= 3:
                yield part.casefold()


def _examine(password: str, words: list[str]) -> dict[str, Any]:
    from zxcvbn import zxcvbn  # noqa: PLC0415  (its lists take a moment, and few commands need them)

    with _lock:  # it keeps the given words in a table of the module
        found: dict[str, Any] = zxcvbn(password, user_inputs=[*words, *_THAI_WORDS])
    return found
