"""A year of sweeps, daily or with outages: each stage once, one a day, nothing lost, and the index never too late."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.reminders.stages import Rules, TaskFacts, last_served_day, next_stage_on, reached
from tracker.thai.working_days import WorkingDays

pytestmark = pytest.mark.untraced

RULES = Rules()
YEAR_START, LAST = date(2022, 10, 1), last_served_day(2566)
ALL_DAYS = [YEAR_START + timedelta(n) for n in range((LAST - YEAR_START).days + 1)]

days = st.dates(YEAR_START - timedelta(20), date(2023, 11, 30))
calendars = st.builds(
    WorkingDays,
    st.frozensets(st.dates(YEAR_START, LAST), max_size=30),
    st.frozensets(st.dates(YEAR_START, LAST), max_size=10),
)


@st.composite
def tasks(draw: st.DrawFn) -> TaskFacts:
    due_on = draw(st.one_of(st.none(), days))
    return TaskFacts(
        draw(st.sampled_from(["pending", "in_progress", "returned"])),
        2566,
        due_on,
        draw(st.one_of(st.just(due_on), days)),
        tuple(draw(st.lists(st.sampled_from(["monthly", "quarterly", "half-yearly"]), unique=True, max_size=3))),
        draw(st.one_of(st.none(), days)),
        draw(st.one_of(st.none(), st.none(), days)),
        draw(st.booleans()),
    )


def sweep(task: TaskFacts, calendar: WorkingDays, swept: list[date]) -> tuple[TaskFacts, dict[date, list[str]]]:
    told: dict[date, list[str]] = {}
    for day in swept:
        stages = [stage.key for stage in reached(task, day, calendar, RULES)]
        if stages:
            assert calendar.is_working(day)
            assert not task.recorded & set(stages)
            assert len([key for key in stages if not key.startswith(("closing", "escalation"))]) <= 1
            assert all(len(key) <= 24 for key in stages)
            told[day] = stages
            task = replace(task, recorded=task.recorded | set(stages))
            assert reached(task, day, calendar, RULES) == ()
    return task, told


def distance(key: str) -> int:
    kind, _, number = key.partition("@")[0].partition(":")
    return -int(number) if kind == "upcoming" else int(number or 0)


def own(told: list[str]) -> list[int]:
    return [distance(key) for key in told if not key.startswith(("closing", "escalation"))]


@settings(max_examples=60, deadline=None)
@given(tasks(), calendars)
def test_the_index_is_exact_through_a_year_of_daily_sweeps(task: TaskFacts, calendar: WorkingDays) -> None:
    promised = next_stage_on(task, YEAR_START, calendar, RULES)
    for day in ALL_DAYS:
        stages = reached(task, day, calendar, RULES)
        assert bool(stages) == (promised == day)
        if stages:
            task = replace(task, recorded=task.recorded | {stage.key for stage in stages})
            promised = next_stage_on(task, day, calendar, RULES)
            assert promised is None or promised > day
    assert promised is None


@settings(max_examples=60, deadline=None)
@given(tasks(), calendars, st.data())
def test_outages_end_where_daily_sweeps_end(task: TaskFacts, calendar: WorkingDays, data: st.DataObject) -> None:
    """After the same last day, each way has told the same latest stage, and no way tells more than the daily one."""
    down_from = data.draw(st.integers(0, len(ALL_DAYS) - 2))
    down_until = data.draw(st.integers(down_from + 1, len(ALL_DAYS) - 1))
    some = ALL_DAYS[:down_from] + ALL_DAYS[down_until : down_until + 60]
    daily, told_daily = sweep(task, calendar, ALL_DAYS[: down_until + 60])
    patchy, told_patchy = sweep(task, calendar, some)
    if not calendar.is_working(some[-1]):
        return
    assert max(own(list(daily.recorded)), default=None) == max(own(list(patchy.recorded)), default=None)
    assert {k for k in daily.recorded if k.startswith("esc")} == {k for k in patchy.recorded if k.startswith("esc")}
    assert patchy.recorded <= daily.recorded
    for told in (told_daily, told_patchy):
        line = own([key for day in sorted(told) for key in told[day]])
        assert line == sorted(set(line))


@settings(max_examples=60, deadline=None)
@given(tasks(), calendars, st.sampled_from(ALL_DAYS))
def test_the_index_never_promises_too_late(task: TaskFacts, calendar: WorkingDays, from_day: date) -> None:
    promised = next_stage_on(task, from_day, calendar, RULES)
    found = next((day for day in ALL_DAYS if day >= from_day and reached(task, day, calendar, RULES)), None)
    assert promised == found
