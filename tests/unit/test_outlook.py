"""The national lights, and what a round still takes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.forecast import Tally, light, outlook, percent, round_at, standing, time_gone
from tracker.thai.calendar import RoundMonths

RANK = {None: -1, "red": 0, "orange": 1, "green": 2}
ROUNDS = st.sampled_from([6, 12])
IN_YEAR = st.dates(date(2022, 10, 1), date(2023, 9, 30))


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    """A plan's tasks split into what is done, impossible, late and ahead, and what is planned for after the round."""
    done_due, waiting, ahead, later, early = (draw(st.integers(0, 60)) for _ in range(5))
    impossible = draw(st.integers(0, 30))
    return Tally(
        total=done_due + waiting + ahead + later + early + impossible,
        done=done_due + early,
        impossible=impossible,
        due=done_due + waiting,
        due_done=done_due,
        waiting=waiting,
        ahead=ahead,
    )


@pytest.mark.parametrize(
    ("done", "round_", "found"),
    [(50, 6, "green"), (49, 6, "orange"), (20, 6, "orange"), (19, 6, "red"), (0, 6, "red"),
     (80, 12, "green"), (79, 12, "orange"), (50, 12, "orange"), (49, 12, "red")],
)  # fmt: skip
def test_the_lights_change_at_the_national_shares(done: int, round_: RoundMonths, found: str) -> None:
    assert light(done, 100, round_) == found


def test_nothing_to_do_has_no_light() -> None:
    assert light(0, 0, 6) is None
    empty = outlook(Tally(), 2566, 6, date(2023, 1, 1))
    assert (empty.light, empty.target, empty.needed, empty.percent) == (None, None, 0, 0)


@given(st.integers(0, 500), st.integers(1, 500), ROUNDS)
def test_one_more_done_never_dims_a_light(done: int, total: int, round_: RoundMonths) -> None:
    assert RANK[light(min(done, total), total, round_)] <= RANK[light(min(done + 1, total), total, round_)]


@given(tallies(), ROUNDS, IN_YEAR)
def test_what_is_needed_is_just_enough_for_the_best_light_in_reach(
    tally: Tally, round_: RoundMonths, day: date
) -> None:
    found = outlook(tally, 2566, round_, day)
    assert found.target == light(found.done if found.over else tally.total - tally.impossible, tally.total, round_)
    if found.over:
        assert (found.needed, found.early) == (0, 0)
        return
    assert light(tally.done + found.needed, tally.total, round_) in (found.target, "green")
    if found.needed:
        assert RANK[light(tally.done + found.needed - 1, tally.total, round_)] < RANK[found.target]
    assert tally.done + found.needed <= tally.total - tally.impossible
    assert found.early == max(0, found.needed - tally.waiting - tally.ahead)
    weeks = max(1, -(-((found.ends - day).days + 1) // 7))
    assert found.weekly * weeks >= found.needed > (found.weekly - 1) * weeks or found.needed == found.weekly == 0


@given(tallies(), ROUNDS, IN_YEAR)
def test_going_on_so_gives_no_less_than_now_and_no_more_than_all_that_is_due(
    tally: Tally, round_: RoundMonths, day: date
) -> None:
    found = outlook(tally, 2566, round_, day)
    if found.over:
        assert found.expected == tally.done
    elif tally.due == 0:
        assert found.expected is None
    else:
        assert found.expected is not None
        assert tally.done <= found.expected <= tally.done + tally.ahead


def test_a_round_says_what_it_takes_in_words_that_add_up() -> None:
    tally = Tally(total=70, done=22, due=26, due_done=22, waiting=4, ahead=6)
    six = outlook(tally, 2566, 6, date(2023, 3, 29))
    assert (six.light, six.expected, six.target, six.needed, six.early, six.weekly) == (
        "orange",
        27,
        "green",
        13,
        3,
        13,
    )
    impossible = outlook(Tally(total=10, done=2, impossible=6), 2566, 6, date(2023, 1, 1))
    assert (impossible.target, impossible.needed) == ("orange", 0)
    assert outlook(Tally(total=10, impossible=6), 2566, 12, date(2023, 1, 1)).target == "red"


@given(IN_YEAR)
def test_the_round_that_matters_turns_a_month_after_march(day: date) -> None:
    assert round_at(2566, day) == (6 if day <= date(2023, 5, 1) else 12)


def test_time_gone_runs_from_nothing_to_all() -> None:
    assert time_gone(2566, date(2022, 9, 1)) == 0
    assert time_gone(2566, date(2022, 10, 1)) == 0
    assert time_gone(2566, date(2023, 4, 1)) == pytest.approx(182 / 365)
    assert time_gone(2566, date(2024, 1, 1)) == 1
    assert percent(499, 1000) == 49


@pytest.mark.parametrize(
    ("today", "done", "late", "begun", "found"),
    [
        (date(2022, 12, 1), 0, 0, 0, ""),
        (date(2022, 12, 1), 1, 0, 2, "on_track"),
        (date(2022, 12, 1), 1, 1, 2, "behind"),
        (date(2023, 3, 20), 5, 0, 5, "green"),
        (date(2023, 3, 20), 1, 1, 5, "red"),
        (date(2023, 3, 20), 0, 0, 0, ""),
        (date(2023, 9, 20), 5, 0, 5, "orange"),
    ],
)
def test_the_standing_is_the_light_only_in_the_rounds_last_month(
    today: date, done: int, late: int, begun: int, found: str
) -> None:
    assert standing(total=10, done=done, late=late, begun=begun, fiscal_year=2566, today=today) == found


@pytest.mark.parametrize(
    ("tally", "round_", "forecast"),
    [
        (Tally(total=100, done=55, due=50, due_done=50), 6, "green"),  # reached already
        (Tally(total=100, done=30, due=30, due_done=30, ahead=30), 6, "green"),  # all goes on as until now
        (Tally(total=100, done=15, due=30, due_done=15, waiting=15, ahead=30), 6, "unsure"),  # half is left undone
        (Tally(total=100, ahead=60), 6, "unsure"),  # nobody knows yet
        (Tally(total=100, done=20, due=20, due_done=20, ahead=20), 6, "orange"),  # the plan itself gives no more
        (Tally(total=100, done=5, due=30, due_done=5, waiting=25, ahead=10), 6, "red"),
        (Tally(), 6, None),
    ],
)
def test_the_forecast_is_green_where_the_pace_gives_it_and_at_risk_where_the_plan_does_not(
    tally: Tally, round_: RoundMonths, forecast: str | None
) -> None:
    assert outlook(tally, 2566, round_, date(2023, 1, 15)).forecast == forecast


@given(tallies(), ROUNDS, IN_YEAR)
def test_what_is_planned_beyond_the_round_is_what_is_left_of_the_year(
    tally: Tally, round_: RoundMonths, day: date
) -> None:
    found = outlook(tally, 2566, round_, day)
    planned = tally.done if found.over else tally.done + tally.waiting + tally.ahead
    assert found.beyond == tally.total - tally.impossible - planned
    assert (found.due, found.planned_light) == (tally.due, light(planned, tally.total, round_))
