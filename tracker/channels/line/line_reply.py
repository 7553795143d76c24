"""LINE's Messaging API for conversations: replies (free of the quota), what people sent, what they call themselves."""

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import httpx

from tracker.channels.base import DeliveryError
from tracker.errors import NotFoundError, NotUnderstoodError

TIMEOUT_SECONDS = 20
MOST_MESSAGES = 5
LONGEST_NAME = 100


class LineReplyClient:
    """One kept connection each to LINE's API and to its data host."""

    def __init__(self, access_token: str, api_base: str, data_api_base: str) -> None:
        headers = {"Authorization": f"Bearer {access_token}"}
        self._http = httpx.Client(base_url=api_base, headers=headers, timeout=TIMEOUT_SECONDS)
        self._data = httpx.Client(base_url=data_api_base, headers=headers, timeout=TIMEOUT_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()
        self._data.close()

    def reply(self, token: str, messages: Sequence[dict[str, Any]]) -> None:
        """Answers an event with up to five messages; its token works once, for about a minute. Raises DeliveryError."""
        body = {"replyToken": token, "messages": list(messages[:MOST_MESSAGES])}
        try:
            answer = self._http.post("/v2/bot/message/reply", json=body)
        except httpx.HTTPError as error:
            raise _unreachable(error) from error
        if answer.status_code != 200:
            raise _refused("the reply", "ข้อความตอบกลับ", answer, permanent=True)

    def content(self, message_id: str, limit_bytes: int) -> bytes:
        """The photo or file of a message.

        Raises NotFoundError where LINE no longer has it, NotUnderstoodError where it is over the limit, DeliveryError
        where LINE does not answer well: then it may be asked again.
        """
        try:
            with self._data.stream("GET", f"/v2/bot/message/{message_id}/content") as answer:
                if answer.status_code in (404, 410):
                    raise NotFoundError("LINE no longer has this file.", "LINE ไม่มีไฟล์นี้แล้ว กรุณาส่งใหม่อีกครั้ง")
                if answer.status_code != 200:
                    answer.read()
                    raise _refused("the file", "คำขอไฟล์", answer, permanent=False)
                data = bytearray()
                for part in answer.iter_bytes():
                    data += part
                    if len(data) > limit_bytes:
                        raise _too_large(limit_bytes)
                return bytes(data)
        except httpx.HTTPError as error:
            raise _unreachable(error) from error

    def display_name(self, user_id: str) -> str | None:
        """What the person's LINE account calls itself; None where LINE does not say."""
        try:
            answer = self._http.get(f"/v2/bot/profile/{user_id}").raise_for_status().json()
            return str(answer["displayName"])[:LONGEST_NAME]
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            return None


def _unreachable(error: httpx.HTTPError) -> DeliveryError:
    return DeliveryError(f"LINE could not be reached: {error}", f"ติดต่อ LINE ไม่ได้: {error}", scope="channel")


def _refused(what: str, what_th: str, answer: httpx.Response, *, permanent: bool) -> DeliveryError:
    said = f"{answer.status_code} {answer.text[:200]}"
    return DeliveryError(f"LINE did not accept {what}: {said}", f"LINE ไม่รับ{what_th}: {said}", permanent=permanent)


def _too_large(limit_bytes: int) -> NotUnderstoodError:
    limit = limit_bytes // 2**20
    return NotUnderstoodError(
        f"The file is larger than {limit} MB; send a smaller one.", f"ไฟล์ใหญ่เกิน {limit} MB กรุณาส่งไฟล์ที่เล็กลง"
    )
