"""Roll-up by docs/rules.md, "Roll-up", with made-up facts."""

from datetime import date

import pytest

from tracker.reports.rollup import StepFacts, compose, diff, to_paragraphs
from tracker.reports.standing import TaskFact
from tracker.thai.paragraphs import Paragraph

MARCH, SEPTEMBER = date(2023, 3, 31), date(2023, 9, 30)
DIVISIONS = ("สำนักปลัด", "กองคลัง", "กองช่าง", "กองการศึกษา", "กองสวัสดิการสังคม", "หน่วยตรวจสอบภายใน")


def task(number: int, unit: str = "งานนิติการ", on: date | None = MARCH, **facts: object) -> TaskFact:
    return TaskFact(number, (unit,), on, **{"state": "pending", **facts})  # type: ignore[arg-type]


def done(number: int, unit: str = "งานนิติการ", on: date | None = MARCH, **facts: object) -> TaskFact:
    return task(number, unit, on, **{"state": "done", "done_on": on or MARCH, "result": "จัดประชุมแล้ว", **facts})


def texts(*steps: list[TaskFact], column: str = "summary", **options: object) -> list[tuple[int | None, str]]:
    facts = [StepFacts(number, tuple(tasks)) for number, tasks in enumerate(steps, 1)]
    composed = compose(facts, column, **{"round_end": SEPTEMBER, "published": True, **options})  # type: ignore[arg-type]
    return [(paragraph.number, paragraph.text) for paragraph in composed.paragraphs]


def test_one_task_stands_as_written() -> None:
    assert texts([done(1, result="มีการประชุม")]) == [(None, "มีการประชุม")]
    assert texts([done(1, result="  มีการประชุม \n\n เผยแพร่แล้ว ")]) == [(1, "มีการประชุม"), (2, "เผยแพร่แล้ว")]


def test_one_steps_mixture_of_plain_and_numbered_is_kept() -> None:
    result = "มีช่องทาง\n๑.ร้องเรียน\n๒. การทุจริต\n(3) E-Service"
    assert texts([done(1, result=result)]) == [(None, "มีช่องทาง"), (1, "ร้องเรียน"), (2, "การทุจริต"), (3, "E-Service")]


def test_steps_are_numbered_through() -> None:
    assert texts([done(1, result="ก")], [task(2)], [done(3, result="๑. ข\n๒. ค")]) == [(1, "ก"), (2, "ข"), (3, "ค")]


def test_nothing_ticked_claims_nothing() -> None:
    submitted = task(2, state="submitted", result="ส่งแล้ว", done_on=MARCH)
    assert texts([task(1)], [submitted], [task(3, state="cancelled", result="ยกเลิก", done_on=MARCH)]) == []


def test_fan_out_with_one_text_and_one_missing() -> None:
    tasks = [done(n, unit) for n, unit in enumerate(DIVISIONS[:5])] + [task(9, DIVISIONS[5])]
    assert texts(tasks) == [(None, "จัดประชุมแล้ว ดำเนินการแล้ว ๕ จาก ๖ ส่วนราชการ")]
    assert texts(tasks, thai_digits=False) == [(None, "จัดประชุมแล้ว ดำเนินการแล้ว 5 จาก 6 ส่วนราชการ")]
    named = [(None, "จัดประชุมแล้ว ดำเนินการแล้ว ๕ จาก ๖ ส่วนราชการ ยังไม่รายงาน: หน่วยตรวจสอบภายใน")]
    assert texts(tasks, published=False) == named
    assert texts(tasks, names=True) == named


def test_fan_out_with_different_texts_is_one_paragraph_led_by_names() -> None:
    tasks = [
        done(1, "กองคลัง", result="จัดทำคู่มือ\n๑. ภาษี", unit_order=2),
        done(2, "สำนักปลัด", result="ประชุม", unit_order=1),
        done(3, "กองช่าง", result="ประชุม", unit_order=3),
    ]
    assert texts(tasks) == [(None, "สำนักปลัด, กองช่าง: ประชุม; กองคลัง: จัดทำคู่มือ ๑. ภาษี")]


def test_cadence_of_one_unit_tells_its_latest_and_counts_times() -> None:
    months = [date(2022, 10, 31), date(2022, 11, 30), date(2022, 12, 31), date(2023, 1, 31)]
    tasks = [done(n, on=day, result=f"ครั้งที่ {n}") for n, day in enumerate(months[:3], 1)] + [task(4, on=months[3])]
    assert texts(tasks) == [(None, "งานนิติการ: ครั้งที่ 3 ดำเนินการแล้ว ๓ จาก ๔ ครั้ง")]
    assert texts([done(n, on=day) for n, day in enumerate(months)]) == [(None, "จัดประชุมแล้ว")]


