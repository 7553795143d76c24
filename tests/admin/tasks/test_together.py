"""Several checkpoints with one report, the same form sent twice, taking back and correcting, the day in words."""

import io
import re
from datetime import date

import pytest
from sqlalchemy import delete, select

from tests.admin.conftest import NOON, Visitor, compact, counted_queries
from tests.admin.tasks.test_tasks import FEBRUARY, MARCH, photo, stored
from tests.factories import World, task_of
from tracker.models import Account, Agency, Completion, Event, Evidence, Member, Plan, Task, TaskUnit
from tracker.store.db import Database

OCTOBER, NOVEMBER, DECEMBER, JANUARY = date(2022, 10, 31), date(2022, 11, 30), date(2022, 12, 31), date(2023, 1, 31)
SENT = {"result": "ชี้แจงในที่ประชุมประจำเดือน", "done_on": "14/3/2566"}


@pytest.fixture
def months(database: Database, ours: World) -> dict[date, int]:
    """กองคลัง, the monthly measure: the tasks of October to March by their day."""
    with database.reading() as session:
        days = (OCTOBER, NOVEMBER, DECEMBER, JANUARY, FEBRUARY, MARCH)
        return {day: task_of(session, ours, "กองคลัง", 3, day).id for day in days}


def key_of(page: str) -> str:
    found = re.search(r'name="key"[^>]*value="([0-9a-f]{32})"', page)
    assert found is not None
    return found[1]


def completions(database: Database) -> list[Completion]:
    with database.reading() as session:
        found = list(session.scalars(select(Completion).order_by(Completion.id)))
        _ = [one.evidence for one in found]
        return found


def test_late_checkpoints_of_a_step_are_one_card(head: Visitor, months: dict[date, int]) -> None:
    page = compact(head.get("/tasks/").text)
    assert "<h1>เลยกำหนด ๖ งาน, เหลือ ๓ งานในสัปดาห์นี้</h1>" in page
    assert "๖ งาน</span>" in page.partition("สัปดาห์นี้</h2>")[0]
    assert page.partition("สัปดาห์นี้</h2>")[0].count('class="card task late"') == 2
    assert "และอีก ๔ รอบที่เลยกำหนด" in page
    for day in (NOVEMBER, DECEMBER, JANUARY, FEBRUARY):
        assert f'<a href="/tasks/{months[day]}">' in page
    assert f'href="/tasks/{months[OCTOBER]}?also=late">ทำแล้วทั้ง ๕ รอบ</a>' in page


def test_the_other_open_checkpoints_are_offered_late_ones_first(head: Visitor, months: dict[date, int]) -> None:
    page = head.get(f"/tasks/{months[OCTOBER]}").text
    offered = re.findall(r'name="also"\s+value="(\d+)"', page)
    assert offered == [str(months[day]) for day in (NOVEMBER, DECEMBER, JANUARY, FEBRUARY, MARCH)]
    assert "checked" not in re.findall(r'<input[^>]*name="also"[^>]*>', page)[0]
    chosen = head.get(f"/tasks/{months[OCTOBER]}?also=late").text
    boxes = re.findall(r'<input[^>]*name="also"[^>]*>', chosen)
    assert [" checked" in box for box in boxes] == [True, True, True, True, False]


def test_one_report_ticks_several_checkpoints_and_keeps_its_files_once(
    head: Visitor, database: Database, months: dict[date, int]
) -> None:
    also = [months[NOVEMBER], months[DECEMBER]]
    page = head.post(
        f"/tasks/{months[OCTOBER]}", {**SENT, "also": also, "files": [(io.BytesIO(photo()), "ภาพ.png")]}, follow=True
    ).text
    assert "บันทึกแล้ว ๓ รอบ: ชี้แจงแผนการใช้จ่าย" in page
    assert "ทำแล้ว ๓ จาก ๑๘ งาน" in page
    done = completions(database)
    assert [one.task_id for one in done] == [months[OCTOBER], *also]
    assert {one.result for one in done} == {SENT["result"]}
    assert {one.done_on for one in done} == {date(2023, 3, 14)}
    names = {piece.stored_name for one in done for piece in one.evidence}
    assert len(names) == 1
    assert [len(one.evidence) for one in done] == [1, 1, 1]
    with database.reading() as session:
        events = session.scalars(select(Event).where(Event.kind == "ticked_off").order_by(Event.sequence)).all()
        assert [event.task_id for event in events] == [months[OCTOBER], *also]
        pieces = session.scalars(select(Evidence.id)).all()
    assert {head.get(f"/evidence/{piece}").status_code for piece in pieces} == {200}


