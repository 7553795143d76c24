"""Plan import: a document of any known format becomes a draft plan; nothing here knows the database."""

from tracker.plan_import.document import read_beside, read_plan

__all__ = ["read_beside", "read_plan"]
