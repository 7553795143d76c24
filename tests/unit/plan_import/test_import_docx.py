"""Word documents as offices make them: merged cells, repeated headers, Word's own lists, tracked changes."""

from collections.abc import Sequence

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.unit.plan_import.import_files import (
    HEADER,
    add_list,
    add_table,
    as_docx,
    define_list,
    document_bytes,
    fill,
    put_in_list,
    row,
)
from tracker.plan_draft import DraftMeasure, DraftPlan
from tracker.plan_import import read_plan

FOUR = [[text] for text in HEADER[:4]]
FIRST = row("๑.ก", "๑.หนึ่ง", "กองคลัง", "มกราคม ๒๕๖๖")


def read(document: Document) -> DraftPlan:
    return read_plan(document_bytes(document), "plan.docx", 2566)


def texts(measure: DraftMeasure) -> list[tuple[int | None, str]]:
    return [(step.number, step.text) for step in measure.steps]


def test_a_measure_merged_over_several_rows() -> None:
    document = docx.Document()
    table = add_table(document, [FOUR, FIRST, row("", "๒.สอง", "กองช่าง", ""), row("", "๓.สาม", "", "มีนาคม ๒๕๖๖")])
    table.cell(1, 0).merge(table.cell(3, 0))
    table.cell(2, 2).merge(table.cell(3, 2))
    table.cell(1, 3).merge(table.cell(2, 3))
    (measure,) = read(document).measures
    assert texts(measure) == [(1, "หนึ่ง"), (2, "สอง"), (3, "สาม")]
    assert [s.responsible and s.responsible.text for s in measure.steps] == [None, "กองช่าง", "กองช่าง"]
    assert [s.period and s.period.text for s in measure.steps] == [None, None, "มีนาคม ๒๕๖๖"]


def test_a_party_cell_merged_over_several_measures() -> None:
    document = docx.Document()
    table = add_table(document, [FOUR, FIRST, row("๒.ข", "๑.สอง", "", "มีนาคม ๒๕๖๖")])
    table.cell(1, 2).merge(table.cell(2, 2))
    plan = read(document)
    assert [m.responsible.parties for m in plan.measures] == [("กองคลัง",), ("กองคลัง",)]
    assert not plan.warnings


def test_the_header_repeated_before_each_measure_and_a_table_that_goes_on_without_it() -> None:
    document = docx.Document()
    for text in ("ประจำปีงบประมาณ ๒๕๖๖", "เทศบาลตำบลนาดี"):
        document.add_paragraph(text)
    add_table(document, [FOUR, FIRST])
    document.add_paragraph("")
    add_table(document, [FOUR, row("๒.ข", "๑.หนึ่ง", "กองช่าง", "มกราคม ๒๕๖๖")])
    document.add_page_break()
    add_table(document, [row("", "๒.สอง", "", ""), row("๓.ค", "๑.หนึ่ง", "กองคลัง", "มกราคม ๒๕๖๖"), FOUR])
    plan = read(document)
    assert [(m.number, len(m.steps)) for m in plan.measures] == [(1, 1), (2, 2), (3, 1)]
    assert (plan.agency, plan.warnings) == ("เทศบาลตำบลนาดี", ())


def test_merged_header_cells_over_two_rows() -> None:
    document = docx.Document()
    upper = [*FOUR, ["ผลการดำเนินงาน"], []]
    lower: list[Sequence[str]] = [[], [], [], [], ["สรุปผล"], ["ผลลัพธ์"]]
    table = add_table(document, [upper, lower, [*FIRST, ["ทำ"], ["ดี"]]])
    table.cell(0, 4).merge(table.cell(0, 5))
    for column in range(4):
        table.cell(0, column).merge(table.cell(1, column))
    plan = read(document)
    (measure,) = plan.measures
    assert [p.text for p in (*measure.summary, *measure.outcome)] == ["ทำ", "ดี"]
    assert not plan.warnings


def test_rows_whose_borders_are_not_aligned_with_the_header() -> None:
    document = docx.Document()
    table = add_table(document, [[*FOUR, []], [FIRST[0], [], *FIRST[1:]]])
    table.cell(0, 3).merge(table.cell(0, 4))
    table.cell(1, 0).merge(table.cell(1, 1))
    (measure,) = read(document).measures
    assert (measure.title, texts(measure), measure.responsible.text) == ("ก", [(1, "หนึ่ง")], "กองคลัง")


