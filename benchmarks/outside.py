"""A mail server and LINE's push address, each in a process of its own, so that their work is not ours."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP

Mail = tuple[str, list[str], bytes]
Push = tuple[dict[str, str], bytes]


class Server:
    """The other side as the measured process sees it."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self.port: int = pipe.recv()

    def taken(self) -> list[Any]:
        """What came since the last time: mails, or pushes as headers and body."""
        self._pipe.send("take")
        taken: list[Any] = self._pipe.recv()
        return taken


@contextmanager
def running(serve: Callable[[Connection], None]) -> Iterator[Server]:
    """The server, until the end of the block."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Server(ours)
    finally:
        ours.close()
        process.join()


def mail(pipe: Connection) -> None:
    """Takes every mail."""
    asyncio.run(_mail(pipe))


async def _mail(pipe: Connection) -> None:
    inbox, loop = _Inbox(), asyncio.get_running_loop()
    server = await loop.create_server(partial(SMTP, inbox), "127.0.0.1", 0)
    pipe.send(server.sockets[0].getsockname()[1])
    await loop.run_in_executor(None, _hand_out, pipe, inbox.mails)


class _Inbox:
    def __init__(self) -> None:
        self.mails: list[Mail] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 OK"


def line(pipe: Connection) -> None:
    """Accepts every push."""
    pushes: list[Push] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            pushes.append((dict(self.headers), body))
            self.send_response(200)
            self.send_header("X-Line-Request-Id", f"{len(pushes)}")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    pipe.send(server.server_address[1])
    _hand_out(pipe, pushes)


def _hand_out(pipe: Connection, taken: list[Any]) -> None:
    """Answers every question with what came since the one before, until the other end is closed."""
    with suppress(EOFError):
        while pipe.recv():
            pipe.send(taken[:])
            taken.clear()
