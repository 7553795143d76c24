"""A sweep tried out: it runs as it is, its digests are read as they would be sent, and everything is thrown away."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.clock import local
from tracker.models import Delivery, Digest
from tracker.reminders.channel_selection import ChannelSelector
from tracker.reminders.outgoing import read_parcels
from tracker.reminders.sweep import plan_sweep, save_digests
from tracker.reminders.view import View
from tracker.settings import Settings


@dataclass(frozen=True, slots=True)
class TriedDigest:
    """What one person would be told, and by which channels; ``is_new`` unless today's digest is recorded already."""

    member_id: int
    view: View
    channels: tuple[str, ...]
    is_new: bool


def try_out(
    session: Session,
    settings: Settings,
    agency_id: int,
    at: datetime,
    *,
    member_id: int | None = None,
    ignore_hours: bool = False,
    though_off: bool = False,
) -> list[TriedDigest]:
    """The digests of the day after a sweep of the agency at ``at``, or the member's: those that say something.

    Nothing in them is signed: a link that is its reader's own is for nobody who looks on. The session must be a writing
    one of its own; it is rolled back.
    """
    day = local(at, settings.zone).date()
    try:
        channels = ChannelSelector(settings)
        found = plan_sweep(
            session, settings, [agency_id], at, channels, ignore_hours=ignore_hours, though_off=though_off
        )
        if member_id is not None:
            found.digests = [digest for digest in found.digests if digest.member_id == member_id]
        new = {digest.member_id for digest in save_digests(session, found, day, at)}
        session.flush()
        planned: dict[int, dict[str, uuid.UUID]] = defaultdict(dict)
        for row in session.execute(_planned(agency_id, member_id, day)):
            planned[row.member_id][row.channel] = row.id
        first = [next(iter(by.values())) for by in planned.values()]
        return [
            TriedDigest(one.member.id, one.view, tuple(planned[one.member.id]), one.member.id in new)
            for one in read_parcels(session, settings, first, at, signed=False)
            if not one.view.is_empty
        ]
    finally:
        session.rollback()


def _planned(agency_id: int, member_id: int | None, day: date) -> Select[int, str, uuid.UUID]:
    """The deliveries of the day's digests, without what superiors asked for."""
    rows = (
        select(Digest.member_id, Delivery.channel, Delivery.id)
        .join(Delivery, Delivery.digest_id == Digest.id)
        .where(Digest.agency_id == agency_id, Digest.is_of(day))
        .order_by(Delivery.channel)
    )
    return rows if member_id is None else rows.where(Digest.member_id == member_id)
