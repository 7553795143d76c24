"""a published report may leave out single pieces of evidence"""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("report_version", sa.Column("public_hidden", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("report_version", "public_hidden")
