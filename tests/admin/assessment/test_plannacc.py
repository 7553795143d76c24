"""ตาราง e-PlanNACC: entries per measure, errors beside what was typed, the sheet."""

from io import BytesIO

import openpyxl

from tests.admin.conftest import Visitor, counted_queries
from tests.factories import World
from tracker.models import Measure, MeasureBudget, Plan, Step
from tracker.store.db import Database

PAGE = "/reports/2566/6/plannacc/"


def measures(database: Database, world: World) -> list[int]:
    with database.reading() as session:
        return [measure.id for measure in session.get_one(Plan, world.plan_id).measures]


def filled(measure: int, **changes: str) -> dict[str, object]:
    sent = {"work": "project", "dimension": "1", "planned": "๑๒,๕๐๐", "ordinance": "10,000.50", "disbursed": ""}
    return {f"{name}-{measure}": value for name, value in (sent | changes).items()}


def test_what_is_entered_stands_in_the_sheet(coordinator: Visitor, database: Database, ours: World) -> None:
    assert PAGE in coordinator.get("/reports/").text
    assert "พ.ศ. ๒๕๖๑" in coordinator.get(PAGE).text
    first = measures(database, ours)[0]
    page = coordinator.post(PAGE, filled(first, in_ordinance="1", remarks="=รอโอน"), follow=True).text
    assert 'value="๑๒,๕๐๐"' in page
    assert "ตามแผน ๑๒,๕๐๐ ตามข้อบัญญัติ ๑๐,๐๐๐.๕๐" in page
    answer = coordinator.get(f"{PAGE}sheet.xlsx")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="e-plannacc-2566-6.xlsx"'
    sheet = openpyxl.load_workbook(BytesIO(answer.data)).worksheets[0]
    row = [cell.value for cell in sheet[5]]
    assert row[:3] == [1, "โครงการ", "มิติที่ 1 การสร้างสังคมที่ไม่ทนต่อการทุจริต"]
    assert row[5:9] == [12500, 10000.5, None, "✓"]
    assert row[12] == "=รอโอน"
    assert sheet.max_row == 4 + 4 + 1


def test_an_amount_that_cannot_be_read_is_said_and_nothing_is_kept(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    first, second, *_ = measures(database, ours)
    coordinator.get(PAGE)
    answer = coordinator.post(PAGE, filled(first) | filled(second, planned="หมื่นกว่า"))
    assert answer.status_code == 422
    assert "อ่านจำนวนเงิน “หมื่นกว่า” ไม่ได้" in answer.text
    assert 'value="หมื่นกว่า"' in answer.text
    assert 'value="๑๐,๐๐๐.๕๐"' in answer.text
    with database.reading() as session:
        assert session.query(MeasureBudget).count() == 0
    assert coordinator.post(PAGE, filled(first, work="x")).status_code == 422


def test_another_agency_s_measure_is_left_alone(coordinator: Visitor, database: Database, theirs: World) -> None:
    coordinator.get(PAGE)
    coordinator.post(PAGE, filled(measures(database, theirs)[0]))
    with database.reading() as session:
        assert session.query(MeasureBudget).count() == 0


def test_more_measures_need_no_more_queries(coordinator: Visitor, database: Database, ours: World) -> None:
    coordinator.get(PAGE)
    with counted_queries(database) as before:
        coordinator.get(PAGE)
    with database.writing() as session:
        plan = session.get_one(Plan, ours.plan_id)
        like = plan.measures[0]
        for number in range(5, 25):
            plan.measures.append(
                Measure(
                    agency_id=plan.agency_id, position=number, number=number, title=f"มาตรการที่ {number}", mode="each",
                    responsible_text="กองคลัง", parties=["กองคลัง"], period_id=like.period_id,
                    steps=[Step(agency_id=plan.agency_id, position=1, number=1, text="จัดประชุม")],
                )
            )  # fmt: skip
    with counted_queries(database) as after:
        coordinator.get(PAGE)
    assert len(after) == len(before)
