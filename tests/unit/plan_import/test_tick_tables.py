"""Tables whose period is a tick, a fill, an arrow or a number under months and quarters, in each format alike."""

import re

import openpyxl
import pytest
from openpyxl.styles import Font

from tests.unit.plan_import.grids import GRID_WRITERS, Box, Boxes, Grid
from tests.unit.plan_import.import_files import workbook_bytes
from tests.unit.plan_import.word_xml import cell, paragraph, row, table, word
from tracker.plan_draft import DraftPlan
from tracker.plan_import import read_plan

SHORT = ("ต.ค.", "พ.ย.", "ธ.ค.", "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.")
LEFT = ("แนวทาง", "ผู้รับผิดชอบ")
FILL = "F4B083"

Days = tuple[str | None, str | None]


def over(rows: int) -> list[Box]:
    return [Box(text, 1, rows) for text in LEFT]


def under(marks: dict[int, str | Box], columns: int = 12, empty: str = "") -> list[str | Box]:
    return [marks.get(at, empty) for at in range(columns)]


def measures(*cells: Boxes) -> list[Boxes]:
    return [[f"{number}. งานที่ {number}", "กองคลัง", *one] for number, one in enumerate(cells, 1)]


def read(grid: Grid, kind: str, year: int = 2570) -> DraftPlan:
    return read_plan(GRID_WRITERS[kind](grid), f"แผน.{kind}", year)


def days(plan: DraftPlan) -> list[Days]:
    return [(_day(one.period.start), _day(one.period.end)) for one in plan.measures]


def _day(day: object) -> str | None:
    return None if day is None else str(day)


OCT_DEC, MARCH, YEAR = ("2026-10-01", "2026-12-31"), ("2027-03-01", "2027-03-31"), ("2026-10-01", "2027-09-30")
QUARTER_2 = ("2027-01-01", "2027-03-31")

HEADERS: dict[str, tuple[Grid, int, list[tuple[tuple[int, ...], Days]]]] = {
    "months in one row": ([[*LEFT, *SHORT]], 12, [((0, 1, 2), OCT_DEC), ((5,), MARCH)]),
    "months under one header": (
        [[*over(2), Box("แผนการดำเนินงาน", 12)], SHORT],
        12,
        [((0, 1, 2), OCT_DEC), ((5,), MARCH), (tuple(range(12)), YEAR)],
    ),
    "months under years under one header": (
        [
            [*over(3), Box("ระยะเวลาดำเนินการ ปีงบประมาณ พ.ศ. ๒๕๗๐", 12)],
            [Box("พ.ศ. ๒๕๖๙", 3), Box("พ.ศ. ๒๕๗๐", 9)],
            SHORT,
        ],
        12,
        [((0, 1, 2), OCT_DEC), ((2, 3), ("2026-12-01", "2027-01-31"))],
    ),
    "months under quarters": (
        [[*over(2), *(Box(f"ไตรมาสที่ {quarter}", 3) for quarter in "1234")], SHORT],
        12,
        [((0, 1, 2), OCT_DEC), ((5,), MARCH)],
    ),
    "months with their years": (
        [[*LEFT, *(f"{month}\n{69 if at < 3 else 70}" for at, month in enumerate(SHORT))]],
        12,
        [((0, 1, 2), OCT_DEC), ((5,), MARCH)],
    ),
    "full months of English": (
        [["Activities", "Responsible", "October", "November", "December", "January", "February", "March"]],
        6,
        [((0, 1, 2), OCT_DEC), ((5,), MARCH)],
    ),
    "numbers of months": (
        [[*over(2), Box("เดือนที่ดำเนินการ", 12)], ["๑๐", "๑๑", "๑๒", *"๑๒๓๔๕๖๗๘๙"]],
        12,
        [((0, 1, 2), OCT_DEC), ((5,), MARCH)],
    ),
    "numbers of six months": (
        [[*over(2), Box("ระยะเวลา (เดือน)", 6)], ["10", "11", "12", "1", "2", "3"]],
        6,
        [((0, 1, 2), OCT_DEC), ((5,), MARCH)],
    ),
    "weeks of months": (
        [[*over(2), *(Box(f"{month} 69", 4) for month in SHORT[:3])], [*"1234", *"1234", *"1234"]],
        12,
        [((0, 5, 11), OCT_DEC), ((4, 5), ("2026-11-01", "2026-11-30"))],
    ),
    "quarters in one row": ([[*LEFT, "ไตรมาส ๑", "ไตรมาส ๒", "ไตรมาส ๓", "ไตรมาส ๔"]], 4, [((1,), QUARTER_2)]),
    "Q1 to Q4": ([[*LEFT, "Q1", "Q2", "Q3", "Q4"]], 4, [((0,), OCT_DEC), ((1,), QUARTER_2)]),
    "Q1/70": ([[*LEFT, "Q1/70", "Q2/70", "Q3/70", "Q4/70"]], 4, [((0,), OCT_DEC), ((1,), QUARTER_2)]),
    "numbers of quarters": ([[*over(2), Box("ไตรมาสที่", 4)], [*"๑๒๓๔"]], 4, [((1,), QUARTER_2)]),
    "Roman quarters": ([[*over(2), Box("ไตรมาส", 4)], ["I", "II", "III", "IV"]], 4, [((1,), QUARTER_2)]),
    "quarters with their months": (
        [[*LEFT, "ไตรมาส 1\n(ต.ค.-ธ.ค.)", "ไตรมาส 2\n(ม.ค.-มี.ค.)", "ไตรมาส 3\n(เม.ย.-มิ.ย.)", "ไตรมาส 4\n(ก.ค.-ก.ย.)"]],
        4,
        [((0,), OCT_DEC), ((1,), QUARTER_2), ((0, 1, 2, 3), YEAR)],
    ),
    "months of quarters": (
        [[*LEFT, "ต.ค. - ธ.ค. 69", "ม.ค. - มี.ค. 70", "เม.ย. - มิ.ย. 70", "ก.ค. - ก.ย. 70"]],
        4,
        [((0,), OCT_DEC), ((1,), QUARTER_2), ((0, 1, 2, 3), YEAR)],
    ),
    "halves": ([[*LEFT, "ครึ่งปีแรก", "ครึ่งปีหลัง"]], 2, [((0,), ("2026-10-01", "2027-03-31")), ((0, 1), YEAR)]),
    "rounds with their months": (
        [[*LEFT, "รอบ ๖ เดือน (ต.ค. ๖๙ - มี.ค. ๗๐)", "รอบ ๑๒ เดือน (เม.ย. ๗๐ - ก.ย. ๗๐)"]],
        2,
        [((0,), ("2026-10-01", "2027-03-31")), ((0, 1), YEAR)],
    ),
}


