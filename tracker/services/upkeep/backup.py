"""A backup that any installation can take back: rows as JSON lines and every piece of evidence, in one archive.

It does not depend on the kind of database, so a backup of SQLite can be restored into PostgreSQL and back.
"""

import base64
import gzip
import json
import os
import tarfile
import tempfile
import uuid
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Column, Table, func, insert, select, text, update
from sqlalchemy.orm import Session

from tracker.errors import ConflictError, NotUnderstoodError
from tracker.models import Event
from tracker.store import migrate
from tracker.store.db import Base, Database, UTCDateTime, moved_head
from tracker.store.storage import STORED_NAME
from tracker.store.witness import Head

FORMAT = 1
_BATCH = 500
_RECORD = "record"


def back_up(database: Database, evidence: Path, archive: Path, at: datetime) -> dict[str, int]:
    """Writes the archive whole or not at all, readable by its owner alone; returns the number of rows by table."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    part = archive.with_name(f"{archive.name}.part")
    try:
        with _private(part) as file, tarfile.open(fileobj=file, mode="w:gz") as tar, database.reading() as session:
            for path in database.witness.files() if database.witness else ():  # before the rows, which may be further
                _add(tar, f"{_RECORD}/{path.name}", path.read_bytes(), at)
            counts = _write(tar, session, evidence, at)
        part.replace(archive)
    finally:
        part.unlink(missing_ok=True)
    return counts


def _write(tar: tarfile.TarFile, session: Session, evidence: Path, at: datetime) -> dict[str, int]:
    if session.get_bind().dialect.name != "sqlite":  # where a reader sees one state of all tables anyway
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    counts: dict[str, int] = {}
    _add(tar, "backup.json", json.dumps({"format": FORMAT, "revision": migrate.head()}).encode(), at)
    for table in _kept_tables():
        with tempfile.SpooledTemporaryFile(max_size=2**24) as lines:
            counts[table.name] = 0
            for row in _rows(session, table):
                lines.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
                counts[table.name] += 1
            size = lines.tell()
            lines.seek(0)
            tar.addfile(_entry(f"rows/{table.name}.jsonl", size, at), lines)
    for path in sorted(evidence.glob("*")) if evidence.is_dir() else []:
        if path.is_file() and STORED_NAME.fullmatch(path.name):
            with path.open("rb") as stream:
                tar.addfile(_entry(f"evidence/{path.name}", path.stat().st_size, at), stream)
    return counts


def restore(database: Database, evidence: Path, archive: Path) -> dict[str, int]:
    """Fills an empty installation from an archive, whole or not at all; returns the number of rows by table.

    Raises ConflictError where the installation holds rows or the backup is of another version, NotUnderstoodError where
    the file is no backup.
    """
    try:
        _check_whole(archive)
        with tarfile.open(archive, mode="r:gz") as tar:
            return _restore(database, evidence, tar)
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, KeyError, ValueError):
        raise NotUnderstoodError(
            f"{archive.name} is not a whole backup of the tracker; nothing was restored."
        ) from None


def _check_whole(archive: Path) -> None:
    """Reads to the end, where the checksum is; the archive's own end comes before it."""
    with gzip.open(archive) as stream:
        while stream.read(2**20):
            pass


def _restore(database: Database, evidence: Path, tar: tarfile.TarFile) -> dict[str, int]:
    head = json.loads(_member(tar, "backup.json").read())
    if head.get("revision") != migrate.head() or head.get("format") != FORMAT:
        raise ConflictError(
            f"The backup is of schema {head.get('revision')}, this version needs {migrate.head()}; restore it with the "
            "version that made it, then upgrade."
        )
    counts: dict[str, int] = {}
    with database.writing() as session:
        for table in _kept_tables():
            if session.scalar(select(func.count()).select_from(table)):
                raise ConflictError("This installation already holds data; restore into an empty DATA_DIR or database.")
        for table in _kept_tables():
            counts[table.name] = _fill(session, table, _member(tar, f"rows/{table.name}.jsonl"))
        _continue_sequences(database, session)
        evidence.mkdir(parents=True, exist_ok=True)
        for entry in tar.getmembers():
            folder, _, name = entry.name.partition("/")
            if entry.isfile() and folder == "evidence" and STORED_NAME.fullmatch(name):
                (evidence / name).write_bytes(_member(tar, entry.name).read())
            elif entry.isfile() and folder == _RECORD and database.witness:
                database.witness.take_back(name, _member(tar, entry.name).read())
    _begin_to_witness(database)
    return counts


def _kept_tables() -> Iterator[Table]:
    """Every table but those of what expires within days: documents that wait, words typed too late."""
    return (table for table in Base.metadata.sorted_tables if not table.info.get("transient"))


def _begin_to_witness(database: Database) -> None:
    """What was restored under another key is witnessed from here on."""
    with database.writing() as session:
        heads = select(Event.agency_id, func.max(Event.sequence)).group_by(Event.agency_id)
        for agency_id, sequence in session.execute(heads).all():
            if database.witness and not database.witness.has_seen(agency_id):
                last = session.scalars(select(Event).filter_by(agency_id=agency_id, sequence=sequence)).one()
                moved_head(session, agency_id, Head(last.sequence, last.hash, last.at))


def _rows(session: Session, table: Table) -> Iterator[dict[str, Any]]:
    for row in session.execute(select(table).order_by(*table.primary_key).execution_options(yield_per=_BATCH)):
        yield {name: _plain(value) for name, value in row._mapping.items()}


def _fill(session: Session, table: Table, lines: IO[bytes]) -> int:
    """Inserts the rows; a reference of a table to itself is set once all its rows are there."""
    own = [column for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]
    count, batch, later = 0, [], []
    for line in lines:
        row = {name: _value(table.columns[name], value) for name, value in json.loads(line).items()}
        for column in own:
            if row[column.name] is not None:
                later.append((column, row["id"], row[column.name]))
                row[column.name] = None
        batch.append(row)
        count += 1
        if len(batch) == _BATCH:
            session.execute(insert(table), batch)
            batch = []
    if batch:
        session.execute(insert(table), batch)
    for column, id_, value in later:
        session.execute(update(table).where(table.c.id == id_).values({column.name: value}))
    return count


def _continue_sequences(database: Database, session: Session) -> None:
    """PostgreSQL counts ids in sequences, which explicit ids do not move."""
    if database.is_sqlite:
        return
    for table in _kept_tables():
        if "id" in table.columns and table.c.id.type.python_type is int:
            sequence = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}"  # noqa: S608
            session.execute(text(f"{sequence} HAVING max(id) IS NOT NULL"))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def _value(column: Column[Any], value: Any) -> Any:
    if value is None or not isinstance(value, str):
        return value
    kind = datetime if isinstance(column.type, UTCDateTime) else column.type.python_type
    if kind in (datetime, date, time):
        return kind.fromisoformat(value)
    if kind is uuid.UUID:
        return uuid.UUID(value)
    return base64.b64decode(value) if kind is bytes else value


def _add(tar: tarfile.TarFile, name: str, data: bytes, at: datetime) -> None:
    tar.addfile(_entry(name, len(data), at), BytesIO(data))


def _entry(name: str, size: int, at: datetime) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = size, int(at.timestamp()), 0o600
    return entry


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    stream = tar.extractfile(name)
    if stream is None:
        raise KeyError(name)
    return stream


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
