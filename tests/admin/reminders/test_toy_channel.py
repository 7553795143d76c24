"""A channel that only the registry knows, on the pages: chosen, shown in the ledger, and taken away again."""

from sqlalchemy import update

from tests.admin.accounts.test_preferences import PAGE, PLAIN, member
from tests.admin.conftest import NOON, Visitor
from tests.admin.reminders.test_deliveries import add_delivery
from tests.factories import World
from tests.toy_channel import registered
from tracker.models import Member
from tracker.store.db import Database


def test_a_person_chooses_it(head: Visitor, database: Database, ours: World) -> None:
    with registered():
        page = head.get(PAGE).text
        assert "เพจเจอร์ก่อน" in page
        assert "LINE อีเมล เพจเจอร์" in page.replace(",", "")
        assert "ยังไม่มีเพจเจอร์" in page
        assert "บันทึกแล้ว" in head.post(PAGE, {**PLAIN, "channels": "pager"}, follow=True).text
        assert member(database, ours).channels == ["pager"]
        assert 'checked id="channels-2"' in head.get(PAGE).text
        head.post(PAGE, {**PLAIN, "channels": "both"})
        assert member(database, ours).channels == ["line", "email", "pager"]


def test_once_it_is_gone_it_is_neither_offered_nor_taken(head: Visitor, database: Database, ours: World) -> None:
    with database.writing() as session:
        session.execute(update(Member).where(Member.id == ours.members["head2"]).values(channels=["email", "pager"]))
    page = head.get(PAGE).text
    assert "เพจเจอร์" not in page
    assert 'checked id="channels-1"' in page
    assert head.post(PAGE, {**PLAIN, "channels": "pager"}).status_code == 422


def test_the_ledger_names_it(coordinator: Visitor, database: Database, ours: World) -> None:
    add_delivery(database, ours, channel="pager", state="sent", sent_at=NOON)
    with registered():
        assert "เพจเจอร์" in coordinator.get("/reminders/deliveries").text
    left = coordinator.get("/reminders/deliveries")
    assert left.status_code == 200
    assert "pager" in left.text
