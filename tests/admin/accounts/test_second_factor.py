"""The second factor: set up with a picture, asked at sign-in, each code once, recovery codes for a lost phone."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import unquote

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from admin.app import create_app
from admin.web.limits import limiter
from tests.admin.conftest import NOON, Visitor
from tests.factories import PASSWORD, World
from tracker.models import Account, Agency, Member, RecoveryCode
from tracker.settings import Settings
from tracker.store.db import Database

PAGE = "/account/second-factor/"


@pytest.fixture(autouse=True)
def _counters_at_zero() -> Iterator[None]:
    yield
    limiter.reset()


def code_at(secret: str, seconds: int = 0) -> str:
    return pyotp.TOTP(secret).at(NOON + timedelta(seconds=seconds))


def set_up(visitor: Visitor) -> tuple[str, list[str]]:
    """Turns the second factor on; gives its secret and the recovery codes."""
    visitor.get(PAGE)
    page = visitor.post(f"{PAGE}start", follow=True).text
    assert 'src="data:image/svg+xml' in page
    shown = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert shown
    secret = shown[1].replace(" ", "")
    codes = visitor.post(f"{PAGE}confirm", {"password": PASSWORD, "code": code_at(secret)}).text
    return secret, re.findall(r"<code>([a-z2-9-]{14})</code>", codes)


def stored(database: Database, email: str) -> Account:
    with database.reading() as session:
        return session.scalars(select(Account).where(Account.email == email)).one()


def test_after_the_password_the_code_opens(app: Flask, coordinator: Visitor, ours: World, database: Database) -> None:
    secret, codes = set_up(coordinator)
    assert len(set(codes)) == 10
    kept = stored(database, ours.email("coordinator"))
    assert kept.factor_secret
    assert secret not in kept.factor_secret
    other = Visitor(app.test_client())
    assert other.sign_in(ours.email("coordinator"), next_="/people/").location == "/sign-in/code?next=/people/"
    assert other.get("/people/").status_code == 302
    other.get("/sign-in/code?next=/people/")
    assert other.post("/sign-in/code?next=/people/", {"code": "000000"}).status_code == 401
    answer = other.post("/sign-in/code?next=/people/", {"code": f"{code_at(secret, 30)[:3]} {code_at(secret, 30)[3:]}"})
    assert answer.location == "/people/"
    assert other.get("/people/").status_code == 200


def test_a_code_opens_once_and_only_near_its_time(app: Flask, coordinator: Visitor, ours: World) -> None:
    secret, _ = set_up(coordinator)
    other = Visitor(app.test_client())
    other.sign_in(ours.email("coordinator"))
    other.get("/sign-in/code")
    for stale in (code_at(secret), code_at(secret, -60), code_at(secret, 90)):
        assert other.post("/sign-in/code", {"code": stale}).status_code == 401
    with time_machine.travel(NOON + timedelta(minutes=2), tick=False):
        assert other.post("/sign-in/code", {"code": code_at(secret, 120)}).status_code == 302
        third = Visitor(app.test_client())
        third.sign_in(ours.email("coordinator"))
        third.get("/sign-in/code")
        assert third.post("/sign-in/code", {"code": code_at(secret, 120)}).status_code == 401


def test_each_recovery_code_opens_once(app: Flask, coordinator: Visitor, ours: World, database: Database) -> None:
    _, codes = set_up(coordinator)
    with database.reading() as session:
        hashes = session.scalars(select(RecoveryCode.code_hash)).all()
    assert all(one.startswith("$argon2id$") for one in hashes)
    for expected in (302, 401):
        other = Visitor(app.test_client())
        other.sign_in(ours.email("coordinator"))
        other.get("/sign-in/code")
        assert other.post("/sign-in/code", {"code": codes[3].upper()}).status_code == expected
    assert "เหลือรหัสกู้คืน ๙ รหัส" in coordinator.get(PAGE).text


def test_guessing_makes_a_pause_and_the_password_counts_for_ten_minutes(
    app: Flask, coordinator: Visitor, ours: World
) -> None:
    secret, _ = set_up(coordinator)
    other = Visitor(app.test_client())
    other.sign_in(ours.email("coordinator"))
    other.get("/sign-in/code")
    with time_machine.travel(NOON + timedelta(minutes=11), tick=False):
        assert other.post("/sign-in/code", {"code": code_at(secret, 660)}).location == "/sign-in"
    tries = [other.post("/sign-in/code", {"code": "000000"}).status_code for _ in range(11)]
    assert tries == [401] * 10 + [429]
    assert other.post("/sign-in/code", {"code": code_at(secret, 30)}).status_code == 429


def test_a_wrong_first_code_turns_nothing_on(coordinator: Visitor, database: Database, ours: World) -> None:
    coordinator.get(PAGE)
    coordinator.post(f"{PAGE}start")
    assert coordinator.post(f"{PAGE}confirm", {"password": PASSWORD, "code": "000000"}).status_code == 422
    assert stored(database, ours.email("coordinator")).factor_since is None


def test_only_the_owner_removes_it_or_makes_new_codes(coordinator: Visitor, database: Database, ours: World) -> None:
    secret, codes = set_up(coordinator)
    later = code_at(secret, 30)
    assert coordinator.post(f"{PAGE}remove", {"password": "wrong", "code": later}).status_code == 422
    assert coordinator.post(f"{PAGE}remove", {"password": PASSWORD, "code": "000000"}).status_code == 422
    fresh = coordinator.post(f"{PAGE}codes", {"password": PASSWORD, "code": later}).text
    assert codes[0] not in fresh
    again = re.findall(r"<code>([a-z2-9-]{14})</code>", fresh)
    assert coordinator.post(f"{PAGE}remove", {"password": PASSWORD, "code": codes[0]}).status_code == 422
    assert coordinator.post(f"{PAGE}remove", {"password": PASSWORD, "code": again[0]}).status_code == 302
    assert stored(database, ours.email("coordinator")).factor_since is None


def test_where_the_agency_asks_for_it_a_coordinator_sets_it_up_first(
    coordinator: Visitor, head: Visitor, database: Database, ours: World
) -> None:
    assert "แนะนำ" in coordinator.get("/account/").text
    with database.writing() as session:
        session.get_one(Agency, ours.agency_id).factor_required = True
    assert coordinator.get("/people/").location == PAGE
    assert "กรุณาตั้งค่าก่อนใช้งานต่อ" in coordinator.get(PAGE).text
    assert head.get("/tasks/").status_code == 200
    set_up(coordinator)
    assert coordinator.get("/people/").status_code == 200


def test_the_installation_asks_it_of_operators_and_coordinators_after_some_days(
    settings: Settings, database: Database, ours: World
) -> None:
    app = create_app(settings.model_copy(update={"second_factor_required": True}), database)
    for who, page in (("operator@host.example", "/operations/"), (ours.email("coordinator"), "/people/")):
        visitor = Visitor(app.test_client())
        visitor.sign_in(who)
        assert visitor.get(page).location == PAGE
        with database.writing() as session:
            session.scalars(select(Account).where(Account.email == who)).one().created_at = NOON - timedelta(days=13)
        answer = visitor.get(page)
        assert answer.status_code == 200
        assert "ตั้งแต่ ๓๐ มีนาคม ๒๕๖๖ ท่านต้องเข้าสู่ระบบด้วยการยืนยันสองขั้น" in answer.text
        with time_machine.travel(NOON + timedelta(days=1), tick=False):
            assert visitor.get(page).location == PAGE
    head = Visitor(app.test_client())
    head.sign_in(ours.email("head2"))
    assert "ยืนยันสองขั้น" not in head.get("/tasks/").text


def test_it_is_asked_for_unless_the_installation_says_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRACKER_SECOND_FACTOR_REQUIRED")
    assert Settings(_env_file=None).second_factor_required


def test_the_picture_says_what_the_app_needs(coordinator: Visitor) -> None:
    coordinator.get(PAGE)
    page = coordinator.post(f"{PAGE}start", follow=True)
    assert "img-src 'self' data:" in page.headers["Content-Security-Policy"]
    assert "<svg" in unquote(page.text)


def test_setting_it_up_takes_the_password_too(coordinator: Visitor, database: Database, ours: World) -> None:
    coordinator.get(PAGE)
    page = coordinator.post(f"{PAGE}start", follow=True).text
    shown = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert shown
    code = code_at(shown[1].replace(" ", ""))
    assert coordinator.post(f"{PAGE}confirm", {"code": code}).status_code == 422
    assert coordinator.post(f"{PAGE}confirm", {"password": "wrong", "code": code}).status_code == 422
    assert stored(database, ours.email("coordinator")).factor_since is None


def test_who_has_no_password_is_asked_for_none(coordinator: Visitor, database: Database, ours: World) -> None:
    with database.writing() as session:
        query = select(Account).where(Account.email == ours.email("coordinator"))
        session.scalars(query).one().password_hash = None
    assert 'name="current"' not in coordinator.get("/account/").text
    coordinator.get(PAGE)
    page = coordinator.post(f"{PAGE}start", follow=True).text
    assert 'name="password"' not in page
    shown = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert shown
    secret = shown[1].replace(" ", "")
    assert coordinator.post(f"{PAGE}confirm", {"code": code_at(secret)}).status_code == 200
    assert coordinator.post(f"{PAGE}remove", {"code": code_at(secret, 30)}).status_code == 302


def test_every_page_says_the_same_of_the_second_factor(settings: Settings, database: Database, ours: World) -> None:
    app = create_app(settings.model_copy(update={"second_factor_required": True}), database)
    app.testing = True
    coordinator = Visitor(app.test_client())

    def said() -> list[bool]:
        account, own = coordinator.get("/account/").text, coordinator.get("/account/second-factor/").text
        return ["แนะนำ" in account, "ต้องใช้ตั้งแต่" in account, "แนะนำให้ท่าน" in own, "ตั้งแต่ ๑๒ เมษายน ๒๕๖๖" in own]

    with database.writing() as session:
        account = session.get_one(Member, ours.members["coordinator"]).account
        assert account is not None
        account.created_at = NOON
    coordinator.sign_in(ours.email("coordinator"))
    assert said() == [False, True, False, True]
    assert "ตั้งแต่ ๑๒ เมษายน ๒๕๖๖" in coordinator.get("/overview/").text
    assert "ระบบกำหนดให้ใช้อยู่แล้ว" in coordinator.get(f"/admin/settings/edit/?id={ours.agency_id}").text