def test_fan_out_with_cadence_counts_units_that_did_all_and_times() -> None:
    first = [done(n, unit, date(2022, 12, 31)) for n, unit in enumerate(DIVISIONS)]
    second = [done(n, unit, MARCH) for n, unit in enumerate(DIVISIONS[:4], 10)]
    rest = [task(n, unit, MARCH) for n, unit in enumerate(DIVISIONS[4:], 20)]
    assert texts([*first, *second, *rest]) == [(None, "จัดประชุมแล้ว ดำเนินการแล้ว ๔ จาก ๖ ส่วนราชการ รวม ๑๐ จาก ๑๒ ครั้ง")]
    waiting = [task(n, unit, MARCH) for n, unit in enumerate(DIVISIONS, 10)]
    assert texts([*first, *waiting]) == [(None, "จัดประชุมแล้ว ดำเนินการแล้ว ๖ จาก ๑๒ ครั้ง")]


def test_round_counts_what_is_scheduled_by_its_last_day() -> None:
    tasks = [done(1, result="รอบแรก"), task(2, on=SEPTEMBER)]
    assert texts(tasks, round_end=MARCH) == [(None, "รอบแรก")]
    assert texts(tasks) == [(None, "รอบแรก ดำเนินการแล้ว ๑ จาก ๒ ครั้ง")]


def test_completion_belongs_to_a_round_by_the_day_it_was_done() -> None:
    assert texts([done(1, done_on=date(2023, 4, 2))], round_end=MARCH) == []
    early = done(1, on=SEPTEMBER, done_on=date(2023, 2, 1))
    assert texts([early], round_end=MARCH) == [(None, "จัดประชุมแล้ว")]
    others = [task(2, "กองช่าง", SEPTEMBER), task(3, "กองคลัง", date(2023, 12, 31))]
    assert texts([early, *others], round_end=MARCH) == [(None, "จัดประชุมแล้ว ดำเนินการแล้ว ๑ จาก ๒ ส่วนราชการ")]


def test_task_without_a_day_is_due_with_the_year() -> None:
    facts = [StepFacts(1, (task(1, on=None),))]
    assert not compose(facts, "summary", round_end=MARCH, published=False).missing
    assert compose(facts, "summary", round_end=SEPTEMBER, published=False).missing


def test_under_way_prints_the_latest_note_of_the_round() -> None:
    noted = task(1, on=SEPTEMBER, state="in_progress", progress_note="ร่างคู่มือ\nแล้ว", progress_noted_on=MARCH)
    assert texts([noted], round_end=MARCH) == [(None, "อยู่ระหว่างดำเนินการ: ร่างคู่มือ แล้ว")]
    assert texts([noted], round_end=date(2022, 9, 30)) == []
    assert texts([noted], column="outcome") == []
    others = [done(2, "กองช่าง", SEPTEMBER), task(3, "กองคลัง", SEPTEMBER)]
    assert texts([noted, *others], published=False) == [
        (
            None,
            "จัดประชุมแล้ว ดำเนินการแล้ว ๑ จาก ๓ ส่วนราชการ ยังไม่รายงาน: งานนิติการ, กองคลัง "
            "อยู่ระหว่างดำเนินการ: งานนิติการ: ร่างคู่มือ แล้ว",
        )
    ]
    assert texts([noted, *others])[0][1].endswith("ส่วนราชการ อยู่ระหว่างดำเนินการ: ร่างคู่มือ แล้ว")


def test_what_was_done_after_the_round_is_still_under_way_in_it() -> None:
    late = done(1, done_on=date(2023, 4, 20), progress_note="กำลังพิมพ์", progress_noted_on=MARCH)
    assert texts([late], round_end=MARCH) == [(None, "อยู่ระหว่างดำเนินการ: กำลังพิมพ์")]


def test_not_possible_is_stated_with_its_reason() -> None:
    refused = task(1, state="not_possible", reason="ไม่มีงบประมาณ", done_on=MARCH)
    assert texts([refused]) == [(None, "ไม่สามารถดำเนินการได้เนื่องจากไม่มีงบประมาณ")]
    assert texts([refused], column="outcome") == []
    tasks = [refused, done(2, "กองช่าง"), done(3, "กองคลัง")]
    count = "จัดประชุมแล้ว ดำเนินการแล้ว ๒ จาก ๓ ส่วนราชการ "
    assert texts(tasks) == [(None, count + "ไม่สามารถดำเนินการได้ ๑ ส่วนราชการ เนื่องจากไม่มีงบประมาณ")]
    assert texts(tasks, names=True) == [(None, count + "งานนิติการ: ไม่สามารถดำเนินการได้เนื่องจากไม่มีงบประมาณ")]


