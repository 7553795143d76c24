"""“งานของฉัน”: a member's own open tasks as the digest shows them, on request and free of the quota."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, selectinload

from tracker.channels.email.done_link import DoneLinks
from tracker.channels.line.flex_parts import flex
from tracker.channels.reading_link import ReadingLinks
from tracker.kinds import OPEN_STATES, RoundState, TaskState
from tracker.line.standing_cards import late_units_card, nothing_presses, presses
from tracker.models import Measure, Member, Plan, Round, Step, Task
from tracker.reminders.flex import alt_text_of, flex_of
from tracker.reminders.rows import rows_of
from tracker.reminders.signatures import waiting_reports
from tracker.reminders.stages import Stage, needs_sweep
from tracker.reminders.view import Item, View
from tracker.services.access import Viewer, own_tasks_of, viewer_for
from tracker.services.tasks.unit_standing import late_units

AHEAD = timedelta(days=45)
"""A month and a half: the next occasion of a monthly step is always in it; a list of the year would fill the chat."""
SOON = timedelta(days=7)
"""What is due within it presses, as the first reminder before a monthly day does."""
_FAR = 9_999
"""Days until a task without a due day: after all that have one."""


@dataclass(frozen=True, slots=True)
class SentTo:
    """The message whose links these are: to whom, at which address, on which day."""

    member: Member
    address: str
    sent_on: date


def own_tasks(
    session: Session, member: Member, day: date, base_url: str, key: str, *, skip: int = 0, listed: bool = False
) -> dict[str, Any] | None:
    """A Flex message of what is late, due by ``AHEAD`` or undated, beyond the first ``skip`` rows. Where nothing
    presses and it is not to be ``listed``: the next task, to a superior the units that are late. None: nothing to tell.
    """
    sent = SentTo(member, member.line_user_id or "", day)
    view = own_view(session, sent, day, base_url, key)
    if not (listed or skip or presses(view, day + SOON)):
        return _without_pressing_tasks(session, sent, view, key, day)
    near = replace(view, items=tuple(one for one in view.items if one.due_on is None or one.due_on <= day + AHEAD))
    if skip >= len(rows_of(near)):
        return None
    return flex(alt_text_of(near), flex_of(near, key, skip=skip))


def superior_s_view(session: Session, member: Member, day: date, base_url: str, key: str) -> dict[str, Any] | None:
    """For a superior, whatever the own tasks: what waits for the signature and which units are late; else None."""
    viewer = viewer_for(session, member)
    if not viewer.sees_agency:
        return None
    view = own_view(session, SentTo(member, member.line_user_id or "", day), day, base_url, key)
    return _who_is_late(session, viewer, view, day, says_none=viewer.executive_rank is not None)


def _without_pressing_tasks(session: Session, sent: SentTo, view: View, key: str, day: date) -> dict[str, Any] | None:
    member = sent.member
    viewer = viewer_for(session, member)
    if view.items or not viewer.sees_agency:
        return nothing_presses(session, member, view, key) if view.items else None
    return _who_is_late(session, viewer, view, day)


def _who_is_late(session: Session, viewer: Viewer, view: View, day: date, *, says_none: bool = False) -> dict[str, Any]:
    reports = waiting_reports(session, [viewer.agency_id])[viewer.agency_id] if viewer.executive_rank else []
    return late_units_card(late_units(session, viewer, day), reports, view.all_url, says_none=says_none)


def own_view(session: Session, sent: SentTo, day: date, base_url: str, key: str) -> View:
    """A member's own open tasks as a digest would tell them on the day."""
    member = sent.member
    agency, account = member.agency, member.account
    tasks = session.execute(
        own_tasks_of(viewer_for(session, member))
        .add_columns(Plan.fiscal_year)
        .join(Task.step)
        .join(Step.measure)
        .join(Plan, Plan.id == Task.plan_id)
        .where(
            Task.state.in_(OPEN_STATES),
            Plan.id.not_in(select(Round.plan_id).where(Round.number == 12, Round.state == RoundState.CLOSED)),
        )
        .options(contains_eager(Task.step).contains_eager(Step.measure), selectinload(Task.units))
        .order_by(Measure.position, Task.id)
    ).all()
    served = [(task, year) for task, year in tasks if needs_sweep(year, day, closed=False)]
    links, address, sent_on = DoneLinks(key), sent.address, sent.sent_on
    units = list(dict.fromkeys(role.unit.name for role in member.roles if role.unit))
    several = len(units) > 1
    return View(
        name=member.name,
        agency=agency.name,
        day=day,
        items=tuple(_item(task, year, day, with_units=several) for task, year in served),
        base_url=base_url,
        done_urls={
            task.id: links.page(base_url, member.id, task.id, sent_on, address) for task, _ in served if address
        },
        list_url=ReadingLinks(key).page(base_url, member.id, "tasks", 0, sent_on, address) if address else "",
        thai_digits=account.thai_digits if account else agency.thai_digits,
        units="" if several else "".join(units),
    )


def _item(task: Task, fiscal_year: int, day: date, *, with_units: bool) -> Item:
    return Item(
        task_id=task.id,
        measure=task.step.measure.number,
        measure_title=task.step.measure.title,
        step_id=task.step_id,
        step=task.step.short_name or task.title,
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
