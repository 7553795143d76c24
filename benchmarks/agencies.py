"""Many agencies with open tasks, of which a fixed number has reached a reminder's stage."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from benchmarks import data
from tracker.models import Agency, Measure, Member, Period, Plan, Role, Step, Task, TaskUnit, Unit
from tracker.settings import Settings

TASKS_AN_AGENCY = 100
DUE_AN_AGENCY = 50
UNITS_AN_AGENCY = 10
DAY = data.AT.date()
SOON, LATER = date(2023, 2, 22), date(2023, 9, 30)
"""Seven days after DAY, which is a stage; and the end of the fiscal year, whose stages are far away."""

_AGENCIES_AT_ONCE = 200


def settings(folder: Path, **given: Any) -> Settings:
    """An installation in the folder."""
    return Settings(_env_file=None, data_dir=folder, mail_from="tracker@example.go.th", **given)


def fill(copies: data.Copies, open_tasks: int, due_tasks: int) -> None:
    """Agencies of ten units, each with its head, and a hundred open tasks; the first ones have what is due."""
    agencies = range(2, open_tasks // TASKS_AN_AGENCY + 2)
    with_due = range(2, due_tasks // DUE_AN_AGENCY + 2)
    assert len(with_due) <= len(agencies)
    for first in range(agencies.start, agencies.stop, _AGENCIES_AT_ONCE):
        chosen = range(first, min(first + _AGENCIES_AT_ONCE, agencies.stop))
        tasks = [task for agency in chosen for task in _tasks(agency, agency in with_due)]
        units = [{"task_id": task["id"], "unit_id": int(task["party_key"][1:])} for task in tasks]
        with copies.database.writing() as session:
            _insert_offices(session, chosen)
            session.execute(insert(Task.__table__), tasks)
            session.execute(insert(TaskUnit.__table__), units)


def _insert_offices(session: Session, agencies: range) -> None:
    """For each agency its heads with their units, and a plan of one step."""
    year, title = data.FISCAL_YEAR, "มาตรการป้องกันการรับสินบน"
    owned = [{"id": agency, "agency_id": agency} for agency in agencies]
    placed = {"position": 1, "number": 1}
    units = [{"id": unit, "agency_id": unit // UNITS_AN_AGENCY} for one in agencies for unit in _units(one)]
    for table, rows in (
        (Agency, [{"id": agency, "name": f"องค์การบริหารส่วนตำบลที่ {agency}"} for agency in agencies]),
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
