"""``tracker up``: web server, worker, beat and the embedded Redis server in one process tree."""

import fcntl
import os
import select
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

import click

from tracker import clock
from tracker.broker import Work
from tracker.errors import ConflictError, NotUnderstoodError, TrackerError
from tracker.runtime.kept_broker import KeptBroker
from tracker.runtime.processes import Child
from tracker.sample import load_sample
from tracker.services.accounts.first_sign_in import ensure_sign_in, first_sign_in_file
from tracker.services.organisation import founding
from tracker.settings import PREFIX, Settings, secret_key, settings_in_file
from tracker.store import migrate
from tracker.store.db import open_database

START_SECONDS = 60.0
STOP_SECONDS = 12.0
LOOK_SECONDS = 5.0
DEATHS_BEFORE_GIVING_UP = 3
WEB_LOG = "admin.web.logs.ServerLog"
WEB_WORKER = "admin.web.buffering_worker.BufferingWorker"
WEB_THREADS = 8
WEB_PROCESSES = 2
WORKER_PROCESSES = 1
"""It hands over several messages at once; each more takes 60 MB."""


def run(settings: Settings, host: str, port: int, *, sample: bool = False, small: bool = False) -> None:
    """Runs the whole tracker until SIGINT or SIGTERM; returns when every process has ended.

    Port 0 takes a free one. ``small`` is for a machine of little memory: one web process. Raises ConflictError where
    the port or the data directory is in use, TrackerError where a part does not start.
    """
    os.umask(0o077)  # people's data: nobody else on the machine reads it
    with ExitStack() as stack:
        stack.enter_context(_only_one(settings.data_dir))
        listener = stack.enter_context(_listening(host, port))
        signals = stack.enter_context(_Signals.watched())
        set_up_word = _prepare(settings, sample=sample)
        broker = stack.enter_context(KeptBroker(settings))
        address = _address(host, listener.getsockname()[1])
        web_processes = 1 if small else WEB_PROCESSES
        tree = _Tree(settings, broker, listener, signals, address=address, web_processes=web_processes)
        stack.callback(tree.stop)
        tree.start()
        if not signals.count:
            _greet(settings, address, set_up_word)
            tree.watch()
        _say("Stopping …")
    _say(f"Stopped. The data stays in {settings.data_dir}.")


@contextmanager
def _only_one(data_dir: Path) -> Iterator[None]:
    """Holds the data directory: a second tracker on it would serve the same database with other settings."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = (data_dir / "up.lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise TrackerError(
            f"The data directory {data_dir} cannot be written ({error.strerror}): fix its permissions, "
            f"or name another in {PREFIX}DATA_DIR."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise ConflictError(
                f"The tracker is already running on {data_dir} (process {lock.read().strip() or 'unknown'}): "
                f"stop it first, or name another directory in {PREFIX}DATA_DIR."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
        lock.truncate(0)


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """The web server's socket: opened here, so that a taken port is told before anything starts."""
    try:
        family, kind, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (OSError, UnicodeError, OverflowError):
        raise NotUnderstoodError(
            f"“{host}” port {port} is no place to listen at: write --host 127.0.0.1 or 0.0.0.0, --port 1 to 65535."
        ) from None
    with socket.socket(family, kind) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(place)
            listener.listen(256)
        except PermissionError:
            raise TrackerError(
                f"Port {port} is only for the administrator: choose one above 1023 with --port."
            ) from None
        except OSError as error:
            raise ConflictError(
                f"Port {port} of {host} cannot be used ({error.strerror}): stop what uses it, "
                f"or choose another with --port, for example --port {port + 1 if port < 65535 else 8000}."
            ) from None
        yield listener


