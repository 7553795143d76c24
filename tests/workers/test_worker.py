"""A real Celery worker and beat, over the embedded server: sweep, mailbox and mail, without anybody's help."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from tests.conftest import ROOT
from tests.office import ALL_HOURS, BANGKOK, Office, add_task, make_office, open_today
from tests.smtp import running_smtp
from tracker import clock
from tracker.broker import Work
from tracker.models import Delivery, Heartbeat, MailboxMessage, Member
from tracker.reminders.outcome_counts import counted
from tracker.runtime.embedded_redis import running_redis
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.thai.calendar import fiscal_year_of

PATIENCE = 60


def test_a_worker_and_beat_send_what_is_due(database: Database, tmp_path: Path) -> None:
    office = due_today(database)
    with database.writing() as session:
        session.get_one(Member, office.members["head2"]).email = None
    with running_redis(tmp_path) as redis, running_smtp() as smtp:
        environment = {
            "TRACKER_DATA_DIR": str(tmp_path),
            "TRACKER_DATABASE_URL": database.url.render_as_string(hide_password=False),
            "TRACKER_REDIS_URL": redis,
            "TRACKER_SMTP_URL": smtp.url,
            "TRACKER_SWEEP_INTERVAL": "10",
            "TRACKER_LOG_FORMAT": "json",
        }
        with (
            celery(tmp_path, environment, "worker", "--concurrency", "2"),
            celery(tmp_path, environment, "beat", "--pidfile="),
        ):
            wait_until(lambda: sent(database) == ["email", "mailbox"], tmp_path)
            wait_until(lambda: {"beat", "sweep"} <= heartbeats(database), tmp_path)
            here = Settings(_env_file=None, data_dir=tmp_path, redis_url=redis)
            wait_until(lambda: sum(counted(here).values()) == 2, tmp_path)
            assert counted(here) == {("email", "sent"): 1, ("mailbox", "sent"): 1}
        assert [mail.recipient for mail in smtp.mails] == [f"head1-{office.agency}@example.go.th"]
    with database.reading() as session:
        message = session.scalars(select(MailboxMessage)).one()
        assert message.member_id == office.members["head2"]
        assert "ครบกำหนดวันนี้" in message.body_text
        ids = {str(one) for one in session.scalars(select(Delivery.id))}
    told = [json.loads(line) for line in (tmp_path / "worker.log").read_text().splitlines() if line.startswith("{")]
    handed = [one for one in told if "delivery" in one]
    assert {one["delivery"] for one in handed} == ids
    assert {one["task"] for one in handed} == {Work.DELIVER}
    assert not any("args" in json.dumps(one) for one in told)
    assert all("head1" not in json.dumps(one, ensure_ascii=False) for one in told)


def due_today(database: Database) -> Office:
    """An office that works now, whatever the day and hour, with a task of each head due today."""
    office = make_office(database, fiscal_year=fiscal_year_of(clock.today(BANGKOK)), **ALL_HOURS)
    today = open_today(database, office)
    for unit in office.units:
        add_task(database, office, today, unit=unit)
    return office


@contextmanager
def celery(folder: Path, environment: dict[str, str], *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A Celery process with its output in the folder, ended with the block."""
    with (folder / f"{arguments[0]}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "workers.app", *arguments, "--loglevel", "INFO"],
            env=os.environ | environment,
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


def sent(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.scalars(select(Delivery.channel).where(Delivery.state == "sent")))


def heartbeats(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(select(Heartbeat.name)))


def wait_until(true: Callable[[], bool], logs: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError("\n".join(log.read_text() for log in logs.glob("*.log")))
        time.sleep(0.2)
