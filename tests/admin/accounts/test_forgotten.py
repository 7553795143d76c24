"""A forgotten password: the same answer to all, a link for an hour and once, then the second factor."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import select

from admin.app import create_app
from admin.pages.accounts.forgotten import sender
from admin.web.limits import limiter
from tests.admin.accounts.test_second_factor import code_at, set_up
from tests.admin.conftest import NOON, Visitor
from tests.factories import PASSWORD, World
from tests.line_server import TOKEN, LineServer
from tests.smtp import Mailserver
from tracker.models import Account, Event, Member
from tracker.settings import Settings
from tracker.store.db import Database

ASK = "/sign-in/forgotten"
NEW = "แม่น้ำสายยาวไหลช้า"
CHOSEN: dict[str, object] = {"new": NEW, "again": NEW}
CSRF = re.compile(r'name="csrf_token"[^>]*>')
LINK = re.compile(r"/sign-in/password/[\w.-]+")


@pytest.fixture(autouse=True)
def _counters_at_zero() -> Iterator[None]:
    yield
    limiter.reset()


@pytest.fixture
def app(settings: Settings, database: Database, smtp: Mailserver, line: LineServer) -> Iterator[Flask]:
    known = {
        "smtp_url": SecretStr(smtp.url),
        "line_channel_access_token": SecretStr(TOKEN),
        "line_channel_secret": SecretStr("s" * 32),
        "line_api_base": line.url,
    }
    yield create_app(settings.model_copy(update=known), database)
    sender.submit(int).result()


def asked(app: Flask, email: str) -> Visitor:
    """A stranger who asked for a link, which is sent by now."""
    guest = Visitor(app.test_client())
    guest.get(ASK)
    assert guest.post(ASK, {"email": email}).status_code == 200
    sender.submit(int).result()
    return guest


def link_in(smtp: Mailserver) -> str:
    found = LINK.search(smtp.mails[-1].text)
    assert found
    return found[0]


def events(database: Database) -> list[tuple[str, str | None]]:
    with database.reading() as session:
        query = select(Event).where(Event.kind.startswith("password_")).order_by(Event.id)
        return [(event.kind, event.details.get("channel")) for event in session.scalars(query)]


def test_the_link_goes_to_the_address_and_sets_a_new_password_once(
    app: Flask, ours: World, database: Database, smtp: Mailserver
) -> None:
    email = ours.email("head2")
    elsewhere = Visitor(app.test_client())
    elsewhere.sign_in(email)
    assert f'href="{ASK}"' in Visitor(app.test_client()).get("/sign-in").text
    guest = asked(app, f" {email.upper()} ")
    assert [mail.recipient for mail in smtp.mails] == [email]
    link = link_in(smtp)
    assert email in guest.get(link).text
    assert Visitor(app.test_client()).sign_in(email).status_code == 302
    assert guest.post(link, {"new": NEW, "again": "another"}).status_code == 422
    assert guest.post(link, {"new": "short", "again": "short"}).status_code == 422
    assert guest.post(link, CHOSEN).location == "/"
    assert guest.get("/tasks/").status_code == 200
    assert elsewhere.get("/tasks/").status_code == 302
    assert guest.get(link).status_code == guest.post(link, CHOSEN).status_code == 404
    assert Visitor(app.test_client()).sign_in(email).status_code == 401
    assert Visitor(app.test_client()).sign_in(email, NEW).status_code == 302
    assert events(database) == [("password_link_sent", "email"), ("password_chosen", None)]


def test_the_answer_tells_nobody_who_is_known(
    app: Flask, ours: World, theirs: World, database: Database, smtp: Mailserver, line: LineServer
) -> None:
    with database.writing() as session:
        session.get_one(Member, theirs.members["head2"]).active = False
        account = session.scalars(select(Account).where(Account.email == ours.email("head3"))).one()
        account.password_hash = None
    pages = []
    for email in (ours.email("head2"), theirs.email("head2"), ours.email("head3"), "nobody@nowhere.example"):
        guest = Visitor(app.test_client())
        guest.get(ASK)
        answer = guest.post(ASK, {"email": email})
        pages.append((answer.status_code, CSRF.sub("", answer.text.replace(email, ""))))
    sender.submit(int).result()
    assert len(set(pages)) == 1
    assert [mail.recipient for mail in smtp.mails] == [ours.email("head2")]
    assert not line.accepted


def test_a_link_ends_after_an_hour_with_the_password_and_with_the_person(
    app: Flask, ours: World, database: Database, smtp: Mailserver
) -> None:
    email = ours.email("head2")
    guest = asked(app, email)
    first = link_in(smtp)
    with time_machine.travel(NOON + timedelta(minutes=59), tick=False):
        assert guest.get(first).status_code == 200
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        assert guest.get(first).status_code == guest.post(first, CHOSEN).status_code == 404
    with database.writing() as session:
        session.get_one(Member, ours.members["head2"]).active = False
    assert guest.get(first).status_code == 404
    with database.writing() as session:
        session.get_one(Member, ours.members["head2"]).active = True
    owner = Visitor(app.test_client())
    owner.sign_in(email)
    assert owner.post("/account/password", {"current": PASSWORD, **CHOSEN}).status_code == 302
    assert guest.get(first).status_code == guest.post(first, CHOSEN).status_code == 404
    assert guest.get(f"{first[:-3]}abc").status_code == 404


def test_the_second_factor_is_asked_after_it(app: Flask, ours: World, smtp: Mailserver) -> None:
    owner = Visitor(app.test_client())
    owner.sign_in(ours.email("coordinator"))
    secret, _ = set_up(owner)
    guest = asked(app, ours.email("coordinator"))
    link = link_in(smtp)
    guest.get(link)
    assert guest.post(link, CHOSEN).location == "/sign-in/code"
    assert guest.get("/people/").status_code == 302
    guest.get("/sign-in/code")
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        assert guest.post("/sign-in/code", {"code": code_at(secret, 60)}).status_code == 302
        assert guest.get("/people/").status_code == 200


def test_it_goes_by_line_where_that_is_the_persons_channel(
    app: Flask, ours: World, database: Database, smtp: Mailserver, line: LineServer
) -> None:
    with database.writing() as session:
        for who in ("head2", "coordinator"):
            session.get_one(Member, ours.members[who]).line_user_id = "U" + who[0] * 32
    guest = asked(app, ours.email("head2"))
    assert not smtp.mails
    (push,) = line.accepted.values()
    found = LINK.search(str(push))
    assert found
    guest.get(found[0])
    assert guest.post(found[0], CHOSEN).status_code == 302
    assert events(database)[0] == ("password_link_sent", "line")
    asked(app, ours.email("coordinator"))
    assert [mail.recipient for mail in smtp.mails] == [ours.email("coordinator")]
    with database.writing() as session:
        session.get_one(Member, ours.members["head2"]).channels = ["email"]
    asked(app, ours.email("head2"))
    assert smtp.mails[-1].recipient == ours.email("head2")


def test_asking_makes_a_pause(app: Flask, ours: World) -> None:
    for email in (ours.email("head2"), "nobody@nowhere.example"):
        guest = Visitor(app.test_client())
        guest.get(ASK)
        answers = [guest.post(ASK, {"email": email}).status_code for _ in range(11)]
        assert answers == [200] * 10 + [429]
