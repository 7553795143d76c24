"""The broker: its address, its queue, and the names by which work is asked for.

The web and the process tree ask for work by name and never import the workers; the names are a contract between
versions that run side by side, so they stay where the modules move.
"""

from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

from redis import Redis
from redis.exceptions import RedisError

from tracker.settings import Settings

QUEUE = "tracker"

Answer = TypeVar("Answer")


class Work(StrEnum):
    """What the workers do when asked, by the names of their Celery tasks."""

    SWEEP_ALL = "workers.tasks.sweep_all"
    SWEEP_AGENCY_NOW = "workers.tasks.sweep_agency_now"
    DELIVER = "workers.tasks.deliver"
    LINE_EVENTS = "workers.tasks.work_line_events"
    DRAFT_ROUNDS = "workers.tasks.draft_rounds"
    REPORT_FILE = "workers.tasks.make_report_file"
    REPORT_FILES = "workers.tasks.make_report_files"
    FORGET_LEFTOVERS = "workers.tasks.forget_leftovers"
    ANNOUNCE_PLANS = "workers.tasks.announce_plans"
    LINE_QUOTA = "workers.tasks.read_line_quota"
    LINE_MENUS = "workers.tasks.keep_line_menus"
    UPLOAD = "workers.tasks.work_upload"
    SCAN = "workers.tasks.read_scan"
    BACKUP = "workers.tasks.back_up_nightly"
    HEARTBEAT = "workers.tasks.heartbeat"


def redis_url(settings: Settings) -> str | None:
    """The server's address: the one that the settings name, else the embedded one's while it runs, else None."""
    return settings.redis_url or embedded_url(settings.data_dir)


def embedded_url(data_dir: Path) -> str | None:
    """The address of the embedded server that runs on this directory now, or None."""
    with suppress(OSError, ValueError):
        url = address_file(data_dir).read_text(encoding="utf-8").strip()
        return url if answers(url) else None
    return None


def address_file(data_dir: Path) -> Path:
    """Where the embedded server of this directory leaves its address while it runs."""
    return data_dir / "redis" / "address"


def celery_url(url: str) -> str:
    """The address as Celery's transport writes it: a unix socket is ``redis+socket://`` there."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={database}"


def answers(url: str) -> bool:
    """Whether a server answers at this address within two seconds."""
    return bool(_asked(url, lambda client: client.ping()))


def ask(settings: Settings, question: Callable[[Redis], Answer]) -> Answer | None:
    """What the server answers (in text, not bytes); None where there is none, or it takes longer than two seconds."""
    url = redis_url(settings)
    return _asked(url, question) if url else None


def waiting(settings: Settings) -> int | None:
    """How many messages wait for a worker; None where no server answers."""
    return ask(settings, lambda client: int(client.llen(QUEUE)))


def _asked(url: str, question: Callable[[Redis], Answer]) -> Answer | None:
    try:
        with Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2, decode_responses=True) as client:
            return question(client)
    except (RedisError, OSError):
        return None
