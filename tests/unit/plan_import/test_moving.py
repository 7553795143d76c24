"""A plan's periods in a later year: the dates move by the years, or a doubt quotes the text."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.plan_draft import DraftMeasure, DraftPlan, DraftStep, Responsible
from tracker.plan_import.moving import move_period, move_text, moved_plan
from tracker.plan_import.period import parse_period
from tracker.thai.calendar import MONTHS, MONTHS_SHORT, fiscal_year_of, last_of_month, to_be
from tracker.thai.numerals import to_thai
from tracker.thai.paragraphs import Paragraph

_DAYS = st.dates(date(2022, 10, 1), date(2023, 9, 30))


@pytest.mark.parametrize(
    ("before", "years", "after"),
    [
        ("ตุลาคม ๒๕๖๕ - เมษายน ๒๕๖๖", 1, "ตุลาคม ๒๕๖๖ - เมษายน ๒๕๖๗"),
        ("ต.ค. 65 - มี.ค. 66", 2, "ต.ค. 67 - มี.ค. 68"),
        ("๓๑/๓/๖๖", 1, "๓๑/๓/๖๗"),
        ("2023-03-31", 1, "2024-03-31"),
        ("1 Oct 2022 - 31 Mar 2023", 3, "1 Oct 2025 - 31 Mar 2026"),
        ("ปีงบประมาณ ๒๕๖๖", 1, "ปีงบประมาณ ๒๕๖๗"),
        ("ปีงบประมาณ 66", 1, "ปีงบประมาณ 67"),
        ("ธ.ค. ๙๙", 1, "ธ.ค. ๐๐"),
        ("ไตรมาส ๑-๒", 1, "ไตรมาส ๑-๒"),
        ("ตลอดปีงบประมาณ", 1, "ตลอดปีงบประมาณ"),
        ("ภายใน ๑๕ วัน", 1, "ภายใน ๑๕ วัน"),
        ("1-15 มี.ค. 2566", 1, "1-15 มี.ค. 2567"),
        ("โทร 1234", 1, "โทร 1234"),
    ],
)
def test_only_what_is_a_year_moves(before: str, years: int, after: str) -> None:
    assert move_text(before, years) == after


@pytest.mark.parametrize("text", ["ตุลาคม - มีนาคม", "ไตรมาส ๑-๒", "ทุกเดือน", "รอบ ๖ เดือน", "ตลอดปีงบประมาณ", "ก.พ. 2567"])
def test_texts_without_years_and_whole_months_move_without_doubt(text: str) -> None:
    period, doubt = move_period(text, 2567, 1)
    old = parse_period(text, 2567)
    assert doubt is None
    assert period.end is not None
    assert old.end is not None
    assert (period.end.year, period.end.month) == (old.end.year + 1, old.end.month)


def test_a_day_that_the_new_year_lacks_is_doubted() -> None:
    period, doubt = move_period("29 กุมภาพันธ์ 2567", 2567, 1)
    assert period.end is None
    assert doubt is not None
    assert "29 กุมภาพันธ์ 2567" in doubt


def _typed(day: date, form: int, thai: bool) -> str:
    year = to_be(day.year)
    text = [
        f"{day.day} {MONTHS[day.month - 1]} {year}",
        f"{day.day} {MONTHS_SHORT[day.month - 1]} {year % 100}",
        f"{day.day}/{day.month}/{year}",
        f"{day.day} {MONTHS[day.month - 1]} พ.ศ. {year}",
        f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    ][form]
    return to_thai(text) if thai else text


@given(
    days=st.tuples(_DAYS, _DAYS).map(sorted),
    form=st.integers(0, 4),
    thai=st.booleans(),
    dash=st.sampled_from([" - ", " ถึง ", "–"]),
    years=st.integers(1, 6),
)
@settings(max_examples=150, deadline=None)
def test_a_range_moves_by_exactly_the_years_or_is_doubted(
    days: list[date], form: int, thai: bool, dash: str, years: int
) -> None:
    first, last = days
    text = f"{_typed(first, form, thai)}{dash}{_typed(last, form, thai)}"
    old = parse_period(text, 2566)
    new, doubt = move_period(text, 2566, years)
    assert new.fiscal_year == 2566 + years
    if doubt is None:
        for before, after in ((old.start, new.start), (old.end, new.end)):
            assert (before is None) == (after is None)
            if before and after:
                assert after.year == before.year + years
                in_february = before == last_of_month(before.year, 2) and after == last_of_month(after.year, 2)
                assert (after.month, after.day) == (before.month, before.day) or in_february
        assert [fiscal_year_of(point.on) for point in new.checkpoints] == [
            fiscal_year_of(point.on) + years for point in old.checkpoints
        ]
    else:
        assert text in doubt
    if (old.start, old.end) == (first, last):
        assert doubt is None


@given(text=st.text(alphabet="๐๑๒๕๖0126 ./-–มกราคมต.พศปีงบ'", max_size=40), years=st.integers(1, 40))
@settings(max_examples=150, deadline=None)
def test_any_text_is_moved_without_an_error(text: str, years: int) -> None:
    period, _doubt = move_period(text, 2566, years)
    assert period == parse_period(period.text, 2566 + years)


def test_what_was_reported_stays_behind_and_years_in_other_texts_are_told() -> None:
    measure = DraftMeasure(
        number=1,
        title="แผนจัดซื้อ พ.ศ. ๒๕๖๖",
        details=(),
        steps=(DraftStep(1, "จัดทำ", period=parse_period("ธ.ค. ๖๕", 2566)), DraftStep(None, "เผยแพร่")),
        responsible=Responsible("กองคลัง", "jointly", ("กองคลัง",)),
        period=parse_period("29 ก.พ. 2566 - 31 มี.ค. 2566", 2566),
        summary=(Paragraph(None, "ทำแล้ว"),),
        outcome=(Paragraph(None, "ดี"),),
    )
    copy = moved_plan(DraftPlan("อบต.", 2566, (measure,)), 2567)
    (moved,) = copy.measures
    assert (moved.summary, moved.outcome, copy.fiscal_year) == ((), (), 2567)
    assert moved.responsible == measure.responsible
    assert moved.steps[0].period is not None
    assert moved.steps[0].period.end == date(2023, 12, 31)
    assert moved.steps[1].period is None
    told = [warning.message for warning in copy.warnings]
    assert any("แผนจัดซื้อ พ.ศ. ๒๕๖๖" in message for message in told)
    assert any("29 ก.พ. 2566 - 31 มี.ค. 2566" in message for message in told)
