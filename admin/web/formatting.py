"""Numbers, days and deadlines in the reader's words: Thai or English, Thai or Arabic digits."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from babel.dates import format_date as babel_date
from flask import Flask

from admin.web.context import site
from admin.web.language import Reader, gettext, ngettext, reader
from tracker import clock
from tracker.bilingual import Bilingual
from tracker.errors import TrackerError
from tracker.forecast import LIGHTS
from tracker.kinds import Cadence
from tracker.plan_import.place_words import thai_place
from tracker.reports.standing import ENTERED_LATE_AFTER
from tracker.store.photos import LARGEST_SIDE
from tracker.thai.calendar import MONTHS, MONTHS_SHORT, WEEKDAYS, RoundMonths, format_date
from tracker.thai.numerals import to_thai
from tracker.thai.phones import dial

DayStyle = Literal["long", "short", "brief", "month", "month_only"]

_ENGLISH: dict[DayStyle, str] = {
    "long": "d MMMM y",
    "short": "d MMM y",
    "brief": "d MMM",
    "month": "MMMM y",
    "month_only": "MMMM",
}
_LETTERS = ("ม", "ก", "มี", "เม", "พ", "มิ", "ก", "ส", "ก", "ต", "พ", "ธ")


def is_thai() -> bool:
    return reader().thai


def thai_digits() -> bool:
    """Whether this reader sees Thai digits: by the account's choice, and never in English."""
    return reader().thai_digits


def digits(value: object) -> str:
    """The text with its digits as the reader wants them."""
    return to_thai(str(value)) if reader().thai_digits else str(value)


def number(value: int) -> str:
    return _number(reader(), value)


def day(value: date | None, style: DayStyle = "long") -> str:
    """A day: ๓๑ มีนาคม ๒๕๖๖ (long), ๓๑ มี.ค. ๖๖ (short), ๓๑ มี.ค. (brief), มีนาคม ๒๕๖๖ (month), มีนาคม (month_only)."""
    return _day(reader(), value, style)


def weekday(value: date) -> str:
    """The name of the day: วันศุกร์ที่, Friday."""
    return f"วัน{WEEKDAYS[value.weekday()]}ที่" if is_thai() else babel_date(value, "EEEE", locale="en_GB")


def weekday_name(value: date) -> str:
    """The name of the day alone: ศุกร์, Fri."""
    return WEEKDAYS[value.weekday()] if is_thai() else babel_date(value, "EEE", locale="en_GB")


def lights_from(round_: RoundMonths) -> tuple[int, int]:
    """The percent from which a round's light is orange, and from which it is green."""
    green, orange = LIGHTS[round_]
    return orange, green


def timeliness(done_on: date | None, due_on: date | None, today: date) -> str:
    """How a day will count (docs/rules.md, "The day it was done"): on time, late, unknown; and entered afterwards."""
    if done_on is None:
        return gettext("the day is not known: it does not count as on time")
    words = gettext("on time")
    if due_on is not None and done_on > due_on:
        n = (done_on - due_on).days
        words = ngettext(
            "%(n)s day after it was due: counts as late", "%(n)s days after it was due: counts as late", n, n=number(n)
        )
    if today - done_on <= ENTERED_LATE_AFTER:
        return words
    afterwards = gettext("entered afterwards")
    return f"{words} · {afterwards}"


def ago(value: date, today: date) -> str:
    """How long ago a day was: วันนี้, เมื่อวาน, ๓ วันก่อน."""
    days = (today - value).days
    if days < 2:
        return gettext("yesterday") if days else gettext("today")
    return ngettext("%(n)s day ago", "%(n)s days ago", days, n=number(days))


def instant(value: datetime) -> str:
    """An instant on the local clock: ๓ เม.ย. ๖๖ เวลา ๐๘.๓๐ น."""
    local = clock.local(value, site().settings.zone)
    return gettext("%(day)s, %(time)s", day=day(local.date(), "short"), time=clock_time(value))


def clock_time(value: datetime) -> str:
    """An instant's time on the local clock, without the day: ๐๘.๓๐."""
    local = clock.local(value, site().settings.zone)
    return digits(f"{local:%H.%M}") if is_thai() else f"{local:%H:%M}"


def countdown(due_on: date | None, today: date) -> str:
    """How long until (or since) the deadline: อีก ๒ วัน (๓๑ มี.ค.), เลยมา ๒๙ วัน (๒๘ ก.พ.)."""
    return _countdown(reader(), due_on, today)


def size(value: int) -> str:
    """A file's size: ๒๔๐ kB."""
    if value < 1_000_000:
        return f"{digits(max(1, round(value / 1000)))} kB"
    return f"{digits(f'{value / 1_000_000:.1f}')} MB"


def occasion(scheduled_on: date | None, cadences: Sequence[str]) -> str | None:
    """Which round of a repeated step a checkpoint is: รอบเดือนกุมภาพันธ์, or เดือนมีนาคม + ไตรมาส ๒ + รอบ ๖ เดือน."""
    return _occasion(reader(), scheduled_on, tuple(cadences)) if scheduled_on and cadences else None


def place_in_plan(measure: int, step: int) -> tuple[str, str]:
    """มาตรการ ๓, ขั้นตอน ๒."""
    return _place_in_plan(reader(), measure, step)


def done_of(done: int, total: int) -> str:
    """ทำแล้ว ๒ จาก ๕."""
    return _done_of(reader(), done, total)


