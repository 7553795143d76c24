"""The import wizard: corrected before anything is created, units settled, differences with what happens to ticks."""

import io
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin.pages.plans import plan_import
from tests.admin.conftest import NOON, TODAY, Visitor, compact, counted_queries
from tests.factories import TEST, World
from tracker.errors import NotFoundError
from tracker.models import Event, JobState, Measure, Plan, Task, Unit, UnitAlias
from tracker.services.plans import plan_drafts, plan_work, uploads
from tracker.services.tasks import progress
from tracker.settings import Settings
from tracker.store.db import Database

HEADER = "มาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tระยะเวลา\n"
FIRST = "๑. ให้บริการโปร่งใส\t๑. จัดทำคู่มือ\tทุกส่วนราชการ\tตุลาคม ๒๕๖๖ - ๓๑ มิถุนายน ๒๕๖๗\n"
SECOND = "๒. จัดซื้อโปร่งใส\t๑. เผยแพร่แผน\tกองการคลัง\tรายไตรมาส\n"


def paste(visitor: Visitor, text: str, year: str = "2567") -> str:
    """Pastes a document; gives the path of its page."""
    visitor.get("/plan/import/")
    answer = visitor.post("/plan/import/", {"pasted": text, "fiscal_year": year})
    assert answer.status_code == 302, answer.text
    visitor.get(answer.location)
    return answer.location


def form_of(number: str, title: str, responsible: str, period: str, steps: list[tuple[str, str]]) -> dict[str, object]:
    sent: dict[str, object] = {"number": number, "title": title, "responsible": responsible, "period": period}
    sent |= {"mode": "each", "steps": len(steps)}
    for place, (step_number, text) in enumerate(steps):
        sent |= {f"step-{place}-number": step_number, f"step-{place}-text": text}
    return sent


def plans_of_2567(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count(Plan.id)).where(Plan.fiscal_year == 2567)) or 0


def test_warnings_lead_to_their_measure_and_the_cells_stand_beside(coordinator: Visitor) -> None:
    page = coordinator.get(paste(coordinator, HEADER + FIRST + SECOND)).text
    assert page.index('#measure-0"><b>มาตรการ ๑ ระยะเวลาดำเนินการ</b>') < page.index('id="measure-0"')
    assert "(บรรทัด ๒)" in page
    assert "๑. จัดทำคู่มือ</td>" in page
    assert "กองการคลัง (ยังไม่รู้จัก)" in page


def test_a_wrong_period_is_corrected_in_place_before_anything_is_created(
    coordinator: Visitor, database: Database
) -> None:
    path = paste(coordinator, HEADER + FIRST + SECOND)
    sent = form_of("๑", "ให้บริการโปร่งใส", "ทุกส่วนราชการ", "ตุลาคม ๒๕๖๖ - ๓๐ มิถุนายน ๒๕๖๗", [("๑", "จัดทำคู่มือ"), ("", "")])
    answer = coordinator.post(f"{path}/measures/0", sent, follow=True)
    assert "อ่านเข้าใจครบทุกช่อง" in answer.text
    assert "แก้แล้ว" in answer.text
    assert "๑ ต.ค. ๖๖ ถึง ๓๐ มิ.ย. ๖๗" in coordinator.get(path).text  # it survives a reload
    assert plans_of_2567(database) == 0
    back = coordinator.post(f"{path}/measures/0", {"as_read": "1"}, follow=True)
    assert "ไม่มีวันที่" in back.text
    coordinator.post(f"{path}/measures/0", sent)
    coordinator.post(path)
    with database.reading() as session:
        measure = session.scalars(select(Measure).join(Plan).where(Plan.fiscal_year == 2567, Measure.number == 1)).one()
        assert measure.period.end == date(2024, 6, 30)
        assert measure.plan.warnings == []


