"""Signing in at an OpenID Connect provider: a real one, honest and lying."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from flask import Flask
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import select

from admin.app import create_app
from tests.admin.conftest import NOON, Visitor
from tests.factories import World
from tests.oidc_provider import Lie, Provider, User, running
from tracker.models import Account, Event, Invitation, Member, ProviderLink
from tracker.services.accounts.invitations import invite
from tracker.services.audit import Actor
from tracker.services.upkeep.doctor import examine
from tracker.settings import Settings
from tracker.store.db import Database

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib")  # the provider's own
HEAD = "s-head"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    def person(subject: str, email: str, verified: object = True) -> User:
        return User(sub=subject, claims={"email": email, "email_verified": verified})

    people = [
        person(HEAD, "head2@tua.example"), person("s-again", "HEAD2@tua.example"),
        person("s-coordinator", "coordinator@tua.example"), person("s-guest", "guest@tua.example"),
        person("s-unknown", "nobody@elsewhere.example"), person("s-unverified", "head3@tua.example", False),
        person("s-text", "head3@tua.example", "true"), person("s-moved", "new-address@elsewhere.example"),
    ]  # fmt: skip
    with running(people) as found:
        yield found


@pytest.fixture(autouse=True)
def _honest(provider: Provider) -> Iterator[None]:
    yield
    provider.lie = provider.forge = None
    provider.metadata.clear()
    provider.asked.clear()


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Settings:
    return Settings(
        _env_file=None,
        data_dir=tmp_path_factory.mktemp("data"),
        secret_key="only for the tests of the pages",
        base_url="http://localhost",
        oidc_issuer=provider.issuer,
        oidc_client_id="tracker",
        oidc_client_secret="s",
        oidc_label="ThaID",
    )


def _go(visitor: Visitor, provider: Provider, subject: str, next_: str = "") -> tuple[str, str]:
    """Begins at our page and allows at the provider's; gives its address and the way back as a path."""
    begun = visitor.get(f"/sign-in/oidc?next={next_}")
    assert begun.status_code == 302
    back = urlsplit(provider.allow(begun.location, subject))
    assert (back.scheme, back.netloc, back.path) == ("http", "localhost", "/sign-in/oidc/back")
    return begun.location, f"{back.path}?{back.query}"


def test_a_known_person_signs_in_and_comes_back_to_the_page(
    stranger: Visitor, provider: Provider, database: Database, ours: World
) -> None:
    assert "เข้าสู่ระบบด้วย ThaID" in stranger.get("/sign-in?next=/plan/").text
    address, back = _go(stranger, provider, HEAD, "/plan/")
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 32
    assert len(asked["nonce"][0]) >= 32
    assert asked["scope"] == ["openid email profile"]
    assert stranger.get(back).location == "/plan/"
    assert stranger.get("/tasks/").status_code == 200
    with database.reading() as session:
        link = session.scalars(select(ProviderLink)).one()
        assert (link.issuer, link.subject) == (provider.issuer, HEAD)
        assert link.account.email == ours.email("head2")
        assert session.scalar(select(Event).where(Event.kind == "provider_linked")) is not None


def test_a_linked_person_stays_linked_when_the_address_changes(
    app: Flask, provider: Provider, database: Database, ours: World
) -> None:
    with database.writing() as session:
        account_id = session.get_one(Member, ours.members["head2"]).account_id
        session.add(ProviderLink(account_id=account_id, issuer=provider.issuer, subject="s-moved", created_at=NOON))
    visitor = Visitor(app.test_client())
    assert visitor.get(_go(visitor, provider, "s-moved")[1]).status_code == 302
    assert visitor.get("/tasks/").status_code == 200


def test_another_person_with_a_reused_address_is_refused(app: Flask, provider: Provider) -> None:
    first, second = Visitor(app.test_client()), Visitor(app.test_client())
    assert first.get(_go(first, provider, HEAD)[1]).status_code == 302
    answer = second.get(_go(second, provider, "s-again")[1])
    assert answer.status_code == 409
    assert "เคยผูกกับผู้ใช้อีกคน" in answer.text
    assert second.get("/tasks/").status_code == 302


def test_an_invited_person_gets_the_account_and_the_rights_that_the_agency_gave(
    app: Flask, provider: Provider, database: Database, ours: World
) -> None:
    with database.writing() as session:
        guest = Member(agency_id=ours.agency_id, name="guest", email="guest@tua.example")
        session.add(guest)
        session.flush()
        invite(session, guest, by_mail=False, by=Actor("test", "cli"), at=NOON)
    visitor = Visitor(app.test_client())
    assert visitor.get(_go(visitor, provider, "s-guest")[1]).status_code == 302
    assert visitor.get("/plan/").status_code == 200
    assert visitor.get("/people/").status_code == 403
    with database.reading() as session:
        account = session.scalars(select(Account).where(Account.email == "guest@tua.example")).one()
        assert account.password_hash is None
        assert session.scalars(select(Invitation)).one().used_at is not None


