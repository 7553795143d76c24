"""ตรวจถ้อยคำ: suggestions with their places, words left alone, and the way there from the closing."""

import re
from datetime import date

from tests.admin.conftest import NOON, Visitor, compact, counted_queries
from tests.factories import TEST, World, task_of
from tracker.models import Agency, Measure, Plan, Step
from tracker.services.tasks import progress
from tracker.store.db import Database


def spoil(database: Database, world: World) -> int:
    """Gives the first measure a misspelt step; its id."""
    with database.writing() as session:
        measure = session.get_one(Plan, world.plan_id).measures[0]
        measure.steps[0].text = "จัดทำคู่มือและระบุผู้รับผิชอบ (ทุกงาน"
        return measure.id


def test_each_suggestion_leads_to_where_it_is_corrected(coordinator: Visitor, database: Database, ours: World) -> None:
    measure_id = spoil(database, ours)
    page = coordinator.get("/reports/2566/6/proof/").text
    assert "รับผิชอบ</del>" in page
    assert "รับผิดชอบ</ins>" in page
    addresses = re.findall(rf'href="(/plan/measures/{measure_id}/#step-\d+)"', page)
    assert len(addresses) == 2
    assert coordinator.get(addresses[0]).status_code == 200
    with database.reading() as session:
        due = session.get_one(Plan, ours.plan_id).measures[2].id  # of which something was due in the round
    assert f"/reports/2566/6/edit/#summary-{due}" in page
    assert coordinator.get("/reports/2567/6/proof/").status_code == 404


def test_a_word_is_left_alone_and_checked_again(coordinator: Visitor, database: Database, ours: World) -> None:
    spoil(database, ours)
    coordinator.get("/reports/2566/6/proof/")
    answer = coordinator.post("/reports/2566/6/proof/words", {"word": "รับผิชอบ"}, follow=True)
    assert "ต่อไปจะไม่ทักคำว่า" in answer.text
    assert "รับผิชอบ</del>" not in answer.text
    again = coordinator.post("/reports/2566/6/proof/words", {"word": "รับผิชอบ", "action": "check"}, follow=True)
    assert "รับผิชอบ</del>" in again.text
    assert coordinator.post("/reports/2566/6/proof/words", {"word": " "}).status_code == 422


def test_personal_data_lead_to_the_text_and_to_the_task(coordinator: Visitor, database: Database, ours: World) -> None:
    with database.writing() as session:
        task = task_of(session, ours, "กองคลัง", 2, date(2022, 12, 31))
        done = {"done_on": date(2023, 3, 20), "today": date(2023, 3, 29), "by": TEST, "at": NOON}
        progress.tick_off(session, task, result="แจ้งนางคำ แก้ว แล้ว", **done)
        task_id, measure_id = task.id, task.step.measure_id
    page = compact(coordinator.get("/reports/2566/6/proof/").text)
    assert page.count("<p>นางคำ แก้ว</p>") == 1
    assert f'href="/reports/2566/6/edit/#summary-{measure_id}"' in page
    assert f'href="/tasks/{task_id}"' in page
    answer = coordinator.post("/reports/2566/6/proof/words", {"word": "นางคำ แก้ว"}, follow=True)
    assert "<p>นางคำ แก้ว</p>" not in compact(answer.text)


def test_the_executive_reads_and_changes_nothing(
    stranger: Visitor, coordinator: Visitor, database: Database, ours: World
) -> None:
    spoil(database, ours)
    coordinator.get("/reports/2566/6/proof/")
    coordinator.post("/reports/2566/6/proof/words", {"word": "ผ่องถ่าย"})
    stranger.sign_in(ours.email("mayor"))
    page = stranger.get("/reports/2566/6/proof/").text
    assert "รับผิชอบ</del>" in page
    assert "ผ่องถ่าย" in page
    assert "/proof/words" not in page
    assert "/plan/measures/" not in page
    assert "#measure-1" in page


def test_the_closing_page_and_the_reports_lead_there(coordinator: Visitor, database: Database, ours: World) -> None:
    spoil(database, ours)
    assert "/reports/2566/6/proof/" in coordinator.get("/reports/").text
    assert "แห่งที่น่าแก้" in coordinator.get("/reports/2566/6/close/").text


def test_the_cover_is_corrected_in_the_settings_and_english_reasons_are_english(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    with database.writing() as session:
        session.get_one(Agency, ours.agency_id).name = "อบต.เขาวาว"
        for measure in session.get_one(Plan, ours.plan_id).measures:
            measure.title = "การให้บริการของ อบต.เขาขาว"
    coordinator.post("/language", {"language": "en"})
    page = coordinator.get("/reports/2566/6/proof/").text
    assert "Elsewhere the name is" in page
    assert 'href="/admin/settings/"' in page


def test_more_measures_need_no_more_queries(coordinator: Visitor, database: Database, ours: World) -> None:
    coordinator.get("/reports/2566/6/proof/")
    with counted_queries(database) as before:
        coordinator.get("/reports/2566/6/proof/")
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
        coordinator.get("/reports/2566/6/proof/")
    assert len(after) == len(before)
