"""Alembic environment: runs on the connection that ``tracker.store.migrate`` hands over."""

from alembic import context

from tracker.models import Agency  # noqa: F401  (loads every model)
from tracker.store.db import Base, UTCDateTime


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Migrations name plain columns, so that they never change with our types."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=render_item,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
