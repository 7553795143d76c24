"""Everybody of an agency by unit, as one page shows them: who is invited, in, linked, seen; what needs doing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tracker.kinds import RoleName, TaskState
from tracker.models import Invitation, Member, Plan, Role, Task, TaskUnit, Unit
from tracker.services.organisation.divisions import unit_rows
from tracker.thai.text import fold_name


class Standing(StrEnum):
    """How far a person is on the way in."""

    IN = "in"
    INVITED = "invited"
    EXPIRED = "expired"
    """Invited, and the link is good no more."""
    UNINVITED = "uninvited"
    LEFT = "left"
    """พ้นหน้าที่: signs in no more."""


NOT_LINKED = "no-line"
"""The filter for people without LINE, beside those of ``Standing``."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person with one duty, or none. ``until``: the open link's last moment; ``copies``: its message can be shown."""

    member: Member
    role: Role | None
    standing: Standing
    until: datetime | None = None
    copies: bool = False

    @property
    def seen_at(self) -> datetime | None:
        """When the person was last signed in, wherever and however that ended."""
        return self.member.account.seen_at if self.member.account else None

    @property
    def key(self) -> str:
        """What tells the row from the person's other rows."""
        return f"{self.member.id}-{self.role.id if self.role else 0}"

    @property
    def words(self) -> str:
        """What finds the person, folded."""
        one = self.member
        return folded(" ".join(filter(None, (one.name, one.position, one.email, one.phone))))


@dataclass(frozen=True, slots=True)
class UnitPeople:
    """A unit with its people; ``tasks`` of the year are those that count."""

    unit: Unit
    tasks: int
    rows: Sequence[PersonRow]

    @property
    def has_head(self) -> bool:
        return any(row.role and row.role.role is RoleName.HEAD for row in self.rows)

    @property
    def deputies(self) -> list[Member]:
        """Who hears of the unit's tasks while it has no head."""
        return [row.member for row in self.rows if row.role and row.role.role is RoleName.DEPUTY]

    @property
    def words(self) -> str:
        """What finds the unit, folded: its name and its other names."""
        return folded(" ".join((self.unit.name, *(alias.name for alias in self.unit.aliases))))


@dataclass(frozen=True, slots=True)
class PeopleList:
    """The agency's own people, those of its units in their order, those without a duty, those who left."""

    of_agency: Sequence[PersonRow]
    units: Sequence[UnitPeople]
    idle: Sequence[PersonRow]
    left: Sequence[PersonRow]

    @property
    def people(self) -> list[PersonRow]:
        """Everybody in office, once each."""
        rows = [*self.of_agency, *(row for unit in self.units for row in unit.rows), *self.idle]
        return list({row.member.id: row for row in rows}.values())

    @property
    def headless(self) -> list[Unit]:
        return [group.unit for group in self.units if not group.has_head]

    def count(self, shown: str) -> int:
        """How many people a filter finds."""
        return sum(_is_shown(row, [shown]) for row in (self.left if shown == Standing.LEFT else self.people))

    def narrowed(self, words: str, shown: Collection[str]) -> "PeopleList":
        """Who matches the words (of the person, or of the unit) and the filters; units without such people go."""
        wanted = folded(words)

        def kept(rows: Sequence[PersonRow], of_unit: str = "") -> list[PersonRow]:
            return [row for row in rows if _is_shown(row, shown) and (wanted in of_unit or wanted in row.words)]

        units = [replace(group, rows=kept(group.rows, group.words)) for group in self.units]
        return PeopleList(
            kept(self.of_agency),
            [group for group in units if group.rows or (wanted and not shown and wanted in group.words)],
            kept(self.idle),
            kept(self.left) if Standing.LEFT in shown or wanted else [],
        )


def folded(text: str) -> str:
    """The form in which words, addresses and numbers are compared, numbers without their hyphens."""
    return fold_name(text).replace("-", "")


