"""Stores what an import understood, shows how a corrected document differs, and keeps completions."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tracker import clock
from tracker.errors import ConflictError
from tracker.kinds import TaskState, TextSource
from tracker.models import Agency, Measure, Plan, Step
from tracker.plan_draft import DraftMeasure, DraftPlan, Warn
from tracker.reports.data import RoundNumber
from tracker.reports.new_facts import facts_as_json
from tracker.reports.rollup import Column
from tracker.services.agency_settings import settings_of
from tracker.services.audit import Actor, lock, record
from tracker.services.plans import undo_info
from tracker.services.plans.amend import COLUMNS, Difference, amend, live
from tracker.services.reports.compose import as_paragraphs, composed_column, tasks_by_step, text_of
from tracker.services.reports.imported_texts_hash import imported_texts_hash
from tracker.services.tasks import progress
from tracker.services.tasks.generate import generate_tasks, plans_in_service
from tracker.services.tasks.plan_words import words_of_plan
from tracker.thai.calendar import round_end


@dataclass(slots=True)
class PlanImport:
    """What an import did. ``differences`` are sentences, empty where the document changed nothing."""

    plan: Plan
    created: bool
    differences: list[Difference] = field(default_factory=list)
    tasks_created: int = 0
    tasks_removed: int = 0
    tasks_cancelled: int = 0
    tasks_completed: int = 0


def import_plan(
    session: Session,
    agency: Agency,
    draft: DraftPlan,
    source: bytes,
    source_name: str,
    *,
    completed: bool = False,
    number: RoundNumber | None = None,
    earlier: undo_info.Standing | None = None,
    tz: tzinfo,
    by: Actor,
    at: datetime,
) -> PlanImport:
    """Stores the draft as the agency's plan of its fiscal year, or amends the plan that is there.

    The same document again changes nothing. A corrected one changes what it corrects; rows it drops are removed, or
    retired where work was recorded for them. Its summaries and outcomes belong to the round ``number``; without it, to
    the one that its cover names, else to the twelve-month one. ``completed`` marks every task of that round done with
    the document's own results. ``earlier`` is what the agency had before its parties were settled, for the undo.
    """
    number = number or draft.round or 12
    lock(session, agency.id)
    earlier = earlier or undo_info.standing(session, agency.id)
    sha256 = hashlib.sha256(source).hexdigest()
    plan = session.scalar(select(Plan).where(Plan.agency_id == agency.id, Plan.fiscal_year == draft.fiscal_year))
    created = plan is None
    before = undo_info.before_import(session, plan) if plan is not None else None
    if plan is None:
        plan = Plan(agency_id=agency.id, fiscal_year=draft.fiscal_year)
        session.add(plan)
        session.flush()
    differences = amend(session, plan, draft, number, by.name, at)
    if differences and plan not in plans_in_service(session, agency):
        raise ConflictError(
            f"The twelve-month round of {plan.fiscal_year} is closed; open it again before importing a correction.",
            f"ปิดรอบ 12 เดือนของปีงบประมาณ {plan.fiscal_year} แล้ว กรุณาเปิดรอบอีกครั้งก่อนนำเข้าฉบับแก้ไข",
        )
    result = PlanImport(plan, created, differences=[] if created else differences)
    sequence: int | None = None
    if differences or plan.source_sha256 != sha256:
        plan.source_sha256, plan.source_name, plan.imported_at = sha256, source_name[-300:], at
        plan.warnings = [warning.as_json() for warning in draft.warnings]
        place, agency.place = agency.place, agency.place or draft.place[:300]
        kind = "plan_imported" if created else "plan_amended"
        facts: dict[str, Any] = {"fiscal_year": plan.fiscal_year, "source": source_name, "sha256": sha256}
        facts["imported_texts"] = imported_texts_hash(session, plan)
        facts["words"] = words_of_plan(session, plan.id)
        if created:
            facts["settings"] = settings_of(agency)
        if place != agency.place:
            facts["place"] = agency.place
        event = record(session, agency.id, kind, by, at, differences=result.differences, **facts)
        sequence = event.sequence if differences else None
    session.flush()
    generated = generate_tasks(session, plan, by, at)
    result.tasks_created, result.tasks_removed = generated.created, generated.removed
    result.tasks_cancelled = generated.cancelled
    if completed:
        result.tasks_completed = _complete(session, plan, number, tz, by, at)
    _set_basis(session, plan, tz, only_unset=not completed)
    if sequence is not None:
        plan.undo = undo_info.after_import(session, agency.id, sequence, earlier, before)
        session.flush()
    return result


def tried_differences(
    session: Session, agency: Agency, draft: DraftPlan, *, by: Actor, at: datetime
) -> list[Difference]:
    """What a corrected document would change in the plan that is stored, a sentence each; nothing is kept of it.

    Empty where the agency has no plan of that year. The session must be a writing one.
    """
    plan = session.scalar(select(Plan).where(Plan.agency_id == agency.id, Plan.fiscal_year == draft.fiscal_year))
    if plan is None:
        return []
    with session.begin_nested() as trial:
        differences = amend(session, plan, draft, draft.round or 12, by.name, at)
        trial.rollback()
    session.expire_all()
    return differences


def remember_columns(agency: Agency, columns: Mapping[str, str]) -> None:
    """Keeps which header of the agency's plans is which field, for its next file."""
    if columns and columns.items() - agency.plan_columns.items():
        agency.plan_columns = {**agency.plan_columns, **columns}


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
    """The plan as JSON, with the ids of its rows (docs/rules.md, "JSON contract")."""
    value = (draft or read_back(session, plan)).as_json()
    measures = _measures(session, plan)
    value["id"] = plan.id
    for measure, shown in zip(measures, value["measures"], strict=True):
        shown["id"] = measure.id
        for step, shown_step in zip(live(measure.steps), shown["steps"], strict=True):
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
    texts = {column: text_of(measure, column, 12) or text_of(measure, column, 6) for column in COLUMNS}
    return replace(
        undo_info.draft_of(measure),
        summary=as_paragraphs(texts["summary"].paragraphs if texts["summary"] else ()),
        outcome=as_paragraphs(texts["outcome"].paragraphs if texts["outcome"] else ()),
    )


