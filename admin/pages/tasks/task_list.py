"""A head's list: the tasks of own units by urgency, each with its words, its year and who else owes it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Date, bindparam, case, func, select
from sqlalchemy.orm import Session, joinedload, lazyload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from admin.pages.tasks.task_rows import TaskRow, read_rows, row_of, rows_query
from admin.web.formatting import countdown, day, done_of, number, occasion, place_in_plan
from admin.web.language import gettext, ngettext
from tracker.kinds import OPEN_STATES, RoundState, TaskState
from tracker.models import Measure, Plan, Round, Step, Task
from tracker.reminders.stages import needs_sweep
from tracker.services.access import OWN_TASKS, Viewer, parameters_of

SOON = timedelta(days=7)
Siblings = dict[tuple[int, str], tuple[int, int]]


@dataclass(frozen=True)
class Dot:
    """One checkpoint of a step's year."""

    tone: str
    label: str
    here: bool


@dataclass(frozen=True)
class Card:
    """One task as a card says it."""

    id: int
    title: str
    tone: str
    place: Sequence[str]
    when: str
    return_note: str | None = None
    dots: Sequence[Dot] = ()
    tickable: bool = False
    urgent: bool = False
    brief: bool = False
    more: list["Card"] = field(default_factory=list)
    """The later checkpoints of the same step that are late as well."""


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    tone: str
    cards: list[Card] = field(default_factory=list)

    @property
    def tasks(self) -> int:
        return sum(1 + len(card.more) for card in self.cards)

    @property
    def count(self) -> str:
        return ngettext("%(n)s task", "%(n)s tasks", self.tasks, n=number(self.tasks))


@dataclass(frozen=True)
class TaskList:
    fiscal_year: int
    done: int
    total: int
    sections: Sequence[Section]

    def _urgent(self, tone: str) -> int:
        """How many of the tasks to be done first have the tone, those sent back among them."""
        first = [
            card for section in self.sections if section.key in ("returned", "late", "week") for card in section.cards
        ]
        return sum(1 + len(card.more) for card in first if card.tone == tone)

    @property
    def headline(self) -> str:
        """The page's sentence: the next thing to do, in words."""
        late, soon = self._urgent("late"), self._urgent("soon")
        parts = []
        if late:
            parts.append(ngettext("%(n)s task late", "%(n)s tasks late", late, n=number(late)))
        if soon:
            parts.append(ngettext("%(n)s task left this week", "%(n)s tasks left this week", soon, n=number(soon)))
        if parts:
            return ", ".join(parts)
        returned = sum(section.tasks for section in self.sections if section.key == "returned")
        if returned:
            return ngettext(
                "%(n)s task sent back to be corrected",
                "%(n)s tasks sent back to be corrected",
                returned,
                n=number(returned),
            )
        if any(section.cards for section in self.sections if section.key == "next"):
            return gettext("Nothing is due this week")
        return gettext("Everything is done")


_OWN_ROWS = rows_query(OWN_TASKS.where(Task.plan_id == bindparam("plan"), Task.state != TaskState.CANCELLED))
_LATE_OF_PLANS = (
    OWN_TASKS.join(Plan, Plan.id == Task.plan_id)
    .with_only_columns(Plan.fiscal_year, func.count())
    .where(
        Task.plan_id.in_(bindparam("plans", expanding=True)),
        Task.plan_id.not_in(select(Round.plan_id).where(Round.number == 12, Round.state == RoundState.CLOSED)),
        Task.state.in_(OPEN_STATES),
        Task.due_on < bindparam("today", type_=Date),
    )
    .group_by(Plan.fiscal_year)
    .order_by(Plan.fiscal_year)
)
_SIBLINGS = (
    select(Task.step_id, Task.checkpoint_key, func.sum(case((Task.state == TaskState.DONE, 1), else_=0)), func.count())
    .where(Task.plan_id == bindparam("plan"), Task.state != TaskState.CANCELLED)
    .group_by(Task.step_id, Task.checkpoint_key)
)


def own_list(session: Session, viewer: Viewer, plan: Plan, today: date) -> TaskList:
    """The viewer's own tasks of a plan: two queries, whatever their number."""
    tasks = read_rows(session, _OWN_ROWS, {**parameters_of(viewer), "plan": plan.id})
    siblings = siblings_of(session, plan)
    by_row = defaultdict(list)
    for task in tasks:
        by_row[task.step_id, task.party_key].append(task)
    sections = {section.key: section for section in _sections()}
    shown: set[tuple[int, str]] = set()
    late: dict[tuple[int, str], Card] = {}
    for task in tasks:
        row = task.step_id, task.party_key
        key = _section_of(task, today)
        if key == "next" and row in shown:
            key = "later"
        shown |= {row} if task.is_open else set()
        dots = dots_of(by_row[row], task.id, today) if key in ("returned", "late", "week", "next") else ()
        card = _card(task, dots, siblings, viewer, today)
        if key == "late" and row in late:
            late[row].more.append(card)
            continue
        late |= {row: card} if key == "late" else {}
        sections[key].cards.append(card)
    done = sum(task.state == TaskState.DONE for task in tasks)
    return TaskList(plan.fiscal_year, done, len(tasks), list(sections.values()))


