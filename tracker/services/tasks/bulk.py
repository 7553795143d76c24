"""One order to many tasks: looked at first, carried out in one transaction with an event each, and undone as one.

Tasks whose state does not fit are left as they are, with the reason; the others change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from tracker.errors import NotUnderstoodError
from tracker.kinds import OPEN_STATES, TaskState
from tracker.models import Event, Task, Unit
from tracker.services.access import Viewer, must_coordinate, tasks_of
from tracker.services.audit import Actor, lock
from tracker.services.tasks import progress

Action = Literal["move", "reassign", "cancel", "reopen", "done", "accept"]
Why = Literal["", "state", "same", "undated", "not_of_unit", "left_plan"]

AT_ONCE = 500
ACTIONS: tuple[Action, ...] = ("move", "reassign", "done", "accept", "cancel", "reopen")
_FITS: dict[Action, tuple[str, ...]] = {
    "move": OPEN_STATES,
    "reassign": OPEN_STATES,
    "cancel": OPEN_STATES,
    "done": OPEN_STATES,
    "accept": (TaskState.SUBMITTED,),
    "reopen": (TaskState.CANCELLED,),
}
UNDOES = ("due_moved", "reassigned", "cancelled", "ticked_off", "reopened")
"""The kinds of events that ``undo`` takes back."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to happen. ``to`` or ``days`` (one of them) moves; ``unit`` takes over, from ``instead_of`` alone or from
    all; ``text`` is the result, or why it is cancelled; ``done_on`` the day it was done."""

    action: Action
    to: date | None = None
    days: int | None = None
    unit: Unit | None = None
    instead_of: Unit | None = None
    text: str = ""
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Fate:
    """What the order means for one task: its new day or units, or why it stays as it is."""

    task: Task
    why: Why = ""
    due_on: date | None = None
    units: tuple[Unit, ...] = ()

    @property
    def changes(self) -> bool:
        return not self.why


@dataclass(slots=True)
class Undone:
    """How many tasks went back, and how many did not because somebody has touched them since."""

    back: int = 0
    touched: int = 0


def chosen_tasks(session: Session, viewer: Viewer, ids: Sequence[int]) -> list[Task]:
    """The viewer's tasks of these ids, by day and id; NotUnderstoodError where they are none or too many."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        raise NotUnderstoodError("Choose at least one task.", "กรุณาเลือกงานอย่างน้อยหนึ่งงาน")
    if len(wanted) > AT_ONCE:
        raise NotUnderstoodError(
            f"Choose at most {AT_ONCE} tasks at once: narrow the filter down.",
            f"เลือกได้ครั้งละไม่เกิน {AT_ONCE} งาน กรุณากรองให้แคบลง",
        )
    return list(
        session.scalars(
            tasks_of(viewer)
            .where(Task.id.in_(wanted))
            .options(selectinload(Task.units))
            .order_by(Task.due_on.is_(None), Task.due_on, Task.id)
        )
    )


def check(order: Order, today: date) -> None:
    """Raises NotUnderstoodError where the order lacks what it needs."""
    if order.action == "move" and (order.to is None) == (order.days is None):
        raise NotUnderstoodError(
            "Write either the new day or by how many days.", "กรุณาพิมพ์วันใหม่ หรือจำนวนวันที่จะเลื่อน อย่างใดอย่างหนึ่ง"
        )
    if order.action == "reassign" and order.unit is None:
        raise NotUnderstoodError("Choose the unit that takes over.", "กรุณาเลือกหน่วยงานที่จะรับผิดชอบ")
    if order.action == "cancel" and not order.text.strip():
        raise NotUnderstoodError("Write why the tasks are cancelled.", "กรุณาพิมพ์เหตุผลที่ยกเลิก")
    if order.action == "done":
        if not order.text.strip():
            raise NotUnderstoodError("Write in a sentence what was done.", "กรุณาพิมพ์ว่าทำอะไรไปแล้ว")
        if order.done_on is None or order.done_on > today:
            raise NotUnderstoodError("Write the day on which it was done.", "กรุณาพิมพ์วันที่ทำจริง")


def fates(tasks: Sequence[Task], order: Order) -> list[Fate]:
    """What the order means for each task; nothing changes."""
    return [_fate(task, order) for task in tasks]


