"""เลิกทำการแก้แผน: what one press of a button changed in the plan by hand, taken back as one.

What somebody has changed again since stays as it is, and so does a new row for which work was recorded.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Event, Measure, Step
from tracker.services.audit import Actor, lock
from tracker.services.plans import plan_edit, plan_rows
from tracker.services.plans.amend import live

Row = Measure | Step


@dataclass
class Undone:
    """How many changes were taken back, and how many not, because what they changed is no longer as they left it."""

    back: int = 0
    touched: int = 0


def undo_edits(session: Session, agency_id: int, edited_at: datetime, *, by: Actor, at: datetime) -> Undone:
    """Takes back what the person changed in a plan at that instant, the last change first.

    ConflictError where the plan's year is closed by now.
    """
    lock(session, agency_id)
    events = session.scalars(
        select(Event)
        .where(
            Event.agency_id == agency_id,
            Event.kind == "plan_edited",
            Event.at == edited_at,
            Event.actor == by.name,
            Event.channel == by.channel,
        )
        .order_by(Event.sequence.desc())
    ).all()
    result = Undone()
    for event in events:
        row = _row(session, agency_id, event.details.get("undo") or {})
        if row is not None and _UNDOES[event.details["what"]](session, row, event.details, by, at):
            result.back += 1
        else:
            result.touched += 1
        session.flush()
    return result


def _row(session: Session, agency_id: int, which: dict[str, Any]) -> Row | None:
    row: Row | None = session.get(Step, which["step"]) if "step" in which else None
    if row is None and "measure" in which and "step" not in which:
        row = session.get(Measure, which["measure"])
    return row if row is not None and row.agency_id == agency_id else None


def _text(session: Session, row: Row, details: dict[str, Any], by: Actor, at: datetime) -> bool:
    if row.retired:
        return False
    if isinstance(row, Step):
        if row.text != details["after"]:
            return False
        plan_edit.edit_step(session, row, details["before"], by=by, at=at)
        return True
    if (row.title, row.details) != (details["after"], details["details"]):
        return False
    plan_edit.change_measure(session, row, details["before"], details["undo"]["details"], by=by, at=at)
    return True


def _period(session: Session, row: Row, details: dict[str, Any], by: Actor, at: datetime) -> bool:
    stored = row.period if isinstance(row, Measure) else row.own_period
    if row.retired or (stored.text if stored else None) != details["after"]:
        return False
    plan_edit.set_period(session, row, details["before"] or "", by=by, at=at)
    return True


def _parties(session: Session, row: Row, details: dict[str, Any], by: Actor, at: datetime) -> bool:
    if row.retired or (row.responsible_text, row.mode) != (details["after"], details["mode"]):
        return False
    plan, was = plan_edit.open_plan(session, row), {"parties": row.parties, "mode": row.mode}
    before = details["undo"]
    row.responsible_text, row.parties, row.mode = details["before"], before["parties"], before["mode"]
    after, mode = row.responsible_text, row.mode
    plan_edit.note_change(
        session, plan, row, "parties", by, at, was=was, before=details["after"], after=after, mode=mode
    )
    return True


def _order(session: Session, row: Row, details: dict[str, Any], by: Actor, at: datetime) -> bool:
    rows: list[Any] = live(row.plan.measures if isinstance(row, Measure) else row.measure.steps)
    before, after = details["before"], details["after"]
    if row.retired or rows.index(row) + 1 != after:
        return False
    plan_edit.reorder(session, row, "up" if before < after else "down", by=by, at=at)
    return True


def _added(session: Session, row: Row, _details: dict[str, Any], by: Actor, at: datetime) -> bool:
    return not row.retired and plan_rows.take_back(session, row, by=by, at=at)


def _removed(session: Session, row: Row, _details: dict[str, Any], by: Actor, at: datetime) -> bool:
    if not row.retired:
        return False
    plan_rows.put_back(session, row, by=by, at=at)
    return True


def _put_back(session: Session, row: Row, _details: dict[str, Any], by: Actor, at: datetime) -> bool:
    if row.retired:
        return False
    plan_rows.take_out(session, row, by=by, at=at)
    return True


_UNDOES: dict[str, Callable[[Session, Row, dict[str, Any], Actor, datetime], bool]] = {
    "text": _text,
    "period": _period,
    "parties": _parties,
    "order": _order,
    "added": _added,
    "removed": _removed,
    "put_back": _put_back,
}