@pytest.mark.parametrize(("form", "text"), [("thaiNumbers", "%1."), ("decimal", "(%1)"), ("decimal", "%1)")])
def test_words_own_numbers_count_as_typed_ones(form: str, text: str) -> None:
    document = docx.Document()
    define_list(document, 90, [(form, text), (form, "%2)")], 90)
    add_list(document, 90, 91, restart_at=1)
    table = add_table(document, [FOUR, [[], [], *FIRST[2:]], [[], [], *FIRST[2:]]])
    for at, number in ((1, 90), (2, 91)):
        for paragraph in fill(table.cell(at, 1), ["จัดทำ", "เผยแพร่"]):
            put_in_list(paragraph, number)
    fill(table.cell(1, 0), ["๑.ก"])
    fill(table.cell(2, 0), ["๒.ข"])
    (sub,) = [table.cell(1, 1).add_paragraph("ย่อย")]
    put_in_list(sub, 90, level=1)
    first, second = read(document).measures
    assert texts(first) == [(1, "จัดทำ"), (2, "เผยแพร่\n1) ย่อย")]
    assert texts(second) == [(1, "จัดทำ"), (2, "เผยแพร่")]


def test_lists_that_share_a_definition_count_on_and_may_be_of_a_style() -> None:
    document = docx.Document()
    table = add_table(document, [FOUR, [["๑.ก"], [], *FIRST[2:]], [["๒.ข"], [], *FIRST[2:]]])
    for at in (1, 2):
        for paragraph in fill(table.cell(at, 1), ["จัดทำ", "เผยแพร่"]):
            paragraph.style = "List Number"
    first, second = read(document).measures
    assert texts(first) == [(1, "จัดทำ"), (2, "เผยแพร่")]
    assert texts(second) == [(3, "จัดทำ"), (4, "เผยแพร่")]


def test_measures_numbered_by_word() -> None:
    document = docx.Document()
    define_list(document, 90, [("thaiNumbers", "%1."), ("thaiNumbers", "%1.%2")], 90)
    table = add_table(document, [FOUR, [[], [], *FIRST[2:]], [[], [], *FIRST[2:]]])
    for at, title in ((1, "ก"), (2, "ข")):
        put_in_list(fill(table.cell(at, 0), [title])[0], 90)
        for paragraph in fill(table.cell(at, 1), ["จัดทำ", "เผยแพร่"]):
            put_in_list(paragraph, 90, level=1)
    plan = read(document)
    assert [(m.number, m.title) for m in plan.measures] == [(1, "ก"), (2, "ข")]
    assert [s.text for s in plan.measures[1].steps] == ["๒.๑ จัดทำ", "๒.๒ เผยแพร่"]


def test_word_bullets_and_letters_stay_in_the_text() -> None:
    document = docx.Document()
    define_list(document, 90, [("bullet", "\uf0b7")], 90)
    define_list(document, 91, [("thaiLetters", "%1.")], 91)
    table = add_table(document, [FOUR, [["๑.ก"], [], *FIRST[2:]]])
    fill(table.cell(1, 1), ["๑.หนึ่ง"])
    for number, text in ((90, "จุด"), (91, "อักษร")):
        put_in_list(table.cell(1, 1).add_paragraph(text), number)
    (measure,) = read(document).measures
    assert texts(measure) == [(1, "หนึ่ง\n• จุด\nก. อักษร")]


def test_soft_line_breaks_part_numbered_lines() -> None:
    document = docx.Document()
    table = add_table(document, [FOUR, [["๑.ก"], [], *FIRST[2:]]])
    run = table.cell(1, 1).paragraphs[0].add_run("๑.หนึ่ง")
    run.add_break()
    run.add_text("ต่อ")
    run.add_break()
    run.add_text("๒.สอง")
    (measure,) = read(document).measures
    assert texts(measure) == [(1, "หนึ่ง\nต่อ"), (2, "สอง")]


