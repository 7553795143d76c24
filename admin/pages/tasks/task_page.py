"""What one task's page shows: the task with its words, its year, the report before it, and who else owes the same."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from admin.pages.tasks.task_forms import TickForm
from admin.pages.tasks.task_list import place_of, tone_of, when_of, with_places
from admin.pages.tasks.task_rows import TaskRow, task_rows
from admin.web.context import db, today
from admin.web.formatting import day
from admin.web.identity import viewer
from tracker.errors import ForbiddenError, NotFoundError
from tracker.kinds import TaskState
from tracker.models import Completion, ProgressNote, Task
from tracker.services.access import may_tick, owed_with, tasks_of

OFFERED = timedelta(days=31)
"""How far ahead a checkpoint may lie that is offered to be reported together with another."""


def find_task(task_id: int) -> Task:
    """The task with all that its page needs; NotFoundError where it is not the viewer's to see."""
    completions = selectinload(Task.completions)
    return _find(
        task_id,
        *with_places(),
        completions.selectinload(Completion.evidence),
        completions.joinedload(Completion.entered_by),
    )


def find_tickable(task_id: int) -> Task:
    """The task, where the viewer may record what was done; ForbiddenError where not."""
    task = _find(task_id, selectinload(Task.units))
    if not may_tick(viewer(), task):
        raise ForbiddenError(
            "Only the responsible unit and the coordinator may change this task.",
            "เฉพาะหน่วยงานผู้รับผิดชอบและผู้ประสานงานเท่านั้นที่บันทึกงานนี้ได้",
        )
    return task


def _find(task_id: int, *loaded: ORMOption) -> Task:
    task = db().scalar(tasks_of(viewer()).where(Task.id == task_id).options(*loaded))
    if task is None:
        raise NotFoundError("There is no such task, or it is not yours to see.", "ไม่พบงานนี้ หรืองานนี้ไม่ใช่ของหน่วยงานท่าน")
    return task


def words_of(task: Task) -> dict[str, Any]:
    """The task in words, for every page about it."""
    return {
        "task": task,
        "place": place_of(task, units=viewer().sees_agency),
        "when": when_of(task, today()),
        "tone": tone_of(task, today()),
        "tickable": may_tick(viewer(), task),
    }


def in_place(task: Task) -> dict[str, str]:
    """What the form that changes unit and day in place is shown with."""
    return {"due_on": day(task.due_on) if task.due_on else "", "unit": said_ids(unit.id for unit in task.units)}


def said_ids(ids: Iterable[int]) -> str:
    """Units as the one value that a form compares."""
    return ",".join(map(str, sorted(ids)))


def year_of(task: Task) -> list[TaskRow]:
    """The tasks of the same step and party over the year, in order."""
    row = tasks_of(viewer()).where(Task.step_id == task.step_id, Task.party_key == task.party_key)
    return task_rows(db(), row.where(Task.state != TaskState.CANCELLED))


def offered_with(task: Task, year: Sequence[TaskRow]) -> list[TaskRow]:
    """The other open checkpoints that one report may be for as well: late ones, and those of the next weeks."""
    last = today() + OFFERED
    others = [one for one in year if one.id != task.id and one.is_open]
    return [one for one in others if one.due_on and one.due_on <= last]


def others_owing(task: Task) -> list[tuple[str, str]]:
    """Which other units owe the same on the same day, and the state of each: names and states, no content."""
    return [(", ".join(row.units), row.state) for row in task_rows(db(), owed_with(viewer(), task)) if row.units]


def previous_report(task: Task) -> Completion | None:
    """The latest report of the same step and party, whose words may be used again."""
    same = tasks_of(viewer()).where(Task.step_id == task.step_id, Task.party_key == task.party_key, Task.id != task.id)
    return db().scalar(
        select(Completion)
        .where(Completion.task_id.in_(same.with_only_columns(Task.id)), Completion.withdrawn_at.is_(None))
        .options(joinedload(Completion.task))
        .order_by(Completion.done_on.desc().nulls_last(), Completion.id.desc())
        .limit(1)
    )


def taken_back(task: Task) -> Completion | None:
    """The task's own latest report, where it was taken back or sent back: it is corrected rather than written anew."""
    latest = task.completions[-1] if task.completions else None
    return latest if latest is not None and latest.withdrawn_at is not None and task.is_open else None


def notes_of(task: Task) -> Sequence[ProgressNote]:
    """The progress notes, the latest first."""
    return (
        db()
        .scalars(
            select(ProgressNote)
            .where(ProgressNote.task_id == task.id)
            .options(joinedload(ProgressNote.task), selectinload(ProgressNote.evidence))
            .order_by(ProgressNote.noted_on.desc(), ProgressNote.id.desc())
        )
        .all()
    )


def fill(form: TickForm, task: Task, offered: Sequence[TaskRow], *, copy: bool, again: bool, also: str) -> None:
    """What a newly opened form holds: the words asked for by its address, or the report that is to be corrected."""
    if copy and (previous := previous_report(task)):
        form.result.data, form.outcome.data = previous.result, previous.outcome
    elif (again or task.state == TaskState.RETURNED) and (before := taken_back(task)):
        form.fill(before)
    wanted = {int(part) for part in also.split(",") if part.isdecimal()}
    late = {one.id for one in offered if also == "late" and one.due_on and one.due_on < today()}
    form.also.data = sorted(late | wanted)
