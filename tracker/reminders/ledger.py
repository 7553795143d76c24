"""The ledger of deliveries: claimed by a conditional update, sent, then marked.

A claim is a lease: whoever dies with it loses it when it ends, and the delivery is due again. Every change names the
claim under which it is made, so that nobody marks what another has taken over.
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, delete, func, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.kinds import DeliveryState
from tracker.models import Delivery, Heartbeat
from tracker.reminders.conditions import delivery_is_due
from tracker.store.db import UTCDateTime

MOST_ATTEMPTS = 8
"""Waits double, so that the last try comes 127 first waits after the first: an outage of hours is outlived."""
ENOUGH_FOR_A_DAY = 4
"""Attempts, over half an hour at the least, after which another channel of the day is better than this one tomorrow."""
_JITTER_STEPS = 64
"""Moments over which the tries of one outage are spread, by the delivery's id."""
CLOCKS_DIFFER = timedelta(hours=1)
"""More than the clocks of hosts that keep time; a sign of life further ahead would hide a stop until then."""
REMEMBERED = timedelta(days=7)
"""A worker's last sign of life."""

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}

_OURS = and_(Delivery.state == DeliveryState.CLAIMED, Delivery.claimed_by == bindparam("claim"))
_BEGIN = update(Delivery).where(Delivery.id == bindparam("delivery"), _OURS).values(unanswered=Delivery.unanswered + 1)
_SENT = (
    update(Delivery)
    .where(Delivery.id == bindparam("delivery"), _OURS)
    .values(
        state=DeliveryState.SENT,
        claimed_by=None,
        attempts=Delivery.attempts + 1,
        unanswered=0,
        sent_at=bindparam("at"),
        next_attempt_at=None,
        receipt=bindparam("receipt"),
        subject=bindparam("subject"),
        address=bindparam("address"),
        record_sequence=bindparam("record_sequence"),
        record_hash=bindparam("record_hash"),
        error=None,
    )
)


def chosen_once(rows: Select[Any]) -> Select[Any]:
    """These locked rows, chosen once for the statement around them.

    As a plain subquery PostgreSQL may choose anew for each open row where its statistics are old: slowly, and more rows
    than the limit.
    """
    return select(rows.cte("picked").prefix_with("MATERIALIZED", dialect="postgresql"))


def insert_missing(session: Session, table: Any) -> Any:
    """An INSERT that leaves out the rows whose unique keys are there already."""
    return _insert_missing(session.get_bind().dialect.name, table)


@cache
def _insert_missing(dialect: str, table: Any) -> Any:
    return _INSERT[dialect](table).on_conflict_do_nothing()


def claim(
    session: Session,
    at: datetime,
    limit: int,
    lease: timedelta,
    *,
    agency_ids: Collection[int] | None = None,
    without: Collection[str] = (),
) -> tuple[str, list[uuid.UUID]]:
    """Takes up to ``limit`` deliveries that are due, for the length of a lease; gives the claim's name and their ids.

    ``without`` are channels to leave alone. A claim is no attempt yet: that a worker was killed costs the delivery none
    of its retries.
    """
    name = uuid.uuid4().hex
    due = delivery_is_due(at)
    chosen = select(Delivery.id).where(due, Delivery.channel.not_in(without))
    if agency_ids is not None:
        chosen = chosen.where(Delivery.agency_id.in_(agency_ids))
    first = chosen.order_by(Delivery.next_attempt_at, Delivery.agency_id, Delivery.id).limit(limit)
    taken = session.scalars(
        update(Delivery)
        .where(Delivery.id.in_(chosen_once(first.with_for_update(skip_locked=True))), due)
        .values(
            state=DeliveryState.CLAIMED,
            claimed_by=name,
            first_attempt_at=func.coalesce(Delivery.first_attempt_at, literal(at, UTCDateTime())),
            next_attempt_at=at + lease,
        )
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return name, sorted(taken)


def begin(connection: Connection, deliveries: Collection[uuid.UUID], claim_name: str) -> set[uuid.UUID]:
    """Notes, before they are handed over, that these deliveries may go out unanswered; gives those still ours.

    Whoever dies from here on leaves ``unanswered`` behind; a definite answer takes it back.
    """
    rows = [{"delivery": one, "claim": claim_name} for one in deliveries]
    if rows and connection.execute(_BEGIN, rows).rowcount < len(rows):
        return set(connection.scalars(select(Delivery.id).where(Delivery.id.in_(deliveries), _OURS), rows[0]))
    return set(deliveries)


def mark(session: Session, delivery: uuid.UUID, claim_name: str, **values: Any) -> bool:
    """Ends a claim with these values; False where the claim was lost to another."""
    changed = session.execute(
        update(Delivery)
        .where(_still_ours(delivery, claim_name))
        .values(claimed_by=None, **values)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result counts its rows


def mark_sent(connection: Connection, sent: Sequence[dict[str, Any]]) -> int:
    """Ends claims whose deliveries were accepted; gives how many were still theirs.

    Each has ``delivery``, ``claim``, ``at``, ``receipt``, ``subject``, ``address`` and the record's head.
    """
    return connection.execute(_SENT, sent).rowcount if sent else 0


def next_attempt(delivery: uuid.UUID, attempts: int, at: datetime, first_wait: timedelta) -> datetime:
    """When to try again: the first wait and up to a quarter, doubled each time; never all at one moment."""
    jitter = 1 + (delivery.int >> attempts) % _JITTER_STEPS / (4 * _JITTER_STEPS)
    waits: int = 2 ** (attempts - 1)
    return at + first_wait * waits * jitter


def heartbeat(session: Session, name: str, at: datetime) -> None:
    """Notes a sign of life; an older one never overwrites a newer, unless that has yet to come: its clock was ahead."""
    insert = _INSERT[session.get_bind().dialect.name](Heartbeat).values(name=name, at=at)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=[Heartbeat.name],
            set_={"at": insert.excluded.at},
            where=or_(Heartbeat.at < insert.excluded.at, Heartbeat.at > at + CLOCKS_DIFFER),
        )
    )


def forget_heartbeats(session: Session, at: datetime) -> None:
    """Removes workers that are long gone: each that starts may have a name of its own."""
    session.execute(delete(Heartbeat).where(Heartbeat.name.startswith("worker "), Heartbeat.at < at - REMEMBERED))


def _still_ours(delivery: uuid.UUID, claim_name: str) -> ColumnElement[bool]:
    return and_(Delivery.id == delivery, Delivery.state == DeliveryState.CLAIMED, Delivery.claimed_by == claim_name)
