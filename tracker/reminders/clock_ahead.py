"""Sweeps of a day that had not come: a clock was ahead, and what it left behind would silence the true days.

A sweep notes its day on the agency. One that finds a later day there takes back what the ahead clock recorded and
looked ahead to (docs/rules.md, "Stored look-ahead"). A clock that is behind all plans takes nothing back: nothing is
reminded of on such a day either, and the true days go on where they were.
"""

import logging
from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tracker.models import Agency, Delivery, Digest, Plan, Reminder, Task
from tracker.reminders.conditions import delivery_is_open
from tracker.reminders.expired import cancel, look_again, never_went_out, requeue
from tracker.reminders.stages import needs_sweep

AHEAD = "วันที่ของเครื่องเดินเร็วไป ยกเลิกแล้วแจ้งใหม่ตามวันจริง"
LONGEST_WAIT = timedelta(days=1)
"""No retry and no lease waits longer; what does was reckoned from another clock."""

_log = logging.getLogger(__name__)


def take_back(session: Session, agency_ids: Collection[int], at: datetime, day: date) -> set[int]:
    """Takes back what these agencies recorded for days after ``day``; gives those of which that was done.

    The digests stay as a record of what went out, but count for no day; their open deliveries are cancelled, stages and
    unsent notices are due again, every open task is looked at anew, and no retry waits for a day that was never near.
    """
    years = select(Plan.agency_id, Plan.fiscal_year).where(Plan.agency_id.in_(agency_ids))
    ours = {agency for agency, year in session.execute(years) if needs_sweep(year, day, closed=False)}
    if not ours:
        return ours
    _log.warning("sweep at %s is before the last one of agencies %s: the clock was ahead", at.isoformat(), sorted(ours))
    to_come = Digest.agency_id.in_(ours) & (Digest.on > day) & ~Digest.ahead
    digests = set(session.scalars(select(Digest.id).where(to_come)))
    cancel(session, Delivery.digest_id.in_(digests) & never_went_out(), AHEAD)
    requeue(session, digests)
    session.execute(delete(Reminder).where(Reminder.digest_id.in_(digests)))
    session.execute(update(Digest).where(Digest.id.in_(digests)).values(ahead=True))
    look_again(session, select(Task.id).where(Task.agency_id.in_(ours)))
    session.execute(
        update(Delivery)
        .where(Delivery.agency_id.in_(ours), delivery_is_open(), Delivery.next_attempt_at > at + LONGEST_WAIT)
        .values(next_attempt_at=at)
        .execution_options(synchronize_session=False)
    )
    return ours


def note_swept(session: Session, agency_ids: Collection[int], day: date) -> None:
    """Notes that these agencies were swept on the day."""
    session.execute(update(Agency).where(Agency.id.in_(agency_ids)).values(swept_on=day))
