"""Columns by what their headers and cells mean: tables of time, slips of spelling, labels and headings."""

import re
from collections.abc import Sequence

import pytest

from tracker.errors import NotUnderstoodError
from tracker.plan_draft import DraftMeasure, DraftPlan
from tracker.plan_import import read_plan


def table(*rows: Sequence[str]) -> str:
    """An HTML table; ``a>3`` is a cell over three columns, ``a^2`` one over two rows."""

    def cell(text: str) -> str:
        merged = re.fullmatch(r"(.*)([>^])(\d+)", text, re.DOTALL)
        words, *size = merged.groups() if merged else (text,)
        spans = f" {'colspan' if size[0] == '>' else 'rowspan'}={size[1]}" if size else ""
        return f"<td{spans}>{'<br>'.join(words.splitlines())}</td>"

    return "<table>" + "".join(f"<tr>{''.join(map(cell, row))}</tr>" for row in rows) + "</table>"


def plan(*rows: Sequence[str], fiscal_year: int = 2567, **columns: str) -> DraftPlan:
    return read_plan(table(*rows).encode(), "plan.html", fiscal_year, columns=columns)


def days(measure: DraftMeasure) -> tuple[str, str, list[str]]:
    period = measure.period
    start, end = (day.isoformat() if day else "" for day in (period.start, period.end))
    return start, end, [checkpoint.on.isoformat() for checkpoint in period.checkpoints]


QUARTERS = ("Q1", "Q2", "Q3", "Q4")


@pytest.mark.parametrize(
    "header",
    [
        [("มาตรการ", *(f"ไตรมาส {n}" for n in "๑๒๓๔"), "ผู้รับผิดชอบ")],
        [("มาตรการ^2", "ระยะเวลา>4", "ผู้รับผิดชอบ^2"), tuple(f"ไตรมาสที่ {n}" for n in "1234")],
        [("มาตรการ^2", "ปีงบประมาณ ๒๕๖๗>4", "ผู้รับผิดชอบ^2"), QUARTERS],
        [
            (
                "มาตรการ",
                "ไตรมาสที่ ๑ (ต.ค. ๖๖ - ธ.ค. ๖๖)",
                "ไตรมาสที่ ๒ (ม.ค. ๖๗ - มี.ค. ๖๗)",
                "ไตรมาสที่ ๓ (เม.ย. ๖๗ - มิ.ย. ๖๗)",
                "ไตรมาสที่ ๔ (ก.ค. ๖๗ - ก.ย. ๖๗)",
                "ผู้รับผิดชอบ",
            )
        ],
    ],
)
def test_ticks_under_quarters(header: list[tuple[str, ...]]) -> None:
    read = plan(
        *header,
        ("๑. เปิดเผยข้อมูล", "", "", "✓", "", "กองคลัง"),
        ("๒. รับเรื่องร้องเรียน", "X", "X", "", "", "กองช่าง"),
        ("๓. ประชุม", "", "/", "", "/", "สำนักปลัด"),
    )
    one, run, two = read.measures
    assert days(one) == ("2024-04-01", "2024-06-30", ["2024-06-30"])
    assert days(run) == ("2023-10-01", "2024-03-31", ["2024-03-31"])
    assert days(two)[2] == ["2024-03-31", "2024-09-30"]
    assert [measure.responsible.parties for measure in read.measures] == [("กองคลัง",), ("กองช่าง",), ("สำนักปลัด",)]


MONTHS_AND_YEARS = ("ต.ค. 66", "พ.ย. 66", "ธ.ค. 66", "ม.ค. 67", "ก.พ. 67", "มี.ค. 67")


def test_ticks_under_months_with_their_years() -> None:
    (measure,) = plan(
        ("มาตรการ", "ขั้นตอน", *MONTHS_AND_YEARS, "ผู้รับผิดชอบ"), ("๑. ก", "๑. ข", "", "/", "/", "/", "", "", "กองคลัง")
    ).measures
    assert days(measure) == ("2023-11-01", "2024-01-31", ["2024-01-31"])


NUMBERS = ("10", "11", "12", "1", "2", "3", "4", "5", "6", "7", "8", "9")
FISCAL = ("ต.ค.", "พ.ย.", "ธ.ค.", "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.")


def marked(**marks: str) -> tuple[str, ...]:
    """A row of twelve cells with marks in some (``m2``: the second)."""
    return tuple(marks.get(f"m{number}", "") for number in range(1, 13))


