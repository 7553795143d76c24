"""LINE on the web: the webhook takes what LINE signed and nothing else; people and the coordinator make codes."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from admin.pages.reminders import line_webhook
from admin.web import queue
from tests import line_content as sent
from tests.admin.conftest import NOON, Visitor
from tests.factories import World
from tests.line_server import TOKEN
from tracker.line.linking import use_code
from tracker.models import LineEvent, LineLinkCode, Member
from tracker.settings import Settings
from tracker.store.db import Database

USER = f"U{7:032x}"
KEY = "only for the tests of the pages"
OTHER_KINDS: list[tuple[str, dict[str, Any]]] = [
    ("follow", {"follow": {"isUnblocked": False}}),
    ("unfollow", {}),
    ("accountLink", {"link": {"result": "ok", "nonce": "n"}}),
    ("unsend", {"unsend": {"messageId": "1"}}),
    ("beacon", {"beacon": {"hwid": "d41d8cd98f", "type": "enter"}}),
]
LONG_AGO = json.dumps({"events": [{**sent.text(USER, NOON, "x"), "timestamp": 10**30}]}).encode()


@pytest.fixture
def talk() -> Iterator[sent.TalkServer]:
    with sent.running_talk() as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, talk: sent.TalkServer) -> Settings:
    return Settings(
        _env_file=None,
        data_dir=tmp_path / "data",
        secret_key=KEY,
        line_channel_access_token=TOKEN,
        line_channel_secret=sent.SECRET,
        line_api_base=talk.url,
    )


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks that workers were told of."""
    tasks: list[str] = []

    def send(_settings: Settings, task: str, *_arguments: int) -> bool:
        tasks.append(task)
        return True

    monkeypatch.setattr(queue, "send", send)
    return tasks


@pytest.fixture
def line(app: Flask) -> FlaskClient:
    return app.test_client()


def post(line: FlaskClient, body: bytes, signature: str | None, header: str = "X-Line-Signature") -> TestResponse:
    headers = {header: signature} if signature is not None else {}
    return line.post("/line/webhook", data=body, headers=headers, content_type="application/json", buffered=True)


def kept(database: Database) -> list[LineEvent]:
    with database.reading() as session:
        return list(session.scalars(select(LineEvent)))


# --- the webhook ---


def test_a_signed_event_is_kept_and_a_worker_told(line: FlaskClient, database: Database, told: list[str]) -> None:
    body = sent.body(sent.text(USER, NOON, "สวัสดี"))
    answer = post(line, body, sent.signature(body))
    assert (answer.status_code, answer.text) == (200, "OK\n")
    [event] = kept(database)
    assert (event.user_id, event.kind, event.happened_at, event.worked_at) == (USER, "message", NOON, None)
    assert event.payload["message"]["text"] == "สวัสดี"
    assert told == ["workers.tasks.work_line_events"]


@pytest.mark.parametrize("header", ["x-line-signature", "X-LINE-SIGNATURE"])
def test_the_signature_header_is_read_in_any_case(line: FlaskClient, header: str) -> None:
    body = sent.body()
    assert post(line, body, sent.signature(body), header).status_code == 200


def test_a_redelivery_is_kept_once(line: FlaskClient, database: Database, told: list[str]) -> None:
    event = sent.text(USER, NOON, "สวัสดี")
    for body in (sent.body(event), sent.body({**event, "deliveryContext": {"isRedelivery": True}})):
        assert post(line, body, sent.signature(body)).status_code == 200
    assert len(kept(database)) == 1
    assert len(told) == 1


def test_the_consoles_empty_list_is_answered(line: FlaskClient, database: Database, told: list[str]) -> None:
    body = sent.body()
    assert post(line, body, sent.signature(body)).status_code == 200
    assert kept(database) == []
    assert told == []


@pytest.mark.parametrize(("kind", "more"), OTHER_KINDS)
def test_every_kind_of_event_is_taken(line: FlaskClient, database: Database, kind: str, more: dict[str, Any]) -> None:
    event = sent.event(kind, USER, NOON, **more)
    if kind == "unsend":
        event.pop("replyToken")
    body = sent.body(event)
    assert post(line, body, sent.signature(body)).status_code == 200
    assert [one.kind for one in kept(database)] == [kind]


