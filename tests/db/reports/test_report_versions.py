"""A closed report can be proved for good: what changed since is shown to the cell, and tampering is told."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.factories import TEST, World, build_world, publish_report, task_of
from tracker.errors import ConflictError
from tracker.models import Agency, Evidence, Measure, Member, Plan, ReportFile, ReportVersion, Round, Task
from tracker.services.reports import closing, public_address, publishing, report_files
from tracker.services.reports import column_texts as texts
from tracker.services.reports.compose import measures_of
from tracker.services.reports.verification import changes_since, verify_version
from tracker.services.tasks import progress
from tracker.store import migrate
from tracker.store.db import Database
from tracker.store.storage import EvidenceStore

TZ = ZoneInfo("Asia/Bangkok")
AT = datetime(2023, 4, 3, 5, tzinfo=UTC)
DAY = date(2023, 4, 3)
PDF = b"%PDF-1.4\nevidence\n%%EOF"
DECEMBER, MARCH, AUGUST = date(2022, 12, 31), date(2023, 3, 31), date(2023, 8, 31)


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "evidence", 2**20)


@pytest.fixture
def world(database: Database, store: EvidenceStore) -> World:
    """An agency whose กองคลัง has reported its first quarter, with the round closed after it."""
    with database.writing() as session:
        world = build_world(session)
        task = task_of(session, world, "กองคลัง", 2, DECEMBER)
        evidence = [store.keep(PDF, "ประกาศ.pdf")]
        progress.tick_off(
            session, task, result="เผยแพร่แล้ว", done_on=DECEMBER, today=DAY, evidence=evidence, by=TEST, at=AT
        )
        closing.close_round(session, session.get_one(Plan, world.plan_id), 6, TZ, today=DAY, by=TEST, at=AT)
    return world


def version_of(session: Session) -> ReportVersion:
    return session.scalars(select(ReportVersion).order_by(ReportVersion.id.desc())).first()  # type: ignore[return-value]


def told(session: Session, *, later: bool = False) -> list[tuple[object, ...]]:
    return [
        (one.area, one.measure, one.step, one.place, one.cell, one.before, one.after)
        for one in changes_since(session, version_of(session), TZ)
        if one.later == later
    ]


def test_nothing_changed_is_nothing_told(database: Database, store: EvidenceStore, world: World) -> None:
    with database.reading() as session:
        found = verify_version(session, store, version_of(session), TZ)
        assert (found.problems, found.changes) == ((), ())
        assert world.plan_id == version_of(session).round.plan_id


def test_each_change_is_told_to_the_cell_and_nothing_else(
    database: Database, store: EvidenceStore, world: World
) -> None:
    place = ("กองคลัง", "2022-12-31")
    with database.writing() as session:
        task = task_of(session, world, "กองคลัง", 2, DECEMBER)
        progress.send_back(session, task, note="แนบใหม่", by=TEST, at=AT)
        progress.tick_off(
            session, task, result="เผยแพร่แล้ว", done_on=date(2022, 12, 30), today=DAY,
            evidence=[store.keep(PDF + b"2", "ประกาศ.pdf")], by=TEST, at=AT,
        )  # fmt: skip
    with database.reading() as session:
        old, new = session.scalars(select(Evidence.sha256).order_by(Evidence.id)).all()
        assert told(session) == [
            ("task", 2, 1, place, "done_on", "2022-12-31", "2022-12-30"),
            ("evidence", 2, 1, place, "evidence", f"ประกาศ.pdf (SHA-256 {old})", None),
            ("evidence", 2, 1, place, "evidence", None, f"ประกาศ.pdf (SHA-256 {new})"),
        ]


def test_texts_plan_people_and_moved_days_are_told_too(database: Database, world: World) -> None:
    with database.writing() as session:
        progress.move_due(session, task_of(session, world, "กองคลัง", 2, MARCH), due_on=date(2023, 4, 5), by=TEST, at=AT)
        session.get_one(Member, world.members["head2"]).name = "หัวหน้าคนใหม่"
        measure = session.scalars(select(Measure).where(Measure.plan_id == world.plan_id, Measure.number == 4)).one()
        measure.title = "มาตรการที่แก้ชื่อ"
    with database.reading() as session:
        assert told(session) == [
            ("task", 2, 1, ("กองคลัง", "2023-03-31"), "due_on", "2023-03-31", "2023-04-05"),
            ("plan", 4, None, (), "title", "มาตรการที่ 4", "มาตรการที่แก้ชื่อ"),
            ("people", None, None, ("กองคลัง",), "head", "หัวหน้ากองคลัง", "หัวหน้าคนใหม่"),
        ]


def test_the_years_later_work_stands_apart(database: Database, world: World) -> None:
    with database.writing() as session:
        task = task_of(session, world, "กองคลัง", 3, AUGUST)
        progress.tick_off(session, task, result="ชี้แจงแล้ว", done_on=AUGUST, today=date(2023, 9, 1), by=TEST, at=AT)
    with database.reading() as session:
        assert told(session) == []
        assert [one[4:] for one in told(session, later=True)] == [
            ("progress", "0/60", "1/60"),
            ("state", "pending", "done"),
            ("done_on", None, "2023-08-31"),
            ("result", None, "ชี้แจงแล้ว"),
        ]


def test_tampering_with_snapshot_files_or_evidence_is_told(
    database: Database, store: EvidenceStore, world: World
) -> None:
    with database.writing() as session:
        version = version_of(session)
        asked = report_files.ask_for_version(session, version, AT, public=False)
        ids = [one.id for one in asked]
        kept = {**version.snapshot}
    for file_id in ids:
        assert report_files.make(database, store, file_id, AT, TZ)
        assert not report_files.make(database, store, file_id, AT, TZ)
    with database.reading() as session:
        assert verify_version(session, store, version_of(session), TZ).problems == ()
        stored = {one.format: one.stored_name for one in session.scalars(select(ReportFile))}
        piece = session.scalars(select(Evidence.stored_name)).one()
    assert stored["pdf"]
    assert piece
    (store.folder / stored["pdf"]).write_bytes(b"%PDF another")
    (store.folder / piece).unlink()
    with database.writing() as session:
        kept["report"] = {**kept["report"], "agency": "อบต.อื่น"}
        version_of(session).snapshot = kept
    with database.reading() as session:
        found = verify_version(session, store, version_of(session), TZ)
        assert [str(problem) for problem in found.problems] == [
            "the snapshot was changed after it was closed",
            "report.pdf is not the file that it was",
            "ประกาศ.pdf is missing",
        ]
        assert world.agency_id == version_of(session).agency_id


def test_a_published_hash_outlives_a_writer_that_writes_otherwise(
    database: Database, store: EvidenceStore, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as session:
        closing.reopen_round(session, session.get_one(Plan, world.plan_id), 6, why="ตรวจ", by=TEST, at=AT)
    publish_report(database, store, world, "tua-example", AT)
    with database.reading() as session:
        before = {(one.public, one.format): one.sha256 for one in session.scalars(select(ReportFile))}
    assert len(before) == 12
    monkeypatch.setattr(report_files, "render", lambda *_: b"another release")
    with database.writing() as session:
        plan = session.get_one(Plan, world.plan_id)
        closing.reopen_round(session, plan, 6, why="ตรวจอีกครั้ง", by=TEST, at=AT)
        version = closing.close_round(session, plan, 6, TZ, today=DAY, by=TEST, at=AT)
        for public in (False, True):
            report_files.ask_for_version(session, version, AT, public=public)
        assert {(one.public, one.format): one.sha256 for one in session.scalars(select(ReportFile))} == before
        assert publishing.is_published(version)


def test_a_file_that_cannot_be_written_says_so_and_is_tried_again(
    database: Database, store: EvidenceStore, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        raise RuntimeError("no font")

    with database.writing() as session:
        plan = session.get_one(Plan, world.plan_id)
        (asked,) = report_files.ask_for_draft(session, plan, 12, ["csv"], AT)
        file_id = asked.id
    with monkeypatch.context() as patch:
        patch.setattr(report_files, "render", broken)
        report_files.make(database, store, file_id, AT, TZ)
    with database.writing() as session:
        failed = session.get_one(ReportFile, file_id)
        assert (failed.state, failed.problem) == ("failed", "RuntimeError")
        report_files.ask_for_draft(session, session.get_one(Plan, world.plan_id), 12, ["csv"], AT)
    report_files.make(database, store, file_id, AT, TZ)
    with database.writing() as session:
        made = session.get_one(ReportFile, file_id)
        assert (made.state, made.problem) == ("made", None)
        assert made.stored_name
        assert store.path(made.stored_name).stat().st_size == made.size
        assert report_files.waiting(session, AT) == []
        assert report_files.forget_drafts(session, store, datetime(2023, 4, 5, 5, tzinfo=UTC)) == 1
    assert list(store.folder.glob(made.stored_name)) == []


def test_what_was_closed_before_there_were_versions_is_the_first_one(database: Database) -> None:
    migrate.downgrade(database, "0010")
    with database.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO agency (id, name, place, send_from, send_until, review, thai_digits, escalate_after) "
                "VALUES (1, 'อบต.', '', '08:30', '16:30', false, true, '[3, 7, 30]')"
            )
        )
        connection.execute(text("INSERT INTO plan (id, agency_id, fiscal_year, warnings) VALUES (1, 1, 2566, '[]')"))
        connection.execute(
            text(
                "INSERT INTO round (id, agency_id, plan_id, number, state, closed_at, snapshot, sha256) VALUES "
                "(1, 1, 1, 6, 'closed', '2023-04-03 05:00:00', :snapshot, :sha256)"
            ),
            {"snapshot": '{"agency": "อบต."}', "sha256": "0" * 64},
        )
    migrate.upgrade(database)
    with database.reading() as session:
        version = session.scalars(select(ReportVersion)).one()
        assert (version.number, version.sha256, version.closed_at) == (1, "0" * 64, AT)
        assert version.snapshot == {"format": 1, "report": {"agency": "อบต."}}
        assert session.scalars(select(Round)).one().state == "closed"
    migrate.downgrade(database, "0010")
    with database.engine.connect() as connection:
        row = connection.execute(text("SELECT snapshot, sha256 FROM round")).one()
        assert "อบต." in str(row.snapshot) or "\\u0e2d" in str(row.snapshot)
        assert row.sha256 == "0" * 64


def test_an_agency_keeps_its_address_and_nobody_takes_it(database: Database, world: World) -> None:
    with database.writing() as session:
        other = Agency(name="อบต.อื่น", slug="ok-name")
        session.add(other)
        session.flush()
        ours = session.get_one(Agency, world.agency_id)
        with pytest.raises(ConflictError, match="Another agency"):
            public_address.choose_address(session, ours, "ok-name")
        public_address.choose_address(session, ours, " Tua-Example ")
        assert ours.slug == "tua-example"


def test_what_the_style_rules_wrote_rests_on_the_same_facts(database: Database, world: World) -> None:
    with database.writing() as session:
        plan = session.get_one(Plan, world.plan_id)
        closing.reopen_round(session, plan, 6, why="แก้", by=TEST, at=AT)
        (view, *_) = [
            one
            for one in texts.column_views(session, plan, measures_of(session, plan), 6, TZ, thai_digits=True)
            if one.measure.number == 2
        ]
        texts.take_style(session, view, 6, view.from_tasks, by=TEST, at=AT)
        (after, *_) = [
            one
            for one in texts.column_views(session, plan, measures_of(session, plan), 6, TZ, thai_digits=True)
            if one.measure.number == 2
        ]
        assert not after.drifted
        assert session.scalars(select(Task)).first()
