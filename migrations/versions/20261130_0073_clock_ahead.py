"""an agency knows the day of its last sweep; a digest of a day that had not come counts for no day"""

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

_BEFORE = sa.text("prompt_id IS NULL")
_AFTER = sa.text("prompt_id IS NULL AND NOT ahead")


def upgrade() -> None:
    op.add_column("agency", sa.Column("swept_on", sa.Date(), nullable=True))
    op.add_column("digest", sa.Column("ahead", sa.Boolean(), nullable=False, server_default=sa.false()))
    _index(_AFTER)


def downgrade() -> None:
    """What an ahead clock sent goes: it is no digest of a day."""
    op.execute(
        "DELETE FROM mailbox_message WHERE delivery_id IN (SELECT delivery.id FROM delivery "
        "JOIN digest ON digest.id = delivery.digest_id WHERE digest.ahead)"
    )
    op.execute("DELETE FROM digest_notice WHERE digest_id IN (SELECT id FROM digest WHERE ahead)")
    op.execute("DELETE FROM delivery WHERE digest_id IN (SELECT id FROM digest WHERE ahead)")
    op.execute("DELETE FROM digest WHERE ahead")
    _index(_BEFORE)
    op.drop_column("digest", "ahead")
    op.drop_column("agency", "swept_on")


def _index(where: sa.TextClause) -> None:
    op.drop_index("uq_digest_member_id_on", "digest")
    op.create_index(
        "uq_digest_member_id_on",
        "digest",
        ["member_id", "on"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
