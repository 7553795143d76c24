"""Working days of Thai government offices, and the hours in which a message may go out.

Days off come from the ``holidays`` package (public and government days, with substitution days), less the days on
which offices are open, and from the agency's own table, which wins. A list of holidays advises reminders; it never
moves a deadline.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from types import MappingProxyType

import holidays

from tracker.thai.calendar import WEEKDAYS

_DAY = timedelta(1)
_SATURDAY = 5
_OPEN = ("แรงงาน", "วันเด็กแห่งชาติ")
_OPEN_DAYS = frozenset({date(2023, 1, 3)})  # not in the Cabinet's list for 2566, which met that day
_FIXED_YEARLY = "วันพืชมงคล"


@lru_cache(maxsize=64)
def government_holidays(year: int) -> Mapping[date, str]:
    """The days off of a Common Era year with their Thai names, in order; weekends only where they have a name."""
    listed = holidays.country_holidays("TH", years=year, language="th", categories=("public", "government"))
    named = {
        day: "; ".join(name for name in listed[day].split("; ") if not any(open_day in name for open_day in _OPEN))
        for day in sorted(listed)
        if day.year == year and day not in _OPEN_DAYS
    }
    return MappingProxyType({day: name for day, name in named.items() if name})


def is_forecast(year: int) -> bool:
    """Whether the year's list is still a forecast: the day that the palace fixes yearly is not in it."""
    return not any(_FIXED_YEARLY in name for name in government_holidays(year).values())


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """An agency's calendar. ``added`` are its own days off; ``removed`` are days off on which it works, weekends too.

    A day in both is a day off.
    """

    added: frozenset[date] = frozenset()
    removed: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether the agency works on that day."""
        if day in self.added:
            return False
        return day in self.removed or (day.weekday() < _SATURDAY and day not in government_holidays(day.year))

    def why_off(self, day: date) -> str | None:
        """The Thai words for why a day is off; None for a working day."""
        if self.is_working(day):
            return None
        if name := government_holidays(day.year).get(day):
            return name
        return "วันหยุดของหน่วยงาน" if day in self.added else f"วัน{WEEKDAYS[day.weekday()]}"

    def previous_or_same(self, day: date) -> date:
        """The day itself, or the last working day before it."""
        while not self.is_working(day):
            day -= _DAY
        return day

    def next_or_same(self, day: date) -> date:
        """The day itself, or the first working day after it."""
        while not self.is_working(day):
            day += _DAY
        return day

    def after(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day`` (``day`` itself for 0)."""
        for _ in range(count):
            day = self.next_or_same(day + _DAY)
        return day

    def count_between(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` up to and with ``end``; 0 where ``end`` is not later."""
        return sum(self.is_working(start + timedelta(offset)) for offset in range(1, (end - start).days + 1))


def may_send(instant: datetime, tz: tzinfo, calendar: WorkingDays, from_: time, until: time) -> bool:
    """Whether an aware ``instant`` lies in the working hours (``until`` excluded) of a working day in ``tz``."""
    here = instant.astimezone(tz)
    return from_ <= here.time() < until and calendar.is_working(here.date())


def next_send_time(instant: datetime, tz: tzinfo, calendar: WorkingDays, from_: time, until: time) -> datetime:
    """``instant`` where a message may go out then, else the next opening of working hours; in UTC.

    Raises ValueError where the hours have no length.
    """
    if from_ >= until:
        raise ValueError("working hours must end after they begin")
    if may_send(instant, tz, calendar, from_, until):
        return instant.astimezone(UTC)
    here = instant.astimezone(tz)
    day = here.date() if here.time() < from_ else here.date() + _DAY
    return datetime.combine(calendar.next_or_same(day), from_, tz).astimezone(UTC)
