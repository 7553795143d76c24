"""Invitations: a link for seven days and once; an account that nobody proved opens no other agency."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import select

from admin.app import create_app
from admin.web.limits import limiter
from tests.admin.accounts.test_second_factor import code_at, set_up
from tests.admin.conftest import NOON, Visitor, compact
from tests.factories import PASSWORD, World
from tests.line_server import TOKEN, running_line
from tests.smtp import Mailserver
from tracker.models import Account, Member, Role
from tracker.settings import Settings
from tracker.store.db import Database

EMAIL = "new@tua.example"
CHOSEN = {"new": PASSWORD, "again": PASSWORD}


@pytest.fixture(autouse=True)
def _counters_at_zero() -> Iterator[None]:
    yield
    limiter.reset()


@pytest.fixture
def newcomer(database: Database, ours: World) -> int:
    return join(database, ours)


def join(database: Database, world: World, email: str = EMAIL) -> int:
    with database.writing() as session:
        member = Member(agency_id=world.agency_id, name="คนใหม่", email=email)
        member.roles.append(Role(agency_id=world.agency_id, unit_id=world.units["กองคลัง"], role="staff"))
        session.add(member)
        session.flush()
        return member.id


def invited(coordinator: Visitor, member_id: int) -> str:
    """The link that is shown where no mail is set up."""
    coordinator.get("/people/")
    page = coordinator.post(f"/people/{member_id}/invite")
    assert page.status_code == 200
    found = re.search(r"/invitation/[\w-]+", page.text)
    assert found
    return found[0]


def account_of(database: Database, email: str = EMAIL) -> Account | None:
    with database.reading() as session:
        return session.scalars(select(Account).where(Account.email == email)).one_or_none()


def test_an_invited_person_chooses_a_password_and_is_in(app: Flask, coordinator: Visitor, newcomer: int) -> None:
    link = invited(coordinator, newcomer)
    guest = Visitor(app.test_client())
    assert EMAIL in guest.get(link).text
    assert guest.post(link, {"new": "short", "again": "short"}).status_code == 422
    assert guest.post(link, {"new": PASSWORD, "again": "another"}).status_code == 422
    assert guest.post(link, CHOSEN).location == "/"
    assert guest.get("/tasks/").status_code == 200
    assert Visitor(app.test_client()).sign_in(EMAIL).location == "/"
    assert guest.get(link).status_code == guest.post(link, CHOSEN).status_code == 404


def test_a_link_ends_after_seven_days_with_a_newer_one_and_with_the_address(
    app: Flask, coordinator: Visitor, newcomer: int, database: Database
) -> None:
    guest = Visitor(app.test_client())
    first, second = invited(coordinator, newcomer), invited(coordinator, newcomer)
    assert guest.get(first).status_code == 404
    with time_machine.travel(NOON + timedelta(days=7), tick=False):
        assert guest.get(second).status_code == 404
    assert guest.get(second).status_code == 200
    with database.writing() as session:
        session.get_one(Member, newcomer).email = "other@tua.example"
    assert guest.get(second).status_code == 404
    assert guest.get("/invitation/guessed").status_code == 404


def test_by_mail_the_link_goes_to_the_address_alone(
    settings: Settings, database: Database, ours: World, newcomer: int, smtp: Mailserver
) -> None:
    app = create_app(settings.model_copy(update={"smtp_url": SecretStr(smtp.url)}), database)
    coordinator = Visitor(app.test_client())
    coordinator.sign_in(ours.email("coordinator"))
    coordinator.get("/people/")
    answer = coordinator.post(f"/people/{newcomer}/invite", follow=True)
    assert "ส่งคำเชิญถึง คนใหม่ ทางอีเมลแล้ว" in answer.text
    assert "/invitation/" not in answer.text
    (mail,) = smtp.mails
    assert mail.recipient == EMAIL
    link = re.search(r"/invitation/[\w-]+", mail.text)
    assert link
    guest = Visitor(app.test_client())
    guest.get(link[0])
    assert guest.post(link[0], CHOSEN).status_code == 302
    account = account_of(database)
    assert account
    assert account.address_proved


def test_by_line_the_link_goes_to_the_linked_account_and_proves_no_address(
    settings: Settings, database: Database, ours: World, newcomer: int
) -> None:
    with running_line() as line:
        known = {"line_channel_access_token": SecretStr(TOKEN), "line_channel_secret": SecretStr("s" * 32)}
        app = create_app(settings.model_copy(update={**known, "line_api_base": line.url}), database)
        coordinator = Visitor(app.test_client())
        coordinator.sign_in(ours.email("coordinator"))
        assert "เชิญทาง LINE" not in coordinator.get("/people/").text
        with database.writing() as session:
            session.get_one(Member, newcomer).line_user_id = "U" + "1" * 32
        assert "เชิญทาง LINE" in coordinator.get("/people/").text
        answer = coordinator.post(f"/people/{newcomer}/invite", {"by": "line"}, follow=True)
        assert "ส่งคำเชิญถึง คนใหม่ ทาง LINE แล้ว" in answer.text
        assert "/invitation/" not in answer.text
        (push,) = line.accepted.values()
        link = re.search(r"/invitation/[\w-]+", str(push))
        assert link
        guest = Visitor(app.test_client())
        guest.get(link[0])
        assert guest.post(link[0], CHOSEN).status_code == 302
        account = account_of(database)
        assert account
        assert not account.address_proved


def test_a_message_that_is_ready_goes_to_the_linked_account_and_counts_as_given(
    settings: Settings, database: Database, ours: World, newcomer: int
) -> None:
    with running_line() as line:
        known = {"line_channel_access_token": SecretStr(TOKEN), "line_channel_secret": SecretStr("s" * 32)}
        at = {"line_api_base": line.url, "base_url": "http://khaowao.example.go.th"}
        coordinator = Visitor(create_app(settings.model_copy(update=known | at), database).test_client())
        coordinator.sign_in(ours.email("coordinator"))
        coordinator.get("/people/invitations/")
        coordinator.post("/people/invitations/prepare")
        send = f"/people/invitations/{newcomer}/line"
        assert send not in coordinator.get("/people/invitations/").text
        assert coordinator.post(send).status_code == 409
        with database.writing() as session:
            session.get_one(Member, newcomer).line_user_id = "U" + "1" * 32
        page = coordinator.get("/people/invitations/").text
        assert f'formaction="{send}"' in page
        assert "ส่งถึง คนใหม่ ทาง LINE แล้ว" in coordinator.post(send, follow=True).text
        (push,) = line.accepted.values()
        link = re.search(r"/invitation/[\w-]+", str(push))
        assert link
        assert link[0] in page
        assert "คัดลอกแล้ว ๑ จาก ๑ คน" in compact(coordinator.get("/people/invitations/").text)


def test_a_password_known_to_one_agency_opens_no_other(
    app: Flask, coordinator: Visitor, newcomer: int, database: Database, theirs: World
) -> None:
    target = join(database, theirs)
    link = invited(coordinator, newcomer)
    guest = Visitor(app.test_client())
    guest.get(link)
    guest.post(link, CHOSEN)
    with database.reading() as session:
        assert session.get_one(Member, newcomer).account_id is not None
        assert session.get_one(Member, target).account_id is None
    neighbour = Visitor(app.test_client())
    neighbour.sign_in(theirs.email("coordinator"))
    neighbour.get("/people/")
    assert neighbour.post(f"/people/{target}/sign-in").status_code == 409
    assert neighbour.post(f"/people/{target}/invite").status_code == 409


def test_an_invitation_by_mail_opens_no_account_without_its_second_factor(
    settings: Settings, database: Database, ours: World, theirs: World, newcomer: int, smtp: Mailserver
) -> None:
    known = {"smtp_url": SecretStr(smtp.url)}
    app = create_app(settings, database)
    coordinator, guest = Visitor(app.test_client()), Visitor(app.test_client())
    coordinator.sign_in(ours.email("coordinator"))
    link = invited(coordinator, newcomer)
    guest.get(link)
    guest.post(link, CHOSEN)
    guest.get("/tasks/")
    secret, _ = set_up(guest)
    invited_too = join(database, theirs)
    other = create_app(settings.model_copy(update=known), database)
    neighbour, reader = Visitor(other.test_client()), Visitor(other.test_client())
    neighbour.sign_in(theirs.email("coordinator"))
    neighbour.get("/people/")
    assert neighbour.post(f"/people/{invited_too}/invite").status_code == 302
    second = re.search(r"/invitation/[\w-]+", smtp.mails[0].text)
    assert second
    reader.get(second[0])
    assert reader.post(second[0], CHOSEN).location == "/sign-in/code"
    assert reader.get("/tasks/").status_code == 302
    reader.get("/sign-in/code")
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        assert reader.post("/sign-in/code", {"code": code_at(secret, 60)}).status_code == 302
        assert reader.get("/tasks/").status_code == 200


def test_only_those_without_a_sign_in_are_invited(coordinator: Visitor, ours: World, theirs: World) -> None:
    coordinator.get("/people/")
    assert coordinator.post(f"/people/{ours.members['head2']}/invite").status_code == 409
    assert coordinator.post(f"/people/{theirs.members['head2']}/invite").status_code == 404
