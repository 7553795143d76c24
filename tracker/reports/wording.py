"""The words of a report, the same in every format: cover, table head, running title, signatures."""

from zoneinfo import ZoneInfo

from tracker.reports.data import ReportData, Signer
from tracker.thai.calendar import format_date
from tracker.thai.numerals import to_thai
from tracker.thai.paragraphs import Paragraph

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
COVER = ("รายงานผลการดำเนินการ", "เพื่อส่งเสริมคุณธรรมและความโปร่งใส", "ภายในหน่วยงาน")
DRAFT_NOTE = "ร่าง – ยังไม่ปิดรอบรายงาน"
SIGNATURE_LINE = "(ลงชื่อ)" + "." * 56
SIGNED_ON = f"วันที่{'.' * 10}เดือน{'.' * 22}พ.ศ.{'.' * 12}"
"""Filled in by hand."""
PAGE = "หน้า"
CONTINUED = "(ต่อ)"


def digits(value: str | int, data: ReportData) -> str:
    """A generated number or text in the report's digits; never used on what people wrote."""
    return to_thai(value) if data.thai_digits else str(value)


def signature(signer: Signer) -> tuple[str, ...]:
    """The lines of a signature; what nobody knows is dotted, to be filled in by hand."""
    dots = "." * 40
    return SIGNATURE_LINE, f"({signer.name or dots})", signer.position or dots, SIGNED_ON


def cover(data: ReportData) -> tuple[str, ...]:
    """The lines of the cover above the agency's name."""
    return (
        *COVER,
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
    """A paragraph as an officer types it: with its list number before it."""
    return paragraph.typed(thai_digits=data.thai_digits)
