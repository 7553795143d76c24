"""The frozen content of a report: everything that a writer needs, and nothing of the database or the clock."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from tracker.plan_draft import DraftStep, Period, Responsible
from tracker.thai.paragraphs import Paragraphs

RoundNumber = Literal[6, 12]


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """One piece of evidence in the annex: a file's name, hash and media type, or a link."""

    label: str
    link: str | None = None
    sha256: str | None = None
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class AnnexEntry:
    """One single report in the annex: which unit did what for which checkpoint."""

    measure: int
    step: int
    units: tuple[str, ...]
    scheduled_on: date | None
    done_on: date | None
    result: str
    outcome: str | None = None
    evidence: tuple[EvidenceEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class StandingCounts:
    """The year's tasks as they stood at the round's end, each counted once (docs/rules.md, "What counts in a round").

    ``late`` were done after the day they were due, ``unknown_day`` nobody knows when; ``unfinished`` are scheduled by
    the round's end and not done; ``to_come`` are scheduled later. ``entered_late``: how many of the done ones were
    typed long after the day that they claim.
    """

    on_time: int = 0
    late: int = 0
    not_possible: int = 0
    unfinished: int = 0
    to_come: int = 0
    unknown_day: int = 0
    entered_late: int = 0

    @property
    def done(self) -> int:
        return self.on_time + self.late + self.unknown_day

    @property
    def total(self) -> int:
        return self.done + self.not_possible + self.unfinished + self.to_come


@dataclass(frozen=True, slots=True)
class UnitPace:
    """How far one unit's tasks got; a joint task counts for each of its units."""

    unit: str
    pace: StandingCounts


@dataclass(frozen=True, slots=True)
class NotPossibleEntry:
    """A task that could not be done, and why; ``units`` is empty where the report names nobody."""

    measure: int
    step: int
    units: tuple[str, ...]
    scheduled_on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the name and the position under the dotted line."""

    name: str
    position: str


@dataclass(frozen=True, slots=True)
class ReportMeasure:
    """One row of the six-column table, with its progress over the whole year's tasks."""

    number: int
    title: str
    details: Paragraphs
    steps: tuple[DraftStep, ...]
    responsible: Responsible
    period: Period
    done: int
    total: int
    summary: Paragraphs
    outcome: Paragraphs
    pace: StandingCounts = StandingCounts()


@dataclass(frozen=True, slots=True)
class ReportData:
    """A report of a round. ``recorded_at`` is the instant of the latest recorded fact: the only time inside a file.

    ``progress_pages``: the coordinator wants them printed."""

    agency: str
    place: str
    fiscal_year: int
    round: RoundNumber
    recorded_at: datetime
    measures: tuple[ReportMeasure, ...]
    annex: tuple[AnnexEntry, ...] = ()
    signers: tuple[Signer, ...] = ()
    thai_digits: bool = True
    draft: bool = True
    names: tuple[str, ...] = field(default=())
    by_unit: tuple[UnitPace, ...] = ()
    not_possible: tuple[NotPossibleEntry, ...] = ()
    progress_pages: bool = True

    def as_json(self) -> dict[str, Any]:
        """The JSON contract of ``report --format json`` (docs/rules.md, "JSON contract")."""
        return {
            "agency": self.agency,
            "fiscal_year": self.fiscal_year,
            "round": self.round,
            "measures": [_measure_json(measure) for measure in self.measures],
        }


def _measure_json(measure: ReportMeasure) -> dict[str, Any]:
    return {
        "number": measure.number,
        "title": measure.title,
        "details": [paragraph.as_json() for paragraph in measure.details],
        "steps": [step.as_json() for step in measure.steps],
        "responsible": measure.responsible.as_json(),
        "period": measure.period.as_json(),
        "progress": {"done": measure.done, "total": measure.total},
        "summary": [paragraph.as_json() for paragraph in measure.summary],
        "outcome": [paragraph.as_json() for paragraph in measure.outcome],
    }
