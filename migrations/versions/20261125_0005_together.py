"""one file may be the evidence of several completions; a form that is sent twice is known by its key"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("evidence") as batch:
        batch.drop_constraint(op.f("uq_evidence_stored_name"), type_="unique")
        batch.create_unique_constraint(op.f("uq_evidence_completion_id_stored_name"), ["completion_id", "stored_name"])
    with op.batch_alter_table("completion") as batch:
        batch.add_column(sa.Column("form_key", sa.String(length=32), nullable=True))
        batch.create_unique_constraint(op.f("uq_completion_task_id_form_key"), ["task_id", "form_key"])


def downgrade() -> None:
    with op.batch_alter_table("completion") as batch:
        batch.drop_constraint(op.f("uq_completion_task_id_form_key"), type_="unique")
        batch.drop_column("form_key")
    op.execute(
        "DELETE FROM evidence WHERE stored_name IS NOT NULL AND id NOT IN "
        "(SELECT MIN(id) FROM evidence WHERE stored_name IS NOT NULL GROUP BY stored_name)"
    )
    with op.batch_alter_table("evidence") as batch:
        batch.drop_constraint(op.f("uq_evidence_completion_id_stored_name"), type_="unique")
        batch.create_unique_constraint(op.f("uq_evidence_stored_name"), ["stored_name"])
