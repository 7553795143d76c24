"""The Celery application, from the settings: the broker carries ids, the database is the truth."""

from typing import Any
from urllib.parse import unquote, urlsplit


def broker_url(redis_url: str) -> str:
    """The address as Celery's transport writes it: a unix socket is ``redis+socket://`` there."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    return f"redis+socket://{parts.path}"
