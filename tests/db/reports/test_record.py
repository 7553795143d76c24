"""The record is held against a second place: what a writer of the database does behind our back is found and named."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from tests.conftest import Fill
from tests.db.agency_of_seed import BANGKOK, BY, TODAY, bring_people, bring_plan, tasks_of_measure, the_agency, the_plan
from tests.db.agency_of_seed import tick as tick_task
from tests.office import add_task, local, make_office, settings
from tests.smtp import running_smtp
from tracker.models import (
    ColumnText,
    Completion,
    Delivery,
    Event,
    Evidence,
    Measure,
    Member,
    ProgressNote,
    ReportVersion,
    Round,
    Step,
    Task,
    TextVersion,
)
from tracker.reminders.record_heads import read_heads
from tracker.reminders.remind import remind
from tracker.reports.data import Signer
from tracker.services.plans.undoing import undo_import
from tracker.services.reports.closing import close_round, reopen_round, sign
from tracker.services.reports.column_texts import column_views, edit_text
from tracker.services.reports.compose import measures_of
from tracker.services.reports.record_check import MOST_NAMED, record_problems
from tracker.services.tasks import progress
from tracker.store.db import Database
from tracker.store.storage import EvidenceStore, link
from tracker.store.witness import Head, Witness

KEY = "the installation's key"
AT = datetime(2023, 10, 2, 3, tzinfo=UTC)
TABLE = (
    "มาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tระยะเวลา\n"
    "๑. เปิดเผยข้อมูล\t๑. ลงเว็บไซต์\tทุกส่วนราชการ\tตุลาคม ๒๕๖๕ - มีนาคม ๒๕๖๖\n"
    "๒. อบรม\t๑. จัดอบรม\tสำนักปลัด\tกันยายน ๒๕๖๖\n"
)


of_nothing = pytest.mark.parametrize("fill", [None], ids=["empty"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "record"


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what the witnesses of the filled databases saw, by the kind of database."""
    return tmp_path_factory.mktemp("seen")


@pytest.fixture(scope="module")
def fill(seen: Path) -> Fill:
    return partial(closed_year, seen=seen)


@pytest.fixture
def witnessed(database: Database, seen: Path, folder: Path) -> Iterator[Database]:
    """The closed year, and what its witness saw."""
    shutil.copytree(seen / database.engine.name, folder)
    database.witness = Witness(folder, KEY)
    yield database
    database.witness = None


def closed_year(database: Database, seen: Path) -> None:
    """The seed's plan with two ticks, one of them with evidence, and the year's report closed."""
    database.witness = Witness(seen / database.engine.name, KEY)
    with database.writing() as session:
        bring_people(session)
        bring_plan(session, TABLE, "องค์การบริหารส่วนตำบลเขาขาว")
        first, second = tasks_of_measure(session, 1)[:2]
        progress.tick_off(
            session, first, result="ประชุมแล้ว", done_on=date(2023, 3, 1), today=TODAY,
            evidence=[link("https://example.go.th/1")], by=BY, at=AT,
        )  # fmt: skip
        tick_task(session, second)
        third, fourth, fifth = tasks_of_measure(session, 1)[2:5]
        progress.note_progress(session, third, text="ร่างแล้ว", noted_on=date(2023, 3, 1), by=BY, at=AT)
        progress.move_due(session, third, date(2023, 9, 1), by=BY, at=AT)
        progress.not_possible(session, fourth, reason="other", text="ไม่มีเรื่อง", by=BY, at=AT)
        progress.tick_off(session, fifth, result="ครั้งแรก", done_on=None, today=TODAY, by=BY, at=AT)
        progress.withdraw(session, fifth, by=BY, at=AT)
        progress.tick_off(session, fifth, result="ครั้งหลัง", done_on=None, today=TODAY, by=BY, at=AT)
        plan = the_plan(session)
        summary = column_views(session, plan, measures_of(session, plan), 12, BANGKOK, thai_digits=True)[0]
        edit_text(session, summary, 12, "เขียนเอง", by=BY, at=AT)
        close_round(session, plan, 12, BANGKOK, today=date(2023, 10, 2), by=BY, at=AT)
        signers = [Signer("นายมานพ ธารน้อย", "ปลัด")]
        sign(session, plan, 12, BANGKOK, signers, date(2023, 10, 2), today=date(2023, 10, 2), by=BY, at=AT)


