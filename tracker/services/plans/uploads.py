"""Documents that wait for their confirmation: kept for a day under random names, with what was asked and mended."""

import json
import re
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from tracker.errors import NotFoundError

_KEPT = timedelta(days=1)
_TOKEN = re.compile(r"[0-9a-f]{32}")


Kind = Literal["plan", "people"]


@dataclass(frozen=True)
class Upload:
    """One document, who sent it for which agency, and how it is to be read.

    ``mends`` are measures as the coordinator retyped them, by their place in the document; ``units`` says what a party
    that nobody knew is. Nothing of either is in the plan before the document is imported. A table of people has no
    fiscal year (0).
    """

    agency_id: int
    account_id: int
    name: str
    fiscal_year: int
    columns: dict[str, str] = field(default_factory=dict)
    completed: bool = False
    mends: dict[str, Any] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    kind: Kind = "plan"


@dataclass(frozen=True)
class Waiting:
    """A document that waits, with the token that finds it."""

    token: str
    upload: Upload


def keep(folder: Path, data: bytes, upload: Upload, at: datetime) -> str:
    """Keeps the document; gives the token that finds it again. Documents older than a day go."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in folder.iterdir():
        with suppress(FileNotFoundError):  # another request may remove it first
            if old.stat().st_mtime < (at - _KEPT).timestamp():
                old.unlink()
    token = secrets.token_hex(16)
    (folder / token).write_bytes(data)
    change(folder, token, upload)
    return token


def change(folder: Path, token: str, upload: Upload) -> None:
    """Writes anew what was asked about a kept document, whole or not at all."""
    write(folder / f"{token}.json", asdict(upload))


def write(path: Path, value: dict[str, Any]) -> None:
    """Writes a file of JSON whole or not at all."""
    written = path.with_suffix(f".{secrets.token_hex(4)}")
    written.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    written.replace(path)


def find(folder: Path, token: str, *, agency_id: int, account_id: int, kind: Kind = "plan") -> tuple[bytes, Upload]:
    """The document of a token, for the one who sent it; NotFoundError otherwise."""
    if _TOKEN.fullmatch(token):
        try:
            upload = Upload(**json.loads((folder / f"{token}.json").read_text(encoding="utf-8")))
            if (upload.agency_id, upload.account_id, upload.kind) == (agency_id, account_id, kind):
                return (folder / token).read_bytes(), upload
        except FileNotFoundError:
            pass
    raise _gone()


def content(folder: Path, token: str) -> tuple[bytes, Upload]:
    """The document of a token, for a worker; NotFoundError where it is gone."""
    try:
        upload = Upload(**json.loads((folder / f"{token}.json").read_text(encoding="utf-8")))
        return (folder / token).read_bytes(), upload
    except FileNotFoundError:
        raise _gone() from None


def waiting(folder: Path, *, agency_id: int, account_id: int) -> list[Waiting]:
    """The plans of one person that wait, latest first."""
    found = []
    for kept in folder.glob("*.json"):
        try:
            upload, at = Upload(**json.loads(kept.read_text(encoding="utf-8"))), kept.stat().st_mtime
        except FileNotFoundError:
            continue
        if (upload.agency_id, upload.account_id, upload.kind) == (agency_id, account_id, "plan"):
            found.append((at, Waiting(kept.stem, upload)))
    return [one for _, one in sorted(found, key=lambda pair: -pair[0])]


def forget(folder: Path, token: str) -> None:
    """Removes a document that was imported."""
    (folder / token).unlink(missing_ok=True)
    (folder / f"{token}.json").unlink(missing_ok=True)
    (folder / f"{token}.work").unlink(missing_ok=True)


def _gone() -> NotFoundError:
    return NotFoundError("The uploaded file is no longer there; choose it again.", "ไม่พบไฟล์ที่ส่งไว้แล้ว กรุณาเลือกไฟล์อีกครั้ง")
