"""Turns a plan's steps into tasks for its units, and keeps them in step with the plan and the units.

Running it again changes nothing; after a change it adds what is missing, removes what nobody touched, and keeps every
moved date, completion and piece of evidence.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session, selectinload

from tracker.kinds import OPEN_STATES, NoticeKind, RoundState, TaskState, UnitKind
from tracker.models import Agency, GroupUnit, Measure, Plan, Round, Step, Task, TaskUnit, Unit
from tracker.models.plan import Period
from tracker.plan_import.parties import bracketed_aliases, fans_out, party_key
from tracker.reminders.notices import notify
from tracker.schedule import Checkpoint
from tracker.services.audit import Actor, lock, record
from tracker.services.tasks.task_list_hash import recorded_hash, task_list_hash, task_titles_hash

JOINT = "joint"
UNDATED = "undated"
_AT_ONCE = 500

Key = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Generated:
    """How many tasks a generation created, removed (nobody had touched them) and cancelled (somebody had)."""

    created: int = 0
    removed: int = 0
    cancelled: int = 0


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A task that the plan asks for."""

    step: Step
    party_key: str
    units: tuple[Unit, ...]
    checkpoint: Checkpoint | None

    @property
    def cadences(self) -> list[str]:
        return list(self.checkpoint.cadences) if self.checkpoint else []

    @property
    def on(self) -> date | None:
        return self.checkpoint.on if self.checkpoint else None

    @property
    def facts(self) -> tuple[str, list[str], date | None]:
        """Its words, its cadences and the start of its period."""
        return self.step.text, self.cadences, self.step.period.start

    @property
    def unit_ids(self) -> set[int]:
        return {unit.id for unit in self.units}

    @property
    def key(self) -> Key:
        return self.step.id, self.party_key, self.on.isoformat() if self.on else UNDATED


def generate_tasks(session: Session, plan: Plan, by: Actor, at: datetime) -> Generated:
    """Brings the plan's tasks in line with its steps, periods and units."""
    session.flush()
    lock(session, plan.agency_id)
    units = UnitBook(session, plan.agency_id)
    wanted = {task.key: task for step in _steps(session, plan) for task in _wanted(step, units)}
    standing = {(row.step_id, row.party_key, row.checkpoint_key): row for row in _standing(session, plan)}
    units_of = _units_of_open(session, plan)
    existing = _loaded(
        session,
        [
            row.id
            for key, row in standing.items()
            if key not in wanted or _differs(row, units_of.get(row.id), wanted[key])
        ],
    )
    _carry_over(session, existing, standing, wanted, by, at)
    removed = cancelled = 0
    for key, task in existing.items():
        if key in wanted:
            _bring_in_line(session, task, wanted[key], by, at)
        elif _untouched(task):
            session.delete(task)
            removed += 1
        elif task.state in OPEN_STATES:
            record(
                session,
                task.agency_id,
                "left_plan",
                by,
                at,
                task=task,
                from_state=task.state,
                to_state=TaskState.CANCELLED,
            )
            task.state, task.updated_at, task.next_stage_on = TaskState.CANCELLED, at, None
            cancelled += 1
    session.flush()
    new = [task for key, task in wanted.items() if key not in standing and key not in existing]
    assigned = _add(session, plan, new, at) if new else {}
    generated = Generated(len(new), removed, cancelled)
    _record(session, plan, generated, assigned, by, at)
    return generated


def _record(
    session: Session, plan: Plan, generated: Generated, assigned: Mapping[str, Sequence[int]], by: Actor, at: datetime
) -> None:
    """The record has what was made, for which units, and which tasks there are now, also where some went with their row
    of the plan."""
    session.flush()
    tasks, titles = task_list_hash(session, plan), task_titles_hash(session, plan)
    as_recorded = recorded_hash(session, plan) in (None, tasks) and recorded_hash(session, plan, "titles") in (
        None,
        titles,
    )
    if generated != Generated() or not as_recorded:
        record(
            session, plan.agency_id, "tasks_generated", by, at,
            fiscal_year=plan.fiscal_year, created=generated.created, removed=generated.removed,
            cancelled=generated.cancelled, tasks=tasks, titles=titles, assigned=dict(assigned),
        )  # fmt: skip


