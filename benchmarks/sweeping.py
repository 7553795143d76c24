"""The sweep beside its bare queries and inserts: what it costs must follow what is due, not what is open."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks import agencies, data
from benchmarks.measure import Line, Scale, beside, counted_statements, peak_megabytes
from tracker.reminders.queries import agencies_due
from tracker.reminders.sweep import sweep
from tracker.settings import Settings
from tracker.store.db import Database

_WRITTEN = ("digest", "reminder", "delivery")
_DUE_TASKS = """
    SELECT task.id, task.agency_id, task.state, task.due_on, task.cadences, plan.fiscal_year, task_unit.unit_id
    FROM task JOIN plan ON plan.id = task.plan_id JOIN task_unit ON task_unit.task_id = task.id
    WHERE task.state IN ('pending', 'in_progress', 'returned') AND task.next_stage_on <= ?
"""


def lines(scale: Scale, folder: Path) -> Iterator[Line]:
    """One sweep for each number of open tasks, the same number of them due."""
    for open_tasks in scale.open_tasks:
        own = folder / str(open_tasks)
        own.mkdir()
        copies = data.Copies(own)
        agencies.fill(copies, open_tasks, scale.due_tasks)
        copies.keep()
        here = _settings(own)
        with counted_statements(copies.database) as statements:
            swept = _sweep(copies.database, here)
        rows = copies.rows(*_WRITTEN)
        assert len(rows["reminder"]) == scale.due_tasks
        copies.again()
        peak = f"; peak {peak_megabytes(_sweep_file, copies.path):.0f} MB" if scale.memory else ""
        yield beside(
            f"{open_tasks:,} open tasks, {scale.due_tasks} due",
            swept,
            partial(_sweep, copies.database, here),
            partial(_floor, copies, rows),
            repeat=scale.repeat,
            before=copies.again,
            notes=[f"n: digests; {len(statements)} statements{peak}"],
        )
        copies.remove()


def _settings(folder: Path) -> Settings:
    return agencies.settings(folder, smtp_url="smtp://127.0.0.1:9")


def _sweep(database: Database, here: Settings) -> int:
    with database.reading() as session:
        due = agencies_due(session, agencies.DAY)
    return len(sweep(database, here, due, data.AT))


def _sweep_file(path: Path) -> int:
    return _sweep(Database(f"sqlite:///{path}"), _settings(path.parent))


def _floor(copies: data.Copies, rows: data.Rows) -> None:
    """The bare driver: the one indexed query, the same rows inserted, the tasks' next look noted."""
    connection = data.raw(copies.path)
    found = connection.execute(_DUE_TASKS, [agencies.DAY.isoformat()]).fetchall()
    connection.execute("BEGIN IMMEDIATE")
    data.insert(connection, rows)
    looked_at = [("2023-02-21", task) for task, *_ in found]
    connection.executemany("UPDATE task SET next_stage_on = ? WHERE id = ?", looked_at)
    connection.execute("COMMIT")
    connection.close()
