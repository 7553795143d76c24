"""A document between its upload and the plan: corrected, its unknown parties settled, tried, then stored."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, tzinfo
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.bilingual import Bilingual
from tracker.errors import NotUnderstoodError
from tracker.kinds import OPEN_STATES, TaskState
from tracker.models import Agency, Measure, Plan, Step, Task
from tracker.plan_import import read_beside
from tracker.plan_import.corrections import MeasureCorrection, as_typed, corrected, rebased
from tracker.plan_import.document import ReadDocument, ReadMeasure
from tracker.plan_import.moving import moved_document
from tracker.services.audit import Actor
from tracker.services.plans import plan_parties, undo_info
from tracker.services.plans.amend import Difference
from tracker.services.plans.matching import Row, match
from tracker.services.plans.plans import PlanImport, import_plan, remember_columns
from tracker.services.plans.uploads import Upload
from tracker.services.tasks.generate import UnitBook

Question = Literal["columns", "year", "round"]
YearAnswer = Literal["own", "shift", "keep"]
"""Keep the document as its own year's, make the chosen year's plan from it, or take its years as they stand."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What an import would do. ``ticked`` tasks are done in the stored plan; ``ticks_kept_aside`` of them belong to
    rows that the document drops: what was recorded for them stays in the record, and no report counts it.

    ``by_measure`` has the number of each measure with its tasks; of those that would be open, ``overdue`` are late on
    their first day, and ``next_due`` is the first day that still comes.
    """

    created: bool
    differences: tuple[Difference, ...] = ()
    tasks_created: int = 0
    tasks_removed: int = 0
    tasks_cancelled: int = 0
    tasks_completed: int = 0
    ticked: int = 0
    ticks_kept_aside: int = 0
    by_measure: tuple[tuple[int, int], ...] = ()
    overdue: int = 0
    next_due: date | None = None

    @property
    def tasks(self) -> int:
        """How many the plan would have."""
        return sum(count for _, count in self.by_measure)

    @classmethod
    def of(cls, result: PlanImport, ticked: int = 0, ticks_kept_aside: int = 0) -> "Trial":
        """What an import did, or would have done, with what it means for ticks."""
        return cls(
            result.created,
            tuple(result.differences),
            result.tasks_created,
            result.tasks_removed,
            result.tasks_cancelled,
            result.tasks_completed,
            ticked,
            ticks_kept_aside,
        )

    def as_json(self) -> dict[str, Any]:
        """For the row in which a worker leaves it."""
        differences = [[str(one), one.th, one.kind] for one in self.differences]
        next_due = self.next_due and self.next_due.isoformat()
        return asdict(replace(self, differences=())) | {"differences": differences, "next_due": next_due}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Trial":
        """What ``as_json`` wrote."""
        differences = tuple(Difference.of(Bilingual(en, th), kind) for en, th, kind in value["differences"])
        next_due, by_measure = value.get("next_due"), value.get("by_measure", ())
        read = {
            "differences": differences,
            "next_due": date.fromisoformat(next_due) if next_due else None,
            "by_measure": tuple((number, count) for number, count in by_measure),
        }
        return cls(**{**value, **read})


@dataclass(frozen=True, slots=True)
class ReadUpload:
    """A document as it stands: as it was read, and its measures with their corrections (None: left out)."""

    as_read: ReadDocument
    measures: tuple[ReadMeasure | None, ...]

    @property
    def document(self) -> ReadDocument:
        """What would be imported."""
        return replace(self.as_read, measures=tuple(filter(None, self.measures)))


def read_upload(session: Session, data: bytes, upload: Upload) -> ReadUpload:
    """The document as it is understood, moved where its answer says so, with its corrections.

    Raises NotUnderstoodError where it holds no plan.
    """
    known = known_names(session, upload)
    year = upload.shift_from or upload.fiscal_year
    agency = session.get(Agency, upload.agency_id)
    remembered = agency.plan_columns if agency is not None else {}
    read = read_beside(data, upload.name, year, columns=upload.columns, remembered=remembered, known_names=known)
    if upload.shift_from:
        read = moved_document(read, upload.fiscal_year)
    elif upload.round:
        read = replace(read, round=6 if upload.round == 6 else 12)
    return ReadUpload(read, corrected(read, corrections_of(upload), known))


def open_question(read: ReadDocument, upload: Upload) -> Question | None:
    """What the document does not say of itself and nobody has answered yet: its columns, its year, then its round."""
    if read.questions:
        return "columns"
    if upload.shift_from:
        return None
    if not upload.keep_years and read.other_year:
        return "year"
    return "round" if read.round is None and read.draft.tells_results else None


def with_year(upload: Upload, own: int, answer: YearAnswer, *, agrees: bool = True) -> Upload:
    """The upload after the answer about a document of the year ``own``.

    Where the document itself does not agree that it is of that year, the person's word stands over it.
    """
    if answer == "own":
        return replace(upload, fiscal_year=own, shift_from=0, keep_years=not agrees)
    if answer == "shift":
        return replace(upload, shift_from=own, completed=False)
    return replace(upload, keep_years=True)


def read_otherwise(session: Session, data: bytes, before: Upload, after: Upload) -> Upload:
    """The upload that is read otherwise now (other columns, another year) with what was typed about its measures.

    NotUnderstoodError where it holds no plan so.
    """
    new = read_upload(session, data, after).as_read.measures
    if not before.corrections:
        return after
    old = read_upload(session, data, before).as_read.measures
    kept: dict[str, Any] = {}
    places = match(*([Row(one.draft.title, one.draft.number) for one in measures] for measures in (old, new)))
    typed = corrections_of(before)
    for place, was in enumerate(places):
        if was is not None and was in typed:
            anew = as_typed(new[place].draft)
            correction = rebased(typed[was], as_typed(old[was].draft), anew)
            if correction != anew:
                kept[str(place)] = correction.as_json()
    return replace(after, corrections=kept)


def known_names(session: Session, upload: Upload) -> list[str]:
    """The names within which no party cell is split: the agency's, and those decided about here."""
    return [*UnitBook(session, upload.agency_id).names, *upload.units]


