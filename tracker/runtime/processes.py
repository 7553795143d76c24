"""One child process that is kept running: started, watched, started again after a growing wait, stopped whole.

A child leads its own process group, so that the terminal's Ctrl-C does not reach it and that stopping it stops the
processes that it started. On Linux the kernel ends it when its parent dies, however the parent dies.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

LONGEST_WAIT_SECONDS = 30.0
SETTLED_AFTER_SECONDS = 60.0
LARGEST_LOG_BYTES = 10_000_000

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with_parent() -> Callable[[], None]:
    """What ``Popen(preexec_fn=…)`` runs in a child so that it gets SIGTERM when the calling process dies.

    Only for a program with one thread: code between fork and exec is not safe beside others.
    """
    parent = os.getpid()

    def arrange() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died between the fork and now
            os._exit(1)

    return arrange


class Backoff:
    """How long to wait before the next start: not at all, then twice as long after each that did not last."""

    def __init__(self) -> None:
        self._wait = 0.0

    def next_wait(self) -> float:
        """In seconds; half a minute at most."""
        wait, self._wait = self._wait, min(max(1.0, self._wait * 2), LONGEST_WAIT_SECONDS)
        return wait

    def ran_for(self, seconds: float) -> None:
        """What ran long enough is started again at once."""
        if seconds > SETTLED_AFTER_SECONDS:
            self._wait = 0.0


class Child:
    """A command that is kept running; its output goes to a log file, the older half kept beside it as ``….1``.

    ``folder`` is where it works; None: where the caller does.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path,
        environment: Callable[[], Mapping[str, str]],
        folder: Path | None = None,
    ) -> None:
        self.name = name
        self.command = tuple(command)
        self.log = log
        self.folder = folder
        self.deaths = 0
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._backoff = Backoff()

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process else None

    def start(self, *, pass_fds: Sequence[int] = ()) -> None:
        """Starts the process; its environment is asked for anew each time."""
        self._rotate_log()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                env=dict(self._environment()),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=tuple(pass_fds),
                preexec_fn=end_with_parent(),  # noqa: PLW1509  (the supervisor has one thread)
            )
        self._started = time.monotonic()

    def died(self) -> int | None:
        """The exit status of a process that ended since the last look, its descendants ended too; else None."""
        process = self._process
        if process is None or not _has_ended(process.pid):
            return None
        self._kill_group(process)
        self._backoff.ran_for(time.monotonic() - self._started)
        self._process = None
        self.deaths += 1
        return process.wait()

    def seconds_to_restart(self) -> float:
        """How long to wait before the next start."""
        return self._backoff.next_wait()

    def ask_to_stop(self) -> None:
        """Asks the process to end; its children are its own to end first."""
        if self._process:
            os.kill(self._process.pid, signal.SIGTERM)  # not waited for yet, so the id is still its own

    def has_stopped(self) -> bool:
        """Whether the process is gone; whatever is left of its group is killed then."""
        if self._process and _has_ended(self._process.pid):
            self.kill()
        return self._process is None

    def kill(self) -> None:
        """Ends the process and its group at once."""
        if process := self._process:
            self._kill_group(process)
            process.wait()
            self._process = None

    def last_lines(self, count: int = 5) -> str:
        """The end of its log, for people."""
        with suppress(OSError):
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
        return ""

    def keep_log_small(self) -> None:
        """Sets the log aside and empties it where it has grown large; the process goes on writing into it."""
        with suppress(OSError):
            if self.log.stat().st_size > LARGEST_LOG_BYTES:
                self.log.with_name(self.log.name + ".1").write_bytes(self.log.read_bytes())
                os.truncate(self.log, 0)

    def _rotate_log(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.keep_log_small()

    def _kill_group(self, process: "subprocess.Popen[bytes]") -> None:
        """Kills what is left of the process's group: its id is not given away before the leader was waited for."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def _has_ended(pid: int) -> bool:
    """Whether the child has ended, without taking its exit status away."""
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True
