"""Which tasks a plan has and what they are called, as hashes that the record carries: what is deleted or renamed behind
it is found."""

import hashlib
from typing import Any, Literal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.models import Event, Plan, Task


def task_list_hash(session: Session, plan: Plan) -> str:
    """A hash of the plan's tasks: each with its step and the day of the plan that it stands for."""
    tasks = select(Task.id, Task.step_id, Task.checkpoint_key).where(Task.plan_id == plan.id).order_by(Task.id)
    return _hash(session, tasks)


def task_titles_hash(session: Session, plan: Plan) -> str:
    """A hash of what the plan's tasks are called."""
    return _hash(session, select(Task.id, Task.title).where(Task.plan_id == plan.id).order_by(Task.id))


def _hash(session: Session, rows: Select[*tuple[Any, ...]]) -> str:
    found = hashlib.sha256()
    for row in session.execute(rows):
        found.update(("\t".join(map(str, row)) + "\n").encode())
    return found.hexdigest()


def recorded_hash(session: Session, plan: Plan, of: Literal["tasks", "titles"] = "tasks") -> str | None:
    """The hash that the record has of the plan's tasks or their titles; None where it was made before the record
    carried it."""
    generated = select(Event.details).where(Event.agency_id == plan.agency_id, Event.kind == "tasks_generated")
    of_plan = (
        details
        for details in session.scalars(generated.order_by(Event.sequence.desc()))
        if details.get("fiscal_year") == plan.fiscal_year
    )
    latest: dict[str, Any] = next(of_plan, {})
    return latest.get(of)
