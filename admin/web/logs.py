"""The web server's log: an event a line, with its instant in UTC; what users typed cannot begin another line."""

import logging
import time

_FORM = "%(asctime)sZ %(levelname)s %(name)s: %(message)s"


class _OneLine(logging.Formatter):
    converter = staticmethod(time.gmtime)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (the library's name)
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")


def handler() -> logging.Handler:
    """To standard error, which `tracker up` keeps in ``DATA_DIR/logs``; a traceback follows its line."""
    found = logging.StreamHandler()
    found.setFormatter(_OneLine(_FORM, "%Y-%m-%dT%H:%M:%S"))
    return found


def init() -> None:
    """For the production server alone: tests and commands have logs of their own."""
    logging.getLogger().addHandler(handler())
    logging.getLogger("admin").setLevel(logging.INFO)
