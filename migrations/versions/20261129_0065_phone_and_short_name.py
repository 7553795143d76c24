"""a person may have a telephone number, a step a short name for messages"""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("member", sa.Column("phone", sa.String(30), nullable=True))
    op.add_column("step", sa.Column("short_name", sa.String(80), nullable=True))


def downgrade() -> None:
    op.drop_column("step", "short_name")
    op.drop_column("member", "phone")
