"""A member's digest as it would be now: the sweep and the assembly run as they are, and everything is thrown away."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.clock import local
from tracker.models import Delivery, Digest, Member
from tracker.reminders.channel_selection import ChannelSelector
from tracker.reminders.digest import Content, compose
from tracker.reminders.outgoing import read_parcels
from tracker.reminders.sweep import plan_sweep, save_digests
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
    day = local(at, settings.zone).date()
    of_day = (Digest.member_id == member.id, Digest.on == day, Digest.prompt_id.is_(None))
    has_todays = select(Digest.id).where(*of_day)
    served = session.scalar(has_todays) is not None
    try:
        found = plan_sweep(
            session, settings, [member.agency_id], at, ChannelSelector(settings), ignore_hours=True, though_off=True
        )
        found.digests = [digest for digest in found.digests if digest.member_id == member.id]
        if not found.digests:
            return Preview(None, (), served)
        save_digests(session, found, day, at)
        session.flush()
        planned = (
            select(Delivery)
            .join(Digest)
            .where(Digest.member_id == member.id, Digest.on == day, Digest.prompt_id.is_(None))
        )
        deliveries = session.scalars(planned.order_by(Delivery.channel)).all()
        view = read_parcels(session, settings, [deliveries[0].id], at, signed=False)[0].view
        if view.is_empty:
            return Preview(None, (), served)
        return Preview(compose(view), tuple(delivery.channel for delivery in deliveries), served)
    finally:
        session.rollback()
