"""Holds what is stored against the record: every state, completion, piece of evidence and closed version has the event
that made it (docs/rules.md, "The record")."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.bilingual import Bilingual
from tracker.models import Completion, Event, Evidence, Plan, ReportVersion, Round, Task
from tracker.services import audit
from tracker.store.witness import Witness

MOST_NAMED = 50
"""Sentences of one kind at most; a record that breaks in more places is told by their number."""

Fact = tuple[str, str | None, str | None]


@dataclass(slots=True)
class _Recorded:
    """What the record says of a task."""

    state: str | None = None
    facts: list[Fact] = field(default_factory=list)
    evidence: set[str] = field(default_factory=set)


def record_problems(session: Session, agency_id: int, witness: Witness | None) -> list[Bilingual]:
    """Everything that is wrong with an agency's record: its chain, its end, and rows that it does not know."""
    events = _recorded(session, agency_id)
    return [
        *audit.verify(session, agency_id, witness),
        *_few(_state_problems(session, agency_id, events)),
        *_few(_completion_problems(session, agency_id, events)),
        *_few(_missing_versions(session, agency_id)),
    ]


def _few(problems: Iterable[Bilingual]) -> list[Bilingual]:
    found = list(problems)
    more = len(found) - MOST_NAMED
    if more <= 0:
        return found
    return [*found[:MOST_NAMED], Bilingual(f"… and {more} more of this kind", f"… และอีก {more} รายการแบบเดียวกัน")]


def _recorded(session: Session, agency_id: int) -> dict[int, _Recorded]:
    found: dict[int, _Recorded] = defaultdict(_Recorded)
    rows = session.execute(
        select(Event.task_id, Event.kind, Event.to_state, Event.details)
        .where(Event.agency_id == agency_id, Event.task_id.is_not(None))
        .order_by(Event.sequence)
        .execution_options(yield_per=1000)
    )
    for task_id, kind, state, details in rows:
        task = found[task_id]
        task.state = state or task.state
        if kind == "ticked_off":
            task.facts.append((details["result"], details.get("outcome"), details.get("done_on")))
        task.evidence.update(details.get("evidence") or ())
    return found


def _state_problems(session: Session, agency_id: int, events: dict[int, _Recorded]) -> Iterator[Bilingual]:
    rows = session.execute(select(Task.id, Task.state).where(Task.agency_id == agency_id).order_by(Task.id))
    for task_id, state in rows:
        recorded = events[task_id].state if task_id in events else None
        if state != (recorded or "pending"):
            yield Bilingual(
                f"task {task_id} is {state}, the record says {recorded or 'nothing of it'}",
                f"งานหมายเลข {task_id} มีสถานะ {state} แต่ประวัติว่า {recorded or 'ไม่มีรายการ'}",
            )


def _completion_problems(session: Session, agency_id: int, events: dict[int, _Recorded]) -> Iterator[Bilingual]:
    """Completions that no tick wrote or that were changed or removed since, and their evidence."""
    kept: dict[int, list[Fact]] = defaultdict(list)
    rows = session.execute(
        select(Completion.task_id, Completion.result, Completion.outcome, Completion.done_on)
        .where(Completion.agency_id == agency_id)
        .order_by(Completion.id)
    )
    for task_id, result, outcome, done_on in rows:
        kept[task_id].append((result, outcome, _day(done_on)))
    for task_id in sorted(kept.keys() | {one for one, recorded in events.items() if recorded.facts}):
        recorded = events[task_id].facts if task_id in events else []
        if sorted(kept[task_id], key=repr) != sorted(recorded, key=repr):
            yield Bilingual(
                f"what task {task_id} reports is not what was recorded",
                f"ผลของงานหมายเลข {task_id} ไม่ตรงกับที่บันทึกไว้ในประวัติ",
            )
    yield from _evidence_problems(session, agency_id, events)


def _evidence_problems(session: Session, agency_id: int, events: dict[int, _Recorded]) -> Iterator[Bilingual]:
    kept: dict[int, set[str]] = defaultdict(set)
    rows = session.execute(
        select(Completion.task_id, Evidence.sha256, Evidence.url).join(Evidence).where(Evidence.agency_id == agency_id)
    )
    for task_id, sha256, url in rows:
        kept[task_id].add(sha256 or url or "")
    for task_id in sorted(kept.keys() | {one for one, recorded in events.items() if recorded.evidence}):
        recorded = events[task_id].evidence if task_id in events else set()
        if kept[task_id] != recorded:
            yield Bilingual(
                f"the evidence of task {task_id} is not what was recorded",
                f"หลักฐานของงานหมายเลข {task_id} ไม่ตรงกับที่บันทึกไว้ในประวัติ",
            )


def _missing_versions(session: Session, agency_id: int) -> Iterator[Bilingual]:
    kept = {
        tuple(row)
        for row in session.execute(
            select(Plan.fiscal_year, Round.number, ReportVersion.number, ReportVersion.sha256)
            .select_from(ReportVersion)
            .join(Round)
            .join(Plan)
            .where(ReportVersion.agency_id == agency_id)
        )
    }
    closed: list[dict[str, Any]] = list(
        session.scalars(
            select(Event.details)
            .where(Event.agency_id == agency_id, Event.kind == "round_closed")
            .order_by(Event.sequence)
        )
    )
    for details in closed:
        year, number, version, sha256 = (details.get(key) for key in ("fiscal_year", "round", "version", "sha256"))
        if (year, number, version, sha256) not in kept:
            yield Bilingual(
                f"version {version} of the {number}-month report of {year} is missing or is not what was closed",
                f"รายงานรอบ {number} เดือน ปี {year} ฉบับที่ {version} หายไปหรือไม่ตรงกับที่ปิดไว้",
            )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