def _complete(session: Session, plan: Plan, number: RoundNumber, tz: tzinfo, by: Actor, at: datetime) -> int:
    """Marks the open tasks of the round done with the document's own results; on which day, it does not say."""
    today, end = clock.local(at, tz).date(), round_end(plan.fiscal_year, number)
    count = 0
    tasks = tasks_by_step(session, plan)
    for measure in _measures(session, plan):
        steps = live(measure.steps)
        results = {column: _result_of_step(measure, column, number, steps) for column in COLUMNS}
        for step in steps:
            for task in tasks.get(step.id, ()):
                if not task.is_open or (number == 6 and (task.scheduled_on is None or task.scheduled_on > end)):
                    continue
                progress.tick_off(
                    session,
                    task,
                    result=results["summary"].get(step.id) or "ดำเนินการแล้วตามรายงานที่นำเข้า",
                    outcome=results["outcome"].get(step.id),
                    done_on=None,
                    today=today,
                    by=by,
                    at=at,
                )
                if task.state == TaskState.SUBMITTED:
                    progress.accept(session, task, by=by, at=at)
                count += 1
    session.flush()
    return count


def _result_of_step(measure: Measure, column: Column, number: RoundNumber, steps: Sequence[Step]) -> dict[int, str]:
    """The document's own words for each step: the paragraph of its number, else the whole cell with the first step."""
    text = text_of(measure, column, number)
    paragraphs = text.paragraphs if text else []
    numbers = [paragraph["number"] for paragraph in paragraphs]
    if column == "summary" and len(steps) > 1 and numbers == [step.number for step in steps]:
        return {step.id: paragraph["text"] for step, paragraph in zip(steps, paragraphs, strict=True)}
    lines = [paragraph.typed() for paragraph in as_paragraphs(paragraphs)]
    return {steps[0].id: "\n".join(lines)} if lines and steps else {}


def _set_basis(session: Session, plan: Plan, tz: tzinfo, *, only_unset: bool) -> None:
    """Notes under each imported text the facts it stands on, so that a later tick shows as a difference."""
    measures = _measures(session, plan)
    if not any(text.basis is None or not only_unset for measure in measures for text in measure.texts):
        return
    tasks = tasks_by_step(session, plan)
    for measure in measures:
        for text in measure.texts:
            if text.source == TextSource.IMPORTED and (text.basis is None or not only_unset):
                column: Column = "summary" if text.field == "summary" else "outcome"
                end = round_end(plan.fiscal_year, 6 if text.round == 6 else 12)
                composed = composed_column(measure, tasks, column, end, tz)
                text.basis, text.facts = composed.facts_hash, facts_as_json(composed.facts)
