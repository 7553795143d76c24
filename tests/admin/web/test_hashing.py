"""While a password or a code is hashed or compared, which takes its time on purpose, others write."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask

from admin.web.limits import limiter
from tests.admin.accounts.test_invitations import CHOSEN, invited, join
from tests.admin.accounts.test_second_factor import PAGE, code_at, set_up
from tests.admin.conftest import NOON, Visitor
from tests.factories import PASSWORD, World
from tracker.store.db import Database

NEW = "แม่น้ำสายยาวไหลช้า"


@pytest.fixture(autouse=True)
def _counters_at_zero() -> Iterator[None]:
    yield
    limiter.reset()


@pytest.fixture
def hashings(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was hashed or compared, each while another one could begin to write (it raises where not)."""
    done: list[str] = []

    def watched(name: str) -> None:
        real: Any = getattr(PasswordHasher, name)

        def look(hasher: PasswordHasher, *values: Any) -> Any:
            assert database.url.database
            with closing(sqlite3.connect(database.url.database, timeout=0, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                other.execute("ROLLBACK")
            done.append(name)
            return real(hasher, *values)

        monkeypatch.setattr(PasswordHasher, name, look)

    watched("hash")
    watched("verify")
    return done


def test_a_changed_password(head: Visitor, hashings: list[str]) -> None:
    assert head.post("/account/password", {"current": PASSWORD, "new": NEW, "again": NEW}).status_code == 302
    assert hashings == ["verify", "hash"]


def test_an_account_that_the_coordinator_makes(
    coordinator: Visitor, database: Database, ours: World, hashings: list[str]
) -> None:
    member = join(database, ours)
    coordinator.get("/people/")
    assert coordinator.post(f"/people/{member}/sign-in").status_code == 200
    assert hashings == ["hash"]


def test_an_accepted_invitation(
    app: Flask, coordinator: Visitor, database: Database, ours: World, hashings: list[str]
) -> None:
    link, guest = invited(coordinator, join(database, ours)), Visitor(app.test_client())
    guest.get(link)
    assert guest.post(link, CHOSEN).status_code == 302
    assert hashings == ["hash"]


def test_a_second_factor_with_its_recovery_codes(coordinator: Visitor, hashings: list[str]) -> None:
    secret, codes = set_up(coordinator)
    assert len(codes) == 10
    assert hashings == ["verify"] + 10 * ["hash"]
    hashings.clear()
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        owner = {"password": PASSWORD, "code": code_at(secret, 60)}
        assert coordinator.post(f"{PAGE}codes", owner).status_code == 200
    assert hashings == ["verify"] + 10 * ["hash"]
    hashings.clear()
    with time_machine.travel(NOON + timedelta(minutes=2), tick=False):
        owner = {"password": PASSWORD, "code": code_at(secret, 120)}
        assert coordinator.post(f"{PAGE}remove", owner).status_code == 302
    assert hashings == ["verify"]


def test_a_password_that_was_changed_meanwhile_is_not_overwritten(
    head: Visitor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = PasswordHasher.hash

    def meanwhile(hasher: PasswordHasher, password: str) -> str:
        with closing(sqlite3.connect(str(database.url.database))) as other, other:
            other.execute("UPDATE account SET password_hash = 'the operator gave another one'")
        return real(hasher, password)

    monkeypatch.setattr(PasswordHasher, "hash", meanwhile)
    assert head.post("/account/password", {"current": PASSWORD, "new": NEW, "again": NEW}).status_code == 422
    with closing(sqlite3.connect(str(database.url.database))) as other:
        kept = {one for (one,) in other.execute("SELECT password_hash FROM account")}
    assert kept == {"the operator gave another one"}
