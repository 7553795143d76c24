"""Steps that were typed behind each other in one paragraph: ๑. จัดทำ ๒. เผยแพร่. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from tracker.plan_import.cells import Item
from tracker.thai.numerals import to_arabic

_REFERS = re.compile(r"(?:ข้อ|ที่|มาตรา|หมวด|วรรค|หน้า|เล่ม|ภาค|ส่วน|กลุ่ม|ชั้น|ระดับ|ไตรมาส|รอบ|ตาม|และ|หรือ|กับ|ถึง|[-–,/])\s*$")
_NUMBER = re.compile(r"(?<=\s)(?P<open>[(\[]?)(?P<number>[0-9๐-๙]{1,2})(?P<close>\.\)|[.)\]])\s*(?=[ก-ฮเ-ไA-Za-z“\"])")


def parted(read: Sequence[Item]) -> list[Item]:
    """The items, those with further numbers of their own form inside cut there, where the cell's count goes on so.

    A number behind ข้อ, ที่, และ and the like refers to something, and one that the next paragraph has again is text.
    """
    parts: list[Item] = []
    following: dict[tuple[str, int], int | None] = {}
    for item in reversed(read):
        pieces = _pieces(item)
        if following.get(item.form) not in (None, (pieces[-1].number or 0) + 1):
            pieces = [item]
        parts.extend(reversed(pieces))
        following[item.form] = item.number
    return parts[::-1]


def _pieces(item: Item) -> list[Item]:
    """The item cut at 2, 3 … of its own form; whole where its text holds another count (ดังนี้ ๑. เว็บไซต์ ๒. ป้าย)."""
    pieces: list[Item] = []
    number, start = item.number, 0
    if number is None:
        return [item]
    for found in _NUMBER.finditer(item.text):
        if f"{found['open']}%{found['close']}" != item.mark or _REFERS.search(item.text[: found.start()]):
            continue
        if int(to_arabic(found["number"])) != number + 1:
            return [item]
        pieces.append(replace(item, number=number, text=item.text[start : found.start()].rstrip()))
        number, start = number + 1, found.end()
    return [*pieces, replace(item, number=number, text=item.text[start:])]
