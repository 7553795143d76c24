"""The desk's answers without a script: slips mended, claims answered for closing, the round's way."""

import re
from datetime import date

import pytest
import time_machine
from flask import Flask
from lxml import html
from sqlalchemy import select

from tests.admin.conftest import Visitor, compact, counted_queries
from tests.admin.reports.test_report_pages import (
    AFTER,
    CLOSE,
    EDIT,
    QUARTERS,
    Path,
    fields_of,
    name_of,
    path_of,
    task,
    tick,
    write,
)
from tests.admin.reports.test_two_savers import outcome_of, printed
from tests.admin.web.test_weight import FIRST_PAGE, weight
from tests.db.agency_of_seed import bring_people, bring_plan
from tests.db.agency_of_seed import tick as tick_of_seed
from tests.factories import PASSWORD, World, task_of
from tracker.models import Account, Event, KnownWord, Member, Plan, Task
from tracker.store.db import Database

__all__ = ["path_of"]

SLIP, MEANT = "เบี่ยยังชีพ", "เบี้ยยังชีพ"


def side_of(page: str, path: str) -> str:
    return page.partition(f'id="side-{name_of(path)}"')[2].partition("</section>")[0]


def actions(page: str, path: str) -> list[str]:
    """What the buttons beside a cell do, by their verbs."""
    return [one.split(" ")[0] for one in re.findall(r'name="do"\s+value="([^"]+)"', side_of(page, path))]


def test_a_slip_is_mended_at_its_place_or_in_all_texts_and_a_word_is_left_alone(
    coordinator: Visitor, database: Database, path_of: Path
) -> None:
    first, second = path_of(1, "summary"), path_of(2, "outcome")
    write(coordinator, first, f"รับ{SLIP}ผู้สูงอายุ และ{SLIP}คนพิการ")
    write(coordinator, second, f"ผู้สูงอายุได้รับ{SLIP}")
    page = coordinator.get(EDIT).text
    assert "แก้ทั้ง ๓ แห่ง" in side_of(page, first)
    write(coordinator, first, do="mend", argument=f"1,{SLIP}")
    assert printed(database, first) == f"รับ{SLIP}ผู้สูงอายุ และ{MEANT}คนพิการ"
    write(coordinator, first, f"รับ{SLIP}ผู้สูงอายุ และ{MEANT}คนพิการ ตามแผน", do="mend-all", argument=SLIP)
    assert printed(database, first) == f"รับ{MEANT}ผู้สูงอายุ และ{MEANT}คนพิการ ตามแผน"
    assert printed(database, second) == f"ผู้สูงอายุได้รับ{MEANT}"
    write(coordinator, first, f"รับ{SLIP}")
    assert "ignore" in actions(coordinator.get(EDIT).text, first)
    write(coordinator, first, do="ignore", argument=SLIP)
    assert actions(coordinator.get(EDIT).text, first) == ["tasks"]
    with database.reading() as session:
        assert session.scalars(select(KnownWord.word)).all() == [SLIP]


def test_a_claim_becomes_the_count_or_stays_with_a_reason_and_closing_waits_for_either(
    coordinator: Visitor, database: Database, ours: World, path_of: Path
) -> None:
    path, number = path_of(3, "summary"), name_of(path_of(3, "summary"))
    tick(database, task(database, ours, "กองคลัง", 3, date(2022, 10, 31)), "ชี้แจงแล้ว")
    tick(database, task(database, ours, "กองคลัง", 2, QUARTERS[0]), "เผยแพร่แล้ว")
    write(coordinator, path, "ทุกส่วนราชการชี้แจง\nชี้แจงแล้วเสร็จ")
    page = coordinator.get(EDIT).text
    keys = re.findall(r'value="count [\w-]+ (\w+)"', side_of(page, path))
    assert len(keys) == 2
    assert "แก้เป็น “๑ จาก ๓๐”" in side_of(page, path)
    write(coordinator, path, do="count", argument=keys[0])
    assert printed(database, path) == "๑ จาก ๓๐ ครั้งชี้แจง\nชี้แจงแล้วเสร็จ"
    with time_machine.travel(AFTER, tick=False):
        assert "ประโยคที่กล่าวเกินกว่าที่รายงานผลไว้" in coordinator.get(CLOSE).text
        sent = {**fields_of(coordinator.get(EDIT).text, path), "do": f"stand {number} {keys[1]}"}
        refused = coordinator.post(EDIT, {**sent, f"text-{number}": "๑ จาก ๓๐ ครั้งชี้แจง\nชี้แจงแล้วเสร็จ\nพิมพ์ไว้"})
        page = coordinator.get(refused.location).text
        assert "กรุณาเขียนเหตุผลที่คงข้อความไว้" in page
        assert outcome_of(page, path).endswith("พิมพ์ไว้")  # no word is lost by it
        coordinator.post(EDIT, {**sent, f"why-{number}-{keys[1]}": " หมายถึงการชี้แจงของกองคลัง "})
        page = coordinator.get(EDIT).text
        assert "หมายถึงการชี้แจงของกองคลัง" in side_of(page, path)
        assert "count" not in actions(page, path)
        assert "ประโยคที่กล่าวเกินกว่าที่รายงานผลไว้" not in coordinator.get(CLOSE).text
        write(coordinator, path, "ชี้แจงแล้วเสร็จตามแผน")  # another sentence is another claim
        assert "count" in actions(coordinator.get(EDIT).text, path)
    with database.reading() as session:
        kept = session.scalars(select(Event).where(Event.kind == "claim_kept")).one()
        assert (kept.details["quote"], kept.details["why"]) == ("แล้วเสร็จ", "หมายถึงการชี้แจงของกองคลัง")


