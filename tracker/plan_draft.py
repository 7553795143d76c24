"""What an import understood of a document, before anything is stored: values that readers make and services keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from tracker.kinds import Cadence
from tracker.schedule import Checkpoint
from tracker.thai.paragraphs import Paragraph, Paragraphs

Mode = Literal["each", "jointly"]
DocumentRound = Literal[6, 12]
"""The months that a report tells of."""


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

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Period":
        """What ``as_json`` wrote."""
        return cls(
            text=value["text"],
            fiscal_year=value["fiscal_year"],
            start=_day(value["start"]),
            end=_day(value["end"]),
            cadences=tuple(map(Cadence, value["cadences"])),
            checkpoints=tuple(
                Checkpoint(date.fromisoformat(one["on"]), tuple(map(Cadence, one["cadences"])))
                for one in value["checkpoints"]
            ),
            warnings=tuple(value["warnings"]),
        )


@dataclass(frozen=True, slots=True)
class Warn:
    """What was not understood or contradicts itself; ``where`` names the place, ``message`` quotes the text."""

    where: str
    message: str

    def as_json(self) -> dict[str, Any]:
        return {"where": self.where, "message": self.message}


@dataclass(frozen=True, slots=True)
class Responsible:
    """The responsible-party cell: verbatim text, fan-out or joint, and the names in it, split."""

    text: str
    mode: Mode
    parties: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {"text": self.text, "mode": self.mode, "parties": list(self.parties)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Responsible":
        """What ``as_json`` wrote."""
        return cls(value["text"], value["mode"], tuple(value["parties"]))


@dataclass(frozen=True, slots=True)
class DraftStep:
    """One step. ``responsible`` and ``period`` are set only where the step's own row differs from its measure's."""

    number: int | None
    text: str
    responsible: Responsible | None = None
    period: Period | None = None

    def as_json(self) -> dict[str, Any]:
        value: dict[str, Any] = {"number": self.number, "text": self.text}
        if self.responsible:
            value["responsible"] = self.responsible.as_json()
        if self.period:
            value["period"] = self.period.as_json()
        return value

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "DraftStep":
        """What ``as_json`` wrote."""
        responsible, period = value.get("responsible"), value.get("period")
        return cls(
            value["number"],
            value["text"],
            Responsible.from_json(responsible) if responsible else None,
            Period.from_json(period) if period else None,
        )


@dataclass(frozen=True, slots=True)
class DraftMeasure:
    """One measure: the six cells of its row, understood."""

    number: int
    title: str
    details: Paragraphs
    steps: tuple[DraftStep, ...]
    responsible: Responsible
    period: Period
    summary: Paragraphs = ()
    outcome: Paragraphs = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "title": self.title,
            "details": _cell(self.details),
            "steps": [step.as_json() for step in self.steps],
            "responsible": self.responsible.as_json(),
            "period": self.period.as_json(),
            "summary": _cell(self.summary),
            "outcome": _cell(self.outcome),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "DraftMeasure":
        """What ``as_json`` wrote."""
        return cls(
            number=value["number"],
            title=value["title"],
            details=tuple(map(Paragraph.from_json, value["details"])),
            steps=tuple(map(DraftStep.from_json, value["steps"])),
            responsible=Responsible.from_json(value["responsible"]),
            period=Period.from_json(value["period"]),
            summary=tuple(map(Paragraph.from_json, value["summary"])),
            outcome=tuple(map(Paragraph.from_json, value["outcome"])),
        )


@dataclass(frozen=True, slots=True)
class DraftPlan:
    """A whole document, understood. ``agency`` is None where the document names none; ``place``: อำเภอ… จังหวัด….

    ``cover_year`` and ``round`` are what its cover says of itself, None where it does not.
    """

    agency: str | None
    fiscal_year: int
    measures: tuple[DraftMeasure, ...]
    warnings: tuple[Warn, ...] = ()
    place: str = ""
    cover_year: int | None = None
    round: DocumentRound | None = None

    @property
    def tells_results(self) -> bool:
        """Whether the last two columns say anything."""
        return any(measure.summary or measure.outcome for measure in self.measures)

    def as_json(self) -> dict[str, Any]:
        return {
            "agency": self.agency,
            "fiscal_year": self.fiscal_year,
            "measures": [measure.as_json() for measure in self.measures],
            "warnings": [warning.as_json() for warning in self.warnings],
        }


def _cell(paragraphs: Paragraphs) -> list[dict[str, Any]]:
    return [Paragraph.as_json(paragraph) for paragraph in paragraphs]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
