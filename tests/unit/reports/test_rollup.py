"""Roll-up with made-up facts (docs/rules.md, "Roll-up")."""

from datetime import date

import pytest

from tracker.reports.rollup import StepFacts, compose, done_in_round, to_paragraphs
from tracker.reports.standing import TaskFact
from tracker.thai.calendar import format_date, quarter_ends
from tracker.thai.paragraphs import Paragraph

MARCH, SEPTEMBER = date(2023, 3, 31), date(2023, 9, 30)
DIVISIONS = ("สำนักปลัด", "กองคลัง", "กองช่าง", "กองการศึกษา", "กองสวัสดิการสังคม", "หน่วยตรวจสอบภายใน")
MONTHS = [date(2022, month, day) for month, day in ((10, 31), (11, 30), (12, 31))] + [
    date(2023, month, day)
    for month, day in ((1, 31), (2, 28), (3, 31), (4, 30), (5, 31), (6, 30), (7, 31), (8, 31), (9, 30))
]
Said = list[tuple[int | str | None, str]]


def task(number: int, unit: str = "งานนิติการ", on: date | None = MARCH, **facts: object) -> TaskFact:
    order = DIVISIONS.index(unit) if unit in DIVISIONS else 9
    return TaskFact(number, (unit,), on, **{"state": "pending", "unit_order": order, **facts})  # type: ignore[arg-type]


def done(number: int, unit: str = "งานนิติการ", on: date | None = MARCH, **facts: object) -> TaskFact:
    return task(number, unit, on, **{"state": "done", "done_on": on or MARCH, "result": "จัดประชุมแล้ว", **facts})


def monthly(said: str = "รายงานผลประจำเดือน{month}", unit: str = "กองคลัง", first: int = 1) -> list[TaskFact]:
    """A year of months, all done; {month} stands for the month's name."""
    return [
        done(number, unit, on, result=said.format(month=format_date(on, style="month")), cadences=("monthly",))
        for number, on in enumerate(MONTHS, first)
    ]


def texts(*steps: list[TaskFact], column: str = "summary", **options: object) -> Said:
    facts = [StepFacts(number, tuple(tasks)) for number, tasks in enumerate(steps, 1)]
    composed = compose(facts, column, **{"round_end": SEPTEMBER, "published": True, **options})  # type: ignore[arg-type]
    return [(paragraph.number, paragraph.text) for paragraph in composed.paragraphs]


def test_one_step_stands_as_written_and_keeps_the_writers_numbers() -> None:
    assert texts([done(1, result="มีการประชุม")]) == [(None, "มีการประชุม")]
    assert texts([done(1, result="  มีการประชุม \n\n เผยแพร่แล้ว ")]) == [(None, "มีการประชุม"), (None, "เผยแพร่แล้ว")]
    result = "มีช่องทาง\n๑.ร้องเรียน\n๒. การทุจริต\n(3) E-Service"
    assert texts([done(1, result=result)]) == [(None, "มีช่องทาง"), (1, "ร้องเรียน"), (2, "การทุจริต"), (3, "E-Service")]


def test_every_step_has_its_item_with_its_own_number_whether_or_not_anything_was_done() -> None:
    steps = [done(1, result="ก")], [task(2)], [done(3, result="ข\nค")], [task(4, on=SEPTEMBER)]
    assert texts(*steps, round_end=MARCH) == [
        (1, "ก"),
        (2, "ยังไม่ได้รายงานผล (ครบกำหนด ๓๑ มีนาคม ๒๕๖๖)"),
        (3, "ข"),
        (None, "ค"),
        (4, "ยังไม่ถึงกำหนด (ครบกำหนด ๓๐ กันยายน ๒๕๖๖)"),
    ]


def test_a_list_under_one_of_several_steps_counts_on_in_the_steps_number() -> None:
    assert texts([done(1)], [done(2, result="มีช่องทาง\n๑. ร้องเรียน\n๒. ทุจริต")])[1:] == [
        (2, "มีช่องทาง"),
        ("2.1", "ร้องเรียน"),
        ("2.2", "ทุจริต"),
    ]


