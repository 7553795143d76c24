"""ตรวจความพร้อม ITA: the list, answers, the agency's own rules, the countdown on the overview."""

import re
from datetime import date

import pytest

from tests.admin.conftest import NOON, TODAY, Visitor, counted_queries
from tests.factories import TEST, World, task_of
from tracker.services.tasks import progress
from tracker.store.db import Database

PAGE = "/reports/2566/6/ita/"


def test_the_list_says_what_is_missing_and_where_to_correct_it(coordinator: Visitor) -> None:
    assert PAGE in coordinator.get("/reports/").text
    page = coordinator.get(PAGE).text
    assert "O42 มาตรการส่งเสริมคุณธรรม" in page
    assert "ปิดรับคำตอบ ๓๐ เมษายน ๒๕๖๖" in page
    assert "ยังไม่ยืนยันจากคู่มือ" in page
    links = set(re.findall(r'href="([^"]+)">ไปแก้', page))
    assert links == {
        "/reports/2566/6/edit/", "/reports/2566/6/close/", "/reports/2566/6/publish/",
        "/all-tasks/?year=2566&amp;state=done&amp;measure=1",
    }  # fmt: skip
    for link in links:
        assert coordinator.get(link.replace("&amp;", "&")).status_code == 200


def test_one_notice_says_how_much_is_not_compared_with_the_manual(coordinator: Visitor) -> None:
    page = coordinator.get(PAGE).text
    assert page.count("ยังไม่ได้เทียบกับคู่มือของปีนี้") == 1
    stars = len(re.findall(r'<li id="rule-.*?</li>', page, re.DOTALL))
    assert page.count('class="unsure"') > 0
    assert page.count("ที่มา:") < stars
    coordinator.get("/account/")
    coordinator.post("/language", {"language": "en", "next": PAGE})
    english = coordinator.get(PAGE).text
    sources = re.findall(r"Source: ([^<]+)<", english)
    assert sources
    assert not [one for one in sources if re.search("[ก-๙]", one)]


def test_what_no_record_can_tell_is_answered_and_taken_back(coordinator: Visitor) -> None:
    coordinator.get(PAGE)
    sent = {"rule": "plan-analysis", "note": "https://www.tua.example/plan หน้า 3"}
    page = coordinator.post(f"{PAGE}answer", sent, follow=True).text
    assert "ยืนยันแล้ว: https://www.tua.example/plan" in page
    page = coordinator.post(f"{PAGE}answer", {"rule": "plan-analysis", "action": "take_back"}, follow=True).text
    assert "ยืนยันแล้ว:" not in page
    assert coordinator.post(f"{PAGE}answer", {"rule": "plan-analysis", "note": ""}).status_code == 422
    assert coordinator.post(f"{PAGE}answer", {"rule": "no-such", "note": "x"}).status_code == 404


def test_an_agency_edits_its_copy_and_goes_back(coordinator: Visitor) -> None:
    coordinator.get("/ita/2566/")
    coordinator.post("/ita/2566/rule", {"rule": "plan-steps", "off": "1", "text": ""})
    coordinator.post("/ita/2566/item", {"item": "result", "number": "O99", "title": "รายงานผล", "covers": "current"})
    coordinator.post("/ita/2566/own", {"item": "plan", "text": "ผู้บริหารลงนามในแผน"})
    coordinator.post("/ita/2566/window", {"opens": "1/3/2566", "closes": "12 พฤษภาคม 2566"})
    page = coordinator.get(PAGE).text
    assert "O99 รายงานผล" in page
    assert "ผู้บริหารลงนามในแผน" in page
    assert "ทุกมาตรการมีขั้นตอน" not in page
    assert "๑๒ พฤษภาคม ๒๕๖๖" in page
    rules = coordinator.get("/ita/2566/").text
    assert "รุ่นที่มากับระบบ 2566-local-1" in rules
    assert "แก้โดย ผู้ประสานงาน" in rules
    coordinator.post("/ita/2566/own", {"rule": "own-1", "action": "remove"})
    assert "ผู้บริหารลงนามในแผน" not in coordinator.get(PAGE).text
    coordinator.post("/ita/2566/reset")
    assert "O43" in coordinator.get(PAGE).text


@pytest.mark.parametrize(
    ("path", "sent", "status"),
    [
        ("/ita/2566/window", {"opens": "1/3/2566", "closes": "31/2/2566"}, 422),
        ("/ita/2566/window", {"opens": "1/3/2567", "closes": "30/4/2567"}, 422),
        ("/ita/2566/settings", {"agency_class": "bank"}, 422),
        ("/ita/2566/settings", {"agency_class": "local", "closes_on": "เร็วๆ นี้"}, 422),
        ("/ita/2566/own", {"item": "plan", "text": ""}, 422),
        ("/ita/1000/reset", {}, 404),
    ],
)
def test_what_does_not_fit_is_said(coordinator: Visitor, path: str, sent: dict[str, object], status: int) -> None:
    coordinator.get("/ita/2566/")
    assert coordinator.post(path, sent).status_code == status


def test_the_overview_counts_down_where_the_agency_wants_it(coordinator: Visitor) -> None:
    assert "ปิดรับคำตอบ" not in coordinator.get("/overview/").text
    coordinator.get("/ita/2566/")
    sent = {"agency_class": "local", "closes_on": "28/4/2566", "countdown": "y"}
    coordinator.post("/ita/2566/settings", sent)
    page = coordinator.get("/overview/").text
    assert "อีก ๓๐ วันปิดรับคำตอบ ITA" in page
    assert PAGE in page
    coordinator.post("/ita/2566/settings", {"agency_class": "local", "closes_on": "28/4/2566"})
    assert "ปิดรับคำตอบ" not in coordinator.get("/overview/").text


def test_a_year_without_rules_says_that_nothing_is_certain(coordinator: Visitor) -> None:
    assert "ระบบใช้ของปี ๒๕๖๙ ไปก่อน" in coordinator.get("/ita/2571/").text


def test_the_executive_reads_and_answers_nothing(stranger: Visitor, ours: World) -> None:
    stranger.sign_in(ours.email("mayor"))
    page = stranger.get(PAGE).text
    assert "O42" in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    assert stranger.get("/ita/2566/").status_code == 403


def test_the_number_of_queries_does_not_depend_on_what_was_done(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    coordinator.get(PAGE)
    with counted_queries(database) as before:
        coordinator.get(PAGE)
    with database.writing() as session:
        for unit in ours.units:
            task = task_of(session, ours, unit, 3, date(2023, 1, 31))
            progress.tick_off(session, task, result="ชี้แจงแล้ว", done_on=date(2023, 1, 31), today=TODAY, by=TEST, at=NOON)
    with counted_queries(database) as after:
        coordinator.get(PAGE)
    assert len(after) <= len(before) + 1  # the evidence of completions, which there were none of
