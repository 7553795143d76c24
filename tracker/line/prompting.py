"""เตือนอีกครั้ง in the chat: shown first, sent when the superior says yes (docs/rules.md, "Escalation")."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from tracker.channels.line.flex_parts import Action, Part, box, bubble, button, flex, row_of, said, text
from tracker.channels.line.postback import Button, button_data
from tracker.channels.registry import find_channel
from tracker.clock import local
from tracker.errors import TrackerError
from tracker.line import messages
from tracker.line.answer import HandlerContext
from tracker.models import Member, Unit
from tracker.reminders.posts import post_of
from tracker.reminders.wording import head_of, short_day
from tracker.services.access import viewer_for
from tracker.services.audit import Actor
from tracker.services.tasks.remind_again import Prompt, look, remind_again
from tracker.thai.numerals import to_thai

ASK, SEND = "remind", "remindnow"
ACTS = (ASK, SEND)


class Reply(NamedTuple):
    """What came of a press, in a word, and what to say."""

    outcome: str
    message: Part


def prompt(session: Session, desk: HandlerContext, members: list[Member], button: Button) -> Reply:
    """What a superior pressed: the first press shows, the second sends; each says why where it cannot be."""
    unit = session.get(Unit, int(button.value)) if button.value.isdigit() else None
    member = next((one for one in members if unit is not None and one.agency_id == unit.agency_id), None)
    if unit is None or member is None:
        return Reply("not_yours", said(messages.NOT_YOURS))
    viewer = viewer_for(session, member)
    try:
        if button.act == ASK:
            shown = look(session, desk.settings, viewer, unit.id, desk.at)
            return Reply("remind_shown", _shown(shown, post_of(member), desk))
        by, post = Actor(member.name, "line", member.id), post_of(member)
        sent = remind_again(session, desk.settings, viewer, unit.id, asked_as=post, by=by, at=desk.at)
    except TrackerError as error:
        return Reply("refused", said(error.sentence_th))
    return Reply("reminded", said(_sent(sent, desk)))


def _shown(prompt: Prompt, post: str, desk: HandlerContext) -> Part:
    unit = prompt.unit.name
    words = to_thai(f"{post}ฝากเตือน: {unit}ค้าง {len(prompt.tasks)} งาน นานสุด {prompt.days} วัน พร้อมปุ่มตอบของแต่ละงาน")
    data = button_data(desk.key, Button(SEND, value=f"{prompt.unit.id}"))
    send: Action = {"type": "postback", "label": "ส่งเตือน", "data": data, "displayText": "ส่งเตือน"}
    cancel: Action = {"type": "message", "label": messages.CANCEL, "text": messages.CANCEL}
    shown = [
        text(f"{_who(prompt)} จะได้รับ{_when(prompt, desk)}", size="sm", color="#54616E"),
        text(words, size="sm", margin="sm"),
    ]
    contents = [
        text(f"เตือน{unit}ในนามท่าน", weight="bold", size="lg"),
        box(shown, backgroundColor="#F0F3F4", cornerRadius="8px", paddingAll="md", margin="md"),
        row_of([button(send, filled=True)]),
        row_of([button(cancel, quiet=True)]),
    ]
    return flex(f"เตือน{unit}ในนามท่าน", bubble(contents))


def _sent(prompt: Prompt, desk: HandlerContext) -> str:
    unit = prompt.unit.name
    return f"จะส่งถึง {_who(prompt)}{_when(prompt, desk)} ค่ะ เตือน{unit}ได้อีกครั้งพรุ่งนี้ คำตอบของ{unit}ดูได้ที่ปุ่ม “ดูงาน”"


def _who(prompt: Prompt) -> str:
    """Posts and channels, never names: ผอ.กองช่าง ทาง LINE."""
    ways = dict.fromkeys(name for told in prompt.told for channel in told.channels if (name := _channel(channel)))
    count = to_thai(f" {len(prompt.told)} คน") if len(prompt.told) > 1 else ""
    return f"{head_of(prompt.unit.name)}{count} ทาง{' และ'.join(ways)}"


def _channel(name: str) -> str:
    found = find_channel(name)
    return found.words.name.th if found else ""


def _when(prompt: Prompt, desk: HandlerContext) -> str:
    """Nothing where it goes at once, else the next working hour."""
    zone = desk.settings.zone
    if prompt.goes_at <= desk.at:
        return ""
    goes: datetime = local(prompt.goes_at, zone)
    return f" {short_day(goes.date())} เวลา {to_thai(f'{goes:%H.%M}')} น."