def test_all_that_is_new_is_taken_or_left_at_once(
    coordinator: Visitor, database: Database, ours: World, path_of: Path
) -> None:
    path = path_of(1, "summary")
    write(coordinator, path.replace("/6/", "/12/"), "ดำเนินการแล้ว ๐ จาก ๕ ส่วนราชการ")
    for unit in ("กองคลัง", "กองช่าง"):
        tick(database, task(database, ours, unit, 1, date(2023, 4, 2)), f"{unit}จัดทำแล้ว")
    twelve = path.replace("/6/", "/12/")
    page = coordinator.get("/reports/2566/12/edit/").text
    assert "รับผลใหม่ทั้ง ๒" in side_of(page, twelve)
    write(coordinator, twelve, do="add-all")
    assert printed(database, path) == "ดำเนินการแล้ว ๒ จาก ๕ ส่วนราชการ\nกองคลังจัดทำแล้ว\nกองช่างจัดทำแล้ว"
    assert "add" not in actions(coordinator.get("/reports/2566/12/edit/").text, twelve)


def test_a_cell_is_looked_at_as_it_is_typed_and_nothing_is_saved(
    coordinator: Visitor, database: Database, path_of: Path
) -> None:
    path = path_of(1, "summary")
    sent = {**fields_of(coordinator.get(EDIT).text, path), f"text-{name_of(path)}": f"1. <b>รับ{SLIP}"}
    seen = coordinator.post(EDIT + "look", sent).json
    assert seen is not None
    assert (seen["marks"], seen["typed"]) == (1, f"๑. <b>รับ{SLIP}")
    assert f'&lt;b&gt;รับ<mark class="spelling">{SLIP}</mark>' in seen["shown"]
    assert MEANT in seen["cards"]
    mended = coordinator.post(EDIT + "look", {**sent, "do": f"mend {name_of(path)} ,{SLIP}"}).json
    assert mended is not None
    assert (mended["marks"], mended["text"]) == (0, f"๑. <b>รับ{MEANT}")
    assert printed(database, path) == ""
    assert coordinator.post(EDIT + "look", {"text-summary-999": "x"}).status_code == 404


def test_a_round_is_a_way_of_four_steps_and_its_other_documents_stay_where_they_were(coordinator: Visitor) -> None:
    page = coordinator.get(EDIT).text
    way = page.partition('<div class="round-way">')[2].partition('class="desk-head"')[0]
    steps = re.findall(r'<a href="([^"]+)"(?: aria-current="step")?>\s*<span class="no"', way)
    assert steps == [EDIT, CLOSE, f"{CLOSE}#sign", "/reports/2566/6/publish/"]
    assert way.count('aria-current="step"') == 1
    others = re.findall(r'<li>\s*<a href="([^"]+)"', way.partition("<details")[2])
    assert others == [
        "/reports/2566/6/ita/", "/reports/2566/6/plannacc/", "/memo/round/2566/6", "/reports/2566/6/proof/",
        "/reports/2566/6/verify/", "/reports/2566/6/files/", "/reports/?year=2566",
    ]  # fmt: skip
    for address in (*steps, *others):
        assert coordinator.get(address.partition("#")[0]).status_code == 200
    assert "รอบ ๑๒ เดือน · กำลังเขียน" in page


