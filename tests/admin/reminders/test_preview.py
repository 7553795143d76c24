"""The preview: what a person would get now, exactly, with nothing sent or kept, for the coordinator alone."""

import re

from pydantic import SecretStr
from sqlalchemy import func, select

from admin.app import create_app
from tests.admin.conftest import NOON, Visitor
from tests.factories import World
from tracker.models import Delivery, Digest, MailboxMessage, Reminder, Task
from tracker.reminders.remind import remind
from tracker.settings import Settings
from tracker.store.db import Database

PAGE = "/reminders/preview"


def counts(database: Database) -> list[int]:
    with database.reading() as session:
        tables = (Delivery, Digest, Reminder, MailboxMessage)
        found = [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]
        return [*found, session.scalar(select(func.count(Task.next_stage_on.distinct()))) or 0]


def test_the_preview_is_what_is_sent(coordinator: Visitor, database: Database, settings: Settings, ours: World) -> None:
    before = counts(database)
    assert "ไม่มีการส่งและไม่มีการบันทึก" in coordinator.get(PAGE).text
    page = coordinator.get(f"{PAGE}?person={ours.members['head2']}").text
    body = coordinator.get(f"{PAGE}/{ours.members['head2']}/body")
    assert counts(database) == before
    assert "กล่องข้อความ" in page
    policy = body.headers["Content-Security-Policy"]
    assert "sandbox allow-top-navigation-by-user-activation" in policy
    assert re.search(r"style-src 'sha256-[^']+'", policy)
    remind(database, settings, NOON, agency_id=ours.agency_id)
    with database.reading() as session:
        sent = session.scalars(select(MailboxMessage).where(MailboxMessage.member_id == ours.members["head2"])).one()
    assert sent.subject in page
    assert body.text.replace('<base target="_top">', "") == sent.body_html


def test_whoever_has_nothing_or_todays_message_is_said_so(
    coordinator: Visitor, database: Database, ours: World
) -> None:
    with database.writing() as session:
        for task in session.scalars(select(Task).where(Task.agency_id == ours.agency_id)):
            task.state = "cancelled"
    assert "ขณะนี้ไม่มีเรื่องต้องแจ้ง" in coordinator.get(f"{PAGE}?person={ours.members['head1']}").text
    assert coordinator.get(f"{PAGE}/{ours.members['head1']}/body").status_code == 404
    with database.writing() as session:
        session.add(Digest(agency_id=ours.agency_id, member_id=ours.members["head1"], on=NOON.date(), created_at=NOON))
    assert "จัดทำไว้แล้ว" in coordinator.get(f"{PAGE}?person={ours.members['head1']}").text


def test_only_the_coordinator_and_only_the_own_agency(
    coordinator: Visitor, head: Visitor, ours: World, theirs: World
) -> None:
    for path in (PAGE, f"{PAGE}?person={ours.members['head3']}", f"{PAGE}/{ours.members['head3']}/body"):
        assert head.get(path).status_code == 403
    assert coordinator.get(f"{PAGE}?person={theirs.members['head2']}").status_code == 404
    assert coordinator.get(f"{PAGE}/{theirs.members['head2']}/body").status_code == 404


def test_the_preview_holds_no_done_link(settings: Settings, database: Database, ours: World) -> None:
    """A done link is the person's own; the coordinator has the pages."""
    by_mail = settings.model_copy(update={"smtp_url": SecretStr("smtp://127.0.0.1:9")})
    visitor = Visitor(create_app(by_mail, database).test_client())
    visitor.sign_in(ours.email("coordinator"))
    page = visitor.get(f"{PAGE}?person={ours.members['head2']}").text
    assert "ทาง อีเมล" in page
    assert "/tasks/" in visitor.get(f"{PAGE}/{ours.members['head2']}/body").text
    assert "/done/" not in page + visitor.get(f"{PAGE}/{ours.members['head2']}/body").text
