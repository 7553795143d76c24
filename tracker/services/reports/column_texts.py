"""The coordinator's text of a column: kept beside what the tasks say, with the difference shown when facts change."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from tracker.errors import ConflictError, NotUnderstoodError
from tracker.kinds import RoundState, TextSource
from tracker.models import ColumnText, Measure, Plan, Task, TextVersion
from tracker.reports.claims import Claim, claims
from tracker.reports.data import RoundNumber
from tracker.reports.new_facts import Known, News, Taken, facts_as_json, known_with, new_facts, take
from tracker.reports.own_words import party_name
from tracker.reports.rollup import Column, Composed, facts_hash, step_numbers, to_paragraphs
from tracker.reports.step_in_round import StepInRound
from tracker.services.audit import Actor, lock, record
from tracker.services.reports.closing import round_of
from tracker.services.reports.compose import (
    as_paragraphs,
    composed_column,
    names_of,
    steps_in_round,
    tasks_by_step,
    text_of,
)
from tracker.services.reports.news import facts_at, known_facts
from tracker.services.reports.text_history import Source, remember
from tracker.thai.calendar import round_end
from tracker.thai.paragraphs import Paragraph, Paragraphs
from tracker.thai.text import squeeze_spaces

COLUMNS: tuple[Column, ...] = ("summary", "outcome")


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column of a measure in a round: what the tasks say, the text that is printed, and whether the facts moved.

    ``composed`` is worded as published, with or without who is missing, as the round has it. ``tasks`` are the
    measure's, by id, and ``steps`` the measure's in the round. ``news`` is what the text does not know yet; ``claims``
    are the places where a summary says more than was ticked and nobody said why that stays.
    """

    measure: Measure
    column: Column
    composed: Composed
    text: ColumnText | None
    tasks: Mapping[int, Task]
    steps: tuple[StepInRound, ...]
    news: tuple[News, ...] = ()

    @property
    def name(self) -> str:
        """The cell by a name of its own among the round's."""
        return f"{self.column}-{self.measure.id}"

    @property
    def basis(self) -> str:
        """The hash of the facts that lie under the printed text now: those of the round."""
        return self.composed.facts_hash

    @property
    def numbers(self) -> list[int | None]:
        """The numbers that the measure's steps have in the text."""
        return step_numbers(self.steps)

    def claims_in(self, paragraphs: Paragraphs) -> tuple[Claim, ...]:
        """Where a summary of these words would say more than was ticked, and nobody said why that stays."""
        if self.column != "summary" or paragraphs == self.from_tasks:
            return ()
        kept = {one["key"] for one in (self.text.claims_kept if self.text else None) or ()}
        said = {one.text for one in self.composed.paragraphs}
        return tuple(one for one in claims(paragraphs, self.steps, said) if one.key not in kept)

    def news_in(self, paragraphs: Paragraphs) -> tuple[News, ...]:
        """What a text of these words, in place of the printed one, would not know; nothing where the tasks write."""
        if self.text is None:
            return ()
        named = {place for place, step in enumerate(self.steps) if self.column == "summary" and step.several_parties}
        units = {task_id: party_name(unit.name for unit in task.units) for task_id, task in self.tasks.items()}
        return new_facts(paragraphs, self.known, self.composed.facts, units, named)

    def taken(self, paragraphs: Paragraphs, news: News) -> Taken:
        """The text of these words with the news in it."""
        return take(paragraphs, news, self.from_tasks, self.numbers)

    @property
    def claims(self) -> tuple[Claim, ...]:
        return self.claims_in(self.printed) if self.text else ()

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
    def as_typed(self) -> Paragraphs:
        """The printed text as it is read again once a person has sent it back unchanged."""
        return to_paragraphs(self.typed)

    @property
    def drifted(self) -> bool:
        """Whether facts that give text changed since the text was written; who is missing is none of them."""
        return bool(self.news)

    @property
    def known(self) -> list[Known]:
        """The facts that the printed text rests on, as it keeps them."""
        facts = self.composed.facts
        return known_facts(self.text, facts, self.tasks) if self.text else facts_as_json(facts)


