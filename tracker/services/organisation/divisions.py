"""The agency's units as the first day sets them: a usual set at one click, changed in place.

A unit is struck out by being out of use; it is forgotten when the coordinator goes on. One with tasks or people is
never struck out: it is merged.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, selectinload

from tracker.errors import ConflictError, NotUnderstoodError
from tracker.kinds import UnitKind
from tracker.models import Agency, Role, TaskUnit, Unit, UnitAlias
from tracker.plan_import.parties import party_key
from tracker.services.audit import Actor, lock, record
from tracker.services.organisation.people_table import too_long
from tracker.services.organisation.unit_sets import SETS, UsualUnit, usual_unit
from tracker.services.organisation.units import add_alias, bring_tasks_in_line, rename_unit
from tracker.thai.agency_kinds import AgencyKind, kind_of
from tracker.thai.text import fix_text, squeeze_spaces

How = Literal["replace", "append"]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit in its place. ``holds``: tasks or people stand on it, so that it cannot be struck out."""

    unit: Unit
    holds: bool


def unit_rows(session: Session, agency_id: int) -> list[UnitRow]:
    """Every unit but groups, divisions in order and what stands under each behind it; those out of use too."""
    holds = exists().where(TaskUnit.unit_id == Unit.id) | exists().where(Role.unit_id == Unit.id)
    query = (
        select(Unit, holds)
        .where(Unit.agency_id == agency_id, Unit.kind != UnitKind.GROUP)
        .options(selectinload(Unit.aliases))
        .order_by(Unit.position, Unit.id)
    )
    rows = [UnitRow(unit, held) for unit, held in session.execute(query)]
    known = {row.unit.id for row in rows}
    ordered: list[UnitRow] = []

    def place(above: int | None) -> None:
        for row in rows:
            parent = row.unit.parent_id if row.unit.parent_id in known else None
            if parent == above and row not in ordered:
                ordered.append(row)
                place(row.unit.id)

    place(None)
    return ordered


def chosen_set(agency: Agency, rows: Sequence[UnitRow]) -> AgencyKind | None:
    """The set that most of the units come from; without units the one that the agency's name says."""
    keys = {row.unit.name_key for row in rows if row.unit.active}
    shared = {kind: sum(party_key(unit.name) in keys for unit in SETS[kind].units) for kind in SETS}
    named = kind_of(agency.name)
    best = max(SETS, key=lambda kind: (shared[kind], named is not None and kind is named.kind))
    if shared[best]:
        return best
    return named.kind if named is not None and not keys else None


def is_changed(rows: Sequence[UnitRow]) -> bool:
    """Whether somebody changed what a set gave: another set is then put in their place only after a question."""
    names = [row.unit.name for row in rows if row.unit.active]
    return bool(names) and names not in [[unit.name for unit in usual.units] for usual in SETS.values()]


def apply_set(session: Session, agency: Agency, kind: AgencyKind, how: How, *, by: Actor, at: datetime) -> None:
    """Gives the agency the usual units of the kind; ``replace`` strikes out what is another and holds nothing."""
    lock(session, agency.id)
    usual = SETS[kind].units
    rows = unit_rows(session, agency.id)
    if how == "replace":
        wanted = {party_key(unit.name) for unit in usual}
        for row in rows:
            if row.unit.active and not row.holds and row.unit.name_key not in wanted:
                row.unit.active = False
    for unit in usual:
        _add(session, agency, unit)
    if how == "replace":
        _order(session, agency, [party_key(unit.name) for unit in usual])
    record(session, agency.id, "units_set", by, at, set=kind, how=how)
    bring_tasks_in_line(session, agency.id, by, at)


def add_unit(session: Session, agency: Agency, name: str, *, by: Actor, at: datetime) -> Unit:
    """A unit of this name, last in its place; a usual one comes with its other names and its division.

    One that was struck out, or that only a plan named, is in use again. NotUnderstoodError without a name.
    """
    lock(session, agency.id)
    written = squeeze_spaces(fix_text(name))
    if not written:
        raise NotUnderstoodError("Write the unit's name.", "กรุณาพิมพ์ชื่อหน่วยงาน")
    if problem := too_long("unit", written):
        raise NotUnderstoodError(f"The unit cannot be kept: {problem}.", f"บันทึกหน่วยงานนี้ไม่ได้ เพราะ{problem.th}")
    named = kind_of(agency.name)
    unit = _add(session, agency, usual_unit(written, named.kind if named else None) or UsualUnit(written))
    record(session, agency.id, "unit_added", by, at, unit=unit.name)
    bring_tasks_in_line(session, agency.id, by, at)
    return unit


def change_unit(
    session: Session, unit: Unit, *, name: str, others: Collection[str], under: Unit | None, by: Actor, at: datetime
) -> None:
    """Name, other names and division of a unit, which plans still find by the name before.

    ConflictError for a name of another unit, or a unit under itself.
    """
    if under is not None and (under is unit or under.parent_id is not None):
        raise ConflictError("A unit stands under a division.", "หน่วยงานต้องอยู่ใต้กองหรือสำนัก", field="under")
    if under is not None and _below(session, unit):
        raise ConflictError(
            f"Units stand under “{unit.name}”: move them first.",
            f"มีหน่วยงานอยู่ใต้ “{unit.name}” กรุณาย้ายก่อน",
            field="under",
        )
    if problem := too_long("unit", squeeze_spaces(fix_text(name))):
        raise NotUnderstoodError(
            f"The unit cannot be kept: {problem}.", f"บันทึกหน่วยงานนี้ไม่ได้ เพราะ{problem.th}", field="name"
        )
    before = unit.name
    rename_unit(session, unit, name, by=by, at=at)
    change_other_names(session, unit, [*others, *([before] if before != unit.name else [])], by=by, at=at)
    if unit.parent_id != (under.id if under else None):
        _move_under(unit, under)
        record(session, unit.agency_id, "unit_moved", by, at, unit=unit.name, under=under.name if under else None)
    bring_tasks_in_line(session, unit.agency_id, by, at)


