"""the last import of a plan can be taken back"""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plan", sa.Column("undo", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("plan", "undo")
