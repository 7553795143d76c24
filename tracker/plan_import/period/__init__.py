"""Reads a period cell: the words of ระยะเวลาดำเนินการ into dates, cadences, checkpoints (docs/rules.md, "Periods").

Every letter of the cell belongs to an understood word or is quoted in a warning. ``lexer`` cuts the cell into words,
``parser`` reads what they say, ``interpreter`` weighs it; this module draws the conclusion.
"""

import re
from dataclasses import replace
from functools import lru_cache

from tracker.kinds import Cadence
from tracker.plan_draft import Period
from tracker.plan_import.period.facts import ParseResult
from tracker.plan_import.period.interpreter import DAYS_OF_LONGEST_YEAR, Extent, Interpreter, end_of_open
from tracker.plan_import.period.lexer import fold
from tracker.plan_import.period.parser import parse_cell
from tracker.plan_import.period.rounds import days_of_quarters
from tracker.plan_import.years import is_far_ahead, lies_outside
from tracker.schedule import CADENCES, MONTHS_OF, Checkpoint, checkpoints
from tracker.thai.calendar import fiscal_year_of, fiscal_year_start, half_ends, months_between, quarter_ends

_HAS_DIGIT = re.compile("[0-9๐-๙]")
_NAMES = re.compile("กอง|สำนัก|ฝ่าย|งาน|กลุ่ม|ส่วน|ศูนย์|หน่วย|โรงเรียน|คณะ|เทศบาล|องค์การ|อบต|ทุกคน")
_ANY_YEAR = 2567
"""The year in whose light a text is read of which only matters whether it is a time."""
_LONGEST_TIME = 500
"""Letters of a text that can be nothing but a time."""
_REMEMBERED = 1_000
"""Cells whose reading is kept: the periods of a plan are few and stand again in many rows."""
_SHORT_OF_THIRTY = 5
"""Days by which a cadence's months may fall short of thirty each: February does by two, and cells end days early."""


@lru_cache(maxsize=_REMEMBERED)
def parse_period(text: str, fiscal_year: int) -> Period:
    """Read a period cell in the light of its plan's fiscal year (Buddhist Era). Never raises: doubts are warnings."""
    period, extent, whole = _read(text, fiscal_year)
    return replace(period, warnings=(*period.warnings, *_doubts_of_year(extent, whole, fiscal_year)))


def is_a_time(text: str) -> bool:
    """Whether a text says nothing but a time (๓๐ ก.ย. ๖๗, ไตรมาส ๒): days that are understood, and no word besides."""
    if not _HAS_DIGIT.search(text):
        return False
    period, _, _ = _read(text, _ANY_YEAR)
    return bool(period.start or period.end) and not period.warnings and not _NAMES.search(text)


def tells_only_how_often(text: str) -> bool:
    """Whether a text says how often (ทุกเดือน), and no days between which."""
    facts = parse_cell(fold(text))[1]
    return facts.repeats and not facts.pieces


def bears_on_time(text: str) -> bool:
    """Whether a text names a time at all, in doubt or not (๓๑ มิถุนายน, ประมาณ มี.ค., ภายใน ๑๕ วันนับแต่…)."""
    facts = parse_cell(fold(text))[1]
    return bool(facts.pieces or facts.repeats or facts.continuous or facts.relative or facts.terms)


@lru_cache(maxsize=_REMEMBERED)
def tells_a_time(text: str, *, strictly: bool = False) -> bool:
    """Whether a text says when or how often (ตลอดปีงบประมาณ, 15 ม.ค. 69, ทุกเดือน), and leaves no doubt.

    ``strictly`` asks that it names its own days too, and no word besides.
    """
    if len(text) > _LONGEST_TIME or (strictly and _NAMES.search(text)):
        return False
    facts = parse_cell(fold(text))[1]
    if not (facts.pieces or facts.repeats or facts.continuous):
        return False
    period, _, _ = _read(text, _ANY_YEAR)
    named = bool(period.start or period.end)
    return named and not period.warnings


def _read(text: str, fiscal_year: int) -> tuple[Period, Extent, str]:
    """The period with the doubts that the cell itself raises, its extent, and the whole cell as warnings quote it."""
    cell, facts = parse_cell(fold(text))
    extent = Interpreter(cell, facts, fiscal_year).extent()
    whole = cell.whole
    cadences = _cadences(facts, extent, whole)
    due = _due(facts, extent, cadences, fiscal_year)
    kept = tuple(one for one in due if one.on.month not in facts.left_out)
    if cadences and kept:
        due = kept
    elif facts.left_out:
        facts.warn(f"เดือนที่ยกเว้นใน {whole} ยังไม่ได้ตัดออก โปรดตรวจ")
    if _too_short(facts, extent):
        facts.warn(f"ช่วงเวลาใน {whole} สั้นกว่ารอบที่ระบุ โปรดตรวจ")
    if facts.times and facts.times != len(due):
        facts.warn(f"ไม่รู้ว่าจำนวนครั้งใน {whole} ตรงกับวันใดบ้าง")
    return Period(text, fiscal_year, extent.start, extent.end, cadences, due, tuple(facts.warnings)), extent, whole


