"""A message of one link to one person, by e-mail to an address or by LINE to the linked account."""

from dataclasses import dataclass
from datetime import datetime
from html import escape
from uuid import UUID, uuid5

from tracker.channels.base import Message
from tracker.channels.email.smtp import email_sender
from tracker.channels.line.client import line_client
from tracker.settings import Settings

_IDS = UUID("0d0c1f0b-7c63-4a4e-9a43-3f1c7b0f5a90")


@dataclass(frozen=True, slots=True)
class LinkMessage:
    """What the message says: ``why`` stands before the link, ``otherwise`` after it, ``button`` on LINE's button."""

    path: str
    to_name: str
    sender: str
    subject: str
    why: str
    otherwise: str
    button: str


def send_by_mail(settings: Settings, message: LinkMessage, address: str, at: datetime) -> None:
    """Sends it to the address; DeliveryError where the mail server does not take it.

    Call it after committing: a mail server may take long.
    """
    email = email_sender(settings)
    assert email is not None  # noqa: S101  (who calls has asked)
    with email:
        email.send(_for_channels(settings, message, address, at))


def send_by_line(settings: Settings, message: LinkMessage, line_user_id: str, at: datetime) -> None:
    """Sends it to the LINE account; DeliveryError where LINE does not take it. Call it after committing."""
    line = line_client(settings)
    assert line is not None  # noqa: S101  (who calls has asked)
    with line:
        line.send(_for_channels(settings, message, line_user_id, at))


def _for_channels(settings: Settings, message: LinkMessage, to: str, at: datetime) -> Message:
    link, greeting = f"{settings.base_url}{message.path}", f"เรียน {message.to_name}"
    lines = (greeting, message.why, link, message.otherwise)
    body = "".join(
        f'<p><a href="{link}">{link}</a></p>' if line == link else f"<p>{escape(line)}</p>" for line in lines
    )
    button = {"type": "uri", "label": message.button, "uri": link}
    texts = [{"type": "text", "text": text, "wrap": True} for text in (greeting, message.why, message.otherwise)]
    return Message(
        id=uuid5(_IDS, message.path),
        to=to,
        to_name=message.to_name,
        sender=message.sender,
        subject=message.subject,
        text="\n\n".join(lines) + "\n",
        html=f'<!doctype html><html lang="th"><head><meta charset="utf-8"><title>{escape(message.subject)}</title>'
        f"</head><body>{body}</body></html>",
        at=at,
        preferences_url=f"{settings.base_url}/preferences",
        flex={
            "type": "bubble",
            "body": {"type": "box", "layout": "vertical", "spacing": "md", "contents": texts},
            "footer": {
                "type": "box",
                "layout": "vertical",
                "contents": [{"type": "button", "style": "primary", "color": "#0d5c63", "action": button}],
            },
        },
    )
