"""A stand-in for the side of LINE that talks: replies, profiles, what people sent; and webhook bodies, signed."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

from tests.line_openapi import described_if_there
from tests.line_server import TOKEN

SECRET = "channel-secret"
_numbers = count(1)


@dataclass
class TalkServer:
    """What was replied, and what people sent. ``refuse`` are statuses for the next requests, whatever they are."""

    url: str = ""
    replies: list[dict[str, Any]] = field(default_factory=list)
    pushes: list[dict[str, Any]] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    refuse: list[int] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    account: dict[str, str] | None = None
    menus: dict[str, dict[str, Any]] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    default_menu: str | None = None
    menu_of: dict[str, str] = field(default_factory=dict)

    @property
    def said(self) -> list[str]:
        """The texts of all replies; a Flex message's is its ``altText``."""
        return [message.get("text") or message["altText"] for reply in self.replies for message in reply["messages"]]


def buttons_of(message: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every button of a message by its label: those of its Flex boxes and its quick replies."""
    found: dict[str, dict[str, Any]] = {}

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            action = value.get("action")
            if isinstance(action, dict) and "label" in action:
                found.setdefault(action["label"], action)
            for part in value.values():
                walk(part)
        elif isinstance(value, list):
            for part in value:
                walk(part)

    walk(message)
    return found


def words_of(message: dict[str, Any]) -> str:
    """Every text that a message shows, in its order."""
    if message["type"] == "text":
        return str(message["text"])
    shown: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if value.get("type") == "text":
                shown.append(value["text"])
            for part in (value.get("header"), value.get("body"), value.get("footer"), value.get("contents")):
                walk(part)
        elif isinstance(value, list):
            for part in value:
                walk(part)

    walk(message["contents"])
    return "\n".join(shown)


@contextmanager
def running_talk() -> Iterator[TalkServer]:
    """The server, for the length of the block; what it was sent that LINE's description forbids fails the test."""
    talk = TalkServer()
    description = described_if_there("messaging-api.yml")
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            with lock:
                talk.fetched.append(self.path)
                *_, kind, name = self.path.removesuffix("/content").split("/")
                if not self._is_welcome():
                    return
                if self.path == "/v2/bot/info" and talk.account:
                    self._answer(200, talk.account)
                elif self.path == "/v2/bot/message/quota":
                    self._answer(200, {"type": "none"})
                elif self.path == "/v2/bot/richmenu/list":
                    menus = [{**menu, "richMenuId": one} for one, menu in talk.menus.items()]
                    self._answer(200, {"richmenus": menus})
                elif kind == "profile" and name in talk.names:
                    self._answer(200, {"displayName": talk.names[name], "userId": name})
                elif kind == "message" and name in talk.contents:
                    self._bytes(200, talk.contents[name])
                else:
                    self._answer(404, {"message": "Not found"})

        def do_DELETE(self) -> None:
            with lock:
                if not self._is_welcome():
                    return
                *_, before, name = self.path.split("/")
                if name == "richmenu":
                    talk.menu_of.pop(before, None)
                else:
                    talk.menus.pop(name)
                self._answer(200, {})

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"] or 0))
            with lock:
                if not self._is_welcome():
                    return
                if "/richmenu" in self.path:
                    self._menu(sent)
                    return
                body = json.loads(sent)
                if description is not None:
                    talk.problems += description.request_problems("post", self.path, body)
                if self.path == "/v2/bot/message/push":
                    talk.pushes.append(body)
                    self._answer(200, {"sentMessages": [{"id": "1"}]})
                    return
                if any(reply["replyToken"] == body["replyToken"] for reply in talk.replies):
                    self._answer(400, {"message": "Invalid reply token"})
                    return
                talk.replies.append(body)
                self._answer(200, {"sentMessages": [{"id": "1"}]})

        def _menu(self, sent: bytes) -> None:
            *_, before, name = self.path.split("/")
            if name == "content":
                talk.pictures[before] = sent
            elif self.path.startswith("/v2/bot/user/all/"):
                talk.default_menu = name
            elif before == "richmenu":
                talk.menu_of[self.path.split("/")[4]] = name
            else:
                menu = json.loads(sent)
                if description is not None:
                    talk.problems += description.request_problems("post", self.path, menu)
                name = f"richmenu-{len(talk.menus) + len(talk.pictures) + 1}"
                talk.menus[name] = menu
            self._answer(200, {"richMenuId": name})

        def _is_welcome(self) -> bool:
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                self._answer(401, {"message": "Authentication failed"})
                return False
            if talk.refuse:
                self._answer(talk.refuse.pop(0), {"message": "Oops"})
                return False
            return True

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            self._bytes(status, json.dumps(body).encode())

        def _bytes(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    talk.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield talk
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert talk.problems == []


def event(kind: str, user_id: str, at: datetime, **more: Any) -> dict[str, Any]:
    """A webhook event as LINE sends it, with an id and a reply token of its own."""
    number = next(_numbers)
    tokens = {} if kind == "unfollow" else {"replyToken": f"reply-{number}"}
    return {
        "type": kind,
        "mode": "active",
        "timestamp": int(at.timestamp() * 1000),
        "source": {"type": "user", "userId": user_id},
        "webhookEventId": f"01H{number:023d}",
        "deliveryContext": {"isRedelivery": False},
        **tokens,
        **more,
    }


def text(user_id: str, at: datetime, words: str) -> dict[str, Any]:
    return event("message", user_id, at, message={"id": "1", "type": "text", "text": words, "quoteToken": "q"})


def image(user_id: str, at: datetime, message_id: str, **more: Any) -> dict[str, Any]:
    content = {"id": message_id, "type": "image", "contentProvider": {"type": "line"}, "quoteToken": "q", **more}
    return event("message", user_id, at, message=content)


def file(user_id: str, at: datetime, message_id: str, name: str, size: int) -> dict[str, Any]:
    return event("message", user_id, at, message={"id": message_id, "type": "file", "fileName": name, "fileSize": size})


def pressed(user_id: str, at: datetime, data: str, **params: str) -> dict[str, Any]:
    """A press of a button; ``params`` are what the date picker gives."""
    return event("postback", user_id, at, postback={"data": data, **({"params": params} if params else {})})


def body(*events: dict[str, Any]) -> bytes:
    """The webhook's body with these events; fails where LINE's description (if it is there) forbids it."""
    content = {"destination": f"U{0:032x}", "events": list(events)}
    description = described_if_there("webhook.yml")
    assert description is None or description.problems("CallbackRequest", content) == []
    return json.dumps(content, ensure_ascii=False).encode()


def signature(content: bytes, secret: str = SECRET) -> str:
    return base64.b64encode(hmac.new(secret.encode(), content, hashlib.sha256).digest()).decode()
