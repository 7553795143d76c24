"""what comes in from LINE: events, link codes, conversations, the name of a linked account"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("member", sa.Column("line_name", sa.String(length=100), nullable=True))
    op.create_table(
        "line_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("payload", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.String(length=32), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("worked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_line_event_agency_id_agency"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_event")),
        sa.UniqueConstraint("event_id", name=op.f("uq_line_event_event_id")),
    )
    op.create_index(op.f("ix_line_event_agency_id"), "line_event", ["agency_id"])
    op.create_index(
        "ix_line_event_open",
        "line_event",
        ["next_attempt_at"],
        sqlite_where=sa.text("worked_at IS NULL"),
        postgresql_where=sa.text("worked_at IS NULL"),
    )
    op.create_index("ix_line_event_user_id_happened_at", "line_event", ["user_id", "happened_at"])
    op.create_table(
        "line_link_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("prefix", sa.String(length=4), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_line_link_code_agency_id_agency"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_line_link_code_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_link_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_line_link_code_code_hash")),
    )
    for column in ("agency_id", "member_id", "prefix"):
        op.create_index(op.f(f"ix_line_link_code_{column}"), "line_link_code", [column])
    op.create_table(
        "line_conversation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("completion_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{table}_id"],
                [f"{table}.id"],
                name=op.f(f"fk_line_conversation_{table}_id_{table}"),
                ondelete="CASCADE",
            )
            for table in ("agency", "member", "task", "completion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_conversation")),
        sa.UniqueConstraint("user_id", name=op.f("uq_line_conversation_user_id")),
    )
    for column in ("agency_id", "member_id", "task_id", "completion_id"):
        op.create_index(op.f(f"ix_line_conversation_{column}"), "line_conversation", [column])


def downgrade() -> None:
    op.drop_table("line_conversation")
    op.drop_table("line_link_code")
    op.drop_table("line_event")
    op.drop_column("member", "line_name")
