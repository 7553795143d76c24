"""Migrations go up and down on both databases, and leave what the models say."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from tracker.errors import ConflictError
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


def test_an_older_program_refuses_a_newer_database_in_a_sentence(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for use in (migrate.ensure, migrate.upgrade):
        with pytest.raises(ConflictError, match="9999, which a later version of the tracker made") as caught:
            use(database)
        assert "ระบบรุ่นใหม่กว่า" in caught.value.sentence_th


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


def test_agencies_of_before_are_listed_in_the_dictionarys_order(database: Database) -> None:
    migrate.downgrade(database, "0077")
    columns = "name, place, send_from, send_until, review, thai_digits, escalate_after"
    with database.writing() as session:
        for name in ("เกาะ", "กาหลง", "แก่ง"):
            values = "'', '08:30', '16:30', false, true, '[3, 7, 30]'"
            row = text(f"INSERT INTO agency ({columns}) VALUES (:name, {values})")  # noqa: S608
            session.execute(row, {"name": name})
    migrate.upgrade(database)
    with database.reading() as session:
        names = session.scalars(text("SELECT name FROM agency ORDER BY name_order")).all()
        assert names == ["กาหลง", "เกาะ", "แก่ง"]


def test_a_text_imported_for_every_round_comes_to_the_round_of_its_document(database: Database) -> None:
    migrate.downgrade(database, "0062")
    with database.writing() as session:
        session.execute(
            text(
                "INSERT INTO agency (name, place, send_from, send_until, review, thai_digits, escalate_after) "
                "VALUES ('a', '', '08:30', '16:30', false, true, '[3, 7, 30]')"
            )
        )
        for year, name in ((2565, "รายงาน รอบ_6_เดือน.docx"), (2566, "รายงาน.docx")):
            session.execute(
                text(
                    "INSERT INTO plan (agency_id, fiscal_year, source_name, warnings) "
                    "SELECT id, :year, :name, '[]' FROM agency"
                ),
                {"year": year, "name": name},
            )
        for line in (
            "INSERT INTO period (agency_id, text, fiscal_year, cadences, checkpoints, warnings) "
            "SELECT id, '', 2566, '[]', '[]', '[]' FROM agency",
            "INSERT INTO measure (agency_id, plan_id, position, number, title, details, responsible_text, parties, "
            "mode, period_id, retired) SELECT p.agency_id, p.id, 1, 1, 'm', '[]', '', '[]', 'each', q.id, false "
            "FROM plan p, period q",
            "INSERT INTO column_text (agency_id, measure_id, field, round, source, paragraphs, edited_by, edited_at) "
            "SELECT agency_id, id, 'summary', 0, 'imported', '[]', '', '2023-01-01 00:00:00' FROM measure",
            "INSERT INTO column_text (agency_id, measure_id, field, round, source, paragraphs, edited_by, edited_at) "
            "SELECT agency_id, id, 'summary', 12, 'coordinator', '[]', '', '2023-01-01 00:00:00' FROM measure",
            "INSERT INTO text_version (agency_id, measure_id, field, round, number, source, paragraphs, task_ids, "
            "edited_by, edited_at) SELECT agency_id, measure_id, field, round, 1, source, '[]', '[]', '', edited_at "
            "FROM column_text",
        ):
            session.execute(text(line))
    migrate.upgrade(database)
    wanted = [(2565, 6, "imported"), (2565, 12, "coordinator"), (2566, 12, "coordinator"), (2566, 12, "imported")]
    for table in ("column_text", "text_version"):
        with database.reading() as session:
            rows = session.execute(
                text(
                    f"SELECT p.fiscal_year, t.round, t.source FROM {table} t JOIN measure m ON m.id = t.measure_id "  # noqa: S608
                    "JOIN plan p ON p.id = m.plan_id ORDER BY 1, 2, 3"
                )
            ).all()
        assert [tuple(row) for row in rows] == wanted
    migrate.downgrade(database, "0062")
    with database.reading() as session:
        assert sorted(session.scalars(text("SELECT round FROM column_text"))) == [0, 0, 12, 12]
    migrate.upgrade(database)
