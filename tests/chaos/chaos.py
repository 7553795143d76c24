"""A day of reminders while processes die, the broker forgets and the database restarts; and what came of it."""

import random
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from celery import Celery
from sqlalchemy import func, select

from tests.chaos.processes import Broker, Fleet, Postgres, Sqlite, fleet
from tests.chaos.servers import read_log
from tests.chaos.world import World, load, open_agencies
from tests.line_server import TOKEN
from tracker.broker import celery_url
from tracker.models import Delivery, Member, Reminder
from tracker.reminders.conditions import delivery_is_open
from tracker.store.db import Database

LEASE_SECONDS = 8
SILENCE_SECONDS = 60
"""Longer than a lease, beat's tick and the start of a worker on a busy machine."""


@dataclass(frozen=True)
class Size:
    """How much is loaded and how much happens to it; ``kills`` are SIGKILLs aimed at workers."""

    agencies: int
    tasks: int
    kills: int
    workers: int
    flushes: int
    sweeps: int
    beat_kills: int = 0
    broker_kills: int = 0
    restarts: tuple[str, ...] = ()
    open_at_first: float = 0.5
    """Of the agencies; the others open one by one as things happen."""
    message_seconds: tuple[float, float] = (0.03, 0.2)
    pause: tuple[float, float] = (0.0, 1.0)
    patience: float = 60
    seed: int = 2566
    postgres: bool = True

    def on_sqlite(self) -> "Size":
        """The same with one worker on a file, which has no server to restart."""
        return replace(self, postgres=False, workers=1, restarts=())


@dataclass
class Outcome:
    """What was done, what the servers wrote down, and what the ledger says at the end."""

    world: World
    size: Size
    happened: Counter[str] = field(default_factory=Counter)
    restarted: list[tuple[float, float]] = field(default_factory=list)
    mails: list[dict[str, Any]] = field(default_factory=list)
    pushes: list[dict[str, Any]] = field(default_factory=list)
    states: dict[str, int] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    taken_over: int = 0
    recorded: set[tuple[str, int]] = field(default_factory=set)
    late: list[str] = field(default_factory=list)
    seconds: float = 0


