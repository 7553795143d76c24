"""A previewed paste taken over: people, positions, addresses and duties; nobody is removed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.channels.registry import with_address
from tracker.kinds import RoleName, UnitKind
from tracker.models import Account, Agency, Member, Role, Unit
from tracker.plan_import.parties import party_key
from tracker.services.accounts.accounts import link_members
from tracker.services.audit import Actor, lock, record
from tracker.services.organisation.people_preview import Row
from tracker.services.organisation.units import bring_tasks_in_line
from tracker.thai.duties import Duty


def take_people(session: Session, agency: Agency, rows: Sequence[Row], *, by: Actor, at: datetime) -> int:
    """Takes over the rows, which ask nothing any more; says how many people are new or changed.

    ``rows`` come of a ``preview`` in this session.
    """
    lock(session, agency.id)
    made: dict[int, Member] = {}
    units: dict[str, Unit] = {}
    changed = 0
    for row in rows:
        before = row.member or made.get(row.same_as or 0)
        member = before or _new_member(session, agency, row)
        made[row.person.line] = member
        if before is not None:
            _fill_in(member, row)
        unit = row.unit or _new_unit(session, agency, row, units)
        if row.replaces is not None and unit is not None:
            _end_headship(row.replaces, unit)
        gave = _give_duty(agency, member, unit, row.duty)
        changed += before is None or bool(row.changes) or gave
        session.flush()
    if changed:
        record(session, agency.id, "people_imported", by, at, people=[row.person.name for row in rows])
    addresses = {row.email for row in rows if row.email}
    for account in session.scalars(select(Account).where(Account.email.in_(addresses))):
        link_members(session, account)
    bring_tasks_in_line(session, agency.id, by, at)
    return changed


def _new_member(session: Session, agency: Agency, row: Row) -> Member:
    member = Member(
        agency_id=agency.id,
        name=row.person.name[:300],
        position=row.person.position[:300],
        email=row.email,
        phone=row.phone,
    )
    session.add(member)
    return member


def _fill_in(member: Member, row: Row) -> None:
    """What the row says of a person who is known; what it leaves out stays."""
    for name in ("name", "position", "email", "phone"):
        after = row.changes.get(name, ("", ""))[1]
        if after:
            setattr(member, name, after)
            if (channel := with_address(name)) and channel.failure_field:
                setattr(member, channel.failure_field, None)


def _new_unit(session: Session, agency: Agency, row: Row, units: dict[str, Unit]) -> Unit | None:
    if not row.new_unit:
        return None
    key = party_key(row.new_unit)
    if key not in units:
        kind = UnitKind.COMMITTEE if row.new_unit.startswith(("คณะกรรมการ", "คณะทำงาน")) else UnitKind.DIVISION
        last = session.scalars(
            select(Unit.position).where(Unit.agency_id == agency.id).order_by(Unit.position.desc()).limit(1)
        ).first()
        units[key] = Unit(agency_id=agency.id, name=row.new_unit, name_key=key, kind=kind, position=1 + (last or 0))
        session.add(units[key])
        session.flush()
    return units[key]


def _end_headship(member: Member, unit: Unit) -> None:
    for role in list(member.roles):
        if role.role is RoleName.HEAD and role.unit_id == unit.id:
            member.roles.remove(role)


def _give_duty(agency: Agency, member: Member, unit: Unit | None, duty: Duty) -> bool:
    """Whether the person did not have the duty in the unit; other duties of the same unit end with it."""
    unit_id = unit.id if unit else None
    if unit is not None:
        unit.known = True
    of_unit = [role for role in member.roles if role.unit_id == unit_id and (unit_id or role.role is duty.role)]
    if same := next((role for role in of_unit if role.role is duty.role), None):
        was = same.rank, same.acting
        same.rank, same.acting = duty.rank, duty.acting
        return was != (duty.rank, duty.acting)
    for role in of_unit:
        member.roles.remove(role)
    member.roles.append(Role(agency_id=agency.id, unit=unit, role=duty.role, rank=duty.rank, acting=duty.acting))
    return True
