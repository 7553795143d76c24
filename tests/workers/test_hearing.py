"""A worker that hears nothing while messages wait for it ends itself."""

from pathlib import Path

from celery import Celery

from tests.workers.test_worker import celery, wait_until
from tracker.broker import celery_url
from tracker.runtime.embedded_redis import running_redis
from tracker.store.db import Database
from workers.stuck_worker import StuckWorkerDetector


def test_only_an_idle_worker_whom_messages_pass_by_is_deaf() -> None:
    hearing = StuckWorkerDetector(patience=20)

    def is_lost(at: float, *, waiting: int = 1, busy: bool = False, heard: int = 7) -> bool:
        return hearing.is_lost(waiting=waiting, busy=busy, heard=heard, at=at)

    assert not any(is_lost(at) for at in (0, 5, 15, 20))
    assert is_lost(25)
    assert not is_lost(30, busy=True)
    assert not is_lost(35)
    assert not is_lost(50, waiting=0)
    assert not is_lost(55)
    assert not is_lost(74, heard=8)
    assert not is_lost(80, heard=8)
    assert is_lost(100, heard=8)


def test_a_deaf_worker_ends(sqlite: Database, tmp_path: Path) -> None:
    with running_redis(tmp_path) as redis:
        environment = {
            "TRACKER_DATA_DIR": str(tmp_path),
            "TRACKER_DATABASE_URL": sqlite.url.render_as_string(hide_password=False),
            "TRACKER_REDIS_URL": redis,
            "TRACKER_SWEEP_INTERVAL": "10",
        }
        broker = Celery(broker=celery_url(redis), set_as_current=False)
        with celery(tmp_path, environment, "worker", "--concurrency", "1") as worker, broker as told:
            wait_until(lambda: bool(told.control.ping(timeout=0.5)), tmp_path)
            told.control.cancel_consumer("tracker")
            for _ in range(3):
                told.send_task("workers.tasks.heartbeat", queue="tracker")
            wait_until(lambda: worker.poll() is not None, tmp_path)
        assert "this idle worker hears none of them" in (tmp_path / "worker.log").read_text(encoding="utf-8")
