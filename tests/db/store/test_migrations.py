"""Migrations go up and down on both databases, and leave what the models say."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from tracker.store import migrate
from tracker.store.db import Base, Database


def test_the_schema_is_what_the_models_say(database: Database) -> None:
    assert migrate.is_current(database)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_down_and_up_again(database: Database) -> None:
    migrate.downgrade(database, "base")
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    migrate.upgrade(database)
    assert migrate.is_current(database)


def test_the_database_refuses_to_change_an_event(database: Database) -> None:
    with database.writing() as session:
        session.execute(
            text(
                "INSERT INTO agency (name, place, send_from, send_until, review, thai_digits, escalate_after) "
                "VALUES ('a', '', '08:30', '16:30', false, true, '[3, 7, 30]')"
            )
        )
        session.execute(
            text(
                "INSERT INTO event (agency_id, sequence, at, kind, actor, channel, details, previous_hash, hash) "
                "SELECT id, 1, '2023-01-01 00:00:00', 'x', 'x', 'cli', '{}', '', 'x' FROM agency"
            )
        )
    for change in ("UPDATE event SET actor = 'y'", "DELETE FROM event"):
        with pytest.raises(DatabaseError, match="append-only"), database.writing() as session:
            session.execute(text(change))
