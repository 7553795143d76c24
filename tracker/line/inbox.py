"""The webhook's events: checked, stored once, claimed in the order in which each person's events happened."""

import base64
import hashlib
import hmac
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from tracker.errors import NotUnderstoodError
from tracker.line.linking import read_code
from tracker.line.messages import is_command
from tracker.models import LineEvent, LineLinkCode
from tracker.reminders.ledger import chosen_once, insert_missing

LEASE = timedelta(minutes=5)
"""For ten events with their photos; a worker that died gives them back after it."""
FIRST_WAIT = timedelta(seconds=30)
MOST_ATTEMPTS = 6
"""Waits double: the last try comes a quarter of an hour after the first, when its sender still expects an answer."""
KEPT = timedelta(days=30)
"""How long a worked-off event is remembered, so that a late delivery of it changes nothing."""


def is_signed(channel_secret: str, body: bytes, signature: str) -> bool:
    """Whether LINE signed these very bytes: base64 of their HMAC-SHA256 under the channel's secret."""
    expected = base64.b64encode(hmac.new(channel_secret.encode(), body, hashlib.sha256).digest())
    return hmac.compare_digest(expected, signature.encode())


def keep(session: Session, body: bytes, at: datetime) -> int:
    """Stores the body's events that are new and a person's own; gives how many. One that is older than what is
    remembered could have been worked off already, and is not taken.

    What people say among themselves in groups is not for us and is not kept. NotUnderstoodError where the body is no
    list of events.
    """
    try:
        events = json.loads(body)["events"]
        rows = [row for event in events if (row := _row(event, at)) and row["happened_at"] > at - KEPT]
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, OSError):
        raise NotUnderstoodError("The body is not a list of LINE events.") from None
    if not rows:
        return 0
    kept = session.scalars(insert_missing(session, LineEvent).values(rows).returning(LineEvent.id))
    return len(kept.all())


def claim(session: Session, at: datetime, limit: int) -> tuple[str, list[LineEvent]]:
    """Takes up to ``limit`` events for the length of a lease: of each person the oldest that is open, if it is due.

    Gives the claim's name and the events. A person's younger events wait until the older one is worked off. A claim is
    no attempt yet: that a worker was killed costs the event none of its tries.
    """
    name = uuid.uuid4().hex
    due = and_(LineEvent.worked_at.is_(None), LineEvent.next_attempt_at <= at)
    older = aliased(LineEvent)
    waits = exists().where(
        older.user_id == LineEvent.user_id,
        older.worked_at.is_(None),
        or_(
            older.happened_at < LineEvent.happened_at,
            and_(older.happened_at == LineEvent.happened_at, older.id < LineEvent.id),
        ),
    )
    chosen = (
        select(LineEvent.id)
        .where(due, ~waits)
        .order_by(LineEvent.happened_at, LineEvent.id)
        .limit(limit)
        .with_for_update(of=LineEvent, skip_locked=True)
    )
    taken = session.scalars(
        update(LineEvent)
        .where(LineEvent.id.in_(chosen_once(chosen)), due)
        .values(claimed_by=name, next_attempt_at=at + LEASE)
        .returning(LineEvent)
        .execution_options(synchronize_session=False)
    )
    return name, sorted(taken, key=lambda event: (event.happened_at, event.id))


def finish(session: Session, event: LineEvent, claim_name: str, at: datetime) -> bool:
    """Marks a claimed event as worked off and forgets what it said; False where the claim was lost to another."""
    return _mark(session, event, claim_name, attempts=event.attempts + 1, worked_at=at, payload={}, error=None)


def note(session: Session, event: LineEvent, outcome: str, agency_id: int | None) -> None:
    """Notes what came of an event that is being finished."""
    changed = update(LineEvent).where(LineEvent.id == event.id).values(outcome=outcome, agency_id=agency_id)
    session.execute(changed.execution_options(synchronize_session=False))


def put_off(session: Session, event: LineEvent, claim_name: str, at: datetime, error: str) -> bool:
    """Ends a claim that came to nothing: tried again after a growing wait, given up after ``MOST_ATTEMPTS``."""
    attempts = event.attempts + 1
    if attempts >= MOST_ATTEMPTS:
        return _mark(session, event, claim_name, attempts=attempts, worked_at=at, outcome="given_up", error=error)
    wait: timedelta = FIRST_WAIT * 2 ** (attempts - 1)
    return _mark(session, event, claim_name, attempts=attempts, next_attempt_at=at + wait, error=error)


def forget_old(session: Session, at: datetime) -> None:
    """Removes what is long over: events, and codes that no longer work."""
    session.execute(delete(LineEvent).where(LineEvent.worked_at < at - KEPT))
    session.execute(delete(LineLinkCode).where(LineLinkCode.expires_at < at - KEPT))


def _mark(session: Session, event: LineEvent, claim_name: str, **values: Any) -> bool:
    changed = session.execute(
        update(LineEvent)
        .where(LineEvent.id == event.id, LineEvent.claimed_by == claim_name, LineEvent.worked_at.is_(None))
        .values(claimed_by=None, **values)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result counts its rows


def _asks_us(event: dict[str, Any]) -> bool:
    """Whether what happened in a group is meant for us: a button, a word that we know, a code. All else is the group's
    own and is not kept."""
    if event["type"] == "postback":
        return True
    message = event.get("message") or {}
    words = message.get("text") if message.get("type") == "text" else None
    return isinstance(words, str) and (is_command(words) or read_code(words) is not None)


def _row(event: dict[str, Any], at: datetime) -> dict[str, Any] | None:
    """The event as a row; None for one that is no person's own, or comes while another module has the channel."""
    source = event.get("source") or {}
    event_id, user_id, kind = event["webhookEventId"], source.get("userId"), event["type"]
    is_own_chat = source.get("type") == "user"
    if not user_id or event.get("mode") != "active" or not (is_own_chat or _asks_us(event)):
        return None
    if not all(
        isinstance(text, str) and text.isascii() and len(text) <= most
        for text, most in ((event_id, 64), (user_id, 64), (kind, 32))
    ):
        return None
    return {
        "event_id": event_id,
        "user_id": user_id,
        "kind": kind,
        "payload": event,
        "happened_at": datetime.fromtimestamp(int(event["timestamp"]) / 1000, UTC),
        "received_at": at,
        "next_attempt_at": at,
        "attempts": 0,
    }
