"""A style pass over a report's texts: rules only, the same text always gives the same.

Pure. Three rules: a beginning that consecutive clauses repeat is said once, days are written out, digits are of one
kind. What people meant is not touched: addresses, and whatever is written with Latin letters, stay.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from tracker.errors import NotUnderstoodError
from tracker.thai.calendar import MONTHS, MONTHS_SHORT, format_date, parse_date
from tracker.thai.numerals import to_arabic, to_thai
from tracker.thai.paragraphs import Paragraph, Paragraphs
from tracker.thai.words import words

Rule = Literal["starts", "days", "digits"]
RULES: tuple[Rule, ...] = ("starts", "days", "digits")

SHORTEST_START = 6
"""Characters that clauses must begin with alike before it is said once."""

_DIGIT = "0-9๐-๙"
_FULL = "|".join(map(re.escape, MONTHS))
_SHORT = "|".join(re.escape(name).replace(r"\.", r"\.\s?") for name in MONTHS_SHORT)
_ERA = r"\s*(?:พ\.\s?ศ\.\s*)?"
_DAY = re.compile(
    rf"(?<![{_DIGIT}/])(?:"
    rf"[{_DIGIT}]{{1,2}}\s*(?:{_FULL}|{_SHORT}){_ERA}[{_DIGIT}]{{4}}"
    rf"|[{_DIGIT}]{{1,2}}\s*(?:{_SHORT}){_ERA}[{_DIGIT}]{{2}}"  # a full month before two digits may count something
    rf"|[{_DIGIT}]{{1,2}}/[{_DIGIT}]{{1,2}}/[{_DIGIT}]{{4}}"
    rf")(?![{_DIGIT}/])"
)
_SPACES = re.compile(r"(\s+)")
_CODE = re.compile("[A-Za-z@]")
_CLAUSES = re.compile(r"\s*;\s*|\s+")
_DOING = re.compile(
    "ได้|มีการ|มีช่องทาง|จัด|ดำเนินการ|ประชุม|เผยแพร่|ประกาศ|ประชาสัมพันธ์|แจ้ง|ปรับปรุง|อบรม|กำกับ|กำหนด|ติดตาม|ตรวจ|"
    "มอบหมาย|ชี้แจง|สร้าง|ส่งเสริม|รายงาน|ทบทวน|แต่งตั้ง|เปิดเผย|เปิดโอกาส|บันทึก|สำรวจ|ส่ง|สรุป|ลงเว็บไซต์|ติดประกาศ|ให้ความรู้"
)
"""Verbs: a list of names that begin alike stays a list of names."""


@dataclass(frozen=True, slots=True)
class Styled:
    """A text after the rules, and which of them did something to it."""

    paragraphs: Paragraphs
    rules: tuple[Rule, ...]


def styled(text: Paragraphs, *, thai_digits: bool, rules: Sequence[Rule] = RULES) -> Styled:
    """The text after the rules; doing it again changes nothing more. Paragraphs and their numbers stay."""
    used: list[Rule] = []
    for rule in RULES:
        after = tuple(Paragraph(one.number, _apply(rule, one.text, thai_digits)) for one in text)
        if rule in rules and after != text:
            used.append(rule)
            text = after
    return Styled(text, tuple(used))


def _apply(rule: Rule, text: str, thai_digits: bool) -> str:
    if rule == "starts":
        return "\n".join(_said_once(line) for line in text.split("\n"))
    if rule == "days":
        return _DAY.sub(lambda found: _written_out(found[0], thai_digits), text)
    change = to_thai if thai_digits else to_arabic
    return "".join(part if _CODE.search(part) else change(part) for part in _SPACES.split(text))


def _written_out(day: str, thai_digits: bool) -> str:
    """๓๑ มีนาคม ๒๕๖๖; what is no day of the calendar stays as it was typed."""
    try:
        return format_date(parse_date(day), thai_digits=thai_digits)
    except NotUnderstoodError:
        return day


def _said_once(line: str) -> str:
    """Clauses in a row that begin with the same words of doing, as one: จัดทำคู่มือ จัดทำป้าย → จัดทำคู่มือ และป้าย."""
    pieces, place = [], 0
    clauses = _spans(line)
    while place < len(clauses):
        run, start = _run(line, clauses[place:])
        begin, end = clauses[place][0], clauses[place + run - 1][1]
        if run > 1:
            rests = [line[left:right][len(start) :] for left, right in clauses[place : place + run]]
            pieces.append((begin, end, start + " ".join((*rests[:-1], f"และ{rests[-1]}"))))
        place += run
    for begin, end, said in reversed(pieces):
        line = line[:begin] + said + line[end:]
    return line


def _spans(line: str) -> list[tuple[int, int]]:
    """Where the clauses begin and end, without what parts them."""
    spans, begin = [], 0
    for gap in _CLAUSES.finditer(line):
        spans.append((begin, gap.start()))
        begin = gap.end()
    spans.append((begin, len(line)))
    return [span for span in spans if span[0] < span[1]]


def _run(line: str, clauses: Sequence[tuple[int, int]]) -> tuple[int, str]:
    """How many clauses from the first on begin alike, and with what."""
    first = line[clauses[0][0] : clauses[0][1]]
    if not _DOING.match(first):
        return 1, ""
    run, start = 1, first
    for left, right in clauses[1:]:
        shared = _shared(start, line[left:right])
        if len(shared) < SHORTEST_START or shared in (first, line[left:right]):
            break
        run, start = run + 1, shared
    return run, start if run > 1 else ""


def _shared(one: str, other: str) -> str:
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(words(one), words(other), strict=False))
    return "".join(word for word, _ in pairs)
