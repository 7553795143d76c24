"""known words, assessment rules, memo fields, budgets of measures"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0005"
branch_labels = None
depends_on = None


def _agency(**options: object) -> sa.Column[int]:
    return sa.Column("agency_id", sa.Integer(), nullable=False, **options)


def _of_agency(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_agency_id_agency"
    return sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "known_word",
        sa.Column("id", sa.Integer(), nullable=False),
        _agency(),
        sa.Column("word", sa.String(length=100), nullable=False),
        sa.Column("added_by", sa.String(length=300), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        _of_agency("known_word"),
        sa.PrimaryKeyConstraint("id", name="pk_known_word"),
        sa.UniqueConstraint("agency_id", "word", name="uq_known_word_agency_id_word"),
    )
    op.create_table(
        "assessment",
        _agency(),
        sa.Column("agency_class", sa.String(length=16), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("countdown", sa.Boolean(), nullable=False, server_default=sa.false()),
        _of_agency("assessment"),
        sa.PrimaryKeyConstraint("agency_id", name="pk_assessment"),
    )
    op.create_table(
        "rule_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        _agency(),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.String(length=64), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("edited_by", sa.String(length=300), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        _of_agency("rule_changes"),
        sa.PrimaryKeyConstraint("id", name="pk_rule_changes"),
        sa.UniqueConstraint("agency_id", "fiscal_year", name="uq_rule_changes_agency_id_fiscal_year"),
    )
    op.create_table(
        "rule_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        _agency(),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=300), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        _of_agency("rule_answer"),
        sa.PrimaryKeyConstraint("id", name="pk_rule_answer"),
        sa.UniqueConstraint("agency_id", "fiscal_year", "rule", name="uq_rule_answer_agency_id_fiscal_year_rule"),
    )
    op.create_table(
        "memo_fields",
        _agency(),
        sa.Column("office", sa.String(length=300), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("executive", sa.String(length=300), nullable=False),
        sa.Column("signer_name", sa.String(length=300), nullable=False),
        sa.Column("signer_position", sa.String(length=300), nullable=False),
        _of_agency("memo_fields"),
        sa.PrimaryKeyConstraint("agency_id", name="pk_memo_fields"),
    )
    op.create_table(
        "measure_budget",
        sa.Column("measure_id", sa.Integer(), nullable=False),
        _agency(),
        sa.Column("work", sa.String(length=16), nullable=False),
        sa.Column("dimension", sa.Integer(), nullable=True),
        sa.Column("in_ordinance", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("planned", sa.BigInteger(), nullable=True),
        sa.Column("ordinance", sa.BigInteger(), nullable=True),
        sa.Column("disbursed_6", sa.BigInteger(), nullable=True),
        sa.Column("disbursed_12", sa.BigInteger(), nullable=True),
        sa.Column("remarks_6", sa.Text(), nullable=False),
        sa.Column("remarks_12", sa.Text(), nullable=False),
        _of_agency("measure_budget"),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name="fk_measure_budget_measure_id_measure", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("measure_id", name="pk_measure_budget"),
    )
    op.create_index("ix_measure_budget_agency_id", "measure_budget", ["agency_id"])


def downgrade() -> None:
    for table in ("measure_budget", "memo_fields", "rule_answer", "rule_changes", "assessment", "known_word"):
        op.drop_table(table)
