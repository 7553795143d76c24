"""What the official account says: short, friendly, in Thai."""

from collections.abc import Sequence
from typing import Any

from tracker.channels.line import flex_parts
from tracker.channels.line.flex_parts import LONGEST_TEXT
from tracker.models import Agency, Member
from tracker.reminders.posts import post_of

TASKS = "งานของฉัน"
CANCEL = "ยกเลิก"
UNDO = "เลิกทำ"
ASK = "ถามผู้ประสานงาน"
SEND = "ส่งผลงาน"
UNLINK = "ยกเลิกการเชื่อม"
WHO_IS_LATE = "ใครค้าง"
TO_SIGN = "รอลงนาม"
LINK = "เชื่อมบัญชีด้วยรหัส"
"""What the menu of somebody who is not linked yet types; it is answered with the way to link."""

TASKS_WORDS = frozenset({TASKS, "งาน", "tasks", "my tasks"})
CANCEL_WORDS = frozenset({CANCEL, "cancel"})
NOT_ME = "ไม่ใช่ฉัน"
UNLINK_WORDS = frozenset({UNLINK, "ยกเลิกการเชื่อมต่อ", "เลิกเชื่อม", "unlink"})
NOT_ME_WORDS = frozenset({NOT_ME, "not me"})
ASK_WORDS = frozenset({ASK})
SEND_WORDS = frozenset({SEND})
STANDING_WORDS = frozenset({WHO_IS_LATE, TO_SIGN})

_COMMANDS = TASKS_WORDS | CANCEL_WORDS | UNLINK_WORDS | NOT_ME_WORDS | ASK_WORDS | SEND_WORDS | STANDING_WORDS

Message = dict[str, Any]

_TASKS_BUTTON = {"type": "message", "label": TASKS, "text": TASKS}
_NOT_ME_BUTTON = {"type": "message", "label": NOT_ME, "text": NOT_ME}

GREETING = (
    "สวัสดีค่ะ ที่นี่แจ้งเตือนงานตามแผนมาตรการส่งเสริมคุณธรรมและความโปร่งใส\n"
    "กรุณาพิมพ์รหัส ๘ ตัวที่ได้รับจากผู้ประสานงาน หรือจากหน้า “บัญชีของฉัน” เพื่อเชื่อมบัญชี LINE นี้"
)
WRONG_CODE = "ไม่พบรหัสนี้ หรือรหัสหมดอายุแล้ว กรุณาตรวจแล้วพิมพ์อีกครั้ง หรือขอรหัสใหม่จากผู้ประสานงาน"
TOO_MANY_CODES = "พิมพ์รหัสผิดหลายครั้งแล้ว กรุณารอ ๑ ชั่วโมง แล้วลองใหม่ หรือขอรหัสใหม่จากผู้ประสานงาน"
NOT_YOURS = "งานนี้ไม่อยู่ในความรับผิดชอบของท่านแล้ว"
NOTHING_TO_CANCEL = "ไม่มีรายการที่ต้องยกเลิก"
CANCELLED = "ยกเลิกแล้วค่ะ ยังไม่ได้บันทึกอะไร"
ONLY_PHOTOS = "รับข้อความ รูป PDF และเอกสาร Office ค่ะ"
NOT_FETCHED = "ยังรับรูปไม่ได้ ส่งใหม่อีกครั้งค่ะ"
NOTHING_OPEN = "ปุ่มนี้ใช้ไม่ได้แล้วค่ะ พิมพ์ “งานของฉัน” เพื่อดูงานที่ค้าง"
UNDO_TOO_LATE = "เกินหนึ่งชั่วโมงแล้ว เลิกทำในแชตไม่ได้ แจ้งผู้ประสานงานได้ค่ะ"
ENOUGH_FILES = "รูปครบจำนวนที่รับได้แล้ว ส่งเพิ่มได้ที่หน้าของงาน"
NOT_LINKED = "บัญชี LINE นี้ยังไม่ได้เชื่อมกับผู้ใด"
NOT_IN_GROUPS = "ตอบในแชตส่วนตัวนะคะ"
UNLINKED = "ยกเลิกการเชื่อมแล้ว จากนี้จะแจ้งทางช่องทางอื่นแทน"
_FROM_NOW_ON = f"จากนี้แจ้งงานทาง LINE และตอบในแชตได้เลย ถ้าไม่ใช่ท่าน กด “{NOT_ME}”"
WAS_NOT_ME = "ยกเลิกการเชื่อมแล้วค่ะ แจ้งผู้ประสานงานให้แล้ว"
NO_TASKS = "ตอนนี้ไม่มีงานที่ต้องทำในเร็ว ๆ นี้"


def is_command(words: str) -> bool:
    """Whether somebody typed one of the words that this account answers at any time."""
    return folded(words) in _COMMANDS


def folded(words: str) -> str:
    return " ".join(words.casefold().split())


def text(words: str, *actions: dict[str, Any]) -> Message:
    """A text message, with buttons under it where actions are given."""
    message: Message = {"type": "text", "text": words[:LONGEST_TEXT]}
    if actions:
        message["quickReply"] = {"items": [{"type": "action", "action": action} for action in actions]}
    return message


def help_() -> Message:
    return text("พิมพ์ “งานของฉัน” เพื่อดูงานที่ต้องทำ หรือกดปุ่ม “ทำแล้ว” ในข้อความแจ้งเตือนเพื่อบันทึกผล", _TASKS_BUTTON)


def linked(member: Member, agency: Agency) -> Message:
    """Who one is from now on, and the way out for somebody else."""
    contents = [
        flex_parts.text("✓ เชื่อมแล้ว", weight="bold", size="lg", color=flex_parts.DONE),
        flex_parts.text(f"{member.name} · {post_of(member)}", size="sm", margin="md"),
        flex_parts.text(agency.name, size="sm"),
        flex_parts.text(
            f"จากนี้แจ้งงานทาง LINE และตอบในแชตได้เลย ถ้าไม่ใช่ท่าน กด “{NOT_ME}”",
            size="sm",
            color=flex_parts.QUIET,
            margin="sm",
        ),
        flex_parts.row_of([flex_parts.button(_TASKS_BUTTON), flex_parts.button(_NOT_ME_BUTTON, quiet=True)]),
    ]
    return flex_parts.flex(f"เชื่อมแล้ว: {member.name} · {agency.name}", flex_parts.bubble(contents))


def taken(member: Member) -> Message:
    return text(f"บัญชี LINE นี้เชื่อมกับ {member.name} อยู่แล้ว ถ้าจะเปลี่ยน กรุณาพิมพ์ “{UNLINK}” ก่อน")


def welcome_back(members: Sequence[Member]) -> Message:
    return text(f"ยินดีต้อนรับกลับค่ะ {members[0].name} จากนี้จะแจ้งเตือนทาง LINE อีกครั้ง", _TASKS_BUTTON, _NOT_ME_BUTTON)


def coordinators(members: Sequence[Member]) -> Message:
    """Whom to ask, with where they can be reached."""
    if not members:
        return text("หน่วยงานนี้ยังไม่มีผู้ประสานงานในระบบค่ะ")
    lines = [" ".join(filter(None, [member.name, member.email])) for member in members]
    return text("\n".join(["ถามผู้ประสานงานได้ที่", *lines]), _TASKS_BUTTON)
