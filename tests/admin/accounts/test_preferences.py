"""One's own reminders, leave, and silence about one task: who may, and what is refused."""

from datetime import date, time

import pytest
from sqlalchemy import select, update

from tests.admin.conftest import Visitor
from tests.factories import World, task_of
from tracker.channels.registry import going_out
from tracker.models import Agency, Event, Member, Role, Task
from tracker.services.audit import verify
from tracker.store.db import Database

MARCH = date(2023, 3, 31)
PAGE = "/account/reminders"
PLAIN = {"channels": "", "send_from": "", "send_until": "", "away_from": "", "away_until": ""}


def member(database: Database, world: World, who: str = "head2") -> Member:
    with database.reading() as session:
        return session.get_one(Member, world.members[who])


@pytest.fixture
def task_id(database: Database, ours: World) -> int:
    with database.writing() as session:
        task = task_of(session, ours, "กองคลัง", 3, MARCH)
        task.next_stage_on = date(2023, 5, 1)
        return task.id


def stored(database: Database, task_id: int) -> Task:
    with database.reading() as session:
        return session.get_one(Task, task_id)


def test_a_person_chooses(head: Visitor, database: Database, ours: World, task_id: int) -> None:
    page = head.get(PAGE).text
    for words in ("ปิดไม่ได้", "๐๘.๓๐ น.", "เฉพาะเรื่องเร่งด่วน"):
        assert words in page
    wanted = {
        "channels": "both", "urgent_only": "y", "send_from": "13:00", "send_until": "15:30",
        "away_from": "3/4/2566", "away_until": "๗ เม.ย. ๖๖",
    }  # fmt: skip
    assert "บันทึกแล้ว" in head.post(PAGE, wanted, follow=True).text
    found = member(database, ours)
    assert (found.channels, found.urgent_only) == ([channel.name for channel in going_out()], True)
    assert (found.send_from, found.send_until) == (time(13), time(15, 30))
    assert (found.away_from, found.away_until) == (date(2023, 4, 3), date(2023, 4, 7))
    assert stored(database, task_id).next_stage_on == date.min
    again = head.get(PAGE).text
    assert '<option selected value="13:00">' in again
    assert "๗ เมษายน ๒๕๖๖" in again
    with database.reading() as session:
        event = session.scalars(select(Event).where(Event.kind == "preferences_changed")).one()
        assert event.details["hours"] == ["13:00", "15:30"]
        assert verify(session, ours.agency_id) == []
    head.post(PAGE, PLAIN)
    assert member(database, ours).channels == []
    assert member(database, ours).away_from is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"send_from": "15:00", "send_until": "09:00"},
        {"send_from": "03:00"},
        {"send_from": "'; --"},
        {"channels": "pigeon"},
        {"away_from": "5/4/2566", "away_until": "1/4/2566"},
        {"away_until": "1/4/2566"},
        {"away_from": "31 มิถุนายน 2566"},
    ],
)
def test_nonsense_is_refused(head: Visitor, database: Database, ours: World, wrong: dict[str, object]) -> None:
    head.get(PAGE)
    assert head.post(PAGE, {**PLAIN, **wrong}).status_code == 422
    found = member(database, ours)
    assert (found.channels, found.send_from, found.away_from) == ([], None, None)


def test_what_the_agency_forbids_is_neither_offered_nor_taken(head: Visitor, database: Database, ours: World) -> None:
    with database.writing() as session:
        session.execute(update(Agency).values(upcoming_required=True, messages_required=True))
    page = head.get(PAGE).text
    assert 'name="urgent_only"' not in page
    assert 'value="mailbox"' not in page
    assert head.post(PAGE, {**PLAIN, "urgent_only": "y"}).status_code == 422
    assert head.post(PAGE, {**PLAIN, "channels": "mailbox"}).status_code == 422
    assert not member(database, ours).urgent_only