def noon() -> str:
    """A time zone in which it is about noon now: the workers' clock is the real one, and offices are open."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def run(folder: Path, size: Size) -> Outcome:
    """Everything from the start of the servers to their end."""
    began, zone = time.monotonic(), noon()
    with ExitStack() as stack:
        apart = Path(stack.enter_context(TemporaryDirectory(prefix="tracker-chaos-")))  # a second pytest closes its own
        server = Postgres(apart) if size.postgres else Sqlite(apart)
        stack.callback(server.stop)
        broker = Broker(folder)
        stack.callback(broker.stop)
        database = Database(server.url)
        stack.callback(database.dispose)
        today = datetime.now(ZoneInfo(zone)).date()
        world = load(database, today, agencies=size.agencies, tasks=size.tasks, seed=size.seed)
        environment = {
            "TRACKER_DATA_DIR": str(folder),
            "TRACKER_DATABASE_URL": server.url,
            "TRACKER_REDIS_URL": broker.url,
            "TRACKER_TIMEZONE": zone,
            "TRACKER_SWEEP_INTERVAL": "10",
            "TRACKER_LEASE_SECONDS": str(LEASE_SECONDS),
            "TRACKER_RETRY_FIRST_SECONDS": "2",
            "TRACKER_LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
            "TRACKER_LINE_CHANNEL_SECRET": "secret",
        }
        processes = stack.enter_context(fleet(folder, environment))
        smtp, mails = processes.serve("smtp", size.message_seconds)
        line, pushes = processes.serve("line", size.message_seconds)
        processes.environment |= {"TRACKER_SMTP_URL": smtp, "TRACKER_LINE_API_BASE": line}
        storm = Storm(size, world, database, server, broker, processes, (mails, pushes))
        storm.rage()
        outcome = storm.outcome
        outcome.late = processes.end()
        outcome.mails, outcome.pushes = read_log(mails), read_log(pushes)
        _read_ledger(database, outcome)
        outcome.seconds = time.monotonic() - began
        return outcome


class Storm:
    """What happens to the processes, in a seeded order, while agency after agency opens its doors."""

    def __init__(
        self,
        size: Size,
        world: World,
        database: Database,
        server: Postgres | Sqlite,
        broker: Broker,
        processes: Fleet,
        logs: tuple[Path, ...],
    ) -> None:
        self.outcome = Outcome(world, size)
        self._size, self._world, self._database = size, world, database
        self._server, self._broker, self._processes, self._logs = server, broker, processes, logs
        self._dice = random.Random(size.seed)  # noqa: S311
        self._workers = [f"worker{number}" for number in range(1, size.workers + 1)]
        self._opened = 0

    def rage(self) -> None:
        """Ends when everything is at rest."""
        for name in self._workers:
            self._processes.worker(name)
        for name in ("beat1", "beat2"):
            self._processes.beat(name)
        todo = self._events()
        everyone = len(self._world.agencies)
        first = round(everyone * self._size.open_at_first)
        self._open(first)
        for number, event in enumerate(todo, 1):
            self._open(first + (everyone - first) * number // len(todo))
            if not self._somebody_sends():
                break
            time.sleep(self._dice.uniform(*self._size.pause))
            self.outcome.happened[event] += 1
            getattr(self, f"_{event.partition(' ')[0]}")(*event.split()[1:])
        self._settle()

    def _events(self) -> list[str]:
        """Last of all the broker forgets, and no worker is started after that."""
        size = self._size
        events = ["kill worker"] * size.kills + ["flush"] * (size.flushes - 1) + ["sweep"] * size.sweeps
        events += ["kill beat"] * size.beat_kills + ["kill broker"] * size.broker_kills
        events += [f"restart {mode}" for mode in size.restarts]
        self._dice.shuffle(events)
        return [*events, "flush"]

    def _open(self, agencies: int) -> None:
        open_agencies(self._database, self._world.agencies[self._opened : agencies])
        self._opened = agencies

    def _somebody_sends(self) -> bool:
        """Waits for the next message, for what happens to idle processes shows nothing; False where none comes."""
        before, deadline = self._written(), time.monotonic() + SILENCE_SECONDS
        while self._written() == before and time.monotonic() < deadline:
            self._restart_ended()
            time.sleep(0.02)
        return self._written() != before

    def _restart_ended(self) -> None:
        for name in self._processes.restart_ended():
            self.outcome.happened[f"{name} ended by itself, started again"] += 1

    def _written(self) -> int:
        return sum(log.stat().st_size for log in self._logs)

    def _kill(self, whom: str) -> None:
        if whom == "broker":
            self._broker.kill()
            return
        name = self._dice.choice(self._workers if whom == "worker" else ["beat1", "beat2"])
        how = self._dice.choices(("group", "alone", "child"), (3, 1, 1))[0] if whom == "worker" else "group"
        self.outcome.happened[f"{whom} processes killed"] += self._processes.kill(name, how, self._dice)
        self.outcome.happened[f"kill {whom}, {how}"] += 1

    def _flush(self) -> None:
        self._broker.flush()

    def _restart(self, mode: str) -> None:
        before = time.time()
        self._server.restart(mode)
        self.outcome.restarted.append((before, time.time()))

    def _sweep(self) -> None:
        """The same agencies in three sweeps at once."""
        with Celery(broker=celery_url(self._broker.url), set_as_current=False) as app:
            for _ in range(3):
                app.send_task("workers.tasks.sweep_agencies", [list(self._world.agencies)], queue="tracker")
                app.send_task("workers.tasks.sweep_all", queue="tracker")

    def _settle(self) -> None:
        """All is recorded that must be, nothing is open, and further sweeps and rounds of delivery change nothing."""
        deadline = time.monotonic() + self._size.patience

        def ended() -> int:
            return self._count(Delivery.state.in_(("sent", "unknown")))

        while ended() < self._world.digests or self._count(delivery_is_open()):
            if time.monotonic() > deadline:
                return
            self._restart_ended()
            time.sleep(0.2)
        self._sweep()
        time.sleep(2)

    def _count(self, condition: Any) -> int:
        with self._database.reading() as session:
            return session.scalar(select(func.count()).select_from(Delivery).where(condition)) or 0


def _read_ledger(database: Database, outcome: Outcome) -> None:
    with database.reading() as session:
        by_state = select(Delivery.state, func.count()).group_by(Delivery.state)
        outcome.states = dict(session.execute(by_state).all())
        unknown = select(Delivery.id).where(Delivery.state == "unknown")
        outcome.unknown = {f"{one}" for one in session.scalars(unknown)}
        times = session.execute(select(Delivery.first_attempt_at, Delivery.sent_at).where(Delivery.state == "sent"))
        outcome.taken_over = sum((sent - first).total_seconds() > LEASE_SECONDS for first, sent in times)
        told = select(Member.email, Reminder.task_id).join(Member, Member.id == Reminder.member_id).distinct()
        outcome.recorded = {(email or "", task) for email, task in session.execute(told)}
