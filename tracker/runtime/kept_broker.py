"""The broker of ``tracker up``: the one that the settings name, or the embedded one, kept running."""

import time
from collections.abc import Callable
from contextlib import ExitStack

from tracker.broker import redis_url
from tracker.runtime.embedded_redis import BrokerNotStartedError, running_redis
from tracker.runtime.processes import Backoff
from tracker.settings import Settings

TRIES_AT_FIRST = 5
"""Starts that may fail before ``tracker up`` says that the broker does not come up: over seven seconds of waiting."""


class KeptBroker:
    """Started with the block; whoever watches over it calls ``look`` every few seconds."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stack = ExitStack()
        self._backoff = Backoff()
        self._started: float | None = None
        self._next_try = 0.0
        self.url = settings.redis_url or ""
        """Where it was last; while it is away, too."""

    def __enter__(self) -> "KeptBroker":
        """Raises TrackerError where it does not come up in several tries, ConflictError where another holds it."""
        for tries_left in reversed(range(TRIES_AT_FIRST)):
            try:
                self._start()
                break
            except BrokerNotStartedError:
                if not tries_left:
                    raise
                time.sleep(self._backoff.next_wait())
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def look(self, say: Callable[[str], None]) -> bool:
        """Starts the embedded server where it died and its time has come; whether it did.

        Raises TrackerError where no further try would start it.
        """
        if redis_url(self._settings) is not None:
            return False
        if self._started is not None:
            self._backoff.ran_for(time.monotonic() - self._started)
            self._started = None
            self._next_try = time.monotonic() + self._backoff.next_wait()
        if time.monotonic() < self._next_try:
            return False
        say("The embedded Redis server ended; starting it again.")
        try:
            self._start()
        except BrokerNotStartedError as error:
            wait = self._backoff.next_wait()
            self._next_try = time.monotonic() + wait
            say(f"{error.sentence} Trying again in {wait:.0f} seconds.")
            return False
        return True

    def _start(self) -> None:
        self._stack.close()
        if self._settings.redis_url is None:
            self.url = self._stack.enter_context(running_redis(self._settings.data_dir))
            self._started = time.monotonic()
