"""Roll-up over random plans against an oracle; ``ROLLUP_PLANS=10000`` tries as many as a release wants."""

import os
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from tests.unit.reports.rollup_oracle import complaints, done
from tracker.plan_import.cells import paragraphs
from tracker.plan_import.grid import Line
from tracker.reports.rollup import Column, StepFacts, compose
from tracker.reports.standing import TaskFact
from tracker.thai.paragraphs import Paragraph

pytestmark = pytest.mark.untraced

YEAR_START, MARCH, SEPTEMBER = date(2022, 10, 1), date(2023, 3, 31), date(2023, 9, 30)
UNITS = ("กองคลัง", "กองช่าง", "สำนักปลัด", "กองการศึกษา")
OPEN = ("pending", "in_progress", "returned", "submitted")
MONTHS = tuple(date(2022 + (m < 10), m, 28) for m in (10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9))
QUARTERS = (date(2022, 12, 31), MARCH, date(2023, 6, 30), SEPTEMBER)
CHECKPOINTS: tuple[tuple[date | None, ...], ...] = ((MARCH,), (SEPTEMBER,), QUARTERS, MONTHS, (None,))
WORDS = ("จัดประชุมชี้แจง", "ติดประกาศเผยแพร่", "ทบทวนคู่มือ", "อบรมบุคลากร", "ตรวจสอบทะเบียน", "แจ้งเวียนทราบ")
COLUMNS: tuple[Column, ...] = ("summary", "outcome")
PLANS = int(os.environ.get("ROLLUP_PLANS", "1500"))
ROUNDS = [(end, published) for end in (MARCH, SEPTEMBER) for published in (False, True)]


def plan(seed: int) -> list[StepFacts]:
    """A measure as plans have it: steps by units and checkpoints, in any state, with few different words."""
    random, steps, number = Random(seed), [], 0  # noqa: S311  (no secrets)
    for step in range(1, random.randint(1, 3) + 1):
        units = random.sample(UNITS, random.randint(1, 4))
        words = random.sample(WORDS, random.randint(1, 6))
        states = random.choice([("done",), OPEN, ("done", "done", "not_possible", "cancelled", *OPEN)])
        tasks = []
        for on in random.choice(CHECKPOINTS):
            for unit in units:
                number += 1
                state = random.choice(states)
                closed = state in ("done", "not_possible", "submitted")
                day = YEAR_START + timedelta(random.randint(0, 380))
                tasks.append(
                    TaskFact(
                        number,
                        (unit,),
                        on,
                        state,
                        random.choice([None, day, on, on]) if closed else None,
                        random.choice(words) if state in ("done", "submitted") else None,
                        random.choice([None, "ประชาชนรับรู้", "โปร่งใสขึ้น"]),
                        "ไม่ได้รับงบประมาณ" if state == "not_possible" else None,
                        random.choice([None, None, "ร่างแล้ว", "อยู่ระหว่างดำเนินการจัดพิมพ์"]),
                        YEAR_START + timedelta(random.randint(0, 380)),
                        UNITS.index(unit),
                    )
                )
        steps.append(StepFacts(step, tuple(tasks)))
    return steps


def test_a_summary_keeps_every_rule() -> None:
    """Both rounds, as a draft and as it is published."""
    for seed in range(PLANS):
        steps = plan(seed)
        for end, published in ROUNDS:
            composed = compose(steps, "summary", round_end=end, published=published)
            printed = [(one.number, one.text) for one in composed.paragraphs]
            assert not list(complaints(steps, printed, end, names=not published)), (seed, end, published, printed)


def test_outcomes_are_those_of_the_ticks_once_each_numbered_through() -> None:
    for seed in range(300):
        steps = plan(seed)
        for end in (MARCH, SEPTEMBER):
            printed = compose(steps, "outcome", round_end=end, published=True).paragraphs
            stated = {t.outcome for step in steps for t in step.tasks if t.outcome and done(t, end)}
            assert {one.text for one in printed} == stated
            numbers = [one.number for one in printed]
            assert numbers == ([None] if len(printed) == 1 else list(range(1, len(printed) + 1)))


def test_order_of_tasks_does_not_matter() -> None:
    for seed in range(150):
        steps = plan(seed)
        shuffled = [StepFacts(one.number, tuple(Random(seed).sample(one.tasks, len(one.tasks)))) for one in steps]  # noqa: S311
        for end, published in ROUNDS:
            for column in COLUMNS:
                then = compose(steps, column, round_end=end, published=published)
                assert then == compose(shuffled, column, round_end=end, published=published)


def test_every_paragraph_knows_its_tasks_and_no_tick_is_without_one() -> None:
    for seed in range(200):
        steps = plan(seed)
        for end in (MARCH, SEPTEMBER):
            composed = compose(steps, "summary", round_end=end, published=True)
            ticked = {task.task_id for step in steps for task in step.tasks if done(task, end)}
            sources = {task_id for one in composed.paragraphs for task_id in one.task_ids}
            assert ticked <= sources <= {task.task_id for step in steps for task in step.tasks}
            assert not {miss.task_id for miss in composed.missing} & ticked


def test_the_hash_moves_with_a_tick_and_not_with_new_units() -> None:
    """People who are imported after the plan add tasks: nothing that was written rests on them."""
    for seed in range(200):
        steps = plan(seed)
        newcomer = TaskFact(9000, ("กองสวัสดิการสังคม",), MARCH, "pending")
        ticked = replace(newcomer, state="done", done_on=MARCH, result="ประชุมแล้ว")
        for end in (MARCH, SEPTEMBER):
            before = compose(steps, "summary", round_end=end, published=True)
            for task, same in ((newcomer, True), (ticked, False)):
                more = [StepFacts(steps[0].number, (*steps[0].tasks, task)), *steps[1:]]
                after = compose(more, "summary", round_end=end, published=True)
                assert (after.facts_hash == before.facts_hash) is same


def test_what_is_printed_reads_back_with_its_numbers() -> None:
    for seed in range(300):
        for end, published in ROUNDS:
            composed = compose(plan(seed), "summary", round_end=end, published=published)
            cell = tuple(Paragraph(one.number, one.text) for one in composed.paragraphs)
            assert paragraphs(Line(one.typed()) for one in cell) == cell
