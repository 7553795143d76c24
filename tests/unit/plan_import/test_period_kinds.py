"""Kinds of period cells that were read wrong in silence, each in several wordings, with the days they come to."""

import pytest

from tracker.plan_draft import Period
from tracker.plan_import.period import parse_period


def read(text: str, fiscal_year: int = 2567) -> tuple[str, str, list[str], bool]:
    """Start, end (empty where unknown), checkpoints, and whether anything was warned of."""
    period: Period = parse_period(text, fiscal_year)
    start, end = (day.isoformat() if day else "" for day in (period.start, period.end))
    return start, end, [checkpoint.on.isoformat() for checkpoint in period.checkpoints], bool(period.warnings)


@pytest.mark.parametrize(
    ("text", "end", "due"),
    [
        ("รุ่นที่ ๑ พ.ย. - ธ.ค. ๖๖ รุ่นที่ ๒ ม.ค. - ก.พ. ๖๗", "2024-02-29", ["2023-12-31", "2024-02-29"]),
        ("ระยะที่ 1 พฤศจิกายน 2566 ระยะที่ 2 ธันวาคม 2566", "2023-12-31", ["2023-11-30", "2023-12-31"]),
        ("ไตรมาสที่ ๒ (ม.ค. - มี.ค. ๖๗)\nไตรมาสที่ ๓ (เม.ย. - มิ.ย. ๖๗)", "2024-06-30", ["2024-03-31", "2024-06-30"]),
        ("1 พ.ย. - 15 ธ.ค. 66 และ 16 ธ.ค. 66 - 31 ม.ค. 67", "2024-01-31", ["2023-12-15", "2024-01-31"]),
        ("1) ก.พ. - เม.ย. 67\n2) พ.ค. - ก.ค. 67", "2024-07-31", ["2024-04-30", "2024-07-31"]),
        ("พ.ย., ธ.ค. ๒๕๖๖ และ ม.ค. ๒๕๖๗", "2024-01-31", ["2024-01-31"]),
    ],
)
def test_occasions_that_touch_keep_their_ends(text: str, end: str, due: list[str]) -> None:
    assert read(text)[1:] == (end, due, False)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("รอบ ๖ เดือน (ไตรมาสที่ ๒)", ("2023-10-01", "2024-03-31", ["2024-03-31"], False)),
        ("รายงานรอบ 6 เดือน (สิ้นไตรมาส 2)", ("2023-10-01", "2024-03-31", ["2024-03-31"], False)),
        ("รอบ ๖ เดือน (ภายใน ๒๐ เม.ย. ๖๗)", ("2023-10-01", "2024-03-31", ["2024-04-20"], False)),
        ("รอบ ๖ เดือน (ไตรมาส ๔)", ("2024-04-01", "2024-09-30", ["2024-09-30"], False)),
        ("รอบ ๑๒ เดือน (สิ้นปีงบประมาณ)", ("2023-10-01", "2024-09-30", ["2024-09-30"], False)),
        ("รอบ 12 เดือน (ตุลาคม)", ("2023-10-01", "2024-09-30", ["2024-10-31"], False)),
        ("รอบ 12 เดือน (ภายในเดือนสิงหาคม)", ("2023-10-01", "2024-09-30", ["2024-08-31"], True)),
        (
            "รอบ ๖ เดือน (ไตรมาส ๒) รอบ ๑๒ เดือน (ไตรมาส ๔)",
            ("2023-10-01", "2024-09-30", ["2024-03-31", "2024-09-30"], False),
        ),
        ("รอบ ๖ เดือน (พ.ย. ๖๖ - เม.ย. ๖๗)", ("2023-11-01", "2024-04-30", ["2024-03-31"], False)),
        ("รอบ ๖ เดือน (ปีงบประมาณ ๒๕๖๗)", ("2023-10-01", "2024-09-30", ["2024-03-31", "2024-09-30"], False)),
    ],
)
def test_a_round_with_a_bracket_is_the_rounds_months(text: str, period: tuple[str, str, list[str], bool]) -> None:
    assert read(text) == period


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("งบประมาณ 45,000 บาท ไตรมาส 3", "2024-04-01", "2024-06-30"),
        ("วงเงิน ๖๗,๐๐๐ บาท พ.ย. ๖๖ - ม.ค. ๖๗", "2023-11-01", "2024-01-31"),
        ("ก.พ. 50,000 บาท", "2024-02-01", "2024-02-29"),
        ("มี.ค. 67 (ใช้งบ 2567 บาท)", "2024-03-01", "2024-03-31"),
        ("งบประมาณ 2,567,000 ไตรมาส 1", "2023-10-01", "2023-12-31"),
        ("ไม่ใช้งบประมาณ ไตรมาส ๔", "2024-07-01", "2024-09-30"),
        ("งบประมาณ ๒๕๖๗", "2023-10-01", "2024-09-30"),
    ],
)
def test_money_is_no_year(text: str, start: str, end: str) -> None:
    assert read(text) == (start, end, [end], False)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("พฤศจิกายน '66 – มกราคม '67", "2023-11-01", "2024-01-31"),
        ("ธ.ค. ’66 ถึง มี.ค. ’67", "2023-12-01", "2024-03-31"),
        ("ปีงบประมาณ '67", "2023-10-01", "2024-09-30"),
        ("เริ่มต้น 15 พ.ย. 66 วันสิ้นสุด 20 ส.ค. 67", "2023-11-15", "2024-08-20"),
        ("อย่างต่อเนื่องตลอดปี", "2023-10-01", "2024-09-30"),
        ("ดำเนินการต่อเนื่องตลอดทั้งปี", "2023-10-01", "2024-09-30"),
    ],
)
def test_years_and_whole_years_beside_other_words(text: str, start: str, end: str) -> None:
    assert read(text) == (start, end, [end], False)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("ไตรมาส ๒/๒๕๖๗", "2024-01-01", "2024-03-31"),
        ("ไตรมาสที่ 4/67", "2024-07-01", "2024-09-30"),
        ("ภายในไตรมาส 2/2567", "", "2024-03-31"),
        ("ไตรมาส 2/2567, 3/2567", "2024-01-01", "2024-06-30"),
        ("H2/2567", "2024-04-01", "2024-09-30"),
        ("ครึ่งปีหลัง/2567", "2024-04-01", "2024-09-30"),
    ],
)
def test_a_quarter_or_half_over_a_year_is_fiscal_and_doubtful(text: str, start: str, end: str) -> None:
    assert read(text) == (start, end, [end], True)


