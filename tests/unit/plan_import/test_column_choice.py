"""Columns that headers leave open: the cells decide, else a person is asked; cells that read as another column's."""

import pytest

from tests.unit.plan_import.test_columns_by_meaning import days, plan, table
from tracker.errors import NotUnderstoodError
from tracker.plan_draft import DraftPlan
from tracker.plan_import import read_beside, read_plan

FIRST, SECOND = "๑. เปิดเผยข้อมูลการจัดซื้อ", "๒. ป้องกันผลประโยชน์ทับซ้อน"
STEPS, STEP = "๑. จัดทำรายการข้อมูล\n๒. เผยแพร่บนเว็บไซต์", "๑. อบรมเจ้าหน้าที่"


def told(read: DraftPlan, *words: str) -> bool:
    return any(all(word in f"{one.where} {one.message}" for word in words) for one in read.warnings)


def test_what_was_is_not_what_is() -> None:
    read = plan(
        ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบเดิม", "ผู้รับผิดชอบ", "ระยะเวลาเดิม", "ระยะเวลาที่ปรับปรุง"),
        (FIRST, STEPS, "กองช่าง", "กองคลัง", "ต.ค. - ธ.ค. ๖๖", "ม.ค. - มี.ค. ๖๗"),
    )
    (measure,) = read.measures
    assert measure.responsible.parties == ("กองคลัง",)
    assert days(measure)[:2] == ("2024-01-01", "2024-03-31")
    assert told(read, "ระยะเวลาเดิม", "ต.ค. - ธ.ค. ๖๖")


@pytest.mark.parametrize(
    ("above", "words", "round_"),
    [
        ("", "ลงเว็บไซต์ครบแล้ว", 12),
        ("<p>รายงานผลการดำเนินการ รอบ ๖ เดือน</p>", "ร่างรายการแล้ว", 6),
        ("<p>รายงานผลการดำเนินการ รอบ ๑๒ เดือน</p>", "ลงเว็บไซต์ครบแล้ว", 12),
    ],
)
def test_results_are_those_of_the_round(above: str, words: str, round_: int) -> None:
    rows = (
        ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา", "ผลการดำเนินงานรอบ ๖ เดือน", "ผลการดำเนินงานรอบ ๑๒ เดือน"),
        (FIRST, STEPS, "กองคลัง", "ไตรมาส ๒", "ร่างรายการแล้ว", "ลงเว็บไซต์ครบแล้ว"),
    )
    read = read_beside((above + table(*rows)).encode(), "report.html", 2567)
    assert [one.text for one in read.measures[0].draft.summary] == [words]
    assert read.round == round_


def test_cells_tell_the_columns_that_no_header_names() -> None:
    read = plan(
        ("มาตรการ", "งานที่ทำ", "ใคร", "ทำเมื่อไร", "งบประมาณ"),
        (FIRST, STEPS, "กองคลัง", "ต.ค. ๖๖ - มี.ค. ๖๗", "๕,๐๐๐"),
        (SECOND, STEP, "สำนักปลัด", "ไตรมาส ๓", "-"),
    )
    first, second = read.measures
    assert [step.text for step in first.steps] == ["จัดทำรายการข้อมูล", "เผยแพร่บนเว็บไซต์"]
    assert second.responsible.parties == ("สำนักปลัด",)
    assert days(second)[:2] == ("2024-04-01", "2024-06-30")
    assert told(read, "ใคร", "กองคลัง")
    assert told(read, "ทำเมื่อไร", "ไตรมาส ๓")


def test_a_column_of_another_kind_gives_way_to_one_that_reads_as_its_header() -> None:
    read = plan(
        ("มาตรการ", "วิธีการ", "แนวทางดำเนินการ", "ผู้รับผิดชอบ", "ระยะเวลา"),
        (FIRST, STEPS, "ตามระเบียบพัสดุ", "กองคลัง", "ไตรมาส ๒"),
        (SECOND, STEP, "ตามประมวลจริยธรรม", "สำนักปลัด", "ไตรมาส ๓"),
    )
    assert [step.text for step in read.measures[0].steps] == ["จัดทำรายการข้อมูล", "เผยแพร่บนเว็บไซต์"]


