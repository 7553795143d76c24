"""What a backup is made of: its members' names, its manifest, and which rows name which files.

``backup.json`` says which schema the rows are of, beside ``rows/TABLE.jsonl``, ``evidence/NAME``, ``record/…``; at the
end ``manifest.json`` counts the rows and gives each member's SHA-256, so that what is missing, changed or too much can
be named. Backups of format 1 have no manifest.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Table

from tracker.store.db import Base

FORMAT = 2
READABLE = (1, FORMAT)
HEAD, MANIFEST = "backup.json", "manifest.json"
ROWS, EVIDENCE, RECORD = "rows", "evidence", "record"
NAMES_OF_FILES = {
    "evidence": ("stored_name", "sha256"),
    "report_file": ("stored_name", "sha256"),
    "report_template": ("stored_name", "sha256"),
    "report_version": ("scan_stored", "scan_sha256"),
}
"""The columns that name a kept file, and what its bytes hash to, by table. What no row names is in no backup: a form's
files that was left."""


@dataclass
class Manifest:
    """``heads``: how far each agency's record had come, and its last hash. ``missing``: files that rows name, but that
    were gone when the backup was made."""

    rows: dict[str, int] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    heads: dict[str, list[Any]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def as_bytes(self) -> bytes:
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @classmethod
    def read(cls, data: bytes) -> "Manifest":
        """Raises ValueError or TypeError where it is none."""
        return cls(**json.loads(data))


def kept_tables() -> Iterator[Table]:
    """Every table but those of what expires within days: documents that wait, words typed too late."""
    return (table for table in Base.metadata.sorted_tables if not table.info.get("transient"))


def named_file(table: str, row: Mapping[str, Any]) -> tuple[str, str] | None:
    """The kept file that a row names, with what its bytes must hash to."""
    name, sha256 = (str(row.get(column) or "") for column in NAMES_OF_FILES.get(table, ("", "")))
    return (name, sha256) if name else None
