"""A log of JSON: a line an event, each with its request's number; and no word that people typed."""

import json
import logging
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from admin.app import create_app
from admin.web import logs
from tracker.settings import Settings
from tracker.store.db import Database

NUMBER = "X-Request-ID"


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """What the web's handler has written: it is as in the production server, and away again afterwards."""
    root, ours = logging.getLogger(), logging.getLogger("admin")
    handlers, level = list(root.handlers), ours.level
    yield lambda: capsys.readouterr().err
    root.handlers[:] = handlers
    ours.setLevel(level)


def _client(settings: Settings, database: Database, **others: object) -> FlaskClient:
    here = settings.model_copy(update=others)
    logs.init(here)
    return create_app(here, database).test_client()


def test_each_line_is_an_object_with_its_requests_number(
    settings: Settings, database: Database, lines: Callable[[], str]
) -> None:
    client = _client(settings, database, log_format="json")
    answer = client.get("/sign-in")
    told = [json.loads(line) for line in lines().splitlines()]
    assert {one["request"] for one in told} == {answer.headers[NUMBER]}
    last = told[-1]
    assert (last["level"], last["logger"]) == ("INFO", "admin.web.request_watch")
    assert (last["page"], last["status"]) == ("sign_in.form", 200)
    assert last["at"].endswith("+00:00")
    assert last["seconds"] >= 0


def test_a_line_break_in_what_was_sent_begins_no_other_line(
    settings: Settings, database: Database, lines: Callable[[], str]
) -> None:
    client = _client(settings, database, log_format="json")
    client.post("/sign-in", data={"email": "a@b.go.th\n{}", "password": "ถ้อยคำลับ"})
    written = lines()
    assert all(isinstance(json.loads(line), dict) for line in written.splitlines())
    assert "ถ้อยคำลับ" not in written
    assert "a@b.go.th" not in written


def test_in_words_no_page_is_told_but_numbered(
    settings: Settings, database: Database, lines: Callable[[], str]
) -> None:
    client = _client(settings, database)
    numbers = {client.get("/sign-in").headers[NUMBER] for _ in range(2)}
    assert len(numbers) == 2
    assert lines() == ""


@pytest.mark.parametrize(("proxies", "given", "kept"), [(1, "edge-0123456789", True), (0, "edge-0123456789", False)])
def test_only_a_trusted_proxys_number_is_kept(
    settings: Settings, database: Database, proxies: int, given: str, *, kept: bool
) -> None:
    client = create_app(settings.model_copy(update={"trusted_proxies": proxies}), database).test_client()
    assert (client.get("/livez", headers={NUMBER: given}).headers[NUMBER] == given) is kept


@pytest.mark.parametrize("given", ["short", "with blanks in it", "x" * 65, "ก" * 10])
def test_a_number_of_another_form_is_not_kept(settings: Settings, database: Database, given: str) -> None:
    client = create_app(settings.model_copy(update={"trusted_proxies": 1}), database).test_client()
    answer = client.get("/livez", headers={NUMBER: given.encode().decode("latin-1")})
    assert len(answer.headers[NUMBER]) == 32


def test_pages_are_counted_by_status_and_time(settings: Settings, database: Database) -> None:
    token = "a token of the monitor"
    client = create_app(settings.model_copy(update={"metrics_token": SecretStr(token)}), database).test_client()
    for address in ("/livez", "/livez", "/no-such-page"):
        client.get(address)
    told = client.get("/metrics", headers={"Authorization": f"Bearer {token}"}).text.splitlines()
    assert 'tracker_page_seconds_count{status="2xx"} 2.0' in told
    assert 'tracker_page_seconds_count{status="4xx"} 1.0' in told
    assert 'tracker_page_seconds_bucket{le="+Inf",status="2xx"} 2.0' in told
