"""an imported text belongs to the round that its document is of, not to every round"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

_PLAN = sa.table("plan", sa.column("id"), sa.column("source_name"))
_MEASURE = sa.table("measure", sa.column("id"), sa.column("plan_id"))
_TEXT = sa.table("column_text", *(sa.column(name) for name in ("id", "measure_id", "field", "round", "source")))
_VERSION = sa.table(
    "text_version", *(sa.column(name) for name in ("id", "measure_id", "field", "round", "source", "number"))
)
_SIX = re.compile(r"รอบ[\s_(-]*[6๖][\s_]*เดือน")
"""The cover was not kept; the name of the document often says the same."""


def upgrade() -> None:
    with op.batch_alter_table("column_text") as batch:
        batch.drop_constraint(op.f("uq_column_text_measure_id_field_round"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_column_text_measure_id_field_round_source"), ["measure_id", "field", "round", "source"]
        )
    with op.batch_alter_table("text_version") as batch:
        batch.drop_constraint(op.f("uq_text_version_measure_id_field_round_number"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_text_version_measure_id_field_round_source_number"),
            ["measure_id", "field", "round", "source", "number"],
        )
    connection = op.get_bind()
    plans = connection.execute(sa.select(_PLAN.c.id, _PLAN.c.source_name)).all()
    of_six_months = [plan.id for plan in plans if _SIX.search(plan.source_name or "")]
    for table in (_TEXT, _VERSION):
        measures = sa.select(_MEASURE.c.id).where(_MEASURE.c.plan_id.in_(of_six_months))
        connection.execute(sa.update(table).where(table.c.round == 0, table.c.measure_id.in_(measures)).values(round=6))
        connection.execute(sa.update(table).where(table.c.round == 0).values(round=12))


def downgrade() -> None:
    connection = op.get_bind()
    imported = sa.select(_TEXT).where(_TEXT.c.source == "imported").order_by(_TEXT.c.round.desc(), _TEXT.c.id)
    seen: set[tuple[int, str]] = set()
    for text in connection.execute(imported).all():
        this = _TEXT.c.id == text.id
        if (text.measure_id, text.field) in seen:
            connection.execute(sa.delete(_TEXT).where(this))
        else:
            connection.execute(sa.update(_TEXT).where(this).values(round=0))
        seen.add((text.measure_id, text.field))
    numbers: dict[tuple[int, str], int] = {}
    versions = sa.select(_VERSION).where(_VERSION.c.source == "imported").order_by(_VERSION.c.id)
    for version in connection.execute(versions).all():
        key = version.measure_id, version.field
        numbers[key] = numbers.get(key, 0) + 1
        values = {"round": 0, "number": numbers[key]}
        connection.execute(sa.update(_VERSION).where(_VERSION.c.id == version.id).values(values))
    with op.batch_alter_table("text_version") as batch:
        batch.drop_constraint(op.f("uq_text_version_measure_id_field_round_source_number"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_text_version_measure_id_field_round_number"), ["measure_id", "field", "round", "number"]
        )
    with op.batch_alter_table("column_text") as batch:
        batch.drop_constraint(op.f("uq_column_text_measure_id_field_round_source"), type_="unique")
        batch.create_unique_constraint(op.f("uq_column_text_measure_id_field_round"), ["measure_id", "field", "round"])
