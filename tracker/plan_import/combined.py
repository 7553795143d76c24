"""Parties and times in one column: ผู้รับผิดชอบ/กำหนดเสร็จ, ระยะเวลาและผู้รับผิดชอบ. Pure."""

import re
from collections.abc import Sequence

from tracker.plan_import.grid import WRAP, Line
from tracker.plan_import.headers import DEADLINE, Layout
from tracker.plan_import.period import tells_a_time

_TIME_IN_HEADER = re.compile("กำหนด(?:แล้ว)?เสร็จ|กำหนดเวลา|ระยะเวลา|วันแล้วเสร็จ|ช่วงเวลา|ห้วงเวลา")
_PARTY_IN_HEADER = re.compile("รับผิดชอบ|หน่วยงาน|ส่วนราชการ")
_BESIDE = re.compile(rf"\s+/\s+|(?<![0-9๐-๙])/|/(?![0-9๐-๙])|\s+[-–—]\s+(?=[ก-ฮเ-ไ]{{3}})|[\n{WRAP}]")
_NO_NAME = re.compile(
    r"[-–—.]+|(?:งบประมาณ|วงเงิน|จำนวน|ใช้|เงิน|\s)*[0-9๐-๙][0-9๐-๙,.]*\s*(?:ล้าน|แสน|หมื่น|พัน)?\s*(?:บาท|\.-|-)|ไม่(?:ใช้|มี)งบประมาณ"
)
"""A sum, or nothing, beside names and times: งบประมาณ in the same column."""
_LONGEST_CELL = 1_000
"""Letters of a line that can name parties and times; a longer one is left to be told of as too long."""
_BRACKETED = re.compile(r"\s*[(\[]([^()\[\]]+)[)\]]\s*")


def shared_column(layout: Layout) -> str | None:
    """The field (responsible or period) of the one column that holds parties and times; None where each has its own."""
    fields = layout.fields()
    for field, other, words in (
        ("responsible", "period", _TIME_IN_HEADER),
        ("period", "responsible", _PARTY_IN_HEADER),
    ):
        headers = [column.header for column in layout.columns if column.holds == field]
        if other not in fields and any(words.search(header) for header in headers):
            return field
    return None


def names_a_deadline(layout: Layout) -> bool:
    """Whether the shared column says when work is to be complete."""
    return any("เสร็จ" in column.header for column in layout.columns if column.holds in ("responsible", "period"))


def parted_times(lines: Sequence[Line], *, deadline: bool) -> tuple[list[str], list[str]]:
    """The lines of such a cell without its times, and the times; one alone under กำหนดเสร็จ is a deadline."""
    names: list[str] = []
    times: list[str] = []
    for line in lines:
        text = line.shown
        if len(text) > _LONGEST_CELL:
            names.append(text)
            continue
        for bracket in _BRACKETED.finditer(text):
            if tells_a_time(bracket[1], strictly=True):
                times.append(bracket[1])
                text = text.replace(bracket[0], " ").strip()
        if not text:
            continue
        if tells_a_time(text, strictly=True):  # before it is cut: ต.ค. ๖๖ - มี.ค. ๖๗
            times.append(text)
            continue
        pieces = [piece.strip() for piece in _BESIDE.split(text)]
        found = [piece for piece in pieces if tells_a_time(piece, strictly=True)]
        times.extend(found)
        said = [piece for piece in pieces if piece and piece not in found and not _NO_NAME.fullmatch(piece)]
        names.append("/".join(said) if len(said) < len(pieces) else text)
    if deadline and len(times) == 1 and DEADLINE not in times[0]:
        times = [f"{DEADLINE} {times[0]}"]
    return list(filter(None, names)), times
