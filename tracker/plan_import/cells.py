"""List numbers in front of paragraphs: a cell's lines become numbered and plain paragraphs, losing no text."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tracker.plan_import.grid import Line
from tracker.thai.calendar import MONTHS, MONTHS_SHORT
from tracker.thai.numerals import to_arabic
from tracker.thai.paragraphs import Paragraph, Paragraphs, with_subnumbers

_DIGIT = "[0-9๐-๙]"
_NUMBER = re.compile(
    rf"(?P<open>[(\[]?)\s?(?P<number>{_DIGIT}{{1,3}})\s?(?P<close>\.\)|[.)\]])(?!{_DIGIT})\s*(?P<rest>.*)", re.DOTALL
)
_ENCLOSED = re.compile(r"(?P<number>[\u2460-\u249b\u2776-\u2793])\s*(?P<rest>\S.*)", re.DOTALL)
_BARE = re.compile(rf"(?P<number>{_DIGIT}{{1,2}})\s+(?P<rest>[^\s0-9๐-๙.,:;/)%–-].*)", re.DOTALL)
_COUNTED = re.compile(
    r"(?:ครั้ง|คน|ราย|เรื่อง|แห่ง|วัน|สัปดาห์|เดือน|ปี|ชุด|ฉบับ|โครงการ|กิจกรรม|ช่องทาง|หลักสูตร|ด้าน|ข้อ|หมู่บ้าน|ตำบล|รุ่น)(?![ก-๎])"
    rf"|{'|'.join(map(re.escape, (*MONTHS, *MONTHS_SHORT)))}"
)
_SUBNUMBER = re.compile(rf"[(\[]?{_DIGIT}{{1,3}}(?:\.{_DIGIT}{{1,3}})+[.)\]]*\s*(?=[^\s0-9๐-๙%])")
_BULLETS = ("-–—", "•·●*", "○◦", "▪■", "□", "➢➤", "✓✔")
_BULLET = re.compile(rf"[{''.join(_BULLETS)}]\s*(?=[^\s0-9๐-๙-])")
_MEASURED = re.compile(r"\s*(?:ล้าน|แสน|หมื่น|พัน|ร้อย|บาท|%|เปอร์เซ็นต์|น\.|นาที|ชั่วโมง|เมตร|กิโลเมตร|กม\.|ไร่|เท่า|คะแนน)")


@dataclass(frozen=True, slots=True)
class Item:
    """A paragraph with the form of its list number (``%.``, ``(%)``), empty where it has none."""

    number: int | None
    text: str
    mark: str = ""
    level: int = 0

    @property
    def form(self) -> tuple[str, int]:
        """What tells the numbers of a list from those of another one in the same cell."""
        return self.mark, self.level

    @property
    def paragraph(self) -> Paragraph:
        return Paragraph(self.number, self.text)

    @property
    def shown(self) -> str:
        """The paragraph with its number in front."""
        return self.text if self.number is None else f"{self.mark.replace('%', str(self.number))} {self.text}"


def items(lines: Iterable[Line]) -> tuple[Item, ...]:
    """The paragraphs of a cell. A number that stands alone in its line belongs to the line after it."""
    found: list[Item] = []
    waiting: Line | None = None
    for line in _hard_lines(lines):
        if waiting is not None:
            if line.number is None and not starts_item(line.text):
                found.append(_numbered(f"{waiting.text} {line.text}"))
                waiting = None
                continue
            found.append(Item(None, waiting.text))
            waiting = None
        if line.number is not None:
            found.append(Item(line.number, line.text, line.mark, line.level))
        elif _is_lone_number(line.text):
            waiting = line
        else:
            found.append(_numbered(line.text))
    if waiting is not None:
        found.append(Item(None, waiting.text))
    return _with_bare_numbers(found)


def paragraphs(lines: Iterable[Line]) -> Paragraphs:
    """The paragraphs of a cell, numbered and plain as they stand."""
    return with_subnumbers(item.paragraph for item in items(lines))


def starts_item(text: str) -> bool:
    """Whether a line begins with a list number, a number of the form ๑.๑, or a bullet."""
    return _numbered(text).number is not None or is_subnumbered(text) or is_bulleted(text)


def bare_number(text: str) -> tuple[int, str] | None:
    """A number without a mark in front of a text, and the text: ๑ จัดทำคู่มือ, but not ๑ ครั้ง or ๑ ล้านบาท.

    Such a number means something only among others that it counts on with.
    """
    found = _BARE.fullmatch(text)
    if not found or _MEASURED.match(found["rest"]) or _COUNTED.match(found["rest"]):
        return None
    return int(to_arabic(found["number"])), found["rest"]


def is_subnumbered(text: str) -> bool:
    """Whether a line begins with a number of the form ๑.๑ that is no decimal, time or sum."""
    return subnumber_depth(text) > 0


def subnumber_depth(text: str) -> int:
    """How many numbers stand in the one before a line: 2 for ๑.๑, 3 for ๑.๑.๑, 0 where there is none of that form."""
    match = _SUBNUMBER.match(text)
    if match is None or _MEASURED.match(text, match.end()):
        return 0
    return match[0].strip("()[]. ").count(".") + 1


def is_bulleted(text: str) -> bool:
    """Whether a line begins with a bullet or a dash."""
    return bullet_form(text) is not None


def bullet_form(text: str) -> int | None:
    """What tells the bullets of one list from those of another within it; None for a line without. Dashes are one."""
    match = _BULLET.match(text)
    return None if match is None else next(index for index, signs in enumerate(_BULLETS) if text[0] in signs)


def _hard_lines(lines: Iterable[Line]) -> Iterator[Line]:
    for line in lines:
        first, *others = line.text.split("\n")
        pieces = [first]
        for piece in others:
            if starts_item(piece):
                pieces.append(piece)
            else:
                pieces[-1] += "\n" + piece
        yield Line(pieces[0], line.number, line.mark, line.level)
        for piece in pieces[1:]:
            yield Line(piece)


def _with_bare_numbers(found: Sequence[Item]) -> tuple[Item, ...]:
    """Paragraphs that begin with 1, 2, 3 without a mark are numbered where the cell has no other numbers."""
    bare = {index: number for index, item in enumerate(found) if (number := bare_number(item.text))}
    counted = [number for number, _ in bare.values()]
    if len(bare) < 2 or counted != [*range(1, len(bare) + 1)] or any(item.number is not None for item in found):
        return tuple(found)
    return tuple(Item(*bare[index], "%") if index in bare else item for index, item in enumerate(found))


def _numbered(text: str) -> Item:
    enclosed = _ENCLOSED.fullmatch(text)
    if enclosed:
        return Item(int(unicodedata.numeric(enclosed["number"])), enclosed["rest"], "%.")
    match = _NUMBER.match(text)
    if not match or not match["rest"]:
        return Item(None, text)
    opening, closing = match["open"], match["close"]
    if opening and closing != {"(": ")", "[": "]"}[opening]:
        return Item(None, text)
    if closing == "]" and not opening:
        return Item(None, text)
    return Item(int(to_arabic(match["number"])), match["rest"], f"{opening}%{closing}")


def _is_lone_number(text: str) -> bool:
    match = _NUMBER.fullmatch(text)
    return match is not None and not match["rest"]
