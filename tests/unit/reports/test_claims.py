"""Sentences that claim more than was ticked."""

from datetime import date

import pytest

from tracker.reports.claims import claims
from tracker.reports.own_words import to_paragraphs
from tracker.reports.standing import TaskFact
from tracker.reports.step_in_round import StepFacts, StepInRound, step_in_round

END = date(2023, 9, 30)


def step(number: int | None, done: int, whole: int) -> StepInRound:
    units = [f"กองที่{'กขคงจ'[place]}" for place in range(whole)]
    tasks = (
        TaskFact(
            place, (unit,), END, "done" if place < done else "pending", done_on=END if place < done else None,
            result="ทำแล้ว" if place < done else None, unit_order=place,
        )
        for place, unit in enumerate(units)
    )  # fmt: skip
    return step_in_round(StepFacts(number, tuple(tasks)), END)


def quotes(typed: str, *steps: StepInRound) -> list[str]:
    return [one.quote for one in claims(to_paragraphs(typed), steps)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ทุกส่วนราชการจัดทำคู่มือแล้วเสร็จ", ["ทุกส่วนราชการ"]),
        ("จัดทำคู่มือแล้วเสร็จ", ["แล้วเสร็จ"]),
        ("จัดทำครบถ้วน", ["ครบถ้วน"]),
        ("จัดทำแล้วทั้ง ๕ ส่วนราชการ", ["ทั้ง ๕ ส่วนราชการ"]),
        ("ดำเนินการแล้ว ๔ จาก ๕ ส่วนราชการ", ["๔ จาก ๕ ส่วนราชการ"]),
        ("ดำเนินการแล้ว ๓ จาก ๕ ส่วนราชการ", []),
        ("ดำเนินการแล้ว ๓ จาก ๕ ส่วนราชการ ที่เหลือยังไม่แล้วเสร็จ", []),
        ("ยังไม่ครบทุกส่วนราชการ", []),
        ("กองที่ก จัดทำแล้วเสร็จ", []),
        ("กองที่จ จัดทำแล้วเสร็จ", ["แล้วเสร็จ"]),
        ("มีผู้เข้าร่วมทั้งหมด ๓๐ คน", []),
        ("จะแล้วเสร็จเมื่อครบกำหนด", []),
        ("จัดทำคู่มือและแจ้งเวียน", []),
        ("จัดทำคู่มือรวม ๔ ส่วนราชการ", ["รวม ๔ ส่วนราชการ"]),
        ("จัดทำคู่มือรวม ๓ ส่วนราชการ", []),
        ("อบรมรวม ๑๒ ครั้ง", ["รวม ๑๒ ครั้ง"]),
    ],
)
def test_a_sentence_over_three_of_five(typed: str, found: list[str]) -> None:
    assert quotes(typed, step(None, 3, 5)) == found
    assert quotes(typed, step(None, 5, 5)) == []


def test_each_sentence_is_held_against_its_own_step() -> None:
    text = "๑. ทุกส่วนราชการแล้วเสร็จ\n๒. ทุกส่วนราชการแล้วเสร็จ"
    found = claims(to_paragraphs(text), [step(None, 5, 5), step(None, 3, 5)])
    assert [(one.paragraph.number, one.done, one.whole) for one in found] == [(2, 3, 5)]


def test_what_the_tasks_say_is_borne_out() -> None:
    said = to_paragraphs("จัดทำครบทุกเล่ม")
    assert claims(said, [step(None, 3, 5)], {one.text for one in said}) == ()
    assert len(claims(said, [step(None, 3, 5)])) == 1


def by_quarters(ticked: int, round_end: date) -> StepInRound:
    """The year's quarters of one unit, of which the first ones are ticked."""
    days = (date(2022, 12, 31), date(2023, 3, 31), date(2023, 6, 30), date(2023, 9, 30))
    tasks = (
        TaskFact(
            place, ("กองคลัง",), day, "done" if place < ticked else "pending", done_on=day if place < ticked else None,
            result="เผยแพร่แล้ว" if place < ticked else None, cadences=("quarterly",),
        )
        for place, day in enumerate(days)
    )  # fmt: skip
    return step_in_round(StepFacts(None, tuple(tasks)), round_end)


@pytest.mark.parametrize(
    ("typed", "ticked", "found"),
    [
        ("เผยแพร่ครบทุกไตรมาส", 2, []),
        ("เผยแพร่ครบ ๔ ไตรมาส", 2, ["ครบ ๔ ไตรมาส"]),
        ("เผยแพร่ รวม ๔ ครั้ง", 2, ["รวม ๔ ครั้ง"]),
        ("เผยแพร่ รวม ๒ ครั้ง", 2, []),
        ("เผยแพร่ รวม ๒ ครั้ง", 1, ["รวม ๒ ครั้ง"]),
    ],
)
def test_a_count_reaches_no_further_than_the_round(typed: str, ticked: int, found: list[str]) -> None:
    assert quotes(typed, by_quarters(ticked, date(2023, 3, 31))) == found


def test_nothing_is_done_of_what_is_not_due_yet() -> None:
    before = date(2023, 3, 31)
    units = [TaskFact(place, (unit,), END, "pending") for place, unit in enumerate(("กองคลัง", "กองช่าง"))]
    text = to_paragraphs("ทุกส่วนราชการจัดทำแล้วเสร็จ")
    (found,) = claims(text, [step_in_round(StepFacts(None, tuple(units)), before)])
    assert (found.quote, found.done, found.whole, found.of_units) == ("ทุกส่วนราชการ", 0, 2, True)
    (found,) = claims(text, [step_in_round(StepFacts(None, by_quarters(0, before).live[2:]), before)])
    assert (found.done, found.whole, found.of_units) == (0, 2, False)
    cancelled = step_in_round(StepFacts(None, (TaskFact(1, ("กองคลัง",), END, "cancelled"),)), before)
    assert claims(text, [cancelled]) == ()
