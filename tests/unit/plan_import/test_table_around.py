"""Headings over measures, tables of measures alone, broken rows of pasted text, and warnings that stay few."""

from tests.unit.plan_import.grids import Box, grid_as_html
from tests.unit.plan_import.import_files import as_csv, as_html, row
from tracker.plan_import import read_plan

HEAD = ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา")


def test_numbered_headings_of_groups_are_no_measures() -> None:
    grid = [
        HEAD,
        ("๑) ด้านบุคลากร", "", "", ""),
        ("๑. อบรมวินัย", "๑. จัดอบรม", "สำนักปลัด", "ไตรมาส ๑"),
        ("๒. ยกย่องคนดี", "๑. คัดเลือก", "สำนักปลัด", "ไตรมาส ๒"),
        ("๒) ด้านการเงิน", "", "", ""),
        ("๒.๑ เปิดเผยงบ", "๑. ประกาศ", "กองคลัง", "ไตรมาส ๓"),
    ]
    plan = read_plan(grid_as_html(grid), "x.html", 2569)
    assert [one.number for one in plan.measures] == [1, 2, 3]
    assert [one.responsible.text for one in plan.measures] == ["สำนักปลัด", "สำนักปลัด", "กองคลัง"]
    assert sum("เป็นหัวข้อ" in one.message for one in plan.warnings) == 2


def test_a_measure_without_cells_that_counts_on_stays_a_measure() -> None:
    grid = [HEAD, ("๑. ก", "", "", ""), ("๒. ข", "๑. ทำ", "กองคลัง", "ไตรมาส ๓")]
    assert [one.title for one in read_plan(grid_as_html(grid), "x.html", 2569).measures] == ["ก", "ข"]


def test_a_table_of_measures_alone_is_read_when_its_column_is_named() -> None:
    grid = [
        [Box("ยุทธศาสตร์", 1, 2), Box("แผนงาน/โครงการ", 1, 2), "ปี ๒๕๖๙", "ปี ๒๕๗๐"],
        ["งบประมาณ", "งบประมาณ"],
        [Box("ยุทธศาสตร์ที่ ๑", 1, 2), "โครงการคนดี", "๑๐,๐๐๐", "-"],
        ["โครงการโปร่งใส", "-", "๕,๐๐๐"],
    ]
    plan = read_plan(grid_as_html(grid), "x.html", 2569, columns={"measure": "แผนงาน/โครงการ"})
    assert [one.title for one in plan.measures] == ["โครงการคนดี", "โครงการโปร่งใส"]
    assert [(one.period.start, one.period.end) for one in plan.measures] == [(None, None)] * 2


def test_rows_that_a_paste_broke_over_lines_are_whole_again() -> None:
    text = (
        "มาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tระยะเวลา\n"
        "๑. เปิดเผย\t๑. รวบรวม\n๒. ตรวจทาน\n๓. เผยแพร่\tกองคลัง\tเม.ย. ๖๙ - มิ.ย. ๖๙\n"
        "๒. ป้องกัน\t๑. ประเมิน\tกองช่าง\nสำนักปลัด\tไตรมาส ๒\n"
    )
    plan = read_plan(text.encode(), "x.txt", 2569)
    assert [[step.text for step in one.steps] for one in plan.measures] == [["รวบรวม", "ตรวจทาน", "เผยแพร่"], ["ประเมิน"]]
    assert plan.measures[1].responsible.parties == ("กองช่าง", "สำนักปลัด")
    assert str(plan.measures[0].period.end) == "2026-06-30"


def test_many_warnings_of_a_kind_are_one_with_its_places() -> None:
    rows = [row(f"{number}. งาน", "ทำ", "กองคลัง", "31 มิ.ย. 2569", "", "") for number in range(1, 41)]
    plan = read_plan(as_html(rows), "x.html", 2569)
    impossible = [one for one in plan.warnings if "31 มิ.ย." in one.message]
    assert len(impossible) == 1
    assert "มาตรการ 2" in impossible[0].message
    assert "แห่ง" in impossible[0].message
    assert len(plan.warnings) < 5


def test_a_column_that_is_left_out_is_told_by_three_cells_and_a_count() -> None:
    rows = [[[f"{number}. งาน"], ["ทำ"], ["กองคลัง"], ["ไตรมาส ๑"], ["ผู้แทน" * 9]] for number in range(1, 101)]
    plan = read_plan(as_csv(rows, (*HEAD, "จำนวนเงิน")), "x.csv", 2569)
    (warning,) = [one for one in plan.warnings if one.where.startswith("column")]
    assert warning.message.count("มาตรการ ") == 3
    assert "97" in warning.message


def test_four_of_a_kind_are_one_also_where_all_would_be_seen() -> None:
    rows = [row(f"{number}. งาน", "", "กองคลัง", "31 มิ.ย. 2569", "", "") for number in range(1, 5)]
    warnings = read_plan(as_html(rows), "x.html", 2569).warnings
    (no_steps,) = [one for one in warnings if "ไม่มีขั้นตอน" in one.message]
    assert no_steps.where.startswith("measure 1")
    assert "มาตรการ 2, มาตรการ 3, มาตรการ 4" in no_steps.message
    assert sum("31 มิ.ย." in one.message for one in warnings) == 4, "each is another day to be set"


def test_three_of_a_kind_stand_in_the_order_of_the_document() -> None:
    cells = [("กองคลัง", "31 มิ.ย. 2569"), ("", "31 มิ.ย. 2569"), ("กองคลัง", "31 มิ.ย. 2569")]
    rows = [row(f"{number}. งาน", "ทำ", *pair, "", "") for number, pair in enumerate(cells, 1)]
    places = [one.where.partition(",")[0] for one in read_plan(as_html(rows), "x.html", 2569).warnings]
    assert [place for place in places if place.startswith("measure")] == [f"measure {n}" for n in (1, 2, 2, 3)]
