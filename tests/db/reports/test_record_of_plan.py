"""The adopted plan, who its tasks belong to and the agency's settings are held against the record."""

import random
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from tests.conftest import Fill
from tests.db.agency_of_seed import BY, IMPORTED_AT, bring_people, bring_plan, the_agency, the_plan
from tracker.errors import TrackerError
from tracker.models import Agency, Measure, Period, Step, Task, TaskUnit, Unit
from tracker.plan_draft import Mode
from tracker.services.organisation import first_day, reference, units
from tracker.services.plans import plan_edit, plan_rows
from tracker.services.plans.undoing import is_undoable, undo_import
from tracker.services.reports.record_check import record_problems
from tracker.services.tasks import progress
from tracker.store.db import Database

TABLE = (
    "มาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tระยะเวลา\n"
    "๑. เปิดเผยข้อมูล\t๑. ลงเว็บไซต์ ๒. ติดประกาศ\tทุกส่วนราชการ\tตุลาคม ๒๕๖๕ - มีนาคม ๒๕๖๖\n"
    "๒. อบรม\t๑. จัดอบรม\tสำนักปลัด\tกันยายน ๒๕๖๖\n"
    "๓. ตรวจสอบ\t๑. รายงานผล\tกองคลัง/หน่วยตรวจสอบภายใน\tทุกเดือน\n"
)
CORRECTED = TABLE.replace("จัดอบรม", "จัดอบรมจริยธรรม").replace("กันยายน", "สิงหาคม")
CELL = "of 2566 is not what was recorded"


@pytest.fixture
def fill() -> Fill:
    return a_plan


def a_plan(database: Database) -> None:
    """A plan with its people, adopted, edited by hand, and two settings changed."""
    with database.writing() as session:
        bring_people(session)
        bring_plan(session, TABLE, "องค์การบริหารส่วนตำบลเขาขาว")
        second = the_plan(session).measures[1]
        plan_edit.edit_step(session, second.steps[0], "จัดอบรมปีละครั้ง", by=BY, at=IMPORTED_AT)
        plan_edit.set_period(session, second.steps[0], "สิงหาคม ๒๕๖๖", by=BY, at=IMPORTED_AT)
        first_day.switch_on(session, the_agency(session), date(2022, 10, 10), by=BY, at=IMPORTED_AT)


def found(database: Database) -> list[str]:
    with database.reading() as session:
        return [str(one) for one in record_problems(session, the_agency(session).id, None)]


def test_a_plan_that_nobody_touched_is_whole(database: Database) -> None:
    assert found(database) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (update(Measure).where(Measure.number == 1).values(title="อื่น"), f"the measure's text of measure 1 {CELL}"),
        (update(Measure).where(Measure.number == 1).values(details=[{"number": 1, "text": "x"}]), "text of measure 1"),
        (update(Measure).where(Measure.number == 3).values(number=4), f"the measure's text of measure 4 {CELL}"),
        (update(Step).where(Step.text == "จัดอบรมปีละครั้ง").values(text="จัดอบรม"), f"the steps of measure 2 {CELL}"),
        (update(Step).where(Step.number == 2).values(retired=True), f"the steps of measure 1 {CELL}"),
        (update(Measure).where(Measure.number == 3).values(responsible_text="กองช่าง"), "parties of measure 3"),
        (update(Measure).where(Measure.number == 3).values(parties=["กองช่าง"]), "parties of measure 3"),
        (
            update(Measure).where(Measure.number == 3).values(mode="each"),
            f"the responsible parties of measure 3 {CELL}",
        ),
        (update(Period).where(Period.text == "ทุกเดือน").values(text="รายไตรมาส"), f"the period of measure 3 {CELL}"),
        (update(Period).where(Period.text == "สิงหาคม ๒๕๖๖").values(end=date(2023, 9, 30)), "the period of measure 2"),
        (delete(Measure).where(Measure.number == 2), "a measure of the plan of 2566 is gone"),
        (update(TaskUnit).where(TaskUnit.unit_id == 1).values(unit_id=6), "the units of task"),
        (delete(TaskUnit).where(TaskUnit.task_id == select(Task.id).limit(1).scalar_subquery()), "the units of task 1"),
        (update(Agency).values(review=True), "“the review of what is ticked off” is True, the record says False"),
        (update(Agency).values(reminders_from=None), "reminders go out” is –, the record says 2022-10-10"),
        (update(Agency).values(escalate_after=[30, 60, 90]), "[30, 60, 90], the record says [3, 7, 30]"),
        (update(Agency).values(public_signers=False), "“whether signers are published” is False"),
    ],
)
def test_what_is_changed_behind_the_record_is_named(database: Database, change: object, named: str) -> None:
    with database.writing() as session:
        if database.is_sqlite:
            session.execute(text("PRAGMA foreign_keys = ON"))
        session.execute(change)  # type: ignore[call-overload]
    problems = found(database)
    assert any(named in one for one in problems), problems


def test_a_measure_that_came_in_behind_the_record_is_named(database: Database) -> None:
    with database.writing() as session:
        first = the_plan(session).measures[0]
        row = {"agency_id": first.agency_id, "plan_id": first.plan_id, "position": 9, "number": 9, "title": "แทรก"}
        rest = {"details": [], "responsible_text": "", "parties": [], "mode": "each", "period_id": first.period_id}
        session.execute(insert(Measure).values(**row, **rest, retired=False))
    assert found(database) == ["measure 9 of 2566 came into the plan behind the record"]


