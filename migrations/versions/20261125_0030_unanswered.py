"""how many times a delivery was handed over without an answer, instead of whether it ever was"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("unanswered", sa.Integer(), server_default="0", nullable=False))
    op.execute(sa.text("UPDATE delivery SET unanswered = 1 WHERE unsure"))
    op.drop_column("delivery", "unsure")


def downgrade() -> None:
    op.add_column("delivery", sa.Column("unsure", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(sa.text("UPDATE delivery SET unsure = (unanswered > 0)"))
    op.drop_column("delivery", "unanswered")
