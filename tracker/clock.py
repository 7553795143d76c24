"""The only place that reads the clock; every rule takes its day or instant as an argument."""

from datetime import UTC, date, datetime, tzinfo


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def today(tz: tzinfo) -> date:
    """The day it is now in ``tz``."""
    return local(now(), tz).date()


def local(instant: datetime, tz: tzinfo) -> datetime:
    """``instant`` on the wall clock of ``tz``. A naive instant is a ValueError."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return instant.astimezone(tz)
