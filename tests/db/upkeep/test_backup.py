"""A backup goes from either database into either, row by row the same, whole or not at all."""

import shutil
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.db.agency_of_seed import BANGKOK, BY, TODAY, bring_people, bring_plan, tasks_of_measure, the_agency, the_plan
from tests.postgres import fresh_database
from tracker.errors import ConflictError, NotUnderstoodError
from tracker.models import Account, Digest, Evidence, Member, ReportVersion, Round, Task, Unit
from tracker.services import audit, job_state
from tracker.services.reports.closing import close_round
from tracker.services.tasks import progress
from tracker.services.upkeep.backup import back_up, restore
from tracker.store.db import Base, Database
from tracker.store.storage import EvidenceStore, digest

AT = datetime(2023, 10, 2, 3, 4, 5, 678901, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def fill(database: Database, store: EvidenceStore, seed: bytes) -> None:
    """An agency with people, a plan, a tick with a file, a closed round, an account and a digest."""
    with database.writing() as session:
        bring_people(session)
        bring_plan(session, seed)
        progress.tick_off(
            session,
            tasks_of_measure(session, 2)[0],
            result="ทำแล้ว",
            done_on=TODAY,
            today=TODAY,
            evidence=[store.keep(PDF, "หลักฐาน.pdf")],
            by=BY,
            at=AT,
        )
        plan = the_plan(session)
        session.add(Round(agency_id=plan.agency_id, plan_id=plan.id, number=6))
        close_round(session, plan, 12, BANGKOK, today=TODAY, by=BY, at=AT)
        member = session.scalars(select(Member).order_by(Member.id)).first()
        assert member is not None
        member.channels, member.away_from = ["email", "line"], TODAY
        session.add(Account(email="a@b.go.th", created_at=AT))
        session.add(Digest(agency_id=plan.agency_id, member_id=member.id, on=TODAY, created_at=AT))


def rows(database: Database) -> dict[str, list[dict[str, Any]]]:
    with database.reading() as session:
        return {
            table.name: [
                dict(row._mapping) for row in session.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in Base.metadata.sorted_tables
        }


@pytest.fixture
def empty_sqlite(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    copy = tmp_path / "empty.sqlite3"
    shutil.copy(migrated_sqlite, copy)
    database = Database(f"sqlite:///{copy}")
    yield database
    database.dispose()


def test_sqlite_to_postgresql_and_back(
    sqlite: Database, empty_sqlite: Database, postgres: str, seed: bytes, tmp_path: Path
) -> None:
    evidence = [tmp_path / name for name in ("first", "second", "third")]
    fill(sqlite, EvidenceStore(evidence[0], 2**20), seed)
    (evidence[0] / "half.part").write_bytes(b"x")
    counts = back_up(sqlite, evidence[0], tmp_path / "one.tar.gz", AT)
    with fresh_database(postgres) as url:
        server = Database(url)
        assert restore(server, evidence[1], tmp_path / "one.tar.gz") == counts
        assert rows(server) == rows(sqlite)
        back_up(server, evidence[1], tmp_path / "two.tar.gz", AT)
        with server.writing() as session:
            progress.withdraw(session, session.scalars(select(Task).where(Task.state == "done")).one(), by=BY, at=AT)
            session.add(Unit(agency_id=the_agency(session).id, name="ใหม่", name_key="ใหม่", kind="section"))
            session.flush()
            assert audit.verify(session, the_agency(session).id) == []
        server.dispose()
    restore(empty_sqlite, evidence[2], tmp_path / "two.tar.gz")
    assert rows(empty_sqlite) == rows(sqlite)
    assert counts["task"] == 146
    with empty_sqlite.reading() as session:
        piece = session.scalars(select(Evidence)).one()
        assert EvidenceStore(evidence[2], 2**20).path(piece.stored_name or "").read_bytes() == PDF
        assert audit.verify(session, piece.agency_id) == []
    assert [len(list(folder.glob("*"))) for folder in evidence] == [2, 1, 1]


def test_an_empty_cell_of_json_stays_empty(
    sqlite: Database, empty_sqlite: Database, seed: bytes, tmp_path: Path
) -> None:
    fill(sqlite, EvidenceStore(tmp_path / "e", 2**20), seed)
    back_up(sqlite, tmp_path / "e", tmp_path / "b", AT)
    restore(empty_sqlite, tmp_path / "f", tmp_path / "b")
    for database in (sqlite, empty_sqlite):
        with database.reading() as session:
            assert session.query(ReportVersion).filter(ReportVersion.signatures.is_(None)).count() == 1


def test_a_backup_is_its_owners_alone_and_whole(sqlite: Database, tmp_path: Path) -> None:
    back_up(sqlite, tmp_path / "none", tmp_path / "deep" / "b.tar.gz", AT)
    archive = tmp_path / "deep" / "b.tar.gz"
    assert archive.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in archive.parent.iterdir()] == ["b.tar.gz"]
    assert len(digest(archive)) == 64
    with pytest.raises(IsADirectoryError):
        back_up(sqlite, tmp_path / "none", archive.parent, AT)
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix == ".part") == []


def test_restoring_over_data_is_refused(sqlite: Database, seed: bytes, tmp_path: Path) -> None:
    fill(sqlite, EvidenceStore(tmp_path / "e", 2**20), seed)
    back_up(sqlite, tmp_path / "e", tmp_path / "b", AT)
    before = rows(sqlite)
    with pytest.raises(ConflictError, match="already holds data"):
        restore(sqlite, tmp_path / "e", tmp_path / "b")
    assert rows(sqlite) == before


@pytest.mark.parametrize("harm", ["cut", "flipped", "text", "other tar", "older schema", "half a row"])
def test_what_is_no_whole_backup_changes_nothing(
    sqlite: Database, empty_sqlite: Database, seed: bytes, tmp_path: Path, harm: str
) -> None:
    fill(sqlite, EvidenceStore(tmp_path / "e", 2**20), seed)
    archive = tmp_path / "b"
    back_up(sqlite, tmp_path / "e", archive, AT)
    data = archive.read_bytes()
    if harm == "cut":
        archive.write_bytes(data[: len(data) - 5])
    elif harm == "flipped":
        archive.write_bytes(data[:2000] + bytes([data[2000] ^ 255]) + data[2001:])
    elif harm == "text":
        archive.write_bytes(b"no archive")
    else:
        _rewrite(archive, harm)
    with pytest.raises((NotUnderstoodError, ConflictError)):
        restore(empty_sqlite, tmp_path / "f", archive)
    assert not any(rows(empty_sqlite).values())
    assert not list((tmp_path / "f").glob("*")) if (tmp_path / "f").exists() else True


def _rewrite(archive: Path, harm: str) -> None:
    with tarfile.open(archive) as tar:
        members = {entry.name: tar.extractfile(entry).read() for entry in tar.getmembers()}  # type: ignore[union-attr]
    if harm == "other tar":
        del members["backup.json"]
    elif harm == "older schema":
        members["backup.json"] = members["backup.json"].replace(b'"revision": "', b'"revision": "x')
    else:
        members["rows/task.jsonl"] = members["rows/task.jsonl"][:-20]
    with tarfile.open(archive, "w:gz") as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, BytesIO(content))


