"""A clock that was ahead for a while: the true days remind as if it had never been."""

import logging
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from tests.db.reminders.test_sweep import BARE, run, told
from tests.office import add_task, local, make_office
from tracker.models import Agency, Delivery, Digest, Heartbeat, Reminder
from tracker.reminders import ledger
from tracker.reminders.sweep import sweep
from tracker.services.upkeep.doctor import examine
from tracker.store.db import Database

TRUE_DAYS = ("2023-06-23 09:00", "2023-06-29 09:00", "2023-06-30 09:00", "2023-07-03 09:00")
AS_EVER = [
    ("2023-06-23", "head1", "upcoming:7"),
    ("2023-06-29", "head1", "upcoming:1"),
    ("2023-06-30", "head1", "due"),
    ("2023-07-03", "head1", "overdue:1"),
]


def of_the_head(database: Database) -> list[tuple[str, str, str]]:
    return [entry for entry in told(database) if entry[1] == "head1"]


@pytest.mark.parametrize("ahead", ["2023-06-29 09:00", "2023-07-03 09:00", "2023-09-20 09:00", "2024-03-01 09:00"])
def test_true_days_remind_as_ever_after_a_sweep_of_a_day_to_come(
    database: Database, ahead: str, caplog: pytest.LogCaptureFixture
) -> None:
    add_task(database, make_office(database), date(2023, 6, 30))
    run(database, "2023-06-20 09:00")
    run(database, ahead)
    with caplog.at_level(logging.WARNING):
        for day in TRUE_DAYS:
            assert run(database, day)["sent"] == 1
    assert of_the_head(database) == AS_EVER
    assert "the clock was ahead" in caplog.text


def test_a_sweep_of_a_day_to_come_between_two_true_ones_of_a_day(database: Database) -> None:
    """The day's digest that went out stays the day's: nobody is told twice."""
    add_task(database, make_office(database), date(2023, 6, 30))
    run(database, "2023-06-29 09:00")
    run(database, "2023-07-10 09:00")
    assert run(database, "2023-06-29 10:00")["digests"] == []
    run(database, "2023-06-30 09:00")
    run(database, "2023-07-03 09:00")
    run(database, "2023-07-10 09:00")
    assert of_the_head(database) == [*AS_EVER[1:], ("2023-07-10", "head1", "overdue:8")]
    with database.reading() as session:
        of_that_day = session.scalars(select(Digest.ahead).where(Digest.on == date(2023, 7, 10)).distinct()).all()
        assert sorted(of_that_day) == [False, True]
        assert session.scalar(select(func.count()).select_from(Reminder).join(Digest).where(Digest.ahead)) == 0


def test_what_the_ahead_clock_planned_is_cancelled_and_no_retry_waits_for_its_day(database: Database) -> None:
    office = make_office(database)
    add_task(database, office, date(2023, 6, 30))
    ahead, far = local("2023-07-10 09:00"), local("2023-08-01 09:00")
    assert sweep(database, BARE, [office.agency], local("2023-06-29 09:00"))
    with database.writing() as session:
        session.execute(update(Delivery).values(state="failed", next_attempt_at=far, unanswered=1))
    assert sweep(database, BARE, [office.agency], ahead)
    run(database, "2023-06-30 09:00")
    with database.reading() as session:
        rows = session.execute(select(Digest.on, Delivery.state, Delivery.next_attempt_at).join(Delivery.digest)).all()
    states = {f"{on}": state for on, state, _ in rows}
    assert states["2023-07-10"] == "cancelled"
    assert all(again is None or again < ahead for *_, again in rows)


def test_a_clock_behind_every_plan_takes_nothing_back(database: Database) -> None:
    add_task(database, make_office(database), date(2023, 6, 30))
    run(database, "2023-06-29 09:00")
    run(database, "2015-01-05 09:00")
    assert run(database, "2023-06-29 10:00")["digests"] == []
    assert of_the_head(database) == [AS_EVER[1]]
    with database.reading() as session:
        assert session.scalar(select(Agency.swept_on)) == date(2023, 6, 29)


def test_the_doctor_tells_of_a_day_to_come(database: Database) -> None:
    add_task(database, make_office(database), date(2023, 6, 30))
    run(database, "2023-07-10 09:00")
    ours = BARE.model_copy(update={"database_url": database.engine.url.render_as_string(hide_password=False)})

    def clock_of(at: datetime) -> tuple[str, str]:
        return next((one.state, one.remark) for one in examine(ours, at) if one.name == "clock")

    state, remark = clock_of(local("2023-06-29 09:00"))
    assert state == "failed"
    assert "2023-07-10" in remark
    run(database, "2023-06-29 09:00")
    state, remark = clock_of(local("2023-06-29 09:30"))
    assert state == "ok"
    assert "2023-07-10" in remark


def test_a_sign_of_life_from_the_future_hides_no_stop(database: Database) -> None:
    now = local("2023-06-29 09:00")
    for at in (now + timedelta(days=40), now, now - timedelta(minutes=5)):
        with database.writing() as session:
            ledger.heartbeat(session, "sweep", at)
    with database.reading() as session:
        assert session.get_one(Heartbeat, "sweep").at == now
