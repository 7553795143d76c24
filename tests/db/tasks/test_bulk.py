"""Orders to many tasks, their undo, and units that become one, on both databases."""

from datetime import UTC, date, datetime

from sqlalchemy import select

from tests.factories import World, build_world, task_of
from tracker.models import Event, Member, Plan, Task, Unit
from tracker.services.access import Viewer, viewer_for
from tracker.services.audit import Actor, verify
from tracker.services.organisation import units
from tracker.services.plans import plan_rows
from tracker.services.tasks import bulk
from tracker.services.tasks.generate import generate_tasks
from tracker.store.db import Database

AT = datetime(2023, 3, 29, 5, tzinfo=UTC)
LATER = datetime(2023, 3, 29, 6, tzinfo=UTC)
BY = Actor("ผู้ประสานงาน", "web")
TODAY = date(2023, 3, 29)


def test_orders_are_carried_out_undone_and_outlive_a_merge(database: Database) -> None:
    with database.writing() as session:
        world: World = build_world(session)
        ids = [task_of(session, world, unit, 1, date(2023, 4, 2)).id for unit in ("กองช่าง", "กองคลัง")]
    with database.writing() as session:
        viewer: Viewer = viewer_for(session, session.get_one(Member, world.members["coordinator"]))
        order = bulk.Order("move", to=date(2023, 4, 20))
        assert [fate.changes for fate in bulk.carry_out(session, viewer, ids, order, today=TODAY, by=BY, at=AT)] == [
            True,
            True,
        ]
    with database.writing() as session:
        assert bulk.undo(session, viewer, AT, by=BY, at=LATER).back == 2
        assert set(session.scalars(select(Task.due_on).where(Task.id.in_(ids)))) == {date(2023, 4, 2)}
        taken = bulk.Order("reassign", unit=session.get_one(Unit, world.units["สำนักปลัด"]))
        bulk.carry_out(session, viewer, ids[:1], taken, today=TODAY, by=BY, at=LATER)
    with database.writing() as session:
        gone, kept = (session.get_one(Unit, world.units[name]) for name in ("กองช่าง", "กองคลัง"))
        units.merge_units(session, gone, kept, by=BY, at=LATER)
    with database.writing() as session:
        plan = session.get_one(Plan, world.plan_id)
        measure = plan.measures[1]
        step = plan_rows.add_step(session, measure, "รายงานผล", by=BY, at=LATER)
        plan_rows.take_out(session, step, by=BY, at=LATER)
        assert generate_tasks(session, plan, BY, LATER).created == 0
        assert session.scalar(select(Event.id).where(Event.kind == "units_merged")) is not None
        assert verify(session, world.agency_id) == []
