"""The append-only record: who did what, when, over which channel, chained by hashes."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.bilingual import Bilingual
from tracker.models import Agency, Delivery, Event, Task
from tracker.store.db import moved_head
from tracker.store.witness import Head, Witness

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
    event.hash = event_hash(event)
    session.add(event)
    session.flush()
    moved_head(session, agency_id, Head(event.sequence, event.hash, event.at))
    return event


def verify(session: Session, agency_id: int, witness: Witness | None = None) -> list[Bilingual]:
    """What is wrong with an agency's chain of events: a sentence per break, none where it is whole.

    It is held against the heads that sent digests carry and, with a ``witness``, those that it saw: a cut end, an
    emptied table and a chain that was written anew are named (docs/rules.md, "The record").
    """
    seen = _Seen(agency_id, witness, _heads_of_digests(session, agency_id))
    problems = list(seen.unsigned)
    previous_hash, expected = "", 1
    events = session.scalars(
        select(Event).where(Event.agency_id == agency_id).order_by(Event.sequence).execution_options(yield_per=1000)
    )
    for event in events:
        number = event.sequence
        if number != expected:
            problems.append(
                Bilingual(f"events {expected} to {number - 1} are missing", f"รายการที่ {expected} ถึง {number - 1} หายไป")
            )
        if event.previous_hash != previous_hash:
            problems.append(
                Bilingual(f"event {number} does not follow the one before it", f"รายการที่ {number} ไม่ต่อจากรายการก่อนหน้า")
            )
        if event.hash != event_hash(event):
            problems.append(
                Bilingual(f"event {number} was changed after it was written", f"รายการที่ {number} ถูกแก้หลังบันทึก")
            )
        elif seen.differs(event):
            problems.append(
                Bilingual(f"event {number} is not the one that was seen", f"รายการที่ {number} ไม่ใช่รายการที่เคยเห็น")
            )
        previous_hash, expected = event.hash, number + 1
    return problems + seen.beyond(expected - 1)


def _heads_of_digests(session: Session, agency_id: int) -> Iterator[Head]:
    """The heads that the agency's sent digests carry, each once, at the first that carries it."""
    head = Delivery.record_sequence, Delivery.record_hash
    rows = session.execute(
        select(*head, func.min(Delivery.sent_at))
        .where(Delivery.agency_id == agency_id, Delivery.record_hash.is_not(None))
        .group_by(*head)
        .execution_options(yield_per=1000)
    )
    for sequence, hash_, at in rows:
        if sequence is not None and hash_ is not None and at is not None:
            yield Head(sequence, hash_, at)


class _Seen:
    """The heads that the witness saw of an agency's chain, and those that went out with digests."""

    def __init__(self, agency_id: int, witness: Witness | None, sent: Iterable[Head]) -> None:
        self.unsigned: list[Bilingual] = []
        self._heads: dict[int, list[Head]] = defaultdict(list)
        self._is_missing = witness is not None and witness.misses(agency_id)
        for head in witness.heads(agency_id) if witness is not None else ():
            if isinstance(head, Head):
                self._heads[head.sequence].append(head)
            else:
                self.unsigned.append(head)
        for head in sent:
            self._heads[head.sequence].append(head)

    def differs(self, event: Event) -> bool:
        """Whether another event was seen in this one's place."""
        return any(head.hash != event.hash for head in self._heads.get(event.sequence, ()))

    def beyond(self, last: int) -> list[Bilingual]:
        """What was seen after the chain's last event; or that nothing was, where other agencies' files are there."""
        if self._is_missing and last:
            return [Bilingual("the file of its witness is missing", "ไฟล์พยานของประวัตินี้หายไป")]
        furthest = self._heads[max(self._heads)][0] if self._heads else None
        if furthest is None or furthest.sequence <= last:
            return []
        return [
            Bilingual(
                f"the record ends at event {last}, but event {furthest.sequence} of {furthest.at:%Y-%m-%d %H:%M} UTC "
                "was seen: its end was cut",
                f"ประวัติจบที่รายการ {last} แต่เคยเห็นถึงรายการที่ {furthest.sequence} ({furthest.at:%Y-%m-%d %H:%M} UTC) "
                "ส่วนท้ายถูกตัดออก",
            )
        ]


def event_hash(event: Event) -> str:
    """The hash of an event's content and of the hash before it."""
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
