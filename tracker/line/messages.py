"""What the official account says: short, friendly, in Thai."""

from collections.abc import Sequence
from typing import Any

from tracker.kinds import TaskState
from tracker.models import Agency, Member, Task
from tracker.thai.numerals import to_thai

TASKS = "งานของฉัน"
CANCEL = "ยกเลิก"
ENOUGH = "เสร็จ"
UNLINK = "ยกเลิกการเชื่อม"
LONGEST_TITLE = 300

TASKS_WORDS = frozenset({TASKS, "งาน", "tasks", "my tasks"})
CANCEL_WORDS = frozenset({CANCEL, "cancel"})
ENOUGH_WORDS = frozenset({ENOUGH, "เสร็จแล้ว", "เสร็จสิ้น", "ครบ", "ครบแล้ว", "ไม่มี", "ไม่มีรูป", "done", "ok"})
UNLINK_WORDS = frozenset({UNLINK, "ยกเลิกการเชื่อมต่อ", "เลิกเชื่อม", "unlink"})

Message = dict[str, Any]

_TASKS_BUTTON = {"type": "message", "label": TASKS, "text": TASKS}
_CANCEL_BUTTON = {"type": "message", "label": CANCEL, "text": CANCEL}
_PHOTO_BUTTONS = (
    {"type": "camera", "label": "ถ่ายรูป"},
    {"type": "cameraRoll", "label": "เลือกรูป"},
    {"type": "message", "label": ENOUGH, "text": ENOUGH},
)

GREETING = (
    "สวัสดีค่ะ ที่นี่แจ้งเตือนงานตามแผนมาตรการส่งเสริมคุณธรรมและความโปร่งใส\n"
    "กรุณาพิมพ์รหัส ๘ ตัวที่ได้รับจากผู้ประสานงาน หรือจากหน้า “บัญชีของฉัน” เพื่อเชื่อมบัญชี LINE นี้"
)
WRONG_CODE = "ไม่พบรหัสนี้ หรือรหัสหมดอายุแล้ว กรุณาตรวจแล้วพิมพ์อีกครั้ง หรือขอรหัสใหม่จากผู้ประสานงาน"
TOO_MANY_CODES = "พิมพ์รหัสผิดหลายครั้งแล้ว กรุณารอ ๑ ชั่วโมง แล้วลองใหม่ หรือขอรหัสใหม่จากผู้ประสานงาน"
NOT_YOURS = "งานนี้ไม่อยู่ในความรับผิดชอบของท่านแล้ว"
NOTHING_TO_CANCEL = "ไม่มีรายการที่ต้องยกเลิก"
CANCELLED = "ยกเลิกแล้ว ยังไม่ได้บันทึกอะไร"
SAY_WHAT = "กรุณาพิมพ์สั้น ๆ ว่าทำอะไรไปแล้ว ข้อความนี้จะอยู่ในรายงาน"
PRESS_FIRST = "ถ้าจะส่งรูปหลักฐาน กรุณากดปุ่ม “ทำแล้ว” ของงานนั้นก่อน"
SENTENCE_FIRST = "กรุณาพิมพ์ก่อนว่าทำอะไรไปแล้ว แล้วจึงส่งรูป"
ONLY_PHOTOS = "รับเฉพาะรูปภาพ ไฟล์ PDF และเอกสาร Office"
NOT_FETCHED = "ยังรับรูปนี้จาก LINE ไม่ได้ กรุณาส่งใหม่อีกครั้ง"
ENOUGH_FILES = "รูปครบจำนวนที่รับได้แล้ว ส่งเพิ่มได้ที่หน้าของงาน"
NOT_LINKED = "บัญชี LINE นี้ยังไม่ได้เชื่อมกับผู้ใด"
UNLINKED = "ยกเลิกการเชื่อมแล้ว จากนี้จะแจ้งทางช่องทางอื่นแทน"
NO_TASKS = "ตอนนี้ไม่มีงานที่ต้องทำในเร็ว ๆ นี้"