class UnitBook:
    """An agency's units by every name that documents call them."""

    def __init__(self, session: Session, agency_id: int) -> None:
        self._session = session
        self._agency_id = agency_id
        units = session.scalars(
            select(Unit)
            .where(Unit.agency_id == agency_id)
            .options(selectinload(Unit.aliases))
            .order_by(Unit.position, Unit.id)
        ).all()
        members = session.execute(
            select(GroupUnit.group_id, GroupUnit.unit_id).where(GroupUnit.agency_id == agency_id)
        ).all()
        self._units = {unit.id: unit for unit in units}
        self._by_name = {party_key(short): unit for unit in units for short in bracketed_aliases(unit.name)}
        self._by_name |= {alias.name_key: unit for unit in units for alias in unit.aliases}
        self._by_name |= {unit.name_key: unit for unit in units}
        self._groups: dict[int, list[Unit]] = {}
        for group_id, unit_id in members:
            self._groups.setdefault(group_id, []).append(self._units[unit_id])

    @property
    def names(self) -> list[str]:
        """Every name and alias, for splitting party cells."""
        return [name for unit in self._units.values() for name in (unit.name, *(alias.name for alias in unit.aliases))]

    def named(self, party: str) -> Unit | None:
        """The unit that the party names, by its name or an alias."""
        return self._by_name.get(party_key(party))

    def unit(self, party: str) -> Unit:
        """The unit that the party names; an unknown party becomes a unit without people."""
        unit = self.named(party)
        if unit is None:
            unit = Unit(
                agency_id=self._agency_id,
                name=party,
                name_key=party_key(party),
                kind=UnitKind.GROUP if fans_out(party) else kind_of(party),
                known=False,
                position=len(self._units) + 1,
            )
            self._session.add(unit)
            self._session.flush()
            self._units[unit.id] = self._by_name[unit.name_key] = unit
        return unit

    def expanded(self, party: str) -> list[Unit]:
        """The units that the party means: a group's units, else every known division, else the party itself."""
        unit = self.unit(party)
        return self.meant(party) or [unit]

    def meant(self, party: str) -> list[Unit]:
        """The known units that the party means: itself, or all that a group stands for; none of one nobody knows."""
        unit = self.named(party)
        if unit is not None and unit.kind != UnitKind.GROUP:
            return [unit]
        if unit is None and not fans_out(party):
            return []
        listed = self._groups.get(unit.id) if unit else None
        listed = listed or [one for one in self._units.values() if one.kind == UnitKind.DIVISION]
        return [one for one in listed if one.known and one.active]


def _steps(session: Session, plan: Plan) -> Iterable[Step]:
    return session.scalars(
        select(Step)
        .join(Measure)
        .where(Measure.plan_id == plan.id, ~Step.retired, ~Measure.retired)
        .options(selectinload(Step.measure))
        .order_by(Measure.position, Step.position)
    ).all()


def _wanted(step: Step, units: UnitBook) -> Iterator[_Wanted]:
    responsible = step.responsible
    parties = responsible.parties or ("ยังไม่ระบุผู้รับผิดชอบ",)
    expanded = list(dict.fromkeys(unit for party in parties for unit in units.expanded(party)))
    checkpoints = _checkpoints(step.period)
    for checkpoint in checkpoints:
        if responsible.mode == "each":
            for unit in expanded:
                yield _Wanted(step, f"u{unit.id}", (unit,), checkpoint)
        else:
            yield _Wanted(step, JOINT, tuple(expanded), checkpoint)


def _checkpoints(period: Period) -> tuple[Checkpoint | None, ...]:
    return period.read().checkpoints or (None,)