def test_what_was_done_is_no_step() -> None:
    (measure,) = plan(
        ("มาตรการ", "การดำเนินงาน", "ผู้รับผิดชอบ", "ระยะเวลา"), (FIRST, "จัดทำรายการข้อมูลเรียบร้อยแล้ว", "กองคลัง", "ไตรมาส ๒")
    ).measures
    assert [one.text for one in measure.summary] == ["จัดทำรายการข้อมูลเรียบร้อยแล้ว"]


TWO = ("มาตรการ", "วิธีดำเนินการ", "ผู้รับผิดชอบ", "ช่วงเวลา", "ระยะเวลา")
TWO_ROWS = ((FIRST, STEPS, "กองคลัง", "ไตรมาส ๑", "ไตรมาส ๒"), (SECOND, STEP, "กองช่าง", "ไตรมาส ๓", "ไตรมาส ๔"))


def test_what_nobody_can_tell_is_asked_with_cells() -> None:
    read = read_beside(table(TWO, *TWO_ROWS).encode(), "plan.html", 2567)
    (question,) = read.questions
    assert question.field == "period"
    assert [(one.header, one.samples) for one in question.options] == [
        ("ระยะเวลา", ("ไตรมาส ๒", "ไตรมาส ๔")),
        ("ช่วงเวลา", ("ไตรมาส ๑", "ไตรมาส ๓")),
    ]
    assert told(read.draft, "ช่วงเวลา", "ไตรมาส ๓")
    answered = read_beside(table(TWO, *TWO_ROWS).encode(), "plan.html", 2567, columns={"period": "ช่วงเวลา"})
    assert answered.questions == ()
    assert [one.draft.period.text for one in answered.measures] == ["ไตรมาส ๑", "ไตรมาส ๓"]


def test_how_often_stands_beside_when() -> None:
    one, two = plan(
        ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา", "ความถี่"),
        (FIRST, STEPS, "กองคลัง", "ต.ค. ๖๖ - ธ.ค. ๖๖", "ทุกเดือน"),
        (SECOND, STEP, "กองช่าง", "ต.ค. ๖๖ - ก.ย. ๖๗", "ปีละ ๓ ครั้ง"),
    ).measures
    assert days(one)[2] == ["2023-10-31", "2023-11-30", "2023-12-31"]
    assert days(two)[2] == ["2024-01-31", "2024-05-31", "2024-09-30"]
    (alone,) = plan(("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ความถี่"), (FIRST, STEPS, "กองคลัง", "ทุก ๒ เดือน")).measures
    assert len(days(alone)[2]) == 6


@pytest.mark.parametrize("header", ["ระยะเวลา/ผู้รับผิดชอบ", "ผู้รับผิดชอบและระยะเวลา", "ผู้รับผิดชอบ/กำหนดเวลา"])
@pytest.mark.parametrize(
    "cell", ["ไตรมาส ๒\nกองคลัง", "กองคลัง (ไตรมาส ๒)", "กองคลัง/ไตรมาส ๒", "กองคลัง / ไตรมาส ๒", "กองคลัง - ไตรมาส ๒"]
)
def test_parties_and_times_in_one_column(header: str, cell: str) -> None:
    (measure,) = plan(("มาตรการ", "ขั้นตอน", header), (FIRST, STEPS, cell)).measures
    assert measure.responsible.parties == ("กองคลัง",)
    assert days(measure)[:2] == ("2024-01-01", "2024-03-31")


