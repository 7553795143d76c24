"""Brings a database to the schema of this version, and tells where it stands."""

from collections.abc import Callable
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from tracker.errors import ConflictError
from tracker.store.db import Database

_LOCK = 2566_0001
"""PostgreSQL's advisory lock of a migration."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Brings the database up to the revision; does nothing where it is there already.

    Raises ConflictError where it is further than this version knows.
    """
    check_not_newer(database)
    _run(database, lambda config: command.upgrade(config, revision))


def downgrade(database: Database, revision: str) -> None:
    """Takes the database down to the revision."""
    _run(database, lambda config: command.downgrade(config, revision))


def current(database: Database) -> str | None:
    """The revision that the database is at, or None where it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The revision that this version needs."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    assert newest is not None  # noqa: S101  (the package ships its migrations)
    return newest


def _known() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def is_current(database: Database) -> bool:
    """Whether the database has the schema of this version."""
    return current(database) == head()


def check_not_newer(database: Database) -> None:
    """Raises ConflictError where a later version has brought the database further than this one knows."""
    here = current(database)
    if here is not None and here not in _known():
        raise ConflictError(
            f"The database is at schema {here}, which a later version of the tracker made and this one ({head()}) "
            "does not know: start that version, or restore a backup of before the update.",
            f"ฐานข้อมูลอยู่ที่โครงสร้าง {here} ซึ่งระบบรุ่นใหม่กว่าสร้างไว้ และรุ่นนี้ ({head()}) ไม่รู้จัก "
            "กรุณาเปิดด้วยรุ่นนั้น หรือกู้ข้อมูลสำรองก่อนปรับรุ่น",
        )


def ensure(database: Database) -> None:
    """Makes the database usable: SQLite is brought up to date, PostgreSQL must have been.

    Raises ConflictError where a PostgreSQL database is not at this version's schema, or any at a later version's.
    """
    if is_current(database):
        return
    check_not_newer(database)
    if not database.is_sqlite:
        raise ConflictError("The database is not at this version's schema; run `tracker db upgrade`, then try again.")
    upgrade(database)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("migrations")))
    return config


def _run(database: Database, work: Callable[[Config], None]) -> None:
    """Does the work in one transaction that no other process enters: of two, the second finds it done."""
    config = _config()
    with database.engine.execution_options(sqlite_begin="IMMEDIATE").connect() as connection:
        _foreign_keys(connection, on=False)
        try:
            with connection.begin():
                if not database.is_sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                config.attributes["connection"] = connection
                work(config)
                if database.is_sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).all()):
                    raise ConflictError(
                        f"The database has {len(broken)} rows that point nowhere; restore the last backup."
                    )
        finally:
            _foreign_keys(connection, on=True)


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    """SQLite rebuilds a table to alter it: with foreign keys on, that would delete its cascading children."""
    if connection.dialect.name != "sqlite":
        return
    raw = connection.connection.driver_connection
    assert raw is not None  # noqa: S101
    raw.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
