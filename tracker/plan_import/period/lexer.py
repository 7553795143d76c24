"""The words of period cells: a cell folded for reading and cut into tokens, nothing left out.

Folding takes out spaces (Thai puts them anywhere, PDFs inside words), makes digits Arabic and dashes one; every
folded position knows its place in the text as written, so that warnings can quote it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from tracker.plan_import.period.months import fold_letters, loosen
from tracker.plan_import.period.vocabulary import NUMBER, RULES, TENS, UNITS
from tracker.thai.numerals import to_arabic
from tracker.thai.text import fix_text, squeeze_spaces

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣-~〜→➔"), "-")
_BRACKETS = {ord("["): "(", ord("]"): ")", ord("{"): "(", ord("}"): ")", ord("（"): "(", ord("）"): ")"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text as shown to people and folded for reading; ``places`` maps folded positions to shown ones."""

    shown: str
    folded: str
    places: tuple[int, ...]
    line_starts: frozenset[int]

    def quote(self, start: int, end: int) -> str:
        """What stands as written at a stretch of the folded text."""
        if start >= end:
            return ""
        return squeeze_spaces(self.shown[self.places[start] : self.places[end - 1] + 1])

    def quoted(self, start: int, end: int) -> str:
        """The same in quotation marks, as warnings have it."""
        return f"“{self.quote(start, end)}”"

    @property
    def whole(self) -> str:
        """The whole cell in quotation marks."""
        return self.quoted(0, len(self.folded))

    def with_word(self, start: int, end: int, word: str) -> "Cell":
        """The cell with a stretch of its folded text read as another word."""
        places = self.places[start : start + 1] * (len(word) - 1) + self.places[end - 1 : end]
        shift = len(word) - (end - start)
        return Cell(
            self.shown,
            self.folded[:start] + word + self.folded[end:],
            self.places[:start] + places + self.places[end:],
            frozenset(at if at <= start else at + shift for at in self.line_starts),
        )


def fold(text: str) -> Cell:
    """Fold a cell for reading; a space stays only between two digits or two Latin letters."""
    shown = fix_text(text).strip()
    plain = fold_letters(to_arabic(shown)).translate(_DASHES).translate(_BRACKETS)
    letters: list[str] = []
    places: list[int] = []
    line_starts: set[int] = set()
    space = line = False
    for place, letter in enumerate(plain):
        if letter.isspace():
            space = True
            line |= letter in "\n\r\v\f\x85\u2028\u2029"
            continue
        if space and letters and _kept_apart(letters[-1], letter):
            letters.append(" ")
            places.append(place)
        if line:
            line_starts.add(len(letters))
        space = line = False
        letters.append(letter.lower() if letter.isascii() else letter)
        places.append(place)
    return Cell(shown, "".join(letters), tuple(places), frozenset(line_starts))


def _kept_apart(left: str, right: str) -> bool:
    return (left.isdigit() and right.isdigit()) or (
        left.isascii() and left.isalpha() and right.isascii() and right.isalpha()
    )


@dataclass(frozen=True, slots=True)
class Token:
    """One understood word of a cell, or (kind ``unknown``) what stands between two of them."""

    kind: str
    start: int
    end: int
    groups: dict[str, str] = field(default_factory=dict)


QUIET = frozenset({"filler", "clock", "nights", "money"})

_NAMED = re.compile(r"\(\?P<(\w+)>")
_NAMES = {kind: tuple(_NAMED.findall(pattern)) for kind, pattern in RULES.items()}


def _rule(kind: str, pattern: str) -> str:
    return f"(?P<{kind}>" + _NAMED.sub(lambda name: f"(?P<{kind}__{name[1]}>", pattern) + ")"


@cache
def _any_word() -> re.Pattern[str]:
    """All rules as one pattern; made at first use, which takes a fifth of a second."""
    return re.compile(loosen("|".join(_rule(kind, pattern) for kind, pattern in RULES.items())))


_TIMELY = re.compile(
    loosen(
        r"\d|เดือน|ปี|สัปดาห์|ไตรมาส|รอบ|ครั้ง|คราว|เวลา|ก่อน|หลัง|ไม่|เว้น|เลื่อน|ขยาย|แต่(?!ง)|นับ|เมื่อ|จน|ถึง|งวด|ช่วง|ฤดู"
        r"|ทุก(?!คน|ส่วน|กอง|สำนัก|หน่วย|ฝ่าย|กลุ่ม|ตำบล|หมู่|ประเภท|ช่องทาง)|เทศกาล|งานประเพณี|งานวัน|สงกรานต์|ลอยกระทง|พรรษา|เสร็จ"
        r"|เริ่ม|สิ้น|ต้น|ปลาย|กลาง|ถัด|ล่วงหน้า|เดิม|แทน|ยกเลิก|งด|เกิน|กว่า|เฉพาะ|หาก|กรณี|แล้ว|ระหว่าง|คืน|เช้า|บ่าย|าคม|ายน|พันธ"
        r"|สลับ|เทอม|\."
    )
)


def bears_on_time(text: str, *, in_brackets: bool = False) -> bool:
    """Whether words that no rule knows may change what a period means; a day's name in brackets explains a date."""
    return bool(_TIMELY.search(text)) or (not in_brackets and "วัน" in text)


def tokens(cell: Cell) -> Iterator[Token]:
    """The cell's tokens from left to right; every folded letter belongs to exactly one."""
    done = 0
    for found in _any_word().finditer(cell.folded):
        if found.start() == found.end():
            continue
        if found.start() > done:
            yield Token("unknown", done, found.start())
        kind = found.lastgroup or "unknown"
        groups = {name: value for name in _NAMES[kind] if (value := found[f"{kind}__{name}"])}
        yield Token(kind, found.start(), found.end(), groups)
        done = found.end()
    if done < len(cell.folded):
        yield Token("unknown", done, len(cell.folded))


def numbers(text: str) -> list[int]:
    """The numbers in a list such as 6 9และ12, in digits or as Thai words."""
    return [number(word) for word in _NUMBER.findall(text)]


def number(word: str) -> int:
    """A number written in digits or as Thai words, สิบสอง, สามสิบ."""
    if word.isdigit():
        return int(word)
    tens, ten, units = word.rpartition("สิบ")
    return (_WORDS[tens] if tens else 1) * 10 * bool(ten) + (_WORDS[units] if units else 0)


_NUMBER = re.compile(fold_letters(NUMBER))
_WORDS = {fold_letters(word): value for word, value in (UNITS | TENS).items()}
