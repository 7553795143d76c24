"""OpenDocument files: lists, changes, hidden and struck-out text, dates, hidden sheets, and what is refused."""

import zipfile
from io import BytesIO

import pytest

from tests.unit.plan_import.grids import Box, grid_as_ods, grid_as_odt, odf
from tests.unit.plan_import.import_files import changed
from tracker.errors import NotUnderstoodError
from tracker.plan_draft import DraftPlan
from tracker.plan_import import read_plan

HEAD = ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา")


def cell(inner: str, about: str = "") -> str:
    return (
        f"<table:table-cell{about}>{inner if inner.startswith('<') else f'<text:p>{inner}</text:p>'}</table:table-cell>"
    )


def row(*cells: str, about: str = "") -> str:
    inner = "".join(one if one.startswith("<table:") else cell(one) for one in cells)
    return f"<table:table-row{about}>{inner}</table:table-row>"


def table(*rows: str, about: str = ' table:name="แผน"', columns: str = "") -> str:
    return f"<table:table{about}>{columns}{row(*HEAD)}{''.join(rows)}</table:table>"


def text_style(name: str, properties: str, family: str = "text") -> str:
    return (
        f'<style:style style:name="{name}" style:family="{family}"><style:text-properties {properties}/></style:style>'
    )


def read(body: str, styles: str = "", *, sheet: bool = False) -> DraftPlan:
    return read_plan(odf(body, styles, sheet=sheet), "แผน.ods" if sheet else "แผน.odt", 2570)


STRUCK = text_style("S", 'style:text-line-through-style="solid"') + text_style(
    "C", 'style:text-line-through-type="double"', "table-cell"
)
ITEMS = (
    '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="๑, ๒, ๓, ..." '
    'style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="1" style:num-suffix=")"/>'
    '</text:list-style><text:list-style style:name="B"><text:list-level-style-bullet text:level="1" '
    'text:bullet-char="•"/></text:list-style>'
)


def test_the_lists_of_writer_number_their_items_and_go_on_counting() -> None:
    first = (
        '<text:list xml:id="one" text:style-name="L"><text:list-item><text:p>ร่าง</text:p><text:list><text:list-item>'
        "<text:p>ย่อย</text:p></text:list-item></text:list></text:list-item></text:list>"
    )
    second = (
        '<text:list text:continue-list="one" text:style-name="L">'
        "<text:list-item><text:p>ประกาศ</text:p></text:list-item></text:list>"
    )
    bullets = '<text:list text:style-name="B"><text:list-item><text:p>กองคลัง</text:p></text:list-item></text:list>'
    plan = read(table(row("๑. ก", cell(first + second), cell(bullets), "มี.ค. ๗๐")), ITEMS)
    (measure,) = plan.measures
    assert [(step.number, step.text) for step in measure.steps] == [(1, "ร่าง\n1) ย่อย"), (2, "ประกาศ")]
    assert measure.responsible.parties == ("กองคลัง",)
    assert not plan.warnings


def test_what_writer_strikes_out_hides_or_deletes_is_left_out() -> None:
    hidden = text_style("H", 'text:display="none"')
    steps = (
        '<text:p>๑. ร่าง</text:p><text:p><text:span text:style-name="S">๒. ดูงาน</text:span></text:p>'
        '<text:p>๓. ประกาศ<text:span text:style-name="H">ลับ</text:span></text:p>'
    )
    deleted = "<text:changed-region><text:p>๙. ลบแล้ว</text:p></text:changed-region>"
    deleted = f"<text:tracked-changes>{deleted}</text:tracked-changes>"
    plan = read(deleted + table(row("๑. ก", cell(steps), "กองคลัง", "มี.ค. ๗๐")), STRUCK + hidden)
    assert [step.text for step in plan.measures[0].steps] == ["ร่าง", "ประกาศ"]
    messages = [f"{one.where}: {one.message}" for one in plan.warnings]
    assert "table 1, row 2: ข้อความที่ขีดฆ่าไม่ได้นำเข้า: “๒. ดูงาน”" in messages
    assert "table 1, row 2: ข้อความที่ซ่อนไว้ไม่ได้นำเข้า: “ลับ”" in messages
    assert len(messages) == 2


