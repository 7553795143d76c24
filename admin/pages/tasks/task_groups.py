"""The task list in groups: which rows a page shows in which order, what each group's head says, what is folded away."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, not_, select
from sqlalchemy.orm import Session

from admin.pages.tasks.task_list import SOON, Dot
from admin.web.formatting import countdown, day, month_words
from admin.web.language import gettext
from admin.web.pager import Pager
from tracker.kinds import OPEN_STATES, TaskState
from tracker.models import Completion, Evidence, Measure, Plan, Reminder, Step, Task, TaskUnit, Unit
from tracker.thai.calendar import fiscal_year_end, fiscal_year_start, months_between

FAR = timedelta(days=45)
"""An open task that is due later is folded away: nobody works on it yet."""
MONTHS_FOR_DOTS = 7
"""A step whose tasks fall due in as many months comes round monthly (every second month would be six)."""
_NEVER = date(9999, 12, 31)
_STATE_ORDER = {state: place for place, state in enumerate(TaskState)}


@dataclass
class Group:
    """Rows under one head: ``key`` is the step's or the unit's id, or the day; ``later`` counts what is folded away."""

    key: Any
    name: str
    number: str = ""
    done: int = 0
    total: int = 0
    dots: Sequence[Dot] = ()
    later: int = 0
    ids: list[int] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return f"group-{self.key}"


def folded(today: date, opened: Sequence[int]) -> ColumnElement[bool]:
    """Which tasks are folded away: open, due later than FAR, and not of a step that was opened."""
    far = and_(Task.state.in_(OPEN_STATES), Task.due_on > today + FAR)
    return and_(far, Task.step_id.not_in(opened)) if opened else far


def page_of(session: Session, tasks: Select[Task], group: str, sort: str, pager: Pager) -> list[tuple[Any, int]]:
    """The page's tasks with the key of their group, in order: the group that the sorting puts first leads."""
    key, down = _SORTS[sort.lstrip("-")], sort.startswith("-")
    by = _group_key(group)
    lead = (func.max if down else func.min)(key).over(partition_by=by)
    first = [lead.desc() if down else lead] if group != "none" else []
    place = {"step": [Measure.position, Step.position, by], "none": []}.get(group, [by])
    query = (
        tasks.with_only_columns(by.label("of_group"), Task.id)
        .join(Task.step)
        .join(Step.measure)
        .order_by(*first, *place, key.desc() if down else key, _DUE, _UNIT_PLACE, Task.id)
    )
    return [(key_, id_) for key_, id_ in session.execute(pager.rows(query))]


def groups_of(
    session: Session,
    plan: Plan,
    group: str,
    page: Sequence[tuple[Any, int]],
    later: Mapping[int, int],
    today: date,
) -> list[Group]:
    """The page's groups in the order of its rows, with their heads; then the steps of which all is folded away."""
    keys = list(dict.fromkeys([key for key, _ in page] + list(later if group == "step" else ())))
    if group == "step":
        found = _steps(session, plan, keys, today)
        for key, count in later.items():
            found[key].later = count
    else:
        found = _counted(session, plan, group, keys, today)
    for key, id_ in page:
        found[key].ids.append(id_)
    return [found[key] for key in keys if key in found]


def later_by_step(session: Session, tasks: Select[Task], fold: ColumnElement[bool]) -> dict[int, int]:
    """How many tasks are folded away of each step, the step whose next one comes first leading."""
    rows = session.execute(
        tasks.where(fold)
        .with_only_columns(Task.step_id, func.count(), func.min(Task.due_on))
        .group_by(Task.step_id)
        .order_by(func.min(Task.due_on), Task.step_id)
    )
    return {step_id: count for step_id, count, _ in rows}


def kept(tasks: Select[Task], fold: ColumnElement[bool] | None) -> Select[Task]:
    """The tasks that are not folded away."""
    return tasks if fold is None else tasks.where(not_(func.coalesce(fold, False)))


