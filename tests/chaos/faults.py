"""What befalls a process of the soak: a true SIGKILL at one of its statements, a full disk, a clock that is ahead."""

import os
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from tracker.store.db import Database

ROOM_LEFT = 0
"""Pages of SQLite that a full disk still takes."""


@dataclass(frozen=True, slots=True)
class Fate:
    """``dies_at``: the statement or commit at which the process is killed; ``disk_full``: SQLite finds no room."""

    dies_at: int | None = None
    disk_full: bool = False


CALM = Fate()


class End(StrEnum):
    """How a process ended."""

    WELL = "well"
    KILLED = "process killed"
    DATABASE = "the database was full, busy or gone"
    UNFORESEEN = "an error that nobody foresaw"


_DATABASE, _FAILED = 3, 1
_ENDS = {0: End.WELL, _DATABASE: End.DATABASE, _FAILED: End.UNFORESEEN}


Work = Callable[[Database, Callable[[int], None]], None]
"""What a process does on a database; it says the numbers of the acts that it has answered."""


def here(work: Work, database: Database) -> tuple[set[int], End]:
    """Does the work in this process, whose statements are compiled already."""
    answered: set[int] = set()
    try:
        work(database, answered.add)
    except OperationalError:
        return answered, End.DATABASE
    return answered, End.WELL


def fork(work: Work, database: Database, fate: Fate) -> "Child":
    """Does the work in a process of its own, with connections of its own."""
    database.dispose()
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return Child(pid, reader)
    os.close(reader)
    code = _FAILED
    try:
        _doom(database, fate)
        work(database, lambda number: _say(writer, number))
        code = 0
    except OperationalError:
        code = _DATABASE
    except BaseException:
        os.write(2, traceback.format_exc().encode())
        raise
    finally:
        os._exit(code)


class Child:
    """A forked process, and the acts of which somebody saw the answer."""

    def __init__(self, pid: int, reader: int) -> None:
        self._pid, self._reader = pid, reader

    def end(self) -> tuple[set[int], End]:
        """Waits for its end; gives the numbers that it answered, and how it ended."""
        with os.fdopen(self._reader, "rb") as words:
            answered = {int(line) for line in words.read().split()}
        _, status = os.waitpid(self._pid, 0)
        if os.WIFSIGNALED(status):
            return answered, End.KILLED
        return answered, _ENDS[os.WEXITSTATUS(status)]


def _say(writer: int, number: int) -> None:
    os.write(writer, f"{number}\n".encode())


def _doom(database: Database, fate: Fate) -> None:
    if fate.disk_full and database.is_sqlite:
        event.listen(database.engine, "connect", _leave_no_room)
    if fate.dies_at is not None:
        left = iter(range(fate.dies_at, -1, -1))

        def count(*_: Any) -> None:
            if next(left, 0) == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        for moment in ("before_cursor_execute", "after_cursor_execute", "commit"):
            event.listen(database.engine, moment, count)


def _leave_no_room(connection: Any, _record: object) -> None:
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + ROOM_LEFT}")
