"""A channel that only the registry knows: swept, sent, examined, and taken away again."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import select, update

from tests.conftest import ROOT
from tests.office import Office, add_task, local, make_office, settings
from tests.smtp import running_smtp
from tests.toy_channel import registered
from tracker.channels.base import UNSURE
from tracker.models import Delivery, MailboxMessage, Member, Notice
from tracker.reminders.delivery import deliver
from tracker.reminders.remind import remind
from tracker.reminders.sweep import sweep
from tracker.services.upkeep.doctor import examine
from tracker.settings import Settings
from tracker.store import migrate
from tracker.store.db import Database

MORNING = local("2023-06-23 09:00")
LEASE = timedelta(minutes=6)


@pytest.fixture
def office(database: Database) -> Office:
    office = make_office(database)
    add_task(database, office, date(2023, 6, 30))
    return office


@pytest.fixture
def pager(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "pager"
    folder.mkdir(parents=True)
    return folder


def there(pager: Path, **more: object) -> Settings:
    return settings(data_dir=pager.parent, **more)


def rows(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        found = session.execute(select(Delivery.channel, Delivery.state).order_by(Delivery.channel))
        return [(channel, state) for channel, state in found]


def told(pager: Path) -> list[dict[str, Any]]:
    return [json.loads(file.read_text(encoding="utf-8")) for file in sorted(pager.glob("*.json"))]


def test_a_digest_goes_by_it(database: Database, office: Office, pager: Path) -> None:
    with registered():
        result = remind(database, there(pager), MORNING)
    assert (result["digests"][0]["channel"], result["sent"]) == ("pager", 1)
    [page] = told(pager)
    assert page["to"] == f"head1-{office.agency}@example.go.th"
    assert page["subject"] == "[ครบกำหนด ๓๐ มิ.ย. ๖๖] รายงานผลต่อผู้บริหาร"
    assert "http://tracker.example/tasks/" in page["text"]
    assert "/done/" not in page["text"]
    with database.reading() as session:
        row = session.scalars(select(Delivery)).one()
        assert (row.state, row.receipt, row.address, row.unanswered) == ("sent", "page 0", page["to"], 0)


def test_a_person_may_prefer_it(database: Database, office: Office, pager: Path) -> None:
    with database.writing() as session:
        session.execute(update(Member).where(Member.id == office.members["head1"]).values(channels=["pager"]))
    with running_smtp() as smtp, registered():
        assert remind(database, there(pager, smtp_url=smtp.url), MORNING)["sent"] == 1
        assert smtp.recipients == []
    assert len(told(pager)) == 1


@pytest.mark.usefixtures("office")
def test_a_number_that_it_refuses_is_told_another_way(database: Database, pager: Path) -> None:
    (pager / "refuse").touch()
    with registered():
        remind(database, there(pager), MORNING)
        deliver(database, there(pager), lambda: MORNING)
    assert rows(database) == [("mailbox", "sent"), ("pager", "given_up")]
    with database.reading() as session:
        words = session.scalars(select(Notice.text).where(Notice.kind == "undelivered")).one()
    assert "ทางเพจเจอร์ไม่ได้ จึงส่งทางกล่องข้อความแทน (ไม่มีหมายเลขนี้)" in words


@pytest.mark.usefixtures("office")
def test_it_is_handed_a_message_twice_at_most(database: Database, pager: Path) -> None:
    (pager / "cut").touch()
    with registered():
        for hour in range(4):
            remind(database, there(pager), MORNING + timedelta(hours=hour))
    assert len(told(pager)) == 2
    assert rows(database) == [("pager", "unknown")]
    with database.reading() as session:
        assert session.scalars(select(Delivery.error)).one() == UNSURE.th


@pytest.mark.parametrize(("unanswered", "state"), [(0, "given_up"), (1, "unknown")])
def test_what_it_leaves_behind_comes_to_an_end(
    database: Database, office: Office, pager: Path, unanswered: int, state: str
) -> None:
    with registered():
        sweep(database, there(pager), [office.agency], MORNING)
    dead = {"state": "claimed", "claimed_by": "a dead worker", "unanswered": unanswered}
    with database.writing() as session:
        session.execute(update(Delivery).values(**dead))
    deliver(database, there(pager), lambda: MORNING + LEASE)
    assert told(pager) == []
    assert ("pager", state) in rows(database)
    with database.reading() as session:
        assert session.scalars(select(Delivery).where(Delivery.claimed_by.is_not(None))).all() == []
        assert len(session.scalars(select(MailboxMessage)).all()) == (state == "given_up")
        assert session.scalars(select(Notice).where(Notice.kind == "undelivered")).one().text
        assert session.scalars(select(Delivery.error).where(Delivery.channel == "pager")).one()


def test_nothing_goes_by_it_once_it_is_gone(database: Database, office: Office, pager: Path) -> None:
    with database.writing() as session:
        session.execute(update(Member).where(Member.id == office.members["head1"]).values(channels=["pager"]))
    assert remind(database, there(pager), MORNING)["sent"] == 1
    assert rows(database) == [("mailbox", "sent")]


def test_the_doctor_examines_it(database: Database, pager: Path) -> None:
    told_settings = there(pager, database_url=database.engine.url.render_as_string(hide_password=False))
    with registered():
        found = {one.name: one for one in examine(told_settings, MORNING)}
        pager.rmdir()
        gone = {one.name: one for one in examine(told_settings, MORNING)}
    assert (found["pager"].state, gone["pager"].state) == ("ok", "off")
    assert "pager" not in {one.name for one in examine(told_settings, MORNING)}


def test_an_older_version_finds_its_messages_in_the_mailbox(database: Database, office: Office, pager: Path) -> None:
    with registered():
        sweep(database, there(pager), [office.agency], MORNING)
    before = ScriptDirectory(str(ROOT / "migrations")).get_revision("0062").down_revision
    migrate.downgrade(database, str(before))
    assert rows(database) == [("mailbox", "planned")]
    migrate.upgrade(database)
    assert rows(database) == [("mailbox", "planned")]
