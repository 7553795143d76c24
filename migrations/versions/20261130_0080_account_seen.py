"""when an account was last in use, also of sign-ins that have ended"""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("seen_at", sa.DateTime(timezone=True)))
    op.execute(
        "UPDATE account SET seen_at = (SELECT max(signed_in.seen_at) FROM signed_in"
        " WHERE signed_in.account_id = account.id)"
    )


def downgrade() -> None:
    op.drop_column("account", "seen_at")