def test_names_that_lead_elsewhere_are_not_written(sqlite: Database, empty_sqlite: Database, tmp_path: Path) -> None:
    back_up(sqlite, tmp_path / "e", tmp_path / "b", AT)
    with tarfile.open(tmp_path / "b") as tar:
        members = {entry.name: tar.extractfile(entry).read() for entry in tar.getmembers()}  # type: ignore[union-attr]
    members |= {"evidence/../../escaped": b"x", "evidence/..": b"x", "evidence/x.html": b"x"}
    with tarfile.open(tmp_path / "b", "w:gz") as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, BytesIO(content))
    restore(empty_sqlite, tmp_path / "f", tmp_path / "b")
    assert list((tmp_path / "f").iterdir()) == []
    assert not (tmp_path.parent / "escaped").exists()


def test_what_waits_for_a_day_is_in_no_backup_and_in_no_restores_way(
    sqlite: Database, empty_sqlite: Database, seed: bytes, tmp_path: Path
) -> None:
    fill(sqlite, EvidenceStore(tmp_path / "e", 2**20), seed)
    for database in (sqlite, empty_sqlite):
        with database.writing() as session:
            job_state.put(session, "form", {"values": [["result", "ยังไม่บันทึก"]]}, at=AT, kept_for=timedelta(days=1))
    assert "job_state" not in back_up(sqlite, tmp_path / "e", tmp_path / "b", AT)
    with tarfile.open(tmp_path / "b") as archive:
        assert "rows/job_state.jsonl" not in archive.getnames()
    restore(empty_sqlite, tmp_path / "f", tmp_path / "b")
    assert len(rows(empty_sqlite)["job_state"]) == 1
