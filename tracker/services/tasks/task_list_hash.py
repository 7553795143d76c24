"""Which tasks a plan has, as one hash that the record carries: a task that is deleted behind it is found."""

import hashlib
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Event, Plan, Task


def task_list_hash(session: Session, plan: Plan) -> str:
    """A hash of the plan's tasks: each with its step and the day of the plan that it stands for."""
    tasks = select(Task.id, Task.step_id, Task.checkpoint_key).where(Task.plan_id == plan.id).order_by(Task.id)
    found = hashlib.sha256()
    for row in session.execute(tasks):
        found.update(("\t".join(map(str, row)) + "\n").encode())
    return found.hexdigest()


def recorded_hash(session: Session, plan: Plan) -> str | None:
    """The hash that the record has of the plan's tasks; None where it was made before the record carried it."""
    generated = select(Event.details).where(Event.agency_id == plan.agency_id, Event.kind == "tasks_generated")
    of_plan = (
        details
        for details in session.scalars(generated.order_by(Event.sequence.desc()))
        if details.get("fiscal_year") == plan.fiscal_year
    )
    latest: dict[str, Any] = next(of_plan, {})
    return latest.get("tasks")
