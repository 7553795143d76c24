"""Reads a period cell: the words of a plan's ระยะเวลาดำเนินการ into dates, cadences and checkpoints (design, section 3)."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Cadence = Literal["monthly", "quarterly", "half-yearly", "yearly"]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One due date with the cadences that fall on it (none for the single end of a period)."""

    on: date
    cadences: tuple[Cadence, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"on": self.on.isoformat(), "cadences": list(self.cadences)}


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
