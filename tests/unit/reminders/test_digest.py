"""A digest's words: readable with forty late tasks, most urgent first, in the reader's digits."""

import json
import re
from datetime import date
from typing import Any

import pytest

from tests.line_content import words_of
from tracker.channels.line.postback import Button, read_button
from tracker.reminders.digest import compose, subject_of
from tracker.reminders.flex import alt_text_of, flex_of
from tracker.reminders.owing import OwingUnit
from tracker.reminders.stages import Stage
from tracker.reminders.view import Item, News, View
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


def escalated_units(number: int, **values: object) -> View:
    """So many late units, each with what a superior may do about it."""
    names = ["กองช่าง", "กองการศึกษา ศาสนาและวัฒนธรรม", "สำนักปลัด", "กองสวัสดิการสังคม", "กองคลัง", "กองสาธารณสุข"][:number]
    stage = Stage("escalation", 2, "escalation:2")
    items = [
        item(
            10 * place + month, last_of_month(2023, month), stage, own=False, units=name, owed_by=(name,), reminded=7,
            step="ชี้แจงแผนและผลการใช้จ่ายงบประมาณ", last_word="แจ้งเมื่อ ๑ ก.ย.: “รอประชุมประจำเดือน”" if place == 1 else "",
        )
        for place, name in enumerate(names)
        for month in (5, 6, 7)
    ]  # fmt: skip
    owing = {
        name: OwingUnit(place + 1, f"https://tracker.example/seen/{place}", f"ผอ.{name}", "tel:0812345678")
        for place, name in enumerate(names)
    }
    return view(*items, owing=owing, **values)


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


def texts(bubble: dict[str, Any]) -> list[str]:
    """What a bubble shows, in its order."""
    return words_of({"type": "flex", "contents": bubble}).splitlines()


def filled(bubble: dict[str, Any]) -> list[str]:
    """The labels of the filled buttons."""
    found: list[str] = []

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            if part.get("backgroundColor") and "action" in part:
                found.append(part["action"]["label"])
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(bubble)
    return found


def test_forty_late_months_fit_one_screen() -> None:
    bubble = flex_of(view(*forty(), units="กองคลัง"), "key")
    shown = texts(bubble)
    assert shown[:2] == ["เลยกำหนด ๔๐ งาน", "กองคลัง"]
    assert shown.count("ต.ค. ถึง ก.ค. (๑๐ เดือน) · เลยมา ๓๐๙ วัน") == 3
    assert shown[-2:] == ["และอีก ๑ รายการ · ดูต่อ", "งานทั้งหมด"]
    assert filled(bubble) == ["ทำแล้ว"] * 3
    assert len(json.dumps(bubble, ensure_ascii=False).encode()) < 15_000


def test_what_is_left_follows_on_request() -> None:
    bubble = flex_of(view(*forty()), "key", skip=3)
    assert "header" not in bubble
    assert texts(bubble).count("ต.ค. ถึง ก.ค. (๑๐ เดือน) · เลยมา ๓๐๙ วัน") == 1
    assert texts(bubble)[-1] == "งานทั้งหมด"


def test_a_bubble_stays_below_lines_limit_whatever_the_plan_says() -> None:
    long = "ขั้นตอนยาวมาก" * 50
    many = [
        late(number, 2023, 8, step_id=number, step=f"{long} {number}", measure=number, units=long, note=long)
        for number in range(60)
    ]
    bubble = flex_of(view(*many, news=(News(long, "https://tracker.example/"),)), "key")
    assert len(json.dumps(bubble, ensure_ascii=False).encode()) <= 30_000
    assert "และอีก ๕๗ รายการ · ดูต่อ" in texts(bubble)
    assert len(alt_text_of(view(*many))) <= 400


def test_a_bubble_counts_the_news_that_it_leaves_out() -> None:
    news = tuple(News(f"ส่งข้อความไม่ได้ {number}", "https://tracker.example/") for number in range(30))
    assert "และอีก ๒๗ รายการ" in texts(flex_of(view(news=news), "key"))


def test_months_with_gaps_are_listed_and_two_are_joined() -> None:
    gaps = [late(month, 2023, month) for month in (1, 3, 6)]
    assert "ม.ค. มี.ค. มิ.ย. (๓ เดือน) · เลยมา ๒๑๗ วัน" in texts(flex_of(view(*gaps), "key"))
    two = [late(month, 2023, month) for month in (6, 7)]
    assert "มิ.ย. และ ก.ค. · เลยมา ๖๗ วัน" in texts(flex_of(view(*two), "key"))


