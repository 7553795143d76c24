"""The e-PlanNACC sheet: the form's order, sums to the satang, no formula; and money as people type it."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from tracker.errors import NotUnderstoodError
from tracker.memos.money import MOST, as_baht, parse_baht
from tracker.memos.plannacc import FORM_NOTE, HEADINGS, Sheet, SheetRow, render
from tracker.thai.numerals import to_thai

ROW = SheetRow(
    number=1, title="ยกระดับการให้บริการ", work="measure", dimension=2, planned=1_000_050, ordinance=800_000,
    disbursed=0, in_ordinance=True, status="under_way", reason="", reason_text="", remarks="๑. จัดทำคู่มือแล้ว",
)  # fmt: skip
NONE = replace(ROW, number=2, planned=None, ordinance=None, disbursed=None, dimension=None, in_ordinance=False)


def sheet(*rows: SheetRow, **changes: Any) -> Sheet:
    plain = Sheet("อบต.ตัวอย่าง", 2566, 6, datetime(2023, 4, 3, 3, tzinfo=UTC), rows or (ROW, NONE))
    return replace(plain, **changes)


def opened(content: Sheet) -> Worksheet:
    page = openpyxl.load_workbook(BytesIO(render(content))).worksheets[0]
    assert isinstance(page, Worksheet)
    return page


def table(content: Sheet) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in opened(content).iter_rows(min_row=4)]


def test_the_columns_stand_in_the_order_of_the_form() -> None:
    head, first, second, total = table(sheet())
    assert tuple(head) == HEADINGS
    assert first == [
        1, "มาตรการ", "มิติที่ 2 การบริหารราชการเพื่อป้องกันการทุจริต", "ยกระดับการให้บริการ", "ดำเนินการโดยใช้งบประมาณ",
        10000.5, 8000, 0, "✓", "อยู่ระหว่างดำเนินการ", None, None, "๑. จัดทำคู่มือแล้ว",
    ]  # fmt: skip
    assert second[4:9] == [None, None, None, None, None]
    assert total[3:8] == ["รวม", None, 10000.5, 8000, 0]
    assert opened(sheet()).cell(3, 1).value == FORM_NOTE


@pytest.mark.parametrize(
    ("status", "words"),
    [("done", "ดำเนินการแล้วเสร็จ"), ("under_way", "อยู่ระหว่างดำเนินการ"), ("not_possible", "ไม่สามารถดำเนินการได้")],
)
def test_the_status_is_one_of_the_form_s_with_its_reason(status: Any, words: str) -> None:
    reasons = {"reason": "ไม่ได้รับงบประมาณ", "reason_text": "โอนไปภารกิจอื่น"} if status == "not_possible" else {}
    _, row, _ = table(sheet(replace(ROW, status=status, **reasons)))
    assert row[9] == words
    assert row[10:12] == [reasons.get("reason"), reasons.get("reason_text")]


@pytest.mark.parametrize("text", ["=1+1", "+66", "-5", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_what_begins_like_a_formula_stays_text(text: str) -> None:
    page = opened(sheet(replace(ROW, title=text, remarks=text, reason_text=text), agency=text))
    for row in page.iter_rows():
        for cell in row:
            assert cell.data_type != "f"
    assert page.cell(5, 4).value == text


def test_the_same_facts_give_the_same_bytes() -> None:
    assert render(sheet()) == render(sheet())


@given(st.lists(st.integers(0, MOST // 1000), min_size=1, max_size=8))
def test_the_sums_are_exact(amounts: list[int]) -> None:
    rows = tuple(replace(ROW, number=number, planned=amount) for number, amount in enumerate(amounts, 1))
    assert sheet(*rows).totals[0] == sum(amounts)


def test_where_nobody_entered_an_amount_no_nought_is_claimed() -> None:
    empty = sheet(replace(ROW, planned=None, ordinance=None, disbursed=0))
    assert empty.totals == (None, None, 0)
    page = opened(empty)
    assert [page.cell(page.max_row, column).value for column in (4, 6, 7, 8)] == ["รวม", None, None, 0]


@pytest.mark.parametrize(
    ("typed", "satang"),
    [
        ("12500", 1_250_000), ("12,500", 1_250_000), ("๑๒,๕๐๐.๕๐ บาท", 1_250_050), ("0", 0), (" 7.5 ", 750),
        ("", None), ("-", None), ("–", None),
    ],
)  # fmt: skip
def test_money_as_people_type_it(typed: str, satang: int | None) -> None:
    assert parse_baht(typed) == satang


@pytest.mark.parametrize("typed", ["1,25", "12.345", "-5", "หมื่นสอง", "1e9", "1000000000000", "12,,500", "=1"])
def test_what_is_no_amount_is_said(typed: str) -> None:
    with pytest.raises(NotUnderstoodError, match="no amount of baht") as caught:
        parse_baht(typed)
    assert typed in caught.value.sentence_th


@given(st.integers(0, MOST - 1))
def test_an_amount_that_is_shown_is_read_back(satang: int) -> None:
    assert parse_baht(as_baht(satang)) == satang
    assert parse_baht(to_thai(as_baht(satang))) == satang
