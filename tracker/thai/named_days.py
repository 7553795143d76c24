"""The days that a sentence names: ติดประกาศเมื่อ ๒๖ ก.พ., อบรม ๑๒-๑๔ มี.ค. ๒๕๗๐, ลงเว็บ 5/3/70."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.thai.calendar import MONTHS_ENGLISH, WEEKDAYS, to_be, to_ce, year_from_digits
from tracker.thai.numerals import to_arabic
from tracker.thai.text import fix_text, squeeze_spaces

MOST_DAYS = 3
"""A sentence that names more days tells of none in particular."""
_DAYS_OF_YEAR = 366
_YEARS_NEAR = 2
"""Two digits after a month are a year only this near to now; ๒๖ ก.พ. ๑๒ หมู่บ้าน tells of villages."""

_MONTH_WORDS = (
    r"มกรา(?:คม)?|ม\. ?ค\.?|มค",
    r"กุมภา(?:พันธ์|พันธุ์)?|ก\. ?พ\.?|กพ",
    r"มีนา(?:คม)?|มี\. ?ค\.?|มีค",
    r"เมษา(?:ยน)?|เม\. ?ย\.?|เมย",
    r"พฤษภา(?:คม)?|พ\. ?ค\.?|พค",
    r"มิถุนา(?:ยน)?|มิ\. ?ย\.?|มิย",
    r"กรกฎา(?:คม)?|กรกฏา(?:คม)?|ก\. ?ค\.?|กค",
    r"สิงหา(?:คม)?|ส\. ?ค\.?|สค",
    r"กันยา(?:ยน)?|ก\. ?ย\.?|กย",
    r"ตุลา(?:คม)?|ต\. ?ค\.?|ตค",
    r"พฤศจิกา(?:ยน)?|พ\. ?ย\.?|พย",
    r"ธันวา(?:คม)?|ธ\. ?ค\.?|ธค",
)
MONTH = "|".join(f"(?:{words})" for words in _MONTH_WORDS)
"""A month's name in arabic-digit text, as a pattern without groups."""