def test_rows_columns_sheets_and_cells_that_calc_does_not_show() -> None:
    columns = '<table:table-column table:number-columns-repeated="4"/><table:table-column table:visibility="collapse"/>'
    struck = "".join(cell(text, ' table:style-name="C"') for text in ("๓. ค", "ทำ", "กองช่าง", "พ.ค. ๗๐"))
    plan_sheet = table(
        row("๑. ก", "ทำ", "กองคลัง", "มี.ค. ๗๐", "ธ.ค. ๗๐"),
        row("๒. ข", "ทำ", "กองช่าง", "เม.ย. ๗๐", about=' table:visibility="filter"'),
        f"<table:table-row>{struck}</table:table-row>",
        columns=columns,
    ).replace(row(*HEAD), row(*HEAD, "ระยะเวลาเดิม"))
    other = table(row("๑. อื่น", "ทำ", "กองคลัง", "มี.ค. ๗๐"), about=' table:name="เก่า" table:style-name="T"')
    hidden = (
        '<style:style style:name="T" style:family="table"><style:table-properties table:display="false"/></style:style>'
    )
    plan = read(plan_sheet + other, STRUCK + hidden, sheet=True)
    assert [(one.title, str(one.period.end)) for one in plan.measures] == [("ก", "2027-03-31")]
    messages = "\n".join(f"{one.where}: {one.message}" for one in plan.warnings)
    for said in ("sheet “เก่า”: แผ่นงาน", "row 3: แถวที่ซ่อน", "column 5: คอลัมน์ที่ซ่อน", "row 4: ข้อความที่ขีดฆ่า"):
        assert said in messages


@pytest.mark.parametrize(
    ("shown", "value", "period"),
    [
        ("31/03/70", "2027-03-31", "31 มีนาคม 2570"),
        ("มี.ค. 70", "2027-03-31", "มีนาคม 2570"),
        ("31/3/2570", "2570-03-31", "31 มีนาคม 2570"),
    ],
)
def test_the_dates_of_calc_are_read_by_their_value(shown: str, value: str, period: str) -> None:
    dated = cell(shown, f' office:value-type="date" office:date-value="{value}"')
    plan = read(table(row("๑. ก", "ทำ", "กองคลัง", dated)), sheet=True)
    assert plan.measures[0].period.text == period
    assert str(plan.measures[0].period.end) == "2027-03-31"


def test_footnotes_and_raised_digits_are_no_part_of_the_period() -> None:
    raised = text_style("R", 'style:text-position="super 58%"')
    body = "<text:note-body><text:p>ชี้แจง</text:p></text:note-body>"
    note = f"<text:note><text:note-citation>1</text:note-citation>{body}</text:note>"
    period = f'<text:p>ต.ค. ๖๙ - ก.ย. ๗๐<text:span text:style-name="R">2</text:span>{note}</text:p>'
    plan = read(table(row("๑. ก", "ทำ", "กองคลัง", cell(period))), raised)
    assert (str(plan.measures[0].period.start), str(plan.measures[0].period.end)) == ("2026-10-01", "2027-09-30")
    assert [one.where for one in plan.warnings] == ["footnote"]


def test_a_merged_measure_and_a_table_in_a_text_box() -> None:
    grid = [HEAD, [Box("๑. ก", 1, 2), "ทำ", "กองคลัง", "มี.ค. ๗๐"], ["ประกาศ", "กองช่าง", "เม.ย. ๗๐"]]
    for data, name in ((grid_as_odt(grid), "x.odt"), (grid_as_ods(grid), "x.ods")):
        (measure,) = read_plan(data, name, 2570).measures
        assert [step.text for step in measure.steps] == ["ทำ", "ประกาศ"]
    inner = table(row("๑. ก", "ทำ", "กองคลัง", "มี.ค. ๗๐"))
    boxed = f"<text:p>แผน<draw:frame><draw:text-box>{inner}</draw:text-box></draw:frame></text:p>"
    assert [one.title for one in read(boxed).measures] == ["ก"]


def test_what_is_no_plan_or_hostile_is_refused_with_a_sentence() -> None:
    good = grid_as_odt([HEAD, ["๑. ก", "ทำ", "กองคลัง", "มี.ค. ๗๐"]])
    locked = changed(good, {"META-INF/manifest.xml": b"<m><encryption-data/></m>"})
    slides = changed(good, {"mimetype": b"application/vnd.oasis.opendocument.presentation"})
    entity = b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><office:x xmlns:office='o'>&a;</office:x>"
    empty = b"<office:document-content xmlns:office='urn:o'/>"
    for data, said in (
        (locked, "password"),
        (slides, "OpenDocument"),
        (changed(good, {"content.xml": entity}), "entities"),
        (changed(good, {"content.xml": b"<broken"}), "damaged"),
        (changed(good, {"content.xml": empty}), "nothing"),
        (changed(good, {"content.xml": b" " * 60_000_000}), "unpacks"),
    ):
        with pytest.raises(NotUnderstoodError, match=said):
            read_plan(data, "x.odt", 2570)
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    with pytest.raises(NotUnderstoodError):
        read_plan(out.getvalue(), "x.odt", 2570)


def test_deep_and_repeated_elements_end_soon() -> None:
    deep = "<text:section>" * 200 + "</text:section>" * 200
    repeated = '<table:table-cell table:number-columns-repeated="9999999"><text:p>ก</text:p></table:table-cell>'
    rows = f'<table:table-row table:number-rows-repeated="9999999">{repeated}</table:table-row>'
    plan = read(table(row("๑. ก", "ทำ", "กองคลัง", "มี.ค. ๗๐")) + deep)
    assert len(plan.measures) == 1
    with pytest.raises(NotUnderstoodError):
        read(f'<table:table table:name="x">{rows}</table:table>', sheet=True)