_DUE = func.coalesce(Task.due_on, literal(_NEVER))
_UNIT_PLACE = (
    select(func.min(Unit.position))
    .join(TaskUnit, TaskUnit.unit_id == Unit.id)
    .where(TaskUnit.task_id == Task.id)
    .correlate(Task)
    .scalar_subquery()
)
_FIRST_UNIT = (
    select(Unit.id)
    .join(TaskUnit, TaskUnit.unit_id == Unit.id)
    .where(TaskUnit.task_id == Task.id)
    .order_by(Unit.position, Unit.id)
    .limit(1)
    .correlate(Task)
    .scalar_subquery()
)
_SORTS: dict[str, Any] = {
    "due": _DUE,
    "unit": func.coalesce(_UNIT_PLACE, 2**31 - 1),
    "occasion": func.coalesce(Task.scheduled_on, literal(_NEVER)),
    "state": case(_STATE_ORDER, value=Task.state, else_=len(_STATE_ORDER)),
    "said": Task.updated_at,
    "reminded": select(func.count(Reminder.stage.distinct()))
    .where(Reminder.task_id == Task.id)
    .correlate(Task)
    .scalar_subquery(),
    "evidence": select(func.count(Evidence.id))
    .join(Completion)
    .where(Completion.task_id == Task.id, Completion.withdrawn_at.is_(None))
    .correlate(Task)
    .scalar_subquery(),
}


def _group_key(group: str) -> Any:
    return {"step": Task.step_id, "unit": func.coalesce(_FIRST_UNIT, 0), "due": _DUE, "none": literal(0)}[group]


def _steps(session: Session, plan: Plan, ids: Sequence[int], today: date) -> dict[Any, Group]:
    """The steps' heads with the year of each; two queries."""
    names = session.execute(
        select(Step.id, Step.text, Step.number, Step.position, Measure.number)
        .join(Step.measure)
        .where(Step.id.in_(ids))
    )
    found: dict[Any, Group] = {
        id_: Group(id_, text, f"{measure}.{number or position}") for id_, text, number, position, measure in names
    }
    months: dict[int, dict[date, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    rows = session.execute(
        select(Task.step_id, Task.scheduled_on, Task.due_on, Task.state, func.count())
        .where(Task.plan_id == plan.id, Task.step_id.in_(ids), Task.state != TaskState.CANCELLED)
        .group_by(Task.step_id, Task.scheduled_on, Task.due_on, Task.state)
    )
    for step_id, scheduled_on, due_on, state, count in rows:
        head = found[step_id]
        head.total += count
        head.done += count if state == TaskState.DONE else 0
        if scheduled_on is not None:
            month = months[step_id][scheduled_on.replace(day=1)]
            month["total"] += count
            month[_tone(state, due_on, today)] += count
    for step_id, of_step in months.items():
        if len(of_step) >= MONTHS_FOR_DOTS:
            found[step_id].dots = _dots(of_step, plan.fiscal_year)
    return found


def _tone(state: str, due_on: date | None, today: date) -> str:
    if state == TaskState.DONE:
        return "done"
    if state not in OPEN_STATES or due_on is None or due_on > today + SOON:
        return ""
    return "late" if due_on < today else "soon"


def _dots(months: Mapping[date, Counter[str]], fiscal_year: int) -> list[Dot]:
    """October to September; red where at least one unit is late."""
    dots = []
    for year, month in months_between(fiscal_year_start(fiscal_year), fiscal_year_end(fiscal_year)):
        first = date(year, month, 1)
        count = months.get(first, Counter())
        if count["late"]:
            tone = "late"
        elif count["total"] and count["done"] == count["total"]:
            tone = "done"
        else:
            tone = "soon" if count["soon"] else "part" if count["done"] else "" if count["total"] else "none"
        words = month_words(count["total"], count["done"], count["late"])
        dots.append(Dot(tone, f"{day(first, 'month')}: {words}", here=False))
    return dots


def _counted(session: Session, plan: Plan, group: str, keys: Sequence[Any], today: date) -> dict[Any, Group]:
    """The heads of units or days; two queries at most."""
    of_plan = select(Task).where(Task.plan_id == plan.id, Task.state != TaskState.CANCELLED)
    tasks = of_plan.with_only_columns(_group_key(group).label("of_group"), Task.state).subquery()
    done = func.sum(case((tasks.c.state == TaskState.DONE, 1), else_=0))
    rows = session.execute(
        select(tasks.c.of_group, done, func.count()).where(tasks.c.of_group.in_(keys)).group_by(tasks.c.of_group)
    )
    counts = {key: (int(done_), total) for key, done_, total in rows}
    names: dict[Any, str] = {}
    if group == "unit":
        units = session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(keys)))
        names = {0: gettext("nobody yet"), **dict(units.all())}
    elif group == "due":
        names = {key: countdown(None if key == _NEVER else key, today) for key in keys}
    return {key: Group(key, names.get(key, ""), "", *counts.get(key, (0, 0))) for key in keys}
