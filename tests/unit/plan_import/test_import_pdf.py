"""PDFs with ruled tables: cells by their rules, rows that go on over pages, damage, strikes, and scans."""

import os
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from tests.unit.plan_import.grids import Box, grid_as_html
from tests.unit.plan_import.pdf_files import content, grid_as_pdf, pdf, table
from tests.unit.plan_import.test_tick_tables import FILL, HEADERS, SHORT, days, measures, over, under
from tracker.errors import NotUnderstoodError
from tracker.plan_draft import DraftPlan
from tracker.plan_import import read_plan
from tracker.plan_import.readers import sandbox

HEAD = ("มาตรการ/แนวทาง", "ขั้นตอน/วิธีปฏิบัติ", "หน่วยงานผู้รับผิดชอบ", "ระยะเวลาดำเนินการ")
FIRST = (
    "๑. การให้บริการประชาชนอย่างเท่าเทียม ไม่เลือกปฏิบัติ และเป็นไปตามขั้นตอนที่กำหนดไว้ในคู่มือ",
    "๑. จัดทำคู่มือการปฏิบัติงานของทุกกระบวนงานที่ให้บริการ\n๒. เผยแพร่คู่มือบนเว็บไซต์และที่ทำการ",
    "สำนักปลัด\nกองสาธารณสุขและสิ่งแวดล้อม",
    "ตุลาคม ๒๕๖๙ – มีนาคม ๒๕๗๐",
)
SECOND = ("๒. ป้องกันผลประโยชน์ทับซ้อน", "๑. อบรม\n๒. รายงานผลทุกเดือนต่อผู้บริหาร", "งานนิติการ", "ไตรมาส ๒")


def read(data: bytes, year: int = 2570) -> DraftPlan:
    return read_plan(data, "แผน.pdf", year)


def said(plan: DraftPlan) -> list[str]:
    return [f"{one.where}: {one.message}" for one in plan.warnings]


def told(plan: DraftPlan) -> list[object]:
    return [
        (
            one.number,
            one.title.replace(" ", ""),
            [(step.number, step.text.replace(" ", "")) for step in one.steps],
            one.responsible.parties,
            (one.period.start, one.period.end, one.period.checkpoints),
        )
        for one in plan.measures
    ]


@pytest.mark.parametrize("name", HEADERS)
def test_tick_tables_are_read_as_from_other_formats(name: str) -> None:
    header, columns, wanted = HEADERS[name]
    grid = [*header, *measures(*(under(dict.fromkeys(marks, "/"), columns) for marks, _ in wanted))]
    assert days(read(grid_as_pdf(grid))) == [expected for _, expected in wanted]


def test_fills_and_merged_bars_mark_their_months() -> None:
    bar = [*under({3: Box("", 3, 1, FILL)})][:10]
    grid = [[*over(2), Box("ระยะเวลา", 12)], SHORT, *measures(bar, under({0: Box("", 1, 1, FILL)}))]
    assert days(read(grid_as_pdf(grid))) == [("2027-01-01", "2027-03-31"), ("2026-10-01", "2026-10-31")]


@pytest.mark.parametrize(
    "columns", ["4", "(6cm, 7cm, 3.5cm, 3.5cm)", "(3cm, 4cm, 2.6cm, 2.6cm)", "(1fr, 2fr, 1fr, 1fr)"]
)
def test_wrapped_lines_are_one_text_and_names_stay_apart(columns: str) -> None:
    grid = [HEAD, FIRST, SECOND]
    plan = read(pdf(table(grid, columns=columns)))
    assert told(plan) == told(read_plan(grid_as_html(grid), "x.html", 2570))
    assert not said(plan)


def test_text_around_the_table_is_the_cover_and_what_is_left_over() -> None:
    cover = content("แผนปฏิบัติการ ประจำปีงบประมาณ ๒๕๗๐\nองค์การบริหารส่วนตำบลหนองบัว")
    plan = read(pdf(f"{cover}\n\n{table([HEAD, FIRST])}\n\n{content('หมายเหตุ ปรับได้ตามความเหมาะสม')}"))
    assert (plan.agency, plan.cover_year) == ("องค์การบริหารส่วนตำบลหนองบัว", 2570)
    assert [text for text in said(plan) if "ปรับได้ตามความเหมาะสม" in text]


