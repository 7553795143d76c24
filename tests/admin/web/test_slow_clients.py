"""The web server as ``tracker up`` starts it: who sends or reads slowly holds up nobody else."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.web_server import running_web
from tracker.settings import Settings

SLOW = 200
HALF = b"POST /sign-in HTTP/1.1\r\nHost: reports.example\r\nContent-Length: 500\r\n"


@pytest.fixture(scope="module")
def server(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    folder = tmp_path_factory.mktemp("slow")
    (folder / "tracker.sqlite3").write_bytes(migrated_sqlite.read_bytes())
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("TRACKER_UPLOAD_LIMIT_MB", "1")  # a largest form of four megabytes
        url = stack.enter_context(running_web(Settings(_env_file=None, data_dir=folder)))
        parts = urlsplit(url)
        yield parts.hostname or "", parts.port or 0


def others_are_answered(server: tuple[str, int], requests: int = 30) -> None:
    """Each by a connection of its own; how fast, `make bench` says."""
    for _ in range(requests):
        connection = HTTPConnection(*server, timeout=20)
        connection.request("GET", "/sign-in")
        answer = connection.getresponse()
        assert answer.status == 200
        assert b"</html>" in answer.read()
        connection.close()


@pytest.fixture
def slow(server: tuple[str, int]) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        yield [stack.enter_context(socket.create_connection(server, timeout=10)) for _ in range(SLOW)]


@pytest.mark.parametrize("sent", [b"", b"G", HALF, HALF + b"\r\n" + b"x" * 100])
def test_two_hundred_that_send_half_a_request_hold_up_nobody(
    server: tuple[str, int], slow: list[socket.socket], sent: bytes
) -> None:
    for one in slow:
        one.sendall(sent)
    others_are_answered(server)


def test_two_hundred_that_never_read_hold_up_nobody(server: tuple[str, int], slow: list[socket.socket]) -> None:
    for one in slow:
        one.sendall(b"GET /static/app.css HTTP/1.1\r\nHost: reports.example\r\n\r\n" * 2)
    others_are_answered(server)


def test_a_request_that_comes_byte_by_byte_is_answered(server: tuple[str, int]) -> None:
    with socket.create_connection(server, timeout=10) as one:
        for byte in b"GET /livez HTTP/1.1\r\nHost: reports.example\r\nConnection: close\r\n\r\n":
            one.sendall(bytes([byte]))
        answer = one.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert b"Server:" not in answer


def test_a_header_that_is_too_large_is_refused(server: tuple[str, int]) -> None:
    with socket.create_connection(server, timeout=10) as one:
        one.sendall(b"GET /livez HTTP/1.1\r\nHost: reports.example\r\nX: " + b"(" * 20_000 + b"\r\n\r\n")
        assert one.makefile("rb").readline().endswith(b" 431 Request Header Fields Too Large\r\n")


def test_bodies_that_never_end_fill_no_disk(server: tuple[str, int]) -> None:
    """Five times seven megabytes of at most sixteen: the largest are ended, and the web answers on."""
    head = b"POST /sign-in HTTP/1.1\r\nHost: reports.example\r\nContent-Length: 8000000\r\n\r\n"
    ended = 0
    with ExitStack() as stack:
        many = [stack.enter_context(socket.create_connection(server, timeout=20)) for _ in range(5)]
        for one in many:
            try:
                one.sendall(head + b"x" * 7_000_000)
            except OSError:
                ended += 1
        others_are_answered(server)
        for one in many:
            one.settimeout(0.5)
            try:
                ended += one.recv(1) == b""
            except TimeoutError:
                continue
            except OSError:
                ended += 1
    assert 3 <= ended < 5
