"""A day that has been, as people type it: also วันนี้, เมื่อวาน, and a day and month without their year."""

import re
from datetime import date, timedelta

from tracker.errors import NotUnderstoodError
from tracker.thai.calendar import parse_date, to_be
from tracker.thai.numerals import to_arabic
from tracker.thai.text import fix_text, squeeze_spaces

_DAYS_AGO = {
    "วันนี้": 0,
    "today": 0,
    "เมื่อวาน": 1,
    "เมื่อวานนี้": 1,
    "วานนี้": 1,
    "yesterday": 1,
    "เมื่อวานซืน": 2,
    "วานซืน": 2,
}
_NUMBERS = re.compile(r"\d{1,2}\s*[/.\-]\s*\d{1,2}")
_WORDS = re.compile(r"\d{1,2}\s*[ก-๙A-Za-z][ก-๙A-Za-z.]*")


def parse_past_day(text: str, today: date) -> date:
    """The day that was typed; without a year the latest such day that is not after ``today``.

    Raises NotUnderstoodError where the text is no date or no day of the calendar.
    """
    typed = squeeze_spaces(to_arabic(fix_text(text)))
    if (ago := _DAYS_AGO.get(typed.lower())) is not None:
        return today - timedelta(days=ago)
    bare = typed.removeprefix("วันที่").strip()
    if _NUMBERS.fullmatch(bare):
        return _latest(f"{bare}/", today)
    if _WORDS.fullmatch(bare):
        return _latest(f"{bare} ", today)
    return parse_date(text)


def _latest(bare: str, today: date) -> date:
    for year in range(today.year, today.year - 8, -1):  # eight: 29 February may be far
        try:
            day = parse_date(f"{bare}{to_be(year)}")
        except NotUnderstoodError:
            continue
        if day <= today:
            return day
    return parse_date(f"{bare}{to_be(today.year)}")
