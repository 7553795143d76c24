"""A change as a sentence: what, of which task, from what to what."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from admin.pages.tasks.event_words import event_name, field_name
from admin.web.formatting import day, number
from admin.web.labels import kind_name, reason_name, role_name, state_name
from admin.web.language import gettext
from tracker.kinds import RoleName, UnitKind
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


@dataclass(frozen=True, slots=True)
class FromTo:
    """What a change made of something: both as words."""

    before: str
    after: str


def event_sentence(event: Event, place: str = "") -> str:
    """What happened, in a sentence: the kind of change, its place, and what it changed."""
    parts = (one if isinstance(one, str) else _from_to(one.before, one.after) for one in _facts(event))
    return " ".join(part for part in (_head(event, place), *parts) if part)


def event_markup(event: Event, place: str = "", address: str | None = None) -> Markup:
    """The same for a page: its head leads to what it is about, what was before is struck out, what is new is marked."""
    head = escape(_head(event, place))
    linked = Markup('<a href="{}">{}</a>').format(address, head) if address else head
    return Markup(" ").join((linked, *_marked(_facts(event))))


def acts_markup(events: Sequence[Event]) -> Markup:
    """Changes of one kind that were made together, as one sentence: how many, and what is the same of all of them."""
    head = gettext("%(what)s: %(n)s tasks", what=event_name(events[0].kind), n=number(len(events)))
    of_each = [list(_facts(event)) for event in events]
    same = [one for one in of_each[0] if all(one in facts for facts in of_each)]
    return Markup(" ").join((escape(head), *_marked(same)))


def _marked(facts: Iterable[str | FromTo]) -> Iterator[Markup | str]:
    for one in facts:
        if isinstance(one, str):
            yield escape(one)
        else:
            yield _from_to(Markup("<del>{}</del>").format(one.before), Markup("<ins>{}</ins>").format(one.after))


def _head(event: Event, place: str) -> str:
    return " ".join(part for part in (event_name(event.kind), place or _round(event.details)) if part)


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


def _facts(event: Event) -> Iterator[str | FromTo]:
    details = event.details
    if "before" in details and "after" in details and event.kind != "reassigned":
        yield FromTo(_value(details["before"]), _value(details["after"]))
    for field, before, after in _changes(details):
        yield f"{gettext('Position') if (event.kind, field) == ('member_changed', 'position') else field_name(field)}:"
        yield FromTo(_field_value(field, before), _field_value(field, after))
    if event.kind == "reassigned":
        yield gettext("to %(units)s", units=", ".join(details.get("units", ())))
    elif event.kind in ("units_merged", "merge_undone"):
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
        yield gettext("state")
        yield FromTo(state_name(event.from_state), state_name(event.to_state))


def _changes(details: Mapping[str, Any]) -> Iterator[tuple[str, object, object]]:
    """The fields that a setting's change names with both values; other shapes of "changes" say nothing here."""
    changes = details.get("changes")
    for field, pair in changes.items() if isinstance(changes, Mapping) else ():
        if isinstance(pair, Sequence) and not isinstance(pair, str) and len(pair) == 2:
            yield str(field), pair[0], pair[1]


def _from_to(before: str, after: str) -> Markup | str:
    """Both in the sentence of the reader's language; marks where they have them, plain words where not."""
    words = gettext("from %(before)s to %(after)s")
    if isinstance(before, Markup):
        return Markup(escape(words)) % {"before": before, "after": after}  # noqa: S704  (escaped just here)
    return words % {"before": before, "after": after}


def _field_value(field: str, value: object) -> str:
    """A setting's value in words: switches on and off, kinds and roles by their names."""
    if value in (True, "True"):
        return gettext("on")
    if value in (False, "False"):
        return gettext("off")
    if field == "kind" and value in set(UnitKind):
        return kind_name(str(value))
    if field == "role" and value in set(RoleName):
        return role_name(str(value))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_value(one) for one in value) or "–"
    return _value(str(value).strip("[]") if value else value)


def _value(value: object) -> str:
    if value in (None, ""):
        return "–"
    try:
        return day(date.fromisoformat(str(value)), "short")
    except ValueError:
        return short_step(str(value), LONGEST_WORDS)
