"""The words of an invitation that the coordinator pastes into LINE: whose it is, what waits, the link, whom to call."""

from dataclasses import dataclass
from datetime import date

from tracker.thai.calendar import format_date
from tracker.thai.numerals import to_thai


@dataclass(frozen=True, slots=True)
class Invited:
    """What the message knows of the person. ``frame`` stands in place of our first paragraph, where it is written."""

    name: str
    agency: str
    fiscal_year: int
    units: str
    deputy_of: str
    is_executive: bool
    tasks: int
    first_due: date | None
    link: str
    last_day: date
    sender: str
    phone: str
    frame: str = ""
    thai_digits: bool = True


def invitation_text(one: Invited) -> str:
    """The whole message. The link, its last day and whom to call stand in every one."""
    opening = one.frame or (f"{one.agency}ติดตามมาตรการส่งเสริมคุณธรรมและความโปร่งใส ปีงบประมาณ {one.fiscal_year} ด้วยระบบนี้")
    call = f"สอบถาม {one.sender}" + (f" โทร. {one.phone}" if one.phone else "")
    last_day = format_date(one.last_day, style="short")
    before = [f"เรียน {one.name}", "", opening, *_what_waits(one), "", f"กดลิงก์เพื่อตั้งรหัสผ่าน ใช้ได้ครั้งเดียว ถึง {last_day}"]
    after = ["ทำในมือถือได้เลย ไม่ต้องติดตั้งอะไร", call]
    digits = to_thai if one.thai_digits else str
    return "\n".join([digits("\n".join(before)), one.link, "", digits("\n".join(after))])


def _what_waits(one: Invited) -> list[str]:
    said = []
    if one.deputy_of:
        said.append(f"ท่านเป็นผู้แทนของ{one.deputy_of} ทำแทนหัวหน้าได้")
    if one.is_executive:
        said.append("ท่านจะได้รับข้อความเฉพาะเมื่องานเลยกำหนด")
    if one.tasks and (one.units or one.deputy_of):
        first = f" งานแรกครบกำหนด {format_date(one.first_due, style='short')}" if one.first_due else ""
        said.append(f"ปีนี้{one.units or one.deputy_of}มี {one.tasks} งาน{first}")
    return said
