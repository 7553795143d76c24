"""Messages of long ago go: digests with their deliveries, reminders and mailbox copies.

The agency's record keeps which tasks whom was told of, when and by which channel, and that they went. A plan is
reminded of until 90 days after its year (docs/rules.md, "Reminders"): after the shortest time that the setting takes
no reminder is needed to know what was told.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from tracker.clock import local
from tracker.models import Delivery, Digest, MailboxMessage, Notice, Reminder
from tracker.reminders.conditions import delivery_is_open
from tracker.services.audit import Actor, record
from tracker.settings import Settings
from tracker.store.db import Database

AT_ONCE = 500
"""Digests of an agency that go in one transaction, and stand in one entry of its record."""
_BY = Actor("การเก็บข้อมูลตามเวลา", "worker")


def forget_messages(database: Database, settings: Settings, at: datetime) -> int:
    """Removes what is older than the setting ``keep_messages_days``; gives how many digests.

    What a delivery is still open of stays. Safe to repeat and to run twice at once.
    """
    before = local(at, settings.zone).date() - timedelta(days=settings.keep_messages_days)
    with database.reading() as session:
        agencies = session.scalars(select(Digest.agency_id).where(*_old(before)).distinct()).all()
    gone = 0
    for agency_id in agencies:
        while forgotten := _forget_some(database, agency_id, before, at):
            gone += forgotten
    with database.writing() as session:
        until = at - timedelta(days=settings.keep_messages_days)
        session.execute(delete(MailboxMessage).where(MailboxMessage.sent_at < until))
        session.execute(delete(Notice).where(Notice.taken_at < until))
    return gone


def _forget_some(database: Database, agency_id: int, before: date, at: datetime) -> int:
    with database.writing() as session:
        some = select(Digest).where(Digest.agency_id == agency_id, *_old(before)).order_by(Digest.on, Digest.id)
        digests = session.scalars(some.limit(AT_ONCE).with_for_update(skip_locked=True)).all()
        if digests:
            record(session, agency_id, "messages_forgotten", _BY, at, told=_told(session, digests))
            session.execute(delete(Digest).where(Digest.id.in_([one.id for one in digests])))
        return len(digests)


def _old(before: date) -> tuple[Any, ...]:
    is_open = exists().where(Delivery.digest_id == Digest.id, delivery_is_open())
    return Digest.on < before, ~is_open


def _told(session: Session, digests: Sequence[Digest]) -> list[dict[str, Any]]:
    """Each digest: its day, the person's id, the tasks' ids, and each channel with its end and when that was."""
    ids = [digest.id for digest in digests]
    tasks: dict[int, set[int]] = defaultdict(set)
    for digest_id, task_id in session.execute(
        select(Reminder.digest_id, Reminder.task_id).where(Reminder.digest_id.in_(ids))
    ):
        tasks[digest_id].add(task_id)
    ways: dict[int, list[str]] = defaultdict(list)
    for digest_id, channel, state, sent_at in session.execute(
        select(Delivery.digest_id, Delivery.channel, Delivery.state, Delivery.sent_at)
        .where(Delivery.digest_id.in_(ids))
        .order_by(Delivery.channel)
    ):
        ways[digest_id].append(" ".join([channel, state, *([sent_at.isoformat()] if sent_at else [])]))
    return [
        {"on": one.on.isoformat(), "to": one.member_id, "by": ways[one.id], "tasks": sorted(tasks[one.id])}
        for one in digests
    ]
