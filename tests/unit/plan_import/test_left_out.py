"""What a document hides or strikes out is no part of the plan, and is said; footnote marks are no digits."""

import re
from collections.abc import Callable

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from tests.unit.plan_import.import_files import changed, part_of, workbook_bytes
from tests.unit.plan_import.word_xml import cell, paragraph, row, run, table, word
from tracker.plan_draft import DraftPlan
from tracker.plan_import import read_plan

HEAD = ("แนวทาง", "วิธีดำเนินการ", "ผู้รับผิดชอบ", "กำหนดเวลา")


def looking(properties: str, text: str) -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def of_word(*rows: str, styles: str = "") -> DraftPlan:
    data = word(table(row(*HEAD), *rows))
    if styles:
        namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"
        rels = part_of(data, "word/_rels/document.xml.rels").decode()
        link = f'<Relationship Id="rId7" Type="{kind}" Target="styles.xml"/></Relationships>'
        data = changed(
            data,
            {
                "word/styles.xml": f'<w:styles xmlns:w="{namespace}">{styles}</w:styles>'.encode(),
                "word/_rels/document.xml.rels": rels.replace("</Relationships>", link).encode(),
            },
        )
    return read_plan(data, "แผน.docx", 2569)


def of_html(rows: str, styles: str = "", columns: str = "") -> DraftPlan:
    head = "".join(f"<th>{text}</th>" for text in HEAD)
    page = f"<style>{styles}</style><table>{columns}<tr>{head}</tr>{rows}</table>"
    return read_plan(page.encode(), "แผน.html", 2569)


def sheet_with(*rows: list[object]) -> tuple[openpyxl.Workbook, "openpyxl.worksheet.worksheet.Worksheet"]:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for values in (list(HEAD), *rows):
        sheet.append(values)
    return book, sheet


def of_excel(book: openpyxl.Workbook) -> DraftPlan:
    return read_plan(workbook_bytes(book), "แผน.xlsx", 2569)


def said(plan: DraftPlan) -> list[str]:
    return [f"{one.where}: {one.message}" for one in plan.warnings]


def word_step_struck(properties: str = "<w:strike/>", styles: str = "") -> DraftPlan:
    steps = cell(paragraph("(๑) อบรมบุคลากร"), paragraph(looking(properties, "(๒) ดูงานต่างจังหวัด")))
    return of_word(row("๑) ปลูกจิตสำนึก", steps, "กองการศึกษา", "ม.ค. ๖๙"), styles=styles)


def word_step_struck_by_style() -> DraftPlan:
    style = '<w:style w:styleId="Base"><w:rPr><w:dstrike/></w:rPr></w:style>'
    child = '<w:style w:styleId="Old"><w:basedOn w:val="Base"/></w:style>'
    return word_step_struck('<w:rStyle w:val="Old"/>', style + child)


def html_step_struck(before: str = "<s>", after: str = "</s>", styles: str = "") -> DraftPlan:
    steps = f"<p>(๑) อบรมบุคลากร</p><p>{before}(๒) ดูงานต่างจังหวัด{after}</p>"
    return of_html(f"<tr><td>๑) ปลูกจิตสำนึก<td>{steps}<td>กองการศึกษา<td>ม.ค. ๖๙</tr>", styles)


def html_step_struck_by_class() -> DraftPlan:
    return html_step_struck(
        '<span class="a b7">', "</span>", "td{color:red} p.x, .b7 { text-decoration: line-through }"
    )


def excel_step_struck() -> DraftPlan:
    struck = TextBlock(InlineFont(strike=True), "\n(๒) ดูงานต่างจังหวัด")
    book, _ = sheet_with(["๑) ปลูกจิตสำนึก", CellRichText("(๑) อบรมบุคลากร", struck), "กองการศึกษา", "ม.ค. ๖๙"])
    return of_excel(book)


