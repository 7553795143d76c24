"""LINE's Messaging API: one push per person, the delivery's id as retry key, the month's quota."""

from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx

from tracker.channels.base import DeliveryError, Message, Scope

TIMEOUT_SECONDS = 20
LONGEST_ALT_TEXT = 400


@dataclass(frozen=True, slots=True)
class Quota:
    """A month's messages: ``allowed`` is None where they are unlimited."""

    allowed: int | None
    used: int


class LineChannel:
    """Pushes over one kept connection. An accepted push is not a delivered one: LINE gives no receipt per person."""

    def __init__(self, access_token: str, api_base: str) -> None:
        self._http = httpx.Client(
            base_url=api_base, headers={"Authorization": f"Bearer {access_token}"}, timeout=TIMEOUT_SECONDS
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def send(self, message: Message) -> str | None:
        """Pushes the message; gives LINE's id of the accepted request, of the earlier one where it had it already."""
        flex = {"type": "flex", "altText": message.subject[:LONGEST_ALT_TEXT], "contents": message.flex}
        try:
            answer = self._http.post(
                "/v2/bot/message/push",
                json={"to": message.to, "messages": [flex]},
                headers={"X-Line-Retry-Key": str(message.id)},
            )
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise _unreachable(error, unsure=False) from error
        except httpx.HTTPError as error:
            raise _unreachable(error, unsure=True) from error
        if answer.status_code == 409:
            return _header(answer, "x-line-accepted-request-id")
        if answer.status_code != 200:
            raise _refused(answer)
        return _header(answer, "x-line-request-id")

    def quota(self) -> Quota | None:
        """What the month allows and has used; None where LINE does not say."""
        try:
            quota = self._http.get("/v2/bot/message/quota").raise_for_status().json()
            used = self._http.get("/v2/bot/message/quota/consumption").raise_for_status().json()
            allowed = int(quota["value"]) if quota.get("type") == "limited" else None
            return Quota(allowed, int(used["totalUsage"]))
        except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def messages_left(self) -> int | None:
        """How many messages the month's quota still allows; None where it is unlimited or LINE does not say."""
        quota = self.quota()
        return None if quota is None or quota.allowed is None else max(0, quota.allowed - quota.used)


def _unreachable(error: httpx.HTTPError, *, unsure: bool) -> DeliveryError:
    return DeliveryError(
        f"LINE could not be reached: {error}", f"ติดต่อ LINE ไม่ได้: {error}", scope="channel", unsure=unsure
    )


def _refused(answer: httpx.Response) -> DeliveryError:
    said = _said(answer)
    scope: Scope = "message"
    permanent = True
    match answer.status_code:
        case 429:
            scope, permanent = "channel", "monthly limit" in said.lower()
        case 400 if "'to'" in said:
            scope = "address"
        case 401 | 403:
            scope = "channel"
        case status if status >= 500:
            scope, permanent = "channel", False
    return DeliveryError(
        f"LINE did not accept the message: {answer.status_code} {said}",
        f"LINE ไม่รับข้อความ: {answer.status_code} {said}",
        permanent=permanent,
        scope=scope,
        unsure=answer.status_code >= 500,
    )


def _said(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["message"])[:200]
    except (ValueError, KeyError, TypeError):
        return answer.reason_phrase


def _header(answer: httpx.Response, name: str) -> str | None:
    value: str | None = answer.headers.get(name)
    return value