def corrections_of(upload: Upload) -> dict[int, MeasureCorrection]:
    """The retyped measures by their place in the document."""
    return {int(place): MeasureCorrection.from_json(value) for place, value in upload.corrections.items()}


def with_correction(upload: Upload, place: int, correction: MeasureCorrection | None) -> Upload:
    """The upload with the measure at that place retyped, or as it was read (None)."""
    corrections = {key: value for key, value in upload.corrections.items() if key != str(place)}
    if correction is not None:
        corrections[str(place)] = correction.as_json()
    return replace(upload, corrections=corrections)


def store(
    session: Session,
    agency: Agency,
    read: ReadDocument,
    data: bytes,
    upload: Upload,
    *,
    tz: tzinfo,
    by: Actor,
    at: datetime,
) -> PlanImport:
    """Settles the parties and imports the plan as ``read_upload`` read it, all in the caller's transaction."""
    if not read.measures:
        raise NotUnderstoodError(
            "Every measure is left out: put one back.", "ทุกมาตรการถูกตัดออก กรุณานำกลับเข้ามาอย่างน้อยหนึ่งมาตรการ"
        )
    earlier = undo_info.standing(session, agency.id)
    plan_parties.settle(session, agency, read, upload, by=by, at=at)
    draft = plan_parties.as_decided(session, read, upload).draft
    remember_columns(agency, upload.columns)
    completed = upload.completed
    return import_plan(
        session, agency, draft, data, upload.name, completed=completed, earlier=earlier, tz=tz, by=by, at=at
    )


def try_out(
    session: Session,
    agency: Agency,
    read: ReadDocument,
    data: bytes,
    upload: Upload,
    *,
    tz: tzinfo,
    by: Actor,
    at: datetime,
) -> Trial:
    """What ``store`` would do, tried and taken back. The session must be a writing one."""
    with session.begin_nested() as trial:
        before = _ticked(session, agency, upload.fiscal_year)
        result = store(session, agency, read, data, upload, tz=tz, by=by, at=at)
        session.flush()
        aside = _ticked(session, agency, upload.fiscal_year, aside=True)
        by_measure = _tasks_by_measure(session, result.plan)
        overdue, next_due = _days(session, result.plan, clock.local(at, tz).date())
        trial.rollback()
    session.expire_all()
    aside -= _ticked(session, agency, upload.fiscal_year, aside=True)
    found = Trial.of(result, before, max(0, aside))
    return replace(found, by_measure=by_measure, overdue=overdue, next_due=next_due)


def _tasks_by_measure(session: Session, plan: Plan) -> tuple[tuple[int, int], ...]:
    rows = session.execute(
        select(Measure.number, func.count(Task.id))
        .join(Step, Step.measure_id == Measure.id)
        .join(Task, Task.step_id == Step.id)
        .where(Measure.plan_id == plan.id, ~Measure.retired, ~Step.retired, Task.state != TaskState.CANCELLED)
        .group_by(Measure.id, Measure.number, Measure.position)
        .order_by(Measure.position)
    )
    return tuple((number, count) for number, count in rows)


def _days(session: Session, plan: Plan, today: date) -> tuple[int, date | None]:
    """Of the plan's open tasks: how many are overdue, and the next due day."""
    open_ones = (Task.plan_id == plan.id, Task.state.in_(OPEN_STATES))
    late = session.scalar(select(func.count(Task.id)).where(*open_ones, Task.due_on < today)) or 0
    return late, session.scalar(select(func.min(Task.due_on)).where(*open_ones, Task.due_on >= today))


def _ticked(session: Session, agency: Agency, fiscal_year: int, *, aside: bool = False) -> int:
    """Tasks of the stored plan that were ticked off; ``aside``: of rows that the plan no longer has."""
    query = (
        select(func.count(Task.id))
        .join(Plan, Plan.id == Task.plan_id)
        .join(Step, Step.id == Task.step_id)
        .join(Measure, Measure.id == Step.measure_id)
        .where(
            Plan.agency_id == agency.id,
            Plan.fiscal_year == fiscal_year,
            Task.state.in_((TaskState.DONE, TaskState.SUBMITTED)),
        )
    )
    retired = Step.retired | Measure.retired
    return session.scalar(query.where(retired if aside else ~retired)) or 0