def test_a_measure_is_left_out_and_none_at_all_is_refused(coordinator: Visitor, database: Database) -> None:
    path = paste(coordinator, HEADER + FIRST + SECOND)
    coordinator.post(f"{path}/measures/0", {"left_out": "1"})
    assert "๑ มาตรการ" in coordinator.get(path).text
    coordinator.post(f"{path}/measures/1", {"left_out": "1"})
    coordinator.get(path)
    assert coordinator.post(path).status_code == 422
    coordinator.post(f"{path}/measures/1", {"as_read": "1"})
    coordinator.post(path)
    with database.reading() as session:
        titles = session.scalars(select(Measure.title).join(Plan).where(Plan.fiscal_year == 2567)).all()
    assert titles == ["จัดซื้อโปร่งใส"]


def test_an_unknown_unit_is_another_name_of_a_unit(coordinator: Visitor, database: Database, ours: World) -> None:
    path = paste(coordinator, HEADER + SECOND)
    assert "ยังไม่รู้จัก ๑ หน่วยงาน" in coordinator.get(path).text
    finance = ours.units["กองคลัง"]
    answer = coordinator.post(f"{path}/units", {"party": "กองการคลัง", "is": f"unit {finance}"}, follow=True)
    assert "ระบุหน่วยงานในเอกสารครบแล้ว" in answer.text
    with database.reading() as session:
        assert session.scalar(select(UnitAlias.id)) is None
    coordinator.post(path)
    with database.reading() as session:
        assert session.scalars(select(UnitAlias.name)).all() == ["กองการคลัง"]
        tasks = session.scalars(select(Task).join(Plan).where(Plan.fiscal_year == 2567)).all()
        assert {unit.id for task in tasks for unit in task.units} == {finance}


def test_an_unknown_unit_becomes_a_unit_of_its_kind(coordinator: Visitor, database: Database) -> None:
    path = paste(coordinator, HEADER + SECOND + FIRST)
    coordinator.post(f"{path}/units", {"party": "กองการคลัง", "is": "division"})
    coordinator.post(path)
    with database.reading() as session:
        unit = session.scalars(select(Unit).where(Unit.name == "กองการคลัง")).one()
        assert (unit.kind, unit.known) == ("division", True)
        fanned = session.scalar(
            select(func.count(Task.id)).join(Plan).where(Plan.fiscal_year == 2567, Task.title == "จัดทำคู่มือ")
        )
        assert fanned == 6  # ทุกส่วนราชการ means the new division too


@pytest.mark.parametrize("decision", ["unit 999999", "unit x", "king"])
def test_a_decision_that_makes_no_sense_is_refused(coordinator: Visitor, decision: str) -> None:
    path = paste(coordinator, HEADER + SECOND)
    assert coordinator.post(f"{path}/units", {"party": "กองการคลัง", "is": decision}).status_code == 422


def test_a_corrected_document_tells_what_happens_to_ticks(coordinator: Visitor, database: Database) -> None:
    coordinator.post(paste(coordinator, HEADER + FIRST + SECOND))
    with database.writing() as session:
        for title in ("จัดทำคู่มือ", "เผยแพร่แผน"):
            task = session.scalars(
                select(Task).join(Plan).where(Plan.fiscal_year == 2567, Task.title == title).order_by(Task.id).limit(1)
            ).one()
            progress.tick_off(session, task, result="ทำแล้ว", done_on=TODAY, today=TODAY, by=TEST, at=NOON)
    third = "๒. อบรมจริยธรรม\t๑. จัดอบรม\tกองช่าง\tภายในเดือนมกราคม ๒๕๖๗\n"
    third += "๓. เปิดเผยข้อมูล\t๑. ตรวจเว็บไซต์\tกองช่าง\tรายไตรมาส\n"
    path = paste(coordinator, HEADER + FIRST.replace("จัดทำคู่มือ", "จัดทำคู่มือประชาชน") + third)
    page = coordinator.get(path).text
    assert "เพิ่ม <span" in page
    assert "นำออก <span" in page
    assert "งานที่บันทึกว่าทำแล้ว ๑ งานคงอยู่ตามเดิม" in page
    assert "งานที่บันทึกว่าทำแล้ว ๑ งานเป็นของแถวที่ถูกนำออก" in page
    with database.reading() as session:
        before = session.scalar(select(func.count(Event.id)))
    coordinator.get(path)
    with database.reading() as session:
        assert session.scalar(select(func.count(Event.id))) == before  # looking changes nothing


