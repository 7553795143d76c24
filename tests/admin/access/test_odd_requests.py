"""Whatever is asked of whichever address, by whomever: an answer, never an accident."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from admin.pages.accounts import auth
from tests.admin.access.access_walk import ROLES, plant, signed_in
from tests.admin.access.odd_requests import OddRequest, odd_requests
from tests.factories import World
from tests.lent_app import lent_app
from tracker.settings import Settings
from tracker.store.db import Database

SEED = 2569
COUNT = 600


@pytest.fixture
def app(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> Flask:
    app = lent_app(settings, database)
    app.config["WTF_CSRF_ENABLED"] = False
    monkeypatch.setattr(auth.limiter, "enabled", False)
    return app


def test_odd_requests_are_answered(
    app: Flask,
    database: Database,
    settings: Settings,
    ours: World,
    theirs: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert accidents(app, database, settings, ours, theirs, monkeypatch, seed=SEED, count=COUNT) == []


def accidents(
    app: Flask,
    database: Database,
    settings: Settings,
    ours: World,
    theirs: World,
    monkeypatch: pytest.MonkeyPatch,
    *,
    seed: int,
    count: int,
) -> list[str]:
    """What went wrong, a line a request; every request meets the same world."""
    things = plant(database, settings, ours, theirs)
    cookies = {role: signed_in(app, ours, role) for role in ROLES}
    monkeypatch.setattr(Session, "commit", Session.rollback)
    found = (_accident(app, cookies[one.role], one) for one in odd_requests(app, things, ROLES, seed, count))
    return [line for line in found if line]


def _accident(app: Flask, cookie: str | None, asked: OddRequest) -> str | None:
    client = app.test_client()
    if cookie:
        client.set_cookie("tracker", cookie)
    try:
        answer = client.open(
            asked.path, method=asked.method, data=asked.data() or None, headers=dict(asked.headers), buffered=True
        )
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:200]} on {asked}"[:1500]
    if answer.status_code >= 500:
        return f"{answer.status_code} on {asked}"[:1500]
    return None