def change_other_names(session: Session, unit: Unit, others: Collection[str], *, by: Actor, at: datetime) -> None:
    """Lets the unit have these other names and no more; ConflictError for a name of another unit."""
    wanted = {party_key(other): squeeze_spaces(fix_text(other)) for other in others if other.strip()}
    for alias in list(unit.aliases):
        if alias.name_key not in wanted:
            unit.aliases.remove(alias)
    session.flush()
    for key, other in wanted.items():
        if key != unit.name_key and key not in {alias.name_key for alias in unit.aliases}:
            add_alias(session, unit, other, by=by, at=at)


def _move_under(unit: Unit, under: Unit | None) -> None:
    """A division that comes under another is a section, one that comes out a division; posts stay posts."""
    unit.parent = under
    if under is not None and unit.kind is UnitKind.DIVISION:
        unit.kind = UnitKind.SECTION
    elif under is None and unit.kind is UnitKind.SECTION:
        unit.kind = UnitKind.DIVISION


def place_unit(session: Session, unit: Unit, before: Unit | None) -> None:
    """Puts the unit before a sibling; ``None``: after the last one."""
    lock(session, unit.agency_id)
    siblings = _siblings(session, unit)
    siblings.remove(unit)
    place = siblings.index(before) if before in siblings else len(siblings)
    siblings.insert(place, unit)
    for position, one in enumerate(siblings, 1):
        one.position = position


def step_unit(session: Session, unit: Unit, step: Literal[-1, 1]) -> None:
    """One place up or down among its siblings."""
    siblings = [one for one in _siblings(session, unit) if one.active]
    if unit not in siblings:
        return
    place = siblings.index(unit) + step
    if 0 <= place < len(siblings):
        beyond = siblings[place + 1 : place + 2] if step == 1 else siblings[place : place + 1]
        place_unit(session, unit, beyond[0] if beyond else None)


def strike_unit(session: Session, unit: Unit, *, by: Actor, at: datetime) -> None:
    """Takes the unit, and what stands under it, out of use; ConflictError where one of them holds tasks or people."""
    lock(session, unit.agency_id)
    gone = [unit, *_below(session, unit)]
    holds = {row.unit.id for row in unit_rows(session, unit.agency_id) if row.holds}
    if held := next((one for one in gone if one.id in holds), None):
        raise ConflictError(
            f"“{held.name}” has tasks or people: merge it into another unit instead.",
            f"“{held.name}” มีงานหรือบุคลากรแล้ว เอาออกไม่ได้ แต่รวมกับหน่วยงานอื่นได้",
        )
    for one in gone:
        one.active = False
    record(session, unit.agency_id, "unit_struck", by, at, unit=unit.name)


def take_back_unit(session: Session, unit: Unit, *, by: Actor, at: datetime) -> None:
    """Puts a unit that was struck out into use again, with the division that it stands under."""
    lock(session, unit.agency_id)
    unit.active = True
    if unit.parent is not None:
        unit.parent.active = True
    record(session, unit.agency_id, "unit_taken_back", by, at, unit=unit.name)
    bring_tasks_in_line(session, unit.agency_id, by, at)


def forget_struck(session: Session, agency_id: int) -> int:
    """Removes the units that were struck out; says how many. What holds tasks or people stays."""
    lock(session, agency_id)
    gone = [row.unit for row in unit_rows(session, agency_id) if not row.unit.active and not row.holds]
    for unit in gone:
        session.delete(unit)
    session.flush()
    return len(gone)


def _add(session: Session, agency: Agency, usual: UsualUnit) -> Unit:
    """The unit as usual, or the one that there is of that name, in use."""
    rows = unit_rows(session, agency.id)
    taken = {alias.name_key: row.unit for row in rows for alias in row.unit.aliases}
    taken |= {row.unit.name_key: row.unit for row in rows}
    unit = taken.get(party_key(usual.name))
    above = taken.get(party_key(usual.under)) if usual.under else None
    if unit is not None:
        unit.active = unit.known = True
        return unit
    unit = Unit(
        agency_id=agency.id,
        name=usual.name,
        name_key=party_key(usual.name),
        kind=usual.kind if above is not None or not usual.under else UnitKind.DIVISION,
        parent=above if above is not None and above.active else None,
        position=1 + max((row.unit.position for row in rows), default=0),
    )
    for other in usual.others:
        if (key := party_key(other)) not in taken:
            unit.aliases.append(UnitAlias(agency_id=agency.id, name=other, name_key=key))
            taken[key] = unit
    session.add(unit)
    session.flush()
    return unit


def _order(session: Session, agency: Agency, keys: Sequence[str]) -> None:
    """The units of these names first, in their order; what else is there behind them."""
    rows = unit_rows(session, agency.id)
    last = len(keys)
    rows.sort(key=lambda row: keys.index(row.unit.name_key) if row.unit.name_key in keys else last)
    for position, row in enumerate(rows, 1):
        row.unit.position = position


def _siblings(session: Session, unit: Unit) -> list[Unit]:
    query = select(Unit).where(
        Unit.agency_id == unit.agency_id,
        Unit.parent_id.is_not_distinct_from(unit.parent_id),
        Unit.kind != UnitKind.GROUP,
    )
    return list(session.scalars(query.order_by(Unit.position, Unit.id)))


def _below(session: Session, unit: Unit) -> list[Unit]:
    return list(session.scalars(select(Unit).where(Unit.parent_id == unit.id, Unit.active)))
