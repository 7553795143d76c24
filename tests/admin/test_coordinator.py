"""The coordinator's story: overview, plan, import in two steps, people, reports, messages, sending now."""

import io
import json
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from admin.web.queue import send
from tests.admin.conftest import NOON, Visitor, compact
from tests.factories import World, task_of
from tracker.models import Account, Event, MailboxMessage, Member, Plan, Task, Unit
from tracker.runtime.embedded_redis import running_redis
from tracker.settings import Settings
from tracker.store.db import Database

HEADER = "มาตรการ,ขั้นตอน,ผู้รับผิดชอบ,ระยะเวลา\n"
PLAN = (
    HEADER
    + "๑. ให้บริการโปร่งใส,๑. จัดทำคู่มือ,ทุกส่วนราชการ,ตุลาคม ๒๕๖๖ - มีนาคม ๒๕๖๗\n๒. จัดซื้อโปร่งใส,เผยแพร่แผน,กองคลัง,ภายใน ๑๕ วัน\n"
)


def upload(visitor: Visitor, text: str, name: str = "แผน.csv", **more: str) -> str:
    """Sends a document; gives the path of its preview."""
    visitor.get("/plan/import/")
    sent = {"document": (io.BytesIO(text.encode()), name), "fiscal_year": "2567", **more}
    answer = visitor.post("/plan/import/", sent)
    assert answer.status_code == 302, answer.text
    return answer.location


def test_the_overview_counts_and_names_who_is_late(coordinator: Visitor) -> None:
    page = compact(coordinator.get("/overview/").text)
    assert "ผ่านไป\u00a0๕\u00a0เดือน ทำแล้วร้อยละ" in page
    assert "เหลือ ๒ วันก่อนสิ้นสุดรอบ ๖ เดือน" in page
    assert "๐&nbsp;/&nbsp;๗๐" in page
    assert page.index("ค้างอยู่ที่ใคร") < page.index('กองคลัง</a><span class="chip late">๖ งาน')
    assert "แดง" in page


def test_the_year_is_told_in_words_too(coordinator: Visitor, database: Database, ours: World) -> None:
    with database.writing() as session:
        for unit in ours.units:
            task_of(session, ours, unit, 3, date(2022, 10, 31)).state = "done"
    page = coordinator.get("/overview/").text
    assert "ตุลาคม ๒๕๖๕: ทำแล้ว ๑ จาก ๑" in page
    assert "กุมภาพันธ์ ๒๕๖๖: ทำแล้ว ๐ จาก ๑, เลยกำหนด ๑" in page


def test_the_plan_shows_progress_by_measure_step_and_unit(coordinator: Visitor, head: Visitor) -> None:
    page = coordinator.get("/plan/").text
    assert "แผนปีงบประมาณ ๒๕๖๖" in page
    assert "๐/๖๐" in page
    assert 'href="/all-tasks/?unit=' in page
    assert 'href="/all-tasks/' not in head.get("/plan/").text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?state=all", "๗๐"),
        ("?state=late", "๒๖"),
        ("?state=soon", "๑๑"),
        ("?measure=4", "๑"),
        ("?q=คู่มือ", "๕"),
        ("?q=%25", "๐"),
        ("?state=done", "๐"),
        ("?unit=x&state=y&page=99", "๗๐"),
    ],
)
def test_the_list_of_all_tasks_is_filtered(coordinator: Visitor, query: str, count: str) -> None:
    assert f"<h1>{count} งาน" in compact(coordinator.get(f"/all-tasks/{query}").text)


def test_a_plan_is_imported_in_two_steps(coordinator: Visitor, database: Database, ours: World) -> None:
    preview = upload(coordinator, PLAN)
    page = coordinator.get(preview).text
    assert "อ่านแผนปี ๒๕๖๗" in page
    assert "ให้บริการโปร่งใส" in page
    assert "ภายใน ๑๕ วัน" in page
    assert "จุดที่ควรตรวจ" in page
    with database.reading() as session:
        assert session.scalar(select(func.count(Plan.id)).where(Plan.agency_id == ours.agency_id)) == 1
        events = session.scalar(select(func.count(Event.id)))
    answer = coordinator.post(preview)
    assert answer.location == "/plan/?year=2567"
    assert "แผนปีงบประมาณ ๒๕๖๗" in coordinator.get(answer.location).text
    assert coordinator.get(preview).status_code == 404
    with database.reading() as session:
        plan = session.scalars(select(Plan).where(Plan.fiscal_year == 2567)).one()
        assert session.scalar(select(func.count(Task.id)).where(Task.plan_id == plan.id)) == 6
        assert (session.scalar(select(func.count(Event.id))) or 0) > (events or 0)


def test_a_corrected_document_shows_what_differs(coordinator: Visitor) -> None:
    coordinator.get(first := upload(coordinator, PLAN))
    coordinator.post(first)
    assert "ไม่มีอะไรต่างไป" in coordinator.get(upload(coordinator, PLAN)).text
    page = coordinator.get(upload(coordinator, PLAN.replace("จัดทำคู่มือ", "จัดทำและเผยแพร่คู่มือ"))).text
    assert "เทียบกับแผนที่มีอยู่" in page
    assert "จัดทำและเผยแพร่คู่มือ" in page