def carry_out(
    session: Session, viewer: Viewer, ids: Sequence[int], order: Order, *, today: date, by: Actor, at: datetime
) -> list[Fate]:
    """Carries the order out for those tasks that it fits, all or, in the caller's transaction, none."""
    must_coordinate(viewer)
    check(order, today)
    lock(session, viewer.agency_id)
    found = fates(chosen_tasks(session, viewer, ids), order)
    for fate in found:
        if fate.changes:
            _do(session, fate, order, today, by, at)
    return found


def undo(session: Session, viewer: Viewer, ordered_at: datetime, *, by: Actor, at: datetime) -> Undone:
    """Takes back what the person ordered at that instant, for each task that nobody has touched since."""
    must_coordinate(viewer)
    lock(session, viewer.agency_id)
    events = session.scalars(
        select(Event)
        .where(
            Event.agency_id == viewer.agency_id,
            Event.at == ordered_at,
            Event.actor == by.name,
            Event.channel == "web",
            Event.kind.in_(UNDOES),
            Event.task_id.is_not(None),
        )
        .order_by(Event.sequence)
    ).all()
    rows = session.execute(
        select(Event.task_id, func.max(Event.sequence))
        .where(Event.task_id.in_([event.task_id for event in events]))
        .group_by(Event.task_id)
    )
    latest = {task_id: sequence for task_id, sequence in rows if task_id is not None}
    query = tasks_of(viewer).where(Task.id.in_(list(latest))).options(selectinload(Task.units))
    tasks = {task.id: task for task in session.scalars(query)}
    result = Undone()
    for event in events:
        task = tasks.get(event.task_id or 0)
        if task is None or latest.get(task.id) != event.sequence:
            result.touched += 1
            continue
        _take_back(session, task, event, by, at)
        result.back += 1
    return result


def _fate(task: Task, order: Order) -> Fate:
    if task.state not in _FITS[order.action]:
        return Fate(task, "state")
    if order.action == "reopen" and task.reason_text is None:
        return Fate(task, "left_plan")
    if order.action == "move":
        if order.to is None and task.due_on is None:
            return Fate(task, "undated")
        to = order.to or (task.due_on and task.due_on + timedelta(days=order.days or 0))
        return Fate(task, "same" if to == task.due_on else "", due_on=to)
    if order.action == "reassign" and order.unit is not None:
        return _reassigned(task, order.unit, order.instead_of)
    return Fate(task)


def _reassigned(task: Task, unit: Unit, instead_of: Unit | None) -> Fate:
    before = list(task.units)
    if instead_of is not None and instead_of not in before:
        return Fate(task, "not_of_unit")
    kept = [] if instead_of is None else [one for one in before if one is not instead_of]
    after = tuple(dict.fromkeys([*kept, unit]))
    same = {one.id for one in after} == {one.id for one in before}
    return Fate(task, "same" if same else "", units=after)


def _do(session: Session, fate: Fate, order: Order, today: date, by: Actor, at: datetime) -> None:
    task = fate.task
    if order.action == "move" and fate.due_on is not None:
        progress.move_due(session, task, fate.due_on, by=by, at=at)
    elif order.action == "reassign":
        progress.reassign(session, task, fate.units, by=by, at=at)
    elif order.action == "cancel":
        progress.cancel(session, task, by=by, at=at, why=order.text)
    elif order.action == "reopen":
        progress.reopen(session, task, by=by, at=at)
    elif order.action == "accept":
        progress.accept(session, task, by=by, at=at)
    elif order.action == "done" and order.done_on is not None:
        progress.tick_off(session, task, result=order.text, done_on=order.done_on, today=today, by=by, at=at)


def _take_back(session: Session, task: Task, event: Event, by: Actor, at: datetime) -> None:
    if event.kind == "ticked_off":
        progress.withdraw(session, task, by=by, at=at)
    elif event.kind == "cancelled":
        progress.reopen(session, task, by=by, at=at)
    elif event.kind == "reopened":
        progress.cancel(session, task, by=by, at=at, why=_why_cancelled(session, task))
    elif event.kind == "due_moved":
        before = event.details["before"]
        progress.move_due(session, task, date.fromisoformat(before) if before else None, by=by, at=at)
    elif event.kind == "reassigned":
        units = session.scalars(
            select(Unit).where(Unit.agency_id == task.agency_id, Unit.id.in_(event.details["before"]))
        ).all()
        progress.reassign(session, task, units, by=by, at=at)


def _why_cancelled(session: Session, task: Task) -> str:
    details = session.scalar(
        select(Event.details)
        .where(Event.task_id == task.id, Event.kind == "cancelled")
        .order_by(Event.sequence.desc())
        .limit(1)
    )
    return str(details["why"]) if details else ""
