"""LINE's Messaging API: pushes (the delivery's id as retry key), the month's quota, replies, what people sent."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from tracker.channels.base import DeliveryError, Message, Scope
from tracker.channels.line.http import Answer, KeptConnection, TooLargeError
from tracker.errors import NotFoundError, NotUnderstoodError
from tracker.settings import Settings

TIMEOUT_SECONDS = 20
"""A slow answer is waited for: what ends without one counts as unsure, and only a lease bounds it."""
LONGEST_ALT_TEXT = 400
MOST_MESSAGES = 5
"""LINE's own limits: of the text in a notification, and of messages in one call."""
LONGEST_NAME = 100
"""Characters of an account's name that are shown; LINE's are shorter."""
_LONGEST_PROBLEM = 200
"""Characters of what LINE says is wrong: its sentence, not the page of a proxy on the way."""


@dataclass(frozen=True, slots=True)
class Quota:
    """A month's messages: ``allowed`` is None where they are unlimited."""

    allowed: int | None
    used: int


@dataclass(frozen=True, slots=True)
class OfficialAccount:
    """The account that people add as a friend."""

    basic_id: str
    name: str

    def address_with(self, code: str) -> str:
        """Opens the chat on a phone with the code typed, ready to be sent."""
        return f"https://line.me/R/oaMessage/{quote(self.basic_id, safe='')}/?{quote(code, safe='')}"


