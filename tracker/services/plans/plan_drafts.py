"""A document between its upload and the plan: corrected, its unknown parties settled, tried, then stored."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, tzinfo
from difflib import SequenceMatcher
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.bilingual import Bilingual
from tracker.errors import NotUnderstoodError
from tracker.kinds import TaskState, UnitKind
from tracker.models import Agency, Measure, Plan, Step, Task, Unit
from tracker.plan_draft import DraftMeasure, Responsible
from tracker.plan_import import read_beside
from tracker.plan_import.corrections import MeasureCorrection, corrected
from tracker.plan_import.document import ReadDocument, ReadMeasure
from tracker.plan_import.moving import moved_document
from tracker.plan_import.parties import fans_out, party_key
from tracker.services.audit import Actor, record
from tracker.services.organisation import units
from tracker.services.plans.amend import Difference
from tracker.services.plans.plans import PlanImport, import_plan
from tracker.services.plans.uploads import Upload
from tracker.services.tasks.generate import UnitBook

_LIKE = 0.6
Question = Literal["year", "round"]
YearAnswer = Literal["own", "shift", "keep"]
"""Keep the document as its own year's, make the chosen year's plan from it, or take its years as they stand."""
NEW_KINDS = tuple(kind for kind in UnitKind if kind != UnitKind.GROUP)


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A party that no unit answers to, how often it stands in the plan, and the known unit most like it."""

    name: str
    times: int
    like: Unit | None


@dataclass(frozen=True, slots=True)
class UnknownParty:
    """A party of the document that is no unit yet: how often it stands there, the unit most like it, and what was
    decided about it ("unit 7", "division", or nothing yet)."""

    name: str
    times: int
    like: Unit | None
    decided: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What an import would do. ``ticked`` tasks are done in the stored plan; ``ticks_kept_aside`` of them belong to
    rows that the document drops: what was recorded for them stays in the record, and no report counts it."""

    created: bool
    differences: tuple[Difference, ...] = ()
    tasks_created: int = 0
    tasks_removed: int = 0
    tasks_cancelled: int = 0
    tasks_completed: int = 0
    ticked: int = 0
    ticks_kept_aside: int = 0

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
        return asdict(replace(self, differences=())) | {"differences": differences}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Trial":
        """What ``as_json`` wrote."""
        differences = tuple(Difference.of(Bilingual(en, th), kind) for en, th, kind in value["differences"])
        return cls(**{**value, "differences": differences})


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
    read = read_beside(data, upload.name, year, columns=upload.columns, known_names=known)
    if upload.shift_from:
        read = moved_document(read, upload.fiscal_year)
    elif upload.round:
        read = replace(read, round=6 if upload.round == 6 else 12)
    return ReadUpload(read, corrected(read, corrections_of(upload), known))


def open_question(read: ReadDocument, upload: Upload) -> Question | None:
    """What the document does not say of itself and nobody has answered yet: its year first, then its round."""
    if upload.shift_from:
        return None
    if not upload.keep_years and read.other_year:
        return "year"
    return "round" if read.round is None and read.draft.tells_results else None


def with_year(upload: Upload, own: int, answer: YearAnswer, *, agrees: bool = True) -> Upload:
    """The upload after the answer about a document of the year ``own``; what was retyped was of the other reading.

    Where the document itself does not agree that it is of that year, the person's word stands over it.
    """
    if answer == "own":
        return replace(upload, fiscal_year=own, shift_from=0, keep_years=not agrees, corrections={})
    if answer == "shift":
        return replace(upload, shift_from=own, completed=False, corrections={})
    return replace(upload, keep_years=True)


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


def unknown_parties(session: Session, read: ReadDocument, upload: Upload) -> list[UnknownParty]:
    """The parties that no unit answers to, in the order of the document; those decided about stay, to be changed."""
    new = new_units(session, upload.agency_id, (one.draft for one in read.measures))
    return [UnknownParty(one.name, one.times, one.like, upload.units.get(one.name, "")) for one in new]


def new_units(session: Session, agency_id: int, measures: Iterable[DraftMeasure]) -> list[NewUnit]:
    """The units that an import of the measures would make, in the order of the document."""
    book = UnitBook(session, agency_id)
    known = session.scalars(
        select(Unit)
        .where(Unit.agency_id == agency_id, Unit.known, Unit.active, Unit.kind != UnitKind.GROUP)
        .order_by(Unit.position, Unit.id)
    ).all()
    times = Counter(party for measure in measures for party in _parties(measure))
    return [
        NewUnit(party, count, _most_like(party, known))
        for party, count in times.items()
        if book.named(party) is None and not fans_out(party)
    ]


def decide(session: Session, upload: Upload, party: str, decision: str) -> Upload:
    """Notes what a party is: ``unit ID`` (another name of that unit), a kind (a unit of its own), or nothing yet."""
    decided = {name: value for name, value in upload.units.items() if name != party}
    if decision.startswith("unit "):
        _unit(session, upload.agency_id, decision)
        decided[party] = decision
    elif decision in NEW_KINDS:
        decided[party] = decision
    elif decision:
        raise NotUnderstoodError(f"“{decision}” is no kind of unit.", "กรุณาเลือกว่าเป็นหน่วยงานใด")
    return replace(upload, units=decided)


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
    named = {party for one in read.measures for party in _parties(one.draft)}
    for party, decision in upload.units.items():
        if party in named:
            _settle(session, agency, party, decision, by, at)
    return import_plan(session, agency, read.draft, data, upload.name, completed=upload.completed, tz=tz, by=by, at=at)


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
        trial.rollback()
    session.expire_all()
    aside -= _ticked(session, agency, upload.fiscal_year, aside=True)
    return Trial.of(result, before, max(0, aside))


def _settle(session: Session, agency: Agency, party: str, decision: str, by: Actor, at: datetime) -> None:
    if UnitBook(session, agency.id).named(party) is not None:
        return
    if decision.startswith("unit "):
        units.add_alias(session, _unit(session, agency.id, decision), party, by=by, at=at)
        return
    last = session.scalar(select(func.max(Unit.position)).where(Unit.agency_id == agency.id)) or 0
    session.add(
        Unit(agency_id=agency.id, name=party, name_key=party_key(party), kind=decision, known=True, position=last + 1)
    )
    session.flush()
    record(session, agency.id, "unit_added", by, at, unit=party, unit_kind=decision)


def _unit(session: Session, agency_id: int, decision: str) -> Unit:
    number = decision.removeprefix("unit ")
    unit = session.get(Unit, int(number)) if number.isdecimal() else None
    if unit is None or unit.agency_id != agency_id or not _takes_names(unit):
        raise NotUnderstoodError(
            "This unit is not one of the agency's; choose another.", "ไม่พบหน่วยงานที่เลือก กรุณาเลือกใหม่"
        )
    return unit


def _takes_names(unit: Unit) -> bool:
    """Whether a party may be another name of the unit: it is in use, and no group of others."""
    return unit.active and unit.kind != UnitKind.GROUP


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


def _parties(draft: DraftMeasure) -> Iterator[str]:
    cells: Iterable[Responsible | None] = (draft.responsible, *(step.responsible for step in draft.steps))
    for cell in cells:
        if cell is not None:
            yield from cell.parties


def _most_like(party: str, known: Iterable[Unit]) -> Unit | None:
    """The unit whose name is most like the party's, for a person to say whether it is."""
    key = party_key(party)
    scored = [(SequenceMatcher(None, key, unit.name_key, autojunk=False).ratio(), unit) for unit in known]
    best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] >= _LIKE else None
