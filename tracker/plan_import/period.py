"""Reads a period cell: the words of a plan's ระยะเวลาดำเนินการ into dates, cadences and checkpoints (design, section 3)."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.schedule import Cadence, Checkpoint, checkpoints
from tracker.thai.calendar import MONTHS, fiscal_year_end, fiscal_year_start, last_of_month, to_ce
from tracker.thai.numerals import to_arabic
from tracker.thai.text import mend, squeeze_spaces

__all__ = ["Cadence", "Checkpoint", "Period", "parse_period"]


@dataclass(frozen=True, slots=True)
class Period:
    """A period cell, read. ``start`` and ``end`` are None where the text does not tell; ``warnings`` quote the text."""

    text: str
    fiscal_year: int
    start: date | None
    end: date | None
    cadences: tuple[Cadence, ...]
    checkpoints: tuple[Checkpoint, ...]
    warnings: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "fiscal_year": self.fiscal_year,
            "start": self.start and self.start.isoformat(),
            "end": self.end and self.end.isoformat(),
            "cadences": list(self.cadences),
            "checkpoints": [checkpoint.as_json() for checkpoint in self.checkpoints],
            "warnings": list(self.warnings),
        }


_MONTH = re.compile(r"(?:(\d{1,2})\s*)?(" + "|".join(MONTHS) + r")(?:\s*(\d{4}))?")
_CADENCE_WORDS: tuple[tuple[Cadence, str], ...] = (
    ("monthly", "ทุกเดือน|รายเดือน"),
    ("quarterly", "ไตรมาส"),
    ("half-yearly", r"รอบ\s*6\s*เดือน"),
    ("yearly", "ปีละ 1 ครั้ง"),
)


def parse_period(text: str, fiscal_year: int) -> Period:
    """Read a period cell in the light of its plan's fiscal year (Buddhist Era)."""
    read = squeeze_spaces(to_arabic(mend(text)))
    cadences = tuple(cadence for cadence, words in _CADENCE_WORDS if re.search(words, read))
    found = _MONTH.findall(read)
    start: date | None = None
    end: date | None = None
    if len(found) in (1, 2):
        year = int(found[-1][2] or fiscal_year)
        month = MONTHS.index(found[-1][1]) + 1
        first = MONTHS.index(found[0][1]) + 1
        first_year = int(found[0][2] or year - (first > month))
        try:
            start = date(to_ce(first_year), first, int(found[0][0] or 1))
            day = found[-1][0]
            end = date(to_ce(year), month, int(day)) if day else last_of_month(to_ce(year), month)
        except ValueError:
            start = end = None
    elif cadences or "ปีงบประมาณ" in read:
        start, end = fiscal_year_start(fiscal_year), fiscal_year_end(fiscal_year)
    if start and end and start > end:
        end = None
    warnings = () if start and end else (f"อ่านระยะเวลา “{squeeze_spaces(text)}” ไม่ได้",)
    return Period(text, fiscal_year, start, end, cadences, checkpoints(start, end, cadences), warnings)