@pytest.mark.parametrize(
    "read",
    [
        word_step_struck,
        word_step_struck_by_style,
        html_step_struck,
        html_step_struck_by_class,
        lambda: html_step_struck('<font style="color:red;text-decoration:line-through">', "</font>"),
        lambda: html_step_struck("<del>", "</del>"),
        lambda: html_step_struck("<s class='x'><p>", "</p></s>"),
        lambda: html_step_struck("<STRIKE><p>", "</p></STRIKE>"),
        excel_step_struck,
    ],
)
def test_a_step_struck_out_is_left_out_and_said(read: Callable[[], DraftPlan]) -> None:
    plan = read()
    assert [step.text for step in plan.measures[0].steps] == ["อบรมบุคลากร"]
    assert len(said(plan)) == 1
    assert "row 2: ข้อความที่ขีดฆ่าไม่ได้นำเข้า: “(๒) ดูงานต่างจังหวัด”" in said(plan)[0]


def test_a_strike_that_is_switched_off_strikes_nothing() -> None:
    plan = word_step_struck('<w:strike w:val="0"/>')
    assert [step.text for step in plan.measures[0].steps] == ["อบรมบุคลากร", "ดูงานต่างจังหวัด"]
    assert not said(plan)


@pytest.mark.parametrize("kind", ["docx", "html", "xlsx"])
def test_a_row_struck_out_is_no_measure(kind: str) -> None:
    gone, kept = ("๑) เดิม", "งานเดิม", "กองช่าง", "ก.พ. ๖๙"), ("๒) ใหม่", "งานใหม่", "กองคลัง", "มี.ค. ๖๙")
    if kind == "docx":
        struck = row(*(cell(paragraph(looking("<w:strike/>", text))) for text in gone))
        plan = of_word(struck, row(*kept))
    elif kind == "html":
        plan = of_html(
            "<tr style='text-decoration:line-through'>"
            + "".join(f"<td><strike>{text}</strike></td>" for text in gone)
            + "</tr><tr>"
            + "".join(f"<td>{text}</td>" for text in kept)
            + "</tr>"
        )
    else:
        book, sheet = sheet_with(list(gone), list(kept))
        for one in sheet[2]:
            one.font = Font(strike=True)
        plan = of_excel(book)
    assert [one.title for one in plan.measures] == ["ใหม่"]
    assert [text for text in said(plan) if "ขีดฆ่า" in text and "๑) เดิม" in text]


def test_an_old_date_struck_out_gives_no_day() -> None:
    struck = paragraph(looking("<w:strike/>", "ภายใน ๒๘ ก.พ. ๖๙ "), run("ภายใน ๓๐ เม.ย. ๖๙"))
    plan = of_word(row("๑) ตรวจสอบ", "ตรวจ", "กองคลัง", cell(struck)))
    assert str(plan.measures[0].period.end) == "2026-04-30"
    assert len(plan.measures[0].period.checkpoints) == 1


@pytest.mark.parametrize("kind", ["docx", "html", "html part", "xlsx"])
def test_a_hidden_row_is_left_out_and_what_is_merged_over_it_is_not(kind: str) -> None:
    if kind == "docx":
        merged = "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>"
        hidden = row(cell("๑) ส่งเสริมวินัย", down=True), "ขั้นเก่า", "กองช่าง", "ก.พ. ๖๙")
        hidden = hidden.replace("<w:tr>", "<w:tr><w:trPr><w:hidden/></w:trPr>", 1)
        plan = of_word(hidden, row(merged, "ขั้นใหม่", "กองคลัง", "มี.ค. ๖๙"))
    elif kind.startswith("html"):
        hide, part = ("style='display:none'", "") if kind == "html" else ("", "class=gone")
        plan = of_html(
            f"<tbody {part}><tr {hide}><td rowspan=2>๑) ส่งเสริมวินัย<td>ขั้นเก่า<td>กองช่าง<td>ก.พ. ๖๙</tr></tbody>"
            "<tbody><tr><td>ขั้นใหม่<td>กองคลัง<td>มี.ค. ๖๙</tr></tbody>",
            styles=".gone{display : none}",
        )
    else:
        book, sheet = sheet_with(["๑) ส่งเสริมวินัย", "ขั้นเก่า", "กองช่าง", "ก.พ. ๖๙"], [None, "ขั้นใหม่", "กองคลัง", "มี.ค. ๖๙"])
        sheet.merge_cells("A2:A3")
        sheet.row_dimensions[2].hidden = True
        plan = of_excel(book)
    (measure,) = plan.measures
    assert (measure.title, [step.text for step in measure.steps]) == ("ส่งเสริมวินัย", ["ขั้นใหม่"])
    assert measure.responsible.parties == ("กองคลัง",)
    assert [text for text in said(plan) if "แถวที่ซ่อนอยู่ไม่ได้นำเข้า" in text and "ขั้นเก่า" in text]


