"""The adopted words of a plan in the record, a hash a cell: what is changed behind it is found and named."""

import hashlib
import json
from collections.abc import Collection
from typing import Any, Literal

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from tracker.models import Measure, Period, Step

Cell = Literal["measure", "steps", "responsible", "period"]
"""The four columns of an adopted plan; a step's own party and period count to those of its measure."""

CELLS: tuple[Cell, ...] = ("measure", "steps", "responsible", "period")
_LENGTH = 16


def words_of_plan(session: Session, plan_id: int) -> dict[str, dict[Cell, str]]:
    """A hash of each cell of each measure as it is stored now, by the measure's id, as the record carries them."""
    return _words_where(session, Measure.plan_id == plan_id)


def changed_words(
    session: Session, measures: Collection[int], cells: Collection[Cell]
) -> dict[str, dict[Cell, str] | None]:
    """The hashes of these cells of these measures; None for a measure that is gone."""
    now = _words_where(session, Measure.id.in_(measures))
    return {
        str(measure): {cell: now[str(measure)][cell] for cell in cells} if str(measure) in now else None
        for measure in measures
    }


_OWN_PERIOD = aliased(Period)
_MEASURES = select(Measure, Period).join(Period, Measure.period_id == Period.id)
_STEPS = (
    select(Step, _OWN_PERIOD)
    .join(Measure, Step.measure_id == Measure.id)
    .outerjoin(_OWN_PERIOD, Step.period_id == _OWN_PERIOD.id)
    .order_by(Step.position, Step.id)
)


def _words_where(session: Session, which: ColumnElement[bool]) -> dict[str, dict[Cell, str]]:
    session.flush()
    found: dict[str, dict[Cell, list[Any]]] = {}
    for measure, period in session.execute(_MEASURES.where(which)):
        found[str(measure.id)] = {
            "measure": [measure.number, measure.title, measure.details, measure.retired],
            "steps": [],
            "responsible": [[measure.responsible_text, measure.parties, measure.mode]],
            "period": [_time(period)],
        }
    for step, period in session.execute(_STEPS.where(which)):
        cells = found[str(step.measure_id)]
        cells["steps"].append([step.id, step.number, step.text, step.retired])
        if step.responsible_text is not None:
            cells["responsible"].append([step.id, step.responsible_text, step.parties, step.mode])
        if period is not None:
            cells["period"].append([step.id, _time(period)])
    return {measure: {cell: _hash(words) for cell, words in cells.items()} for measure, cells in found.items()}


def _time(period: Period) -> list[Any]:
    days = [day and day.isoformat() for day in (period.start, period.end)]
    return [period.text, period.fiscal_year, *days, list(period.cadences), list(period.checkpoints)]


def _hash(words: list[Any]) -> str:
    return hashlib.sha256(json.dumps(words, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:_LENGTH]
