"""The readers: a file's content, not its name, decides which of them reads it."""

from tracker.plan_import.encoding import decode_text
from tracker.plan_import.grid import Document
from tracker.plan_import.readers.text import read_text


def read_document(data: bytes, filename: str) -> Document:
    """The document in a file. Raises NotUnderstoodError where it is broken, hostile or of another kind."""
    del filename
    return read_text(decode_text(data))
