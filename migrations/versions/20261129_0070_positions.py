"""a person has a position; a head may be acting"""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("member", sa.Column("position", sa.String(300), nullable=False, server_default=""))
    op.add_column("role", sa.Column("acting", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("role", "acting")
    op.drop_column("member", "position")
