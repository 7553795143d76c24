"""Tables of other shapes, the same in every format: second plans below, units to tick, results of both rounds."""

import pytest

from tests.unit.plan_import.grids import GRID_WRITERS, Box, Grid
from tests.unit.plan_import.test_columns_by_meaning import days, plan, table
from tracker.plan_draft import DraftPlan
from tracker.plan_import import read_beside, read_plan

KINDS = pytest.mark.parametrize("kind", GRID_WRITERS)
HEADER = ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา")


def read(grid: Grid, kind: str, above: str = "") -> DraftPlan:
    return read_plan(GRID_WRITERS[kind](grid, above), f"แผน.{kind}", 2567)


@KINDS
def test_a_second_plan_below_has_columns_of_its_own(kind: str) -> None:
    grid = [
        HEADER,
        ("๑. จัดทำคู่มือ", "ร่างคู่มือ", "สำนักปลัด", "ต.ค. ๖๖"),
        ("๒. ให้ความรู้", "จัดอบรม", "กองคลัง", "พ.ย. ๖๖"),
        (Box("ส่วนที่ ๒ แผนบริหารความเสี่ยง", 4),),
        ("ความเสี่ยง", "มาตรการควบคุม", "ผู้รับผิดชอบ", "กำหนดเวลา"),
        ("การเรียกรับสินบน", "กำหนดแนวทางตรวจสอบ", "กองช่าง", "ม.ค. - มี.ค. ๖๗"),
    ]
    *_, last = measures = read(grid, kind).measures
    assert [one.title for one in measures] == ["จัดทำคู่มือ", "ให้ความรู้", "กำหนดแนวทางตรวจสอบ"]
    assert (last.responsible.parties, days(last)[0]) == (("กองช่าง",), "2024-01-01")


@KINDS
def test_ticks_under_units_name_the_parties(kind: str) -> None:
    grid = [
        (Box("มาตรการ", 1, 2), Box("ขั้นตอน", 1, 2), Box("ผู้รับผิดชอบ", 3), Box("กำหนดเสร็จ", 1, 2)),
        ("สำนักปลัด", "กองคลัง", "กองช่าง"),
        ("๑. ทำคู่มือ", "รวบรวม", "✓", "✓", "", "มี.ค. ๖๗"),
        ("๒. ตรวจพัสดุ", "ตรวจนับ", "", "/", "", "ก.ย. ๖๗"),
    ]
    one, two = read(grid, kind).measures
    assert (one.responsible.parties, two.responsible.parties) == (("สำนักปลัด", "กองคลัง"), ("กองคลัง",))


@KINDS
@pytest.mark.parametrize(("cover", "kept"), [("รายงาน รอบ ๑๒ เดือน", "๒ รุ่น"), ("รายงาน รอบ ๖ เดือน", "๑ รุ่น")])
def test_of_both_rounds_results_the_covers_are_taken(kind: str, cover: str, kept: str) -> None:
    heads = [Box(text, 1, 2) for text in HEADER]
    grid = [
        (*heads, Box("ผลการดำเนินงาน", 2)),
        ("รอบ ๖ เดือน", "รอบ ๑๒ เดือน"),
        ("๑. อบรม", "๑. จัดอบรม", "กองการเจ้าหน้าที่", "ตลอดปีงบประมาณ", "อบรมแล้ว ๑ รุ่น", "อบรมแล้ว ๒ รุ่น"),
    ]
    (measure,) = read(grid, kind, cover).measures
    assert [paragraph.text for paragraph in measure.summary] == [f"อบรมแล้ว {kept}"]


@KINDS
def test_months_by_number_under_their_quarters(kind: str) -> None:
    quarters = [Box(f"ไตรมาสที่ {number}", 3) for number in range(1, 5)]
    marks = ["", "", "X", "", "", "X", *[""] * 6]
    grid = [
        (Box("กิจกรรม", 1, 3), Box("แผนปฏิบัติงานปีงบประมาณ พ.ศ. ๒๕๖๗", 12), Box("ผู้รับผิดชอบ", 1, 3)),
        quarters,
        ("10", "11", "12", *map(str, range(1, 10))),
        ("๑. ติดตาม", *marks, "กองคลัง"),
        ("๒. ทำแผน", "X", *[""] * 11, "กองช่าง"),
    ]
    one, two = read(grid, kind).measures
    assert days(one) == ("2023-12-01", "2024-03-31", ["2023-12-31", "2024-03-31"])
    assert days(two) == ("2023-10-01", "2023-10-31", ["2023-10-31"])


