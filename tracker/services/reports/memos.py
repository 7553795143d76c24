"""The facts of a memo, and the fields that an agency wrote into its last one."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.kinds import OPEN_STATES
from tracker.memos.memo_texts import LateTask, LateUnit, RoundFigures
from tracker.models import Agency, Measure, MemoFields, Plan, Step, Task, Unit
from tracker.reports.data import ReportData
from tracker.services.audit import Actor, lock, record
from tracker.thai.calendar import round_end

_LOCAL = (("องค์การบริหารส่วน", "นายกองค์การบริหารส่วน"), ("เทศบาล", "นายกเทศมนตรี"))


def memo_fields(session: Session, agency: Agency, signer: str, position: str = "") -> MemoFields:
    """The fields as they were last written, else a beginning: the office, the executive, and ``signer``, who signs,
    with the own position.

    The row is not in the session while nothing was remembered.
    """
    found = session.get(MemoFields, agency.id)
    if found is not None:
        return found
    return MemoFields(
        agency_id=agency.id,
        office=agency.name,
        number="",
        executive=_executive(agency.name),
        signer_name=signer,
        signer_position=position,
    )


def remember_fields(session: Session, agency: Agency, *, by: Actor, at: datetime, **fields: str) -> None:
    """Keeps the fields for the next memo; what has not changed leaves no trace."""
    lock(session, agency.id)
    found = session.get(MemoFields, agency.id, populate_existing=True)
    if found is None:
        found = MemoFields(agency_id=agency.id)
        session.add(found)
    changed: dict[str, Any] = {name: value for name, value in fields.items() if getattr(found, name) != value}
    for name, value in changed.items():
        setattr(found, name, value)
    if changed:
        record(session, agency.id, "memo_fields_changed", by, at, **changed)


def late_units(session: Session, plan: Plan, today: date) -> dict[int, LateUnit]:
    """The units whose tasks are late, by id in the agency's order; a joint task is late for each of its units.

    Two queries, whatever the number of tasks.
    """
    tasks = session.scalars(
        select(Task)
        .join(Task.step)
        .join(Step.measure)
        .where(Task.plan_id == plan.id, Task.state.in_(OPEN_STATES), Task.due_on < today)
        .options(selectinload(Task.units), joinedload(Task.step).joinedload(Step.measure))
        .order_by(Measure.position, Step.position, Task.due_on, Task.id)
    )
    found: dict[int, tuple[Unit, list[LateTask]]] = {}
    for task in tasks:
        measure = task.step.measure
        assert task.due_on is not None  # noqa: S101  (the query asks for a day before today)
        late = LateTask(
            measure.number, measure.title, task.step.number or task.step.position, task.step.text, task.due_on
        )
        for unit in task.units:
            found.setdefault(unit.id, (unit, []))[1].append(late)
    ordered = sorted(found.values(), key=lambda one: (one[0].position, one[0].id))
    return {unit.id: LateUnit(unit.name, unit.kind, tuple(tasks)) for unit, tasks in ordered}


def round_figures(report: ReportData, today: date) -> RoundFigures:
    """How far the round's tasks got, by the report's own progress pages; those due later are not counted."""
    found = [one.pace for one in report.measures if one.pace.total]
    unfinished = sum(pace.unfinished for pace in found)
    return RoundFigures(
        measures=len(found),
        done=sum(pace.done for pace in found),
        unfinished=unfinished,
        not_possible=sum(pace.not_possible for pace in found),
        late=unfinished if today > round_end(report.fiscal_year, report.round) else 0,
    )


def _executive(agency: str) -> str:
    """Whom a report is put before, by the agency's kind; its name alone says nothing of a person."""
    for kind, post in _LOCAL:
        if agency.startswith(kind):
            return post + agency.removeprefix(kind)
    return f"นายก {agency}" if agency.startswith(("อบต.", "อบจ.")) else f"ผู้บริหาร{agency}"