@pytest.mark.parametrize("kind", GRID_WRITERS)
@pytest.mark.parametrize("name", HEADERS)
def test_ticks_are_read_by_what_each_header_means(name: str, kind: str) -> None:
    header, columns, wanted = HEADERS[name]
    ticked = measures(*(under(dict.fromkeys(marks, "/"), columns) for marks, _ in wanted))
    plan = read([*header, *ticked], kind)
    assert days(plan) == [expected for _, expected in wanted]
    assert [one.title for one in plan.measures] == [f"งานที่ {number}" for number in range(1, len(wanted) + 1)]


@pytest.mark.parametrize("mark", [*"/\\✓✔√Xx×*●■▲☑", "///", "(✓)", "- ✓ -", "ü", "þ", "√ ", "X."])
def test_every_mark_is_a_mark(mark: str) -> None:
    mark = mark.strip("()")
    plan = read([[*LEFT, *SHORT], *measures(under({0: mark, 1: mark}, empty="-"), under({5: mark}))], "html")
    assert days(plan) == [("2026-10-01", "2026-11-30"), MARCH]


@pytest.mark.parametrize("kind", GRID_WRITERS)
@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ({3: "←", 5: "→"}, QUARTER_2),
        ({3: "◄", 4: "-", 5: "►"}, QUARTER_2),
        ({3: "<---", 4: "----", 5: "--->"}, QUARTER_2),
        ({3: "→", 4: "→", 5: "→"}, QUARTER_2),
        ({3: "↔"}, ("2027-01-01", "2027-01-31")),
        ({3: Box("◄────►", 3)}, QUARTER_2),
        ({3: Box("ดำเนินการ", 3)}, QUARTER_2),
        ({3: Box("ทุกเดือน", 3)}, QUARTER_2),
        ({3: Box("", 3, 1, FILL)}, QUARTER_2),
        ({at: Box("", 1, 1, FILL) for at in (3, 4, 5)}, QUARTER_2),
        ({3: "15"}, ("2027-01-15", "2027-01-15")),
        ({3: "๑๐ - ๑๒"}, ("2027-01-10", "2027-01-12")),
        ({3: "วันที่ 5 และ 20"}, ("2027-01-05", "2027-01-20")),
        ({3: "15 ม.ค. 70"}, ("2027-01-15", "2027-01-15")),
        ({3: "2 ครั้ง"}, ("2027-01-01", "2027-01-31")),
        ({3: "☑", 4: "☐", 5: "☐"}, ("2027-01-01", "2027-01-31")),
        ({3: "สรุปผลเสนอผู้บริหาร"}, ("2027-01-01", "2027-01-31")),
        ({3: "ไม่มี"}, (None, None)),
        ({3: "20,000"}, (None, None)),
        ({3: "15000"}, (None, None)),
    ],
)
def test_what_stands_under_the_months(kind: str, marks: dict[int, str | Box], expected: Days) -> None:
    cells = under(marks)
    for box in (one for one in marks.values() if isinstance(one, Box)):
        cells = cells[: len(cells) - box.across + 1]
    other = under(
        {0: "25"} if any(isinstance(one, str) and re.search("[0-9๐-๙]", one) for one in marks.values()) else {0: "/"}
    )
    if any(isinstance(one, Box) and one.fill for one in marks.values()):
        other = under({0: Box("", 1, 1, FILL)})
    plan = read([[*over(2), Box("ระยะเวลา", 12)], SHORT, *measures(cells, other)], kind)
    assert days(plan)[0] == expected
    assert plan.warnings