def test_tracked_changes_are_read_as_accepted() -> None:
    document = docx.Document()
    table = add_table(document, [FOUR, FIRST, row("๒.ลบ", "๑.x", "กองช่าง", "มกราคม ๒๕๖๖")])
    paragraph = table.cell(1, 1).paragraphs[0]._p
    change = 'w:id="1" w:author="x"'
    paragraph.append(parse_xml(f"<w:ins {nsdecls('w')} {change}><w:r><w:t>ใหม่</w:t></w:r></w:ins>"))
    paragraph.append(parse_xml(f"<w:del {nsdecls('w')} {change}><w:r><w:delText>เก่า</w:delText></w:r></w:del>"))
    paragraph.append(parse_xml(f"<w:moveFrom {nsdecls('w')} {change}><w:r><w:t>ย้าย</w:t></w:r></w:moveFrom>"))
    table.rows[2]._tr.get_or_add_trPr().append(parse_xml(f"<w:del {nsdecls('w')} {change}/>"))
    mark = f"<w:pPr {nsdecls('w')}><w:rPr><w:del {change}/></w:rPr></w:pPr>"
    removed = table.cell(1, 2).paragraphs[0]
    removed._p.insert(0, parse_xml(mark))
    table.cell(1, 2).add_paragraph("และพัสดุ")
    (measure,) = read(document).measures
    assert texts(measure) == [(1, "หนึ่งใหม่")]
    assert measure.responsible.text == "กองคลังและพัสดุ"


def test_content_controls_links_and_text_boxes_are_read() -> None:
    document = docx.Document()
    box = (
        f"<w:p {nsdecls('w')}><w:r><w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox><w:txbxContent>"
        "<w:p><w:r><w:t>เทศบาลตำบลนาดี</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    )
    document.element.body.insert(0, parse_xml(box))
    table = add_table(document, [FOUR, FIRST])
    link = f"<w:hyperlink {nsdecls('w')}><w:r><w:t>ลิงก์</w:t></w:r></w:hyperlink>"
    table.cell(1, 1).paragraphs[0]._p.append(parse_xml(link))
    inner = table.rows[1]._tr
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtPr/><w:sdtContent/></w:sdt>")
    inner.addprevious(control)
    control[1].append(inner)
    plan = read(document)
    assert plan.agency == "เทศบาลตำบลนาดี"
    assert texts(plan.measures[0]) == [(1, "หนึ่งลิงก์")]


def test_a_table_inside_a_cell_is_the_cells_text_or_the_plan_itself() -> None:
    document = docx.Document()
    table = add_table(document, [FOUR, FIRST])
    inner = table.cell(1, 1).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "๒.สอง", "๓.สาม"
    assert texts(read(document).measures[0]) == [(1, "หนึ่ง"), (2, "สอง"), (3, "สาม")]

    framed = docx.Document()
    frame = framed.add_table(rows=1, cols=1)
    plan = frame.cell(0, 0).add_table(rows=2, cols=4)
    for cells, values in zip(plan.rows, (FOUR, FIRST), strict=True):
        for cell, value in zip(cells.cells, values, strict=True):
            cell.text = value[0]
    assert texts(read(framed).measures[0]) == [(1, "หนึ่ง")]


def test_what_stands_beside_tables_within_tables_is_reported_once() -> None:
    document = docx.Document()
    add_table(document, [FOUR, FIRST])
    other = add_table(document, [row("ส่วนราชการ", "สัดส่วน"), row("กองคลัง", "")])
    other.cell(1, 1).add_table(rows=1, cols=2)
    warnings = [w for w in read(document).warnings if w.where == "table 2"]
    assert len(warnings) == 1
    assert all(text in warnings[0].message for text in ("ส่วนราชการ", "สัดส่วน", "กองคลัง"))


def test_other_tables_and_rows_over_the_whole_width_are_reported() -> None:
    document = docx.Document()
    table = add_table(document, [FOUR, row("ด้านความโปร่งใส", "", "", ""), FIRST])
    table.cell(1, 0).merge(table.cell(1, 3))
    add_table(document, [row("ผู้จัดทำ", "นายก")])
    plan = read(document)
    assert [w.where for w in plan.warnings] == ["table 1, row 2", "table 2"]
    assert len(plan.measures) == 1


def test_a_footnote_is_reported() -> None:
    data = as_docx([[*FIRST, [], []]])
    assert not read_plan(data, "x.docx", 2566).warnings


def test_a_file_is_known_by_its_content_not_its_name() -> None:
    assert len(read_plan(as_docx([[*FIRST, [], []]]), "plan.csv", 2566).measures) == 1
