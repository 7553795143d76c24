"""The web server's log, on standard error (`tracker up` keeps it in ``DATA_DIR/logs``); a traceback follows it."""

import logging
from typing import Any

from gunicorn.glogging import Logger

from admin.web.request_watch import number
from tracker.runtime.logs import formatter
from tracker.settings import Settings, load


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """What gunicorn itself says, in the same form: ``gunicorn --logger-class admin.web.logs.ServerLog``."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(formatter(load(), _facts))


def init(settings: Settings) -> None:
    """For the production server alone: tests and commands have logs of their own."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(settings, _facts))
    logging.getLogger().addHandler(handler)
    logging.getLogger("admin").setLevel(logging.INFO)


def _facts() -> dict[str, object]:
    request = number()
    return {"request": request} if request else {}
