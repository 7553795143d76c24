"""The judge of the LINE tests refuses what LINE's description forbids, and nothing else."""

from typing import Any

import pytest

from tests.line_openapi import described

CAMERA = {"type": "action", "action": {"type": "camera", "label": "ถ่ายรูป"}}
TEXT: dict[str, Any] = {"type": "text", "text": "สวัสดี", "quickReply": {"items": [CAMERA]}}


@pytest.mark.parametrize(
    ("messages", "wrong"),
    [
        ([TEXT], []),
        ([TEXT] * 6, ["has 6 items"]),
        ([], ["has 0 items"]),
        ([{"type": "txt"}], ["type is none of"]),
        ([{"type": "text"}], ["text is missing"]),
        ([{**TEXT, "txt": "x"}], ["txt is unknown"]),
        ([{**TEXT, "text": 1}], ["not of type string"]),
        ([{"type": "flex", "contents": {"type": "bubble"}}], ["altText is missing"]),
        ([{**TEXT, "quickReply": {"items": [CAMERA] * 14}}], ["has 14 items"]),
    ],
)
def test_replies(messages: list[dict[str, Any]], wrong: list[str]) -> None:
    judge = described("messaging-api.yml")
    found = judge.request_problems("post", "/v2/bot/message/reply", {"replyToken": "t", "messages": messages})
    assert len(found) == len(wrong)
    assert all(words in problem for words, problem in zip(wrong, found, strict=True))


def test_an_address_that_line_does_not_have() -> None:
    assert described("messaging-api.yml").request_problems("post", "/v2/bot/message/answer", {})


def test_an_event_without_its_own_part() -> None:
    event = {
        "type": "message",
        "timestamp": 1,
        "mode": "active",
        "webhookEventId": "1",
        "deliveryContext": {"isRedelivery": False},
    }
    content = {"destination": f"U{0:032x}", "events": [event]}
    assert described("webhook.yml").problems("CallbackRequest", content) == [
        "CallbackRequest.events[0].message is missing"
    ]
