"""A change as a sentence: what, of which task, from what to what."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from admin.pages.tasks.event_words import event_name
from admin.web.formatting import day, number
from admin.web.labels import reason_name, role_name, state_name
from admin.web.language import gettext
from tracker.models import Event, Task
from tracker.models.plan import Measure, Step
from tracker.reminders.short_step import short_step

LONGEST_WORDS = 120
"""Letters of somebody's text in a sentence; the whole of it stands in the record."""


def places_of(session: Session, agency_id: int, task_ids: Collection[int]) -> dict[int, str]:
    """Units, measure and step of tasks by their ids: กองคลัง มาตรการ ๓.๒. Two queries."""
    query = (
        select(Task, Measure.number, Step.number, Step.position)
        .join(Step, Task.step_id == Step.id)
        .join(Measure, Step.measure_id == Measure.id)
        .where(Task.agency_id == agency_id, Task.id.in_(task_ids))
        .options(selectinload(Task.units))
    )
    return {
        task.id: _place([unit.name for unit in task.units], measure, step or position)
        for task, measure, step, position in session.execute(query)
    }


def event_sentence(event: Event, place: str = "") -> str:
    """What happened, in a sentence: the kind of change, its place, and what it changed."""
    parts = (event_name(event.kind), place or _round(event.details), *_facts(event))
    return " ".join(part for part in parts if part)


def _place(units: Collection[str], measure: int, step: int) -> str:
    where = gettext("measure %(measure)s.%(step)s", measure=number(measure), step=number(step))
    return f"{', '.join(units)} {where}".strip()


def _round(details: Mapping[str, Any]) -> str:
    """The round and measure that a change of a report concerns."""
    words = []
    if "measure" in details:
        words.append(gettext("measure %(n)s", n=number(details["measure"])))
    if "round" in details and "fiscal_year" in details:
        words.append(
            gettext(
                "of the %(round)s-month round of %(year)s",
                round=number(details["round"]),
                year=number(details["fiscal_year"]),
            )
        )
    return " ".join(words)


def _facts(event: Event) -> Iterator[str]:
    details = event.details
    if "before" in details and "after" in details and event.kind != "reassigned":
        yield _from_to(details["before"], details["after"])
    for field, (before, after) in (details.get("changes") or {}).items() if _has_changes(details) else ():
        yield f"{field}: {_from_to(before, after)}"
    if event.kind == "reassigned":
        yield gettext("to %(units)s", units=", ".join(details.get("units", ())))
    elif event.kind == "units_merged":
        yield gettext("%(merged)s into %(unit)s", merged=details.get("merged", ""), unit=details.get("unit", ""))
    elif event.kind == "person_staffed":
        yield f"{details.get('person', '')} → {details.get('unit', '')} ({role_name(details.get('role', ''))})"
    elif "row" in details:
        yield str(details["row"])
    if "reason" in details:
        yield reason_name(details["reason"])
    if details.get("done_on"):
        yield gettext("done on %(day)s", day=day(date.fromisoformat(details["done_on"]), "short"))
    words = next((details[key] for key in ("result", "text", "note", "why") if isinstance(details.get(key), str)), "")
    if words:
        yield f"“{short_step(words, LONGEST_WORDS)}”"
    if event.from_state and event.to_state and event.from_state != event.to_state:
        yield f"({state_name(event.from_state)} → {state_name(event.to_state)})"


def _has_changes(details: Mapping[str, Any]) -> bool:
    return isinstance(details.get("changes"), Mapping)


def _from_to(before: object, after: object) -> str:
    return gettext("from %(before)s to %(after)s", before=_value(before), after=_value(after))


def _value(value: object) -> str:
    if value in (None, ""):
        return "–"
    try:
        return day(date.fromisoformat(str(value)), "short")
    except ValueError:
        return short_step(str(value), LONGEST_WORDS)