def test_columns_that_words_do_not_settle_are_asked_for(coordinator: Visitor) -> None:
    preview = upload(coordinator, PLAN.replace(HEADER, "หนึ่ง,สอง,สาม,สี่\n"))
    page = coordinator.get(preview).text
    assert "คอลัมน์ใดคืออะไร" in page
    assert "<option>สาม</option>" in page
    chosen = {"measure": "หนึ่ง", "steps": "สอง", "responsible": "สาม", "period": "สี่"}
    answer = coordinator.post(f"{preview}/columns", chosen)
    assert "อ่านแผนปี ๒๕๖๗" in coordinator.get(answer.location).text


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"", "plan.docx"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 64, "plan.doc"), (b"%PDF-1.7", "plan.pdf")],
)
def test_a_file_that_is_no_plan_gets_a_sentence(coordinator: Visitor, data: bytes, name: str) -> None:
    coordinator.get("/plan/import/")
    answer = coordinator.post("/plan/import/", {"document": (io.BytesIO(data), name), "fiscal_year": "2567"})
    assert answer.status_code == 303
    assert 'class="error"' in coordinator.get(answer.location).text


def test_an_upload_is_for_the_one_who_sent_it(coordinator: Visitor, app: Flask, theirs: World) -> None:
    preview = upload(coordinator, PLAN)
    other = Visitor(app.test_client())
    other.sign_in(theirs.email("coordinator"))
    assert other.get(preview).status_code == 404
    assert other.post(preview).status_code == 404
    assert coordinator.get("/plan/import/..%2f..%2fsecret-key").status_code == 404


def test_people_are_imported_from_a_table(coordinator: Visitor, database: Database, ours: World) -> None:
    table = "unit,unit_kind,name,role,email\nกองประปา,division,นายน้ำ ใสสะอาด,head,nam@tua.example\n"
    path = "/people/import/"
    coordinator.get(path)
    preview = coordinator.post(path, {"document": (io.BytesIO(table.encode()), "people.csv")}).location
    page = coordinator.get(preview).text
    assert "เพิ่มหน่วยงาน: กองประปา" in page
    assert "จะสร้างงาน ๑๓ งาน" in page
    with database.reading() as session:
        assert session.scalar(select(Member.id).where(Member.name == "นายน้ำ ใสสะอาด")) is None
    answer = coordinator.post(preview, follow=True)
    assert "สร้างงานเพิ่ม ๑๓ งาน" in answer.text
    assert "นายน้ำ ใสสะอาด" in answer.text
    assert coordinator.get(preview).status_code == 404
    again = coordinator.post(path, {"document": (io.BytesIO(table.encode()), "people.csv")}, follow=True)
    assert "ตรงกับที่มีอยู่แล้ว" in again.text
    bad = coordinator.post(path, {"document": (io.BytesIO(b"unit,name,role\nx,y,king\n"), "people.csv")})
    assert bad.status_code == 422
    with database.reading() as session:
        member = session.scalars(select(Member).where(Member.name == "นายน้ำ ใสสะอาด")).one()
    made = coordinator.post(f"/people/{member.id}/sign-in")
    password = compact(made.text).split("<dd><b>")[1].split("<")[0]
    newcomer = Visitor(coordinator.client.application.test_client())
    assert newcomer.sign_in("nam@tua.example", password).status_code == 302
    assert coordinator.post(f"/people/{member.id}/sign-in").status_code == 409
    assert ours.email("head1") in coordinator.get("/people/").text


def test_a_unit_without_people_is_shown_as_such(coordinator: Visitor, database: Database, ours: World) -> None:
    with database.writing() as session:
        session.add(Unit(agency_id=ours.agency_id, name="คณะทำงาน", name_key="คณะทำงาน", kind="committee", known=False))
    page = coordinator.get("/people/").text
    assert "<h1>คณะทำงานยังไม่มีหัวหน้า</h1>" in page
    assert "มีแต่ในแผน" in page


@pytest.mark.parametrize(
    ("ending", "begins"),
    [("docx", b"PK"), ("pdf", b"%PDF"), ("xlsx", b"PK"), ("html", b"<"), ("csv", b""), ("json", b"{")],
)
def test_the_report_of_each_round_comes_in_each_format(
    coordinator: Visitor, head: Visitor, database: Database, ours: World, ending: str, begins: bytes
) -> None:
    with database.reading() as session:
        task_id = task_of(session, ours, "กองคลัง", 2, date(2023, 3, 31)).id
    head.post(f"/tasks/{task_id}", {"result": "เผยแพร่แผนจัดซื้อบนเว็บไซต์แล้ว", "done_on": "28/3/2566"})
    for round_ in (6, 12):
        answer = coordinator.get(f"/reports/2566/{round_}.{ending}")
        assert answer.status_code == 200
        assert answer.data.startswith(begins)
        assert f'filename="report-2566-{round_}.{ending}"' in answer.headers["Content-Disposition"]
        if ending == "json":
            assert "เผยแพร่แผนจัดซื้อบนเว็บไซต์แล้ว" in json.dumps(answer.json, ensure_ascii=False)
    assert coordinator.get("/reports/2560/6.pdf").status_code == 404
    assert coordinator.get("/reports/2566/9.pdf").status_code == 404


