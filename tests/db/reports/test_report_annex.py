"""What the annex and the progress pages take from the record: every piece of evidence, on time or late, and why not."""

from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.db.agency_of_seed import BANGKOK, BY, bring_people, bring_plan, tasks_of_measure, the_plan
from tracker.reports.data import StandingCounts
from tracker.services.reports.compose import report_data
from tracker.services.reports.report_assets import report_material
from tracker.services.tasks import progress
from tracker.store.db import Database
from tracker.store.storage import EvidenceStore, NewEvidence

AT = datetime(2023, 9, 1, 3, tzinfo=UTC)
PEOPLE = (
    "unit,unit_kind,name,role,rank,email,line_user_id\nกองคลัง,division,ก,head,,k@a.th,\nกองช่าง,division,ข,head,,c@a.th,"
)
PLAN = (
    "มาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tระยะเวลา\n"
    "<p>๑. ก</p>\t<p>๑. ทำ</p>\t<p>กองคลัง</p>\t<p>มีนาคม ๒๕๖๖</p>\n"
    "<p>๒. ข</p>\t<p>๑. ทำ</p>\t<p>ทุกกอง</p>\t<p>มกราคม ๒๕๖๖</p>"
)


def photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(out, "PNG")
    return out.getvalue()


def fill(database: Database, *evidence: NewEvidence) -> None:
    """One task done on time with evidence, one late, one not possible."""
    with database.writing() as session:
        bring_people(session, PEOPLE)
        bring_plan(session, PLAN)
        (only,), (late, never) = tasks_of_measure(session, 1), tasks_of_measure(session, 2)
        for task, on, pieces in ((only, date(2023, 3, 1), evidence), (late, date(2023, 2, 2), ())):
            progress.tick_off(
                session, task, result="ทำแล้ว", done_on=on, today=AT.date(), evidence=list(pieces), by=BY, at=AT
            )
        progress.not_possible(session, never, reason="no_budget", text=None, by=BY, at=AT)


def test_on_time_late_not_possible_and_to_come_are_counted_as_they_stood_at_the_rounds_end(database: Database) -> None:
    fill(database)
    with database.reading() as session:
        year, half = (report_data(session, the_plan(session), number, BANGKOK) for number in (12, 6))
    assert [measure.pace for measure in year.measures] == [
        StandingCounts(on_time=1, entered_late=1),
        StandingCounts(late=1, not_possible=1, entered_late=1),
    ]
    assert [measure.pace for measure in half.measures] == [
        StandingCounts(on_time=1, entered_late=1),
        StandingCounts(late=1, unfinished=1, entered_late=1),
    ]
    assert {one.unit: one.pace.total for one in year.by_unit} == {"กองคลัง": 2, "กองช่าง": 1}
    (why,) = year.not_possible
    assert (why.reason, why.units) == ("ไม่ได้รับงบประมาณ", ("กองช่าง",))
    assert half.not_possible == ()


def test_what_is_declared_impossible_in_october_is_in_the_years_report(database: Database) -> None:
    fill(database)
    october = datetime(2023, 10, 4, 3, tzinfo=UTC)
    with database.writing() as session:
        _, never = tasks_of_measure(session, 2)
        progress.withdraw(session, never, by=BY, at=AT)
        progress.not_possible(session, never, reason="no_budget", text=None, by=BY, at=october)
    with database.reading() as session:
        year, half = (report_data(session, the_plan(session), number, BANGKOK) for number in (12, 6))
    assert year.measures[1].pace == StandingCounts(late=1, not_possible=1, entered_late=1)
    assert [why.reason for why in year.not_possible] == ["ไม่ได้รับงบประมาณ"]
    assert year.measures[1].summary[-1].text.endswith("เนื่องจากไม่ได้รับงบประมาณ")
    assert (half.not_possible, half.measures[1].pace.not_possible) == ((), 0)


def test_published_without_names_nobody_is_named_for_what_is_not_done(database: Database) -> None:
    fill(database)
    with database.reading() as session:
        data = report_data(session, the_plan(session), 12, BANGKOK, published=True)
        named = report_data(session, the_plan(session), 12, BANGKOK, published=True, names=True)
    assert data.by_unit == ()  # a unit's finished tasks without its others would stand as a full bar
    assert [one.unit for one in named.by_unit] == ["กองคลัง", "กองช่าง"]
    assert [one.units for one in data.not_possible] == [()]
    assert [one.units for one in named.not_possible] == [("กองช่าง",)]


def test_the_evidence_of_a_single_task_is_in_the_annex_and_its_photo_is_at_hand(
    database: Database, tmp_path: Path
) -> None:
    store = EvidenceStore(tmp_path, 2**20)
    kept = store.keep(photo(), "ประชุม.png")
    fill(database, kept)
    with database.reading() as session:
        plan = the_plan(session)
        data, material = report_data(session, plan, 12, BANGKOK), report_material(session, plan.agency_id, store)
        foreign = report_material(session, plan.agency_id + 1, store)
    first = next(entry for entry in data.annex if entry.measure == 1)
    assert [(piece.media_type, piece.sha256) for piece in first.evidence] == [("image/jpeg", kept.sha256)]
    assert material.file(kept.sha256 or "") == store.path(kept.stored_name or "").read_bytes()
    assert foreign.file(kept.sha256 or "") is None
    store.remove(kept)
    assert material.file(kept.sha256 or "") is None
