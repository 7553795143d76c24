"""A database of each of the last three migrations, with rows in it, comes up to this version and opens."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from alembic.script import ScriptDirectory

from admin.app import create_app
from tests.admin.access.access_walk import plant
from tests.admin.conftest import NOON, Visitor
from tests.conftest import ROOT
from tests.factories import World, add_operator, build_world
from tests.postgres import fresh_database
from tracker.services import audit
from tracker.settings import Settings
from tracker.store import migrate
from tracker.store.db import Base, Database

PAGES = (
    "/overview/",
    "/tasks/",
    "/plan/?year=2566",
    "/plan/import/",
    "/people/",
    "/reports/",
    "/reports/2566/6/verify/",
)
Rows = dict[str, list[dict[str, Any]]]


def last_revisions(count: int) -> list[str]:
    """The revisions before this version's, the newest first."""
    walked = ScriptDirectory(str(ROOT / "migrations")).walk_revisions()
    return [script.revision for script in walked][1 : count + 1]


@pytest.fixture(scope="module")
def filled(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Rows, World, Path]:
    """The rows of two agencies that have used all there is, at this version's schema, and their DATA_DIR."""
    folder = tmp_path_factory.mktemp("filled")
    shutil.copy(migrated_sqlite, folder / "new.sqlite3")
    database = Database(f"sqlite:///{folder / 'new.sqlite3'}")
    with time_machine.travel(NOON, tick=False):
        with database.writing() as session:
            ours, theirs = build_world(session), build_world(session, "อบต.ข้างเคียง", "khang.example")
            add_operator(session)
        plant(database, Settings(_env_file=None, data_dir=folder / "data"), ours, theirs)
    rows = rows_of(database)
    database.dispose()
    return rows, ours, folder / "data"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'old.sqlite3'}")
        yield database
        database.dispose()
        return
    with fresh_database(request.getfixturevalue("postgres"), template="template0") as url:
        database = Database(url)
        yield database
        database.dispose()


def rows_of(database: Database) -> Rows:
    with database.reading() as session:
        return {
            table.name: [
                dict(row) for row in session.execute(sa.select(table).order_by(*table.primary_key.columns)).mappings()
            ]
            for table in Base.metadata.sorted_tables
        }


def fill(database: Database, rows: Rows) -> Rows:
    """Inserts what the old schema has room for; gives it."""
    inserted: Rows = {}
    inspector = sa.inspect(database.engine)
    known = set(inspector.get_table_names())
    with database.writing() as session:
        for table in Base.metadata.sorted_tables:
            if table.name not in known or not rows[table.name]:
                continue
            columns = {one["name"] for one in inspector.get_columns(table.name)} & set(table.columns.keys())
            old = sa.table(table.name, *(sa.column(name, table.columns[name].type) for name in sorted(columns)))
            inserted[table.name] = [{name: row[name] for name in columns} for row in rows[table.name]]
            session.execute(sa.insert(old), inserted[table.name])
            if not database.is_sqlite and isinstance(getattr(table.c.get("id"), "type", None), sa.Integer):
                sequence, last = sa.func.pg_get_serial_sequence(table.name, "id"), sa.func.max(old.c.id)
                session.execute(sa.select(sa.func.setval(sequence, last)))
    return inserted


@pytest.mark.parametrize("revision", last_revisions(3))
def test_an_old_database_comes_up_with_all_its_rows_and_opens(
    empty: Database, filled: tuple[Rows, World, Path], revision: str
) -> None:
    rows, world, data_dir = filled
    migrate.upgrade(empty, revision)
    assert migrate.current(empty) == revision
    old = fill(empty, rows)
    assert {"task", "event", "evidence", "report_version", "delivery"} <= {name for name in old if old[name]}

    migrate.upgrade(empty)

    assert migrate.is_current(empty)
    new = rows_of(empty)
    for name, before in old.items():
        assert [{column: row[column] for column in one} for one, row in zip(before, new[name], strict=True)] == before
    with empty.reading() as session:
        assert audit.verify(session, world.agency_id) == []
    with time_machine.travel(NOON, tick=False):
        settings = Settings(_env_file=None, data_dir=data_dir, secret_key="only for the tests of old databases")
        visitor = Visitor(create_app(settings, empty).test_client())
        assert visitor.sign_in(world.email("coordinator")).status_code == 302
        for page in PAGES:
            assert visitor.get(page).status_code == 200, page
