"""Many agencies with open tasks, of which a fixed number has reached a reminder's stage."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Column, insert, text
from sqlalchemy.orm import Session

from benchmarks import data
from tracker.models import Agency, Measure, Member, Period, Plan, Role, Step, Task, TaskUnit, Unit
from tracker.settings import Settings
from tracker.store.db import Base

TASKS_AN_AGENCY = 100
DUE_AN_AGENCY = 50
UNITS_AN_AGENCY = 10
DAY = data.AT.date()
SOON, LATER = date(2023, 2, 22), date(2023, 9, 30)
"""Seven days after DAY, which is a stage; and the end of the fiscal year, whose stages are far away."""


def settings(folder: Path, **given: Any) -> Settings:
    """An installation in the folder."""
    return Settings(_env_file=None, data_dir=folder, mail_from="tracker@example.go.th", **given)


def fill(copies: data.Copies, open_tasks: int, due_tasks: int, first: int = 2) -> None:
    """Agencies of ten units, each with its head, and a hundred open tasks; the first ones have what is due.

    ``first`` is the first one's number, for a database that holds another agency of few tasks.
    """
    agencies = range(first, open_tasks // TASKS_AN_AGENCY + first)
    with_due = range(first, due_tasks // DUE_AN_AGENCY + first)
    assert len(with_due) <= len(agencies)
    with copies.database.writing() as session:
        for alike in (with_due, range(with_due.stop, agencies.stop)):
            if alike:
                _insert_agency(session, alike.start, is_due=alike is with_due)
                _copy_agency(session, alike)


def _insert_agency(session: Session, agency: int, *, is_due: bool) -> None:
    tasks = list(_tasks(agency, is_due))
    _insert_offices(session, agency)
    session.execute(insert(Task.__table__), tasks)
    units = [{"task_id": task["id"], "unit_id": int(task["party_key"][1:])} for task in tasks]
    session.execute(insert(TaskUnit.__table__), units)


_ROWS_AN_AGENCY = {Unit: UNITS_AN_AGENCY, Member: UNITS_AN_AGENCY, Role: UNITS_AN_AGENCY, Task: TASKS_AN_AGENCY}
_STRIDES = {
    model.__tablename__: _ROWS_AN_AGENCY.get(model, 1)
    for model in (Agency, Unit, Member, Role, Plan, Period, Measure, Step, Task)
}
_OWN = {
    "agency.name": "'องค์การบริหารส่วนตำบลที่ ' || (id + step)",
    "unit.name": f"'กอง ' || (id + step * {UNITS_AN_AGENCY})",
    "unit.name_key": f"id + step * {UNITS_AN_AGENCY}",
    "member.name": f"'นาย ' || (id + step * {UNITS_AN_AGENCY})",
    "member.email": f"'head' || (id + step * {UNITS_AN_AGENCY}) || '@example.go.th'",
    "task.party_key": f"'u' || (substr(party_key, 2) + step * {UNITS_AN_AGENCY})",
}
"""What differs between agencies beside the ids."""


def _copy_agency(session: Session, alike: range) -> None:
    """The first agency's rows for each of the others, every id so many further on: a statement a table."""
    for table in (Base.metadata.tables[name] for name in (*_STRIDES, TaskUnit.__tablename__)):
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        copied = ", ".join(_further_on(column) for column in table.columns)
        key = next(iter(table.primary_key))
        stride = _stride(key)
        copy = f"""
            WITH RECURSIVE other(step) AS
                (SELECT 1 WHERE :others > 0 UNION ALL SELECT step + 1 FROM other WHERE step < :others)
            INSERT INTO "{table.name}" ({names}) SELECT {copied} FROM other CROSS JOIN "{table.name}"
            WHERE "{key.name}" >= :first AND "{key.name}" < :first + {stride}
        """  # noqa: S608
        session.execute(text(copy), {"others": len(alike) - 1, "first": alike.start * stride})


def _further_on(column: Column[Any]) -> str:
    own = _OWN.get(f"{column.table.name}.{column.name}")
    stride = _stride(column)
    return own or (f'"{column.name}" + step * {stride}' if stride else f'"{column.name}"')


def _stride(column: Column[Any]) -> int:
    """By how much an id differs from agency to agency; 0 for what is no id."""
    referred = next((key.column for key in column.foreign_keys), column)
    return _STRIDES.get(referred.table.name, 0) if referred.primary_key else 0


def _insert_offices(session: Session, agency: int) -> None:
    """The agency's heads with their units, and a plan of one step."""
    year, title = data.FISCAL_YEAR, "มาตรการป้องกันการรับสินบน"
    owned = [{"id": agency, "agency_id": agency}]
    placed = {"position": 1, "number": 1}
    units = [{"id": unit, "agency_id": agency} for unit in _units(agency)]
    for table, rows in (
        (Agency, [{"id": agency, "name": f"องค์การบริหารส่วนตำบลที่ {agency}"}]),
        (Unit, [one | {"name": f"กอง {one['id']}", "name_key": f"{one['id']}", "kind": "division"} for one in units]),
        (Member, [one | {"name": f"นาย {one['id']}", "email": f"head{one['id']}@example.go.th"} for one in units]),
        (Role, [one | {"member_id": one["id"], "unit_id": one["id"], "role": "head"} for one in units]),
        (Plan, [one | {"fiscal_year": year} for one in owned]),
        (Period, [one | {"text": "ปีงบประมาณ ๒๕๖๖", "fiscal_year": year} for one in owned]),
        (
            Measure,
            [
                one
                | placed
                | {"plan_id": one["id"], "period_id": one["id"], "title": title}
                | {"responsible_text": "ทุกกอง", "mode": "each"}
                for one in owned
            ],
        ),
        (Step, [one | placed | {"measure_id": one["id"], "text": "จัดทำประกาศ"} for one in owned]),
    ):
        session.execute(insert(table), rows)


def _units(agency: int) -> range:
    return range(agency * UNITS_AN_AGENCY, (agency + 1) * UNITS_AN_AGENCY)


def _tasks(agency: int, with_due: bool) -> Iterator[dict[str, Any]]:
    for number in range(TASKS_AN_AGENCY):
        is_due = with_due and number < DUE_AN_AGENCY
        due_on = SOON if is_due else LATER
        yield {
            "id": agency * TASKS_AN_AGENCY + number,
            "agency_id": agency,
            "plan_id": agency,
            "step_id": agency,
            "party_key": f"u{agency * UNITS_AN_AGENCY + number % UNITS_AN_AGENCY}",
            "checkpoint_key": f"{number}",
            "title": f"จัดทำประกาศเผยแพร่ให้ประชาชนทราบทางเว็บไซต์ของหน่วยงาน ครั้งที่ {number}",
            "scheduled_on": due_on,
            "due_on": due_on,
            "cadences": [],
            "next_stage_on": DAY if is_due else date(2023, 8, 31),
            "updated_at": data.AT,
        }
