"""Files of forms that were never saved go after their days, folders of before at once; what somebody saved stays."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from tests.factories import BUILT_AT, TEST, build_world, publish_report, task_of
from tracker import clock
from tracker.models import ReportVersion
from tracker.services.tasks.progress import tick_off
from tracker.services.upkeep.cleanup import forget_folders_of_before, forget_unsaved_files
from tracker.store.db import Database
from tracker.store.storage import EvidenceStore

PDF = b"%PDF-1.7\n%%EOF"
DAY = date(2023, 3, 1)


def test_files_of_forms_that_were_left_go_after_three_days(database: Database, tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path / "evidence", 2**20)
    saved = store.keep(PDF, "saved.pdf")
    store.keep(PDF, "left.pdf")
    made = store.keep_made(PDF)  # a report's file, which no form brought
    with database.writing() as session:
        world = build_world(session)
        task = task_of(session, world, "กองคลัง", 1, date(2023, 4, 2))
        tick_off(session, task, result="ทำแล้ว", done_on=DAY, today=DAY, evidence=[saved], by=TEST, at=BUILT_AT)
    now = clock.now()
    with database.reading() as session:
        assert forget_unsaved_files(session, store, now + timedelta(days=2)) == 0
        assert forget_unsaved_files(session, store, now + timedelta(days=4)) == 1
        assert forget_unsaved_files(session, store, now + timedelta(days=4)) == 0
    assert {path.name for path in store.folder.iterdir() if path.is_file()} == {saved.stored_name, made}
    assert store.waiting(datetime.max.replace(tzinfo=UTC) - timedelta(days=1)) == []


def test_the_paper_that_was_signed_stays(database: Database, tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path / "evidence", 2**20)
    with database.writing() as session:
        world = build_world(session)
    publish_report(database, store, world, "khang-khiang", datetime(2023, 4, 3, 5, tzinfo=UTC))
    before = {path.name for path in store.folder.iterdir() if path.is_file()}
    with database.reading() as session:
        signed = session.scalars(select(ReportVersion.scan_stored)).one()
        assert forget_unsaved_files(session, store, clock.now() + timedelta(days=4)) == 0
    assert signed in before
    assert {path.name for path in store.folder.iterdir() if path.is_file()} == before


def test_the_folders_of_earlier_versions_go_and_nothing_else(tmp_path: Path) -> None:
    forget_folders_of_before(tmp_path / "not there")
    for name in ("uploads/0.work", "typed/a", "evidence/b"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("{}")
    forget_folders_of_before(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["evidence"]