def test_the_filled_answer_is_what_is_asked() -> None:
    march = date(2023, 3, 16)
    tick = item(1, date(2023, 3, 31), Stage("closing", 6, "closing:6"))
    note = item(2, date(2023, 9, 30), Stage("closing", 6, "closing:6", "note"), step_id=2, cadences=())
    bubble = flex_of(view(tick, note, day=march), "key")
    assert filled(bubble) == ["ยังไม่เสร็จ", "ทำแล้ว"]
    assert "ปิดรอบ ๖ เดือน ๓๑ มี.ค. · ถึงไหนแล้ว" in texts(bubble)
    labels = ["ทำแล้ว", "ยังไม่เสร็จ", "ทำไม่ได้"]
    assert [one for one in texts(bubble) if one in labels] == labels * 2


def test_a_merged_row_carries_every_occasion_and_only_own_tasks_have_answers() -> None:
    due = Stage("due", 0, "due")
    items = (
        item(1, DAY, due),
        item(2, DAY, due, step_id=2, own=False),
        late(3, 2023, 7, step_id=3),
        late(4, 2023, 8, step_id=3),
    )
    data = [one["data"] for one in buttons(flex_of(view(*items), "key")) if one.get("label") == "ทำแล้ว"]
    read = [read_button("key", one) for one in data]
    assert read == [Button("done", 3, value="3.4"), Button("done", 1)]


def test_the_unit_stands_first_and_is_never_cut() -> None:
    unit = "กองสาธารณสุขและสิ่งแวดล้อม"
    shown = texts(flex_of(view(late(1, 2023, 8, step="ชี้แจงแผนการใช้จ่ายงบประมาณ" * 9, units=unit)), "key"))
    assert shown[2] == unit
    assert shown[3].endswith("…")
    assert len(shown[3]) <= 70
    text = compose(view(late(1, 2023, 8, step="ชี้แจงแผนการใช้จ่ายงบประมาณ" * 9, units=unit))).text
    assert f"- {unit}: ชี้แจง" in text


def test_a_returned_task_asks_for_it_again() -> None:
    bubble = flex_of(view(late(1, 2023, 8, note="ขอภาพถ่าย")), "key")
    assert "ส่งกลับให้แก้: ขอภาพถ่าย" in texts(bubble)
    assert filled(bubble) == ["แก้แล้วส่งใหม่"]


def test_an_escalation_says_who_how_long_and_what_was_answered() -> None:
    escalated = Stage("escalation", 2, "escalation:2")

    def of(number: int, unit: str, month: int, **values: object) -> Item:
        due_on = last_of_month(2023, month)
        return item(number, due_on, escalated, units=unit, owed_by=(unit,), own=False, **values)

    items = (
        of(1, "กองช่าง", 7, reminded=7),
        of(2, "กองช่าง", 8, reminded=3),
        of(3, "กองช่าง", 8, step_id=2, reminded=1),
        of(4, "กองการศึกษา", 8, last_word="แจ้งเมื่อ ๑ ก.ย.: “รอประชุม”"),
    )
    owing = {
        "กองช่าง": OwingUnit(3, "https://tracker.example/seen/a", "ผอ.กองช่าง", "tel:0812345678"),
        "กองการศึกษา": OwingUnit(4, "https://tracker.example/seen/b", "ผอ.กองการศึกษา"),
    }
    bubble = flex_of(view(*items, owing=owing), "key")
    shown = texts(bubble)
    assert shown[:2] == ["๒ ส่วนราชการค้างเกินกำหนด", "อบต.เขาขาว"]
    assert shown[2:6] == [
        "กองช่าง",
        "ค้าง ๓๖ วัน",
        "รายงานผลต่อผู้บริหาร ก.ค. ส.ค. และอีก ๑ งาน",
        "ผอ.กองช่าง · เตือนแล้ว ๗ ครั้ง ยังไม่ตอบ",
    ]
    assert "แจ้งเมื่อ ๑ ก.ย.: “รอประชุม”" in shown
    assert "ทำแล้ว" not in shown
    uris = [one["uri"] for one in buttons(bubble) if one["type"] == "uri"]
    assert uris[:3] == ["tel:0812345678", "https://tracker.example/seen/a", "https://tracker.example/seen/b"]
    mail = compose(view(*items, owing=owing))
    assert "- กองช่าง ค้าง ๓๖ วัน" in mail.text
    assert "โทร: 0812345678" in mail.text
    assert mail.html.index("กองช่าง") < mail.html.index("กองการศึกษา")
    assert alt_text_of(view(*items)).startswith("๒ ส่วนราชการค้างเกินกำหนด · กองช่าง: ")


