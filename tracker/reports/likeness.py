"""Which texts of a year say the same (docs/rules.md, "Several occasions"). Pure.

Texts that differ only in the month, the quarter, the day or a running number are one; what differs stands as a span
after ประจำเดือน, เดือน, ไตรมาสที่ and ครั้งที่, and elsewhere as the last text has it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracker.thai.calendar import MONTHS, MONTHS_SHORT, year_from_digits
from tracker.thai.numerals import to_arabic

_DIGIT = "[0-9๐-๙]"
_MONTH = "|".join([*MONTHS, *(r"\.\s?".join(map(re.escape, name.split(".")[:-1])) + r"\.?" for name in MONTHS_SHORT)])
_YEAR = rf"(?:\s*(?:พ\.\s?ศ\.\s*)?{_DIGIT}{{4}}|\s{_DIGIT}{{2}}(?!{_DIGIT}))?"
_VARYING = re.compile(
    rf"(?P<day>(?<!{_DIGIT}){_DIGIT}{{1,2}}\s*(?:{_MONTH}){_YEAR}|{_DIGIT}{{1,2}}/{_DIGIT}{{1,2}}/{_DIGIT}{{2,4}})"
    rf"|(?P<month>(?:{_MONTH}){_YEAR})"
    rf"|(?<=ไตรมาส)(?:ที่)?\s*(?P<quarter>[1-4๑-๔](?:/{_DIGIT}{{4}})?)(?!{_DIGIT})"
    rf"|(?:(?<=ครั้งที่)|(?<=ฉบับที่)|(?<=รุ่นที่)|(?<=งวดที่))\s*(?P<running>{_DIGIT}{{1,3}}(?:/{_DIGIT}{{4}})?)(?!{_DIGIT})"
)
_MONTH_AND_YEAR = re.compile(rf"(?P<month>{_MONTH})(?:\s*(?:พ\.\s?ศ\.\s*)?(?P<year>{_DIGIT}{{2,4}}))?")


@dataclass(frozen=True, slots=True)
class _Value:
    """A place of a text that may differ: what stands there, of which kind, and whether a span may take its place."""

    kind: str
    text: str
    spans: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """A text with its varying places taken out: texts of one ``key`` say the same."""

    parts: tuple[str, ...]
    values: tuple[_Value, ...]

    @property
    def key(self) -> tuple[object, ...]:
        """What must be equal in texts that say the same."""
        return self.parts, tuple((value.kind, value.spans) for value in self.values)


@dataclass(frozen=True, slots=True)
class Merged:
    """Several texts of one key as one. ``shortened``: days or months of the earlier ones are left out."""

    text: str
    shortened: bool


def shape(text: str) -> Shape:
    """The text's fixed parts and its varying places."""
    parts, values, end = [], [], 0
    for match in _VARYING.finditer(text):
        kind = match.lastgroup or ""
        start = match.start(kind)
        before = text[end:start]
        spans = kind in ("quarter", "running") or (kind == "month" and before.rstrip().endswith("เดือน"))
        parts.append(before)
        values.append(_Value(kind, match[kind].rstrip(), spans))
        end = start + len(match[kind].rstrip())
    return Shape((*parts, text[end:]), tuple(values))


def merged(texts: Sequence[str]) -> Merged:
    """Texts of one key, in the order of their occasions, as one."""
    shapes = [shape(text) for text in texts]
    written, shortened = [shapes[-1].parts[0]], False
    for place, after in enumerate(shapes[-1].parts[1:]):
        values = [one.values[place] for one in shapes]
        differ = len({to_arabic(value.text) for value in values}) > 1
        written.append(_span(values) if differ and values[0].spans else values[-1].text)
        written.append(after)
        shortened = shortened or (differ and not values[0].spans)
    return Merged("".join(written), shortened)


def _span(values: Sequence[_Value]) -> str:
    ordered = sorted({_rank(value): value.text for value in values}.items())
    runs: list[list[str]] = [[ordered[0][1]]]
    for (before, _), (rank, text) in pairwise(ordered):
        if rank == before + 1:
            runs[-1].append(text)
        else:
            runs.append([text])
    to = " ถึง" if values[0].kind == "month" else " ถึง "
    said = [run[0] if len(run) == 1 else f"{run[0]}{to}{run[-1]}" for run in runs]
    last = "และ" if values[0].kind == "month" else "และ "
    return said[0] if len(said) == 1 else f"{' '.join(said[:-1])} {last}{said[-1]}"


def _rank(value: _Value) -> int:
    """Where a value stands among its like: months by the year as far as it is named, else by the fiscal year."""
    if value.kind != "month":
        number, _, of_year = to_arabic(value.text).partition("/")
        return int(of_year or 0) * 1000 + int(number)
    match = _MONTH_AND_YEAR.match(value.text)
    month = _month(match["month"] if match else value.text)
    year = year_from_digits(to_arabic(match["year"])) if match and match["year"] else None
    return year * 12 + month if year else (month - 9) % 12


def _month(name: str) -> int:
    plain = re.sub(r"[.\s]", "", name)
    names = [*MONTHS, *(short.replace(".", "") for short in MONTHS_SHORT)]
    return names.index(plain) % 12
