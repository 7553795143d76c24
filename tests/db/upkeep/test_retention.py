"""Messages of long ago go, the record keeps what was told, and nobody is told of anything again."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from tests.office import add_task, local, make_office, settings
from tracker.models import Delivery, Digest, Event, MailboxMessage, Reminder
from tracker.reminders.remind import remind
from tracker.services.audit import verify
from tracker.services.upkeep import retention
from tracker.services.upkeep.retention import forget_messages
from tracker.store.db import Database

KEPT = settings(keep_messages_days=600)
MORNING = local("2023-06-23 09:00")
LONG_AFTER = MORNING + timedelta(days=601)


@pytest.fixture
def task(database: Database) -> int:
    task = add_task(database, make_office(database), date(2023, 6, 30))
    remind(database, KEPT, MORNING)
    return task


def left(database: Database) -> list[int]:
    tables = (Digest, Delivery, Reminder, MailboxMessage)
    with database.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_messages_go_after_their_days_and_the_record_keeps_what_was_told(database: Database, task: int) -> None:
    assert forget_messages(database, KEPT, MORNING + timedelta(days=600)) == 0
    assert left(database) == [1, 1, 1, 1]
    assert [forget_messages(database, KEPT, LONG_AFTER) for _ in range(2)] == [1, 0]
    assert left(database) == [0, 0, 0, 0]
    with database.reading() as session:
        event = session.scalars(select(Event).where(Event.kind == "messages_forgotten")).one()
        assert verify(session, event.agency_id) == []
        [told] = event.details["told"]
    assert (told["on"], told["tasks"], told["by"][0].split()[:2]) == ("2023-06-23", [task], ["mailbox", "sent"])
    assert remind(database, KEPT, LONG_AFTER)["digests"] == []


@pytest.mark.usefixtures("task")
def test_what_is_still_to_be_sent_stays(database: Database) -> None:
    with database.writing() as session:
        session.scalars(select(Delivery)).one().state = "claimed"
        session.scalars(select(Delivery)).one().next_attempt_at = LONG_AFTER
    assert forget_messages(database, KEPT, LONG_AFTER) == 0
    assert left(database)[:3] == [1, 1, 1]


def test_many_go_in_several_transactions(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    office = make_office(database)
    for day in (27, 28, 30):
        add_task(database, office, date(2023, 6, day))
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    days: list[datetime] = [local(f"2023-06-{day} 09:00") for day in (20, 21, 23, 26, 27)]
    sent = sum(remind(database, KEPT, at)["sent"] for at in days)
    assert sent > 2
    assert forget_messages(database, KEPT, LONG_AFTER + timedelta(days=30)) == sent
    with database.reading() as session:
        entries = session.scalars(select(Event).where(Event.kind == "messages_forgotten")).all()
        assert sum(len(entry.details["told"]) for entry in entries) == sent
        assert max(len(entry.details["told"]) for entry in entries) == 2


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_looks_after_the_busiest_tables_soon(database: Database) -> None:
    with database.reading() as session:
        options = session.scalar(text("SELECT reloptions FROM pg_class WHERE relname = 'delivery'"))
    assert "autovacuum_analyze_scale_factor=0.01" in options