def found(database: Database) -> list[str]:
    with database.reading() as session:
        return [str(one) for one in record_problems(session, the_agency(session).id, database.witness)]


def behind_our_back(database: Database, change: Callable[[Session], object]) -> list[str]:
    """What is found once somebody who may write to the database has switched its triggers off and changed it."""
    with database.writing() as session:
        if database.is_sqlite:
            for (name,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                session.execute(text(f"DROP TRIGGER {name}"))
        else:
            session.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
        change(session)
    return found(database)


def test_a_record_that_nobody_touched_is_whole(witnessed: Database) -> None:
    assert found(witnessed) == []


def test_a_cut_end_is_named(witnessed: Database) -> None:
    with witnessed.reading() as session:
        last = session.scalars(select(Event.sequence).order_by(Event.sequence.desc())).first() or 0
    problems = behind_our_back(witnessed, lambda s: s.execute(delete(Event).where(Event.sequence > last - 1)))
    assert any(f"ends at event {last - 1}, but event {last} of 2023-10-02" in one for one in problems)


def test_an_emptied_table_is_named(witnessed: Database) -> None:
    problems = behind_our_back(witnessed, lambda s: s.execute(delete(Event)))
    assert any("the record ends at event 0" in one for one in problems)
    assert any("the record says nothing of it" in one for one in problems)


def test_a_chain_written_anew_is_named(witnessed: Database) -> None:
    def rewrite(session: Session) -> None:
        from tracker.services.audit import event_hash  # noqa: PLC0415

        previous = ""
        for event in session.scalars(select(Event).order_by(Event.sequence)).all():
            event.actor, event.previous_hash = "somebody else", previous
            event.hash = previous = event_hash(event)
            session.flush()

    assert any("is not the one that was seen" in one for one in behind_our_back(witnessed, rewrite))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (update(Task).where(Task.state == "done").values(state="pending"), "is pending, the record says done"),
        (update(Task).where(Task.state == "pending").values(state="done"), "the record says nothing of it"),
        (update(Completion).values(result="ทำครบทุกหน่วย"), "is not what was recorded"),
        (update(Completion).values(done_on=date(2022, 12, 1)), "is not what was recorded"),
        (update(Evidence).values(url="https://example.go.th/2"), "the evidence of task"),
        (update(Evidence).values(original_name="ภาพถ่ายทุกกอง.jpg"), "evidence of task 1 is called otherwise"),
        (delete(Evidence), "the evidence of task"),
        (update(Task).where(Task.state == "pending").values(title="งานอื่น"), "of the plan of 2566 are called otherwise"),
        (
            update(Completion).values(entered_by_id=select(Member.id).limit(1).scalar_subquery()),
            "who reported task 1 is",
        ),
        (update(Task).where(Task.state == "not_possible").values(reason="ไม่ทราบ", reason_text=None), "why task"),
        (update(ReportVersion).values(closed_by="ผู้อื่น"), "is closed otherwise"),
        (update(ReportVersion).values(closed_by=""), "is closed otherwise"),
        (delete(ReportVersion), "version 1 of the 12-month report of 2566 is missing"),
        (update(ReportVersion).values(sha256="0" * 64), "is not what was closed"),
        (update(Completion).values(entered_at=datetime(2023, 3, 2, tzinfo=UTC)), "is not what was recorded"),
        (update(Completion).values(withdrawn_at=AT), "is not what was recorded"),
        (update(ProgressNote).values(text="ใกล้เสร็จแล้ว"), "the progress notes of task"),
        (update(ProgressNote).values(noted_on=date(2023, 3, 31)), "the progress notes of task"),
        (delete(ProgressNote), "the progress notes of task"),
        (update(Task).where(Task.state == "not_possible").values(reason_text="ไม่มีงบ"), "why task"),
        (update(Task).where(Task.state == "not_possible").values(not_possible_on=date(2022, 12, 1)), "why task"),
        (update(Task).where(Task.state == "in_progress").values(due_on=date(2023, 12, 31)), "the due day of task"),
        (update(Task).where(Task.state == "done").values(due_on=date(2023, 12, 31)), "the due day of task"),
        (update(Step).values(retired=True), "its step was taken out of the plan behind it"),
        (update(ReportVersion).values(signed_on=date(2023, 10, 1)), "is signed otherwise"),
        (update(ReportVersion).values(signatures=[{"name": "ผู้อื่น", "position": "ปลัด"}]), "is signed otherwise"),
        (update(ReportVersion).values(signed_how="approved"), "is signed otherwise"),
        (update(Round).values(state="drafted"), "is closed otherwise"),
        (update(ReportVersion).values(reopened_at=AT), "is closed otherwise"),
        (update(ReportVersion).values(names=True), "is closed otherwise"),
        (update(ReportVersion).values(edition=1), "is published or withdrawn otherwise"),
        (update(ColumnText).values(paragraphs=[{"number": None, "text": "ครบทุกหน่วย"}]), "is not the text"),
        (delete(Task).where(Task.state == "pending"), "the plan of 2566 has other tasks than were recorded"),
        (delete(ColumnText), "is not the text that was recorded"),
    ],
)
def test_changed_rows_are_named(witnessed: Database, change: object, named: str) -> None:
    problems = behind_our_back(witnessed, lambda session: session.execute(change))  # type: ignore[call-overload]
    assert any(named in one for one in problems)
    assert len(problems) <= MOST_NAMED + 2


