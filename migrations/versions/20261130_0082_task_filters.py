"""the filters of the task list that a person has named and kept"""

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("member", sa.Column("task_filters", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("member", "task_filters")
