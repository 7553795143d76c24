"""An installation as LINE's people meet it: signed webhook events go in, real replies come out of the stand-in."""

import struct
import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from tests import line_content as sent
from tests.line_content import TalkServer, buttons_of, words_of
from tests.office import local
from tracker.channels.line.postback import Button, button_data
from tracker.line import inbox
from tracker.line.event_worker import work_off
from tracker.line.linking import new_code
from tracker.models import Member, Task
from tracker.services.audit import Actor
from tracker.settings import Settings
from tracker.store.db import Database

NOW = local("2023-06-23 09:00")
KEY = "a secret key for the tests"
HEAD, OTHER = f"U{1:032x}", f"U{2:032x}"
CLI = Actor("test", "cli")


def png() -> bytes:
    """One pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def done_data(task_id: int) -> str:
    """What the ทำแล้ว button of a task carries."""
    return button_data(KEY, Button("done", task_id))


@dataclass
class Line:
    """They send, the worker works it off at that moment. ``shown`` are the messages of the last reply, by user."""

    database: Database
    settings: Settings
    server: TalkServer
    now: datetime = NOW
    shown: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def arrive(self, *events: dict[str, Any]) -> int:
        with self.database.writing() as session:
            return inbox.keep(session, sent.body(*events), self.now)

    def work(self) -> int:
        return work_off(self.database, self.settings, lambda: self.now)

    def send(self, *events: dict[str, Any]) -> list[str]:
        """The events happen and are worked off; gives all that the replies show, a text a message."""
        before = len(self.server.replies)
        self.arrive(*events)
        self.work()
        messages = [message for reply in self.server.replies[before:] for message in reply["messages"]]
        if messages:
            self.shown[events[-1]["source"]["userId"]] = messages
        return [words_of(message) for message in messages]

    def write(self, user_id: str, words: str) -> list[str]:
        self.now += timedelta(seconds=10)
        return self.send(sent.text(user_id, self.now, words))

    def press(self, user_id: str, task_id: int) -> list[str]:
        """ทำแล้ว of a task's message."""
        return self.post(user_id, done_data(task_id))

    def post(self, user_id: str, data: str, **params: str) -> list[str]:
        self.now += timedelta(seconds=10)
        return self.send(sent.pressed(user_id, self.now, data, **params))

    def button(self, user_id: str, label: str) -> dict[str, Any]:
        """A button of the messages that the user was shown last."""
        found = {name: one for message in self.shown[user_id] for name, one in buttons_of(message).items()}
        assert label in found, f"no button {label} among {sorted(found)}"
        return found[label]

    def tap(self, user_id: str, label: str, **params: str) -> list[str]:
        return self.post(user_id, self.button(user_id, label)["data"], **params)

    def photograph(self, user_id: str, message_id: str, content: bytes | None = None, **more: Any) -> list[str]:
        self.now += timedelta(seconds=10)
        self.server.contents[message_id] = content if content is not None else png()
        return self.send(sent.image(user_id, self.now, message_id, **more))

    def code_for(self, member_id: int) -> str:
        with self.database.writing() as session:
            return new_code(session, session.get_one(Member, member_id), KEY, CLI, self.now)

    def link(self, user_id: str, member_id: int) -> None:
        with self.database.writing() as session:
            session.execute(update(Member).where(Member.id == member_id).values(line_user_id=user_id))

    def rows(self, model: type[Any]) -> list[Any]:
        with self.database.reading() as session:
            return list(session.scalars(select(model).order_by(model.id)))

    def member(self, member_id: int) -> Member:
        with self.database.reading() as session:
            return session.get_one(Member, member_id)

    def task(self, task_id: int) -> Task:
        with self.database.reading() as session:
            return session.get_one(Task, task_id)
