"""Copies a plan into a later fiscal year: its periods move with the year, what was reported stays behind."""

import json
from datetime import datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import ConflictError, NotUnderstoodError
from tracker.models import Agency, Measure, Plan, Step
from tracker.plan_import.moving import moved_plan
from tracker.services.audit import Actor, lock
from tracker.services.plans.plans import PlanImport, import_plan, read_back
from tracker.thai.calendar import LATEST_BE
from tracker.thai.numerals import to_thai


def copy_plan(
    session: Session, agency: Agency, plan: Plan, fiscal_year: int, *, tz: tzinfo, by: Actor, at: datetime
) -> PlanImport:
    """Creates the agency's plan of a later fiscal year from an earlier one, with its tasks.

    Raises ConflictError where that year has a plan, NotUnderstoodError where the year is not later.
    """
    lock(session, agency.id)
    if not plan.fiscal_year < fiscal_year <= LATEST_BE:
        raise NotUnderstoodError(
            f"A plan is copied into a later year than {plan.fiscal_year}.", f"กรุณาเลือกปีงบประมาณหลังปี {plan.fiscal_year}"
        )
    if session.scalar(select(Plan.id).where(Plan.agency_id == agency.id, Plan.fiscal_year == fiscal_year)):
        raise ConflictError(
            f"Fiscal year {fiscal_year} has a plan already; edit that one.",
            f"ปีงบประมาณ {fiscal_year} มีแผนอยู่แล้ว กรุณาแก้ไขแผนนั้น",
        )
    draft = moved_plan(read_back(session, plan), fiscal_year)
    source = json.dumps(draft.as_json(), ensure_ascii=False, sort_keys=True).encode()
    name = to_thai(f"สำเนาแผนปีงบประมาณ {plan.fiscal_year}")
    result = import_plan(session, agency, draft, source, name, tz=tz, by=by, at=at)
    _carry_short_names(session, plan, fiscal_year)
    return result


def _carry_short_names(session: Session, plan: Plan, fiscal_year: int) -> None:
    """A step that reads as last year's is called as it was called in messages."""
    steps = select(Step).join(Measure).join(Plan).where(Plan.agency_id == plan.agency_id)
    named = session.scalars(steps.where(Plan.id == plan.id, Step.short_name.is_not(None)))
    names = {step.text: step.short_name for step in named}
    for step in session.scalars(steps.where(Plan.fiscal_year == fiscal_year, Step.text.in_(names))):
        step.short_name = names[step.text]
