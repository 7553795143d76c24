"""LINE's Messaging API: one push per person, the delivery's id as retry key, the month's quota."""

import json
import ssl
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPSConnection
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from tracker.channels.base import DeliveryError, Message, Scope

TIMEOUT_SECONDS = 20
LONGEST_ALT_TEXT = 400


@dataclass(frozen=True, slots=True)
class Quota:
    """A month's messages: ``allowed`` is None where they are unlimited."""

    allowed: int | None
    used: int


class _Answer(NamedTuple):
    status: int
    headers: HTTPMessage
    body: bytes


class LineChannel:
    """Pushes over one kept connection. An accepted push is not a delivered one: LINE gives no receipt per person."""

    def __init__(self, access_token: str, api_base: str) -> None:
        self._base = api_base
        self._headers = {"Authorization": f"Bearer {access_token}", "Content-Type": "application/json"}
        self._http: HTTPConnection | None = None
        self._is_kept = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def send(self, message: Message, begin: Callable[[], None] | None = None) -> str | None:
        """Pushes the message; gives LINE's id of the accepted request, of the earlier one where it had it already."""
        flex = {"type": "flex", "altText": message.subject[:LONGEST_ALT_TEXT], "contents": message.flex}
        body = json.dumps({"to": message.to, "messages": [flex]}, ensure_ascii=False).encode()
        self._connect()
        if begin is not None:
            begin()
        try:
            answer = self._ask("POST", "/v2/bot/message/push", body, {"X-Line-Retry-Key": str(message.id)})
        except (OSError, HTTPException) as error:
            raise _unreachable(error, unsure=True) from error
        if answer.status == 409:
            return answer.headers["x-line-accepted-request-id"]
        if answer.status != 200:
            raise _refused(answer)
        return answer.headers["x-line-request-id"]

    def quota(self) -> Quota | None:
        """What the month allows and has used; None where LINE does not say."""
        try:
            quota = self._read("/v2/bot/message/quota")
            used = self._read("/v2/bot/message/quota/consumption")
            allowed = int(quota["value"]) if quota.get("type") == "limited" else None
            return Quota(allowed, int(used["totalUsage"]))
        except (DeliveryError, OSError, HTTPException, ValueError, KeyError, TypeError, AttributeError):
            return None

    def messages_left(self) -> int | None:
        """How many messages the month's quota still allows; None where it is unlimited or LINE does not say."""
        quota = self.quota()
        return None if quota is None or quota.allowed is None else max(0, quota.allowed - quota.used)

    def _read(self, path: str) -> Any:
        self._connect()
        answer = self._ask("GET", path)
        if answer.status != 200:
            raise _refused(answer)
        return json.loads(answer.body)

    def _connect(self) -> None:
        """A kept connection, or a new one, through the proxy that the environment names. Raises DeliveryError."""
        if self._http is not None:
            return
        try:
            self._http = _connected(self._base)
        except (OSError, HTTPException) as error:
            raise _unreachable(error, unsure=False) from error

    def _ask(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> _Answer:
        """Asks once more where LINE had closed the kept connection: the retry key makes that safe."""
        headers = self._headers | (headers or {})
        was_kept, self._is_kept = self._is_kept, True
        try:
            return self._ask_once(method, path, body, headers)
        except (ConnectionError, HTTPException):
            if not was_kept:
                raise
            self._http = _connected(self._base)
            return self._ask_once(method, path, body, headers)

    def _ask_once(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> _Answer:
        assert self._http is not None  # noqa: S101  (connected)
        try:
            self._http.request(method, urlsplit(self._base).path + path, body, headers)
            answer = self._http.getresponse()
            return _Answer(answer.status, answer.headers, answer.read())
        except BaseException:
            self._hang_up()
            raise

    def _hang_up(self) -> None:
        if self._http is not None:
            self._http.close()
            self._http, self._is_kept = None, False


def _connected(base: str) -> HTTPConnection:
    """A connection to the address's server, by way of the proxy that the environment names for it."""
    parts = urlsplit(base)
    host, is_tls = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    proxy = None if proxy_bypass(host) else getproxies().get(parts.scheme)
    via = urlsplit(proxy if "://" in proxy else f"http://{proxy}") if proxy else None
    to = (via.hostname or "", via.port or 80) if via else (host, port)
    http: HTTPConnection
    if is_tls:
        http = HTTPSConnection(*to, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
    else:
        http = HTTPConnection(*to, timeout=TIMEOUT_SECONDS)
    if via:
        user = f"{unquote(via.username or '')}:{unquote(via.password or '')}"
        told = {"Proxy-Authorization": f"Basic {b64encode(user.encode()).decode()}"} if via.username else {}
        http.set_tunnel(host, port, told)
    http.connect()
    return http


def _unreachable(error: Exception, *, unsure: bool) -> DeliveryError:
    return DeliveryError(
        f"LINE could not be reached: {error}", f"ติดต่อ LINE ไม่ได้: {error}", scope="channel", unsure=unsure
    )


def _refused(answer: _Answer) -> DeliveryError:
    said = _said(answer)
    scope: Scope = "message"
    permanent = True
    match answer.status:
        case 429:
            scope, permanent = "channel", "monthly limit" in said.lower()
        case 400 if "'to'" in said:
            scope = "address"
        case 401 | 403:
            scope = "channel"
        case status if status >= 500:
            scope, permanent = "channel", False
    return DeliveryError(
        f"LINE did not accept the message: {answer.status} {said}",
        f"LINE ไม่รับข้อความ: {answer.status} {said}",
        permanent=permanent,
        scope=scope,
        unsure=answer.status >= 500,
    )


def _said(answer: _Answer) -> str:
    try:
        return str(json.loads(answer.body)["message"])[:200]
    except (ValueError, KeyError, TypeError):
        return answer.body.decode("utf-8", "replace")[:200]
