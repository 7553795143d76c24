"""Requests from the edges: what no page of ours sends is answered in a sentence, never with 500."""

import pytest

from tests.admin.conftest import Visitor

VIEWS = ("unit", "unit_alias", "member", "role", "day_off", "settings", "task_records")
BACK = (
    "https://[",
    "https://[::1",
    "a\r\nX-Evil: 1",
    "\r",
    "%0d%0a",
    "//[",
    "javascript:alert(1)",
    "https://evil.example/",
)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("back", BACK)
def test_the_way_back_of_a_reference_view_is_any_text(coordinator: Visitor, view: str, back: str) -> None:
    for place in ("", "new/", "edit/", "details/"):
        for method in ("GET", "POST"):
            answer = coordinator.client.open(
                f"/admin/{view}/{place}",
                method=method,
                query_string={"url": back, "id": "1"},
                data={"csrf_token": coordinator.token, "_cancel": "1"} if method == "POST" else None,
            )
            assert answer.status_code < 500, (place, method)
            assert "evil.example" not in answer.headers.get("Location", "")
            assert "X-Evil" not in answer.headers


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_text_in_place_of_the_word_template_is_answered(coordinator: Visitor, content_type: str) -> None:
    answer = coordinator.client.post(
        "/reports/template/",
        data={"csrf_token": coordinator.token, "document": "not a file"},
        content_type=content_type,
    )
    assert answer.status_code == 422
    assert "กรุณาเลือกไฟล์แม่แบบ" in answer.text
