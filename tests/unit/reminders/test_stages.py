"""Reminder stages by docs/rules.md, "Stages", on real days of fiscal year 2566."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tracker.kinds import Cadence
from tracker.reminders import escalation
from tracker.reminders.stages import Rules, TaskFacts, needs_sweep, next_stage_on, reached
from tracker.reminders.wording import due_words, short_day, stage_words
from tracker.thai.working_days import WorkingDays

THAI, RULES = WorkingDays(), Rules()
MARCH = date(2023, 3, 31)


def facts(due_on: date | None = MARCH, *cadences: Cadence, **changes: object) -> TaskFacts:
    return replace(TaskFacts("pending", 2566, due_on, due_on, cadences), **changes)  # type: ignore[arg-type]


def keys(task: TaskFacts, day: date) -> list[str]:
    return [stage.key for stage in reached(task, day, THAI, RULES)]


def year(task: TaskFacts, first: date, last: date, own_only: bool = True) -> list[tuple[date, str]]:
    """What daily sweeps tell, each recording what it told."""
    told, day = [], first
    while day <= last:
        for key in keys(task, day):
            task = replace(task, recorded=task.recorded | {key})
            if not own_only or not key.startswith(("closing", "escalation")):
                told.append((day, key))
        day += timedelta(1)
    return told


@pytest.mark.parametrize(
    ("cadences", "leads"),
    [
        (("monthly",), (7, 1)),
        (("quarterly",), (14, 7, 1)),
        (("half-yearly",), (30, 14, 7, 1)),
        (("yearly",), (30, 14, 7, 1)),
        ((), (30, 14, 7, 1)),
        (("monthly", "quarterly"), (14, 7, 1)),
        (("half-yearly", "monthly", "quarterly"), (30, 14, 7, 1)),
    ],
)
def test_lead_times_follow_the_longest_cadence(cadences: tuple[Cadence, ...], leads: tuple[int, ...]) -> None:
    assert RULES.lead_times(cadences) == leads


def test_a_single_task_through_its_life() -> None:
    assert year(facts(), date(2023, 1, 1), date(2023, 4, 30)) == [
        (date(2023, 3, 1), "upcoming:30"),
        (date(2023, 3, 17), "upcoming:14"),
        (date(2023, 3, 24), "upcoming:7"),
        (date(2023, 3, 30), "upcoming:1"),
        (MARCH, "due"),
        (date(2023, 4, 3), "overdue:1"),
        (date(2023, 4, 10), "overdue:8"),  # the 8th is a Saturday
        (date(2023, 4, 18), "overdue:15"),  # Songkran until the 17th
        (date(2023, 4, 24), "overdue:22"),
    ]


def test_due_on_a_sunday_is_told_on_friday_with_the_true_day() -> None:
    task = facts(date(2023, 4, 30), "monthly")
    told = year(task, date(2023, 4, 1), date(2023, 5, 2))
    assert told == [
        (date(2023, 4, 21), "upcoming:7"),
        (date(2023, 4, 28), "due"),
        (date(2023, 5, 1), "overdue:1"),
    ]
    stage = reached(task, date(2023, 4, 28), THAI, RULES)[0]
    assert stage_words(stage, task.due_on, date(2023, 4, 28), fiscal_year=2566) == "อีก ๒ วัน (๓๐ เม.ย.)"


def test_nothing_on_days_off() -> None:
    assert keys(facts(date(2023, 4, 13)), date(2023, 4, 13)) == []
    assert keys(facts(date(2023, 4, 13)), date(2023, 4, 12)) == ["due"]


def test_after_an_outage_one_stage_of_the_own_line() -> None:
    assert keys(facts(), date(2023, 3, 27)) == ["upcoming:7", "closing:6"]
    late = keys(facts(recorded=frozenset({"upcoming:30"})), date(2023, 5, 2))
    assert late == ["escalation:2", "escalation:1", "overdue:29"]


def test_a_later_stage_told_silences_earlier_ones() -> None:
    task = facts(recorded=frozenset({"due"}))
    assert keys(replace(task, recorded=task.recorded | {"closing:6"}), MARCH) == []
    assert keys(replace(task, recorded=frozenset({"overdue:8", "closing:6"})), date(2023, 4, 3)) == []


@pytest.mark.parametrize("state", ["submitted", "done", "not_possible", "cancelled"])
def test_closed_tasks_are_never_reminded_of(state: str) -> None:
    task = facts(state=state)
    assert keys(task, MARCH) == []
    assert next_stage_on(task, MARCH, THAI, RULES) is None


@pytest.mark.parametrize("state", ["pending", "in_progress", "returned"])
def test_open_tasks_are(state: str) -> None:
    assert "due" in keys(facts(state=state), MARCH)


def test_escalation_by_working_days_overdue() -> None:
    told = year(facts(), MARCH, date(2023, 6, 30), own_only=False)
    assert [(day, key) for day, key in told if key.startswith("escalation")] == [
        (date(2023, 4, 5), "escalation:1"),
        (date(2023, 4, 12), "escalation:2"),  # the 6th is a holiday
        (date(2023, 5, 23), "escalation:3"),
    ]
    assert escalation.audience(1) == ("parent_head", "coordinator")
    assert escalation.audience(2) == ("executive_1",)
    assert escalation.audience(3) == ("executive_2",)
    assert escalation.audience(4) == ()


def test_escalation_counts_from_the_first_day_of_a_reminder_that_came_late() -> None:
    late = facts(reminded_from=date(2023, 5, 15))
    assert [key for key in keys(late, date(2023, 5, 18)) if key.startswith("escalation")] == []
    assert "escalation:1" in keys(late, date(2023, 5, 19))  # the 17th is a holiday
    early = facts(reminded_from=date(2023, 3, 1))
    assert "escalation:1" in keys(early, date(2023, 4, 5))


def test_held_escalation_waits_and_a_snooze_does_not_stop_it() -> None:
    day = date(2023, 4, 12)
    assert keys(facts(escalation_held=True), day) == ["overdue:8"]
    assert keys(facts(snoozed_until=date(2023, 5, 1)), day) == ["escalation:2", "escalation:1"]
    assert keys(facts(snoozed_until=day), day)[-1] == "overdue:8"


def test_one_escalation_digest_a_week() -> None:
    assert escalation.may_report(None, MARCH)
    assert not escalation.may_report(MARCH, MARCH + timedelta(6))
    assert escalation.may_report(MARCH, MARCH + timedelta(7))


def test_round_closing_asks_for_a_tick_or_a_note() -> None:
    day = date(2023, 3, 16)
    in_round, later = facts(date(2023, 3, 31)), facts(date(2023, 7, 31))
    for task, asks, words in ((in_round, "tick", "โปรดรายงานผล"), (later, "note", "โปรดแจ้งความก้าวหน้า")):
        closing = next(stage for stage in reached(task, day, THAI, RULES) if stage.kind == "closing")
        assert closing.asks == asks
        text = stage_words(closing, task.due_on, day, fiscal_year=2566)
        assert text == f"ปิดรอบ ๖ เดือน ๓๑ มี.ค. {words}"
    assert "closing:6" not in keys(later, date(2023, 3, 15))
    assert "closing:6" not in keys(later, date(2023, 4, 3))
    assert keys(facts(date(2023, 7, 31), begins_on=day), day) == ["closing:6"]
    assert keys(facts(date(2023, 7, 31), begins_on=date(2023, 3, 17)), date(2023, 3, 17)) == []
    assert keys(facts(None), date(2023, 9, 15)) == ["closing:12"]


def test_round_closing_asks_of_a_cadence_only_for_occasions_that_have_begun() -> None:
    day = date(2023, 3, 16)
    ends: tuple[tuple[date, Cadence, bool], ...] = (
        (date(2023, 3, 31), "monthly", True),
        (date(2023, 4, 30), "monthly", False),
        (date(2023, 6, 30), "quarterly", False),
        (date(2023, 9, 30), "half-yearly", False),
        (date(2023, 9, 30), "yearly", True),
    )
    for on, cadence, begun in ends:
        assert ("closing:6" in keys(facts(on, cadence), day)) is begun, (on, cadence)


def test_a_note_for_a_closing_round_goes_before_an_upcoming_day() -> None:
    assert keys(facts(date(2023, 4, 14)), date(2023, 3, 31)) == ["closing:6", "upcoming:14"]
    assert keys(facts(date(2023, 3, 31)), date(2023, 3, 17)) == ["upcoming:14", "closing:6"]


def test_a_moved_due_day_is_told_anew() -> None:
    recorded = frozenset({"upcoming:30", "upcoming:14", "due", "overdue:8", "escalation:1", "closing:6"})
    moved = facts(due_on=date(2023, 5, 10), recorded=recorded)
    moved = replace(moved, scheduled_on=MARCH)
    assert keys(moved, date(2023, 5, 3)) == ["upcoming:7@2023-05-10"]
    assert keys(moved, date(2023, 5, 10)) == ["due@2023-05-10"]
    assert "escalation:1@2023-05-10" in keys(moved, date(2023, 5, 16))
    back = replace(moved, due_on=MARCH)
    assert keys(back, date(2023, 4, 10)) == []


def test_plans_are_served_in_their_year_and_less_than_90_days_after() -> None:
    assert not needs_sweep(2566, date(2022, 9, 30), closed=False)
    assert needs_sweep(2566, date(2022, 10, 1), closed=False)
    assert needs_sweep(2566, date(2023, 12, 28), closed=False)
    assert not needs_sweep(2566, date(2023, 12, 29), closed=False)
    assert not needs_sweep(2566, date(2023, 3, 1), closed=True)
    assert keys(facts(), date(2023, 12, 29)) == []
    assert keys(facts(date(2022, 10, 15)), date(2022, 9, 15)) == []
    assert keys(facts(date(2022, 10, 15)), date(2022, 10, 3)) == ["upcoming:14"]


def test_next_stage_on() -> None:
    assert next_stage_on(facts(), date(2022, 10, 1), THAI, RULES) == date(2023, 3, 1)
    assert next_stage_on(facts(), date(2023, 3, 18), THAI, RULES) == date(2023, 3, 20)
    told = facts(recorded=frozenset({"due", "closing:6"}))
    assert next_stage_on(told, MARCH, THAI, RULES) == date(2023, 4, 3)
    assert next_stage_on(facts(snoozed_until=date(2023, 4, 1)), MARCH, THAI, RULES) == date(2023, 4, 3)
    assert next_stage_on(facts(), date(2023, 12, 29), THAI, RULES) is None
    assert next_stage_on(facts(None), date(2022, 10, 1), THAI, RULES) == date(2023, 3, 16)


@pytest.mark.parametrize(
    ("due_on", "words"),
    [
        (date(2023, 4, 2), "อีก ๒ วัน (๒ เม.ย.)"),
        (MARCH, "ครบกำหนดวันนี้"),
        (date(2023, 3, 2), "เลยมา ๒๙ วัน"),
        (None, "ไม่กำหนดวัน"),
    ],
)
def test_due_words(due_on: date | None, words: str) -> None:
    assert due_words(due_on, MARCH) == words


def test_digits_follow_the_reader() -> None:
    assert due_words(date(2023, 4, 2), MARCH, thai_digits=False) == "อีก 2 วัน (2 เม.ย.)"
    assert short_day(MARCH, thai_digits=False) == "31 มี.ค."
    closing = next(stage for stage in reached(facts(), MARCH, THAI, RULES) if stage.kind == "closing")
    words = stage_words(closing, MARCH, MARCH, fiscal_year=2566, thai_digits=False)
    assert words == "ปิดรอบ 6 เดือน 31 มี.ค. โปรดรายงานผล"