@pytest.mark.parametrize(
    ("subject", "sentence"),
    [
        ("s-unknown", "ยังไม่มีบัญชีในระบบนี้"),
        ("s-guest", "ยังไม่มีบัญชีในระบบนี้"),
        ("s-unverified", "ยังไม่ยืนยันอีเมล"),
        ("s-text", "ยังไม่ยืนยันอีเมล"),
    ],
)
def test_nobody_gets_in_without_a_verified_address_that_is_known(
    stranger: Visitor, provider: Provider, database: Database, subject: str, sentence: str
) -> None:
    answer = stranger.get(_go(stranger, provider, subject)[1])
    assert answer.status_code == 401
    assert answer.text.count('role="alert"') == 1
    assert sentence in answer.text
    assert stranger.get("/tasks/").status_code == 302
    with database.reading() as session:
        assert session.scalar(select(ProviderLink)) is None
        assert session.scalar(select(Account).where(Account.email == "nobody@elsewhere.example")) is None


def test_the_second_factor_is_asked_for_as_ever(
    app: Flask, provider: Provider, database: Database, ours: World
) -> None:
    with database.writing() as session:
        account = session.scalars(select(Account).where(Account.email == ours.email("head2"))).one()
        account.factor_since = NOON
    visitor = Visitor(app.test_client())
    answer = visitor.get(_go(visitor, provider, HEAD, "/plan/")[1])
    assert answer.location == "/sign-in/code?next=/plan/"
    assert visitor.get("/tasks/").status_code == 302


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example"])
def test_the_way_back_leads_to_no_other_site(stranger: Visitor, provider: Provider, target: str) -> None:
    assert stranger.get(_go(stranger, provider, HEAD, target)[1]).location == "/"


def _other_state(path: str) -> str:
    return path.replace("state=", "state=x")


def _no_state(path: str) -> str:
    return path.replace("state=", "other=")


def _other_issuer(path: str) -> str:
    return f"{path}&iss=https://evil.example"


def _other_code(path: str) -> str:
    return path.replace("code=", "code=x")


@pytest.mark.parametrize("tamper", [_other_state, _no_state, _other_issuer, _other_code])
def test_a_tampered_answer_is_refused(stranger: Visitor, provider: Provider, tamper: Callable[[str], str]) -> None:
    answer = stranger.get(tamper(_go(stranger, provider, HEAD)[1]))
    assert answer.status_code == 401
    assert "ไม่สำเร็จ กรุณาเริ่มใหม่" in answer.text
    assert stranger.get("/tasks/").status_code == 302


def test_an_answer_serves_once_and_only_the_browser_that_asked(app: Flask, provider: Provider) -> None:
    asking, other = Visitor(app.test_client()), Visitor(app.test_client())
    _, back = _go(asking, provider, HEAD)
    assert other.get(back).location == "/sign-in"
    assert asking.get(back).status_code == 302
    asking.post("/sign-out")
    assert asking.get(back).location == "/sign-in"


def test_an_answer_after_ten_minutes_begins_anew(stranger: Visitor, provider: Provider) -> None:
    _, back = _go(stranger, provider, HEAD)
    with time_machine.travel(NOON + timedelta(minutes=11), tick=False):
        assert stranger.get(back).location == "/sign-in"


LIES: dict[str, Lie] = {
    "nonce of another sign-in": lambda claims: claims.update(nonce="another"),
    "no nonce": lambda claims: claims.pop("nonce"),
    "for another application": lambda claims: claims.update(aud="another"),
    "for two, handed to another": lambda claims: claims.update(aud=["tracker", "another"], azp="another"),
    "expired": lambda claims: claims.update(exp=claims["iat"] - 3600),
    "without end": lambda claims: claims.pop("exp"),
    "of another provider": lambda claims: claims.update(iss="https://evil.example"),
    "without a person": lambda claims: claims.pop("sub"),
    "not yet good": lambda claims: claims.update(nbf=claims["iat"] + 3600),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_token_that_is_not_for_this_sign_in_is_refused(stranger: Visitor, provider: Provider, lie: Lie) -> None:
    _, back = _go(stranger, provider, HEAD)
    provider.lie = lie
    answer = stranger.get(back)
    assert answer.status_code == 401
    assert "ไม่สำเร็จ กรุณาเริ่มใหม่" in answer.text
    assert stranger.get("/tasks/").status_code == 302


def _by_another_key(claims: dict[str, Any], _own: RSAKey) -> str:
    return jwt.encode({"alg": "RS256"}, claims, RSAKey.generate_key(2048))


def _with_no_signature(claims: dict[str, Any], _own: RSAKey) -> str:
    parts = [urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "none"}, claims)]
    return f"{parts[0]}.{parts[1]}."