@KINDS
def test_months_under_years_of_the_common_era(kind: str) -> None:
    months = ("Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep")
    grid = [
        (Box("Activity", 1, 2), Box("Responsible", 1, 2), Box("2022", 3), Box("2023", 9)),
        months,
        ("Publish the budget", "Finance Division", "x", *[""] * 11),
    ]
    plan = read(grid, kind)
    assert days(plan.measures[0])[0] == "2022-10-01"
    assert any("2567" in warning.message for warning in plan.warnings)


@pytest.mark.parametrize(
    "header",
    [
        ("ทำอะไร", "ทำอย่างไร", "ใครทำ", "ทำเมื่อไหร่"),
        ("งาน/โครงการ", "ลักษณะกิจกรรม", "ผู้รับผิดชอบ", "ว.ด.ป. ที่ดำเนินการ"),
        ("Measure", "Key actions", "Department", "Deadline"),
    ],
)
def test_headers_in_plain_words(header: tuple[str, ...]) -> None:
    (measure,) = plan(header, ("๑. ประกาศเจตนารมณ์", "จัดพิธี", "กองคลัง", "๙ ธ.ค. ๖๖")).measures
    assert ([step.text for step in measure.steps], measure.responsible.parties) == (["จัดพิธี"], ("กองคลัง",))
    assert days(measure)[1] == "2023-12-09"


def test_how_often_stands_beside_start_and_end() -> None:
    read = plan(
        ("กิจกรรม^2", "ระยะเวลา>2", "ความถี่^2", "เจ้าภาพ^2"),
        ("เริ่มต้น", "สิ้นสุด"),
        ("๑. ติดตามการใช้รถ", "๑ ต.ค. ๖๖", "๓๐ ก.ย. ๖๗", "ทุกไตรมาส", "กองคลัง"),
        ("๒. อบรม", "๑๕ ม.ค. ๖๗", "๑๖ ม.ค. ๖๗", "๑ ครั้ง", "กองช่าง"),
    )
    assert [len(measure.period.checkpoints) for measure in read.measures] == [4, 1]


def test_what_a_plan_aims_at_is_no_outcome() -> None:
    header = ("โครงการ", "ผลผลิต", "ผู้รับผิดชอบ", "ระยะเวลา")
    read = plan(header, ("๑. ชุมชนคุณธรรม", "๑๐ ชุมชน", "กองคลัง", "ตลอดปี"))
    assert read.measures[0].outcome == ()
    assert any("๑๐ ชุมชน" in warning.message for warning in read.warnings)
    done = plan(header, ("๑. ชุมชนคุณธรรม", "ดำเนินการแล้ว ๑๐ ชุมชน", "กองคลัง", "ตลอดปี"))
    assert [paragraph.text for paragraph in done.measures[0].outcome] == ["ดำเนินการแล้ว ๑๐ ชุมชน"]


def test_tables_of_steps_under_the_names_of_their_measures() -> None:
    header = ("ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา")
    page = "<p>มาตรการที่ ๑ เผยแพร่ข้อมูล</p>" + table(header, ("๑. แต่งตั้งผู้ดูแล", "สำนักปลัด", "ต.ค. ๖๖"))
    page += "<p>มาตรการที่ ๒ ป้องกันสินบน</p>" + table(header, ("๑. ประกาศนโยบาย", "กองคลัง", "ม.ค. ๖๗"))
    page += table(header, ("๒. รายงานการรับของขวัญ", "กองคลัง", "ก.ย. ๖๗"))
    read = read_plan(page.encode(), "plan.html", 2567)
    one, two = read.measures
    assert (one.title, two.title) == ("มาตรการที่ ๑ เผยแพร่ข้อมูล", "มาตรการที่ ๒ ป้องกันสินบน")
    assert ([step.text for step in one.steps], len(two.steps)) == (["แต่งตั้งผู้ดูแล"], 2)
    assert not any("นอกตาราง" in warning.message for warning in read.warnings)


