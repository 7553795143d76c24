"""The processes of a chaos test: what runs, is killed and started again, and how all of it ends."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pgserver
from pgserver import _commands as pg
from redis import Redis

from tests.conftest import ROOT
from tracker.runtime.embedded_redis import running_redis
from tracker.runtime.processes import end_with_parent
from tracker.store import migrate
from tracker.store.db import Database

STOP_SECONDS = 60
SERVERS = ("smtp", "line")
"""The outside world, which stays alive."""


@dataclass
class Fleet:
    """Processes that lead a group each. A killed leader stays unreaped until the end: its group's id stays its own."""

    folder: Path
    environment: dict[str, str]
    _live: dict[str, "subprocess.Popen[str]"] = field(default_factory=dict)
    _commands: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _killed: list["subprocess.Popen[str]"] = field(default_factory=list)

    def start(self, name: str, *command: str) -> "subprocess.Popen[str]":
        """Starts ``python -m command``; its words go to a log of this name."""
        with (self.folder / f"{name}.log").open("a", encoding="utf-8") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=os.environ | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if name in SERVERS else log,
                stderr=log,
                text=True,
                start_new_session=True,
                preexec_fn=end_with_parent(),  # noqa: PLW1509
            )
        self._live[name], self._commands[name] = process, command
        return process

    def serve(self, name: str, seconds: tuple[float, float]) -> tuple[str, Path]:
        """Starts a test server that takes so long over a message; gives its address and its log."""
        log = self.folder / f"{name}.jsonl"
        log.touch()
        process = self.start(name, "tests.chaos.servers", name, str(log), *map(str, seconds))
        assert process.stdout is not None
        with process.stdout as words:
            return words.readline().strip(), log

    def worker(self, name: str) -> None:
        self.start(
            name, *_CELERY, "worker", "-n", f"{name}@%h", "--concurrency", "2", "--without-gossip", "--without-mingle"
        )

    def beat(self, name: str) -> None:
        self.start(name, *_CELERY, "beat", "--schedule", str(self.folder / f"{name}-schedule"), "--pidfile", "")

    def kill(self, name: str, how: str, dice: random.Random) -> int:
        """SIGKILL to a process with its children, to itself alone, or to one child; gives how many died of it."""
        process = self._live[name]
        children = _children(process.pid)
        if how == "child":
            died = _kill(dice.choice(children)) if children else 0
            if died:
                return died
        died = len(children) + 1
        if how == "alone":
            _kill(process.pid)
        else:
            os.killpg(process.pid, signal.SIGKILL)
        self._again(name)
        return died

    def restart_ended(self) -> list[str]:
        """Starts again what ended by itself, as ``tracker up`` and containers do; gives the names."""
        ended = [name for name, process in self._live.items() if name not in SERVERS and _has_ended(process.pid)]
        for name in ended:
            with suppress(ProcessLookupError):
                os.killpg(self._live[name].pid, signal.SIGKILL)
            self._again(name)
        return ended

    def _again(self, name: str) -> None:
        self._killed.append(self._live[name])
        self.start(name, *self._commands[name])

    def end(self) -> list[str]:
        """Asks all to stop, then kills whatever is left; gives the names of those that had to be killed."""
        for process in self._live.values():
            with suppress(ProcessLookupError):
                process.terminate()
        late = []
        deadline = time.monotonic() + STOP_SECONDS
        for name, process in self._live.items():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                late.append(name)
                process.kill()
        return late

    def kill_all(self) -> None:
        """Ends every group that was ever started."""
        for process in (*self._live.values(), *self._killed):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


_CELERY = ("celery", "-A", "workers.app", "--quiet")


class Broker:
    """The embedded server; it can lose all it holds, or its life."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._running = running_redis(data_dir)
        self.url = self._running.__enter__()
        assert self.url.startswith("unix:")

    def flush(self) -> None:
        with Redis.from_url(self.url) as client:
            client.flushall()

    def kill(self) -> None:
        with Redis.from_url(self.url) as client:
            _kill(client.info("server")["process_id"])
        self.stop()
        self._running = running_redis(self._data_dir)
        assert self._running.__enter__() == self.url

    def stop(self) -> None:
        self._running.__exit__(None, None, None)


class Postgres:
    """A PostgreSQL server with one migrated database, which can be stopped and started."""

    def __init__(self, folder: Path) -> None:
        self._server = pgserver.get_server(folder)
        self.url: str = self._server.get_uri()
        _migrate(self.url)

    def restart(self, mode: str) -> None:
        server = self._server
        pg.pg_ctl(["-w", "-m", mode, "stop"], pgdata=server.pgdata, user=server.system_user)
        server.ensure_postgres_running()
        assert server.get_uri() == self.url

    def stop(self) -> None:
        self._server.cleanup()


class Sqlite:
    """A migrated SQLite file; nothing to restart."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'tracker.sqlite3'}"
        _migrate(self.url)

    def restart(self, mode: str) -> None:
        """There is no server."""

    def stop(self) -> None:
        """There is no server."""


@contextmanager
def fleet(folder: Path, environment: Mapping[str, str]) -> Iterator[Fleet]:
    """Processes that are all gone after the block, however it ends."""
    found = Fleet(folder, dict(environment))
    try:
        yield found
    finally:
        found.kill_all()


def _migrate(url: str) -> None:
    database = Database(url)
    migrate.upgrade(database)
    database.dispose()


def _children(pid: int) -> list[int]:
    return [child for child, parent, _, state in _processes() if parent == pid and state != "Z"]


def _processes() -> list[tuple[int, int, int, str]]:
    """Id, parent, group and state of every process."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,pgid=,stat="], capture_output=True, text=True, check=True)
    rows = (line.split() for line in listed.stdout.splitlines())
    return [(int(pid), int(parent), int(group), state[0]) for pid, parent, group, state in rows]


def _has_ended(pid: int) -> bool:
    """Whether a child has ended, which stays unreaped."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _kill(pid: int) -> int:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return 0
    return 1
