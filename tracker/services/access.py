"""The one place that scopes queries to the signed-in person (docs/rules.md, "Access").

Members see their own units' tasks, the coordinator and the executive their agency. An operator sees no agency's
content. Each query names the agency of every table whose rows it looks through, as a plain equality: only so a
database with thousands of agencies finds a few rows without going through all (tests/db/web/test_other_agencies.py).
"""

from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Select, bindparam, false, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.errors import ForbiddenError, NotFoundError
from tracker.kinds import RoleName, TaskState
from tracker.models import (
    Completion,
    Delivery,
    Event,
    Evidence,
    MailboxMessage,
    Member,
    Plan,
    ProgressNote,
    Task,
    TaskUnit,
    Unit,
)

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Viewer:
    """The signed-in person in one agency. ``unit_ids`` are the person's units with the units below them."""

    account_id: int
    member_id: int
    agency_id: int
    name: str
    coordinator: bool
    executive_rank: int | None
    unit_ids: frozenset[int]

    @property
    def sees_agency(self) -> bool:
        return self.coordinator or self.executive_rank is not None


def viewer_for(session: Session, member: Member) -> Viewer:
    """Who the member is, for every query after it: two queries, whatever the agency's size."""
    units = {role.unit_id for role in member.roles if role.unit_id is not None}
    ranks = [role.rank for role in member.roles if role.role == RoleName.EXECUTIVE]
    return Viewer(
        account_id=member.account_id or 0,
        member_id=member.id,
        agency_id=member.agency_id,
        name=member.name,
        coordinator=any(role.role == RoleName.COORDINATOR for role in member.roles),
        executive_rank=max(ranks) if ranks else None,
        unit_ids=_with_units_below(session, member.agency_id, units) if units else frozenset(),
    )


def of_agency(viewer: Viewer, model: type[Row], agency_id: InstrumentedAttribute[int]) -> Select[Row]:
    """Rows of the viewer's agency, for those who see all of it; none for others."""
    query = select(model)
    return query.where(agency_id == viewer.agency_id) if viewer.sees_agency else query.where(false())


def tasks_of(viewer: Viewer) -> Select[Task]:
    """The tasks that the viewer may see."""
    query = select(Task).where(Task.agency_id == viewer.agency_id)
    if viewer.sees_agency:
        return query
    return query.where(Task.id.in_(select(TaskUnit.task_id).where(TaskUnit.unit_id.in_(viewer.unit_ids))))


OWN_TASKS = select(Task).where(
    Task.agency_id == bindparam("viewer_agency"),
    Task.id.in_(select(TaskUnit.task_id).where(TaskUnit.unit_id.in_(bindparam("viewer_units", expanding=True)))),
)
PLANS = select(Plan).where(Plan.agency_id == bindparam("viewer_agency"))
"""For the statements of busy pages, which are built once: the viewer comes as ``parameters_of``."""


def parameters_of(viewer: Viewer) -> dict[str, object]:
    """The viewer for OWN_TASKS and PLANS."""
    return {"viewer_agency": viewer.agency_id, "viewer_units": list(viewer.unit_ids)}


def own_tasks_of(viewer: Viewer) -> Select[Task]:
    """The tasks of the viewer's own units, also for one who sees the whole agency."""
    return OWN_TASKS.params(parameters_of(viewer))


def owed_with(viewer: Viewer, task: Task) -> Select[Task]:
    """The other units' tasks of the same step and checkpoint; for names and states alone, never for content."""
    same = (Task.step_id == task.step_id, Task.checkpoint_key == task.checkpoint_key, Task.id != task.id)
    return select(Task).where(Task.agency_id == viewer.agency_id, *same, Task.state != TaskState.CANCELLED)


def plans_of(viewer: Viewer) -> Select[Plan]:
    """The plans of the viewer's agency: every member may read the plan, which is published."""
    return PLANS.params(parameters_of(viewer))


def evidence_of(viewer: Viewer) -> Select[Evidence]:
    """The evidence of the tasks that the viewer may see."""
    tasks = tasks_of(viewer).with_only_columns(Task.id)
    ours = viewer.agency_id
    completions = select(Completion.id).where(Completion.agency_id == ours, Completion.task_id.in_(tasks))
    notes = select(ProgressNote.id).where(ProgressNote.agency_id == ours, ProgressNote.task_id.in_(tasks))
    of_tasks = Evidence.completion_id.in_(completions) | Evidence.note_id.in_(notes)
    return select(Evidence).where(Evidence.agency_id == ours, of_tasks)


def deliveries_of(viewer: Viewer) -> Select[Delivery]:
    """The agency's deliveries, for those who see all of it."""
    return of_agency(viewer, Delivery, Delivery.agency_id)


def events_of(viewer: Viewer) -> Select[Event]:
    """The agency's record of changes, for those who see all of it."""
    return of_agency(viewer, Event, Event.agency_id)


def mailbox_of(viewer: Viewer) -> Select[MailboxMessage]:
    """The viewer's own messages; the coordinator sees those of the whole agency."""
    query = select(MailboxMessage).where(MailboxMessage.agency_id == viewer.agency_id)
    return query if viewer.coordinator else query.where(MailboxMessage.member_id == viewer.member_id)


def visible_task(session: Session, viewer: Viewer, task_id: int) -> Task:
    """The task; NotFoundError where it does not exist or is not the viewer's to see."""
    task = session.scalar(tasks_of(viewer).where(Task.id == task_id))
    if task is None:
        raise NotFoundError(f"There is no task {task_id}.", f"ไม่พบงานหมายเลข {task_id}")
    return task


def may_tick(viewer: Viewer, task: Task) -> bool:
    """Whether the viewer may record what was done: own units, and the coordinator for every unit."""
    if task.agency_id != viewer.agency_id:
        return False
    return viewer.coordinator or any(unit.id in viewer.unit_ids for unit in task.units)


def must_coordinate(viewer: Viewer) -> None:
    """Raises ForbiddenError unless the viewer is the coordinator."""
    if not viewer.coordinator:
        raise ForbiddenError("Only the coordinator may do this.", "เฉพาะผู้ประสานงานเท่านั้นที่ทำรายการนี้ได้")


def must_be_executive(viewer: Viewer) -> None:
    """Raises ForbiddenError unless the viewer is an executive."""
    if viewer.executive_rank is None:
        raise ForbiddenError("Only an executive may sign.", "เฉพาะผู้บริหารเท่านั้นที่ลงนามได้")


_PARENTS = select(Unit.id, Unit.parent_id).where(Unit.agency_id == bindparam("agency_id"))


def _with_units_below(session: Session, agency_id: int, units: set[int]) -> frozenset[int]:
    parents = session.execute(_PARENTS, {"agency_id": agency_id}).all()
    found = set(units)
    while below := {unit for unit, parent in parents if parent in found and unit not in found}:
        found |= below
    return frozenset(found)