@pytest.mark.parametrize("kind", ["html", "xlsx", "xlsx width", "html cells"])
def test_a_hidden_column_is_left_out_and_said(kind: str) -> None:
    rows = (("แนวทาง", "วิธีดำเนินการ", "ผู้รับผิดชอบ", "ระยะเวลา", "ระยะเวลาดำเนินการ"),
            ("๑) ประกาศ", "ปิดประกาศ", "กองคลัง", "พ.ค. ๖๙", "มิ.ย. ๖๙"))  # fmt: skip
    if kind == "html":
        body = "".join("<tr>" + "".join(f"<td>{text}" for text in one) + "</tr>" for one in rows)
        columns = "<colgroup><col span=3><col style='visibility:collapse'><col></colgroup>"
        plan = read_plan(f"<table>{columns}{body}</table>".encode(), "x.html", 2569)
    elif kind == "html cells":
        body = "".join(
            "<tr>" + "".join(f"<td class={'h' if at == 3 else 'v'}>{text}" for at, text in enumerate(one)) + "</tr>"
            for one in rows
        )
        plan = read_plan(f"<style>td.h{{display:none}}</style><table>{body}</table>".encode(), "x.html", 2569)
    else:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for values in rows:
            sheet.append(values)
        sheet.column_dimensions["D"].hidden = True
        data = workbook_bytes(book)
        if kind == "xlsx width":
            name = "xl/worksheets/sheet1.xml"
            data = changed(
                data,
                {name: re.sub(rb'<col [^>]*min="4"[^>]*/>', b'<col min="4" max="4" width="0"/>', part_of(data, name))},
            )
        plan = read_plan(data, "แผน.xlsx", 2569)
    assert (str(plan.measures[0].period.start), str(plan.measures[0].period.end)) == ("2026-06-01", "2026-06-30")
    assert [text for text in said(plan) if "ซ่อน" in text and "พ.ค. ๖๙" in text]


def test_a_cell_whose_format_shows_nothing_is_left_out_and_said() -> None:
    book, sheet = sheet_with(["๑) ประกาศ", "ปิดประกาศ", "กองคลัง", "มิ.ย. ๖๙"], [None, "ลับ", None, None])
    sheet["B3"].number_format = ";;;"
    plan = of_excel(book)
    assert [step.text for step in plan.measures[0].steps] == ["ปิดประกาศ"]
    assert [text for text in said(plan) if "ข้อความที่ซ่อนไว้ไม่ได้นำเข้า: “ลับ”" in text]


