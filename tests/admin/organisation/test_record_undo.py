"""เลิกทำ beside a line of the record: only where what it tells of can still be taken back."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.admin.conftest import NOON, Visitor, counted_queries
from tests.factories import TEST, World, publish_report, task_of
from tracker.models import Measure, Member, Plan, Step, Task, Unit
from tracker.services.audit import Actor, record
from tracker.services.organisation import units
from tracker.services.plans import plan_edit
from tracker.services.tasks import progress
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.store.storage import EvidenceStore

RECORD = "/admin/events/"
AFTER = datetime(2023, 4, 3, 5, tzinfo=UTC)
"""Once the first round has ended."""
_FORM = re.compile(r'<form method="post"\s+action="([^"]+)">(.*?)</form>', re.DOTALL)
_FIELD = re.compile(r'name="(\w+)"\s+value="([^"]*)"')


def coordinator_of(database: Database, ours: World) -> Actor:
    with database.reading() as session:
        return Actor(session.get_one(Member, ours.members["coordinator"]).name, "web")


def step_of(session: Session, ours: World) -> Step:
    return (
        session.scalars(select(Step).join(Measure).where(Measure.plan_id == ours.plan_id).order_by(Step.id)).first()
        or Step()
    )


def offered(visitor: Visitor, kind: str) -> list[tuple[str, dict[str, str]]]:
    """The forms beside the lines of a kind: where each goes, and its fields."""
    page = visitor.get(f"{RECORD}?kind={kind}").text
    return [(to, dict(_FIELD.findall(inside))) for to, inside in _FORM.findall(page) if "เลิกทำ" in inside]


def test_what_one_did_oneself_is_taken_back_from_its_line(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    me = coordinator_of(database, ours)
    with database.writing() as session:
        task = task_of(session, ours, "กองคลัง", 3, date(2023, 3, 31))
        other = task_of(session, ours, "กองช่าง", 3, date(2023, 3, 31))
        progress.move_due(session, task, date(2023, 5, 31), by=me, at=NOON)
        progress.move_due(session, other, date(2023, 5, 31), by=TEST, at=NOON)
    [(address, fields)] = offered(coordinator, "due_moved")
    assert coordinator.post(address, {name: fields[name] for name in fields if name != "csrf_token"}).status_code == 302
    with database.reading() as session:
        assert session.get_one(Task, task.id).due_on == date(2023, 3, 31)
        assert session.get_one(Task, other.id).due_on == date(2023, 5, 31)
    with database.writing() as session:
        progress.move_due(session, session.get_one(Task, task.id), date(2023, 6, 30), by=me, at=NOON)
        progress.note_progress(
            session, session.get_one(Task, task.id), text="เริ่มแล้ว", noted_on=NOON.date(), evidence=(), by=TEST, at=NOON
        )
    assert offered(coordinator, "due_moved") == []


def test_only_the_last_edit_of_a_step_is_taken_back(coordinator: Visitor, database: Database, ours: World) -> None:
    me = coordinator_of(database, ours)
    with database.writing() as session:
        step = step_of(session, ours)
        before = step.text
        plan_edit.edit_step(session, step, "ประชุมหารือ", by=me, at=NOON)
        plan_edit.edit_step(session, step, "ประชุมหารือร่วมกัน", by=me, at=NOON + timedelta(minutes=1))
    [(address, fields)] = offered(coordinator, "plan_edited")
    assert address == "/plan/undo-edits/"
    coordinator.post(address, {"edited_at": fields["edited_at"]})
    with database.reading() as session:
        assert step_of(session, ours).text == "ประชุมหารือ"
        assert before != "ประชุมหารือ"


def test_a_merge_is_taken_back_until_it_was(coordinator: Visitor, database: Database, ours: World) -> None:
    with database.writing() as session:
        gone, kept = (session.get_one(Unit, ours.units[name]) for name in ("กองช่าง", "กองคลัง"))
        units.merge_units(session, gone, kept, by=TEST, at=NOON)
    [(address, fields)] = offered(coordinator, "units_merged")
    coordinator.post(address, {"sequence": fields["sequence"]})
    assert offered(coordinator, "units_merged") == []


def test_an_import_leads_to_the_page_that_asks_until_there_is_work(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    page = f'href="/plan/undo/{ours.plan_id}/"'
    with database.writing() as session:
        plan = session.get_one(Plan, ours.plan_id)
        told = record(session, ours.agency_id, "plan_imported", TEST, NOON, fiscal_year=plan.fiscal_year)
        plan.undo = {"sequence": told.sequence, "before": None, "units": [], "aliases": []}
    assert page in coordinator.get(RECORD).text
    with database.writing() as session:
        task = task_of(session, ours, "กองคลัง", 3, date(2023, 3, 31))
        progress.note_progress(session, task, text="เริ่มแล้ว", noted_on=NOON.date(), evidence=(), by=TEST, at=NOON)
    assert page not in coordinator.get(RECORD).text


@pytest.mark.parametrize(("ago", "still"), [(timedelta(minutes=9), True), (timedelta(minutes=11), False)])
def test_a_publication_leads_to_its_page_for_ten_minutes(
    coordinator: Visitor, database: Database, settings: Settings, ours: World, ago: timedelta, still: bool
) -> None:
    store = EvidenceStore(settings.data_dir / "evidence", settings.upload_limit_mb * 2**20)
    with time_machine.travel(AFTER, tick=False):
        publish_report(database, store, ours, "khaokhao", AFTER - ago)
        page = coordinator.get(f"{RECORD}?kind=report_published").text
    assert ("เลิกทำ ลำดับ" in page) is still


def test_its_queries_do_not_grow_with_changes(coordinator: Visitor, database: Database, ours: World) -> None:
    me = coordinator_of(database, ours)
    with database.reading() as session:
        task_id = task_of(session, ours, "กองคลัง", 2, date(2023, 3, 31)).id

    def change(times: int) -> None:
        with database.writing() as session:
            step = step_of(session, ours)
            for place in range(times):
                at = NOON + timedelta(seconds=place)
                plan_edit.edit_step(session, step, f"ประชุมครั้งที่ {times} {place}", by=me, at=at)
                progress.move_due(session, session.get_one(Task, task_id), date(2023, 5, 1 + place), by=me, at=at)

    change(1)
    coordinator.get(RECORD)
    with counted_queries(database) as few:
        coordinator.get(RECORD)
    change(6)
    with counted_queries(database) as many:
        coordinator.get(RECORD)
    assert len(many) == len(few)
