"""The database: declarative base, UTC instants, engines for SQLite and PostgreSQL, reading and writing sessions."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, DateTime, Dialect, Engine, MetaData, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import JSON, String, TypeDecorator

from tracker.errors import NotUnderstoodError
from tracker.settings import Settings, secret_key
from tracker.store.disk import make_private_file
from tracker.store.witness import Head, Witness
from tracker.store.write_queue import WriteQueue

BUSY_TIMEOUT_SECONDS = 30
POOL_SIZE = 16
"""Connections kept open: more than a process has threads, for opening one costs more than a page."""
_IN_TURN = "in turn"
_SQLITE_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")
_POSTGRES_BUSY = ("08", "40", "53300", "55P03", "57P")
"""Beginnings of SQLSTATE: connection lost, deadlock, too many connections, lock not available, shutting down."""
_WITNESS, _HEADS = "witness", "heads"


class UTCDateTime(TypeDecorator[datetime]):
    """An instant, stored in UTC and always read back aware; a naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def bind_processor(self, dialect: Dialect) -> Any:
        """Rows that are written together mostly bear one instant; it is converted once."""
        process = super().bind_processor(dialect)
        return lru_cache(maxsize=64)(process) if process else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_E = TypeVar("_E", bound=StrEnum)


class EnumText(TypeDecorator[_E]):
    """A state or a kind: its word in the database, a member of its enum in Python."""

    impl = String
    cache_ok = True

    def __init__(self, kinds: type[_E], length: int) -> None:
        super().__init__(length)
        self.kinds = kinds
        self.length = length

    @property
    def python_type(self) -> type[str]:
        return str

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:  # noqa: ARG002
        """A look-up: lists read thousands of states, and the enum's own call takes ten times as long."""
        members: dict[str | None, Any] = {None: None, **{kind.value: kind for kind in self.kinds}}
        return _Members(members).__getitem__


class _Members(dict[str | None, Any]):
    """A word that no release wrote stays as it is stored: ``audit verify`` names it, and pages that show it open."""

    def __missing__(self, word: str | None) -> str | None:
        return word


_JSON = JSON(none_as_null=True)


class Base(DeclarativeBase):
    """Base of every model; names constraints so that migrations can drop them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UTCDateTime, dict[str, Any]: _JSON, list[Any]: _JSON}  # noqa: RUF012


class Database:
    """One database: its engine, and sessions for reading and for writing.

    On SQLite a writing session takes the write lock when it begins (BEGIN IMMEDIATE), so that two writers wait for each
    other instead of losing an update; a reading one never waits. ``witness`` sees the head of each agency's record that
    a commit moved.
    """

    def __init__(self, url: str, witness: Witness | None = None) -> None:
        self.url = _understood(url)
        self.witness = witness
        self.engine = _engine(self.url)
        self.writing_engine = self.engine.execution_options(sqlite_begin="IMMEDIATE")

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def session(self, *, writing: bool) -> Session:
        """A new session; the caller ends it."""
        engine = self.writing_engine if writing else self.engine
        return Session(engine, expire_on_commit=False, info={_WITNESS: self.witness})

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session whose changes are thrown away."""
        with self.session(writing=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that is committed at the end, or rolled back on an error."""
        with self.session(writing=True) as session, session.begin():
            yield session

    def dispose(self) -> None:
        """Closes every pooled connection (before a fork, at the end of a process)."""
        self.engine.dispose()


def is_busy(error: BaseException) -> bool:
    """Whether nothing is wrong but that others use the database just now, or it restarts: asking again may do."""
    if isinstance(error, PoolTimeoutError):
        return True
    if not isinstance(error, OperationalError):
        return False
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return cause.sqlite_errorname.startswith(_SQLITE_BUSY) if hasattr(cause, "sqlite_errorname") else False
    state = getattr(cause, "sqlstate", None)
    return isinstance(cause, TimeoutError) or state is None or state.startswith(_POSTGRES_BUSY)


def open_database(settings: Settings) -> Database:
    """The installation's database, whose record is witnessed in ``DATA_DIR/record``.

    Raises NotUnderstoodError for an address that is none, TrackerError where the secret key cannot be kept or read.
    """
    return Database(settings.database_url, Witness(settings.data_dir / "record", secret_key(settings)))


def moved_head(session: Session, agency_id: int, head: Head) -> None:
    """Tells the witness, once the session has committed, how far the agency's record has come."""
    session.info.setdefault(_HEADS, {})[agency_id] = head


@event.listens_for(Session, "after_commit")
def _witnessed(session: Session) -> None:
    if session.in_nested_transaction():
        return
    witness: Witness | None = session.info.get(_WITNESS)
    for agency_id, head in session.info.pop(_HEADS, {}).items():
        if witness is not None:
            witness.see(agency_id, head)


@event.listens_for(Session, "after_soft_rollback")
def _not_witnessed(session: Session, _transaction: SessionTransaction) -> None:
    session.info.pop(_HEADS, None)


def _understood(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise NotUnderstoodError(
            "TRACKER_DATABASE_URL is not a database address; write sqlite:////path/file or postgresql://user:password@host/name."
        ) from None
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "sqlite":
        return parsed
    raise NotUnderstoodError(
        f"TRACKER_DATABASE_URL names {parsed.get_backend_name()}; use a sqlite: or postgresql: address."
    )


def _engine(url: URL) -> Engine:
    """Its errors, which end in logs, show no values: among these are addresses, hashes of passwords, typed words."""
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    if url.database and url.database != ":memory:":
        make_private_file(Path(url.database))
    engine = create_engine(
        url,
        pool_size=POOL_SIZE,
        hide_parameters=True,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    if url.database and url.database != ":memory:":
        _queue_writers(engine, WriteQueue(Path(f"{url.database}-queue")))
    return engine


def _queue_writers(engine: Engine, queue: WriteQueue) -> None:
    """A writing transaction begins when it is its turn, and ends its turn with its connection's use."""

    def enter(connection: Connection) -> None:
        if _begins(connection) == "IMMEDIATE" and not connection.info.get(_IN_TURN):
            try:
                queue.enter(BUSY_TIMEOUT_SECONDS)
            except TimeoutError as error:
                raise OperationalError("BEGIN IMMEDIATE", None, error) from error
            connection.info[_IN_TURN] = True

    def leave(_connection: sqlite3.Connection | None, record: ConnectionPoolEntry) -> None:
        if record.info.pop(_IN_TURN, False):
            queue.leave()

    event.listen(engine, "begin", enter, insert=True)
    event.listen(engine, "checkin", leave)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=FULL",
        f"busy_timeout={BUSY_TIMEOUT_SECONDS * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {_begins(connection)}")


def _begins(connection: Connection) -> str:
    return str(connection.get_execution_options().get("sqlite_begin", "DEFERRED"))
