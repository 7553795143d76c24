"""a text keeps why a sentence stays that says more than was ticked"""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("column_text", sa.Column("claims_kept", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("column_text", "claims_kept")
