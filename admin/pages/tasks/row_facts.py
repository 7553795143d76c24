"""What a row of the task list says beyond the task: the last words on it, its reminders, its evidence."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from admin.pages.tasks.task_list import tone_of, when_of
from admin.pages.tasks.task_rows import TaskRow
from admin.web.context import site, today
from admin.web.formatting import day, digits, is_thai, number, occasion
from admin.web.identity import agency
from admin.web.language import gettext, ngettext
from tracker import clock
from tracker.kinds import TaskState
from tracker.models import Completion, Evidence, ProgressNote, Reminder, Task


@dataclass(frozen=True)
class Row:
    """A task as a line of the list."""

    id: int
    title: str
    units: str
    occasion: str
    state: str
    when: str
    tone: str
    said: str
    reminded: str
    evidence: str
    place: str


def rows_by_id(session: Session, tasks: Sequence[TaskRow]) -> dict[int, Row]:
    """The lines of these tasks; four queries, whatever their number."""
    ids = [task.id for task in tasks]
    notes, results = _notes(session, ids), _results(session, ids)
    reminded, evidence = _reminded(session, ids), _evidence(session, ids)
    return {
        task.id: Row(
            id=task.id,
            title=task.title,
            units=", ".join(task.units) or gettext("nobody yet"),
            occasion=_occasion(task),
            state=task.state,
            when=when_of(task, today()),
            tone=tone_of(task, today()),
            said=_said(task, notes, results),
            reminded=reminded.get(task.id, ""),
            evidence=evidence.get(task.id, ""),
            place=f"{number(task.measure_number)}.{number(task.step_number or task.step_position)}",
        )
        for task in tasks
    }


def _occasion(task: TaskRow) -> str:
    return occasion(task.scheduled_on, task.cadences) or gettext("once")


def _said(task: TaskRow, notes: dict[int, str], results: dict[int, str]) -> str:
    if task.state == TaskState.RETURNED and task.return_note:
        return gettext("Sent back: %(words)s", words=task.return_note)
    return results.get(task.id) or notes.get(task.id, "")


def _notes(session: Session, ids: Sequence[int]) -> dict[int, str]:
    latest = select(func.max(ProgressNote.id)).where(ProgressNote.task_id.in_(ids)).group_by(ProgressNote.task_id)
    rows = session.execute(select(ProgressNote.task_id, ProgressNote.text).where(ProgressNote.id.in_(latest)))
    return dict(rows.all())


def _results(session: Session, ids: Sequence[int]) -> dict[int, str]:
    standing = select(func.max(Completion.id)).where(Completion.task_id.in_(ids), Completion.withdrawn_at.is_(None))
    rows = session.execute(
        select(Completion.task_id, Completion.result).where(Completion.id.in_(standing.group_by(Completion.task_id)))
    )
    return dict(rows.all())


def _reminded(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """How often and when last, else when the first reminder comes."""
    rows = session.execute(
        select(Task.id, Task.next_stage_on, func.count(Reminder.stage.distinct()), func.max(Reminder.created_at))
        .outerjoin(Reminder, Reminder.task_id == Task.id)
        .where(Task.id.in_(ids))
        .group_by(Task.id, Task.next_stage_on)
    )
    return {task_id: _reminder_words(next_on, count, last) for task_id, next_on, count, last in rows}


def _reminder_words(next_on: date | None, count: int, last: datetime | None) -> str:
    if last is not None:
        times = ngettext("reminded %(n)s time", "reminded %(n)s times", count, n=number(count))
        return f"{times} · {day(clock.local(last, site().settings.zone).date(), 'brief')}"
    if next_on is not None and next_on >= today():
        opens = agency().send_from
        when = digits(f"{opens:%H.%M}") if is_thai() else f"{opens:%H:%M}"
        return gettext("on %(day)s, %(time)s", day=day(next_on, "brief"), time=when)
    return ""


def _evidence(session: Session, ids: Sequence[int]) -> dict[int, str]:
    kind = case((Evidence.url.is_not(None), "link"), (Evidence.media_type.startswith("image/"), "photo"), else_="file")
    rows = session.execute(
        select(Completion.task_id, kind, func.count())
        .join(Evidence, Evidence.completion_id == Completion.id)
        .where(Completion.task_id.in_(ids), Completion.withdrawn_at.is_(None))
        .group_by(Completion.task_id, kind)
        .order_by(Completion.task_id, kind)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for task_id, what, count in rows:
        n = number(count)
        words = {
            "photo": ngettext("%(n)s photo", "%(n)s photos", count, n=n),
            "file": ngettext("%(n)s file", "%(n)s files", count, n=n),
            "link": ngettext("%(n)s link", "%(n)s links", count, n=n),
        }
        found[task_id].append(words[what])
    return {task_id: ", ".join(words) for task_id, words in found.items()}