@KINDS
def test_lines_over_rows_tell_when(kind: str) -> None:
    grid = [
        ("ลำดับ", "มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ"),
        (Box("ไตรมาสที่ ๑ (ตุลาคม - ธันวาคม ๒๕๖๖)", 4),),
        ("๑", "ทำคู่มือ", "ร่าง", "กองคลัง"),
        (Box("ไตรมาสที่ ๒", 4),),
        ("๒", "อบรม", "จัดอบรม", "กองช่าง"),
    ]
    one, two = read(grid, kind).measures
    assert (days(one)[:2], days(two)[:2]) == (("2023-10-01", "2023-12-31"), ("2024-01-01", "2024-03-31"))


def test_a_label_without_a_colon_over_rows_names_their_party() -> None:
    rows = (("ผู้รับผิดชอบ กองคลัง>3",), ("๑. ทำคู่มือ", "ร่าง", "ไตรมาส ๑"), ("ผู้รับผิดชอบ สำนักปลัด>3",))
    read = plan(("มาตรการ", "ขั้นตอน", "ระยะเวลา"), *rows, ("๒. อบรม", "จัดอบรม", "ไตรมาส ๒"))
    assert [measure.responsible.parties for measure in read.measures] == [("กองคลัง",), ("สำนักปลัด",)]


def test_numbered_columns_of_steps_are_the_steps_in_order() -> None:
    header = ("มาตรการ", "ขั้นตอนที่ ๑", "ขั้นตอนที่ ๒", "ขั้นตอนที่ ๓", "ผู้รับผิดชอบ", "ระยะเวลา")
    read = plan(header, ("๑. ทำคู่มือ", "ร่าง", "เวียน", "เผยแพร่", "กองคลัง", "ไตรมาส ๑"))
    assert [step.text for step in read.measures[0].steps] == ["ร่าง", "เวียน", "เผยแพร่"]


def test_months_of_start_and_end() -> None:
    read = plan(("มาตรการ", "เดือนเริ่ม", "เดือนสิ้นสุด", "ผู้รับผิดชอบ"), ("๑. ทำคู่มือ", "ต.ค. ๖๖", "มี.ค. ๖๗", "กองคลัง"))
    assert days(read.measures[0]) == ("2023-10-01", "2024-03-31", ["2024-03-31"])


def test_a_start_alone_is_no_single_day() -> None:
    header = ("มาตรการ", "ขั้นตอน", "วันเริ่ม", "ผู้รับผิดชอบ")
    read = plan(header, ("๑. ทำคู่มือ", "ร่าง", "๑ ธ.ค. ๖๖", "กองคลัง"), ("๒. อบรม", "จัด", "ม.ค. - มี.ค. ๖๗", "กองช่าง"))
    assert [days(measure)[:2] for measure in read.measures] == [("2023-12-01", ""), ("2024-01-01", "2024-03-31")]
    assert any("ไม่บอกวันสิ้นสุด" in warning.message for warning in read.warnings)


def test_the_answer_for_a_column_under_another_header_is_remembered() -> None:
    page = table(
        ("มาตรการ^2", "ขั้นตอน^2", "ผู้รับผิดชอบ^2", "การดำเนินการ>2"),
        ("ช่วงเวลา", "ระยะเวลา"),
        ("๑. ทำคู่มือ", "ร่าง", "กองคลัง", "ต.ค. ๖๖", "พ.ย. ๖๖"),
        ("๒. อบรม", "จัดอบรม", "กองช่าง", "ม.ค. ๖๗", "ก.พ. ๖๗"),
    ).encode()
    (question,) = read_beside(page, "plan.html", 2567).questions
    answers = {question.field: question.options[1].header}  # การดำเนินการ ช่วงเวลา, and not what is taken first
    read = read_beside(page, "plan.html", 2567, remembered=answers)
    assert (read.questions, days(read.measures[0].draft)[1]) == ((), "2023-10-31")