def test_a_due_day_is_moved_and_the_plan_s_day_stays(coordinator: Visitor, database: Database, ours: World) -> None:
    with database.reading() as session:
        task_id = task_of(session, ours, "กองช่าง", 1, date(2023, 4, 2)).id
    refused = coordinator.post(f"/review/{task_id}/move", {"due_on": "เมื่อไรก็ได้"}, follow=True)
    assert "อ่านวันที่" in refused.text
    coordinator.post(f"/review/{task_id}/move", {"due_on": "๓๐ เม.ย. ๖๖"})
    with database.reading() as session:
        task = session.get_one(Task, task_id)
        assert (task.due_on, task.scheduled_on) == (date(2023, 4, 30), date(2023, 4, 2))


def test_a_message_is_shown_in_a_sandbox_without_scripts(
    coordinator: Visitor, head: Visitor, database: Database, ours: World
) -> None:
    page = "<html><head><style>p { color: red }</style></head><body><p>สวัสดี</p><script>1</script></body></html>"
    with database.writing() as session:
        message = MailboxMessage(
            agency_id=ours.agency_id,
            member_id=ours.members["head2"],
            subject="[ครบกำหนด ๓๑ มี.ค. ๖๖] เหลือ ๓ งาน",
            body_text="สวัสดี",
            body_html=page,
            sent_at=NOON,
        )
        session.add(message)
        session.flush()
        message_id = message.id
    assert "[ครบกำหนด ๓๑ มี.ค. ๖๖]" in head.get("/reminders/").text
    assert 'sandbox="allow-top-navigation' in head.get(f"/reminders/{message_id}").text
    body = head.get(f"/reminders/{message_id}/body")
    policy = body.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'sha256-" in policy
    assert "sandbox" in policy
    assert "unsafe-inline" not in policy
    assert "script-src" not in policy
    head.post(f"/reminders/{message_id}/read")
    with database.reading() as session:
        assert session.get_one(MailboxMessage, message_id).read_at == NOON
    assert "หัวหน้ากองคลัง" in coordinator.get("/reminders/").text


def test_send_now_without_workers_says_what_to_do(coordinator: Visitor) -> None:
    coordinator.get("/reminders/")
    answer = coordinator.post("/reminders/send", follow=True)
    assert "ติดต่อตัวทำงานเบื้องหลังไม่ได้" in answer.text


def test_send_now_puts_the_agency_s_sweep_on_the_workers_queue(settings: Settings, tmp_path: Path) -> None:
    from redis import Redis  # noqa: PLC0415

    assert send(settings, "workers.tasks.sweep_agency_now", 7) is False
    with running_redis(tmp_path / "data") as url:
        assert send(settings, "workers.tasks.sweep_agency_now", 7) is True
        with Redis.from_url(url) as redis:
            message = json.loads(redis.lrange("tracker", 0, -1)[0])  # type: ignore[index]
    assert message["headers"]["task"] == "workers.tasks.sweep_agency_now"
    assert message["headers"]["argsrepr"] == "(7,)"


def test_a_person_who_signs_in_elsewhere_already_is_linked(
    coordinator: Visitor, app: Flask, database: Database, ours: World, theirs: World
) -> None:
    with database.writing() as session:
        guest = Member(agency_id=ours.agency_id, name="ช่วยราชการ", email=theirs.email("head4"))
        session.add(guest)
        session.flush()
        guest_id = guest.id
    answer = coordinator.post(f"/people/{guest_id}/sign-in", follow=True)
    assert "เปิดหน่วยงานนี้ได้ด้วย" in answer.text
    visitor = Visitor(app.test_client())
    visitor.sign_in(theirs.email("head4"))
    assert "อบต.ตัวอย่าง" in visitor.get("/tasks/").text


def test_an_account_that_serves_two_agencies_chooses_one(
    coordinator: Visitor, database: Database, ours: World, theirs: World
) -> None:
    with database.writing() as session:
        account = session.scalars(select(Account).where(Account.email == ours.email("coordinator"))).one()
        there = session.get_one(Member, theirs.members["head1"])
        there.account = account
        there_id = there.id
    assert "อบต.ข้างเคียง" in coordinator.get("/overview/").text
    coordinator.post("/account/agency", {"member": str(there_id)})
    assert coordinator.get("/overview/").status_code == 403
    assert "สำนักปลัด" in coordinator.get("/tasks/").text
    coordinator.post("/account/agency", {"member": str(theirs.members["coordinator"])})
    assert coordinator.get("/").location == "/tasks/"
