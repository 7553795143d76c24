"""A report that is imported whole and exported again is the same table, cell for cell."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.shared import REPORT, shared
from tests.unit.reports.report_sample import measure, party, period, report, report_of, two_party_measure
from tracker.plan_draft import DraftStep
from tracker.plan_import import read_plan
from tracker.reports import render
from tracker.thai.paragraphs import Paragraph
from tracker.thai.text import fix_text

FORMATS = ("docx", "xlsx", "csv", "html")
WORDS = st.text(st.sampled_from([chr(code) for code in range(0x0E01, 0x0E2F)] + list("ะาำ่ี")), min_size=1, max_size=12)
TEXT = st.lists(WORDS, min_size=1, max_size=6).map(" ".join).map(fix_text)


@pytest.mark.parametrize("thai_digits", [True, False])
@pytest.mark.parametrize("format", FORMATS)
def test_the_real_report_comes_back_cell_for_cell(format: str, thai_digits: bool) -> None:  # noqa: A002
    seed = shared(REPORT)
    plan = read_plan(seed.read_bytes(), seed.name, 2566)
    assert len(plan.measures) == 6
    content = render(report_of(plan, thai_digits=thai_digits, draft=True), format)
    assert read_plan(content, f"report.{format}", 2566).measures == plan.measures


@pytest.mark.parametrize("format", FORMATS)
def test_steps_with_their_own_party_and_period_come_back(format: str) -> None:  # noqa: A002
    data = report(measure(1), two_party_measure(2), measure(3))
    plan = read_plan(render(data, format), f"report.{format}", 2566)
    assert [draft.title for draft in plan.measures] == [row.title for row in data.measures]
    first, second = plan.measures[1].steps
    assert (first.responsible, second.responsible and second.responsible.text) == (None, "กองคลัง\nกองช่าง")
    assert second.period
    assert second.period.text == "ภายใน ๓๐ กันยายน ๒๕๖๖"
    again = read_plan(render(report_of(plan), format), f"report.{format}", 2566)
    assert again.measures == plan.measures


@pytest.mark.parametrize("format", ["docx", "html"])
def test_a_soft_line_break_comes_back_inside_its_paragraph(format: str) -> None:  # noqa: A002
    rows = (Paragraph(1, "บรรทัดแรก\nบรรทัดที่สอง"), Paragraph(2, "อีกข้อ"))
    plan = read_plan(render(report(measure(1, summary=rows)), format), f"report.{format}", 2566)
    assert plan.measures[0].summary == rows


@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_a_soft_line_break_becomes_a_blank_where_a_line_feed_is_a_paragraph(format: str) -> None:  # noqa: A002
    rows = (Paragraph(1, "บรรทัดแรก\nบรรทัดที่สอง"), Paragraph(2, "อีกข้อ"))
    plan = read_plan(render(report(measure(1, summary=rows)), format), f"report.{format}", 2566)
    assert plan.measures[0].summary == (Paragraph(1, "บรรทัดแรก บรรทัดที่สอง"), Paragraph(2, "อีกข้อ"))


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("text", ["=cmd()", "+1 ดำเนินการ", "- จัดทำคู่มือ", "@ฝ่ายประชาสัมพันธ์", '<b>หนา</b> &amp; "ก"'])
def test_guards_against_formulas_and_markup_leave_no_trace(format: str, text: str) -> None:  # noqa: A002
    data = report(measure(1, steps=(DraftStep(None, text),), summary=(Paragraph(None, text),)))
    plan = read_plan(render(data, format), f"report.{format}", 2566)
    assert plan.measures[0].steps[0].text == text
    assert plan.measures[0].summary == (Paragraph(None, text),)


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(summary=st.lists(TEXT, min_size=1, max_size=4), outcome=TEXT, numbered=st.booleans())
@example(summary=["มกราคม ๒๕๖๖"], outcome="ทุกเดือน", numbered=False)
@example(summary=["ก ก ก ก ก ค"], outcome="ก", numbered=False)
def test_paragraphs_come_back_with_their_numbers(
    format: str,  # noqa: A002
    summary: list[str],
    outcome: str,
    numbered: bool,
) -> None:
    paragraphs = tuple(Paragraph(index if numbered else None, text) for index, text in enumerate(summary, 1))
    data = report(measure(1, summary=paragraphs, outcome=(Paragraph(None, outcome),)))
    plan = read_plan(render(data, format), f"report.{format}", 2566)
    assert plan.measures[0].summary == paragraphs
    assert plan.measures[0].outcome == (Paragraph(None, outcome),)


@pytest.mark.parametrize("format", FORMATS)
def test_steps_whose_results_stand_beside_them_come_back(format: str) -> None:  # noqa: A002
    steps = (
        DraftStep(1, "ประเมินความเสี่ยง"),
        DraftStep(2, "จัดทำคู่มือ"),
        DraftStep(3, "เปิดเผยผลการประเมิน", party("กองคลัง\nกองช่าง"), period("ภายใน ๓๐ กันยายน ๒๕๖๖")),
        DraftStep(4, "รายงานผล", party("กองคลัง\nกองช่าง"), period("ภายใน ๓๐ กันยายน ๒๕๖๖")),
    )
    summary = (
        Paragraph(1, "ประเมินแล้ว"),
        Paragraph(2, "ดำเนินการครบทั้ง ๒ ส่วนราชการ ดังนี้"),
        Paragraph("2.1", "กองคลัง จัดทำคู่มือ"),
        Paragraph("2.2", "กองช่าง จัดทำคู่มือ"),
        Paragraph(None, "รวม ๒ ครั้ง"),
        Paragraph(3, "เปิดเผยแล้ว"),
        Paragraph(4, "ยังไม่ถึงกำหนด"),
    )
    data = report(measure(1), measure(2, details=(), steps=steps, summary=summary), two_party_measure(3))
    plan = read_plan(render(data, format), f"report.{format}", 2566)
    assert [row.summary for row in plan.measures] == [row.summary for row in data.measures]
    read = plan.measures[1]
    assert [(step.number, step.text) for step in read.steps] == [(step.number, step.text) for step in steps]
    assert [step.responsible and step.responsible.text for step in read.steps] == [
        None,
        None,
        "กองคลัง\nกองช่าง",
        "กองคลัง\nกองช่าง",
    ]
    assert [step.period and step.period.text for step in read.steps] == [None, None, *["ภายใน ๓๐ กันยายน ๒๕๖๖"] * 2]
    assert (read.responsible.text, read.period.text) == (
        data.measures[1].responsible.text,
        data.measures[1].period.text,
    )
    assert read.outcome == data.measures[1].outcome
    assert render(report_of(plan), format) == render(
        report_of(read_plan(render(report_of(plan), format), f"a.{format}", 2566)), format
    )
