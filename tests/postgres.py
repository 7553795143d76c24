"""A real PostgreSQL server for tests: the one named by TEST_POSTGRES_URL, or the one that a package carries."""

import fcntl
import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pgserver
import psycopg
from sqlalchemy.engine import make_url

from tracker.store import migrate
from tracker.store.db import Database

_TEMPLATE = "tracker_migrated"


@contextmanager
def running_postgres(folder: Path) -> Iterator[str]:
    """The address of a server with a migrated template database; it ends with the block."""
    named = os.environ.get("TEST_POSTGRES_URL")
    server = None if named else _server(folder)
    url = named or server.get_uri()
    try:
        _execute(url, f'DROP DATABASE IF EXISTS "{_TEMPLATE}"', f'CREATE DATABASE "{_TEMPLATE}"')
        database = Database(_named(url, _TEMPLATE))
        migrate.upgrade(database)
        database.dispose()
        yield url
    finally:
        if server is not None:
            server.cleanup()


def _server(folder: Path) -> pgserver.PostgresServer:
    """As root the package adds a user of its own at first: one process after the other, or two add it at once."""
    with (Path(tempfile.gettempdir()) / "tracker-tests-postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return pgserver.get_server(folder, cleanup_mode="stop")


@contextmanager
def fresh_database(url: str, template: str = _TEMPLATE) -> Iterator[str]:
    """The address of a copy of the template database, dropped after the block."""
    name = f"test_{uuid.uuid4().hex}"
    _execute(url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield _named(url, name)
    finally:
        _execute(url, f'DROP DATABASE "{name}" WITH (FORCE)')


def _named(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _execute(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)
