"""reminders go out from a day on; a shown invitation can be shown again, and says when it was copied"""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("agency", sa.Column("reminders_from", sa.Date(), nullable=True, server_default="2000-01-01"))
    op.add_column("agency", sa.Column("invitations_sent", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("agency", sa.Column("invitation_frame", sa.Text(), nullable=False, server_default=""))
    op.add_column("invitation", sa.Column("nonce", sa.String(32), nullable=True))
    op.add_column("invitation", sa.Column("copied_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("invitation", "copied_at")
    op.drop_column("invitation", "nonce")
    op.drop_column("agency", "invitation_frame")
    op.drop_column("agency", "invitations_sent")
    op.drop_column("agency", "reminders_from")
