"""One report for several checkpoints of a step: sent once, a completion and an event for each, the files kept once."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import NotUnderstoodError
from tracker.models import Completion, Task
from tracker.services.audit import Actor, lock
from tracker.services.tasks.progress import tick_off, withdraw
from tracker.store.storage import NewEvidence


def tick_off_together(
    session: Session,
    tasks: Sequence[Task],
    *,
    result: str,
    outcome: str | None,
    done_on: date,
    own_days: bool,
    today: date,
    evidence: Sequence[NewEvidence],
    by: Actor,
    at: datetime,
    form_key: str | None = None,
) -> list[Completion]:
    """Records the same report for each of the tasks, which are checkpoints of one step and party.

    With ``own_days`` each was done on the day its checkpoint stands for, at the latest on ``done_on``; without, all on
    ``done_on``. All are recorded or, in the caller's transaction, none: raises what ``tick_off`` raises.
    """
    if len({(task.step_id, task.party_key) for task in tasks}) > 1:
        raise NotUnderstoodError(
            "One report is for checkpoints of one step and unit; record the others by themselves.",
            "รายงานหนึ่งฉบับใช้ได้กับรอบของขั้นตอนและหน่วยงานเดียวกัน กรุณาบันทึกงานอื่นแยกต่างหาก",
        )
    return [
        tick_off(
            session,
            task,
            result=result,
            outcome=outcome,
            done_on=min(task.scheduled_on or done_on, done_on) if own_days else done_on,
            today=today,
            evidence=evidence,
            by=by,
            at=at,
            form_key=form_key,
            on_due_day=own_days,
        )
        for task in sorted(tasks, key=_in_order)
    ]


def withdraw_together(session: Session, tasks: Sequence[Task], *, by: Actor, at: datetime) -> None:
    """Takes back what was recorded for each of the tasks; raises what ``withdraw`` raises."""
    for task in sorted(tasks, key=_in_order):
        withdraw(session, task, by=by, at=at)


def recorded_by(session: Session, agency_id: int, form_key: str | None) -> list[Completion]:
    """What a form recorded when it was sent before: none where it was not. Waits for one that is being recorded."""
    if not form_key:
        return []
    lock(session, agency_id)
    sent = select(Completion).where(Completion.agency_id == agency_id, Completion.form_key == form_key)
    return list(session.scalars(sent.order_by(Completion.id)))


def _in_order(task: Task) -> tuple[date, int]:
    return task.scheduled_on or date.max, task.id
