from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import NotUnderstoodError
from tracker.thai.calendar import (
    fiscal_year_end,
    fiscal_year_of,
    fiscal_year_start,
    format_date,
    half_ends,
    months_between,
    parse_date,
    quarter_ends,
    round_end,
    to_be,
    to_ce,
)

DAYS = st.dates(date(1998, 1, 1), date(2050, 12, 31))
DAY = date(2023, 3, 31)


def test_the_fiscal_year_is_named_by_its_end() -> None:
    assert (fiscal_year_start(2566), fiscal_year_end(2566)) == (date(2022, 10, 1), date(2023, 9, 30))
    assert quarter_ends(2566) == (date(2022, 12, 31), DAY, date(2023, 6, 30), date(2023, 9, 30))
    assert half_ends(2566) == (DAY, date(2023, 9, 30))
    assert (round_end(2566, 6), round_end(2566, 12)) == half_ends(2566)
    assert (to_ce(2566), to_be(2023)) == (2023, 2566)


@given(DAYS)
def test_every_day_lies_in_its_fiscal_year_and_the_next_begins_the_day_after(day: date) -> None:
    year = fiscal_year_of(day)
    assert fiscal_year_start(year) <= day <= fiscal_year_end(year)
    assert fiscal_year_start(year + 1) == fiscal_year_end(year) + timedelta(days=1)


def test_a_fiscal_year_has_twelve_months_from_october() -> None:
    months = list(months_between(fiscal_year_start(2566), fiscal_year_end(2566)))
    assert (months[0], months[-1], len(months)) == ((2022, 10), (2023, 9), 12)


def test_dates_are_written_as_officers_write_them() -> None:
    assert format_date(DAY) == "๓๑ มีนาคม ๒๕๖๖"
    assert format_date(DAY, style="short") == "๓๑ มี.ค. ๖๖"
    assert format_date(DAY, style="month") == "มีนาคม ๒๕๖๖"
    assert format_date(DAY, thai_digits=False) == "31 มีนาคม 2566"


@pytest.mark.parametrize(
    "typed",
    ["๓๑/๓/๒๕๖๖", "31-3-66", "31.3.2566", "31 มี.ค. 66", "31มีค66", "31 มีนาคม 2566", "วันที่ 31 มีนาคม พ.ศ. 2566",
     "2023-03-31",
     "2566-03-31", "31/03/2023", "31 March 2023", "31 Mar 2023", " 31  มีนาคม\u00a0๒๕๖6 "],
)  # fmt: skip
def test_dates_are_read_as_people_type_them(typed: str) -> None:
    assert parse_date(typed) == DAY


@pytest.mark.parametrize(
    "typed", ["", "31", "มีนาคม 2566", "31/6/2566", "29/2/2566", "1/13/2566", "1/1/1200", "พรุ่งนี้", "31/3/256"]
)
def test_what_is_no_date_is_answered_with_one_sentence(typed: str) -> None:
    with pytest.raises(NotUnderstoodError) as caught:
        parse_date(typed)
    assert f"“{typed}”" in caught.value.sentence


@given(DAYS, st.sampled_from(["long", "short"]), st.booleans())
def test_written_dates_are_read_back(day: date, style: str, thai_digits: bool) -> None:
    assert parse_date(format_date(day, style=style, thai_digits=thai_digits)) == day  # type: ignore[arg-type]
