"""What an executive asks: how far each measure and unit is, what is late and with whom, which light awaits the year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Date, and_, case, func, literal, select
from sqlalchemy.orm import Session

from admin.pages.overview.late_units import LateUnit, late_units
from admin.pages.overview.overview_data import Counts, Month, counts_by, light, year_by_unit
from tracker.forecast import Outlook, Standing, Tally, outlook, percent, time_gone
from tracker.kinds import OPEN_STATES, TaskState
from tracker.models import Completion, Measure, Plan, Task, TaskUnit, Unit
from tracker.models.plan import Step
from tracker.thai.calendar import RoundMonths, round_end

ROUNDS: tuple[RoundMonths, ...] = (6, 12)


@dataclass(frozen=True)
class Row:
    """A measure or a unit: its tasks, the share done, the share that has fallen due, and how it stands."""

    id: int
    number: int | None
    name: str
    counts: Counts
    standing: Standing

    @property
    def percent(self) -> int:
        return self.counts.percent

    @property
    def due_percent(self) -> int:
        return percent(self.counts.begun, self.counts.total)


@dataclass(frozen=True)
class Executive:
    plan: Plan
    all: Counts
    #: whole percent of the fiscal year that has passed
    gone: int
    measures: Sequence[Row]
    units: Sequence[Row]
    late_units: Sequence[LateUnit]
    outlooks: Sequence[Outlook]
    year: Sequence[tuple[str, Sequence[Month]]]


def executive(session: Session, plan: Plan, today: date) -> Executive:
    """Everything of the page; a fixed number of aggregates, whatever the number of tasks."""
    measures, units = _measures(session, plan, today), _units(session, plan, today)
    return Executive(
        plan=plan,
        all=sum((row.counts for row in measures), Counts()),
        gone=int(100 * time_gone(plan.fiscal_year, today)),
        measures=measures,
        units=units,
        late_units=late_units(session, plan, today),
        outlooks=_outlooks(session, plan, today),
        year=year_by_unit(session, plan, today),
    )


def _measures(session: Session, plan: Plan, today: date) -> list[Row]:
    counts = counts_by(session, plan, today, Step.measure_id)
    found = session.execute(
        select(Measure.id, Measure.number, Measure.title)
        .where(Measure.plan_id == plan.id, ~Measure.retired)
        .order_by(Measure.position)
    )
    return [_row(plan, today, id_, number, title, counts.get(id_, Counts())) for id_, number, title in found]


def _units(session: Session, plan: Plan, today: date) -> list[Row]:
    counts = counts_by(session, plan, today, TaskUnit.unit_id)
    found = session.execute(
        select(Unit.id, Unit.name).where(Unit.agency_id == plan.agency_id).order_by(Unit.position, Unit.id)
    )
    return [_row(plan, today, id_, None, name, counts[id_]) for id_, name in found if id_ in counts]


def _row(plan: Plan, today: date, id_: int, number: int | None, name: str, counts: Counts) -> Row:
    return Row(id_, number, name, counts, light(counts, plan.fiscal_year, today))


def _outlooks(session: Session, plan: Plan, today: date) -> list[Outlook]:
    """One query for both rounds."""
    done, to_do = Task.state == TaskState.DONE, Task.state.in_((*OPEN_STATES, TaskState.SUBMITTED))
    by_today = Task.due_on <= today
    columns = [
        func.count(),
        _count(Task.state == TaskState.NOT_POSSIBLE),
        _count(by_today),
        _count(and_(by_today, done)),
        _count(and_(by_today, to_do)),
    ]
    for round_ in ROUNDS:
        ends = round_end(plan.fiscal_year, round_)
        later = (
            select(Completion.id)
            .where(Completion.task_id == Task.id, Completion.withdrawn_at.is_(None), Completion.done_on > ends)
            .exists()
        )
        in_round = and_(done, ~later) if today > ends else done
        ahead = and_(to_do, Task.due_on > literal(today, Date), Task.due_on <= ends)
        columns += [_count(in_round), _count(ahead)]
    query = select(*columns).where(Task.plan_id == plan.id, Task.state != TaskState.CANCELLED)
    total, impossible, due, due_done, waiting, *by_round = map(int, session.execute(query).one())
    found = []
    for place, round_ in enumerate(ROUNDS):
        done_by, ahead_by = by_round[2 * place : 2 * place + 2]
        tally = Tally(total, done_by, impossible, due, due_done, waiting, ahead_by)
        found.append(outlook(tally, plan.fiscal_year, round_, today))
    return found


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
