"""The coordinator's text of a column: kept beside what the tasks say, with the difference shown when facts change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from tracker.errors import ConflictError
from tracker.kinds import RoundState, TextSource
from tracker.models import ColumnText, Measure, Plan, Task, TextVersion
from tracker.reports.data import RoundNumber
from tracker.reports.rollup import Change, Column, Composed, diff, to_paragraphs
from tracker.services.audit import Actor, lock, record
from tracker.services.reports.closing import round_of
from tracker.services.reports.compose import as_paragraphs, composed_column, tasks_by_step, text_of
from tracker.services.reports.text_history import Source, remember
from tracker.thai.calendar import round_end
from tracker.thai.paragraphs import Paragraph, Paragraphs

COLUMNS: tuple[Column, ...] = ("summary", "outcome")


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column of a measure in a round: what the tasks say, the text that is printed, and whether the facts moved.

    ``composed`` is worded as published; who is missing stands beside it. ``tasks`` are the measure's, by id.
    """

    measure: Measure
    column: Column
    composed: Composed
    text: ColumnText | None
    tasks: Mapping[int, Task]

    @property
    def basis(self) -> str:
        """The hash of the facts that lie under the printed text now: those of the round."""
        return self.composed.facts_hash

    @property
    def from_tasks(self) -> Paragraphs:
        return self.composed.cell

    @property
    def printed(self) -> Paragraphs:
        return as_paragraphs(self.text.paragraphs) if self.text else self.from_tasks

    @property
    def typed(self) -> str:
        """The printed text as people type it: a paragraph a line, its number before it."""
        return "\n".join(paragraph.typed() for paragraph in self.printed)

    @property
    def drifted(self) -> bool:
        """Whether the facts changed since the text was written."""
        return self.text is not None and self.text.basis != self.basis

    @property
    def difference(self) -> tuple[tuple[Change, str], ...]:
        """The printed text against what the tasks say now, paragraph by paragraph."""
        return diff(self.printed, self.from_tasks)


def column_views(
    session: Session, plan: Plan, measures: Sequence[Measure], number: RoundNumber, tz: tzinfo, thai_digits: bool
) -> list[ColumnView]:
    """Both columns of every measure given: a constant number of queries."""
    tasks = tasks_by_step(session, plan)
    end = round_end(plan.fiscal_year, number)
    views = []
    for measure in measures:
        of_measure = {task.id: task for step in measure.steps for task in tasks.get(step.id, ())}
        for column in COLUMNS:
            text = text_of(measure, column, number)
            composed = composed_column(measure, tasks, column, end, tz, thai_digits)
            views.append(ColumnView(measure, column, composed, text, of_measure))
    return views


