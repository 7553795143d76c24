"""The outside world of a chaos test, each server a process: ``python -m tests.chaos.servers smtp|line LOG MIN MAX``.

Both print their address first and take MIN to MAX seconds over a message, about half of it before they accept it:
whoever dies then was not heard. They write down what they accept before they say so. The word in LOG.weather says how
they are: ``rough`` refuses some for now, breaks some off before they are accepted, and some after; ``gone`` refuses
all.
"""

import asyncio
import json
import random
import re
import socket
import sys
import threading
import time
import uuid
from base64 import urlsafe_b64decode
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any, Literal

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.line_server import TOKEN

Weather = Literal["refuse", "break", "cut"]

CUT = 0.004
"""How many of LINE's answers get lost on the way, once the push is accepted."""

ROUGH: dict[Weather, float] = {"refuse": 0.15, "break": 0.1, "cut": 0.1}
"""How many messages of a rough day are refused for now, broken off unheard, or heard without an answer."""

_LINK = re.compile(r"/(done|seen)/([\w-]+)\.")
_SHOWN_UNIT, _SHOWN_TASK = 1, 2


def _shown_in(text: str) -> dict[str, list[int]]:
    """The tasks that a message leads to, by links that answer for them or show them, and the units that it shows."""
    found: dict[str, set[int]] = {"tasks": set(), "units": set()}
    for page, token in _LINK.findall(text):
        _, first, *rest = json.loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        if page == "done":
            found["tasks"].add(first)
        elif first in (_SHOWN_UNIT, _SHOWN_TASK):
            found["units" if first == _SHOWN_UNIT else "tasks"].add(rest[0])
    return {kind: sorted(numbers) for kind, numbers in found.items()}


class Log:
    """One JSON object a line, written through at once; and how long half a message takes."""

    def __init__(self, path: Path, least: float, most: float) -> None:
        self._seconds = least, most
        self._file = path.open("a", encoding="utf-8", buffering=1)
        self._weather = path.with_suffix(".weather")
        self._lock = threading.Lock()

    def half(self) -> float:
        return random.uniform(*self._seconds) / 2  # noqa: S311

    def weather(self) -> Weather | None:
        """What befalls the next message; None on a calm day."""
        try:
            word = self._weather.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        if word == "gone":
            return "refuse"
        odds = 1 - sum(ROUGH.values())
        return random.choices((None, *ROUGH), (odds, *ROUGH.values()))[0] if word == "rough" else None  # noqa: S311

    def add(self, event: str, **facts: Any) -> None:
        with self._lock:
            self._file.write(json.dumps({"event": event, "at": time.time(), **facts}) + "\n")


