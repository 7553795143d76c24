"""The words of a report, the same in every format: cover, table head, running title, annex, signatures."""

from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from tracker.paragraphs import Paragraph
from tracker.reports.data import AnnexEntry, ReportData
from tracker.thai.calendar import format_date
from tracker.thai.numerals import to_thai

HEADINGS = (
    "มาตรการ/แนวทาง",
    "ขั้นตอน/วิธีปฏิบัติ",
    "หน่วยงานผู้รับผิดชอบ",
    "ระยะเวลาดำเนินการ",
    "สรุปผลดำเนินการ",
    "ผลลัพธ์/ความสำเร็จ",
)
HEADINGS_IN_LINES = tuple(
    heading.replace("หน่วยงาน", "หน่วยงาน\n").replace("ระยะเวลา", "ระยะเวลา\n") for heading in HEADINGS
)
DRAFT_NOTE = "ร่าง – ยังไม่ปิดรอบรายงาน"
ANNEX = "ภาคผนวก"
ANNEX_SUBTITLE = "ผลการดำเนินการรายขั้นตอนและหลักฐาน"
ANNEX_HEADINGS = ("ขั้นที่", "ผู้รายงาน", "วันที่", "สิ่งที่ได้ดำเนินการ", "หลักฐาน")
"""Five columns, none headed as a measure: an annex that is read back must not pass for the table continued."""
PROGRESS = "ความก้าวหน้า"
SIGNATURE_LINE = "(ลงชื่อ)" + "." * 56
PAGE = "หน้า"


@dataclass(frozen=True, slots=True)
class AnnexGroup:
    """The single reports of one measure: its heading and rows of cells, each a tuple of lines."""

    heading: str
    rows: tuple[tuple[tuple[str, ...], ...], ...]


def digits(value: str | int, data: ReportData) -> str:
    """A generated number or text in the report's digits; never used on what people wrote."""
    return to_thai(value) if data.thai_digits else str(value)


def cover(data: ReportData) -> tuple[str, ...]:
    """The lines of the cover above the agency's name."""
    return (
        "รายงานผลการดำเนินการ",
        "เพื่อส่งเสริมคุณธรรมและความโปร่งใส",
        "ภายในหน่วยงาน",
        digits(f"ประจำปีงบประมาณ {data.fiscal_year}", data),
        digits(f"รอบ ({data.round} เดือน)", data),
    )


def title(data: ReportData) -> str:
    """The document's title on one line, for file properties and the page's head."""
    return digits(
        "รายงานผลการดำเนินการเพื่อส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน "
        f"ประจำปีงบประมาณ {data.fiscal_year} รอบ {data.round} เดือน",
        data,
    )


def running_title(data: ReportData) -> str:
    """The line at the foot of every page, so that a loose sheet tells where it belongs."""
    year_and_round = digits(f"ปีงบประมาณ {data.fiscal_year} รอบ {data.round} เดือน", data)
    return f"รายงานผลการดำเนินการเพื่อส่งเสริมคุณธรรมและความโปร่งใส {year_and_round} · {data.agency}"


def as_of(data: ReportData) -> str:
    """The day (in Thailand) of the latest fact in the report."""
    day = data.recorded_at.astimezone(ZoneInfo("Asia/Bangkok")).date()
    return f"ข้อมูล ณ วันที่ {format_date(day, thai_digits=data.thai_digits)}"


def typed(paragraph: Paragraph, data: ReportData) -> str:
    """A paragraph as an officer types it: the list number, a dot, a blank, the text."""
    if paragraph.number is None:
        return paragraph.text
    return f"{digits(paragraph.number, data)}. {paragraph.text}"


def progress(done: int, total: int, data: ReportData) -> str:
    """How far a measure's tasks of the year got, in words."""
    return digits(f"ดำเนินการแล้ว {done} จาก {total} งาน", data)


def annex_order(data: ReportData) -> list[AnnexEntry]:
    """The single reports by measure, step and date."""
    return sorted(data.annex, key=lambda entry: (entry.measure, entry.step, entry.scheduled_on or entry.done_on))


def annex(data: ReportData) -> tuple[AnnexGroup, ...]:
    """The annex by measure, steps and dates in order."""
    titles = {measure.number: measure.title for measure in data.measures}
    return tuple(
        AnnexGroup(
            f"มาตรการที่ {digits(number, data)} {titles.get(number, '')}".strip(),
            tuple(_annex_row(entry, data) for entry in group),
        )
        for number, group in groupby(annex_order(data), key=lambda entry: entry.measure)
    )


def _annex_row(entry: AnnexEntry, data: ReportData) -> tuple[tuple[str, ...], ...]:
    done = f"แล้วเสร็จ {format_date(entry.done_on, style='short', thai_digits=data.thai_digits)}"
    due = entry.scheduled_on and format_date(entry.scheduled_on, style="short", thai_digits=data.thai_digits)
    outcome = (f"ผลลัพธ์: {entry.outcome}",) if entry.outcome else ()
    evidence = tuple(
        line
        for item in entry.evidence
        for line in (item.label, item.link, item.sha256 and f"SHA-256 {item.sha256}")
        if line
    )
    return (
        (digits(entry.step, data),),
        entry.units,
        (f"กำหนด {due}", done) if due else (done,),
        (entry.result, *outcome),
        evidence or ("–",),
    )
