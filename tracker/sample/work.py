"""Who does which task of the sample on which day: most in time, some late, two divisions always last."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tracker.kinds import RoleName
from tracker.models import Member, Plan, Role, Step, Task
from tracker.sample.text import StepWords, step_words
from tracker.thai.working_days import WorkingDays

SLOW = {("กองช่าง", 2): 28, ("กองการศึกษา ศาสนาและวัฒนธรรม", 1): 24}  # days late, by unit and step
NOTE_AFTER = 0.45

_CALENDAR = WorkingDays()


@dataclass(frozen=True, slots=True)
class Work:
    """A task, the person who does it, the day it is done, and the words; perhaps a progress note some time before."""

    task: Task
    member: Member
    done_on: date
    result: str
    words: StepWords
    noted_on: date | None

    def on(self, session: Session) -> "Work":
        """The same work on the rows of another session."""
        return replace(self, task=session.get_one(Task, self.task.id), member=session.get_one(Member, self.member.id))


def work_of(session: Session, plan: Plan) -> list[Work]:
    """The whole year's work of the plan, by the day it is done; the same plan always gives the same work."""
    tasks = session.scalars(
        select(Task)
        .where(Task.plan_id == plan.id)
        .options(selectinload(Task.units), selectinload(Task.step).selectinload(Step.measure))
        .order_by(Task.id)
    ).all()
    heads = {
        role.unit_id: role.member
        for role in session.scalars(select(Role).where(Role.agency_id == plan.agency_id, Role.role == RoleName.HEAD))
    }
    turns: dict[int, int] = {}
    work = [_work(task, heads[task.units[0].id], turns, plan.fiscal_year) for task in tasks]
    return sorted(work, key=lambda one: (one.done_on, one.task.id))


def _work(task: Task, member: Member, turns: dict[int, int], fiscal_year: int) -> Work:
    words = step_words()[task.step.measure.number, task.step.number or task.step.position]
    turn = turns[task.step_id] = turns.get(task.step_id, -1) + 1
    due = task.scheduled_on
    assert due is not None  # noqa: S101  (every period of the sample has an end)
    start = task.period_start if task.period_start and not task.cadences else None
    return Work(
        task=task,
        member=member,
        done_on=_done_on(task, due, start),
        result=words.result(turn, due, fiscal_year),
        words=words,
        noted_on=_CALENDAR.next_or_same(start + (due - start) * NOTE_AFTER) if words.note and start else None,
    )


def _done_on(task: Task, due: date, start: date | None) -> date:
    """Some days before a checkpoint, a few after it; within a long period anywhere in its later part."""
    chance = _chance(task)
    if start is not None:
        span = (due - start).days
        return _CALENDAR.previous_or_same(start + timedelta(int(span * (0.12 + 0.86 * chance))))
    if late := SLOW.get((task.units[0].name, task.step.position)):
        return _CALENDAR.next_or_same(due + timedelta(late))
    return _CALENDAR.previous_or_same(due + timedelta(int(chance * 10) - 7))


def _chance(task: Task) -> float:
    """Between 0 and 1, always the same for the same step, unit and checkpoint."""
    names: Iterable[str] = (unit.name for unit in task.units)
    key = f"{task.step.measure.number}.{task.step.number} {'/'.join(names)} {task.checkpoint_key[5:]}"
    return int.from_bytes(sha256(key.encode()).digest()[:4]) / 2**32
