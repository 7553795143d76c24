"""Takes a backup back into an empty installation, and tells the truth about what came back.

The rows are filled at the schema that they are of, then brought up to this version's. What was read is held against the
manifest, each kept file against the row that names it, and each agency's record against its own hashes.
"""

import base64
import gzip
import hashlib
import json
import tarfile
import tempfile
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import IO, Any

from alembic.util.exc import CommandError
from sqlalchemy import JSON, Column, Connection, LargeBinary, MetaData, Table, func, insert, select, text, update
from sqlalchemy.types import CHAR, Uuid

from tracker.bilingual import Bilingual
from tracker.errors import ConflictError, NotUnderstoodError
from tracker.models import Agency, Event
from tracker.services import audit
from tracker.services.upkeep.archive import (
    EVIDENCE,
    HEAD,
    MANIFEST,
    NAMES_OF_FILES,
    READABLE,
    RECORD,
    ROWS,
    Manifest,
    kept_tables,
)
from tracker.store import migrate
from tracker.store.db import Base, Database, moved_head
from tracker.store.disk import make_private_folder, write_whole
from tracker.store.sealing import is_sealed, unseal
from tracker.store.storage import STORED_NAME, digest
from tracker.store.witness import Head

_BATCH = 500
_VERSION_TABLE = "alembic_version"
_TIMES = {datetime: datetime.fromisoformat, date: date.fromisoformat, time: time.fromisoformat}


@dataclass(frozen=True)
class Restored:
    """The number of rows by table, and what did not come back as it was."""

    rows: dict[str, int]
    problems: tuple[Bilingual, ...]


def restore(database: Database, evidence: Path, archive: Path, *, key: bytes | None = None) -> Restored:
    """Fills an empty installation from an archive, its rows whole or not at all.

    Raises ConflictError where the installation holds rows or the backup is of a later version, NotUnderstoodError where
    the file is no whole backup, its rows are not those that were backed up, or ``key`` does not open it.
    """
    try:
        with _opened(archive, key) as plain:
            _check_whole(plain)
            with tarfile.open(plain, mode="r:gz") as tar:
                return _restore(database, evidence, tar)
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, KeyError, ValueError, TypeError):
        raise NotUnderstoodError(
            f"{archive.name} is not a whole backup of the tracker; nothing was restored."
        ) from None


@contextmanager
def _opened(archive: Path, key: bytes | None) -> Iterator[Path]:
    if not is_sealed(archive):
        yield archive
        return
    if key is None:
        raise NotUnderstoodError(f"{archive.name} is sealed: name its key file with --key-file.")
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "backup.tar.gz"
        with plain.open("wb") as opened:
            unseal(archive, key, opened)
        yield plain


def _check_whole(archive: Path) -> None:
    """Reads to the end, where the checksum is; the archive's own end comes before it."""
    with gzip.open(archive) as stream:
        while stream.read(2**20):
            pass


def _restore(database: Database, evidence: Path, tar: tarfile.TarFile) -> Restored:
    head = json.loads(_member(tar, HEAD).read())
    if head.get("format") not in READABLE:
        raise ConflictError("The backup is of a later version of the tracker; install that one, then restore.")
    names = {entry.name for entry in tar.getmembers() if entry.isfile()}
    manifest = Manifest.read(_member(tar, MANIFEST).read()) if MANIFEST in names else None
    problems = list(_differences(tar, names, manifest)) if manifest else []
    if any(name.startswith(f"{ROWS}/") for name, _ in problems):
        raise NotUnderstoodError(
            f"The rows of this backup are not those that were backed up ({'; '.join(said for _, said in problems)}); "
            "nothing was restored."
        )
    _at_revision(database, head["revision"])
    try:
        rows = _fill_all(database, tar, manifest)
    finally:
        migrate.upgrade(database)
    _take_files(database, evidence, tar)
    _begin_to_witness(database)
    found = [said for _, said in problems]
    return Restored(rows, (*found, *_wrong_files(database, evidence), *_wrong_records(database)))


def _differences(tar: tarfile.TarFile, names: set[str], manifest: Manifest) -> Iterator[tuple[str, Bilingual]]:
    """Members that are missing, changed or too much, each with its sentence."""
    for name in sorted(manifest.members.keys() - names):
        yield name, Bilingual(f"missing: {name}", f"ขาด {name}")
    for name in sorted(names - manifest.members.keys() - {MANIFEST}):
        yield name, Bilingual(f"too much, and left out: {name}", f"เกินมาและไม่ได้นำเข้า {name}")
    for name in sorted(names & manifest.members.keys()):
        if hashlib.file_digest(_member(tar, name), "sha256").hexdigest() != manifest.members[name]:  # type: ignore[arg-type]  # reads into a buffer
            yield name, Bilingual(f"changed: {name}", f"ถูกเปลี่ยน {name}")
    for name in manifest.missing:
        yield name, Bilingual(f"missing already when the backup was made: {name}", f"ขาดอยู่ก่อนสำรองข้อมูล {name}")


def _at_revision(database: Database, revision: str) -> None:
    """Brings the empty database to the schema of the backup's rows."""
    with database.reading() as session:
        for table in kept_tables():
            if session.scalar(select(func.count()).select_from(table)):
                raise ConflictError("This installation already holds data; restore into an empty DATA_DIR or database.")
    if revision == migrate.head():
        return
    try:
        migrate.downgrade(database, revision)
    except CommandError:
        raise ConflictError(
            f"The backup is of schema {revision}, which this version does not know; install the version that made it, "
            "or a later one, then restore."
        ) from None


