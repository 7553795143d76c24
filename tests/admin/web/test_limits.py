"""How often somebody may try: counted in Redis for all processes, in memory while it is away."""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from admin.app import create_app
from admin.web.limits import limiter
from tests.admin.conftest import Visitor
from tests.factories import World
from tracker.runtime.embedded_redis import running_redis
from tracker.settings import Settings
from tracker.store.db import Database


@pytest.fixture(autouse=True)
def _own_counters() -> Iterator[None]:
    """What these tests count is not counted against others."""
    yield
    limiter._storage_dead = False


@pytest.fixture
def short_dir() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp())
    yield path
    shutil.rmtree(path)


def _tries(visitor: Visitor, email: str, times: int) -> list[int]:
    return [visitor.sign_in(email, "wrong").status_code for _ in range(times)]


def test_redis_counts_for_all_processes_and_memory_goes_on_without_it(
    settings: Settings, database: Database, ours: World, short_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    here = settings.model_copy(update={"data_dir": short_dir})
    with running_redis(short_dir):
        one = Visitor(create_app(here, database).test_client())
        assert _tries(one, ours.email("head2"), 6) == [401] * 6
        other = Visitor(create_app(here, database).test_client())
        assert _tries(other, ours.email("head2"), 5) == [401] * 4 + [429]
        assert other.sign_in(ours.email("head3")).status_code == 302
    caplog.set_level(logging.WARNING)
    assert other.sign_in(ours.email("head4")).status_code == 302
    assert "falling back to in-memory" in caplog.text
    assert _tries(other, ours.email("head5"), 11) == [401] * 10 + [429]
    with running_redis(short_dir):
        assert other.sign_in(ours.email("head1")).status_code == 302


def test_a_redis_that_never_answers_keeps_nobody_out(settings: Settings, database: Database, ours: World) -> None:
    away = settings.model_copy(update={"redis_url": "redis://127.0.0.1:9/0"})
    visitor = Visitor(create_app(away, database).test_client())
    assert visitor.sign_in(ours.email("head2")).status_code == 302
    assert _tries(Visitor(visitor.client.application.test_client()), ours.email("head3"), 11) == [401] * 10 + [429]


def test_an_address_that_tries_many_accounts_is_stopped(stranger: Visitor) -> None:
    answers = [stranger.sign_in(f"nobody{n}@tua.example", "wrong").status_code for n in range(31)]
    assert answers == [401] * 30 + [429]


def test_the_page_says_when_to_try_again(stranger: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    _tries(stranger, "head2@tua.example", 10)
    answer = stranger.sign_in("head2@tua.example", "wrong")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60 + 2
    assert "กรุณาลองใหม่ตั้งแต่เวลา ๑๒." in answer.text
    assert "too many tries on sign_in.enter, from 127.0.0.1" in caplog.text


@pytest.mark.parametrize(("path", "good"), [("/done/x", 410), ("/invitation/x", 404)])
def test_guessed_links_are_stopped(app: Flask, path: str, good: int) -> None:
    client = app.test_client()
    answers = [client.get(f"{path}{n}").status_code for n in range(31)]
    assert set(answers[:30]) <= {good, 404}
    assert answers[30] == 429


def test_line_is_not_counted_against_people_but_a_flood_is(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = app.test_client()
    monkeypatch.setattr(limiter.limiter, "hit", lambda *_, **__: False)
    assert client.post("/line/webhook", data=b"{}").status_code == 429
