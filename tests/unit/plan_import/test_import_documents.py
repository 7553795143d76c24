"""Whole documents as agencies make them, each with what a careful reader takes from it, and nothing else."""

import datetime
from io import BytesIO
from itertools import count
from unittest.mock import patch

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.plan_import.import_files import WRITERS
from tests.unit.plan_import.plan_documents import DOCUMENTS, FOUR, SIX, document
from tests.unit.plan_import.word_xml import MERGED, cell, row, table, word
from tracker.plan_draft import DraftMeasure, DraftPlan, DraftStep, Period
from tracker.plan_import import document as reading
from tracker.plan_import import read_plan
from tracker.thai.paragraphs import Paragraph


@document(
    "plan.xlsx",
    """
    agency องค์การบริหารส่วนตำบลโคกสูง
    1 เสริมสร้างความโปร่งใส
      step 1 จัดทำประกาศ
      step 2 แจ้งเวียน
      by สำนักปลัด
      by กองคลัง
      in 2022-10-01 to 2022-12-31
    2 จัดเก็บภาษี
      step ออกหน่วย
      by กองคลัง
      in 2023-01-15 to 2023-03-31
    """,
)
def a_sheet_with_titles_merged_cells_and_dates() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["แผนส่งเสริมคุณธรรม ประจำปีงบประมาณ 2566"])
    sheet.append(["องค์การบริหารส่วนตำบลโคกสูง"])
    sheet.append([])
    sheet.append(["ที่", "มาตรการ", "วิธีดำเนินการ", "ผู้รับผิดชอบ", "วันเริ่มต้น", "วันสิ้นสุด"])
    start, end = datetime.date(2022, 10, 1), datetime.date(2022, 12, 31)
    sheet.append([1, "เสริมสร้างความโปร่งใส", "1. จัดทำประกาศ", "สำนักปลัด\nกองคลัง", start, end])
    sheet.append([None, None, "2. แจ้งเวียน"])
    start, end = datetime.date(2566, 1, 15), datetime.date(2566, 3, 31)
    sheet.append([2.0, "จัดเก็บภาษี", "ออกหน่วย", "กองคลัง", start, end])
    for merged in ("A1:F1", "A2:F2", "A5:A6", "B5:B6", "D5:D6", "E5:E6", "F5:F6"):
        sheet.merge_cells(merged)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


_TWO = """
    1 เสริมสร้างความโปร่งใส
      step 1 จัดทำประกาศ
      step 2 แจ้งเวียน
      by สำนักปลัด
      by กองคลัง
      in 2022-10-01 to 2022-12-31
    2 ต่อต้านการทุจริต
      step 1 ประเมินความเสี่ยง
      step 2 รายงานผล
      by งานนิติการ
      in 2023-01-01 to 2023-06-30
"""
_ROWS = (
    ("๑. เสริมสร้างความโปร่งใส", "๑. จัดทำประกาศ\n๒. แจ้งเวียน", "สำนักปลัด\nกองคลัง", "ต.ค. 2565 - ธ.ค. 2565"),
    ("๒. ต่อต้านการทุจริต", "๑. ประเมินความเสี่ยง\n๒. รายงานผล", "งานนิติการ", "ไตรมาส 2-3"),
)


def _page_table(rows: str) -> str:
    return f"<table><tr>{''.join(f'<th>{text}</th>' for text in FOUR)}</tr>{rows}</table>"


@document("plan.htm", f"agency เทศบาลตำบลทุ่งยาว{_TWO}")
def a_page_saved_from_word() -> bytes:
    def plain(text: str) -> str:
        return f"<p class=MsoNormal><span lang=TH style='font-size:16.0pt'>{text}<o:p></o:p></span></p>"

    def listed(number: str, text: str) -> str:
        mark = f'<span style="mso-list:Ignore">{number}.<span>&nbsp;&nbsp;&nbsp; </span></span>'
        return f"<p class=MsoListParagraph><![if !supportLists]>{mark}<![endif]><span\nlang=TH>{text}</span></p>"

    rows = ""
    for title, steps, parties, period in _ROWS:
        numbered = "".join(listed(step[0], step[3:]) for step in steps.split("\n")) + plain("&nbsp;")
        cells = (plain(title), numbered, "".join(map(plain, parties.split("\n"))), plain(period))
        rows += f"<tr>{''.join(f'<td width=200 valign=top>{one}</td>' for one in cells)}</tr>"
    head = (
        "<meta http-equiv=Content-Type content='text/html; charset=windows-874'><!--[if gte mso 9]><xml/><![endif]-->"
    )
    page = f"<html xmlns:o='urn:x'><head>{head}</head><body>{plain('เทศบาลตำบลทุ่งยาว')}{_page_table(rows)}</body></html>"
    return page.encode("cp874")


