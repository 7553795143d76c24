"""docs/access.md is true: every route for every role, on own and foreign things; and no route is missing there."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from admin.app import create_app
from admin.pages.accounts import auth
from tests.admin.access.access_walk import ROLES, Asked, ask, asked_of, marks_in, plant, said, signed_in
from tests.conftest import ROOT
from tests.factories import World
from tracker.settings import Settings
from tracker.store.db import Database

TABLE = ROOT / "docs" / "access.md"
BEARER = ("done_link.show", "done_link.send")
"""Addresses that are their own key: they show their own task to whoever has them."""
SEES = {
    "stranger": set(),
    "operator": set(),
    "head": {"own unit"},
    "deputy": {"own unit"},
    "staff": {"own unit"},
    "coordinator": {"own unit", "other unit"},
    "executive": {"own unit", "other unit"},
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None,
        data_dir=tmp_path / "data",
        secret_key="only for the tests of the pages",
        line_channel_access_token="token",
        line_channel_secret="secret",
        line_api_base="http://127.0.0.1:9",
    )


@pytest.fixture
def app(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Without form tokens and limits, which have tests of their own: what is held here is who may."""
    app = create_app(settings, database)
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    monkeypatch.setattr(auth.limiter, "enabled", False)
    return app


def written() -> dict[tuple[str, str, str], dict[str, str]]:
    """The lines of the table: method, route and whose, to what each role is answered."""
    lines = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not re.match(r"\| (GET|POST) ", line):
            continue
        method, rule, whose, *answers = (cell.strip() for cell in line.strip("|").split("|"))
        lines[method, rule.strip("`"), whose] = dict(zip(ROLES, answers, strict=True))
    return lines


def needed(app: Flask) -> list[Asked]:
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
    return [asked for rule in rules for asked in asked_of(rule)]


def test_every_route_has_its_lines_and_every_line_its_route(app: Flask) -> None:
    lines, routes = set(written()), {asked.key for asked in needed(app)}
    assert sorted(routes - lines) == [], "add them to docs/access.md"
    assert sorted(lines - routes) == [], "take them out of docs/access.md"


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_answered_as_the_table_says(
    app: Flask,
    database: Database,
    settings: Settings,
    ours: World,
    theirs: World,
    role: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    things = plant(database, settings, ours, theirs)
    cookie = signed_in(app, ours, role)
    monkeypatch.setattr(Session, "commit", Session.rollback)  # every question meets the same world
    table, wrong, shown = written(), [], []
    for asked in needed(app):
        if asked.key not in table:  # the test above says so
            continue
        answer = ask(app, cookie, asked, things[asked.whose])
        expected = table[asked.key][role]
        if said(answer) != expected:
            wrong.append(f"{' '.join(asked.key)}: {said(answer)}, the table says {expected}")
        if answer.status_code == 200 and asked.endpoint not in BEARER and (seen := marks_in(answer) - SEES[role]):
            shown.append(f"{' '.join(asked.key)} shows what is of {sorted(seen)}")
    assert wrong == []
    assert shown == []