@pytest.mark.parametrize("header", [0, 1])
@pytest.mark.parametrize("height", [7, 8, 9, 10, 12])
def test_rows_go_on_over_pages(header: int, height: int) -> None:
    steps = "\n".join(f"{number}. ดำเนินการตามแผนงานลำดับที่กำหนดไว้ในคู่มือการปฏิบัติงาน" for number in range(1, 9))
    grid = [
        HEAD,
        ("๑. ยกระดับการให้บริการ", steps, "สำนักปลัด", "ไตรมาส ๑"),
        ("๒. เปิดเผยข้อมูล", steps, "กองคลัง", "ไตรมาส ๒"),
        ("๓. รับเรื่องร้องเรียน", steps, "กองช่าง", "ไตรมาส ๓"),
    ]
    page = f"width: 24cm, height: {height}cm, margin: 1cm, footer: context counter(page).display()"
    plan = read(pdf(table(grid, header=header, columns="(5cm, 7cm, 5cm, 4cm)"), page))
    assert told(plan) == told(read_plan(grid_as_html(grid), "x.html", 2570))
    assert any("ต่อข้ามหน้า" in text for text in said(plan))


def test_rows_under_a_merged_measure_stay_rows_on_the_next_page() -> None:
    steps = [
        [f"{number}. ทำงานขั้นที่ {number}", party, f"ไตรมาส {number}"]
        for number, party in enumerate(("กองคลัง", "กองช่าง", "กองการศึกษา", "สำนักปลัด"), 1)
    ]
    first, *others = steps
    grid = [HEAD, [Box("๑. เปิดเผยข้อมูล", 1, 4), *first], *others]
    whole = told(read_plan(grid_as_html(grid), "x.html", 2570))
    html = read_plan(grid_as_html(grid), "x.html", 2570).measures[0].steps
    plan = read(pdf(table(grid, columns="(5cm, 7cm, 5cm, 4cm)"), "width: 24cm, height: 4.4cm, margin: 1cm"))
    assert told(plan) == whole
    assert [(step.responsible, step.period) for step in plan.measures[0].steps] == [
        (step.responsible, step.period) for step in html
    ]


def test_letters_with_a_line_through_them_are_struck_out() -> None:
    steps = '[#"๑. อบรม" #parbreak() #strike[#"๒. ดูงาน"] #parbreak() #underline[#"๓. ติดตามผล"]]'
    cells = ", ".join(f"[{content(text)}]" for text in HEAD)
    plan = read(
        pdf(
            f"#table(columns: 4, {cells}, [{content('๑. ก')}], {steps}, [{content('กองคลัง')}], [{content('ไตรมาส ๒')}])"
        )
    )
    assert [(step.number, step.text) for step in plan.measures[0].steps] == [(1, "อบรม"), (3, "ติดตามผล")]
    assert [text for text in said(plan) if "ขีดฆ่า" in text and "ดูงาน" in text]


def test_raised_digits_are_footnotes() -> None:
    cells = ", ".join(f"[{content(text)}]" for text in HEAD)
    period = f"[{content('ต.ค. ๖๙ - ก.ย. ๗๐')}#super(typographic: false)[1]]"
    plan = read(
        pdf(f"#table(columns: 4, {cells}, [{content('๑. ก')}], [{content('ทำ')}], [{content('กองคลัง')}], {period})")
    )
    assert days(plan) == [("2026-10-01", "2027-09-30")]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_is_stored_turned_is_read_as_it_is_shown(turn: int) -> None:
    made = pdf(
        f"#rotate({-turn}deg, reflow: true)[{table([HEAD, FIRST, SECOND], columns='(6cm, 7cm, 3.5cm, 3.5cm)')}]",
        "width: 25cm, height: 25cm, margin: 1cm",
    )
    with pikepdf.open(BytesIO(made)) as document:
        document.pages[0].Rotate = turn
        out = BytesIO()
        document.save(out)
    assert told(read(out.getvalue())) == told(read_plan(grid_as_html([HEAD, FIRST, SECOND]), "x.html", 2570))


