"""The "done" link of an e-mail: opening it changes nothing, its form ticks off once, for whoever it was sent to."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from PIL import Image
from pydantic import SecretStr
from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from admin.web.limits import limiter
from tests.admin.conftest import NOON, TODAY, Visitor
from tests.factories import World, task_of
from tests.smtp import Mailserver
from tracker.channels.email.done_link import DoneLinks
from tracker.models import ActionLinkUse, Agency, Completion, Delivery, Event, Member, Task, TaskUnit
from tracker.reminders.remind import remind
from tracker.services.audit import verify
from tracker.settings import Settings, secret_key
from tracker.store.db import Database

MARCH = date(2023, 3, 31)
SENT = {"result": "ชี้แจงในที่ประชุมประจำเดือน", "outcome": "ทราบทั่วกัน", "done_on": "28/3/2566"}


@pytest.fixture(autouse=True)
def _counters_at_zero() -> Iterator[None]:
    yield
    limiter.reset()


@pytest.fixture
def task_id(database: Database, ours: World) -> int:
    with database.reading() as session:
        return task_of(session, ours, "กองคลัง", 3, MARCH).id


@pytest.fixture
def links(settings: Settings) -> DoneLinks:
    return DoneLinks(secret_key(settings))


@pytest.fixture
def address(links: DoneLinks, ours: World, task_id: int) -> str:
    return f"/done/{links.token(ours.members['head2'], task_id, TODAY, ours.email('head2'))}"


def stored(database: Database, task_id: int) -> Task:
    with database.reading() as session:
        options = selectinload(Task.completions).selectinload(Completion.evidence)
        return session.scalars(select(Task).where(Task.id == task_id).options(options)).one()


def photo() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(buffer, "PNG")
    return buffer.getvalue()


def test_a_person_ticks_off_from_the_mail_without_signing_in(
    stranger: Visitor, database: Database, ours: World, task_id: int, address: str
) -> None:
    page = stranger.get(address)
    assert page.status_code == 200
    for words in ("ชี้แจงแผนการใช้จ่าย ครั้งที่ 1", "มาตรการที่ 3", "อีก ๒ วัน", "หัวหน้ากองคลัง", "อบต.ตัวอย่าง"):
        assert words in page.text
    saved = stranger.post(address, {**SENT, "files": (io.BytesIO(photo()), "รูป.png")})
    assert saved.status_code == 200
    assert "บันทึกแล้ว ขอบคุณ" in saved.text
    task = stored(database, task_id)
    assert task.state == "done"
    completion = task.completions[0]
    assert (completion.result, completion.outcome, completion.done_on) == (
        SENT["result"],
        SENT["outcome"],
        date(2023, 3, 28),
    )
    assert completion.entered_by_id == ours.members["head2"]
    assert [piece.original_name for piece in completion.evidence] == ["รูป.jpg"]
    with database.reading() as session:
        event = session.scalars(select(Event).where(Event.kind == "ticked_off")).one()
        assert (event.actor, event.channel) == ("หัวหน้ากองคลัง", "email")
        assert verify(session, ours.agency_id) == []
        assert session.scalars(select(ActionLinkUse)).one().agency_id == ours.agency_id


def test_the_same_form_sent_again_is_told_that_it_was_saved(
    stranger: Visitor, database: Database, task_id: int, address: str
) -> None:
    found = re.search(r'name="key"[^>]*value="([0-9a-f]{32})"', stranger.get(address).text)
    assert found is not None
    for _ in range(2):
        answer = stranger.post(address, {**SENT, "key": found[1]})
        assert (answer.status_code, "บันทึกแล้ว ขอบคุณ" in answer.text) == (200, True)
    assert len(stored(database, task_id).completions) == 1
    other = stranger.post(address, {**SENT, "key": "0" * 32})
    assert other.status_code == 410


def test_scanners_that_open_the_link_change_nothing(
    stranger: Visitor, database: Database, task_id: int, address: str
) -> None:
    for _ in range(50):
        assert stranger.get(address).status_code == 200
        assert stranger.client.head(address).status_code == 200
    assert stored(database, task_id).state == "pending"
    with database.reading() as session:
        assert session.scalars(select(ActionLinkUse)).all() == []


def test_asking_for_the_head_of_a_link_changes_nothing(
    stranger: Visitor, database: Database, task_id: int, address: str
) -> None:
    with database.reading() as session:
        before = len(session.scalars(select(Event)).all())
    for one in (address, f"{address}?answer=done", f"{address}?unstarted=1&as_note=1", f"{address}/day?text=วันนี้"):
        assert stranger.client.head(one, buffered=True).status_code == 200
        assert stranger.client.options(one, buffered=True).status_code == 200
    for one in (f"{address}/undo", f"{address}/again"):
        assert stranger.client.head(one, buffered=True).status_code == 405
        assert stranger.client.get(one, buffered=True).status_code == 405
    with database.reading() as session:
        assert len(session.scalars(select(Event)).all()) == before
        assert session.scalars(select(ActionLinkUse)).all() == []
    assert stored(database, task_id).state == "pending"


def test_a_post_without_our_form_changes_nothing(
    stranger: Visitor, database: Database, task_id: int, address: str
) -> None:
    assert stranger.client.post(address, data=SENT).status_code == 400
    assert stored(database, task_id).state == "pending"


def test_a_link_works_once_even_where_the_tick_was_undone(
    stranger: Visitor, head: Visitor, database: Database, task_id: int, address: str
) -> None:
    stranger.get(address)
    stranger.post(address, SENT)
    again = stranger.post(address, SENT)
    assert again.status_code == 410
    assert "ลิงก์นี้ใช้ไปแล้ว" in again.text
    assert 'href="/"' in again.text
    head.get(f"/tasks/{task_id}")
    head.post(f"/tasks/{task_id}/undo")
    assert stored(database, task_id).state == "pending"
    assert stranger.get(address).status_code == 410
    assert stranger.post(address, SENT).status_code == 410
    assert stored(database, task_id).state == "pending"


def test_a_link_that_fails_on_our_side_is_not_in_the_log(
    app: Flask, address: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("admin.pages.tasks.done_link.offer", broken)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    assert app.test_client().get(address).status_code == 500
    assert "GET /done/<token> {} failed" in caplog.text
    assert address.rpartition("/")[2] not in caplog.text


@pytest.mark.parametrize("days", [14, 15])
def test_a_link_expires_after_fourteen_days(stranger: Visitor, address: str, days: int) -> None:
    with time_machine.travel(NOON + timedelta(days), tick=False):
        answer = stranger.get(address)
    assert answer.status_code == (200 if days == 14 else 410)
    assert ("หมดอายุ" in answer.text) == (days == 15)


def test_a_closed_or_reassigned_task_says_so(
    stranger: Visitor, database: Database, ours: World, task_id: int, address: str
) -> None:
    stranger.get(address)
    with database.writing() as session:
        session.execute(update(TaskUnit).where(TaskUnit.task_id == task_id).values(unit_id=ours.units["กองช่าง"]))
    for answer in (stranger.get(address), stranger.post(address, SENT)):
        assert answer.status_code == 410
        assert "เปลี่ยนผู้รับผิดชอบแล้ว" in answer.text
    with database.writing() as session:
        session.get_one(Task, task_id).state = "cancelled"
    assert "ไม่ต้องดำเนินการแล้ว" in stranger.get(address).text


@pytest.mark.parametrize("change", [{"email": "new@tua.example"}, {"email": None}, {"active": False}])
def test_a_link_ends_with_the_address_it_was_sent_to(
    stranger: Visitor, database: Database, ours: World, address: str, change: dict[str, object]
) -> None:
    with database.writing() as session:
        session.execute(update(Member).where(Member.id == ours.members["head2"]).values(**change))
    assert stranger.get(address).status_code == 410


def test_a_forged_link_is_refused_and_guessing_is_slowed(
    stranger: Visitor, database: Database, ours: World, task_id: int, address: str
) -> None:
    other_key = DoneLinks("another key of sixteen").token(ours.members["head2"], task_id, TODAY, ours.email("head2"))
    for path in (f"/done/{other_key}", address[:-1], f"{address}x", "/done/x", "/done/..%2f..", "/done/%00"):
        answer = stranger.get(path)
        assert answer.status_code == 404, path
    statuses = {stranger.get(f"/done/{number}").status_code for number in range(40)}
    assert statuses == {404, 429}
    assert stored(database, task_id).state == "pending"


def test_a_link_of_another_agencys_task_opens_nothing(
    stranger: Visitor, database: Database, links: DoneLinks, ours: World, theirs: World
) -> None:
    with database.reading() as session:
        foreign = task_of(session, theirs, "กองคลัง", 3, MARCH).id
    token = links.token(ours.members["head2"], foreign, TODAY, ours.email("head2"))
    assert stranger.get(f"/done/{token}").status_code == 410


def test_errors_lose_neither_words_nor_files(stranger: Visitor, database: Database, task_id: int, address: str) -> None:
    stranger.get(address)
    sent = {**SENT, "done_on": "1/4/2566", "files": (io.BytesIO(photo()), "รูป.png")}
    answer = stranger.post(address, sent)
    assert answer.status_code == 422
    assert SENT["result"] in answer.text
    kept = re.findall(r'name="kept" value="([^"]+)"', answer.text)
    assert len(kept) == 1
    stranger.post(address, {**SENT, "kept": kept})
    assert [piece.original_name for piece in stored(database, task_id).completions[0].evidence] == ["รูป.jpg"]


def test_kept_files_of_one_link_are_not_for_another(
    stranger: Visitor, database: Database, links: DoneLinks, ours: World, address: str
) -> None:
    stranger.get(address)
    refused = stranger.post(address, {"result": "", "done_on": "", "files": (io.BytesIO(photo()), "รูป.png")})
    kept = re.findall(r'name="kept" value="([^"]+)"', refused.text)
    with database.reading() as session:
        other = task_of(session, ours, "กองช่าง", 3, MARCH).id
    theirs = f"/done/{links.token(ours.members['head3'], other, TODAY, ours.email('head3'))}"
    stranger.get(theirs)
    stranger.post(theirs, {**SENT, "kept": kept})
    assert stored(database, other).completions[0].evidence == []


def test_where_the_agency_reviews_the_tick_waits(
    stranger: Visitor, database: Database, ours: World, task_id: int, address: str
) -> None:
    with database.writing() as session:
        session.get_one(Agency, ours.agency_id).review = True
    stranger.get(address)
    assert "ผู้ประสานงานจะตรวจอีกครั้ง" in stranger.post(address, SENT).text
    assert stored(database, task_id).state == "submitted"


def test_the_mail_carries_the_link_and_a_resend_the_same_bytes(
    stranger: Visitor, database: Database, ours: World, settings: Settings, smtp: Mailserver, task_id: int
) -> None:
    settings = settings.model_copy(update={"smtp_url": SecretStr(smtp.url), "base_url": "http://localhost"})
    at = datetime(2023, 3, 29, 3, tzinfo=UTC)
    with database.writing() as session:
        session.execute(
            update(Task).where(Task.agency_id == ours.agency_id, Task.id != task_id).values(state="cancelled")
        )
    remind(database, settings, at, agency_id=ours.agency_id)
    with database.writing() as session:
        session.execute(update(Delivery).values(state="failed", unanswered=1, next_attempt_at=at))
    remind(database, settings, at + timedelta(minutes=10), agency_id=ours.agency_id)
    first, second = (mail for mail in smtp.mails if mail.recipient == ours.email("head2"))
    assert first.text == second.text
    assert first.html == second.html
    found = re.findall(r"http://localhost(/done/\S+)", first.text)
    assert [one.partition("?")[2] for one in found] == ["", "answer=done", "answer=note", "answer=not_possible"]
    for one in found[1:]:
        assert f'href="http://localhost{one}"' in first.html
        wanted = one.rpartition("=")[2]
        page = stranger.get(one).text
        assert re.search(rf'<input checked[^>]*name="answer"[^>]*value="{wanted}"', page)
    assert first.message["Reply-To"] == ours.email("coordinator")
    assert "ตอบกลับอีเมลนี้จะถึงผู้ประสานงาน" in first.text


def test_a_link_sent_by_line_opens_the_task_until_the_account_is_another(
    stranger: Visitor, database: Database, links: DoneLinks, ours: World, task_id: int
) -> None:
    member = ours.members["head2"]
    path = f"/done/{links.token(member, task_id, TODAY, 'U-head2')}"
    assert stranger.get(path).status_code == 410
    with database.writing() as session:
        session.execute(update(Member).where(Member.id == member).values(line_user_id="U-head2"))
    page = stranger.get(path)
    assert page.status_code == 200
    answer = stranger.post(path, SENT)
    assert answer.status_code in (200, 302, 303)
    with database.reading() as session:
        event = session.scalars(select(Event).where(Event.task_id == task_id).order_by(Event.sequence.desc())).first()
        assert event is not None
        assert (event.kind, event.channel, event.details["done_on"]) == ("ticked_off", "line", "2023-03-28")
