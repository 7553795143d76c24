"""The web process watches sweeps and disk: a daemon thread in every web worker, for the dead man's alarm."""

import logging
import threading

from admin.web.context import Site
from tracker import clock
from tracker.reminders.watchdog import watch, watch_disk

LONGEST_WAIT = 60.0
LOOKS_AN_ALARM = 4

_log = logging.getLogger(__name__)


def start(site: Site) -> threading.Event:
    """Looks now and then until the event is set; an accident is logged and looked past."""
    stop = threading.Event()
    thread = threading.Thread(target=_run, args=(site, stop), name="watch sweeps", daemon=True)
    thread.start()
    return stop


def _run(site: Site, stop: threading.Event) -> None:
    seconds = min(LONGEST_WAIT, site.settings.sweep_alarm_after / LOOKS_AN_ALARM)
    while not stop.wait(seconds):
        try:
            told = {
                "sweeps have": watch(site.database, site.settings, clock.now()),
                "room on the disk has": watch_disk(site.database, site.settings, clock.now()),
            }
        except Exception:  # the database or the mail server is away: the next look tries again
            _log.exception("watching sweeps and disk failed")
        else:
            for what, kind in told.items():
                if kind:
                    _log.warning("the operator was told: %s %s", what, kind)
