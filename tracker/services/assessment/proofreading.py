"""Reads a plan and a round's report as the proof-reader does, and keeps the words that an agency wants left alone."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.errors import NotUnderstoodError
from tracker.kinds import TaskState
from tracker.models import Agency, KnownWord, Measure, Member, Plan, Step, Task, Unit
from tracker.proofreading import Suggestion, personal_data, proofread
from tracker.proofreading.document import Document, Passage, Place, ProofRow, ProofStep
from tracker.reports.data import RoundNumber
from tracker.services.audit import Actor, lock, record
from tracker.services.reports.column_texts import ColumnView, column_views
from tracker.services.reports.compose import annexed, as_paragraphs, measures_of, signers_of
from tracker.thai.calendar import fiscal_year_end, fiscal_year_start, round_end
from tracker.thai.paragraphs import Paragraph
from tracker.thai.text import squeeze_spaces

LONGEST_WORD = 100


def suggestions_of(
    session: Session, plan: Plan, number: RoundNumber, tz: tzinfo, views: Sequence[ColumnView] | None = None
) -> tuple[Suggestion, ...]:
    """What the proof-reader would correct in the plan and in the report of the round as it stands now.

    ``views`` are the columns of all measures, where the caller has read them already.
    """
    return proofread(document_of(session, plan, number, tz, views))


def personal_data_of(session: Session, plan: Plan, number: RoundNumber, tz: tzinfo) -> tuple[Suggestion, ...]:
    """What of people strangers would read in the round's report as it stands now."""
    return tuple(dict.fromkeys(personal_data(document_of(session, plan, number, tz))))


def document_of(
    session: Session, plan: Plan, number: RoundNumber, tz: tzinfo, views: Sequence[ColumnView] | None = None
) -> Document:
    """The plan with the printed texts of a round, in a constant number of queries."""
    agency = session.get_one(Agency, plan.agency_id)
    if views is None:
        views = column_views(session, plan, measures_of(session, plan), number, tz, agency.thai_digits)
    measures = [view.measure for view in views if view.column == "summary"]
    by_column = {(view.measure.id, view.column): view for view in views}
    end = round_end(plan.fiscal_year, number)
    rows = tuple(
        _row(measure, by_column[measure.id, "summary"], by_column[measure.id, "outcome"], end) for measure in measures
    )
    words = known_words(session, agency.id)
    annex = (
        passage
        for measure in measures
        for passage in _annex(measure, by_column[measure.id, "summary"], end, tz, evidence=agency.public_evidence)
    )
    signers = (signer.name for signer in signers_of(session, agency)) if agency.public_signers else ()
    return Document(
        agency=agency.name,
        cover=(agency.name, *((agency.place,) if agency.place else ())),
        rows=rows,
        starts=fiscal_year_start(plan.fiscal_year),
        ends=end,
        names=names_of(session, agency, words),
        annex=tuple(annex),
        shown=tuple(sorted({*words, *signers})),
    )


def known_words(session: Session, agency_id: int) -> list[str]:
    """The words that the agency wants left alone, in alphabetical order of their letters."""
    return list(
        session.scalars(select(KnownWord.word).where(KnownWord.agency_id == agency_id).order_by(KnownWord.word))
    )


def leave_alone(session: Session, agency_id: int, word: str, *, by: Actor, at: datetime) -> None:
    """The proof-reader never calls the word misspelt again in this agency. Raises NotUnderstoodError for no word."""
    word = squeeze_spaces(word)
    if not word or len(word) > LONGEST_WORD:
        raise NotUnderstoodError(
            f"A word of 1 to {LONGEST_WORD} characters is needed.", f"กรุณาระบุคำยาว 1 ถึง {LONGEST_WORD} ตัวอักษร"
        )
    lock(session, agency_id)
    known = session.scalar(select(KnownWord.id).where(KnownWord.agency_id == agency_id, KnownWord.word == word))
    if known is None:
        session.add(KnownWord(agency_id=agency_id, word=word, added_by=by.name, added_at=at))
        record(session, agency_id, "word_left_alone", by, at, word=word)


def check_again(session: Session, agency_id: int, word: str, *, by: Actor, at: datetime) -> None:
    """Takes the word from those that are left alone."""
    lock(session, agency_id)
    if session.execute(
        delete(KnownWord).where(KnownWord.agency_id == agency_id, KnownWord.word == word).returning(KnownWord.id)
    ).all():
        record(session, agency_id, "word_checked_again", by, at, word=word)


def _row(measure: Measure, summary: ColumnView, outcome: ColumnView, end: date) -> ProofRow:
    steps = [step for step in measure.steps if not step.retired]
    covered = None if summary.text else {fact.task_id for fact in summary.composed.facts}
    return ProofRow(
        number=measure.number,
        title=(Paragraph(measure.number, measure.title), *as_paragraphs(measure.details)),
        steps=tuple(
            ProofStep(step.text, step.number, _reported(step, covered, summary.tasks.values(), end)) for step in steps
        ),
        responsible=measure.responsible_text,
        period=measure.period.text,
        summary=() if covered == set() else summary.printed,
        outcome=outcome.printed,
    )


def _reported(step: Step, covered: set[int] | None, tasks: Iterable[Task], end: date) -> bool | None:
    """Whether the result speaks of the step; None for a typed result, and True where nothing was due in the round."""
    if covered is None:
        return None
    of_step = [task for task in tasks if task.step_id == step.id and task.state != TaskState.CANCELLED]
    if any(task.id in covered for task in of_step):
        return True
    year_end = fiscal_year_end(step.measure.plan.fiscal_year)
    return not any((task.scheduled_on or year_end) <= end for task in of_step)


def _annex(measure: Measure, summary: ColumnView, end: date, tz: tzinfo, *, evidence: bool) -> Iterable[Passage]:
    """What the annex and the progress pages say of the measure's tasks; of evidence only what strangers see."""
    for step, task in annexed(measure, summary.tasks.values(), end, tz):
        place = Place(measure.number, "annex", step.number or step.position, task.id)
        completion = task.completion
        texts = (completion.result, completion.outcome) if completion else (task.reason_text,)
        pieces = completion.evidence if completion and evidence else ()
        shown = (*texts, *(text for piece in pieces for text in (piece.original_name, piece.url)))
        yield from (Passage(place, text) for text in dict.fromkeys(shown) if text)


def names_of(session: Session, agency: Agency, words: Iterable[str]) -> tuple[str, ...]:
    """What is no misspelling in the agency: its units, its people, and the words that it wants left alone."""
    units = session.scalars(select(Unit.name).where(Unit.agency_id == agency.id))
    members = session.scalars(select(Member.name).where(Member.agency_id == agency.id))
    return tuple(sorted({*units, *members, *words}))