def test_a_wrong_or_missing_signature_is_refused(line: FlaskClient, database: Database, told: list[str]) -> None:
    body = sent.body(sent.text(USER, NOON, "สวัสดี"))
    signed = sent.signature(body)
    for content, signature in (
        (body, None),
        (body, ""),
        (body, "x"),
        (body, "é"),
        (body, sent.signature(body, "another channel's secret")),
        (body.replace("สวัสดี".encode(), "ลาก่อน".encode()), signed),
        (body + b" ", signed),
    ):
        assert post(line, content, signature).status_code == 401
    assert kept(database) == []
    assert told == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[]",
        b"{}",
        b'{"events": 1}',
        b'{"events": [1]}',
        b'{"events": [{}]}',
        b"[" * 100_000,
        LONG_AGO,
    ],
    ids=range(9),
)
def test_what_is_no_list_of_events_is_refused(line: FlaskClient, database: Database, body: bytes) -> None:
    answer = post(line, body, sent.signature(body))
    assert answer.status_code == 400
    assert answer.text == "The body is not a list of LINE events.\n"
    assert kept(database) == []


def test_a_body_over_a_megabyte_is_refused(line: FlaskClient) -> None:
    body = b" " * (line_webhook.LARGEST + 1)
    assert post(line, body, sent.signature(body)).status_code == 413


def test_without_a_broker_the_event_stays_for_beats_tick(line: FlaskClient, database: Database) -> None:
    body = sent.body(sent.text(USER, NOON, "สวัสดี"))
    assert post(line, body, sent.signature(body)).status_code == 200
    assert len(kept(database)) == 1


