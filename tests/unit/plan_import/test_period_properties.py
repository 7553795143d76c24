"""What must hold of every period cell, whatever it says."""

from datetime import date, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracker.plan_draft import Period
from tracker.plan_import.period import parse_period
from tracker.schedule import CADENCES, MONTHS_OF, checkpoints
from tracker.thai.calendar import (
    MONTHS,
    MONTHS_SHORT,
    fiscal_year_end,
    fiscal_year_of,
    format_date,
    last_of_month,
    months_between,
)
from tracker.thai.numerals import to_arabic, to_thai

settings.register_profile("period", deadline=None)
settings.load_profile("period")

WORDS = [
    *MONTHS, *MONTHS_SHORT, "มค", "ตค", "กพ", "กรกฏาคม", "พฤศิจิกายน", "2565", "๒๕๖๖", "66", "๖๕", "25671",
    "2023", "1", "๓๑", "30", "5",
    "-", "–", "ถึง", "จนถึง", "และ", ",", "/", "หรือ", "(", ")", "\n", " ", ".", ":", "วันที่", "เดือน",
    "ปี", "พ.ศ.", "ค.ศ.",
    "ปีงบประมาณ", "ไตรมาส", "ไตรมาสที่ 1-2", "Q3", "ครึ่งปีแรก", "6 เดือนแรก", "รอบ 6 เดือน",
    "รอบ 9 และ 12 เดือน", "ทุกเดือน",
    "รายไตรมาส", "ปีละ 2 ครั้ง", "ปีละ 3 ครั้ง", "ทุกวันที่ 5", "ของทุกเดือน", "ของทุกปี", "สิ้นเดือน",
    "ทุกสัปดาห์", "ตลอดปี",
    "ต่อเนื่อง", "ภายใน", "ก่อน", "ไม่เกิน", "ตั้งแต่", "เริ่ม", "ระหว่าง", "เป็นต้นไป", "สิ้น", "ต้น",
    "ปัจจุบัน", "บัดนี้", "10 วัน",
    "3 เดือน", "1 ปี", "15 วันทำการ", "นับแต่", "หลัง", "สิ้นปีงบประมาณ", "จนกว่าจะแล้วเสร็จ", "ครั้งที่ 1",
    "12 งวด", "จากเดิม", "เป็น",
    "ยกเว้น", "ขยายถึง", "วันศุกร์ที่", "(ศ.)", "เวลา 08.30 น.", "1/10/2565", "2022-10-01", "10/2565",
    "ปีเดียวกัน", "ปีการศึกษา 2566",
    "ประชุม", "คณะกรรมการ", "ประมาณ", "Oct 2022", "to",
]  # fmt: skip
cells = st.lists(st.sampled_from(WORDS), max_size=9).map("".join) | st.lists(st.sampled_from(WORDS), max_size=9).map(
    " ".join
)
fiscal_years = st.integers(2550, 2590)
days = st.dates(date(2015, 1, 1), date(2045, 12, 31))


def check(period: Period) -> None:
    if period.start and period.end:
        assert period.start <= period.end
    due = [checkpoint.on for checkpoint in period.checkpoints]
    assert due == sorted(set(due))
    if period.end:
        last = period.end
    else:
        last = max(
            fiscal_year_end(period.fiscal_year),
            fiscal_year_end(fiscal_year_of(period.start or date.min.replace(year=1500))),
        )
        assert period.warnings, "an unknown end is always reported"
    assert all((period.start is None or period.start <= on) and on <= last for on in due)
    assert period.cadences == tuple(cadence for cadence in CADENCES if cadence in period.cadences)
    if period.end is None and period.start is None:
        assert period.warnings
    if period.end:
        assert due


@given(st.text(max_size=60), fiscal_years)
@example("", 2566)
@example("๐ ๐", 2566)
def test_no_text_whatever_breaks_the_parser(text: str, fiscal_year: int) -> None:
    check(parse_period(text, fiscal_year))


