"""Stores what an import understood, shows how a corrected document differs, and keeps completions."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tracker import clock
from tracker.models import Agency, ColumnText, Measure, Period, Plan, Step, Task
from tracker.plan_import.draft import DraftMeasure, DraftPlan, DraftStep, Warn
from tracker.plan_import.period import Period as ReadPeriod
from tracker.rollup import Column
from tracker.services import progress
from tracker.services.audit import Actor, record
from tracker.services.generate import generate_tasks
from tracker.services.rounds import as_paragraphs, composed_column, tasks_by_step, text_of
from tracker.thai.calendar import fiscal_year_end

Stored = TypeVar("Stored", Measure, Step)
Drafted = TypeVar("Drafted", DraftMeasure, DraftStep)
COLUMNS: tuple[Column, ...] = ("summary", "outcome")


@dataclass(slots=True)
class PlanImport:
    """What an import did. ``differences`` are sentences, empty where the document changed nothing."""

    plan: Plan
    created: bool
    differences: list[str] = field(default_factory=list)
    tasks_created: int = 0
    tasks_completed: int = 0


def import_plan(
    session: Session,
    agency: Agency,
    draft: DraftPlan,
    source: bytes,
    source_name: str,
    *,
    completed: bool = False,
    tz: tzinfo,
    by: Actor,
    at: datetime,
) -> PlanImport:
    """Stores the draft as the agency's plan of its fiscal year, or amends the plan that is there.

    The same document again changes nothing. A corrected one changes what it corrects; rows it drops are removed, or
    retired where work was recorded for them. ``completed`` marks every task done with the document's own results.
    """
    sha256 = hashlib.sha256(source).hexdigest()
    plan = session.scalar(select(Plan).where(Plan.agency_id == agency.id, Plan.fiscal_year == draft.fiscal_year))
    created = plan is None
    if plan is None:
        plan = Plan(agency_id=agency.id, fiscal_year=draft.fiscal_year)
        session.add(plan)
        session.flush()
    result = PlanImport(plan, created)
    if plan.source_sha256 != sha256:
        _amend(session, plan, draft, result, at)
        plan.source_sha256, plan.source_name, plan.imported_at = sha256, source_name[-300:], at
        plan.warnings = [warning.as_json() for warning in draft.warnings]
        kind = "plan_imported" if created else "plan_amended"
        facts: dict[str, Any] = {"fiscal_year": plan.fiscal_year, "source": source_name, "sha256": sha256}
        record(session, agency.id, kind, by, at, differences=result.differences, **facts)
    session.flush()
    result.tasks_created = generate_tasks(session, plan, by, at).created
    if completed:
        result.tasks_completed = _complete(session, plan, tz, by, at)
    _set_basis(session, plan, tz, only_unset=not completed)
    return result


def read_back(session: Session, plan: Plan) -> DraftPlan:
    """The stored plan in the shape of an import, for showing it."""
    agency = session.get_one(Agency, plan.agency_id)
    return DraftPlan(
        agency=agency.name,
        fiscal_year=plan.fiscal_year,
        measures=tuple(_drafted(measure) for measure in _measures(session, plan)),
        warnings=tuple(Warn(warning["where"], warning["message"]) for warning in plan.warnings),
    )


def with_ids(session: Session, plan: Plan, draft: DraftPlan | None = None) -> dict[str, Any]:
    """The plan as JSON, with the ids of its rows (design, section 5)."""
    value = (draft or read_back(session, plan)).as_json()
    measures = _measures(session, plan)
    value["id"] = plan.id
    for measure, shown in zip(measures, value["measures"], strict=True):
        shown["id"] = measure.id
        for step, shown_step in zip(_live(measure.steps), shown["steps"], strict=True):
            shown_step["id"] = step.id
    return value


def _measures(session: Session, plan: Plan) -> Sequence[Measure]:
    return session.scalars(
        select(Measure)
        .where(Measure.plan_id == plan.id, ~Measure.retired)
        .options(selectinload(Measure.steps), selectinload(Measure.texts))
        .order_by(Measure.position)
        .execution_options(populate_existing=True)
    ).all()


def _drafted(measure: Measure) -> DraftMeasure:
    texts = {column: text_of(measure, column, 12) for column in COLUMNS}
    return DraftMeasure(
        number=measure.number,
        title=measure.title,
        details=as_paragraphs(measure.details),
        steps=tuple(step.draft() for step in _live(measure.steps)),
        responsible=measure.responsible,
        period=measure.period.read(),
        summary=as_paragraphs(texts["summary"].paragraphs if texts["summary"] else ()),
        outcome=as_paragraphs(texts["outcome"].paragraphs if texts["outcome"] else ()),
    )


def _amend(session: Session, plan: Plan, draft: DraftPlan, result: PlanImport, at: datetime) -> None:
    existing = _live(
        session.scalars(
            select(Measure)
            .where(Measure.plan_id == plan.id)
            .options(selectinload(Measure.steps), selectinload(Measure.texts))
        ).all()
    )
    worked_on = _steps_worked_on(session, plan)
    matched = _matched(existing, draft.measures, lambda measure: measure.title, lambda measure: measure.number)
    note = result.differences.append if not result.created else lambda _difference: None
    for position, (wanted, found) in enumerate(matched, 1):
        measure = found
        if measure is None:
            measure = Measure(agency_id=plan.agency_id, plan_id=plan.id, steps=[], texts=[])
            note(f"measure {wanted.number} added: {wanted.title}")
        _take_measure(measure, wanted, position, note if found else lambda _difference: None)
        session.add(measure)
        _take_steps(session, measure, wanted, worked_on, note if found else lambda _difference: None)
        for column in COLUMNS:
            _take_text(measure, column, getattr(wanted, column), note, at)
    kept = {id(found) for _, found in matched if found}
    for measure in existing:
        if id(measure) not in kept:
            _drop(
                session, measure, any(step.id in worked_on for step in measure.steps), f"measure {measure.number}", note
            )


def _take_measure(measure: Measure, wanted: DraftMeasure, position: int, note: Callable[[str], None]) -> None:
    where = f"measure {wanted.number}"
    measure.position = position
    measure.number = wanted.number
    _change(measure, "title", wanted.title, where, note)
    _change(measure, "details", [paragraph.as_json() for paragraph in wanted.details], where, note)
    _change(measure, "responsible_text", wanted.responsible.text, where, note)
    measure.parties = list(wanted.responsible.parties)
    measure.mode = wanted.responsible.mode
    measure.period = _taken_period(measure.agency_id, measure.period, wanted.period, where, note)


def _take_steps(
    session: Session, measure: Measure, wanted: DraftMeasure, worked_on: set[int], note: Callable[[str], None]
) -> None:
    existing = _live(measure.steps)
    matched = _matched(existing, wanted.steps, lambda step: step.text, lambda step: step.number)
    for position, (wanted_step, found) in enumerate(matched, 1):
        where = f"measure {wanted.number}, step {wanted_step.number or position}"
        step = found
        if step is None:
            step = Step(agency_id=measure.agency_id)
            measure.steps.append(step)
            note(f"{where} added: {wanted_step.text}")
        tell = note if found else (lambda _difference: None)
        step.position, step.number = position, wanted_step.number
        _change(step, "text", wanted_step.text, where, tell)
        responsible = wanted_step.responsible
        _change(step, "responsible_text", responsible.text if responsible else None, where, tell)
        step.parties = list(responsible.parties) if responsible else None
        step.mode = responsible.mode if responsible else None
        if wanted_step.period is None:
            step.own_period = None
        else:
            step.own_period = _taken_period(measure.agency_id, step.own_period, wanted_step.period, where, tell)
    kept = {id(found) for _, found in matched if found}
    for step in existing:
        if id(step) not in kept:
            _drop(session, step, step.id in worked_on, f"measure {wanted.number}, step {step.number}", note)


def _take_text(
    measure: Measure, column: Column, wanted: Sequence[Any], note: Callable[[str], None], at: datetime
) -> None:
    """An imported cell replaces an imported one; the coordinator's own text stays, and the difference is told."""
    if not wanted:
        return
    paragraphs = [paragraph.as_json() for paragraph in wanted]
    texts = {text.round: text for text in measure.texts if text.field == column}
    imported = texts.get(0)
    if imported is None:
        imported = ColumnText(agency_id=measure.agency_id, field=column, round=0, source="imported", edited_at=at)
        measure.texts.append(imported)
    elif imported.paragraphs == paragraphs:
        return
    else:
        note(f"measure {measure.number}, {column} changed")
    imported.paragraphs, imported.edited_at, imported.basis = paragraphs, at, None
    if any(text.source == "coordinator" for text in texts.values()):
        note(f"measure {measure.number}, {column}: the coordinator's text stays")


