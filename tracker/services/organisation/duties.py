"""People and their duties one by one: a person added or changed, a duty given, changed or ended.

Tasks belong to units, so that they stay with the unit when a person goes: its next head answers for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import ConflictError, NotUnderstoodError
from tracker.kinds import OF_AGENCY, RoleName
from tracker.models import Agency, Member, Role, Unit
from tracker.services.audit import Actor, lock, record
from tracker.services.organisation import reference
from tracker.services.organisation.people_table import looks_like_email, too_long
from tracker.services.organisation.units import bring_tasks_in_line
from tracker.thai.duties import DUTIES
from tracker.thai.text import fix_text, squeeze_spaces


@dataclass(frozen=True, slots=True)
class PersonWords:
    """A person as typed into a form."""

    name: str
    position: str = ""
    email: str = ""
    phone: str = ""


def duty_word(role: Role) -> str:
    """The word of ``DUTIES`` that a role is."""
    return next(word for word, duty in DUTIES.items() if (duty.role, duty.rank, duty.acting) == _facts(role))


def add_person(
    session: Session, agency: Agency, unit: Unit | None, wanted: PersonWords, word: str, *, by: Actor, at: datetime
) -> Member:
    """Gives a duty (a word of ``DUTIES``) to a person who is known by the address or the name, else to a new one.

    NotUnderstoodError for a name, address or duty that is none; ConflictError where the unit has a head already.
    """
    lock(session, agency.id)
    words = _checked(wanted)
    of_agency = select(Member).where(Member.agency_id == agency.id).order_by(Member.id)
    same = of_agency.where(Member.email == words.email) if words.email else of_agency.where(Member.name == words.name)
    member = session.scalars(same.limit(1)).first()
    if member is None:
        member = Member(agency_id=agency.id, name=words.name, email=words.email or None)
        member.position, member.phone = words.position, words.phone
        reference.prepare_member(session, member)
        session.add(member)
        session.flush()
    give_duty(session, member, unit, word, by=by, at=at)
    return member


def change_person(session: Session, member: Member, wanted: PersonWords, *, by: Actor, at: datetime) -> None:
    """Name, position and addresses; messages are tried again at an address that was mended.

    NotUnderstoodError for one that is none; ConflictError for the address of another person.
    """
    lock(session, member.agency_id)
    words = _checked(wanted)
    other = select(Member).where(
        Member.agency_id == member.agency_id, Member.email == words.email, Member.id != member.id
    )
    if words.email and (found := session.scalar(other)):
        raise ConflictError(f"{found.name} has this e-mail address.", f"{found.name} ใช้อีเมลนี้อยู่แล้ว", field="email")
    member.name, member.position = words.name, words.position
    member.email, member.phone = words.email or None, words.phone or None
    changes = reference.changes_of(member)
    reference.prepare_member(session, member)
    reference.settle(session, member.agency, "member_changed", member, changes=changes, by=by, at=at)


def set_leave(
    session: Session, member: Member, away_from: date | None, away_until: date | None, *, by: Actor, at: datetime
) -> None:
    """When the person is on leave; no day: not at all. NotUnderstoodError where the days make no sense."""
    if away_from is None and away_until is not None:
        raise NotUnderstoodError("Write the first day of the leave, too.", "กรุณาระบุวันแรกที่ลาด้วย", field="away_from")
    reference.check_leave(away_from, away_until)
    member.away_from, member.away_until = away_from, away_until
    changes = reference.changes_of(member)
    reference.settle(session, member.agency, "member_changed", member, changes=changes, by=by, at=at)


def give_duty(
    session: Session,
    member: Member,
    unit: Unit | None,
    word: str,
    *,
    instead_of: Role | None = None,
    head_becomes: str = "",
    by: Actor,
    at: datetime,
) -> None:
    """Gives the person a duty (a word of ``DUTIES``) of the unit, or of the agency; ``instead_of`` one that ends.

    A unit has one head: where it has another one already ``head_becomes`` says what that person is from now on,
    ``deputy`` or ``staff``; ConflictError without it. NotUnderstoodError where duty and unit do not go together.
    """
    lock(session, member.agency_id)
    duty = DUTIES.get(word)
    if duty is None or (unit is None) != (duty.role in OF_AGENCY):
        raise NotUnderstoodError("Choose the duty and the unit.", "กรุณาเลือกหน้าที่และหน่วยงาน", field="role")
    if unit is not None and duty.role is RoleName.HEAD:
        _make_room(session, unit, member, head_becomes)
    for role in [one for one in member.roles if one is not instead_of and one.unit_id == (unit.id if unit else None)]:
        if unit is not None or role.role is duty.role:
            member.roles.remove(role)  # one duty a unit
    session.flush()
    if instead_of is None:
        instead_of = Role(agency_id=member.agency_id, role=duty.role)
        member.roles.append(instead_of)
    before = None if instead_of.id is None else instead_of.role
    instead_of.unit, instead_of.role, instead_of.rank, instead_of.acting = unit, duty.role, duty.rank, duty.acting
    member.active = True
    session.flush()
    reference.check_coordinator_left(session, member.agency_id)
    if unit is not None:
        unit.known = True
        record(session, member.agency_id, "person_staffed", by, at, unit=unit.name, person=member.name, role=duty.role)
    else:
        changes = {"role": [before, duty.role]}
        record(session, member.agency_id, "role_changed", by, at, row=member.name, changes=changes)
    bring_tasks_in_line(session, member.agency_id, by, at)


def end_duty(session: Session, role: Role, follower: Member | None, *, by: Actor, at: datetime) -> None:
    """Ends a person's duty; who has none left is out, and signs in no more. ``follower`` leads the unit from now on.

    ConflictError where the agency would have no coordinator.
    """
    member, unit = role.member, role.unit
    lock(session, member.agency_id)
    reference.check_coordinator_left(session, member.agency_id, without=role)
    leads = role.role is RoleName.HEAD
    said = f"{member.name}: {role}"
    member.roles.remove(role)
    member.active = bool(member.roles)
    session.flush()
    record(session, member.agency_id, "role_deleted", by, at, row=said)
    if leads and unit is not None and follower is not None and follower is not member:
        give_duty(session, follower, unit, "head", by=by, at=at)
    else:
        bring_tasks_in_line(session, member.agency_id, by, at)


def heads_of(session: Session, unit: Unit) -> Sequence[Role]:
    """Who leads the unit now."""
    query = select(Role).join(Member).where(Role.unit_id == unit.id, Role.role == RoleName.HEAD, Member.active)
    return session.scalars(query.order_by(Role.id)).all()


def _make_room(session: Session, unit: Unit, member: Member, head_becomes: str) -> None:
    others = [role for role in heads_of(session, unit) if role.member_id != member.id]
    if others and head_becomes not in (RoleName.DEPUTY, RoleName.STAFF):
        name = others[0].member.name
        raise ConflictError(
            f"{unit.name} has a head already: {name}. Say what {name} is from now on.",
            f"{unit.name}มีหัวหน้าแล้ว คือ {name} กรุณาเลือกว่าต่อไป {name} ทำหน้าที่ใด",
            field="head_becomes",
        )
    for role in others:
        role.role, role.acting = RoleName(head_becomes), False


def _checked(typed: PersonWords) -> PersonWords:
    words = PersonWords(
        squeeze_spaces(fix_text(typed.name)),
        squeeze_spaces(fix_text(typed.position)),
        typed.email.strip().lower(),
        typed.phone.strip(),
    )
    if not words.name:
        raise NotUnderstoodError("Write the person's name.", "กรุณาพิมพ์ชื่อบุคคล", field="name")
    for column, text in (("name", words.name), ("position", words.position), ("email", words.email)):
        if problem := too_long(column, text):
            raise NotUnderstoodError(
                f"The person cannot be kept: {problem}.", f"บันทึกบุคคลนี้ไม่ได้ เพราะ{problem.th}", field=column
            )
    if words.email and not looks_like_email(words.email):
        raise NotUnderstoodError(
            f"“{words.email}” is not an e-mail address.", f"“{words.email}” ไม่ใช่อีเมล", field="email"
        )
    return words


def _facts(role: Role) -> tuple[RoleName, int, bool]:
    """What tells one duty from another: the rank only of executives, acting only of heads."""
    is_executive, leads = role.role is RoleName.EXECUTIVE, role.role is RoleName.HEAD
    return role.role, role.rank if is_executive else 1, role.acting if leads else False
