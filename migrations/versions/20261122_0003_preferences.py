"""links of e-mails that were used, preferences of people, the alarm of a stopped sweep, LINE's month"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "action_link_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{table}_id"],
                [f"{table}.id"],
                name=op.f(f"fk_action_link_use_{table}_id_{table}"),
                ondelete="CASCADE",
            )
            for table in ("agency", "member", "task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_link_use")),
        sa.UniqueConstraint("link", name=op.f("uq_action_link_use_link")),
    )
    for column in ("agency_id", "member_id", "task_id"):
        op.create_index(op.f(f"ix_action_link_use_{column}"), "action_link_use", [column])
    op.create_table(
        "alarm",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("watched_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_alarm")),
    )
    op.create_table(
        "line_quota",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("allowed", sa.Integer(), nullable=True),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("forecast", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_line_quota")),
    )
    op.add_column("member", sa.Column("urgent_only", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("member", sa.Column("send_from", sa.Time(), nullable=True))
    op.add_column("member", sa.Column("send_until", sa.Time(), nullable=True))
    for column in ("upcoming_required", "messages_required"):
        op.add_column("agency", sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for column in ("messages_required", "upcoming_required"):
        op.drop_column("agency", column)
    for column in ("send_until", "send_from", "urgent_only"):
        op.drop_column("member", column)
    for table in ("line_quota", "alarm", "action_link_use"):
        op.drop_table(table)
