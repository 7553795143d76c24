"""The executive's page: the year in a glance, with the numbers beside every picture."""

import html
import re
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from admin.pages.overview.charts import bars, shortened
from admin.pages.overview.executive_data import Row, executive
from admin.pages.overview.overview_data import Counts
from tests.admin.conftest import NOON, TODAY, Visitor, compact, counted_queries
from tests.factories import TEST, World, build_world, task_of
from tracker.models import Completion, Digest, Member, Plan, Reminder, Task, UnitPrompt
from tracker.services.tasks import progress
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
    assert "รอบ ๖ เดือน ๓๑ มี.ค. ๖๖ เสี่ยงได้สีส้ม ทำแล้ว ๒๑ งาน จากที่ควรทำได้ถึงวันนี้ ๒๖ งาน" in words
    assert "ทำครบตามแผนก็ยังได้สีส้ม เพราะอีก ๓๘ งานกำหนดไว้หลังจากนั้น" in words
    assert "จะได้สีเขียว ต้องทำอีก ๑๔ งาน ภายใน ๓๑ มี.ค. ในจำนวนนี้ ๓ งานกำหนดไว้หลังสิ้นรอบ" in words
    assert "จะได้สีเขียว ต้องทำอีก ๓๕ งาน ภายใน ๓๐ ก.ย. สัปดาห์ละ ๒ งาน" in words


def test_who_is_late_is_said_with_people_steps_reminders_and_answers(
    mayor: Visitor, database: Database, ours: World
) -> None:
    _do(database, ours, date(2023, 1, 31))

    def said() -> str:
        page = mayor.get("/executive/").text.partition('<h2 id="late">')[2].partition("</section>")[0]
        return " ".join(re.sub(r"<[^>]+>", " ", page).split())

    first = said()
    assert first.startswith("ใครค้าง")
    assert "กองคลัง เลยกำหนด ๑ งาน เตือน หัวหน้ากองคลัง · นานสุด ๒๙ วัน · ยังไม่ได้เตือน ๓.๑ ชี้แจง" in first
    assert "เดือนกุมภาพันธ์" in first
    assert "☎" not in first
    with database.writing() as session:
        task = task_of(session, ours, "กองคลัง", 3, date(2023, 2, 28))
        member = session.get_one(Member, ours.members["head2"])
        member.phone = "075123456 ต่อ 101"
        for on in (date(2023, 3, 1), date(2023, 3, 27)):
            digest = Digest(agency_id=ours.agency_id, member_id=member.id, on=on, created_at=NOON)
            session.add(digest)
            session.flush()
            key = {"task_id": task.id, "member_id": member.id, "digest_id": digest.id, "stage": on.isoformat()}
            session.add(Reminder(agency_id=ours.agency_id, created_at=NOON, **key))
    assert "เตือนแล้ว ๒ ครั้ง, ล่าสุด ๒๗ มี.ค., ยังไม่ตอบ" in said()
    assert "☎ ๐๗๕๑๒๓๔๕๖ ต่อ ๑๐๑" in said()
    assert 'href="tel:075123456"' in mayor.get("/executive/").text
    with database.writing() as session:
        task = task_of(session, ours, "กองคลัง", 3, date(2023, 2, 28))
        progress.note_progress(session, task, text="รอประชุม", noted_on=date(2023, 3, 28), by=TEST, at=NOON)
    assert "ตอบแล้ว ๒๘ มี.ค." in said()


def test_the_executive_sees_whom_a_reminder_reaches_before_it_is_sent_once(
    mayor: Visitor, database: Database, ours: World
) -> None:
    _do(database, ours, date(2023, 1, 31))
    address = f"/executive/remind/{ours.units['กองคลัง']}"
    assert f'href="{address}"' in mayor.get("/executive/").text
    page = mayor.get(address).text
    assert "หัวหน้ากองคลัง" in page
    assert "๒๘ ก.พ. ๖๖" in page
    with database.reading() as session:
        assert session.scalars(select(UnitPrompt)).all() == []
    assert mayor.post(address).location == "/executive/"
    with database.reading() as session:
        assert [one.unit_id for one in session.scalars(select(UnitPrompt))] == [ours.units["กองคลัง"]]
    late = mayor.get("/executive/").text.partition('<h2 id="late">')[2]
    assert f'href="{address}"' not in late
    assert "เตือนไปแล้ววันนี้" in late
    mayor.get(address)
    mayor.post(address)
    with database.reading() as session:
        assert len(session.scalars(select(UnitPrompt)).all()) == 1


