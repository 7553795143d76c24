"""The results that came with a plan's document, as one hash in the record: a change behind it is found."""

import hashlib
import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.kinds import TextSource
from tracker.models import ColumnText, Event, Measure, Plan

_KINDS = ("plan_imported", "plan_amended", "plan_edited", "plan_import_undone")
"""Changes that may bring or take imported texts; each carries the hash of what there is after it."""


def imported_texts_hash(session: Session, plan: Plan) -> str:
    """A hash of the plan's imported summaries and outcomes as they are stored now."""
    texts = (
        select(ColumnText.measure_id, ColumnText.field, ColumnText.round, ColumnText.paragraphs)
        .join(Measure, ColumnText.measure_id == Measure.id)
        .where(Measure.plan_id == plan.id, ColumnText.source == TextSource.IMPORTED)
        .order_by(ColumnText.measure_id, ColumnText.field, ColumnText.round)
    )
    session.flush()
    stored = [list(row) for row in session.execute(texts)]
    return hashlib.sha256(json.dumps(stored, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def recorded_texts_hash(session: Session, plan: Plan) -> str | None:
    """The hash that the record has of them; None where the latest change was made before the record carried it."""
    changes = select(Event.details).where(Event.agency_id == plan.agency_id, Event.kind.in_(_KINDS))
    of_plan = (
        details
        for details in session.scalars(changes.order_by(Event.sequence.desc()))
        if details.get("fiscal_year") == plan.fiscal_year
    )
    latest: dict[str, Any] = next(of_plan, {})
    return latest.get("imported_texts")
