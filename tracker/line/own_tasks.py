"""“งานของฉัน”: a member's own open tasks as the digest shows them, on request and free of the quota."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from tracker.channels.email.done_link import DoneLinks
from tracker.channels.line.flex_parts import flex
from tracker.kinds import OPEN_STATES, RoundState, TaskState
from tracker.models import Measure, Member, Plan, Round, Step, Task
from tracker.reminders.digest import Item, View
from tracker.reminders.flex import alt_text_of, flex_of
from tracker.reminders.rows import rows_of
from tracker.reminders.stages import Stage, needs_sweep
from tracker.services.access import own_tasks_of, viewer_for

AHEAD = timedelta(days=45)
"""A month and a half: the next occasion of a monthly step is always in it; a list of the year would fill the chat."""
_FAR = 9_999
"""Days until a task without a due day: after all that have one."""


def own_tasks(
    session: Session, member: Member, day: date, base_url: str, key: str, *, skip: int = 0
) -> dict[str, Any] | None:
    """A Flex message of what is late, due by ``AHEAD`` or undated, beyond the first ``skip`` rows; None where there is
    nothing."""
    agency, account = member.agency, member.account
    viewer = viewer_for(session, member)
    tasks = session.execute(
        own_tasks_of(viewer)
        .add_columns(Plan.fiscal_year)
        .join(Task.step)
        .join(Step.measure)
        .join(Plan, Plan.id == Task.plan_id)
        .where(
            Task.state.in_(OPEN_STATES),
            or_(Task.due_on.is_(None), Task.due_on <= day + AHEAD),
            Plan.id.not_in(select(Round.plan_id).where(Round.number == 12, Round.state == RoundState.CLOSED)),
        )
        .options(contains_eager(Task.step).contains_eager(Step.measure), selectinload(Task.units))
        .order_by(Measure.position, Task.id)
    ).all()
    served = [(task, year) for task, year in tasks if needs_sweep(year, day, closed=False)]
    if not served:
        return None
    links, address = DoneLinks(key), member.line_user_id
    units = list(dict.fromkeys(role.unit.name for role in member.roles if role.unit))
    several = len(units) > 1
    view = View(
        name=member.name,
        agency=agency.name,
        day=day,
        items=tuple(_item(task, year, day, with_units=several) for task, year in served),
        base_url=base_url,
        done_urls={task.id: links.page(base_url, member.id, task.id, day, address) for task, _ in served if address},
        thai_digits=account.thai_digits if account else agency.thai_digits,
        units="" if several else "".join(units),
    )
    if skip >= len(rows_of(view)):
        return None
    return flex(alt_text_of(view), flex_of(view, key, skip=skip))


def _item(task: Task, fiscal_year: int, day: date, *, with_units: bool) -> Item:
    return Item(
        task_id=task.id,
        measure=task.step.measure.number,
        measure_title=task.step.measure.title,
        step_id=task.step_id,
        step=task.title,
        fiscal_year=fiscal_year,
        due_on=task.due_on,
        cadences=tuple(task.cadences),
        stage=_stage(task.due_on, day),
        units=", ".join(unit.name for unit in task.units) if with_units else "",
        note=(task.return_note or "") if task.state == TaskState.RETURNED else "",
    )


def _stage(due_on: date | None, day: date) -> Stage:
    """Where the task stands on the day, whether or not a reminder goes out on it."""
    days = (due_on - day).days if due_on else _FAR
    if days < 0:
        return Stage("overdue", -days, f"overdue:{-days}")
    return Stage("upcoming", days, f"upcoming:{days}") if days else Stage("due", 0, "due")
