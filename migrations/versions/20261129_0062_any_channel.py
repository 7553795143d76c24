"""the channels are those of the code's registry: the ledger takes any name"""

from alembic import op

revision = "0062"
down_revision = "0060"
branch_labels = None
depends_on = None

_KNOWN = "('email', 'line', 'mailbox')"


def upgrade() -> None:
    with op.batch_alter_table("delivery") as batch:
        batch.drop_constraint(op.f("ck_delivery_channel_known"), type_="check")


def downgrade() -> None:
    """What goes by a channel that is not known here lands in the mailbox, unless the digest has another delivery."""
    op.execute(
        f"DELETE FROM delivery WHERE channel NOT IN {_KNOWN} AND EXISTS "  # noqa: S608
        "(SELECT 1 FROM delivery AS other WHERE other.digest_id = delivery.digest_id "
        f"AND (other.channel IN {_KNOWN} OR other.channel < delivery.channel))"
    )
    op.execute(f"UPDATE delivery SET channel = 'mailbox' WHERE channel NOT IN {_KNOWN}")  # noqa: S608
    with op.batch_alter_table("delivery") as batch:
        batch.create_check_constraint(op.f("ck_delivery_channel_known"), f"channel IN {_KNOWN}")