def test_each_may_be_done_on_its_own_day(head: Visitor, database: Database, months: dict[date, int]) -> None:
    head.post(f"/tasks/{months[OCTOBER]}", {**SENT, "own_days": "y", "also": [months[FEBRUARY], months[MARCH]]})
    assert "บันทึกหลายงวดพร้อมกัน (บันทึกย้อนหลัง)" in head.get(f"/tasks/{months[FEBRUARY]}").text
    assert [one.done_on for one in completions(database)] == [OCTOBER, FEBRUARY, date(2023, 3, 14)]


def test_all_are_recorded_or_none(
    head: Visitor, database: Database, months: dict[date, int], ours: World, theirs: World
) -> None:
    with database.reading() as session:
        other_step = task_of(session, ours, "กองคลัง", 1, date(2023, 4, 2)).id
        other_unit = task_of(session, ours, "กองช่าง", 3, OCTOBER).id
        foreign = task_of(session, theirs, "กองคลัง", 3, OCTOBER).id
    for also, status in ((other_step, 422), (other_unit, 404), (foreign, 404), ("x", 422)):
        answer = head.post(f"/tasks/{months[OCTOBER]}", {**SENT, "also": [months[NOVEMBER], also]})
        assert answer.status_code == status, also
        if also == other_step:
            assert "ขั้นตอนและหน่วยงานเดียวกัน" in answer.text
            assert SENT["result"] in answer.text
    head.post(f"/tasks/{months[FEBRUARY]}", SENT)
    settled = head.post(f"/tasks/{months[OCTOBER]}", {**SENT, "also": [months[NOVEMBER], months[FEBRUARY]]})
    assert settled.status_code == 409
    assert [one.task_id for one in completions(database)] == [months[FEBRUARY]]


def test_one_press_takes_all_of_them_back(head: Visitor, database: Database, months: dict[date, int]) -> None:
    page = head.post(f"/tasks/{months[OCTOBER]}", {**SENT, "also": [months[NOVEMBER]]}, follow=True).text
    assert f'action="/tasks/{months[OCTOBER]}/undo"' in page
    assert f'name="also" value="{months[NOVEMBER]}"' in page
    head.post(f"/tasks/{months[OCTOBER]}/undo", {"also": [months[NOVEMBER]]})
    assert all(one.withdrawn_at for one in completions(database))
    assert stored(database, months[NOVEMBER]).state == "pending"
    repeated = head.post(f"/tasks/{months[OCTOBER]}/undo", {"also": [months[NOVEMBER]]})
    assert repeated.status_code == 409


def test_what_was_taken_back_is_corrected_not_typed_again(
    head: Visitor, database: Database, months: dict[date, int]
) -> None:
    task_id = months[MARCH]
    head.post(
        f"/tasks/{task_id}",
        {**SENT, "links": "https://example.go.th/1", "files": [(io.BytesIO(photo()), "ภาพ.png")]},
    )
    page = head.post(f"/tasks/{task_id}/undo", follow=True).text
    for typed in (
        f"{SENT['result']}</textarea>",
        'value="๑๔ มีนาคม ๒๕๖๖"',
        'value="https://example.go.th/1"',
        "ภาพ.jpg",
    ):
        assert typed in page
    kept = page.split('name="kept" value="')[1].split('"')[0]
    head.post(f"/tasks/{task_id}", {**SENT, "result": "แก้ไขแล้ว", "kept": kept})
    first, second = completions(database)
    assert second.result == "แก้ไขแล้ว"
    assert first.evidence[0].stored_name == second.evidence[0].stored_name


def test_a_task_that_was_sent_back_shows_what_was_written(
    head: Visitor, coordinator: Visitor, database: Database, ours: World, months: dict[date, int]
) -> None:
    with database.writing() as session:
        session.get_one(Agency, ours.agency_id).review = True
    head.post(f"/tasks/{months[MARCH]}", SENT)
    coordinator.post(f"/review/{months[MARCH]}/send-back", {"note": "ขอวันที่ที่ถูกต้อง"})
    assert f"{SENT['result']}</textarea>" in head.get(f"/tasks/{months[MARCH]}").text


def test_the_same_form_sent_twice_is_recorded_once(head: Visitor, database: Database, months: dict[date, int]) -> None:
    sent = {**SENT, "key": key_of(head.get(f"/tasks/{months[MARCH]}").text), "also": [months[FEBRUARY]]}
    first = head.post(f"/tasks/{months[MARCH]}", sent, follow=True)
    second = head.post(f"/tasks/{months[MARCH]}", sent, follow=True)
    assert first.status_code == second.status_code == 200
    assert "บันทึกแล้ว ๒ รอบ" in second.text
    assert len(completions(database)) == 2
    head.post(f"/tasks/{months[MARCH]}/undo", {"also": [months[FEBRUARY]]})
    third = head.post(f"/tasks/{months[MARCH]}", sent, follow=True)
    assert "จึงไม่ได้บันทึกซ้ำ" in third.text
    assert stored(database, months[MARCH]).state == "pending"


