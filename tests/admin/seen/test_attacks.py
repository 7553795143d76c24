"""An attacker with links: forged, of another kind, of another agency, of somebody who lost the right, sent again."""

import base64
import json
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, func, select

from admin.web.limits import limiter
from tests.admin.conftest import NOON, TODAY, Visitor
from tests.admin.seen.test_seen import Links
from tests.factories import World, task_of
from tracker.channels.email.done_link import DoneLinks
from tracker.channels.reading_link import ReadingLinks
from tracker.models import Completion, Event, Role, UnitPrompt
from tracker.settings import Settings, secret_key
from tracker.store.db import Database

FEBRUARY = date(2023, 2, 28)


@pytest.fixture(autouse=True)
def _counters_at_zero() -> Iterator[None]:
    yield
    limiter.reset()


@pytest.fixture
def links(settings: Settings, ours: World) -> Links:
    return Links(settings, ours)


def counted(database: Database) -> tuple[int, ...]:
    with database.reading() as session:
        tables = (Event, Completion, UnitPrompt)
        return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def test_a_link_of_one_kind_is_none_of_another(
    stranger: Visitor, database: Database, settings: Settings, ours: World, links: Links
) -> None:
    key = secret_key(settings)
    with database.reading() as session:
        task = task_of(session, ours, "กองคลัง", 3, FEBRUARY).id
    done = DoneLinks(key).token(ours.members["head2"], task, TODAY, ours.email("head2"))
    seen = links.page("head2", "task", task).removeprefix("/seen/")
    before = counted(database)
    assert stranger.get(f"/seen/{done}").status_code == 404
    assert "ลิงก์นี้ไม่สมบูรณ์" in stranger.get(f"/done/{seen}").text
    for action in ("remind", "unlink", "reminders"):
        assert stranger.post(f"/seen/{seen}/{action}").status_code == 404
    assert counted(database) == before


def test_facts_that_were_changed_or_signed_with_another_key_are_refused(
    stranger: Visitor, ours: World, links: Links
) -> None:
    token = links.page("head2").removeprefix("/seen/")
    payload, _, signature = token.rpartition(".")
    facts = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    for place, value in ((0, ours.members["clerk"]), (1, 3), (2, ours.units["กองช่าง"]), (3, facts[3] + 300)):
        forged = [*facts[:place], value, *facts[place + 1 :]]
        raw = base64.urlsafe_b64encode(json.dumps(forged, separators=(",", ":")).encode()).rstrip(b"=").decode()
        assert stranger.get(f"/seen/{raw}.{signature}").status_code == 404
    other = ReadingLinks("another installation's secret key").token(
        ours.members["head2"], "tasks", 0, TODAY, ours.email("head2")
    )
    assert stranger.get(f"/seen/{other}").status_code == 404


@pytest.mark.parametrize("token", ["x" * 5000, "%00", "..%2f..%2fetc", "ก", "a.b.c", ".", "'--"])
def test_nonsense_is_answered_with_a_sentence(stranger: Visitor, token: str) -> None:
    for path in (f"/seen/{token}", f"/seen/{token}/reminders"):
        assert stranger.get(path).status_code == 404


def test_the_right_is_what_the_person_may_now(stranger: Visitor, database: Database, ours: World, links: Links) -> None:
    """An executive who is none any more sees no unit and reminds nobody, whatever the old message holds."""
    unit = links.page("clerk", "unit", ours.units["กองช่าง"])
    assert stranger.get(unit).status_code == 200
    with database.writing() as session:
        session.execute(delete(Role).where(Role.member_id == ours.members["clerk"]))
    before = counted(database)
    assert stranger.get(unit).status_code == 404
    assert stranger.post(f"{unit}/remind").status_code == 404
    page = stranger.get(links.page("clerk"))
    assert (page.status_code, "กองช่าง" in page.text) == (200, False)
    assert counted(database) == before


def test_another_agencys_things_open_by_no_link_of_ours(
    stranger: Visitor, database: Database, settings: Settings, ours: World, theirs: World, links: Links
) -> None:
    with database.reading() as session:
        foreign = task_of(session, theirs, "กองคลัง", 3, FEBRUARY).id
    before = counted(database)
    for who in ("clerk", "coordinator", "head2"):
        assert stranger.get(links.page(who, "task", foreign)).status_code == 404
        assert stranger.get(links.page(who, "unit", theirs.units["กองคลัง"])).status_code == 404
        assert stranger.post(f"{links.page(who, 'unit', theirs.units['กองคลัง'])}/remind").status_code == 404
        assert stranger.get(links.page(who, "report", 1)).status_code == 404
        done = DoneLinks(secret_key(settings)).token(ours.members[who], foreign, TODAY, ours.email(who))
        assert "<form" not in stranger.get(f"/done/{done}").text.partition("</main>")[0].partition("<main")[2]
        sent = {"result": "x", "answer": "done", "unknown": "1"}
        assert stranger.post(f"/done/{done}", sent).status_code == 410
    assert counted(database) == before


def test_forms_that_are_sent_again_or_too_late_do_nothing(
    stranger: Visitor, database: Database, ours: World, links: Links
) -> None:
    unit = links.page("clerk", "unit", ours.units["กองช่าง"])
    stranger.get(unit)
    assert [stranger.post(f"{unit}/remind").status_code for _ in range(3)] == [200, 409, 409]
    after = counted(database)
    with time_machine.travel(NOON + timedelta(days=15), tick=False):
        assert stranger.post(f"{unit}/remind").status_code in (400, 410)
    assert counted(database) == after


def test_many_forms_from_one_address_are_slowed(app: Flask, links: Links, ours: World) -> None:
    visitor = Visitor(app.test_client())
    unit = links.page("clerk", "unit", ours.units["กองช่าง"])
    visitor.get(unit)
    answers = [visitor.post(f"{unit}/remind").status_code for _ in range(21)]
    assert answers[-1] == 429