def month_words(total: int, done: int, late: int) -> str:
    """ทำแล้ว ๒ จาก ๕, เกินกำหนด ๑: a unit's month in words."""
    return _month_words(reader(), total, done, late)


# A page says the same few days and numbers hundreds of times; what they are for a reader never changes.
_remembered = lru_cache(maxsize=4096)


@_remembered
def _number(reader: Reader, value: int) -> str:
    return to_thai(f"{value:,}") if reader.thai_digits else f"{value:,}"


@_remembered
def _day(reader: Reader, value: date | None, style: DayStyle) -> str:
    if value is None:
        return reader.gettext("no date")
    if not reader.thai:
        return babel_date(value, _ENGLISH[style], locale="en_GB")
    if style == "month_only":
        return MONTHS[value.month - 1]
    if style == "brief":
        text = f"{value.day} {MONTHS_SHORT[value.month - 1]}"
        return to_thai(text) if reader.thai_digits else text
    return format_date(value, style=style, thai_digits=reader.thai_digits)


@_remembered
def _countdown(reader: Reader, due_on: date | None, today: date) -> str:
    if due_on is None:
        return reader.gettext("No date set")
    days = (due_on - today).days
    when = _day(reader, due_on, "brief" if abs(days) < 200 else "short")
    if days < 0:
        late = _number(reader, -days)
        return reader.ngettext("%(n)s day late (%(day)s)", "%(n)s days late (%(day)s)", -days, n=late, day=when)
    if days == 0:
        return reader.gettext("Today (%(day)s)", day=when)
    if days == 1:
        return reader.gettext("Tomorrow (%(day)s)", day=when)
    if days > 60:
        return reader.gettext("by %(day)s", day=_day(reader, due_on, "short"))
    left = _number(reader, days)
    return reader.ngettext("in %(n)s day (%(day)s)", "in %(n)s days (%(day)s)", days, n=left, day=when)


BY_MONTH = (Cadence.MONTHLY, Cadence.WEEKLY, Cadence.EVERY_2_MONTHS, Cadence.EVERY_4_MONTHS)
"""Cadences whose occasions are called by the month that they close."""


@_remembered
def _occasion(reader: Reader, scheduled_on: date, cadences: Sequence[str]) -> str:
    quarter = (scheduled_on.month + 2) % 12 // 3 + 1
    half = 6 if scheduled_on.month == 3 else 12
    names: list[str] = []
    for cadence in cadences:
        if cadence in BY_MONTH:
            name = reader.gettext("month of %(month)s", month=_day(reader, scheduled_on, "month_only"))
        elif cadence == Cadence.QUARTERLY:
            name = reader.gettext("quarter %(n)s", n=_number(reader, quarter))
        else:
            name = reader.gettext("%(n)s-month round", n=_number(reader, half))
        if name not in names:
            names.append(name)
    return " + ".join(names)


@_remembered
def _place_in_plan(reader: Reader, measure: int, step: int) -> tuple[str, str]:
    return (
        reader.gettext("Measure %(n)s", n=_number(reader, measure)),
        reader.gettext("Step %(n)s", n=_number(reader, step)),
    )


@_remembered
def _month_words(reader: Reader, total: int, done: int, late: int) -> str:
    if not total:
        return reader.gettext("nothing due")
    words = _done_of(reader, done, total)
    return f"{words}, {reader.gettext('%(n)s late', n=_number(reader, late))}" if late else words


@_remembered
def _done_of(reader: Reader, done: int, total: int) -> str:
    return reader.gettext("%(done)s of %(total)s done", done=_number(reader, done), total=_number(reader, total))


def file_size(size: int) -> str:
    """The size of a file in kilobytes or megabytes, rounded up."""
    return digits(f"{-(-size // 2**20)} MB" if size >= 2**20 else f"{-(-size // 2**10)} kB")


def fiscal_year(year: int) -> str:
    return digits(year)


def said(text: Bilingual) -> str:
    """The sentence in the reader's language."""
    return text.th if is_thai() else text


def sentence(error: TrackerError) -> str:
    """An error's sentence in the reader's language."""
    return error.sentence_th if is_thai() else error.sentence


def month_letter(first: date) -> str:
    """The shortest name of a month that a heat map has room for."""
    return _LETTERS[first.month - 1] if is_thai() else babel_date(first, "MMMMM", locale="en")


def place_words(where: str) -> str:
    """Where a warning belongs, in the reader's words: measure 4, step 2 → มาตรการ ๔ ขั้นตอน ๒."""
    if not is_thai():
        return where
    return digits(thai_place(where))


def yes_or_no(value: bool) -> str:
    return gettext("yes") if value else gettext("no")


def init(app: Flask) -> None:
    """What is said of numbers, days and files, in every template."""
    app.jinja_env.filters.update(
        said=said, number=number, day=day, weekday=weekday, digits=digits, instant=instant, place=place_words, size=size
    )
    app.jinja_env.globals.update(
        countdown=countdown,
        occasion=occasion,
        is_thai=is_thai,
        thai_digits=thai_digits,
        month_letter=month_letter,
        month_words=month_words,
        fiscal_year=fiscal_year,
        file_size=file_size,
        largest_side=lambda: LARGEST_SIDE,
        upload_limit=lambda: site().settings.upload_limit_mb,
        yesterday=lambda today: today - timedelta(days=1),
        timeliness=timeliness,
        weekday_name=weekday_name,
        dial=dial,
        lights_from=lights_from,
    )
