"""gunicorn's worker that no slow client stops: waitress takes requests in whole before a thread works on one.

gunicorn keeps the processes and their signals; in each, one loop reads from and writes to all connections, a request is
handed to a thread when its last byte is here, and an answer taken from it at once. Half a request costs some memory.
"""

import logging
import os
import resource
import time

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server

from admin.web.limits import largest_body
from tracker.settings import load

CONNECTIONS = 1_000
"""Of one process; more wait until one ends."""
IDLE_SECONDS = 60
"""Without a byte, after which a connection is closed."""
LARGEST_HEADER = 16_384
LARGEST_ANSWER_HELD = 2**26
"""Bytes of an answer that wait for a slow reader without holding up the thread that made it."""
BODIES_AT_ONCE = 4
"""Times the largest form that unfinished requests may lie on the disk together: nobody fills it from outside."""
_OPEN_FILES = 4_096


class BufferingWorker(Worker):
    """One process of ``gunicorn --worker-class admin.web.buffering_worker.BufferingWorker``."""

    def run(self) -> None:
        """Serves until gunicorn wishes otherwise, then finishes what has begun."""
        _allow_open_files()
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that a request waits its turn is no news
        largest = largest_body(load())
        connections: dict[int, wasyncore.dispatcher] = {}
        server = create_server(
            self.wsgi,
            map=connections,
            sockets=[listener.sock for listener in self.sockets],
            threads=self.cfg.threads,
            backlog=self.cfg.backlog,
            connection_limit=CONNECTIONS,
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=IDLE_SECONDS // 6,
            max_request_header_size=LARGEST_HEADER,
            max_request_body_size=2 * largest,  # a form that is somewhat too large gets the application's page
            outbuf_high_watermark=LARGEST_ANSWER_HELD,
            asyncore_use_poll=True,
            clear_untrusted_proxy_headers=False,  # the application believes as many as TRACKER_TRUSTED_PROXIES says
            ident=None,
            log_socket_errors=False,
        )
        while self.alive and self.ppid == os.getppid():
            self._turn(connections, 1.0)
            _drop_beyond(connections, BODIES_AT_ONCE * largest)
        for listener in [one for one in connections.values() if isinstance(one, BaseWSGIServer)]:
            listener.del_channel(connections)
        deadline = time.monotonic() + self.cfg.graceful_timeout
        while time.monotonic() < deadline and any(one.requests or one.total_outbufs_len for one in _of(connections)):
            self._turn(connections, 0.1)
        server.task_dispatcher.shutdown(timeout=1)

    def _turn(self, connections: dict[int, wasyncore.dispatcher], seconds: float) -> None:
        self.notify()
        wasyncore.loop(timeout=seconds, use_poll=True, map=connections, count=1)


def _of(connections: dict[int, wasyncore.dispatcher]) -> list[HTTPChannel]:
    return [one for one in connections.values() if isinstance(one, HTTPChannel)]


def _received(channel: HTTPChannel) -> int:
    """Bytes of the body of a request that is not here in whole."""
    body = channel.request.body_rcv if channel.request is not None else None
    return len(body) if body is not None else 0


def _drop_beyond(connections: dict[int, wasyncore.dispatcher], most: int) -> None:
    """Ends the largest unfinished requests where all together are more than ``most`` bytes."""
    sizes = {channel: size for channel in _of(connections) if (size := _received(channel))}
    total = sum(sizes.values())
    for channel, size in sorted(sizes.items(), key=lambda one: one[1], reverse=True):
        if total <= most:
            return
        channel.handle_close()
        total -= size


def _allow_open_files() -> None:
    """As many as the connections need, where the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
