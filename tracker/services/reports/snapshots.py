"""What a closed round keeps: the report, and the facts under it as they stood (docs/rules.md, "Closing")."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.kinds import RoleName
from tracker.models import Member, Plan, ReportVersion, Role, Task, Unit
from tracker.reports.data import ReportData, RoundNumber
from tracker.reports.standing import standing_in_round
from tracker.services.reports.compose import measures_of, report_data, tasks_by_step
from tracker.services.reports.facts import task_fact
from tracker.thai.calendar import round_end

FORMAT = 2
"""1 held the report alone, and its hash covered that."""


@dataclass(frozen=True, slots=True)
class FrozenEvidence:
    """A piece of evidence: a file by name, hash and size (bytes), or a link."""

    name: str
    sha256: str | None
    size: int | None
    link: str | None


@dataclass(frozen=True, slots=True)
class FrozenTask:
    """A task as it stood. ``in_round``: it was scheduled in the round, or done in it.

    ``reason`` is the words of a task that was not possible; ``notes`` are the dated progress notes, oldest first.
    """

    id: int
    measure: int
    step: int
    title: str
    units: tuple[str, ...]
    scheduled_on: date | None
    due_on: date | None
    state: str
    done_on: date | None
    result: str | None
    outcome: str | None
    reason: str | None
    notes: tuple[str, ...]
    evidence: tuple[FrozenEvidence, ...]
    in_round: bool


@dataclass(frozen=True, slots=True)
class FrozenPerson:
    """Who answered for a unit (None: for the agency), in which role and rank."""

    unit: str | None
    role: str
    rank: int
    name: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A round's report with the facts under it; of a report of format 1 the facts are not known (None)."""

    report: ReportData
    tasks: tuple[FrozenTask, ...] | None
    people: tuple[FrozenPerson, ...] | None


_SNAPSHOT = TypeAdapter(Snapshot)
_REPORT = TypeAdapter(ReportData)


def take_snapshot(
    session: Session, plan: Plan, number: RoundNumber, tz: tzinfo, *, names: bool = False
) -> tuple[Snapshot, dict[str, Any]]:
    """The round as it stands now in its published wording, and the same as JSON: a constant number of queries."""
    snapshot = Snapshot(
        report_data(session, plan, number, tz, published=True, names=names),
        tuple(_tasks(session, plan, number, tz)),
        tuple(_people(session, plan.agency_id)),
    )
    return snapshot, {"format": FORMAT, **_SNAPSHOT.dump_python(snapshot, mode="json")}


def snapshot_of(version: ReportVersion) -> Snapshot:
    """The snapshot that a version keeps."""
    kept = version.snapshot
    if kept["format"] == 1:
        return Snapshot(_REPORT.validate_python(kept["report"]), None, None)
    return _SNAPSHOT.validate_python({name: value for name, value in kept.items() if name != "format"})


def report_of(version: ReportVersion) -> ReportData:
    """The report that a version keeps."""
    return _REPORT.validate_python(version.snapshot["report"])


def snapshot_hash(kept: dict[str, Any]) -> str:
    """The SHA-256 over a snapshot's JSON, which holds the hashes of the evidence."""
    content = kept["report"] if kept["format"] == 1 else kept
    return _hash(content)


def report_hash(data: ReportData) -> str:
    """The SHA-256 over what a file is written from."""
    return _hash(_REPORT.dump_python(data, mode="json"))


def _hash(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _tasks(session: Session, plan: Plan, number: RoundNumber, tz: tzinfo) -> Iterable[FrozenTask]:
    end = round_end(plan.fiscal_year, number)
    tasks = tasks_by_step(session, plan)
    for measure in measures_of(session, plan):
        for step in measure.steps:
            for task in tasks.get(step.id, ()):
                yield _frozen(task, measure.number, step.number or step.position, end, tz)


def _frozen(task: Task, measure: int, step: int, end: date, tz: tzinfo) -> FrozenTask:
    completion, fact = task.completion, task_fact(task, end, tz)
    standing = standing_in_round(fact, end)
    return FrozenTask(
        id=task.id,
        measure=measure,
        step=step,
        title=task.title,
        units=tuple(unit.name for unit in task.units),
        scheduled_on=task.scheduled_on,
        due_on=task.due_on,
        state=task.state,
        done_on=completion.done_on if completion else None,
        result=completion.result if completion else None,
        outcome=completion.outcome if completion else None,
        reason=fact.reason,
        notes=tuple(
            f"{note.noted_on.isoformat()} {note.text}" for note in sorted(task.notes, key=lambda n: (n.noted_on, n.id))
        ),
        evidence=tuple(
            FrozenEvidence(piece.original_name, piece.sha256, piece.size, piece.url)
            for piece in (completion.evidence if completion else ())
        ),
        in_round=standing.counts or standing.settled,
    )


def _people(session: Session, agency_id: int) -> Iterable[FrozenPerson]:
    rows = session.execute(
        select(Unit.name, Role.role, Role.rank, Member.name)
        .select_from(Role)
        .join(Member, Member.id == Role.member_id)
        .outerjoin(Unit, Unit.id == Role.unit_id)
        .where(Role.agency_id == agency_id, Role.role != RoleName.STAFF, Member.active)
        .order_by(Unit.position, Unit.id, Role.role, Role.rank, Member.id)
    )
    return (FrozenPerson(unit, role, rank, name) for unit, role, rank, name in rows)
