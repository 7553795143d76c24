"""An update under way: what a worker of the version before reads and writes stands in the new schema, too.

Expand, then contract: a migration adds what older programs need not know; what nobody uses goes a version later, in a
migration that is named here.
"""

from dataclasses import dataclass
from itertools import pairwise

import pytest
from sqlalchemy import Inspector, inspect

from tests.conftest import ROOT
from tracker.store import migrate
from tracker.store.db import Database

CONTRACTS: frozenset[str] = frozenset()
"""Revisions that take away what the version before does not use any more."""
_REVISIONS = [file.name.split("_")[1] for file in sorted((ROOT / "migrations" / "versions").glob("*.py"))]
STEPS = list(pairwise(_REVISIONS))[-5:]


@dataclass(frozen=True)
class Column:
    type: str
    takes_null: bool
    fills_itself: bool


def columns(found: Inspector) -> dict[tuple[str, str], Column]:
    return {
        (table, column["name"]): Column(
            str(column["type"]),
            bool(column["nullable"]),
            bool(column["nullable"] or column.get("default") is not None or column.get("autoincrement") is True),
        )
        for table in found.get_table_names()
        for column in found.get_columns(table)
    }


def rules(found: Inspector) -> dict[tuple[str, str], frozenset[str]]:
    """What each table refuses: the columns of unique and foreign keys, and the texts of checks."""
    return {
        (table, f"{kind} {rule['name']}"): frozenset(rule.get("column_names") or rule.get("constrained_columns") or ())
        for table in found.get_table_names()
        for kind, every in (
            (
                "unique",
                [*found.get_unique_constraints(table), *(one for one in found.get_indexes(table) if one["unique"])],
            ),
            ("foreign", found.get_foreign_keys(table)),
            ("check", found.get_check_constraints(table)),
        )
        for rule in every
    }


@pytest.mark.parametrize(("start", "step"), [pair for pair in STEPS if pair[1] not in CONTRACTS])
def test_a_migration_takes_nothing_from_the_version_before(database: Database, start: str, step: str) -> None:
    migrate.downgrade(database, start)
    found = inspect(database.engine)
    before, refused = columns(found), rules(found)
    migrate.upgrade(database, step)
    found = inspect(database.engine)
    after, refuses = columns(found), rules(found)
    assert before.keys() <= after.keys()
    for name, column in before.items():
        assert after[name].type == column.type, name
        assert after[name].takes_null >= column.takes_null, name
    old_tables = {table for table, _ in before}
    for name in after.keys() - before.keys():
        assert after[name].fills_itself or name[0] not in old_tables, f"{name} must be filled by who does not know it"
    for (table, rule), of in refuses.items() - refused.items():
        knows = not of or all((table, column) in before for column in of)
        assert not (knows and table in old_tables), f"{table}: {rule} is new to who writes the table already"