def test_a_round_that_was_opened_and_closed_again_is_whole(witnessed: Database) -> None:
    with witnessed.writing() as session:
        reopen_round(session, the_plan(session), 12, why="แก้คำผิด", by=BY, at=AT)
    assert found(witnessed) == []
    with witnessed.writing() as session:
        close_round(session, the_plan(session), 12, BANGKOK, today=date(2023, 10, 3), by=BY, at=AT)
    assert found(witnessed) == []


def test_a_text_that_came_back_under_another_measure_s_id_is_a_recorded_one(witnessed: Database) -> None:
    """As an undone import brings it back; words that nobody ever wrote are none."""

    def come_back(words: str) -> Callable[[Session], object]:
        def change(session: Session) -> None:
            text = session.scalars(select(ColumnText)).one()
            session.delete(text)
            session.execute(delete(TextVersion))
            session.flush()
            other = select(Measure.id).where(Measure.number == 2)
            paragraphs = [{"number": None, "text": words}]
            session.add(
                ColumnText(
                    agency_id=text.agency_id, measure_id=session.scalars(other).one(), field="summary", round=12,
                    source="coordinator", paragraphs=paragraphs, edited_at=AT,
                )
            )  # fmt: skip

        return change

    assert behind_our_back(witnessed, come_back("เขียนเอง")) == []
    assert any("is not the text that was recorded" in one for one in behind_our_back(witnessed, come_back("ครบทุกแห่ง")))


