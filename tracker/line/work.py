"""What a conversation is about: a step of a unit with its open occasions, and what was said of it last time."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.thai.calendar import MONTHS, MONTHS_SHORT
from tracker.thai.named_days import without_days

_MONTH_NAMES = re.compile("|".join(re.escape(name) for name in (*MONTHS, *MONTHS_SHORT)))


@dataclass(frozen=True, slots=True)
class Occasion:
    """One open task of the step. ``label`` names it shortly (ก.พ.), ``due_words`` say how late or near it is."""

    task_id: int
    label: str
    due_on: date | None
    starts_on: date | None
    ends_on: date | None
    due_words: str = ""

    def holds(self, day: date) -> bool:
        """Whether the day lies within the occasion's own month, quarter or half."""
        return self.starts_on is not None and self.ends_on is not None and self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class LastTime:
    """What the unit wrote of the step the last time, and of which occasion."""

    label: str
    text: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """The step as its person meets it. ``earliest`` is the fiscal year's first day."""

    step: str
    unit: str
    occasions: tuple[Occasion, ...]
    earliest: date
    today: date
    page: str
    last: LastTime | None = None
    review: bool = False

    def of(self, tasks: tuple[int, ...]) -> tuple[Occasion, ...]:
        return tuple(one for one in self.occasions if one.task_id in tasks)

    def of_day(self, day: date, tasks: tuple[int, ...]) -> Occasion | None:
        """The occasion in whose time the day lies."""
        return next((one for one in self.of(tasks) if one.holds(day)), None)


def carried_over(last: LastTime, occasion: Occasion) -> tuple[str, str]:
    """Last time's words for this occasion, and what was changed in them, for the person to check.

    A month's name that was the old occasion's becomes this one's; a day is taken out.
    """
    changes = []
    text = without_days(last.text)
    if text != last.text:
        changes.append("ตัดวันที่ของครั้งก่อนออกให้แล้ว")
    if (
        last.on
        and occasion.ends_on
        and (last.on.year, last.on.month) != (occasion.ends_on.year, occasion.ends_on.month)
    ):
        before, after = last.on.month - 1, occasion.ends_on.month - 1
        for names in (MONTHS, MONTHS_SHORT):
            if names[before] in text:
                text = text.replace(names[before], names[after])
                changes.append(f"เปลี่ยน “{names[before]}” เป็น “{names[after]}” ให้แล้ว")
    return text, " ".join([*changes, "โปรดตรวจ"]) if changes else ""


def names_a_month(text: str) -> bool:
    return bool(_MONTH_NAMES.search(text))


def yesterday(today: date) -> date:
    return today - timedelta(days=1)
