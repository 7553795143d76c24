"""The one reader of a day that people type or copy from a page (docs/rules.md, "Days that are typed")."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from tracker.errors import NotUnderstoodError
from tracker.thai.calendar import MONTHS_SHORT, WEEKDAYS, last_of_month, parse_date, to_be, to_ce, year_from_digits
from tracker.thai.named_days import MONTH, month_number, spoken_day
from tracker.thai.numerals import to_arabic
from tracker.thai.text import fix_text, squeeze_spaces

Side = Literal["past", "near", "ahead"]
"""Which day is meant where the year is not said: the latest until today, the nearest, or the next from today."""

_DAYS_AWAY = {
    "วันนี้": 0,
    "today": 0,
    "เมื่อวาน": -1,
    "เมื่อวานนี้": -1,
    "วานนี้": -1,
    "yesterday": -1,
    "เมื่อวานซืน": -2,
    "วานซืน": -2,
    "พรุ่งนี้": 1,
    "วันพรุ่งนี้": 1,
    "tomorrow": 1,
    "มะรืน": 2,
    "มะรืนนี้": 2,
    "วันมะรืน": 2,
}
_POLITE = re.compile(r" ?(?:ครับ|คับ|ค่ะ|คะ|จ้า)$")
_MONTH_AS_SPOKEN = re.compile(rf"^((?:(?:ณ|เมื่อ) ?)?(?:วันที่ ?)?\d{{1,2}}) ?(?:เดือน ?)?({MONTH})(?: |(?=\d)|$)")
_DUE_DAY = ("วันครบกำหนด", "ครบกำหนด", "วันกำหนด", "due day", "due date", "due")
_ENGLISH_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY_NUMBERS = {
    **{name: number for number, name in enumerate(WEEKDAYS)},
    "พฤหัส": 3,
    **{name: number for number, full in enumerate(_ENGLISH_WEEKDAYS) for name in (full, full[:3])},
}
_WEEKDAY_NAMES = "|".join(sorted(_WEEKDAY_NUMBERS, key=len, reverse=True))
_WEEKDAY = re.compile(rf"(?:วัน)?({_WEEKDAY_NAMES})(?:ที่|\.?,)? ?(?=\d)", re.IGNORECASE)
_LEAD = re.compile(r"(?:ภายใน|ครบกำหนด|by|due|until) ?(?:วันที่ ?)?(?=\d)|(?:ณ |เมื่อ)? ?วันที่ ?(?=\d)", re.IGNORECASE)
_TIME = re.compile(r"(?: เวลา|,)? \d{1,2}[.:]\d{2}(?: ?น\.?)?")
_BRACKET = re.compile(r"(.+?) ?\(([^()]+)\)")
_END_OF_MONTH = re.compile(
    rf"(?:วัน)?สิ้นเดือน ?(?P<which>นี้|ที่แล้ว|ก่อน|หน้า)?(?:(?P<month>{MONTH}) ?(?:พ\.? ?ศ\.?)? ?(?P<year>\d{{4}}|\d{{2}})?)?"
)
_END_ENGLISH = ("end of month", "end of the month")
_MONTHS_AWAY = {"ที่แล้ว": -1, "ก่อน": -1, "หน้า": 1}
_NUMBERS = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})")
_WORDS = re.compile(r"(\d{1,2})\s*([ก-๙A-Za-z][ก-๙A-Za-z.]*)")
_YEARS_AROUND = 8
"""29 February may be far."""


def read_day(text: str, today: date, side: Side = "near", *, due_on: date | None = None) -> date:
    """The day that was typed: every form that a page prints, วันนี้, สิ้นเดือน, วันครบกำหนด, with or without a year.

    Raises NotUnderstoodError where it is no day of the calendar, or not the weekday that stands beside it.
    """
    typed = _POLITE.sub("", squeeze_spaces(to_arabic(fix_text(text))).lower())
    if said := spoken_day(typed, today):
        return said
    typed = _MONTH_AS_SPOKEN.sub(lambda found: f"{found[1]} {MONTHS_SHORT[(month_number(found[2]) or 1) - 1]} ", typed)
    typed = typed.strip()
    if (away := _DAYS_AWAY.get(typed)) is not None:
        return today + timedelta(days=away)
    if typed in _DUE_DAY:
        return _due(due_on)
    if ends := _end_of_month(typed, today, side):
        return ends
    if bracket := _BRACKET.fullmatch(typed):
        return _before_or_in(text, bracket[1], bracket[2], today, side)
    return _calendar_day(text, typed, today, side)


def _before_or_in(text: str, outside: str, inside: str, today: date, side: Side) -> date:
    """๓๐ ตุลาคม ๒๕๖๙ (เมื่อวาน) has its day before the bracket, อีก ๒ วัน (๓๑ มี.ค.) within."""
    try:
        return _calendar_day(text, outside, today, side)
    except NotUnderstoodError:
        return _calendar_day(text, inside, today, "near")


def _calendar_day(text: str, typed: str, today: date, side: Side) -> date:
    bare = _TIME.sub("", _LEAD.sub("", typed, count=1)) if not _NUMBERS.fullmatch(typed) else typed
    weekday = _WEEKDAY.match(bare)
    if weekday:
        bare = bare[weekday.end() :]
    day = _without_year(text, bare, today, side) or parse_date(bare, typed_as=text)
    if weekday and day.weekday() != _WEEKDAY_NUMBERS[weekday[1].lower()]:
        raise NotUnderstoodError(
            f"“{squeeze_spaces(text)}” is a {_ENGLISH_WEEKDAYS[day.weekday()].title()}; check the day.",
            f"“{squeeze_spaces(text)}” ตรงกับวัน{WEEKDAYS[day.weekday()]} โปรดตรวจวันที่อีกครั้ง",
        )
    return day


def _without_year(text: str, bare: str, today: date, side: Side) -> date | None:
    if not (_NUMBERS.fullmatch(bare) or _WORDS.fullmatch(bare)):
        return None
    between = "/" if _NUMBERS.fullmatch(bare) else " "
    days = list(_in_years(f"{bare}{between}", today))
    past, ahead = [one for one in days if one <= today], [one for one in days if one >= today]
    if side == "past" and past:
        return past[-1]
    if side == "ahead" and ahead:
        return ahead[0]
    if days:
        return min(days, key=lambda one: abs((one - today).days))
    return parse_date(f"{bare}{between}{to_be(today.year)}", typed_as=text)


def _in_years(bare: str, today: date) -> Iterator[date]:
    for year in range(today.year - _YEARS_AROUND, today.year + _YEARS_AROUND + 1):
        try:
            yield parse_date(f"{bare}{to_be(year)}")
        except NotUnderstoodError:
            continue


def _end_of_month(typed: str, today: date, side: Side) -> date | None:
    """สิ้นเดือน is this month's end; of days that have been, the latest."""
    found = _END_OF_MONTH.fullmatch(typed)
    if found and found["month"]:
        month = month_number(found["month"]) or 1
        year = year_from_digits(found["year"]) if found["year"] else None
        if year is not None:
            return last_of_month(to_ce(year), month)
        first = _without_year(typed, f"1/{month}", today, side) or today
        return last_of_month(first.year, month)
    if not found and typed not in _END_ENGLISH:
        return None
    away = _MONTHS_AWAY.get((found["which"] if found else None) or "", 0)
    is_over = today.day == monthrange(today.year, today.month)[1]
    if side == "past" and not is_over and not (found and found["which"]):
        away = -1
    months = today.year * 12 + today.month - 1 + away
    return last_of_month(months // 12, months % 12 + 1)


def _due(due_on: date | None) -> date:
    if due_on is None:
        raise NotUnderstoodError(
            "There is no one due day here; write the day itself.", "ที่นี่ไม่มีวันครบกำหนดวันเดียว โปรดพิมพ์วันที่"
        )
    return due_on
