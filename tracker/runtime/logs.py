"""How web and workers log: an event a line, in UTC, in words or as JSON; what users typed cannot begin another line."""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from tracker.settings import Settings

Facts = Callable[[], Mapping[str, object]]
"""What is known of the work that is being done, such as the number of its request."""

_ARGUMENTS = "data"
"""Celery's: a task's arguments are not for logs; that of an upload is a key."""
_WORDS = "%(asctime)sZ %(levelname)s %(name)s: %(message)s"


class _InWords(logging.Formatter):
    converter = staticmethod(time.gmtime)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (the library's name)
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")


class _AsJson(JsonFormatter):
    """``at``, ``level``, ``logger``, ``message``, the facts of the work, and what the event itself names."""

    def __init__(self, facts: Facts) -> None:
        names = {"levelname": "level", "name": "logger", "exc_info": "error"}
        super().__init__(
            "%(levelname)s %(name)s %(message)s",
            rename_fields=names,
            reserved_attrs=[*RESERVED_ATTRS, _ARGUMENTS],
            json_ensure_ascii=False,
        )
        self._facts = facts

    def add_fields(
        self, log_data: dict[str, object], record: logging.LogRecord, message_dict: dict[str, object]
    ) -> None:
        log_data["at"] = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        log_data.update(self._facts())
        super().add_fields(log_data, record, message_dict)


def formatter(settings: Settings, facts: Facts) -> logging.Formatter:
    """The form of a line by ``TRACKER_LOG_FORMAT``; only JSON carries the facts."""
    return _AsJson(facts) if settings.log_format == "json" else _InWords(_WORDS, "%Y-%m-%dT%H:%M:%S")
