"""Reads a period cell: the words of a plan's ระยะเวลาดำเนินการ into dates, cadences, checkpoints (design, section 3).

Every letter of the cell belongs to an understood word or is quoted in a warning. ``period_words`` cuts the cell into
words, ``period_grammar`` reads what they say, ``period_reading`` weighs it; this module draws the conclusion.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.plan_import.period_grammar import Facts, read_facts
from tracker.plan_import.period_reading import Extent, Weighing, end_of_open
from tracker.plan_import.period_words import fold, number
from tracker.schedule import CADENCES, Cadence, Checkpoint, checkpoints
from tracker.thai.calendar import fiscal_year_of, fiscal_year_start, half_ends, months_between, quarter_ends

__all__ = ["Cadence", "Checkpoint", "Period", "parse_period"]


@dataclass(frozen=True, slots=True)
class Period:
    """A period cell, read. ``start`` and ``end`` are None where the text does not tell; ``warnings`` quote it."""

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


def parse_period(text: str, fiscal_year: int) -> Period:
    """Read a period cell in the light of its plan's fiscal year (Buddhist Era). Never raises: doubts are warnings."""
    cell, facts = read_facts(fold(text))
    extent = Weighing(cell, facts, fiscal_year).extent()
    whole = f"“{cell.quote(0, len(cell.folded))}”"
    cadences = _cadences(facts, extent, whole)
    due = _due(facts, extent, cadences, fiscal_year)
    return Period(text, fiscal_year, extent.start, extent.end, cadences, due, tuple(facts.warnings))


def _cadences(facts: Facts, extent: Extent, whole: str) -> tuple[Cadence, ...]:
    found = facts.cadences | _of_rounds(facts, whole)
    if facts.instalments:
        found |= _of_instalments(facts, extent, whole)
    if facts.labels >= 2 and len(extent.ends) == 2 and extent.end:
        halves = half_ends(fiscal_year_of(extent.end))
        found |= {"half-yearly"} if extent.ends == halves else set()
    if facts.times and not found and len(extent.ends) != number(facts.times.groups["number"]):
        facts.warn(f"ไม่รู้ว่าจำนวนครั้งใน {whole} ตรงกับวันใดบ้าง")
    if facts.days:
        found.add("monthly")
    return tuple(cadence for cadence in CADENCES if cadence in found)


def _of_rounds(facts: Facts, whole: str) -> set[Cadence]:
    """รอบ ๖ เดือน and รอบ ๑๒ เดือน are the two rounds of a half-yearly report."""
    months = facts.rounds
    if not months:
        return set()
    if 9 in months and not {3, 6, 9, 12} <= months:
        facts.warn(f"รอบ ๙ เดือนใน {whole} ไม่มีในระบบ จึงเป็นจุดตรวจวันที่ ๓๐ มิถุนายนเพียงครั้งเดียว")
    if 3 in months:
        return {"quarterly"}
    if 6 in months or "half-yearly" in facts.cadences:
        return {"half-yearly"}
    if 1 in months:
        return {"monthly"}
    return {"yearly"} if 12 in months else set()


def _of_instalments(facts: Facts, extent: Extent, whole: str) -> set[Cadence]:
    """๑๒ งวด over twelve months is one a month."""
    count = number(facts.instalments.groups["number"]) if facts.instalments else 0
    if extent.start and extent.end and count:
        months = len(list(months_between(extent.start, extent.end)))
        for cadence, each in (("monthly", 1), ("quarterly", 3), ("half-yearly", 6), ("yearly", 12)):
            if months == count * each:
                return {cadence}
    facts.warn(f"ไม่รู้ว่างวดใน {whole} ตรงกับวันใดบ้าง")
    return set()


def _due(facts: Facts, extent: Extent, cadences: tuple[Cadence, ...], fiscal_year: int) -> tuple[Checkpoint, ...]:
    end = extent.end
    if extent.open and extent.end is None:
        end = end_of_open(extent.start or fiscal_year_start(fiscal_year), fiscal_year)
    if end is None:
        return ()
    if extent.ends:
        return tuple(Checkpoint(day, cadences) for day in extent.ends)
    if facts.recurring and cadences == ("yearly",):
        return (Checkpoint(end, cadences),)
    start = extent.start or (fiscal_year_start(fiscal_year_of(end)) if cadences else None)
    due = checkpoints(start, end, cadences, facts.days)
    if 9 in facts.rounds:
        known = {checkpoint.on for checkpoint in due}
        third = quarter_ends(fiscal_year_of(end))[2]
        if third not in known and start and start <= third <= end:
            due = tuple(sorted((*due, Checkpoint(third)), key=lambda checkpoint: checkpoint.on))
    return due
