"""The seed's plan, every task ticked with the seed's own results, gives the seed's last two columns again."""

import re
from dataclasses import dataclass
from datetime import date

import pytest

from tests.shared import REPORT, shared
from tracker.reports.rollup import StepFacts, compose, to_paragraphs
from tracker.reports.standing import TaskFact
from tracker.thai.numerals import to_thai
from tracker.thai.paragraphs import Paragraph

YEAR_END = date(2023, 9, 30)
DIVISIONS = ("สำนักปลัด", "กองคลัง", "กองช่าง", "กองการศึกษา")


@dataclass(frozen=True)
class Row:
    """A measure's steps and last two cells, and who does it when."""

    steps: int
    summary: tuple[Paragraph, ...]
    outcome: tuple[Paragraph, ...]
    units: tuple[tuple[str, ...], ...]
    checkpoints: tuple[date, ...]


MONTHS = tuple(date(2022 + (m < 10), m, 28) for m in (10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9))
EACH = tuple((division,) for division in DIVISIONS)
TASKS = {
    1: (EACH, (date(2023, 4, 30),)),
    2: ((("งานนิติการ",),), (date(2022, 12, 31),)),
    3: (EACH, MONTHS),
    4: ((("คณะกรรมการสนับสนุนการประเมิน ITA",),), (date(2023, 6, 30),)),
    5: (EACH, (date(2023, 6, 30),)),
    6: ((("เจ้าหน้าที่ฝ่ายประชาสัมพันธ์", "นิติกร"),), (YEAR_END,)),
}


def paragraphs(cell: str) -> tuple[Paragraph, ...]:
    return to_paragraphs("\n".join(re.findall(r"<p>(.*?)</p>", cell, re.DOTALL)))


def rows() -> dict[int, Row]:
    source = shared(REPORT).read_text(encoding="utf-8")
    lines = [line.split("\t") for line in source.splitlines() if line.startswith("<p>")]
    return {
        number: Row(len(paragraphs(cells[1])), paragraphs(cells[4]), paragraphs(cells[5]), *TASKS[number])
        for number, cells in enumerate(lines, 1)
    }


def typed(paragraph: Paragraph) -> str:
    return paragraph.text if paragraph.number is None else f"{to_thai(paragraph.number)}. {paragraph.text}"


def shares(cell: tuple[Paragraph, ...], steps: int) -> list[str | None]:
    """A cell's paragraphs dealt to the steps: one each, or all of them at the last step."""
    if len(cell) == steps:
        return [paragraph.text for paragraph in cell]
    return [None] * (steps - 1) + ["\n".join(map(typed, cell))]


def ticked(row: Row, without: frozenset[int] = frozenset()) -> list[StepFacts]:
    steps, number = [], 0
    for index, (result, outcome) in enumerate(
        zip(shares(row.summary, row.steps), shares(row.outcome, row.steps), strict=True)
    ):
        tasks = []
        for units in row.units:
            for day in row.checkpoints:
                number += 1
                state = "pending" if number in without else "done"
                tasks.append(TaskFact(number, units, day, state, day, result, outcome))
        steps.append(StepFacts(index + 1, tuple(tasks)))
    return steps


COUNTS = {
    1: [(None, "ดำเนินการครบทั้ง ๔ ส่วนราชการ")] * 3,
    3: [(None, "ดำเนินการครบทั้ง ๔ ส่วนราชการ รวม ๔๘ ครั้ง ตั้งแต่ตุลาคม ๒๕๖๕ ถึงกันยายน ๒๕๖๖")] * 2,
    5: [(None, "ดำเนินการครบทั้ง ๔ ส่วนราชการ")],
}
"""The line under each step that several units have done: how many, in a year how often."""


@pytest.mark.parametrize("number", TASKS)
@pytest.mark.parametrize("published", [False, True])
def test_columns_come_back(number: int, published: bool) -> None:
    row = rows()[number]
    for column, cell in (("summary", row.summary), ("outcome", row.outcome)):
        composed = compose(ticked(row), column, round_end=YEAR_END, published=published)  # type: ignore[arg-type]
        counts = COUNTS.get(number, []) if column == "summary" else []
        lines = [one for one in composed.cell if (one.number, one.text) not in counts]
        assert tuple(lines) == cell
        assert len(composed.cell) - len(lines) == len(counts)
        assert not composed.missing


def test_seed_is_read_as_it_stands() -> None:
    measures = rows()
    assert [row.steps for row in measures.values()] == [3, 3, 2, 2, 1, 1]
    assert [p.number for p in measures[6].summary] == [None, 1, 2, 3]
    assert [p.number for p in measures[5].summary] == [1, 2]
    assert [p.number for p in measures[1].outcome] == [None]


def test_one_division_late_is_missing_and_the_others_do_not_speak_for_it() -> None:
    row = rows()[5]
    composed = compose(ticked(row, frozenset({2})), "summary", round_end=YEAR_END, published=True)
    lead, *others = composed.cell
    assert lead == Paragraph(None, "ดำเนินการแล้ว ๓ จาก ๔ ส่วนราชการ ดังนี้")
    assert {one.text for one in others if one.number} == {
        f"{unit} {row.summary[0].text}" for unit in ("สำนักปลัด", "กองช่าง", "กองการศึกษา")
    }
    assert others[-1] == Paragraph(None, "ยังไม่ได้รายงานผล ๑ ส่วนราชการ (ครบกำหนด ๓๐ มิถุนายน ๒๕๖๖)")


def test_nothing_ticked_says_of_every_step_that_nothing_was_reported() -> None:
    for row in rows().values():
        composed = compose(ticked(row, frozenset(range(1, 200))), "summary", round_end=YEAR_END, published=True)
        numbers = [None] if row.steps == 1 else list(range(1, row.steps + 1))
        assert [one.number for one in composed.cell] == numbers
        assert all(one.text.startswith("ยังไม่ได้รายงานผล") for one in composed.cell)
        assert len(composed.missing) == row.steps * len(row.units) * len(row.checkpoints)
