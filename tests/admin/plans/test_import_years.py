"""A document of another year, or of no round that it names, is asked about before anything is shown of it."""

import re

from sqlalchemy import select

from tests.admin.conftest import Visitor
from tests.admin.plans.test_plan_import import paste, press
from tracker.models import ColumnText, Measure, Plan, Task
from tracker.store.db import Database

COVER = "ประจำปีงบประมาณ ๒๕๖๕\nรอบ (๑๒ เดือน)\n\n"
HEADER = "มาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tระยะเวลา\tสรุปผลดำเนินการ\tผลลัพธ์\n"
ROW = "๑. โปร่งใส\t๑. เผยแพร่แผน\tกองคลัง\tมกราคม - ๓๐ มิถุนายน ๒๕๖๕\tเผยแพร่แล้ว\tประชาชนทราบ\n"


def stored(database: Database, year: int) -> tuple[list[str], list[str], list[tuple[int, str]]]:
    """Period texts, due days and texts with their rounds of the stored plan of a year."""
    with database.reading() as session:
        of_year = Plan.fiscal_year == year
        measures = session.scalars(select(Measure).join(Plan).where(of_year)).all()
        tasks = session.scalars(select(Task).join(Plan).where(of_year)).all()
        texts = session.scalars(
            select(ColumnText).join(Measure).join(Plan).where(of_year).order_by(ColumnText.id)
        ).all()
        return (
            [measure.period.text for measure in measures],
            [str(task.due_on) for task in tasks],
            [(text.round, text.field) for text in texts],
        )


def test_last_year_s_report_becomes_this_year_s_plan(coordinator: Visitor, database: Database) -> None:
    path = paste(coordinator, COVER + HEADER + ROW)
    page = coordinator.get(path).text
    assert "เอกสารนี้เป็นของปี ๒๕๖๕ ท่านจะใช้ทำอะไร" in page
    assert "หน้าปกเขียนว่าปีงบประมาณ ๒๕๖๕" in page
    assert "มกราคม - ๓๐ มิถุนายน ๒๕๖๗" in page
    assert re.search(r"<b>๑ งาน</b>,\s+ยังไม่มีงานใดเลยกำหนด", page)
    assert "ถ้าใช้เป็นแผนปี ๒๕๖๗ โดยไม่เลื่อน งาน ๑ จาก ๑ งานจะเลยกำหนดทันที นานที่สุด ๒๗๒ วัน" in page
    coordinator.post(path)  # an unanswered question stores nothing
    assert stored(database, 2567) == ([], [], [])
    coordinator.get(path)
    page = coordinator.post(f"{path}/year", {"answer": "shift", "own": "2565"}, follow=True).text
    assert "อ่านเข้าใจครบทุกช่อง" in page
    press(coordinator, path)
    assert stored(database, 2567) == (["มกราคม - ๓๐ มิถุนายน ๒๕๖๗"], ["2024-06-30"], [])


def test_last_year_s_report_is_kept_as_its_own_year(coordinator: Visitor, database: Database) -> None:
    path = paste(coordinator, COVER + HEADER + ROW)
    coordinator.post(f"{path}/year", {"answer": "own", "own": "2565"})
    press(coordinator, path)
    assert stored(database, 2567) == ([], [], [])
    assert stored(database, 2565) == (
        ["มกราคม - ๓๐ มิถุนายน ๒๕๖๕"],
        ["2022-06-30"],
        [(12, "summary"), (12, "outcome")],
    )


def test_years_that_are_meant_so_stay_and_are_warned_of(coordinator: Visitor, database: Database) -> None:
    path = paste(coordinator, COVER + HEADER + ROW)
    page = coordinator.post(f"{path}/year", {"answer": "keep"}, follow=True).text
    assert "อยู่นอกปีงบประมาณ" in page
    press(coordinator, path)
    assert stored(database, 2567)[0] == ["มกราคม - ๓๐ มิถุนายน ๒๕๖๕"]


def test_a_person_s_year_stands_over_the_document_s(coordinator: Visitor, database: Database) -> None:
    path = paste(coordinator, COVER + HEADER + ROW)
    coordinator.post(f"{path}/year", {"answer": "own", "own": "2564"})
    press(coordinator, path)
    assert stored(database, 2564)[0] == ["มกราคม - ๓๐ มิถุนายน ๒๕๖๕"]


def test_an_answer_that_is_none_is_refused(coordinator: Visitor) -> None:
    path = paste(coordinator, COVER + HEADER + ROW)
    assert coordinator.post(f"{path}/year", {"answer": "burn"}).status_code == 422
    assert coordinator.post(f"{path}/year", {"answer": "own", "own": "2400"}).status_code == 422
    assert coordinator.post(f"{path}/round", {"months": "9"}).status_code == 422


def test_the_round_is_asked_for_where_the_cover_does_not_say(coordinator: Visitor, database: Database) -> None:
    path = paste(coordinator, HEADER + ROW.replace("๒๕๖๕", "๒๕๖๗"))
    assert "เอกสารนี้รายงานผลของรอบใด" in coordinator.get(path).text
    coordinator.post(f"{path}/round", {"months": "6"}, follow=True)
    press(coordinator, path)
    assert stored(database, 2567)[2] == [(6, "summary"), (6, "outcome")]


def test_the_question_counts_the_tasks_that_the_plan_would_have(coordinator: Visitor, database: Database) -> None:
    """For every division, every checkpoint, once for joint parties: the same number as is stored afterwards."""
    rows = (
        "๑. คู่มือ\t๑. จัดทำ\tทุกส่วนราชการ\tมกราคม ๒๕๖๖\t\t\n"
        "๒. งบ\t๑. เผยแพร่\tกองคลัง\tทุกไตรมาส\t\t\n"
        "๓. ร่วม\t๑. ทบทวน\tกองคลัง/กองช่าง\tมีนาคม ๒๕๖๖\t\t\n"
    )
    path = paste(coordinator, COVER.replace("๒๕๖๕", "๒๕๖๖") + HEADER + rows)
    page = coordinator.get(path).text
    assert "<b>๑๐ งาน</b>" in page
    assert "งาน ๕ จาก ๑๐ งานจะเลยกำหนดทันที" in page
    coordinator.post(f"{path}/year", {"answer": "shift", "own": "2566"})
    press(coordinator, path)
    assert len(stored(database, 2567)[1]) == 10
