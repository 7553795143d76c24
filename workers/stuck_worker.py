"""A worker that hears nothing while messages wait for it ends itself: whoever keeps it running starts another.

Celery workers have fallen silent after their connection to the broker was renewed, alive but deaf
(https://github.com/celery/celery/issues/10205); nobody would notice before the operator is told that sweeps stopped.
"""

import logging
import os
import signal
import time
from dataclasses import dataclass
from threading import Thread

from celery.signals import worker_ready
from celery.worker import state

from workers.app import app

LOOK_EVERY = 5
STOP_SECONDS = 30
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class StuckWorkerDetector:
    """What a worker has heard: ``patience`` is for how many seconds messages may wait for an idle worker."""

    patience: float
    _heard: int = -1
    _since: float | None = None

    def is_lost(self, *, waiting: int, busy: bool, heard: int, at: float) -> bool:
        """Whether messages have waited all the time, while the worker was idle and was given none of them."""
        if not waiting or busy or heard != self._heard:
            self._heard, self._since = heard, None
            return False
        if self._since is None:
            self._since = at
        return at - self._since >= self.patience


@worker_ready.connect
def _listen(**_: object) -> None:
    Thread(target=_watch, daemon=True, name="hearing").start()


def _watch() -> None:
    ticks = (tick["schedule"] for tick in app.conf.beat_schedule.values())
    hearing = StuckWorkerDetector(patience=min(ticks))
    while state.should_stop is None:
        time.sleep(LOOK_EVERY)
        waiting = _waiting()
        heard = sum(state.total_count.values())
        if hearing.is_lost(waiting=waiting, busy=bool(state.reserved_requests), heard=heard, at=time.monotonic()):
            _log.critical("%d messages wait and this idle worker hears none of them; it ends.", waiting)
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(STOP_SECONDS)
            os._exit(1)


def _waiting() -> int:
    """How many messages are in the queue; none where the broker has no such queue, or does not answer."""
    with app.connection_for_read() as connection:
        try:
            with connection.channel() as channel:
                return int(channel.queue_declare(app.conf.task_default_queue, passive=True).message_count)
        except (*connection.connection_errors, *connection.channel_errors):
            return 0
