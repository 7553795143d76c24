"""a superior reminds a unit again, once a day: a digest of its own beside the day's"""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

_OF_THE_DAY = sa.text("prompt_id IS NULL")


def upgrade() -> None:
    op.create_table(
        "unit_prompt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("asked_as", sa.String(100), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], op.f("fk_unit_prompt_agency_id_agency"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], op.f("fk_unit_prompt_unit_id_unit"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], op.f("fk_unit_prompt_member_id_member"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_prompt")),
        sa.UniqueConstraint("unit_id", "on", name=op.f("uq_unit_prompt_unit_id_on")),
    )
    op.create_index(op.f("ix_unit_prompt_agency_id"), "unit_prompt", ["agency_id"])
    op.create_index(op.f("ix_unit_prompt_member_id"), "unit_prompt", ["member_id"])
    with op.batch_alter_table("digest") as batch:
        batch.add_column(sa.Column("prompt_id", sa.Integer(), nullable=True))
        batch.drop_constraint(op.f("uq_digest_member_id_on"), type_="unique")
        batch.create_foreign_key(
            op.f("fk_digest_prompt_id_unit_prompt"), "unit_prompt", ["prompt_id"], ["id"], ondelete="CASCADE"
        )
        batch.create_unique_constraint(op.f("uq_digest_prompt_id_member_id"), ["prompt_id", "member_id"])
    op.create_index(
        "uq_digest_member_id_on",
        "digest",
        ["member_id", "on"],
        unique=True,
        sqlite_where=_OF_THE_DAY,
        postgresql_where=_OF_THE_DAY,
    )


def downgrade() -> None:
    """The prompts go; what they sent is no digest of the day."""
    op.execute("DELETE FROM reminder WHERE digest_id IN (SELECT id FROM digest WHERE prompt_id IS NOT NULL)")
    op.execute(
        "DELETE FROM mailbox_message WHERE delivery_id IN (SELECT delivery.id FROM delivery "
        "JOIN digest ON digest.id = delivery.digest_id WHERE digest.prompt_id IS NOT NULL)"
    )
    op.execute("DELETE FROM delivery WHERE digest_id IN (SELECT id FROM digest WHERE prompt_id IS NOT NULL)")
    op.execute("DELETE FROM digest WHERE prompt_id IS NOT NULL")
    op.drop_index("uq_digest_member_id_on", "digest")
    with op.batch_alter_table("digest") as batch:
        batch.drop_constraint(op.f("uq_digest_prompt_id_member_id"), type_="unique")
        batch.drop_constraint(op.f("fk_digest_prompt_id_unit_prompt"), type_="foreignkey")
        batch.drop_column("prompt_id")
        batch.create_unique_constraint(op.f("uq_digest_member_id_on"), ["member_id", "on"])
    op.drop_table("unit_prompt")
