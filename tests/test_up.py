"""``tracker up`` with its real processes: it answers, repairs itself, and leaves nothing behind."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.linux import needs_proc

pytestmark = needs_proc

WORKER = "workers.app --quiet worker"
COMMAND = [str(Path(sys.executable).with_name("tracker")), "up", "--port", "0"]


class Up:
    """A running ``tracker up`` on a data directory."""

    def __init__(self, data_dir: Path, *arguments: str, **settings: str) -> None:
        self.data_dir = data_dir
        self.printed = data_dir.parent / f"{data_dir.name}-printed.txt"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
        environment |= {"TRACKER_DATA_DIR": str(data_dir)} | settings
        with self.printed.open("wb") as out:
            self.process = subprocess.Popen(
                [*COMMAND, *arguments], env=environment, cwd=data_dir.parent, stdout=out, stderr=out
            )

    @property
    def output(self) -> str:
        return self.printed.read_text(encoding="utf-8")

    def ready(self) -> "Up":
        until(lambda: "Ctrl-C stops it." in self.output or self.process.poll() is not None, 90)
        assert self.process.poll() is None, self.output
        return self

    def healthz(self) -> int:
        found = re.search(r"http://\S+", self.output)
        assert found, self.output
        with urlopen(f"{found[0]}/healthz", timeout=10) as answer:  # noqa: S310  (our own address)
            return int(answer.status)

    def is_well(self) -> bool:
        """Whether it answers, also while a restart cuts connections."""
        with suppress(OSError):
            return self.healthz() == 200
        return False

    def processes(self) -> dict[int, str]:
        """Every process that works on the data directory, by its environment or its place; the command line of each."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                marked = f"TRACKER_DATA_DIR={self.data_dir}\0".encode() in (folder / "environ").read_bytes()
                within = self.data_dir in (folder / "cwd").readlink().parents
                if (marked or within) and (folder / "stat").read_text().rpartition(")")[2].split()[0] != "Z":
                    found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        return found

    def reminders(self) -> int:
        """How many messages lie in the mailbox."""
        with closing(sqlite3.connect(self.data_dir / "tracker.sqlite3")) as connection:
            return int(connection.execute("SELECT count(*) FROM mailbox_message").fetchone()[0])

    def pid_of(self, words: str) -> int:
        """The oldest process whose command line has these words."""
        return min(pid for pid, command in self.processes().items() if words in command)

    def runs(self, words: str, *, besides: int = 0) -> bool:
        """Whether a process with these words runs, another than the one besides."""
        return any(words in command for pid, command in self.processes().items() if pid != besides)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


def until(condition: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Callable[..., Up]]:
    started: list[Up] = []

    def start(*arguments: str, **settings: str) -> Up:
        started.append(Up(tmp_path / "data", *arguments, **settings))
        return started[-1]

    yield start
    for one in started:
        with suppress(ProcessLookupError):
            one.process.kill()
        one.process.wait()
        for pid in one.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def test_it_answers_reminds_stops_cleanly_and_starts_again_on_the_same_data(up: Callable[..., Up]) -> None:
    first = up("--sample").ready()
    assert first.healthz() == 200
    assert "/set-up/" not in first.output
    password = re.search(r"with the password  (\S+)", first.output)
    assert password
    assert all(first.runs(words) for words in ("gunicorn", WORKER, "workers.beat --quiet beat", "valkey"))
    until(first.reminders, 60)
    assert first.stop(signal.SIGINT) == 0
    assert first.processes() == {}

    second = up("--sample").ready()
    assert second.healthz() == 200
    assert password[1] in second.output
    assert second.stop(signal.SIGTERM) == 0
    assert second.processes() == {}


def test_an_empty_one_prints_a_link_that_makes_the_first_agency(up: Callable[..., Up]) -> None:
    running = up().ready()
    link = re.search(r"http://\S+/set-up/\S+", running.output)
    assert link
    with urllib.request.urlopen(link[0], timeout=30) as page:  # noqa: S310  (our own server)
        assert page.status == 200
    assert running.stop() == 0
    again = up().ready()
    other = re.search(r"http://\S+/set-up/\S+", again.output)
    assert other
    assert other[0].rpartition("/")[2] != link[0].rpartition("/")[2]


def test_a_small_one_has_a_process_less(up: Callable[..., Up]) -> None:
    running = up("--small").ready()
    parts = Counter(words for words in ("gunicorn", WORKER) for one in running.processes().values() if words in one)
    assert parts == {"gunicorn": 2, WORKER: 2}  # each with the one that it serves by
    assert running.healthz() == 200


