"""The floor of a page: a bare WSGI application that queries, or writes, and answers with so many bytes.

Its database and sizes stand in the environment; it is started as the tracker is, by gunicorn.
"""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.data import raw

DATABASE, PLAN, UNIT = "BENCH_DATABASE", "BENCH_PLAN", "BENCH_UNIT"

_TASKS = """
    SELECT task.*, step.text, step.position, measure.number, measure.title, unit.name
    FROM task JOIN step ON step.id = task.step_id JOIN measure ON measure.id = step.measure_id
    JOIN task_unit ON task_unit.task_id = task.id JOIN unit ON unit.id = task_unit.unit_id
    WHERE task.plan_id = ?
"""
_local = threading.local()


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """``/list?SIZE`` reads the unit's tasks, ``/overview?SIZE`` all tasks, ``/tick?TASK`` writes what a tick writes."""
    path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
    connection = _connection()
    if path == "/tick":
        _tick(connection, int(query))
        start_response("302 Found", [("Location", "/"), ("Content-Length", "0")])
        return []
    plan = os.environ.get(PLAN)
    if path == "/list":
        connection.execute(f"{_TASKS} AND unit.id = ?", [plan, os.environ.get(UNIT)]).fetchall()
    else:
        connection.execute(_TASKS, [plan]).fetchall()
    body = b"x" * int(query)
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(body)))])
    return [body]


def _connection() -> sqlite3.Connection:
    """One for each thread."""
    if not hasattr(_local, "connection"):
        _local.connection = raw(Path(os.environ[DATABASE]))
    found: sqlite3.Connection = _local.connection
    return found


def _tick(connection: sqlite3.Connection, task: int) -> None:
    at = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
    connection.execute("BEGIN IMMEDIATE")
    (agency,) = connection.execute("SELECT agency_id FROM task WHERE id = ?", [task]).fetchone()
    connection.execute("UPDATE task SET state = 'done', updated_at = ? WHERE id = ?", [at, task])
    connection.execute(
        "INSERT INTO completion (agency_id, task_id, result, done_on, entered_at) VALUES (?, ?, 'ดำเนินการแล้ว', ?, ?)",
        [agency, task, at[:10], at],
    )
    connection.execute(
        "INSERT INTO event (agency_id, sequence, at, kind, actor, channel, details, previous_hash, hash)"
        " SELECT ?, max(sequence) + 1, ?, 'ticked_off', 'bench', 'web', '{}', '', '' FROM event WHERE agency_id = ?",
        [agency, at, agency],
    )
    connection.execute("COMMIT")
