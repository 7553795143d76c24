"""Who hears of a task: read once for a batch of agencies, resolved in memory.

The head of a unit, or its deputy while the head is on leave (or there is none); staff where the unit wants it. Tasks
of a unit without such people go to the coordinator. Escalations climb to the head of the parent unit and the
coordinator, then to the executives.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.models import Member, Role, Unit

FIRST_LEVEL = 1


@dataclass(slots=True)
class People:
    """The active people and units of one agency on a day."""

    day: date
    members: dict[int, Member] = field(default_factory=dict)
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
        heads = self._present(unit_id, "head") or self._present(unit_id, "deputy")
        return heads + (self._present(unit_id, "staff") if unit_id in self._remind_staff else [])

    def escalated(self, level: int, unit_ids: Iterable[int]) -> list[int]:
        """Who hears of an escalation: level 1 the parents' heads and the coordinators, then the executives by rank."""
        if level > FIRST_LEVEL:
            return self._executives.get(level - FIRST_LEVEL, [])
        parents = [self._parents[unit] for unit in unit_ids if unit in self._parents]
        heads = [member for parent in parents for member in self.of_unit(parent)]
        return list(dict.fromkeys(heads + self.coordinators))

    def _present(self, unit_id: int, role: str) -> list[int]:
        return [
            member for member in self._of_unit.get((unit_id, role), ()) if not self.members[member].away_on(self.day)
        ]

    def add(self, role: Role) -> None:
        """Takes in one role of one member."""
        self.members[role.member_id] = role.member
        if role.role == "coordinator":
            self.coordinators.append(role.member_id)
        elif role.role == "executive":
            self._executives[role.rank].append(role.member_id)
        elif role.unit_id is not None:
            self._of_unit[role.unit_id, role.role].append(role.member_id)

    def add_unit(self, unit_id: int, parent_id: int | None, *, remind_staff: bool) -> None:
        """Takes in one unit."""
        if parent_id is not None:
            self._parents[unit_id] = parent_id
        if remind_staff:
            self._remind_staff.add(unit_id)


def read_people(session: Session, agency_ids: Collection[int], day: date) -> dict[int, People]:
    """The people of every agency named, in two queries."""
    people = {agency: People(day) for agency in agency_ids}
    roles = session.scalars(
        select(Role)
        .join(Role.member)
        .where(Role.agency_id.in_(agency_ids), Member.active)
        .options(joinedload(Role.member, innerjoin=True).joinedload(Member.account))
        .order_by(Role.id)
    )
    for role in roles:
        people[role.agency_id].add(role)
    units = session.execute(
        select(Unit.agency_id, Unit.id, Unit.parent_id, Unit.remind_staff).where(Unit.agency_id.in_(agency_ids))
    )
    for agency_id, unit_id, parent_id, remind_staff in units:
        people[agency_id].add_unit(unit_id, parent_id, remind_staff=remind_staff)
    return people
