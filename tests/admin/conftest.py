"""The web application on a migrated SQLite copy, on a fixed day, with two agencies and an operator."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from tests.factories import PASSWORD, World, add_operator, build_world
from tests.lent_app import lent_app
from tracker.models import Member, Role
from tracker.services.accounts import accounts, second_factor
from tracker.settings import Settings
from tracker.store.db import Database

TODAY = date(2023, 3, 29)
NOON = datetime(2023, 3, 29, 5, tzinfo=UTC)
_CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
_HASH_OF_NOBODY = _CHEAP.hash("of nobody")
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def pytest_configure(config: pytest.Config) -> None:
    """Flask-Admin 2.2 gives WTForms 3.3 its choices in the old way; WTForms is pinned below the release that minds."""
    config.addinivalue_line("filterwarnings", "ignore:Yielding raw tuples from iter_choices:DeprecationWarning")


@pytest.fixture(scope="session")
def built(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World, World]:
    """A database file with both agencies; tests copy it."""
    path = tmp_path_factory.mktemp("built") / "tracker.sqlite3"
    shutil.copy(migrated_sqlite, path)
    database = Database(f"sqlite:///{path}")
    with database.writing() as session:
        ours = build_world(session)
        theirs = build_world(session, "อบต.ข้างเคียง", "khang.example")
        add_operator(session)
    database.dispose()
    return path, ours, theirs


@pytest.fixture
def ours(built: tuple[Path, World, World]) -> World:
    return deepcopy(built[1])


@pytest.fixture
def theirs(built: tuple[Path, World, World]) -> World:
    return deepcopy(built[2])


@pytest.fixture(autouse=True)
def _on_a_fixed_day() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords and recovery codes are hashed as ever, but for a moment only."""
    hash_quickly(monkeypatch)


def hash_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (accounts, second_factor):
        monkeypatch.setattr(module, "_HASHER", _CHEAP)
    monkeypatch.setattr(accounts, "_NOBODY", _HASH_OF_NOBODY)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None,
        data_dir=tmp_path / "data",
        secret_key="only for the tests of the pages",
        base_url="http://reports.example",
    )


@pytest.fixture
def database(built: tuple[Path, World, World], tmp_path: Path) -> Iterator[Database]:
    copy = tmp_path / "tracker.sqlite3"
    shutil.copy(built[0], copy)
    database = Database(f"sqlite:///{copy}")
    yield database
    database.dispose()


@pytest.fixture
def app(settings: Settings, database: Database) -> Flask:
    return lent_app(settings, database)


class Visitor:
    """A browser without scripts: keeps its cookie, sends the token of the last form that it saw."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = ""

    def get(self, path: str, *, follow: bool = False) -> TestResponse:
        return self._seen(self.client.get(path, follow_redirects=follow, buffered=True))

    def post(self, path: str, data: dict[str, object] | None = None, *, follow: bool = False) -> TestResponse:
        sent = {"csrf_token": self.token, **(data or {})}
        return self._seen(self.client.post(path, data=sent, follow_redirects=follow, buffered=True))

    def sign_in(self, email: str, password: str = PASSWORD, next_: str | None = None) -> TestResponse:
        path = f"/sign-in?next={next_}" if next_ else "/sign-in"
        self.get(path)
        answer = self.post(path, {"email": email, "password": password})
        if answer.status_code == 302:
            self.get("/account/")
        return answer

    def _seen(self, answer: TestResponse) -> TestResponse:
        if answer.mimetype == "text/html" and (found := _TOKEN.search(answer.text)):
            self.token = found[1]
        return answer


@pytest.fixture
def stranger(app: Flask) -> Visitor:
    return Visitor(app.test_client())


@pytest.fixture
def head(app: Flask, ours: World) -> Visitor:
    """The head of กองคลัง."""
    visitor = Visitor(app.test_client())
    visitor.sign_in(ours.email("head2"))
    return visitor


@pytest.fixture
def coordinator(app: Flask, ours: World) -> Visitor:
    visitor = Visitor(app.test_client())
    visitor.sign_in(ours.email("coordinator"))
    return visitor


@pytest.fixture
def colleague(app: Flask, ours: World, database: Database) -> Visitor:
    """A second coordinator of the same agency."""
    with database.writing() as session:
        member = session.get_one(Member, ours.members["head3"])
        session.add(Role(agency_id=ours.agency_id, member_id=member.id, role="coordinator", rank=1))
        member.name, member.position = "นางสาวธิดา", "นิติกรชำนาญการ"
    visitor = Visitor(app.test_client())
    visitor.sign_in(ours.email("head3"))
    return visitor


def compact(page: str) -> str:
    """The page without the line ends of its source: no white space beside a tag, one space elsewhere."""
    return re.sub(r" ?(<[^>]*>) ?", r"\1", re.sub(r"[ \r\n]+", " ", page))


@contextmanager
def counted_queries(database: Database) -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
