"""The task list: grouped by step, sorted by any column, as a calendar, what is far off folded away."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from tests.admin.conftest import NOON, TODAY, Visitor, compact
from tests.factories import TEST, World, task_of
from tracker.models import Digest, Evidence, Plan, Reminder, Task
from tracker.services.tasks import progress
from tracker.store.db import Database

ROW = re.compile(r'<tr class="row">(.*?)</tr>', re.DOTALL)
HEAD = re.compile(r'<tr class="group"[^>]*>(.*?)</tr>', re.DOTALL)


def heads(page: str) -> list[str]:
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in HEAD.findall(page)]


def rows(page: str) -> list[str]:
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in ROW.findall(page)]


def test_the_list_opens_with_what_is_to_be_done_most_urgent_first(coordinator: Visitor) -> None:
    page = coordinator.get("/all-tasks/").text
    assert "<h1>เลยกำหนด ๒๖ งาน ครบกำหนดใน ๗ วัน ๑๑ งาน</h1>" in compact(page)
    assert [head.split(" ")[0] for head in heads(page)] == ["๓.๑", "๒.๑", "๑.๑", "๔.๑"]
    assert heads(page)[0].endswith("๐ จาก ๖๐")
    assert "สำนักปลัด : ชี้แจงแผนการใช้จ่าย" in rows(page)[0]
    assert "เลยมา ๑๔๙ วัน (๓๑ ต.ค.)" in rows(page)[0]


def test_a_step_says_n_of_n_and_a_monthly_one_its_twelve_months(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    with database.writing() as session:
        for unit in ours.units:
            task_of(session, ours, unit, 3, date(2022, 10, 31)).state = "done"
        task_of(session, ours, "กองช่าง", 3, date(2022, 11, 30)).state = "done"
    page = coordinator.get("/all-tasks/").text
    assert "๖ จาก ๖๐" in heads(page)[0]
    dots = re.findall(r'class="dots" role="img" aria-label="[^"]+">(.*?)</span>', page, re.DOTALL)
    assert len(dots) == 1  # the quarterly step has none
    assert re.findall(r'<i class="(\w*)"', dots[0]) == ["done", *["late"] * 4, "soon", *[""] * 6]
    assert "พฤศจิกายน ๒๕๖๕: ทำแล้ว ๑ จาก ๕, เลยกำหนด ๔" in dots[0]
    assert "กองช่าง" not in " ".join(row for row in rows(page) if "พฤศจิกายน" in row)


def test_n_of_n_leads_to_all_of_the_step_the_done_ones_too(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    with database.writing() as session:
        task = task_of(session, ours, "กองคลัง", 2, date(2022, 12, 31))
        task.state, step = "done", task.step_id
    address = f"/all-tasks/?state=all&amp;step={step}"
    assert f'href="{address}"' in coordinator.get("/all-tasks/").text
    page = coordinator.get(address.replace("&amp;", "&")).text
    assert "ไตรมาส ๑" in rows(page)[0]
    assert "ทำแล้ว" in rows(page)[0]
    assert len(rows(page)) == 4


def test_occasions_over_45_days_away_fold_into_a_link_and_stay_within_reach(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    page = coordinator.get("/all-tasks/").text
    # TODAY is 29 March: the end of April is near, that of May is not
    assert "งวดต่อไป ๒๕ งาน" in heads(page)[0]
    assert "งวดต่อไป ๒ งาน" in heads(page)[1]
    assert "งวดต่อไป ๑ งาน" in heads(page)[3]
    assert "เดือนเมษายน" in page
    assert "เดือนพฤษภาคม" not in page
    with database.reading() as session:
        step = task_of(session, ours, "กองคลัง", 2, date(2022, 12, 31)).step_id
    opened = coordinator.get(f"/all-tasks/?later={step}").text
    assert f"later={step}#group-{step}" in page
    assert "งวดต่อไป" not in next(head for head in heads(opened) if head.startswith("๒.๑"))
    assert "ไตรมาส ๔" in opened
    assert "งวดต่อไป ๒๕ งาน" in heads(opened)[0]
    # whoever asks for a measure gets all of it
    assert len(rows(coordinator.get("/all-tasks/?measure=2").text)) == 4
    # and what is chosen as a whole is the whole
    assert "ทั้ง ๗๐ งานที่กรองไว้" in compact(page)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("due", "ไตรมาส ๑"),
        ("-due", "ไตรมาส ๔"),
        ("-state", "ไตรมาส ๓"),
        ("-said", "ไตรมาส ๒"),
        ("-evidence", "ไตรมาส ๓"),
        ("-reminded", "ไตรมาส ๑"),
        ("occasion", "ไตรมาส ๑"),
        ("unit", "ไตรมาส ๑"),
    ],
)
def test_any_column_sorts_both_ways(
    coordinator: Visitor, database: Database, ours: World, sort: str, expected: str
) -> None:
    with database.writing() as session:
        first, second, third = (
            task_of(session, ours, "กองคลัง", 2, day)
            for day in (date(2022, 12, 31), date(2023, 3, 31), date(2023, 6, 30))
        )
        progress.tick_off(session, third, result="ทำ", done_on=TODAY, today=TODAY, by=TEST, at=NOON.replace(hour=1))
        third.completions[0].evidence.append(
            Evidence(agency_id=ours.agency_id, original_name="ลิงก์", url="https://khaokhao.go.th/plan")
        )
        progress.note_progress(session, second, text="เริ่มแล้ว", noted_on=TODAY, by=TEST, at=NOON.replace(hour=4))
        digest = Digest(agency_id=ours.agency_id, member_id=ours.members["head2"], on=TODAY, created_at=NOON)
        session.add(digest)
        session.flush()
        session.add(
            Reminder(
                agency_id=ours.agency_id,
                task_id=first.id,
                member_id=ours.members["head2"],
                digest_id=digest.id,
                stage="due",
                created_at=NOON,
            )
        )
    page = coordinator.get(f"/all-tasks/?measure=2&state=all&sort={sort}").text
    assert expected in rows(page)[0]
    column = sort.lstrip("-")
    assert page.count("aria-sort=") == 1
    assert f"sort={'-' if not sort.startswith('-') else ''}{column}" in page
    whole = " ".join(rows(page))
    assert all(words in whole for words in ("เริ่มแล้ว", "ลิงก์ ๑", "เตือนแล้ว ๑ ครั้ง · ๒๙ มี.ค."))


def test_a_group_is_led_by_its_own_most_urgent_row(coordinator: Visitor, database: Database, ours: World) -> None:
    with database.writing() as session:
        task_of(session, ours, "กองการศึกษา", 1, date(2023, 4, 2)).due_on = date(2022, 10, 5)
    assert [head.split(" ")[0] for head in heads(coordinator.get("/all-tasks/").text)][:2] == ["๑.๑", "๓.๑"]


def test_groups_by_unit_and_day_and_none(coordinator: Visitor) -> None:
    by_unit = heads(coordinator.get("/all-tasks/?group=unit").text)
    assert by_unit[0].startswith("สำนักปลัด ๐ จาก ๑๓")
    by_day = heads(coordinator.get("/all-tasks/?group=due").text)
    assert by_day[0].startswith("เลยมา ๑๔๙ วัน (๓๑ ต.ค.) ๐ จาก ๕")
    alone = coordinator.get("/all-tasks/?group=none").text
    assert heads(alone) == []
    assert len(rows(alone)) == 50
    assert "หน้า ๑ จาก ๒" in alone
    assert "group=none" in re.findall(r'href="([^"]+)">ถัดไป', compact(alone))[0]


def test_filter_sort_and_grouping_stay_in_the_address_of_every_way(coordinator: Visitor, ours: World) -> None:
    unit = ours.units["กองช่าง"]
    page = coordinator.get(f"/all-tasks/?unit={unit}&sort=-due&group=unit&state=late").text
    for way in re.findall(r'class="pill" href="([^"]+)"', page):
        assert f"unit={unit}&amp;sort=-due&amp;group=unit" in way
    for name, value in (("sort", "-due"), ("group", "unit")):
        assert (
            len(re.findall(rf'type="hidden"\s+name="{name}"\s+value="{value}"', page)) == 3
        )  # to filter, to keep, in bulk


def test_the_pills_count_what_they_lead_to(coordinator: Visitor, ours: World) -> None:
    unit = ours.units["กองช่าง"]
    page = coordinator.get(f"/all-tasks/?unit={unit}").text
    pills = re.findall(r'class="pill" href="([^"]+)"[^>]*>([^<]+)<b[^>]*>([^<]+)</b>', compact(page))
    assert [words.strip() for _, words, _ in pills] == [
        "ยังไม่เสร็จ",
        "เลยกำหนด",
        "ครบกำหนดใน ๗ วัน",
        "รอตรวจ",
        "ส่งกลับ",
    ]
    for address, _, count in pills:
        there = compact(coordinator.get(address.replace("&amp;", "&")).text)
        # the unit's open tasks are the list itself, which says how urgent they are instead
        assert f"<h1>{count} งาน" in there or "<h1>เลยกำหนด ๕ งาน ครบกำหนดใน ๗ วัน ๒ งาน" in there


def test_the_height_of_rows_is_remembered(coordinator: Visitor) -> None:
    assert 'class="tasks compact' in coordinator.get("/all-tasks/").text
    assert 'class="tasks wide' in coordinator.get("/all-tasks/?rows=wide").text
    assert 'class="tasks wide' in coordinator.get("/all-tasks/").text
    coordinator.get("/all-tasks/?rows=compact")
    assert 'class="tasks compact' in coordinator.get("/all-tasks/?rows=99").text


def test_a_month_shows_each_day_what_falls_due(coordinator: Visitor) -> None:
    page = compact(coordinator.get("/all-tasks/?view=calendar&state=all").text)
    assert "<h1>มีนาคม ๒๕๖๖: ๖ งาน" in page
    assert 'aria-current="date"><span class="on"><span class="only-phone">พุธ</span>๒๙' in page
    assert "month=2023-02" in page
    assert "month=2023-04" in page
    day = page.partition("</span>๓๑</span>")[2].partition("</td>")[0]
    assert re.findall(r"<b>(\S+)</b>", day) == ["๒.๑", "๓.๑"]
    assert "๕ งาน" in day
    way = re.findall(r'href="([^"]+since=2023-03-31[^"]+)"', day)[1].replace("&amp;", "&")
    assert len(rows(coordinator.get(way).text)) == 5
    february = compact(coordinator.get("/all-tasks/?view=calendar&month=2023-02").text)
    assert 'class="late"' in february
    for odd in ("0001-01", "9999-12", "x", "2023-13"):
        assert "มีนาคม ๒๕๖๖" in coordinator.get(f"/all-tasks/?view=calendar&month={odd}").text


def test_nothing_late_says_what_comes_next(coordinator: Visitor, database: Database, ours: World) -> None:
    with database.writing() as session:
        for task in session.scalars(select(Task).where(Task.plan_id == ours.plan_id, Task.due_on < TODAY)):
            task.state = "done"
    page = compact(coordinator.get("/all-tasks/?state=late").text)
    assert "ไม่มีงานเลยกำหนด" in page
    assert "งานถัดไปครบกำหนด ๓๑ มีนาคม ๒๕๖๖ ๖ งาน" in page
    assert 'href="/all-tasks/?state=soon"' in page


def test_an_older_year_stands_in_the_address(coordinator: Visitor, database: Database, ours: World) -> None:
    with database.writing() as session:
        session.add(Plan(agency_id=ours.agency_id, fiscal_year=2560, imported_at=NOON, source_name="plan.docx"))
        session.get_one(Plan, ours.plan_id).fiscal_year = 2565
    page = coordinator.get("/all-tasks/?year=2565&state=all").text
    assert all("year=2565" in way for way in re.findall(r'class="pill" href="([^"]+)"', page))
