"""Alembic migrations; they import nothing of ours but the environment's metadata."""
