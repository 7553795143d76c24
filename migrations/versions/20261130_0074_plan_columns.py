"""which column of its plans an agency said is what, for its next file"""

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("agency", sa.Column("plan_columns", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("agency", "plan_columns")
