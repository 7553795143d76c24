"""What cells say of their column: times, parties, steps, results (docs/rules.md, "Which column is which"). Pure."""

import re
from collections.abc import Sequence

from tracker.plan_import.cells import items
from tracker.plan_import.grid import lines_of
from tracker.plan_import.header_words import Field
from tracker.plan_import.parties import names_units, split_parties
from tracker.plan_import.period import tells_a_time

_LONGEST_READ = 300
"""Letters of a cell that are looked at to tell what stands in its column."""
_DOES = re.compile(
    r"(?:[-–•●*]\s*|[0-9๐-๙]+(?:\.[0-9๐-๙]+)+\s*)?(?:ให้|การ)?(?:จัด(?=ทำ|ให้|กิจกรรม|ประชุม|อบรม|ส่ง|เก็บ|ตั้ง|ช่อง|วาง|โครงการ)|ดำเนินการ(?!แล้ว)|กำหนด(?!การ|แล้ว|เวลา|เสร็จ)"
    r"|ประชุม|แต่งตั้ง|ตั้ง(?=คณะ|กรรมการ|ศูนย์)|เผยแพร่|ประชาสัมพันธ์|รวบรวม|ตรวจ|ประเมิน|สรุป|ทบทวน|แจ้ง|มอบหมาย|สำรวจ|วิเคราะห์|ติดตาม|รายงาน|เสนอ|ส่ง(?=เสริม|ให้)|ปรับปรุง"
    r"|พัฒนา|อบรม|ประกาศ|บันทึก|ขอ(?=ความ|อนุ)|สร้าง|เปิด(?=เผย|ช่อง|โอกาส)|ให้(?=ความรู้)|ชี้แจง|ถ่ายทอด|ศึกษา|ลง(?=เว็บ|ข้อมูล)|นำ(?=ข้อมูล|เสนอ|ผล)"
    r"|ปฏิบัติ|ทำ(?!เนียบ|การ|เล)|รับ(?=ฟัง|เรื่อง)|คัดเลือก|ออก(?=คำสั่ง|ประกาศ)|ควบคุม|กำกับ|เพิ่ม|ลด(?=ขั้น|ความ)|ป้องกัน|เชิญ|ร่าง|ยกร่าง|วางแผน)"
)
_DONE = re.compile("แล้ว(?!เสร็จ)|เรียบร้อย|เสร็จสิ้น|แล้วเสร็จ|ได้(?:จัด|ดำเนิน|แต่งตั้ง|เผยแพร่|ประชุม)")
_PLANNED_REPORT = re.compile(
    r"(?:ให้)?(?:จัดทำ|จัดส่ง|ส่ง|สรุป)*รายงาน.{0,80}?(?:ทุก|ราย|ภายใน|ปีละ|เดือนละ|รอบ|[0-9๐-๙]\s?ครั้ง|ไตรมาส)"
)
_ORDERS = re.compile(
    "(?:จัดทำ|จัดประชุม|จัดอบรม|จัดกิจกรรม|จัดส่ง|จัดให้|ดำเนินการ|แต่งตั้ง|เผยแพร่|รวบรวม|ทบทวน|มอบหมาย|แจ้ง|สรุป|เสนอ|รายงาน|ประเมิน|กำหนดให้|ประกาศ)(?=[ก-๎]{3})"
)
_DIVISION = re.compile("กอง(?!ทุน)|สำนัก|ฝ่าย|ทุก(?:ส่วน|กอง|หน่วย|สำนัก)|แต่ละ(?:ส่วน|กอง|หน่วย|สำนัก)")
_PURPOSE = re.compile("เพื่อ")


def share(field: Field, texts: Sequence[str]) -> float:
    """How many of the cells read as what a field holds, from 0 to 1; 0 where there is no cell."""
    return sum(reads_as(field, text[:_LONGEST_READ]) for text in texts) / len(texts) if texts else 0.0


def reads_as(field: Field, text: str) -> bool:
    """Whether a cell by itself reads as a time, as names of units, as steps, or as what was done."""
    if field == "period":
        return tells_a_time(text, strictly=True) and not does_something(text)
    if field == "responsible":
        return names_units(text) and not tells_a_time(text, strictly=True)
    if field == "steps":
        return does_something(text)
    return tells_results(text)


def does_something(text: str) -> bool:
    """Whether half of the paragraphs of a text, or more, say what is to be done (จัดทำคู่มือ, ๑. เผยแพร่)."""
    said = items(lines_of(text.split("\n")))
    return bool(said) and 2 * sum(_DOES.match(item.text) is not None for item in said) >= len(said)


def orders_something(text: str) -> bool:
    """Whether a text begins with a word that no unit or post is called by (จัดทำ, เผยแพร่; not พัฒนา or ตรวจสอบ)."""
    return _ORDERS.match(text) is not None


def names_divisions(text: str) -> bool:
    """Whether a text names nothing but divisions or all of them; งานอบรม may be a step as well as a unit."""
    return names_units(text) and all(map(_DIVISION.match, split_parties(text).parties))


def tells_results(text: str) -> bool:
    """Whether a text says that something was done, not that it will be reported."""
    return _DONE.search(text) is not None


def plans_a_report(text: str) -> bool:
    """Whether a text says how or when work will be reported (รายงานทุก ๖ เดือน), and nothing of what was done."""
    if tells_a_time(text, strictly=True) and not tells_results(text):
        return True
    return _PLANNED_REPORT.match(text) is not None and not re.search("แล้ว|ได้(?!แก่)|เรียบร้อย|เสร็จสิ้น", text)


def announces_a_report(text: str) -> bool:
    """Whether a text speaks of a report to come (รายงานทุก ๖ เดือน), not of a time alone, which a result may be."""
    return plans_a_report(text) and _PLANNED_REPORT.match(text) is not None


def tells_a_purpose(text: str) -> bool:
    """Whether a text says what something is for (เพื่อให้…)."""
    return _PURPOSE.match(text) is not None