def read_log(path: Path) -> list[dict[str, Any]]:
    """What a server wrote down, in order."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


class Mailserver:
    """Records every message, and what its connection did next: whoever goes on to another has read the answer."""

    def __init__(self, log: Log) -> None:
        self.log = log

    async def handle_MAIL(  # noqa: N802
        self, server: "Connection", _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.log.add("next", connection=server.number)
        envelope.mail_from = address
        await asyncio.sleep(self.log.half())
        return "250 OK"

    async def handle_DATA(self, server: "Connection", _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        weather = self.log.weather()
        if weather == "refuse":
            return "451 Try again later"
        if weather == "break":
            return server.hang_up()
        message = message_from_bytes(content, _class=EmailMessage, policy=default)
        page = message.get_body(("html",))
        assert page is not None
        self.log.add(
            "accepted",
            connection=server.number,
            to=envelope.rcpt_tos[0],
            message_id=message["Message-ID"],
            **_shown_in(page.get_content()),
        )
        if weather == "cut":
            return server.hang_up()
        await asyncio.sleep(self.log.half())
        return "250 OK"

    async def handle_QUIT(self, server: "Connection", _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        self.log.add("quit", connection=server.number)
        return "221 Bye"


class Connection(SMTP):
    """Numbers itself, and tells of its end."""

    _numbers = count(1)
    number = 0

    def connection_made(self, transport: Any) -> None:
        self.number = next(self._numbers)
        super().connection_made(transport)

    def hang_up(self) -> str:
        """Ends the connection without an answer."""
        assert self.transport is not None
        self.transport.abort()
        return "421 Gone"

    def connection_lost(self, error: Exception | None) -> None:
        self.event_handler.log.add("lost", connection=self.number)
        super().connection_lost(error)


def serve_smtp(log: Log) -> None:
    async def serve() -> None:
        loop, mails = asyncio.get_running_loop(), Mailserver(log)
        server = await loop.create_server(lambda: Connection(mails, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0)
        print(f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)  # noqa: T201
        await server.serve_forever()

    asyncio.run(serve())


class Pushes(BaseHTTPRequestHandler):
    """LINE's push: accepted once per retry key, 409 afterwards; the quota has no limit."""

    protocol_version = "HTTP/1.1"
    accepted: set[str] = set()  # noqa: RUF012  (one server, one process)
    lock = threading.Lock()
    log: Log

    def do_GET(self) -> None:
        self._answer(200, {"type": "none"} if self.path.endswith("/quota") else {"totalUsage": len(self.accepted)})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        time.sleep(self.log.half())
        if self._has_hung_up():
            self.log.add("hung up")
            self.close_connection = True
            return
        weather = self.log.weather()
        if weather == "refuse":
            self._answer(500, {"message": "Internal server error"})
            return
        if weather == "break":
            self.close_connection = True
            return
        key = self.headers["X-Line-Retry-Key"]
        if problem := self._problem(key, body):
            self.log.add("refused", problem=problem)
            self._answer(400, {"message": problem})
            return
        with self.lock:
            repeated = key in self.accepted
            self.accepted.add(key)
            shown = _shown_in(json.dumps(body))
            self.log.add("repeated" if repeated else "accepted", key=key, to=body["to"], **shown)
        time.sleep(self.log.half())
        if repeated:
            accepted = {"x-line-accepted-request-id": f"accepted-{key}"}
            self._answer(409, {"message": "The retry key is already accepted"}, accepted)
        elif weather == "cut" or random.random() < CUT:  # noqa: S311
            self.log.add("cut", key=key)
            self.close_connection = True
        else:
            self._answer(200, {"sentMessages": [{"id": "1"}]}, {"x-line-request-id": f"accepted-{key}"})

    def _has_hung_up(self) -> bool:
        try:
            return self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except ConnectionError:
            return True

    def _problem(self, key: str, body: dict[str, Any]) -> str | None:
        if self.path != "/v2/bot/message/push" or self.headers["Authorization"] != f"Bearer {TOKEN}":
            return "Authentication failed"
        if str(uuid.UUID(key)) != key:
            return "The retry key is invalid"
        if not re.fullmatch("U[0-9a-f]{32}", body["to"]):
            return "The property, 'to', in the request body is invalid (line: -, column: -)"
        [message] = body["messages"]
        size = len(json.dumps(message["contents"], ensure_ascii=False).encode())
        if message["type"] != "flex" or not 0 < len(message["altText"]) <= 400 or size > 30_000:
            return "A message (messages[0]) in the request body is invalid"
        return None

    def _answer(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Quiet."""


class LineServer(ThreadingHTTPServer):
    """Whoever is killed in the middle of a push hangs up: nothing to tell."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Quiet."""


def serve_line(log: Log) -> None:
    Pushes.log = log
    server = LineServer(("127.0.0.1", 0), Pushes)
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)  # noqa: T201
    server.serve_forever()


if __name__ == "__main__":
    random.seed(2566)
    kind, path, least, most = sys.argv[1:]
    {"smtp": serve_smtp, "line": serve_line}[kind](Log(Path(path), float(least), float(most)))