class _Signals:
    """Counts the wishes to stop, and wakes the waiting supervisor for them and for a child's death."""

    def __init__(self) -> None:
        self.count = 0
        self._reading, self._writing = socket.socketpair()
        self._reading.setblocking(False)
        self._writing.setblocking(False)

    @classmethod
    @contextmanager
    def watched(cls) -> Iterator["_Signals"]:
        signals = cls()
        wishes = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup wants it to outlive its terminal
            wishes.append(signal.SIGHUP)
        before = {number: signal.signal(number, signals._stop) for number in wishes}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        wakeup = signal.set_wakeup_fd(signals._writing.fileno(), warn_on_full_buffer=False)
        try:
            yield signals
        finally:
            signal.set_wakeup_fd(wakeup)
            for number, handler in before.items():
                signal.signal(number, handler)
            signals._reading.close()
            signals._writing.close()

    def wait(self, seconds: float) -> None:
        """Until a signal comes or the time is over."""
        select.select([self._reading], [], [], max(0.0, seconds))
        with suppress(BlockingIOError):
            self._reading.recv(4096)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1


class _Tree:
    """The child processes: started together, watched, stopped together."""

    def __init__(
        self,
        settings: Settings,
        broker: KeptBroker,
        listener: socket.socket,
        signals: _Signals,
        *,
        address: str,
        web_processes: int,
    ) -> None:
        self._settings = settings
        self._broker = broker
        self._listener = listener
        self._address = address
        self._signals = signals
        self._restarts: dict[Child, float] = {}
        self._next_look = 0.0
        self._dotenv = settings_in_file()
        self._page_figures = settings.data_dir / "page-figures"
        shutil.rmtree(self._page_figures, ignore_errors=True)  # those of the last run
        self._children = tuple(
            self._child(name, command)
            for name, command in _commands(settings, listener.fileno(), web_processes).items()
        )
        self._first_sweep = self._child("first-sweep", _FIRST_SWEEP)

    def _child(self, name: str, command: Sequence[str]) -> Child:
        """It works in the data directory: Celery and gunicorn take code from where they stand, whatever lies there."""
        folder = self._settings.data_dir
        return Child(name, command, folder / "logs" / f"{name}.log", self._environment, folder)

    def start(self) -> None:
        """Starts every child, waits until the web server answers, and has the worker catch up at once."""
        for child in self._children:
            self._start(child)
        deadline = time.monotonic() + START_SECONDS
        while not self._signals.count:
            self._restart_ended()
            if _is_healthy(self._listener):
                self._start(self._first_sweep)
                return
            if time.monotonic() > deadline or any(child.deaths >= DEATHS_BEFORE_GIVING_UP for child in self._children):
                raise TrackerError(self._why_not_started())
            self._signals.wait(0.1)

    def watch(self) -> None:
        """Keeps every child running until somebody wishes to stop."""
        while not self._signals.count:
            self._restart_ended()
            now = time.monotonic()
            if now >= self._next_look:
                self._next_look = now + LOOK_SECONDS
                self._look()
            self._signals.wait(min([self._next_look, *self._restarts.values()]) - time.monotonic())

    def stop(self) -> None:
        """Asks every child to end, kills what has not after some seconds, or at once on a second wish."""
        self._first_sweep.kill()
        for child in self._children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        while not all([child.has_stopped() for child in self._children]):  # noqa: C419  (each is to be looked at)
            if time.monotonic() > deadline or self._signals.count > 1:
                for child in self._children:
                    child.kill()
            else:
                self._signals.wait(0.1)

    def _start(self, child: Child) -> None:
        try:
            child.start(pass_fds=(self._listener.fileno(),) if child.name == "web" else ())
        except OSError as error:  # no memory, no room for its log: it may pass
            child.deaths += 1
            self._restarts[child] = time.monotonic() + child.seconds_to_restart()
            _complain(f"The {child.name} process could not be started ({error.strerror}); trying again.")

    def _restart_ended(self) -> None:
        for child in self._children:
            status = child.died()
            if status is not None:
                wait = child.seconds_to_restart()
                self._restarts[child] = time.monotonic() + wait
                _complain(f"The {child.name} process ended ({_ending(status)}); starting it again.")
        for child, when in list(self._restarts.items()):
            if when <= time.monotonic():
                del self._restarts[child]
                self._start(child)

    def _look(self) -> None:
        self._first_sweep.died()
        for child in self._children:
            child.keep_log_small()
        if self._broker.look(_complain):
            for child in self._children:
                child.ask_to_stop()

    def _environment(self) -> Mapping[str, str]:
        """What the children are told: these settings, whatever directory or ``.env`` they come from."""
        settings = {
            "DATA_DIR": str(self._settings.data_dir),
            "DATABASE_URL": self._settings.database_url,
            "REDIS_URL": self._broker.url,
        }
        if "base_url" not in self._settings.model_fields_set:
            settings["BASE_URL"] = self._address
        return (
            self._dotenv
            | os.environ
            | {PREFIX + name: value for name, value in settings.items()}
            | {"PYTHONUNBUFFERED": "1", "PROMETHEUS_MULTIPROC_DIR": str(self._page_figures)}
        )

    def _why_not_started(self) -> str:
        worst = max(self._children, key=lambda child: child.deaths)
        return f"The {worst.name} process did not start ({worst.last_lines(1)}): read {worst.log}, then try again."


