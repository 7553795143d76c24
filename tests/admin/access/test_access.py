"""Who may see and do what: every page for every role, and nothing of another unit or agency."""

import io
import re
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from tests.admin.conftest import NOON, Visitor
from tests.admin.tasks.test_tasks import MARCH, photo
from tests.factories import World, task_of
from tracker.models import Completion, MailboxMessage, Member, Task, Unit
from tracker.store.db import Database

PAGES = {
    "/tasks/": {"head", "coordinator", "executive"},
    "/plan/": {"head", "coordinator", "executive"},
    "/reminders/": {"head", "coordinator", "executive"},
    "/search/": {"head", "coordinator", "executive"},
    "/account/": {"head", "coordinator", "executive", "operator"},
    "/overview/": {"coordinator", "executive"},
    "/all-tasks/": {"coordinator", "executive"},
    "/reports/": {"coordinator", "executive"},
    "/reports/2566/6.json": {"coordinator", "executive"},
    "/reports/2566/6/close/": {"coordinator", "executive"},
    "/reports/2566/6/edit/": {"coordinator"},
    "/plan/import/": {"coordinator"},
    "/plan/copy/": {"coordinator"},
    "/plan/measures/1/": {"coordinator"},
    "/review/": {"coordinator"},
    "/reminders/deliveries": {"coordinator"},
    "/people/": {"coordinator"},
    "/admin/": {"coordinator"},
    "/admin/unit/": {"coordinator"},
    "/admin/unit/new/": {"coordinator"},
    "/admin/unit_alias/": {"coordinator"},
    "/admin/member/": {"coordinator"},
    "/admin/role/": {"coordinator"},
    "/admin/day_off/": {"coordinator"},
    "/admin/settings/edit/?id=1": {"coordinator"},
    "/admin/task_records/": {"coordinator"},
    "/admin/events/": {"coordinator"},
    "/operations/": {"operator"},
}
PEOPLE = {"head": "head2", "coordinator": "coordinator", "executive": "clerk"}


@pytest.mark.parametrize("role", ["head", "coordinator", "executive", "operator", "stranger"])
def test_each_page_is_open_to_its_roles_and_to_no_other(app: Flask, ours: World, role: str) -> None:
    visitor = Visitor(app.test_client())
    if role != "stranger":
        visitor.sign_in("operator@host.example" if role == "operator" else ours.email(PEOPLE[role]))
    for page, allowed in PAGES.items():
        expected = 200 if role in allowed else 302 if role == "stranger" else 403
        assert visitor.get(page).status_code == expected, page


def test_a_head_sees_the_tasks_of_the_own_unit_alone(head: Visitor, database: Database, ours: World) -> None:
    with database.reading() as session:
        foreign = task_of(session, ours, "กองช่าง", 3, MARCH).id
    for answer in (
        head.get(f"/tasks/{foreign}"),
        head.get(f"/tasks/{foreign}/not-possible"),
        head.post(f"/tasks/{foreign}", {"result": "ทำแล้ว", "done_on": "14/3/2566"}),
        head.post(f"/tasks/{foreign}/not-possible", {"reason": "no_budget"}),
        head.post(f"/tasks/{foreign}/note", {"note": "x"}),
        head.post(f"/tasks/{foreign}/undo"),
    ):
        assert answer.status_code == 404
    for action in ("accept", "send-back", "move"):
        assert head.post(f"/review/{foreign}/{action}", {"note": "x", "due_on": "1/4/2566"}).status_code == 403


def test_a_joint_task_belongs_to_each_of_its_units(head: Visitor, database: Database, ours: World) -> None:
    with database.reading() as session:
        joint = task_of(session, ours, "กองคลัง", 4, date(2023, 9, 30)).id
    assert head.post(f"/tasks/{joint}", {"result": "ทำแล้ว", "done_on": "14/3/2566"}).status_code == 302


def test_an_executive_reads_and_does_not_write(app: Flask, database: Database, ours: World) -> None:
    executive = Visitor(app.test_client())
    executive.sign_in(ours.email("clerk"))
    with database.reading() as session:
        task_id = task_of(session, ours, "กองคลัง", 3, MARCH).id
    page = executive.get(f"/tasks/{task_id}")
    assert page.status_code == 200
    assert "<textarea" not in page.text
    assert executive.post(f"/tasks/{task_id}", {"result": "x", "done_on": "14/3/2566"}).status_code == 403
    assert executive.post("/reminders/send").status_code == 403


