"""A digest as rows for a small screen: a step's months merged in one, the most urgent first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.kinds import Cadence
from tracker.reminders.owing import OwingUnit
from tracker.reminders.short_step import short_step
from tracker.reminders.view import Item, View, most_urgent_first
from tracker.reminders.wording import due_words, occasion_label, short_day
from tracker.thai.calendar import round_end
from tracker.thai.numerals import to_thai
from tracker.thai.words import width

_LABELS_IN_SUMMARY, _SUMMARY, _LEAST_OF_STEP = 3, 40, 14
"""Occasions and columns of the one line about a unit that is late, and what is left of them to its step: a longer line
would be cut where it says how much more there is."""
_NEVER_JOINED = 2
"""Occasions that are always named both: a span of two says no less and reads as more."""
MOST_LISTED = 6
"""Occasions with gaps that are named one by one; more are told by their ends."""
NO_UNIT = "ยังไม่ระบุหน่วยงาน"
Tone = Literal["late", "closing", "plain"]


@dataclass(frozen=True, slots=True)
class Row:
    """A step of a unit: its occasions, what is said of them, and which answer is asked (``tick`` or ``note``)."""

    step: str
    units: str
    occasions: str
    words: str
    note: str
    tone: Tone
    asks: str
    own: bool
    tasks: tuple[int, ...]

    @property
    def when(self) -> str:
        return " · ".join(filter(None, [self.occasions, self.words]))


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit that owes work to the reader of an escalation: for how long, what, and what is known of it.

    ``is_silent``: nothing was answered and nobody is away. ``ways`` are how the reader can ask it."""

    unit: str
    days: int
    tasks: str
    word: str
    is_silent: bool
    ways: OwingUnit | None


def rows_of(view: View) -> list[Row]:
    """The reader's rows: late ones (longest first), due ones, what a closing round asks, then what comes."""
    groups: dict[tuple[object, ...], list[Item]] = defaultdict(list)
    for item in most_urgent_first(view.items):
        if not is_escalated(item):
            groups[item.fiscal_year, item.step_id, item.units, item.own, _fold(item, view.day)].append(item)
    return [_row(items, view) for items in groups.values()]


def unit_rows(view: View) -> list[UnitRow]:
    """What an escalation tells, a row a unit, longest late first."""
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in most_urgent_first(view.items):
        if is_escalated(item):
            for unit in item.owed_by or (item.units or NO_UNIT,):
                groups[unit].append(item)
    rows = [_unit_row(unit, items, view) for unit, items in groups.items()]
    return sorted(rows, key=lambda row: (-row.days, row.unit))


def is_escalated(item: Item) -> bool:
    """Whether the reader hears of it as a superior and not as its owner."""
    return item.stage.kind == "escalation" and not item.own


def months_in_words(labels: Sequence[str], *, thai_digits: bool = True) -> str:
    """ม.ค. และ ก.พ.; from three on ต.ค. ถึง ก.พ. (๕ เดือน)."""
    if len(labels) <= _NEVER_JOINED:
        return " และ ".join(labels)
    words = f"{labels[0]} ถึง {labels[-1]} ({len(labels)} เดือน)"
    return to_thai(words) if thai_digits else words


def _fold(item: Item, day: date) -> str:
    """What may stand in one row: what is late, what is asked alike; what was sent back stands alone."""
    if item.note:
        return f"alone {item.task_id}"
    if item.due_on is not None and item.due_on < day:
        return "late"
    return f"{item.stage.kind} {item.stage.number} {item.stage.asks}" if item.stage.kind == "closing" else "open"


def _row(items: Sequence[Item], view: View) -> Row:
    items = sorted(items, key=lambda item: (item.due_on or date.max, item.task_id))
    first = items[0]
    late = first.due_on is not None and first.due_on < view.day
    words = _words(first, view)
    tone: Tone = "late" if late else "closing" if first.stage.kind == "closing" else "plain"
    return Row(
        step=short_step(first.step),
        units=first.units,
        occasions=_occasions(items, view),
        words=words,
        note=first.note,
        tone=tone,
        asks=first.stage.asks,
        own=first.own,
        tasks=tuple(item.task_id for item in items),
    )


def _occasions(items: Sequence[Item], view: View) -> str:
    """The months, where the step has several; runs of more than two are told by their ends, gaps are listed."""
    labels = [occasion_label(item.due_on, item.cadences) for item in items if item.cadences]
    if not labels:
        return ""
    months = [item.due_on.year * 12 + item.due_on.month for item in items if item.due_on and item.cadences]
    joined = len(months) == len(labels) and months == list(range(months[0], months[0] + len(months)))
    if joined or len(labels) <= _NEVER_JOINED:
        words = months_in_words(labels)
    else:
        counted = "เดือน" if all(Cadence.MONTHLY in item.cadences for item in items) else "งวด"
        words = (
            f"{' '.join(labels)} ({len(labels)} {counted})"
            if len(labels) <= MOST_LISTED
            else f"{labels[0]} ถึง {labels[-1]} ({len(labels)} งวด)"
        )
    return to_thai(words) if view.thai_digits else words


def _words(item: Item, view: View) -> str:
    if item.stage.kind == "closing" and not (item.due_on and item.due_on < view.day):
        ends_on = round_end(item.fiscal_year, 6 if item.stage.number == 6 else 12)
        asked = "ถึงไหนแล้ว" if item.stage.asks == "note" else "โปรดรายงานผล"
        words = f"ปิดรอบ {item.stage.number} เดือน {short_day(ends_on, thai_digits=False)} · {asked}"
        return to_thai(words) if view.thai_digits else words
    return due_words(item.due_on, view.day, thai_digits=view.thai_digits)


def _unit_row(unit: str, items: Sequence[Item], view: View) -> UnitRow:
    items = sorted(items, key=lambda item: (item.due_on or date.max, item.task_id))
    first = items[0]
    days = (view.day - first.due_on).days if first.due_on else 0
    same = [item for item in items if item.step_id == first.step_id]
    labels = " ".join(occasion_label(item.due_on, item.cadences) for item in same[:_LABELS_IN_SUMMARY] if item.cadences)
    left = len(items) - len(same[:_LABELS_IN_SUMMARY] if labels else same[:1])
    more = f" และอีก {left} งาน" if left else ""
    room = max(_LEAST_OF_STEP, _SUMMARY - width(f" {labels}{more}"))
    tasks = f"{short_step(first.step, room)} {labels}{more}".replace("  ", " ").strip()
    ways = view.owing.get(unit)
    said = next((item.last_word for item in items if item.last_word), "")
    leave = ways.leave if ways else ""
    word = said or _digits(leave or _silence(max(item.reminded for item in items), ways), view)
    return UnitRow(unit, days, _digits(tasks, view), word, not said and not leave, ways)


def _silence(reminded: int, ways: OwingUnit | None) -> str:
    """How often a unit that has not answered was reminded."""
    if ways is not None and not ways.is_staffed:
        return "ยังไม่มีผู้รับผิดชอบในระบบ"
    who = f"{ways.post} · " if ways else ""
    return f"{who}เตือนแล้ว {reminded} ครั้ง ยังไม่ตอบ" if reminded else f"{who}ยังไม่ตอบ"


def _digits(words: str, view: View) -> str:
    return to_thai(words) if view.thai_digits else words
