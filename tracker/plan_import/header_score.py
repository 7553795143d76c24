"""How firmly the words of a header name a part of a plan, with one slip or a mark that a PDF moved. Pure."""

import re
from functools import cache, lru_cache

from tracker.plan_import.header_words import WORDS, Field
from tracker.plan_import.period.months import without_marks
from tracker.thai.numerals import to_arabic
from tracker.thai.text import fix_text

_PUNCTUATION = re.compile(r"[\s/\\.:;,()\[\]–—_*\"“”'-]+")
_ABOUT_OTHERS = re.compile("ตัวชี้วัด|ติดตาม|กำกับ")
_STRATEGY = re.compile("แนวทาง(?:การ)?พัฒนา")
_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_ANYWHERE_FROM = 85
"""The least weight of a word that names a field wherever it stands in a header (ผู้รับผิดชอบ); lighter ones must begin it,
for กิจกรรม or รายการ stands in headers of every kind."""
_LEAST_LETTERS = 5
"""Letters without marks of a header word in which one slip is still a slip and no other word."""
_LEAST_SCORE = 25.0
"""Below it a header only holds a word by chance."""
LONGEST_HEADER = 70
"""Letters of the longest header; more are a sentence of the plan."""
SECOND_PARTY_FROM = 75
"""The least score of a second column of parties (หน่วยงานหลัก, ผู้รับผิดชอบร่วม): both name them firmly."""
_FORMER = re.compile("เดิม|ก่อนปรับ|former|previous", re.IGNORECASE)
"""What a column of the same name once held: ระยะเวลาเดิม beside ระยะเวลาใหม่."""


@lru_cache(maxsize=256)
def fold(header: str) -> str:
    """A header without spaces and punctuation, digits Arabic, lower case."""
    return _PUNCTUATION.sub("", to_arabic(fix_text(header))).casefold()


@lru_cache(maxsize=1024)
def header_score(field: Field, header: str) -> float:
    """How well a header names a field: a word's weight, less where the header only begins with it or holds it."""
    best = 0.0
    for text in {fold(header), fold(_BRACKETS.sub("", header))}:
        if len(text) > LONGEST_HEADER:
            continue
        for word, weight in WORDS[field].items():
            coverage = len(word) / max(len(text), 1)
            if text == word:
                best = max(best, float(weight))
            elif text.startswith(word) and coverage >= 0.1:  # ระยะเวลาดำเนินการ(ปีงบประมาณ…): the word, then what of it
                best = max(best, weight * (0.8 + 0.15 * coverage))
            elif word in text and weight >= _ANYWHERE_FROM and coverage >= 0.3 and not _ABOUT_OTHERS.search(text):
                # กอง/ผู้รับผิดชอบ, but not กำกับติดตามผู้รับผิดชอบ
                best = max(best, weight * (0.5 + 0.2 * coverage))
    if not best and len(fold(header)) <= LONGEST_HEADER:
        text = without_marks(fold(header))
        best = max((0.6 * weight for word, weight in _firm_words(field) if _begins_with_a_slip(text, word)), default=0)
    if _FORMER.search(header):
        best /= 2
    aims = field == "steps" and _STRATEGY.match(fold(header))  # of a strategy, above its projects
    return best if best >= _LEAST_SCORE and not aims else 0.0


@cache
def _firm_words(field: Field) -> tuple[tuple[str, int], ...]:
    """The words without marks that name a field wherever they stand, long enough that one slip is still a slip."""
    words = ((without_marks(fold(word)), weight) for word, weight in WORDS[field].items() if weight >= _ANYWHERE_FROM)
    return tuple((word, weight) for word, weight in words if len(word) >= _LEAST_LETTERS)


def _begins_with_a_slip(text: str, word: str) -> bool:
    """Whether a text begins with a word in which one letter is changed, left out or added (มาตราการ), or none."""
    same = next((at for at, (one, other) in enumerate(zip(text, word, strict=False)) if one != other), len(word))
    if same >= len(word) - 1:
        return len(text) >= len(word) - 1
    rest = text[same:]
    return rest[1:].startswith((word[same + 1 :], word[same:])) or rest.startswith(word[same + 1 :])


def labels_a_field(text: str) -> bool:
    """Whether a cell is a label of a form (ผู้รับผิดชอบ, ระยะเวลาดำเนินการ) rather than a measure."""
    return any(header_score(field, text) >= SECOND_PARTY_FROM for field in ("responsible", "period"))


def is_former(header: str) -> bool:
    """Whether a header names what once was (ระยะเวลาเดิม)."""
    return _FORMER.search(header) is not None