@of_nothing
def test_imported_results_are_held_against_the_record(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_plan(session, seed, completed=True)
    assert found(database) == []
    with database.writing() as session:
        text = session.scalars(select(ColumnText).order_by(ColumnText.id)).first()
        assert text is not None
        text.paragraphs = [{"number": None, "text": "ผลดีเยี่ยม"}]
    assert found(database) == ["the results that were imported with the plan of 2566 are not what was recorded"]


@of_nothing
def test_an_undone_import_leaves_the_record_whole(database: Database) -> None:
    """The coordinator's text of a measure that the import dropped, and that the undo brings back, among it."""
    with database.writing() as session:
        bring_people(session)
        bring_plan(session, TABLE, "องค์การบริหารส่วนตำบลเขาขาว")
        plan = the_plan(session)
        of_second = column_views(session, plan, measures_of(session, plan), 12, BANGKOK, thai_digits=True)[2]
        edit_text(session, of_second, 12, "เขียนเอง", by=BY, at=AT)
    with database.writing() as session:
        bring_plan(session, "\n".join(TABLE.splitlines()[:2]), "องค์การบริหารส่วนตำบลเขาขาว")
        assert len(the_plan(session).measures) == 1
    assert found(database) == []
    with database.writing() as session:
        undo_import(session, the_plan(session), by=BY, at=AT)
    assert found(database) == []
    with database.writing() as session:
        text = session.scalars(select(ColumnText)).one()
        text.paragraphs = [{"number": None, "text": "ครบทุกแห่ง"}]
    assert any("is not the text that was recorded" in one for one in found(database))


def test_a_tick_that_was_taken_back_does_not_count_again(witnessed: Database) -> None:
    """The words that were withdrawn are put in the place of those that stand, and no row is added or lost."""

    def swap(session: Session) -> None:
        for result, withdrawn_at in (("ครั้งแรก", None), ("ครั้งหลัง", AT)):
            session.execute(update(Completion).where(Completion.result == result).values(withdrawn_at=withdrawn_at))

    assert len([one for one in behind_our_back(witnessed, swap) if "is not what was recorded" in one]) == 1


def test_a_file_of_evidence_of_an_open_round_is_read(witnessed: Database, tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path / "evidence", 10**6)
    kept = store.keep(b"%PDF-1.4 minutes", "รายงานการประชุม.pdf")
    with witnessed.writing() as session:
        task = tasks_of_measure(session, 2)[0]
        progress.tick_off(
            session, task, result="อบรมแล้ว", done_on=TODAY, today=TODAY, evidence=[kept], by=BY, at=AT
        )  # fmt: skip

    def named() -> list[str]:
        with witnessed.reading() as session:
            return [
                str(one) for one in record_problems(session, the_agency(session).id, witnessed.witness, store)
            ]  # fmt: skip

    assert named() == []
    file = store.path(kept.stored_name or "")
    file.write_bytes(b"%PDF-1.4 other minutes")
    assert named() == [f"รายงานการประชุม.pdf, evidence of task {task.id}, is not the file that was kept"]
    file.unlink()
    assert named() == [f"รายงานการประชุม.pdf, evidence of task {task.id}, is missing"]


def test_a_forged_line_and_a_missing_file_of_the_witness_are_named(witnessed: Database, folder: Path) -> None:
    (file,) = folder.iterdir()
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    content, signature = lines[0].split("\t")
    agency, sequence, _, at = json.loads(content)
    file.write_text("".join([f"{json.dumps([agency, sequence, 'f' * 64, at])}\t{signature}", *lines[1:]]), "utf-8")
    assert found(witnessed) == ["line 1 of the record's witness is not signed with this installation's key"]
    file.unlink()
    assert found(witnessed) == ["the file of its witness is missing"]


@of_nothing
def test_a_sent_digest_carries_the_head_of_its_instant(database: Database) -> None:
    """Without the second place, too, what was cut after a digest went out is found by it."""
    office = make_office(database)
    task_id = add_task(database, office, date(2023, 6, 30))
    with database.writing() as session:
        task = session.get_one(Task, task_id)
        progress.note_progress(session, task, text="ร่างแล้ว", noted_on=date(2023, 6, 1), by=BY, at=AT)
        head = read_heads(session, [office.agency])[office.agency]
    with running_smtp() as smtp:
        assert remind(database, settings(smtp_url=smtp.url), local("2023-06-23 09:00"))["sent"] == 1
        assert smtp.mails[0].message["X-Record-Head"] == f"{head.sequence} {head.hash}"
    with database.reading() as session:
        sent = session.scalars(select(Delivery)).one()
        assert (sent.record_sequence, sent.record_hash) == (head.sequence, head.hash)
        assert record_problems(session, office.agency, None) == []
        last = head.sequence
    behind_our_back(database, lambda s: s.execute(delete(Event).where(Event.sequence == last)))
    with database.reading() as session:
        problems = [str(one) for one in record_problems(session, office.agency, None)]
    assert any(f"the record ends at event {last - 1}, but event {last} of 2023-06-23" in one for one in problems)


def test_what_is_rolled_back_was_not_seen(witnessed: Database, folder: Path) -> None:
    before = [file.read_bytes() for file in folder.iterdir()]
    with witnessed.reading() as session:
        tick_task(session, tasks_of_measure(session, 2)[0])
    assert [file.read_bytes() for file in folder.iterdir()] == before


def test_a_line_that_a_kill_left_half_written_is_passed_over(tmp_path: Path) -> None:
    witness = Witness(tmp_path, "key")
    witness.see(1, Head(1, "a" * 64, AT))
    with (tmp_path / "agency-1.jsonl").open("a", encoding="utf-8") as file:
        file.write('[1, 2, "bb')
    assert [type(one) for one in witness.heads(1)] == [Head]
