"""One report for several checkpoints: all or none, one form counted once however often and at once it comes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import select

from tests.factories import BUILT_AT, TEST, World, build_world, task_of
from tracker.errors import ConflictError
from tracker.models import Completion, Evidence, Task
from tracker.services.audit import verify
from tracker.services.tasks.joint_ticks import recorded_by, tick_off_together, withdraw_together
from tracker.store.db import Database
from tracker.store.storage import NewEvidence

TODAY = date(2023, 3, 29)
OCTOBER, NOVEMBER, DECEMBER = date(2022, 10, 31), date(2022, 11, 30), date(2022, 12, 31)
KEY = "0123456789abcdef0123456789abcdef"
PHOTO = NewEvidence("ภาพ.jpg", "a" * 32, "image/jpeg", 10, "0" * 64)


@pytest.fixture
def world(database: Database) -> World:
    with database.writing() as session:
        return build_world(session)


def report(database: Database, world: World, *days: date, key: str | None = KEY) -> bool:
    """Sends a form of กองคลัง for these checkpoints; whether it was recorded now."""
    with database.writing() as session:
        if recorded_by(session, world.agency_id, key):
            return False
        tick_off_together(
            session,
            [task_of(session, world, "กองคลัง", 3, day) for day in days],
            result="ชี้แจงแล้ว",
            outcome=None,
            done_on=TODAY,
            own_days=True,
            today=TODAY,
            evidence=[PHOTO],
            by=TEST,
            at=BUILT_AT,
            form_key=key,
        )
        return True


def test_each_has_its_completion_and_all_share_the_file(database: Database, world: World) -> None:
    assert report(database, world, DECEMBER, OCTOBER)
    with database.reading() as session:
        done = session.scalars(select(Completion).order_by(Completion.id)).all()
        assert [one.done_on for one in done] == [OCTOBER, DECEMBER]
        assert session.scalars(select(Evidence.stored_name)).all() == [PHOTO.stored_name] * 2
        assert verify(session, world.agency_id) == []


def test_one_that_is_settled_refuses_them_all(database: Database, world: World) -> None:
    report(database, world, NOVEMBER, key=None)
    with pytest.raises(ConflictError):
        report(database, world, OCTOBER, NOVEMBER)
    with database.reading() as session:
        assert len(session.scalars(select(Completion.id)).all()) == 1


def test_one_form_that_comes_four_times_at_once_is_recorded_once(database: Database, world: World) -> None:
    together = Barrier(4)

    def send(_: int) -> bool:
        together.wait()
        return report(database, world, OCTOBER, NOVEMBER)

    with ThreadPoolExecutor(4) as senders:
        assert sorted(senders.map(send, range(4))) == [False, False, False, True]
    with database.reading() as session:
        assert len(session.scalars(select(Completion.id)).all()) == 2


def test_taken_back_it_does_not_come_back_by_the_same_form(database: Database, world: World) -> None:
    report(database, world, OCTOBER, NOVEMBER)
    with database.writing() as session:
        tasks = [task_of(session, world, "กองคลัง", 3, day) for day in (OCTOBER, NOVEMBER)]
        withdraw_together(session, tasks, by=TEST, at=BUILT_AT)
    assert not report(database, world, OCTOBER, NOVEMBER)
    assert report(database, world, OCTOBER, NOVEMBER, key="f" * 32)
    with database.reading() as session:
        states = session.scalars(select(Task.state).where(Task.state != "pending")).all()
        assert states == ["done", "done"]
