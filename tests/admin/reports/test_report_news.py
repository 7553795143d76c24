"""The coordinator is offered what is new under a text, sentence by sentence, and warned of what it claims too much."""

import re
from datetime import date

import pytest
import time_machine
from sqlalchemy import select

from tests.admin.conftest import Visitor
from tests.admin.reports.test_report_pages import (
    AFTER,
    CLOSE,
    EDIT,
    QUARTERS,
    Path,
    executive,
    offers,
    path_of,
    task,
    tick,
    write,
)
from tests.factories import World
from tracker.models import Event, ReportVersion
from tracker.store.db import Database

__all__ = ["executive", "path_of"]


@pytest.fixture
def path(coordinator: Visitor, database: Database, ours: World, path_of: Path) -> str:
    """A text of the coordinator's under which two results are new."""
    path = path_of(2, "summary")
    write(coordinator, path, "จะรายงานภายหลัง")
    for quarter, result in zip(QUARTERS, ("เผยแพร่ <b>แผน", "ปรับปรุงแผน"), strict=True):
        tick(database, task(database, ours, "กองคลัง", 2, quarter), result)
    return path


def keys(page: str) -> list[str]:
    return re.findall(r'value="leave [\w-]+ (\w+)"', page)


def test_new_facts_are_listed_and_each_is_added_or_left_out(
    coordinator: Visitor, database: Database, ours: World, path: str
) -> None:
    page = coordinator.get(EDIT).text
    assert offers(page, path) == ["เผยแพร่ &lt;b&gt;แผน", "ปรับปรุงแผน"]
    done = task(database, ours, "กองคลัง", 2, QUARTERS[0])
    assert f'href="/tasks/{done.id}">กองคลัง</a>' in page[page.index("เผยแพร่ &lt;b&gt;แผน”") :]
    assert ">รับ</button>" in page
    assert ">ไม่ใช้</button>" in page
    first, second = keys(page)
    answer = write(coordinator, path, do="add", argument=first)
    assert answer.location.startswith(EDIT + "#summary-")
    page = coordinator.get(EDIT).text
    assert "จะรายงานภายหลัง\nเผยแพร่ &lt;b&gt;แผน</textarea>" in page
    assert keys(page) == [second]
    again = write(coordinator, path, do="add", argument=first, text="จะรายงานภายหลัง\nเผยแพร่ <b>แผน")
    assert "ข้อความนี้เปลี่ยนไปแล้ว" in coordinator.get(again.location).text
    write(coordinator, path, do="leave", argument=second)
    page = coordinator.get(EDIT).text
    assert "จะรายงานภายหลัง\nเผยแพร่ &lt;b&gt;แผน</textarea>" in page
    assert offers(page, path) == []
    with database.reading() as session:
        events = session.scalars(select(Event).where(Event.kind.startswith("text_")).order_by(Event.id)).all()
        assert [one.kind for one in events] == ["text_edited", "text_edited", "text_kept"]
        assert events[-1].details["left"] == ["ปรับปรุงแผน"]


@pytest.mark.usefixtures("path")
def test_a_sentence_that_claims_too_much_is_marked(coordinator: Visitor, path_of: Path) -> None:
    assert "บอกมากกว่างานที่บันทึก" not in coordinator.get(EDIT).text
    write(coordinator, path_of(1, "summary"), "ได้ผล\nทุกส่วนราชการจัดทำแล้วเสร็จ")
    page = coordinator.get("/reports/2566/12/edit/").text
    assert "บอกมากกว่างานที่บันทึก" not in page
    write(coordinator, path_of(1, "summary").replace("/6/", "/12/"), "ได้ผล\nทุกส่วนราชการจัดทำแล้วเสร็จ")
    page = coordinator.get("/reports/2566/12/edit/").text
    assert '<mark class="claim">ทุกส่วนราชการ</mark>' in page
    assert "มีผลแล้ว ๐ จาก ๕ ส่วนราชการ" in page
    assert page.count("<mark") == 1


def test_a_browser_that_sends_no_box_is_asked_and_can_say_yes(coordinator: Visitor, database: Database) -> None:
    with time_machine.travel(AFTER, tick=False):
        coordinator.get(CLOSE)
        from_page = {"Origin": "http://localhost", "Referer": f"http://localhost{CLOSE}"}
        led = coordinator.client.post(CLOSE, data={"csrf_token": coordinator.token}, headers=from_page)
        assert led.status_code == 303
        for _ in range(2):  # it can be reloaded
            asked = coordinator.get(led.headers["Location"]).text
            assert 'name="sure"' in asked
            assert "ขั้นตอนเหล่านี้ยังไม่มีผล" in asked
        assert coordinator.post(CLOSE, {"sure": "y"}).status_code == 302
    with database.reading() as session:
        assert session.scalars(select(ReportVersion)).all()


@pytest.mark.usefixtures("path")
def test_closing_names_a_sentence_that_claims_too_much_and_asks_once_more(
    coordinator: Visitor, executive: Visitor, database: Database, ours: World, path_of: Path
) -> None:
    write(coordinator, path_of(3, "summary"), "ทุกส่วนราชการชี้แจงแล้วเสร็จ <ครบ>")
    with time_machine.travel(AFTER, tick=False):
        page = coordinator.get(CLOSE).text
        assert "ประโยคที่กล่าวเกินกว่าที่รายงานผลไว้" in page
        assert "<mark>ทุกส่วนราชการ</mark>ชี้แจงแล้วเสร็จ &lt;ครบ&gt;" in page
        assert "มีผลแล้ว ๐ จาก ๓๐ ครั้ง" in page
        assert f'href="{EDIT}#summary-' in page
        read = executive.get(CLOSE).text
        assert "<mark>ทุกส่วนราชการ</mark>" in read
        assert f'href="{EDIT}#summary-' not in read
        tick(database, task(database, ours, "กองคลัง", 3, date(2022, 12, 31)), "ชี้แจงแล้ว")
        assert "ขั้นตอนที่ยังไม่มีผล" not in coordinator.get(CLOSE).text
        asked = coordinator.post(CLOSE, {"names": "y"})
        assert asked.status_code == 409
        warned = asked.text.partition('role="alert"')[2].partition("</div>")[0]
        assert "<mark>ทุกส่วนราชการ</mark>ชี้แจงแล้วเสร็จ" in warned
        assert "ขั้นตอนเหล่านี้ยังไม่มีผล" not in warned
        with database.reading() as session:
            assert not session.scalars(select(ReportVersion)).all()
        assert coordinator.post(CLOSE, {"names": "y", "sure": "y"}).status_code == 302
