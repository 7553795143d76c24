"""What the tables of a document hold, gathered measure by measure, before anything of it is understood."""

from dataclasses import dataclass, field

from tracker.plan_draft import DocumentRound, Warn
from tracker.plan_import.column_choice import ColumnQuestion
from tracker.plan_import.grid import Line, Table
from tracker.plan_import.header_words import Field


@dataclass(slots=True)
class StepRows:
    """The steps that stand beside one responsible and one period cell; ``bare`` if their row has neither of its own."""

    steps: list[Line] = field(default_factory=list)
    responsible: list[Line] = field(default_factory=list)
    period: list[Line] = field(default_factory=list)
    bare: bool = False


@dataclass(slots=True)
class MeasureRows:
    """All lines of one measure, gathered from its rows."""

    place: str
    ordinal: str = ""
    title: list[Line] = field(default_factory=list)
    groups: list[StepRows] = field(default_factory=list)
    summary: list[Line] = field(default_factory=list)
    outcome: list[Line] = field(default_factory=list)

    def is_bare(self) -> bool:
        """Whether the measure's rows hold nothing but its title."""
        return not (self.summary or self.outcome) and not any(
            group.steps or group.responsible or group.period for group in self.groups
        )


@dataclass(slots=True)
class Gathered:
    """What the tables of a document hold: measures, columns, the text above the first header, and warnings.

    ``months`` is the round that the header of the results names, ``questions`` what a person is to tell of columns,
    ``of_years`` that columns of years are its times, ``titles`` the lines over tables of steps that name measures.
    """

    measures: list[MeasureRows] = field(default_factory=list)
    fields: set[Field] = field(default_factory=set)
    above: list[str] = field(default_factory=list)
    warnings: list[Warn] = field(default_factory=list)
    headers_seen: list[str] = field(default_factory=list)
    extra: dict[str, list[str]] = field(default_factory=dict)
    questions: list[ColumnQuestion] = field(default_factory=list)
    months: DocumentRound | None = None
    of_years: bool = False
    titles: set[str] = field(default_factory=set)
    first: Table | None = None