def test_a_closed_round_says_so_and_opens_no_cell(coordinator: Visitor, database: Database, ours: World) -> None:
    tick(database, task(database, ours, "กองคลัง", 2, QUARTERS[0]), "เผยแพร่แล้ว")
    with time_machine.travel(AFTER, tick=False):
        coordinator.get(CLOSE)
        coordinator.post(CLOSE, {"names": "y", "sure": "y"})
        page = coordinator.get(EDIT).text
    assert "รายงานรอบ ๖ เดือน ปี ๒๕๖๖ ปิดแล้ว" in page
    assert "รอบ ๖ เดือน · ปิดรอบแล้ว" in page
    assert "data-closed" in page
    assert not re.search(r'<button[^>]*name="do"', page)


@pytest.fixture
def of_the_seed(app: Flask, database: Database, seed: bytes) -> Visitor:
    """The coordinator of the real report's agency, all of its tasks ticked."""
    with database.writing() as session:
        bring_plan(session, seed, "องค์การบริหารส่วนตำบลเขาขาว")
        bring_people(session)
        plan = session.scalars(select(Plan).order_by(Plan.id.desc())).first()
        assert plan
        for one in session.scalars(select(Task).where(Task.plan_id == plan.id, Task.state != "cancelled")).all():
            tick_of_seed(session, one, "ดำเนินการตามแผนและแจ้งให้บุคลากรในสังกัดทราบทุกคน")
        known = session.scalars(select(Account)).first()
        assert known
        member = session.scalars(select(Member).where(Member.email == "coordinator@example.go.th")).one()
        member.account = Account(
            email=member.email, password_hash=known.password_hash, session_key="seed", created_at=known.created_at
        )
    visitor = Visitor(app.test_client())
    visitor.sign_in("coordinator@example.go.th", PASSWORD)
    return visitor


def test_the_desk_of_the_real_plan_weighs_little_and_asks_no_more_with_more_rows(
    of_the_seed: Visitor, database: Database
) -> None:
    weights = weight(of_the_seed, "/reports/2566/12/edit/")
    del weights["/static/fonts/Sarabun-Bold.woff2"]  # nothing on the page is bolder than semi-bold
    assert sum(weights.values()) < FIRST_PAGE, weights
    with counted_queries(database) as many:
        assert of_the_seed.get("/reports/2566/12/edit/").status_code == 200
    assert len(many) < 20


def test_the_switch_prints_the_names_of_units_that_have_not_reported_or_leaves_them_out(
    coordinator: Visitor, database: Database, ours: World, path_of: Path
) -> None:
    with database.reading() as session:
        of_unit = task_of(session, ours, "กองคลัง", 3, date(2022, 10, 31))
    tick(database, of_unit, "ชี้แจงแล้ว")
    path = path_of(3, "summary")
    page = coordinator.get(EDIT).text
    assert 'value="names leave" aria-pressed="true"' in compact(page)
    assert "กองช่าง" not in outcome_of(page, path)
    sent = fields_of(page, path_of(1, "outcome")) | {f"text-{name_of(path_of(1, 'outcome'))}": "เข้าใจมากขึ้น"}
    page = coordinator.post(EDIT, sent | {"do": "names print"}, follow=True).text
    assert 'value="names print" aria-pressed="true"' in compact(page)
    assert "กองช่าง" in outcome_of(page, path)
    assert outcome_of(page, path_of(1, "outcome")) == "เข้าใจมากขึ้น"
    assert "กองช่าง" not in outcome_of(coordinator.post(EDIT, {"do": "names leave"}, follow=True).text, path)
    coordinator.post(EDIT, {"do": "names print"})
    with time_machine.travel(AFTER, tick=False):
        assert re.search(r'<input checked[^>]*name="names"', coordinator.get(CLOSE).text)


def test_a_late_unit_is_reminded_from_beside_the_cell_and_the_way_leads_back(coordinator: Visitor, ours: World) -> None:
    page = html.fromstring(coordinator.get(EDIT).text)
    link = next(one for one in page.iter("a") if one.get("aria-label") == "เตือนกองคลัง")
    address = link.get("href")
    assert address.startswith(f"/executive/remind/{ours.units['กองคลัง']}?back=/reports/2566/6/edit/")
    asked = coordinator.get(address).text
    assert "ส่งเตือน" in asked
    assert 'href="/reports/2566/6/edit/' in asked
    answer = coordinator.post(address)
    assert answer.status_code == 302
    assert answer.location.startswith("/reports/2566/6/edit/")
    other = address.partition("?")[0] + "?back=//evil.example/"
    assert coordinator.post(other).location == "/"
