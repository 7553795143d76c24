"""A plan of one fiscal year as the plan of another: its periods move with the year, what was reported stays behind.

A year in a period's text moves where it stands as a year; the moved text is read again and its dates are held against
the old ones. Where they are not the old ones that many years later, a warning quotes the text: nothing is guessed.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from tracker.plan_draft import DraftMeasure, DraftPlan, DraftStep, Period, Warn
from tracker.plan_import.document import ReadDocument, ReadMeasure
from tracker.plan_import.header_words import TITLES
from tracker.plan_import.period import parse_period
from tracker.thai.calendar import MONTHS, MONTHS_SHORT, last_of_month, year_from_digits
from tracker.thai.numerals import to_arabic, to_thai

_DIGIT = "[0-9๐-๙]"
_FOUR = re.compile(rf"(?<!{_DIGIT}){_DIGIT}{{4}}(?!{_DIGIT})")
_MONTH = "|".join(
    [*MONTHS, *(r"\s*".join(re.escape(letters) + r"\.?" for letters in name.split(".")[:-1]) for name in MONTHS_SHORT)]
)
_TWO = re.compile(
    rf"(?P<before>(?:{_MONTH}|ปี(?:\s*งบประมาณ)?|พ\.?\s?ศ\.?|(?<!{_DIGIT}){_DIGIT}{{1,2}}\s*[/.\-]\s*{_DIGIT}{{1,2}}\s*[/.\-])"
    rf"\s*(?:พ\.?\s?ศ\.?)?\s*['’]?)(?P<year>{_DIGIT}{{2}})(?!{_DIGIT})"
)


def move_period(text: str, fiscal_year: int, years: int) -> tuple[Period, str | None]:
    """The period of a plan's cell ``years`` later, and a doubt that quotes the cell (None where there is none)."""
    old = parse_period(text, fiscal_year)
    candidates = list(dict.fromkeys(_candidates(text, years)))
    read = [parse_period(candidate, fiscal_year + years) for candidate in candidates]
    for period in read:
        if _is_moved(old, period, years):
            return period, None
    moved = read[0]
    doubt = f"ย้าย “{text}” เป็น “{moved.text}” แล้ว แต่วันที่ที่อ่านได้ไม่ตรงกับของเดิมเลื่อนไป {years} ปี โปรดตรวจ"
    return moved, doubt


def move_text(text: str, years: int) -> str:
    """The text with its years moved: four digits of either era anywhere, two digits where a year stands."""
    return _two_moved(_four_moved(text, years), years)


def moved_plan(plan: DraftPlan, fiscal_year: int) -> DraftPlan:
    """The plan in another fiscal year: the same measures, steps and parties, periods moved, nothing reported.

    Its warnings are those of the move alone.
    """
    measures = [_measure(measure, plan.fiscal_year, fiscal_year) for measure in plan.measures]
    warnings = tuple(warning for _, told in measures for warning in told)
    return DraftPlan(plan.agency, fiscal_year, tuple(draft for draft, _ in measures), warnings, plan.place)


def moved_document(read: ReadDocument, fiscal_year: int) -> ReadDocument:
    """The document as the plan of another fiscal year; its cells stay beside the measures as they stand in the file."""
    measures = []
    for one in read.measures:
        draft, told = _measure(one.draft, read.fiscal_year, fiscal_year)
        kept = [
            warning
            for warning in one.warnings
            if not warning.where.endswith(TITLES["period"]) or not one.draft.period.text
        ]
        measures.append(ReadMeasure(draft, one.original, (*kept, *told)))
    return replace(read, fiscal_year=fiscal_year, measures=tuple(measures), cover_year=None, round=None)


def _candidates(text: str, years: int) -> Iterator[str]:
    """How the text may read that many years later, the likeliest first."""
    four = _four_moved(text, years)
    yield _two_moved(four, years)
    yield four
    yield text


def _four_moved(text: str, years: int) -> str:
    def moved(found: re.Match[str]) -> str:
        digits = to_arabic(found[0])
        known = year_from_digits(digits) is not None
        return _in_script_of(found[0], str(int(digits) + years)) if known else found[0]

    return _FOUR.sub(moved, text)


def _two_moved(text: str, years: int) -> str:
    def moved(found: re.Match[str]) -> str:
        digits = f"{(int(to_arabic(found['year'])) + years) % 100:02}"
        return found["before"] + _in_script_of(found["year"], digits)

    return _TWO.sub(moved, text)


def _in_script_of(model: str, digits: str) -> str:
    """The digits as Thai ones where the model ends in one."""
    return to_thai(digits) if model[-1] in "๐๑๒๓๔๕๖๗๘๙" else digits


def _is_moved(old: Period, new: Period, years: int) -> bool:
    """Whether the new period is the old one, days and cadences and all, so many years later."""
    same_span = _is_later(old.start, new.start, years) and _is_later(old.end, new.end, years)
    same_form = old.cadences == new.cadences and len(old.checkpoints) == len(new.checkpoints)
    return (
        same_span
        and same_form
        and all(
            _is_later(before.on, after.on, years) and before.cadences == after.cadences
            for before, after in zip(old.checkpoints, new.checkpoints, strict=True)
        )
    )


def _is_later(old: date | None, new: date | None, years: int) -> bool:
    """Whether the day is the same one that many years later; the last of February stays the last of February."""
    if old is None or new is None:
        return old is new
    if (old.month, old.day) == (new.month, new.day):
        return new.year == old.year + years
    ends = old == last_of_month(old.year, 2) and new == last_of_month(new.year, 2)
    return ends and new.year == old.year + years


def _measure(measure: DraftMeasure, fiscal_year: int, target: int) -> tuple[DraftMeasure, list[Warn]]:
    where, years, warnings = f"measure {measure.number}", target - fiscal_year, list[Warn]()
    period = _period(measure.period, years, where, warnings)
    for text in (measure.title, *(paragraph.text for paragraph in measure.details)):
        _warn_of_year(text, f"{where}, {TITLES['measure']}", warnings)
    steps = tuple(_step(step, place, years, where, warnings) for place, step in enumerate(measure.steps, 1))
    return replace(measure, period=period, steps=steps, summary=(), outcome=()), warnings


def _step(step: DraftStep, place: int, years: int, measure: str, warnings: list[Warn]) -> DraftStep:
    where = f"{measure}, step {step.number or place}"
    _warn_of_year(step.text, f"{where}, {TITLES['steps']}", warnings)
    if step.period is None:
        return step
    return replace(step, period=_period(step.period, years, where, warnings))


def _period(period: Period, years: int, where: str, warnings: list[Warn]) -> Period:
    if not period.text:
        return replace(period, fiscal_year=period.fiscal_year + years)
    moved, doubt = move_period(period.text, period.fiscal_year, years)
    messages = (*filter(None, (doubt,)), *moved.warnings)
    warnings += [Warn(f"{where}, {TITLES['period']}", message) for message in messages]
    return moved


def _warn_of_year(text: str, where: str, warnings: list[Warn]) -> None:
    if any(year_from_digits(to_arabic(found)) for found in _FOUR.findall(text)):
        warnings.append(Warn(where, f"“{text}” ระบุปีไว้ ระบบไม่ได้เปลี่ยนให้ โปรดตรวจ"))