def _taken_period(
    agency_id: int, stored: Period | None, wanted: ReadPeriod, where: str, note: Callable[[str], None]
) -> Period:
    if stored is None:
        stored = Period(agency_id=agency_id)
    elif stored.text != wanted.text:
        note(f"{where}, ระยะเวลาดำเนินการ: “{stored.text}” → “{wanted.text}”")
    stored.take(wanted)
    return stored


def _change(row: object, name: str, value: object, where: str, note: Callable[[str], None]) -> None:
    before = getattr(row, name)
    if before != value:
        setattr(row, name, value)
        shown = f": “{before}” → “{value}”" if isinstance(before, str) and isinstance(value, str) else ""
        note(f"{where}, {name} changed{shown}")


def _drop(session: Session, row: Measure | Step, worked_on: bool, where: str, note: Callable[[str], None]) -> None:
    """A row that the corrected document no longer has."""
    if worked_on:
        row.retired = True
        note(f"{where} is no longer in the document; what was recorded for it is kept")
    else:
        session.delete(row)
        note(f"{where} removed")


def _matched(
    stored: Sequence[Stored],
    drafted: Sequence[Drafted],
    text: Callable[[Any], str],
    number: Callable[[Any], int | None],
) -> list[tuple[Drafted, Stored | None]]:
    """Each drafted row with the stored one that it is: of the same text, else, among the rest, of the same number."""
    left = list(stored)
    found: dict[int, Stored] = {}
    for same in (text, number):
        for index, wanted in enumerate(drafted):
            if index in found:
                continue
            match = next((row for row in left if same(row) == same(wanted)), None)
            if match is not None:
                left.remove(match)
                found[index] = match
    return [(wanted, found.get(index)) for index, wanted in enumerate(drafted)]