def _standing(session: Session, plan: Plan) -> Sequence[Row[Any]]:
    """The plan's tasks as rows of what may differ from the plan: a year has thousands, of which few ever do."""
    columns = (Task.id, Task.step_id, Task.party_key, Task.checkpoint_key, Task.title, Task.cadences)
    return session.execute(
        select(*columns, Task.period_start, Task.state, Task.reason_text, Task.reassigned).where(
            Task.plan_id == plan.id
        )
    ).all()


def _units_of_open(session: Session, plan: Plan) -> dict[int, set[int]]:
    units: dict[int, set[int]] = {}
    for task_id, unit_id in session.execute(
        select(TaskUnit.task_id, TaskUnit.unit_id)
        .join(Task)
        .where(Task.plan_id == plan.id, Task.state.in_(OPEN_STATES))
    ):
        units.setdefault(task_id, set()).add(unit_id)
    return units


def _differs(row: Row[Any], units: set[int] | None, wanted: _Wanted) -> bool:
    """Whether ``_bring_in_line`` has anything to do."""
    follows_plan = row.state in OPEN_STATES and not row.reassigned
    other_facts = (row.title, row.cadences, row.period_start) != wanted.facts
    return other_facts or _left_plan(row) or (follows_plan and units != wanted.unit_ids)


def _left_plan(task: Task | Row[Any]) -> bool:
    """Whether the plan cancelled the task, not the coordinator (who gives a reason)."""
    return task.state == TaskState.CANCELLED and task.reason_text is None


def _loaded(session: Session, ids: Sequence[int]) -> dict[Key, Task]:
    tasks: dict[Key, Task] = {}
    for start in range(0, len(ids), _AT_ONCE):
        for task in session.scalars(
            select(Task)
            .where(Task.id.in_(ids[start : start + _AT_ONCE]))
            .options(selectinload(Task.units), selectinload(Task.completions), selectinload(Task.notes))
            .execution_options(populate_existing=True)
        ):
            tasks[task.step_id, task.party_key, task.checkpoint_key] = task
    return tasks


def _add(session: Session, plan: Plan, new: Sequence[_Wanted], at: datetime) -> dict[str, list[int]]:
    """Stores new tasks; gives their ids by the ids of their units, as the record has them."""
    rows = [
        {
            "agency_id": plan.agency_id,
            "plan_id": plan.id,
            "step_id": one.step.id,
            "party_key": one.party_key,
            "checkpoint_key": one.key[2],
            "title": one.step.text,
            "scheduled_on": one.on,
            "due_on": one.on,
            "period_start": one.step.period.start,
            "cadences": one.cadences,
            "next_stage_on": date.min,
            "updated_at": at,
        }
        for one in new
    ]
    ids = session.scalars(insert(Task).returning(Task.id, sort_by_parameter_order=True), rows).all()
    session.execute(
        insert(TaskUnit),
        [{"task_id": task_id, "unit_id": unit.id} for task_id, one in zip(ids, new, strict=True) for unit in one.units],
    )
    assigned: dict[str, list[int]] = {}
    for task_id, one in zip(ids, new, strict=True):
        assigned.setdefault(",".join(map(str, sorted(one.unit_ids))), []).append(task_id)
    return assigned


def _carry_over(
    session: Session,
    existing: dict[Key, Task],
    standing: Collection[Key],
    wanted: Mapping[Key, _Wanted],
    by: Actor,
    at: datetime,
) -> None:
    """A step with one due day that moved keeps its task where somebody has touched it.

    What was recorded stands for the new day; an open task's due day follows unless the coordinator had moved it.
    ``scheduled_on`` stays, and ``checkpoint_key`` tells which day of the plan the task stands for.
    """
    days: dict[tuple[int, str], list[_Wanted]] = {}
    for one in wanted.values():
        days.setdefault(one.key[:2], []).append(one)
    tasks: dict[tuple[int, str], list[Task]] = {}
    for task in existing.values():
        tasks.setdefault((task.step_id, task.party_key), []).append(task)
    for place, found in tasks.items():
        if len(found) != 1 or len(days.get(place, ())) != 1:
            continue
        (task,), (one,) = found, days[place]
        if one.key in standing or _untouched(task) or task.cadences != one.cadences:
            continue
        del existing[task.step_id, task.party_key, task.checkpoint_key]
        _stand_for(session, task, one, by, at)
        existing[one.key] = task


