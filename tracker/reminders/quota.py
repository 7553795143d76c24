"""LINE's month: how many messages it allows and has used, kept in a row, so that no page has to ask LINE."""

import calendar
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from tracker.channels.line.client import line_client
from tracker.clock import local
from tracker.models import LineQuota
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.thai.working_days import WorkingDays


def read_quota(database: Database, settings: Settings, at: datetime) -> None:
    """Asks LINE and keeps the answer; where LINE is not set up or does not answer, what is known stays."""
    line = line_client(settings)
    if line is None:
        return
    with line:
        quota = line.quota()
    if quota is None:
        return
    day = local(at, settings.zone).date()
    with database.writing() as session:
        session.merge(
            LineQuota(
                month=day.replace(day=1),
                allowed=quota.allowed,
                used=quota.used,
                forecast=forecast(quota.used, day),
                read_at=at,
            )
        )


def forecast(used: int, day: date) -> int:
    """How many messages a month will have used at the pace of its working days so far, the day among them."""
    first = day.replace(day=1)
    last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    gone = _working_days(first, day)
    return round(used * _working_days(first, last) / gone) if gone else used


def quota_of(session: Session, day: date) -> LineQuota | None:
    """What is known of the day's month."""
    return session.get(LineQuota, day.replace(day=1))


def _working_days(first: date, last: date) -> int:
    days = WorkingDays()
    return sum(days.is_working(first + timedelta(number)) for number in range((last - first).days + 1))
