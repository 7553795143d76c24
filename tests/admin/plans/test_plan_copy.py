"""Copying a plan into a new year: seen first, created once, for the coordinator alone."""

from sqlalchemy import func, select

from tests.admin.conftest import Visitor
from tests.factories import World
from tracker.models import Plan, Task
from tracker.store.db import Database


def test_a_plan_is_seen_and_then_copied(coordinator: Visitor, database: Database, ours: World) -> None:
    assert 'href="/plan/copy/?year=2566"' in coordinator.get("/plan/").text
    page = coordinator.get("/plan/copy/?year=2566&to=2567").text
    assert "นำแผนปี ๒๕๖๖ มาใช้ในปีงบประมาณ ๒๕๖๗" in page
    assert "มาตรการที่ 3" in page
    with database.reading() as session:
        assert session.scalar(select(func.count(Plan.id)).where(Plan.agency_id == ours.agency_id)) == 1
    answer = coordinator.post("/plan/copy/", {"from": "2566", "to": "2567"})
    assert answer.location == "/plan/?year=2567"
    assert "สร้างแผนปีงบประมาณ ๒๕๖๗ แล้ว" in coordinator.get(answer.location).text
    with database.reading() as session:
        plan = session.scalars(select(Plan).where(Plan.fiscal_year == 2567)).one()
        assert plan.agency_id == ours.agency_id
        assert (session.scalar(select(func.count(Task.id)).where(Task.plan_id == plan.id)) or 0) > 5
    assert coordinator.post("/plan/copy/", {"from": "2566", "to": "2567"}).status_code == 409
    assert coordinator.post("/plan/copy/", {"from": "2566", "to": "2560"}).status_code == 422
    assert coordinator.post("/plan/copy/", {"from": "2560", "to": "2569"}).status_code == 404


def test_only_the_coordinator_copies(head: Visitor, coordinator: Visitor) -> None:
    assert head.get("/plan/copy/").status_code == 403
    assert head.post("/plan/copy/", {"from": "2566", "to": "2567"}).status_code == 403
    assert "/plan/copy/" not in head.get("/plan/").text
    assert coordinator.client.post("/plan/copy/", data={"from": "2566", "to": "2567"}).status_code == 400
