"""The import is undone on the page, which says what goes with it; the document waits again with all choices."""

from sqlalchemy import func, select

from tests.admin.conftest import NOON, TODAY, Visitor, counted_queries
from tests.admin.forms import fields_of, place_of
from tests.admin.plans.test_plan_import import FIRST, HEADER, SECOND, paste, press
from tests.factories import TEST, World
from tracker.models import Event, Plan, Task, Unit
from tracker.services.tasks import progress
from tracker.store.db import Database


def imported(coordinator: Visitor) -> str:
    """Imports a plan with a new division and a correction; gives the path at which its document waited."""
    path = paste(coordinator, HEADER + FIRST + SECOND.replace("กองการคลัง", "กองพัสดุ"))
    place = place_of(coordinator.get(path).text, "กองพัสดุ")
    press(coordinator, path, changed={f"is-{place}": "division", "m1-title": "จัดซื้อจัดจ้างโปร่งใส"})
    return path


def plan_id(database: Database) -> int:
    with database.reading() as session:
        return session.scalars(select(Plan.id).where(Plan.fiscal_year == 2567)).one()


def test_an_import_is_undone_and_its_document_waits_again(coordinator: Visitor, database: Database) -> None:
    waited_at = imported(coordinator)
    undo = f"/plan/undo/{plan_id(database)}/"
    assert f'href="{undo}"' in coordinator.get("/plan/?year=2567").text
    page = coordinator.get(undo).text
    assert "๒ มาตรการ" in page
    assert "๑๐ งานที่ยังไม่มีใครทำ" in page
    assert "กองพัสดุ" in page
    done = coordinator.post(undo)
    assert (done.status_code, done.location) == (303, "/plan/import/")
    assert "เลิกทำการนำเข้าแล้ว" in coordinator.get("/plan/import/").text
    with database.reading() as session:
        assert session.scalar(select(func.count(Plan.id)).where(Plan.fiscal_year == 2567)) == 0
        assert session.scalar(select(Unit.id).where(Unit.name == "กองพัสดุ")) is None
        assert session.scalar(select(Event.id).where(Event.kind == "plan_import_undone"))
    page = coordinator.get(waited_at).text
    sent = fields_of(page, "preview")
    assert (sent[f"is-{place_of(page, 'กองพัสดุ')}"], sent["m1-title"]) == ("division", "จัดซื้อจัดจ้างโปร่งใส")
    press(coordinator, waited_at)
    assert plan_id(database)


def test_recorded_work_ends_the_undo_and_the_page_says_so_after_a_reload_too(
    coordinator: Visitor, database: Database
) -> None:
    imported(coordinator)
    undo = f"/plan/undo/{plan_id(database)}/"
    coordinator.get(undo)
    with database.writing() as session:
        task = session.scalars(select(Task).join(Plan).where(Plan.fiscal_year == 2567)).first()
        assert task
        progress.tick_off(session, task, result="ทำแล้ว", done_on=TODAY, today=TODAY, by=TEST, at=NOON)
    refused = coordinator.post(undo)
    assert (refused.status_code, refused.location) == (303, undo)
    for _ in range(2):
        page = coordinator.get(undo)
        assert (page.status_code, "จึงเลิกทำการนำเข้าไม่ได้" in page.text) == (200, True)
    assert f'href="{undo}"' not in coordinator.get("/plan/?year=2567").text
    assert plan_id(database)


def test_only_the_agency_s_coordinator_undoes(
    coordinator: Visitor, head: Visitor, database: Database, theirs: World
) -> None:
    imported(coordinator)
    undo = f"/plan/undo/{plan_id(database)}/"
    assert head.get(undo).status_code == head.post(undo).status_code == 403
    assert undo not in head.get("/plan/?year=2567").text
    assert coordinator.get(f"/plan/undo/{theirs.plan_id}/").status_code == 404
    assert coordinator.post(f"/plan/undo/{theirs.plan_id}/").status_code == 404


def test_the_plan_s_page_asks_no_more_for_more_tasks(coordinator: Visitor, database: Database) -> None:
    imported(coordinator)
    with counted_queries(database) as few:
        coordinator.get("/plan/?year=2567")
    body = "".join(FIRST.replace("๑. ให้", f"{n}. เรื่องที่ {n} ให้", 1) for n in range(1, 12))
    press(coordinator, paste(coordinator, HEADER + body))
    with counted_queries(database) as many:
        coordinator.get("/plan/?year=2567")
    assert len(few) == len(many)
