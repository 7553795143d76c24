"""A digest's words: readable with forty late tasks, most urgent first, in the reader's digits."""

import json
from datetime import date

import pytest

from tracker.reminders.digest import Item, News, View, compose, subject_of
from tracker.reminders.flex import flex_of
from tracker.reminders.stages import Stage
from tracker.thai.calendar import last_of_month

DAY = date(2023, 9, 5)


def item(number: int, due_on: date | None, stage: Stage, **values: object) -> Item:
    facts: dict[str, object] = {
        "task_id": number,
        "measure": 1,
        "measure_title": "มาตรการเผยแพร่ข้อมูลต่อสาธารณะ",
        "step_id": 1,
        "step": "รายงานผลต่อผู้บริหาร",
        "fiscal_year": 2566,
        "due_on": due_on,
        "cadences": ("monthly",),
        "stage": stage,
    }
    return Item(**{**facts, **values})  # type: ignore[arg-type]


def view(*items: Item, **values: object) -> View:
    facts = {"name": "สมหญิง", "agency": "อบต.เขาขาว", "day": DAY, "base_url": "https://tracker.example"}
    return View(items=items, **{**facts, **values})  # type: ignore[arg-type]


def late(number: int, year: int, month: int, **values: object) -> Item:
    due_on = last_of_month(year, month)
    return item(number, due_on, Stage("overdue", (DAY - due_on).days, "overdue:1"), **values)


def forty() -> list[Item]:
    """Ten late months of four steps under two measures."""
    months = [(2022, 10), (2022, 11), (2022, 12), *((2023, month) for month in range(1, 8))]
    return [
        late(
            100 * step + place,
            year,
            month,
            step_id=step,
            step=f"ขั้นตอนที่มีชื่อยาวพอสมควร {step}",
            measure=1 + step % 2,
            measure_title=f"มาตรการ {step % 2}",
        )
        for step in range(4)
        for place, (year, month) in enumerate(months)
    ]


def test_forty_late_months_are_four_lines_under_two_measures() -> None:
    content = compose(view(*forty()))
    assert content.subject == "[เลยกำหนด ๓๑ ต.ค. ๖๕] งานตามแผนมาตรการ ๔๐ รายการ"
    assert content.text.count("เลยกำหนดแล้ว ๑๐ งวด: ต.ค. ๖๕, พ.ย. ๖๕, ธ.ค. ๖๕, ม.ค. ๖๖") == 4
    assert content.text.count("\nมาตรการที่ ") == 2
    assert len(content.text.splitlines()) < 40
    assert content.html.count("https://tracker.example/tasks/") == 40
    assert "style=" not in content.html


def test_a_closing_round_asks_for_the_tick_of_what_is_due_in_it_and_for_a_note_on_what_comes_later() -> None:
    march = date(2023, 3, 16)
    tick = item(1, date(2023, 3, 31), Stage("closing", 6, "closing:6"))
    notes = [item(month, last_of_month(2023, month), Stage("closing", 6, "closing:6", "note")) for month in (4, 5)]
    text = compose(view(*notes, tick, day=march)).text
    assert "ปิดรอบ ๖ เดือน ๓๑ มี.ค. โปรดรายงานผล · อีก ๑๕ วัน (๓๑ มี.ค.)" in text
    assert "ปิดรอบ ๖ เดือน ๓๑ มี.ค. โปรดแจ้งความก้าวหน้า ๒ งวด: เม.ย. ๖๖, พ.ค. ๖๖" in text


def test_the_most_urgent_measure_comes_first() -> None:
    soon = item(1, date(2023, 9, 6), Stage("upcoming", 1, "upcoming:1"), measure=1)
    old = late(2, 2023, 7, measure=5, measure_title="มาตรการรับเรื่องร้องเรียน", step_id=9)
    text = compose(view(soon, old)).text
    assert text.index("มาตรการที่ ๕") < text.index("มาตรการที่ ๑")
    assert "เลยมา ๓๖ วัน · ครบกำหนด ๓๑ ก.ค. ๖๖" in text
    assert "อีก ๑ วัน (๖ ก.ย.)" in text


