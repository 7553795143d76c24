"""Composing and sending beside the same bytes through one kept connection of the bare library."""

import smtplib
from collections.abc import Callable, Iterator
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from benchmarks import agencies, data, outside
from benchmarks.measure import Line, Scale, beside, counted_statements
from tracker.models import Delivery
from tracker.reminders.delivery import deliver
from tracker.reminders.queries import agencies_due
from tracker.reminders.sweep import sweep
from tracker.settings import Settings
from tracker.store.db import Database

_DIGESTS_AN_AGENCY = agencies.UNITS_AN_AGENCY
_PUSH = "/v2/bot/message/push"


def lines(scale: Scale, folder: Path) -> Iterator[Line]:
    """The digests of many heads, each of five tasks, from the ledger to the mail server and to LINE."""
    with data.Copies(folder) as copies:
        with_digests = scale.mails // _DIGESTS_AN_AGENCY
        agencies.fill(copies, with_digests * agencies.TASKS_AN_AGENCY, with_digests * agencies.DUE_AN_AGENCY)
        with outside.running(outside.mail) as server:
            settings = agencies.settings(folder, smtp_url=f"smtp://127.0.0.1:{server.port}")
            yield _line("digests composed, sent by SMTP and marked", scale, copies, settings, server, _mail)
        _link_to_line(copies.database)
        with outside.running(outside.line) as server:
            settings = agencies.settings(
                folder,
                line_channel_access_token="token",  # noqa: S106
                line_channel_secret="secret",  # noqa: S106
                line_api_base=f"http://127.0.0.1:{server.port}",
            )
            yield _line("digests composed, pushed to LINE and marked", scale, copies, settings, server, _push)


def _line(
    name: str,
    scale: Scale,
    copies: data.Copies,
    settings: Settings,
    server: outside.Server,
    floor: Callable[[int, list[Any]], None],
) -> Line:
    with copies.database.reading() as session:
        due = agencies_due(session, agencies.DAY)
    sweep(copies.database, settings, due, data.AT)
    copies.keep()
    work = partial(deliver, copies.database, settings, lambda: data.AT)
    with counted_statements(copies.database) as statements:
        work()
    messages = server.taken()
    _check(copies.database, len(messages), scale.mails)
    size = sum(len(message[-1]) for message in messages) / len(messages) / 1024
    line = beside(
        name,
        len(messages),
        work,
        partial(floor, server.port, messages),
        repeat=scale.repeat,
        before=copies.again,
        notes=[f"{size:.1f} KiB a message; {len(statements) / len(messages):.1f} statements a message"],
    )
    assert len(server.taken()) == 2 * scale.repeat * len(messages)
    return line


def _link_to_line(database: Database) -> None:
    """Every head is linked, and nothing has been reminded of yet."""
    with database.writing() as session:
        connection = session.connection()
        connection.exec_driver_sql("UPDATE member SET line_user_id = 'U' || printf('%032x', id)")
        connection.exec_driver_sql("DELETE FROM digest")
        connection.exec_driver_sql(
            "UPDATE task SET next_stage_on = ? WHERE due_on = ?", (f"{agencies.DAY}", f"{agencies.SOON}")
        )


def _check(database: Database, arrived: int, expected: int) -> None:
    with database.reading() as session:
        sent = session.query(Delivery).where(Delivery.state == "sent").count()
    assert (arrived, sent) == (expected, expected)


def _mail(port: int, mails: list[outside.Mail]) -> None:
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for sender, recipients, content in mails:
            smtp.sendmail(sender, recipients, content)


def _push(port: int, pushes: list[outside.Push]) -> None:
    connection = HTTPConnection("127.0.0.1", port)
    for headers, body in pushes:
        connection.request("POST", _PUSH, body, headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
    connection.close()
