"""The Celery application, from the settings: the broker carries ids, the database is the truth.

No task waits in the broker for its time (no ETA, countdown or retry): beat ticks, and every task asks the database
what is due and unrecorded.
"""

from typing import Any

from celery import Celery
from celery.schedules import crontab

from tracker.broker import QUEUE, Work, celery_url, redis_url
from tracker.errors import TrackerError
from tracker.settings import Settings, load

DELIVER_EVERY = 60
"""Seconds; with the ledger's first wait it keeps the first retry within ten minutes."""
QUOTA_EVERY = 900
"""Seconds between two questions to LINE for what the pages show of its month."""
MENUS_EVERY = 900
"""Seconds between two looks for people whose roles ask for another menu under their chat."""
REPORTS_EVERY = 120
"""Seconds between two looks for report files that the broker lost."""
LEFTOVERS_EVERY = 6 * 3600
"""Seconds between two clearings of what forms left behind."""
BACKUP_AT = crontab(hour="2", minute="30")
"""Local time: when nobody works."""
HARD_LIMIT = 900
"""Seconds a task may take at most; well below the hour after which Redis would hand it out again."""

app = Celery("workers", include=["workers.tasks", "workers.stuck_worker", "workers.logs"])


def configuration(settings: Settings) -> dict[str, Any]:
    """Celery's settings. Raises TrackerError where there is no broker to talk to."""
    url = redis_url(settings)
    if url is None:
        raise TrackerError(
            f"No Redis server runs for {settings.data_dir}: start `tracker up`, or name one in TRACKER_REDIS_URL."
        )
    interval = settings.sweep_interval
    nightly = {"nightly backup": {"task": Work.BACKUP.value, "schedule": BACKUP_AT, "options": {"expires": 6 * 3600}}}
    return {
        "broker_url": celery_url(url),
        "broker_connection_retry_on_startup": True,
        "timezone": settings.timezone,
        "enable_utc": True,
        "accept_content": ["json"],
        "task_serializer": "json",
        "task_ignore_result": True,
        "task_default_queue": QUEUE,
        "task_time_limit": HARD_LIMIT,
        "task_soft_time_limit": HARD_LIMIT - 60,
        "worker_prefetch_multiplier": 1,
        "worker_max_tasks_per_child": 1000,
        "beat_schedule_filename": str(settings.data_dir / "beat-schedule"),
        "beat_schedule": {
            "sweep": _every(interval, Work.SWEEP_ALL),
            "deliver": _every(min(interval, DELIVER_EVERY), Work.DELIVER),
            "line events": _every(min(interval, DELIVER_EVERY), Work.LINE_EVENTS),
            "draft rounds": _every(3600, Work.DRAFT_ROUNDS),
            "make report files": _every(REPORTS_EVERY, Work.REPORT_FILES),
            "forget leftovers": _every(LEFTOVERS_EVERY, Work.FORGET_LEFTOVERS),
            "announce plans": _every(3600, Work.ANNOUNCE_PLANS),
            "read LINE's quota": _every(QUOTA_EVERY, Work.LINE_QUOTA),
            "keep LINE's menus": _every(MENUS_EVERY, Work.LINE_MENUS),
            "heartbeat": _every(min(interval, DELIVER_EVERY), Work.HEARTBEAT),
            **(nightly if settings.backup_dir else {}),
        },
    }


def _every(seconds: int, work: Work) -> dict[str, Any]:
    """A tick that is worth nothing once the next one has come."""
    return {"task": work.value, "schedule": float(seconds), "options": {"expires": seconds}}


app.add_defaults(lambda: configuration(load()))
