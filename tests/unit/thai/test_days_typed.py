"""The one reader of days: what the pages print, words for days, years of two digits."""

from datetime import date

import pytest
from babel.dates import format_date as english
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import NotUnderstoodError
from tracker.thai.calendar import MONTHS_SHORT, WEEKDAYS, format_date
from tracker.thai.days import Side, read_day
from tracker.thai.numerals import to_thai

TODAY = date(2026, 11, 29)
DAYS = st.dates(date(1997, 1, 1), date(2056, 12, 31))


def printed(day: date) -> list[str]:
    """Every form in which a page prints a whole day."""
    weekday = f"วัน{WEEKDAYS[day.weekday()]}ที่"
    thai = [format_date(day, style=style, thai_digits=False) for style in ("long", "short")]  # type: ignore[arg-type]
    thai += [f"{weekday} {thai[0]}", f"{weekday} {thai[0]} (๓ วันก่อน)", f"{thai[1]} เวลา 08.30 น.", f"ภายใน {thai[1]}"]
    patterns = ("d MMMM y", "d MMM y", "EEEE d MMMM y", "EEEE, d MMMM y", "d MMM y, 08:30")
    words = [english(day, pattern, locale="en_GB") for pattern in patterns]
    return [*thai, *map(to_thai, thai), *words, f"{words[2]} (3 days ago)", f"by {words[1]}", day.isoformat()]


@given(DAYS)
def test_every_printed_day_is_read_back(day: date) -> None:
    for text in printed(day):
        assert read_day(text, TODAY) == day, text


@given(st.integers(-150, 150))
def test_a_day_without_its_year_is_read_back(away: int) -> None:
    day = date.fromordinal(TODAY.toordinal() + away)
    brief = f"{day.day} {MONTHS_SHORT[day.month - 1]}"
    assert read_day(brief, TODAY) == day
    assert read_day(brief, TODAY, "past") <= TODAY <= read_day(brief, TODAY, "ahead")
    assert read_day(to_thai(f"อีก 2 วัน ({brief})"), TODAY) == day


@pytest.mark.parametrize(
    ("typed", "side", "meant"),
    [
        ("วันศุกร์ที่ ๓๐ ตุลาคม ๒๕๖๙", "near", date(2026, 10, 30)),
        ("ศุกร์ 30/10/69", "near", date(2026, 10, 30)),
        ("31/3/26", "near", date(2026, 3, 31)),
        ("๓๑/๓/๖๙", "near", date(2026, 3, 31)),
        ("31 Mar 26", "near", date(2026, 3, 31)),
        ("วันนี้", "near", TODAY),
        ("เมื่อวานค่ะ", "past", date(2026, 11, 28)),
        ("วันศุกร์ที่แล้ว", "past", date(2026, 11, 27)),
        ("วันที่ ๘ ที่ผ่านมา", "past", date(2026, 11, 8)),
        ("วันที่ ๑๒ เดือนมีนา ๖๙ ครับ", "past", date(2026, 3, 12)),
        ("ณ วันที่ ๑๒ มีนาคม ๒๕๖๙", "near", date(2026, 3, 12)),
        ("พรุ่งนี้", "near", date(2026, 11, 30)),
        ("สิ้นเดือน", "near", date(2026, 11, 30)),
        ("สิ้นเดือน", "past", date(2026, 10, 31)),
        ("สิ้นเดือนนี้", "past", date(2026, 11, 30)),
        ("สิ้นเดือนที่แล้ว", "near", date(2026, 10, 31)),
        ("สิ้นเดือนหน้า", "near", date(2026, 12, 31)),
        ("สิ้นเดือนกุมภาพันธ์ ๒๕๗๑", "near", date(2028, 2, 29)),
        ("สิ้นเดือน ก.ย.", "past", date(2026, 9, 30)),
        ("สิ้นเดือน ก.ย.", "ahead", date(2027, 9, 30)),
        ("end of the month", "near", date(2026, 11, 30)),
        ("30 ก.ย.", "ahead", date(2027, 9, 30)),
    ],
)
def test_words_and_short_years(typed: str, side: Side, meant: date) -> None:
    assert read_day(typed, TODAY, side) == meant


def test_the_due_day_is_that_of_the_task() -> None:
    assert read_day("วันครบกำหนด", TODAY, due_on=date(2026, 10, 31)) == date(2026, 10, 31)
    with pytest.raises(NotUnderstoodError):
        read_day("วันครบกำหนด", TODAY)


def test_a_weekday_that_is_not_the_days_is_refused() -> None:
    with pytest.raises(NotUnderstoodError) as refused:
        read_day("วันจันทร์ที่ ๓๐ ตุลาคม ๒๕๖๙", TODAY)
    assert "ตรงกับวันศุกร์" in refused.value.sentence_th
    assert "Friday" in refused.value.sentence


@pytest.mark.parametrize("typed", ["", "31", "31/2/69", "29 ก.พ. ๒๕๖๙", "เดือนหน้า", "อีก 2 วัน (เร็ว ๆ นี้)"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(NotUnderstoodError):
        read_day(typed, TODAY)
