"""E-mail by SMTP: one reused connection, TLS where it is offered, text and HTML in Thai."""

import re
import select
import smtplib
import socket
import ssl
from base64 import b64encode, encodebytes
from collections.abc import Callable
from contextlib import suppress
from email.utils import format_datetime, formataddr, parseaddr
from ipaddress import ip_address
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult, unquote, urlsplit

from tracker.bilingual import Bilingual
from tracker.channels.base import DeliveryError, Message
from tracker.settings import Settings

TIMEOUT_SECONDS = 30
"""Servers that check senders answer slowly; a lease of deliveries outlives several such waits."""
_ENCODED_BYTES = 42
"""Of text in one encoded word, whose limit is 75 characters with its marks (RFC 2047)."""
_PLAIN_LINE = 60
"""Characters of a header that stays unfolded: with its name within the 78 of RFC 5322."""
_LONGEST_PROBLEM = 300
"""Characters of a server's answer that are kept: its sentence, not its advertisement."""
_END = b".\r\n"
"""Ends a message; no other line of ours begins with a dot."""
_GO_ON = 354
"""The answer to DATA of a server that waits for the message."""
_ADDRESS = re.compile(r"[^\s<>@\"]+@[^\s<>@\"]+", re.ASCII)


class EmailChannel:
    """Sends through the server of ``smtp_url`` (``smtp://user:password@host:port``, ``smtps://…``)."""

    def __init__(self, smtp_url: str, mail_from: str, *, password_without_tls: bool = False) -> None:
        self._server = urlsplit(smtp_url)
        self._password_without_tls = password_without_tls
        self._from_name, self._from_address = parseaddr(mail_from)
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def send(self, message: Message, begin: Callable[[], None] | None = None) -> str | None:
        """Sends the message; its Message-ID is the same at every attempt.

        ``begin`` is called when all but the last line is with the server, which forgets it without that line.
        """
        if not (message.to.isascii() and _ADDRESS.fullmatch(message.to)):
            raise DeliveryError(
                f"“{message.to}” is not an e-mail address.",
                f"“{message.to}” ไม่ใช่ที่อยู่อีเมล",
                permanent=True,
                scope="address",
            )
        content = self.as_bytes(message) + _END
        self._begin(message.to)
        smtp = self._smtp
        assert smtp is not None  # noqa: S101  (begun)
        is_written = False
        try:
            code, reason = self._write(smtp, content, begin)
            is_written = code == _GO_ON
            if is_written:
                code, reason = smtp.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise _broken(error, unsure=is_written) from error
        if code != 250:
            self._reset()
            raise DeliveryError(
                f"The mail server did not take the message: {_words(code, reason)}",
                f"เซิร์ฟเวอร์อีเมลไม่รับข้อความ: {_words(code, reason)}",
                permanent=code >= 500,
            )
        return None

    def _write(self, smtp: smtplib.SMTP, content: bytes, begin: Callable[[], None] | None) -> tuple[int, bytes]:
        """Everything, and the end mark by itself, once it is sure that the server still listens.

        Whatever this raises, the end mark was not written, and the server forgets the message.
        """
        code, reason = smtp.docmd("data")
        if code != _GO_ON:
            return code, reason
        smtp.send(content[: -len(_END)])
        if begin is not None:
            try:
                begin()
            except BaseException:
                self._drop()
                raise
        if smtp.sock is not None and select.select([smtp.sock], [], [], 0)[0]:  # nothing is due but its farewell
            raise smtplib.SMTPServerDisconnected("it ended the connection before the message's end")
        smtp.send(_END)
        return code, reason

    def as_bytes(self, message: Message) -> bytes:
        """The message as it goes over the wire; the same message gives the same bytes."""
        boundary = f"=_{message.id.hex}"
        headers = (
            ("From", _mailbox(self._from_name or message.sender, self._from_address)),
            ("To", _mailbox(message.to_name, message.to)),
            *((("Reply-To", message.reply_to),) if _ADDRESS.fullmatch(message.reply_to) else ()),
            ("Subject", _encoded(message.subject)),
            ("Date", format_datetime(message.at)),
            ("Message-ID", f"<{message.id}@{self._from_address.rpartition('@')[2]}>"),
            ("Auto-Submitted", "auto-generated"),
            ("Content-Language", "th"),
            ("List-Unsubscribe", f"<{message.preferences_url}>"),
            *((("X-Record-Head", message.record_head),) if message.record_head else ()),
            ("MIME-Version", "1.0"),
            ("Content-Type", f'multipart/alternative; boundary="{boundary}"'),
        )
        head = "".join(f"{name}: {value}\r\n" for name, value in headers)
        parts = (("plain", message.text), ("html", message.html))
        body = "".join(f"--{boundary}\r\n{_part(subtype, text)}" for subtype, text in parts)
        return f"{head}\r\n{body}--{boundary}--\r\n".encode("ascii")

    def _begin(self, address: str) -> None:
        """Sender and recipient; a reused connection that the server closed meanwhile is opened again."""
        for fresh in (self._smtp is None, True):
            smtp = self._smtp = self._smtp or self._connect()
            try:
                code, reason = smtp.mail(self._from_address)
                if code != 250:
                    self._hang_up()
                    raise _server_says("refused the sender", "ปฏิเสธผู้ส่ง", code, reason)
                code, reason = smtp.rcpt(address)
            except (smtplib.SMTPException, OSError) as error:
                self._hang_up()
                if fresh:
                    raise _broken(error, unsure=False) from error
                continue
            if code not in (250, 251):
                self._reset()
                raise _refused(address, code, reason)
            return

    def _connect(self) -> smtplib.SMTP:
        try:
            return connect(self._server, password_without_tls=self._password_without_tls)
        except OpenPasswordError as error:
            raise DeliveryError(error.words, error.words.th, scope="channel") from error
        except smtplib.SMTPAuthenticationError as error:
            raise _server_says(
                "refused the user or password of TRACKER_SMTP_URL",
                "ไม่รับชื่อผู้ใช้หรือรหัสผ่านใน TRACKER_SMTP_URL",
                error.smtp_code,
                error.smtp_error,
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryError(
                f"The mail server {self._server.hostname} could not be reached: {error}",
                f"ติดต่อเซิร์ฟเวอร์อีเมล {self._server.hostname} ไม่ได้: {error}",
                scope="channel",
            ) from error

    def _reset(self) -> None:
        try:
            if self._smtp is not None:
                self._smtp.rset()
        except (smtplib.SMTPException, OSError):
            self._hang_up()

    def _drop(self) -> None:
        """Without a farewell, which the server might take for more of the message."""
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def _hang_up(self) -> None:
        if self._smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
            self._smtp.close()
            self._smtp = None


def _part(subtype: str, text: str) -> str:
    lines = encodebytes(text.encode()).decode("ascii").replace("\n", "\r\n")
    return f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{lines}"


def _mailbox(name: str, address: str) -> str:
    if name.isascii():
        return formataddr((" ".join(name.split()), address))
    return f"{_encoded(name)}\r\n <{address}>"


def _encoded(text: str) -> str:
    """A header's text. The standard library's own folding puts spaces into Thai words, so that this folds itself."""
    text = " ".join(text.split())
    if text.isascii() and len(text) <= _PLAIN_LINE:
        return text
    words, word = [], b""
    for character in text:
        encoded = character.encode()
        if len(word) + len(encoded) > _ENCODED_BYTES:
            words.append(word)
            word = b""
        word += encoded
    return "\r\n ".join(f"=?utf-8?b?{b64encode(part).decode('ascii')}?=" for part in (*words, word))


def email_sender(settings: Settings) -> EmailChannel | None:
    """A sender by the installation's mail server; None where none is set up."""
    url = settings.smtp_url
    if url is None:
        return None
    allowed = settings.smtp_password_without_tls
    return EmailChannel(url.get_secret_value(), settings.mail_from, password_without_tls=allowed)


class OpenPasswordError(smtplib.SMTPException):
    """The server offers no TLS, so that anybody on the way would read the password: it was not sent."""

    def __init__(self, host: str) -> None:
        self.words = Bilingual(
            f"The mail server {host} offers no TLS; the password was not sent: use smtps://, a server with STARTTLS, "
            "or allow it with TRACKER_SMTP_PASSWORD_WITHOUT_TLS=true.",
            f"เซิร์ฟเวอร์อีเมล {host} ไม่รองรับ TLS ระบบจึงไม่ส่งรหัสผ่าน กรุณาใช้ smtps:// หรือเซิร์ฟเวอร์ที่มี STARTTLS "
            "หรืออนุญาตด้วย TRACKER_SMTP_PASSWORD_WITHOUT_TLS=true",
        )
        super().__init__(self.words)


def connect(server: SplitResult, *, password_without_tls: bool = False) -> smtplib.SMTP:
    """Greets the mail server of an address and signs in; its certificate must be one that the system trusts.

    Raises OpenPasswordError where the password would go through a network without TLS and that is not allowed.
    """
    host, user = server.hostname or "", unquote(server.username or "")
    smtp: smtplib.SMTP
    if server.scheme == "smtps":
        smtp = smtplib.SMTP_SSL(host, server.port or 465, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
    else:
        smtp = smtplib.SMTP(host, server.port or (587 if user else 25), timeout=TIMEOUT_SECONDS)
    try:
        if smtp.sock is not None:
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        smtp.ehlo()
        if server.scheme == "smtp" and smtp.has_extn("starttls"):
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        if user and not (password_without_tls or isinstance(smtp.sock, ssl.SSLSocket) or _is_here(smtp.sock)):
            raise OpenPasswordError(host)
        if user:
            smtp.login(user, unquote(server.password or ""))
    except BaseException:
        smtp.close()
        raise
    return smtp


def _is_here(connection: socket.socket | None) -> bool:
    """Whether the other end is this machine, so that nobody reads along."""
    return connection is not None and ip_address(connection.getpeername()[0].partition("%")[0]).is_loopback


def _broken(error: Exception, *, unsure: bool) -> DeliveryError:
    return DeliveryError(
        f"The connection to the mail server broke: {error}",
        f"การเชื่อมต่อเซิร์ฟเวอร์อีเมลขาด: {error}",
        scope="channel",
        unsure=unsure,
    )


def _refused(address: str, code: int, reason: bytes) -> DeliveryError:
    """A refusal at RCPT. 5.7.x is the server's policy towards us; any other 5xx says that the address is no good."""
    words = _words(code, reason)
    policy = reason.startswith(b"5.7.")
    return DeliveryError(
        f"The mail server does not deliver to {address}: {words}",
        f"เซิร์ฟเวอร์อีเมลส่งถึง {address} ไม่ได้: {words}",
        permanent=code >= 500,
        scope="address" if code >= 500 and not policy else "message",
    )


def _server_says(what: str, what_th: str, code: int, reason: bytes | str) -> DeliveryError:
    words = _words(code, reason)
    return DeliveryError(f"The mail server {what}: {words}", f"เซิร์ฟเวอร์อีเมล{what_th}: {words}", scope="channel")


def _words(code: int, reason: bytes | str) -> str:
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    return f"{code} {' '.join(text.split())}"[:_LONGEST_PROBLEM]