def _stand_for(session: Session, task: Task, wanted: _Wanted, by: Actor, at: datetime) -> None:
    before = None if task.checkpoint_key == UNDATED else date.fromisoformat(task.checkpoint_key)
    on = wanted.on
    task.checkpoint_key = wanted.key[2]
    task.scheduled_on = task.scheduled_on or on
    if not task.is_open or task.due_on != before:
        return
    task.due_on, task.next_stage_on, task.updated_at = on, date.min, at
    moved = {"before": before and before.isoformat(), "after": on and on.isoformat()}
    state = task.state
    record(session, task.agency_id, "due_moved", by, at, task=task, from_state=state, to_state=state, **moved)


def _bring_in_line(session: Session, task: Task, wanted: _Wanted, by: Actor, at: datetime) -> None:
    """What may change under a task that stays: its words, its cadences, the joint units, and its return to the plan.

    Who did a task stays with it, and so do the coordinator's cancelling (which has a reason) and reassigning.
    """
    if (task.title, task.cadences, task.period_start) != wanted.facts:
        task.title, task.cadences, task.period_start = wanted.facts
        if task.is_open:  # of a closed one, it is the instant of closing
            task.updated_at = at
    if _left_plan(task):
        state = TaskState.IN_PROGRESS if task.notes else TaskState.PENDING
        record(
            session, task.agency_id, "back_in_plan", by, at, task=task, from_state=TaskState.CANCELLED, to_state=state
        )
        task.state, task.updated_at, task.next_stage_on = state, at, date.min
    if task.is_open and not task.reassigned and {unit.id for unit in task.units} != wanted.unit_ids:
        task.units = list(wanted.units)
        task.updated_at, task.next_stage_on = at, date.min
        names, after = [unit.name for unit in wanted.units], sorted(wanted.unit_ids)
        record(session, task.agency_id, "reassigned", by, at, task=task, units=names, after=after)
        notify(session, task, NoticeKind.REASSIGNED, f"เปลี่ยนผู้รับผิดชอบมาที่หน่วยงานของท่าน: {task.title}", at)


def _untouched(task: Task) -> bool:
    """Whether nobody ever had to do with the task: it may go without a trace."""
    nothing_said = task.reason_text is None and not task.completions and not task.notes
    as_planned = task.due_on == task.scheduled_on and not task.reassigned
    return task.state in (TaskState.PENDING, TaskState.CANCELLED) and nothing_said and as_planned


_KINDS = (
    ("คณะกรรมการ", UnitKind.COMMITTEE),
    ("คณะทำงาน", UnitKind.COMMITTEE),
    ("กอง", UnitKind.DIVISION),
    ("สำนัก", UnitKind.DIVISION),
)
_SECTIONS = ("งาน", "ฝ่าย", "กลุ่มงาน", "ส่วน", "ศูนย์")


def kind_of(party: str) -> UnitKind:
    """What kind of unit a party is, by the word that it begins with; เจ้าหน้าที่ฝ่าย X is the section."""
    name = party_key(party)
    for word, kind in _KINDS:
        if name.startswith(word):
            return kind
    return UnitKind.SECTION if name.startswith(_SECTIONS) else UnitKind.POSITION


def plans_in_service(session: Session, agency: Agency) -> list[Plan]:
    """The agency's plans whose tasks still follow its units: those without a closed twelve-month round."""
    closed = select(Round.plan_id).where(Round.number == 12, Round.state == RoundState.CLOSED)
    return list(session.scalars(select(Plan).where(Plan.agency_id == agency.id, Plan.id.not_in(closed))))
