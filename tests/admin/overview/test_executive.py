"""The executive's page: the year in a glance, with the numbers beside every picture."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from admin.pages.overview.charts import bars, shortened
from admin.pages.overview.executive_data import Row, executive
from admin.pages.overview.overview_data import Counts
from tests.admin.conftest import NOON, TODAY, Visitor, compact, counted_queries
from tests.factories import World, build_world, task_of
from tracker.models import Completion, Plan, Task
from tracker.store.db import Database


@pytest.fixture
def mayor(app: Flask, ours: World) -> Visitor:
    visitor = Visitor(app.test_client())
    visitor.sign_in(ours.email("mayor"))
    return visitor


def _do(database: Database, world: World, until: date, done_on: date | None = None) -> None:
    with database.writing() as session:
        query = select(Task).where(Task.plan_id == world.plan_id, Task.due_on <= until)
        for task in session.scalars(query):
            task.state = "done"
            task.completions.append(
                Completion(
                    agency_id=world.agency_id,
                    result="ทำแล้ว",
                    done_on=done_on or task.due_on,
                    entered_at=NOON,
                )
            )


def test_the_page_says_how_the_year_stands_and_what_it_takes(mayor: Visitor, database: Database, ours: World) -> None:
    _do(database, ours, date(2023, 1, 31))
    page = mayor.get("/executive/").text
    assert "ผ่านปีไปร้อยละ ๔๙ ทำแล้วร้อยละ ๓๐" in page
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "รอบ ๖ เดือน ๓๑ มี.ค. ๖๖ มีงานค้าง ทำแล้วร้อยละ ๓๐ ของงานทั้งปี" in words
    assert "จะได้สีเขียว ต้องทำอีก ๑๔ งาน ภายใน ๓๑ มี.ค. ในจำนวนนี้ ๓ งานกำหนดไว้หลังสิ้นรอบ" in words
    assert "จะได้สีเขียว ต้องทำอีก ๓๕ งาน ภายใน ๓๐ ก.ย. สัปดาห์ละ ๒ งาน" in words


def test_what_is_late_is_said_with_the_people_who_answer(mayor: Visitor, database: Database, ours: World) -> None:
    _do(database, ours, date(2023, 1, 31))
    page = mayor.get("/executive/").text
    assert "หัวหน้ากองคลัง" in page
    assert "เลยมา ๒๙ วัน (๒๘ ก.พ.)" in page


def test_nobody_is_late_where_all_that_was_due_is_done(mayor: Visitor, database: Database, ours: World) -> None:
    _do(database, ours, TODAY)
    page = mayor.get("/executive/").text
    assert "ไม่มีใครค้าง" in page
    assert "หัวหน้ากองคลัง" not in page


def test_nobody_late_in_november_is_no_red_light(mayor: Visitor, database: Database, ours: World) -> None:
    _do(database, ours, date(2022, 10, 31))
    with time_machine.travel(datetime(2022, 11, 15, 3, tzinfo=UTC), tick=False):
        visitor = Visitor(mayor.client)
        visitor.sign_in(ours.email("mayor"))
        page = compact(visitor.get("/executive/").text)
    lights = page.partition('class="outlooks"')[2].partition("If it goes on")[0].partition("</section>")[0]
    chips = re.findall(r'<h3>.*?<span class="chip (\w+)">([^<]+)</span>', lights)
    assert chips == [("green", "ตามกำหนด")] * 2


def test_every_picture_has_its_words_and_its_table(mayor: Visitor) -> None:
    page = compact(mayor.get("/executive/").text)
    pictures = re.findall(r'<svg class="chart" role="img" aria-labelledby="(\S+) (\S+)"', page)
    assert len(pictures) == 3
    for title, description in pictures:
        assert re.search(rf'<title id="{title}">[^<]+</title><desc id="{description}">[^<]+</desc>', page)
    assert len(re.findall(r"<caption", page)) == 4
    assert 'style="' not in page


def test_a_round_that_is_over_counts_what_was_done_by_its_last_day(database: Database, ours: World) -> None:
    _do(database, ours, date(2023, 3, 31), done_on=date(2023, 4, 3))
    with database.writing() as session:
        on_time = task_of(session, ours, "กองคลัง", 3, date(2022, 10, 31))
        on_time.completions[0].done_on = date(2022, 10, 30)
    with database.reading() as session:
        six, twelve = executive(session, session.get_one(Plan, ours.plan_id), date(2023, 4, 10)).outlooks
    assert (six.over, six.done, six.light) == (True, 1, "red")
    assert (twelve.over, twelve.done) == (False, 32)


def test_the_page_asks_as_often_for_many_tasks_as_for_few(database: Database, ours: World) -> None:
    with database.writing() as session:
        large = build_world(session, "อบต.ใหญ่", "yai.example", monthly_steps=5)
    counts = []
    for world in (ours, large):
        with database.reading() as session, counted_queries(database) as statements:
            executive(session, session.get_one(Plan, world.plan_id), TODAY)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 14


def test_executives_begin_here_and_others_stay_out(mayor: Visitor, head: Visitor, stranger: Visitor) -> None:
    assert mayor.get("/").location == "/executive/"
    assert head.get("/executive/").status_code == 403
    assert stranger.get("/executive/").location == "/sign-in?next=/executive/"


@pytest.mark.parametrize("day", [datetime(2022, 10, 1, tzinfo=UTC), datetime(2024, 2, 1, tzinfo=UTC)])
def test_the_page_stands_on_the_first_day_and_after_the_last(app: Flask, ours: World, day: datetime) -> None:
    with time_machine.travel(day, tick=False):
        visitor = Visitor(app.test_client())
        visitor.sign_in(ours.email("mayor"))
        assert visitor.get("/executive/").status_code == 200


def test_a_bar_is_as_long_as_its_share_and_its_label_fits() -> None:
    counts = Counts(total=4, done=1, begun=2)
    found = bars([Row(1, 2, "การ" * 20, counts, "on_track")], 50)
    assert (found.rows[0].width, found.rows[0].due_x, found.today_x, found.rows[0].tone) == (90, 180, 180, "green")
    assert found.rows[0].label.endswith("…")
    assert shortened("ที่ปรึกษา", 3) == "ที่ปรึ…"
    assert shortened("กองคลัง") == "กองคลัง"