def test_a_later_edit_does_not_cover_what_was_changed_behind(database: Database) -> None:
    """An act tells of what it wrote: the other cells, tasks and settings stay held against what stood before."""
    with database.writing() as session:
        session.execute(update(Measure).where(Measure.number == 1).values(title="อื่น"))
        session.execute(update(Agency).values(review=True))
    with database.writing() as session:
        measures = the_plan(session).measures
        plan_edit.edit_step(session, measures[0].steps[0], "ลงเว็บไซต์ทุกไตรมาส", by=BY, at=IMPORTED_AT)
        plan_edit.set_period(session, measures[0], "ทุกไตรมาส", by=BY, at=IMPORTED_AT)
        plan_edit.edit_measure(session, measures[1], title="อบรมใหม่", details="", by=BY, at=IMPORTED_AT)
        change_settings(session, escalate_after=[4, 8, 40])
    assert found(database) == [
        f"the measure's text of measure 1 {CELL}",
        "the setting “the review of what is ticked off” is True, the record says False",
    ]


def change_settings(session: Session, **values: object) -> None:
    """As the settings' form does it."""
    agency = the_agency(session)
    for name, value in values.items():
        setattr(agency, name, value)
    changes = reference.changes_of(agency)
    reference.settle(session, agency, "settings_changed", agency, changes=changes, by=BY, at=IMPORTED_AT)


Act = Callable[[Session, random.Random], object]


def _measure(session: Session, chance: random.Random) -> Measure:
    return chance.choice([one for one in the_plan(session).measures if not one.retired])


def _step(session: Session, chance: random.Random) -> Step:
    return chance.choice([one for one in _measure(session, chance).steps if not one.retired])


def _units(session: Session, chance: random.Random, most: int) -> list[Unit]:
    known = session.scalars(select(Unit).where(Unit.kind != "group").order_by(Unit.id)).all()
    return chance.sample(known, chance.randint(1, most))


def _reassign(session: Session, chance: random.Random) -> None:
    task = chance.choice(session.scalars(select(Task).order_by(Task.id)).all())
    progress.reassign(session, task, _units(session, chance, 2), by=BY, at=IMPORTED_AT)


def _merge(session: Session, chance: random.Random) -> None:
    gone, *kept = _units(session, chance, 2)
    if kept:
        units.merge_units(session, gone, kept[0], by=BY, at=IMPORTED_AT)


def _tick(session: Session, chance: random.Random) -> None:
    task = chance.choice(session.scalars(select(Task).order_by(Task.id)).all())
    today = date(2023, 10, 2)
    progress.tick_off(session, task, result="ทำแล้ว", done_on=today, today=today, by=BY, at=IMPORTED_AT)


def _undo(session: Session, _chance: random.Random) -> None:
    plan = the_plan(session)
    if plan.undo and plan.undo["before"] and is_undoable(session, plan):
        undo_import(session, plan, by=BY, at=IMPORTED_AT)


def _switch_off(session: Session, _chance: random.Random) -> None:
    first_day.switch_off(session, the_agency(session), by=BY, at=IMPORTED_AT)


def _add_measure(session: Session, chance: random.Random) -> None:
    mode: Mode = chance.choice(("each", "jointly"))
    plan_rows.add_measure(
        session, the_plan(session), title="เพิ่ม", steps="ก\nข", period="ทุกไตรมาส",
        units=_units(session, chance, 2), mode=mode, by=BY, at=IMPORTED_AT,
    )  # fmt: skip


def _put_back(session: Session, chance: random.Random) -> None:
    if aside := plan_rows.kept_aside(session, the_plan(session)):
        plan_rows.put_back(session, chance.choice(aside), by=BY, at=IMPORTED_AT)


def _row(session: Session, chance: random.Random) -> Measure | Step:
    return chance.choice((_measure, _step))(session, chance)


MODES: tuple[Mode, ...] = ("each", "jointly")
DAYS = ("ทุกเดือน", "มีนาคม ๒๕๖๖", "ไตรมาส ๒")
WAY = {"by": BY, "at": IMPORTED_AT}
ACTS: tuple[Act, ...] = (
    lambda s, c: plan_edit.edit_measure(s, _measure(s, c), title=f"ชื่อ {c.random()}", details="ก\nข", **WAY),
    lambda s, c: plan_edit.edit_step(s, _step(s, c), f"ขั้น {c.random()}", **WAY),
    lambda s, c: plan_edit.set_period(s, _row(s, c), c.choice(DAYS), **WAY),
    lambda s, c: plan_edit.set_parties(s, _row(s, c), _units(s, c, 3), c.choice(MODES), **WAY),
    lambda s, c: plan_edit.reorder(s, _row(s, c), c.choice(("up", "down")), **WAY),
    lambda s, c: plan_rows.add_step(s, _measure(s, c), "ขั้นเพิ่ม", **WAY),
    lambda s, c: plan_rows.take_out(s, _row(s, c), **WAY),
    lambda s, c: units.set_mode(s, _measure(s, c), c.choice(MODES), **WAY),
    lambda s, c: units.add_alias(s, _units(s, c, 1)[0], f"หน่วย {c.randint(1, 9)}", **WAY),
    lambda s, c: bring_plan(s, c.choice((TABLE, CORRECTED)), "องค์การบริหารส่วนตำบลเขาขาว"),
    lambda s, c: change_settings(s, review=c.random() < 0.5, escalate_after=[c.randint(1, 5), 7, 30]),
    _switch_off, _add_measure, _put_back, _reassign, _merge, _tick, _undo,
)  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_done_in_the_product_leaves_the_record_whole(database: Database, seed: int) -> None:
    chance, done = random.Random(seed), 0  # noqa: S311  (a walk, no secret)
    for _ in range(30):
        act = chance.choice(ACTS)
        try:
            with database.writing() as session:
                act(session, chance)
            done += 1
        except TrackerError:
            continue
        assert found(database) == []
    assert done > 10
