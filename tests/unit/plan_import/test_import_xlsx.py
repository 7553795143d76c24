"""Workbooks as offices keep them: merged cells, typed dates, several sheets."""

from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.unit.plan_import.import_files import HEADER, with_shared_strings, workbook_bytes
from tracker.plan_draft import DraftPlan
from tracker.plan_import import read_plan

FOUR = list(HEADER[:4])


def sheet_of(*rows: list[Any]) -> tuple[openpyxl.Workbook, Worksheet]:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for values in rows:
        sheet.append(values)
    return book, sheet


def read(book: openpyxl.Workbook) -> DraftPlan:
    return read_plan(workbook_bytes(book), "plan.xlsx", 2566)


def test_merged_cells_and_a_header_below_the_top() -> None:
    book, sheet = sheet_of(
        ["แผนปฏิบัติการ เทศบาลตำบลนาดี", None, None, None],
        [],
        ["มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา", None],
        [None, None, None, "เริ่มต้น", "สิ้นสุด"],
        ["๑.ก", "๑.หนึ่ง", "กองคลัง", "ตุลาคม ๒๕๖๕", "มกราคม ๒๕๖๖"],
        [None, "๒.สอง", None, "มีนาคม ๒๕๖๖", "เมษายน ๒๕๖๖"],
    )
    for merged in ("A1:E1", "A3:A4", "B3:B4", "C3:C4", "D3:E3", "A5:A6", "C5:C6"):
        sheet.merge_cells(merged)
    plan = read(book)
    (measure,) = plan.measures
    assert (plan.agency, plan.warnings) == ("เทศบาลตำบลนาดี", ())
    assert [s.text for s in measure.steps] == ["หนึ่ง", "สอง"]
    assert (str(measure.period.start), str(measure.period.end)) == ("2022-10-01", "2023-01-31")
    assert measure.steps[1].period is not None
    assert str(measure.steps[1].period.end) == "2023-04-30"


@pytest.mark.parametrize(
    ("value", "form", "end"),
    [
        (date(2023, 3, 15), "d mmmm yyyy", "2023-03-15"),
        (datetime(2023, 3, 15, 8, 30), "[$-41E]d mmm bbbb", "2023-03-15"),  # noqa: DTZ001  (as Excel stores it)
        (date(2566, 3, 15), "dd/mm/yyyy", "2023-03-15"),
        (date(2023, 3, 1), "mmm-yy", "2023-03-31"),
        (date(1966, 3, 1), "mmm-yy", "2023-03-31"),
        ("๓๑ มีนาคม ๒๕๖๖", "General", "2023-03-31"),
    ],
)
def test_dates_typed_as_dates(value: object, form: str, end: str) -> None:
    book, sheet = sheet_of(FOUR, ["๑.ก", "๑.ข", "กองคลัง", value])
    sheet["D2"].number_format = form
    plan = read(book)
    assert str(plan.measures[0].period.end) == end
    assert not plan.warnings


def test_numbers_are_texts_and_may_number_measures() -> None:
    book, _ = sheet_of(["ที่", *FOUR], [1, "ก", 25, "กองคลัง", "มกราคม ๒๕๖๖"], [2.0, "ข", "ค", "กองคลัง", "มกราคม ๒๕๖๖"])
    plan = read(book)
    assert [(m.number, m.title, m.steps[0].text) for m in plan.measures] == [(1, "ก", "25"), (2, "ข", "ค")]


def test_texts_kept_in_a_part_of_their_own_read_the_same() -> None:
    book, _ = sheet_of(FOUR, ["๑.ก", "๑.หนึ่ง", "กองคลัง", "มกราคม ๒๕๖๖"])
    shared = with_shared_strings(workbook_bytes(book))
    assert read_plan(shared, "plan.xlsx", 2566).as_json() == read(book).as_json()


def test_line_breaks_inside_a_cell_part_paragraphs() -> None:
    book, _ = sheet_of(FOUR, ["๑.ก\n๑.ย่อย", "๑.หนึ่ง\n๒.สอง\r\nต่อ", "กองคลัง\nกองช่าง", "มกราคม ๒๕๖๖"])
    (measure,) = read(book).measures
    assert [s.text for s in measure.steps] == ["หนึ่ง", "สอง\nต่อ"]
    assert [p.text for p in measure.details] == ["ย่อย"]
    assert measure.responsible.parties == ("กองคลัง", "กองช่าง")


def test_the_sheets_with_a_plan_are_chosen_and_the_others_reported() -> None:
    book, _ = sheet_of(["คำชี้แจง"])
    plan_sheet = book.create_sheet("แผน")
    for values in (FOUR, ["๑.ก", "๑.ข", "กองคลัง", "มกราคม ๒๕๖๖"]):
        plan_sheet.append(values)
    other = book.create_sheet("รายชื่อ")
    other.append(["ก", "ข", "ค", "ง"])
    hidden = book.create_sheet("ซ่อน")
    hidden.append(["x"])
    hidden.sheet_state = "hidden"
    plan = read(book)
    assert len(plan.measures) == 1
    assert [w.where for w in plan.warnings] == ["sheet “ซ่อน”", "sheet “รายชื่อ”"]


def test_hidden_rows_are_left_out_and_reported_and_a_merged_cell_keeps_its_text() -> None:
    book, sheet = sheet_of(
        FOUR,
        ["๑.ก", "๑.เก่า", "กองคลัง", "มกราคม ๒๕๖๖"],
        [None, "๑.ใหม่", None, None],
        ["๒.ซ่อน", "๑.ข", "กองช่าง", "มกราคม ๒๕๖๖"],
        ["๒.ค", "๑.ง", "กองช่าง", "มกราคม ๒๕๖๖"],
    )
    for merged in ("A2:A3", "C2:C3", "D2:D3"):
        sheet.merge_cells(merged)
    sheet.row_dimensions[2].hidden = sheet.row_dimensions[4].hidden = True
    plan = read(book)
    assert [(m.number, m.title, [s.text for s in m.steps]) for m in plan.measures] == [
        (1, "ก", ["ใหม่"]),
        (2, "ค", ["ง"]),
    ]
    assert [m.responsible.text for m in plan.measures] == ["กองคลัง", "กองช่าง"]
    assert [(w.where, "เก่า" in w.message, "๒.ซ่อน" in w.message) for w in plan.warnings] == [
        ("sheet “Sheet”, row 2", True, False),
        ("sheet “Sheet”, row 4", False, True),
    ]


def test_a_formula_without_a_stored_result_is_reported() -> None:
    book, _ = sheet_of(FOUR, ["๑.ก", '="x"&"y"', "กองคลัง", "มกราคม ๒๕๖๖"])
    assert any(w.where == "sheet “Sheet”, row 2" for w in read(book).warnings)


def test_cells_far_away_cost_nothing() -> None:
    book, sheet = sheet_of(FOUR, ["๑.ก", "๑.ข", "กองคลัง", "มกราคม ๒๕๖๖"])
    sheet["XFD1048576"] = "ไกล"
    plan = read(book)
    assert len(plan.measures) == 1
    assert "ไกล" in str(plan.warnings)