def test_one_day_late_is_one_day_in_english(app: Flask, database: Database, ours: World) -> None:
    _do(database, ours, date(2023, 1, 31))
    with time_machine.travel(datetime(2023, 3, 1, 3, tzinfo=UTC)):
        mayor = Visitor(app.test_client())
        mayor.sign_in(ours.email("mayor"))
        mayor.post("/language", {"language": "en", "next": "/"})
        page = compact(mayor.get(f"/executive/remind/{ours.units['กองคลัง']}").text)
    assert "1 late task (the oldest 1 day), with the answers of each." in page


def test_all_late_units_are_reminded_at_once_after_a_look_at_whom(
    mayor: Visitor, database: Database, ours: World
) -> None:
    _do(database, ours, date(2023, 1, 31))
    page = mayor.get("/executive/").text
    address = html.unescape(re.findall(r'href="(/executive/remind/\?[^"]+)"', page)[0])
    units = parse_qs(urlsplit(address).query)["unit"]
    assert len(units) > 1
    asked = mayor.get(address).text
    for who in ("หัวหน้ากองคลัง", "หัวหน้ากองช่าง"):
        assert who in asked
    assert re.findall(r'name="unit" value="(\d+)"', asked) == units
    with database.reading() as session:
        assert session.scalars(select(UnitPrompt)).all() == []
    mayor.post(f"/executive/remind/{units[0]}")  # a colleague was faster with one of them
    answer = mayor.post("/executive/remind/", {"unit": units}, follow=True).text
    assert "เตือนในนามของท่านแล้ว" in answer
    assert "เตือนไปแล้ว" in answer
    with database.reading() as session:
        assert sorted(str(one.unit_id) for one in session.scalars(select(UnitPrompt))) == sorted(units)


def test_another_agency_s_unit_is_not_reminded(mayor: Visitor, theirs: World) -> None:
    mayor.get("/account/")
    for answer in (mayor.get, mayor.post):
        assert answer(f"/executive/remind/{theirs.units['กองคลัง']}").status_code == 404
    assert mayor.get(f"/executive/remind/?unit={theirs.units['กองคลัง']}").status_code == 404
    assert mayor.post("/executive/remind/", {"unit": theirs.units["กองคลัง"]}).status_code == 404


def test_nobody_is_late_where_all_that_was_due_is_done(mayor: Visitor, database: Database, ours: World) -> None:
    _do(database, ours, TODAY)
    page = mayor.get("/executive/").text
    assert "<h1>ไม่มีเรื่องรอท่านลงนาม และไม่มีใครค้าง</h1>" in compact(page)
    assert "เรื่องถัดไป: รายงานรอบ ๖ เดือน ประมาณ ๓ เม.ย." in page
    assert "หัวหน้ากองคลัง" not in page


def test_nobody_late_in_november_is_no_red_light(mayor: Visitor, database: Database, ours: World) -> None:
    _do(database, ours, date(2022, 10, 31))
    with time_machine.travel(datetime(2022, 11, 15, 3, tzinfo=UTC), tick=False):
        visitor = Visitor(mayor.client)
        visitor.sign_in(ours.email("mayor"))
        page = compact(visitor.get("/executive/").text)
    lights = page.partition('class="outlooks"')[2].partition("</section>")[0]
    chips = re.findall(r'<h3>.*?<span class="chip (\w+)">([^<]+)</span>', lights)
    assert chips == [("orange", "เสี่ยงได้สีส้ม"), ("green", "จะได้สีเขียว")]


def test_every_picture_has_its_words_and_its_table(mayor: Visitor) -> None:
    page = compact(mayor.get("/executive/").text)
    pictures = re.findall(r'<svg class="chart" role="img" aria-labelledby="([^" ]+) ([^" ]+)"', page)
    assert len(pictures) == 3
    for title, description in pictures:
        assert re.search(rf'<title id="{title}">[^<]+</title><desc id="{description}">[^<]+</desc>', page)
    assert len(re.findall(r"<caption", page)) == 3
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
