"""Who hears of a task: read once for a batch of agencies, resolved in memory.

The head of a unit, or its deputy while the head is on leave (or there is none); staff where the unit wants it. Tasks
of a unit without such people go to the coordinator. Escalations climb to the head of the parent unit and the
coordinator, then to the executives.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.kinds import RoleName
from tracker.models import Account, Member, Role, Unit
from tracker.models.agency import is_away

FIRST_LEVEL = 1


class Person(NamedTuple):
    """A member as far as reminders are concerned; ``thai_digits`` is what the person chose, None for nothing."""

    id: int
    name: str
    email: str | None
    line_user_id: str | None
    email_failed: str | None
    line_failed: str | None
    channels: list[str]
    urgent_only: bool
    send_from: time | None
    send_until: time | None
    away_from: date | None
    away_until: date | None
    phone: str | None
    thai_digits: bool | None


PERSON: tuple[InstrumentedAttribute[Any], ...] = (
    *(getattr(Member, name) for name in Person._fields[:-1]),
    Account.thai_digits,
)
"""The columns of a person, in the order of its fields: of ``member`` and, the last, of ``account``, outer-joined."""

_OF_AGENCIES: BindParameter[list[int]] = bindparam("agencies", expanding=True)
_ROLES = (
    select(Role.agency_id, Role.role, Role.unit_id, Role.rank, *PERSON)
    .join(Member, Member.id == Role.member_id)
    .outerjoin(Account, Account.id == Member.account_id)
    .where(Role.agency_id.in_(_OF_AGENCIES), Member.active)
    .order_by(Role.id)
)
_UNITS = select(Unit.agency_id, Unit.id, Unit.parent_id, Unit.remind_staff).where(Unit.agency_id.in_(_OF_AGENCIES))


@dataclass(slots=True)
class People:
    """The active people and units of one agency on a day."""

    day: date
    members: dict[int, Person] = field(default_factory=dict)
    coordinators: list[int] = field(default_factory=list)
    _executives: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    _of_unit: dict[tuple[int, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    _parents: dict[int, int] = field(default_factory=dict)
    _remind_staff: set[int] = field(default_factory=set)

    def responsible(self, unit_ids: Iterable[int]) -> list[int]:
        """The members who hear of a task of these units; the coordinators where no unit has anybody."""
        found = [member for unit in unit_ids for member in self.of_unit(unit)]
        return list(dict.fromkeys(found)) or self.coordinators

    def of_unit(self, unit_id: int) -> list[int]:
        """The unit's own people who are to be reminded on the day, possibly none."""
        heads = self._present(unit_id, RoleName.HEAD) or self._present(unit_id, RoleName.DEPUTY)
        return heads + (self._present(unit_id, RoleName.STAFF) if unit_id in self._remind_staff else [])

    def escalated(self, level: int, unit_ids: Iterable[int]) -> list[int]:
        """Who hears of an escalation: level 1 the parents' heads and the coordinators, then the executives by rank."""
        if level > FIRST_LEVEL:
            return self._executives.get(level - FIRST_LEVEL, [])
        parents = [self._parents[unit] for unit in unit_ids if unit in self._parents]
        heads = [member for parent in parents for member in self.of_unit(parent)]
        return list(dict.fromkeys(heads + self.coordinators))

    def is_executive(self, member_id: int) -> bool:
        return any(member_id in members for members in self._executives.values())

    def away_head(self, unit_id: int) -> Person | None:
        """The unit's head, where on leave on the day."""
        heads = (self.members[one] for one in self._of_unit.get((unit_id, RoleName.HEAD), ()))
        return next((one for one in heads if self._is_away(one)), None)

    def _present(self, unit_id: int, role: str) -> list[int]:
        return [one for one in self._of_unit.get((unit_id, role), ()) if not self._is_away(self.members[one])]

    def _is_away(self, person: Person) -> bool:
        return is_away(person.away_from, person.away_until, self.day)

    def add(self, person: Person, role: str, unit_id: int | None, rank: int) -> None:
        """Takes in one role of one member."""
        self.members[person.id] = person
        if role == RoleName.COORDINATOR:
            self.coordinators.append(person.id)
        elif role == RoleName.EXECUTIVE:
            self._executives[rank].append(person.id)
        elif unit_id is not None:
            self._of_unit[unit_id, role].append(person.id)

    def add_unit(self, unit_id: int, parent_id: int | None, *, remind_staff: bool) -> None:
        """Takes in one unit."""
        if parent_id is not None:
            self._parents[unit_id] = parent_id
        if remind_staff:
            self._remind_staff.add(unit_id)


def read_people(session: Session, agency_ids: Collection[int], day: date) -> dict[int, People]:
    """The people of every agency named, in two queries."""
    people = {agency: People(day) for agency in agency_ids}
    these = {"agencies": list(agency_ids)}
    for agency_id, role, unit_id, rank, *person in session.execute(_ROLES, these):
        people[agency_id].add(Person(*person), role, unit_id, rank)
    for agency_id, unit_id, parent_id, remind_staff in session.execute(_UNITS, these):
        people[agency_id].add_unit(unit_id, parent_id, remind_staff=remind_staff)
    return people