@document("index.html", f"agency เทศบาลตำบลนาดี{_TWO}warns table 1: สงวนลิขสิทธิ์")
def a_page_whose_tables_stand_three_deep() -> bytes:
    first, second = _ROWS
    rows = (
        f"<tr><td rowspan=2>{first[0]}<td>๑. จัดทำประกาศ<td rowspan=2>สำนักปลัด<br>กองคลัง<td rowspan=2>{first[3]}</tr>"
        "<tr><td>๒. แจ้งเวียน</tr>"
        f"<tr><td>{second[0]}<td><ol><li>ประเมินความเสี่ยง<li>รายงานผล</ol><td>{second[2]}<td>{second[3]}</tr>"
    )
    inside = f"<table><caption>เทศบาลตำบลนาดี</caption><tr><td>{_page_table(rows)}</td></tr></table>"
    menu = "<table><tr><td>หน้าแรก</td></tr></table>"
    page = f"<table><tr><td>{menu}</td><td>{inside}</td></tr><tr><td colspan=2>สงวนลิขสิทธิ์</td></tr></table>"
    return f"<html><body><script>'<table>'</script>{page}</body></html>".encode()


@document("plan.csv", _TWO)
def values_parted_by_semicolons() -> bytes:
    lines = [";".join(f'"{text}"' for text in cells) for cells in (FOUR, *_ROWS)]
    return "\r\n".join(["sep=;", *lines]).encode("utf-8-sig")


@document("plan.txt", _TWO)
def values_parted_by_tabs_in_utf_16() -> bytes:
    return "\r\n".join("\t".join(f'"{text}"' for text in cells) for cells in (FOUR, *_ROWS)).encode("utf-16")


@document("plan.md", _TWO)
def values_parted_by_bars_with_breaks_in_their_cells() -> bytes:
    rows = ("|".join(text.replace("\n", "<br>") for text in cells) for cells in (FOUR, ["---"] * 4, *_ROWS))
    return "\n".join(f"|{row}|" for row in rows).encode()


@document(
    "plan.txt",
    """
    1 บริการโปร่งใส
      step 1 จัดทำคู่มือ
      step 2 เผยแพร่
      by กองคลัง
      in 2022-10-01 to 2023-09-30 monthly
    2 ลดดุลพินิจ
      step 1 ประกาศ
      by สำนักปลัด
      in 2022-10-01 to 2022-10-31
    """,
)
def lines_of_tabs_with_steps_behind_each_other_and_numbers_without_marks() -> bytes:
    rows = (
        FOUR,
        ("๑ บริการโปร่งใส", "๑. จัดทำคู่มือ ๒. เผยแพร่", "กองคลัง", "ทุกเดือน"),
        ("๒ ลดดุลพินิจ", "๑. ประกาศ", "สำนักปลัด", "ต.ค. ๖๕"),
    )
    return "\n".join("\t".join(cells) for cells in rows).encode("cp874")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_says_what_a_careful_reader_takes_from_it(name: str) -> None:
    build, expected = DOCUMENTS[name]
    plan = read_plan(build(), name.partition("/")[2], 2566)
    lines = [line.strip() for line in expected.splitlines() if line.strip()]
    assert told(plan) == [line for line in lines if not line.startswith("warns ")]
    warned = [f"{warning.where}: {warning.message}" for warning in plan.warnings]
    foreseen = [line.removeprefix("warns ").split(": ") for line in lines if line.startswith("warns ")]
    assert len(warned) == len(foreseen), warned
    for where, quoted in foreseen:
        assert any(message.startswith(where) and quoted in message for message in warned), (where, warned)


def told(plan: DraftPlan) -> list[str]:
    """A draft as lines: what is listed in the documents' expectations."""
    lines = [f"agency {plan.agency}"] if plan.agency else []
    return lines + [line for measure in plan.measures for line in _measure(measure)]


