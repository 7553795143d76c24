"""A small report with everything a writer must cope with, and helpers to read files back."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from tracker.plan_draft import DraftPlan, DraftStep, Period, Responsible
from tracker.reports.data import AnnexEntry, EvidenceEntry, ReportData, ReportMeasure, Signer
from tracker.thai.paragraphs import Paragraph

RECORDED = datetime(2023, 10, 2, 3, 4, 6, tzinfo=UTC)


def period(text: str) -> Period:
    return Period(text, 2566, date(2022, 10, 1), date(2023, 3, 31), (), (), ())


def party(text: str) -> Responsible:
    return Responsible(text, "each", tuple(text.split("\n")))


def measure(number: int = 1, **changes: Any) -> ReportMeasure:
    plain = ReportMeasure(
        number=number,
        title="การให้บริการแก่บุคคลภายนอก เป็นไปตามขั้นตอนและระยะเวลาที่กำหนด",
        details=(Paragraph(1, "ช่องทางการร้องเรียนร้องทุกข์"), Paragraph(None, "ช่องทางบริการ (E-Service)")),
        steps=(DraftStep(1, "จัดทำคู่มือการปฏิบัติงาน น้ำดื่มสะอาด"), DraftStep(2, "กำชับให้เจ้าหน้าที่ถือปฏิบัติ")),
        responsible=party("ทุกส่วนราชการ"),
        period=period("๑ ตุลาคม ๒๕๖๕ – ๓๑ มีนาคม ๒๕๖๖"),
        done=5,
        total=6,
        summary=(
            Paragraph(None, "มีการจัดทำช่องทางการติดต่อสื่อสาร"),
            Paragraph(1, "จัดประชุมชี้แจงให้บุคลากรทราบ เมื่อวันที่ 14 มีนาคม ๒๕๖๖"),
            Paragraph(2, "เผยแพร่ทางเว็บไซต์ขององค์การบริหารส่วนตำบลเขาขาว ทุกครั้งที่มีผู้มาใช้บริการ"),
        ),
        outcome=(Paragraph(None, "ประชาชนในพื้นที่องค์การบริหารส่วนตำบลเขาขาว ได้รับรู้ถึงสิทธิ์ อายุ และขั้นตอน"),),
    )
    return replace(plain, **changes)


def two_party_measure(number: int = 2) -> ReportMeasure:
    """A measure whose second step has a responsible party and a period of its own."""
    return measure(
        number,
        details=(),
        steps=(
            DraftStep(1, "ประเมินความเสี่ยงการทุจริต"),
            DraftStep(2, "เปิดเผยผลการประเมิน", party("กองคลัง\nกองช่าง"), period("ภายใน ๓๐ กันยายน ๒๕๖๖")),
        ),
    )


def report(*measures: ReportMeasure, **changes: Any) -> ReportData:
    plain = ReportData(
        agency="องค์การบริหารส่วนตำบลเขาขาว",
        place="อำเภอทุ่งสง จังหวัดนครศรีธรรมราช",
        fiscal_year=2566,
        round=12,
        recorded_at=RECORDED,
        measures=measures or (measure(1), two_party_measure(2)),
        annex=(
            AnnexEntry(
                1,
                1,
                ("สำนักปลัด", "กองคลัง"),
                date(2023, 3, 31),
                date(2023, 3, 14),
                "จัดประชุมชี้แจง ณ ห้องประชุม",
                "บุคลากรรับทราบขั้นตอน",
                (EvidenceEntry("ภาพถ่าย.jpg", None, "ab" * 32), EvidenceEntry("ข่าว", "https://example.go.th/a?b=1&c=2")),
            ),
            AnnexEntry(2, 1, ("กองช่าง",), None, date(2023, 1, 9), "เผยแพร่คู่มือ"),
        ),
        signers=(Signer("นายสมชาย ใจดี", "นิติกรปฏิบัติการ"), Signer("นางสาวสุดา รักไทย", "ปลัด อบต.เขาขาว")),
        draft=False,
    )
    return replace(plain, **changes)


def report_of(plan: DraftPlan, **changes: Any) -> ReportData:
    """A report whose measures are those of an imported document."""
    rows = (
        ReportMeasure(
            number=draft.number,
            title=draft.title,
            details=draft.details,
            steps=draft.steps,
            responsible=draft.responsible,
            period=draft.period,
            done=0,
            total=0,
            summary=draft.summary,
            outcome=draft.outcome,
        )
        for draft in plan.measures
    )
    return report(*rows, **changes)


def with_text(text: str) -> ReportData:
    """A report in which one text stands in every place that takes one."""
    paragraphs = (Paragraph(1, text), Paragraph(None, text))
    row = measure(
        1,
        title=text,
        details=paragraphs,
        steps=(DraftStep(1, text),),
        responsible=party(text),
        period=period(text),
        summary=paragraphs,
        outcome=paragraphs,
    )
    entry = AnnexEntry(1, 1, (text,), None, date(2023, 1, 9), text, text, (EvidenceEntry(text, text),))
    return report(row, agency=text, place=text, annex=(entry,), signers=(Signer(text, text),))


def squeezed(text: str) -> str:
    """The text without spaces and line ends, which a page's layout moves."""
    return re.sub(r"[\s\u200b]+", "", text)


def typed_lines(data: ReportData) -> Iterable[str]:
    """Every paragraph of the table as it must be typed, written out without the writers' own code."""
    digits = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙") if data.thai_digits else {}

    def typed(number: int | str | None, text: str) -> str:
        if number is None:
            return text
        mark = "" if isinstance(number, str) else "."
        return f"{str(number).translate(digits)}{mark} {text}"

    for row in data.measures:
        yield typed(row.number, row.title)
        for paragraph in (*row.details, *row.summary, *row.outcome):
            yield typed(paragraph.number, paragraph.text)
        for step in row.steps:
            yield typed(step.number, step.text)
            yield from (step.responsible or row.responsible).text.split("\n")
            yield (step.period or row.period).text
