"""How often somebody may try, and what no page takes.

Tries are counted in Redis for all web processes together, in this process while Redis is away.
"""

import logging
from datetime import UTC, datetime

from flask import Flask, abort, request
from flask import session as cookie
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from redis.exceptions import RedisError

from tracker.broker import redis_url
from tracker.settings import Settings

PER_ADDRESS = "30 per 15 minutes"
PER_ACCOUNT = "10 per 15 minutes"
LARGEST_OF_STRANGERS = 2**20
_QUICK = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
"""A counter that does not answer is left for the one in memory, before people (and LINE, within 2 seconds) notice."""


def largest_body(settings: Settings) -> int:
    """Bytes of what one request may send: a report's photos together."""
    return 4 * settings.upload_limit_mb * 2**20


limiter = Limiter(key_func=get_remote_address, strategy="fixed-window")
limiter.logger = logging.getLogger(__name__)  # the library's own logger is silent,
limiter.logger.setLevel(logging.WARNING)  # and tells addresses that were typed, below this level


def failed(response: object) -> bool:
    """Whether a try was none: what succeeds does not count."""
    return getattr(response, "status_code", 200) in (401, 403, 409, 422)


def again_at() -> datetime | None:
    """When the limit that was just reached lets go; None where the counter does not say."""
    try:
        reached = limiter.current_limit
        return datetime.fromtimestamp(reached.reset_at, UTC) if reached else None
    except (RedisError, OSError):
        return None


def _small_body() -> None:
    """Who has not signed in sends no files, but where a page limits them itself: nobody fills the disk from outside."""
    if "_user_id" not in cookie and request.blueprint not in ("done_link", "public"):
        request.max_content_length = LARGEST_OF_STRANGERS


def _plain_values() -> None:
    """No text has the character NUL, which PostgreSQL does not take."""
    if any(isinstance(value, str) and "\0" in value for value in (request.view_args or {}).values()):
        abort(404)
    sent = list(request.args.values())
    if request.method == "POST" and request.blueprint not in ("line_webhook", "public"):  # which read their bodies
        sent += [value for values in request.form.listvalues() for value in values]
    if any("\0" in value for value in sent):
        abort(400)


def init(app: Flask, settings: Settings) -> None:
    """The counters of the application, and what strangers may send; before anything reads a form."""
    app.before_request(_small_body)
    url = redis_url(settings)
    app.config.update(
        RATELIMIT_STORAGE_URI=url.replace("unix://", "redis+unix://", 1) if url else "memory://",
        RATELIMIT_STORAGE_OPTIONS=_QUICK if url else {},
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        RATELIMIT_HEADERS_ENABLED=False,
    )
    limiter.init_app(app)
    app.before_request(_plain_values)
