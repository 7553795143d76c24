"""The conversation as a state machine: in whatever order people speak and press, it saves only when told to."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.line_content import buttons_of
from tests.line_openapi import described_if_there
from tracker.channels.line.postback import Button, read_button
from tracker.line.cards import Cards
from tracker.line.dialogue import Dialogue
from tracker.line.draft import Draft, draft_from
from tracker.line.work import LastTime, Occasion, Work
from tracker.store.storage import NewEvidence
from tracker.thai.calendar import MONTHS_SHORT, last_of_month

KEY = "key"
TODAY = date(2027, 3, 16)
TEXTS = (
    "ติดประกาศที่บอร์ดหน้ากองช่าง",
    "ลงเว็บไซต์ วันที่ ๒๖ ก.พ.",
    "ยังไม่ได้ทำครับ",
    "กำลังทำ",
    "ขอบคุณครับ",
    "?",
    "ทำแล้ว",
    "วันนี้",
    "จำไม่ได้",
    "๓๑ ก.พ.",
    "๑๒ ม.ค. ๓ มี.ค.",
    "ม.ค. ถึง มี.ค.",
    "ยกเลิก",
    "เลิกทำ",
    "บันทึก",
    "ใช่",
    "ทำไม่ได้",
)


def work(months: int) -> Work:
    occasions = tuple(
        Occasion(
            month, MONTHS_SHORT[month - 1], (end := last_of_month(2027, month)), end.replace(day=1), end, "เลยมา ๑ วัน"
        )
        for month in range(1, months + 1)
    )
    last = LastTime("ธ.ค.", "ลงเว็บไซต์ประจำเดือนธันวาคม เมื่อ ๒๐ ธ.ค.", date(2026, 12, 31))
    return Work("ชี้แจงแผน", "กองช่าง", occasions, date(2026, 10, 1), TODAY, "https://tracker.example/tasks/1", last)


@settings(max_examples=150)
@given(
    st.integers(1, 4),
    st.sampled_from(["done", "progress", "cannot"]),
    st.lists(st.one_of(st.sampled_from(TEXTS), st.integers(0, 12), st.none()), max_size=12),
)
def test_any_order_of_words_presses_and_photos(months: int, mode: str, events: list[str | int | None]) -> None:
    """A text is typed, a number presses that button of the last answer, None sends a photo."""
    cards = Cards(work(months), KEY)
    dialogue = Dialogue(cards.work, cards)
    turn = dialogue.begin(Draft("words", mode, offered=tuple(range(1, months + 1))))  # type: ignore[arg-type]
    described = described_if_there("messaging-api.yml")
    shown = list(turn.say)
    for event in events:
        draft = turn.draft
        if draft is None:
            return
        assert draft_from(draft.as_json()) == draft
        saves = False
        if event is None:
            turn = dialogue.photo(draft, NewEvidence("1.jpg", "0" * 32, "image/jpeg", 1, "0" * 64), is_last=True)
        elif isinstance(event, str):
            saves = event == "บันทึก"
            turn = dialogue.say(draft, event)
        else:
            pressed = [one for message in shown for one in buttons_of(message).values() if one["type"] == "postback"]
            if not pressed:
                continue
            button = read_button(KEY, pressed[event % len(pressed)]["data"])
            assert button is not None
            saves = button.act == "save"
            turn = dialogue.press(draft, button)
        shown = list(turn.say) or shown
        if described is not None:
            assert [problem for one in turn.say for problem in described.problems("Message", one)] == []
        if turn.deed == "save":
            assert saves
            assert turn.draft is not None
            assert turn.draft.state == "receipt"
            assert turn.draft.mode != "done" or (turn.draft.words and not turn.draft.missing)
            return
        if turn.deed is not None:
            return


def test_a_receipt_of_before_is_not_saved() -> None:
    cards = Cards(work(1), KEY)
    dialogue = Dialogue(cards.work, cards)
    draft = Draft("receipt", offered=(1,), tasks=(1,), words="ประชุมกอง", days={"1": "2027-01-12"}, number=3)
    assert dialogue.press(draft, Button("save", 1, number=2)).deed is None
    assert dialogue.press(draft, Button("save", 1, number=3)).deed == "save"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("เมื่อวานค่ะ", "2027-03-15"),
        ("เมื่อวานตอนบ่ายครับ", "2027-03-15"),
        ("วันศุกร์ที่แล้ว", "2027-03-12"),
        ("วันที่ ๘ ที่ผ่านมา", "2027-03-08"),
        ("จำไม่ได้เลยครับ", "unknown"),
    ],
)
def test_a_day_may_be_told_as_people_speak(typed: str, day: str) -> None:
    cards = Cards(work(3), KEY)
    turn = Dialogue(cards.work, cards).say(Draft("day", offered=(3,), tasks=(3,), words="ประชุมกอง"), typed)
    assert turn.draft is not None
    assert (turn.draft.state, turn.draft.days) == ("receipt", {"3": day})


@pytest.mark.parametrize("months", [1, 3])
def test_who_denies_where_a_day_is_asked_has_named_none(months: int) -> None:
    """๑๐ มี.ค. beside ยังไม่ได้ทำ is no day on which it was done."""
    cards = Cards(work(3), KEY)
    tasks = (3,) if months == 1 else (1, 2, 3)
    draft = Draft("day", offered=tasks, tasks=tasks, words="ประชุมกอง")
    turn = Dialogue(cards.work, cards).say(draft, "๑๒ ม.ค. ทำ ๑๐ มี.ค. ยังไม่ได้ทำ" if months == 3 else "๑๐ มี.ค. ยังไม่ได้ทำ")
    assert turn.draft is not None
    assert (turn.draft.state, turn.draft.days) == ("asked", {})


def test_a_day_of_the_sentence_is_offered_once() -> None:
    cards = Cards(work(3), KEY)
    draft = Draft("words", offered=(3,), tasks=(3,))
    turn = Dialogue(cards.work, cards).say(draft, "ประชุมกองเมื่อวาน แจ้งนโยบายไม่รับของขวัญ")
    labels = [item["action"]["label"] for item in turn.say[-1]["quickReply"]["items"]]
    assert labels[:2] == ["๑๕ มี.ค. (ในข้อความ)", "วันนี้"]
    assert "เมื่อวาน" not in labels
