"""What our own reports hold beside the plan: left out without a word, for nobody's plan stands there."""

import re
from collections.abc import Sequence

_HEADS = frozenset(
    {
        ("ข้อ", "เรื่อง", "แล้วเสร็จ (งาน)", "ทั้งหมด (งาน)", "ร้อยละ"),
        ("ข้อ", "ขั้นที่", "ผู้รายงาน", "ครบกำหนด", "แล้วเสร็จเมื่อ", "สิ่งที่ได้ดำเนินการ", "ผลที่เกิดขึ้น", "หลักฐาน"),
        ("ขั้นที่", "ส่วนราชการ", "กำหนด", "แล้วเสร็จ", "หลักฐาน"),
        ("หลักฐานที่", "ที่อยู่หรือเอกสาร", "ใช้แสดงผลของ", "เปิดด้วยโทรศัพท์"),
        ("เลขที่", "ชื่อไฟล์", "SHA-256"),
        ("มาตรการที่", "ขั้นที่", "ผู้รับผิดชอบ", "กำหนด", "เหตุผล"),
    }
)
_SIGNATURE = re.compile(r"\(ลงชื่อ\)\.{20,}")


def is_of_report(head: Sequence[str]) -> bool:
    """Whether these are the headings of a report's progress or annex, to the letter."""
    return tuple(head) in _HEADS


def is_signature(texts: Sequence[str]) -> bool:
    """Whether a row is where a report is signed."""
    return bool(texts) and all(_SIGNATURE.match(text) for text in texts)
