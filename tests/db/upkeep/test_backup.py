"""A backup goes from either database into either, row by row the same, whole or not at all."""

import shutil
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import ROOT
from tests.db.agency_of_seed import BANGKOK, BY, TODAY, bring_people, bring_plan, tasks_of_measure, the_agency, the_plan
from tests.postgres import fresh_database
from tracker.errors import ConflictError, NotUnderstoodError
from tracker.models import Account, Digest, Event, Evidence, Member, ReportVersion, Round, Task, Unit
from tracker.services import audit, job_state
from tracker.services.reports.closing import close_round
from tracker.services.tasks import progress
from tracker.services.upkeep.archive import Manifest
from tracker.services.upkeep.backup import back_up, keep_newest, name_of
from tracker.services.upkeep.nightly import nightly_backup
from tracker.services.upkeep.restore import restore
from tracker.settings import Settings
from tracker.store import migrate
from tracker.store.db import Base, Database
from tracker.store.sealing import is_sealed
from tracker.store.storage import EvidenceStore, digest
from workers.app import configuration

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
        restored = restore(server, evidence[1], tmp_path / "one.tar.gz")
        assert (restored.rows, restored.problems) == (counts, ())
        assert rows(server) == rows(sqlite)
        back_up(server, evidence[1], tmp_path / "two.tar.gz", AT)
        with server.writing() as session:
            progress.withdraw(session, session.scalars(select(Task).where(Task.state == "done")).one(), by=BY, at=AT)
            session.add(Unit(agency_id=the_agency(session).id, name="ใหม่", name_key="ใหม่", kind="section"))
            session.flush()
            assert audit.verify(session, the_agency(session).id) == []
        server.dispose()
    assert restore(empty_sqlite, evidence[2], tmp_path / "two.tar.gz").problems == ()
    assert rows(empty_sqlite) == rows(sqlite)
    assert counts["task"] == 146
    with empty_sqlite.reading() as session:
        piece = session.scalars(select(Evidence)).one()
        assert EvidenceStore(evidence[2], 2**20).path(piece.stored_name or "").read_bytes() == PDF
        assert audit.verify(session, piece.agency_id) == []
    assert [sum(one.is_file() for one in folder.iterdir()) for folder in evidence] == [2, 1, 1]


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


@pytest.mark.parametrize(
    "harm", ["cut", "flipped", "text", "other tar", "other schema", "later format", "no rows of a table", "half a row"]
)
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


def _members(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as tar:
        return {entry.name: tar.extractfile(entry).read() for entry in tar.getmembers()}  # type: ignore[union-attr]


def _pack(archive: Path, members: dict[str, bytes]) -> None:
    with tarfile.open(archive, "w:gz") as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, BytesIO(content))


def _rewrite(archive: Path, harm: str) -> None:
    members = _members(archive)
    if harm == "other tar":
        del members["backup.json"]
    elif harm == "other schema":
        members["backup.json"] = members["backup.json"].replace(b'"revision": "', b'"revision": "x')
    elif harm == "later format":
        members["backup.json"] = members["backup.json"].replace(b'"format": 2', b'"format": 3')
    elif harm == "no rows of a table":
        del members["rows/unit.jsonl"]
    else:
        members["rows/task.jsonl"] = members["rows/task.jsonl"][:-20]
    _pack(archive, members)


def test_names_that_lead_elsewhere_are_not_written(sqlite: Database, empty_sqlite: Database, tmp_path: Path) -> None:
    back_up(sqlite, tmp_path / "e", tmp_path / "b", AT)
    strange = {"evidence/../../escaped": b"x", "evidence/..": b"x", "evidence/x.html": b"x"}
    _pack(tmp_path / "b", _members(tmp_path / "b") | strange)
    problems = restore(empty_sqlite, tmp_path / "f", tmp_path / "b").problems
    assert [str(problem) for problem in problems] == [f"too much, and left out: {name}" for name in sorted(strange)]
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