def test_a_lost_ring_is_mended_and_damage_is_asked_about() -> None:
    lost = ("๑. จัดท าคู่มือ", "๑. ด าเนินการ", "ส านักปลัด", "ไตรมาส ๒")
    plan = read(grid_as_pdf([HEAD, lost]))
    assert (plan.measures[0].title, plan.measures[0].responsible.parties) == ("จัดทำคู่มือ", ("สำนักปลัด",))
    assert [text for text in said(plan) if text.startswith("PDF: ตัวอักษรในไฟล์ PDF เพี้ยน")]
    wandering = ("๑. จดั ทาํ ่ ้", "๑. ขัน้ ตอน ิเผยแพร่", "กองคลัง", "ไตรมาส ๒")
    assert [text for text in said(read(grid_as_pdf([HEAD, wandering]))) if "PDF เพี้ยน" in text]


def test_scans_locked_files_and_tables_without_rules_are_told_apart() -> None:
    scan = BytesIO()
    Image.new("RGB", (600, 400), "white").save(scan, "PDF")
    with pikepdf.open(BytesIO(grid_as_pdf([HEAD, FIRST]))) as document:
        locked = BytesIO()
        document.save(locked, encryption=pikepdf.Encryption(owner="o", user="u"))
    ruleless = pdf(f"#table(columns: 4, stroke: none, {', '.join(f'[{content(text)}]' for text in (*HEAD, *FIRST))})")
    for data, sentence in (
        (scan.getvalue(), "a scan"),
        (locked.getvalue(), "password"),
        (ruleless, "no table with ruling"),
    ):
        with pytest.raises(NotUnderstoodError, match=sentence):
            read(data)


def test_a_scanned_page_among_others_is_named() -> None:
    scan = BytesIO()
    Image.new("RGB", (600, 400), "white").save(scan, "PDF")
    with pikepdf.open(BytesIO(grid_as_pdf([HEAD, FIRST]))) as document, pikepdf.open(scan) as other:
        document.pages.extend(other.pages)
        out = BytesIO()
        document.save(out)
    assert "PDF: หน้า 2 เป็นภาพสแกน จึงไม่ได้อ่าน" in said(read(out.getvalue()))


def test_the_process_that_opens_pdfs_has_limits_and_none_of_our_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_SECRET_KEY", "geheim")
    limits = sandbox.Limits(wall=20, work=1, memory=300_000_000, output=1_000_000)

    def run(code: str, wall: float = 20) -> bytes | None:
        own = sandbox.Limits(wall, limits.work, limits.memory, limits.output)
        return sandbox.run((sys.executable, "-c", code), b"in", own, tmp_path, {})

    assert run("import sys; sys.stdout.write(sys.stdin.read() * 2)") == b"inin"
    assert b"TRACKER" not in (run("import os; print(sorted(os.environ))") or b"TRACKER")
    assert "TRACKER_SECRET_KEY" in os.environ
    assert run("x = bytes(900_000_000)") is None
    assert run("print('x' * 5_000_000)") is None
    assert run("while True: pass", wall=3600) is None  # the limit of work ends it, or this test runs into its own
    assert run("import time; time.sleep(250)", wall=1) is None


def test_rows_that_bare_numbers_count_stay_rows_on_the_next_page() -> None:
    rows = [(str(number), f"มาตรการย่อยเรื่องที่ {number}", "กองคลัง", "ไตรมาส ๒") for number in range(1, 61)]
    plan = read(pdf(table([("ที่", "มาตรการ", "ผู้รับผิดชอบ", "ระยะเวลา"), *rows], header=1)))
    assert [one.number for one in plan.measures] == list(range(1, 61))
    assert not [one for one in said(plan) if "ต่อข้ามหน้า" in one]


def test_a_title_that_a_page_moved_on_is_that_of_the_row_before() -> None:
    first = [HEAD, ("๑. จัดทำคู่มือ", "๑. ร่าง", "สำนักปลัด", "ไตรมาส ๑"), ("", "๑. รายงาน", "กองช่าง", "ไตรมาส ๒")]
    second = [("๒. เปิดเผยข้อมูล", "", "", ""), ("", "๒. ติดประกาศ", "", "")]
    columns = "(6cm, 7cm, 3.5cm, 3.5cm)"
    plan = read(pdf(f"{table(first, columns=columns)} #pagebreak() {table(second, columns=columns)}"))
    assert [(one.title, [step.text for step in one.steps]) for one in plan.measures] == [
        ("จัดทำคู่มือ", ["ร่าง"]),
        ("เปิดเผยข้อมูล", ["รายงาน", "ติดประกาศ"]),
    ]
    assert plan.measures[1].responsible.parties == ("กองช่าง",)
