"""The append-only record: who did what, when, over which channel, chained by hashes."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Agency, Event, Task

Channel = Literal["web", "cli", "line", "email", "worker"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and over which channel; ``member_id`` is None for the operator at the command line and for workers."""

    name: str
    channel: Channel
    member_id: int | None = None


def lock(session: Session, agency_id: int) -> None:
    """Lets nobody else write to the agency until this session ends; a writing session of SQLite is alone anyway.

    Whoever changes tasks takes it before reading what it decides on, so that two deciders wait for each other. A sweep,
    which only refers to the agency, does not wait for it (FOR NO KEY UPDATE): it may hold a task that we are after.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(Agency.id).where(Agency.id == agency_id).with_for_update(key_share=True))


def record(
    session: Session,
    agency_id: int,
    kind: str,
    by: Actor,
    at: datetime,
    *,
    task: Task | None = None,
    from_state: str | None = None,
    to_state: str | None = None,
    **details: Any,
) -> Event:
    """Appends an event to the agency's chain.

    The agency's row is locked first, so that two writers cannot take the same place in the chain.
    """
    session.flush()
    lock(session, agency_id)
    last = session.execute(
        select(Event.sequence, Event.hash).where(Event.agency_id == agency_id).order_by(Event.sequence.desc()).limit(1)
    ).first()
    event = Event(
        agency_id=agency_id,
        sequence=last.sequence + 1 if last else 1,
        at=at.astimezone(UTC),  # as it is read back, so that its hash stays
        kind=kind,
        actor=by.name,
        channel=by.channel,
        task_id=task.id if task else None,
        from_state=from_state,
        to_state=to_state,
        details=details,
        previous_hash=last.hash if last else "",
    )
    event.hash = _hash(event)
    session.add(event)
    session.flush()
    return event


def verify(session: Session, agency_id: int) -> list[str]:
    """What is wrong with an agency's chain of events: a sentence per break, none where it is whole."""
    problems = []
    previous_hash, expected = "", 1
    events = session.scalars(
        select(Event).where(Event.agency_id == agency_id).order_by(Event.sequence).execution_options(yield_per=1000)
    )
    for event in events:
        if event.sequence != expected:
            problems.append(f"events {expected} to {event.sequence - 1} are missing")
        if event.previous_hash != previous_hash:
            problems.append(f"event {event.sequence} does not follow the one before it")
        if event.hash != _hash(event):
            problems.append(f"event {event.sequence} was changed after it was written")
        previous_hash, expected = event.hash, event.sequence + 1
    return problems


def _hash(event: Event) -> str:
    content = [
        event.agency_id,
        event.sequence,
        event.at.isoformat(),
        event.kind,
        event.actor,
        event.channel,
        event.task_id,
        event.from_state,
        event.to_state,
        event.details,
        event.previous_hash,
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
