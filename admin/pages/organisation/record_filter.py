"""Which changes the record shows: by word, days, subject, person, unit and task, as the address says."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, or_, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from admin.pages.tasks.event_words import KINDS, SUBJECT_OF, SUBJECTS, event_name
from tracker.errors import NotUnderstoodError
from tracker.models import Event, Task, TaskUnit
from tracker.thai.days import read_day

OFF_BY_DEFAULT = ("sign_in",)
"""Subjects that are shown only where somebody asks for them."""
MOST_PEOPLE = 200
"""Names that the filter offers; more are found by a word."""


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """What the address asks for; ``problem`` is the day that could not be read, as it was typed."""

    word: str = ""
    since: date | None = None
    until: date | None = None
    subjects: tuple[str, ...] = ()
    kind: str = ""
    who: str = ""
    unit: int | None = None
    task: int | None = None
    problem: str = ""

    @property
    def is_set(self) -> bool:
        """Whether anything but the subjects is asked for."""
        return bool(self.word or self.since or self.until or self.kind or self.who or self.unit or self.task)

    def conditions(self, agency_id: int, tz: tzinfo, *, subjects: bool = True) -> list[ColumnElement[bool]]:
        """What an event must be; without ``subjects`` whatever it is about, for their counts."""
        found: list[ColumnElement[bool]] = [Event.agency_id == agency_id]
        if self.word:
            found.append(_says(self.word, agency_id))
        if self.since:
            found.append(Event.at >= datetime.combine(self.since, time(), tz))
        if self.until:
            found.append(Event.at < datetime.combine(self.until + timedelta(days=1), time(), tz))
        if self.kind:
            found.append(Event.kind == self.kind)
        elif subjects:
            left_out = [kind for kind, subject in SUBJECT_OF.items() if subject not in self.subjects]
            found.append(Event.kind.not_in(left_out))
        if self.who:
            found.append(Event.actor.icontains(self.who, autoescape=True))
        if self.task:
            found.append(Event.task_id == self.task)
        if self.unit:
            found.append(Event.task_id.in_(select(TaskUnit.task_id).where(TaskUnit.unit_id == self.unit)))
        return found


def asked_filter(asked: MultiDict[str, str], today: date) -> RecordFilter:
    """The filter of an address; what it does not say, or says in no way that is understood, is left open."""
    days: dict[str, date | None] = {}
    problem = ""
    for name in ("since", "until"):
        typed = asked.get(name, "").strip()
        try:
            days[name] = read_day(typed, today, "past") if typed else None
        except NotUnderstoodError:
            days[name], problem = None, typed
    chosen = tuple(one for one in asked.getlist("subject") if one in SUBJECTS)
    return RecordFilter(
        word=asked.get("word", "").strip()[:100],
        since=days["since"],
        until=days["until"],
        subjects=chosen or tuple(one for one in SUBJECTS if one not in OFF_BY_DEFAULT),
        kind=asked.get("kind", "") if asked.get("kind", "") in KINDS else "",
        who=asked.get("who", "").strip()[:100],
        unit=_number(asked.get("unit", "")),
        task=_number(asked.get("task", "")),
        problem=problem,
    )


def counts_by_subject(session: Session, conditions: Sequence[ColumnElement[bool]]) -> Counter[str]:
    """How many events of each subject meet the conditions; of kinds that older releases wrote, under no subject."""
    rows = session.execute(select(Event.kind, func.count()).where(*conditions).group_by(Event.kind))
    found: Counter[str] = Counter()
    for kind, count in rows:
        found[SUBJECT_OF.get(kind, "")] += count
    return found


def people_of(session: Session, agency_id: int) -> Sequence[str]:
    """Who did anything, by name."""
    names = select(Event.actor).where(Event.agency_id == agency_id).distinct().order_by(Event.actor)
    return session.scalars(names.limit(MOST_PEOPLE)).all()


def _says(word: str, agency_id: int) -> ColumnElement[bool]:
    """Whether the word stands in what was written, in who did it, in the task's name or in the name of the change."""
    details: ColumnElement[str] = cast(Event.details, String)
    stored = json.dumps(word)[1:-1]  # as the column keeps other letters than ASCII
    kinds = [kind for kind in KINDS if word in event_name(kind)]
    titled = select(Task.id).where(Task.agency_id == agency_id, Task.title.icontains(word, autoescape=True))
    return or_(
        details.icontains(stored, autoescape=True),
        details.icontains(word, autoescape=True),
        Event.actor.icontains(word, autoescape=True),
        Event.kind.in_(kinds),
        and_(Event.task_id.is_not(None), Event.task_id.in_(titled)),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def as_address(asked: MultiDict[str, str]) -> dict[str, Any]:
    """The filter's part of an address, for links that keep it."""
    return {name: values for name, values in asked.lists() if name != "page" and any(values)}
