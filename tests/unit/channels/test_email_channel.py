"""The e-mail channel against a real server: TLS, sign-in, one connection, and what failures mean."""

import socket
import ssl
import threading
import uuid
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.office import settings
from tests.smtp import running_smtp
from tracker.channels.base import DeliveryError, Message
from tracker.channels.email import smtp
from tracker.channels.email.smtp import EmailChannel
from tracker.services.upkeep.doctor import examine

PEM = ROOT / "tests" / "data" / "localhost-test-only.pem"
FROM = "งานธุรการ <saraban@khaokhao.go.th>"


def message(to: str = "somying@khaokhao.go.th", **values: object) -> Message:
    facts: dict[str, object] = {
        "id": uuid.uuid4(),
        "to": to,
        "to_name": "สมหญิง ใจดี, ผอ.กองคลัง",
        "sender": "อบต.เขาขาว",
        "subject": "[ครบกำหนด ๓๑ มี.ค. ๖๖] " + "งานตามแผนมาตรการ ส่งเสริมคุณธรรมและความโปร่งใส" * 3,
        "text": "เรียน สมหญิง\n.\nบรรทัดที่ขึ้นต้นด้วยจุด\n",
        "html": "<p>เรียน สมหญิง</p>\n",
        "at": datetime(2023, 3, 31, 2, 0, tzinfo=UTC),
        "preferences_url": "https://tracker.example/preferences",
    }
    return Message(**{**facts, **values})  # type: ignore[arg-type]