@settings(max_examples=300)
@given(cells, fiscal_years)
@example("นับแต่กุมภาพันธ์สิ้นปีงบประมาณภายในมกราคม", 2550)
@example("ไตรมาสที่ 1-2ยกเว้นมีนาคม", 2550)
@example("ทุกเดือนยกเว้นมกราคมกุมภาพันธ์มีนาคมเมษายนพฤษภาคมมิถุนายนกรกฎาคมสิงหาคมกันยายนตุลาคมพฤศจิกายนธันวาคม", 2550)
def test_every_mixture_of_the_words_of_periods_keeps_the_rules(text: str, fiscal_year: int) -> None:
    check(parse_period(text, fiscal_year))


@settings(max_examples=150)
@given(cells, fiscal_years)
def test_thai_and_arabic_digits_and_all_dashes_mean_the_same(text: str, fiscal_year: int) -> None:
    expected = parse_period(text, fiscal_year)
    for other in (to_thai(text), to_arabic(text), text.replace("-", "—"), text.replace("–", "~")):
        read = parse_period(other, fiscal_year)
        assert (read.start, read.end, read.cadences, read.checkpoints) == (
            expected.start,
            expected.end,
            expected.cadences,
            expected.checkpoints,
        )
        assert bool(read.warnings) == bool(expected.warnings)


@given(st.tuples(days, days).map(sorted), st.sampled_from([" - ", "-", " – ", " ถึง ", "\n–\n"]), st.booleans())
def test_a_range_written_in_any_style_is_read_back(bounds: list[date], dash: str, thai_digits: bool) -> None:
    start, end = bounds
    for style in ("long", "short"):
        text = dash.join(format_date(day, style=style, thai_digits=thai_digits) for day in (start, end))
        period = parse_period(text, fiscal_year_of(end))
        assert (period.start, period.end, period.warnings) == (start, end, ()), text
        assert [checkpoint.on for checkpoint in period.checkpoints] == [end]
    months = dash.join(format_date(day, style="month", thai_digits=thai_digits) for day in (start, end))
    period = parse_period(months, fiscal_year_of(end))
    assert (period.start, period.end, period.warnings) == (start.replace(day=1), last_of_month(end.year, end.month), ())


@given(st.tuples(days, st.integers(0, 360)))
def test_a_start_without_a_year_is_the_last_such_day_before_the_end(case: tuple[date, int]) -> None:
    end, length = case
    start = end - timedelta(days=length)
    text = f"{start.day} {MONTHS[start.month - 1]} - {format_date(end)}"
    period = parse_period(text, fiscal_year_of(end))
    if (start.month, start.day) == (2, 29) or (start.month == end.month and start.year != end.year):
        return
    assert (period.start, period.end, period.warnings) == (start, end, ()), text


@given(days, fiscal_years, st.sampled_from(["long", "short"]))
def test_a_day_is_its_own_start_and_end_and_a_deadline_has_no_start(day: date, fiscal_year: int, style: str) -> None:
    text = format_date(day, style=style)  # type: ignore[arg-type]
    single, deadline = parse_period(text, fiscal_year), parse_period(f"ภายในวันที่ {text}", fiscal_year)
    assert (single.start, single.end) == (day, day)
    assert (deadline.start, deadline.end) == (None, day)
    years_after = fiscal_year_of(day) - fiscal_year
    assert len(single.warnings) == (years_after != 0)
    assert len(deadline.warnings) == (years_after not in (0, 1))


@given(st.tuples(days, days).map(sorted), st.sets(st.sampled_from(CADENCES)), st.lists(st.integers(1, 31), max_size=3))
def test_checkpoints_are_unique_ordered_inside_and_closing(
    bounds: list[date], cadences: set[str], named: list[int]
) -> None:
    start, end = bounds
    due = checkpoints(start, end, cadences, named)  # type: ignore[arg-type]
    assert [checkpoint.on for checkpoint in due] == sorted({checkpoint.on for checkpoint in due})
    assert all(start <= checkpoint.on <= end for checkpoint in due)
    if not cadences:
        assert [checkpoint.on for checkpoint in due] == [end]
    for cadence in cadences - {"monthly"}:
        closing = {
            last_of_month(year, month)
            for year, month in months_between(start, end)
            if (month + 3) % MONTHS_OF[cadence] == 0 and last_of_month(year, month) <= end  # type: ignore[index]
        }
        found = {checkpoint.on for checkpoint in due if cadence in checkpoint.cadences}
        assert found == closing or (not closing and found <= {end})
