"""Finds words anywhere in what a person may see: plans, results, outcomes, notes, evidence, months, units, people.

Thai is written without spaces between words, so that a text is found where the typed letters stand in it, wherever a
word begins; Thai and Arabic digits mean the same. What is typed with spaces between is found in any order.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from tracker.kinds import TaskState
from tracker.models import Completion, Evidence, Measure, Member, Plan, ProgressNote, Step, Task, Unit, UnitAlias
from tracker.services.access import Viewer, tasks_of
from tracker.thai.calendar import fiscal_year_of, to_ce
from tracker.thai.named_days import month_named
from tracker.thai.numerals import to_arabic, to_thai
from tracker.thai.text import fix_text, squeeze_spaces

Kind = Literal["month", "measure", "step", "result", "note", "evidence", "unit", "person"]

AT_MOST = 20
SHORTEST, LONGEST = 2, 100
MOST_WORDS = 6
_AROUND = 70


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a text around what was found in it."""

    before: str
    found: str
    after: str


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that holds the words. ``id`` is that of the measure, task, unit or person; ``place`` tells where it is.

    Of a month ``place`` is its first day in ISO form, and ``id`` counts its tasks. ``fiscal_year`` is None for units
    and people.
    """

    kind: Kind
    id: int
    place: str
    excerpt: Excerpt
    fiscal_year: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of one kind, at most ``AT_MOST``; ``more`` where there are further ones."""

    kind: Kind
    hits: tuple[Hit, ...]
    more: bool


def search(session: Session, viewer: Viewer, typed: str) -> list[Found]:
    """What holds all the typed words: where they stand side by side first, then the latest year first. A query
    for each kind, all of them in the viewer's agency alone; too short a text finds nothing."""
    words = squeeze_spaces(fix_text(typed))[:LONGEST]
    if len(words) < SHORTEST:
        return []
    groups: list[tuple[Kind, list[Hit]]] = [
        ("month", _months(session, viewer, words)),
        ("measure", _measures(session, viewer, words)),
        ("step", _steps(session, viewer, words)),
        ("result", _results(session, viewer, words)),
        ("note", _notes(session, viewer, words)),
        ("evidence", _evidence(session, viewer, words)),
        ("unit", _units(session, viewer, words)),
        ("person", _people(session, viewer, words) if viewer.coordinator else []),
    ]
    return [Found(kind, tuple(hits[:AT_MOST]), len(hits) > AT_MOST) for kind, hits in groups if hits]


def excerpt(text: str, words: str) -> Excerpt:
    """The text around the first place where the words stand as typed, else around the longest of them that stands
    there; its beginning where none does."""
    flat = squeeze_spaces(text)
    folded = to_arabic(flat).lower()
    tried = (words, *sorted(_parts(words), key=len, reverse=True))
    shown = next((one for one in tried if to_arabic(one).lower() in folded), None)
    if shown is None:
        return Excerpt(flat[: 2 * _AROUND], "", "…" if len(flat) > 2 * _AROUND else "")
    start = folded.find(to_arabic(shown).lower())
    end = start + len(shown)
    first, last = _whole(flat, start - _AROUND), _whole(flat, end + _AROUND)
    return Excerpt(
        ("…" if first else "") + flat[first:start], flat[start:end], flat[end:last] + ("…" if last < len(flat) else "")
    )


def _whole(text: str, place: int) -> int:
    """The place, or the next one before which no vowel or tone mark is cut off its letter."""
    place = min(max(0, place), len(text))
    while place < len(text) and text[place] in "ะัาำิีึืฺุู็่้๊๋์ํ๎":
        place += 1
    return place


def _parts(words: str) -> list[str]:
    """What must be found; what is typed beyond ``MOST_WORDS`` words keeps to the last of them."""
    return list(dict.fromkeys(words.split(" ", MOST_WORDS - 1)))


def _holds(words: str, *columns: Any) -> ColumnElement[bool]:
    """Each of the words stands in one of the columns."""
    return and_(*(_stands(part, *columns) for part in _parts(words)))


def _as_typed(words: str, *columns: Any) -> ColumnElement[int]:
    """Orders what holds the words side by side, as they were typed, before what holds them apart."""
    return case((_stands(words, *columns), 0), else_=1)


def _stands(part: str, *columns: Any) -> ColumnElement[bool]:
    forms = dict.fromkeys((part, to_arabic(part), to_thai(part)))
    return or_(*(column.icontains(form, autoescape=True) for column in columns for form in forms))


def _months(session: Session, viewer: Viewer, words: str) -> list[Hit]:
    """The months of that name in which something of the viewer's falls due, the latest first."""
    named = month_named(words)
    if named is None:
        return []
    month, year = named
    of_year = func.extract("year", Task.due_on)
    query = tasks_of(viewer).where(func.extract("month", Task.due_on) == month, Task.state != TaskState.CANCELLED)
    if year is not None:
        query = query.where(of_year == to_ce(year))
    rows = session.execute(query.with_only_columns(of_year, func.count()).group_by(of_year).order_by(of_year.desc()))
    firsts = [(date(int(ce), month, 1), count) for ce, count in rows]
    nothing = Excerpt("", "", "")
    return [Hit("month", count, first.isoformat(), nothing, fiscal_year_of(first)) for first, count in firsts]


