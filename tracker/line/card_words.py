"""The words that several cards of a conversation share: how a day counts, which occasions, what a receipt is called."""

from collections.abc import Sequence
from datetime import date

from tracker.channels.line.flex_parts import CLOSING, DONE, LATE, QUIET, Part, text
from tracker.line.work import Occasion
from tracker.reminders.wording import short_day
from tracker.thai.numerals import to_thai

BACKDATED_DAYS = 30
"""What is entered later than this after the day that it claims is told to be recorded afterwards."""


def timeliness(day: date, due_on: date | None, today: date, *, brief: bool = False) -> tuple[str, str]:
    """How a day counts, in words and their colour."""
    words, colour = "ทันกำหนด", DONE
    if due_on is not None and day > due_on:
        late = (day - due_on).days
        words, colour = (f"ล่าช้า {late} วัน" if brief else f"หลังกำหนด {late} วัน จะนับว่าล่าช้า"), LATE
    if (today - day).days > BACKDATED_DAYS and not brief:
        words = f"{words} · บันทึกย้อนหลัง"
        colour = CLOSING if colour == DONE else colour
    return to_thai(words), colour


def named_label(named: str) -> str:
    """A chip of a day that the sentence names: an ISO day, with /end where it ends a range."""
    day, _, end = named.partition("/")
    return f"{short_day(date.fromisoformat(day))} ({'วันจบ' if end else 'ในข้อความ'})"


def title(words: str) -> list[Part]:
    return [
        text(words, weight="bold", size="lg"),
        text("ยังไม่บันทึกจนกว่าจะกด “บันทึก”", size="xs", color=QUIET, margin="xs"),
    ]


def months_of(occasions: Sequence[Occasion]) -> str:
    labels = [one.label for one in occasions]
    if len(labels) <= 2:
        return " และ ".join(labels)
    return to_thai(f"{labels[0]} ถึง {labels[-1]} ({len(labels)} เดือน)")


def due_of(occasions: Sequence[Occasion]) -> str:
    return occasions[0].due_words if len(occasions) == 1 else ""
