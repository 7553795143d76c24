"""docs/access.md is true: every route for every role, on own and foreign things, as it declares; none is missing."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from admin.web.identity import person
from admin.web.may import ANYONE, FILES, Who, declared
from tests.admin.access.access_walk import ROLES, Asked, ask, asked_of, marks_in, plant, said, signed_in
from tests.conftest import ROOT
from tests.factories import World
from tracker.settings import Settings
from tracker.store.db import Database

TABLE = ROOT / "docs" / "access.md"
BEARER = (
    "done_link.show",
    "done_link.send",
    "done_link.undo",
    "done_link.again",
    "seen.show",
    "seen.remind",
    "seen.unlink_line",
    "reminders_by_link.show_by_link",
    "reminders_by_link.save_by_link",
)
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
def app(unguarded: Flask) -> Flask:
    return unguarded


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
    assert not routes - lines, f"add to docs/access.md: {sorted(routes - lines)}"
    assert not lines - routes, f"take out of docs/access.md: {sorted(lines - routes)}"


@pytest.mark.parametrize("role", ROLES)
def test_each_route_declares_whom_the_table_lets_in(
    app: Flask, database: Database, settings: Settings, ours: World, theirs: World, role: str
) -> None:
    plant(database, settings, ours, theirs)
    cookie = signed_in(app, ours, role)
    cells: dict[tuple[str, str], set[str]] = {}
    for (method, rule, _whose), answers in written().items():
        cells.setdefault((method, rule), set()).add(answers[role])
    wrong = []
    with app.test_request_context(headers={"Cookie": f"tracker={cookie}"} if cookie else {}):
        for asked in needed(app):
            said_there = cells.get((asked.method, asked.rule))
            if said_there is None or asked.endpoint in FILES:  # the first test says what is not there
                continue
            who = declared(app, asked.endpoint, asked.method)
            assert who is not None, asked
            if not _agree(who, who.allows(person()), said_there, refusal="sign in" if cookie is None else "403"):
                wrong.append(f"{asked.method} {asked.rule} is for {who.name}, the table says {sorted(said_there)}")
    assert wrong == []


def _agree(who: Who, allowed: bool, answers: set[str], refusal: str) -> bool:
    """Whether the answers of a route to a role, on all things, are those of its declaration.

    Who is let in may still be refused one thing: an executive ticks off no task, but the table then tells of others.
    """
    if who is ANYONE:
        return "403" not in answers
    return answers != {refusal} if allowed else answers == {refusal}


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