def test_not_possible_declared_after_the_year_is_told_by_its_last_round() -> None:
    october = task(1, state="not_possible", reason="ไม่มีงบประมาณ", done_on=date(2023, 10, 4))
    assert texts([october]) == [(None, "ไม่สามารถดำเนินการได้เนื่องจากไม่มีงบประมาณ")]
    assert texts([october], round_end=MARCH) == []
    april = task(1, state="not_possible", reason="ไม่มีงบประมาณ", done_on=date(2023, 4, 1))
    assert texts([april], round_end=MARCH) == []


def test_outcomes_come_the_same_way() -> None:
    tasks = [done(1, "กองช่าง", outcome="ประชาชนรับรู้"), done(2, "กองคลัง"), task(3, "สำนักปลัด")]
    assert texts(tasks, column="outcome") == [(None, "ประชาชนรับรู้ ดำเนินการแล้ว ๒ จาก ๓ ส่วนราชการ")]
    assert texts([done(1)], [done(2, outcome="ก\nข")], column="outcome") == [(1, "ก"), (2, "ข")]


def test_joint_units_are_one_party() -> None:
    joint = TaskFact(1, ("ประชาสัมพันธ์", "นิติกร"), MARCH, "done", MARCH, "ก")
    later = TaskFact(2, ("ประชาสัมพันธ์", "นิติกร"), SEPTEMBER, "done", SEPTEMBER, "ข")
    assert texts([joint]) == [(None, "ก")]
    assert texts([joint, later]) == [(None, "ประชาสัมพันธ์/นิติกร: ข")]


def test_paragraphs_know_their_tasks_and_the_missing_are_told_apart() -> None:
    steps = [StepFacts(1, (done(5, "กองช่าง"), done(3, "กองคลัง"), task(4, "สำนักปลัด"))), StepFacts(2, (task(7),))]
    composed = compose(steps, "summary", round_end=SEPTEMBER, published=True)
    assert [paragraph.task_ids for paragraph in composed.paragraphs] == [(3, 5)]
    assert [(miss.step, miss.units, miss.task_id) for miss in composed.missing] == [
        (1, ("สำนักปลัด",), 4),
        (2, ("งานนิติการ",), 7),
    ]
    assert composed.cell == (Paragraph(None, "จัดประชุมแล้ว ดำเนินการแล้ว ๒ จาก ๓ ส่วนราชการ"),)


def test_basis_follows_facts_and_not_wording() -> None:
    def basis(*tasks: TaskFact, column: str = "summary", **options: object) -> str:
        options = {"round_end": SEPTEMBER, "published": True, **options}
        return compose([StepFacts(1, tasks)], column, **options).basis  # type: ignore[arg-type]

    facts = (done(1, "กองช่าง"), task(2, "กองคลัง"))
    assert basis(*facts) == basis(*reversed(facts), published=False, thai_digits=False)
    assert basis(*facts) != basis(facts[0], done(2, "กองคลัง"))
    assert basis(*facts) != basis(*facts, column="outcome")
    assert basis(*facts) == basis(*facts, task(3, on=date(2023, 12, 31)))
    noted = task(2, "กองคลัง", progress_note="ใกล้เสร็จ")
    assert basis(*facts) != basis(facts[0], noted)
    assert basis(*facts, column="outcome") == basis(facts[0], noted, column="outcome")


def test_drift_shows_both_sides() -> None:
    then = to_paragraphs("๑. ก\n๒. ข\n๓. ง")
    now = to_paragraphs("๑. ก\n๒. ค\n๓. ง\n๔. จ")
    assert diff(then, now) == (("same", "ก"), ("removed", "ข"), ("added", "ค"), ("same", "ง"), ("added", "จ"))


@pytest.mark.parametrize(
    ("line", "paragraph"),
    [
        ("๑. จัดประชุม", Paragraph(1, "จัดประชุม")),
        ("๑.จัดประชุม", Paragraph(1, "จัดประชุม")),
        ("(๑๒) จัดประชุม", Paragraph(12, "จัดประชุม")),
        ("1) จัดประชุม", Paragraph(1, "จัดประชุม")),
        ("๑.๕ ล้านบาท", Paragraph(None, "๑.๕ ล้านบาท")),
        ("๒๕๖๖. ปี", Paragraph(None, "๒๕๖๖. ปี")),
        ("๑๔ มีนาคม", Paragraph(None, "๑๔ มีนาคม")),
        ("๓.", Paragraph(None, "๓.")),
    ],
)
def test_typed_list_numbers(line: str, paragraph: Paragraph) -> None:
    assert to_paragraphs(line) == (paragraph,)
