"""From LINE's webhook through the broker to a real worker and its reply; and by beat's tick where nobody was told."""

from datetime import timedelta
from pathlib import Path

from admin.app import create_app
from tests import line_content as sent
from tests.line_content import SECRET, running_talk
from tests.line_server import TOKEN
from tests.office import settings
from tests.workers.test_worker import celery, wait_until
from tracker import clock
from tracker.line import inbox
from tracker.runtime.embedded_redis import running_redis
from tracker.store.db import Database

USER = f"U{7:032x}"


def test_a_worker_answers_what_the_webhook_took(sqlite: Database, tmp_path: Path) -> None:
    url = sqlite.url.render_as_string(hide_password=False)
    with running_redis(tmp_path) as redis, running_talk() as talk:
        environment = {
            "TRACKER_DATA_DIR": str(tmp_path),
            "TRACKER_DATABASE_URL": url,
            "TRACKER_REDIS_URL": redis,
            "TRACKER_SECRET_KEY": "a secret key for the tests",
            "TRACKER_LINE_API_BASE": talk.url,
            "TRACKER_LINE_DATA_API_BASE": talk.url,
            "TRACKER_LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
            "TRACKER_LINE_CHANNEL_SECRET": SECRET,
            "TRACKER_SWEEP_INTERVAL": "10",
        }
        installed = settings(
            data_dir=tmp_path,
            database_url=url,
            redis_url=redis,
            secret_key="a secret key for the tests",
            line_channel_access_token=TOKEN,
            line_channel_secret=SECRET,
        )
        line = create_app(installed, sqlite).test_client()
        with celery(tmp_path, environment, "worker", "--concurrency", "1"):
            body = sent.body(sent.text(USER, clock.now(), "สวัสดี"))
            headers = {"X-Line-Signature": sent.signature(body)}
            assert line.post("/line/webhook", data=body, headers=headers, buffered=True).status_code == 200
            wait_until(lambda: len(talk.replies) == 1, tmp_path)
            with sqlite.writing() as session:
                code = sent.text(USER, clock.now() + timedelta(seconds=1), "ABCD2345")  # asks LINE for the name
                inbox.keep(session, sent.body(code), clock.now())
            with celery(tmp_path, environment, "beat", "--pidfile="):
                wait_until(lambda: len(talk.replies) == 2, tmp_path)
        assert f"/v2/bot/profile/{USER}" in talk.fetched
        log = (tmp_path / "worker.log").read_text()
        assert "work_line_events" in log
        assert USER not in log