def late_of_others(
    session: Session, viewer: Viewer, plans: Sequence[Plan], shown: Plan, today: date
) -> list[tuple[int, int]]:
    """The other fiscal years of which the viewer is still reminded, with how many own tasks are late; a query at most.

    On 1 October the list begins anew, while what was due on 30 September is still owed.
    """
    served = [plan.id for plan in plans if plan is not shown and needs_sweep(plan.fiscal_year, today, closed=False)]
    if not served:
        return []
    parameters = {**parameters_of(viewer), "plans": served, "today": today}
    return [(fiscal_year, count) for fiscal_year, count in session.execute(_LATE_OF_PLANS, parameters)]


def with_places() -> tuple[ORMOption, ...]:
    """What a task needs to be named: its step, measure and units, without their periods."""
    step = joinedload(Task.step)
    return (
        step.lazyload(Step.own_period),
        step.joinedload(Step.measure).options(lazyload(Measure.period)),
        selectinload(Task.units),
    )


def siblings_of(session: Session, plan: Plan) -> Siblings:
    """Of how many tasks of a step's checkpoint, over all its parties, how many are done; counts, no content."""
    rows = session.execute(_SIBLINGS, {"plan": plan.id})
    return {(step_id, checkpoint_key): (done, total) for step_id, checkpoint_key, done, total in rows}


def tone_of(task: Task | TaskRow, today: date) -> str:
    """late, soon, done, waiting or nothing: the colour that goes with the words."""
    if task.state == TaskState.DONE:
        return "done"
    if task.state == TaskState.SUBMITTED:
        return "waiting"
    if not task.is_open or task.due_on is None:
        return ""
    if task.due_on < today:
        return "late"
    return "soon" if task.due_on <= today + SOON else ""


def place_of(task: Task | TaskRow, *, units: bool = False) -> list[str]:
    """มาตรการ ๓ · ขั้นตอน ๒ · รอบเดือนกุมภาพันธ์, with the units where they matter."""
    row = _row(task)
    place = [*place_in_plan(row.measure_number, row.step_number or row.step_position)]
    if words := occasion(row.scheduled_on, row.cadences):
        place.append(words)
    if units or len(row.units) > 1:
        place.append(", ".join(row.units) or gettext("nobody yet"))
    return place


def when_of(task: Task | TaskRow, today: date) -> str:
    """The chip's words: until when while the task is open, else how it ended."""
    if task.state == TaskState.DONE and (done_on := _row(task).done_on):
        return gettext("Done on %(day)s", day=day(done_on, "short"))
    if task.state == TaskState.SUBMITTED:
        return gettext("Waiting for review")
    if task.state == TaskState.NOT_POSSIBLE:
        return gettext("Not possible")
    return countdown(task.due_on, today)


def dots_of(tasks: Iterable[TaskRow], here_id: int, today: date) -> list[Dot]:
    """The checkpoints of one step and party over the year, in order."""
    return [
        Dot(tone_of(task, today), f"{day(task.due_on, 'brief')}: {when_of(task, today)}", task.id == here_id)
        for task in tasks
    ]


def dots_words(dots: Sequence[Dot]) -> str:
    """The dots in words, for those who do not see them."""
    tones = Counter(dot.tone for dot in dots)
    words = gettext("%(done)s of %(total)s checkpoints done", done=number(tones["done"]), total=number(len(dots)))
    if tones["late"]:
        words += ", " + gettext("%(n)s late", n=number(tones["late"]))
    return words


def _sections() -> list[Section]:
    return [
        Section("returned", gettext("Sent back to be corrected"), "soon"),
        Section("late", gettext("Late"), "late"),
        Section("week", gettext("This week"), "soon"),
        Section("next", gettext("Next"), ""),
        Section("waiting", gettext("Waiting for review"), ""),
        Section("later", gettext("Later this year"), ""),
        Section("done", gettext("Done"), "done"),
    ]


def _section_of(task: TaskRow, today: date) -> str:
    if task.state == TaskState.SUBMITTED:
        return "waiting"
    if not task.is_open:
        return "done"
    if task.state == TaskState.RETURNED:
        return "returned"
    return {"late": "late", "soon": "week"}.get(tone_of(task, today), "next")


def _card(task: TaskRow, dots: Sequence[Dot], siblings: Siblings, viewer: Viewer, today: date) -> Card:
    place = place_of(task, units=len(viewer.unit_ids) > 1)
    if task.state == TaskState.IN_PROGRESS:
        place.append(gettext("Under way"))
    done, total = siblings[task.step_id, task.checkpoint_key]
    if total > 1:
        party, share = task.party.strip(), done_of(done, total)
        place.append(f"{party}: {share}" if len(party) <= 40 else share)
    tone = tone_of(task, today)
    return Card(
        id=task.id,
        title=task.title,
        tone=tone,
        place=place,
        when=when_of(task, today),
        return_note=task.return_note,
        dots=dots,
        tickable=task.is_open and bool(dots),
        urgent=tone in ("late", "soon"),
        brief=not dots,
    )


def _row(task: Task | TaskRow) -> TaskRow:
    return task if isinstance(task, TaskRow) else row_of(task)
