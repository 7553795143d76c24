"""Days of a round that a bracket explains, and of quarters (docs/rules.md, "Dates in a cell", "Checkpoints")."""

from dataclasses import dataclass
from datetime import date

from tracker.kinds import Cadence
from tracker.plan_import.period.facts import ParseResult
from tracker.plan_import.period.points import add_months
from tracker.schedule import Checkpoint, checkpoints
from tracker.thai.calendar import (
    fiscal_year_end,
    fiscal_year_of,
    fiscal_year_start,
    half_ends,
    last_of_month,
    months_between,
)

_MONTHS_TO_REPORT = 3
"""Months after a twelve-month round in which its report may fall due, though they are of the next year."""


@dataclass(frozen=True, slots=True)
class Explained:
    """The months of a round, and the day on which its report is due."""

    start: date
    end: date
    due: date


def round_explained(months: int, due: date, *, year_named: bool) -> Explained | None:
    """The round of six or twelve months that ends nearest to ``due``; None for a round of other months.

    รอบ ๑๒ เดือน (ตุลาคม) without a year is the October after the round.
    """
    if months not in (6, 12):
        return None
    if months == 12 and not year_named and due < add_months(fiscal_year_start(fiscal_year_of(due)), _MONTHS_TO_REPORT):
        later = add_months(due, 12)
        due = last_of_month(later.year, later.month) if _is_last(due) else later
    years = (fiscal_year_of(due) - 1, fiscal_year_of(due))
    ends = [end for year in years for end in (half_ends(year) if months == 6 else (fiscal_year_end(year),))]
    end = min(ends, key=lambda day: abs((day - due).days))
    start = add_months(end.replace(day=1), 1 - months)
    return Explained(start, end, due)


def days_of_quarters(
    start: date, end: date, cadences: tuple[Cadence, ...], facts: ParseResult
) -> tuple[Checkpoint, ...]:
    """The named days of each quarter between start and end, beside what other cadences give."""
    others = tuple(cadence for cadence in cadences if cadence != Cadence.QUARTERLY)
    due = {one.on: one.cadences for one in checkpoints(start, end, others, facts.days)} if others else {}
    for year, month in months_between(start, end):
        last = last_of_month(year, month)
        for index, day in facts.quarter_days:
            on = last.replace(day=min(day, last.day))
            if (month - 1) % 3 == index and start <= on <= end:
                due[on] = (*due.get(on, ()), Cadence.QUARTERLY)
    return tuple(Checkpoint(on, due[on]) for on in sorted(due)) or (Checkpoint(end, cadences),)


def _is_last(day: date) -> bool:
    return day == last_of_month(day.year, day.month)
