"""Plan import: a document of any known format becomes a draft plan; nothing here knows the database."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.plan_import.document import read_beside, read_plan

__all__ = ["read_beside", "read_plan"]


def __getattr__(name: str) -> object:
    """The readers of documents, loaded when they are asked for: a period cell is read without them."""
    if name in __all__:
        from tracker.plan_import import document  # noqa: PLC0415

        return getattr(document, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