def _say(text: str, *, err: bool = False) -> None:
    """For who reads along; that nobody can (a full disk, a closed pipe) ends nothing."""
    with suppress(OSError):
        click.echo(text, err=err)


_complain = partial(_say, err=True)


_PYTHON = (sys.executable, "-P", "-m")
_CELERY = (*_PYTHON, "celery", "-A", "workers.app", "--quiet")
_BEAT = (*_PYTHON, "celery", "-A", "workers.beat", "--quiet")
_FIRST_SWEEP = (*_BEAT, "call", Work.SWEEP_ALL.value)


def _commands(settings: Settings, listener: int, web_processes: int) -> dict[str, list[str]]:
    return {
        "web": [
            *_PYTHON,
            "gunicorn",
            *("--bind", f"fd://{listener}", "--worker-class", WEB_WORKER, "--logger-class", WEB_LOG),
            "--no-control-socket",
            *("--workers", str(web_processes), "--threads", str(WEB_THREADS), "--graceful-timeout", "5"),
            "admin.wsgi:app",
        ],
        "worker": [
            *(*_CELERY, "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle"),
            *("--concurrency", str(WORKER_PROCESSES)),
        ],
        "beat": [
            *_BEAT,
            "beat",
            *("--loglevel", "INFO", "--schedule", str(settings.data_dir / "beat-schedule"), "--pidfile", ""),
        ],
    }


def _prepare(settings: Settings, *, sample: bool) -> str | None:
    """Brings the database up to date, and makes sure that somebody can sign in.

    Gives the word with which the first agency is set up, where there is none yet.
    """
    secret_key(settings)
    database = open_database(settings)
    try:
        if not migrate.is_current(database):
            _say("Bringing the database up to date …")
            migrate.upgrade(database)
        if sample and load_sample(database, settings, clock.now()) is None:
            _say("The database holds an agency of yours: the sample was left out.")
        ensure_sign_in(database, settings, clock.now())
        with database.writing() as session:
            return founding.set_up_word(session, clock.now())
    finally:
        database.dispose()


def _greet(settings: Settings, address: str, set_up_word: str | None) -> None:
    _say(f"\nThe tracker is running at {address}\n")
    if set_up_word is not None:
        opened_at = settings.base_url if "base_url" in settings.model_fields_set else address
        _say(
            f"Set up your agency at\n  {opened_at}{founding.path_of(set_up_word)}\n"
            f"(This link works once, until an agency is there; every start prints a new one.)\n"
        )
    sign_in = first_sign_in_file(settings)
    with suppress(FileNotFoundError):
        _say(f"{sign_in.read_text(encoding='utf-8')}(Kept in {sign_in}; delete the file when you have it.)\n")
    _say(f"The data lives in {settings.data_dir}, the logs in its folder logs.\nCtrl-C stops it.")


def _address(host: str, port: int) -> str:
    """Where a browser on this machine reaches the web server."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"


def _is_healthy(listener: socket.socket) -> bool:
    host, port = listener.getsockname()[:2]
    connection = HTTPConnection({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port, timeout=1)  # noqa: S104
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _ending(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"exit status {status}"
