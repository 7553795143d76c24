"""Period cells of real plans, and the rules of docs/rules.md, "Periods", one by one."""

import csv
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.shared import shared
from tracker.plan_draft import Period
from tracker.plan_import.period import parse_period

# Rows of the shared list whose note answers from the rest of their document, not from the cell.
FROM_CONTEXT = ("reporting round", "LAO page: two rounds", "TRAP: the")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def read(text: str, fiscal_year: int = 2566) -> Period:
    return parse_period(text, fiscal_year)


def dates(period: Period) -> tuple[str, str]:
    return iso(period.start), iso(period.end)


def due(period: Period) -> list[str]:
    return [checkpoint.on.isoformat() for checkpoint in period.checkpoints]


@pytest.mark.parametrize("row", rows(ROOT / "tests" / "data" / "periods.tsv"), ids=lambda row: row["text"][:40])
def test_a_cell_is_read_as_a_person_reads_it(row: dict[str, str]) -> None:
    period = parse_period(row["text"].replace("\\n", "\n"), int(row["fiscal_year"]))
    warned = "y" if period.warnings else "n"
    assert (*dates(period), ",".join(period.cadences), warned) == (
        row["start"],
        row["end"],
        row["cadences"],
        row["warned"],
    ), period.warnings


def test_the_shared_examples_are_read_or_reported() -> None:
    wrong = []
    for row in rows(shared("examples/periods.tsv")):
        years = row["fiscal_year_be"]
        period = parse_period(row["expression"].replace("\\n", "\n"), int(years[:4]) if years[0].isdigit() else 2566)
        told = [row[name] for name in ("start", "end")]
        agrees = all(known in ("?", found) for known, found in zip(told, dates(period), strict=True))
        if not agrees and not period.warnings and not row["note"].startswith(FROM_CONTEXT):
            wrong.append((row["expression"], dates(period)))
    assert wrong == []


def test_the_contract_of_the_command_line() -> None:
    assert read("ตุลาคม ๒๕๖๕ - เมษายน ๒๕๖๖").as_json() == {
        "text": "ตุลาคม ๒๕๖๕ - เมษายน ๒๕๖๖",
        "fiscal_year": 2566,
        "start": "2022-10-01",
        "end": "2023-04-30",
        "cadences": [],
        "checkpoints": [{"on": "2023-04-30", "cadences": []}],
        "warnings": [],
    }


def test_the_cells_of_the_seed() -> None:
    assert dates(read("ตุลาคม ๒๕๖๕ - ธันวาคม ๒๕๖๕")) == ("2022-10-01", "2022-12-31")
    assert dates(read("๑ มกราคม – มิถุนายน ๒๕๖๖")) == ("2023-01-01", "2023-06-30")
    assert dates(read("๑ มกราคม – ๓๐ มิถุนายน ๒๕๖๖")) == ("2023-01-01", "2023-06-30")
    third = read("เป็นประจำทุกเดือน รอบไตรมาส รอบ๖เดือน ในปีงบประมาณ พ.ศ.๒๕๖๖")
    assert third.cadences == ("monthly", "quarterly", "half-yearly")
    assert (len(third.checkpoints), third.warnings) == (12, ())
    assert third.checkpoints[5].cadences == ("monthly", "quarterly", "half-yearly")


def test_an_impossible_end_is_unknown_its_start_stays_and_the_text_is_quoted() -> None:
    period = read("1 ตุลาคม 2565 - 31 มิถุนายน 2566")
    assert dates(period) == ("2022-10-01", "")
    assert "31 มิถุนายน 2566" in period.warnings[0]


def test_an_end_before_its_start_is_unknown() -> None:
    period = read("1 ตุลาคม 2566 - 30 กันยายน 2566")
    assert dates(period) == ("2023-10-01", "")
    assert len(period.warnings) == 1


def test_ten_days_that_are_eleven_keep_their_dates_and_are_reported() -> None:
    period = read("10 วัน (วันที่ 24 ธันวาคม 2566-3 มกราคม 2567)", 2567)
    assert dates(period) == ("2023-12-24", "2024-01-03")
    assert "10 วัน" in period.warnings[0]
    assert "11" in period.warnings[0]


def test_onward_has_no_end_and_is_due_at_the_fiscal_years_end() -> None:
    period = read("เดือนมีนาคม 2566 เป็นต้นไป")
    assert (*dates(period), due(period)) == ("2023-03-01", "", ["2023-09-30"])
    assert period.warnings


def test_brackets_win_over_the_quarter_they_explain_even_a_calendar_one() -> None:
    fiscal, calendar = read("ไตรมาสที่ 2 (ม.ค. - มี.ค. 66)"), read("ไตรมาสที่ 2 (เม.ย. - มิ.ย. 66)")
    assert (*dates(fiscal), fiscal.warnings) == ("2023-01-01", "2023-03-31", ())
    assert (*dates(calendar), calendar.warnings) == ("2023-04-01", "2023-06-30", ())
    assert read("ไตรมาสที่ 3 (ต.ค. - ธ.ค. 65)").warnings


