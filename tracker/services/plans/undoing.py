"""เลิกทำการนำเข้า: the last import of a plan is taken back, until somebody records work for one of its tasks.

A plan that the import made goes with its tasks; one that it changed is as it was before. The record keeps what
happened, and says that it was undone. Units, other names and heads that came with the import go too, where nothing
else has come to rest on them.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, selectinload

from tracker.bilingual import Bilingual
from tracker.errors import ConflictError
from tracker.kinds import RoundState
from tracker.models import (
    Agency,
    Delivery,
    Event,
    GroupUnit,
    Measure,
    Period,
    Plan,
    Reminder,
    ReportVersion,
    Role,
    Round,
    Step,
    Task,
    TaskUnit,
    Unit,
    UnitAlias,
)
from tracker.plan_draft import DraftMeasure, DraftPlan, Warn
from tracker.plan_import.parties import party_key
from tracker.services.audit import Actor, lock, record
from tracker.services.plans.amend import amend
from tracker.services.plans.undo_info import restore_texts
from tracker.services.reports.imported_texts_hash import imported_texts_hash
from tracker.services.tasks.generate import generate_tasks, plans_in_service
from tracker.services.tasks.plan_words import words_of_plan

_WORK = ("ticked_off", "not_possible", "progress_noted", "evidence_added")
"""What people record for a task: from the first of these on, the import stays."""
_WRITTEN = ("text_edited", "budget_entered", "round_closed")
"""What the coordinator writes for a report of the plan."""
_EDITED = ("plan_edited", "mode_changed")
_MOVED = ("due_moved", "reassigned", "cancelled", "reopened", "snoozed")


@dataclass(frozen=True)
class Loss:
    """What an undo would take along. ``created``: the import made the plan, and it goes whole.

    ``edits`` are changes made to the plan by hand since, ``moves`` those to single tasks; ``messages`` have gone out
    already and stay out; ``units`` are the names of those that came with the import.
    """

    created: bool
    measures: int
    tasks: int
    edits: int
    moves: int
    messages: int
    units: tuple[str, ...]


def is_undoable(session: Session, plan: Plan) -> bool:
    """Whether the last import of the plan can still be taken back."""
    return plan.undo is not None and _hindrance(session, plan) is None


def loss_of(session: Session, plan: Plan) -> Loss:
    """What an undo would take along; ConflictError, which says why, where it is too late for it."""
    undo = _undo_of(session, plan)
    kinds = Counter(event.kind for event in _events_since(session, plan, undo["sequence"], (*_EDITED, *_MOVED)))
    measures = func.count(Measure.id)
    return Loss(
        created=undo["before"] is None,
        measures=session.scalar(select(measures).where(Measure.plan_id == plan.id, ~Measure.retired)) or 0,
        tasks=session.scalar(select(func.count(Task.id)).where(Task.plan_id == plan.id)) or 0,
        edits=sum(kinds[kind] for kind in _EDITED),
        moves=sum(kinds[kind] for kind in _MOVED),
        messages=_messages(session, plan, undo["sequence"]),
        units=tuple(session.scalars(select(Unit.name).where(Unit.id.in_(undo["units"])).order_by(Unit.position))),
    )


def remember_document(session: Session, agency_id: int, fiscal_year: int, token: str) -> None:
    """Notes with the plan's undo where its document is kept aside."""
    plan = session.scalar(select(Plan).where(Plan.agency_id == agency_id, Plan.fiscal_year == fiscal_year))
    if plan is not None and plan.undo is not None:
        plan.undo = {**plan.undo, "upload": token}


