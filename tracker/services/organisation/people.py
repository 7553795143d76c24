"""Units and people as a table has them (docs/rules.md, "People table"): the same table twice changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from tracker.bilingual import Bilingual
from tracker.channels.registry import with_address
from tracker.kinds import RoleName, UnitKind
from tracker.models import Account, Agency, Member, Role, Unit
from tracker.plan_import.parties import party_key
from tracker.reminders.sweep import look_at_again
from tracker.services.accounts.accounts import link_members
from tracker.services.audit import Actor, lock, record
from tracker.services.organisation.people_table import KIND_WORDS, ROLE_WORDS, PersonRow, bad_row
from tracker.services.tasks.generate import generate_tasks, plans_in_service

_ADDRESSES = {"name": "ชื่อ", "email": "อีเมล", "line_user_id": "LINE", "phone": "โทรศัพท์"}


@dataclass(slots=True)
class PeopleImport:
    """What an import of people changed, a sentence each, and how many tasks it created."""

    units: int = 0
    members: int = 0
    tasks_created: int = 0
    changes: list[Bilingual] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "units": self.units,
            "members": self.members,
            "tasks_created": self.tasks_created,
            "changes": self.changes,
        }


def import_people(
    session: Session, agency: Agency, people: list[PersonRow], *, by: Actor, at: datetime
) -> PeopleImport:
    """Brings the agency's units and people in line with the rows, then the tasks of its plans with its units.

    A person is known by e-mail, else by LINE id, else by name. Nobody is removed, but a unit whose head the table names
    has that head alone.
    """
    lock(session, agency.id)
    result = PeopleImport()
    units = _import_units(session, agency, people, result)
    _import_members(session, agency, people, units, result)
    session.flush()
    addresses = {person.email for person in people if person.email}
    for account in session.scalars(select(Account).where(Account.email.in_(addresses))):
        link_members(session, account)
    session.flush()
    session.expire_all()
    if result.changes:
        record(session, agency.id, "people_imported", by, at, changes=result.changes)
    for plan in plans_in_service(session, agency):
        result.tasks_created += generate_tasks(session, plan, by, at).created
    if result.changes:
        look_at_again(session, agency.id)
    result.units = session.scalar(select(func.count(Unit.id)).where(Unit.agency_id == agency.id)) or 0
    result.members = session.scalar(select(func.count(Member.id)).where(Member.agency_id == agency.id)) or 0
    return result


def _import_units(session: Session, agency: Agency, people: list[PersonRow], result: PeopleImport) -> dict[str, Unit]:
    existing = session.scalars(
        select(Unit).where(Unit.agency_id == agency.id).options(selectinload(Unit.aliases)).order_by(Unit.id)
    ).all()
    units = {alias.name_key: unit for unit in existing for alias in unit.aliases}
    units |= {unit.name_key: unit for unit in existing}
    position = 0
    for person in people:
        if not person.unit:
            continue
        position += 1
        unit = units.get(party_key(person.unit))
        if unit is None:
            unit = Unit(
                agency_id=agency.id,
                name=person.unit,
                name_key=party_key(person.unit),
                kind=person.unit_kind or UnitKind.SECTION,
                position=position,
            )
            session.add(unit)
            units[unit.name_key] = unit
            result.changes.append(Bilingual(f"unit added: {unit.name}", f"เพิ่มหน่วยงาน: {unit.name}"))
        else:
            _confirm(unit, person, position, result)
    session.flush()
    for person in people:
        if person.unit and person.parent:
            _set_parent(units, person, result)
    return units


def _confirm(unit: Unit, person: PersonRow, position: int, result: PeopleImport) -> None:
    """A unit that exists already, perhaps only because a plan named it, is what the table says."""
    if not unit.known:
        unit.known, unit.position = True, position
        result.changes.append(Bilingual(f"unit confirmed: {person.unit}", f"ยืนยันหน่วยงาน: {person.unit}"))
        unit.name = person.unit
    if person.unit_kind and unit.kind != person.unit_kind:
        unit.kind = person.unit_kind
        kind = KIND_WORDS[person.unit_kind].split()[1]
        result.changes.append(
            Bilingual(f"unit kind changed: {unit.name} is a {unit.kind}", f"เปลี่ยนประเภทหน่วยงาน: {unit.name} เป็น{kind}")
        )


def _set_parent(units: Mapping[str, Unit], person: PersonRow, result: PeopleImport) -> None:
    unit, parent = units[party_key(person.unit)], units.get(party_key(person.parent))
    if parent is None:
        raise bad_row(
            person.line,
            Bilingual(
                f"the parent “{person.parent}” is not a unit of this table",
                f"หน่วยงานที่สังกัด “{person.parent}” ไม่มีอยู่ในตารางนี้",
            ),
        )
    above: Unit | None = parent
    while above is not None:
        if above is unit:
            raise bad_row(
                person.line, Bilingual(f"“{unit.name}” would stand above itself", f"“{unit.name}” สังกัดตัวเองไม่ได้")
            )
        above = next((one for one in units.values() if one.id == above.parent_id), None)
    if unit.parent_id != parent.id:
        unit.parent_id = parent.id
        result.changes.append(
            Bilingual(f"parent set: {unit.name} under {parent.name}", f"กำหนดสังกัด: {unit.name} ขึ้นกับ {parent.name}")
        )


def _import_members(
    session: Session, agency: Agency, people: list[PersonRow], units: Mapping[str, Unit], result: PeopleImport
) -> None:
    members = list(
        session.scalars(
            select(Member).where(Member.agency_id == agency.id).options(selectinload(Member.roles)).order_by(Member.id)
        )
    )
    named_heads: dict[int, set[int]] = {}
    for person in people:
        if not person.name:
            continue
        member = _match(members, person)
        if member is None:
            member = Member(
                agency_id=agency.id,
                name=person.name,
                email=person.email,
                line_user_id=person.line_user_id,
                phone=person.phone,
            )
            session.add(member)
            members.append(member)
            result.changes.append(Bilingual(f"person added: {person.name}", f"เพิ่มบุคคล: {person.name}"))
        else:
            _update(member, person, result)
        unit = units[party_key(person.unit)] if person.unit else None
        _give_role(agency, member, person, unit, result)
        session.flush()
        if unit is not None and person.role == RoleName.HEAD:
            named_heads.setdefault(unit.id, set()).add(member.id)
    for member in members:
        for role in list(member.roles):
            if (
                role.role == RoleName.HEAD
                and role.unit_id in named_heads
                and member.id not in named_heads[role.unit_id]
            ):
                member.roles.remove(role)
                result.changes.append(Bilingual(f"no longer head: {member.name}", f"พ้นจากหัวหน้า: {member.name}"))


def _match(members: list[Member], person: PersonRow) -> Member | None:
    """The person by e-mail, else by LINE id, else by name where neither address says that it is somebody else."""
    by_email = [member for member in members if person.email and member.email == person.email]
    by_line = [
        member
        for member in members
        if person.line_user_id
        and member.line_user_id == person.line_user_id
        and not _contradicts(member, person, "email")
    ]
    by_name = [
        member
        for member in members
        if member.name == person.name
        and not _contradicts(member, person, "email")
        and not _contradicts(member, person, "line_user_id")
    ]
    return next(iter([*by_email, *by_line, *by_name]), None)


def _contradicts(member: Member, person: PersonRow, address: str) -> bool:
    mine, theirs = getattr(member, address), getattr(person, address)
    return bool(mine and theirs and mine != theirs)


def _update(member: Member, person: PersonRow, result: PeopleImport) -> None:
    for name, called in _ADDRESSES.items():
        value = getattr(person, name)
        if value and getattr(member, name) != value:
            setattr(member, name, value)
            if (channel := with_address(name)) and channel.failure_field:
                setattr(member, channel.failure_field, None)
            result.changes.append(Bilingual(f"{name} changed: {member.name}", f"เปลี่ยน{called}: {member.name}"))


def _give_role(agency: Agency, member: Member, person: PersonRow, unit: Unit | None, result: PeopleImport) -> None:
    if person.role is None:
        return
    unit_id = unit.id if unit else None
    for role in member.roles:
        if role.role == person.role and role.unit_id == unit_id:
            if role.rank != person.rank:
                role.rank = person.rank
                result.changes.append(Bilingual(f"rank changed: {member.name}", f"เปลี่ยนลำดับ: {member.name}"))
            return
    member.roles.append(Role(agency_id=agency.id, unit=unit, role=person.role, rank=person.rank))
    role_word = ROLE_WORDS[person.role].split()[1]
    result.changes.append(
        Bilingual(
            f"role given: {member.name} is {person.role}" + (f" of {unit.name}" if unit else ""),
            f"มอบบทบาท: {member.name} เป็น{role_word}" + (unit.name if unit else ""),
        )
    )
