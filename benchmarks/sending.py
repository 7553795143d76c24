"""Composing and sending beside the same bytes through one kept connection of the bare smtplib."""

import asyncio
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from benchmarks import agencies, data
from benchmarks.measure import Line, Scale, beside, counted_statements
from tracker.db import Database
from tracker.models import Delivery
from tracker.reminders.delivery import deliver
from tracker.reminders.sweep import agencies_due, sweep

Mail = tuple[str, list[str], bytes]
_DIGESTS_AN_AGENCY = agencies.UNITS_AN_AGENCY


def lines(scale: Scale, folder: Path) -> Iterator[Line]:
    """The digests of many heads, each of five tasks, from the ledger to the mail server."""
    copies = data.Copies(folder)
    with_digests = scale.mails // _DIGESTS_AN_AGENCY
    agencies.fill(copies, with_digests * agencies.TASKS_AN_AGENCY, with_digests * agencies.DUE_AN_AGENCY)
    with _mail_server() as server:
        settings = agencies.settings(folder, server.url)
        with copies.database.reading() as session:
            due = agencies_due(session, agencies.DAY)
        sweep(copies.database, settings, due, data.AT)
        copies.keep()
        work = partial(deliver, copies.database, settings, lambda: data.AT)
        with counted_statements(copies.database) as statements:
            work()
        mails = server.taken()
        _check(copies.database, mails, scale.mails)
        size = sum(len(content) for _, _, content in mails) / len(mails) / 1024
        yield beside(
            "digests composed, sent by SMTP and marked",
            len(mails),
            work,
            partial(_send, server.port, mails),
            repeat=scale.repeat,
            before=copies.again,
            notes=[f"{size:.1f} KiB a mail; {len(statements) / len(mails):.1f} statements a mail"],
        )


def _check(database: Database, mails: list[Mail], expected: int) -> None:
    with database.reading() as session:
        sent = session.query(Delivery).where(Delivery.state == "sent").count()
    assert (len(mails), sent) == (expected, expected)


def _send(port: int, mails: list[Mail]) -> None:
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for sender, recipients, content in mails:
            smtp.sendmail(sender, recipients, content)


class _Server:
    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self.port: int = pipe.recv()
        self.url = f"smtp://127.0.0.1:{self.port}"

    def taken(self) -> list[Mail]:
        """The mails that came since the last time."""
        self._pipe.send("take")
        mails: list[Mail] = self._pipe.recv()
        return mails


@contextmanager
def _mail_server() -> Iterator[_Server]:
    """A mail server in a process of its own, so that its work is not ours."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        yield _Server(ours)
    finally:
        ours.close()
        process.join()


class _Inbox:
    def __init__(self) -> None:
        self.mails: list[Mail] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 OK"


def _serve(pipe: Connection) -> None:
    asyncio.run(_listen(pipe))


async def _listen(pipe: Connection) -> None:
    inbox, loop = _Inbox(), asyncio.get_running_loop()
    server = await loop.create_server(partial(SMTP, inbox), "127.0.0.1", 0)
    pipe.send(server.sockets[0].getsockname()[1])
    with suppress(EOFError):
        while await loop.run_in_executor(None, pipe.recv):
            mails, inbox.mails = inbox.mails, []
            pipe.send(mails)
