"""A report that waits for the executive's signature stands first in every message, for as long as it waits."""

from datetime import date, timedelta

from sqlalchemy import select

from tests.office import Office, add_task, local, make_office, settings
from tracker.kinds import RoundState
from tracker.models import Digest, MailboxMessage, Notice, ReportVersion, Round
from tracker.reminders.remind import remind
from tracker.store.db import Database

DAY = local("2023-07-18 09:00")


def put_before_executives(database: Database, office: Office, *, notice: bool = True) -> int:
    """A six-month report, submitted; with the notices that submitting writes."""
    with database.writing() as session:
        found = Round(agency_id=office.agency, plan_id=office.plan, number=6, state=RoundState.CLOSED, closed_at=DAY)
        session.add(found)
        session.flush()
        version = ReportVersion(
            agency_id=office.agency, round_id=found.id, number=1, snapshot={}, sha256="0" * 64, closed_at=DAY,
            submitted_at=DAY - timedelta(days=1),
        )  # fmt: skip
        session.add(version)
        for who in ("palat", "nayok") if notice else ():
            session.add(
                Notice(
                    agency_id=office.agency,
                    member_id=office.members[who],
                    kind="other",
                    text="รายงานรอบ ๖ เดือน รอท่านลงนาม",
                    path="/reports/2566/6/close/",
                    created_at=DAY - timedelta(days=1),
                )
            )
        session.flush()
        return version.id


def told(database: Database, member: int) -> list[str]:
    with database.reading() as session:
        rows = session.scalars(
            select(MailboxMessage.body_text).where(MailboxMessage.member_id == member).order_by(MailboxMessage.id)
        )
        return list(rows)


def test_it_is_told_once_as_a_row_and_not_as_news(database: Database) -> None:
    office = make_office(database)
    put_before_executives(database, office)
    remind(database, settings(), DAY)
    [body] = told(database, office.members["palat"])
    assert "* รายงานรอบ ๖ เดือนรอท่านลงนาม\n  เปิดอ่าน: http://tracker.example/reports/2566/6/close/" in body
    assert body.count("รอท่านลงนาม") == 2  # the lead, and the row
    remind(database, settings(), DAY + timedelta(days=1))
    assert len(told(database, office.members["palat"])) == 1
    assert told(database, office.members["head1"]) == []


def test_it_leads_later_messages_until_it_is_signed(database: Database) -> None:
    office = make_office(database)
    add_task(database, office, date(2023, 6, 30))
    version = put_before_executives(database, office, notice=False)
    for offset in range(22):
        remind(database, settings(), local(f"{date(2023, 7, 4) + timedelta(offset)} 09:00"))
    bodies = told(database, office.members["palat"])
    assert bodies
    assert all(body.index("รอท่านลงนาม") < body.index("กองคลัง") for body in bodies)
    assert all("รอท่านลงนาม" not in body for body in told(database, office.members["coordinator"]))
    with database.writing() as session:
        session.get_one(ReportVersion, version).signed_on = date(2023, 7, 25)
    before = len(bodies)
    add_task(database, office, date(2023, 7, 19))
    for offset in range(24):
        remind(database, settings(), local(f"{date(2023, 7, 26) + timedelta(offset)} 09:00"))
    after = told(database, office.members["palat"])[before:]
    assert after
    assert all("รอท่านลงนาม" not in body for body in after)


def test_signed_before_it_was_told_nothing_is_sent(database: Database) -> None:
    office = make_office(database)
    version = put_before_executives(database, office)
    with database.writing() as session:
        session.get_one(ReportVersion, version).signed_on = date(2023, 7, 18)
    remind(database, settings(), DAY)
    assert told(database, office.members["palat"]) == []
    with database.reading() as session:
        assert len(session.scalars(select(Digest)).all()) == 2
