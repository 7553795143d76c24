"""เลิกทำการรวมหน่วยงาน: two units that were made one are two again, until somebody records work for what moved."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tracker.errors import ConflictError, NotFoundError, TrackerError
from tracker.kinds import UnitKind
from tracker.models import Event, GroupUnit, Member, Role, Task, TaskUnit, Unit, UnitAlias
from tracker.services.audit import Actor, lock, record

_WORK = ("ticked_off", "not_possible", "progress_noted", "evidence_added", "withdrawn", "reassigned")
"""What makes it too late: from then on a task that moved belongs to the unit that was kept."""
_COLUMNS = ("name", "name_key", "parent_id", "position", "known", "active", "remind_staff")


def before_merge(session: Session, gone: Unit, kept: Unit) -> dict[str, Any]:
    """What takes a merge back: the unit that goes, and all that is about to move or to fall together."""
    known = {(role.member_id, role.role) for role in kept.roles}
    below = select(Unit.id).where(Unit.parent_id == gone.id)
    groups = select(GroupUnit).where((GroupUnit.unit_id == gone.id) | (GroupUnit.group_id == gone.id))
    tasks = session.scalars(
        select(Task)
        .join(TaskUnit, TaskUnit.task_id == Task.id)
        .where(TaskUnit.unit_id == gone.id)
        .options(selectinload(Task.units))
        .order_by(Task.id)
    ).all()
    together = [role for role in gone.roles if (role.member_id, role.role) in known]
    return {
        "kept": kept.id,
        "unit": {name: getattr(gone, name) for name in _COLUMNS} | {"id": gone.id, "kind": str(gone.kind)},
        "aliases": [alias.id for alias in gone.aliases],
        "below": list(session.scalars(below)),
        "roles": [role.id for role in gone.roles if role not in together],
        "roles_together": [[role.member_id, str(role.role), role.rank, role.acting] for role in together],
        "groups": [[row.group_id, row.unit_id] for row in session.scalars(groups)],
        "tasks": [[task.id, [unit.id for unit in task.units], task.party_key] for task in tasks],
    }


def is_undoable(session: Session, agency_id: int, sequence: int) -> bool:
    """Whether the merge at this place of the record can still be taken back."""
    try:
        _undo_of(session, agency_id, sequence)
    except TrackerError:
        return False
    return True


def split_again(session: Session, agency_id: int, sequence: int, *, by: Actor, at: datetime) -> Unit:
    """Makes the unit that went in this merge (the event's place in the record) again what it was; gives it.

    The tasks are to be brought in line afterwards. NotFoundError where there was no such merge, ConflictError where it
    is too late for its undo.
    """
    lock(session, agency_id)
    undo, kept, alias = _undo_of(session, agency_id, sequence)
    kept.aliases.remove(alias)
    session.flush()
    unit = _unit_again(session, agency_id, undo["unit"])
    _give_back(session, unit, kept, undo)
    assigned = _tasks_again(session, unit, undo, at)
    session.flush()
    record(
        session, agency_id, "merge_undone", by, at,
        unit=kept.name, merged=unit.name, undone=sequence, assigned=assigned,
    )  # fmt: skip
    return unit


def _undo_of(session: Session, agency_id: int, sequence: int) -> tuple[dict[str, Any], Unit, UnitAlias]:
    """What takes the merge back, the unit that was kept and the name that went to it; raises as ``split_again``."""
    merge = select(Event).where(Event.agency_id == agency_id, Event.sequence == sequence, Event.kind == "units_merged")
    event = session.scalar(merge)
    undo: dict[str, Any] = event.details.get("undo", {}) if event else {}
    if event is None or not undo:
        raise NotFoundError("There is no merge that could be undone.", "ไม่พบการรวมหน่วยงานที่เลิกทำได้")
    kept = session.get(Unit, undo["kept"])
    values = undo["unit"]
    alias = _name_of(kept, values["name_key"]) if kept else None
    if kept is None or alias is None:
        raise ConflictError(
            f"“{values['name']}” has changed since; the merge can no longer be undone.",
            f"“{values['name']}” มีการเปลี่ยนหลังจากนั้นแล้ว จึงเลิกทำการรวมไม่ได้",
        )
    _must_be_untouched(session, agency_id, sequence, [task_id for task_id, *_ in undo["tasks"]])
    _must_be_free(session, agency_id, values)
    return undo, kept, alias


def _name_of(kept: Unit, key: str) -> UnitAlias | None:
    return next((alias for alias in kept.aliases if alias.name_key == key), None)


def _must_be_untouched(session: Session, agency_id: int, sequence: int, tasks: list[int]) -> None:
    later = select(Event.task_id).where(
        Event.agency_id == agency_id, Event.sequence > sequence, Event.kind.in_(_WORK), Event.task_id.is_not(None)
    )
    if set(session.scalars(later)) & set(tasks):
        raise ConflictError(
            "Work has been recorded for a task that moved; the merge can no longer be undone.",
            "มีการบันทึกงานที่ย้ายมาแล้ว จึงเลิกทำการรวมไม่ได้",
        )


def _must_be_free(session: Session, agency_id: int, values: dict[str, Any]) -> None:
    of_name = select(Unit.id).where(Unit.agency_id == agency_id, Unit.name_key == values["name_key"])
    if session.scalar(of_name) is not None:
        name = values["name"]
        raise ConflictError(f"“{name}” is another unit already.", f"มีหน่วยงานชื่อ “{name}” อยู่แล้ว")


def _unit_again(session: Session, agency_id: int, values: dict[str, Any]) -> Unit:
    """The unit under its old number, where no other one has got it since."""
    unit = Unit(agency_id=agency_id, kind=UnitKind(values["kind"]), **{name: values[name] for name in _COLUMNS})
    if session.get(Unit, values["id"]) is None:
        unit.id = values["id"]
    if unit.parent_id is not None and session.get(Unit, unit.parent_id) is None:
        unit.parent_id = None
    session.add(unit)
    session.flush()
    return unit


def _give_back(session: Session, unit: Unit, kept: Unit, undo: dict[str, Any]) -> None:
    """Other names, people, units below and places in groups, as far as they still rest on the unit that was kept."""
    for alias in session.scalars(select(UnitAlias).where(UnitAlias.id.in_(undo["aliases"]))):
        if alias.unit_id == kept.id:
            alias.unit = unit
    for below in session.scalars(select(Unit).where(Unit.id.in_(undo["below"]), Unit.parent_id == kept.id)):
        below.parent_id = unit.id
    for role in session.scalars(select(Role).where(Role.id.in_(undo["roles"]), Role.unit_id == kept.id)):
        role.unit = unit
    for member_id, role_name, rank, acting in undo["roles_together"]:
        if session.get(Member, member_id) is not None:
            both = {"member_id": member_id, "role": role_name, "rank": rank, "acting": acting}
            session.add(Role(agency_id=unit.agency_id, unit=unit, **both))
    for pair in undo["groups"]:
        group_id, unit_id = (unit.id if one == undo["unit"]["id"] else one for one in pair)
        if session.get(Unit, group_id) is not None and session.get(Unit, unit_id) is not None:
            session.add(GroupUnit(agency_id=unit.agency_id, group_id=group_id, unit_id=unit_id))


def _tasks_again(session: Session, unit: Unit, undo: dict[str, Any], at: datetime) -> dict[str, list[int]]:
    """Gives the tasks to whom they belonged; their ids by those of their units, as the record has them."""
    number = undo["unit"]["id"]
    before = {task_id: (units, key) for task_id, units, key in undo["tasks"]}
    tasks = session.scalars(select(Task).where(Task.id.in_(before)).options(selectinload(Task.units))).all()
    of_agency = {one.id: one for one in session.scalars(select(Unit).where(Unit.agency_id == unit.agency_id))}
    assigned: dict[str, list[int]] = {}
    for task in tasks:
        units, key = before[task.id]
        wanted = [unit.id if one == number else one for one in units]
        task.units = [of_agency[one] for one in wanted if one in of_agency]
        task.party_key = f"u{unit.id}" if key == f"u{number}" else key
        task.updated_at = at
        assigned.setdefault(",".join(str(one.id) for one in sorted(task.units, key=lambda one: one.id)), []).append(
            task.id
        )
    return assigned
