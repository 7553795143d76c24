"""What the proof-reader reads and what it says: passages with their place, and suggestions about them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from tracker.bilingual import Bilingual
from tracker.thai.paragraphs import Paragraphs

Column = Literal["cover", "title", "steps", "responsible", "period", "summary", "outcome", "annex"]
Kind = Literal[
    "personal",
    "agency_name",
    "spelling",
    "digits",
    "date_outside",
    "no_result",
    "no_date",
    "pasted",
    "repeats_step",
    "outcome_repeats",
    "spaces",
    "brackets",
    "split_am",
]
KINDS: tuple[Kind, ...] = (
    "personal",
    "agency_name",
    "spelling",
    "date_outside",
    "no_result",
    "outcome_repeats",
    "pasted",
    "repeats_step",
    "digits",
    "brackets",
    "split_am",
    "spaces",
    "no_date",
)
"""Every kind, the weightiest first: what harms people, what an assessor would stumble over, what looks careless."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands: the measure's number (None on the cover), the column, the paragraph counted from one.

    In the annex ``paragraph`` is the step's number, and ``task`` the id of the task that says it.
    """

    measure: int | None
    column: Column
    paragraph: int
    task: int | None = None

    def as_json(self) -> dict[str, Any]:
        place = {"measure": self.measure, "column": self.column, "paragraph": self.paragraph}
        return place if self.task is None else {**place, "task": self.task}


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph of the document at its place."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class ProofStep:
    """A step; ``reported`` tells whether the result speaks of it, None where nobody can know (a typed result)."""

    text: str
    number: int | None
    reported: bool | None = None


@dataclass(frozen=True, slots=True)
class ProofRow:
    """One measure of the table as it is printed."""

    number: int
    title: Paragraphs
    steps: tuple[ProofStep, ...]
    responsible: str
    period: str
    summary: Paragraphs
    outcome: Paragraphs

    def passages(self) -> Iterator[Passage]:
        columns: tuple[tuple[Column, list[str]], ...] = (
            ("title", [paragraph.text for paragraph in self.title]),
            ("steps", [step.text for step in self.steps]),
            ("responsible", self.responsible.split("\n")),
            ("period", self.period.split("\n")),
            ("summary", [paragraph.text for paragraph in self.summary]),
            ("outcome", [paragraph.text for paragraph in self.outcome]),
        )
        for column, texts in columns:
            for index, text in enumerate(texts, 1):
                yield Passage(Place(self.number, column, index), text)


@dataclass(frozen=True, slots=True)
class Document:
    """A plan with its report: the cover's lines (the agency's name first), the rows, the round's first and last day.

    ``names`` are words that are no misspelling: units, people, places, and what the agency chose to ignore. ``annex``
    is what the published report says beside its table, ``shown`` what of people it may show.
    """

    agency: str
    cover: tuple[str, ...]
    rows: tuple[ProofRow, ...]
    starts: date
    ends: date
    names: tuple[str, ...] = ()
    annex: tuple[Passage, ...] = ()
    shown: tuple[str, ...] = ()

    def passages(self) -> Iterator[Passage]:
        """Every paragraph, the cover first, then measure by measure and column by column."""
        for index, line in enumerate(self.cover, 1):
            yield Passage(Place(None, "cover", index), line)
        for row in self.rows:
            yield from row.passages()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What might be corrected: never an order. ``proposal`` stands for ``quote`` where there is one to offer."""

    kind: Kind
    place: Place
    quote: str
    reason: Bilingual
    proposal: str | None = None

    @property
    def key(self) -> tuple[int, int, int]:
        """By weight, then in reading order."""
        return KINDS.index(self.kind), self.place.measure or 0, self.place.paragraph

    def as_json(self) -> dict[str, Any]:
        """The shape of ``report check --json``."""
        return {
            "kind": self.kind,
            "place": self.place.as_json(),
            "quote": self.quote,
            "proposal": self.proposal,
            "reason": str(self.reason),
            "reason_th": self.reason.th,
        }
