"""Reading by a link in a message, without signing in: what the message spoke of, as far as its person may see it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.channels.email.done_link import DoneLink, mark_of
from tracker.channels.reading_link import ReadingLink, ReadingLinks, Shown
from tracker.errors import NotFoundError
from tracker.models import ActionLinkUse, Member
from tracker.services.access import Viewer, viewer_for
from tracker.services.audit import Channel
from tracker.services.tasks.action_links import GOOD_FOR, LinkGoneError, Renewed, went_by


@dataclass(frozen=True, slots=True)
class Opened:
    """A good link: whose it is, what that person may see now, and the address and way by which it came."""

    link: ReadingLink
    member: Member
    viewer: Viewer
    address: str
    way: Channel


def opened(session: Session, links: ReadingLinks, token: str, today: date) -> Opened:
    """Opens the link; changes nothing.

    Raises NotFoundError for a token that is not ours, of a person who has left or of an address that is no longer
    theirs, LinkGoneError for one that is older than 14 days.
    """
    found = _whose(session, links, token)
    if today > found.link.sent_on + GOOD_FOR:
        raise LinkGoneError(
            "expired",
            "This link is older than 14 days; use the one in your latest message, or sign in.",
            "ลิงก์นี้หมดอายุแล้ว (เกิน ๑๔ วัน) กรุณาใช้ลิงก์ในข้อความล่าสุด หรือเข้าสู่ระบบ",
        )
    return found


def too_old(session: Session, links: ReadingLinks, token: str, today: date) -> Opened | None:
    """What a link would open if it were not older than 14 days; None for every other link."""
    try:
        found = _whose(session, links, token)
    except NotFoundError:
        return None
    return found if today > found.link.sent_on + GOOD_FOR else None


def renewed(links: ReadingLinks, old: Opened, shown: Shown, today: date) -> Renewed:
    """A new link to the same address, to the same thing or, as ``shown`` says, to another page of the same person."""
    thing = old.link.thing if shown == old.link.shown else 0
    token = links.token(old.member.id, shown, thing, today, old.address)
    return Renewed(old.member, old.way, old.address, token)


def _whose(session: Session, links: ReadingLinks, token: str) -> Opened:
    link = links.read(token)
    member = session.get(Member, link.member_id) if link else None
    if link is None or member is None or not member.active:
        raise _unknown()
    went = went_by(link, member)
    if went is None:
        raise _unknown()
    way, address = went
    return Opened(link, member, viewer_for(session, member), address, way)


def used_tasks(session: Session, member_id: int, sent_on: date, address: str, tasks: Collection[int]) -> set[int]:
    """Those of the tasks whose answering link of that message was used up already."""
    keys = {DoneLink(member_id, task, sent_on, mark_of(address)).key: task for task in tasks}
    used = session.scalars(select(ActionLinkUse.link).where(ActionLinkUse.link.in_(keys)))
    return {keys[key] for key in used}


def _unknown() -> NotFoundError:
    return NotFoundError(
        "This link is incomplete, or no longer yours: open it from your latest message, or sign in.",
        "ลิงก์นี้ไม่สมบูรณ์หรือใช้ไม่ได้แล้ว กรุณาเปิดจากข้อความล่าสุด หรือเข้าสู่ระบบ",
    )