def test_a_report_has_at_most_twenty_files(head: Visitor, database: Database, months: dict[date, int]) -> None:
    files = [(io.BytesIO(photo()), f"{n}.png") for n in range(21)]
    answer = head.post(f"/tasks/{months[MARCH]}", {**SENT, "files": files})
    assert answer.status_code == 422
    assert "แนบรูปและไฟล์ได้ไม่เกิน ๒๐ ชิ้น" in answer.text
    assert completions(database) == []


def test_a_script_is_told_where_to_go(head: Visitor, months: dict[date, int]) -> None:
    head.get(f"/tasks/{months[MARCH]}")
    answer = head.client.post(
        f"/tasks/{months[MARCH]}", data={**SENT, "csrf_token": head.token}, headers={"Accept": "application/json"}
    )
    assert answer.json == {"next": "/tasks/"}
    assert "บันทึกแล้ว: ชี้แจงแผนการใช้จ่าย" in head.get("/tasks/").text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("31 มี.ค. 66", "problem ยังมาไม่ถึง"),
        ("29/3/66", "words วันพุธที่ ๒๙ มีนาคม ๒๕๖๖ (วันนี้)"),
        ("เมื่อวาน", "words วันอังคารที่ ๒๘ มีนาคม ๒๕๖๖ (เมื่อวาน)"),
        ("14/3", "words วันอังคารที่ ๑๔ มีนาคม ๒๕๖๖ (๑๕ วันก่อน)"),
        ("31/2/66", "problem ไม่มีวันที่"),
    ],
)
def test_a_typed_day_is_said_in_words(head: Visitor, text: str, said: str) -> None:
    answer = head.client.get("/tasks/day", query_string={"text": text}).json
    kind, _, words = said.partition(" ")
    assert words in answer[kind]


def test_words_for_days_are_good_enough_to_save(head: Visitor, database: Database, months: dict[date, int]) -> None:
    head.post(f"/tasks/{months[MARCH]}", {**SENT, "done_on": "เมื่อวาน"})
    assert completions(database)[0].done_on == date(2023, 3, 28)


def test_who_else_owes_it_is_named_without_what_they_wrote(
    head: Visitor, database: Database, ours: World, months: dict[date, int]
) -> None:
    with database.writing() as session:
        theirs = task_of(session, ours, "กองช่าง", 3, MARCH)
        theirs.state = "done"
        theirs.completions.append(
            Completion(
                agency_id=ours.agency_id,
                result="ความลับของกองช่าง",
                done_on=MARCH,
                entered_at=theirs.updated_at,
            )
        )
    page = head.get(f"/tasks/{months[MARCH]}").text
    assert "หน่วยงานอื่นที่ต้องทำ: ทำแล้ว ๑ จาก ๔" in page
    for unit in ("สำนักปลัด", "กองช่าง", "กองการศึกษา"):
        assert unit in page
    assert "ความลับของกองช่าง" not in page


def test_a_task_page_asks_as_often_for_a_long_year_as_for_a_short_one(
    head: Visitor, database: Database, ours: World, months: dict[date, int]
) -> None:
    with database.reading() as session:
        alone = session.scalars(select(Task.id).where(Task.plan_id == ours.plan_id, Task.party_key == "joint")).first()
    counts = []
    for task_id in (months[MARCH], alone):
        with counted_queries(database) as asked:
            assert head.get(f"/tasks/{task_id}").status_code == 200
        counts.append(len(asked))
    assert counts[0] <= counts[1] + 1 <= 16


def test_an_empty_list_says_why_and_what_to_do(
    head: Visitor, stranger: Visitor, database: Database, ours: World
) -> None:
    with database.writing() as session:
        nobody = Account(email="new@tua.example", password_hash="x", session_key="new", created_at=NOON)
        nobody.password_hash = session.scalars(select(Account.password_hash)).first() or ""
        session.add(Member(agency_id=ours.agency_id, account=nobody, name="คนใหม่", email="new@tua.example"))
    stranger.sign_in("new@tua.example")
    assert "ท่านยังไม่ได้อยู่ในหน่วยงานใด" in stranger.get("/tasks/").text
    with database.writing() as session:
        session.execute(delete(TaskUnit).where(TaskUnit.unit_id == ours.units["กองคลัง"]))
    page = head.get("/tasks/").text
    assert "แผนนี้ไม่มีงานของหน่วยงานท่าน" in page
    assert 'href="/plan/"' in page
    with database.writing() as session:
        session.execute(delete(Plan).where(Plan.id == ours.plan_id))
    assert "ยังไม่มีงาน" in head.get("/tasks/").text