def test_the_steps_numbers_are_the_documents() -> None:
    facts = [StepFacts(number, (done(place),)) for place, number in enumerate((3, None, 7))]
    composed = compose(facts, "summary", round_end=SEPTEMBER, published=True)
    assert [one.number for one in composed.paragraphs] == [3, None, 7]
    facts = [StepFacts(None, (done(place),)) for place in range(2)]
    assert [one.number for one in compose(facts, "summary", round_end=SEPTEMBER, published=True).paragraphs] == [1, 2]


def test_nothing_ticked_claims_nothing() -> None:
    submitted = task(2, state="submitted", result="ส่งแล้ว", done_on=MARCH)
    cancelled = task(3, state="cancelled", result="ยกเลิก", done_on=MARCH)
    waiting = "ยังไม่ได้รายงานผล (ครบกำหนด ๓๑ มีนาคม ๒๕๖๖)"
    assert texts([task(1)], [submitted], [cancelled]) == [(1, waiting), (2, waiting), (3, "ยกเลิกการดำเนินการ")]
    assert texts([task(1)], column="outcome") == []


def test_the_day_that_was_moved_is_the_day_it_was_due() -> None:
    moved = task(1, due_on=date(2023, 5, 15))
    assert texts([moved], round_end=MARCH) == [(None, "ยังไม่ได้รายงานผล (ครบกำหนด ๑๕ พฤษภาคม ๒๕๖๖)")]


def test_units_that_all_said_the_same_are_said_once_without_names() -> None:
    assert texts([done(n, unit) for n, unit in enumerate(DIVISIONS)]) == [
        (None, "จัดประชุมแล้ว"),
        (None, "ดำเนินการครบทั้ง ๖ ส่วนราชการ"),
    ]


def test_a_unit_that_is_missing_is_counted_and_no_other_speaks_for_it() -> None:
    tasks = [done(n, unit) for n, unit in enumerate(DIVISIONS[:2])] + [task(9, DIVISIONS[2])]
    said: Said = [
        (None, "ดำเนินการแล้ว ๒ จาก ๓ ส่วนราชการ ดังนี้"),
        (1, "สำนักปลัด จัดประชุมแล้ว"),
        (2, "กองคลัง จัดประชุมแล้ว"),
    ]
    silent = "ยังไม่ได้รายงานผล ๑ ส่วนราชการ (ครบกำหนด ๓๑ มีนาคม ๒๕๖๖)"
    assert texts(tasks) == [*said, (None, silent)]
    assert texts(tasks, thai_digits=False)[0] == (None, "ดำเนินการแล้ว 2 จาก 3 ส่วนราชการ ดังนี้")
    named = [*said, (None, f"{silent} ได้แก่"), (None, "– กองช่าง")]
    assert texts(tasks, published=False) == texts(tasks, names=True) == named
    assert [number for number, _ in texts([done(20)], tasks)] == [1, 2, "2.1", "2.2", None]


def test_units_that_said_different_things_have_a_sub_item_each_led_by_the_name() -> None:
    tasks = [
        done(1, "กองคลัง", result="จัดทำคู่มือ\nเผยแพร่แล้ว"),
        done(2, "สำนักปลัด", result="ประชุม"),
        done(3, "กองช่าง", result="กองช่าง ประชุม"),
    ]
    assert texts(tasks) == [
        (None, "ดำเนินการครบทั้ง ๓ ส่วนราชการ ดังนี้"),
        (1, "สำนักปลัด ประชุม"),
        (2, "กองคลัง จัดทำคู่มือ"),
        (None, "เผยแพร่แล้ว"),
        (3, "กองช่าง ประชุม"),
    ]