def test_nothing_of_another_agency_is_seen_or_changed(coordinator: Visitor, database: Database, theirs: World) -> None:
    with database.writing() as session:
        task = task_of(session, theirs, "กองคลัง", 3, MARCH)
        task_id, title = task.id, "งานลับของหน่วยงานอื่น"
        task.title = title
        message = MailboxMessage(
            agency_id=theirs.agency_id,
            member_id=theirs.members["head2"],
            subject="ของเขา",
            body_text="ลับ",
            body_html="<p>ลับ</p>",
            sent_at=NOON,
        )
        session.add(message)
        session.flush()
        message_id = message.id
    unit_id, member_id = theirs.units["กองคลัง"], theirs.members["head2"]
    for path in (
        f"/tasks/{task_id}",
        f"/reminders/{message_id}",
        f"/reminders/{message_id}/body",
        f"/people/{member_id}/sign-in",
    ):
        answer = coordinator.get(path) if "sign-in" not in path else coordinator.post(path)
        assert answer.status_code == 404, path
    for path in (
        "/overview/",
        "/all-tasks/",
        "/plan/",
        "/people/",
        "/reminders/",
        "/admin/unit/",
        "/admin/task_records/",
    ):
        text = coordinator.get(path).text
        assert title not in text
        assert theirs.domain not in text
    assert coordinator.get(f"/admin/unit/edit/?id={unit_id}").status_code == 302
    coordinator.post(f"/admin/unit/edit/?id={unit_id}", {"name": "ยึดแล้ว", "kind": "division", "position": "1"})
    coordinator.post("/admin/role/delete/", {"id": "1000", "url": "/admin/role/"})
    coordinator.post(
        "/admin/role/new/", {"member": str(member_id), "role": "coordinator", "unit": "__None", "rank": "1"}
    )
    with database.reading() as session:
        assert session.get_one(Unit, unit_id).name == "กองคลัง"
        assert {role.role for role in session.get_one(Member, member_id).roles} == {"head"}
        assert session.get_one(Task, task_id).state == "pending"


def test_evidence_is_for_those_who_see_the_task(
    head: Visitor, app: Flask, database: Database, ours: World, theirs: World
) -> None:
    with database.reading() as session:
        task_id = task_of(session, ours, "กองคลัง", 3, MARCH).id
    head.post(
        f"/tasks/{task_id}", {"result": "ทำแล้ว", "done_on": "14/3/2566", "files": [(io.BytesIO(photo()), "ภาพ.png")]}
    )
    with database.reading() as session:
        evidence_id = session.scalars(select(Completion)).one().evidence[0].id
    expected = {
        ours.email("head2"): 200,
        ours.email("coordinator"): 200,
        ours.email("mayor"): 200,
        ours.email("head3"): 404,
        theirs.email("coordinator"): 404,
        "operator@host.example": 403,
    }
    for email, status in expected.items():
        visitor = Visitor(app.test_client())
        visitor.sign_in(email)
        assert visitor.get(f"/evidence/{evidence_id}").status_code == status, email
    assert Visitor(app.test_client()).get(f"/evidence/{evidence_id}").status_code == 302


def test_every_post_needs_its_token(app: Flask, ours: World) -> None:
    without = ("/line/webhook", "/public/check")  # signed by LINE; reads a file, knows no session, changes nothing
    client = app.test_client()
    visitor = Visitor(client)
    visitor.sign_in(ours.email("coordinator"))
    paths = [
        re.sub(r"<int:\w+>", "1", rule.rule).replace("<uuid:delivery_id>", str(UUID(int=1)))
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and "<token>" not in rule.rule and rule.rule not in without
    ]
    assert len(paths) > 40
    for path in paths:
        answer = client.post(path, data={"id": "1"})
        assert answer.status_code == 400, path
        assert "แบบฟอร์มนี้เปิดค้างไว้นาน" in answer.text
