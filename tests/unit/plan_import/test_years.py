"""A document of another fiscal year is said to be that; its periods move with their own way of writing."""

from datetime import date

import pytest

from tests.unit.plan_import.import_files import as_text, row
from tracker.plan_import.cover import read_cover
from tracker.plan_import.document import ReadDocument, read_beside
from tracker.plan_import.moving import moved_document
from tracker.plan_import.period import parse_period

SEED_PERIODS = [
    ("ตุลาคม ๒๕๖๕ - เมษายน ๒๕๖๖", "ตุลาคม ๒๕๖๙ - เมษายน ๒๕๗๐"),
    ("ตุลาคม ๒๕๖๕ - ธันวาคม ๒๕๖๕", "ตุลาคม ๒๕๖๙ - ธันวาคม ๒๕๖๙"),
    (
        "ประจำทุกเดือน รอบไตรมาส รอบ๖เดือน ในปีงบประมาณ พ.ศ.๒๕๖๖",
        "ประจำทุกเดือน รอบไตรมาส รอบ๖เดือน ในปีงบประมาณ พ.ศ.๒๕๗๐",
    ),
    ("๑ มกราคม – มิถุนายน ๒๕๖๖", "๑ มกราคม – มิถุนายน ๒๕๗๐"),
    ("๑ ตุลาคม ๒๕๖๕ – ๓๐ กันยายน ๒๕๖๖", "๑ ตุลาคม ๒๕๖๙ – ๓๐ กันยายน ๒๕๗๐"),
]


def reading(periods: list[str], year: int, cover: tuple[str, ...] = ()) -> ReadDocument:
    """A plan with a measure for each period, read as one of the year."""
    rows = [row(f"{n}. มาตรการ", "๑. ทำ", "กองคลัง", text, "ทำแล้ว", "ดี") for n, text in enumerate(periods, 1)]
    return read_beside(as_text(rows, cover=cover), "plan.txt", year)


@pytest.mark.parametrize(
    ("line", "months"),
    [
        ("รอบ (๑๒ เดือน)", 12),
        ("ประจำปีงบประมาณ พ.ศ. ๒๕๖๖ รอบ 6 เดือน", 6),
        ("รอบหกเดือน (ตุลาคม ๒๕๖๕ - มีนาคม ๒๕๖๖)", 6),
        ("รอบที่ ๒ (๑๒ เดือน)", 12),
        ("รอบ ๖ เดือน และรอบ ๑๒ เดือน", None),
        ("ประจำปีงบประมาณ ๒๕๖๖", None),
    ],
)
def test_the_cover_names_the_round(line: str, months: int | None) -> None:
    assert read_cover(["องค์การบริหารส่วนตำบลสมมุติ", line]).round == months


def test_the_cover_alone_tells_another_year() -> None:
    found = reading(["ตลอดปีงบประมาณ"], 2570, ("ประจำปีงบประมาณ ๒๕๖๖",)).other_year
    assert found
    assert (found.fiscal_year, found.asked, found.by_cover) == (2566, 2570, True)


def test_most_of_the_periods_tell_another_year() -> None:
    last_year = [before for before, _ in SEED_PERIODS]
    found = reading([*last_year, "ตลอดปีงบประมาณ"], 2570).other_year
    assert found
    assert (found.fiscal_year, found.by_cover, found.outside, found.dated) == (2566, False, 5, 6)
    assert reading([*last_year, "ตลอดปีงบประมาณ"], 2566).other_year is None
    assert reading(["ต.ค. ๖๕ - ม.ค. ๖๖", "ตลอดปีงบประมาณ"], 2570).other_year is None  # a half is not most


def test_the_refusal_names_the_three_ways_out() -> None:
    found = reading(["ต.ค. ๖๕ - ม.ค. ๖๖"], 2570).other_year
    assert found
    refusal = found.refusal(2570)
    assert refusal.exit_status == 2
    for sentence in (refusal.sentence, refusal.sentence_th):
        for way in ("--fiscal-year 2566", "--shift-from 2566", "--keep-years"):
            assert way in sentence


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("ต.ค. ๖๕ - ม.ค. ๖๖", "อยู่นอกปีงบประมาณ 2570"),
        ("๑ ตุลาคม ๒๕๗๐ เป็นต้นไป", "อยู่นอกปีงบประมาณ 2570"),
        ("ภายใน ๓๑ ธันวาคม ๒๕๗๒", "เกินหนึ่งปี"),
        ("ต.ค. ๖๙ - ก.ย. ๗๓", "เกินหนึ่งปี"),
        ("ภายใน ๓๑ ธันวาคม ๒๕๗๐", ""),
        ("ต.ค. ๖๙ - ก.ย. ๗๑", ""),
        ("มกราคม - ธันวาคม ๒๕๗๐", ""),
        ("ไตรมาส ๑", ""),
    ],
)
def test_a_cell_outside_of_the_year_is_warned_of(text: str, warned: str) -> None:
    messages = [message for message in parse_period(text, 2570).warnings if "ปีงบประมาณ 2570" in message]
    assert len(messages) == bool(warned)
    assert all(warned in message and text in message for message in messages)


def test_the_warning_names_measure_and_cell() -> None:
    warnings = reading(["ไตรมาส ๑", "ต.ค. ๖๕ - ม.ค. ๖๖", "ไตรมาส ๒"], 2570).draft.warnings
    (warning,) = [one for one in warnings if "ปีงบประมาณ 2570" in one.message]
    assert warning.where == "measure 2, ระยะเวลาดำเนินการ"


def test_a_moved_document_keeps_its_way_of_writing_and_agrees_with_its_dates() -> None:
    read = reading([before for before, _ in SEED_PERIODS], 2566, ("ประจำปีงบประมาณ ๒๕๖๖", "รอบ (๑๒ เดือน)"))
    moved = moved_document(read, 2570)
    draft = moved.draft
    assert [measure.period.text for measure in draft.measures] == [after for _, after in SEED_PERIODS]
    assert all(measure.period == parse_period(measure.period.text, 2570) for measure in draft.measures)
    assert draft.measures[0].period.end == date(2027, 4, 30)
    assert (draft.fiscal_year, draft.cover_year, draft.round, draft.tells_results) == (2570, None, None, False)
    assert moved.other_year is None
    assert not [warning for warning in draft.warnings if "ปีงบประมาณ" in warning.message]
    assert [one.original.period for one in moved.measures] == [before for before, _ in SEED_PERIODS]
