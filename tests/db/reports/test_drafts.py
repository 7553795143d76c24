"""The report of a round drafts itself on the first working day after the round's last day."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests.office import local, make_office, settings
from tracker.models import DayOff, MailboxMessage, Round
from tracker.reminders import drafts
from tracker.reminders.drafts import draft_rounds
from tracker.reminders.remind import remind
from tracker.store.db import Database

BARE = settings()


def drafted(database: Database, at: str) -> int:
    return draft_rounds(database, BARE, local(at))


def test_a_round_is_drafted_on_the_first_working_day_after_it_and_the_coordinator_told(database: Database) -> None:
    office = make_office(database)
    with database.writing() as session:
        session.add(DayOff(agency_id=office.agency, on=local("2023-04-03 00:00").date(), name="ทำบุญ"))
    assert [drafted(database, f"2023-{day} 00:05") for day in ("03-31", "04-01", "04-03")] == [0, 0, 0]
    assert [drafted(database, "2023-04-04 00:05") for _ in range(2)] == [1, 0]
    with database.reading() as session:
        assert [(one.number, one.state) for one in session.scalars(select(Round))] == [(6, "drafted")]
    [digest] = remind(database, BARE, local("2023-04-04 08:30"))["digests"]
    assert digest["to"].startswith("coordinator")
    with database.reading() as session:
        text = session.scalars(select(MailboxMessage.body_text)).one()
    assert "ร่างรายงานรอบ ๖ เดือน ปีงบประมาณ พ.ศ. ๒๕๖๖" in text
    assert "http://tracker.example/reports/" in text


@pytest.mark.parametrize(("at", "count"), [("2023-10-02 09:00", 1), ("2023-10-30 09:00", 1), ("2023-11-02 09:00", 0)])
def test_a_worker_that_was_down_catches_up_within_a_month(database: Database, at: str, count: int) -> None:
    make_office(database)
    assert drafted(database, at) == count


def test_many_agencies_are_drafted_a_batch_at_a_time(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        make_office(database, f"อบต.ที่ {number}")
    monkeypatch.setattr(drafts, "AGENCIES_A_BATCH", 2)
    committed: list[int] = []

    def note(session: Session) -> None:
        if session.bind is database.writing_engine:
            with database.reading() as reader:
                committed.append(len(reader.scalars(select(Round)).all()))

    event.listen(Session, "after_commit", note)
    assert drafted(database, "2023-04-03 00:05") == 5
    event.remove(Session, "after_commit", note)
    assert committed == [2, 4, 5]


def test_a_closed_round_is_left_alone(database: Database) -> None:
    office = make_office(database)
    with database.writing() as session:
        session.add(Round(agency_id=office.agency, plan_id=office.plan, number=6, state="closed"))
    at = local("2023-04-03 09:00")
    for day in range(30):
        assert draft_rounds(database, BARE, at + timedelta(day)) == 0