def test_a_group_beside_its_time_stays_a_group() -> None:
    (measure,) = plan(
        ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ/ระยะเวลา"), (FIRST, STEPS, "ทุกสำนัก/กอง\nต.ค. ๖๖ - มี.ค. ๖๗")
    ).measures
    assert measure.responsible.parties == ("ทุกสำนัก/กอง",)
    assert days(measure)[1] == "2024-03-31"


@pytest.mark.parametrize(
    ("start", "end"),
    [("เริ่ม", "เสร็จ"), ("ตั้งแต่", "ถึง"), ("Start", "End"), ("วันเริ่มต้น", "วันแล้วเสร็จ"), ("ตั้งแต่วันที่", "ถึงวันที่")],
)
def test_start_and_end_stand_beside_each_other(start: str, end: str) -> None:
    (measure,) = plan(
        ("มาตรการ", "ขั้นตอน", start, end, "ผู้รับผิดชอบ"), (FIRST, STEPS, "๕ พ.ย. ๖๖", "๘ ก.พ. ๖๗", "กองคลัง")
    ).measures
    assert days(measure)[:2] == ("2023-11-05", "2024-02-08")


def test_exchanged_columns_are_told_of_and_stay() -> None:
    read = plan(
        ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา"),
        (FIRST, STEPS, "ไตรมาส ๑", "กองคลัง"),
        (SECOND, STEP, "ไตรมาส ๓", "กองช่าง"),
    )
    assert told(read, "column “ผู้รับผิดชอบ”", "ไตรมาส ๑", "สลับกับช่อง “ระยะเวลา”")
    assert all(measure.period.end is None for measure in read.measures)


@pytest.mark.parametrize(
    ("row", "quoted"),
    [
        ((FIRST, STEPS, "มี.ค. ๖๗", "ไตรมาส ๒"), "“มี.ค. ๖๗” อ่านได้เป็นระยะเวลา"),
        ((FIRST, STEPS, "กองคลัง", "กองช่าง"), "“กองช่าง” อ่านได้เป็นชื่อหน่วยงาน"),
        ((FIRST, "กองช่าง", "กองคลัง", "ไตรมาส ๒"), "“กองช่าง” อ่านได้เป็นชื่อหน่วยงาน ไม่น่าเป็นขั้นตอน"),
        ((FIRST, STEPS, "จัดทำรายงานเสนอผู้บริหาร", "ไตรมาส ๒"), "“จัดทำรายงานเสนอผู้บริหาร” อ่านได้เป็นขั้นตอน"),
        ((FIRST, STEPS, "เพื่อให้เกิดความโปร่งใส", "ไตรมาส ๒"), "“เพื่อให้เกิดความโปร่งใส” อ่านได้เป็นขั้นตอน"),
    ],
)
def test_a_cell_that_reads_as_another_columns_is_told_of(row: tuple[str, ...], quoted: str) -> None:
    read = plan(("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา"), row)
    assert told(read, quoted)


def test_cells_as_their_headers_say_are_not_told_of() -> None:
    read = read_plan(
        table(
            ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา"),
            (FIRST, STEPS, "นางสาวตัวอย่าง สมมุติ", "ไตรมาส ๒"),
            (SECOND, "ห้ามรับของขวัญ", "ศปท. / กค.", "ตลอดปีงบประมาณ"),
        ).encode(),
        "plan.html",
        2567,
    )
    assert read.warnings == ()


def test_a_table_of_steps_is_that_of_the_measure_above_it() -> None:
    rows = table(
        ("ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา"), ("๑. จัดทำประกาศ", "กองคลัง", "ไตรมาส ๑"), ("๒. เผยแพร่", "กองช่าง", "ไตรมาส ๒")
    )
    above = "<p>แผนปฏิบัติการ</p><p>มาตรการที่ ๑ เปิดเผยข้อมูล</p><p>ประจำปีงบประมาณ พ.ศ. ๒๕๖๗</p>"
    read = read_plan((above + rows).encode(), "plan.html", 2567)
    (measure,) = read.measures
    assert "เปิดเผยข้อมูล" in measure.title
    assert [step.text for step in measure.steps] == ["จัดทำประกาศ", "เผยแพร่"]
    assert measure.steps[1].responsible
    assert measure.steps[1].responsible.parties == ("กองช่าง",)
    assert told(read, "ข้อความเหนือตาราง")
    assert len(read_plan(rows.encode(), "plan.html", 2567).measures) == 2