def _steps_worked_on(session: Session, plan: Plan) -> set[int]:
    """Steps whose tasks somebody has touched: these are never deleted."""
    tasks = session.scalars(
        select(Task).where(Task.plan_id == plan.id).options(selectinload(Task.completions), selectinload(Task.notes))
    )
    return {task.step_id for task in tasks if task.state != "pending" or task.completions or task.notes}


def _complete(session: Session, plan: Plan, tz: tzinfo, by: Actor, at: datetime) -> int:
    """Marks the plan's open tasks done with the document's own results, as of their due days."""
    today = clock.local(at, tz).date()
    count = 0
    tasks = tasks_by_step(session, plan)
    for measure in _measures(session, plan):
        steps = _live(measure.steps)
        results = {column: _result_of_step(measure, column, steps) for column in COLUMNS}
        for step in steps:
            for task in tasks.get(step.id, ()):
                if not task.is_open:
                    continue
                due = task.due_on or fiscal_year_end(plan.fiscal_year)
                progress.tick_off(
                    session,
                    task,
                    result=results["summary"].get(step.id) or "ดำเนินการแล้วตามรายงานที่นำเข้า",
                    outcome=results["outcome"].get(step.id),
                    done_on=min(due, today),
                    today=today,
                    by=by,
                    at=at,
                )
                if task.state == "submitted":
                    progress.accept(session, task, by=by, at=at)
                count += 1
    session.flush()
    return count


def _result_of_step(measure: Measure, column: Column, steps: Sequence[Step]) -> dict[int, str]:
    """The document's own words for each step: the paragraph of its number, else the whole cell with the first step."""
    text = text_of(measure, column, 12)
    paragraphs = text.paragraphs if text else []
    numbers = [paragraph["number"] for paragraph in paragraphs]
    if column == "summary" and len(steps) > 1 and numbers == [step.number for step in steps]:
        return {step.id: paragraph["text"] for step, paragraph in zip(steps, paragraphs, strict=True)}
    lines = [f"{p['number']}. {p['text']}" if p["number"] else p["text"] for p in paragraphs]
    return {steps[0].id: "\n".join(lines)} if lines and steps else {}


def _set_basis(session: Session, plan: Plan, tz: tzinfo, *, only_unset: bool) -> None:
    """Notes under each imported text the facts it stands on, so that a later tick shows as a difference."""
    measures = _measures(session, plan)
    if not any(text.basis is None or not only_unset for measure in measures for text in measure.texts):
        return
    tasks = tasks_by_step(session, plan)
    for measure in measures:
        for text in measure.texts:
            if text.source == "imported" and (text.basis is None or not only_unset):
                column: Column = "summary" if text.field == "summary" else "outcome"
                end = fiscal_year_end(plan.fiscal_year)
                text.basis = composed_column(measure, tasks, column, end, tz).basis


def _live(rows: Iterable[Stored]) -> list[Stored]:
    return [row for row in rows if not row.retired]
