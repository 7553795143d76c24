"""Working days against the Cabinet's lists, the agency's table, and working hours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.thai.working_days import WorkingDays, government_holidays, is_forecast, may_send, next_send_time

THAI = WorkingDays()
BANGKOK = ZoneInfo("Asia/Bangkok")
HOURS = (time(8, 30), time(16, 30))


@pytest.mark.parametrize(("year", "weekdays"), [(2022, 22), (2023, 20), (2024, 19), (2025, 21)])
def test_as_many_weekdays_off_as_the_cabinet_lists(year: int, weekdays: int) -> None:
    assert sum(day.weekday() < 5 for day in government_holidays(year)) == weekdays


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2023, 5, 1), True),  # Labour Day: private firms only
        (date(2022, 5, 2), True),  # in lieu of it
        (date(2023, 5, 17), False),  # วันพืชมงคล
        (date(2023, 1, 2), False),  # in lieu of New Year's Day
        (date(2023, 1, 3), True),
        (date(2023, 7, 31), False),  # Cabinet extra
        (date(2023, 4, 17), False),  # in lieu of Songkran
        (date(2023, 3, 31), True),
        (date(2023, 4, 30), False),  # Sunday
        (date(2024, 1, 13), False),  # Children's Day is a Saturday
    ],
)
def test_known_days(day: date, works: bool) -> None:
    assert THAI.is_working(day) is works
    assert (THAI.why_off(day) is None) is works


def test_days_off_are_named() -> None:
    assert THAI.why_off(date(2023, 4, 13)) == "วันสงกรานต์"
    assert THAI.why_off(date(2024, 1, 13)) == "วันเสาร์"
    own = WorkingDays(added=frozenset({date(2023, 3, 30)}))
    assert own.why_off(date(2023, 3, 30)) == "วันหยุดของหน่วยงาน"
    assert "แรงงาน" not in "".join(government_holidays(2023).values())


def test_agency_table_wins() -> None:
    monday, songkran, saturday = date(2023, 3, 27), date(2023, 4, 13), date(2023, 3, 25)
    own = WorkingDays(frozenset({monday, saturday}), frozenset({songkran, saturday, date(2023, 4, 1)}))
    assert not own.is_working(monday)
    assert own.is_working(songkran)
    assert own.is_working(date(2023, 4, 1))
    assert not own.is_working(saturday)


def test_seed_deadlines_have_a_working_day_before() -> None:
    assert THAI.previous_or_same(date(2023, 4, 30)) == date(2023, 4, 28)
    assert THAI.previous_or_same(date(2022, 12, 31)) == date(2022, 12, 29)
    assert THAI.previous_or_same(date(2023, 9, 30)) == date(2023, 9, 29)
    assert THAI.next_or_same(date(2022, 12, 30)) == date(2023, 1, 3)


def test_years_beyond_the_data_are_a_forecast() -> None:
    assert not is_forecast(2023)
    assert is_forecast(2090)


tables = st.frozensets(st.dates(date(2022, 12, 1), date(2023, 2, 28)), max_size=20)


@settings(max_examples=100, deadline=None)
@given(st.dates(date(2022, 11, 15), date(2023, 3, 15)), st.integers(0, 40), tables, tables)
def test_counting_and_stepping_agree(start: date, count: int, added: frozenset[date], removed: frozenset[date]) -> None:
    calendar = WorkingDays(added, removed)
    reached = calendar.after(start, count)
    assert calendar.count_between(start, reached) == count
    assert calendar.count_between(reached, start) == 0
    assert calendar.previous_or_same(start) <= start <= calendar.next_or_same(start)
    assert calendar.is_working(calendar.previous_or_same(start))
    assert calendar.is_working(calendar.next_or_same(start))


@settings(max_examples=100, deadline=None)
@given(st.datetimes(datetime(2022, 9, 1), datetime(2024, 1, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_next_send_time_is_the_first_allowed_instant(instant: datetime) -> None:
    opens = next_send_time(instant, BANGKOK, THAI, *HOURS)
    assert opens >= instant
    assert may_send(opens, BANGKOK, THAI, *HOURS)
    if opens > instant:
        assert not may_send(opens - timedelta(seconds=1), BANGKOK, THAI, *HOURS)
        assert not may_send(instant, BANGKOK, THAI, *HOURS)


def test_hours_include_their_start_and_not_their_end() -> None:
    friday = datetime(2023, 3, 31, 1, 30, tzinfo=UTC)
    assert may_send(friday, BANGKOK, THAI, *HOURS)
    assert not may_send(friday - timedelta(minutes=1), BANGKOK, THAI, *HOURS)
    assert not may_send(friday + timedelta(hours=8), BANGKOK, THAI, *HOURS)
    assert next_send_time(friday + timedelta(hours=8), BANGKOK, THAI, *HOURS) == datetime(2023, 4, 3, 1, 30, tzinfo=UTC)
    with pytest.raises(ValueError, match="hours"):
        next_send_time(friday, BANGKOK, THAI, time(9), time(9))
