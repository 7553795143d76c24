"""The web without form tokens and limits, which have tests of their own, and odd requests of it."""

from collections.abc import Callable

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


@pytest.fixture
def unguarded(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application without form tokens and limits: what is held is who may, and what an answer is."""
    app = lent_app(settings, database)
    app.config["WTF_CSRF_ENABLED"] = False
    monkeypatch.setattr(auth.limiter, "enabled", False)
    return app


@pytest.fixture
def accidents(
    unguarded: Flask,
    database: Database,
    settings: Settings,
    ours: World,
    theirs: World,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[int, int], list[str]]:
    """Asks so many requests of a seed, each of the same world; gives what went wrong, a line a request."""
    things = plant(database, settings, ours, theirs)
    cookies = {role: signed_in(unguarded, ours, role) for role in ROLES}
    monkeypatch.setattr(Session, "commit", Session.rollback)

    def asked(seed: int, count: int) -> list[str]:
        requests = odd_requests(unguarded, things, ROLES, seed, count)
        return [line for one in requests if (line := _accident(unguarded, cookies[one.role], one))]

    return asked


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