_YEAR = (
    r"(?: ?(?:พ\.? ?ศ\.?|ค\.? ?ศ\.?|ปี)? ?(?P<year>\d{4}|\d{2})"
    rf"(?!\d|[.:]\d|[/%]| ?(?:{MONTH}|คน|ราย|รูป|ครั้ง|บาท|เรื่อง|แห่ง|ชุด|ฉบับ|หมู่|ชุมชน|คัน|ร้าน|น\.)))?"
)
_TO = r" ?(?:-|–|—|ถึง|จนถึง) ?(?:วันที่ ?)?"
_AND = r" ?(?:,|และ|กับ) ?(?:วันที่ ?)?"
_WORDED = re.compile(
    rf"(?<![\d/.])(?P<earlier>\d{{1,2}}(?: ?(?:{MONTH})(?: ?(?:25\d\d|20\d\d))?)?(?:{_TO}))?"
    rf"(?P<others>(?:\d{{1,2}}(?:{_AND})){{0,9}})(?P<day>\d{{1,2}}) ?(?P<month>{MONTH})(?![ก-ฮ]?[ะ-ู]){_YEAR}"
)
_NUMBERS = re.compile(r"(?<![\d/.])(?P<day>\d{1,2})[/.\-](?P<month>\d{1,2})[/.\-](?P<year>\d{4}|\d{2})(?![\d/])")
_BARE_NUMBERS = re.compile(r"(?:วันที่|เมื่อ) ?(?P<day>\d{1,2})/(?P<month>\d{1,2})(?![\d/])")
_LEAD = r"(?:ระหว่าง|ใน|เมื่อ|ลง|ณ)? ?(?:วันที่)? ?"
_LED_WORDED, _LED_NUMBERS = (re.compile(_LEAD + pattern.pattern) for pattern in (_WORDED, _NUMBERS))
_DAY_OF_NAMED_MONTH = re.compile(rf"(วันที่ ?\d{{1,2}}) ?เดือน ?(?={MONTH})")
_SPOKEN = re.compile(
    r"(?P<before_yesterday>(?:เมื่อ)?วานซืน)|(?P<yesterday>เมื่อ ?วาน(?:นี้)?|วานนี้|เมื่อคืน)"
    r"|(?P<today>(?<!ณ )(?<!ณ)(?<!ตั้งแต่)(?<!จนถึง)วันนี้|เมื่อ ?(?:เช้า|สาย|บ่าย|กี้)(?:นี้)?)"
    rf"|วัน(?P<weekday>{'|'.join(WEEKDAYS)}|พฤหัส)(?:ที่ ?(?:แล้ว|ผ่านมา)|ก่อน(?!หน้า))"
    r"|วันที่ ?(?P<day>\d{1,2}) ?(?P<month>ที่ผ่านมา|(?:ของ)?เดือน(?:นี้|ที่แล้ว|ก่อน))"
)
"""Days that are told from today: เมื่อวานซืน, วันศุกร์ที่แล้ว, วันที่ ๘ ที่ผ่านมา."""
_MONTH_NUMBERS = [(number, re.compile(words)) for number, words in enumerate(_MONTH_WORDS, 1)]


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day of a sentence; ``is_end``: the last of several in a row."""

    on: date
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class NamedDays:
    """What a sentence says of days.

    ``past`` are those up to today in the order of the sentence, none where more than ``MOST_DAYS`` are named;
    ``future`` are those that are still to come; ``impossible`` is one that no calendar has, as it was written.
    """

    past: tuple[NamedDay, ...] = ()
    future: tuple[date, ...] = ()
    impossible: str | None = None


_ALONE = re.compile(
    rf"(?:(?:ใน)?เดือน ?)?(?:(?P<thai>{MONTH})|(?P<english>[a-z]{{3,9}}))"
    r" ?(?:(?:พ\.? ?ศ\.?|ปี)? ?(?P<year>\d{4}|\d{2}))?"
)


def month_named(text: str) -> tuple[int, int | None] | None:
    """The month that the whole text names, with its Buddhist year where it has one: ก.พ. 66, เดือนมีนาคม, March 2023."""
    found = _ALONE.fullmatch(to_arabic(squeeze_spaces(fix_text(text))).lower())
    if found is None:
        return None
    year = year_from_digits(found["year"]) if found["year"] else None
    if found["thai"]:
        return next(number for number, words in _MONTH_NUMBERS if words.fullmatch(found["thai"])), year
    named = [number for number, name in enumerate(MONTHS_ENGLISH, 1) if name.startswith(found["english"])]
    return (named[0], year) if len(named) == 1 else None


def named_days(text: str, today: date, earliest: date | None = None) -> NamedDays:
    """The days that the text names; a month alone names none.

    Without a year it is the latest such day not after ``today``, or, where that is before ``earliest``, the next one
    within a year: ๒๙ ก.พ. between two leap years is impossible.
    """
    typed = _folded(text)
    past: dict[date, NamedDay] = {}
    future: list[date] = []
    impossible = None
    for day, month, year, is_end, words in _found(typed):
        on = _day(day, month, year, today, earliest)
        if on is None:
            impossible = impossible or words
        elif on > today:
            future.append(on)
        else:
            past.setdefault(on, NamedDay(on, is_end))
    for on in filter(None, (_spoken_day(found, today) for found in _SPOKEN.finditer(typed))):
        if on <= today:
            past.setdefault(on, NamedDay(on))
        else:
            future.append(on)
    few = tuple(past.values()) if len(past) <= MOST_DAYS else ()
    return NamedDays(few, tuple(future), impossible)


def listed_days(text: str, today: date, earliest: date | None = None) -> tuple[list[date], str | None]:
    """Every day of a list that was typed, in its order, and one that no calendar has."""
    days: list[date] = []
    impossible = None
    for day, month, year, _, words in _found(_folded(text)):
        on = _day(day, month, year, today, earliest)
        if on is None:
            impossible = impossible or words
        else:
            days.append(on)
    return days, impossible


def without_days(text: str) -> str:
    """The text without the days that it names and the words that lead to them (เมื่อวันที่ ๕ มี.ค.)."""
    typed = to_arabic(fix_text(text))
    spans = [found.span() for pattern in (_LED_WORDED, _LED_NUMBERS) for found in pattern.finditer(typed)]
    left, end = [], 0
    for first, last in sorted(spans):
        if first >= end:
            left.append(fix_text(text)[end:first])
            end = last
    return squeeze_spaces("".join([*left, fix_text(text)[end:]])) if spans else text


def month_number(text: str) -> int | None:
    """The month whose name this is, 1 to 12; None where it is none."""
    typed = squeeze_spaces(fix_text(text))
    return next((number for number, words in _MONTH_NUMBERS if words.fullmatch(typed)), None)


def spoken_day(text: str, today: date) -> date | None:
    """The day that the whole text tells from today (วันศุกร์ที่แล้ว, วันที่ ๘ ที่ผ่านมา); None where it is none."""
    found = _SPOKEN.fullmatch(_folded(text))
    return _spoken_day(found, today) if found else None


def _folded(text: str) -> str:
    return _DAY_OF_NAMED_MONTH.sub(r"\1 ", to_arabic(squeeze_spaces(fix_text(text))))


def _spoken_day(found: re.Match[str], today: date) -> date | None:
    away = {"before_yesterday": -2, "yesterday": -1, "today": 0}.get(found.lastgroup or "")
    if away is not None:
        return today + timedelta(days=away)
    if found["weekday"]:
        number = next(number for number, name in enumerate(WEEKDAYS) if name.startswith(found["weekday"]))
        return today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)
    day = int(found["day"])
    months = today.year * 12 + today.month - 1
    if not found["month"].endswith("นี้") and (day > today.day or found["month"] != "ที่ผ่านมา"):
        months -= 1
    return _calendar_day(months // 12, months % 12 + 1, day)


def _found(typed: str) -> Iterator[tuple[int, int, int | None, bool, str]]:
    """Day, month, Buddhist year, whether it ends a range, and how it stands there."""
    matches = [*_WORDED.finditer(typed), *_NUMBERS.finditer(typed), *_BARE_NUMBERS.finditer(typed)]
    for found in sorted(matches, key=re.Match.start):
        parts = found.groupdict()
        month = int(parts["month"]) if parts["month"].isdigit() else month_number(parts["month"])
        if month is None or not 1 <= month <= 12 or not 1 <= int(parts["day"]) <= 31:
            continue
        year = _year(parts.get("year"))
        for day in re.findall(r"\d{1,2}", parts.get("others") or ""):
            yield int(day), month, year, False, f"{day} {parts['month']}"
        yield int(parts["day"]), month, year, bool(parts.get("earlier")), f"{parts['day']} {parts['month']}"


def _year(digits: str | None) -> int | None:
    return year_from_digits(digits) if digits else None


def _day(day: int, month: int, year: int | None, today: date, earliest: date | None) -> date | None:
    if year is not None and abs(year - to_be(today.year)) <= _YEARS_NEAR:
        return _calendar_day(to_ce(year), month, day)
    years = [found for year in range(today.year - 8, today.year + 9) if (found := _calendar_day(year, month, day))]
    latest = max((one for one in years if one <= today), default=None)
    if latest is not None and earliest is not None and latest < earliest:
        return min((one for one in years if 0 < (one - today).days <= _DAYS_OF_YEAR), default=None)
    return latest


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
