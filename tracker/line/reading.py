"""Reads what a conversation is about from the database: the step, its occasions, last time's words, the standing."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.clock import local
from tracker.kinds import OPEN_STATES, TaskState
from tracker.line.linking import linked_members
from tracker.line.work import LastTime, Occasion, Work
from tracker.models import Agency, Completion, Event, Member, Plan, Task, TaskUnit
from tracker.reminders.short_step import short_step
from tracker.reminders.wording import due_words, occasion_label, short_day
from tracker.schedule import occasion_start
from tracker.services.access import may_tick, viewer_for
from tracker.thai.calendar import fiscal_year_start
from tracker.thai.numerals import to_thai

MOST_UNITS_NAMED = 3
"""Units that fit on one line of a card."""


def who_may_tick(session: Session, user_id: str, task: Task | None) -> Member | None:
    """The member of the task's agency whom this LINE account is, if the task is that person's to tick off."""
    if task is None:
        return None
    members = [member for member in linked_members(session, user_id) if member.agency_id == task.agency_id]
    return next((member for member in members if may_tick(viewer_for(session, member), task)), None)


def tasks_by_id(session: Session, ids: Sequence[int]) -> list[Task]:
    """The tasks that there still are, in the order of the ids."""
    found = {task.id: task for task in session.scalars(select(Task).where(Task.id.in_(ids)))}
    return [found[one] for one in ids if one in found]


def read_work(session: Session, tasks: Sequence[Task], today: date, page: str = "") -> Work:
    """What a conversation on these tasks of one step and party needs to know; there is at least one.

    ``page`` is the web page on which the first of them is answered; none for a reader who is on it.
    """
    first = tasks[0]
    plan = session.get_one(Plan, first.plan_id)
    return Work(
        step=short_step(first.step.short_name or first.title),
        unit=units_of(first),
        occasions=tuple(_occasion(task, today) for task in tasks),
        earliest=fiscal_year_start(plan.fiscal_year),
        today=today,
        page=page,
        last=_last_time(session, tasks),
        review=session.get_one(Agency, first.agency_id).review,
    )


def units_of(task: Task) -> str:
    """Whose task it is, on one line."""
    names = [unit.name for unit in task.units]
    more = to_thai(f" และอีก {len(names) - MOST_UNITS_NAMED}") if len(names) > MOST_UNITS_NAMED else ""
    return ", ".join(names[:MOST_UNITS_NAMED]) + more


def _occasion(task: Task, today: date) -> Occasion:
    on = task.scheduled_on
    starts_on = occasion_start(on, task.cadences) if on else None
    return Occasion(
        task_id=task.id,
        label=occasion_label(on or task.due_on, task.cadences),
        due_on=task.due_on,
        starts_on=starts_on,
        ends_on=on,
        due_words=due_words(task.due_on, today),
    )


def _last_time(session: Session, tasks: Sequence[Task]) -> LastTime | None:
    """This unit's last completion of the same step."""
    first = tasks[0]
    same = (
        Task.step_id == first.step_id,
        Task.party_key == first.party_key,
        Task.id.not_in([task.id for task in tasks]),
    )
    row = session.execute(
        select(Completion.result, Task.scheduled_on, Task.cadences)
        .join(Task, Task.id == Completion.task_id)
        .where(*same, Completion.withdrawn_at.is_(None), Task.state.in_((TaskState.DONE, TaskState.SUBMITTED)))
        .order_by(Task.scheduled_on.desc(), Completion.id.desc())
        .limit(1)
    ).first()
    return LastTime(occasion_label(row.scheduled_on, row.cadences), row.result, row.scheduled_on) if row else None


def standing(session: Session, task: Task, today: date) -> str:
    """How far the task's units are in its plan's year: ทำแล้ว ๑๒ จาก ๒๗ งาน เหลือค้าง ๒ งาน."""
    units = select(TaskUnit.unit_id).where(TaskUnit.task_id == task.id)
    own = select(TaskUnit.task_id).where(TaskUnit.unit_id.in_(units))
    rows = session.execute(
        select(Task.state, func.count(), func.count().filter(Task.due_on < today))
        .where(Task.plan_id == task.plan_id, Task.id.in_(own), Task.state != TaskState.CANCELLED)
        .group_by(Task.state)
    ).all()
    done = sum(count for state, count, _ in rows if state in (TaskState.DONE, TaskState.SUBMITTED))
    late = sum(past for state, _, past in rows if state in OPEN_STATES)
    left = f" เหลือค้าง {late} งาน" if late else ""
    return to_thai(f"{units_of(task)}ทำแล้ว {done} จาก {sum(count for _, count, _ in rows)} งาน{left}")


def why_closed(session: Session, task: Task, zone: ZoneInfo) -> str:
    """Why a task that is neither open nor done wants no answer: who said so, and when."""
    last = session.scalar(
        select(Event)
        .where(Event.task_id == task.id, Event.to_state == task.state)
        .order_by(Event.sequence.desc())
        .limit(1)
    )
    who = last.actor if last else "ผู้ประสานงาน"
    when = short_day(local(last.at, zone).date()) if last else ""
    if task.state == TaskState.NOT_POSSIBLE:
        return f"งานนี้บันทึกไว้แล้วว่าทำไม่ได้ {who} แจ้งเมื่อ {when}"
    return f"งานนี้ไม่ต้องทำแล้ว {who} แจ้งเมื่อ {when}"
