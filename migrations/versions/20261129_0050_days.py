"""a completion whose day nobody knows; a "not possible" has a day of its own; facts under a text; progress pages off"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("completion") as batch:
        batch.alter_column("done_on", existing_type=sa.Date(), nullable=True)
    op.add_column("task", sa.Column("not_possible_on", sa.Date(), nullable=True))
    task = sa.table("task", sa.column("not_possible_on"), sa.column("updated_at"), sa.column("state"))
    op.execute(
        sa.update(task).where(task.c.state == "not_possible").values(not_possible_on=_local_day(task.c.updated_at))
    )
    op.add_column("round", sa.Column("progress_pages", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("column_text", sa.Column("facts", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("column_text", "facts")
    op.drop_column("round", "progress_pages")
    op.drop_column("task", "not_possible_on")
    completion = sa.table("completion", sa.column("done_on"), sa.column("entered_at"))
    op.execute(
        sa.update(completion).where(completion.c.done_on.is_(None)).values(done_on=_local_day(completion.c.entered_at))
    )
    with op.batch_alter_table("completion") as batch:
        batch.alter_column("done_on", existing_type=sa.Date(), nullable=False)


def _local_day(instant: sa.ColumnElement[object]) -> sa.ColumnElement[object]:
    """The day in Thailand of an instant, which SQLite keeps as a text in UTC."""
    if op.get_bind().dialect.name == "postgresql":
        return sa.cast(sa.func.timezone("Asia/Bangkok", instant), sa.Date())
    return sa.func.date(instant, "+7 hours")
