"""Cells that read as another column's: a party that is a date, a period that is a unit, steps as parties. Pure."""

import re
from collections.abc import Sequence

from tracker.plan_draft import Period
from tracker.plan_import.column_sense import does_something, names_divisions, orders_something, tells_a_purpose
from tracker.plan_import.parties import names_units
from tracker.plan_import.period import is_a_time, tells_a_time

_SUM = re.compile(
    r"(?:งบประมาณ|วงเงิน|จำนวน|เงิน|\s)*[0-9๐-๙][0-9๐-๙,.]*\s*(?:ล้าน|แสน|หมื่น|พัน)?\s*บาท(?:ถ้วน)?|[0-9๐-๙]{1,3}(?:,[0-9๐-๙]{3})+"
)
_NO_NAME = re.compile(r"ทุกๆ?\s?(?:ครั้ง|กรณี|ราย)|[ก-ฮ]\.[ก-ฮ]\.?\s?[0-9๐-๙]")
"""ทุกครั้งที่จัดซื้อ, and the years behind a month (ม.ค. ๒๕๐๗): no unit, whatever abbreviations may stand for."""
_ABBREVIATED = re.compile(r"[ก-ฮ]{2}\.")
"""กค. of กระทรวงการคลัง or กองคลัง; the month, ก.ค., has a dot between its letters."""
_LONGEST_STEP = 100
"""Letters of a step that may be nothing but the name of a unit."""


def doubt_of_party(party: str) -> str | None:
    """What is to be said of a party that reads as a time or as a step; None where it may be one."""
    if _ABBREVIATED.fullmatch(party):
        return None
    if is_a_time(party) or tells_a_time(party, strictly=True):
        return f"“{party}” อ่านได้เป็นระยะเวลา ไม่น่าเป็นผู้รับผิดชอบ โปรดตรวจ"
    if _SUM.fullmatch(party):
        return f"“{party}” อ่านได้เป็นจำนวนเงิน ไม่น่าเป็นผู้รับผิดชอบ โปรดตรวจ"
    if not names_units(party) and (orders_something(party) or tells_a_purpose(party)):
        return f"“{party}” อ่านได้เป็นขั้นตอน ไม่น่าเป็นผู้รับผิดชอบ โปรดตรวจ"
    return None


def doubt_of_steps(texts: Sequence[str]) -> str | None:
    """What is to be said of steps that are nothing but names of units, or times."""
    if all(len(text) <= _LONGEST_STEP and names_divisions(text) for text in texts):
        return f"“{texts[0]}” อ่านได้เป็นชื่อหน่วยงาน ไม่น่าเป็นขั้นตอน โปรดตรวจ"
    if all(len(text) <= _LONGEST_STEP and is_a_time(text) and not does_something(text) for text in texts):
        return f"“{texts[0]}” อ่านได้เป็นระยะเวลา ไม่น่าเป็นขั้นตอน โปรดตรวจ"
    return None


def told_of_period(period: Period) -> tuple[str, ...]:
    """The warnings of a period; one that names units and no time is told as that, in place of what was not found."""
    undated = not (period.start or period.end or period.checkpoints)
    if undated and period.warnings and names_units(period.text) and not _NO_NAME.search(period.text):
        return (f"“{period.text}” อ่านได้เป็นชื่อหน่วยงาน ไม่น่าเป็นระยะเวลา โปรดตรวจ",)
    return period.warnings
