"""Tells a person outside of LINE that a LINE account was linked: who did not do it can still object."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from html import escape

from sqlalchemy.orm import Session

from tracker.channels.base import DeliveryError, Message
from tracker.channels.email.smtp import email_sender
from tracker.channels.reading_link import ReadingLinks
from tracker.clock import local
from tracker.models import MailboxMessage, Member
from tracker.settings import Settings, secret_key

_NAMESPACE = uuid.UUID("6d0f2a53-5a0c-4c59-9f0e-3f1b5f6b2f4e")


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one person, on its way by e-mail where that is set up."""

    id: uuid.UUID
    to: str | None
    to_name: str
    sender: str
    subject: str
    text: str
    html: str
    at: datetime


def write(session: Session, settings: Settings, member: Member, event_id: str, at: datetime) -> Letter:
    """The letter to a member who was linked just now; it lies in the mailbox from now on."""
    called = f" ชื่อ “{member.line_name}”" if member.line_name else ""
    page = f"{settings.base_url}/account/line"
    if member.email:
        links, day = ReadingLinks(secret_key(settings)), local(at, settings.zone).date()
        page = links.page(settings.base_url, member.id, "line", 0, day, member.email)
    subject = "เชื่อมบัญชี LINE แล้ว"
    lines = (
        f"เรียน {member.name}",
        f"บัญชี LINE{called} เชื่อมกับชื่อของท่านใน{member.agency.name}แล้ว จากนี้ระบบจะแจ้งเตือนงานทาง LINE",
        f"หากท่านไม่ได้ทำรายการนี้ กรุณายกเลิกการเชื่อมที่ {page} และแจ้งผู้ประสานงาน",
    )
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
    html = (
        f'<!doctype html><html lang="th"><head><meta charset="utf-8"><title>{subject}</title></head>'
        f"<body>{paragraphs}</body></html>"
    )
    to = member.email if not member.email_failed else None
    name = uuid.uuid5(_NAMESPACE, event_id)
    letter = Letter(name, to, member.name, member.agency.name, subject, "\n\n".join(lines) + "\n", html, at)
    session.add(
        MailboxMessage(
            agency_id=member.agency_id,
            member_id=member.id,
            subject=subject,
            body_text=letter.text,
            body_html=html,
            sent_at=at,
        )
    )
    return letter


def send(settings: Settings, letter: Letter) -> DeliveryError | None:
    """Sends the letter by e-mail where that is possible; gives what went wrong, whose words may name the address."""
    email = email_sender(settings)
    if email is None or letter.to is None:
        return None
    message = Message(
        id=letter.id,
        to=letter.to,
        to_name=letter.to_name,
        sender=letter.sender,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        at=letter.at,
        preferences_url=f"{settings.base_url}/account/reminders",
    )
    try:
        with email:
            email.send(message)
    except DeliveryError as error:
        return error
    return None
