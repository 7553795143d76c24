"""Rows that the coordinator edits one by one: what makes sense in each, and what follows from a change.

Each ``prepare_…`` is called with the row as it was typed, before it is kept, and raises ConflictError or
NotUnderstoodError where the row makes no sense.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from tracker.channels.registry import going_out
from tracker.errors import ConflictError, NotUnderstoodError
from tracker.kinds import OF_AGENCY, RoleName
from tracker.models import Agency, Member, Role, Unit, UnitAlias
from tracker.plan_import.parties import party_key
from tracker.reminders.sweep import look_at_again
from tracker.services.accounts.accounts import fold_email
from tracker.services.audit import Actor, record
from tracker.services.organisation.units import is_within, rename_unit
from tracker.services.tasks.generate import generate_tasks, plans_in_service
from tracker.thai.phones import read_phone

RANKS = (1, 2)
"""An executive is of the first or of the second rank: whom the first escalation reaches, and the last."""


def prepare_unit(session: Session, unit: Unit, *, by: Actor, at: datetime) -> None:
    """A unit stands under no unit of its own; renamed, documents that use the old name still mean it."""
    if unit.parent is not None and is_within(unit.parent, unit):
        raise ConflictError("A unit cannot stand under itself.", "หน่วยงานสังกัดตัวเองไม่ได้")
    if before := inspect(unit).attrs.name.history.deleted:
        wanted, unit.name = unit.name, before[0]
        rename_unit(session, unit, wanted, by=by, at=at)
    else:
        unit.name_key = party_key(unit.name)


def prepare_alias(alias: UnitAlias) -> None:
    """Another name is compared as names of parties are."""
    alias.name_key = party_key(alias.name)


def prepare_member(session: Session, member: Member) -> None:
    """Addresses in the form in which they are compared, tried again by the next message; the leave and the agency's
    last coordinator make sense."""
    member.email = fold_email(member.email) if member.email else None
    member.line_user_id = member.line_user_id or None
    member.phone = _phone(member.phone)
    for channel in going_out():
        if channel.failure_field:
            setattr(member, channel.failure_field, None)
    check_leave(member.away_from, member.away_until)
    if not member.active:
        check_coordinator_left(session, member.agency_id)


def _phone(typed: str | None) -> str | None:
    phone = read_phone(typed) if typed else None
    if typed and phone is None:
        raise NotUnderstoodError(
            f"“{typed}” is not a telephone number; write it with its area code, such as 0812345678.",
            f"“{typed}” ไม่ใช่หมายเลขโทรศัพท์ กรุณาใส่ให้ครบ เช่น 0812345678",
        )
    return phone


def prepare_role(session: Session, role: Role) -> None:
    """Coordinators and executives are the agency's, everybody else a unit's; a coordinator is left."""
    of_agency = role.role in OF_AGENCY
    if of_agency and role.unit is not None:
        raise NotUnderstoodError("A coordinator or executive has no unit.", "ผู้ประสานงานและผู้บริหารไม่ต้องระบุหน่วยงาน")
    if not of_agency and role.unit is None:
        raise NotUnderstoodError("Choose the unit.", "กรุณาเลือกหน่วยงาน")
    if role.rank not in RANKS:
        raise NotUnderstoodError("The rank is 1 or 2.", "ลำดับต้องเป็น 1 หรือ 2")
    check_coordinator_left(session, role.agency_id)


def prepare_agency(agency: Agency) -> None:
    """Sending begins before it ends, and each escalation comes after the one before."""
    if agency.send_from >= agency.send_until:
        raise NotUnderstoodError("Sending must end after it begins.", "เวลาสิ้นสุดต้องอยู่หลังเวลาเริ่ม")
    check_escalation(agency.escalate_after)


def check_leave(away_from: date | None, away_until: date | None) -> None:
    """A leave ends on its first day or later; without an end it lasts. NotUnderstoodError otherwise."""
    if away_from and away_until and away_until < away_from:
        raise NotUnderstoodError("The leave ends before it begins.", "วันสิ้นสุดการลาอยู่ก่อนวันเริ่มลา")


def check_escalation(days: Sequence[int]) -> None:
    """Coordinator, clerk and mayor hear of a late task one after the other. NotUnderstoodError otherwise."""
    if sorted(set(days)) != list(days):
        raise NotUnderstoodError(
            "Each of the three numbers must be larger than the one before.", "ตัวเลขแต่ละตัวต้องมากกว่าตัวก่อนหน้า"
        )


def check_coordinator_left(session: Session, agency_id: int, *, without: Role | None = None) -> None:
    """Nobody locks the agency out of itself: as the rows stand, and ``without`` the one, somebody who may sign in is
    its coordinator. Raises ConflictError otherwise."""
    session.flush()
    left = (
        select(func.count(Role.id))
        .join(Member)
        .where(Role.agency_id == agency_id, Role.role == RoleName.COORDINATOR, Member.active)
    )
    if not session.scalar(left.where(Role.id != without.id) if without is not None else left):
        raise ConflictError(
            "The agency needs a coordinator: name another one first.", "หน่วยงานต้องมีผู้ประสานงาน กรุณาเพิ่มคนอื่นก่อน"
        )


def changes_of(row: object) -> dict[str, list[str | None]]:
    """What a row that was typed into says otherwise: before and after by field. Ask before it is flushed."""
    found: dict[str, list[str | None]] = {}
    for attribute in inspect(row).attrs:
        history = attribute.history
        if history.deleted and history.has_changes() and len(history.deleted) == 1:
            before, after = history.deleted[0], (history.added or [None])[0]
            if before != after:
                found[attribute.key] = [None if one is None else str(one) for one in (before, after)]
    return found


def settle(
    session: Session,
    agency: Agency,
    kind: str,
    row: object,
    *,
    changes: Mapping[str, Sequence[str | None]] | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Records the change of a row, brings tasks in line with units, and lets the next sweep look again."""
    session.flush()
    details: dict[str, Any] = {} if changes is None else {"changes": dict(changes)}
    record(session, agency.id, kind, by, at, row=str(row), **details)
    if isinstance(row, Unit | UnitAlias):
        for plan in plans_in_service(session, agency):
            generate_tasks(session, plan, by, at)
    look_at_again(session, agency.id)