def undo_import(session: Session, plan: Plan, *, by: Actor, at: datetime) -> Loss:
    """Takes the last import back; gives what went along. ConflictError where work was recorded meanwhile."""
    lock(session, plan.agency_id)
    session.refresh(plan)
    undo, lost = _undo_of(session, plan), loss_of(session, plan)
    agency_id, fiscal_year, source = plan.agency_id, plan.fiscal_year, plan.source_name
    if undo["before"] is None:
        _remove(session, plan)
    else:
        _restore(session, plan, undo["before"], by, at)
    gone = _take_units_back(session, agency_id, undo, by, at)
    texts = None if lost.created else imported_texts_hash(session, plan)
    record(
        session,
        agency_id,
        "plan_import_undone",
        by,
        at,
        fiscal_year=fiscal_year,
        source=source,
        undone=undo["sequence"],
        plan_removed=lost.created,
        tasks=lost.tasks,
        edits=lost.edits,
        units=gone,
        imported_texts=texts,
        words={} if lost.created else words_of_plan(session, plan.id),
    )
    return replace(lost, units=tuple(gone))


def _undo_of(session: Session, plan: Plan) -> dict[str, Any]:
    if plan.undo is None:
        raise ConflictError(
            f"The plan of {plan.fiscal_year} has no import that could be undone.",
            f"แผนปี {plan.fiscal_year} ไม่มีการนำเข้าที่เลิกทำได้",
        )
    if hindrance := _hindrance(session, plan):
        raise ConflictError(str(hindrance), hindrance.th)
    return plan.undo


def _hindrance(session: Session, plan: Plan) -> Bilingual | None:
    """Why it is too late to undo the import; None where it is not."""
    if plan.undo is None:
        return None
    work = (
        select(Event.id)
        .join(Task, Task.id == Event.task_id)
        .where(
            Event.agency_id == plan.agency_id,
            Event.sequence > plan.undo["sequence"],
            Event.kind.in_(_WORK),
            Task.plan_id == plan.id,
        )
    )
    if session.scalar(work.limit(1)) is not None:
        return Bilingual(
            "Work has been recorded for this plan: its import can no longer be undone. Correct the plan instead.",
            "มีการบันทึกผลของงานในแผนนี้แล้ว จึงเลิกทำการนำเข้าไม่ได้ ให้แก้ไขแผนแทน",
        )
    closed = select(Round.id).where(Round.plan_id == plan.id, Round.state == RoundState.CLOSED)
    versions = select(ReportVersion.id).join(Round).where(Round.plan_id == plan.id)
    written = _events_since(session, plan, plan.undo["sequence"], _WRITTEN)
    if written or session.scalar(closed.limit(1)) or session.scalar(versions.limit(1)):
        return Bilingual(
            "A report of this plan has been written: its import can no longer be undone. Correct the plan instead.",
            "มีการเขียนรายงานของแผนนี้แล้ว จึงเลิกทำการนำเข้าไม่ได้ ให้แก้ไขแผนแทน",
        )
    return None


def _events_since(session: Session, plan: Plan, sequence: int, kinds: tuple[str, ...]) -> list[Event]:
    """Events of these kinds that are about the plan or its tasks and came after the import."""
    events = session.scalars(
        select(Event)
        .outerjoin(Task, Task.id == Event.task_id)
        .where(
            Event.agency_id == plan.agency_id,
            Event.sequence > sequence,
            Event.kind.in_(kinds),
            Event.task_id.is_(None) | (Task.plan_id == plan.id),
        )
    )
    year = plan.fiscal_year
    return [event for event in events if event.task_id is not None or event.details.get("fiscal_year", year) == year]


def _messages(session: Session, plan: Plan, sequence: int) -> int:
    """How many messages about tasks of the plan have gone out since the import."""
    imported_at = session.scalar(select(Event.at).where(Event.agency_id == plan.agency_id, Event.sequence == sequence))
    sent = (
        select(func.count(func.distinct(Reminder.digest_id)))
        .join(Task, Task.id == Reminder.task_id)
        .join(Delivery, Delivery.digest_id == Reminder.digest_id)
        .where(Task.plan_id == plan.id, Delivery.sent_at.is_not(None))
    )
    return session.scalar(sent.where(Delivery.sent_at >= imported_at) if imported_at else sent) or 0