def test_a_text_that_begins_with_another_units_longer_name_is_led_by_its_own() -> None:
    said = "กองช่างสุขาภิบาลร่วมตรวจ"
    noted = task(3, "งานนิติการ"), task(4, "กองช่าง", progress_note=said, progress_noted_on=MARCH)
    assert texts([done(1, "กองช่าง", result=said), done(2, "กองช่างสุขาภิบาล", result="ตรวจแล้ว")])[1:] == [
        (1, f"กองช่าง {said}"),
        (2, "กองช่างสุขาภิบาล ตรวจแล้ว"),
    ]
    others = [task(5, "กองช่างสุขาภิบาล"), *noted]
    assert texts(others, published=False)[0] == (None, f"กองช่าง อยู่ระหว่างดำเนินการ: {said} (๓๑ มีนาคม ๒๕๖๖)")


def test_a_year_of_equal_texts_is_told_once_with_count_and_span() -> None:
    assert texts(monthly("จัดประชุมแล้ว")) == [
        (None, "จัดประชุมแล้ว"),
        (None, "รวม ๑๒ ครั้ง ตั้งแต่ตุลาคม ๒๕๖๕ ถึงกันยายน ๒๕๖๖"),
    ]


def test_texts_that_differ_in_the_month_alone_are_equal_and_say_its_span() -> None:
    assert texts(monthly())[0] == (None, "รายงานผลประจำเดือนตุลาคม ๒๕๖๕ ถึงกันยายน ๒๕๖๖")
    gap = [one for one in monthly() if one.scheduled_on and one.scheduled_on.month != 1]
    assert texts([*gap, task(90, "กองคลัง", MONTHS[3], cadences=("monthly",))]) == [
        (None, "รายงานผลประจำเดือนตุลาคม ๒๕๖๕ ถึงธันวาคม ๒๕๖๕ และกุมภาพันธ์ ๒๕๖๖ ถึงกันยายน ๒๕๖๖"),
        (None, "ดำเนินการแล้ว ๑๑ จาก ๑๒ ครั้ง (ตุลาคม ๒๕๖๕ ถึงธันวาคม ๒๕๖๕ และกุมภาพันธ์ ๒๕๖๖ ถึงกันยายน ๒๕๖๖)"),
        (None, "ยังไม่ได้รายงานผล ๑ ครั้ง (มกราคม ๒๕๖๖)"),
    ]


def test_a_day_in_the_text_stays_as_it_was_last_and_the_annex_is_pointed_to() -> None:
    tasks = [done(n, on=on, result=f"ประชุมเมื่อวันที่ ๕ {format_date(on, style='month')}") for n, on in enumerate(MONTHS)]
    assert texts(tasks) == [
        (None, "ประชุมเมื่อวันที่ ๕ กันยายน ๒๕๖๖"),
        (None, "รวม ๑๒ ครั้ง ตั้งแต่ตุลาคม ๒๕๖๕ ถึงกันยายน ๒๕๖๖"),
        (None, "(รายละเอียดแต่ละครั้งในภาคผนวก)"),
    ]


def test_quarters_are_told_as_quarters() -> None:
    tasks = [
        done(n, on=on, result=f"สรุปผลไตรมาสที่ {n} ครั้งที่ {n}", cadences=("quarterly",))
        for n, on in enumerate(quarter_ends(2566), 1)
    ]
    assert texts(tasks) == [
        (None, "สรุปผลไตรมาสที่ 1 ถึง 4 ครั้งที่ 1 ถึง 4"),
        (None, "รวม ๔ ครั้ง ตั้งแต่ไตรมาสที่ ๑ ถึงไตรมาสที่ ๔"),
    ]


