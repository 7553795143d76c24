"""The pages about reminders are sound in both languages, for whoever opens them, and show hostile words as words."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.admin.conftest import NOON, TODAY, Visitor
from tests.admin.web.test_pages import Reader
from tests.factories import World, task_of
from tracker.channels.email.done_link import DoneLinks
from tracker.models import Delivery, Digest, Member, Task
from tracker.settings import Settings, secret_key
from tracker.store.db import Database

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'


@pytest.fixture(autouse=True)
def _something_to_show(database: Database, ours: World) -> None:
    with database.writing() as session:
        member = session.get_one(Member, ours.members["head2"])
        member.name = f"สมชาย {HOSTILE}"
        member.email_failed = HOSTILE
        session.get_one(Member, ours.members["mayor"]).email = None
        task_of(session, ours, "กองคลัง", 3, date(2023, 3, 31)).title = HOSTILE
        digest = Digest(agency_id=ours.agency_id, member_id=ours.members["head3"], on=TODAY, created_at=NOON)
        session.add(digest)
        session.flush()
        for channel, state in (("email", "given_up"), ("line", "sent")):
            session.add(
                Delivery(
                    agency_id=ours.agency_id, digest_id=digest.id, channel=channel, state=state, error=HOSTILE,
                    subject=HOSTILE, created_at=NOON,
                )
            )  # fmt: skip


def pages(database: Database, settings: Settings, ours: World) -> list[str]:
    with database.reading() as session:
        task = session.scalars(select(Task.id).where(Task.title == HOSTILE)).one()
    token = DoneLinks(secret_key(settings)).token(ours.members["head2"], task, TODAY, ours.email("head2"))
    return [
        "/reminders/deliveries", f"/reminders/preview?person={ours.members['head2']}", "/account/reminders",
        "/calendar/", "/overview/", f"/tasks/{task}", f"/done/{token}", "/done/nothing",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["th", "en"])
def test_pages_are_sound(
    coordinator: Visitor, database: Database, settings: Settings, ours: World, language: str
) -> None:
    coordinator.post("/account/reading", {"language": language, "digits": "thai"})
    for page in pages(database, settings, ours):
        answer = coordinator.get(page)
        reader = Reader(answer.text)
        assert reader.problems == [], page
        assert reader.language == language
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
        assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_body_of_a_preview_runs_nothing(coordinator: Visitor, ours: World) -> None:
    body = coordinator.get(f"/reminders/preview/{ours.members['head2']}/body")
    assert "&lt;script&gt;alert(1)" in body.text
    assert "<script>alert" not in body.text
    assert "default-src 'none'" in body.headers["Content-Security-Policy"]
