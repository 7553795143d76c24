"""At the start of a plan each head gets the year's tasks once, by measure, in the next digest."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from tests.office import Office, add_member, add_task, local, make_office, settings
from tracker.models import MailboxMessage, Member, Notice, Role, Task
from tracker.reminders.plan_announcements import announce_plans
from tracker.reminders.remind import remind
from tracker.store.db import Database

START = local("2022-10-03 13:00")


@pytest.fixture
def office(database: Database) -> Office:
    office = make_office(database)
    for month in (1, 2, 6):
        add_task(database, office, date(2023, month, 28))
    return office


def notices(database: Database) -> list[tuple[int | None, str]]:
    with database.reading() as session:
        return [(one.member_id, one.text) for one in session.scalars(select(Notice).order_by(Notice.id))]


def test_each_head_with_tasks_is_told_once(database: Database, office: Office) -> None:
    assert announce_plans(database, settings(), START) == 1
    told = notices(database)
    assert told == [
        (
            office.members["head1"],
            "แผนปีงบประมาณ พ.ศ. ๒๕๖๖: ท่านรับผิดชอบ ๓ งาน\n"
            "มาตรการที่ ๑ มาตรการเผยแพร่ข้อมูลต่อสาธารณะ: ๓ งาน ครบกำหนด ๒๘ ม.ค. ๖๖ ถึง ๒๘ มิ.ย. ๖๖",
        )
    ]
    assert announce_plans(database, settings(), START + timedelta(days=1)) == 0
    add_task(database, office, date(2023, 6, 30), unit="กองช่าง")
    assert announce_plans(database, settings(), START + timedelta(days=2)) == 1
    assert notices(database)[1][0] == office.members["head2"]


def test_the_next_digest_carries_it(database: Database, office: Office) -> None:
    announce_plans(database, settings(), START)
    assert remind(database, settings(), START + timedelta(minutes=5))["sent"] == 0
    assert remind(database, settings(), local("2022-10-04 09:00"))["sent"] == 1
    with database.reading() as session:
        message = session.scalars(select(MailboxMessage)).one()
    assert message.member_id == office.members["head1"]
    assert message.subject.startswith("[แจ้งให้ทราบ] แผนปีงบประมาณ พ.ศ. ๒๕๖๖: ท่านรับผิดชอบ ๓ งาน")
    assert "/tasks/?year=2566" in message.body_text
    assert remind(database, settings(), local("2022-10-05 09:00"))["sent"] == 0


@pytest.mark.usefixtures("office")
def test_only_this_fiscal_years_open_tasks_count(database: Database) -> None:
    assert announce_plans(database, settings(), local("2022-09-30 09:00")) == 0
    assert announce_plans(database, settings(), local("2023-10-02 09:00")) == 0
    with database.writing() as session:
        session.execute(update(Task).values(state="done"))
    assert announce_plans(database, settings(), START) == 0


def test_a_deputy_stands_in_where_there_is_no_head_and_a_late_head_is_told(database: Database, office: Office) -> None:
    with database.writing() as session:
        deputy = add_member(session, office.agency, "deputy", "deputy", office.units["กองคลัง"])
        session.get_one(Member, office.members["head1"]).active = False
    announce_plans(database, settings(), START)
    assert [member for member, _ in notices(database)] == [deputy]
    with database.writing() as session:
        late = add_member(session, office.agency, "late", "head", office.units["กองคลัง"])
    announce_plans(database, settings(), START)
    assert [member for member, _ in notices(database)] == [deputy, late]


def test_a_head_of_two_units_of_a_joint_task_counts_it_once(database: Database, office: Office) -> None:
    with database.writing() as session:
        session.add(
            Role(
                agency_id=office.agency, member_id=office.members["head1"], unit_id=office.units["กองช่าง"], role="head"
            )
        )
        task = session.scalars(select(Task)).first()
        assert task is not None
        task.units = [*task.units, session.get_one(type(task.units[0]), office.units["กองช่าง"])]
    announce_plans(database, settings(), START)
    assert "ท่านรับผิดชอบ ๓ งาน" in dict(notices(database))[office.members["head1"]]


@pytest.mark.usefixtures("office")
def test_two_workers_at_once_tell_once(database: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: announce_plans(database, settings(), START), range(4)))
    assert sum(told) == 1
    assert len(notices(database)) == 1
