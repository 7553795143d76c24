"""Roll-up holds for any facts: order does not matter, nothing unticked is claimed, counts and numbers are right."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.reports.rollup import StepFacts, compose
from tracker.reports.standing import TaskFact
from tracker.thai.numerals import to_thai

YEAR_START, MARCH, SEPTEMBER = date(2022, 10, 1), date(2023, 3, 31), date(2023, 9, 30)
UNITS = ("กองคลัง", "กองช่าง", "สำนักปลัด", "กองการศึกษา")
STATES = ("pending", "in_progress", "submitted", "returned", "done", "not_possible", "cancelled")

days = st.integers(0, 400).map(lambda offset: YEAR_START + timedelta(offset))
said = st.sampled_from(["ประชุม", "ประชุม\nเผยแพร่", "นำ\n๑. หนึ่ง\n๒. สอง", "๑. เดียว", " ", ""])


@st.composite
def steps(draw: st.DrawFn) -> list[StepFacts]:
    found, number = [], 0
    for step in range(1, draw(st.integers(1, 3)) + 1):
        tasks = []
        for _ in range(draw(st.integers(0, 5))):
            number += 1
            closed = draw(st.sampled_from(STATES))
            tasks.append(
                TaskFact(
                    number,
                    (draw(st.sampled_from(UNITS)),),
                    draw(st.one_of(st.none(), days)),
                    closed,
                    draw(days) if closed in ("done", "not_possible", "submitted") else None,
                    draw(said) if closed in ("done", "submitted") else None,
                    draw(st.one_of(st.none(), said)),
                    draw(st.sampled_from([None, "ไม่มีงบประมาณ"])),
                    draw(st.sampled_from([None, "กำลังทำ", "ใกล้เสร็จ"])),
                    draw(days),
                    draw(st.integers(0, 2)),
                )
            )
        found.append(StepFacts(step, tuple(tasks)))
    return found


columns = st.sampled_from(["summary", "outcome"])
ends = st.sampled_from([MARCH, SEPTEMBER])


@settings(max_examples=150, deadline=None)
@given(steps(), columns, ends, st.booleans(), st.randoms(use_true_random=False))
def test_order_of_tasks_does_not_matter(facts, column, end, published, random) -> None:
    shuffled = [StepFacts(step.number, tuple(random.sample(step.tasks, len(step.tasks)))) for step in facts]
    options = {"round_end": end, "published": published}
    assert compose(facts, column, **options) == compose(shuffled, column, **options)


@settings(max_examples=150, deadline=None)
@given(steps(), columns, ends, st.booleans())
def test_numbers_are_none_contiguous_or_one_steps_own(facts, column, end, published) -> None:
    paragraphs = compose(facts, column, round_end=end, published=published).paragraphs
    numbers = [paragraph.number for paragraph in paragraphs]
    sources = {paragraph.task_ids for paragraph in paragraphs}
    if len(numbers) == 1:
        assert numbers == [None]
    elif None in numbers:
        assert len(sources) == 1
    else:
        assert numbers == list(range(1, len(numbers) + 1))
    assert all(paragraph.text.strip() == paragraph.text != "" for paragraph in paragraphs)


@settings(max_examples=150, deadline=None)
@given(steps(), columns, ends, st.booleans(), st.data())
def test_a_text_changes_only_with_its_basis(facts, column, end, published, data) -> None:
    every = [task for step in facts for task in step.tasks]
    if not every:
        return
    changed, other = data.draw(st.sampled_from(every)), data.draw(st.sampled_from(every))
    told = {name: getattr(other, name) for name in ("state", "done_on", "result", "outcome", "reason", "progress_note")}
    after = [
        StepFacts(step.number, tuple(replace(one, **told) if one is changed else one for one in step.tasks))
        for step in facts
    ]
    then, now = (compose(one, column, round_end=end, published=published) for one in (facts, after))
    assert then.cell == now.cell or then.basis != now.basis


@settings(max_examples=150, deadline=None)
@given(steps(), columns, ends)
def test_unticked_tasks_are_neither_sources_nor_names(facts, column, end) -> None:
    composed = compose(facts, column, round_end=end, published=True)
    for step in facts:
        ticked = {t.task_id for t in step.tasks if t.state == "done" and t.done_on and t.done_on <= end}
        told = {
            t.task_id
            for t in step.tasks
            if t.state == "not_possible" or (t.state != "cancelled" and t.progress_note and column == "summary")
        }
        sources = {i for p in composed.paragraphs for i in p.task_ids} & {t.task_id for t in step.tasks}
        assert sources <= ticked | told
        assert not ticked & {miss.task_id for miss in composed.missing}
    unticked = set(UNITS) - {t.units[0] for step in facts for t in step.tasks if t.state == "done"}
    assert not [name for name in unticked for p in composed.paragraphs if name in p.text]


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 12), st.integers(0, 12), st.booleans())
def test_counts_are_right(total, ticked, fan_out) -> None:
    ticked = min(ticked, total)
    tasks = tuple(
        TaskFact(
            number,
            (f"หน่วย {number}" if fan_out else "กองคลัง",),
            MARCH if fan_out else YEAR_START + timedelta(number * 28),
            "done" if number < ticked else "pending",
            MARCH,
            "ประชุม",
        )
        for number in range(total)
    )
    composed = compose([StepFacts(1, tasks)], "summary", round_end=SEPTEMBER, published=True)
    if not ticked:
        assert composed.paragraphs == ()
    elif ticked == total:
        assert composed.paragraphs[0].text == "ประชุม"
    else:
        unit = "ส่วนราชการ" if fan_out else "ครั้ง"
        text = f"ประชุม ดำเนินการแล้ว {to_thai(ticked)} จาก {to_thai(total)} {unit}"
        assert composed.paragraphs[0].text == text
    assert len(composed.missing) == total - ticked
