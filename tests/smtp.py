"""A real SMTP server for tests: keeps what it accepts, and refuses where it is told to."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Mail:
    """One accepted message."""

    sender: str
    recipient: str
    message: EmailMessage

    @property
    def text(self) -> str:
        return str(self.message.get_body(("plain",)).get_content())  # type: ignore[union-attr]

    @property
    def html(self) -> str:
        return str(self.message.get_body(("html",)).get_content())  # type: ignore[union-attr]


@dataclass
class Mailserver:
    """What the server accepted, and its orders: a reply to RCPT by address, and replies to the next DATA commands."""

    url: str = ""
    mails: list[Mail] = field(default_factory=list)
    connections: int = 0
    refuse: dict[str, str] = field(default_factory=dict)
    next_data: list[str] = field(default_factory=list)
    hang_up_after_data: bool = False
    seconds_a_mail: float = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def recipients(self) -> list[str]:
        return [mail.recipient for mail in self.mails]

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.seconds_a_mail)
        if self.next_data:
            return self.next_data.pop(0)
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        parsed: Any = message_from_bytes(content, policy=default)
        with self.lock:
            self.mails += [Mail(envelope.mail_from or "", to, parsed) for to in envelope.rcpt_tos]
        if self.hang_up_after_data and server.transport:
            self.hang_up_after_data = False
            server.transport.close()
        return "250 OK"


class _Counting(SMTP):
    def connection_made(self, transport: Any) -> None:
        self.event_handler.connections += 1
        super().connection_made(transport)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Counting(self.handler, **self.SMTP_kwargs)


@contextmanager
def running_smtp(
    *, port: int = 0, login: tuple[str, str] | None = None, tls: ssl.SSLContext | None = None, smtps: bool = False
) -> Iterator[Mailserver]:
    """A server on this machine; ``login`` asks for a user, ``tls`` offers STARTTLS (at once: ``smtps``)."""
    server = Mailserver()
    if not port:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    options: dict[str, Any] = {"enable_SMTPUTF8": True}
    if login:

        def check(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
            given = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == login
            return AuthResult(success=given, handled=False)

        options |= {"authenticator": check, "auth_required": True, "auth_require_tls": tls is not None and not smtps}
    if tls and not smtps:
        options["tls_context"] = tls
    controller = _Controller(server, hostname="127.0.0.1", port=port, ssl_context=tls if smtps else None, **options)
    controller.start()
    user = f"{login[0]}:{login[1]}@" if login else ""
    server.url = f"{'smtps' if smtps else 'smtp'}://{user}{'localhost' if tls else '127.0.0.1'}:{port}"
    try:
        yield server
    finally:
        controller.stop()
