from datetime import date

from tracker.schedule import Checkpoint, checkpoints
from tracker.thai.calendar import fiscal_year_end, fiscal_year_start

START, END = fiscal_year_start(2566), fiscal_year_end(2566)


def test_a_period_without_cadence_has_its_end_as_the_one_checkpoint() -> None:
    assert checkpoints(START, date(2023, 4, 30), ()) == (Checkpoint(date(2023, 4, 30)),)
    assert checkpoints(None, date(2023, 4, 30), ()) == (Checkpoint(date(2023, 4, 30)),)
    assert checkpoints(START, None, ("monthly",)) == ()


def test_cadences_that_fall_on_one_day_are_one_checkpoint() -> None:
    due = {
        checkpoint.on: checkpoint.cadences
        for checkpoint in checkpoints(START, END, ("half-yearly", "quarterly", "monthly"))
    }
    assert len(due) == 12
    assert due[date(2023, 3, 31)] == ("monthly", "quarterly", "half-yearly")
    assert due[date(2022, 12, 31)] == ("monthly", "quarterly")
    assert due[date(2023, 2, 28)] == ("monthly",)


def test_only_what_closes_inside_the_period_is_due() -> None:
    assert [c.on for c in checkpoints(date(2022, 11, 15), date(2023, 3, 15), ("quarterly",))] == [date(2022, 12, 31)]
    assert [c.on for c in checkpoints(START, date(2025, 9, 30), ("yearly",))] == [
        date(2023, 9, 30),
        date(2024, 9, 30),
        date(2025, 9, 30),
    ]


def test_a_cadence_that_never_closes_inside_leaves_the_end() -> None:
    assert checkpoints(date(2023, 4, 1), date(2023, 4, 20), ("quarterly",)) == (
        Checkpoint(date(2023, 4, 20), ("quarterly",)),
    )


def test_named_days_stand_in_place_of_month_ends_and_the_31st_is_the_last() -> None:
    due = [c.on for c in checkpoints(date(2023, 1, 1), date(2023, 4, 30), ("monthly",), (15, 31))]
    assert due == [
        date(2023, 1, 15),
        date(2023, 1, 31),
        date(2023, 2, 15),
        date(2023, 2, 28),
        date(2023, 3, 15),
        date(2023, 3, 31),
        date(2023, 4, 15),
        date(2023, 4, 30),
    ]


def test_named_days_do_not_move_quarter_ends() -> None:
    due = {c.on: c.cadences for c in checkpoints(date(2023, 1, 1), date(2023, 3, 31), ("monthly", "quarterly"), (5,))}
    assert due[date(2023, 3, 5)] == ("monthly",)
    assert due[date(2023, 3, 31)] == ("quarterly",)
