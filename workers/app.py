"""The Celery application, from the settings: the broker carries ids, the database is the truth.

No task waits in the broker for its time (no ETA, countdown or retry): beat ticks, and every task asks the database
what is due and unrecorded.
"""

import logging
from typing import Any
from urllib.parse import parse_qs, urlsplit

from celery import Celery

from tracker.embedded_redis import embedded_url
from tracker.errors import TrackerError
from tracker.settings import Settings, load

DELIVER_EVERY = 60
"""Seconds; with the ledger's first wait it keeps the first retry within ten minutes."""
QUOTA_EVERY = 900
"""Seconds between two questions to LINE for what the pages show of its month."""
REPORTS_EVERY = 120
"""Seconds between two looks for report files that the broker lost."""
LEFTOVERS_EVERY = 6 * 3600
"""Seconds between two clearings of what forms left behind."""
HARD_LIMIT = 900
"""Seconds a task may take at most; well below the hour after which Redis would hand it out again."""

logging.getLogger("httpx").setLevel(logging.WARNING)  # below, it tells LINE's addresses, which end in people's ids

app = Celery("workers", include=["workers.tasks", "workers.hearing"])


def broker_url(redis_url: str) -> str:
    """The address as Celery's transport writes it: a unix socket is ``redis+socket://`` there."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={database}"


def configuration(settings: Settings) -> dict[str, Any]:
    """Celery's settings. Raises TrackerError where there is no broker to talk to."""
    redis_url = settings.redis_url or embedded_url(settings.data_dir)
    if redis_url is None:
        raise TrackerError(
            f"No Redis server runs for {settings.data_dir}: start `tracker up`, or name one in TRACKER_REDIS_URL."
        )
    interval = settings.sweep_interval
    return {
        "broker_url": broker_url(redis_url),
        "broker_connection_retry_on_startup": True,
        "timezone": settings.timezone,
        "enable_utc": True,
        "accept_content": ["json"],
        "task_serializer": "json",
        "task_ignore_result": True,
        "task_default_queue": "tracker",
        "task_time_limit": HARD_LIMIT,
        "task_soft_time_limit": HARD_LIMIT - 60,
        "worker_prefetch_multiplier": 1,
        "worker_max_tasks_per_child": 1000,
        "beat_schedule_filename": str(settings.data_dir / "beat-schedule"),
        "beat_schedule": {
            "sweep": _every(interval, "workers.tasks.sweep_all"),
            "deliver": _every(min(interval, DELIVER_EVERY), "workers.tasks.deliver"),
            "line events": _every(min(interval, DELIVER_EVERY), "workers.tasks.work_line_events"),
            "draft rounds": _every(3600, "workers.tasks.draft_rounds"),
            "make report files": _every(REPORTS_EVERY, "workers.tasks.make_report_files"),
            "forget leftovers": _every(LEFTOVERS_EVERY, "workers.tasks.forget_leftovers"),
            "announce plans": _every(3600, "workers.tasks.announce_plans"),
            "read LINE's quota": _every(QUOTA_EVERY, "workers.tasks.read_line_quota"),
            "heartbeat": _every(min(interval, DELIVER_EVERY), "workers.tasks.heartbeat"),
        },
    }


def _every(seconds: int, task: str) -> dict[str, Any]:
    """A tick that is worth nothing once the next one has come."""
    return {"task": task, "schedule": float(seconds), "options": {"expires": seconds}}


app.add_defaults(lambda: configuration(load()))