@pytest.fixture
def tls(monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's TLS context for ``localhost``, which clients trust during the test."""
    monkeypatch.setenv("SSL_CERT_FILE", str(PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    return context


def test_thai_survives_the_wire() -> None:
    one = message()
    with running_smtp() as server, EmailChannel(server.url, FROM) as email:
        email.send(one)
    mail = server.mails[0]
    assert mail.message["Subject"] == one.subject
    raw = message_from_bytes(email.as_bytes(one))  # the default policy's parser parts encoded words of one name
    assert str(make_header(decode_header(raw["From"]))) == "งานธุรการ <saraban@khaokhao.go.th>"
    assert str(make_header(decode_header(raw["To"]))) == f"{one.to_name} <{one.to}>"
    assert (mail.text, mail.html) == (one.text, one.html)
    assert mail.message["Message-ID"] == f"<{one.id}@khaokhao.go.th>"


def test_every_line_is_ascii_and_short() -> None:
    lines = EmailChannel("smtp://localhost", FROM).as_bytes(message()).split(b"\r\n")
    assert all(line.isascii() and len(line) <= 998 for line in lines)
    assert not any(b"\n" in line for line in lines)


def test_starttls_and_sign_in(tls: ssl.SSLContext) -> None:
    with (
        running_smtp(login=("saraban", "p%40ss"), tls=tls) as server,
        EmailChannel(server.url.replace("p%40ss", "p%2540ss"), FROM) as email,
    ):
        email.send(message())
    assert len(server.mails) == 1


def test_tls_from_the_start(tls: ssl.SSLContext) -> None:
    with running_smtp(tls=tls, smtps=True) as server, EmailChannel(server.url, FROM) as email:
        email.send(message())
    assert len(server.mails) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    with (
        running_smtp(tls=context) as server,
        EmailChannel(server.url, FROM) as email,
        pytest.raises(DeliveryError, match="could not be reached") as raised,
    ):
        email.send(message())
    assert (raised.value.permanent, raised.value.scope, raised.value.unsure) == (False, "channel", False)


def test_the_doctor_trusts_no_more_than_the_channel(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    with running_smtp(login=("saraban", "p"), tls=context) as server:
        told = settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/t.sqlite3", smtp_url=server.url)
        found = {one.name: one for one in examine(told, datetime(2023, 3, 31, 2, 0, tzinfo=UTC))}
    assert found["mail"].state == "failed"
    assert "CERTIFICATE_VERIFY_FAILED" in found["mail"].remark


def test_a_wrong_password_is_the_channels_failure(tls: ssl.SSLContext) -> None:
    with (
        running_smtp(login=("saraban", "right"), tls=tls) as server,
        EmailChannel(server.url.replace("right", "wrong"), FROM) as email,
        pytest.raises(DeliveryError, match="TRACKER_SMTP_URL") as raised,
    ):
        email.send(message())
    assert (raised.value.permanent, raised.value.scope) == (False, "channel")
    assert "wrong" not in raised.value.sentence_th


def test_one_connection_for_many_and_a_new_one_when_the_server_hung_up() -> None:
    with running_smtp() as server, EmailChannel(server.url, FROM) as email:
        before = server.connections
        email.send(message())
        email.send(message())
        assert server.connections == before + 1
        assert email._smtp is not None
        email._smtp.sock.shutdown(socket.SHUT_RDWR)
        email.send(message())
        assert server.connections == before + 2
    assert len(server.mails) == 3


def test_a_refusal_leaves_the_connection_usable() -> None:
    with running_smtp() as server, EmailChannel(server.url, FROM) as email:
        before = server.connections
        server.refuse["gone@khaokhao.go.th"] = "550 5.1.1 ไม่มีผู้ใช้".encode().decode("latin-1")
        with pytest.raises(DeliveryError) as raised:
            email.send(message("gone@khaokhao.go.th"))
        assert (raised.value.permanent, raised.value.scope) == (True, "address")
        email.send(message())
        assert server.connections == before + 1
        assert server.recipients == ["somying@khaokhao.go.th"]


@pytest.mark.parametrize(
    ("reply", "permanent", "scope"),
    [
        ("450 4.2.1 busy", False, "message"),
        ("550 5.1.1 no such user", True, "address"),
        ("554 5.7.1 relaying denied", True, "message"),
    ],
)
def test_what_a_refused_recipient_means(reply: str, permanent: bool, scope: str) -> None:
    with running_smtp() as server, EmailChannel(server.url, FROM) as email:
        server.refuse["x@khaokhao.go.th"] = reply
        with pytest.raises(DeliveryError) as raised:
            email.send(message("x@khaokhao.go.th"))
    assert (raised.value.permanent, raised.value.scope, raised.value.unsure) == (permanent, scope, False)


@pytest.mark.parametrize(("reply", "permanent"), [("451 later", False), ("554 spam", True)])
def test_what_refused_content_means(reply: str, permanent: bool) -> None:
    with running_smtp() as server, EmailChannel(server.url, FROM) as email:
        server.next_data = [reply]
        with pytest.raises(DeliveryError) as raised:
            email.send(message())
    assert (raised.value.permanent, raised.value.scope) == (permanent, "message")


def test_a_connection_that_breaks_after_the_content_leaves_it_unsure() -> None:
    with running_smtp() as server, EmailChannel(server.url, FROM) as email:
        server.hang_up_after_data = True
        with pytest.raises(DeliveryError) as raised:
            email.send(message())
    assert (raised.value.permanent, raised.value.unsure) == (False, True)


@pytest.mark.parametrize("goodbye", [b"", b"421 4.3.2 shutting down\r\n"])
@pytest.mark.parametrize("when", ["DATA", "content"])
def test_a_break_before_the_end_mark_is_certain_not_to_be_out(goodbye: bytes, when: str) -> None:
    ended = threading.Event()

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"220 here\r\n")
            for line in lines:
                if line.upper().startswith(b"DATA") and when == "DATA":
                    break
                connection.sendall(b"354 go on\r\n" if line.upper().startswith(b"DATA") else b"250 OK\r\n")
                if line.upper().startswith(b"DATA"):
                    lines.readline()
                    break
            connection.sendall(goodbye)
        ended.set()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        email = EmailChannel(f"smtp://127.0.0.1:{listener.getsockname()[1]}", FROM)
        with email, pytest.raises(DeliveryError) as raised:
            email.send(message(), lambda: ended.wait(20) or None)
    assert (raised.value.permanent, raised.value.unsure) == (False, False)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_password_goes_through_no_network_without_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    with running_smtp(login=("saraban", "p4ss")) as server:
        with EmailChannel(server.url, FROM) as email:
            email.send(message())
        monkeypatch.setattr(smtp, "_is_here", lambda _connection: False)
        with (
            EmailChannel(server.url, FROM) as email,
            pytest.raises(DeliveryError, match="TRACKER_SMTP_PASSWORD_WITHOUT_TLS") as raised,
        ):
            email.send(message())
        assert (raised.value.permanent, raised.value.scope, raised.value.unsure) == (False, "channel", False)
        assert "p4ss" not in raised.value.sentence + raised.value.sentence_th
        with EmailChannel(server.url, FROM, password_without_tls=True) as email:
            email.send(message())
    assert len(server.mails) == 2


def test_an_address_that_is_none_is_refused_before_the_wire() -> None:
    with running_smtp() as server, EmailChannel(server.url, FROM) as email:
        with pytest.raises(DeliveryError) as raised:
            email.send(message("a@b\r\nRCPT TO:<other@example.go.th>"))
        assert (raised.value.permanent, raised.value.scope) == (True, "address")
        assert server.mails == []
