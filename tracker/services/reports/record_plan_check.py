"""Holds the adopted plan, who its tasks belong to and the agency's settings against the record."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.bilingual import Bilingual
from tracker.models import Agency, Measure, Plan, Task, TaskUnit
from tracker.services.agency_settings import SETTINGS, settings_of
from tracker.services.reports.record_replay import Recorded
from tracker.services.tasks.plan_words import words_of_plan

_CELLS = {
    "measure": Bilingual("the measure's text", "ข้อความมาตรการ"),
    "steps": Bilingual("the steps", "ขั้นตอน"),
    "responsible": Bilingual("the responsible parties", "ผู้รับผิดชอบ"),
    "period": Bilingual("the period", "ระยะเวลาดำเนินการ"),
}


def word_problems(session: Session, agency_id: int, said: Recorded) -> Iterator[Bilingual]:
    """Cells of adopted plans that are not what was imported or edited; measures that came or went behind the record."""
    plans = session.scalars(select(Plan).where(Plan.agency_id == agency_id).order_by(Plan.fiscal_year))
    for plan in plans.all():
        recorded, stored = said.words.get(plan.fiscal_year, {}), words_of_plan(session, plan.id)
        rows = session.execute(select(Measure.id, Measure.number).where(Measure.plan_id == plan.id))
        numbers = {row.id: row.number for row in rows}
        for measure, known in recorded.items():
            if str(measure) not in stored:
                yield Bilingual(
                    f"a measure of the plan of {plan.fiscal_year} is gone",
                    f"มาตรการหนึ่งของแผนปี {plan.fiscal_year} หายไป",
                )
                continue
            for cell, now in stored[str(measure)].items():
                if known.get(cell, now) != now:
                    yield _CELLS[cell].then(
                        f" of measure {numbers[measure]} of {plan.fiscal_year} is not what was recorded",
                        f"ของมาตรการ {numbers[measure]} แผนปี {plan.fiscal_year} ไม่ตรงกับที่บันทึกไว้ในประวัติ",
                    )
        if plan.fiscal_year in said.whole_plans:
            for measure in sorted(set(map(int, stored)) - recorded.keys()):
                yield Bilingual(
                    f"measure {numbers[measure]} of {plan.fiscal_year} came into the plan behind the record",
                    f"มาตรการ {numbers[measure]} เข้ามาในแผนปี {plan.fiscal_year} โดยไม่มีในประวัติ",
                )


def unit_problems(session: Session, agency_id: int, said: Recorded) -> Iterator[Bilingual]:
    """Tasks that belong to other units than they were made for or given to."""
    stored: dict[int, set[int]] = defaultdict(set)
    rows = session.execute(
        select(Task.id, TaskUnit.unit_id)
        .outerjoin(TaskUnit, TaskUnit.task_id == Task.id)
        .where(Task.agency_id == agency_id)
        .order_by(Task.id)
    )
    for task_id, unit_id in rows:
        stored[task_id] |= {unit_id} - {None}
    for task_id, units in stored.items():
        known = said.tasks[task_id].units if task_id in said.tasks else None
        if known is not None and known != units:
            yield Bilingual(
                f"the units of task {task_id} are not those that were recorded",
                f"ผู้รับผิดชอบของงานหมายเลข {task_id} ไม่ตรงกับที่บันทึกไว้ในประวัติ",
            )


def setting_problems(session: Session, agency_id: int, said: Recorded) -> Iterator[Bilingual]:
    """Settings of the agency that nobody set in the product."""
    stored = settings_of(session.get_one(Agency, agency_id))
    for name, words in SETTINGS.items():
        if said.settings.get(name, stored[name]) != stored[name]:
            now, known = (value or "–" for value in (stored[name], said.settings[name]))
            yield Bilingual(
                f"the setting “{words}” is {now}, the record says {known}",
                f"การตั้งค่า “{words.th}” เป็น {now} แต่ประวัติว่า {known}",
            )
