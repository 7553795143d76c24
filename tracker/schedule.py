"""From a period to its checkpoints: the days on which something is due (docs/rules.md, "Checkpoints")."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.kinds import Cadence
from tracker.thai.calendar import last_of_month, months_between


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One due date with the cadences that fall on it (none for the single end of a period)."""

    on: date
    cadences: tuple[Cadence, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"on": self.on.isoformat(), "cadences": list(self.cadences)}


MONTHS_OF: dict[Cadence, int] = {
    Cadence.MONTHLY: 1,
    Cadence.QUARTERLY: 3,
    Cadence.HALF_YEARLY: 6,
    Cadence.YEARLY: 12,
    Cadence.EVERY_2_MONTHS: 2,
    Cadence.EVERY_4_MONTHS: 4,
    Cadence.WEEKLY: 1,
}
"""How many months of the fiscal year an occasion covers; weekly work is followed up at the end of each month."""

CADENCES: tuple[Cadence, ...] = tuple(MONTHS_OF)


def checkpoints(
    start: date | None, end: date | None, cadences: Collection[Cadence], days: Sequence[int] = ()
) -> tuple[Checkpoint, ...]:
    """The due days inside start..end, in order, each once with all cadences that fall on it.

    Months, quarters, halves and years are those of the fiscal year; their last days count. ``days`` are days of the
    month that stand in place of the last one of the monthly cadence (31 is the last of a shorter month). Where there
    is no cadence, or nothing of it closes inside the period, or no start, the end is the one checkpoint. Without an
    end there is none.
    """
    if end is None:
        return ()
    ordered = tuple(cadence for cadence in CADENCES if cadence in cadences)
    due: dict[date, list[Cadence]] = {}
    for year, month in months_between(start or end, end):
        last = last_of_month(year, month)
        for cadence in ordered:
            if (month + 3) % MONTHS_OF[cadence]:
                continue
            named = {last.replace(day=min(day, last.day)) for day in days} if cadence == Cadence.MONTHLY else set()
            for on in named or {last}:
                if start and start <= on <= end:
                    due.setdefault(on, []).append(cadence)
    found = tuple(Checkpoint(on, tuple(due[on])) for on in sorted(due))
    return found or (Checkpoint(end, ordered),)


def occasion_start(on: date, cadences: Collection[str]) -> date | None:
    """The first day of the month, quarter, half or year that the checkpoint closes; of several the longest.

    None for the single end of a period.
    """
    months = max((MONTHS_OF[cadence] for cadence in CADENCES if cadence in cadences), default=0)
    if not months:
        return None
    first = on.year * 12 + on.month - months
    return date(first // 12, first % 12 + 1, 1)