def test_steps_under_rows_that_name_their_measures() -> None:
    first, second = plan(
        ("ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา"),
        ("มาตรการที่ ๑ เปิดเผยข้อมูล>3",),
        ("๑.๑ จัดทำประกาศ", "กองคลัง", "ไตรมาส ๑"),
        ("มาตรการที่ ๒ ป้องกันการทุจริต>3",),
        ("๒.๑ อบรม", "กองช่าง", "ไตรมาส ๒"),
    ).measures
    assert (first.title, second.steps[0].text) == ("มาตรการที่ ๑ เปิดเผยข้อมูล", "๒.๑ อบรม")


@pytest.mark.parametrize("first", ["มาตรการ", "ชื่อโครงการ", "มาตรการที่ ๑"])
def test_a_form_is_refused_in_a_sentence(first: str) -> None:
    with pytest.raises(NotUnderstoodError, match="form of labels and values"):
        plan((first, "เปิดเผยข้อมูล"), ("ขั้นตอน", "จัดทำประกาศ"), ("ผู้รับผิดชอบ", "กองคลัง"), ("ระยะเวลา", "ไตรมาส ๑"))


@pytest.mark.parametrize(
    "row",
    [
        (FIRST, "งานจัดทำคู่มือ", "กองคลัง", "ไตรมาส ๒"),
        (FIRST, "คณะกรรมการประชุมพิจารณา", "กองคลัง", "ไตรมาส ๒"),
        (FIRST, STEPS, "ประชาสัมพันธ์จังหวัด", "ไตรมาส ๒"),
        (FIRST, STEPS, "ตรวจสอบภายใน", "ไตรมาส ๒"),
    ],
)
def test_steps_and_parties_that_only_sound_like_the_other(row: tuple[str, ...]) -> None:
    assert plan(("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา"), row).warnings == ()


@pytest.mark.parametrize("header", ["ผู้อนุมัติ", "กลุ่มเป้าหมาย", "ผู้เข้าร่วม", "ผู้กำกับติดตาม"])
def test_people_of_other_columns_are_no_parties(header: str) -> None:
    (measure,) = plan(("มาตรการ", "ขั้นตอน", header, "ระยะเวลา"), (FIRST, STEPS, "ปลัด อบต.", "ไตรมาส ๒")).measures
    assert measure.responsible.parties == ()


def test_main_and_supporting_units_answer_together() -> None:
    read = plan(
        ("มาตรการ", "ขั้นตอน", "หน่วยงานหลัก", "หน่วยงานสนับสนุน", "ระยะเวลา"), (FIRST, STEPS, "กองคลัง", "กองช่าง", "ไตรมาส ๒")
    )
    assert read.measures[0].responsible.parties == ("กองคลัง", "กองช่าง")
    assert read.warnings == ()


def test_days_of_reports_are_no_results() -> None:
    read = plan(("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "วันที่รายงานผล"), (FIRST, STEPS, "กองคลัง", "๑๐ เม.ย. ๖๗"))
    assert read.measures[0].summary == ()
    assert told(read, "๑๐ เม.ย. ๖๗")


def test_when_it_really_was_is_not_when_it_is_to_be() -> None:
    read = plan(
        ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลาตามแผน", "ระยะเวลาดำเนินการจริง"),
        (FIRST, STEPS, "กองคลัง", "ไตรมาส ๒", "ม.ค. ๖๗"),
    )
    assert days(read.measures[0])[:2] == ("2024-01-01", "2024-03-31")
    assert not told(read, "โปรดเลือก")