def test_the_manifest_counts_rows_and_hashes_members(sqlite: Database, seed: bytes, tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path / "e", 2**20)
    fill(sqlite, store, seed)
    left = store.keep(PDF + b"of a form that was refused", "left.pdf")
    counts = back_up(sqlite, tmp_path / "e", tmp_path / "b", AT)
    members = _members(tmp_path / "b")
    assert list(members)[-1] == "manifest.json"
    manifest = Manifest.read(members.pop("manifest.json"))
    assert manifest.rows == counts
    assert manifest.members == {name: sha256(content).hexdigest() for name, content in members.items()}
    assert f"evidence/{left.stored_name}" not in members
    with sqlite.reading() as session:
        last = session.scalars(select(Event).order_by(Event.sequence.desc())).first()
        assert last is not None
        assert manifest.heads == {str(last.agency_id): [last.sequence, last.hash]}


@pytest.mark.parametrize("harm", ["missing", "changed", "too much", "gone before"])
def test_restoring_names_what_did_not_come_back_as_it_was(
    sqlite: Database, empty_sqlite: Database, seed: bytes, tmp_path: Path, harm: str
) -> None:
    fill(sqlite, EvidenceStore(tmp_path / "e", 2**20), seed)
    with sqlite.reading() as session:
        name = session.scalars(select(Evidence.stored_name)).one()
    if harm == "gone before":
        (tmp_path / "e" / str(name)).unlink()
    back_up(sqlite, tmp_path / "e", tmp_path / "b", AT)
    members = _members(tmp_path / "b")
    if harm == "missing":
        del members[f"evidence/{name}"]
    elif harm == "changed":
        members[f"evidence/{name}"] = b"something else"
    elif harm == "too much":
        members["evidence/" + "0" * 32] = b"x"
    _pack(tmp_path / "b", members)
    problems = [str(one) for one in restore(empty_sqlite, tmp_path / "f", tmp_path / "b").problems]
    not_there, other = f"a row names the file {name}, which is not there", f"the file {name} is not what its row says"
    expected = {
        "missing": [f"missing: evidence/{name}", not_there],
        "changed": [f"changed: evidence/{name}", other],
        "too much": [f"too much, and left out: evidence/{'0' * 32}"],
        "gone before": [f"missing already when the backup was made: {name}", not_there],
    }
    assert problems == expected[harm]
    assert rows(empty_sqlite) == rows(sqlite)


def test_a_forged_event_is_named_though_the_manifest_was_written_anew(
    sqlite: Database, empty_sqlite: Database, seed: bytes, tmp_path: Path
) -> None:
    fill(sqlite, EvidenceStore(tmp_path / "e", 2**20), seed)
    back_up(sqlite, tmp_path / "e", tmp_path / "b", AT)
    members = _members(tmp_path / "b")
    manifest = Manifest.read(members["manifest.json"])
    forged = members["rows/event.jsonl"].replace("ทำแล้ว".encode(), "ทำดีแล้ว".encode(), 1)
    assert forged != members["rows/event.jsonl"]
    manifest.members["rows/event.jsonl"] = sha256(forged).hexdigest()
    _pack(tmp_path / "b", members | {"rows/event.jsonl": forged, "manifest.json": manifest.as_bytes()})
    [problem, *_] = restore(empty_sqlite, tmp_path / "f", tmp_path / "b").problems
    assert problem.startswith("record of")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_of_an_older_version_is_restored_and_upgraded(
    request: pytest.FixtureRequest, empty_sqlite: Database, tmp_path: Path, kind: str
) -> None:
    """``backup-0057.tar.gz`` is of the program of 29 November: a plan, people, a tick with a file, digests."""
    old = ROOT / "tests" / "data" / "backup-0057.tar.gz"
    if kind == "sqlite":
        _restored_and_whole(empty_sqlite, tmp_path / "e", old)
        return
    with fresh_database(request.getfixturevalue("postgres")) as url:
        server = Database(url)
        _restored_and_whole(server, tmp_path / "e", old)
        with server.writing() as session:
            session.add(Unit(agency_id=the_agency(session).id, name="ใหม่", name_key="ใหม่", kind="section"))
        server.dispose()