def test_looking_waits_for_others_who_write_and_makes_nobody_wait_after_it(
    coordinator: Visitor, database: Database, ours: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = paste(coordinator, HEADER + FIRST + SECOND)

    read = plan_drafts.read_upload

    def read_while_others_write(session: Session, data: bytes, upload: uploads.Upload) -> plan_drafts.ReadUpload:
        found = read(session, data, upload)
        with database.writing() as other:
            other.get_one(Unit, ours.units["กองช่าง"]).position += 10
        return found

    monkeypatch.setattr(plan_drafts, "read_upload", read_while_others_write)
    answer = coordinator.get(path)
    assert answer.status_code == 200
    assert "แผนนี้ถูกต้องหรือไม่" in answer.text
    sent = form_of("๑", "ให้บริการโปร่งใส", "ทุกส่วนราชการ", "ตุลาคม ๒๕๖๖", [("๑", "จัดทำคู่มือ")])
    assert coordinator.post(f"{path}/measures/0", sent).status_code == 302


def test_a_period_is_read_while_it_is_typed(coordinator: Visitor) -> None:
    piece = compact(coordinator.get("/plan/import/period?year=2567&text=รายไตรมาส").text)
    assert "๓๑ ธ.ค. ๖๖, ๓๑ มี.ค. ๖๗" in piece
    assert "<html" not in piece
    doubtful = coordinator.get("/plan/import/period?year=2567&text=๓๑+มิถุนายน+<b>").text
    assert "ไม่มีวันที่" in doubtful
    assert "<b>”" not in doubtful


def test_columns_are_chosen_by_hand_and_a_wrong_choice_keeps_the_form(coordinator: Visitor) -> None:
    path = paste(coordinator, "หนึ่ง\tสอง\tสาม\tสี่\n" + FIRST)
    assert "คอลัมน์ใดคืออะไร" in coordinator.get(path).text
    assert coordinator.post(f"{path}/columns", {"measure": "ห้า"}).status_code == 422
    chosen = {"measure": "หนึ่ง", "steps": "สอง", "responsible": "สาม", "period": "สี่"}
    assert coordinator.post(f"{path}/columns", chosen).location == path
    assert "แผนนี้ถูกต้องหรือไม่" in coordinator.get(path).text


def test_what_waits_is_found_again_by_its_sender_alone(coordinator: Visitor, app: Flask, theirs: World) -> None:
    path = paste(coordinator, HEADER + FIRST)
    assert f'href="{path}"' in coordinator.get("/plan/import/").text
    other = Visitor(app.test_client())
    other.sign_in(theirs.email("coordinator"))
    assert path not in other.get("/plan/import/").text
    for action in ("measures/0", "units", "columns", "discard"):
        assert other.post(f"{path}/{action}").status_code == 404
    coordinator.post(f"{path}/discard")
    assert coordinator.get(path).status_code == 404


def test_neither_file_nor_text_is_a_sentence(coordinator: Visitor) -> None:
    coordinator.get("/plan/import/")
    answer = coordinator.post("/plan/import/", {"document": (io.BytesIO(b""), ""), "fiscal_year": "2567"})
    assert answer.status_code == 422
    assert "กรุณาเลือกไฟล์แผน" in answer.text


def test_the_page_asks_no_more_for_more_measures(coordinator: Visitor, database: Database) -> None:
    def asked(rows: int) -> int:
        body = "".join(FIRST.replace("๑. ให้", f"{n}. เรื่องที่ {n} ให้", 1) for n in range(1, rows + 1))
        path = paste(coordinator, HEADER + body)
        with counted_queries(database) as statements:
            assert coordinator.get(path).status_code == 200
        return sum(statement.startswith("SELECT") for statement in statements)

    assert asked(12) == asked(3)


def test_a_large_plan_is_tried_and_stored_by_a_worker(
    coordinator: Visitor,
    database: Database,
    settings: Settings,
    app: Flask,
    theirs: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(plan_work, "LARGE", 1)
    monkeypatch.setattr(plan_import, "send", lambda _settings, _task, token: asked.append(token) or True)
    path = paste(coordinator, HEADER + FIRST + SECOND)
    assert "ถูกต้อง นำเข้าแผนนี้" not in coordinator.get(path).text
    assert coordinator.post(f"{path}/check").location == f"{path}/work"
    waiting = coordinator.get(f"{path}/work")
    assert (waiting.headers["Refresh"], waiting.status_code) == (f"2; url={path}/work", 200)
    other = Visitor(app.test_client())
    other.sign_in(theirs.email("coordinator"))
    assert other.get(f"{path}/work").status_code == 404
    plan_work.run(database, settings, asked[0], NOON)
    assert coordinator.get(f"{path}/work").location == f"{path}#differences"
    assert "จะสร้างงาน ๙ งาน" in coordinator.get(path).text
    assert plans_of_2567(database) == 0
    coordinator.post(f"{path}/measures/1", {"left_out": "1"})
    assert "ถูกต้อง นำเข้าแผนนี้" in coordinator.get(path).text  # one measure now: no longer large
    coordinator.post(f"{path}/measures/1", {"as_read": "1"})
    coordinator.post(f"{path}/check")
    plan_work.run(database, settings, asked[0], NOON)
    assert coordinator.post(path).location == f"{path}/work"
    plan_work.run(database, settings, asked[0], NOON)
    plan_work.run(database, settings, asked[0], NOON)  # handed out twice
    assert coordinator.get(f"{path}/work").location == "/plan/?year=2567"
    assert plans_of_2567(database) == 1
    assert coordinator.get(path).status_code == 404
    with database.reading() as session:
        actor = session.scalar(select(Event.actor).where(Event.kind == "plan_imported"))
    assert actor == "ผู้ประสานงาน"


def test_without_workers_a_large_plan_is_done_at_once(
    coordinator: Visitor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_work, "LARGE", 1)
    path = paste(coordinator, HEADER + FIRST + SECOND)
    assert coordinator.post(f"{path}/check", follow=True).text.count("จะสร้างงาน ๙ งาน") == 1
    assert "นำเข้าแผนแล้ว" in coordinator.post(path, follow=True).text
    assert plans_of_2567(database) == 1


def test_work_that_waits_too_long_is_offered_and_what_fails_says_why(
    coordinator: Visitor, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_work, "LARGE", 1)
    monkeypatch.setattr(plan_import, "send", lambda *_: True)
    path = paste(coordinator, HEADER + FIRST + SECOND)
    coordinator.post(f"{path}/check")
    assert "ทำเดี๋ยวนี้" not in coordinator.get(f"{path}/work").text
    with time_machine.travel(NOON + timedelta(minutes=2), tick=False):
        assert "ทำเดี๋ยวนี้" in coordinator.get(f"{path}/work").text
        assert coordinator.post(f"{path}/work", follow=True).text.count("จะสร้างงาน ๙ งาน") == 1
    coordinator.post(f"{path}/check")
    coordinator.post(f"{path}/measures/0", form_of("9", "อื่น", "กองคลัง", "รายไตรมาส", [("1", "ทำ")]))
    plan_work.run(database, settings, path.rpartition("/")[2], NOON)
    failed = coordinator.get(f"{path}/work")
    assert "เอกสารถูกแก้ระหว่างนั้น" in failed.text
    assert "Refresh" not in failed.headers


def test_work_on_a_document_that_was_put_away_meanwhile_leaves_nothing(
    coordinator: Visitor, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_work, "LARGE", 1)
    monkeypatch.setattr(plan_import, "send", lambda *_: True)
    path = paste(coordinator, HEADER + FIRST + SECOND)
    token = path.rpartition("/")[2]
    coordinator.post(f"{path}/check")
    plan_work.run(database, settings, token, NOON)
    coordinator.post(path)

    def put_away(*_: object, **__: object) -> None:
        with database.writing() as session:
            uploads.forget(session, token)
        raise NotFoundError("gone")

    monkeypatch.setattr(plan_drafts, "read_upload", put_away)  # the document is put away while it is read
    plan_work.run(database, settings, token, NOON)
    assert plans_of_2567(database) == 0
    with database.reading() as session:
        assert session.scalars(select(JobState)).all() == []
    assert not (settings.data_dir / "uploads").exists()
