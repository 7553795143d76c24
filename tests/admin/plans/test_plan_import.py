"""The import wizard: corrected before anything is created, units settled, differences with what happens to ticks."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from admin.pages.plans import plan_import, plan_preview
from tests.admin.conftest import NOON, TODAY, Visitor, compact, counted_queries
from tests.admin.forms import fields_of, place_of
from tests.factories import TEST, World
from tracker.errors import NotFoundError
from tracker.models import Event, JobState, Measure, Plan, Task, Unit, UnitAlias
from tracker.sample.text import plan_document
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


def press(
    visitor: Visitor, path: str, do: str = "store", changed: dict[str, object] | None = None, *, follow: bool = False
) -> TestResponse:
    """Presses a button of the preview's one form, which sends all its fields; ``changed`` are those filled in."""
    page = visitor.get(path, follow=True).text
    return visitor.post(path, {**fields_of(page, "preview"), **(changed or {}), "do": do}, follow=follow)


def answer(visitor: Visitor, path: str, party: str, decision: str, do: str = "keep") -> TestResponse:
    """Says in the preview's form what a party is."""
    place = place_of(visitor.get(path).text, party)
    return press(visitor, path, do, {f"is-{place}": decision}, follow=True)


def plans_of_2567(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count(Plan.id)).where(Plan.fiscal_year == 2567)) or 0


def test_warnings_lead_to_their_measure_and_the_cells_stand_beside(coordinator: Visitor) -> None:
    page = coordinator.get(paste(coordinator, HEADER + FIRST + SECOND)).text
    assert compact(page).index('<a href="#measure-0">มาตรการ ๑ ระยะเวลาดำเนินการ</a>') < page.index('id="measure-0"')
    assert "(บรรทัด ๒)" in page
    assert "๑. จัดทำคู่มือ</td>" in page
    assert "กองการคลัง (ยังไม่รู้จัก)" in page


def test_a_wrong_period_is_corrected_in_place_before_anything_is_created(
    coordinator: Visitor, database: Database
) -> None:
    path = paste(coordinator, HEADER + FIRST + SECOND)
    page = press(coordinator, path, "keep", {"m0-period": "ตุลาคม ๒๕๖๖ - ๓๐ มิถุนายน ๒๕๖๗"}, follow=True)
    assert "อ่านเข้าใจครบทุกช่อง" in page.text
    assert page.text.count('<span class="chip done">แก้แล้ว</span>') == 1  # the measure beside it is as it was read
    assert "๑ ต.ค. ๖๖ ถึง ๓๐ มิ.ย. ๖๗" in coordinator.get(path).text  # it survives a reload
    assert plans_of_2567(database) == 0
    assert "ไม่มีวันที่" in press(coordinator, path, "as_read 0", follow=True).text
    press(coordinator, path, changed={"m0-period": "ตุลาคม ๒๕๖๖ - ๓๐ มิถุนายน ๒๕๖๗"})
    with database.reading() as session:
        measure = session.scalars(select(Measure).join(Plan).where(Plan.fiscal_year == 2567, Measure.number == 1)).one()
        assert measure.period.end == date(2024, 6, 30)
        assert measure.plan.warnings == []


def test_a_measure_is_left_out_and_none_at_all_is_refused(coordinator: Visitor, database: Database) -> None:
    path = paste(coordinator, HEADER + FIRST + SECOND)
    press(coordinator, path, "keep", {"m0-left_out": "1"})
    assert "๑ มาตรการ" in coordinator.get(path).text
    refused = press(coordinator, path, changed={"m1-left_out": "1"})
    assert (refused.status_code, refused.location) == (303, f"{path}#finish")
    assert "ทุกมาตรการถูกตัดออก" in coordinator.get(path).text
    assert plans_of_2567(database) == 0
    press(coordinator, path, "as_read 1")
    press(coordinator, path)
    with database.reading() as session:
        titles = session.scalars(select(Measure.title).join(Plan).where(Plan.fiscal_year == 2567)).all()
    assert titles == ["จัดซื้อโปร่งใส"]