def _restored_and_whole(database: Database, evidence: Path, archive: Path) -> None:
    restored = restore(database, evidence, archive)
    assert restored.problems == ()
    assert sum(restored.rows.values()) == 164
    assert migrate.is_current(database)
    with database.reading() as session:
        piece = session.scalars(select(Evidence)).one()
        assert piece.completion
        assert piece.completion.result == "จัดทำคู่มือแล้ว"
        assert digest(evidence / str(piece.stored_name)) == piece.sha256
        assert audit.verify(session, piece.agency_id) == []


def test_a_sealed_backup_opens_with_its_key_file_alone(
    sqlite: Database, empty_sqlite: Database, seed: bytes, tmp_path: Path
) -> None:
    store = EvidenceStore(tmp_path / "e", 2**20)
    fill(sqlite, store, seed)
    key, other = b"k" * 32, b"o" * 32
    sealed = tmp_path / "b.sealed"
    back_up(sqlite, tmp_path / "e", sealed, AT, key=key)
    assert sealed.stat().st_mode & 0o777 == 0o600
    with pytest.raises(NotUnderstoodError, match="--key-file"):
        restore(empty_sqlite, tmp_path / "f", sealed)
    with pytest.raises(NotUnderstoodError, match="this key"):
        restore(empty_sqlite, tmp_path / "f", sealed, key=other)
    whole = sealed.read_bytes()
    for harm in (whole[:-1], whole[:-20], whole + b"x", whole[:5000] + b"\0" + whole[5001:]):
        sealed.write_bytes(harm)
        with pytest.raises(NotUnderstoodError, match="not whole"):
            restore(empty_sqlite, tmp_path / "f", sealed, key=key)
    assert not any(rows(empty_sqlite).values())
    sealed.write_bytes(whole)
    assert restore(empty_sqlite, tmp_path / "f", sealed, key=key).problems == ()
    assert rows(empty_sqlite) == rows(sqlite)


def test_the_newest_backups_of_a_folder_stay_and_nothing_else_goes(tmp_path: Path) -> None:
    zone = BANGKOK
    made = [tmp_path / name_of(AT + timedelta(days=day), zone, sealed=day % 2 == 1) for day in range(5)]
    for path in (*made, tmp_path / "own.tar.gz", tmp_path / f"{made[0].name}.part"):
        path.write_bytes(b"x")
    assert keep_newest(tmp_path, 2) == made[:3]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [*(path.name for path in made[3:]), "own.tar.gz", f"{made[0].name}.part"]
    )


def test_the_nightly_backup_is_left_where_the_settings_say(sqlite: Database, tmp_path: Path) -> None:
    def asked(**values: object) -> Settings:
        return Settings(_env_file=None, data_dir=tmp_path / "data", secret_key="x" * 16, **values)  # type: ignore[arg-type]

    assert nightly_backup(sqlite, asked(), AT) is None
    (tmp_path / "key").write_bytes(b"k" * 32)
    for day in range(3):
        wanted = asked(backup_dir=tmp_path / "nights", backup_keep=2, backup_key_file=tmp_path / "key")
        archive = nightly_backup(sqlite, wanted, AT + timedelta(days=day))
        assert archive is not None
        assert is_sealed(archive)
    assert len(list((tmp_path / "nights").iterdir())) == 2
    assert "nightly backup" in configuration(asked(redis_url="redis://h", backup_dir=tmp_path))["beat_schedule"]
    assert "nightly backup" not in configuration(asked(redis_url="redis://h"))["beat_schedule"]