def text(words: str, *actions: dict[str, Any]) -> Message:
    """A text message, with buttons under it where actions are given."""
    message: Message = {"type": "text", "text": words[:5000]}
    if actions:
        message["quickReply"] = {"items": [{"type": "action", "action": action} for action in actions]}
    return message


def help_() -> Message:
    return text("พิมพ์ “งานของฉัน” เพื่อดูงานที่ต้องทำ หรือกดปุ่ม “ทำแล้ว” ในข้อความแจ้งเตือนเพื่อบันทึกผล", _TASKS_BUTTON)


def linked(member: Member, agency: Agency) -> Message:
    return text(
        f"เชื่อมบัญชีแล้ว: {member.name} ({agency.name})\nจากนี้จะแจ้งเตือนงานทาง LINE หากไม่ใช่ท่าน กรุณาพิมพ์ “{UNLINK}”",
        _TASKS_BUTTON,
    )


def taken(member: Member) -> Message:
    return text(f"บัญชี LINE นี้เชื่อมกับ {member.name} อยู่แล้ว ถ้าจะเปลี่ยน กรุณาพิมพ์ “{UNLINK}” ก่อน")


def welcome_back(members: Sequence[Member]) -> Message:
    return text(f"ยินดีต้อนรับกลับค่ะ {members[0].name} จากนี้จะแจ้งเตือนทาง LINE อีกครั้ง", _TASKS_BUTTON)


def ask_sentence(task: Task) -> Message:
    return text(f"งาน: {title(task)}\n\n{SAY_WHAT}", _CANCEL_BUTTON)


def ticked(task: Task, minutes: int) -> Message:
    state = "ส่งให้ผู้ประสานงานตรวจแล้ว" if task.state == TaskState.SUBMITTED else "บันทึกแล้ว"
    return text(
        to_thai(f"{state} ✓\n{title(task)}\n\nส่งรูปหรือไฟล์หลักฐานมาได้เลยภายใน {minutes} นาที ครบแล้วพิมพ์ “{ENOUGH}”"),
        *_PHOTO_BUTTONS,
    )


def kept(count: int) -> Message:
    return text(to_thai(f"เก็บหลักฐานชิ้นที่ {count} แล้ว ส่งเพิ่มได้ หรือพิมพ์ “{ENOUGH}”"), *_PHOTO_BUTTONS)


def photos_or_enough() -> Message:
    return text(f"บันทึกผลไปแล้ว ส่งรูปหลักฐานได้อีก หรือพิมพ์ “{ENOUGH}”", *_PHOTO_BUTTONS)


def closed(count: int, url: str) -> Message:
    evidence = to_thai(f"พร้อมหลักฐาน {count} ชิ้น") if count else "โดยไม่มีหลักฐานแนบ"
    return text(f"เรียบร้อยค่ะ บันทึก{evidence}\nดูหรือแก้ไขได้ที่ {url}", _TASKS_BUTTON)


def recorded_already(url: str) -> Message:
    return text(f"บันทึกผลไปแล้ว ถ้าต้องการถอน เปิดที่ {url}", _TASKS_BUTTON)


def state_of(task: Task) -> str:
    """Why a task that is not open needs no tick."""
    words = {
        "done": "ทำแล้ว",
        "submitted": "ส่งให้ผู้ประสานงานตรวจแล้ว",
        "not_possible": "บันทึกไว้ว่าทำไม่ได้",
        "cancelled": "ถูกยกเลิกแล้ว",
    }
    return f"งานนี้{words[task.state]} ไม่ต้องทำอะไรอีก\n{title(task)}"


def title(task: Task) -> str:
    """The task's title on one line, shortened."""
    words = " ".join(task.title.split())
    return words if len(words) <= LONGEST_TITLE else f"{words[:LONGEST_TITLE].rstrip()}…"
