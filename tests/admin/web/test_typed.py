"""Nothing typed is lost when the sign-in or the form's token ended meanwhile: it leads to the filled form again."""

import io
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from admin.web import form_recovery
from tests.admin.conftest import NOON, Visitor
from tests.admin.tasks.test_tasks import MARCH, photo, stored
from tests.factories import PASSWORD, World, task_of
from tracker.models import JobState
from tracker.settings import Settings
from tracker.store.db import Database

FROM_US = {"Origin": "http://localhost"}
SENT = {
    "result": "ชี้แจงในที่ประชุม “พิเศษ” <b>",
    "outcome": "ทราบทั่วกัน",
    "done_on": "เมื่อวาน",
    "links": "https://example.go.th/1",
    "own_days": "y",
}


@pytest.fixture
def task_id(database: Database, ours: World) -> int:
    with database.reading() as session:
        return task_of(session, ours, "กองคลัง", 3, MARCH).id


@pytest.fixture
def february(database: Database, ours: World) -> int:
    with database.reading() as session:
        return task_of(session, ours, "กองคลัง", 3, date(2023, 2, 28)).id


def test_after_the_sign_in_the_form_is_filled_in_again(
    head: Visitor, database: Database, ours: World, task_id: int, february: int
) -> None:
    head.get(f"/tasks/{task_id}")
    head.client.delete_cookie("tracker")
    sent = {**SENT, "csrf_token": head.token, "also": [february], "files": [(io.BytesIO(photo()), "ภาพ.png")]}
    answer = head.client.post(f"/tasks/{task_id}", data=sent, headers=FROM_US, follow_redirects=True)
    assert answer.request.path == "/sign-in"
    assert "สิ่งที่พิมพ์ไว้ยังอยู่" in answer.text
    way = answer.request.full_path
    head._seen(answer)
    page = head.post(way, {"email": ours.email("head2"), "password": PASSWORD}, follow=True).text
    assert "สิ่งที่พิมพ์ไว้ยังอยู่ครบ" in page
    assert "เฉพาะรูปและไฟล์ต้องเลือกใหม่" in page
    assert "ชี้แจงในที่ประชุม “พิเศษ” &lt;b&gt;</textarea>" in page
    for typed in ("ทราบทั่วกัน</textarea>", 'value="เมื่อวาน"', 'value="https://example.go.th/1"'):
        assert typed in page
    assert f'name="also" value="{february}" checked' in " ".join(page.split())
    assert stored(database, task_id).state == "pending"
    assert head.post(f"/tasks/{task_id}", {**SENT}).status_code == 302
    assert stored(database, task_id).completions[0].outcome == "ทราบทั่วกัน"


def test_a_sign_in_that_was_ended_from_afar_loses_nothing_either(app: Flask, task_id: int) -> None:
    app.config["WTF_CSRF_ENABLED"] = False  # as where the token still holds and the sign-in does not
    stranger = app.test_client()
    answer = stranger.post(f"/tasks/{task_id}", data=SENT, headers=FROM_US)
    assert answer.status_code == 302
    assert answer.location.startswith(f"/tasks/{task_id}?typed=")
    led = stranger.get(answer.location)
    assert led.location.startswith("/sign-in?next=")


@pytest.mark.parametrize("token", ["", "stale"])
def test_a_form_with_an_old_token_comes_back_filled_in(
    head: Visitor, database: Database, task_id: int, token: str
) -> None:
    answer = head.client.post(
        f"/tasks/{task_id}", data={**SENT, "csrf_token": token}, headers=FROM_US, follow_redirects=True
    )
    assert answer.status_code == 200
    assert "ทราบทั่วกัน</textarea>" in answer.text
    assert "เฉพาะรูปและไฟล์ต้องเลือกใหม่" not in answer.text
    assert stored(database, task_id).state == "pending"


