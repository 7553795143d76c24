"""a progress note may have photos, files and links of its own"""

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("evidence") as batch:
        batch.alter_column("completion_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("note_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_evidence_note_id_progress_note"), "progress_note", ["note_id"], ["id"], ondelete="CASCADE"
        )
        batch.create_unique_constraint(op.f("uq_evidence_note_id_stored_name"), ["note_id", "stored_name"])
        batch.create_check_constraint(op.f("ck_evidence_of_one"), "(completion_id IS NULL) != (note_id IS NULL)")
        batch.create_index(op.f("ix_evidence_note_id"), ["note_id"])


def downgrade() -> None:
    op.execute("DELETE FROM evidence WHERE completion_id IS NULL")
    with op.batch_alter_table("evidence") as batch:
        batch.drop_index(op.f("ix_evidence_note_id"))
        batch.drop_constraint(op.f("ck_evidence_of_one"), type_="check")
        batch.drop_constraint(op.f("uq_evidence_note_id_stored_name"), type_="unique")
        batch.drop_constraint(op.f("fk_evidence_note_id_progress_note"), type_="foreignkey")
        batch.drop_column("note_id")
        batch.alter_column("completion_id", existing_type=sa.Integer(), nullable=False)
