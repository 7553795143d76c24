"""Columns by what their headers and cells mean: tables of time, slips of spelling, labels and headings."""

from collections.abc import Sequence

import pytest

from tracker.plan_draft import DraftMeasure, DraftPlan
from tracker.plan_import import read_plan


def table(*rows: Sequence[str]) -> str:
    """An HTML table; ``a>3`` is a cell over three columns, ``a^2`` one over two rows."""

    def cell(text: str) -> str:
        for sign, name in ((">", "colspan"), ("^", "rowspan")):
            words, found, count = text.partition(sign)
            if found:
                return f"<td {name}={count}>{words}</td>"
        return f"<td>{'<br>'.join(text.splitlines())}</td>"

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
