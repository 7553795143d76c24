"""Search finds letters anywhere in what the viewer may see, in either kind of digits, with constant queries."""

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import event

from tests.admin.conftest import NOON, Visitor, counted_queries
from tests.factories import TEST, World, task_of
from tracker.models import Evidence
from tracker.services.tasks import progress
from tracker.services.tasks.search import excerpt
from tracker.store.db import Database

TODAY = date(2023, 3, 29)


@pytest.fixture(autouse=True)
def told(database: Database, ours: World, theirs: World) -> None:
    """Results and notes of two units, and of another agency."""
    with database.writing() as session:
        ticked = {"done_on": date(2023, 3, 20), "today": TODAY, "by": TEST, "at": NOON}
        finance = task_of(session, ours, "กองคลัง", 3, date(2023, 1, 31))
        progress.tick_off(session, finance, result="ประชุมชี้แจงครั้งที่ ๑๒ แล้ว", outcome="เบิกจ่าย 100%", **ticked)
        works = task_of(session, ours, "กองช่าง", 3, date(2023, 1, 31))
        progress.tick_off(session, works, result="ชี้แจงช่าง_โยธา", **ticked)
        noted = task_of(session, ours, "กองช่าง", 3, date(2023, 2, 28))
        progress.note_progress(session, noted, text="รอวิทยากรภายนอก", noted_on=TODAY, by=TEST, at=NOON)
        foreign = task_of(session, theirs, "กองคลัง", 3, date(2023, 1, 31))
        progress.tick_off(session, foreign, result="ความลับของเขา ประชุมชี้แจง", **ticked)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("ู่มือ", "จัดทำค"),
        ("ครั้งที่ 12", "<mark>ครั้งที่ ๑๒</mark>"),
        ("ครั้งที่ ๑๒", "<mark>ครั้งที่ ๑๒</mark>"),
        ("วิทยากร", "<mark>วิทยากร</mark>ภายนอก"),
        ("มาตรการที่ ๓", "<mark>มาตรการที่ 3</mark>"),
        ("100%", "<mark>100%</mark>"),
        ("กองสวัสดิ", "<mark>กองสวัสดิ</mark>การสังคม"),
        ("ชี้แจง 12 ประชุม", "ประชุม<mark>ชี้แจง</mark>ครั้งที่ ๑๒"),
        ("เบิกจ่าย ประชุม", "<mark>ประชุม</mark>ชี้แจงครั้งที่ ๑๒"),
    ],
)
def test_letters_are_found_anywhere(coordinator: Visitor, words: str, shown: str) -> None:
    assert shown in coordinator.client.get("/search/", query_string={"q": words}).text


@pytest.mark.parametrize(
    "words", ["ช่าง%โยธา", "ประชุม โยธา", "1%0", "<script>", "ความลับ", "khang.example", "'; DROP TABLE task; --"]
)
def test_signs_are_letters_and_other_agencies_stay_unseen(coordinator: Visitor, words: str) -> None:
    page = coordinator.client.get("/search/", query_string={"q": words})
    assert page.status_code == 200
    assert "ไม่พบคำนี้" in page.text
    assert "<script>" not in page.text.replace('<script src="', "")


def test_a_head_finds_the_plan_and_the_own_unit_s_work(head: Visitor) -> None:
    assert "จัดทำ" in head.get("/search/?q=คู่มือ").text
    assert "ประชุม<mark>ชี้แจงครั้ง</mark>" in head.get("/search/?q=ชี้แจงครั้ง").text
    for foreign in ("โยธา", "วิทยากร", "กองสวัสดิ"):
        assert "ไม่พบคำนี้" in head.get(f"/search/?q={foreign}").text
    own = head.get("/search/?q=กองคลัง").text
    assert "<mark>กองคลัง</mark>" in own
    assert "/all-tasks/" not in own


def test_too_short_a_text_is_not_searched(coordinator: Visitor) -> None:
    assert "กรุณาพิมพ์อย่างน้อยสองตัวอักษร" in coordinator.get("/search/?q=ก").text
    assert coordinator.get("/search/?q=" + "ก" * 500).status_code == 200


def test_the_number_of_queries_is_constant(coordinator: Visitor, database: Database) -> None:
    coordinator.get("/search/?q=xyz")
    with counted_queries(database) as nothing:
        coordinator.get("/search/?q=xyz")
    with counted_queries(database) as much:
        coordinator.get("/search/?q=ชี้แจง")
    assert len(nothing) == len(much) < 15


