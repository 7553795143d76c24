"""The agency's name spelt in two ways: on the cover, in the body, and in the settings."""

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

from tracker.bilingual import Bilingual
from tracker.proofreading.document import Document, Place, Suggestion
from tracker.thai.numerals import to_thai
from tracker.thai.text import fix_text

_KINDS = (
    "องค์การบริหารส่วนตำบล",
    "องค์การบริหารส่วนจังหวัด",
    "เทศบาลนคร",
    "เทศบาลเมือง",
    "เทศบาลตำบล",
    "โรงพยาบาลส่งเสริมสุขภาพตำบล",
    "โรงพยาบาล",
    "โรงเรียน",
    "วิทยาลัย",
    "มหาวิทยาลัย",
    "สำนักงาน",
)
_SHORT_KINDS = {"องค์การบริหารส่วนตำบล": "อบต.", "องค์การบริหารส่วนจังหวัด": "อบจ."}
_NAME = re.compile("[ก-ฮะ-ฺเ-ๅ็-๎]+")
_LIKE = 0.7
"""How alike two names are of which one is a slip of the other; names of neighbours differ in more than three of ten."""


def other_spellings(document: Document) -> Iterator[Suggestion]:
    """Every place that spells the agency's name otherwise than most places do; the settings' name wins a tie.

    Only what resembles the name is told: another agency's name is none of our business. Nothing is said of an agency
    whose name begins with no known kind.
    """
    agency = fix_text(document.agency).strip()
    kind = next((kind for kind in _KINDS if agency.startswith(kind)), None) or next(
        (long for long, short in _SHORT_KINDS.items() if agency.startswith(short)), None
    )
    if kind is None:
        return
    short = _SHORT_KINDS.get(kind)
    before = re.compile("|".join(map(re.escape, filter(None, (kind, short)))))
    name = before.sub("", agency, count=1).strip()
    if not name:
        return
    named: list[tuple[Place, str, str]] = []
    for passage in document.passages():
        text = fix_text(passage.text)
        for match in before.finditer(text):
            rest = text[match.end() :].lstrip()
            spelling = name if rest.startswith(name) else _like(name, rest)
            if spelling is not None:
                named.append((passage.place, match[0], spelling))
    counts = Counter(spelling for _, _, spelling in named)
    right = max(counts, key=lambda spelling: (counts[spelling], spelling == name), default=name)
    for place, kind_written, spelling in named:
        if spelling != right:
            yield Suggestion(
                "agency_name", place, kind_written + spelling, _reason(right, counts), kind_written + right
            )


def _reason(right: str, counts: Counter[str]) -> Bilingual:
    times = counts[right]
    return Bilingual(
        f"Elsewhere the name is “{right}” ({times} times); spell it the same everywhere, in the settings too.",
        to_thai(f"ที่อื่นเขียนว่า “{right}” ({times} แห่ง) ควรสะกดให้เหมือนกันทั้งเล่ม รวมทั้งในหน้าตั้งค่า"),
    )


def _like(name: str, text: str) -> str | None:
    """The beginning of the text that is another spelling of the name; Thai writes no space after it."""
    word = _NAME.match(text)
    if not word:
        return None
    for length in (len(name), len(name) - 1, len(name) + 1):
        piece = word[0][:length]
        if length > 1 and _likeness(name, piece) >= _LIKE:
            return piece
    return None


def _likeness(name: str, other: str) -> float:
    return SequenceMatcher(None, name, other, autojunk=False).ratio()
