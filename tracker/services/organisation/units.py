"""Units under other names: renaming keeps what documents call them, an alias takes over a party nobody knew."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import ConflictError, NotUnderstoodError
from tracker.kinds import RoleName, UnitKind
from tracker.models import Agency, GroupUnit, Measure, Member, Role, Task, TaskUnit, Unit, UnitAlias
from tracker.plan_draft import Mode
from tracker.plan_import.parties import party_key
from tracker.reminders.sweep import look_at_again
from tracker.services.audit import Actor, lock, record
from tracker.services.organisation.merge_undo import before_merge, split_again
from tracker.services.tasks.generate import generate_tasks, plans_in_service
from tracker.services.tasks.plan_words import changed_words
from tracker.thai.text import fix_text, squeeze_spaces


def rename_unit(session: Session, unit: Unit, name: str, *, by: Actor, at: datetime) -> None:
    """Gives the unit another name; documents that use the old one still mean it."""
    lock(session, unit.agency_id)
    name = _written(name)
    old, key = unit.name, party_key(name)
    if name == old:
        return
    other = _unit_of_key(session, unit.agency_id, key)
    if other is not None and other is not unit:
        raise ConflictError(f"“{name}” is another unit already.", f"มีหน่วยงานชื่อ “{name}” อยู่แล้ว", field="name")
    for alias in list(unit.aliases):
        if alias.name_key == key:
            unit.aliases.remove(alias)
    if key != unit.name_key:
        unit.aliases.append(UnitAlias(agency_id=unit.agency_id, name=old, name_key=unit.name_key))
    unit.name, unit.name_key = name, key
    record(session, unit.agency_id, "unit_renamed", by, at, before=old, after=name)


def add_alias(session: Session, unit: Unit, name: str, *, by: Actor, at: datetime) -> None:
    """Another name under which documents call the unit.

    Where a plan made a unit without people of that name, its tasks go to this unit with all that was recorded.
    ConflictError where the name belongs to a unit that is known.
    """
    lock(session, unit.agency_id)
    name = _written(name)
    key = party_key(name)
    other = _unit_of_key(session, unit.agency_id, key)
    if other is unit:
        return
    if other is not None and (other.known or session.scalar(select(Role.id).where(Role.unit_id == other.id).limit(1))):
        raise ConflictError(f"“{name}” is another unit already.", f"มีหน่วยงานชื่อ “{name}” อยู่แล้ว")
    handed_over: dict[str, Any] = {}
    if other is not None:
        handed_over = {"gone": other.id, "kept": unit.id}
        _hand_over(session, other, unit)
        session.delete(other)
        session.flush()
    unit.aliases.append(UnitAlias(agency_id=unit.agency_id, name=name, name_key=key))
    record(session, unit.agency_id, "alias_added", by, at, unit=unit.name, alias=name, **handed_over)
    bring_tasks_in_line(session, unit.agency_id, by, at)


def merge_units(session: Session, gone: Unit, kept: Unit, *, by: Actor, at: datetime) -> int:
    """Makes two units one: tasks with all that was recorded, people, names and units below go to ``kept``.

    Gives the place in the record by which ``undo_merge`` finds it.

    Documents that use the other name mean the one that is kept. Raises ConflictError for a unit and itself or one below
    it, and for groups.
    """
    lock(session, gone.agency_id)
    if gone.agency_id != kept.agency_id or UnitKind.GROUP in (gone.kind, kept.kind) or is_within(kept, gone):
        raise ConflictError(
            f"“{gone.name}” cannot be merged into “{kept.name}”.", f"รวม “{gone.name}” เข้ากับ “{kept.name}” ไม่ได้"
        )
    undo = before_merge(session, gone, kept)
    moved = _move_people(session, gone, kept)
    for alias in list(gone.aliases):
        alias.unit = kept
    for below in session.scalars(select(Unit).where(Unit.parent_id == gone.id)):
        below.parent_id = kept.id
    tasks = _hand_over(session, gone, kept)
    name, key = gone.name, gone.name_key
    handed_over: dict[str, Any] = {"gone": gone.id, "kept": kept.id}
    session.flush()
    session.expire(gone)
    session.delete(gone)
    session.flush()
    session.expire(kept)
    kept.aliases.append(UnitAlias(agency_id=kept.agency_id, name=name, name_key=key))
    told: dict[str, Any] = {"unit": kept.name, "merged": name, "tasks": tasks, "people": moved}
    sequence = record(session, kept.agency_id, "units_merged", by, at, **told, **handed_over, undo=undo).sequence
    bring_tasks_in_line(session, kept.agency_id, by, at)
    return sequence


def undo_merge(session: Session, agency_id: int, sequence: int, *, by: Actor, at: datetime) -> Unit:
    """Makes the unit that went in a merge again what it was, with what moved; gives it.

    NotFoundError where there was no such merge, ConflictError once work was recorded for a task that moved.
    """
    unit = split_again(session, agency_id, sequence, by=by, at=at)
    bring_tasks_in_line(session, agency_id, by, at)
    return unit


def appoint(session: Session, unit: Unit, member: Member, role: RoleName, *, by: Actor, at: datetime) -> None:
    """Gives a person of the agency a role in the unit, which is known from then on."""
    if not any(one.unit_id == unit.id and one.role == role for one in member.roles):
        member.roles.append(Role(agency_id=unit.agency_id, unit=unit, role=role))
    unit.known = True
    record(session, unit.agency_id, "person_staffed", by, at, unit=unit.name, person=member.name, role=role)


def set_mode(session: Session, measure: Measure, mode: Mode, *, by: Actor, at: datetime) -> None:
    """Lets each party of a measure do every step, or all of them jointly; what was done stays."""
    lock(session, measure.agency_id)
    if measure.mode == mode:
        return
    measure.mode = mode
    plan = measure.plan
    words = changed_words(session, [measure.id], ["responsible"])
    record(
        session, measure.agency_id, "mode_changed", by, at,
        fiscal_year=plan.fiscal_year, measure=measure.number, mode=mode, words=words,
    )  # fmt: skip
    generate_tasks(session, plan, by, at)


def is_within(unit: Unit | None, other: Unit) -> bool:
    """Whether the unit is the other one or stands below it, however deep."""
    while unit is not None and unit is not other:
        unit = unit.parent
    return unit is other


def _move_people(session: Session, old: Unit, new: Unit) -> int:
    """The old unit's people become the new one's; who is both already, once."""
    known = {(role.member_id, role.role) for role in new.roles}
    moved = 0
    for role in list(old.roles):
        if (role.member_id, role.role) in known:
            session.delete(role)
        else:
            role.unit = new
            moved += 1
    session.flush()
    return moved


def _hand_over(session: Session, old: Unit, new: Unit) -> int:
    """The old unit's tasks become the new one's, beside a task that the new one has already; says how many."""
    of_old = select(Task).join(TaskUnit, TaskUnit.task_id == Task.id).where(TaskUnit.unit_id == old.id)
    tasks = session.scalars(of_old).all()
    for task in tasks:
        task.units = [*(unit for unit in task.units if unit is not old and unit is not new), new]
        if task.party_key == f"u{old.id}" and not _has_task(session, task, f"u{new.id}"):
            task.party_key = f"u{new.id}"
    for group in session.scalars(
        select(GroupUnit).where((GroupUnit.unit_id == old.id) | (GroupUnit.group_id == old.id))
    ):
        session.delete(group)
    session.flush()
    return len(tasks)


def _has_task(session: Session, task: Task, key: str) -> bool:
    same = select(Task.id).where(
        Task.step_id == task.step_id, Task.party_key == key, Task.checkpoint_key == task.checkpoint_key
    )
    return session.scalar(same) is not None


def _unit_of_key(session: Session, agency_id: int, key: str) -> Unit | None:
    found = session.scalar(select(Unit).where(Unit.agency_id == agency_id, Unit.name_key == key))
    if found is not None:
        return found
    return session.scalar(
        select(Unit).join(UnitAlias).where(UnitAlias.agency_id == agency_id, UnitAlias.name_key == key)
    )


def bring_tasks_in_line(session: Session, agency_id: int, by: Actor, at: datetime) -> None:
    """Brings the tasks in line with units and people; the next sweep looks at whom they have now."""
    session.flush()
    session.expire_all()
    for plan in plans_in_service(session, session.get_one(Agency, agency_id)):
        generate_tasks(session, plan, by, at)
    look_at_again(session, agency_id)


def _written(name: str) -> str:
    name = squeeze_spaces(fix_text(name))
    if not name:
        raise NotUnderstoodError("Write the unit's name.", "กรุณาพิมพ์ชื่อหน่วยงาน", field="name")
    return name
