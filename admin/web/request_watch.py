"""What is told of each request: its number in answer and log, its time and status to monitors and in a log of JSON."""

import logging
import os
import re
import time
import uuid
from pathlib import Path
from typing import cast

from flask import Flask, Response, g, has_request_context, request
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from tracker.settings import Settings

NUMBER = "X-Request-ID"
SHARED_COUNTS = "PROMETHEUS_MULTIPROC_DIR"
"""The library's variable: the folder in which a host's web processes count together."""
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_FROM_PROXY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_WATCH = "request watch"

_log = logging.getLogger(__name__)


def init(app: Flask, settings: Settings) -> None:
    """Numbers every request; times it where somebody reads the figures or lines."""
    registry = CollectorRegistry()
    app.extensions[_WATCH] = registry
    seconds = _histogram(registry) if settings.metrics_token else None
    is_logged = settings.log_format == "json"

    def begin() -> None:
        g.began = time.perf_counter()
        g.number = _number_for(request.headers.get(NUMBER, ""), believed=bool(settings.trusted_proxies))

    def end(response: Response) -> Response:
        took = time.perf_counter() - g.began
        response.headers[NUMBER] = g.number
        if seconds is not None:
            seconds.labels(f"{response.status_code // 100}xx").observe(took)
        if is_logged:
            told = {"page": request.endpoint, "status": response.status_code, "seconds": round(took, 4)}
            _log.info("%s %s: %s", request.method, request.endpoint, response.status_code, extra=told)
        return response

    app.before_request(begin)
    app.after_request(end)


def number() -> str | None:
    """The present request's number; None outside one."""
    return cast(str | None, g.get("number")) if has_request_context() else None


def page_figures(app: Flask) -> bytes:
    """How many pages were answered in what time, by kind of status, by all web processes of this host."""
    registry = cast(CollectorRegistry, app.extensions[_WATCH])
    if folder := os.environ.get(SHARED_COUNTS):
        registry = CollectorRegistry()
        MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]  # the library has no types here
    return generate_latest(registry)


def _histogram(registry: CollectorRegistry) -> Histogram:
    if folder := os.environ.get(SHARED_COUNTS):
        Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    words = "Time in which the web server answered, by kind of status"
    return Histogram("tracker_page_seconds", words, ["status"], buckets=_SECONDS, registry=registry)


def _number_for(given: str, *, believed: bool) -> str:
    """The proxy's number where a proxy is believed, else one of our own."""
    return given if believed and _FROM_PROXY.fullmatch(given) else uuid.uuid4().hex
