"""What people see when the disk is full, a commit fails or the database is away: a sentence; and nothing was saved."""

import sqlite3
from contextlib import closing

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Connection, event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.admin.conftest import Visitor
from tests.factories import World
from tracker.models import Completion, Task
from tracker.services.audit import verify
from tracker.store import db
from tracker.store.db import Database

SORRY = "ยังไม่ได้บันทึกข้อมูลใด"
DONE = {"result": "ประชุมแล้ว " * 800, "done_on": "20/3/2566"}


@pytest.fixture(autouse=True)
def _as_in_production(app: Flask) -> None:
    app.testing = False


def own_task(database: Database, world: World) -> int:
    with database.reading() as session:
        query = select(Task.id).where(Task.agency_id == world.agency_id, Task.state == "pending")
        return session.scalars(query.where(Task.units.any(id=world.units["กองคลัง"])).order_by(Task.id)).all()[0]


def nothing_is_half_saved(database: Database, world: World, task_id: int) -> bool:
    with database.reading() as session:
        completions = session.scalars(select(Completion).where(Completion.task_id == task_id)).all()
        return not completions and not verify(session, world.agency_id)


def test_a_full_disk_is_told_and_work_goes_on_when_there_is_room(
    head: Visitor, database: Database, ours: World
) -> None:
    task_id, full = own_task(database, ours), True

    def fill(connection: sqlite3.Connection, *_: object) -> None:
        if full:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count={pages}")

    head.get(f"/tasks/{task_id}")
    database.dispose()
    event.listen(database.engine, "connect", fill)
    answer = head.post(f"/tasks/{task_id}", DONE)
    assert answer.status_code == 500
    assert SORRY in answer.text
    assert nothing_is_half_saved(database, ours, task_id)
    full = False
    database.dispose()
    assert head.get("/tasks/").status_code == 200
    assert head.post(f"/tasks/{task_id}", DONE).status_code == 302


def test_a_commit_that_fails_is_told(head: Visitor, database: Database, ours: World) -> None:
    def break_off(connection: Connection) -> None:
        if connection.get_execution_options().get("sqlite_begin") == "IMMEDIATE":
            raise OperationalError("COMMIT", None, sqlite3.OperationalError("database or disk is full"))

    task_id = own_task(database, ours)
    head.get(f"/tasks/{task_id}")
    event.listen(database.engine, "commit", break_off)
    answer = head.post(f"/tasks/{task_id}", DONE)
    event.remove(database.engine, "commit", break_off)
    assert answer.status_code == 500
    assert SORRY in answer.text
    assert 'class="card empty"' in answer.text
    assert nothing_is_half_saved(database, ours, task_id)
    assert head.post(f"/tasks/{task_id}", DONE).status_code == 302


def test_without_its_database_a_page_says_so_in_plain_words(head: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("SELECT", None, sqlite3.OperationalError("unable to open database file"))

    monkeypatch.setattr(Session, "execute", away)
    monkeypatch.setattr(Session, "scalar", away)
    answer = head.get("/tasks/")
    assert answer.status_code == 500
    assert SORRY in answer.text
    assert "nothing was saved" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_busy_database_is_told_with_when_to_try_again(
    head: Visitor, database: Database, ours: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program holds the write lock, and lets nobody in for as long as a request waits."""
    task_id = own_task(database, ours)
    head.get(f"/tasks/{task_id}")
    monkeypatch.setattr(db, "BUSY_TIMEOUT_SECONDS", 0)
    event.listen(database.engine, "checkout", lambda raw, *_: raw.execute("PRAGMA busy_timeout=0"))
    with closing(sqlite3.connect(database.url.database or "", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = head.post(f"/tasks/{task_id}", DONE)
        other.execute("ROLLBACK")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "ระบบมีผู้ใช้งานมากในขณะนี้" in answer.text
    assert SORRY in answer.text
    assert nothing_is_half_saved(database, ours, task_id)
    assert head.post(f"/tasks/{task_id}", DONE).status_code == 302


def test_a_database_that_restarts_is_busy_and_a_full_disk_is_not() -> None:
    def said(cause: BaseException) -> bool:
        return db.is_busy(OperationalError("SELECT", None, cause))

    assert said(psycopg.errors.AdminShutdown())
    assert said(psycopg.errors.TooManyConnections())
    assert said(psycopg.OperationalError("connection refused"))
    assert said(TimeoutError("another writer"))
    assert not said(psycopg.errors.DiskFull())
    assert not said(sqlite3.OperationalError("no such table"))
    assert not db.is_busy(ValueError())
