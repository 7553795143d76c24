"""What a person types in place of pressing a button: quick replies vanish with the next message."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from tracker.channels.line.postback import Button
from tracker.errors import NotUnderstoodError
from tracker.line.draft import UNKNOWN, Draft
from tracker.line.work import Occasion, Work
from tracker.thai.days import read_day
from tracker.thai.named_days import MONTH, month_number
from tracker.thai.numerals import to_arabic

_ACTS = {
    "ยกเลิก": "drop",
    "cancel": "drop",
    "เลิกทำ": "undo",
    "ไม่ต้องทำอะไร": "discard",
    "ทิ้ง": "discard",
    "ทิ้งของฉัน": "discard",
    "ทำต่อ": "resume",
    "แก้แล้วบันทึกใหม่": "resume",
    "เหมือนครั้งก่อน": "same",
    "เหมือนเดิม": "same",
    "ทำแล้ว จะพิมพ์ใหม่": "again",
    "จะพิมพ์ใหม่": "again",
    "ทำแล้ว ใช้ข้อความนี้": "use",
    "ใช้ข้อความนี้": "use",
    "ยังไม่เสร็จ": "later",
    "ทำไม่ได้": "cannot",
    "ยังไม่เริ่ม": "unstarted",
    "กำลังรอผู้อื่น": "waiting",
    "เพิ่มในงานเดิม": "append",
    "เพิ่มต่อท้าย": "append",
    "แก้ข้อความ": "edit",
    "เปลี่ยนวัน": "redate",
    "แก้วัน": "redate",
    "ใช่": "yes",
    "ไม่ใช่": "no",
    "ไม่ใช่ พิมพ์ใหม่": "no",
}
_BY_STATE: dict[str, tuple[str, ...]] = {
    "words": ("later", "cannot", "same", "use", "drop"),
    "asked": ("later", "cannot", "again", "use", "drop"),
    "progress": ("unstarted", "waiting", "drop"),
    "saved": ("undo", "append"),
    "confirm": ("yes", "no", "drop"),
    "receipt": ("edit", "redate", "drop", "later", "cannot"),
    "months": ("drop", "later", "cannot"),
}
_ALWAYS = ("drop", "discard", "resume", "undo", "append")
_SAVE = re.compile(r"บันทึก(?:ว่าทำไม่ได้|ทั้ง ?\d+ ?เดือน|เลย)?")
_POLITE = re.compile(r"(?: |ค่ะ|คะ|ครับ|คับ|จ้า|เลย|นะ)+$")
_ALL_MONTHS = re.compile(r"(?:ทั้ง ?(?:\d+ ?เดือน|หมด)|ทุกเดือน|ทุกงวด|ทั้งหมด)")
_MONTHS = re.compile(rf"(?P<first>{MONTH})(?P<to> ?(?:ถึง|-|–|จนถึง) ?(?P<last>{MONTH}))?")


def plain(words: str) -> str:
    """The words on one line with arabic digits, without what is only polite at their end."""
    return _POLITE.sub("", to_arabic(" ".join(words.casefold().split())))


def pressed_by_typing(draft: Draft, words: str, work: Work) -> Button | None:
    """The button that the words stand for in this state; None where they are words."""
    typed = plain(words)
    if draft.state == "receipt" and _SAVE.fullmatch(typed):
        return Button("save", number=draft.number)
    if draft.state in ("day", "receipt"):
        days = {"วันนี้": work.today, "เมื่อวาน": work.today - timedelta(days=1)}
        if typed in days:
            return Button("day", value=days[typed].isoformat())
        if typed in ("จำวันไม่ได้", "จำไม่ได้", "จำวันไม่ได้ทั้งหมด"):
            return Button("day", value=UNKNOWN)
    act = _ACTS.get(typed)
    if draft.state == "photo_month" and _ALL_MONTHS.fullmatch(typed):
        return Button("photo", value="all")
    if act is None or not (act in _ALWAYS or act in _BY_STATE.get(draft.state, ())):
        return None
    return None if draft.paused and act not in _ALWAYS else Button(act)


def typed_months(words: str, offered: Sequence[Occasion]) -> tuple[int, ...]:
    """The occasions that the words name: all of them, some months, or from one month to another."""
    typed = to_arabic(" ".join(words.split()))
    if _ALL_MONTHS.search(typed):
        return tuple(one.task_id for one in offered)
    months: set[int] = set()
    for found in _MONTHS.finditer(typed):
        first, last = month_number(found["first"]), month_number(found["last"]) if found["last"] else None
        if first is not None:
            count = ((last - first) % 12 if last is not None else 0) + 1
            months |= {(first - 1 + step) % 12 + 1 for step in range(count)}
    return tuple(one.task_id for one in offered if one.ends_on and one.ends_on.month in months)


def typed_day(words: str, today: date) -> date | None:
    """The day, until today where its year is not said, if the words are a day and nothing else but polite."""
    try:
        return read_day(plain(words), today, "past")
    except NotUnderstoodError:
        return None
