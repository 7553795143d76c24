"""how a report was signed: approved in the product, or on paper"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("report_version", sa.Column("signed_how", sa.String(8), nullable=True))
    op.execute("UPDATE report_version SET signed_how = 'paper' WHERE signed_on IS NOT NULL")


def downgrade() -> None:
    op.drop_column("report_version", "signed_how")
