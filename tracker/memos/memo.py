"""A memo (บันทึกข้อความ) as plain content: who writes to whom, about what, in which paragraphs."""

from dataclasses import dataclass
from datetime import date

from tracker.thai.calendar import format_date
from tracker.thai.numerals import to_thai


@dataclass(frozen=True, slots=True)
class Fields:
    """What the coordinator fills in: ส่วนราชการ, ที่, the day, and who signs."""

    office: str
    number: str
    day: date
    signer_name: str
    signer_position: str


@dataclass(frozen=True, slots=True)
class MemoTable:
    """A small table inside a memo: its head, its rows, and the columns' widths in centimetres."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Memo:
    """One memo on a sheet of its own. ``to`` is the line after เรียน; ``body`` are paragraphs and tables in order."""

    fields: Fields
    subject: str
    to: str
    body: tuple[str | MemoTable, ...]


def letter_day(day: date) -> str:
    """A day as official letters write it: ๑๐ เมษายน ๒๕๖๖, without วันที่ and พ.ศ."""
    return format_date(day)


def in_thai(text: str | int) -> str:
    """A text with Thai digits, which official letters use throughout."""
    return to_thai(text)