def _fill_all(database: Database, tar: tarfile.TarFile, manifest: Manifest | None) -> dict[str, int]:
    """Every row, in one transaction; the number by table."""
    passing = {table.name for table in Base.metadata.sorted_tables if table.info.get("transient")}
    counts: dict[str, int] = {}
    with database.writing() as session:
        connection = session.connection()
        then = MetaData()
        then.reflect(connection)
        for table in then.sorted_tables:
            member = f"{ROWS}/{table.name}.jsonl"
            is_expected = table.name in manifest.rows if manifest else table.name not in passing
            if table.name == _VERSION_TABLE or not is_expected:
                continue
            counts[table.name] = _fill(connection, table, _member(tar, member))
            if manifest and counts[table.name] != manifest.rows[table.name]:
                raise ValueError(f"{table.name} has {counts[table.name]} rows")
            _continue_sequence(database, connection, table)
    return counts


def _fill(connection: Connection, table: Table, lines: IO[bytes]) -> int:
    """Inserts the rows; a reference of a table to itself is set once all its rows are there."""
    own = [column for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]
    for column in table.columns:
        if isinstance(column.type, JSON):
            column.type.none_as_null = True
    count, batch, later = 0, [], []
    for line in lines:
        row = {name: _value(connection, table.columns[name], value) for name, value in json.loads(line).items()}
        for column in own:
            if row[column.name] is not None:
                later.append((column, row["id"], row[column.name]))
                row[column.name] = None
        batch.append(row)
        count += 1
        if len(batch) == _BATCH:
            connection.execute(insert(table), batch)
            batch = []
    if batch:
        connection.execute(insert(table), batch)
    for column, id_, value in later:
        connection.execute(update(table).where(table.c.id == id_).values({column.name: value}))
    return count


def _value(connection: Connection, column: Column[Any], value: Any) -> Any:
    """A cell as the column takes it, whose type is the database's and not ours."""
    if not isinstance(value, str) or isinstance(column.type, JSON):
        return value
    is_sqlite = connection.dialect.name == "sqlite"
    if isinstance(column.type, LargeBinary):
        return base64.b64decode(value)
    if isinstance(column.type, Uuid) or (is_sqlite and isinstance(column.type, CHAR) and column.type.length == 32):
        return uuid.UUID(value).hex if is_sqlite else uuid.UUID(value)
    read = _TIMES.get(column.type.python_type)
    found = read(value) if read else value
    return found.astimezone(UTC).replace(tzinfo=None) if is_sqlite and isinstance(found, datetime) else found


def _continue_sequence(database: Database, connection: Connection, table: Table) -> None:
    """PostgreSQL counts ids in sequences, which explicit ids do not move."""
    if not database.is_sqlite and "id" in table.columns and table.c.id.type.python_type is int:
        sequence = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}"  # noqa: S608
        connection.execute(text(f"{sequence} HAVING max(id) IS NOT NULL"))


def _take_files(database: Database, evidence: Path, tar: tarfile.TarFile) -> None:
    make_private_folder(evidence)
    for entry in tar.getmembers():
        folder, _, name = entry.name.partition("/")
        if entry.isfile() and folder == EVIDENCE and STORED_NAME.fullmatch(name):
            write_whole(evidence / f"{name}.part", evidence / name, _member(tar, entry.name).read())
        elif entry.isfile() and folder == RECORD and database.witness:
            database.witness.take_back(name, _member(tar, entry.name).read())


def _begin_to_witness(database: Database) -> None:
    """What was restored under another key is witnessed from here on."""
    with database.writing() as session:
        heads = select(Event.agency_id, func.max(Event.sequence)).group_by(Event.agency_id)
        for agency_id, sequence in session.execute(heads).all():
            if database.witness and not database.witness.has_seen(agency_id):
                last = session.scalars(select(Event).filter_by(agency_id=agency_id, sequence=sequence)).one()
                moved_head(session, agency_id, Head(last.sequence, last.hash, last.at))


def _wrong_files(database: Database, evidence: Path) -> Iterator[Bilingual]:
    """Kept files that are not what the row says which names them."""
    expected: dict[str, str] = {}
    with database.reading() as session:
        for table, (name, sha256) in NAMES_OF_FILES.items():
            columns = Base.metadata.tables[table].c
            found = session.execute(select(columns[name], columns[sha256]).where(columns[name].is_not(None)))
            expected |= {row[0]: row[1] for row in found}
    for stored, hash_ in sorted(expected.items()):
        path = evidence / stored
        if not path.is_file():
            yield Bilingual(f"a row names the file {stored}, which is not there", f"ไม่มีไฟล์ {stored} ที่ข้อมูลอ้างถึง")
        elif hash_ and digest(path) != hash_:
            yield Bilingual(f"the file {stored} is not what its row says", f"ไฟล์ {stored} ไม่ตรงกับข้อมูล")


def _wrong_records(database: Database) -> Iterator[Bilingual]:
    with database.reading() as session:
        for agency in session.scalars(select(Agency).order_by(Agency.id)):
            for problem in audit.verify(session, agency.id, database.witness):
                yield Bilingual(f"record of {agency.name}: {problem}", f"ประวัติของ{agency.name} {problem.th}")


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    stream = tar.extractfile(name)
    if stream is None:
        raise KeyError(name)
    return stream