def test_days_are_parted_from_the_word_before_them() -> None:
    days = [date(2022, month, day) for month in (10, 11) for day in (5, 15)]
    tasks = [done(n, on=on, result="ลงพื้นที่", cadences=("monthly",)) for n, on in enumerate(days)]
    assert texts(tasks)[1] == (None, "รวม ๔ ครั้ง ตั้งแต่ ๕ ตุลาคม ๒๕๖๕ ถึง ๑๕ พฤศจิกายน ๒๕๖๕")
    gap = [*tasks[:2], task(90, on=days[2], cadences=("monthly",)), tasks[3]]
    assert texts(gap)[1] == (None, "ดำเนินการแล้ว ๓ จาก ๔ ครั้ง (๕ ตุลาคม ๒๕๖๕ ถึง ๑๕ ตุลาคม ๒๕๖๕ และ ๑๕ พฤศจิกายน ๒๕๖๕)")


def test_different_texts_of_a_year_are_sub_items_at_most_four_and_the_rest_is_counted() -> None:
    said = "กขกคงจฉ"
    tasks = [done(n, on=on, result=said[n % 7]) for n, on in enumerate(MONTHS)]
    assert texts(tasks) == [
        (None, "ดำเนินการครบทั้ง ๑๒ ครั้ง ดังนี้"),
        (1, "ก รวม ๔ ครั้ง (ตุลาคม ๒๕๖๕ ธันวาคม ๒๕๖๕ พฤษภาคม ๒๕๖๖ และกรกฎาคม ๒๕๖๖)"),
        (2, "ข รวม ๒ ครั้ง (พฤศจิกายน ๒๕๖๕ และมิถุนายน ๒๕๖๖)"),
        (3, "ค รวม ๒ ครั้ง (มกราคม ๒๕๖๖ และสิงหาคม ๒๕๖๖)"),
        (4, "ง รวม ๒ ครั้ง (กุมภาพันธ์ ๒๕๖๖ และกันยายน ๒๕๖๖)"),
        (None, "และอีก ๒ ครั้ง ตามภาคผนวก"),
    ]


def test_a_span_of_quarters_is_none_of_a_unit_that_lacks_one_of_them() -> None:
    said, last = "เผยแพร่ไตรมาสที่ {} ครบถ้วน", quarter_ends(2566)[:2]
    tasks = [
        done(10 * place + n, unit, on, result=said.format(n), outcome=said.format(n), cadences=("quarterly",))
        for place, unit in enumerate(("สำนักปลัด", "กองคลัง"), 1)
        for n, on in enumerate(last, 1)
    ]
    late = task(22, "กองคลัง", last[1], cadences=("quarterly",))
    assert texts(tasks, round_end=MARCH)[0] == (None, "เผยแพร่ไตรมาสที่ 1 ถึง 2 ครบถ้วน")
    assert texts([*tasks[:3], late], round_end=MARCH)[:3] == [
        (None, "ดำเนินการแล้ว ๓ จาก ๔ ครั้ง ดังนี้"),
        (1, "สำนักปลัด เผยแพร่ไตรมาสที่ 1 ถึง 2 ครบถ้วน รวม ๒ ครั้ง ตั้งแต่ไตรมาสที่ ๑ ถึงไตรมาสที่ ๒"),
        (2, "กองคลัง เผยแพร่ไตรมาสที่ 1 ครบถ้วน (ไตรมาสที่ ๑)"),
    ]
    nobody_had_both = [tasks[0], tasks[3]]
    assert texts(nobody_had_both, column="outcome", round_end=MARCH) == [
        (1, "เผยแพร่ไตรมาสที่ 1 ครบถ้วน"),
        (2, "เผยแพร่ไตรมาสที่ 2 ครบถ้วน"),
    ]


