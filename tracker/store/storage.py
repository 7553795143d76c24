"""Evidence on disk: random names outside the web root, content checked by its bytes, identified by SHA-256.

A photo is kept as ``tracker.store.photos`` draws it anew, whichever way it came; size and SHA-256 are of what is kept.
"""

import hashlib
import re
import uuid
import zipfile
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import filetype

from tracker.errors import NotFoundError, NotUnderstoodError
from tracker.settings import Settings
from tracker.store import disk, photos

_OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
PHOTOS = {"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif", "image/avif", "image/gif"}
ACCEPTED = {"application/pdf", *PHOTOS, *_OFFICE.values()}
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_PHOTO_NAME = re.compile(r"\.(jpe?g|jfif|png|webp|hei[cf]|avif|gif)$", re.IGNORECASE)
STORED_NAME = re.compile(r"[0-9a-f]{32}")
LONGEST_LINK = 2_000
"""Characters: what browsers and proxies still pass on."""
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

    def __init__(self, folder: Path, limit_bytes: int, low_mb: int = 0) -> None:
        self.folder = folder
        self.limit_bytes = limit_bytes
        self._low_mb = low_mb

    def check_room(self, size: int) -> None:
        """Whether a file of so many bytes may come; NoRoomError where the disk is nearly full."""
        disk.check_room(self.folder, size, self._low_mb)

    def keep(self, data: bytes, original_name: str) -> NewEvidence:
        """Writes a file whole or not at all, under a random name; of a photo the upright, shrunk and bare picture.

        That it waits to be named by somebody's evidence is noted before: a kill in between leaves no file for good.
        Raises NotUnderstoodError for an empty file, one over the limit, or one that is not a photo, a PDF or an
        Office document by its content.
        """
        name = _CONTROL.sub("", original_name.replace("\\", "/").rsplit("/", 1)[-1])[-200:] or "file"
        if not data:
            raise NotUnderstoodError(f"{name} is empty; choose the file again.", f"ไฟล์ {name} ว่างเปล่า กรุณาเลือกไฟล์ใหม่")
        limit = self.limit_bytes // 2**20
        if len(data) > self.limit_bytes:
            raise NotUnderstoodError(
                f"{name} is larger than {limit} MB; send a smaller file or a link.",
                f"ไฟล์ {name} ใหญ่เกิน {limit} MB กรุณาส่งไฟล์ที่เล็กลงหรือแนบเป็นลิงก์",
            )
        media_type = _media_type(data)
        if media_type not in ACCEPTED:
            raise NotUnderstoodError(
                f"{name} is not a photo, a PDF or an Office document; photos (JPEG, PNG, WebP, HEIC), PDF, Word, Excel "
                f"and PowerPoint of up to {limit} MB are taken. Save it as PDF and attach that.",
                f"ไฟล์ {name} ไม่ใช่รูปภาพ PDF หรือเอกสาร Office ระบบรับรูปถ่าย (JPEG PNG WebP HEIC) PDF Word Excel และ "
                f"PowerPoint ไฟล์ละไม่เกิน {limit} MB กรุณาบันทึกเป็น PDF แล้วแนบใหม่",
            )
        self.check_room(len(data))
        if media_type in PHOTOS:
            name, media_type, data = _named_jpeg(name), photos.MEDIA_TYPE, _photo(data, name)
        stored_name = uuid.uuid4().hex
        _write(self._note(stored_name), b"")
        _write(self.folder / stored_name, data)
        return NewEvidence(name, stored_name, media_type, len(data), hashlib.sha256(data).hexdigest())

    def keep_made(self, data: bytes) -> str:
        """Writes what we made ourselves whole or not at all; gives the random name under which it lies."""
        stored_name = uuid.uuid4().hex
        _write(self.folder / stored_name, data)
        return stored_name

    def forget(self, stored_name: str) -> None:
        """Removes a kept file and its thumbnail, where they are still there; then nothing waits any more."""
        if STORED_NAME.fullmatch(stored_name):
            (self.folder / stored_name).unlink(missing_ok=True)
            (self.folder / "thumbnails" / stored_name).unlink(missing_ok=True)
            self.settle(stored_name)

    def waiting(self, before: datetime) -> list[str]:
        """The files that were kept before that instant, of which nobody has looked whether they were saved."""
        folder = self.folder / "waiting"
        notes = folder.iterdir() if folder.is_dir() else iter(())
        return sorted(note.name for note in notes if note.stat().st_mtime < before.timestamp())

    def settle(self, stored_name: str) -> None:
        """Takes the note away: the file was saved, or is gone."""
        self._note(stored_name).unlink(missing_ok=True)

    def _note(self, stored_name: str) -> Path:
        return self.folder / "waiting" / stored_name

    def thumbnail(self, stored_name: str) -> Path:
        """The small picture of a kept photo, made when it is first asked for; NotFoundError where there is none."""
        small = self.folder / "thumbnails" / stored_name
        original = self.path(stored_name)
        if not small.is_file():
            try:
                _write(small, photos.thumbnail(original.read_bytes()))
            except NotUnderstoodError:
                raise NotFoundError("There is no picture of this file.", "ไฟล์นี้ไม่มีภาพตัวอย่าง") from None
        return small

    def path(self, stored_name: str) -> Path:
        """Where a kept file lies; NotFoundError where it is gone."""
        path = self.folder / stored_name
        if not STORED_NAME.fullmatch(stored_name) or not path.is_file():
            raise NotFoundError("The file is no longer there.", "ไม่พบไฟล์นี้แล้ว")
        return path

    def remove(self, evidence: NewEvidence) -> None:
        """Forgets a file whose completion was not recorded after all."""
        if evidence.stored_name:
            self.forget(evidence.stored_name)


def open_store(settings: Settings) -> EvidenceStore:
    """The installation's evidence, in ``DATA_DIR/evidence``."""
    return EvidenceStore(settings.data_dir / "evidence", settings.upload_limit_mb * 2**20, settings.disk_low_mb)


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, also where two write the same file at once."""
    disk.make_private_folder(path.parent)
    disk.write_whole(path.with_name(f"{path.name}.{uuid.uuid4().hex}.part"), path, data)


def _photo(data: bytes, name: str) -> bytes:
    try:
        return photos.cleaned(data)
    except NotUnderstoodError as error:
        raise NotUnderstoodError(f"{name}: {error.sentence}", f"{name}: {error.sentence_th}") from None


def _named_jpeg(name: str) -> str:
    return f"{_PHOTO_NAME.sub('', name)[-196:]}.jpg"


def _media_type(data: bytes) -> str | None:
    """The kind of a file by its bytes; an Office document by its parts, in whatever order a program packed them."""
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "image/heic"
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
    is_of_the_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    if not is_of_the_web or len(url) > LONGEST_LINK or _CONTROL.search(url):
        raise NotUnderstoodError(
            f"“{url[:100]}” is not a web address; write one that begins with https://.",
            f"“{url[:100]}” ไม่ใช่ที่อยู่เว็บ กรุณาพิมพ์ให้ขึ้นต้นด้วย https://",
        )
    return NewEvidence(original_name=url[:300], url=url)