def test_code_that_lies_where_it_is_started_is_not_run(tmp_path: Path, up: Callable[..., Up]) -> None:
    for name in ("workers", "admin", "tracker", "celery", "gunicorn"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write({name!r})\n")
    (tmp_path / ".env").write_text("TRACKER_MAIL_FROM=plan@example.go.th\n")
    running = up().ready()
    worker = running.pid_of(WORKER)
    assert b"TRACKER_MAIL_FROM=plan@example.go.th\0" in Path(f"/proc/{worker}/environ").read_bytes()
    until(lambda: _is_alive(running), 60)
    assert not (tmp_path / "ran").exists()


def _is_alive(running: Up) -> bool:
    with closing(sqlite3.connect(running.data_dir / "tracker.sqlite3")) as connection:
        return bool(connection.execute("SELECT count(*) FROM heartbeat WHERE name = 'sweep'").fetchone()[0])


def test_a_second_one_on_the_same_data_is_told_so(up: Callable[..., Up]) -> None:
    first = up().ready()
    second = up()
    assert second.process.wait(30) == 1
    assert second.output.strip().count("\n") == 0
    assert f"process {first.process.pid}" in second.output
    assert "TRACKER_DATA_DIR" in second.output


def test_a_killed_worker_is_started_again(up: Callable[..., Up]) -> None:
    running = up().ready()
    worker = running.pid_of(WORKER)
    group = {pid for pid, command in running.processes().items() if WORKER in command}
    os.kill(worker, signal.SIGKILL)
    until(lambda: not group & set(running.processes()))
    until(lambda: running.runs(WORKER), 60)
    assert "The worker process ended (signal 9); starting it again." in running.output
    assert running.healthz() == 200


def test_a_killed_broker_is_started_again_with_those_who_use_it(up: Callable[..., Up]) -> None:
    running = up().ready()
    broker, worker = running.pid_of("valkey"), running.pid_of(WORKER)
    os.kill(broker, signal.SIGKILL)
    until(lambda: running.runs("valkey", besides=broker), 60)
    until(lambda: worker not in running.processes(), 60)
    until(lambda: running.runs(WORKER), 60)
    assert running.stop() == 0
    assert running.processes() == {}


def test_a_broker_that_dies_again_while_it_starts_ends_nothing(up: Callable[..., Up]) -> None:
    running = up().ready()
    killed: set[int] = set()

    def kill_another() -> bool:
        for pid in {pid for pid, command in running.processes().items() if "valkey" in command} - killed:
            os.kill(pid, signal.SIGKILL)
            killed.add(pid)
        assert running.process.poll() is None, running.output
        return len(killed) == 3

    until(kill_another, 60)
    until(lambda: running.runs("valkey") and running.runs(WORKER), 60)
    assert "did not start" in running.output
    until(running.is_well, 60)
    assert running.stop() == 0
    assert running.processes() == {}


def test_it_starts_over_what_a_broker_cannot_read(up: Callable[..., Up]) -> None:
    first = up().ready()
    kept = first.data_dir / "redis" / "appendonlydir"
    assert first.stop() == 0
    for file in kept.iterdir():
        file.write_bytes(b"garbage" * 100)
    again = up().ready()
    assert again.healthz() == 200
    assert f"damaged and lies in {kept.with_name('damaged')}" in again.output


def test_words_that_nobody_can_keep_end_nothing(up: Callable[..., Up], tmp_path: Path) -> None:
    (tmp_path / "data-printed.txt").symlink_to("/dev/full")
    running = up()
    until(lambda: running.runs(WORKER), 60)
    os.kill(running.pid_of(WORKER), signal.SIGKILL)
    until(lambda: not running.runs(WORKER))
    until(lambda: running.runs(WORKER) or running.process.poll() is not None, 60)
    assert running.process.poll() is None
    running.stop()
    assert running.processes() == {}


def test_nothing_outlives_a_killed_supervisor(up: Callable[..., Up]) -> None:
    running = up().ready()
    running.process.kill()
    running.process.wait()
    until(lambda: running.processes() == {})
    again = up().ready()
    assert again.healthz() == 200


def test_a_database_of_a_later_version_is_refused_in_a_sentence(up: Callable[..., Up]) -> None:
    before = up().ready()
    assert before.stop() == 0
    with closing(sqlite3.connect(before.data_dir / "tracker.sqlite3")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    told = up()
    assert told.process.wait(60) == 1
    assert "9999, which a later version of the tracker made" in told.output
    assert "Traceback" not in told.output
    assert told.processes() == {}


def test_a_taken_port_is_told_before_anything_starts(up: Callable[..., Up]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = up("--port", str(port))
        assert told.process.wait(30) == 1
    assert told.output.strip().count("\n") == 0
    assert f"Port {port} of 127.0.0.1 cannot be used" in told.output
    assert "--port" in told.output


def test_a_part_that_cannot_start_is_named_with_its_log(up: Callable[..., Up]) -> None:
    told = up(TRACKER_REDIS_URL="redis://127.0.0.1:1/0", TRACKER_DATABASE_URL="sqlite:////dev/null/tracker.sqlite3")
    assert told.process.wait(90) != 0
    assert "Traceback" not in told.output
