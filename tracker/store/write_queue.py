"""Writers of one SQLite file stand in line; SQLite lets each sleep and try again, and under load some starve."""

import fcntl
import os
import threading
from contextlib import suppress
from pathlib import Path


class WriteQueue:
    """One writer at a time among the threads and processes that use the file; the next one is woken at once.

    It makes waiting short and fair, no more: that two never write at once is SQLite's own lock. A process that ends
    leaves the queue by that.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._own_threads = threading.Lock()
        self._file: int | None = None

    def enter(self, seconds: float) -> None:
        """Waits for the turn. Raises TimeoutError where this process's other threads do not let go for so long."""
        if not self._own_threads.acquire(timeout=seconds):
            raise TimeoutError(f"another writer holds {self._path} for {seconds:.0f} seconds")
        with suppress(OSError):  # a file system without such locks: SQLite's own waiting is left
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def leave(self) -> None:
        """Lets the next one in."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        self._own_threads.release()