def edit_text(
    session: Session,
    view: ColumnView,
    number: RoundNumber,
    typed: str,
    *,
    basis: str | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Keeps the coordinator's text of the round; an empty text goes back to what the tasks say, the same stays.

    ``basis`` tells which facts the coordinator had before the eyes, where a tick may have come in since.
    """
    paragraphs = to_paragraphs(typed)
    if paragraphs in (view.printed, to_paragraphs(view.typed)):
        return
    if paragraphs:
        _write(session, view, number, paragraphs, basis or view.composed.facts_hash, "coordinator", by, at)
    else:
        use_tasks(session, view, number, by=by, at=at)


def use_tasks(session: Session, view: ColumnView, number: RoundNumber, *, by: Actor, at: datetime) -> None:
    """Goes back to what the tasks say; over an imported text, which is kept, their text stands as the round's own."""
    texts = [text for text in view.measure.texts if (text.field, text.round) == (view.column, number)]
    if any(text.source == TextSource.IMPORTED for text in texts):
        _write(session, view, number, view.from_tasks, view.composed.facts_hash, "tasks", by, at)
        return
    _must_be_open(session, view.measure, number)
    own = _own(view, number)
    if own is not None:
        view.measure.texts.remove(own)
        _remember(view, number, view.from_tasks, view.composed.facts_hash, "tasks", by, at)
        _record(session, view, number, (), by, at)


def go_back(
    session: Session, view: ColumnView, number: RoundNumber, version: TextVersion, *, by: Actor, at: datetime
) -> None:
    """Prints an older version again, on the facts that lay under it: what has changed since shows as a difference."""
    paragraphs, basis = as_paragraphs(version.paragraphs), version.basis or view.composed.facts_hash
    _write(session, view, number, paragraphs, basis, "restored", by, at, from_number=version.number)


def take_style(
    session: Session, view: ColumnView, number: RoundNumber, paragraphs: Paragraphs, *, by: Actor, at: datetime
) -> None:
    """Prints what the style rules made of the text; the facts under it stay what they were."""
    basis = view.text.basis if view.text and view.text.source == TextSource.COORDINATOR else None
    _write(session, view, number, paragraphs, basis or view.basis, "style", by, at)


def keep_text(
    session: Session, view: ColumnView, number: RoundNumber, *, basis: str | None = None, by: Actor, at: datetime
) -> None:
    """The coordinator has seen what changed and lets the text stand: from now on it rests on today's facts."""
    _must_be_open(session, view.measure, number)
    if view.text is None:
        raise ConflictError("This text comes from the tasks themselves.", "ข้อความนี้มาจากงานอยู่แล้ว")
    view.text.basis = basis or view.basis
    record(
        session, view.measure.agency_id, "text_kept", by, at,
        measure=view.measure.number, column=view.column, round=number,
    )  # fmt: skip


def _write(
    session: Session,
    view: ColumnView,
    number: RoundNumber,
    paragraphs: Paragraphs,
    basis: str,
    source: Source,
    by: Actor,
    at: datetime,
    *,
    from_number: int | None = None,
) -> None:
    _must_be_open(session, view.measure, number)
    own = _own(view, number)
    if own is None:
        own = ColumnText(agency_id=view.measure.agency_id, field=view.column, round=number)
        own.source = TextSource.COORDINATOR
        view.measure.texts.append(own)
    own.paragraphs = [paragraph.as_json() for paragraph in paragraphs]
    own.basis, own.edited_by, own.edited_at = basis, by.name, at
    _remember(view, number, paragraphs, basis, source, by, at, from_number)
    _record(session, view, number, paragraphs, by, at)


def _remember(
    view: ColumnView,
    number: RoundNumber,
    paragraphs: Paragraphs,
    basis: str,
    source: Source,
    by: Actor,
    at: datetime,
    from_number: int | None = None,
) -> None:
    """The tasks that say something in the column lie under the text, whatever it says."""
    task_ids = [fact.task_id for fact in view.composed.facts]
    remember(
        view.measure, view.column, number, paragraphs, source,
        task_ids=task_ids, basis=basis, from_number=from_number, by=by.name, at=at,
    )  # fmt: skip


def _own(view: ColumnView, number: RoundNumber) -> ColumnText | None:
    own = (view.column, number, TextSource.COORDINATOR)
    return next((text for text in view.measure.texts if (text.field, text.round, text.source) == own), None)


def _record(
    session: Session, view: ColumnView, number: RoundNumber, paragraphs: Paragraphs, by: Actor, at: datetime
) -> None:
    record(
        session, view.measure.agency_id, "text_edited", by, at,
        measure=view.measure.number, column=view.column, round=number,
        paragraphs=[Paragraph.as_json(paragraph) for paragraph in paragraphs],
    )  # fmt: skip


def _must_be_open(session: Session, measure: Measure, number: RoundNumber) -> None:
    lock(session, measure.agency_id)
    found = round_of(session, measure.plan, number)
    if found is not None and found.state == RoundState.CLOSED:
        raise ConflictError(
            f"The {number}-month round is closed; open it again before changing its text.",
            f"ปิดรอบ {number} เดือนไปแล้ว กรุณาเปิดรอบอีกครั้งก่อนแก้ข้อความ",
        )