def test_units_and_months_with_the_same_words_are_told_once_with_what_is_missing() -> None:
    first, second, third = (monthly("รายงานผลแล้ว", unit, 100 * n) for n, unit in enumerate(DIVISIONS[:3], 1))
    refused = task(311, "กองช่าง", MONTHS[10], state="not_possible", done_on=MONTHS[10], reason="บุคลากรไม่เพียงพอ")
    silent = task(312, "กองช่าง", MONTHS[11], cadences=("monthly",))
    tasks = [*first, *second, *third[:10], refused, silent]
    assert texts(tasks) == [
        (None, "รายงานผลแล้ว"),
        (None, "ดำเนินการแล้ว ๓๔ จาก ๓๖ ครั้ง"),
        (None, "ครบทุกเดือน ๒ จาก ๓ ส่วนราชการ"),
        (None, "ยังไม่ได้รายงานผล ๑ ครั้ง (ครบกำหนด ๓๐ กันยายน ๒๕๖๖)"),
        (None, "ไม่สามารถดำเนินการได้ ๑ ครั้ง กองช่าง (สิงหาคม ๒๕๖๖) เนื่องจากบุคลากรไม่เพียงพอ"),
    ]
    assert (None, "– กองช่าง (กันยายน ๒๕๖๖)") in texts(tasks, published=False)
    assert texts([*first, *second, *third])[1] == (
        None,
        "ดำเนินการครบทั้ง ๓ ส่วนราชการ รวม ๓๖ ครั้ง ตั้งแต่ตุลาคม ๒๕๖๕ ถึงกันยายน ๒๕๖๖",
    )


def test_units_and_months_with_different_words_have_a_sub_item_a_unit() -> None:
    tasks = [*monthly("เผยแพร่ภาพสรุป", "สำนักปลัด"), *monthly("ติดประกาศ", "กองคลัง", 100)]
    assert texts([done(200)], tasks)[1:] == [
        (2, "ดำเนินการครบทั้ง ๒ ส่วนราชการ รวม ๒๔ ครั้ง ตั้งแต่ตุลาคม ๒๕๖๕ ถึงกันยายน ๒๕๖๖ ดังนี้"),
        ("2.1", "สำนักปลัด เผยแพร่ภาพสรุป รวม ๑๒ ครั้ง ตั้งแต่ตุลาคม ๒๕๖๕ ถึงกันยายน ๒๕๖๖"),
        ("2.2", "กองคลัง ติดประกาศ รวม ๑๒ ครั้ง ตั้งแต่ตุลาคม ๒๕๖๕ ถึงกันยายน ๒๕๖๖"),
    ]


def test_round_counts_what_is_scheduled_by_its_last_day() -> None:
    tasks = [done(1, result="รอบแรก"), task(2, on=SEPTEMBER)]
    assert texts(tasks, round_end=MARCH) == [(None, "รอบแรก")]
    assert texts(tasks)[:2] == [(None, "รอบแรก"), (None, "ดำเนินการแล้ว ๑ จาก ๒ ครั้ง (มีนาคม ๒๕๖๖)")]


def test_what_was_ticked_early_is_told_and_not_counted_as_due() -> None:
    early = done(1, on=SEPTEMBER, done_on=date(2023, 2, 1))
    assert texts([early], round_end=MARCH) == [(None, "จัดประชุมแล้ว")]
    others = [done(2), done(3, on=date(2022, 12, 31))]
    assert (None, "ดำเนินการก่อนกำหนด ๑ ครั้ง (กันยายน ๒๕๖๖)") in texts([early, *others], round_end=MARCH)
    units = [done(4, "กองคลัง", SEPTEMBER, done_on=date(2023, 2, 1)), task(5, "กองช่าง", SEPTEMBER)]
    assert texts(units, round_end=MARCH) == [(None, "ดำเนินการแล้ว ๑ จาก ๒ ส่วนราชการ ดังนี้"), (1, "กองคลัง จัดประชุมแล้ว")]