def test_a_year_without_budget_is_the_calendar_year_and_its_quarters_are_ambiguous() -> None:
    assert dates(read("พ.ศ. ๒๕๖๕")) == ("2022-01-01", "2022-12-31")
    assert dates(read("ปีงบประมาณ ๒๕๖๕")) == ("2021-10-01", "2022-09-30")
    quarters = read("ไตรมาส 3-4 ของปี 2564")
    assert dates(quarters) == ("", "")
    assert quarters.warnings


def test_an_amended_period_is_the_second() -> None:
    period = read("จากเดิม ต.ค. 65 - มี.ค. 66 เป็น เม.ย. - ก.ย. 66")
    assert (*dates(period), period.warnings) == ("2023-04-01", "2023-09-30", ())


def test_a_term_from_the_fiscal_years_end_is_computed_and_one_from_an_event_is_not() -> None:
    computed, relative = read("ภายใน 30 วัน นับจากสิ้นสุดปีงบประมาณ"), read("ภายใน ๑๕ วันนับแต่วันที่ได้รับอนุมัติ")
    assert (*dates(computed), computed.warnings) == ("", "2023-10-30", ())
    assert dates(relative) == ("", "")
    assert "ภายใน ๑๕ วันนับแต่วันที่ได้รับอนุมัติ" in relative.warnings[0]


def test_a_list_of_months_is_due_at_each_end() -> None:
    period = read("เดือนมีนาคมและเดือนกันยายน ๒๕๖๖")
    assert (*dates(period), due(period)) == ("2023-03-01", "2023-09-30", ["2023-03-31", "2023-09-30"])
    assert due(read("ไตรมาส ๑, ๓")) == ["2022-12-31", "2023-06-30"]
    assert due(read("ไตรมาส ๑ และ ๒")) == ["2023-03-31"]


def test_named_days_of_each_month() -> None:
    assert due(read("ทุกวันที่ 1 และ 15 ของทุกเดือน ตั้งแต่ ม.ค. - ก.พ. 66")) == [
        "2023-01-01",
        "2023-01-15",
        "2023-02-01",
        "2023-02-15",
    ]
    assert due(read("ทุกวันที่ 31 ของเดือน"))[4] == "2023-02-28"
    assert due(read("ทุกวันที่ ๓๐ ของเดือน ก.พ. - เม.ย. ๖๖")) == ["2023-02-28", "2023-03-30", "2023-04-30"]
    assert due(read("ทุกเดือน ภายในวันที่ ๑๐"))[:2] == ["2022-10-10", "2022-11-10"]
    assert due(read("ทุกเดือน ภายในวันที่ ๕ และรอบ ๖ เดือน"))[4:7] == ["2023-02-05", "2023-03-05", "2023-03-31"]
    assert due(read("ทุกเดือน (วันที่ ๑ และ ๑๖)"))[:3] == ["2022-10-01", "2022-10-16", "2022-11-01"]


def test_a_date_of_each_year_is_due_once_and_years_on_end_are_due_each() -> None:
    assert due(read("ภายใน ๓๐ มีนาคม ของทุกปี")) == ["2023-03-30"]
    assert due(read("ทุกปี ปีงบประมาณ ๒๕๖๖ - ๒๕๖๘")) == ["2023-09-30", "2024-09-30", "2025-09-30"]


def test_rounds_of_six_nine_and_twelve_months() -> None:
    assert due(read("รอบ 6 9 และ 12 เดือน")) == ["2023-03-31", "2023-06-30", "2023-09-30"]
    assert read("รอบ ๖ เดือน และ ๑๒ เดือน").cadences == ("half-yearly",)


def test_a_misspelt_month_beyond_the_known_ones_is_read_with_a_warning() -> None:
    known, unknown = read("กรกฏาคม 2566"), read("เมษายร 2566")
    assert (*dates(known), known.warnings) == ("2023-07-01", "2023-07-31", ())
    assert dates(unknown) == ("2023-04-01", "2023-04-30")
    assert "เมษายร" in unknown.warnings[0]


def test_a_weekday_that_disagrees_is_reported() -> None:
    assert read("วันศุกร์ที่ ๓๑ มีนาคม ๒๕๖๖").warnings == ()
    assert "วันพุธที่ ๓๑ มีนาคม ๒๕๖๖" in read("วันพุธที่ ๓๑ มีนาคม ๒๕๖๖").warnings[0]


@pytest.mark.parametrize("text", ["", "-", "ตามที่ได้รับมอบหมาย", "15 วันทำการ", "๓ เดือน", "ปีการศึกษา 2566"])
def test_what_names_no_date_is_unknown_and_reported(text: str) -> None:
    period = read(text)
    assert (*dates(period), period.checkpoints) == ("", "", ())
    assert period.warnings


def test_unknown_words_that_bear_on_time_are_reported_and_others_are_not() -> None:
    assert "ฤดูฝน" in read("ฤดูฝน มิ.ย. - ก.ย. 66").warnings[0]
    assert read("รายงานผลต่อผู้บริหาร ทุกไตรมาส").warnings == ()


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "part", ["รอบ1", "1 ", "วันเทศกาล", "ไตรมาส 1,", "ทุกวันที่ 1,", "(", "- ", "ก", "ตุลาคม ", "ราย1เดือน", "1เดือน"]
)
def test_a_long_hostile_cell_takes_no_time(part: str) -> None:
    parse_period(part * 200, 2566)
    parse_period("รอบ" + part * 200, 2566)
