"""Memos: the official form on paper, and what they say."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import docx
from docx.document import Document
from docx.oxml.ns import qn

from tracker.memos.memo import Fields, MemoTable
from tracker.memos.memo_docx import render
from tracker.memos.memo_texts import LateTask, LateUnit, RoundFigures, addressee, cover_memo, late_memo

FIELDS = Fields(
    "สำนักปลัด อบต.เขาขาว โทร. 0 7561 2345", "นศ 71001/12", date(2023, 4, 10), "นางสาวรุ่งนภา เรียงแผน", "นิติกรชำนาญการ"
)
AGENCY = "องค์การบริหารส่วนตำบลเขาขาว"
UNIT = LateUnit(
    "กองคลัง",
    "division",
    (
        LateTask(1, "ยกระดับการให้บริการ", 1, "ทบทวนคู่มือ", date(2023, 3, 31)),
        LateTask(3, "เปิดเผยผลการใช้จ่าย", 1, "รายงานต่อที่ประชุม", date(2023, 1, 31)),
        LateTask(3, "เปิดเผยผลการใช้จ่าย", 1, "รายงานต่อที่ประชุม", date(2023, 2, 28)),
        LateTask(3, "เปิดเผยผลการใช้จ่าย", 2, "สรุปเป็นภาพ", date(2023, 4, 9)),
    ),
)
LATE = late_memo(UNIT, FIELDS, AGENCY, 2566, date(2023, 4, 18))


def opened(*memos: object) -> Document:
    return docx.Document(BytesIO(render(memos)))  # type: ignore[arg-type]


def sizes(document: Document) -> dict[str, tuple[str, str, bool]]:
    """Latin and complex-script size in half points and whether complex script is bold, by a run's text."""
    found = {}
    for run in document.element.body.iter(qn("w:r")):
        text = "".join(part.text or "" for part in run.iter(qn("w:t"))).strip()
        if text:
            properties = run.rPr
            bold = properties.find(qn("w:bCs")) is not None
            found[text] = (*tuple(properties.find(qn(tag)).get(qn("w:val")) for tag in ("w:sz", "w:szCs")), bold)
    return found


def test_the_form_is_the_official_one() -> None:
    document = opened(LATE)
    section = document.sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    assert (round(section.left_margin.cm, 1), round(section.right_margin.cm, 1)) == (3.0, 2.0)
    written = sizes(document)
    assert written["บันทึกข้อความ"] == ("58", "58", True)
    for label in ("ส่วนราชการ", "ที่", "วันที่", "เรื่อง"):
        assert written[label] == ("40", "40", True)
    assert written["เรียน"] == ("32", "32", False)
    title = document.paragraphs[0]._p.pPr.find(qn("w:spacing"))
    assert (title.get(qn("w:line")), title.get(qn("w:lineRule"))) == ("700", "exact")
    fonts = {one.get(qn("w:cs")) for one in document.element.body.iter(qn("w:rFonts"))}
    assert fonts == {"TH SarabunPSK"}


def test_the_head_stands_on_dotted_lines_in_thai_digits() -> None:
    document = opened(LATE)
    office, number, subject = (paragraph.text for paragraph in document.paragraphs[1:4])
    assert "โทร. ๐ ๗๕๖๑ ๒๓๔๕" in office
    assert "นศ ๗๑๐๐๑/๑๒" in number
    assert number.rstrip().endswith("๑๐ เมษายน ๒๕๖๖")
    assert "ขอให้เร่งรัดดำเนินการ" in subject
    dotted = [run for run in document.element.body.iter(qn("w:u")) if run.get(qn("w:val")) == "dotted"]
    assert len(dotted) == 8