def test_an_excerpt_begins_with_a_whole_letter() -> None:
    text = "ที่" * 60 + "คู่มือ" + "ที่" * 60
    found = excerpt(text, "คู่มือ")
    assert found.found == "คู่มือ"
    assert found.before.startswith("…ท")
    assert found.after.endswith("…")
    assert excerpt("สั้น", "คู่มือ").before == "สั้น"


@pytest.mark.parametrize(
    ("words", "years"),
    [
        ("กุมภาพันธ์", ["2023-02"]),
        ("ก.พ. 66", ["2023-02"]),
        ("เดือนกุมภาพันธ์ ๒๕๖๖", ["2023-02"]),
        ("February 2023", ["2023-02"]),
        ("ก.พ. 65", []),
        ("กุมภา 2569", []),
        ("มกราคม กุมภาพันธ์", []),
    ],
)
def test_a_month_leads_to_its_calendar(coordinator: Visitor, words: str, years: list[str]) -> None:
    page = coordinator.client.get("/search/", query_string={"q": words}).text
    assert re.findall(r"view=calendar&amp;month=([\d-]+)", page) == years
    assert ("๕ งาน" in page) == bool(years)


def test_a_head_s_month_leads_to_the_own_list(head: Visitor) -> None:
    page = head.get("/search/?q=กุมภาพันธ์").text
    assert 'href="/tasks/?year=2566"' in page
    assert "๑ งาน" in page
    assert "/all-tasks/" not in page


def test_evidence_is_found_by_its_name_and_a_link_by_its_address(
    coordinator: Visitor, head: Visitor, database: Database, ours: World, theirs: World
) -> None:
    with database.writing() as session:
        for world, unit in ((ours, "กองคลัง"), (ours, "กองช่าง"), (theirs, "กองคลัง")):
            task = task_of(session, world, unit, 3, date(2023, 1, 31))
            task.completions[0].evidence.append(
                Evidence(
                    agency_id=world.agency_id,
                    original_name=f"ป้ายประกาศ{unit}.jpg",
                    url=f"https://khaokhao.go.th/{unit}/{world.domain}",
                )
            )
    found = coordinator.get("/search/?q=ป้ายประกาศ").text
    assert found.count("<mark>ป้ายประกาศ</mark>") == 2
    own = head.get("/search/?q=ป้ายประกาศ").text
    assert own.count("<mark>ป้ายประกาศ</mark>") == 1
    assert "กองช่าง" not in own
    assert "<mark>khaokhao.go.th</mark>" in head.get("/search/?q=khaokhao.go.th").text
    assert "ไม่พบคำนี้" in coordinator.get("/search/?q=khang.example").text


def test_people_are_found_by_the_coordinator_alone(
    app: Flask, coordinator: Visitor, head: Visitor, ours: World
) -> None:
    assert "<mark>หัวหน้ากองช่าง</mark>" in coordinator.get("/search/?q=หัวหน้ากองช่าง").text
    person = f'href="/admin/member/edit/?id={ours.members["head3"]}"'
    assert person in coordinator.get("/search/?q=หัวหน้ากองช่าง").text
    assert coordinator.get(f"/admin/member/edit/?id={ours.members['head3']}").status_code == 200
    assert "head3@tua.example" in coordinator.get("/search/?q=head3").text
    mayor = Visitor(app.test_client())
    mayor.sign_in(ours.email("mayor"))
    for other in (head, mayor):
        assert "ไม่พบคำนี้" in other.get("/search/?q=หัวหน้ากองช่าง").text


def test_pages_are_found_by_their_name_by_those_who_may_open_them(coordinator: Visitor, head: Visitor) -> None:
    assert 'href="/people/">บุคลากร</a>' in coordinator.get("/search/?q=บุคลากร").text.partition("found-pages")[2]
    assert "found-pages" not in head.get("/search/?q=บุคลากร").text
    assert 'href="/plan/">แผน</a>' in head.get("/search/?q=แผน").text.partition("found-pages")[2]


def test_no_table_is_read_through_for_other_agencies(coordinator: Visitor, database: Database) -> None:
    """Every table is reached by an index on the agency's own rows: another's are not looked at."""
    statements: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        statements.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    coordinator.get("/search/?q=ชี้แจง")
    event.remove(database.engine, "before_cursor_execute", note)
    searches = [(text, given) for text, given in statements if "LIKE" in text]
    assert len(searches) == 7
    with database.reading() as session:
        for text, given in searches:
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given).all()
            assert not [row[3] for row in plan if row[3].startswith("SCAN ")], (text, plan)
