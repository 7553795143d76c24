"""Requests from the edges: what no page of ours sends is answered in a sentence, never with 500."""

from datetime import date, timedelta
from io import BytesIO

import pytest

from admin.app import create_app
from tests.admin.conftest import NOON, Visitor
from tests.factories import World, task_of
from tracker.models import Heartbeat
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.store.disk import room

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


def test_a_nearly_full_disk_takes_words_but_no_files(settings: Settings, database: Database, ours: World) -> None:
    free_mb = room(settings.data_dir, 0).free // 2**20
    full = settings.model_copy(update={"disk_low_mb": 10 * free_mb})
    head = Visitor(create_app(full, database).test_client())
    head.sign_in(ours.email("head2"))
    with database.reading() as session:
        task_id = task_of(session, ours, "กองคลัง", 3, date(2023, 3, 31)).id
    head.get(f"/tasks/{task_id}")
    sent = {"result": "จัดประชุมแล้ว", "done_on": "14/3/2566"}
    refused = head.post(f"/tasks/{task_id}", {**sent, "files": [(BytesIO(b"%PDF-1.7\n%%EOF\n"), "a.pdf")]})
    assert refused.status_code == 422
    assert "ใกล้เต็ม" in refused.text
    assert "จัดประชุมแล้ว" in refused.text
    assert head.post(f"/tasks/{task_id}", sent).status_code == 302


def test_monitors_are_told_which_part_has_failed(settings: Settings, database: Database) -> None:
    def asked(low_mb: int) -> tuple[int, object]:
        visitor = create_app(settings.model_copy(update={"disk_low_mb": low_mb}), database).test_client()
        assert visitor.get("/livez").json == {"status": "ok"}
        answer = visitor.get("/readyz")
        return answer.status_code, answer.json

    parts = {"database": "ok", "broker": "off", "sweep": "off"}
    assert asked(0) == (200, {"status": "ok", **parts, "disk": "ok"})
    low = 2 * room(settings.data_dir, 0).free // 2**20
    assert asked(low) == (503, {"status": "failed", **parts, "disk": "failed"})
    with database.writing() as session:
        session.add(Heartbeat(name="sweep", at=NOON - timedelta(hours=2)))
    assert asked(0) == (503, {"status": "failed", **parts, "sweep": "failed", "disk": "ok"})