def _remove(session: Session, plan: Plan) -> None:
    """The plan with its tasks and periods; what was recorded of it stays in the record."""
    measures = select(Measure.id).where(Measure.plan_id == plan.id)
    of_measures = select(Measure.period_id).where(Measure.plan_id == plan.id)
    of_steps = select(Step.period_id).where(Step.measure_id.in_(measures), Step.period_id.is_not(None))
    periods = [*session.scalars(of_measures), *session.scalars(of_steps)]
    session.execute(delete(Task).where(Task.plan_id == plan.id))
    session.execute(delete(Plan).where(Plan.id == plan.id))
    session.execute(delete(Period).where(Period.id.in_(periods)))
    session.expunge(plan)
    session.expire_all()


def _restore(session: Session, plan: Plan, before: dict[str, Any], by: Actor, at: datetime) -> None:
    measures = tuple(map(DraftMeasure.from_json, before["measures"]))
    draft = DraftPlan(None, plan.fiscal_year, measures)
    amend(session, plan, draft, 12, by.name, at)
    session.flush()
    restore_texts(session, plan, before)
    plan.warnings = [Warn(**warning).as_json() for warning in before["warnings"]]
    plan.source_name, plan.source_sha256 = before["source_name"], before["source_sha256"]
    imported_at = before["imported_at"]
    plan.imported_at = datetime.fromisoformat(imported_at) if imported_at else None
    plan.undo = None
    session.flush()


def _take_units_back(session: Session, agency_id: int, undo: dict[str, Any], by: Actor, at: datetime) -> list[str]:
    """Brings all tasks in line without the units, other names and heads that came with the import; gives the names of
    the units that are gone. Those that something else rests on by now stay."""
    session.execute(delete(Role).where(Role.agency_id == agency_id, Role.id.in_(undo["roles"])))
    named = _parties_of(session, agency_id)
    aliases = select(UnitAlias).where(UnitAlias.agency_id == agency_id, UnitAlias.id.in_(undo["aliases"]))
    for alias in session.scalars(aliases).all():
        if alias.name_key not in named:
            session.delete(alias)
    session.flush()
    units = session.scalars(
        select(Unit)
        .where(Unit.agency_id == agency_id, Unit.id.in_(undo["units"]))
        .options(selectinload(Unit.aliases))
        .order_by(Unit.position)
        .execution_options(populate_existing=True)
    ).all()
    leaving = {unit: unit.known for unit in units if unit.name_key not in named and not unit.aliases}
    for unit in leaving:
        unit.known = False  # no group counts it any more
    for plan in plans_in_service(session, session.get_one(Agency, agency_id)):
        generate_tasks(session, plan, by, at)
    gone = []
    for unit, was_known in leaving.items():
        if _is_rested_on(session, unit):
            unit.known = was_known
        else:
            gone.append(unit.name)
            session.delete(unit)
    session.flush()
    return gone


def _parties_of(session: Session, agency_id: int) -> set[str]:
    """The names by which the plans that are left call their parties."""
    query = select(Measure).where(Measure.agency_id == agency_id).options(selectinload(Measure.steps))
    measures = session.scalars(query.execution_options(populate_existing=True)).all()
    cells = [cell for measure in measures for cell in (measure.parties, *(step.parties for step in measure.steps))]
    return {party_key(party) for cell in cells for party in cell or ()}


def _is_rested_on(session: Session, unit: Unit) -> bool:
    """Whether tasks, people, groups or units below hold on to the unit."""
    holds = (
        select(TaskUnit.task_id).where(TaskUnit.unit_id == unit.id),
        select(Role.id).where(Role.unit_id == unit.id),
        select(GroupUnit.group_id).where((GroupUnit.unit_id == unit.id) | (GroupUnit.group_id == unit.id)),
        select(Unit.id).where(Unit.parent_id == unit.id),
    )
    return any(session.scalar(one.limit(1)) is not None for one in holds)
