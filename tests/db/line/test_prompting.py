"""เตือนอีกครั้ง in the chat: shown, confirmed, planned once a day; forged and foreign presses do nothing."""

from datetime import date

import pytest

from tests.db.line.installation import HEAD, KEY, OTHER, Line
from tests.office import Office, add_task, make_office
from tracker.channels.line.postback import Button, button_data
from tracker.models import Delivery, Digest, UnitPrompt


@pytest.fixture
def palat(line: Line, office: Office) -> Line:
    """The ปลัด is linked as HEAD; กองคลัง owes something for long."""
    line.link(HEAD, office.members["palat"])
    for due in (date(2023, 4, 30), date(2023, 5, 31)):
        add_task(line.database, office, due)
    return line


def data(unit: int, act: str = "remind") -> str:
    return button_data(KEY, Button(act, value=f"{unit}"))


def test_it_is_shown_and_sent_when_the_superior_says_yes(palat: Line, office: Office) -> None:
    [card] = palat.post(HEAD, data(office.units["กองคลัง"]))
    assert card.split("\n")[:3] == [
        "เตือนกองคลังในนามท่าน",
        "ผอ.กองคลัง ทางกล่องข้อความ จะได้รับ",
        "ปลัดฝากเตือน: กองคลังค้าง ๒ งาน นานสุด ๕๔ วัน พร้อมปุ่มตอบของแต่ละงาน",
    ]
    assert palat.rows(UnitPrompt) == []
    assert palat.tap(HEAD, "ส่งเตือน") == [
        "จะส่งถึง ผอ.กองคลัง ทางกล่องข้อความ ค่ะ เตือนกองคลังได้อีกครั้งพรุ่งนี้ คำตอบของกองคลังดูได้ที่ปุ่ม “ดูงาน”"
    ]
    assert len(palat.rows(Delivery)) == 1
    assert palat.post(HEAD, data(office.units["กองคลัง"], "remindnow")) == ["วันนี้ฝากเตือนกองคลังไปแล้ว เตือนได้อีกครั้งพรุ่งนี้"]
    assert palat.post(HEAD, data(office.units["กองคลัง"])) == ["วันนี้ฝากเตือนกองคลังไปแล้ว เตือนได้อีกครั้งพรุ่งนี้"]
    assert len(palat.rows(Delivery)) == 1


def test_cancelled_it_sends_nothing(palat: Line, office: Office) -> None:
    palat.post(HEAD, data(office.units["กองคลัง"]))
    assert palat.button(HEAD, "ยกเลิก")["text"] == "ยกเลิก"
    palat.write(HEAD, "ยกเลิก")
    assert palat.rows(UnitPrompt) == []


def test_a_foreign_unit_a_head_and_a_forgery_remind_nobody(palat: Line, office: Office) -> None:
    second = make_office(palat.database, "อบต.ข้างเคียง")
    add_task(palat.database, second, date(2023, 4, 30))
    assert "ไม่อยู่ในความรับผิดชอบ" in palat.post(HEAD, data(second.units["กองคลัง"]))[0]
    palat.link(OTHER, office.members["head1"])
    assert palat.post(OTHER, data(office.units["กองคลัง"], "remindnow")) == ["เฉพาะผู้บังคับบัญชาเท่านั้นที่เตือนหน่วยงานได้"]
    colleague = f"U{3:032x}"
    palat.link(colleague, office.members["head2"])
    assert "ไม่พบหน่วยงาน" in palat.post(colleague, data(office.units["กองคลัง"], "remindnow"))[0]
    assert palat.post(HEAD, data(office.units["กองคลัง"])[:-1] + "x") == []
    assert "ไม่อยู่ในความรับผิดชอบ" in palat.post(HEAD, data(9_999))[0]
    assert palat.rows(UnitPrompt) == []
    assert palat.rows(Digest) == []