def test_a_late_memo_lists_the_tasks_by_measure_with_their_days() -> None:
    (table,) = [part for part in LATE.body if isinstance(part, MemoTable)]
    assert table.rows == (
        ("มาตรการที่ ๑ ยกระดับการให้บริการ", "", ""),
        ("ขั้นตอนที่ ๑ ทบทวนคู่มือ", "๓๑ มีนาคม ๒๕๖๖", "๑๐"),
        ("มาตรการที่ ๓ เปิดเผยผลการใช้จ่าย", "", ""),
        ("ขั้นตอนที่ ๑ รายงานต่อที่ประชุม", "๓๑ มกราคม ๒๕๖๖ และอีก ๑ ครั้ง", "๖๙"),
        ("ขั้นตอนที่ ๒ สรุปเป็นภาพ", "๙ เมษายน ๒๕๖๖", "๑"),
    )
    words = " ".join(part for part in LATE.body if isinstance(part, str))
    assert "จำนวน ๔ งาน" in words
    assert "ภายในวันที่ ๑๘ เมษายน ๒๕๖๖" in words
    assert LATE.to == "ผู้อำนวยการกองคลัง"
    drawn = opened(LATE).tables[0]
    assert [cell.text for cell in drawn.rows[2].cells] == list(table.rows[1])
    assert len(drawn.rows[1]._tr.tc_lst) == 1


def test_whom_a_memo_addresses() -> None:
    assert addressee("สำนักปลัด", "division") == "หัวหน้าสำนักปลัด"
    assert addressee("สำนักช่าง", "division") == "ผู้อำนวยการสำนักช่าง"
    assert addressee("งานนิติการ", "section") == "หัวหน้างานนิติการ"
    assert addressee("นิติกร", "position") == "นิติกร"
    assert addressee("คณะกรรมการ ITA", "committee") == "ประธานกรรมการ ITA"


def test_the_covering_memo_tells_how_far_the_round_got() -> None:
    memo = cover_memo(RoundFigures(6, 52, 8, 2, 5), FIELDS, AGENCY, 2566, 6, "นายก" + AGENCY)
    assert memo.subject.endswith("ประจำปีงบประมาณ พ.ศ. ๒๕๖๖ รอบ ๖ เดือน")
    assert memo.to == "นายก" + AGENCY
    assert memo.body[1] == (
        "บัดนี้ ได้รวบรวมผลการดำเนินการตามที่ส่วนราชการรายงานแล้ว รวม ๖ มาตรการ ๖๒ งาน "
        "ดำเนินการแล้วเสร็จ ๕๒ งาน คิดเป็นร้อยละ ๘๓.๙ ยังไม่ได้รายงานผล ๘ งาน (ในจำนวนนี้เลยกำหนด ๕ งาน) "
        "และไม่สามารถดำเนินการได้ ๒ งาน รายละเอียดปรากฏตามรายงานที่แนบมาพร้อมนี้ จำนวน ๑ ชุด"
    )
    whole = cover_memo(RoundFigures(6, 62, 0, 0, 0), FIELDS, AGENCY, 2566, 12, "นายก")
    assert "๖๒ งาน คิดเป็นร้อยละ ๑๐๐ รายละเอียด" in str(whole.body[1])
    assert RoundFigures(0, 0, 0, 0, 0).percent == "๐"


def test_each_memo_has_a_sheet_of_its_own_and_the_same_facts_give_the_same_bytes() -> None:
    other = late_memo(replace(UNIT, name="กองช่าง"), FIELDS, AGENCY, 2566, date(2023, 4, 18))
    document = opened(LATE, other)
    breaks = list(document.element.body.iter(qn("w:pageBreakBefore")))
    assert len(breaks) == 1
    assert render([LATE, other]) == render([LATE, other])


def test_what_no_document_may_hold_is_taken_out() -> None:
    fields = replace(FIELDS, signer_name="นาย\x00ก\x0b <&>", office="ก" * 400)
    document = opened(late_memo(UNIT, fields, "อบต.<ก>&", 2566, date(2023, 4, 18)))
    assert "(นายก <&>)" in [paragraph.text for paragraph in document.paragraphs]
