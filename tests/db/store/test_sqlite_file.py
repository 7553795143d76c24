"""The file of a SQLite database: its owner's alone, and on the disk when a commit has returned."""

import os
from pathlib import Path

from tracker.store.db import Base, Database


def test_it_is_private_and_its_commits_are_synced(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        database = Database(f"sqlite:///{tmp_path / 'new' / 'tracker.sqlite3'}")
        Base.metadata.create_all(database.engine)
        with database.writing() as session:
            assert session.connection().exec_driver_sql("PRAGMA synchronous").scalar() == 2
        modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "new").iterdir()}
        database.dispose()
    finally:
        os.umask(before)
    assert {"tracker.sqlite3", "tracker.sqlite3-wal"} <= set(modes)
    assert set(modes.values()) == {0o600}
