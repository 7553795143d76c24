"""The agency's units on the first day: a set at one click, changed in place, nothing lost without a question."""

import pytest
from sqlalchemy import select

from tests.admin.conftest import NOON, Visitor, counted_queries
from tests.factories import TEST, World
from tracker.models import Agency, Plan, Task, Unit
from tracker.plan_import.parties import party_key
from tracker.services.organisation import divisions
from tracker.services.organisation.unit_sets import SETS
from tracker.services.tasks.generate import generate_tasks
from tracker.store.db import Database
from tracker.thai.agency_kinds import AgencyKind

SUBDISTRICT = [unit.name for unit in SETS[AgencyKind.SUBDISTRICT].units]


def names(database: Database, agency_id: int) -> list[str]:
    with database.reading() as session:
        return [row.unit.name for row in divisions.unit_rows(session, agency_id) if row.unit.active]


def unit_of(database: Database, agency_id: int, name: str) -> int:
    with database.reading() as session:
        return session.scalars(select(Unit.id).where(Unit.agency_id == agency_id, Unit.name == name)).one()


@pytest.fixture
def fresh(database: Database, ours: World) -> int:
    """The coordinator's agency without plan, people of units, and units."""
    with database.writing() as session:
        session.delete(session.get_one(Plan, ours.plan_id))
        session.flush()
        for unit in session.scalars(select(Unit).where(Unit.agency_id == ours.agency_id)):
            for role in unit.roles:
                session.delete(role)
            session.flush()
            session.expire(unit)
            session.delete(unit)
        session.get_one(Agency, ours.agency_id).name = "อบต.ตัวอย่าง"
    return ours.agency_id


def test_one_click_gives_the_usual_units_with_their_other_names(
    coordinator: Visitor, database: Database, fresh: int
) -> None:
    page = coordinator.get("/people/divisions/").text
    assert "ขึ้นต้นว่า “อบต.”" in page
    coordinator.post("/people/divisions/set", {"kind": "subdistrict"})
    assert names(database, fresh) == SUBDISTRICT
    page = coordinator.get("/people/divisions/").text
    assert "หน่วยงานของท่านมี ๖ กอง ถูกต้องไหม" in page
    assert "สำนักงานปลัด" in page
    coordinator.post("/people/divisions/set", {"kind": "school"})  # nothing was changed: no question
    assert names(database, fresh) == [unit.name for unit in SETS[AgencyKind.SCHOOL].units]


def test_another_set_asks_once_a_row_was_changed(coordinator: Visitor, database: Database, fresh: int) -> None:
    coordinator.get("/people/divisions/")
    coordinator.post("/people/divisions/set", {"kind": "subdistrict"})
    coordinator.post("/people/divisions/add", {"name": "กองประปา"})
    page = coordinator.post("/people/divisions/set", {"kind": "school"})
    assert "ท่านแก้รายการไว้แล้ว" in page.text
    assert names(database, fresh) == [*SUBDISTRICT, "กองประปา"]
    coordinator.post("/people/divisions/set", {"kind": "school", "how": "keep"})
    assert names(database, fresh) == [*SUBDISTRICT, "กองประปา"]
    school = [unit.name for unit in SETS[AgencyKind.SCHOOL].units]
    coordinator.post("/people/divisions/set", {"kind": "school", "how": "append"})
    assert names(database, fresh) == [*SUBDISTRICT, "กองประปา", *school]
    coordinator.post("/people/divisions/set", {"kind": "school", "how": "replace"})
    assert names(database, fresh) == school


def test_what_is_often_there_comes_with_its_names_under_its_division(
    coordinator: Visitor, database: Database, fresh: int
) -> None:
    coordinator.get("/people/divisions/")
    coordinator.post("/people/divisions/set", {"kind": "subdistrict"})
    coordinator.post("/people/divisions/add", {"name": "งานนิติการ", "often": "yes"})
    assert names(database, fresh)[:2] == ["สำนักปลัด", "งานนิติการ"]
    page = coordinator.get("/people/divisions/").text
    assert "หน่วยงานของท่านมี ๖ กอง ๑ งาน ถูกต้องไหม" in page
    assert 'value="งานนิติการ">+' not in page
    with database.reading() as session:
        unit = session.scalars(select(Unit).where(Unit.name == "งานนิติการ")).one()
        assert unit.kind == "section"
        assert {alias.name for alias in unit.aliases} >= {"นิติกร", "งานกฎหมาย"}


def test_a_row_is_struck_out_taken_back_and_forgotten_on_going_on(
    coordinator: Visitor, database: Database, fresh: int
) -> None:
    coordinator.get("/people/divisions/")
    coordinator.post("/people/divisions/set", {"kind": "subdistrict"})
    audit = unit_of(database, fresh, "หน่วยตรวจสอบภายใน")
    coordinator.post(f"/people/divisions/{audit}/strike")
    assert "หน่วยตรวจสอบภายใน" not in names(database, fresh)
    assert "เอากลับมา" in coordinator.get("/people/divisions/").text
    coordinator.post(f"/people/divisions/{audit}/take-back")
    assert "หน่วยตรวจสอบภายใน" in names(database, fresh)
    coordinator.post(f"/people/divisions/{audit}/strike")
    assert coordinator.post("/people/divisions/done").location == "/people/import/"
    with database.reading() as session:
        assert session.get(Unit, audit) is None
    coordinator.post("/people/divisions/add", {"name": "หน่วยตรวจสอบภายใน"})
    assert "หน่วยตรวจสอบภายใน" in names(database, fresh)


