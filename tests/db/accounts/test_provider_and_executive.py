"""What the sign-in provider opens, and the executive's aggregates, on both databases."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from admin.pages.overview.executive_data import executive
from tests.factories import build_world, task_of
from tracker.errors import ConflictError, ForbiddenError
from tracker.models import Completion, Invitation, Member, Plan
from tracker.services.accounts.invitations import invite
from tracker.services.accounts.oidc import Identity
from tracker.services.accounts.provider_sign_in import account_of, forget
from tracker.services.audit import Actor
from tracker.store.db import Database

AT = datetime(2023, 3, 29, 5, tzinfo=UTC)
ISSUER = "https://login.example.go.th"


def test_an_invitation_becomes_an_account_and_a_link_once(database: Database) -> None:
    with database.writing() as session:
        world = build_world(session)
        guest = Member(agency_id=world.agency_id, name="guest", email="Guest@tua.example")
        session.add(guest)
        session.flush()
        with pytest.raises(ForbiddenError):
            account_of(session, Identity(ISSUER, "s1", "guest@tua.example"), AT)
        invite(session, guest, by_mail=True, by=Actor("test", "cli"), at=AT)
    with database.writing() as session:
        account = account_of(session, Identity(ISSUER, "s1", "guest@tua.example"), AT)
        assert [member.name for member in account.members] == ["guest"]
        assert session.scalars(select(Invitation)).one().used_at == AT
    with database.writing() as session:
        assert account_of(session, Identity(ISSUER, "s1", None), AT).id == account.id
        with pytest.raises(ConflictError):
            account_of(session, Identity(ISSUER, "s2", "guest@tua.example"), AT)
        assert account_of(session, Identity("https://other.example", "s2", "guest@tua.example"), AT).id == account.id
        assert forget(session, account) == 2
        assert account_of(session, Identity(ISSUER, "s2", "guest@tua.example"), AT).id == account.id


def test_the_executive_sees_the_same_on_both(database: Database) -> None:
    with database.writing() as session:
        world = build_world(session)
        task = task_of(session, world, "กองคลัง", 3, date(2022, 10, 31))
        task.state = "done"
        task.completions.append(
            Completion(agency_id=world.agency_id, result="ทำแล้ว", done_on=date(2023, 4, 3), entered_at=AT)
        )
    with database.reading() as session:
        plan = session.get_one(Plan, world.plan_id)
        found = executive(session, plan, date(2023, 4, 10))
    six, twelve = found.outlooks
    assert (six.total, six.done, twelve.done, six.over, twelve.over) == (70, 0, 1, True, False)
    assert [person.name for person in found.late_units[0].people] == [f"หัวหน้า{found.late_units[0].name}"]
    assert min(unit.since for unit in found.late_units) == date(2022, 10, 31)
    assert [row.counts.total for row in found.measures] == [5, 4, 60, 1]
    assert sum(month.total for _, months in found.year for month in months) == 71
