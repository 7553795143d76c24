"""Evidence on disk: random names outside the web root, content checked by its bytes, identified by SHA-256."""

import hashlib
import os
import re
import uuid
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import filetype

from tracker.errors import NotFoundError, NotUnderstoodError

_OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
ACCEPTED = {"application/pdf", "image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", *_OFFICE.values()}
STORED_NAME = re.compile(r"[0-9a-f]{32}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A piece of evidence to attach: a stored file, or a link (``url``)."""

    original_name: str
    stored_name: str | None = None
    media_type: str | None = None
    size: int | None = None
    sha256: str | None = None
    url: str | None = None


class EvidenceStore:
    """The folder of evidence files of an installation."""

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self.folder = folder
        self.limit_bytes = limit_bytes

    def keep(self, data: bytes, original_name: str) -> NewEvidence:
        """Writes a file whole or not at all, under a random name.

        Raises NotUnderstoodError for an empty file, one over the limit, or one that is not a photo, a PDF or an
        Office document by its content.
        """
        name = _CONTROL.sub("", original_name.replace("\\", "/").rsplit("/", 1)[-1])[-200:] or "file"
        if not data:
            raise NotUnderstoodError(f"{name} is empty; choose the file again.", f"ไฟล์ {name} ว่างเปล่า กรุณาเลือกไฟล์ใหม่")
        if len(data) > self.limit_bytes:
            limit = self.limit_bytes // 2**20
            raise NotUnderstoodError(
                f"{name} is larger than {limit} MB; send a smaller file or a link.",
                f"ไฟล์ {name} ใหญ่เกิน {limit} MB กรุณาส่งไฟล์ที่เล็กลงหรือแนบเป็นลิงก์",
            )
        media_type = _media_type(data)
        if media_type not in ACCEPTED:
            raise NotUnderstoodError(
                f"{name} is not a photo, a PDF or an Office document; save it as PDF and attach that.",
                f"ไฟล์ {name} ไม่ใช่รูปภาพ PDF หรือเอกสาร Office กรุณาบันทึกเป็น PDF แล้วแนบใหม่",
            )
        stored_name = uuid.uuid4().hex
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / f"{stored_name}.part"
        try:
            with part.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.rename(self.folder / stored_name)
        finally:
            part.unlink(missing_ok=True)
        return NewEvidence(name, stored_name, media_type, len(data), hashlib.sha256(data).hexdigest())

    def path(self, stored_name: str) -> Path:
        """Where a kept file lies; NotFoundError where it is gone."""
        path = self.folder / stored_name
        if not STORED_NAME.fullmatch(stored_name) or not path.is_file():
            raise NotFoundError("The file is no longer there.", "ไม่พบไฟล์นี้แล้ว")
        return path

    def remove(self, evidence: NewEvidence) -> None:
        """Forgets a file whose completion was not recorded after all."""
        if evidence.stored_name:
            (self.folder / evidence.stored_name).unlink(missing_ok=True)


def _media_type(data: bytes) -> str | None:
    """The kind of a file by its bytes; an Office document by its parts, in whatever order a program packed them."""
    found: str | None = filetype.guess_mime(data)
    if found != "application/zip" and found not in _OFFICE.values():
        return found
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            names = package.namelist()
    except zipfile.BadZipFile:
        return None
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return next((kind for folder, kind in _OFFICE.items() if any(name.startswith(folder) for name in names)), None)


def link(url: str) -> NewEvidence:
    """Evidence that lies elsewhere, by its http or https address."""
    url = url.strip()
    try:
        parts = urlsplit(url)
    except ValueError:  # such as an open bracket of an IPv6 address
        parts = urlsplit("")
    if _CONTROL.search(url) or parts.scheme not in ("http", "https") or not parts.hostname or len(url) > 2000:
        raise NotUnderstoodError(
            f"“{url[:100]}” is not a web address; write one that begins with https://.",
            f"“{url[:100]}” ไม่ใช่ที่อยู่เว็บ กรุณาพิมพ์ให้ขึ้นต้นด้วย https://",
        )
    return NewEvidence(original_name=url[:300], url=url)