@pytest.mark.parametrize(
    "text", ["ไตรมาส ๒/๒๕๖๗ ปีงบประมาณ", "ปีงบประมาณ 2567 ไตรมาส 2/2567", "ไตรมาส 2/2567 (ม.ค. - มี.ค. 67)"]
)
def test_a_quarter_over_a_year_that_is_said_to_be_fiscal_is_not_doubtful(text: str) -> None:
    assert read(text) == ("2024-01-01", "2024-03-31", ["2024-03-31"], False)


@pytest.mark.parametrize("text", ["ประชุมสมัยวิสามัญที่ 3/2567", "ฉบับที่ 4/2567", "แผนงานที่ 5/2567", "ไตรมาส 6/2567"])
def test_running_numbers_over_a_year_are_no_months(text: str) -> None:
    assert read(text) == ("", "", [], True)


def test_numbers_over_a_year_behind_words_that_lead_to_a_time_are_months() -> None:
    assert read("ตั้งแต่ 11/2566 ถึง 4/2567") == ("2023-11-01", "2024-04-30", ["2024-04-30"], False)
    assert read("ภายใน 5/2567") == ("", "2024-05-31", ["2024-05-31"], False)


def test_a_list_number_before_a_month_is_no_day() -> None:
    assert read("1. พฤศจิกายน 2566") == ("2023-11-01", "2023-11-30", ["2023-11-30"], True)
    assert read("1. พ.ย. 66 2. ก.พ. 67") == ("2023-11-01", "2024-02-29", ["2023-11-30", "2024-02-29"], False)
    assert read("1.พ.ย. 66") == ("2023-11-01", "2023-11-01", ["2023-11-01"], True)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("ภายในวันที่ ๑๐ ของเดือนสุดท้ายของทุกไตรมาส", ["2023-12-10", "2024-03-10", "2024-06-10", "2024-09-10"]),
        ("วันที่ 5 ของเดือนแรกในแต่ละไตรมาส", ["2023-10-05", "2024-01-05", "2024-04-05", "2024-07-05"]),
        ("ทุกวันที่ 31 ของเดือนที่สองของแต่ละไตรมาส", ["2023-11-30", "2024-02-29", "2024-05-31", "2024-08-31"]),
    ],
)
def test_days_of_a_month_of_each_quarter(text: str, due: list[str]) -> None:
    assert read(text) == ("2023-10-01", "2024-09-30", due, False)


def test_a_day_of_the_next_quarter_or_of_an_unnamed_month_is_unknown() -> None:
    assert read("ภายในวันที่ 5 ของเดือนแรกของไตรมาสถัดไป") == ("", "", [], True)
    assert read("ภายในวันที่ 5 ของเดือนแรก") == ("", "", [], True)


@pytest.mark.parametrize(
    ("text", "start", "end", "due"),
    [
        ("within June 2024", "", "2024-06-30", ["2024-06-30"]),
        ("by the end of February 2024", "", "2024-02-29", ["2024-02-29"]),
        ("not later than 15 May 2024", "", "2024-05-15", ["2024-05-15"]),
        ("every 3 months", "2023-10-01", "2024-09-30", ["2023-12-31", "2024-03-31", "2024-06-30", "2024-09-30"]),
        ("Every half year", "2023-10-01", "2024-09-30", ["2024-03-31", "2024-09-30"]),
        ("Twice per fiscal year", "2023-10-01", "2024-09-30", ["2024-03-31", "2024-09-30"]),
        ("three times a year", "2023-10-01", "2024-09-30", ["2024-01-31", "2024-05-31", "2024-09-30"]),
        ("throughout the fiscal year", "2023-10-01", "2024-09-30", ["2024-09-30"]),
        ("second half of fiscal year 2024", "2024-04-01", "2024-09-30", ["2024-09-30"]),
    ],
)
def test_english_words(text: str, start: str, end: str, due: list[str]) -> None:
    assert read(text) == (start, end, due, False)


def test_english_before_and_odd_cadences_are_doubtful() -> None:
    assert read("before June 2024") == ("", "2024-05-31", ["2024-05-31"], True)
    assert read("every five months")[3]
    assert read("5 times a year")[3]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("ทุกวันที่ 10 ของเดือนมกราคม เมษายน และกรกฎาคม", ["2024-01-10", "2024-04-10", "2024-07-10"]),
        ("ภายในวันที่ ๕ ของเดือน ธ.ค. และ มี.ค.", ["2023-12-05", "2024-03-05"]),
        ("เดือนแรกของทุกไตรมาส", ["2023-10-31", "2024-01-31", "2024-04-30", "2024-07-31"]),
    ],
)
def test_a_day_of_several_months_and_a_month_of_each_quarter(text: str, due: list[str]) -> None:
    assert read(text)[2] == due