def test_ticks_under_the_numbers_of_months() -> None:
    header = (("มาตรการ^2", "ขั้นตอน^2", "ระยะเวลา>12", "ผู้รับผิดชอบ^2"), NUMBERS)
    (measure,) = plan(*header, ("๑. ก", "๑. ข", *marked(m5="✓", m6="✓"), "กองคลัง")).measures
    assert days(measure) == ("2024-02-01", "2024-03-31", ["2024-03-31"])


def test_days_under_months() -> None:
    header = (("มาตรการ^2", "ขั้นตอน^2", "ระยะเวลา>12", "ผู้รับผิดชอบ^2"), FISCAL)
    one, two = plan(
        *header,
        ("๑. ก", "๑. ข", *marked(m3="๒๐"), "กองคลัง"),
        ("๒. ค", "๑. ง", *marked(m2="5", m8="10"), "กองคลัง"),
    ).measures
    assert days(one) == ("2023-12-20", "2023-12-20", ["2023-12-20"])
    assert days(two)[2] == ["2023-11-05", "2024-05-10"]


@pytest.mark.parametrize(
    "header",
    [
        ("มาตรกา", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา"),
        ("มาตรการ", "ขันตอน", "ผู้รับผิดชอบบ", "ระยเวลา"),
        ("มาตรการ", "ขัน้ ตอนการ", "ผูร้ บั ผดิ ชอบ", "ระยะเวลา"),
    ],
)
def test_headers_with_a_slip_or_moved_marks(header: tuple[str, ...]) -> None:
    (measure,) = plan(header, ("๑. เปิดเผยข้อมูล", "๑. ลงเว็บไซต์", "กองคลัง", "ไตรมาส ๒")).measures
    assert measure.steps[0].text == "ลงเว็บไซต์"
    assert measure.responsible.parties == ("กองคลัง",)
    assert days(measure)[1] == "2024-03-31"


def test_a_start_an_end_and_a_deadline_in_columns_of_their_own() -> None:
    (spanned,) = plan(
        ("มาตรการ", "ตั้งแต่วันที่", "ถึงวันที่", "ผู้รับผิดชอบ"), ("๑. ก", "5 พ.ย. 66", "20/02/2567", "กองช่าง")
    ).measures
    assert days(spanned) == ("2023-11-05", "2024-02-20", ["2024-02-20"])
    (due,) = plan(("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "แล้วเสร็จภายใน"), ("๑. ก", "๑. ข", "กองช่าง", "15 พ.ค. 67")).measures
    assert days(due) == ("", "2024-05-15", ["2024-05-15"])


@pytest.mark.timeout(5)
@pytest.mark.parametrize("ends", [("เดิม", "ปรับใหม่"), ("ระยะเวลาเดิม", "ระยะเวลาใหม่"), ("ปรับใหม่", "เดิม")])
def test_what_a_period_once_was_is_no_part_of_it(ends: tuple[str, str]) -> None:
    times = [("พ.ย. ๖๖", "ก.พ. ๖๗")[name in ("ปรับใหม่", "ระยะเวลาใหม่")] for name in ends]
    read = plan(("มาตรการ^2", "ขั้นตอน^2", "ผู้รับผิดชอบ^2", "ระยะเวลา>2"), ends, ("๑. อบรม", "๑. จัดอบรม", "สำนักปลัด", *times))
    assert days(read.measures[0]) == ("2024-02-01", "2024-02-29", ["2024-02-29"])
    assert any("พ.ย. ๖๖" in warning.message for warning in read.warnings)


def test_a_header_of_brackets_takes_no_time() -> None:
    with pytest.raises(NotUnderstoodError):
        read_plan(("(" * 60_000 + ",[" * 20_000 + "\n๑,๒\n").encode(), "plan.csv", 2567)


FOUR = ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา")


def test_how_it_will_be_reported_is_no_summary() -> None:
    header = (*FOUR, "การรายงานผล")
    planned = plan(header, ("๑. ก", "๑. ข", "กองช่าง", "ไตรมาส ๑", "จัดทำรายงานเสนอผู้บริหารทุกไตรมาส"))
    assert planned.measures[0].summary == ()
    assert any("จัดทำรายงานเสนอผู้บริหารทุกไตรมาส" in warning.message for warning in planned.warnings)
    done = plan(header, ("๑. ก", "๑. ข", "กองช่าง", "ไตรมาส ๑", "รายงานผลทุกไตรมาสแล้ว ๔ ครั้ง"))
    assert [one.text for one in done.measures[0].summary] == ["รายงานผลทุกไตรมาสแล้ว ๔ ครั้ง"]


def test_the_party_of_another_measure() -> None:
    read = plan(
        FOUR,
        ("๑. ก", "๑. ข", "ทุกกอง", "ไตรมาส ๑"),
        ("๒. ค", "๑. ง", "กองช่าง / กองคลัง", "ไตรมาส ๒"),
        ("๓. จ", "๑. ฉ", "เหมือนข้อ ๒", "ไตรมาส ๓"),
        ("๔. ช", "๑. ซ", "เช่นเดียวกับมาตรการที่ 1", "ไตรมาส ๓"),
        ("๕. ฌ", "๑. ญ", "เช่นเดียวกับข้อ ๙", "ไตรมาส ๔"),
    )
    parties = [(measure.responsible.mode, measure.responsible.parties) for measure in read.measures]
    assert parties[2:] == [("jointly", ("กองช่าง", "กองคลัง")), ("each", ("ทุกกอง",)), ("jointly", ())]
    assert read.measures[2].responsible.text == "เหมือนข้อ ๒"
    assert [warning.where for warning in read.warnings] == ["measure 5, หน่วยงานผู้รับผิดชอบ"]


def test_a_party_that_reads_as_a_time_is_told_of() -> None:
    read = plan(FOUR, ("๑. ก", "๑. ข", "มี.ค. ๖๗", "ไตรมาส ๒"), ("๒. ค", "๑. ง", "โรงเรียนเทศบาล ๒", "ไตรมาส ๓"))
    assert ["มี.ค. ๖๗" in warning.message for warning in read.warnings] == [True]


def test_superscripts_are_footnotes_but_not_square_metres() -> None:
    row = ("๑. ก", "๑. ล้าง ๒๐ ม.<sup>2</sup>", "กองช่าง<sup>2)</sup>", "ม.ค. 67<sup>1</sup>")
    (measure,) = plan(FOUR, row).measures
    assert measure.steps[0].text == "ล้าง ๒๐ ม.2"
    assert measure.responsible.parties == ("กองช่าง",)
    assert days(measure)[1] == "2024-01-31"


def test_parties_and_times_in_one_column() -> None:
    header = ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ/กำหนดแล้วเสร็จ")
    one, two = plan(header, ("๑. ก", "๑. ข", "กองช่าง\n๑๕ พ.ค. ๖๗"), ("๒. ค", "๑. ง", "กองคลัง / กองช่าง")).measures
    assert one.responsible.parties == ("กองช่าง",)
    assert days(one) == ("", "2024-05-15", ["2024-05-15"])
    assert (two.responsible.parties, days(two)[1]) == (("กองคลัง", "กองช่าง"), "")


def test_a_form_of_labels_and_values_is_refused() -> None:
    with pytest.raises(NotUnderstoodError, match="form of labels and values"):
        plan(("รายการ", "รายละเอียด"), ("ชื่อมาตรการ", "ก"), ("หน่วยงานผู้รับผิดชอบ", "กองคลัง"), ("ระยะเวลา", "ม.ค. 67"))


def test_a_list_of_steps_does_not_give_way_to_how_it_is_followed_up() -> None:
    header = ("มาตรการปรับปรุง", "วิธีการนำไปสู่การปฏิบัติ", "ผู้รับผิดชอบ", "ระยะเวลาที่กำหนด", "แนวทางการกำกับติดตาม")
    read = plan(header, ("ชี้แจงงบประมาณ", "๑. จัดเวที\n๒. อินโฟกราฟิก", "กองคลัง", "มี.ค. ๖๗", "รายงานปลัด"))
    assert [step.text for step in read.measures[0].steps] == ["จัดเวที", "อินโฟกราฟิก"]
    assert not [one for one in read.warnings if "แทน" in one.message]


def test_what_a_strategy_aims_at_is_no_step_of_its_projects() -> None:
    header = ("แนวทางการพัฒนา", "โครงการ/กิจกรรม", "ระยะเวลา", "ผู้รับผิดชอบ")
    read = plan(header, ("ส่งเสริมคนดี", "ยกย่องบุคคลต้นแบบ", "มี.ค. ๖๗", "กองคลัง"))
    assert [step.text for step in read.measures[0].steps] == ["ยกย่องบุคคลต้นแบบ"]
    assert [one.where for one in read.warnings if "ส่งเสริมคนดี" in one.message] == ["column “แนวทางการพัฒนา”"]


@pytest.mark.parametrize("header", ["ระยะเวลา / ผู้รับผิดชอบ", "ผู้รับผิดชอบ/ระยะเวลา/งบประมาณ"])
def test_times_and_parties_in_one_column_are_not_doubted(header: str) -> None:
    cells = ("กองคลัง\nทุกเดือน\n5,000 บาท", "กองช่าง\nมี.ค. ๖๗\n-")
    read = plan(("กิจกรรม", header), ("๑. ทำบุญ", cells[0]), ("๒. ยกย่อง", cells[1]))
    assert [one.responsible.parties for one in read.measures] == [("กองคลัง",), ("กองช่าง",)]
    assert [len(one.period.checkpoints) for one in read.measures] == [12, 1]
    assert not [one for one in read.warnings if "อ่านได้เป็น" in one.message]


def test_a_sum_among_parties_is_told_of() -> None:
    read = plan(("มาตรการ", "ผู้รับผิดชอบ", "ระยะเวลา"), ("๑. อบรม", "๕,๐๐๐ บาท", "มี.ค. ๖๗"))
    assert [one.message for one in read.warnings if "จำนวนเงิน" in one.message]


def test_work_of_every_time_is_no_unit() -> None:
    read = plan(("มาตรการ", "ผู้รับผิดชอบ", "ระยะเวลา"), ("๑. ตรวจ", "กองคลัง", "ทุกครั้งที่จัดซื้อ"))
    assert [one.message for one in read.warnings if "ทุกครั้ง" in one.message and "ชื่อหน่วยงาน" not in one.message]


@pytest.mark.parametrize(
    "header",
    [
        ("มาตราการ", "ขั้นตอนการดำเนิดงาน", "หน่วยงานรับผิดชอย", "ระยะเวลาการดำเนินกาน"),
        ("กลไก/มาตรการ", "การนำมาตรการไปปฏิบัติ", "ส่วนงานที่เกี่ยวข้อง", "กำหนดระยะเวลา"),
        ("สิ่งที่ต้องดำเนินการ", "รายละเอียดการปฏิบัติ", "หน่วยปฏิบัติ", "เมื่อใด"),
        ("ยุทธศาสตร์/มาตรการ", "Key activities", "Owner", "Due date"),
    ],
)
def test_headers_in_yet_other_words(header: tuple[str, ...]) -> None:
    read = plan(
        header, ("ประกาศเจตนารมณ์", "จัดทำประกาศ", "สำนักปลัด", "มี.ค. ๖๗"), ("ตรวจพัสดุ", "ตั้งกรรมการ", "กองคลัง", "พ.ค. ๖๗")
    )
    assert [one.title for one in read.measures] == ["ประกาศเจตนารมณ์", "ตรวจพัสดุ"]
    assert [one.steps[0].text for one in read.measures] == ["จัดทำประกาศ", "ตั้งกรรมการ"]
    assert [one.responsible.parties for one in read.measures] == [("สำนักปลัด",), ("กองคลัง",)]
    assert [days(one)[1] for one in read.measures] == ["2024-03-31", "2024-05-31"]


def test_a_deadline_with_the_party_behind_it_is_both() -> None:
    read = plan(("มาตรการ", "กำหนดเสร็จ / ผู้รับผิดชอบ"), ("๑. อบรม", "มี.ค. ๖๗ / กองคลัง"), ("๒. ตรวจ", "พ.ค. ๖๗ / กองช่าง"))
    assert [one.responsible.parties for one in read.measures] == [("กองคลัง",), ("กองช่าง",)]
    assert [days(one)[:2] for one in read.measures] == [("", "2024-03-31"), ("", "2024-05-31")]


def test_a_month_of_an_impossible_year_is_told_as_that() -> None:
    read = plan(("มาตรการ", "ผู้รับผิดชอบ", "ระยะเวลา"), ("๑. ตรวจ", "กองคลัง", "ม.ค. ๒๕๐๗"))
    assert [one.message for one in read.warnings if "ไม่น่าถูกต้อง" in one.message]


def test_a_numbered_line_over_a_table_names_its_party() -> None:
    head = ("ที่", "กิจกรรม", "ระยะเวลา")
    tables = [table(head, ("๑", work, "มี.ค. ๖๗")) for work in ("ประกาศ", "ตรวจพัสดุ")]
    text = f"<p>๑. สำนักปลัด</p>{tables[0]}<p>๒. กองคลัง</p>{tables[1]}"
    read = read_plan(text.encode(), "plan.html", 2567)
    assert [one.responsible.parties for one in read.measures] == [("สำนักปลัด",), ("กองคลัง",)]
