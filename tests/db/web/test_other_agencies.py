"""No statement of a page or a job reads more because other agencies are there: each is explained on PostgreSQL.

A hundred agencies with statistics; then three hundred more without new ones, as after a busy day. Not here are the few
statements that ask of the whole installation by what they are for: which agencies are due, whose heads are told of the
plan, the public lists.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import Connection, event, text
from sqlalchemy.engine import make_url

from admin.app import create_app
from tests.admin.conftest import Visitor
from tests.crowd import copy_agency
from tests.factories import TEST, World, build_world, publish_report, task_of
from tests.postgres import fresh_database
from tracker.models import Agency
from tracker.reminders import delivery, plan_announcements
from tracker.reminders import sweep as sweeping
from tracker.reminders.remind import remind
from tracker.services import job_state
from tracker.services.reports import report_files
from tracker.services.tasks import progress
from tracker.services.upkeep import cleanup
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.store.storage import EvidenceStore

FEW, MANY = 100, 400
NOON = datetime(2023, 4, 5, 5, tzinfo=UTC)
GROWS = 2
ALLOWED = 200
"""Rows and pages by which a statement may differ: the levels of an index, a page more or less."""
HEADS_PAGES = (
    "/",
    "/tasks/",
    "/tasks/1",
    "/evidence/1",
    "/search/?q=คู่มือ",
    "/search/?q=มีนาคม",
    "/plan/",
    "/account/",
    "/mailbox/",
)
PAGES = (
    *HEADS_PAGES, "/overview/", "/executive/", "/all-tasks/", "/review/", "/reminders/", "/reminders/deliveries",
    "/reports/", "/reports/2566/6/edit/", "/reports/2566/12/close/", "/people/", "/people/divisions/",
    "/people/invitations/", "/reminders/first/", "/admin/", "/admin/unit/", "/admin/role/", "/admin/task_records/",
    "/admin/events/", "/admin/member/", "/search/?q=หัวหน้า",
)  # fmt: skip
STRANGERS_PAGES = ("/public/tua/", "/public/tua/2566/6", "/healthz", "/public/check?sha256=" + "0" * 64)


@dataclass
class Explained:
    """The most that one run of each statement read, by the page or job and the statement's words."""

    reads: dict[tuple[str, str], int] = field(default_factory=dict)
    where: str = ""

    def note(self, statement: str, plan: dict[str, Any]) -> None:
        key = self.where, re.sub(r"\s+", " ", re.sub(r"%\(\w+\)s(::\w+)?(, )?", "?", statement))
        self.reads[key] = max(self.reads.get(key, 0), _read(plan))


def _read(plan: dict[str, Any]) -> int:
    """The rows that the leaves looked at, and the pages that the whole touched."""
    return _rows(plan) + plan.get("Shared Hit Blocks", 0) + plan.get("Shared Read Blocks", 0)


def _rows(plan: dict[str, Any]) -> int:
    looked_at = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    below = plan.get("Plans", [])
    own = sum(plan.get(name, 0) for name in looked_at) * plan.get("Actual Loops", 1) if not below else 0
    return int(own + sum(_rows(one) for one in below))


