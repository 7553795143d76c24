"""a closed version carries the head of the record at its closing"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("report_version", sa.Column("record_sequence", sa.Integer(), nullable=True))
    op.add_column("report_version", sa.Column("record_hash", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("report_version", "record_hash")
    op.drop_column("report_version", "record_sequence")
