"""A real PostgreSQL server for tests: the one named by TEST_POSTGRES_URL, or the one that a package carries."""

import fcntl
import os
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from pgserver._commands import POSTGRES_BIN_PATH as PROGRAMS
from pgserver.utils import ensure_folder_permissions, ensure_prefix_permissions, ensure_user_exists
from sqlalchemy.engine import make_url

from tracker.store import migrate
from tracker.store.db import Database

PATIENCE = 120
"""Seconds until a server must answer, on a machine that other tests share."""
_TEMPLATE = "tracker_migrated"
_FOR_A_RUN = {
    "fsync": "off",  # nobody needs its files after the run
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_wal_size": "8GB",
}


@contextmanager
def running_postgres(folder: Path) -> Iterator[str]:
    """The address of a server with a migrated template database; it ends with the block."""
    named = os.environ.get("TEST_POSTGRES_URL")
    if named:
        _make_template(named)
        yield named
        return
    with _server(folder) as url:
        _make_template(url)
        yield url


@contextmanager
def fresh_database(url: str, template: str = _TEMPLATE) -> Iterator[str]:
    """The address of a copy of the template database, dropped after the block."""
    name = f"test_{uuid.uuid4().hex}"
    _execute(url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield _named(url, name)
    finally:
        _execute(url, f'DROP DATABASE "{name}" WITH (FORCE)')


def _make_template(url: str) -> None:
    _execute(url, f'DROP DATABASE IF EXISTS "{_TEMPLATE}"', f'CREATE DATABASE "{_TEMPLATE}"')
    database = Database(_named(url, _TEMPLATE))
    migrate.upgrade(database)
    database.dispose()


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    """The package's server on a new folder, without a port: it listens on a socket in there."""
    user = _owner_of(folder)
    data, log = folder / "data", folder / "log"
    given = [word for name, value in _FOR_A_RUN.items() for word in ("-c", f"{name}={value}")]
    made = [PROGRAMS / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=utf8", "--no-sync"]
    subprocess.run(made, user=user, cwd=folder, check=True, capture_output=True)
    with log.open("wb") as out:
        started = [PROGRAMS / "postgres", "-D", data, "-h", "", "-k", folder, *given]
        process = subprocess.Popen(started, user=user, cwd=folder, stdout=out, stderr=out)
    url = f"postgresql://postgres@/postgres?host={folder}"
    try:
        _wait_for(url, process, log)
        yield url
    finally:
        process.send_signal(signal.SIGQUIT)  # at once: nobody reads its files again
        process.wait()


def _owner_of(folder: Path) -> str | None:
    """Who runs the server: it refuses to be root's, whose folder and programs are then opened to another user.

    One process after the other, or two add that user at once.
    """
    if os.geteuid() != 0:
        return None
    with (Path(tempfile.gettempdir()) / "tracker-tests-postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        user = ensure_user_exists("pgserver")
        ensure_prefix_permissions(PROGRAMS)
        ensure_folder_permissions(PROGRAMS.parent, 0o055)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return str(user.pw_name)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}") from None
            time.sleep(0.05)
        else:
            return


def _named(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _execute(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)