def _measure(measure: DraftMeasure) -> list[str]:
    by = "by each" if measure.responsible.mode == "each" else "by"
    return [
        f"{measure.number} {measure.title}",
        *(f"detail {_numbered(one)}" for one in measure.details),
        *(f"step {_step(step)}" for step in measure.steps),
        *(f"{by} {party}" for party in measure.responsible.parties),
        f"in {_period(measure.period)}",
        *(f"did {_numbered(one)}" for one in measure.summary),
        *(f"got {_numbered(one)}" for one in measure.outcome),
    ]


def _step(step: DraftStep) -> str:
    own = [*(step.responsible.parties if step.responsible else ()), *([_period(step.period)] if step.period else ())]
    return " @ ".join([_numbered(Paragraph(step.number, step.text)), *own])


def _period(period: Period) -> str:
    return " ".join([str(period.start or "?"), "to", str(period.end or "?"), *period.cadences])


def _numbered(one: Paragraph) -> str:
    return one.text if one.number is None else f"{one.number} {one.text}"


def test_a_step_that_goes_on_below_keeps_every_line_of_its_period() -> None:
    rows = (
        FOUR,
        ("บริการโปร่งใส", "จัดทำคู่มือ", "กองคลัง", "ทุกเดือน"),
        ("", "๑. เผยแพร่", "", "ต.ค. ๖๕"),
        ("", "", "", "ธ.ค. ๖๕"),
        ("", "ทางเว็บไซต์", "", ""),
    )
    plan = read_plan("\n".join("\t".join(cells) for cells in rows).encode(), "plan.txt", 2566)
    step = plan.measures[0].steps[1]
    assert step.text == "เผยแพร่\nทางเว็บไซต์"
    assert step.period is not None
    assert step.period.text == "ต.ค. ๖๕\nธ.ค. ๖๕"


def test_what_stands_below_a_step_that_goes_on_is_its_period_too() -> None:
    rows = (
        FOUR,
        ("บริการโปร่งใส", "๑. จัดทำคู่มือ", "กองคลัง", "ต.ค. ๖๕"),
        ("", "ทั้งสองภาษา", "", ""),
        ("", "", "", "ธ.ค. ๖๕"),
    )
    plan = read_plan("\n".join("\t".join(cells) for cells in rows).encode(), "plan.txt", 2566)
    (step,) = plan.measures[0].steps
    assert step.text == "จัดทำคู่มือ\nทั้งสองภาษา"
    assert step.period is not None
    assert step.period.text == "ต.ค. ๖๕\nธ.ค. ๖๕"


_NO_PART = ("หมายเหตุ", "งบประมาณ")
_MARKS = st.sampled_from(["", "๑. ", "2) ", "(๓) ", "- ", "๑.๑ "])


@pytest.mark.untraced
@settings(max_examples=60, deadline=None)
@given(st.data())
@pytest.mark.parametrize("form", [*WRITERS, "word"])
def test_no_word_of_a_table_is_lost(form: str, data: st.DataObject) -> None:
    """Every text of every cell is in the draft or in a warning, whatever the rows leave empty or merge.

    Before many warnings of a kind become one, which names places instead of words; and but for a column that is no part
    of the plan, of which three cells are quoted and the others counted.
    """
    names = (f"คำ{number}ท้าย" for number in count(100))
    made: list[str] = []

    def text(column: str) -> str:
        name = next(names)
        if column not in _NO_PART:
            made.append(name)
        return data.draw(_MARKS) + name

    header = list(data.draw(st.sampled_from([FOUR, SIX, ("ที่", *FOUR, "หมายเหตุ"), ("งบประมาณ", *SIX)])))
    rows = [[[text(column)] for column in header]]
    size = st.integers(0, 2)
    rows += [
        [[text(column) for _ in range(data.draw(size))] for column in header]
        for _ in range(data.draw(st.integers(0, 4)))
    ]
    with patch.object(reading, "few", tuple):
        plan = _read_as(form, header, rows, data)
    said = str(plan.as_json())
    assert [name for name in made if name not in said] == []


def _read_as(form: str, header: list[str], rows: list[list[list[str]]], data: st.DataObject) -> DraftPlan:
    if form == "word":
        again = data.draw(st.integers(1, len(rows)))
        merged = [
            [cell("\n".join(one)) if one or number == 0 else MERGED for one in cells]
            for number, cells in enumerate(rows)
        ]
        written = [row(*header), *(row(*cells) for cells in merged)]
        return read_plan(word(table(*written[:again], row(*header), *written[again:])), "plan.docx", 2566)
    return read_plan(WRITERS[form](rows, header), f"plan.{form}", 2566)
