"""What was seen of each agency's record, in a second place: an append-only file that a writer of the database alone
does not reach.

After every commit the head of the agency's chain (its length and last hash) is appended to ``agency-ID.jsonl`` in
``DATA_DIR/record``, signed with the installation's key. A chain that was cut, emptied or written anew no longer meets
the heads that were seen. A kill between the commit and the line leaves the chain ahead of the file, which is no fault.
"""

import hashlib
import hmac
import json
import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tracker.bilingual import Bilingual
from tracker.store.disk import write_whole

_log = logging.getLogger(__name__)
_FILE_NAME = re.compile(r"agency-([0-9]+)\.jsonl")
_PURPOSE = b"measure-tracker record witness"


@dataclass(frozen=True, slots=True)
class Head:
    """The end of an agency's chain at an instant: how many events, and the last one's hash."""

    sequence: int
    hash: str
    at: datetime


class Witness:
    """The files of one installation; ``key`` is its secret key."""

    def __init__(self, folder: Path, key: str) -> None:
        self._folder = folder
        self._key = hmac.digest(key.encode(), _PURPOSE, "sha256")

    def see(self, agency_id: int, head: Head) -> None:
        """Appends a head. What cannot be written is logged: the change itself is committed and stays."""
        line = json.dumps([agency_id, head.sequence, head.hash, head.at.isoformat()])
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.open(self._file(agency_id), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(file, f"{line}\t{self._sign(line)}\n".encode())
            finally:
                os.close(file)
        except OSError as error:
            _log.warning("the record's witness in %s could not be written: %s", self._folder, error.strerror)

    def has_seen(self, agency_id: int) -> bool:
        """Whether there is a file of the agency."""
        return self._file(agency_id).exists()

    def misses(self, agency_id: int) -> bool:
        """Whether the agency's file is gone while others are there; before the first line there is no folder."""
        return not self.has_seen(agency_id) and self._folder.is_dir()

    def heads(self, agency_id: int) -> Iterator[Head | Bilingual]:
        """The heads seen, as they were written; a sentence in place of a line that this installation did not sign.

        The last line of a process that was killed while writing it has no end and is passed over.
        """
        if not self.has_seen(agency_id):
            return
        with self._file(agency_id).open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, 1):
                if line.endswith("\n"):
                    yield self._read(agency_id, line) or Bilingual(
                        f"line {number} of the record's witness is not signed with this installation's key",
                        f"บรรทัดที่ {number} ของไฟล์พยานประวัติ ไม่ได้ลงชื่อด้วยกุญแจของระบบนี้",
                    )

    def files(self) -> list[Path]:
        """The files of all agencies, for a backup."""
        return sorted(self._folder.glob("agency-*.jsonl"))

    def take_back(self, name: str, content: bytes) -> None:
        """Keeps a file from a backup where this installation signed it; another's lines prove nothing here."""
        named = _FILE_NAME.fullmatch(name)
        lines = content.decode(errors="replace").splitlines(keepends=True)
        if named and lines and self._read(int(named[1]), lines[0]) is not None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self._folder / name
            write_whole(path.with_name(f"{name}.part"), path, content)

    def _read(self, agency_id: int, line: str) -> Head | None:
        content, _, signature = line.rstrip("\n").partition("\t")
        if not hmac.compare_digest(self._sign(content).encode(), signature.encode()):
            return None
        whose, sequence, seen, at = json.loads(content)
        return Head(sequence, seen, datetime.fromisoformat(at)) if whose == agency_id else None

    def _sign(self, content: str) -> str:
        return hmac.new(self._key, content.encode(), hashlib.sha256).hexdigest()

    def _file(self, agency_id: int) -> Path:
        return self._folder / f"agency-{agency_id}.jsonl"
