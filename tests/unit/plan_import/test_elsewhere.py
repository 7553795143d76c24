"""What stands otherwise than in a column of its own, and plans of several years with a column each."""

import pytest

from tests.unit.plan_import.test_column_choice import FIRST, SECOND, STEP, STEPS, told
from tests.unit.plan_import.test_columns_by_meaning import days, plan, table
from tracker.plan_import import read_plan

ALL = ("2023-10-01", "2024-09-30")


@pytest.mark.parametrize(
    ("cell", "texts"),
    [
        ("๑. เปิดเผยข้อมูล\n- จัดทำรายการ\n- เผยแพร่", ["- จัดทำรายการ", "- เผยแพร่"]),
        ("๑. เปิดเผยข้อมูล\n๑.๑ จัดทำรายการ\n๑.๒ เผยแพร่", ["๑.๑ จัดทำรายการ", "๑.๒ เผยแพร่"]),
        ("มาตรการที่ ๑ เปิดเผยข้อมูล\n๑) จัดทำรายการ\n๒) เผยแพร่", ["จัดทำรายการ", "เผยแพร่"]),
    ],
)
def test_a_list_under_the_title_is_the_steps(cell: str, texts: list[str]) -> None:
    read = plan(("มาตรการ", "ผู้รับผิดชอบ", "ระยะเวลา"), (cell, "กองคลัง", "ไตรมาส ๒"))
    (measure,) = read.measures
    assert [step.text for step in measure.steps] == texts
    assert measure.details == ()
    assert told(read, "ขั้นตอนอ่านจากรายการใต้ชื่อมาตรการ", texts[0])


def test_a_list_under_the_title_stays_one_beside_a_column_of_steps() -> None:
    (measure,) = plan(
        ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา"), ("๑. ส่งเสริม ดังนี้\n๑. หนึ่ง\n๒. สอง", STEPS, "กองคลัง", "ไตรมาส ๒")
    ).measures
    assert [one.text for one in measure.details] == ["หนึ่ง", "สอง"]


def test_the_bracket_of_a_title_is_the_period_that_is_missing() -> None:
    read = plan(
        ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา"),
        ("๑. เปิดเผยข้อมูล (พ.ย. ๖๖ - ก.พ. ๖๗)", STEPS, "กองคลัง", ""),
        ("๒. อบรม (ไตรมาส ๔)", STEP, "กองคลัง", "ไตรมาส ๒"),
    )
    one, two = read.measures
    assert days(one)[:2] == ("2023-11-01", "2024-02-29")
    assert days(two)[1] == "2024-03-31"
    assert told(read, "วงเล็บในชื่อมาตรการ", "พ.ย. ๖๖ - ก.พ. ๖๗")
    (none,) = plan(("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ"), ("๑. เปิดเผยข้อมูล (OIT)", STEPS, "กองคลัง")).measures
    assert none.period.text == ""


def test_the_brackets_of_steps_are_their_periods() -> None:
    read = plan(("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ"), (FIRST, "๑. จัดทำรายการ (ธ.ค. ๖๖)\n๒. เผยแพร่ (มี.ค. ๖๗)", "กองคลัง"))
    (measure,) = read.measures
    periods = [step.period or measure.period for step in measure.steps]
    assert [str(period.end) for period in periods] == ["2023-12-31", "2024-03-31"]
    assert told(read, "วงเล็บในขั้นตอน")
    assert not told(read, "ไม่น่าเป็นขั้นตอน")


@pytest.mark.parametrize(
    ("above", "header", "end"),
    [
        ("<p>แผนส่งเสริมจริยธรรม (ตุลาคม ๒๕๖๖ - กันยายน ๒๕๖๗)</p>", "ขั้นตอน", "2024-09-30"),
        ("", "ขั้นตอน (ต.ค. ๖๖ - มี.ค. ๖๗)", "2024-03-31"),
        ("<p>รายงานผลการดำเนินการ (ตุลาคม ๒๕๖๖ - มีนาคม ๒๕๖๗)</p>", "ขั้นตอน", "None"),
        ("<p>แผนส่งเสริมจริยธรรม (รอบ ๖ เดือน)</p>", "ขั้นตอน", "None"),
    ],
)
def test_a_range_in_the_heading_is_that_of_all(above: str, header: str, end: str) -> None:
    page = above + table(("มาตรการ", header, "ผู้รับผิดชอบ"), (FIRST, STEPS, "กองคลัง"), (SECOND, STEP, "กองช่าง"))
    read = read_plan(page.encode(), "plan.html", 2567)
    assert [str(measure.period.end) for measure in read.measures] == [end, end]
    assert told(read, "อ่านจากหัวเรื่อง") == (end != "None")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("ระยะเวลาดำเนินการ : ๑ ตุลาคม ๒๕๖๖ - ๓๑ มีนาคม ๒๕๖๗", ("2023-10-01", "2024-03-31", ["2024-03-31"])),
        ("ระหว่างวันที่ ๑ ตุลาคม ๒๕๖๖ ถึงวันที่ ๓๐ กันยายน ๒๕๖๗", (*ALL, ["2024-09-30"])),
        ("แผนป้องกันการทุจริต ๔ ปี (พ.ศ. ๒๕๖๖ - ๒๕๖๙)", ("", "", [])),
        ("ระยะเวลาดำเนินการตามที่กำหนด", ("", "", [])),
    ],
)
def test_a_line_of_the_cover_that_tells_when_is_the_period_of_all(line: str, found: tuple[str, str, list[str]]) -> None:
    page = f"<p>{line}</p>" + table(("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ"), (FIRST, STEPS, "กองคลัง"))
    (measure,) = read_plan(page.encode(), "plan.html", 2567).measures
    assert days(measure) == found


