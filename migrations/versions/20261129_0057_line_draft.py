"""a conversation by LINE keeps a draft: photos may come before their task, nothing is recorded before บันทึก"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0051"
branch_labels = None
depends_on = None

_CONVERSATION = sa.table("line_conversation", sa.column("id"))


def upgrade() -> None:
    op.execute(sa.delete(_CONVERSATION))  # an hour old at most, and of another kind
    with op.batch_alter_table("line_conversation") as batch:
        batch.drop_index("ix_line_conversation_completion_id")
        batch.drop_constraint("fk_line_conversation_completion_id_completion", type_="foreignkey")
        batch.drop_column("completion_id")
        batch.alter_column("task_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("draft", sa.JSON(), nullable=False))


def downgrade() -> None:
    op.execute(sa.delete(_CONVERSATION))
    with op.batch_alter_table("line_conversation") as batch:
        batch.drop_column("draft")
        batch.alter_column("task_id", existing_type=sa.Integer(), nullable=False)
        batch.add_column(sa.Column("completion_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            "fk_line_conversation_completion_id_completion", "completion", ["completion_id"], ["id"], ondelete="CASCADE"
        )
        batch.create_index("ix_line_conversation_completion_id", ["completion_id"])
