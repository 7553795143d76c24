"""PostgreSQL looks after the busiest tables sooner than after a fifth of their rows has changed"""

from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None

_HOT = (
    "task", "task_unit", "completion", "event", "notice",
    "digest", "digest_notice", "reminder", "delivery", "mailbox_message",
)  # fmt: skip
_SETTINGS = {
    "autovacuum_analyze_scale_factor": "0.01",
    "autovacuum_vacuum_scale_factor": "0.02",
    "autovacuum_vacuum_insert_scale_factor": "0.05",
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in _HOT:
            op.execute(
                f"ALTER TABLE {table} SET ({', '.join(f'{name} = {value}' for name, value in _SETTINGS.items())})"
            )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in _HOT:
            op.execute(f"ALTER TABLE {table} RESET ({', '.join(_SETTINGS)})")
