"""The coordinator's short name of a step: in messages, in all its units and occasions, and not in the plan."""

from datetime import date

from tests.admin.conftest import NOON, Visitor
from tests.factories import World, task_of
from tracker.models import MailboxMessage, Member, Task
from tracker.reminders.remind import remind
from tracker.settings import Settings
from tracker.store.db import Database


def test_messages_call_the_step_by_its_short_name(
    coordinator: Visitor, database: Database, ours: World, settings: Settings
) -> None:
    with database.reading() as session:
        task = task_of(session, ours, "กองคลัง", 3, date(2023, 1, 31))
        task_id, text = task.id, task.step.text
    page = coordinator.get(f"/tasks/{task_id}").text
    assert f'placeholder="{text}"' in page
    assert coordinator.post(f"/review/{task_id}/short-name", {"short_name": "ชี้แจงงบ"}).status_code == 302
    assert 'value="ชี้แจงงบ"' in coordinator.get(f"/tasks/{task_id}").text
    remind(database, settings, NOON, agency_id=ours.agency_id)
    with database.reading() as session:
        messages = session.query(MailboxMessage).join(Member, Member.id == MailboxMessage.member_id)
        bodies = [
            one.body_text for one in messages.where(Member.id.in_([ours.members["head2"], ours.members["head3"]]))
        ]
        assert len(bodies) == 2
        assert all("- ชี้แจงงบ" in body and text not in body for body in bodies)
        assert session.get_one(Task, task_id).title == text
    assert text in coordinator.get("/plan/").text


def test_a_long_name_is_refused_with_a_sentence(coordinator: Visitor, database: Database, ours: World) -> None:
    with database.reading() as session:
        task_id = task_of(session, ours, "กองคลัง", 3, date(2023, 1, 31)).id
    coordinator.get(f"/tasks/{task_id}")
    answer = coordinator.post(f"/review/{task_id}/short-name", {"short_name": "ก" * 60})
    assert answer.status_code == 422
    assert "ชื่อย่อยาวเกิน" in answer.text
    with database.reading() as session:
        assert session.get_one(Task, task_id).step.short_name is None
