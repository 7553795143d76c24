"""A small made-up report with something in every place, to try a template with."""

from datetime import UTC, date, datetime

from tracker.plan_draft import DraftStep, Period, Responsible
from tracker.reports.data import (
    AnnexEntry,
    EvidenceEntry,
    NotPossibleEntry,
    ReportData,
    ReportMeasure,
    Signer,
    StandingCounts,
    UnitPace,
)
from tracker.thai.paragraphs import Paragraph

_DAY = date(2023, 3, 31)


def specimen() -> ReportData:
    """The report of an agency that there is not."""
    unit = "สำนักปลัด"
    measure = ReportMeasure(
        number=1,
        title="มาตรการตัวอย่าง",
        details=(Paragraph(1, "รายละเอียด"),),
        steps=(DraftStep(1, "ขั้นตอนแรก"), DraftStep(2, "ขั้นตอนที่สอง", Responsible("กองคลัง", "each", ("กองคลัง",)))),
        responsible=Responsible(unit, "each", (unit,)),
        period=Period("มีนาคม ๒๕๖๖", 2566, date(2023, 3, 1), _DAY, (), (), ()),
        done=1,
        total=2,
        summary=(Paragraph(1, "ดำเนินการแล้ว"), Paragraph(2, "รายงานแล้ว")),
        outcome=(Paragraph(None, "บุคลากรรับทราบ"),),
        pace=StandingCounts(on_time=1, unfinished=1),
    )
    evidence = (EvidenceEntry("ข่าว", "https://example.go.th/"), EvidenceEntry("คำสั่ง.pdf", None, "0" * 64))
    return ReportData(
        agency="องค์การบริหารส่วนตำบลตัวอย่าง",
        place="อำเภอตัวอย่าง จังหวัดตัวอย่าง",
        fiscal_year=2566,
        round=12,
        recorded_at=datetime(2023, 10, 2, tzinfo=UTC),
        measures=(measure,),
        annex=(AnnexEntry(1, 1, (unit,), _DAY, _DAY, "ดำเนินการแล้ว", None, evidence),),
        signers=(Signer("นางสาวตัวอย่าง", "นิติกร"),),
        by_unit=(UnitPace(unit, StandingCounts(on_time=1, unfinished=1)),),
        not_possible=(NotPossibleEntry(1, 2, (unit,), _DAY, "ไม่ได้รับงบประมาณ"),),
    )
