"""Rows that come into a plan and leave it by the coordinator's hand, each an event; what was recorded is never lost."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.bilingual import Bilingual
from tracker.errors import ConflictError, NotUnderstoodError
from tracker.models import Measure, Period, Plan, Step, Unit
from tracker.plan_draft import Mode
from tracker.plan_import.period import parse_period
from tracker.services.audit import Actor, lock
from tracker.services.plans.amend import Kind, drop, live, steps_worked_on
from tracker.services.plans.plan_edit import must_be_open, note_change, open_plan, row_of, said_text

MOST_STEPS = 100


def add_measure(
    session: Session,
    plan: Plan,
    *,
    title: str,
    steps: str,
    period: str,
    units: Sequence[Unit],
    mode: Mode,
    by: Actor,
    at: datetime,
) -> Measure:
    """Puts a measure at the plan's end, numbered on; ``steps`` one a line, the title itself where there is none.

    Raises NotUnderstoodError without title, period or unit, ConflictError where the year is closed.
    """
    lock(session, plan.agency_id)
    must_be_open(session, plan)
    if not units or any(unit.agency_id != plan.agency_id for unit in units):
        raise NotUnderstoodError("Choose at least one unit.", "กรุณาเลือกหน่วยงานอย่างน้อยหนึ่งหน่วย", field="unit")
    if not period.strip():
        raise NotUnderstoodError("Write the period.", "กรุณาพิมพ์ระยะเวลาดำเนินการ", field="period")
    lines = [line for line in steps.splitlines() if line.strip()]
    if len(lines) > MOST_STEPS:
        raise NotUnderstoodError(f"At most {MOST_STEPS} steps.", f"ใส่ได้ไม่เกิน {MOST_STEPS} ขั้นตอน", field="steps")
    written = said_text(title, "title")
    texts = [said_text(line, "steps") for line in lines] or [written]
    read = Period(agency_id=plan.agency_id)
    read.take(parse_period(said_text(period, "period"), plan.fiscal_year))
    rows = session.scalars(select(Measure).where(Measure.plan_id == plan.id)).all()
    names = [unit.name for unit in units]
    measure = Measure(
        agency_id=plan.agency_id,
        plan=plan,
        position=max((row.position for row in rows), default=0) + 1,
        number=max((row.number for row in rows if not row.retired), default=0) + 1,
        title=written,
        details=[],
        responsible_text="/".join(names),
        parties=names,
        mode=mode,
        period=read,
        steps=[
            Step(agency_id=plan.agency_id, position=place, number=place, text=text)
            for place, text in enumerate(texts, 1)
        ],
        texts=[],
    )
    session.add(measure)
    session.flush()
    note_change(session, plan, measure, "added", by, at, after=measure.title)
    return measure


def add_step(session: Session, measure: Measure, text: str, *, by: Actor, at: datetime) -> Step:
    """Puts a step at the measure's end, numbered on."""
    plan = open_plan(session, measure)
    standing = live(measure.steps)
    if len(standing) >= MOST_STEPS:
        raise NotUnderstoodError(f"At most {MOST_STEPS} steps.", f"ใส่ได้ไม่เกิน {MOST_STEPS} ขั้นตอน")
    numbered = [step.number for step in standing if step.number is not None]
    step = Step(
        agency_id=measure.agency_id,
        position=max((one.position for one in measure.steps), default=0) + 1,
        number=max(numbered, default=len(standing)) + 1,
        text=said_text(text),
    )
    measure.steps.append(step)
    session.flush()
    note_change(session, plan, step, "added", by, at, after=step.text)
    return step


def take_out(session: Session, row: Measure | Step, *, by: Actor, at: datetime) -> None:
    """Takes a measure or step out of the plan; it is kept aside with what was recorded for it and can be put back."""
    plan = open_plan(session, row)
    if isinstance(row, Step) and len(live(row.measure.steps)) == 1:
        raise ConflictError(
            "A measure needs a step: take the measure out instead.",
            "มาตรการต้องมีอย่างน้อยหนึ่งขั้นตอน หากไม่ต้องการให้นำมาตรการออกทั้งข้อ",
        )
    row.retired = True
    _note_removed(session, plan, row, by, at)


def take_back(session: Session, row: Measure | Step, *, by: Actor, at: datetime) -> bool:
    """Removes a row that came in by hand and for which nobody has recorded anything; False where somebody has."""
    plan = open_plan(session, row)
    worked = steps_worked_on(session, plan)
    steps = row.steps if isinstance(row, Measure) else [row]
    if any(step.id in worked for step in steps):
        return False
    if isinstance(row, Step) and live(row.measure.steps) == [row]:
        return False
    _note_removed(session, plan, row, by, at, gone=True)
    return True


def _note_removed(
    session: Session, plan: Plan, row: Measure | Step, by: Actor, at: datetime, *, gone: bool = False
) -> None:
    measure = row if isinstance(row, Measure) else row.measure
    text = row.title if isinstance(row, Measure) else row.text
    where: dict[str, Any] = {} if isinstance(row, Measure) else {"step_taken_out": row.number or row.position}
    which = row_of(row)
    if gone:
        drop(session, row, False, Bilingual("", ""), _unreported)
    session.flush()
    note_change(session, plan, measure, "removed", by, at, was=which, before=text, **where)
    session.expire(plan if isinstance(row, Measure) else measure)


def put_back(session: Session, row: Measure | Step, *, by: Actor, at: datetime) -> None:
    """Brings a row that was kept aside back into the plan, with its work."""
    plan = open_plan(session, row)
    row.retired = False
    note_change(session, plan, row, "put_back", by, at)


def kept_aside(session: Session, plan: Plan) -> list[Measure | Step]:
    """The rows that left the plan, with what was recorded for them: measures, and steps of measures that are in it."""
    measures = session.scalars(
        select(Measure).where(Measure.plan_id == plan.id, Measure.retired).order_by(Measure.position)
    ).all()
    steps = session.scalars(
        select(Step)
        .join(Measure)
        .where(Measure.plan_id == plan.id, ~Measure.retired, Step.retired)
        .order_by(Measure.position, Step.position)
    ).all()
    return [*measures, *steps]


def _unreported(_difference: Bilingual, _kind: Kind = "changed", /) -> None:
    """The event tells it."""