def test_the_agency_sets_it_on_its_page(coordinator: Visitor, database: Database, ours: World) -> None:
    address = f"/admin/settings/edit/?id={ours.agency_id}"
    assert "ห้ามปิดการแจ้งเตือนล่วงหน้า" in coordinator.get(address).text
    sent = {
        "name": "อบต.ตัวอย่าง", "place": "x", "send_from": "08:30", "send_until": "16:30",
        "escalate_after": "3, 7, 30", "upcoming_required": "y",
    }  # fmt: skip
    coordinator.post(address, sent)
    with database.reading() as session:
        agency = session.get_one(Agency, ours.agency_id)
        assert (agency.upcoming_required, agency.messages_required) == (True, False)


def test_an_operator_without_an_agency_has_no_reminders(stranger: Visitor) -> None:
    assert stranger.get(PAGE).status_code == 302
    stranger.sign_in("operator@host.example")
    assert stranger.get(PAGE).status_code == 403


def test_a_head_snoozes_a_task_and_wakes_it(head: Visitor, database: Database, task_id: int) -> None:
    assert "พักการแจ้งผู้บังคับบัญชา" not in head.get(f"/tasks/{task_id}").text
    page = head.post(f"/pause/{task_id}/snooze", {"until": "10 เม.ย. 66"}, follow=True).text
    assert "พักการแจ้งเตือนงานนี้จนถึง ๑๐ เมษายน ๒๕๖๖" in page
    task = stored(database, task_id)
    assert (task.snoozed_until, task.next_stage_on) == (date(2023, 4, 10), date.min)
    head.post(f"/pause/{task_id}/snooze", {"until": "", "wake": "1"})
    assert stored(database, task_id).snoozed_until is None
    with database.reading() as session:
        events = session.scalars(select(Event).where(Event.kind == "snoozed").order_by(Event.sequence)).all()
        assert [event.details["until"] for event in events] == ["2023-04-10", None]


@pytest.mark.parametrize("until", ["", "x", "29/3/2566", "1/1/2566", "30/4/2566", "31/12/9999"])
def test_a_snooze_is_short_and_ahead(head: Visitor, database: Database, task_id: int, until: str) -> None:
    head.get(f"/tasks/{task_id}")
    page = head.post(f"/pause/{task_id}/snooze", {"until": until}, follow=True).text
    assert 'class="notice bad"' in page
    assert stored(database, task_id).snoozed_until is None


def test_the_coordinator_holds_an_escalation(
    coordinator: Visitor, head: Visitor, database: Database, task_id: int
) -> None:
    head.get(f"/tasks/{task_id}")
    assert head.post(f"/pause/{task_id}/escalation", {"hold": "1"}).status_code == 403
    assert not stored(database, task_id).escalation_held
    coordinator.get(f"/tasks/{task_id}")
    assert "แจ้งผู้บังคับบัญชาตามปกติ" in coordinator.post(f"/pause/{task_id}/escalation", {"hold": "1"}, follow=True).text
    assert stored(database, task_id).escalation_held
    coordinator.post(f"/pause/{task_id}/escalation", {})
    assert not stored(database, task_id).escalation_held


def test_staff_other_units_other_agencies_and_closed_tasks_are_refused(
    head: Visitor, coordinator: Visitor, database: Database, ours: World, theirs: World, task_id: int
) -> None:
    with database.writing() as session:
        other = task_of(session, ours, "กองช่าง", 3, MARCH).id
        foreign = task_of(session, theirs, "กองคลัง", 3, MARCH).id
        session.execute(update(Role).where(Role.member_id == ours.members["head2"]).values(role="staff"))
    head.get("/account/")
    sent = {"until": "10/4/2566"}
    assert head.post(f"/pause/{task_id}/snooze", sent).status_code == 403
    assert head.post(f"/pause/{other}/snooze", sent).status_code == 404
    assert "/snooze" not in head.get(f"/tasks/{task_id}").text
    coordinator.get("/account/")
    assert coordinator.post(f"/pause/{foreign}/snooze", sent).status_code == 404
    assert coordinator.post(f"/pause/{foreign}/escalation", {"hold": "1"}).status_code == 404
    with database.writing() as session:
        session.get_one(Task, task_id).state = "done"
    assert coordinator.post(f"/pause/{task_id}/snooze", sent).status_code == 409
    assert coordinator.client.post(f"/pause/{other}/snooze", data=sent).status_code == 400
    assert {stored(database, one).snoozed_until for one in (task_id, other, foreign)} == {None}
