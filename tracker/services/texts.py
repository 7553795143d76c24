"""The coordinator's text of a column: kept beside what the tasks say, with the difference shown when facts change."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from tracker.models import ColumnText, Measure, Plan
from tracker.paragraphs import Paragraph, Paragraphs
from tracker.reports.data import RoundNumber
from tracker.rollup import Change, Column, Composed, drift, written
from tracker.services.audit import Actor, record
from tracker.services.rounds import as_paragraphs, composed_column, tasks_by_step, text_of
from tracker.thai.calendar import round_end


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column of a measure in a round: what the tasks say, the text that is printed, and whether the facts moved."""

    measure: Measure
    column: Column
    composed: Composed
    text: ColumnText | None

    @property
    def from_tasks(self) -> Paragraphs:
        return tuple(Paragraph(paragraph.number, paragraph.text) for paragraph in self.composed.paragraphs)

    @property
    def printed(self) -> Paragraphs:
        return as_paragraphs(self.text.paragraphs) if self.text else self.from_tasks

    @property
    def drifted(self) -> bool:
        """Whether the facts changed since the text was written."""
        return self.text is not None and self.text.basis != self.composed.basis

    @property
    def difference(self) -> tuple[tuple[Change, str], ...]:
        """The printed text against what the tasks say now, paragraph by paragraph."""
        return drift(self.printed, self.from_tasks)


def column_views(
    session: Session, plan: Plan, measures: list[Measure], number: RoundNumber, tz: tzinfo, thai_digits: bool
) -> list[ColumnView]:
    """Both columns of every measure given: a constant number of queries."""
    tasks = tasks_by_step(session, plan)
    end = round_end(plan.fiscal_year, number)
    columns: tuple[Column, ...] = ("summary", "outcome")
    return [
        ColumnView(
            measure,
            column,
            composed_column(measure, tasks, column, end, tz, thai_digits),
            text_of(measure, column, number),
        )
        for measure in measures
        for column in columns
    ]


def edit_text(session: Session, view: ColumnView, number: RoundNumber, typed: str, *, by: Actor, at: datetime) -> None:
    """Keeps the coordinator's text of the round; an empty text goes back to what the tasks say."""
    measure = view.measure
    own = next((text for text in measure.texts if text.field == view.column and text.round == number), None)
    paragraphs = [paragraph.as_json() for paragraph in written(typed)] if typed.strip() else []
    if not paragraphs:
        if own is not None:
            measure.texts.remove(own)
    else:
        if own is None:
            own = ColumnText(agency_id=measure.agency_id, field=view.column, round=number)
            measure.texts.append(own)
        own.source, own.paragraphs, own.basis = "coordinator", paragraphs, view.composed.basis
        own.edited_by, own.edited_at = by.name, at
    record(
        session, measure.agency_id, "text_edited", by, at,
        measure=measure.number, column=view.column, round=number, paragraphs=paragraphs,
    )  # fmt: skip
