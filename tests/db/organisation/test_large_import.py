"""A province's people come in by steps: nobody else waits long, and the table means the same as in one."""

from datetime import UTC, datetime

from sqlalchemy import event, func, select

from tests.db.agency_of_seed import BY, bring_people, the_agency
from tracker.models import Agency, Member, Role
from tracker.services.organisation.people import STEP, import_in_steps, import_people, try_people
from tracker.services.organisation.people_table import PersonRow, read_people
from tracker.store.db import Database

AT = datetime(2023, 3, 1, tzinfo=UTC)
HEADER = "unit,unit_kind,name,role,email,line_user_id\n"


def table(people: int, units: int = 40) -> list[PersonRow]:
    lines = (
        f"กอง {n % units},division,คนที่ {n},{'head' if n < units else 'staff'},p{n}@example.go.th,U{n}"
        for n in range(people)
    )
    return read_people((HEADER + "\n".join(lines)).encode(), "people.csv")


def made(database: Database, name: str = "จังหวัดใหญ่") -> Agency:
    with database.writing() as session:
        agency = Agency(name=name)
        session.add(agency)
    return agency


def statements_of_steps(database: Database, people: list[PersonRow]) -> list[int]:
    """How many statements each transaction of the import sends."""
    agency, sent = made(database, f"จังหวัดที่มี {len(people)} คน"), [0]

    def count(*_: object) -> None:
        sent[-1] += 1

    def next_step(*_: object) -> None:
        sent.append(0)

    event.listen(database.engine, "before_cursor_execute", count)
    event.listen(database.engine, "commit", next_step)
    import_in_steps(database, agency.id, people, by=BY, at=AT)
    event.remove(database.engine, "before_cursor_execute", count)
    event.remove(database.engine, "commit", next_step)
    return sent


def state(database: Database, agency_id: int) -> list[tuple[object, ...]]:
    with database.reading() as session:
        found = session.execute(
            select(Member.name, Member.email, Member.line_user_id, Role.role, Role.unit_id, Role.rank)
            .join(Role, Role.member_id == Member.id)
            .where(Member.agency_id == agency_id)
            .order_by(Member.name, Role.unit_id)
        )
        return [tuple(row) for row in found]


def test_eight_thousand_people_hold_the_write_lock_for_a_few_statements_at_a_time(sqlite: Database) -> None:
    """What one step costs does not grow with the table, as it would where each step looked at all people again."""
    few, many = (statements_of_steps(sqlite, table(people)) for people in (4 * STEP, 8 * STEP))
    assert max(many) <= max(few)
    agency, people = made(sqlite), table(8_000)
    result = import_in_steps(sqlite, agency.id, people, by=BY, at=AT)
    assert (result.units, result.members) == (40, 8_000)
    assert import_in_steps(sqlite, agency.id, people, by=BY, at=AT).changes == []


def test_steps_change_what_one_would(database: Database) -> None:
    one, other = made(database), made(database, "จังหวัดข้างเคียง")
    before = table(60, units=12)
    after = [row for row in table(STEP * 3, units=12) if row.name != "คนที่ 3"]
    for rows in (before, after):
        with database.writing() as session:
            whole = import_people(session, session.get_one(Agency, one.id), rows, by=BY, at=AT)
        tried = try_people(database, other.id, rows, by=BY, at=AT)
        in_steps = import_in_steps(database, other.id, rows, by=BY, at=AT)
        assert sorted(in_steps.changes) == sorted(whole.changes) == sorted(tried.changes)
        assert (in_steps.units, in_steps.members) == (whole.units, whole.members)

    def without_units(agency_id: int) -> list[tuple[object, ...]]:
        return [(*row[:4], row[5]) for row in state(database, agency_id)]

    assert without_units(other.id) == without_units(one.id)


def test_trying_a_table_writes_nothing_and_counts_the_tasks(database: Database) -> None:
    with database.writing() as session:
        bring_people(session)
        agency_id = the_agency(session).id
        known = session.scalar(select(func.count(Member.id)))
    rows = read_people((HEADER + "กองใหม่,division,คนใหม่,head,new@example.go.th,\n").encode(), "people.csv")
    tried = try_people(database, agency_id, rows, by=BY, at=AT)
    assert [str(change) for change in tried.changes][:2] == ["unit added: กองใหม่", "person added: คนใหม่"]
    with database.reading() as session:
        assert session.scalar(select(func.count(Member.id))) == known
