"""A child process that is kept running: what it leaves behind, and when it is started again."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tracker.runtime.processes import LARGEST_LOG_BYTES, LONGEST_WAIT_SECONDS, Child

WITH_GRANDCHILD = (
    "import os, signal, subprocess, sys; "
    "print(os.getpid(), subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid, flush=True); "
    "signal.pause()"
)


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Callable[[str], Child]]:
    """Starts a child that runs a line of Python."""
    children: list[Child] = []

    def start(code: str) -> Child:
        child = Child("part", [sys.executable, "-c", code], tmp_path / "logs" / "part.log", lambda: os.environ)
        children.append(child)
        child.start()
        return child

    yield start
    for one in children:
        one.kill()


def until(condition: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split()[2] != "Z"
    except OSError:
        return False


def test_its_output_is_kept_for_people(child: Callable[[str], Child]) -> None:
    part = child("print('out'); import sys; sys.exit('no port')")
    until(lambda: part.died() == 1)
    assert part.last_lines() == "no port\nout" or part.last_lines() == "out\nno port"
    assert part.deaths == 1
    assert part.pid is None


def test_a_killed_child_takes_its_own_children_with_it(child: Callable[[str], Child]) -> None:
    part = child(WITH_GRANDCHILD)
    until(lambda: part.last_lines().count(" "))
    leader, grandchild = (int(pid) for pid in part.last_lines().split())
    os.kill(leader, signal.SIGKILL)
    until(lambda: part.died() is not None)
    until(lambda: not is_running(grandchild))


def test_stopping_ends_the_whole_group(child: Callable[[str], Child]) -> None:
    part = child(WITH_GRANDCHILD)
    until(lambda: part.last_lines().count(" "))
    _, grandchild = (int(pid) for pid in part.last_lines().split())
    part.ask_to_stop()
    until(part.has_stopped)
    until(lambda: not is_running(grandchild))
    part.ask_to_stop()
    assert part.has_stopped()


def test_the_kernel_ends_it_with_its_parent(tmp_path: Path) -> None:
    """The parent is killed without a chance to clean up."""
    log = tmp_path / "part.log"
    parent = Child(
        "parent",
        [
            sys.executable,
            "-c",
            "import os, pathlib, signal, sys; from tracker.runtime.processes import Child; "
            "code = 'import os, signal; print(os.getpid(), flush=True); signal.pause()'; "
            f"Child('part', [sys.executable, '-c', code], pathlib.Path({str(log)!r}), lambda: os.environ).start(); "
            "signal.pause()",
        ],
        tmp_path / "parent.log",
        lambda: os.environ,
    )
    parent.start()
    until(lambda: log.exists() and log.read_text(encoding="utf-8").strip())
    pid = int(log.read_text(encoding="utf-8"))
    assert parent.pid is not None
    os.kill(parent.pid, signal.SIGKILL)
    until(lambda: not is_running(pid))
    parent.kill()


def test_the_wait_grows_with_each_quick_death(child: Callable[[str], Child]) -> None:
    part = child("pass")
    waits = [part.seconds_to_restart() for _ in range(8)]
    assert waits == [0, 1, 2, 4, 8, 16, LONGEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS]


def test_a_large_log_is_set_aside(child: Callable[[str], Child]) -> None:
    part = child("pass")
    until(lambda: part.died() is not None)
    part.log.write_bytes(b"x" * (LARGEST_LOG_BYTES + 1))
    part.keep_log_small()
    assert part.log.stat().st_size == 0
    assert part.log.with_name("part.log.1").stat().st_size == LARGEST_LOG_BYTES + 1