def test_the_other_forms_of_a_task_keep_their_words_too(head: Visitor, task_id: int) -> None:
    for path, sent, shown in (
        ("not-possible", {"reason": "other", "text": "ขอเลื่อนไปปีหน้า"}, "ขอเลื่อนไปปีหน้า</textarea>"),
        ("note", {"note": "ร่างเอกสารแล้ว"}, "ร่างเอกสารแล้ว</textarea>"),
    ):
        page = head.client.post(f"/tasks/{task_id}/{path}", data=sent, headers=FROM_US, follow_redirects=True)
        assert page.status_code == 200
        assert shown in page.text


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}])
def test_nobody_else_fills_our_forms_in(head: Visitor, task_id: int, headers: dict[str, str]) -> None:
    answer = head.client.post(f"/tasks/{task_id}", data={**SENT, "csrf_token": "forged"}, headers=headers)
    assert answer.status_code == 400


def test_a_report_that_waited_on_the_device_is_asked_for_again(head: Visitor, database: Database, task_id: int) -> None:
    headers = {**FROM_US, "X-Waited": "1", "Accept": "application/json"}
    answer = head.client.post(f"/tasks/{task_id}", data={**SENT, "csrf_token": "stale"}, headers=headers)
    assert (answer.status_code, answer.text) == (401, "")
    with database.reading() as session:
        assert not session.scalars(select(JobState.token)).all()


@pytest.mark.parametrize("token", ["0" * 32, "../secret", "x", "0" * 31 + "/"])
def test_a_made_up_address_shows_an_empty_form(head: Visitor, task_id: int, token: str) -> None:
    page = head.get(f"/tasks/{task_id}?typed={token}")
    assert page.status_code == 200
    assert "สิ่งที่พิมพ์ไว้ยังอยู่ครบ" not in page.text


def test_after_a_day_the_words_are_gone(head: Visitor, task_id: int) -> None:
    answer = head.client.post(f"/tasks/{task_id}", data=SENT, headers=FROM_US)
    with time_machine.travel(NOON + timedelta(hours=23), tick=False):
        assert "สิ่งที่พิมพ์ไว้ยังอยู่ครบ" in head.get(answer.location).text
    with time_machine.travel(NOON + timedelta(hours=25), tick=False):
        assert "สิ่งที่พิมพ์ไว้ยังอยู่ครบ" not in head.get(answer.location).text


def test_the_words_are_kept_in_the_database_alone(
    head: Visitor, task_id: int, database: Database, settings: Settings
) -> None:
    head.client.post(f"/tasks/{task_id}", data={**SENT, "csrf_token": "forged"}, headers=FROM_US)
    with database.reading() as session:
        [kept] = session.scalars(select(JobState))
        assert ["result", SENT["result"]] in kept.value["values"]
        assert "forged" not in str(kept.value)
    assert not (settings.data_dir / "typed").exists()


def test_of_many_forms_the_oldest_go(
    head: Visitor, task_id: int, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form_recovery, "_MOST_FORMS", 2)
    sent = []
    for minute in range(3):
        with time_machine.travel(NOON + timedelta(minutes=minute), tick=False):
            sent.append(head.client.post(f"/tasks/{task_id}", data=SENT, headers=FROM_US).location)
    with database.reading() as session:
        assert {location.rpartition("=")[2] for location in sent[1:]} == set(session.scalars(select(JobState.token)))


def test_strangers_cannot_fill_the_disk(app: Flask, task_id: int) -> None:
    stranger = app.test_client()
    huge = stranger.post("/tasks/1", data={"result": "ก" * 400_000}, headers=FROM_US)
    assert huge.status_code == 302  # its body is not read: to the sign-in, where a draft may be on the device
    assert huge.location == "/tasks/1"
    sent = [stranger.post(f"/tasks/{task_id}", data=SENT, headers=FROM_US).status_code for _ in range(30)]
    assert sent == [302] * 29 + [400]
