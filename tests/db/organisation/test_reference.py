"""What makes sense in the rows that a coordinator edits, and what follows from a change."""

from collections.abc import Callable
from datetime import date, time

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import BUILT_AT, TEST, World, build_world
from tracker.errors import ConflictError, NotUnderstoodError
from tracker.models import Agency, Event, Member, Role, Task, Unit, UnitAlias
from tracker.services.organisation import reference
from tracker.store.db import Database


@pytest.fixture
def world(database: Database) -> World:
    with database.writing() as session:
        return build_world(session)


def coordinator_of(session: Session, world: World) -> Role:
    return session.scalars(select(Role).where(Role.member_id == world.members["coordinator"])).one()


def test_a_unit_stands_under_no_unit_of_its_own(database: Database, world: World) -> None:
    with database.writing() as session:
        upper, lower = (session.get_one(Unit, world.units[name]) for name in ("กองคลัง", "กองช่าง"))
        lower.parent = upper
        reference.prepare_unit(session, lower, by=TEST, at=BUILT_AT)
        session.flush()
        for parent in (upper, lower):
            upper.parent = parent
            with pytest.raises(ConflictError, match="under itself"):
                reference.prepare_unit(session, upper, by=TEST, at=BUILT_AT)
        session.rollback()


def test_a_unit_that_is_renamed_keeps_its_old_name_as_another(database: Database, world: World) -> None:
    with database.writing() as session:
        unit = session.get_one(Unit, world.units["กองคลัง"])
        unit.name = "กองการคลัง"
        reference.prepare_unit(session, unit, by=TEST, at=BUILT_AT)
        session.flush()
        assert (unit.name, [alias.name for alias in unit.aliases]) == ("กองการคลัง", ["กองคลัง"])


def test_a_leave_ends_after_it_begins(database: Database, world: World) -> None:
    with database.writing() as session:
        member = session.get_one(Member, world.members["head1"])
        member.email, member.email_failed = " Head1@TUA.example ", "no such mailbox"
        member.away_from = member.away_until = date(2023, 4, 1)
        reference.prepare_member(session, member)
        assert (member.email, member.email_failed) == ("head1@tua.example", None)
        member.away_until = None
        reference.prepare_member(session, member)
        member.away_until = date(2023, 3, 31)
        with pytest.raises(NotUnderstoodError, match="ends before it begins"):
            reference.prepare_member(session, member)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"role": "executive", "unit": True}, "has no unit"),
        ({"role": "head", "unit": None}, "Choose the unit"),
        ({"role": "executive", "rank": 3}, "rank is 1 or 2"),
    ],
)
def test_a_role_that_makes_no_sense(database: Database, world: World, change: dict[str, object], words: str) -> None:
    with database.reading() as session:
        unit = session.get_one(Unit, world.units["กองคลัง"]) if change.get("unit") else None
        member = session.get_one(Member, world.members["clerk"])
        role = Role(agency_id=world.agency_id, member=member, **{"rank": 1, **change, "unit": unit})
        with pytest.raises(NotUnderstoodError, match=words), session.no_autoflush:
            reference.prepare_role(session, role)


def _becomes_executive(session: Session, role: Role) -> None:
    role.role = "executive"
    reference.prepare_role(session, role)


def _goes(session: Session, role: Role) -> None:
    reference.check_coordinator_left(session, role.agency_id, without=role)


def _is_no_longer_in_use(session: Session, role: Role) -> None:
    role.member.active = False
    reference.prepare_member(session, role.member)


@pytest.mark.parametrize("loss", [_becomes_executive, _goes, _is_no_longer_in_use])
def test_the_last_coordinator_stays(database: Database, world: World, loss: Callable[[Session, Role], None]) -> None:
    with database.session(writing=True) as session, pytest.raises(ConflictError, match="needs a coordinator"):
        loss(session, coordinator_of(session, world))
    with database.session(writing=True) as session:
        second = session.get_one(Member, world.members["head1"])
        second.roles.append(Role(agency_id=world.agency_id, role="coordinator"))
        session.commit()
        second.active = False  # who may not sign in is nobody to name
        with pytest.raises(ConflictError, match="needs a coordinator"):
            loss(session, coordinator_of(session, world))
        session.rollback()
        loss(session, coordinator_of(session, world))


def test_sending_begins_before_it_ends_and_escalations_climb(database: Database, world: World) -> None:
    with database.reading() as session:
        agency = session.get_one(Agency, world.agency_id)
        reference.prepare_agency(agency)
        agency.escalate_after = [3, 3, 30]
        with pytest.raises(NotUnderstoodError, match="larger than the one before"):
            reference.prepare_agency(agency)
        agency.escalate_after, agency.send_from, agency.send_until = [3, 7, 30], time(16), time(16)
        with pytest.raises(NotUnderstoodError, match="end after it begins"):
            reference.prepare_agency(agency)


def test_a_change_is_recorded_and_a_new_division_gets_its_tasks(database: Database, world: World) -> None:
    with database.writing() as session:
        agency = session.get_one(Agency, world.agency_id)
        unit = Unit(agency_id=agency.id, name="กองประปา", kind="division", known=True, position=9)
        session.add(unit)
        with session.no_autoflush:
            reference.prepare_unit(session, unit, by=TEST, at=BUILT_AT)
        reference.settle(session, agency, "unit_changed", unit, by=TEST, at=BUILT_AT)
        assert session.scalar(select(func.count(Task.id)).where(Task.units.any(Unit.id == unit.id)))
        alias = UnitAlias(agency_id=agency.id, unit=unit, name=" ฝ่าย ประปา ")
        reference.prepare_alias(alias)
        session.add(alias)
        reference.settle(session, agency, "unit_alias_changed", alias, by=TEST, at=BUILT_AT)
        kinds = session.scalars(select(Event.kind).order_by(Event.sequence.desc()).limit(3)).all()
        assert set(kinds) >= {"unit_changed", "tasks_generated", "unit_alias_changed"}
