"""A task's due day and stage in Thai words, as lists, digests and pages say them."""

from collections.abc import Collection
from datetime import date

from tracker.kinds import Cadence
from tracker.reminders.stages import Stage
from tracker.thai.calendar import MONTHS_SHORT, last_of_month, round_end
from tracker.thai.numerals import to_thai


def short_day(day: date, *, thai_digits: bool = True) -> str:
    """A day without its year: ๓๑ มี.ค."""
    text = f"{day.day} {MONTHS_SHORT[day.month - 1]}"
    return to_thai(text) if thai_digits else text


def head_of(unit: str) -> str:
    """What the head of a unit is called: ผอ.กองช่าง, หัวหน้าสำนักปลัด."""
    return f"ผอ.{unit}" if unit.startswith("กอง") else f"หัวหน้า{unit}"


def occasion_label(on: date | None, cadences: Collection[str]) -> str:
    """What one occasion of a step is called: ก.พ. of a monthly one, else its day, ๓๑ มี.ค."""
    if on is None:
        return "ไม่กำหนดวัน"
    if Cadence.MONTHLY in cadences and on == last_of_month(on.year, on.month):
        return MONTHS_SHORT[on.month - 1]
    return short_day(on)


def due_words(due_on: date | None, day: date, *, thai_digits: bool = True) -> str:
    """How far off a due day is, seen from ``day``: อีก ๒ วัน (๓๑ มี.ค.), ครบกำหนดวันนี้, เลยมา ๒๙ วัน, ไม่กำหนดวัน."""
    if due_on is None:
        return "ไม่กำหนดวัน"
    days = (due_on - day).days
    if days == 0:
        return "ครบกำหนดวันนี้"
    text = f"เลยมา {-days} วัน" if days < 0 else f"อีก {days} วัน ({short_day(due_on, thai_digits=False)})"
    return to_thai(text) if thai_digits else text


def stage_words(stage: Stage, due_on: date | None, day: date, *, fiscal_year: int, thai_digits: bool = True) -> str:
    """What a reminder of ``day`` says of a task at this stage; the true due day, whatever day it goes out."""
    if stage.kind != "closing":
        return due_words(due_on, day, thai_digits=thai_digits)
    ends_on = short_day(round_end(fiscal_year, 6 if stage.number == 6 else 12), thai_digits=False)
    wanted = "โปรดรายงานผล" if stage.asks == "tick" else "โปรดแจ้งความก้าวหน้า"
    text = f"ปิดรอบ {stage.number} เดือน {ends_on} {wanted}"
    return to_thai(text) if thai_digits else text
