"""The Thai calendar: Buddhist Era, fiscal years, month names, dates as people write and type them.

A fiscal year is named by the Buddhist year of its end: 2566 is 1 October 2022 to 30 September 2023.
Years before 2484 BE, which began in April, are outside of this.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Literal

from tracker.errors import NotUnderstoodError
from tracker.thai.numerals import to_arabic, to_thai
from tracker.thai.text import fix_text, squeeze_spaces

DateStyle = Literal["long", "short", "month"]
RoundMonths = Literal[6, 12]

ERA_OFFSET = 543
EARLIEST_BE, LATEST_BE = 2484, 2699
SHORTEST_BE = 40
"""From here on two digits are a Buddhist year: 69 is 2569, and 26 is 2026, not 2526."""

MONTHS = (
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
)
MONTHS_SHORT = (
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
)
MONTHS_ENGLISH = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")


def to_ce(be: int) -> int:
    """A Buddhist year as a Common Era year."""
    return be - ERA_OFFSET


def to_be(ce: int) -> int:
    """A Common Era year as a Buddhist year."""
    return ce + ERA_OFFSET


def last_of_month(year: int, month: int) -> date:
    """The last day of a month of a Common Era year."""
    return date(year, month, monthrange(year, month)[1])


def months_between(start: date, end: date) -> Iterator[tuple[int, int]]:
    """Every (Common Era year, month) that has a day in start..end, in order."""
    for index in range(start.year * 12 + start.month - 1, end.year * 12 + end.month):
        yield index // 12, index % 12 + 1


def fiscal_year_of(day: date) -> int:
    """The fiscal year (Buddhist Era) a day lies in."""
    return to_be(day.year + (day.month >= 10))


def fiscal_year_start(be: int) -> date:
    """1 October that begins a fiscal year."""
    return date(to_ce(be) - 1, 10, 1)


def fiscal_year_end(be: int) -> date:
    """30 September that ends a fiscal year."""
    return date(to_ce(be), 9, 30)


def quarter_ends(be: int) -> tuple[date, date, date, date]:
    """The last days of a fiscal year's four quarters."""
    year = to_ce(be)
    return date(year - 1, 12, 31), date(year, 3, 31), date(year, 6, 30), date(year, 9, 30)


def half_ends(be: int) -> tuple[date, date]:
    """The last days of a fiscal year's halves: 31 March and 30 September."""
    return quarter_ends(be)[1], quarter_ends(be)[3]


def round_end(be: int, months: RoundMonths) -> date:
    """The last day of the six-month or twelve-month round of a fiscal year."""
    return half_ends(be)[0] if months == 6 else fiscal_year_end(be)


def year_from_digits(digits: str) -> int | None:
    """The Buddhist year that two or four typed digits mean, or None.

    Two digits from 40 on are 25xx of the Buddhist Era, below 40 they are 20xx of the Common Era; 2484 to 2699 is the
    Buddhist Era; 1941 to 2156 the Common Era.
    """
    if len(digits) == 2:
        return 2500 + int(digits) if int(digits) >= SHORTEST_BE else to_be(2000 + int(digits))
    if len(digits) != 4:
        return None
    year = int(digits)
    if EARLIEST_BE <= year <= LATEST_BE:
        return year
    return to_be(year) if EARLIEST_BE <= to_be(year) <= LATEST_BE else None


def format_date(day: date, *, style: DateStyle = "long", thai_digits: bool = True) -> str:
    """A day in Thai: ๓๑ มีนาคม ๒๕๖๖ (long), ๓๑ มี.ค. ๖๖ (short), มีนาคม ๒๕๖๖ (month)."""
    year = to_be(day.year)
    if style == "long":
        text = f"{day.day} {MONTHS[day.month - 1]} {year}"
    elif style == "short":
        text = f"{day.day} {MONTHS_SHORT[day.month - 1]} {year % 100:02}"
    else:
        text = f"{MONTHS[day.month - 1]} {year}"
    return to_thai(text) if thai_digits else text


_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})")
_WORDED = re.compile(r"(\d{1,2})\s*([ก-๙A-Za-z][ก-๙A-Za-z.\s]*?)\s*(?:(?:พ\.?ศ|ค\.?ศ)\.?)?\s*(\d{4}|\d{2})")
_MONTH_BY_NAME = {
    **{name: number for number, name in enumerate(MONTHS, 1)},
    **{name.replace(".", ""): number for number, name in enumerate(MONTHS_SHORT, 1)},
    **{name: number for number, full in enumerate(MONTHS_ENGLISH, 1) for name in (full, full[:3])},
    "sept": 9,
}


def parse_date(text: str, *, typed_as: str | None = None) -> date:
    """The day a person typed: ๓๑/๓/๒๕๖๖, 31-3-66, 31 มี.ค. 66, 31 มีนาคม 2566, 2023-03-31.

    Raises NotUnderstoodError where the text is no date or no day of the calendar; it quotes ``typed_as`` in its place.
    """
    said = squeeze_spaces(text if typed_as is None else typed_as)
    typed = squeeze_spaces(to_arabic(fix_text(text)))
    parts = _parts_of_date(typed.removeprefix("วันที่").strip())
    if parts is None:
        raise NotUnderstoodError(
            f"“{said}” is no date that can be read; write one like 31/3/2023 or 31 March 2023.",
            f"อ่านวันที่ “{said}” ไม่ได้ โปรดพิมพ์เช่น 31/3/2566 หรือ 31 มีนาคม 2566",
        )
    year_digits, month, day = parts
    year = year_from_digits(year_digits)
    try:
        return date(to_ce(year or 0), month, day)
    except ValueError:
        raise NotUnderstoodError(
            f"There is no day “{said}” in the calendar; check day, month and year.",
            f"ไม่มีวันที่ “{said}” ในปฏิทิน โปรดตรวจวัน เดือน และปีอีกครั้ง",
        ) from None


def _parts_of_date(typed: str) -> tuple[str, int, int] | None:
    if match := _ISO.fullmatch(typed):
        return match[1], int(match[2]), int(match[3])
    if match := _NUMERIC.fullmatch(typed):
        return match[3], int(match[2]), int(match[1])
    if match := _WORDED.fullmatch(typed):
        month = _MONTH_BY_NAME.get(re.sub(r"[.\s]", "", match[2]).lower())
        if month:
            return match[3], month, int(match[1])
    return None