@contextmanager
def explained(database: Database) -> Iterator[Explained]:
    """Every statement is first explained as it runs, and taken back."""
    found = Explained()

    def explain(connection: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        verb = statement.lstrip().split(None, 1)[0].upper()
        if verb not in ("SELECT", "UPDATE", "DELETE", "WITH", "INSERT"):
            return
        with connection.connection.cursor() as aside:
            aside.execute("SAVEPOINT explained")
            once = parameters[0] if isinstance(parameters, list) else parameters
            aside.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + statement, once)
            plan = aside.fetchone()[0][0]["Plan"]
            aside.execute("ROLLBACK TO SAVEPOINT explained")
        found.note(statement, plan)

    event.listen(database.engine, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        event.remove(database.engine, "before_cursor_execute", explain)


def _fill(database: Database, settings: Settings) -> World:
    """An agency in the middle of its year: ticks with evidence, notes, reminders, a published report; and its like."""
    store = EvidenceStore(settings.data_dir / "evidence", 2**20)
    worlds = []
    with database.writing() as session:
        for name, domain in (("อบต.ตัวอย่าง", "tua.example"), ("อบต.ข้างเคียง", "khang.example")):
            worlds.append(world := build_world(session, name, domain))
            session.get_one(Agency, world.agency_id).reminders_from = date(2022, 10, 1)
            for month in (10, 11, 12):
                due = date(2022, month, 31 if month != 11 else 30)
                task = task_of(session, world, "กองคลัง", 3, due)
                kept = store.keep(b"%PDF-1.4 " + domain.encode(), "คู่มือ.pdf")
                at = datetime(2022, month, 28, 3, tzinfo=UTC)
                progress.tick_off(
                    session,
                    task,
                    result="ชี้แจงคู่มือแล้ว",
                    done_on=due - timedelta(3),
                    today=due,
                    evidence=[kept],
                    by=TEST,
                    at=at,
                )
    for on in (date(2023, 3, 1), date(2023, 4, 4)):
        remind(database, settings, datetime(on.year, on.month, on.day, 3, tzinfo=UTC))
    with time_machine.travel(NOON, tick=False):
        publish_report(database, store, worlds[0], "tua", NOON)
        publish_report(database, store, worlds[1], "khang", NOON)
    return worlds[0]


_AS_IF_LARGE = "-cenable_seqscan=off -cenable_mergejoin=off -cenable_hashjoin=off -crandom_page_cost=1.1"
"""Going through a whole table is right while it is small: here only where there is no other way."""


@pytest.fixture(scope="module")
def installation(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Settings, World]]:
    folder = tmp_path_factory.mktemp("many")
    settings = Settings(_env_file=None, data_dir=folder, secret_key="only for the tests", base_url="http://a.example")
    with fresh_database(postgres) as url:
        as_if_large = make_url(url).update_query_dict({"options": _AS_IF_LARGE})
        database = Database(as_if_large.render_as_string(hide_password=False))
        world = _fill(database, settings)
        yield database, settings, world
        database.dispose()


def _jobs(database: Database, settings: Settings, world: World) -> dict[str, Callable[[], object]]:
    at, ours = NOON, [world.agency_id]
    store = EvidenceStore(settings.data_dir / "evidence", 2**20)

    def reading(job: Callable[..., object], *given: object) -> Callable[[], object]:
        def run() -> None:
            with database.session(writing=True) as session:
                job(session, *given)

        return run

    return {
        "sweep": lambda: sweeping.sweep(database, settings, ours, at, ignore_hours=True),
        "deliver": lambda: delivery.deliver(database, settings, lambda: at, agency_ids=ours),
        "dry run": lambda: remind(database, settings, at + timedelta(1), dry_run=True, agency_id=world.agency_id),
        "report files": reading(report_files.waiting, at),
        "forget drafts": reading(report_files.forget_drafts, store, at),
        "forget job state": reading(job_state.forget_expired, at),
        "unsaved files": reading(cleanup.forget_unsaved_files, store, at),
        "announce": reading(plan_announcements.announce, ours, world.fiscal_year, at),
    }


def _read_all(installation: tuple[Database, Settings, World]) -> dict[tuple[str, str], int]:
    database, settings, world = installation
    app = create_app(settings, database)
    app.testing = True
    with time_machine.travel(NOON, tick=False), explained(database) as found:
        for who, pages in (("head2", HEADS_PAGES), ("coordinator", PAGES), ("clerk", PAGES), (None, STRANGERS_PAGES)):
            visitor = Visitor(app.test_client())
            if who:
                visitor.sign_in(world.email(who))
            for page in pages:
                found.where = f"{who} {page}"
                assert visitor.get(page, follow=True).status_code < 500
        for name, job in _jobs(database, settings, world).items():
            found.where = name
            job()
    return found.reads


def test_other_agencies_cost_nothing(installation: tuple[Database, Settings, World]) -> None:
    database, _settings, world = installation
    with database.writing() as session:
        copy_agency(session.connection(), world.agency_id + 1, range(1, FEW))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    few = _read_all(installation)
    with database.writing() as session:
        copy_agency(session.connection(), world.agency_id + 1, range(FEW, MANY))
    many = _read_all(installation)
    grown = {key: (few[key], read) for key, read in many.items() if key in few and read > few[key] * GROWS + ALLOWED}
    assert grown == {}
    assert len(many.keys() & few.keys()) > 300, "the statements of the pages are no longer read"
