"""A joint task that two record at once: nothing of either is lost, and nothing of the colleague's is withdrawn."""

import io
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests.admin.conftest import NOON, Visitor
from tests.admin.tasks.test_tasks import photo, stored
from tests.factories import World
from tracker.models import Completion, Notice, Task
from tracker.store.db import Database

FROM_US = {"Origin": "http://localhost"}
HERS, MINE = "เปิดช่องทางร้องเรียนบนเว็บไซต์", "เพิ่มแบบฟอร์ม ๓ รายการ"


@pytest.fixture
def other(app: Flask, ours: World) -> Visitor:
    """The head of กองช่าง, who owes the joint task with กองคลัง."""
    visitor = Visitor(app.test_client())
    visitor.sign_in(ours.email("head3"))
    return visitor


@pytest.fixture
def joint(database: Database, ours: World) -> int:
    with database.reading() as session:
        return session.scalars(
            select(Task.id).where(Task.title == "ทบทวนช่องทางร้องเรียน", Task.agency_id == ours.agency_id)
        ).one()


def send(visitor: Visitor, task_id: int, **fields: object) -> str:
    """Sends the form as a browser does; gives the page that it leads to."""
    data = {"csrf_token": visitor.token, "done_on": "28/3/2566", **fields}
    answer = visitor.client.post(f"/tasks/{task_id}", data=data, headers=FROM_US, buffered=True)
    assert answer.status_code in (302, 303)
    page = visitor.client.get(answer.location, buffered=True)
    assert visitor.client.get(answer.location, buffered=True).text.count("<h1") == 1
    return visitor._seen(page).text


def conflict(head: Visitor, other: Visitor, joint: int) -> str:
    other.get(f"/tasks/{joint}")
    send(other, joint, result=HERS, done_on="27/3/2566")
    head.get(f"/tasks/{joint}")
    with time_machine.travel(NOON + timedelta(minutes=4), tick=False):
        return send(
            head, joint, result=MINE, outcome="ใช้ง่ายขึ้น", files=(io.BytesIO(photo()), "ภาพ.png"), links="https://x.go.th"
        )


def answered(head: Visitor, page: str, joint: int, way: str, **fields: object) -> str:
    sealed = page.partition('name="kept" value="')[2].partition('"')[0]
    first = page.partition('name="first" value="')[2].partition('"')[0]
    sent = {"result": MINE, "outcome": "ใช้ง่ายขึ้น", "links": "https://x.go.th", "kept": sealed, "first": first}
    with time_machine.travel(NOON + timedelta(minutes=6), tick=False):
        return send(head, joint, **(sent | {"way": way} | fields))


def test_the_second_sees_both_and_who_was_first(head: Visitor, other: Visitor, joint: int, database: Database) -> None:
    page = conflict(head, other, joint)
    assert "หัวหน้ากองช่าง" in page or "ผอ.กองช่าง" in page
    assert "ก่อนท่าน ๔ นาที" in page
    for words in (HERS, MINE, "ใช้ง่ายขึ้น", "ภาพ.jpg", "https://x.go.th"):
        assert words in page
    assert "เลิกทำ" not in page
    assert stored(database, joint).completion.result == HERS


def test_appending_keeps_both_texts_the_first_day_and_all_evidence(
    head: Visitor, other: Visitor, joint: int, database: Database
) -> None:
    answered(head, conflict(head, other, joint), joint, "append")
    task = stored(database, joint)
    assert task.completion.result == f"{HERS}\n{MINE}"
    assert task.completion.outcome == "ใช้ง่ายขึ้น"
    assert task.completion.done_on == date(2023, 3, 27)
    assert {one.original_name for one in task.completion.evidence} == {"ภาพ.jpg", "https://x.go.th"}
    assert [one.result for one in task.completions if one.withdrawn_at] == [HERS]


def test_replacing_tells_the_colleague_and_keeps_hers_in_the_record(
    head: Visitor, other: Visitor, joint: int, database: Database, ours: World
) -> None:
    answered(head, conflict(head, other, joint), joint, "replace")
    task = stored(database, joint)
    assert (task.completion.result, task.completion.done_on) == (MINE, date(2023, 3, 28))
    with database.reading() as session:
        [notice] = session.scalars(select(Notice).where(Notice.member_id == ours.members["head3"]))
    assert "บันทึกผลแทนของท่าน" in notice.text


def test_discarding_changes_nothing(head: Visitor, other: Visitor, joint: int, database: Database) -> None:
    page = answered(head, conflict(head, other, joint), joint, "discard")
    assert "ทิ้งของท่านแล้ว" in page
    assert stored(database, joint).completion.result == HERS


def test_where_hers_changed_again_the_page_says_so_and_compares_anew(
    head: Visitor, other: Visitor, joint: int, database: Database
) -> None:
    page = conflict(head, other, joint)
    other.get(f"/tasks/{joint}")
    other.post(f"/tasks/{joint}/undo")
    other.get(f"/tasks/{joint}")
    send(other, joint, result="เปิดสายด่วน", done_on="27/3/2566")
    again = answered(head, page, joint, "append")
    assert "เปลี่ยนไปอีกครั้ง" in again
    assert "เปิดสายด่วน" in again
    assert MINE in again
    assert stored(database, joint).completion.result == "เปิดสายด่วน"


def test_the_same_words_are_no_conflict(head: Visitor, other: Visitor, joint: int, database: Database) -> None:
    other.get(f"/tasks/{joint}")
    send(other, joint, result=HERS)
    head.get(f"/tasks/{joint}")
    assert "มีผู้บันทึกข้อความเดียวกันไว้แล้ว" in send(head, joint, result=f" {HERS} ")
    with database.reading() as session:
        assert len(session.scalars(select(Completion).where(Completion.task_id == joint)).all()) == 1


def test_after_an_ended_sign_in_both_stand_too(head: Visitor, other: Visitor, joint: int) -> None:
    head.get(f"/tasks/{joint}")
    other.get(f"/tasks/{joint}")
    send(other, joint, result=HERS)
    answer = head.client.post(f"/tasks/{joint}", data={"result": MINE, "csrf_token": "old"}, headers=FROM_US)
    page = head.client.get(answer.location, buffered=True).text
    assert HERS in page
    assert MINE in page
    assert 'name="way" value="append"' in " ".join(page.split())
