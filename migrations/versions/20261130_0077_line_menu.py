"""which menu LINE shows under a person's chat, so that another role gets another"""

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("member", sa.Column("line_menu", sa.String(20)))


def downgrade() -> None:
    op.drop_column("member", "line_menu")