def _measures(session: Session, viewer: Viewer, words: str) -> list[Hit]:
    found = session.scalars(
        select(Measure)
        .join(Measure.plan)
        .where(Measure.agency_id == viewer.agency_id, ~Measure.retired, _holds(words, Measure.title))
        .options(contains_eager(Measure.plan))
        .order_by(_as_typed(words, Measure.title), Plan.fiscal_year.desc(), Measure.position)
        .limit(AT_MOST + 1)
    )
    return [_of_measure("measure", one, one.title, words) for one in found]


def _steps(session: Session, viewer: Viewer, words: str) -> list[Hit]:
    found = session.scalars(
        select(Step)
        .join(Step.measure)
        .join(Measure.plan)
        .where(Step.agency_id == viewer.agency_id, ~Measure.retired, ~Step.retired, _holds(words, Step.text))
        .options(contains_eager(Step.measure).contains_eager(Measure.plan))
        .order_by(_as_typed(words, Step.text), Plan.fiscal_year.desc(), Measure.position, Step.position)
        .limit(AT_MOST + 1)
    )
    return [_of_measure("step", one.measure, one.text, words) for one in found]


def _results(session: Session, viewer: Viewer, words: str) -> list[Hit]:
    seen = tasks_of(viewer).with_only_columns(Task.id)
    found = session.scalars(
        select(Completion)
        .where(
            Completion.agency_id == viewer.agency_id,
            Completion.task_id.in_(seen),
            Completion.withdrawn_at.is_(None),
            _holds(words, Completion.result, Completion.outcome),
        )
        .options(*_with_place(Completion.task))
        .order_by(
            _as_typed(words, Completion.result, Completion.outcome),
            Completion.done_on.desc().nulls_last(),
            Completion.id.desc(),
        )
        .limit(AT_MOST + 1)
    )
    return [
        _of_task("result", one.task, next(_holding(words, (one.result, one.outcome or "")), one.result), words)
        for one in found
    ]


def _notes(session: Session, viewer: Viewer, words: str) -> list[Hit]:
    seen = tasks_of(viewer).with_only_columns(Task.id)
    found = session.scalars(
        select(ProgressNote)
        .where(
            ProgressNote.agency_id == viewer.agency_id,
            ProgressNote.task_id.in_(seen),
            _holds(words, ProgressNote.text),
        )
        .options(*_with_place(ProgressNote.task))
        .order_by(_as_typed(words, ProgressNote.text), ProgressNote.noted_on.desc(), ProgressNote.id.desc())
        .limit(AT_MOST + 1)
    )
    return [_of_task("note", one.task, one.text, words) for one in found]


def _evidence(session: Session, viewer: Viewer, words: str) -> list[Hit]:
    """Files by their names, links by their addresses too."""
    seen = tasks_of(viewer).with_only_columns(Task.id)
    names = (Evidence.original_name, Evidence.url)
    found = session.scalars(
        select(Evidence)
        .join(Evidence.completion)
        .where(
            Evidence.agency_id == viewer.agency_id,
            Completion.task_id.in_(seen),
            Completion.withdrawn_at.is_(None),
            _holds(words, *names),
        )
        .options(contains_eager(Evidence.completion).options(*_with_place(Completion.task)))
        .order_by(_as_typed(words, *names), Evidence.id.desc())
        .limit(AT_MOST + 1)
    )
    return [
        _of_task("evidence", one.completion.task, next(_holding(words, (one.original_name, one.url or "")), ""), words)
        for one in found
        if one.completion is not None
    ]


def _people(session: Session, viewer: Viewer, words: str) -> list[Hit]:
    columns = (Member.name, Member.email)
    found = session.scalars(
        select(Member)
        .where(Member.agency_id == viewer.agency_id, _holds(words, *columns))
        .order_by(_as_typed(words, *columns), Member.name, Member.id)
        .limit(AT_MOST + 1)
    )
    return [Hit("person", one.id, one.email or "", excerpt(one.name, words)) for one in found]


def _units(session: Session, viewer: Viewer, words: str) -> list[Hit]:
    aliased = select(UnitAlias.unit_id).where(UnitAlias.agency_id == viewer.agency_id, _holds(words, UnitAlias.name))
    query = select(Unit).where(Unit.agency_id == viewer.agency_id, or_(_holds(words, Unit.name), Unit.id.in_(aliased)))
    if not viewer.sees_agency:
        query = query.where(Unit.id.in_(viewer.unit_ids))
    found = session.scalars(query.order_by(_as_typed(words, Unit.name), Unit.position, Unit.id).limit(AT_MOST + 1))
    return [Hit("unit", unit.id, unit.kind, excerpt(unit.name, words)) for unit in found]


def _with_place(task: Any) -> tuple[Any, ...]:
    """Loads a task with the measure and the plan that it is of, in the same query as what holds it."""
    to_task = joinedload(task)
    return (to_task.joinedload(Task.step).joinedload(Step.measure).joinedload(Measure.plan),)


def _of_measure(kind: Kind, measure: Measure, text: str, words: str) -> Hit:
    return Hit(kind, measure.id, str(measure.number), excerpt(text, words), measure.plan.fiscal_year)


def _of_task(kind: Kind, task: Task, text: str, words: str) -> Hit:
    return Hit(kind, task.id, task.title, excerpt(text, words), task.step.measure.plan.fiscal_year)


def _holding(words: str, texts: Iterable[str]) -> Iterator[str]:
    parts = [to_arabic(part).lower() for part in _parts(words)]
    return (text for text in texts if any(part in to_arabic(text).lower() for part in parts))
