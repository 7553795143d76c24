"""A stand-in for LINE's Messaging API over real HTTP: accepts pushes once per retry key, counts the month's quota."""

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.line_openapi import described_if_there

TOKEN = "channel-access-token"


@dataclass
class LineServer:
    """What was accepted, and orders: ``answers`` are (status, message) for the next pushes; ``cut`` are how many next
    pushes are accepted without an answer."""

    url: str = ""
    accepted: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: int = 0
    answers: list[tuple[int, str]] = field(default_factory=list)
    cut: int = 0
    quota: int | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def people(self) -> list[str]:
        return [push["to"] for push in self.accepted.values()]


@contextmanager
def running_line() -> Iterator[LineServer]:
    """The server, for the length of the block."""
    line = LineServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                self._answer(401, {"message": "Authentication failed"})
            elif self.path == "/v2/bot/message/quota":
                limited = {"type": "limited", "value": line.quota}
                self._answer(200, limited if line.quota is not None else {"type": "none"})
            else:
                self._answer(200, {"totalUsage": len(line.accepted)})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            key = self.headers["X-Line-Retry-Key"]
            with line.lock:
                line.requests += 1
                problem = _problem(self.path, self.headers.get("Authorization"), key, body)
                if problem:
                    self._answer(400, {"message": problem})
                elif key in line.accepted:
                    accepted = {"x-line-accepted-request-id": f"accepted-{key}"}
                    self._answer(409, {"message": "The retry key is already accepted"}, accepted)
                elif line.answers:
                    status, message = line.answers.pop(0)
                    self._answer(status, {"message": message})
                elif line.quota is not None and len(line.accepted) >= line.quota:
                    self._answer(429, {"message": "You have reached your monthly limit."})
                else:
                    line.accepted[key] = body
                    if line.cut:
                        line.cut -= 1
                        self.close_connection = True
                        return
                    self._answer(200, {"sentMessages": [{"id": "1"}]}, {"x-line-request-id": f"accepted-{key}"})

        def _answer(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    line.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield line
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _problem(path: str, token: str | None, key: str, body: dict[str, Any]) -> str | None:
    """What LINE says of a push: its address, key and receiver, a bubble's size, and its OpenAPI file."""
    if path != "/v2/bot/message/push" or token != f"Bearer {TOKEN}":
        return "Authentication failed"
    if str(uuid.UUID(key)) != key:
        return "The retry key is invalid"
    if not (body["to"].startswith("U") and len(body["to"]) == 33):
        return "The property, 'to', in the request body is invalid (line: -, column: -)"
    for message in body["messages"]:
        size = len(json.dumps(message["contents"], ensure_ascii=False).encode())
        if message["type"] != "flex" or not 0 < len(message["altText"]) <= 400 or size > 30_000:
            return "A message (messages[0]) in the request body is invalid"
    described = described_if_there("messaging-api.yml")
    problems = described.request_problems("post", path, body) if described else []
    return "; ".join(problems) or None
