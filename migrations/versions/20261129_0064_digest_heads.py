"""a sent digest carries the head of the record at its instant"""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("record_sequence", sa.Integer(), nullable=True))
    op.add_column("delivery", sa.Column("record_hash", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("delivery", "record_hash")
    op.drop_column("delivery", "record_sequence")
