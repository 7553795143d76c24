"""What stands together on a page: a measure, a step with its result, signatures with what is signed."""

from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn
from docx.table import Table
from lxml import html

from tests.unit.reports.report_sample import measure, report, squeezed
from tests.unit.reports.test_report_pdf import pages
from tracker.plan_draft import DraftStep
from tracker.plan_import import read_plan
from tracker.reports import render
from tracker.reports.data import ReportData, ReportMeasure, Signer
from tracker.reports.table import WIDTHS, characters, measure_lines, measure_rows
from tracker.thai.paragraphs import Paragraph

FILLER = "ดำเนินการประชุมชี้แจงให้บุคลากรทราบโดยทั่วกันและติดประกาศไว้ที่ทำการ "
SIGNERS = tuple(Signer(f"ผู้ลงนาม {number}", "ปลัด") for number in range(4))


def stepped(number: int, steps: int, paragraphs: int, words: int = 1) -> ReportMeasure:
    """A measure whose steps have results of so many paragraphs, each between marks of its own."""
    summary = []
    for step in range(1, steps + 1):
        for item in range(paragraphs):
            mark = f"{number}x{step}x{item}"
            summary.append(Paragraph(None if item else step, f"A{mark}A {FILLER * words} Z{mark}Z"))
    return measure(
        number,
        details=(),
        steps=tuple(DraftStep(step, f"ขั้น S{number}x{step}S") for step in range(1, steps + 1)),
        summary=tuple(summary),
        outcome=(),
    )


def long_report(*measures: ReportMeasure, signers: tuple[Signer, ...] = ()) -> ReportData:
    return report(*measures, annex=(), signers=signers)


def page_of(mark: str, texts: list[str]) -> int:
    (found,) = [number for number, text in enumerate(texts) if mark in squeezed(text)]
    return found


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_measure_that_fits_on_a_page_moves_whole(steps: int) -> None:
    rows = [stepped(number, steps, 6 // steps) for number in range(1, 7)]
    texts = pages(render(long_report(*rows), "pdf"))
    assert len(texts) > 3
    for row in rows:
        first, last = row.summary[0].text.split()[0], row.summary[-1].text.split()[-1]
        assert page_of(first, texts) == page_of(last, texts), row.number


def test_a_measure_higher_than_a_page_breaks_between_paragraphs_only() -> None:
    row = stepped(1, 2, 14, words=3)
    texts = pages(render(long_report(row), "pdf"))
    for paragraph in row.summary:
        first, *_, last = paragraph.text.split()
        assert page_of(first, texts) == page_of(last, texts)
    assert page_of("S1x1S", texts) == page_of("A1x1x0A", texts)
    assert page_of("S1x2S", texts) == page_of("A1x2x0A", texts)


@pytest.mark.parametrize("signers", [1, 2, 4])
@pytest.mark.parametrize("paragraphs", range(1, 12, 2))
def test_signatures_never_stand_alone(signers: int, paragraphs: int) -> None:
    data = long_report(stepped(1, 1, paragraphs), stepped(2, 2, 3), signers=SIGNERS[:signers])
    texts = pages(render(data, "pdf"))
    assert page_of("S2x2S", texts) == page_of("(ผู้ลงนาม0)", texts) == page_of(f"(ผู้ลงนาม{signers - 1})", texts)


def test_a_measure_higher_than_a_page_goes_on_between_steps_and_says_so() -> None:
    row = stepped(1, 5, 5, words=2)
    content = render(long_report(row, stepped(2, 1, 1)), "pdf")
    texts = pages(content)
    parts = [text for text in texts if squeezed(row.title)[:10] in squeezed(text)]
    assert len(parts) > 1
    assert ["(ต่อ)" in text for text in parts] == [False, *[True] * (len(parts) - 1)]
    assert all(squeezed(row.responsible.text) in squeezed(text) for text in parts)
    for step in range(1, 6):
        assert page_of(f"S1x{step}S", texts) == page_of(f"A1x{step}x0A", texts) == page_of(f"Z1x{step}x4Z", texts)
    read = read_plan(content, "report.pdf", 2566)
    assert [squeezed(one.title) for one in read.measures] == [squeezed(row.title)] * 2
    assert len(read.measures[0].steps) == 5


def test_signatures_after_a_last_step_higher_than_a_page_are_still_there() -> None:
    texts = pages(render(long_report(stepped(1, 1, 40, words=2), signers=SIGNERS), "pdf"))
    assert page_of("(ผู้ลงนาม3)", texts) == len(texts) - 1


def test_what_nobody_knows_of_a_signer_is_dotted() -> None:
    texts = "".join(pages(render(long_report(stepped(1, 1, 1), signers=(Signer("นายก", ""),)), "pdf")))
    assert "(นายก)\r\n....................." in texts
    assert "พ.ศ......" in texts


def table_of(data: ReportData) -> Table:
    return docx.Document(BytesIO(render(data, "docx"))).tables[0]


@pytest.mark.parametrize("format", ["docx", "html"])
def test_a_step_and_its_result_begin_on_one_line(format: str) -> None:  # noqa: A002
    data = long_report(stepped(1, 3, 2), measure(2))
    if format == "docx":
        rows = [[cell.text for cell in row.cells] for row in table_of(data).rows[1:4]]
    else:
        page = html.document_fromstring(render(data, "html").decode())
        rows = [[cell.text_content() for cell in row] for row in page.xpath("//tbody/tr")[:3]]
    for step, row in enumerate(rows, 1):
        text = "|".join(row)
        assert f"S1x{step}S" in text
        assert f"A1x{step}x0A" in text
        assert f"Z1x{step}x1Z" in text
        assert f"A1x{step % 3 + 1}x0A" not in text


def test_a_summary_that_does_not_follow_the_steps_stays_in_one_cell() -> None:
    row = stepped(1, 2, 1)
    more = (*row.summary, Paragraph(3, "อีกข้อ"))
    for summary in (more, row.summary[:1], (Paragraph(None, "เกริ่น"), *row.summary), row.summary[::-1]):
        assert len(table_of(long_report(measure(1, steps=row.steps, summary=summary))).rows) == 2


def test_word_keeps_a_measure_on_a_page_and_the_signatures_with_the_last() -> None:
    data = long_report(stepped(1, 3, 2), stepped(2, 2, 2), signers=SIGNERS[:1])
    rows = table_of(data)._tbl.tr_lst
    tied = [all(one.find(qn("w:keepNext")) is not None for one in row.iter(qn("w:pPr"))) for row in rows]
    assert tied == [False, True, True, False, True, True, False]
    assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)


def test_a_row_that_no_page_holds_may_be_split_in_word() -> None:
    data = long_report(stepped(1, 2, 20, words=2))
    rows = measure_rows(data.measures[0], data)
    assert measure_lines(rows, characters(WIDTHS)) > 60
    assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is None for row in table_of(data)._tbl.tr_lst[1:])