def test_the_one_occasion_that_was_ticked_early_is_named_where_others_follow() -> None:
    days = [date(2023, 4, 30), date(2023, 5, 31)]
    party = [task(n, "กองคลัง", on, unit_order=1, cadences=("monthly",)) for n, on in enumerate(days, 10)]
    early = done(1, "กองช่าง", days[0], done_on=MARCH, result="ลงพื้นที่แล้ว", cadences=("monthly",))
    assert texts([early, task(2, "กองช่าง", days[1], cadences=("monthly",)), *party], round_end=MARCH) == [
        (None, "ดำเนินการแล้ว ๑ จาก ๒ ส่วนราชการ ดังนี้"),
        (1, "กองช่าง ลงพื้นที่แล้ว (เมษายน ๒๕๖๖)"),
    ]


def test_completion_belongs_to_a_round_by_the_day_it_was_done() -> None:
    late = "ยังไม่ได้รายงานผล (ครบกำหนด ๓๑ มีนาคม ๒๕๖๖)"
    assert texts([done(1, done_on=date(2023, 4, 2))], round_end=MARCH) == [(None, late)]
    assert texts([done(1, done_on=None)], round_end=MARCH) == [(None, "จัดประชุมแล้ว")]


def test_task_without_a_day_is_due_with_the_year() -> None:
    facts = [StepFacts(1, (task(1, on=None),))]
    assert not compose(facts, "summary", round_end=MARCH, published=False).missing
    assert compose(facts, "summary", round_end=SEPTEMBER, published=False).missing
    assert texts([task(1, on=None)], round_end=MARCH) == [(None, "ยังไม่ถึงกำหนด")]


def test_under_way_prints_the_latest_note_with_its_day_and_says_so_once() -> None:
    noted = task(1, on=SEPTEMBER, state="in_progress", progress_note="ร่างคู่มือ\nแล้ว", progress_noted_on=MARCH)
    assert texts([noted], round_end=MARCH) == [(None, "อยู่ระหว่างดำเนินการ: ร่างคู่มือ แล้ว (๓๑ มีนาคม ๒๕๖๖)")]
    assert texts([noted], column="outcome") == []
    itself = task(1, progress_note="อยู่ระหว่างดำเนินการจัดทำร่าง", progress_noted_on=MARCH)
    assert texts([itself]) == [(None, "อยู่ระหว่างดำเนินการจัดทำร่าง (๓๑ มีนาคม ๒๕๖๖)")]
    others = [done(2, "กองช่าง", SEPTEMBER), task(3, "กองคลัง", SEPTEMBER)]
    draft = texts([noted, *others], published=False)
    assert (None, "งานนิติการ อยู่ระหว่างดำเนินการ: ร่างคู่มือ แล้ว (๓๑ มีนาคม ๒๕๖๖)") in draft
    assert (None, "– กองคลัง") in draft
    assert not [text for _, text in texts([noted, *others]) if "งานนิติการ" in text or "กองคลัง" in text]


def test_what_was_done_after_the_round_is_still_under_way_in_it() -> None:
    late = done(1, done_on=date(2023, 4, 20), progress_note="กำลังพิมพ์", progress_noted_on=MARCH)
    assert texts([late], round_end=MARCH) == [(None, "อยู่ระหว่างดำเนินการ: กำลังพิมพ์ (๓๑ มีนาคม ๒๕๖๖)")]


def test_not_possible_is_stated_with_unit_reason_and_count() -> None:
    refused = task(1, "กองการศึกษา", state="not_possible", reason="ไม่มีงบประมาณ", done_on=MARCH)
    assert texts([refused]) == [(None, "ไม่สามารถดำเนินการได้เนื่องจากไม่มีงบประมาณ")]
    assert texts([refused], column="outcome") == []
    tasks = [refused, done(2, "กองช่าง"), done(3, "กองคลัง")]
    line = (None, "ไม่สามารถดำเนินการได้ ๑ ส่วนราชการ กองการศึกษา เนื่องจากไม่มีงบประมาณ")
    assert texts(tasks)[0] == (None, "ดำเนินการแล้ว ๒ จาก ๓ ส่วนราชการ ดังนี้")
    assert texts(tasks)[-1] == line


