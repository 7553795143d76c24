"""Nothing is sent to anyone before the coordinator switches reminders on, and then from that day on."""

from datetime import date, timedelta

from sqlalchemy import func, select

from tests.factories import build_world
from tests.office import local, settings
from tracker.models import Agency, Digest, Notice
from tracker.reminders.plan_announcements import announce_plans
from tracker.reminders.queries import agencies_due
from tracker.reminders.remind import remind
from tracker.reminders.sweep import sweep
from tracker.store.db import Database

MORNING = local("2023-03-29 09:00")


def world(database: Database, reminders_from: date | None) -> int:
    with database.writing() as session:
        agency_id = build_world(session).agency_id
        session.get_one(Agency, agency_id).reminders_from = reminders_from
    return agency_id


def digests(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count(Digest.id))) or 0


def test_an_agency_that_is_not_switched_on_sends_nothing_by_any_way(database: Database) -> None:
    agency_id = world(database, None)
    assert remind(database, settings(), MORNING)["digests"] == []
    assert sweep(database, settings(), [agency_id], MORNING, ignore_hours=True) == []
    assert announce_plans(database, settings(), MORNING) == 0
    assert digests(database) == 0
    with database.reading() as session:
        assert agencies_due(session, MORNING.date()) == []
        assert session.scalar(select(func.count(Notice.id))) == 0
    (skip,) = remind(database, settings(), MORNING, dry_run=True)["skipped"]
    assert "has not switched its reminders on" in skip["why"]


def test_it_sends_from_its_day_on(database: Database) -> None:
    agency_id = world(database, MORNING.date() + timedelta(1))
    assert sweep(database, settings(), [agency_id], MORNING, ignore_hours=True) == []
    assert announce_plans(database, settings(), MORNING) == 0
    assert "from 2023-03-30 on" in remind(database, settings(), MORNING, dry_run=True)["skipped"][0]["why"]
    assert remind(database, settings(), MORNING + timedelta(1))["digests"] != []
    assert announce_plans(database, settings(), MORNING + timedelta(1)) == 5


def test_an_agency_that_was_there_before_goes_on_as_ever(database: Database) -> None:
    with database.writing() as session:
        build_world(session)
    assert remind(database, settings(), MORNING)["digests"] != []
