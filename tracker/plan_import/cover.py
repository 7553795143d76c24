"""What a plan's cover tells, agency and fiscal year; and where the body contradicts it."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from tracker.plan_draft import DocumentRound, Warn
from tracker.thai.numerals import to_arabic
from tracker.thai.text import squeeze_spaces

_KINDS = (
    r"องค์(?:การ|กร)บริหารส่วนตำบล",
    r"องค์(?:การ|กร)บริหารส่วนจังหวัด",
    r"เทศบาล(?:นคร|เมือง|ตำบล)",
    r"อบต\.",
    r"อบจ\.",
    r"กรุงเทพมหานคร",
    r"เมืองพัทยา",
    r"โรงพยาบาล",
    r"โรงเรียน",
    r"มหาวิทยาลัย",
    r"วิทยาลัย",
    r"สำนักงาน",
    r"กรม(?!การ)",
    r"กระทรวง",
    r"สถาบัน",
    r"ที่ว่าการอำเภอ",
)
_BEFORE_NAME = r"(?:^|[\s(]|ของ|โดย|ใน|ภาย)"
_LONGEST_NAME = 200
"""Letters of an agency's name that are read from a cover; more is a sentence."""
_ENDS = re.compile(
    r"(?<!เขต)\s+(?:ตำบล|อำเภอ|เขต(?!\s*[0-9๐-๙])|จังหวัด|ประจำ|ปีงบ|ปี|รอบ|พ\.ศ\.|โทร|เลขที่|ที่อยู่|ณ|วันที่|ครั้งที่|ไตรมาส|[(0-9๐-๙])"
    r"|ประจำปี|ปีงบประมาณ|[(,:;]"
)
_PLACE = re.compile(r"(?:ตำบล\S+\s+)?(?:อำเภอ|เขต)\S+\s+(?:จังหวัด\S+|กรุงเทพมหานคร)$|จังหวัด\S+$")
_YEAR = re.compile(r"ปี\s*งบ\s*ประมาณ\s*(?:พ\s*\.?\s*ศ\s*\.?)?\s*(25[0-9]{2})(?![0-9])")
_ROUND = re.compile(r"รอบ\s*(?:ที่\s*[12])?\s*[(:]?\s*(?:(?P<six>6|หก)|12|สิบสอง)\s*เดือน")
_WORD = re.compile(r"[ก-๎]+")
_SPACES_BEFORE = 10
"""Spaces at most between a kind of agency and its name."""
_LIKE = 0.75
"""How alike two spellings of a name are at least: เขาวาว and เขาขาว, of one real report, are so to 0.83."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What the lines above the table name; None where they name nothing. ``place`` is the line อำเภอ… จังหวัด….

    ``round`` is the one that the document reports of; None also where the cover names both.
    """

    agency: str | None
    fiscal_year: int | None
    place: str = ""
    round: DocumentRound | None = None


def read_cover(lines: Iterable[str]) -> Cover:
    """The agency (of its most telling kind, at a line's beginning rather than inside it) and the fiscal year."""
    texts = [squeeze_spaces(line) for text in lines for line in text.split("\n")]
    whole = to_arabic("\n".join(texts))
    year = _YEAR.search(whole)
    place = next((text for text in texts if _PLACE.match(text)), "")
    return Cover(_agency(texts), int(year[1]) if year else None, place, _round(whole))


def year_of_headers(headers: Iterable[str]) -> int | None:
    """The fiscal year that a table's own headers name; None where they name none or several."""
    years = {int(found[1]) for header in headers for found in _YEAR.finditer(to_arabic(header))}
    return years.pop() if len(years) == 1 else None


def contradictions(cover: Cover, body: Sequence[str]) -> list[Warn]:
    """An agency that the body spells otherwise than the cover."""
    return _other_spellings(cover.agency, body) if cover.agency else []


def _round(text: str) -> DocumentRound | None:
    named: set[DocumentRound] = {6 if found["six"] else 12 for found in _ROUND.finditer(text)}
    return named.pop() if len(named) == 1 else None


def _agency(lines: Sequence[str]) -> str | None:
    for kind in _KINDS:
        for inside in (False, True):
            for line in lines:
                match = re.search(f"{_BEFORE_NAME}({kind})" if inside else f"({kind})", line)
                if match and (inside or match.start() == 0):
                    return _name_from(line[match.start(1) :], match.end(1) - match.start(1))
    return None


def _name_from(text: str, kind_length: int) -> str:
    rest = text[kind_length:]
    end = _ENDS.search(rest, 1)
    name = text[:kind_length] + (rest[: end.start()] if end else rest)
    return name[:_LONGEST_NAME].strip(" -–“”\"'")


def _other_spellings(agency: str, body: Sequence[str]) -> list[Warn]:
    kind = next((kind for kind in _KINDS if re.match(kind, agency)), None)
    if kind is None:
        return []
    name = re.sub(rf"^(?:{kind})\s*", "", agency)
    if not name:
        return []
    reach = 2 * len(name) + _SPACES_BEFORE
    followed = [text[match.end() : match.end() + reach].lstrip() for text in body for match in re.finditer(kind, text)]
    same = sum(text.startswith(name) for text in followed)
    others = Counter(
        other for text in followed if not text.startswith(name) for other in [_similar(name, text)] if other
    )
    if not others:
        return []
    prefix = agency[: len(agency) - len(name)]
    listed = ", ".join(f"“{prefix}{other}” {count} ครั้ง" for other, count in others.most_common())
    message = f"หน้าปกสะกดชื่อหน่วยงานว่า “{agency}” แต่ในเนื้อหาเป็น {listed} (สะกดตรงกับหน้าปก {same} ครั้ง)"
    return [Warn("cover", message)]


@lru_cache(maxsize=1024)
def _similar(name: str, text: str) -> str | None:
    """The beginning of a text that is another spelling of a name, or None. Thai writes no space after a name."""
    word = _WORD.match(text)
    if not word:
        return None
    if len(word[0]) <= len(name) + 2 and _likeness(name, word[0]) >= _LIKE:
        return word[0]
    lengths = sorted(range(max(2, len(name) - 2), len(name) + 3), key=lambda length: abs(length - len(name)))
    best = max((word[0][:length] for length in lengths), key=lambda piece: _likeness(name, piece))
    return best if _likeness(name, best) >= _LIKE else None


def _likeness(name: str, other: str) -> float:
    return SequenceMatcher(None, name, other, autojunk=False).ratio()
