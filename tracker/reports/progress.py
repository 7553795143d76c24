"""The progress pages: by measure, by unit, on time or late, what was not possible and why."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.reports.data import NotPossibleEntry, ReportData, StandingCounts
from tracker.reports.wording import digits
from tracker.thai.calendar import format_date

TITLE = "ความก้าวหน้า"
BY_MEASURE = "รายมาตรการ"
BY_UNIT = "รายส่วนราชการ"
NOT_POSSIBLE = "ที่ดำเนินการไม่ได้และเหตุผล"
NOT_POSSIBLE_HEADINGS = ("มาตรการที่", "ขั้นที่", "ผู้รับผิดชอบ", "กำหนด", "เหตุผล")
STANDINGS = {
    "on_time": ("ทันกำหนด", "0D5C63"),
    "late": ("แล้วเสร็จล่าช้า", "C9A227"),
    "unknown_day": ("ไม่ทราบวัน", "7FA8A6"),
    "not_possible": ("ทำไม่ได้", "6B6B6B"),
    "unfinished": ("ยังไม่แล้วเสร็จ", "B3402A"),
    "to_come": ("ยังไม่ถึงกำหนด", "D9DEE2"),
}
"""What became of a task: its words and the colour of its part of a bar (RGB); the words stand beside every bar."""
ENTERED_LATE = "บันทึกย้อนหลัง"
SUM = "รวม"


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a chart: whose, how many tasks in all and of each standing, in ``STANDINGS`` order.

    ``entered_late`` is a part of the finished ones and no part of the bar."""

    name: str
    counts: tuple[int, ...]
    entered_late: int = 0

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """Colour and count of each part of the bar that has any width."""
        colours = (colour for _, colour in STANDINGS.values())
        return tuple((colour, count) for colour, count in zip(colours, self.counts, strict=True) if count)


@dataclass(frozen=True, slots=True)
class Chart:
    """A heading and its bars."""

    heading: str
    bars: tuple[Bar, ...]


def charts(data: ReportData) -> tuple[Chart, ...]:
    """The bars by measure and by unit; none where nothing was reported, or where the coordinator left them out."""
    if not shown(data):
        return ()
    measures = _bars((f"{digits(measure.number, data)}. {measure.title}", measure.pace) for measure in data.measures)
    found = (
        Chart(BY_MEASURE, (*measures, _sum(measures))),
        Chart(BY_UNIT, _bars((one.unit, one.pace) for one in data.by_unit)),
    )
    return tuple(chart for chart in found if any(bar.total for bar in chart.bars))


def shown(data: ReportData) -> bool:
    """Whether the report has progress pages: something was reported, and the coordinator did not switch them off."""
    return data.progress_pages and any(one.done or one.pace.done or one.pace.not_possible for one in data.measures)


def headings() -> tuple[str, ...]:
    """The head of a chart's table of figures."""
    return ("รายการ", "สัดส่วน", "ทั้งหมด (งาน)", *(words for words, _ in STANDINGS.values()), ENTERED_LATE)


def colours() -> tuple[str | None, ...]:
    """The colour of each column's swatch (RGB); None where the column is no part of the bar."""
    return (None, None, None, *(colour for _, colour in STANDINGS.values()), None)


def figures(bar: Bar, data: ReportData) -> tuple[str, ...]:
    """The bar in figures: in all, of each standing, and how many were entered late; a dash for none."""
    return tuple(digits(count, data) if count else "–" for count in (bar.total, *bar.counts, bar.entered_late))


def note(data: ReportData) -> str:
    """What the two columns mean that do not explain themselves."""
    return digits(
        "ไม่ทราบวัน: แล้วเสร็จแต่ไม่มีบันทึกวันที่ จึงไม่นับว่าทันกำหนด · บันทึกย้อนหลัง: ส่วนหนึ่งของงานที่แล้วเสร็จ ซึ่งบันทึกหลังวันที่แล้วเสร็จเกิน 30 วัน",
        data,
    )


def not_possible_row(entry: NotPossibleEntry, data: ReportData) -> tuple[tuple[str, ...], ...]:
    """A row of cells, each a tuple of lines."""
    due = entry.scheduled_on and format_date(entry.scheduled_on, style="short", thai_digits=data.thai_digits)
    return (
        (digits(entry.measure, data),),
        (digits(entry.step, data),),
        entry.units or ("–",),
        (due or "–",),
        (entry.reason or "–",),
    )


def done_of(done: int, total: int, data: ReportData) -> str:
    """How far a measure's tasks of the year got, in words."""
    return digits(f"ดำเนินการแล้ว {done} จาก {total} งาน", data)


def _sum(bars: tuple[Bar, ...]) -> Bar:
    counts = tuple(map(sum, zip(*(bar.counts for bar in bars), strict=True)))
    return Bar(SUM, counts, sum(bar.entered_late for bar in bars))


def _bars(rows: Iterable[tuple[str, StandingCounts]]) -> tuple[Bar, ...]:
    return tuple(
        Bar(name, tuple(getattr(pace, standing) for standing in STANDINGS), pace.entered_late) for name, pace in rows
    )