def _doubts_of_year(extent: Extent, whole: str, fiscal_year: int) -> tuple[str, ...]:
    """What is to be said of a time that the plan's year does not hold."""
    if (extent.end or extent.open) and lies_outside(extent.start, extent.end, fiscal_year):
        return (f"{whole} อยู่นอกปีงบประมาณ {fiscal_year} ทั้งช่วง โปรดตรวจปี",)
    if is_far_ahead(extent.end, fiscal_year):
        return (f"{whole} สิ้นสุดช้ากว่าปีงบประมาณ {fiscal_year} เกินหนึ่งปี โปรดตรวจปี",)
    return ()


def _too_short(facts: ParseResult, extent: Extent) -> bool:
    """Whether the period cannot hold one month, quarter or half of the cadence it names."""
    months = [MONTHS_OF[cadence] for cadence in facts.cadences - {Cadence.YEARLY}]
    if not months or not extent.start or not extent.end or len(extent.ends) > 1:
        return False
    return (extent.end - extent.start).days + 1 < 30 * max(months) - _SHORT_OF_THIRTY


def _cadences(facts: ParseResult, extent: Extent, whole: str) -> tuple[Cadence, ...]:
    found = facts.cadences | _of_rounds(facts, whole)
    if facts.instalments:
        found |= _of_instalments(facts, facts.instalments, extent, whole)
    if facts.labels >= 2 and extent.end and extent.parts == half_ends(fiscal_year_of(extent.end)):
        found |= {Cadence.HALF_YEARLY}
    if facts.recurring and not found:
        found = {Cadence.YEARLY}
    return tuple(cadence for cadence in CADENCES if cadence in found)


def _of_rounds(facts: ParseResult, whole: str) -> set[Cadence]:
    """รอบ ๖ เดือน and รอบ ๑๒ เดือน are the two rounds of a half-yearly report."""
    months = facts.rounds
    if 9 in months and 3 not in months:
        facts.warn(f"รอบ ๙ เดือนใน {whole} ไม่มีในระบบ จึงเป็นจุดตรวจวันที่ ๓๐ มิถุนายนเพียงครั้งเดียว")
    if 3 in months:
        return {Cadence.QUARTERLY}
    if 6 in months:
        return {Cadence.HALF_YEARLY}
    if 1 in months:
        return {Cadence.MONTHLY}
    return {Cadence.YEARLY} if 12 in months and Cadence.HALF_YEARLY not in facts.cadences else set()


def _of_instalments(facts: ParseResult, count: int, extent: Extent, whole: str) -> set[Cadence]:
    """๑๒ งวด over twelve months is one a month."""
    if extent.start and extent.end:
        months = len(list(months_between(extent.start, extent.end)))
        for cadence, each in MONTHS_OF.items():
            if months == count * each:
                return {cadence}
    facts.warn(f"ไม่รู้ว่างวดใน {whole} ตรงกับวันใดบ้าง")
    return set()


def _due(facts: ParseResult, extent: Extent, cadences: tuple[Cadence, ...], fiscal_year: int) -> tuple[Checkpoint, ...]:
    end = extent.end
    if extent.open and end is None:
        end = end_of_open(extent.start or fiscal_year_start(fiscal_year), fiscal_year)
    if end is None:
        return ()
    if extent.ends:
        return tuple(Checkpoint(day, cadences) for day in extent.ends)
    deadline_of_round = extent.start is None and len(facts.rounds) == 1 and not facts.cadences
    within_a_year = extent.start is None or (end - extent.start).days <= DAYS_OF_LONGEST_YEAR
    if deadline_of_round or (facts.recurring and cadences == (Cadence.YEARLY,) and within_a_year):
        return (Checkpoint(end, cadences),)
    start = extent.start or (fiscal_year_start(fiscal_year_of(end)) if cadences else None)
    if facts.quarter_days and start:
        return days_of_quarters(start, end, cadences, facts)
    due = checkpoints(start, end, cadences, facts.days)
    third_quarter = quarter_ends(fiscal_year_of(end))[2]
    if 9 in facts.rounds and start and start <= third_quarter <= end:
        known = {checkpoint.on for checkpoint in due}
        extra = () if third_quarter in known else (Checkpoint(third_quarter),)
        return tuple(sorted((*due, *extra), key=lambda checkpoint: checkpoint.on))
    return due