def _by_the_secret(claims: dict[str, Any], _own: RSAKey) -> str:
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key("a secret of the client's own"))


def _by_the_public_key_as_a_secret(claims: dict[str, Any], own: RSAKey) -> str:
    header = urlsafe_b64encode(b'{"alg":"HS256"}').decode().rstrip("=")
    body = urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    mark = hmac.new(own.as_pem(private=False), f"{header}.{body}".encode(), "sha256").digest()
    return f"{header}.{body}.{urlsafe_b64encode(mark).decode().rstrip('=')}"


@pytest.mark.parametrize("forge", [_by_another_key, _with_no_signature, _by_the_secret, _by_the_public_key_as_a_secret])
def test_only_what_the_provider_alone_can_sign_counts(
    stranger: Visitor, provider: Provider, forge: Callable[[dict[str, Any], RSAKey], str]
) -> None:
    _, back = _go(stranger, provider, HEAD)
    provider.forge = forge
    provider.metadata["id_token_signing_alg_values_supported"] = ["RS256", "HS256", "none"]
    assert stranger.get(back).status_code == 401
    assert stranger.get("/tasks/").status_code == 302


def test_a_provider_that_signs_only_in_unsafe_ways_is_not_used(stranger: Visitor, provider: Provider) -> None:
    _, back = _go(stranger, provider, HEAD)
    provider.metadata["id_token_signing_alg_values_supported"] = ["none", "HS256"]
    assert stranger.get(back).status_code == 502


def test_one_who_says_no_comes_back_to_the_form(stranger: Visitor, provider: Provider) -> None:
    begun = stranger.get("/sign-in/oidc").location
    back = urlsplit(provider.deny(begun))
    answer = stranger.get(f"{back.path}?{back.query}")
    assert answer.status_code == 401
    assert 'name="password"' in answer.text


def test_a_provider_with_another_name_or_without_answer_is_told(
    stranger: Visitor, provider: Provider, settings: Settings, database: Database
) -> None:
    provider.metadata["issuer"] = "https://evil.example"
    answer = stranger.get("/sign-in/oidc")
    assert answer.status_code == 502
    assert "ไม่ตอบตามที่ควร" in answer.text
    away = settings.model_copy(update={"oidc_issuer": "http://127.0.0.1:9"})
    visitor = Visitor(create_app(away, database).test_client())
    assert visitor.get("/sign-in/oidc").status_code == 502
    assert visitor.sign_in("head2@tua.example").status_code == 302


def test_the_userinfo_is_asked_where_the_token_has_no_address(stranger: Visitor, provider: Provider) -> None:
    _, back = _go(stranger, provider, HEAD)
    provider.lie = lambda claims: [claims.pop(name) for name in ("email", "email_verified")]
    assert stranger.get(back).status_code == 302
    assert stranger.get("/tasks/").status_code == 200


def test_without_settings_there_is_no_button_and_no_route(settings: Settings, database: Database) -> None:
    without = settings.model_copy(update={"oidc_issuer": None})
    visitor = Visitor(create_app(without, database).test_client())
    assert "ThaID" not in visitor.get("/sign-in").text
    assert visitor.get("/sign-in/oidc").status_code == 404
    assert visitor.get("/sign-in/oidc/back").status_code == 404


def test_begin_is_limited(stranger: Visitor, provider: Provider) -> None:
    answers = [stranger.get("/sign-in/oidc").status_code for _ in range(31)]
    assert answers == [302] * 30 + [429]
    assert provider.asked == []


def test_the_doctor_asks_the_provider(settings: Settings) -> None:
    def found(chosen: Settings) -> tuple[str, str]:
        return next((one.state, one.remark) for one in examine(chosen, NOON) if one.name == "sign-in provider")

    assert found(settings)[0] == "ok"
    assert "http://localhost/sign-in/oidc/back" in found(settings)[1]
    assert found(settings.model_copy(update={"oidc_issuer": "http://127.0.0.1:9"}))[0] == "failed"
    assert found(settings.model_copy(update={"oidc_client_id": None}))[0] == "off"