def people_list(session: Session, agency_id: int, fiscal_year: int, at: datetime) -> PeopleList:
    """Everybody of the agency, in a fixed number of queries."""
    rows = _people(session, agency_id, at)
    roles = session.scalars(select(Role).where(Role.agency_id == agency_id))
    duties = [replace(rows[role.member_id], role=role) for role in roles if role.member_id in rows]
    has_duty = {row.member.id for row in duties}
    by_unit: dict[int | None, list[PersonRow]] = {}
    for row in sorted((row for row in duties if row.member.active), key=_place):
        by_unit.setdefault(row.role.unit_id if row.role else None, []).append(row)
    tasks = _tasks(session, agency_id, fiscal_year)
    units = [one.unit for one in unit_rows(session, agency_id) if one.unit.active]
    return PeopleList(
        by_unit.get(None, []),
        [UnitPeople(unit, tasks.get(unit.id, 0), by_unit.get(unit.id, [])) for unit in units],
        [row for row in rows.values() if row.member.active and row.member.id not in has_duty],
        [row for row in rows.values() if not row.member.active],
    )


def _people(session: Session, agency_id: int, at: datetime) -> dict[int, PersonRow]:
    """Everybody of the agency by id, without the duties."""
    query = select(Member).where(Member.agency_id == agency_id).options(joinedload(Member.account))
    rows = {member.id: _row(member) for member in session.scalars(query.order_by(Member.id))}
    for of, until, copies in _invited(session, agency_id):
        if of in rows:
            rows[of] = replace(rows[of], until=until, copies=copies, standing=_standing(rows[of], until, at))
    return rows


_ORDER = (RoleName.EXECUTIVE, RoleName.COORDINATOR, RoleName.HEAD, RoleName.DEPUTY, RoleName.STAFF)


def _place(row: PersonRow) -> tuple[int, int, int]:
    role = row.role
    return (_ORDER.index(role.role), role.rank, role.id) if role else (len(_ORDER), 0, row.member.id)


def _row(member: Member) -> PersonRow:
    standing = Standing.IN if member.account_id is not None else Standing.UNINVITED
    return PersonRow(member, None, standing if member.active else Standing.LEFT)


def _standing(row: PersonRow, until: datetime, at: datetime) -> Standing:
    if row.standing is not Standing.UNINVITED:
        return row.standing
    return Standing.INVITED if until > at else Standing.EXPIRED


def _is_shown(row: PersonRow, shown: Collection[str]) -> bool:
    """Whether one of the standings fits, where one is asked for, and LINE's lack, where that is."""
    if NOT_LINKED in shown and row.member.line_user_id:
        return False
    wanted = {one for one in shown if one != NOT_LINKED}
    standing = Standing.UNINVITED if row.standing is Standing.EXPIRED else row.standing
    return not wanted or standing in wanted


def _invited(session: Session, agency_id: int) -> Sequence[tuple[int, datetime, bool]]:
    """By person the last moment of an unused link, and whether its message can be shown again."""
    query = (
        select(Invitation.member_id, func.max(Invitation.expires_at), func.count(Invitation.nonce) > 0)
        .where(Invitation.agency_id == agency_id, Invitation.used_at.is_(None))
        .group_by(Invitation.member_id)
    )
    return [(member, until, bool(copies)) for member, until, copies in session.execute(query)]


def _tasks(session: Session, agency_id: int, fiscal_year: int) -> dict[int, int]:
    """How many tasks of the year each unit has."""
    rows = session.execute(
        select(TaskUnit.unit_id, func.count())
        .join(Task, Task.id == TaskUnit.task_id)
        .join(Plan, Plan.id == Task.plan_id)
        .where(Plan.agency_id == agency_id, Plan.fiscal_year == fiscal_year, Task.state != TaskState.CANCELLED)
        .group_by(TaskUnit.unit_id)
    )
    return {unit: count for unit, count in rows}  # noqa: C416  (rows, not pairs)
