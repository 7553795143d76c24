"""A sign-in for a person: made once, and an account that nobody has proved opens no second agency."""

import pytest
from sqlalchemy import select

from tests.factories import BUILT_AT, TEST, World, build_world
from tracker.errors import ConflictError, NotFoundError
from tracker.models import Event, Member
from tracker.services.accounts.member_sign_in import give_sign_in, join_known_account, member_without_sign_in
from tracker.store.db import Database


def add_member(database: Database, world: World, email: str | None) -> int:
    with database.writing() as session:
        member = Member(agency_id=world.agency_id, name="คนใหม่", email=email)
        session.add(member)
        session.flush()
        return member.id


def test_only_the_agencys_people_of_an_address_without_a_sign_in_get_one(database: Database) -> None:
    with database.writing() as session:
        ours, theirs = build_world(session), build_world(session, "อบต.ข้างเคียง", "khang.example")
    new, no_address = add_member(database, ours, "new@tua.example"), add_member(database, ours, None)
    with database.writing() as session:
        member = member_without_sign_in(session, ours.agency_id, new)
        for agency_id, member_id in ((theirs.agency_id, new), (ours.agency_id, no_address), (ours.agency_id, 0)):
            with pytest.raises(NotFoundError):
                member_without_sign_in(session, agency_id, member_id)
        assert not join_known_account(session, member)
        account = give_sign_in(session, member, "hash", by=TEST, at=BUILT_AT)
        assert (member.account, account.address_proved) == (account, False)
        assert session.scalars(select(Event.kind).order_by(Event.id.desc()).limit(1)).one() == "account_created"
        session.flush()
        with pytest.raises(ConflictError, match="has a sign-in already"):
            member_without_sign_in(session, ours.agency_id, new)


def test_an_account_opens_another_agency_once_its_address_is_proved(database: Database) -> None:
    with database.writing() as session:
        ours, theirs = build_world(session), build_world(session, "อบต.ข้างเคียง", "khang.example")
    here, there = (add_member(database, world, "both@x.example") for world in (ours, theirs))
    with database.writing() as session:
        member = member_without_sign_in(session, ours.agency_id, here)
        account = give_sign_in(session, member, "hash", by=TEST, at=BUILT_AT)
        session.flush()
        other = member_without_sign_in(session, theirs.agency_id, there)
        with pytest.raises(ConflictError, match="nobody has proved"):
            join_known_account(session, other)
        assert not join_known_account(session, other, by_mail=True)
        account.address_proved = True
        assert join_known_account(session, other)
        assert other.account is account
