"""A backup that any installation can take back: rows as JSON lines and every piece of evidence, in one archive.

It does not depend on the kind of database, so a backup of SQLite can be restored into PostgreSQL and back.
"""

import base64
import hashlib
import json
import os
import re
import tarfile
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, tzinfo
from io import BytesIO
from pathlib import Path
from typing import IO, Any, cast

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from tracker.clock import local
from tracker.models import Event
from tracker.services.upkeep.archive import (
    EVIDENCE,
    FORMAT,
    HEAD,
    MANIFEST,
    RECORD,
    ROWS,
    Manifest,
    kept_tables,
    named_file,
)
from tracker.store import migrate
from tracker.store.db import Database
from tracker.store.sealing import Sealing

_BATCH = 500
_OURS = re.compile(r"measure-tracker-\d{4}-\d{2}-\d{2}-\d{6}\.tar\.gz(\.sealed)?")


def back_up(
    database: Database, evidence: Path, archive: Path, at: datetime, *, key: bytes | None = None
) -> dict[str, int]:
    """Writes the archive whole or not at all, readable by its owner alone; returns the number of rows by table.

    With a ``key`` only its holder can open it.
    """
    archive.parent.mkdir(parents=True, exist_ok=True)
    part = archive.with_name(f"{archive.name}.{uuid.uuid4().hex}.part")
    try:
        with _opened(part, key) as tar, database.reading() as session:
            writer = _Writer(tar, at)
            for path in database.witness.files() if database.witness else ():  # before the rows, which may be further
                writer.add(f"{RECORD}/{path.name}", path.read_bytes())
            writer.add_all(session, evidence)
        part.replace(archive)
    finally:
        part.unlink(missing_ok=True)
    return writer.manifest.rows


def name_of(at: datetime, zone: tzinfo, *, sealed: bool = False) -> str:
    """The name of the backup of an instant, in a folder of backups."""
    return f"measure-tracker-{local(at, zone):%Y-%m-%d-%H%M%S}.tar.gz{'.sealed' if sealed else ''}"


def keep_newest(folder: Path, keep: int) -> list[Path]:
    """Removes all but the newest ``keep`` backups that ``name_of`` named; gives what is gone."""
    ours = sorted((path for path in folder.iterdir() if _OURS.fullmatch(path.name)), key=lambda path: path.name)
    gone = ours[: max(0, len(ours) - keep)]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


@contextmanager
def _opened(part: Path, key: bytes | None) -> Iterator[tarfile.TarFile]:
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        sealing = Sealing(file, key) if key else None
        with tarfile.open(fileobj=cast("IO[bytes]", sealing or file), mode="w:gz") as tar:
            yield tar
        if sealing:
            sealing.close()
        file.flush()
        os.fsync(file.fileno())


class _Writer:
    """Writes members, and notes in the manifest what it wrote."""

    def __init__(self, tar: tarfile.TarFile, at: datetime) -> None:
        self._tar = tar
        self._at = int(at.timestamp())
        self._files: dict[str, str] = {}
        self.manifest = Manifest()

    def add(self, name: str, data: bytes) -> None:
        self._add(name, BytesIO(data), len(data))

    def add_all(self, session: Session, evidence: Path) -> None:
        if session.get_bind().dialect.name != "sqlite":  # where a reader sees one state of all tables anyway
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        self.add(HEAD, json.dumps({"format": FORMAT, "revision": migrate.head()}).encode())
        for table in kept_tables():
            self._add_rows(session, table)
        for name in sorted(self._files):
            try:
                with (evidence / name).open("rb") as stream:
                    self._add(f"{EVIDENCE}/{name}", stream, os.fstat(stream.fileno()).st_size)
            except FileNotFoundError:
                self.manifest.missing.append(name)
        last = select(Event.agency_id, func.max(Event.sequence)).group_by(Event.agency_id).subquery()
        heads = select(Event.agency_id, Event.sequence, Event.hash).join(
            last, (Event.agency_id == last.c.agency_id) & (Event.sequence == last.c[1])
        )
        self.manifest.heads = {str(agency): [sequence, hash_] for agency, sequence, hash_ in session.execute(heads)}
        data = self.manifest.as_bytes()
        self._tar.addfile(self._entry(MANIFEST, len(data)), BytesIO(data))

    def _add_rows(self, session: Session, table: Table) -> None:
        count = 0
        with tempfile.SpooledTemporaryFile(max_size=2**24) as lines:
            for row in _rows(session, table):
                lines.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
                count += 1
                if found := named_file(table.name, row):
                    self._files[found[0]] = found[1]
            size = lines.tell()
            lines.seek(0)
            self._add(f"{ROWS}/{table.name}.jsonl", lines, size)
        self.manifest.rows[table.name] = count

    def _add(self, name: str, stream: IO[bytes], size: int) -> None:
        hashing = _Hashing(stream)
        self._tar.addfile(self._entry(name, size), cast("IO[bytes]", hashing))
        self.manifest.members[name] = hashing.sha256.hexdigest()

    def _entry(self, name: str, size: int) -> tarfile.TarInfo:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mtime, entry.mode = size, self._at, 0o600
        return entry


class _Hashing:
    """A stream that is hashed while it is read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.sha256.update(data)
        return data


def _rows(session: Session, table: Table) -> Iterator[dict[str, Any]]:
    for row in session.execute(select(table).order_by(*table.primary_key).execution_options(yield_per=_BATCH)):
        yield {name: _plain(value) for name, value in row._mapping.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value
