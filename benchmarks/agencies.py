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


def settings(folder: Path, smtp_url: str = "smtp://127.0.0.1:9") -> Settings:
    """An installation in the folder that sends e-mail."""
    return Settings(_env_file=None, data_dir=folder, smtp_url=smtp_url, mail_from="tracker@example.go.th")


def fill(copies: data.Copies, open_tasks: int, due_tasks: int) -> None:
    """Agencies of ten units, each with its head, and a hundred open tasks; the first ones have what is due."""
    agencies = range(2, open_tasks // TASKS_AN_AGENCY + 2)
    with_due = range(2, due_tasks // DUE_AN_AGENCY + 2)
    assert len(with_due) <= len(agencies)
    for first in range(agencies.start, agencies.stop, _AGENCIES_AT_ONCE):
        chosen = agencies[first - agencies.start :][:_AGENCIES_AT_ONCE]
        with copies.database.writing() as session:
            for agency in chosen:
                _insert_office(session, agency)
            tasks = [task for agency in chosen for task in _tasks(agency, agency in with_due)]
            session.execute(insert(Task), tasks)
            units = ({"task_id": one["id"], "unit_id": int(one["party_key"][1:])} for one in tasks)
            session.execute(insert(TaskUnit), list(units))


def _insert_office(session: Session, agency: int) -> None:
    units = range(agency * UNITS_AN_AGENCY, (agency + 1) * UNITS_AN_AGENCY)
    session.execute(insert(Agency), [{"id": agency, "name": f"องค์การบริหารส่วนตำบลที่ {agency}"}])
    session.execute(insert(Unit), [_unit(agency, unit) for unit in units])
    session.execute(insert(Member), [_member(agency, unit) for unit in units])
    session.execute(
        insert(Role), [{"agency_id": agency, "member_id": unit, "unit_id": unit, "role": "head"} for unit in units]
    )
    owned = {"agency_id": agency, "id": agency}
    session.execute(insert(Plan), [owned | {"fiscal_year": data.FISCAL_YEAR}])
    session.execute(insert(Period), [owned | {"text": "ปีงบประมาณ ๒๕๖๖", "fiscal_year": data.FISCAL_YEAR}])
    measure = {"plan_id": agency, "period_id": agency, "position": 1, "number": 1, "title": "มาตรการป้องกันการรับสินบน"}
    session.execute(insert(Measure), [owned | measure | {"responsible_text": "ทุกกอง", "mode": "each"}])
    step = {"measure_id": agency, "position": 1, "number": 1, "text": "จัดทำประกาศ"}
    session.execute(insert(Step), [owned | step])


def _unit(agency: int, unit: int) -> dict[str, Any]:
    return {"id": unit, "agency_id": agency, "name": f"กองที่ {unit}", "name_key": f"กองที่{unit}", "kind": "division"}


def _member(agency: int, unit: int) -> dict[str, Any]:
    return {"id": unit, "agency_id": agency, "name": f"ผู้อำนวยการ {unit}", "email": f"head{unit}@example.go.th"}


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
