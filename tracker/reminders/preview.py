"""A member's digest as it would be now."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.clock import local
from tracker.models import Digest, Member
from tracker.reminders.digest import Content, compose
from tracker.reminders.trial import try_out
from tracker.settings import Settings


@dataclass(frozen=True, slots=True)
class Preview:
    """What the member would get and how; ``content`` None: nothing. ``served``: today's digest is recorded already."""

    content: Content | None
    channels: tuple[str, ...]
    served: bool


def preview(session: Session, settings: Settings, member: Member, at: datetime) -> Preview:
    """The digest that a sweep at ``at`` would make for the member, whatever the hour.

    The session must be a writing one of its own; it is rolled back.
    """
    of_day = (Digest.member_id == member.id, Digest.is_of(local(at, settings.zone).date()))
    served = session.scalar(select(Digest.id).where(*of_day)) is not None
    tried = try_out(session, settings, member.agency_id, at, member_id=member.id, ignore_hours=True, though_off=True)
    made = next((one for one in tried if one.is_new), None)
    return Preview(compose(made.view), made.channels, served) if made else Preview(None, (), served)