def column_views(
    session: Session, plan: Plan, measures: Sequence[Measure], number: RoundNumber, tz: tzinfo, thai_digits: bool
) -> list[ColumnView]:
    """Both columns of every measure given: a constant number of queries."""
    tasks, names = tasks_by_step(session, plan), names_of(session, plan, number)
    end = round_end(plan.fiscal_year, number)
    views = []
    for measure in measures:
        of_measure = {task.id: task for step in measure.steps for task in tasks.get(step.id, ())}
        steps = steps_in_round(measure, tasks, end, tz)
        for column in COLUMNS:
            text = text_of(measure, column, number)
            composed = composed_column(measure, tasks, column, end, tz, thai_digits, names=names)
            views.append(_view(measure, column, composed, text, of_measure, steps))
    return views


def _view(
    measure: Measure,
    column: Column,
    composed: Composed,
    text: ColumnText | None,
    tasks: Mapping[int, Task],
    steps: Sequence[StepInRound],
) -> ColumnView:
    view = ColumnView(measure, column, composed, text, tasks, tuple(steps))
    return view if text is None else replace(view, news=view.news_in(view.printed))


def edit_text(
    session: Session,
    view: ColumnView,
    number: RoundNumber,
    typed: str,
    *,
    seen: Collection[str] | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Keeps the coordinator's text of the round; an empty text goes back to what the tasks say, the same stays.

    ``seen`` are the keys of the facts that the coordinator had before the eyes, where a tick may have come in since.
    News that the text now tells is answered; other news is still offered.
    """
    paragraphs = to_paragraphs(typed)
    if paragraphs in (view.printed, view.as_typed):
        return
    if paragraphs:
        facts = view.known if view.text else [one for one in view.known if seen is None or one["key"] in seen]
        reported = (one for one in view.news if one.stands_in(paragraphs) != one.gone)
        _write(session, view, number, paragraphs, known_with(facts, reported), "coordinator", by, at)
    else:
        use_tasks(session, view, number, by=by, at=at)


def use_tasks(session: Session, view: ColumnView, number: RoundNumber, *, by: Actor, at: datetime) -> None:
    """Goes back to what the tasks say; over an imported text, which is kept, their text stands as the round's own."""
    texts = [text for text in view.measure.texts if (text.field, text.round) == (view.column, number)]
    if any(text.source == TextSource.IMPORTED for text in texts):
        _write(session, view, number, view.from_tasks, facts_as_json(view.composed.facts), "tasks", by, at)
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
    facts = facts_as_json(view.composed.facts)
    if version.basis not in (None, view.basis):
        under = [one for one in view.composed.facts if one.task_id in version.task_ids]
        facts = facts_at(under, view.tasks, version.edited_at)
    paragraphs = as_paragraphs(version.paragraphs)
    _write(session, view, number, paragraphs, facts, "restored", by, at, from_number=version.number)


def remember_unprinted(
    session: Session, view: ColumnView, number: RoundNumber, written: Iterable[Paragraphs], *, by: Actor, at: datetime
) -> None:
    """Keeps texts that somebody wrote and that are not to be printed in the history."""
    _must_be_open(session, view.measure, number)
    for text in written:
        _remember(view, number, text, view.basis, "coordinator", by, at)


def print_again(session: Session, view: ColumnView, number: RoundNumber, *, by: Actor, at: datetime) -> None:
    """Says in the history that what the cell prints stands, after texts that are not printed."""
    _must_be_open(session, view.measure, number)
    of_cell = [one for one in view.measure.text_versions if (one.field, one.round) == (view.column, number)]
    printed = [one.number for one in of_cell if as_paragraphs(one.paragraphs) == view.printed]
    basis = view.text.basis if view.text else view.basis
    if view.text and printed:
        _remember(view, number, view.printed, basis, "restored", by, at, max(printed))
    else:
        _remember(view, number, view.printed, basis, "tasks", by, at)


def take_style(
    session: Session, view: ColumnView, number: RoundNumber, paragraphs: Paragraphs, *, by: Actor, at: datetime
) -> None:
    """Prints what the style rules made of the text; the facts under it stay what they were."""
    _write(session, view, number, paragraphs, view.known, "style", by, at)


def take_text(
    session: Session,
    view: ColumnView,
    number: RoundNumber,
    paragraphs: Paragraphs,
    taken: Iterable[News] = (),
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Prints the text that a button made of the saved one, with the news that it took in."""
    _write(session, view, number, paragraphs, known_with(view.known, taken), "coordinator", by, at)


def keep_text(
    session: Session,
    view: ColumnView,
    number: RoundNumber,
    keys: Collection[str] | None = None,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """The coordinator has seen the news of these keys, or all, and lets the text stand: it is not offered again.

    ConflictError where there is no text of its own, or where nothing of the keys is news any more.
    """
    _must_be_open(session, view.measure, number)
    if view.text is None:
        raise ConflictError("This text comes from the tasks themselves.", "ข้อความนี้มาจากงานอยู่แล้ว")
    chosen = view.news if keys is None else _chosen(view, keys)
    view.text.facts = known_with(view.known, chosen, left=True)
    view.text.basis = facts_hash(view.column, (one["key"] for one in view.text.facts))
    record(
        session, view.measure.agency_id, "text_kept", by, at,
        fiscal_year=view.measure.plan.fiscal_year, measure=view.measure.number, column=view.column, round=number,
        left=[one.sentence for one in chosen],
    )  # fmt: skip


def keep_claim(
    session: Session, view: ColumnView, number: RoundNumber, key: str, why: str, *, by: Actor, at: datetime
) -> None:
    """A sentence stays although it says more than was ticked; why is kept with the text and in the record.

    NotUnderstoodError without a reason, ConflictError where the text holds no such sentence any more.
    """
    _must_be_open(session, view.measure, number)
    why = squeeze_spaces(why)
    if not why:
        raise NotUnderstoodError("Write why the sentence stays.", "กรุณาเขียนเหตุผลที่คงข้อความไว้")
    claim = next((one for one in view.claims if one.key == key), None)
    if claim is None or view.text is None:
        raise ConflictError("The text no longer says this; look at it again.", "ข้อความนี้เปลี่ยนไปแล้ว กรุณาดูอีกครั้ง")
    kept = {"key": key, "quote": claim.quote, "why": why, "by": by.name, "at": at.isoformat()}
    view.text.claims_kept = [*(view.text.claims_kept or ()), kept]
    record(
        session, view.measure.agency_id, "claim_kept", by, at,
        measure=view.measure.number, column=view.column, round=number, quote=claim.quote, text=claim.paragraph.text,
        done=claim.done, whole=claim.whole, why=why,
    )  # fmt: skip


def _chosen(view: ColumnView, keys: Collection[str]) -> list[News]:
    chosen = [one for one in view.news if one.key in keys]
    if not chosen:
        raise ConflictError(
            "This is no longer news; look at the text again.", "เรื่องนี้ไม่ใช่ข้อเท็จจริงใหม่แล้ว กรุณาดูข้อความอีกครั้ง"
        )
    return chosen


def _write(
    session: Session,
    view: ColumnView,
    number: RoundNumber,
    paragraphs: Paragraphs,
    facts: list[Known],
    source: Source,
    by: Actor,
    at: datetime,
    *,
    from_number: int | None = None,
) -> None:
    """``facts`` are those that the text knows, as it keeps them."""
    _must_be_open(session, view.measure, number)
    own = _own(view, number)
    if own is None:
        own = ColumnText(agency_id=view.measure.agency_id, field=view.column, round=number)
        own.source = TextSource.COORDINATOR
        own.claims_kept = view.text.claims_kept if view.text else None
        view.measure.texts.append(own)
    own.paragraphs = [paragraph.as_json() for paragraph in paragraphs]
    own.facts, own.basis = facts, facts_hash(view.column, (one["key"] for one in facts))
    own.edited_by, own.edited_at = by.name, at
    _remember(view, number, paragraphs, own.basis, source, by, at, from_number)
    _record(session, view, number, paragraphs, by, at)


def _remember(
    view: ColumnView,
    number: RoundNumber,
    paragraphs: Paragraphs,
    basis: str | None,
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
        fiscal_year=view.measure.plan.fiscal_year, measure=view.measure.number, measure_id=view.measure.id,
        column=view.column, round=number,
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
