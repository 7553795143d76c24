"""Search finds letters anywhere in what the viewer may see, in either kind of digits, with constant queries."""

from datetime import date

import pytest

from tests.admin.conftest import NOON, Visitor, counted_queries
from tests.factories import TEST, World, task_of
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