@pytest.mark.parametrize("kind", GRID_WRITERS)
def test_fills_that_are_only_looks_mark_nothing(kind: str) -> None:
    grey = "D9D9D9"
    banded = [Box("1. งานที่ 1", 1, 1, grey), Box("กองคลัง", 1, 1, grey), *(Box("", 1, 1, grey) for _ in SHORT)]
    plain = ["2. งานที่ 2", "กองคลัง", *under({5: "/"})]
    assert days(read([[*LEFT, *SHORT], banded, plain], kind)) == [(None, None), MARCH]
    coloured = [Box("", 1, 1, FILL if at < 6 else grey) for at in range(12)]
    plan = read([[*LEFT, *SHORT], *measures(coloured, coloured)], kind)
    assert days(plan) == [(None, None)] * 2
    assert [one for one in plan.warnings if "ไม่บอกเวลา" in one.message]


@pytest.mark.parametrize("kind", GRID_WRITERS)
def test_small_numbers_may_count_times_and_give_no_day(kind: str) -> None:
    plan = read([[*LEFT, *SHORT], *measures(under({3: "1", 4: "1"}), under({5: "2"}))], kind)
    assert days(plan) == [("2027-01-01", "2027-02-28"), MARCH]
    assert [one for one in plan.warnings if "ไม่ใช่วันที่" in one.message]


@pytest.mark.parametrize("kind", GRID_WRITERS)
def test_ticks_beside_a_period_of_words(kind: str) -> None:
    header = [[*LEFT, "ระยะเวลา", *SHORT]]
    rows = measures(
        ["", *under({5: "/"})], ["ตลอดปีงบประมาณ", *under({5: "/"})], ["๓๐ วัน", *under({0: "/", 1: "/", 2: "/"})]
    )
    assert days(read([*header, *rows], kind)) == [MARCH, YEAR, OCT_DEC]


@pytest.mark.parametrize("kind", GRID_WRITERS)
def test_headers_of_another_year_say_so(kind: str) -> None:
    header = [[*over(2), Box("ปีงบประมาณ พ.ศ. ๒๕๖๖", 12)], SHORT]
    plan = read([*header, *measures(under({0: "/"}))], kind)
    assert plan.cover_year == 2566


def test_months_numbered_from_one_are_not_guessed() -> None:
    header = [[*over(2), Box("เดือนที่", 12)], [str(number) for number in range(1, 13)]]
    plan = read([*header, *measures(under({0: "/"}))], "html")
    assert days(plan) == [(None, None)]
    assert plan.warnings