@pytest.mark.parametrize("line", ["{}", "หน่วยงาน : {}", "ผู้รับผิดชอบ: {}"])
def test_a_line_across_names_the_party_of_the_rows_below(line: str) -> None:
    header = ("มาตรการ", "ขั้นตอน", "ระยะเวลา")
    rows = ((f"{line.format('กองคลัง')}>3",), (FIRST, STEPS, "ไตรมาส ๑"), (f"{line.format('กองช่าง')}>3",))
    read = plan(header, *rows, (SECOND, STEP, "ไตรมาส ๒"))
    assert [measure.responsible.parties for measure in read.measures] == [("กองคลัง",), ("กองช่าง",)]
    assert told(read, "ผู้รับผิดชอบของแถวข้างล่าง", "กองช่าง")


@pytest.mark.parametrize("name", ["สำนักปลัดเทศบาล", "สำนักปลัด อบต.", "กลุ่มบริหารงานบุคคล"])
def test_divisions_with_their_agency_in_their_name_are_parties_of_rows(name: str) -> None:
    header = ("มาตรการ", "ขั้นตอน", "ระยะเวลา")
    (measure,) = plan(header, (f"{name}>3",), (FIRST, STEPS, "ไตรมาส ๑")).measures
    assert measure.responsible.parties == (name,)


def test_a_line_over_a_table_names_its_party() -> None:
    header = ("มาตรการ", "ขั้นตอน", "ระยะเวลา")
    first, second = table(header, (FIRST, STEPS, "ไตรมาส ๑")), table(header, (SECOND, STEP, "ไตรมาส ๒"))
    page = f"<p>องค์การบริหารส่วนตำบลตัวอย่าง</p><p>กองคลัง</p>{first}<p>ผู้รับผิดชอบ : สำนักปลัด</p>{second}"
    read = read_plan(page.encode(), "plan.html", 2567)
    assert [measure.responsible.parties for measure in read.measures] == [("กองคลัง",), ("สำนักปลัด",)]
    assert told(read, "table 2", "สำนักปลัด")
    assert not told(read, "ไม่ได้นำเข้า", "สำนักปลัด")


def test_the_agency_over_a_table_is_no_party() -> None:
    page = f"<p>องค์การบริหารส่วนตำบลตัวอย่าง</p>{table(('มาตรการ', 'ขั้นตอน', 'ระยะเวลา'), (FIRST, STEPS, 'ไตรมาส ๑'))}"
    (measure,) = read_plan(page.encode(), "plan.html", 2567).measures
    assert measure.responsible.parties == ()


YEARS = ("๒๕๖๖", "๒๕๖๗", "๒๕๖๘", "๒๕๖๙")


def test_years_over_their_budgets_are_a_plan_of_four_years() -> None:
    read = plan(
        ("โครงการ^2", *(f"ปี {year}" for year in YEARS), "ผู้รับผิดชอบ^2"),
        ("งบประมาณ (บาท)",) * 4,
        ("๑. อบรมจริยธรรม", "๑๐,๐๐๐", "๑๐,๐๐๐", "-", "๕๐,๐๐๐", "กองคลัง"),
    )
    assert days(read.measures[0]) == (*ALL, ["2024-09-30"])


@pytest.mark.parametrize("over", ["ปีงบประมาณ พ.ศ.", "งบประมาณ (บาท)"])
def test_a_plan_of_four_years_is_read_for_its_year(over: str) -> None:
    read = plan(
        ("โครงการ^2", f"{over}>4", "ผู้รับผิดชอบ^2"),
        YEARS,
        ("๑. อบรมจริยธรรม", "๑๐,๐๐๐", "๑๐,๐๐๐", "-", "๕๐,๐๐๐", "กองคลัง"),
        ("๒. เปิดเผยข้อมูล", "-", "-", "๒๐,๐๐๐", "-", "กองช่าง"),
    )
    one, two = read.measures
    assert days(one) == (*ALL, ["2024-09-30"])
    assert days(two)[:2] == ("2024-10-01", "2025-09-30")
    assert told(read, "measure 2", "อยู่นอกปีงบประมาณ 2567")


def test_budgets_by_year_beside_a_period_are_no_period() -> None:
    budgets = tuple(f"งบประมาณ {year}" for year in YEARS)
    (measure,) = plan(
        ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา", *budgets),
        (FIRST, STEPS, "กองคลัง", "ไตรมาส ๒", "๑,๐๐๐", "๑,๐๐๐", "-", "-"),
    ).measures
    assert days(measure)[:2] == ("2024-01-01", "2024-03-31")


def test_a_table_of_figures_by_year_is_no_plan() -> None:
    figures = table(("รายการ", "๒๕๖๖", "๒๕๖๗"), ("เรื่องร้องเรียน", "๕", "๒"), ("ข้อหารือ", "๑", "๐"))
    rows = table(("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา"), (FIRST, STEPS, "กองคลัง", "ไตรมาส ๒"))
    assert len(read_plan((figures + rows).encode(), "plan.html", 2567).measures) == 1
