"""Units and people as a table has them (docs/rules.md, "People table"): the same table twice changes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
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
from tracker.store.db import Database

STEP = 250
"""Rows of one transaction of an import: a fraction of a second."""
_NAMED_BY = {"email": (), "line_user_id": ("email",), "name": ("email", "line_user_id")}
"""By what a row names somebody, in this order, and which addresses must not say that it is somebody else."""
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


def import_in_steps(
    database: Database, agency_id: int, people: Sequence[PersonRow], *, by: Actor, at: datetime
) -> PeopleImport:
    """As ``import_people``, in transactions of some ``STEP`` rows: nobody else waits long to write.

    The units come first, whose rows alone can be refused; whoever is stopped on the way imports the table again.
    """
    total = PeopleImport()
    steps = list(_steps(people)) or [people]
    if len(steps) > 1:
        steps.insert(0, [replace(row, name="") for row in people if row.unit])
    for number, rows in enumerate(steps):
        with database.writing() as session:
            agency = session.get_one(Agency, agency_id)
            found = import_people(session, agency, rows, by=by, at=at, makes_tasks=number == 0)
        total.changes += found.changes
        total.tasks_created += found.tasks_created
        total.units, total.members = found.units, found.members
    return total


def try_people(
    database: Database, agency_id: int, people: Sequence[PersonRow], *, by: Actor, at: datetime
) -> PeopleImport:
    """What ``import_in_steps`` would change: found without writing; the tasks of new units are tried and undone."""
    result = PeopleImport()
    with database.reading() as session, session.no_autoflush:
        agency = session.get_one(Agency, agency_id)
        units_by_key = _import_units(session, agency, people, result)
        _set_parents(units_by_key, people, result)
        _import_members(session, agency, people, units_by_key, result)
    units = [replace(row, name="") for row in people if row.unit]
    with database.session(writing=True) as session:  # ended without a commit
        agency = session.get_one(Agency, agency_id)
        result.tasks_created = import_people(session, agency, units, by=by, at=at).tasks_created
    return result


def _steps(people: Sequence[PersonRow]) -> Iterator[Sequence[PersonRow]]:
    """The rows in steps, those of all heads of a unit in one: they decide together who is head no more."""
    last_head = {party_key(row.unit): place for place, row in enumerate(people) if row.role is RoleName.HEAD}
    start = 0
    while start < len(people):
        place, end = start, min(start + STEP, len(people))
        while place < end:
            if people[place].role is RoleName.HEAD:
                end = max(end, last_head[party_key(people[place].unit)] + 1)
            place += 1
        yield people[start:end]
        start = end


def import_people(
    session: Session,
    agency: Agency,
    people: Sequence[PersonRow],
    *,
    by: Actor,
    at: datetime,
    makes_tasks: bool = True,
) -> PeopleImport:
    """Brings the agency's units and people in line with the rows, then the tasks of its plans with its units.

    A person is known by e-mail, else by LINE id, else by name. Nobody is removed, but a unit whose head the table names
    has that head alone.
    """
    lock(session, agency.id)
    result = PeopleImport()
    units = _import_units(session, agency, people, result)
    session.flush()  # in the order of the table, whoever stands under whom
    _set_parents(units, people, result)
    _import_members(session, agency, people, units, result)
    session.flush()
    addresses = {person.email for person in people if person.email}
    for account in session.scalars(select(Account).where(Account.email.in_(addresses))):
        link_members(session, account)
    session.flush()
    session.expire_all()
    if result.changes:
        record(session, agency.id, "people_imported", by, at, changes=result.changes)
    for plan in plans_in_service(session, agency) if makes_tasks else ():
        result.tasks_created += generate_tasks(session, plan, by, at).created
    if result.changes:
        look_at_again(session, agency.id)
    result.units = session.scalar(select(func.count(Unit.id)).where(Unit.agency_id == agency.id)) or 0
    result.members = session.scalar(select(func.count(Member.id)).where(Member.agency_id == agency.id)) or 0
    return result


def _import_units(
    session: Session, agency: Agency, people: Sequence[PersonRow], result: PeopleImport
) -> dict[str, Unit]:
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


def _set_parents(units: Mapping[str, Unit], people: Sequence[PersonRow], result: PeopleImport) -> None:
    for person in people:
        if person.unit and person.parent:
            _set_parent(units, person, result)


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
        above = above.parent
    if unit.parent is not parent:
        unit.parent = parent
        result.changes.append(
            Bilingual(f"parent set: {unit.name} under {parent.name}", f"กำหนดสังกัด: {unit.name} ขึ้นกับ {parent.name}")
        )


def _import_members(
    session: Session, agency: Agency, people: Sequence[PersonRow], units: Mapping[str, Unit], result: PeopleImport
) -> None:
    known = _KnownPeople(_concerned(session, agency, people, units))
    named_heads: dict[Unit, list[Member]] = {}
    for person in people:
        if not person.name:
            continue
        member = known.match(person)
        if member is None:
            member = Member(
                agency_id=agency.id,
                name=person.name,
                email=person.email,
                line_user_id=person.line_user_id,
                phone=person.phone,
            )
            session.add(member)
            known.add(member)
            result.changes.append(Bilingual(f"person added: {person.name}", f"เพิ่มบุคคล: {person.name}"))
        else:
            _update(member, person, result)
            known.note(member)
        unit = units[party_key(person.unit)] if person.unit else None
        _give_role(agency, member, person, unit, result)
        if unit is not None and person.role == RoleName.HEAD:
            named_heads.setdefault(unit, []).append(member)
    heads = {unit.id: named for unit, named in named_heads.items() if unit.id is not None}
    for member in known.members:
        for role in list(member.roles):
            if role.role == RoleName.HEAD and role.unit_id in heads and member not in heads[role.unit_id]:
                member.roles.remove(role)
                result.changes.append(Bilingual(f"no longer head: {member.name}", f"พ้นจากหัวหน้า: {member.name}"))


def _concerned(
    session: Session, agency: Agency, people: Sequence[PersonRow], units: Mapping[str, Unit]
) -> Iterable[Member]:
    """Whom the rows may name, or whom they may follow as a unit's head; of a large table simply all."""
    query = (
        select(Member).where(Member.agency_id == agency.id).options(selectinload(Member.roles).joinedload(Role.unit))
    )
    if len(people) <= 2 * STEP:
        named = [getattr(Member, one).in_({getattr(row, one) for row in people} - {None}) for one in _NAMED_BY]
        led = {units[party_key(row.unit)].id for row in people if row.unit and row.role is RoleName.HEAD} - {None}
        heads = select(Role.member_id).where(Role.role == RoleName.HEAD, Role.unit_id.in_(led))
        query = query.where(or_(*named, Member.id.in_(heads)))
    return session.scalars(query.order_by(Member.id))


class _KnownPeople:
    """An agency's members in their order, each found at once by what a row may name it by."""

    def __init__(self, members: Iterable[Member]) -> None:
        self.members: list[Member] = []
        self._places: dict[Member, int] = {}
        self._named: dict[tuple[str, str | None], set[int]] = defaultdict(set)
        for member in members:
            self.add(member)

    def add(self, member: Member) -> None:
        self._places[member] = len(self.members)
        self.members.append(member)
        self.note(member)

    def note(self, member: Member) -> None:
        """Also by what it is called now; by what it was called it is passed over."""
        for field_name in _NAMED_BY:
            self._named[field_name, getattr(member, field_name)].add(self._places[member])

    def match(self, person: PersonRow) -> Member | None:
        """The person by e-mail, else by LINE id, else by name where neither address says that it is somebody else."""
        for field_name, telling in _NAMED_BY.items():
            wanted = getattr(person, field_name)
            for place in sorted(self._named.get((field_name, wanted), ())) if wanted else ():
                member = self.members[place]
                if getattr(member, field_name) == wanted and not any(
                    _contradicts(member, person, address) for address in telling
                ):
                    return member
        return None


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
    for role in member.roles:
        if role.role == person.role and role.unit is unit:
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
