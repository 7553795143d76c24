"""Silence about one task: a snooze until a day, and the hold on its escalation."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import ConflictError, ForbiddenError, NotUnderstoodError
from tracker.kinds import RoleName
from tracker.models import Role, Task
from tracker.services.access import Viewer, must_coordinate
from tracker.services.audit import Actor, lock, record

LONGEST_SNOOZE = timedelta(days=31)


def may_snooze(session: Session, viewer: Viewer, task: Task) -> bool:
    """The coordinator, and the heads and deputies of the task's units or of a unit above one."""
    if task.agency_id != viewer.agency_id:
        return False
    if viewer.coordinator:
        return True
    units = {unit.id for unit in task.units} | {unit.parent_id for unit in task.units if unit.parent_id}
    leads = select(Role.id).where(
        Role.member_id == viewer.member_id, Role.role.in_((RoleName.HEAD, RoleName.DEPUTY)), Role.unit_id.in_(units)
    )
    return session.scalar(leads.limit(1)) is not None


def snooze(
    session: Session, viewer: Viewer, task: Task, until: date | None, *, today: date, by: Actor, at: datetime
) -> None:
    """No reminder of the task's own before ``until`` (None: at once again); escalations climb all the same.

    Raises ForbiddenError for others than coordinator and heads, NotUnderstoodError for a day that is not within the
    next 31, ConflictError where the task is not open.
    """
    if not may_snooze(session, viewer, task):
        raise ForbiddenError(
            "Only the coordinator and the unit's head may snooze this task.",
            "เฉพาะผู้ประสานงานและหัวหน้าหน่วยงานเท่านั้นที่พักการแจ้งเตือนงานนี้ได้",
        )
    if until is not None and not today < until <= today + LONGEST_SNOOZE:
        raise NotUnderstoodError("Choose a day after today, at most 31 days ahead.", "กรุณาเลือกวันหลังจากวันนี้ ไม่เกิน ๓๑ วัน")
    _change(session, task)
    before, task.snoozed_until = task.snoozed_until, until
    record(
        session, task.agency_id, "snoozed", by, at, task=task,
        before=before and before.isoformat(), until=until and until.isoformat(),
    )  # fmt: skip


def hold_escalation(session: Session, viewer: Viewer, task: Task, held: bool, *, by: Actor, at: datetime) -> None:
    """Keeps the task from those above, or lets it climb again; the coordinator's alone."""
    must_coordinate(viewer)
    _change(session, task)
    if task.escalation_held != held:
        task.escalation_held = held
        record(session, task.agency_id, "escalation_held" if held else "escalation_released", by, at, task=task)


def _change(session: Session, task: Task) -> None:
    """Only an open task is silenced; the next sweep looks at it again."""
    session.flush()
    lock(session, task.agency_id)
    session.refresh(task)
    if not task.is_open:
        raise ConflictError("This task is not open any more.", "งานนี้ไม่ต้องดำเนินการแล้ว")
    task.next_stage_on = date.min
