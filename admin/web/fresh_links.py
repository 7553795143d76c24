"""A new link in place of one that is too old: by the way and to the address of the old one, and to nobody else."""

import logging

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin.web.context import db, end_read_transaction, now, site, today
from admin.web.formatting import sentence
from admin.web.limits import limiter
from tracker.channels.base import DeliveryError
from tracker.channels.email.done_link import DoneLinks
from tracker.channels.reading_link import ReadingLinks
from tracker.errors import TrackerError
from tracker.services.accounts.link_message import LinkMessage, send_by_line, send_by_mail
from tracker.services.audit import Channel
from tracker.services.tasks.action_links import Renewed
from tracker.services.tasks.reading_links import too_old
from tracker.settings import secret_key

_log = logging.getLogger(__name__)

NEW_LINKS = "3 per day"
"""Per person, whichever old link is shown."""


def _person() -> str:
    """Whose the old link is; a token that is not ours stands for itself."""
    key, values = secret_key(site().settings), request.view_args or {}
    token = str(values.get("token") or values.get("seen") or "")[:200]
    link = DoneLinks(key).read(token) or ReadingLinks(key).read(token)
    return f"new link {link.member_id if link else token}"


few_new_links = limiter.shared_limit(NEW_LINKS, "new links", key_func=_person)
"""Stands on the routes that send a new link."""


def goes(way: Channel) -> bool:
    """Whether a message goes out by this way here."""
    settings = site().settings
    return settings.line_configured if way == "line" else settings.smtp_url is not None


def gone(seen: str, error: TrackerError) -> ResponseReturnValue:
    """Why a link that shows opens nothing, and the way to a new one where its age alone stands against it."""
    old = too_old(db(), ReadingLinks(secret_key(site().settings)), seen, today())
    renew = url_for("seen.again", seen=seen) if old and old.link.shown != "line" and goes(old.way) else None
    page = render_template("web/link_gone.html", sentence=sentence(error), renew=renew, way=old.way if old else None)
    return page, error.http_status


def send_new(fresh: Renewed, path: str, what: str) -> ResponseReturnValue:
    """Sends the link; the answer says neither to whom nor whether anybody is there. ``what`` it opens, in Thai."""
    message = LinkMessage(
        path=path,
        to_name=fresh.member.name,
        sender=fresh.member.agency.name,
        subject=f"ลิงก์ใหม่: {what}"[:100],
        why=f"ลิงก์ใหม่ที่ท่านขอ เปิด{what}ได้โดยไม่ต้องใช้รหัสผ่าน สำหรับท่านคนเดียว (ใช้ได้ ๑๔ วัน)",
        otherwise="โปรดอย่าส่งต่อ หากท่านไม่ได้ขอลิงก์นี้ โปรดทิ้งข้อความนี้ไป",
        button="เปิดลิงก์",
    )
    send = send_by_line if fresh.way == "line" else send_by_mail
    end_read_transaction()
    try:
        send(site().settings, message, fresh.address, now())
    except DeliveryError as error:
        _log.warning("a new link was not sent by %s: %s", fresh.way, error)
        return render_template("web/link_gone.html", sentence=sentence(error)), 503
    return render_template("web/link_sent.html")