@pytest.mark.parametrize("kind", ["docx", "xlsx", "html"])
def test_superscript_digits_are_footnotes_but_square_metres_are_not(kind: str) -> None:
    if kind == "docx":
        raised = '<w:vertAlign w:val="superscript"/>'
        period = cell(paragraph(run("ต.ค. ๖๘ - ก.ย. ๖๙"), looking(raised, "๒")))
        steps = cell(paragraph(run("ปรับภูมิทัศน์ ๕๐ ม."), looking(raised, "2")))
        plan = of_word(row("๑) ปรับปรุง", steps, cell(paragraph(run("กองช่าง"), looking(raised, "1"))), period))
    elif kind == "xlsx":
        raised = InlineFont(vertAlign="superscript")
        book, _ = sheet_with(
            [
                "๑) ปรับปรุง",
                CellRichText("ปรับภูมิทัศน์ ๕๐ ม.", TextBlock(raised, "2")),
                CellRichText("กองช่าง", TextBlock(raised, "1")),
                CellRichText("ต.ค. ๖๘ - ก.ย. ๖๙", TextBlock(raised, "๒")),
            ]
        )
        plan = of_excel(book)
    else:
        up = "<span style='vertical-align: super; font-size: 8pt'>"
        plan = of_html(
            f"<tr><td>๑) ปรับปรุง<td>ปรับภูมิทัศน์ ๕๐ ม.{up}2</span><td>กองช่าง{up}1</span>"
            f"<td>ต.ค. ๖๘ - ก.ย. ๖๙{up}๒</span></tr>"
        )
    (measure,) = plan.measures
    assert measure.responsible.parties == ("กองช่าง",)
    assert (str(measure.period.start), str(measure.period.end)) == ("2025-10-01", "2026-09-30")
    assert measure.steps[0].text == "ปรับภูมิทัศน์ ๕๐ ม.2"
    assert not said(plan)


@pytest.mark.parametrize("kind", ["xlsx", "csv", "html"])
def test_the_line_end_of_excel_parts_paragraphs(kind: str) -> None:
    cells = ("๑) ประกาศ", "(๑) ร่าง_x000D_\n(๒) ปิดประกาศ_x000D_", "กองคลัง_x000d_กองช่าง", "มิ.ย. ๖๙")
    if kind == "xlsx":
        book, _ = sheet_with([*cells])
        data = workbook_bytes(book)
    elif kind == "csv":
        data = (",".join(HEAD) + "\n" + ",".join(f'"{text}"' for text in cells)).encode()
    else:
        body = "".join(f"<td>{text}" for text in cells)
        data = f"<table><tr>{''.join(f'<td>{text}' for text in HEAD)}</tr><tr>{body}</tr></table>".encode()
    (measure,) = read_plan(data, f"x.{kind}", 2569).measures
    assert [(step.number, step.text) for step in measure.steps] == [(1, "ร่าง"), (2, "ปิดประกาศ")]
    assert measure.responsible.parties == ("กองคลัง", "กองช่าง")


@pytest.mark.parametrize("old", [False, True])
def test_a_table_in_a_text_box_is_read(old: bool) -> None:
    inner = f"<w:txbxContent>{table(row(*HEAD), row('๑) ประกาศ', 'ปิด', 'กองคลัง', 'มิ.ย. ๖๙'))}<w:p/></w:txbxContent>"
    box = f"<w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict>"
    if not old:
        fallback = f"<mc:Fallback>{box}</mc:Fallback>"
        new = f"<mc:Choice><w:drawing>{inner}</w:drawing></mc:Choice>"
        box = f"<mc:AlternateContent>{new}{fallback}</mc:AlternateContent>"
    plan = read_plan(word(paragraph("แผนปฏิบัติการ", f"<w:r>{box}</w:r>")), "x.docx", 2569)
    assert [one.title for one in plan.measures] == ["ประกาศ"]
    assert not said(plan)


def test_many_hidden_texts_are_one_sentence_with_their_places() -> None:
    rows = [
        row(
            f"{number}) งาน",
            cell(paragraph("ทำ"), paragraph(looking("<w:vanish/>", f"ลับ {number}"))),
            "กองคลัง",
            "มิ.ย. ๖๙",
        )
        for number in range(1, 31)
    ]
    plan = of_word(*rows)
    (sentence,) = said(plan)
    assert sentence.startswith("table 1, row 2; table 1, row 3;")
    assert "“ลับ 1”" in sentence
    assert "+22" in sentence
    assert len(sentence) < 500
