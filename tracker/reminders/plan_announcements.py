"""At the start of a plan each head gets the year's tasks once: one notice per head, which the next digest carries."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.clock import local
from tracker.kinds import OPEN_STATES, NoticeKind, RoleName
from tracker.models import Agency, Measure, Member, Notice, Plan, Role, Step, Task, TaskUnit
from tracker.reminders.sweep import AGENCIES_A_BATCH, batches
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.thai.calendar import fiscal_year_of, format_date
from tracker.thai.numerals import to_thai

KIND = NoticeKind.PLAN_STARTED


def announce_plans(database: Database, settings: Settings, at: datetime) -> int:
    """Writes the notices that are missing for this fiscal year's plans; says how many.

    Safe to repeat and to run twice at once. A head who comes later, or whose unit gets its first task later, is told
    then. What it costs follows the number of heads, not of tasks.
    """
    day = local(at, settings.zone).date()
    year = fiscal_year_of(day)
    with database.reading() as session:
        agencies = session.scalars(_agencies(year, day)).all()
    written = 0
    for batch in batches(agencies, AGENCIES_A_BATCH):
        with database.writing() as session:
            written += announce(session, batch, year, at)
    return written


def announce(session: Session, agency_ids: Collection[int], year: int, at: datetime) -> int:
    """Writes what is missing in these agencies; says how many notices."""
    session.execute(select(Agency.id).where(Agency.id.in_(agency_ids)).order_by(Agency.id).with_for_update())
    by_member: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in session.execute(_by_measure(agency_ids, year)):
        by_member[row.agency_id, row.member_id].append(row)
    for (agency_id, member_id), measures in by_member.items():
        session.add(
            Notice(
                agency_id=agency_id,
                member_id=member_id,
                kind=KIND,
                text=_words(measures, year),
                path=_path(year),
                created_at=at,
            )
        )
    return len(by_member)


def _uninformed(year: int) -> Select[Any]:
    """Heads (deputies of units without one) whom no notice has told of the year's plan yet."""
    head, its_member = aliased(Role), aliased(Member)
    has_head = exists().where(
        head.unit_id == Role.unit_id, head.role == RoleName.HEAD, its_member.id == head.member_id, its_member.active
    )
    informed = exists().where(Notice.member_id == Role.member_id, Notice.kind == KIND, Notice.path == _path(year))
    return (
        select(Role)
        .join(Member, and_(Member.id == Role.member_id, Member.active))
        .join(Plan, and_(Plan.agency_id == Role.agency_id, Plan.fiscal_year == year))
        .where(or_(Role.role == RoleName.HEAD, and_(Role.role == RoleName.DEPUTY, ~has_head)), ~informed)
    )


def _agencies(year: int, day: date) -> Select[Any]:
    """The agencies that remind by the day, with an untold head who has an open task."""
    has_tasks = exists().where(
        TaskUnit.unit_id == Role.unit_id,
        Task.id == TaskUnit.task_id,
        Task.plan_id == Plan.id,
        Task.state.in_(OPEN_STATES),
    )
    reminding = select(Agency.id).where(Agency.reminders_from <= day)
    untold = _uninformed(year).where(has_tasks, Role.agency_id.in_(reminding))
    return untold.with_only_columns(Role.agency_id).distinct().order_by(Role.agency_id)


def _by_measure(agency_ids: Collection[int], year: int) -> Select[int, int, int, str, int, date | None, date | None]:
    """Each waiting head's open tasks by measure: how many, the first and the last due day."""
    return (
        _uninformed(year)
        .with_only_columns(
            Role.agency_id,
            Role.member_id,
            Measure.number,
            Measure.title,
            func.count(Task.id.distinct()).label("tasks"),
            func.min(Task.due_on).label("first"),
            func.max(Task.due_on).label("last"),
        )
        .join(TaskUnit, TaskUnit.unit_id == Role.unit_id)
        .join(Task, and_(Task.id == TaskUnit.task_id, Task.plan_id == Plan.id, Task.state.in_(OPEN_STATES)))
        .join(Step, Step.id == Task.step_id)
        .join(Measure, Measure.id == Step.measure_id)
        .where(Role.agency_id.in_(agency_ids))
        .group_by(Role.agency_id, Role.member_id, Measure.id, Measure.position, Measure.number, Measure.title)
        .order_by(Role.agency_id, Role.member_id, Measure.position)
    )


def _words(measures: Collection[Any], year: int) -> str:
    total = sum(row.tasks for row in measures)
    lines = [f"แผนปีงบประมาณ พ.ศ. {year}: ท่านรับผิดชอบ {total} งาน"]
    lines += [f"มาตรการที่ {row.number} {row.title}: {row.tasks} งาน {_when(row.first, row.last)}" for row in measures]
    return to_thai("\n".join(lines))


def _when(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return "ไม่กำหนดวัน"
    if first == last:
        return f"ครบกำหนด {format_date(last, style='short')}"
    return f"ครบกำหนด {format_date(first, style='short')} ถึง {format_date(last, style='short')}"


def _path(year: int) -> str:
    """The head's list of that year; it also marks which plan the notice is of."""
    return f"/tasks/?year={year}"