def test_digits_follow_the_reader() -> None:
    assert subject_of(view(late(1, 2023, 8), thai_digits=False)).startswith("[เลยกำหนด 31 ส.ค. 66]")


@pytest.mark.parametrize(
    ("one", "subject"),
    [
        (item(1, DAY, Stage("due", 0, "due")), "[ครบกำหนด ๕ ก.ย. ๖๖]"),
        (item(1, date(2023, 9, 30), Stage("closing", 12, "closing:12")), "[ปิดรอบ ๑๒ เดือน ๓๐ ก.ย. ๖๖]"),
        (item(1, None, Stage("closing", 12, "closing:12", "note")), "[ปิดรอบ ๑๒ เดือน ๓๐ ก.ย. ๖๖]"),
    ],
)
def test_the_subject_begins_with_the_date(one: Item, subject: str) -> None:
    assert subject_of(view(one)) == f"{subject} รายงานผลต่อผู้บริหาร"


def test_news_alone_make_a_digest() -> None:
    content = compose(view(news=(News("กองคลังส่งงานให้ตรวจ", "https://tracker.example/tasks/7"),)))
    assert content.subject == "[แจ้งให้ทราบ] กองคลังส่งงานให้ตรวจ"
    assert "https://tracker.example/tasks/7" in content.text


def test_a_returned_task_shows_the_coordinators_note() -> None:
    content = compose(view(late(1, 2023, 8, note="ขอภาพถ่าย"), late(2, 2023, 7)))
    assert "ผู้ประสานงานแจ้งว่า: ขอภาพถ่าย" in content.text


def test_words_of_a_plan_never_become_markup() -> None:
    content = compose(view(late(1, 2023, 8, step="<script>alert(1)</script>", units='กอง"คลัง"')))
    assert "<script>" not in content.html
    assert "<script>" in content.text


def test_the_same_view_gives_the_same_words() -> None:
    assert compose(view(*forty())) == compose(view(*reversed(forty())))


def test_a_bubble_stays_below_lines_limit_and_counts_what_it_leaves_out() -> None:
    long = "ขั้นตอนยาวมาก" * 50
    many = [late(number, 2023, 8, step_id=number, step=f"{long} {number}", measure=number) for number in range(60)]
    bubble = json.dumps(flex_of(view(*many), "key"), ensure_ascii=False)
    assert len(bubble.encode()) <= 30_000
    assert "และอีก ๔๘ รายการ" in bubble


def test_a_bubble_counts_the_news_that_it_leaves_out() -> None:
    news = tuple(News(f"ส่งข้อความไม่ได้ {number}", "https://tracker.example/") for number in range(30))
    assert "และอีก ๑๘ รายการ" in json.dumps(flex_of(view(news=news), "key"), ensure_ascii=False)


def test_a_bubble_names_the_months_of_one_line_and_opens_the_oldest() -> None:
    bubble = json.dumps(flex_of(view(*forty()), "key"), ensure_ascii=False)
    assert len(bubble.encode()) < 10_000
    assert bubble.count("เลยกำหนดแล้ว ๑๐ งวด: ต.ค. ๖๕, พ.ย. ๖๕, ธ.ค. ๖๕, ม.ค. ๖๖") == 4
    assert bubble.count('"label": "เปิด ต.ค. ๖๕"') == 4


def test_only_the_readers_own_single_tasks_have_a_done_button() -> None:
    due = Stage("due", 0, "due")
    items = (
        item(1, DAY, due),
        item(2, DAY, due, step_id=2, own=False),
        late(3, 2023, 7, step_id=3),
        late(4, 2023, 8, step_id=3),
    )
    bubble = json.dumps(flex_of(view(*items), "key"))
    assert [number for number in range(1, 5) if f"a=done&t={number}&" in bubble] == [1]
