"""Killed workers, a flushed broker and a second beat: no digest is lost, LINE gets none twice.

The long form: CHAOS_AGENCIES=200 CHAOS_KILLS=100 python -m pytest tests/workers/test_chaos.py -s
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import func, select

from tests.line_server import TOKEN, running_line
from tests.office import ALL_HOURS, BANGKOK, add_task, make_office, open_today
from tests.smtp import running_smtp
from tests.workers.test_worker import celery
from tracker import clock
from tracker.db import Database
from tracker.embedded_redis import running_redis
from tracker.models import Delivery, Member
from tracker.reminders.remind import remind
from tracker.settings import load
from tracker.thai.calendar import fiscal_year_of

AGENCIES = int(os.environ.get("CHAOS_AGENCIES", "12"))
KILLS = int(os.environ.get("CHAOS_KILLS", "10"))
SEED = int(os.environ.get("CHAOS_SEED", "2566"))
UNITS = [f"กอง {number}" for number in range(8)]
PATIENCE = 90 + KILLS


def test_nothing_is_lost_and_line_gets_nothing_twice(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if clock.local(clock.now(), BANGKOK).hour >= 22:
        pytest.skip("a digest belongs to its day, and this one may outlast it")
    heads = fill(database)
    with running_smtp() as smtp, running_line() as line:
        smtp.seconds_a_mail = 0.1
        environment = {
            "TRACKER_DATA_DIR": str(tmp_path),
            "TRACKER_DATABASE_URL": database.url.render_as_string(hide_password=False),
            "TRACKER_SMTP_URL": smtp.url,
            "TRACKER_SWEEP_INTERVAL": "10",
            "TRACKER_LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
            "TRACKER_LINE_CHANNEL_SECRET": "secret",
            "TRACKER_LINE_API_BASE": line.url,
        }
        kills = chaos(database, tmp_path, environment)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        smtp.seconds_a_mail = 0
        for minutes in range(6, 60, 6):
            remind(database, load(), clock.now() + timedelta(minutes=minutes))
        mails = smtp.mails
    by_mail = Counter(mail.recipient for mail in mails)
    print(  # noqa: T201  (its counts are what the test is for)
        f"{kills} kills: {len(heads['email'])} due by mail, {len(mails)} mails ({len(mails) - len(by_mail)} twice); "
        f"{len(heads['line'])} due by LINE, {len(line.accepted)} accepted, {line.requests} requests"
    )
    assert kills == KILLS
    assert set(by_mail) == heads["email"]
    assert sorted(line.people) == sorted(heads["line"])
    assert len(mails) - len(by_mail) <= kills
    for recipient in by_mail:
        assert len({mail.message["Message-ID"] for mail in mails if mail.recipient == recipient}) == 1
    with database.reading() as session:
        assert dict(session.execute(select(Delivery.state, func.count()).group_by(Delivery.state)).all()) == {
            "sent": len(heads["email"]) + len(heads["line"])
        }


def chaos(database: Database, folder: Path, environment: dict[str, str]) -> int:
    """Two beats and their workers, of which one process after the other is killed; gives the number of kills."""
    dice = random.Random(SEED)  # noqa: S311
    kills, deadline = 0, time.monotonic() + PATIENCE
    with running_redis(folder) as redis, ExitStack() as stack:
        environment = environment | {"TRACKER_REDIS_URL": redis}
        workers = [
            stack.enter_context(celery(folder, environment, "worker", "-n", name, "--concurrency", "2"))
            for name in (["one"] if database.is_sqlite else ["one", "two"])
        ]
        for name in ("first", "second"):
            stack.enter_context(celery(folder, environment, "beat", "--pidfile=", "-s", str(folder / f"beat-{name}")))
        while kills < KILLS and time.monotonic() < deadline:
            time.sleep(dice.uniform(0.05, 0.4))
            children = [child for worker in workers for child in children_of(worker.pid)]
            if not begun(database) or not children:
                continue
            with suppress(ProcessLookupError):
                os.kill(dice.choice(children), signal.SIGKILL)
                kills += 1
            if kills == KILLS // 2:
                with Redis.from_url(redis) as client:
                    client.flushall()
    return kills


def fill(database: Database) -> dict[str, set[str]]:
    """Agencies whose every head has a task due today, half of them on LINE; the addresses by channel."""
    heads: dict[str, set[str]] = {"email": set(), "line": set()}
    for number in range(AGENCIES):
        office = make_office(database, f"หน่วยงาน {number}", UNITS, fiscal_year_of(clock.today(BANGKOK)), **ALL_HOURS)
        today = open_today(database, office)
        for place, unit in enumerate(UNITS):
            add_task(database, office, today, unit=unit)
            with database.writing() as session:
                head = session.get_one(Member, office.members[f"head{place + 1}"])
                if place % 2:
                    head.line_user_id = f"U{head.id:032x}"
                    heads["line"].add(head.line_user_id)
                else:
                    heads["email"].add(head.email or "")
    return heads


def begun(database: Database) -> bool:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Delivery).where(Delivery.state != "planned")) != 0


def children_of(pid: int) -> list[int]:
    return list(_children(pid))


def _children(pid: int) -> Iterator[int]:
    with suppress(FileNotFoundError, ProcessLookupError):
        yield from map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