def test_not_possible_declared_after_the_year_is_told_by_its_last_round() -> None:
    october = task(1, state="not_possible", reason="ไม่มีงบประมาณ", done_on=date(2023, 10, 4))
    assert texts([october]) == [(None, "ไม่สามารถดำเนินการได้เนื่องจากไม่มีงบประมาณ")]
    waiting = [(None, "ยังไม่ได้รายงานผล (ครบกำหนด ๓๑ มีนาคม ๒๕๖๖)")]
    assert texts([october], round_end=MARCH) == waiting


def test_outcomes_stand_in_order_without_counts_and_names() -> None:
    tasks = [done(1, "กองช่าง", outcome="ประชาชนรับรู้"), done(2, "กองคลัง"), task(3, "สำนักปลัด")]
    assert texts(tasks, column="outcome") == [(None, "ประชาชนรับรู้")]
    assert texts([done(1)], [done(2, outcome="ก\nข")], column="outcome") == [(1, "ก"), (2, "ข")]
    assert texts([done(1, outcome="ก")], [done(2, outcome="ข")], [done(3, outcome="ก")], column="outcome") == [
        (1, "ก"),
        (2, "ข"),
    ]
    assert texts([done(1, outcome="นำ\n๑. ก\n๒. ข")], column="outcome") == [(None, "นำ"), (1, "ก"), (2, "ข")]


def test_joint_units_are_one_party_and_the_only_one_is_not_named() -> None:
    joint = TaskFact(1, ("ประชาสัมพันธ์", "นิติกร"), MARCH, "done", MARCH, "ก")
    later = TaskFact(2, ("ประชาสัมพันธ์", "นิติกร"), SEPTEMBER, "done", SEPTEMBER, "ข")
    assert texts([joint]) == [(None, "ก")]
    assert texts([joint, later]) == [
        (None, "ดำเนินการครบทั้ง ๒ ครั้ง ดังนี้"),
        (1, "ก (มีนาคม ๒๕๖๖)"),
        (2, "ข (กันยายน ๒๕๖๖)"),
    ]


def test_paragraphs_know_their_tasks_and_the_missing_are_told_apart() -> None:
    steps = [StepFacts(1, (done(5, "กองช่าง"), done(3, "กองคลัง"), task(4, "สำนักปลัด"))), StepFacts(2, (task(7),))]
    composed = compose(steps, "summary", round_end=SEPTEMBER, published=True)
    assert [paragraph.task_ids for paragraph in composed.paragraphs] == [(3, 5), (3,), (5,), (4,), (7,)]
    assert [(miss.step, miss.units, miss.task_id) for miss in composed.missing] == [
        (1, ("สำนักปลัด",), 4),
        (2, ("งานนิติการ",), 7),
    ]
    assert [one.task_id for one in done_in_round(steps[0], SEPTEMBER)] == [3, 5]


def test_the_hash_follows_facts_that_give_text_and_not_who_is_missing() -> None:
    def facts_hash(*tasks: TaskFact, column: str = "summary", **options: object) -> str:
        options = {"round_end": SEPTEMBER, "published": True, **options}
        return compose([StepFacts(1, tasks)], column, **options).facts_hash  # type: ignore[arg-type]

    facts = (done(1, "กองช่าง"), task(2, "กองคลัง"))
    assert facts_hash(*facts) == facts_hash(*reversed(facts), published=False, thai_digits=False)
    assert facts_hash(*facts) == facts_hash(facts[0], task(3, "สำนักปลัด"), task(4, "กองการศึกษา"))
    assert facts_hash(*facts) != facts_hash(facts[0], done(2, "กองคลัง"))
    assert facts_hash(*facts) != facts_hash(*facts, column="outcome")
    noted = task(2, "กองคลัง", progress_note="ใกล้เสร็จ")
    assert facts_hash(*facts) != facts_hash(facts[0], noted)
    assert facts_hash(*facts, column="outcome") == facts_hash(facts[0], noted, column="outcome")


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