class LineClient:
    """One kept connection each to LINE's API and to its data host, opened when they are first asked.

    An accepted push is not a delivered one: LINE gives no receipt per person.
    """

    def __init__(
        self, access_token: str, api_base: str, data_api_base: str, timeout_seconds: float = TIMEOUT_SECONDS
    ) -> None:
        headers = {"Authorization": f"Bearer {access_token}", "Content-Type": "application/json"}
        self._api = KeptConnection(api_base, headers, timeout_seconds)
        self._data = KeptConnection(data_api_base, headers, timeout_seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._api.hang_up()
        self._data.hang_up()

    def send(self, message: Message, begin: Callable[[], None] | None = None) -> str | None:
        """Pushes the message; gives LINE's id of the accepted request, of the earlier one where it had it already."""
        flex = {"type": "flex", "altText": message.subject[:LONGEST_ALT_TEXT], "contents": message.flex}
        try:
            self._api.connect()
        except (OSError, HTTPException) as error:
            raise _unreachable(error) from error
        if begin is not None:
            begin()
        try:
            answer = self._post("push", {"to": message.to, "messages": [flex]}, {"X-Line-Retry-Key": str(message.id)})
        except (OSError, HTTPException) as error:
            raise _unreachable(error, unsure=True) from error
        if answer.status == 409:
            return answer.headers["x-line-accepted-request-id"]
        if answer.status != 200:
            raise _refused("the message", "ข้อความ", answer)
        return answer.headers["x-line-request-id"]

    def reply(self, token: str, messages: Sequence[dict[str, Any]]) -> None:
        """Answers an event with up to five messages; its token works once, for about a minute. Raises DeliveryError.

        Replies are free of the quota.
        """
        try:
            answer = self._post("reply", {"replyToken": token, "messages": list(messages[:MOST_MESSAGES])})
        except (OSError, HTTPException) as error:
            raise _unreachable(error) from error
        if answer.status != 200:
            raise _refused("the reply", "ข้อความตอบกลับ", answer)

    def content(self, message_id: str, limit_bytes: int) -> bytes:
        """The photo or file of a message.

        Raises NotFoundError where LINE no longer has it, NotUnderstoodError where it is over the limit, DeliveryError
        where LINE does not answer well: then it may be asked again.
        """
        path = f"/v2/bot/message/{quote(message_id, safe='')}/content"
        try:
            answer = self._data.ask("GET", path, limit_bytes=limit_bytes)
        except TooLargeError:
            raise _too_large(limit_bytes) from None
        except (OSError, HTTPException) as error:
            raise _unreachable(error) from error
        if answer.status in (404, 410):
            raise NotFoundError("LINE no longer has this file.", "LINE ไม่มีไฟล์นี้แล้ว กรุณาส่งใหม่อีกครั้ง")
        if answer.status != 200:
            raise _refused("the file", "คำขอไฟล์", answer)
        return answer.body

    def display_name(self, user_id: str) -> str | None:
        """What the person's LINE account calls itself; None where LINE does not say."""
        try:
            return str(self._read(f"/v2/bot/profile/{quote(user_id, safe='')}")["displayName"])[:LONGEST_NAME]
        except (DeliveryError, ValueError, KeyError, TypeError):
            return None

    def account(self) -> OfficialAccount | None:
        """The official account that people write to; None where LINE does not say."""
        try:
            found = self._read("/v2/bot/info")
            return OfficialAccount(str(found["basicId"]), str(found["displayName"]))
        except (DeliveryError, ValueError, KeyError, TypeError):
            return None

    def menus(self) -> dict[str, list[str]]:
        """The ids of the account's menus by their names. This and what follows raise DeliveryError."""
        found: dict[str, list[str]] = {}
        for one in self._read("/v2/bot/richmenu/list")["richmenus"]:
            found.setdefault(str(one["name"]), []).append(str(one["richMenuId"]))
        return found

    def make_menu(self, menu: dict[str, Any], picture: bytes) -> str:
        """A new menu with its picture, which nobody sees yet; gives its id."""
        made = str(
            self._change("POST", "/v2/bot/richmenu", json.dumps(menu, ensure_ascii=False).encode())["richMenuId"]
        )
        path = f"/v2/bot/richmenu/{quote(made, safe='')}/content"
        self._change("POST", path, picture, {"Content-Type": "image/png"}, over=self._data)
        return made

    def show_menu(self, menu_id: str, user_id: str | None = None) -> None:
        """Puts the menu under the chat of a person; without one, of all who have none of their own."""
        whose = quote(user_id or "all", safe="")
        self._change("POST", f"/v2/bot/user/{whose}/richmenu/{quote(menu_id, safe='')}")

    def take_menu(self, user_id: str) -> None:
        """The person has no menu of the own any more, and sees that of all."""
        self._change("DELETE", f"/v2/bot/user/{quote(user_id, safe='')}/richmenu")

    def forget_menu(self, menu_id: str) -> None:
        """The menu is gone, for everybody who saw it."""
        self._change("DELETE", f"/v2/bot/richmenu/{quote(menu_id, safe='')}")

    def allowed(self) -> int | None:
        """How many messages a month allows; None where they are unlimited. Raises DeliveryError, and ValueError or
        its like where the answer is no such thing."""
        quota = self._read("/v2/bot/message/quota")
        return int(quota["value"]) if quota.get("type") == "limited" else None

    def quota(self) -> Quota | None:
        """What the month allows and has used; None where LINE does not say."""
        try:
            return Quota(self.allowed(), int(self._read("/v2/bot/message/quota/consumption")["totalUsage"]))
        except (DeliveryError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def messages_left(self) -> int | None:
        """How many messages the month's quota still allows; None where it is unlimited or LINE does not say."""
        quota = self.quota()
        return None if quota is None or quota.allowed is None else max(0, quota.allowed - quota.used)

    def _post(self, what: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Answer:
        return self._api.ask("POST", f"/v2/bot/message/{what}", json.dumps(body, ensure_ascii=False).encode(), headers)

    def _change(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        over: KeptConnection | None = None,
    ) -> Any:
        try:
            answer = (over or self._api).ask(method, path, body, headers)
        except (OSError, HTTPException) as error:
            raise _unreachable(error) from error
        if answer.status != 200:
            raise _refused("the menu", "เมนู", answer)
        return json.loads(answer.body or b"{}")

    def _read(self, path: str) -> Any:
        try:
            answer = self._api.ask("GET", path)
        except (OSError, HTTPException) as error:
            raise _unreachable(error) from error
        if answer.status != 200:
            raise _refused("the question", "คำถาม", answer)
        return json.loads(answer.body)


def line_client(settings: Settings, timeout_seconds: float = TIMEOUT_SECONDS) -> LineClient | None:
    """A client of the installation's LINE account; None where none is set up."""
    token = settings.line_channel_access_token
    if token is None or not settings.line_configured:
        return None
    return LineClient(token.get_secret_value(), settings.line_api_base, settings.line_data_api_base, timeout_seconds)


def _unreachable(error: Exception, *, unsure: bool = False) -> DeliveryError:
    return DeliveryError(
        f"LINE could not be reached: {error}", f"ติดต่อ LINE ไม่ได้: {error}", scope="channel", unsure=unsure
    )


def _refused(what: str, what_th: str, answer: Answer) -> DeliveryError:
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
        f"LINE did not accept {what}: {answer.status} {said}",
        f"LINE ไม่รับ{what_th}: {answer.status} {said}",
        permanent=permanent,
        scope=scope,
        unsure=answer.status >= 500,
    )


def _said(answer: Answer) -> str:
    try:
        return str(json.loads(answer.body)["message"])[:_LONGEST_PROBLEM]
    except (ValueError, KeyError, TypeError):
        return answer.body.decode("utf-8", "replace")[:_LONGEST_PROBLEM]


def _too_large(limit_bytes: int) -> NotUnderstoodError:
    limit = limit_bytes // 2**20
    return NotUnderstoodError(
        f"The file is larger than {limit} MB; send a smaller one.", f"ไฟล์ใหญ่เกิน {limit} MB กรุณาส่งไฟล์ที่เล็กลง"
    )