def test_one_button_sends_choices_corrections_and_the_wish_to_save(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    path = paste(coordinator, HEADER + FIRST + SECOND.replace("กองการคลัง", "กองพัสดุ"))
    place = place_of(coordinator.get(path).text, "กองพัสดุ")
    changed: dict[str, object] = {
        f"is-{place}": "other",
        f"other-{place}": f"unit {ours.units['กองคลัง']}",
        "m0-period": "ตุลาคม ๒๕๖๖",
        "m1-title": "จัดซื้อจัดจ้างโปร่งใส",
    }
    assert press(coordinator, path, changed=changed).location == "/plan/?year=2567"
    with database.reading() as session:
        measures = session.scalars(select(Measure).join(Plan).where(Plan.fiscal_year == 2567).order_by(Measure.number))
        assert [(one.title, one.period.text, one.responsible_text) for one in measures] == [
            ("ให้บริการโปร่งใส", "ตุลาคม ๒๕๖๖", "ทุกส่วนราชการ"),
            ("จัดซื้อจัดจ้างโปร่งใส", "รายไตรมาส", "กองพัสดุ"),
        ]
        assert session.scalars(select(UnitAlias.name)).all() == ["กองพัสดุ"]


@pytest.mark.parametrize("do", ["keep", "questions", "later", "only warned", "at 1", "page 1", "columns", "leave"])
def test_no_button_discards_what_another_question_was_answered(coordinator: Visitor, do: str) -> None:
    path = paste(coordinator, HEADER + FIRST + SECOND.replace("กองการคลัง", "กองพัสดุ"))
    place = place_of(coordinator.get(path).text, "กองพัสดุ")
    press(coordinator, path, do, {f"is-{place}": "division", "m1-title": "จัดซื้อจัดจ้างโปร่งใส"})
    sent = fields_of(coordinator.get(f"{path}?page=1&only=").text, "preview")
    assert (sent[f"is-{place}"], sent["m1-title"]) == ("division", "จัดซื้อจัดจ้างโปร่งใส")


def test_an_unknown_unit_is_another_name_of_a_unit(coordinator: Visitor, database: Database, ours: World) -> None:
    path = paste(coordinator, HEADER + SECOND.replace("กองการคลัง", "กองพัสดุ"))
    assert "เหลือ ๑ คำถาม" in coordinator.get(path).text
    finance = ours.units["กองคลัง"]
    page = answer(coordinator, path, "กองพัสดุ", f"unit {finance}")
    assert "คำถาม" not in page.text[page.text.index("<h1") : page.text.index("</h1>")]
    with database.reading() as session:
        assert session.scalar(select(UnitAlias.id)) is None
    press(coordinator, path)
    with database.reading() as session:
        assert session.scalars(select(UnitAlias.name)).all() == ["กองพัสดุ"]
        tasks = session.scalars(select(Task).join(Plan).where(Plan.fiscal_year == 2567)).all()
        assert {unit.id for task in tasks for unit in task.units} == {finance}


def test_a_guess_is_shown_as_chosen_and_counts_once_it_was_seen(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    path = paste(coordinator, HEADER + SECOND)
    page = coordinator.get(path).text
    place, finance = place_of(page, "กองการคลัง"), ours.units["กองคลัง"]
    assert fields_of(page, "preview")[f"is-{place}"] == f"unit {finance}"
    assert "เลือกให้แล้ว" in page
    assert coordinator.post(path).location == f"{path}#party-{place}"  # a form that never showed it
    assert plans_of_2567(database) == 0
    press(coordinator, path)
    with database.reading() as session:
        assert session.scalars(select(UnitAlias.name)).all() == ["กองการคลัง"]


def test_the_unknown_stand_first_then_guesses_then_the_known(coordinator: Visitor) -> None:
    cells = ("กองช่าง", "กองการคลัง", "กองพัสดุ", "ทุกส่วนราชการ", "กองนโยบาย")
    rows = [f"{n}. เรื่องที่ {n}\t๑. ทำ\t{cell}\tรายไตรมาส\n" for n, cell in enumerate(cells, 1)]
    page = coordinator.get(paste(coordinator, HEADER + "".join(rows))).text
    order = sorted(cells, key=lambda cell: page.index(f">{cell}</b>"))
    assert order == ["กองพัสดุ", "กองนโยบาย", "กองการคลัง", "กองช่าง", "ทุกส่วนราชการ"]
    assert "๕ หน่วยงาน แยกงานกัน" in compact(page)


def test_open_questions_save_nothing_and_lead_to_the_first(coordinator: Visitor, database: Database) -> None:
    path = paste(coordinator, HEADER + FIRST + SECOND.replace("กองการคลัง", "กองพัสดุ"))
    page = coordinator.get(path).text
    place = place_of(page, "กองพัสดุ")
    assert 'value="store"' not in page
    assert "disabled" not in page
    led = press(coordinator, path, "questions")
    assert (led.status_code, led.location) == (303, f"{path}#party-{place}")
    assert press(coordinator, path, "store").location == f"{path}#party-{place}"
    assert plans_of_2567(database) == 0
    answered = press(coordinator, path, "questions", {f"is-{place}": "later"})
    assert answered.location == f"{path}#finish"
    assert "บันทึกแผนปี ๒๕๖๗ พร้อมงาน" in coordinator.get(path).text
    press(coordinator, path)
    with database.reading() as session:
        unit = session.scalars(select(Unit).where(Unit.name == "กองพัสดุ")).one()
        assert not unit.known


def test_two_unknown_names_are_one_new_unit(coordinator: Visitor, database: Database) -> None:
    other = "๓. เก็บรักษา\t๑. ตรวจนับ\tฝ่ายพัสดุและทรัพย์สิน\tรายไตรมาส\n"
    path = paste(coordinator, HEADER + SECOND.replace("กองการคลัง", "กองพัสดุ") + other)
    page = coordinator.get(path).text
    first, second = place_of(page, "กองพัสดุ"), place_of(page, "ฝ่ายพัสดุและทรัพย์สิน")
    changed: dict[str, object] = {f"is-{first}": "division", f"is-{second}": "other", f"other-{second}": "same กองพัสดุ"}
    press(coordinator, path, changed=changed)
    with database.reading() as session:
        unit = session.scalars(select(Unit).where(Unit.name == "กองพัสดุ")).one()
        assert session.scalars(select(UnitAlias.name).where(UnitAlias.unit_id == unit.id)).all() == ["ฝ่ายพัสดุและทรัพย์สิน"]
        assert session.scalar(select(Unit.id).where(Unit.name == "ฝ่ายพัสดุและทรัพย์สิน")) is None
        tasks = session.scalars(select(Task).join(Plan).where(Plan.fiscal_year == 2567)).all()
        assert {one.id for task in tasks for one in task.units} == {unit.id}


def test_names_that_lead_to_one_another_are_refused_and_the_rest_is_kept(coordinator: Visitor) -> None:
    other = "๓. เก็บรักษา\t๑. ตรวจนับ\tฝ่ายพัสดุและทรัพย์สิน\tรายไตรมาส\n"
    path = paste(coordinator, HEADER + SECOND.replace("กองการคลัง", "กองพัสดุ") + other)
    page = coordinator.get(path).text
    first, second = place_of(page, "กองพัสดุ"), place_of(page, "ฝ่ายพัสดุและทรัพย์สิน")
    changed: dict[str, object] = {
        f"other-{first}": "same ฝ่ายพัสดุและทรัพย์สิน",
        f"other-{second}": "same กองพัสดุ",
        "m1-title": "เก็บรักษาพัสดุ",
    }
    refused = press(coordinator, path, changed=changed)
    assert refused.status_code == 303
    page = coordinator.get(path).text
    assert "วนกลับมาหาตัวเอง" in page
    assert "เก็บรักษาพัสดุ</textarea>" in page
    assert "เหลือ ๑ คำถาม" in page


def test_a_new_committee_gets_its_chair(coordinator: Visitor, database: Database, ours: World) -> None:
    text = HEADER + SECOND.replace("กองการคลัง", "คณะกรรมการประเมิน ITA")
    path = paste(coordinator, text)
    page = coordinator.get(path).text
    assert "เป็นคณะกรรมการใหม่ ใครเป็นประธาน" in page
    likely = [f'value="committee {ours.members[who]}"' for who in ("clerk", "head1")]
    assert page.index(likely[0]) < page.index(likely[1]) < page.index('value="later"')
    answer(coordinator, path, "คณะกรรมการประเมิน ITA", f"committee {ours.members['clerk']}", do="store")
    with database.reading() as session:
        unit = session.scalars(select(Unit).where(Unit.name == "คณะกรรมการประเมิน ITA")).one()
        assert (unit.kind, [(role.role, role.member.name) for role in unit.roles]) == ("committee", [("head", "ปลัด")])
        kinds = session.scalars(select(Event.kind).order_by(Event.sequence.desc()).limit(8)).all()
        assert {"unit_added", "person_staffed"} <= set(kinds)


def test_a_known_name_given_to_another_unit_keeps_its_words(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    path = paste(coordinator, HEADER + SECOND.replace("กองการคลัง", "กองคลัง"))
    answer(coordinator, path, "กองคลัง", f"unit {ours.units['กองช่าง']}", do="store")
    with database.reading() as session:
        measure = session.scalars(select(Measure).join(Plan).where(Plan.fiscal_year == 2567)).one()
        assert (measure.responsible_text, measure.parties) == ("กองคลัง", ["กองช่าง"])
        tasks = session.scalars(select(Task).join(Plan).where(Plan.fiscal_year == 2567)).all()
        assert {unit.name for task in tasks for unit in task.units} == {"กองช่าง"}
        assert session.scalar(select(UnitAlias.id)) is None


def test_an_unknown_unit_becomes_a_unit_of_its_kind(coordinator: Visitor, database: Database) -> None:
    path = paste(coordinator, HEADER + SECOND + FIRST)
    answer(coordinator, path, "กองการคลัง", "division", do="store")
    with database.reading() as session:
        unit = session.scalars(select(Unit).where(Unit.name == "กองการคลัง")).one()
        assert (unit.kind, unit.known) == ("division", True)
        fanned = session.scalar(
            select(func.count(Task.id)).join(Plan).where(Plan.fiscal_year == 2567, Task.title == "จัดทำคู่มือ")
        )
        assert fanned == 6  # ทุกส่วนราชการ means the new division too


@pytest.mark.parametrize("decision", ["unit 999999", "unit x", "king", "committee 999999", "same "])
def test_a_decision_that_makes_no_sense_is_refused_and_the_rest_is_kept(coordinator: Visitor, decision: str) -> None:
    path = paste(coordinator, HEADER + SECOND)
    place = place_of(coordinator.get(path).text, "กองการคลัง")
    refused = press(coordinator, path, "store", {f"is-{place}": decision, "m0-title": "จัดซื้อจัดจ้าง"})
    assert refused.status_code == 303
    page = coordinator.get(path).text
    assert page.count('role="alert"') == 1
    assert "จัดซื้อจัดจ้าง</textarea>" in page


def test_a_window_left_open_takes_nothing_back(coordinator: Visitor) -> None:
    path = paste(coordinator, HEADER + FIRST + SECOND.replace("กองการคลัง", "กองพัสดุ"))
    stale = fields_of(coordinator.get(path).text, "preview")
    place = place_of(coordinator.get(path).text, "กองพัสดุ")
    press(coordinator, path, "keep", {"m0-title": "แก้จากหน้าต่างแรก", f"is-{place}": "division"})
    coordinator.post(path, {**stale, "m1-title": "แก้จากหน้าต่างที่สอง", "do": "keep"})
    sent = fields_of(coordinator.get(path).text, "preview")
    assert (sent["m0-title"], sent["m1-title"]) == ("แก้จากหน้าต่างแรก", "แก้จากหน้าต่างที่สอง")
    assert sent[f"is-{place}"] == "division"


def test_coming_back_opens_the_same_place(coordinator: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_import, "PAGE", 2)
    monkeypatch.setattr(plan_preview, "PAGE", 2)
    body = "".join(FIRST.replace("๑. ให้", f"{n}. เรื่องที่ {n} ให้", 1) for n in range(1, 6))
    path = paste(coordinator, HEADER + body + SECOND.replace("กองการคลัง", "กองพัสดุ"))
    there = press(coordinator, path, "at 4")
    assert there.location == f"{path}?page=3#measure-4"
    waiting = coordinator.get("/plan/import/").text
    assert "เหลือ ๑ คำถาม" in waiting
    assert f'href="{path}#measure-4"' in waiting
    assert 'id="measure-4"' in coordinator.get(path).text
    with time_machine.travel(NOON + timedelta(days=13), tick=False):
        assert 'id="measure-4"' in coordinator.get(path).text  # after a leave too


def test_what_was_typed_when_the_sign_in_had_ended_stands_in_the_form_again(
    coordinator: Visitor, ours: World, app: Flask
) -> None:
    path = paste(coordinator, HEADER + FIRST + SECOND.replace("กองการคลัง", "กองพัสดุ"))
    page = coordinator.get(path).text
    place = place_of(page, "กองพัสดุ")
    sent = {**fields_of(page, "preview"), "m1-title": "พิมพ์ไว้ก่อนหมดเวลา", f"is-{place}": "division", "do": "keep"}
    gone = Visitor(app.test_client())
    led = gone.client.post(path, data=sent, headers={"Origin": "http://localhost"})
    assert led.status_code == 302
    gone.get(led.location)
    gone.sign_in(ours.email("coordinator"))
    page = gone.get(led.location).text
    shown = fields_of(page, "preview")
    assert (shown["m1-title"], shown[f"is-{place}"]) == ("พิมพ์ไว้ก่อนหมดเวลา", "division")
    gone.post(path, {**shown, "do": "keep"})
    kept = fields_of(gone.get(path).text, "preview")
    assert (kept["m1-title"], kept[f"is-{place}"]) == ("พิมพ์ไว้ก่อนหมดเวลา", "division")


@pytest.mark.parametrize(
    "text",
    [
        HEADER + FIRST + SECOND,
        plan_document(2567).decode(),
        "<table><tr><th>มาตรการ<th>ขั้นตอน<th>ผู้รับผิดชอบ<th>ระยะเวลา</tr>"
        "<tr><td rowspan=2>๑. เรื่องหนึ่ง<br>- ข้อย่อย<br><br>(๑) อีกข้อ<td>๑. ประชุม<td>กองคลัง<br>กองช่าง<td>รายไตรมาส</tr>"
        "<tr><td>๒. ติดตาม<br>ผล<td>&nbsp;<td>ภายใน ๓๑ มกราคม ๒๕๖๗</tr>"
        "<tr><td>๓ เรื่อง  ไม่มีขั้นตอน<td><td><td></tr></table>",
    ],
)
def test_a_form_sent_as_it_stands_corrects_nothing(coordinator: Visitor, database: Database, text: str) -> None:
    path = paste(coordinator, text)
    press(coordinator, path, "keep")
    press(coordinator, path, "keep")
    with database.reading() as session:
        assert uploads.content(session, path.rpartition("/")[2], NOON)[1].corrections == {}


def test_another_year_chosen_in_the_form_reads_the_document_anew_and_keeps_what_was_typed(coordinator: Visitor) -> None:
    path = paste(coordinator, HEADER + SECOND)
    page = press(coordinator, path, "keep", {"fiscal_year": "2566", "m0-title": "จัดซื้อ"}, follow=True).text
    assert "แผนปี ๒๕๖๖" in page
    assert "๓๑ ธ.ค. ๖๕" in page
    assert "จัดซื้อ</textarea>" in page


def test_a_closed_year_says_so_on_the_page_and_keeps_the_choices(coordinator: Visitor, ours: World) -> None:
    with time_machine.travel(datetime(2023, 10, 3, 5, tzinfo=UTC), tick=False):
        coordinator.sign_in(ours.email("coordinator"))
        coordinator.post("/reports/2566/12/close/", {"sure": "y"})
        path = paste(coordinator, HEADER + SECOND, "2566")
        page = coordinator.get(path)
        assert (page.status_code, "กรุณาเปิดรอบอีกครั้งก่อนนำเข้าฉบับแก้ไข" in page.text) == (200, True)
        refused = press(coordinator, path, changed={"m0-title": "จัดซื้อจัดจ้าง"})
        assert (refused.status_code, refused.location) == (303, f"{path}#finish")
        page_again = coordinator.get(path).text
        assert "จัดซื้อจัดจ้าง</textarea>" in page_again
        assert "กรุณาเปิดรอบอีกครั้งก่อนนำเข้าฉบับแก้ไข" in page_again


def test_a_corrected_document_tells_what_happens_to_ticks(coordinator: Visitor, database: Database) -> None:
    press(coordinator, paste(coordinator, HEADER + FIRST + SECOND))
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
    assert "แก้แผนปี ๒๕๖๗" in page
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
    assert "อ่านแผนปี ๒๕๖๗" in answer.text
    assert press(coordinator, path, "keep", {"m0-period": "ตุลาคม ๒๕๖๖"}).status_code == 303


def test_a_period_is_read_while_it_is_typed(coordinator: Visitor) -> None:
    piece = compact(coordinator.get("/plan/import/period?year=2567&text=รายไตรมาส").text)
    assert "๓๑ ธ.ค. ๖๖, ๓๑ มี.ค. ๖๗" in piece
    assert "<html" not in piece
    doubtful = coordinator.get("/plan/import/period?year=2567&text=๓๑+มิถุนายน+<b>").text
    assert "ไม่มีวันที่" in doubtful
    assert "<b>”" not in doubtful
    for year in ("1", "99999999", "๑", ""):  # no year of a plan: this one
        assert coordinator.get(f"/plan/import/period?year={year}&text=99999999999999999999").status_code == 200


def test_columns_are_chosen_by_hand_and_a_wrong_choice_keeps_the_form(coordinator: Visitor) -> None:
    path = paste(coordinator, "หนึ่ง\tสอง\tสาม\tสี่\n" + FIRST)
    assert "คอลัมน์ใดคืออะไร" in coordinator.get(path).text
    assert coordinator.post(f"{path}/columns", {"measure": "ห้า"}).status_code == 422
    chosen = {"measure": "หนึ่ง", "steps": "สอง", "responsible": "สาม", "period": "สี่"}
    assert coordinator.post(f"{path}/columns", chosen).location == path
    assert "อ่านแผนปี ๒๕๖๗" in coordinator.get(path).text


def test_columns_chosen_anew_keep_what_was_typed(coordinator: Visitor) -> None:
    path = paste(coordinator, "มาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tระยะเวลา\tกำหนดแล้วเสร็จ\n" + FIRST.rstrip() + "\tธันวาคม ๒๕๖๖\n")
    press(coordinator, path, "keep", {"m0-title": "พิมพ์ชื่อใหม่"})
    coordinator.get(f"{path}/columns")
    coordinator.post(f"{path}/columns", {"period": "กำหนดแล้วเสร็จ"})
    sent = fields_of(coordinator.get(path).text, "preview")
    assert (sent["m0-title"], sent["m0-period"]) == ("พิมพ์ชื่อใหม่", "ธันวาคม ๒๕๖๖")


def test_columns_that_nobody_can_tell_are_asked_about_and_remembered(coordinator: Visitor) -> None:
    row = "๑. ให้บริการโปร่งใส\t๑. จัดทำคู่มือ\tทุกส่วนราชการ\tธันวาคม ๒๕๖๖\tมีนาคม ๒๕๖๗\n"
    table = f"มาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tช่วงเวลา\tระยะเวลา\n{row}"
    path = paste(coordinator, table)
    asked = coordinator.get(path).text
    assert "ช่องใดคือ “ระยะเวลาดำเนินการ”" in asked
    assert "มีนาคม ๒๕๖๗" in asked
    coordinator.post(f"{path}/columns", {"period": "ช่วงเวลา"})
    assert fields_of(coordinator.get(path).text, "preview")["m0-period"] == "ธันวาคม ๒๕๖๖"
    press(coordinator, path, "store")
    later = coordinator.get(paste(coordinator, table, "2568")).text
    assert "ช่องใดคือ" not in later


def test_what_waits_is_found_again_by_its_sender_alone(coordinator: Visitor, app: Flask, theirs: World) -> None:
    path = paste(coordinator, HEADER + FIRST)
    assert f'href="{path}"' in coordinator.get("/plan/import/").text
    other = Visitor(app.test_client())
    other.sign_in(theirs.email("coordinator"))
    assert path not in other.get("/plan/import/").text
    assert other.post(path).status_code == 404
    for action in ("columns", "discard"):
        assert other.post(f"{path}/{action}").status_code == 404
    coordinator.post(f"{path}/discard")
    assert coordinator.get(path).status_code == 404


def test_neither_file_nor_text_is_a_sentence(coordinator: Visitor) -> None:
    coordinator.get("/plan/import/")
    answer = coordinator.post("/plan/import/", {"document": (io.BytesIO(b""), ""), "fiscal_year": "2567"})
    assert answer.status_code == 303
    for _ in range(2):  # a page that can be loaded again
        page = coordinator.get(answer.location).text
        assert "กรุณาเลือกไฟล์แผน" in page
        assert page.count('class="error"') == 1


def test_what_cannot_be_read_stays_in_the_form(coordinator: Visitor) -> None:
    text = "%PDF-1.7\n" + HEADER + FIRST
    coordinator.get("/plan/import/")
    answer = coordinator.post("/plan/import/", {"pasted": text, "fiscal_year": "2565"})
    assert answer.status_code == 303
    page = coordinator.get(answer.location).text
    sent = fields_of(page, "upload")
    assert (str(sent["pasted"]).strip().splitlines(), sent["fiscal_year"]) == (text.splitlines(), "2565")
    assert "PDF" in page[page.index('class="error"') :]


def test_a_table_pasted_whole_may_be_as_long_as_the_page_says(coordinator: Visitor) -> None:
    body = "".join(FIRST.replace("๑. ให้", f"{n}. เรื่องที่ {n} ให้", 1) for n in range(1, 2_000))
    assert 500_000 > len(HEADER + body) > 170_000  # three bytes a letter: more than Werkzeug's half a megabyte
    assert paste(coordinator, HEADER + body)


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
    assert 'value="store"' not in coordinator.get(path).text
    assert press(coordinator, path, "check").location == f"{path}/work"
    waiting = coordinator.get(f"{path}/work")
    assert (waiting.headers["Refresh"], waiting.status_code) == (f"2; url={path}/work", 200)
    other = Visitor(app.test_client())
    other.sign_in(theirs.email("coordinator"))
    assert other.get(f"{path}/work").status_code == 404
    plan_work.run(database, settings, asked[0], NOON)
    assert coordinator.get(f"{path}/work").location == f"{path}#finish"
    assert "พร้อมงาน ๙ งาน" in coordinator.get(path).text
    assert plans_of_2567(database) == 0
    press(coordinator, path, "keep", {"m1-left_out": "1"})
    assert "พร้อมงาน ๕ งาน" in coordinator.get(path).text  # one measure now: no longer large
    press(coordinator, path, "as_read 1")
    assert 'value="store"' in coordinator.get(path).text  # as it was when it was tried
    press(coordinator, path, "keep", {"m0-title": "ให้บริการอย่างโปร่งใส"})
    assert press(coordinator, path, "store").location == f"{path}/work"  # not seen yet as it is now: tried first
    plan_work.run(database, settings, asked[0], NOON)
    assert plans_of_2567(database) == 0
    assert press(coordinator, path, "page 1").status_code == 303  # to look about in it changes nothing of that
    assert press(coordinator, path).location == f"{path}/work"
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
    assert press(coordinator, path, "check", follow=True).text.count("พร้อมงาน ๙ งาน") == 1
    assert "นำเข้าแผนแล้ว" in press(coordinator, path, follow=True).text
    assert plans_of_2567(database) == 1


def test_work_that_waits_too_long_is_offered_and_what_fails_says_why(
    coordinator: Visitor, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_work, "LARGE", 1)
    monkeypatch.setattr(plan_import, "send", lambda *_: True)
    path = paste(coordinator, HEADER + FIRST + SECOND)
    press(coordinator, path, "check")
    assert "ทำเดี๋ยวนี้" not in coordinator.get(f"{path}/work").text
    with time_machine.travel(NOON + timedelta(minutes=2), tick=False):
        assert "ทำเดี๋ยวนี้" in coordinator.get(f"{path}/work").text
        assert coordinator.post(f"{path}/work", follow=True).text.count("พร้อมงาน ๙ งาน") == 1
    press(coordinator, path, "check")
    press(coordinator, path, "keep", {"m0-number": "9", "m0-title": "อื่น", "m0-responsible": "กองคลัง"})
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
    press(coordinator, path, "check")
    plan_work.run(database, settings, token, NOON)
    press(coordinator, path)

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
