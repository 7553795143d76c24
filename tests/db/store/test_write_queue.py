"""Writers of one SQLite file take turns, across threads and processes, and no dead one holds the others up."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from tests.conftest import ROOT
from tracker.models import Agency
from tracker.store import db
from tracker.store.db import Database
from tracker.store.write_queue import WriteQueue

_HOLD = """
import sys, time
from pathlib import Path
from tracker.store.write_queue import WriteQueue
WriteQueue(Path(sys.argv[1])).enter(1)
print("in", flush=True)
time.sleep(60)
"""
_WRITE = """
import sys
from tests.db.store.test_write_queue import grow
grow(sys.argv[1], 40)
"""


@pytest.fixture
def database(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "tracker.sqlite3"
    path.write_bytes(migrated_sqlite.read_bytes())
    database = Database(f"sqlite:///{path}")
    with database.writing() as session:
        session.add(Agency(name="อบต.", place=""))
    yield database
    database.dispose()


def grow(url: str, times: int) -> None:
    """Adds a letter so often, each time to what was read in the same transaction."""
    database = Database(url)
    for _ in range(times):
        with database.writing() as session:
            session.scalars(select(Agency)).one().place += "ก"
    database.dispose()


def test_of_many_writers_in_two_processes_none_is_lost(database: Database) -> None:
    url = str(database.url)
    others = subprocess.Popen([sys.executable, "-c", _WRITE, url], cwd=ROOT)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: grow(url, 10), range(4)))
    assert others.wait() == 0
    with database.reading() as session:
        assert session.scalars(select(Agency.place)).one() == "ก" * 80


def test_a_killed_process_leaves_the_line(tmp_path: Path) -> None:
    path = tmp_path / "queue"
    holder = subprocess.Popen([sys.executable, "-c", _HOLD, str(path)], cwd=ROOT, stdout=subprocess.PIPE)
    assert holder.stdout
    assert holder.stdout.readline() == b"in\n"
    entered = threading.Event()
    queue = WriteQueue(path)
    waiting = threading.Thread(target=lambda: (queue.enter(1), entered.set()))
    waiting.start()
    assert not entered.wait(0.2)
    holder.kill()
    assert entered.wait(30)
    waiting.join()
    queue.leave()
    holder.wait()
    holder.stdout.close()


def test_a_failed_transaction_ends_its_turn(database: Database) -> None:
    with pytest.raises(OperationalError), database.writing() as session:
        session.execute(text("UPDATE agency SET nothing = 1"))
    grow(str(database.url), 1)
    with database.writing() as session:
        assert session.scalars(select(Agency.place)).one() == "ก"


def test_a_session_that_commits_in_between_stands_in_line_again(database: Database) -> None:
    with database.session(writing=True) as session:
        session.scalars(select(Agency)).one().place = "หนึ่ง"
        session.commit()
        grow(str(database.url), 1)
        session.expire_all()
        assert session.scalars(select(Agency.place)).one() == "หนึ่งก"


def test_who_waits_too_long_is_told_as_by_a_busy_database(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "BUSY_TIMEOUT_SECONDS", 0.05)
    with database.writing() as session:
        session.scalars(select(Agency)).one()
        with pytest.raises(OperationalError), database.writing() as second:
            second.scalars(select(Agency)).one()
