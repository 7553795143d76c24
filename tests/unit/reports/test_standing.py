"""What a task is to a round, by the day it was scheduled, whatever its due day was moved to."""

from collections import Counter
from datetime import date, timedelta

import pytest

from tracker.reports.rollup import StepFacts, compose
from tracker.reports.standing import TaskFact, standing_in_round

DECEMBER, MARCH, SEPTEMBER = date(2022, 12, 31), date(2023, 3, 31), date(2023, 9, 30)
QUARTERS = (DECEMBER, MARCH, date(2023, 6, 30), SEPTEMBER)


def done(done_on: date | None, scheduled_on: date | None = MARCH, **facts: object) -> TaskFact:
    return TaskFact(1, ("กองคลัง",), scheduled_on, **{"state": "done", "done_on": done_on, **facts})  # type: ignore[arg-type]


def test_a_quarter_that_was_moved_out_of_the_round_is_unfinished_in_it() -> None:
    """Text and progress page of one file say the same: one of two, and one unfinished."""
    first = TaskFact(1, ("กองคลัง",), DECEMBER, "done", DECEMBER, "สรุปผลแล้ว", cadences=("quarterly",))
    moved = TaskFact(2, ("กองคลัง",), MARCH, "pending", due_on=date(2023, 5, 15), cadences=("quarterly",))
    later = [TaskFact(number, ("กองคลัง",), on, "pending") for number, on in enumerate(QUARTERS[2:], 3)]
    tasks = (first, moved, *later)
    kinds = Counter(standing_in_round(task, MARCH).kind for task in tasks)
    assert kinds == {"on_time": 1, "unfinished": 1, "to_come": 2}
    assert standing_in_round(moved, MARCH).open
    composed = compose([StepFacts(1, tasks)], "summary", round_end=MARCH, published=True)
    assert any("๑ จาก ๒ ครั้ง" in paragraph.text for paragraph in composed.paragraphs)
    assert [one.task_id for one in composed.missing] == [2]


def test_a_moved_due_day_decides_on_late_and_not_on_the_round() -> None:
    in_may = done(date(2023, 5, 10), due_on=date(2023, 5, 15))
    assert standing_in_round(in_may, SEPTEMBER).kind == "on_time"
    assert standing_in_round(done(date(2023, 5, 10)), SEPTEMBER).late
    assert standing_in_round(in_may, MARCH).unfinished
    assert standing_in_round(in_may, MARCH).done_later


def test_a_completion_without_a_day_is_done_in_the_round_of_its_checkpoint_and_never_on_time() -> None:
    assert standing_in_round(done(None), MARCH).kind == "unknown_day"
    assert standing_in_round(done(None), MARCH).done
    assert standing_in_round(done(None, SEPTEMBER), MARCH).kind == "to_come"
    assert standing_in_round(done(None, SEPTEMBER), SEPTEMBER).kind == "unknown_day"
    assert standing_in_round(done(None, None), MARCH).kind == "to_come"


def test_what_was_ticked_early_is_done_though_the_round_does_not_count_it() -> None:
    early = standing_in_round(done(date(2023, 2, 1), SEPTEMBER), MARCH)
    assert (early.done, early.counts, early.kind) == (True, False, "on_time")


@pytest.mark.parametrize(("days", "late"), [(30, False), (31, True)])
def test_entered_more_than_thirty_days_later_is_counted_as_entered_late(days: int, late: bool) -> None:
    fact = done(MARCH, entered_on=MARCH + timedelta(days))
    assert standing_in_round(fact, MARCH).entered_late is late
    assert standing_in_round(fact, MARCH).kind == "on_time"
    assert not standing_in_round(done(None, entered_on=SEPTEMBER), MARCH).entered_late


def test_not_possible_has_a_day_of_its_own() -> None:
    def refused(on: date | None) -> TaskFact:
        return TaskFact(1, ("กองคลัง",), MARCH, "not_possible", on, reason="ไม่มีงบประมาณ")

    assert standing_in_round(refused(MARCH), MARCH).not_possible
    assert standing_in_round(refused(date(2023, 4, 1)), MARCH).unfinished
    assert standing_in_round(refused(date(2023, 10, 4)), SEPTEMBER).not_possible
    assert standing_in_round(refused(None), MARCH).not_possible


def test_cancelled_is_nothing_to_any_round_and_waiting_for_review_is_open() -> None:
    assert standing_in_round(done(MARCH, state="cancelled"), MARCH).kind == "cancelled"
    assert not standing_in_round(done(MARCH, state="cancelled"), MARCH).counts
    assert standing_in_round(done(MARCH, state="submitted"), MARCH).open
