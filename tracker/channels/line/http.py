"""One kept connection to a host of LINE: http.client, whose requests cost a worker a third of httpx's time."""

import ssl
from base64 import b64encode
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPResponse, HTTPSConnection
from typing import NamedTuple
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass


class Answer(NamedTuple):
    """What the host answered."""

    status: int
    headers: HTTPMessage
    body: bytes


class TooLargeError(Exception):
    """The answer's body is longer than the caller takes."""


class KeptConnection:
    """Asks one host again and again, through the proxy that the environment names. Its failures are OSError and
    HTTPException."""

    def __init__(self, base: str, headers: dict[str, str], timeout_seconds: float) -> None:
        self._base = base
        self._headers = headers
        self._timeout_seconds = timeout_seconds
        self._http: HTTPConnection | None = None
        self._is_kept = False

    def connect(self) -> None:
        """Opens the connection where it is not open."""
        if self._http is None:
            self._http = self._connected()

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        *,
        limit_bytes: int | None = None,
    ) -> Answer:
        """Asks, and once more where the host had closed the kept connection: whatever is asked must bear being asked
        twice. Raises TooLargeError where a good answer is over the limit."""
        self.connect()
        headers = self._headers | (headers or {})
        was_kept, self._is_kept = self._is_kept, True
        try:
            return self._ask_once(method, path, body, headers, limit_bytes)
        except (ConnectionError, HTTPException):
            if not was_kept:
                raise
            self._http = self._connected()
            return self._ask_once(method, path, body, headers, limit_bytes)

    def hang_up(self) -> None:
        if self._http is not None:
            self._http.close()
            self._http, self._is_kept = None, False

    def _ask_once(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], limit_bytes: int | None
    ) -> Answer:
        assert self._http is not None  # noqa: S101  (connected)
        try:
            self._http.request(method, urlsplit(self._base).path + path, body, headers)
            answer = self._http.getresponse()
            limit_bytes = None if answer.status >= 300 else limit_bytes
            return Answer(answer.status, answer.headers, _body(answer, limit_bytes))
        except BaseException:
            self.hang_up()
            raise

    def _connected(self) -> HTTPConnection:
        parts = urlsplit(self._base)
        host, is_tls = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if is_tls else 80)
        proxy = None if proxy_bypass(host) else getproxies().get(parts.scheme)
        via = urlsplit(proxy if "://" in proxy else f"http://{proxy}") if proxy else None
        to = (via.hostname or "", via.port or 80) if via else (host, port)
        http: HTTPConnection
        if is_tls:
            http = HTTPSConnection(*to, timeout=self._timeout_seconds, context=ssl.create_default_context())
        else:
            http = HTTPConnection(*to, timeout=self._timeout_seconds)
        if via:
            user = f"{unquote(via.username or '')}:{unquote(via.password or '')}"
            headers = {"Proxy-Authorization": f"Basic {b64encode(user.encode()).decode()}"} if via.username else {}
            http.set_tunnel(host, port, headers)
        http.connect()
        return http


def _body(answer: HTTPResponse, limit_bytes: int | None) -> bytes:
    """All of it: where its length is given, less than that is an error (IncompleteRead)."""
    if limit_bytes is None:
        return answer.read()
    if answer.length is not None:
        if answer.length > limit_bytes:
            raise TooLargeError
        return answer.read()
    body = answer.read(limit_bytes + 1)
    if len(body) > limit_bytes:
        raise TooLargeError
    return body