def test_a_joint_task_counts_for_each_of_its_units() -> None:
    escalated = Stage("escalation", 2, "escalation:2")
    joint = item(1, last_of_month(2023, 7), escalated, units="กองคลัง, กองช่าง", owed_by=("กองคลัง", "กองช่าง"), own=False)
    shown = texts(flex_of(view(joint), "key"))
    assert shown[0] == "๒ ส่วนราชการค้างเกินกำหนด"
    assert {"กองคลัง", "กองช่าง"} <= set(shown)


def test_a_unit_whose_head_is_on_leave_says_who_answers() -> None:
    escalated = Stage("escalation", 2, "escalation:2")
    one = item(1, last_of_month(2023, 7), escalated, units="สำนักปลัด", owed_by=("สำนักปลัด",), own=False, reminded=3)
    owing = {"สำนักปลัด": OwingUnit(1, "", "หัวหน้าสำนักปลัด", leave="หัวหน้าลาถึง ๑๘ ก.ย. รองหัวหน้ารับแทน")}
    assert "หัวหน้าลาถึง ๑๘ ก.ย. รองหัวหน้ารับแทน" in texts(flex_of(view(one, owing=owing), "key"))
    alone = {"สำนักปลัด": OwingUnit(1, "", "หัวหน้าสำนักปลัด", is_staffed=False)}
    assert "ยังไม่มีผู้รับผิดชอบในระบบ" in texts(flex_of(view(one, owing=alone), "key"))


def test_a_report_that_waits_for_the_signature_is_the_first_row() -> None:
    report = News("รายงานรอบ 6 เดือนรอท่านลงนาม", "https://tracker.example/seen/report")
    for items in ((), (late(1, 2023, 8),)):
        one = view(*items, to_sign=(report,), news=(News("ข่าวอื่น", "https://tracker.example/x"),))
        shown = texts(flex_of(one, "key"))
        assert shown[2:4] == ["รายงานรอบ ๖ เดือนรอท่านลงนาม", "เปิดอ่าน"]
        assert buttons(flex_of(one, "key"))[0] == {
            "type": "uri", "label": "เปิดอ่าน", "uri": "https://tracker.example/seen/report",
        }  # fmt: skip
        assert "รายงานรอบ ๖ เดือนรอท่านลงนาม" in alt_text_of(one)
        mail = compose(one)
        assert mail.subject.startswith("[รอลงนาม] รายงานรอบ ๖ เดือนรอท่านลงนาม")
        assert mail.text.index("รอท่านลงนาม\n  เปิดอ่าน: https") < mail.text.index("ข่าวอื่น")
        assert mail.html.index("เปิดอ่าน") < mail.html.index("ข่าวอื่น")


def test_every_address_of_a_signed_view_is_signed() -> None:
    """None leads to a page that asks for a password."""
    links = {
        "done_urls": {1: "https://tracker.example/done/one"},
        "read_urls": {2: "https://tracker.example/seen/two"},
        "list_url": "https://tracker.example/seen/all",
        "choices_url": "https://tracker.example/seen/choices",
    }
    other = item(2, None, Stage("due", 0, "due"), own=False, units="กองช่าง", step_id=2)
    one = view(late(1, 2023, 8), other, **links)
    shown = [one["uri"] for one in buttons(flex_of(one, "key")) if one["type"] == "uri"]
    words = compose(one)
    shown += re.findall(r"https://\S+", words.text) + re.findall(r'href="([^"]+)"', words.html)
    assert {re.sub(r"\?.*", "", uri) for uri in shown} == {
        *links["done_urls"].values(),
        *links["read_urls"].values(),
        links["list_url"],
        links["choices_url"],
    }


def test_the_lock_screen_names_the_worst() -> None:
    words = alt_text_of(view(*forty(), units="กองคลัง"))
    assert words.startswith("เลยกำหนด ๔๐ งาน · กองคลัง: ขั้นตอนที่มีชื่อยาวพอสมควร")
    assert words.endswith("(ต.ค. ถึง ก.ค. (๑๐ เดือน)) เลยมา ๓๐๙ วัน และอีก ๓ รายการ")


def buttons(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [found for part in value for found in buttons(part)]
    if not isinstance(value, dict):
        return []
    own = [value["action"]] if "action" in value else []
    return [*own, *(found for part in value.values() for found in buttons(part))]


def test_what_is_left_beside_a_report_to_sign_is_counted_as_units() -> None:
    report = News("รายงานรอบ 6 เดือนรอท่านลงนาม", "https://tracker.example/seen/report")
    assert "และอีก ๔ ส่วนราชการ" in texts(flex_of(escalated_units(6, to_sign=(report,)), "key"))
