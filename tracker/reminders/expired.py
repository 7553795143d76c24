"""Digests of a past day that surely never went out: given back, so that the next digest tells what still holds."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, delete, select, update
from sqlalchemy.orm import Session

from tracker.kinds import OPEN_STATES, DeliveryState
from tracker.models import Delivery, Digest, Notice, Reminder, Task
from tracker.models.reminder import digest_notice
from tracker.reminders.conditions import delivery_is_open

MOVED = "ยกไปรวมกับข้อความของวันทำการถัดไป"
REACHED_NOBODY = (DeliveryState.CANCELLED, DeliveryState.GIVEN_UP)


def give_back_stale(session: Session, agency_ids: Collection[int], day: date) -> None:
    """Cancels what these agencies' people were never sent before ``day``, and gives its contents back."""
    rows = session.execute(_STALE, {"agencies": list(agency_ids), "day": day}).all()
    if rows:
        cancel(session, Delivery.id.in_([row.id for row in rows]), MOVED)
        requeue(session, {row.digest_id for row in rows})


def cancel(session: Session, which: ColumnElement[bool], why: str) -> None:
    """Ends deliveries that never went out; ``why`` is for the coordinator."""
    session.execute(
        update(Delivery)
        .where(which)
        .values(state=DeliveryState.CANCELLED, next_attempt_at=None, error=why)
        .execution_options(synchronize_session=False)
    )


def agencies_with_stale(day: date | BindParameter[date]) -> Select[int]:
    """The agencies that have something to give back: a query."""
    return select(Delivery.agency_id).join(Digest, Digest.id == Delivery.digest_id).where(*_is_stale(day))


def requeue(session: Session, digests: Collection[int]) -> None:
    """Takes reminders and notices out of those digests that reached nobody and no longer try to: they are due again."""
    left = select(Delivery.digest_id).where(Delivery.digest_id.in_(digests), Delivery.state.not_in(REACHED_NOBODY))
    empty = set(digests) - set(session.scalars(left))
    if not empty:
        return
    unreached = Reminder.digest_id.in_(empty)
    look_again(session, select(Reminder.task_id).where(unreached))
    session.execute(delete(Reminder).where(unreached))
    carried = select(digest_notice.c.notice_id).where(digest_notice.c.digest_id.in_(empty))
    session.execute(
        update(Notice).where(Notice.id.in_(carried)).values(taken_at=None).execution_options(synchronize_session=False)
    )
    session.execute(delete(digest_notice).where(digest_notice.c.digest_id.in_(empty)))


def look_again(session: Session, tasks: Collection[int] | Select[int]) -> None:
    """Makes the next sweep look at these tasks: their ids, or a query for them where they may be very many."""
    session.execute(
        update(Task)
        .where(Task.id.in_(tasks), Task.state.in_(OPEN_STATES))
        .values(next_stage_on=date.min)
        .execution_options(synchronize_session=False)
    )


def never_went_out() -> ColumnElement[bool]:
    """A delivery that is open, under way with nobody, and was never handed over without an answer."""
    return and_(delivery_is_open(), Delivery.state != DeliveryState.CLAIMED, Delivery.unanswered == 0)


def _is_stale(day: date | BindParameter[date]) -> tuple[ColumnElement[bool], ...]:
    return never_went_out(), Digest.on < day


_STALE = (
    select(Delivery.id, Delivery.digest_id)
    .join(Digest, Digest.id == Delivery.digest_id)
    .where(Delivery.agency_id.in_(bindparam("agencies", expanding=True)), *_is_stale(bindparam("day")))
    .with_for_update(of=Delivery, skip_locked=True)
)