def test_what_the_database_did_not_take_is_not_said_to_be_taken(
    line: FlaskClient, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    app.testing = False

    def broken(*_: object) -> int:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(line_webhook.inbox, "keep", broken)
    body = sent.body(sent.text(USER, NOON, "สวัสดี"))
    assert post(line, body, sent.signature(body)).status_code == 500


# --- the pages ---


def code_on(page: str) -> str:
    found = re.search(r"<b>([2-9A-Z]{4})-([2-9A-Z]{4})</b>", page)
    assert found is not None
    return found[1] + found[2]


def test_a_person_makes_a_code_and_unlinks(head: Visitor, database: Database, ours: World) -> None:
    assert "ยังไม่ได้เชื่อม" in head.get("/account/line").text
    assert "/account/line" in head.get("/account/").text
    code = code_on(head.post("/account/line/code").text)
    with database.writing() as session:
        assert use_code(session, USER, code, KEY, "พี่เล็ก", NOON, NOON).outcome == "linked"
    assert "พี่เล็ก" in head.get("/account/line").text
    answer = head.post("/account/line/unlink", follow=True)
    assert "ยกเลิกการเชื่อม LINE ของ" in answer.text
    with database.reading() as session:
        member = session.get_one(Member, ours.members["head2"])
        assert (member.line_user_id, member.line_name) == (None, None)


def test_the_coordinator_makes_codes_for_people_and_sees_who_is_linked(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    with database.writing() as session:
        member = session.get_one(Member, ours.members["head1"])
        member.line_user_id, member.line_name = USER, "พี่เล็ก"
    page = coordinator.get("/people/line").text
    assert "เชื่อม LINE แล้ว ๑ จาก ๘ คน" in page
    assert "พี่เล็ก" in page
    assert "/people/line" in coordinator.get("/people/").text
    code_on(coordinator.post(f"/people/{ours.members['head3']}/line-code").text)
    assert coordinator.post(f"/people/{ours.members['head1']}/line-unlink").status_code == 302
    with database.reading() as session:
        assert session.scalars(select(LineLinkCode.member_id)).all() == [ours.members["head3"]]
        assert session.get_one(Member, ours.members["head1"]).line_user_id is None


def test_a_code_comes_with_the_account_a_link_that_types_it_and_its_qr(
    coordinator: Visitor, ours: World, talk: sent.TalkServer
) -> None:
    talk.account = {
        "userId": f"U{9:032x}",
        "basicId": "@000abcde",
        "displayName": "มาตรการ อบต.ธารสายรุ้ง",
        "chatMode": "bot",
        "markAsReadMode": "auto",
    }
    page = coordinator.post(f"/people/{ours.members['head3']}/line-code").text
    code = code_on(page)
    assert f'href="https://line.me/R/oaMessage/%40000abcde/?{code[:4]}-{code[4:]}"' in page
    assert "มาตรการ อบต.ธารสายรุ้ง @000abcde" in page
    assert 'src="data:image/svg+xml' in page


def test_the_page_with_the_code_turns_to_linked_by_itself(
    coordinator: Visitor, head: Visitor, database: Database, ours: World
) -> None:
    page = coordinator.post(f"/people/{ours.members['head3']}/line-code").text
    state = f"/people/{ours.members['head3']}/line-state"
    assert f'data-linked="{state}" data-before=""' in page
    assert coordinator.get(state).json == {"mark": "", "name": ""}
    with database.writing() as session:
        assert use_code(session, USER, code_on(page), KEY, "พี่เล็ก", NOON, NOON).outcome == "linked"
    said = coordinator.get(state).json
    assert said is not None
    assert (bool(said["mark"]), said["name"], USER in str(said)) == (True, "พี่เล็ก", False)
    assert f'data-before="{said["mark"]}"' in coordinator.post(f"/people/{ours.members['head3']}/line-code").text
    assert head.get(state).status_code == 403
    assert head.get("/account/line/state").json == {"mark": "", "name": ""}


def test_a_sheet_has_a_slip_with_a_code_of_its_own_for_each_who_is_not_linked(
    coordinator: Visitor, head: Visitor, database: Database, ours: World, theirs: World, talk: sent.TalkServer
) -> None:
    talk.account = {
        "userId": f"U{9:032x}", "basicId": "@000abcde", "displayName": "มาตรการ", "chatMode": "bot",
        "markAsReadMode": "auto",
    }  # fmt: skip
    with database.writing() as session:
        session.get_one(Member, ours.members["head1"]).line_user_id = USER
    assert head.post("/people/line/slips").status_code == 403
    assert "พิมพ์ใบ QR ของทุกคนที่ยังไม่เชื่อม" in coordinator.get("/people/line").text
    page = coordinator.post("/people/line/slips").text
    codes = re.findall(r"<b>([2-9A-Z]{4}-[2-9A-Z]{4})</b>", page)
    assert (len(codes), len(set(codes)), page.count('src="data:image/svg+xml')) == (7, 7, 7)
    assert "ใบ QR ๗ ใบ" in page
    with database.reading() as session:
        made = set(session.scalars(select(LineLinkCode.member_id)))
    assert made == {one for who, one in ours.members.items() if who != "head1"}
    assert made.isdisjoint(theirs.members.values())
    with database.writing() as session:
        assert use_code(session, f"U{8:032x}", codes[0].replace("-", ""), KEY, None, NOON, NOON).outcome == "linked"


def test_where_line_does_not_answer_the_code_is_typed(coordinator: Visitor, ours: World, talk: sent.TalkServer) -> None:
    talk.refuse = [500]
    page = coordinator.post(f"/people/{ours.members['head3']}/line-code").text
    assert code_on(page)
    assert "oaMessage" not in page


def test_nobody_makes_a_code_for_others(
    head: Visitor, coordinator: Visitor, stranger: Visitor, database: Database, ours: World, theirs: World
) -> None:
    for action in ("line-code", "line-unlink"):
        assert head.post(f"/people/{ours.members['head1']}/{action}").status_code == 403
        assert coordinator.post(f"/people/{theirs.members['head1']}/{action}").status_code == 404
        stranger.get("/sign-in")
        assert stranger.post(f"/people/{ours.members['head1']}/{action}").status_code == 302
    assert head.get("/people/line").status_code == 403
    assert stranger.get("/account/line").status_code == 302
    with database.reading() as session:
        assert session.scalars(select(LineLinkCode)).all() == []


class TestWhereLineIsNotSetUp:
    """Nothing leads to LINE."""

    @pytest.fixture
    def settings(self, tmp_path: Path) -> Settings:
        return Settings(_env_file=None, data_dir=tmp_path / "data", secret_key=KEY)

    def test_the_webhook_says_so(self, line: FlaskClient) -> None:
        body = sent.body()
        answer = post(line, body, sent.signature(body))
        assert answer.status_code == 404
        assert "LINE is not set up here" in answer.text

    def test_the_pages_are_not_there(self, coordinator: Visitor) -> None:
        assert coordinator.get("/account/line").status_code == 404
        assert "/account/line" not in coordinator.get("/account/").text
        assert "/people/line" not in coordinator.get("/people/").text
