"""Whether the reminders run: when they go out next, and the last signs of life of beat, worker and sweep."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.web.formatting import instant
from admin.web.language import gettext
from tracker.models import Agency, Heartbeat
from tracker.reminders.queries import calendars
from tracker.settings import Settings
from tracker.thai.working_days import next_send_time

_PARTS = {
    "beat": lazy_gettext("Clock"),
    "worker": lazy_gettext("Worker"),
    "sweep": lazy_gettext("Look at what is due"),
}


def part_name(heartbeat: str) -> str:
    """What sent the heartbeat, in words, with the name that logs have for it."""
    words = _PARTS.get(heartbeat.partition(" ")[0])
    return f"{words} ({heartbeat})" if words else heartbeat


@dataclass(frozen=True)
class Part:
    """One part of the system, and when it was last heard of (None: never)."""

    name: str
    at: datetime | None
    silent: bool


@dataclass(frozen=True)
class SystemStatus:
    """``next_at`` is when the agency's reminders go out next, if the parts live."""

    next_at: datetime
    parts: Sequence[Part]

    @property
    def stopped(self) -> bool:
        return self.parts[-1].silent

    @property
    def words(self) -> str:
        """แจ้งเตือนครั้งต่อไป …"""
        if self.stopped:
            return gettext("Reminders have stopped: tell the operator of the installation.")
        return gettext("Next reminders %(instant)s", instant=instant(self.next_at))


def pulse(session: Session, settings: Settings, agency: Agency, at: datetime) -> SystemStatus:
    """Two queries."""
    heard: dict[str, datetime] = {}
    for name, beat_at in session.execute(select(Heartbeat.name, Heartbeat.at)):
        part = name.partition(" ")[0]  # every worker has its own
        heard[part] = max(beat_at, heard.get(part, beat_at))
    longest = timedelta(seconds=settings.sweep_alarm_after)
    parts = [
        Part(str(words), heard.get(name), name not in heard or at - heard[name] > longest)
        for name, words in _PARTS.items()
    ]
    sweep_at = max(at, heard.get("sweep", at) + timedelta(seconds=settings.sweep_interval))
    calendar = calendars(session, [agency.id])[agency.id]
    return SystemStatus(next_send_time(sweep_at, settings.zone, calendar, agency.send_from, agency.send_until), parts)
