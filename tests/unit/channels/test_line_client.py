"""LINE's client over real HTTP: kept connections, cut answers, files over the limit, what the doctor reads."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.line_server import TOKEN, running_line
from tests.office import settings
from tracker.channels.base import DeliveryError
from tracker.channels.line.client import LineClient, line_client
from tracker.errors import NotFoundError, NotUnderstoodError
from tracker.services.upkeep.doctor import examine

MB = 2**20


@contextmanager
def saying(*connections: Sequence[bytes]) -> Iterator[LineClient]:
    """A host that gives these answers on each connection in turn, then closes it; and a client of it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for answers in connections:
                connection, _ = listener.accept()
                with connection:
                    for answer in answers:
                        connection.recv(65_536)
                        connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with LineClient(TOKEN, url, url, timeout_seconds=10) as client:
            yield client
        thread.join()


def answer(body: bytes, status: str = "200 OK", length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n\r\n".encode() + body


def chunked(*parts: bytes) -> bytes:
    body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body + b"0\r\n\r\n"


def test_a_kept_connection_that_line_closed_is_opened_again() -> None:
    name = answer('{"displayName": "พี่เล็ก"}'.encode())
    with saying([name], [name, answer(b"photo")]) as client:
        assert client.display_name("U1") == "พี่เล็ก"
        assert client.display_name("U1") == "พี่เล็ก"


@pytest.mark.parametrize("said", [answer(b"photo"), chunked(b"ph", b"oto")])
def test_a_file_comes_whole(said: bytes) -> None:
    with saying([said]) as client:
        assert client.content("m1", MB) == b"photo"


def test_a_file_that_is_cut_off_is_no_file() -> None:
    with saying([answer(b"pho", length=5)]) as client, pytest.raises(DeliveryError, match="could not be reached"):
        client.content("m1", MB)


@pytest.mark.parametrize("said", [answer(b"x", length=2 * MB), chunked(b"x" * MB, b"x")])
def test_a_file_over_the_limit_is_not_read_on(said: bytes) -> None:
    with saying([said]) as client, pytest.raises(NotUnderstoodError, match="larger than 1 MB"):
        client.content("m1", MB)


def test_a_file_that_line_no_longer_has() -> None:
    with saying([answer(b"{}", "410 Gone")]) as client, pytest.raises(NotFoundError):
        client.content("m1", MB)


def test_a_reply_that_is_refused_says_why() -> None:
    refused = answer(b'{"message": "Invalid reply token"}', "400 Bad Request")
    with (
        saying([refused]) as client,
        pytest.raises(DeliveryError, match="the reply: 400 Invalid") as raised,
    ):
        client.reply("token", [])
    assert (raised.value.permanent, raised.value.unsure) == (True, False)


def test_without_both_secrets_there_is_no_client() -> None:
    assert line_client(settings(line_channel_access_token=TOKEN)) is None


@pytest.mark.parametrize(
    ("token", "state", "remark"), [(TOKEN, "ok", "200 messages a month"), ("wrong", "failed", "access token")]
)
def test_the_doctor_asks_line_for_its_month(tmp_path: Path, token: str, state: str, remark: str) -> None:
    with running_line() as line:
        line.quota = 200
        told = settings(
            data_dir=tmp_path,
            database_url=f"sqlite:///{tmp_path}/t.sqlite3",
            line_channel_access_token=token,
            line_channel_secret="secret",
            line_api_base=line.url,
        )
        found = {one.name: one for one in examine(told, datetime(2023, 3, 31, 2, 0, tzinfo=UTC))}
    assert found["LINE"].state == state
    assert remark in found["LINE"].remark