def test_a_unit_with_tasks_is_not_struck_out_but_merged(coordinator: Visitor, database: Database, ours: World) -> None:
    unit = ours.units["กองช่าง"]
    coordinator.get("/people/divisions/")
    answer = coordinator.post(f"/people/divisions/{unit}/strike")
    assert answer.location == f"/people/units/{unit}/merge"
    assert "เอาออกไม่ได้ แต่รวมกับหน่วยงานอื่นได้" in coordinator.get(answer.location).text
    assert "กองช่าง" in names(database, ours.agency_id)


def test_replacing_keeps_what_holds_tasks(coordinator: Visitor, database: Database, ours: World) -> None:
    coordinator.get("/people/divisions/")
    coordinator.post("/people/divisions/set", {"kind": "hospital", "how": "replace"})
    found = names(database, ours.agency_id)
    assert set(ours.units) <= set(found)
    assert found[0] == "กลุ่มงานบริหารทั่วไป"


def test_a_row_is_renamed_with_other_names_that_the_plan_may_use(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    unit = ours.units["กองการศึกษา"]
    coordinator.get("/people/divisions/")
    sent = {"name": "กองการศึกษา ศาสนาและวัฒนธรรม", "others": "ศึกษา, ส่วนการศึกษา "}
    assert coordinator.post(f"/people/divisions/{unit}", sent).status_code == 302
    with database.reading() as session:
        found = session.get_one(Unit, unit)
        assert found.name == "กองการศึกษา ศาสนาและวัฒนธรรม"
        assert {alias.name for alias in found.aliases} == {"ศึกษา", "ส่วนการศึกษา", "กองการศึกษา"}
    taken = coordinator.post(f"/people/divisions/{unit}", {"name": "กองคลัง", "others": "ก"})
    assert taken.status_code == 409
    assert "มีหน่วยงานชื่อ “กองคลัง” อยู่แล้ว" in taken.text
    coordinator.post(f"/people/divisions/{unit}", {"name": "กองการศึกษา ศาสนาและวัฒนธรรม", "others": "ศึกษา"})
    with database.reading() as session:
        assert [alias.name for alias in session.get_one(Unit, unit).aliases] == ["ศึกษา"]


def test_rows_change_places_by_steps_and_by_a_drag(coordinator: Visitor, database: Database, ours: World) -> None:
    coordinator.get("/people/divisions/")
    first = names(database, ours.agency_id)
    third = ours.units[first[2]]
    coordinator.post(f"/people/divisions/{third}/place", {"step": "up"})
    assert names(database, ours.agency_id) == [first[0], first[2], first[1], *first[3:]]
    coordinator.post(f"/people/divisions/{third}/place", {"step": "down"})
    assert names(database, ours.agency_id) == first
    coordinator.post(f"/people/divisions/{third}/place", {"before": ours.units[first[0]]})
    assert names(database, ours.agency_id) == [first[2], first[0], first[1], *first[3:]]
    coordinator.post(f"/people/divisions/{third}/place", {"before": ""})
    assert names(database, ours.agency_id)[-1] == first[2]


def test_a_unit_moves_under_a_division_and_back(coordinator: Visitor, database: Database, ours: World) -> None:
    unit, above = ours.units["กองช่าง"], ours.units["สำนักปลัด"]
    coordinator.get("/people/divisions/")
    coordinator.post(f"/people/divisions/{unit}", {"name": "กองช่าง", "others": "", "under": above})
    with database.reading() as session:
        assert (session.get_one(Unit, unit).parent_id, session.get_one(Unit, unit).kind) == (above, "section")
    refused = coordinator.post(f"/people/divisions/{above}", {"name": "สำนักปลัด", "others": "", "under": unit})
    assert refused.status_code == 409
    coordinator.post(f"/people/divisions/{unit}", {"name": "กองช่าง", "others": "", "under": ""})
    with database.reading() as session:
        assert session.get_one(Unit, unit).kind == "division"


def test_a_division_that_is_added_gets_what_the_plan_asks_of_all(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    coordinator.get("/people/divisions/")
    coordinator.post("/people/divisions/add", {"name": "กองประปา"})
    unit = unit_of(database, ours.agency_id, "กองประปา")
    with database.writing() as session:
        assert len(session.scalars(select(Task).where(Task.units.any(Unit.id == unit))).all()) == 13
        plan = session.get_one(Plan, ours.plan_id)
        assert generate_tasks(session, plan, TEST, NOON).created == 0


def test_the_page_asks_as_much_for_many_units(coordinator: Visitor, database: Database, ours: World) -> None:
    def asked() -> int:
        with counted_queries(database) as statements:
            coordinator.get("/people/divisions/")
        return len(statements)

    few = asked()
    with database.writing() as session:
        for number in range(30):
            name = f"กองที่ {number}"
            session.add(
                Unit(
                    agency_id=ours.agency_id,
                    name=name,
                    name_key=party_key(name),
                    kind="section",
                    parent_id=ours.units["กองคลัง"],
                )
            )
    assert asked() == few


def test_the_usual_names_are_each_one_unit_s_alone() -> None:
    for usual in SETS.values():
        units = (*usual.units, *usual.often)
        keys = [party_key(name) for unit in units for name in (unit.name, *unit.others)]
        assert len(keys) == len(set(keys))
        tops = {unit.name for unit in units if not unit.under}
        assert {unit.under for unit in units if unit.under} <= tops
