"""From a period to its checkpoints: the days on which something is due (design, section 3 "Checkpoints")."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from tracker.thai.calendar import last_of_month, months_between

Cadence = Literal["monthly", "quarterly", "half-yearly", "yearly"]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One due date with the cadences that fall on it (none for the single end of a period)."""

    on: date
    cadences: tuple[Cadence, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"on": self.on.isoformat(), "cadences": list(self.cadences)}


CADENCES: tuple[Cadence, ...] = ("monthly", "quarterly", "half-yearly", "yearly")

_CLOSING_MONTHS: dict[Cadence, tuple[int, ...]] = {
    "monthly": tuple(range(1, 13)),
    "quarterly": (3, 6, 9, 12),
    "half-yearly": (3, 9),
    "yearly": (9,),
}


def checkpoints(
    start: date | None, end: date | None, cadences: Sequence[Cadence], days: Sequence[int] = ()
) -> tuple[Checkpoint, ...]:
    """The due days inside start..end, in order, each once with all cadences that fall on it.

    Without a cadence, or where no month, quarter, half or year of it closes inside the period, the end is the one
    checkpoint. ``days`` are days of the month that stand in place of its last (31 means the last of a shorter
    month). Without an end there is none; without a start only the end.
    """
    if end is None:
        return ()
    ordered = tuple(cadence for cadence in CADENCES if cadence in cadences)
    due: dict[date, list[Cadence]] = {}
    for year, month in months_between(start, end) if start else ():
        last = last_of_month(year, month)
        for cadence in ordered:
            if month in _CLOSING_MONTHS[cadence]:
                for day in days or (last.day,):
                    on = last.replace(day=min(day, last.day))
                    if start and start <= on <= end and cadence not in due.setdefault(on, []):
                        due[on].append(cadence)
    found = tuple(Checkpoint(on, tuple(due[on])) for on in sorted(due) if due[on])
    return found or (Checkpoint(end, ordered),)