@pytest.mark.parametrize(
    ("font", "letter"), [("Wingdings", "ü"), ("Wingdings 2", "P"), ("Webdings", "a"), ("Wingdings", "n")]
)
@pytest.mark.parametrize("kind", ["docx", "docx symbol", "xlsx", "html"])
def test_ticks_of_symbol_fonts(kind: str, font: str, letter: str) -> None:
    head = (*LEFT, "Q1", "Q2", "Q3", "Q4")
    if kind.startswith("docx"):
        run = f'<w:r><w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}"/></w:rPr><w:t>{letter}</w:t></w:r>'
        if kind == "docx symbol":
            run = f'<w:r><w:sym w:font="{font}" w:char="F0{ord(letter):02X}"/></w:r>'
        made = row("1. งานที่ 1", "กองคลัง", "", cell(paragraph(run)), "", "")
        plan = read_plan(word(table(row(*head), made)), "x.docx", 2570)
    elif kind == "xlsx":
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(list(head))
        sheet.append(["1. งานที่ 1", "กองคลัง", None, letter])
        sheet["D2"].font = Font(name=font)
        plan = read_plan(workbook_bytes(book), "x.xlsx", 2570)
    else:
        body = f"<td>1. งานที่ 1<td>กองคลัง<td><td><span style='font-family:\"{font}\"'>{letter}</span><td><td>"
        page = f"<table><tr>{''.join(f'<th>{text}</th>' for text in head)}</tr><tr>{body}</tr></table>"
        plan = read_plan(page.encode(), "x.html", 2570)
    assert days(plan) == [QUARTER_2]


@pytest.mark.parametrize("kind", sorted(GRID_WRITERS))
@pytest.mark.parametrize("words", [("แผน", "ผล"), ("แผนงาน", "ปฏิบัติจริง"), ("Plan", "Actual")])
def test_what_was_carried_out_is_not_what_is_planned(kind: str, words: tuple[str, str]) -> None:
    planned, actual = words
    grid: Grid = [
        [Box("กิจกรรม", 1, 2), Box("แผน/ผล", 1, 2), Box("ระยะเวลาดำเนินการ", 12), Box("ผู้รับผิดชอบ", 1, 2)],
        SHORT,
        [Box("๑. ตรวจพัสดุ", 1, 2), planned, *under({0: "/", 1: "/", 2: "/"}), Box("กองคลัง", 1, 2)],
        [actual, *under({2: "/", 3: "/"})],
        [Box("๒. อบรม", 1, 2), planned, *under({5: "/"}), Box("กองช่าง", 1, 2)],
        [actual, *under({7: "/"})],
    ]
    plan = read(grid, kind)
    assert days(plan) == [OCT_DEC, MARCH]
    assert [one.responsible.parties for one in plan.measures] == [("กองคลัง",), ("กองช่าง",)]
    assert sum("สิ่งที่ทำจริง" in one.message for one in plan.warnings) == 2


@pytest.mark.parametrize(
    "months", [("Oct-26", "Nov-26", "Dec-26"), ("Oct'26", "Nov'26", "Dec'26"), ("OCT26", "NOV26", "DEC26")]
)
def test_months_as_excel_shows_them(months: tuple[str, ...]) -> None:
    plan = read([[*LEFT, *months], *measures(["x", "x", "x"], ["", "x", ""])], "html")
    assert days(plan) == [OCT_DEC, ("2026-11-01", "2026-11-30")]


@pytest.mark.parametrize("kind", sorted(GRID_WRITERS))
def test_columns_of_what_was_carried_out_are_not_the_plan(kind: str) -> None:
    quarters = [Box(f"ไตรมาส {n}", 2) for n in "๑๒๓๔"]
    grid: Grid = [
        [*over(2), *quarters],
        ["แผน", "ผล"] * 4,
        *measures(["/", "", "", "/", "", "", "", ""], ["", "", "/", "", "", "/", "", ""]),
    ]
    assert days(read(grid, kind)) == [OCT_DEC, QUARTER_2]


@pytest.mark.parametrize("mark", ["Ö", "ü", "ý"])
def test_months_by_number_under_the_years_range(mark: str) -> None:
    grid: Grid = [
        [*over(2), Box("ตุลาคม ๒๕๖๙ – กันยายน ๒๕๗๐", 12)],
        [str(number) for number in (10, 11, 12, *range(1, 10))],
        *measures(under({0: mark, 1: mark, 2: mark}), under({5: mark})),
    ]
    assert days(read(grid, "html")) == [OCT_DEC, MARCH]
