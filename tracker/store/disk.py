"""Room on the disk of the data folder: what is free, when that is little, and files that only their owner reads."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import NotUnderstoodError

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
STOP_SHARE = 5
"""Uploads stop at a fifth of what counts as little: the rest is for ticks, which need a few kilobytes each."""


class NoRoomError(NotUnderstoodError):
    """The disk is nearly full: a file is not taken, words are."""

    exit_status = 1
    http_status = 507


@dataclass(frozen=True)
class Room:
    """Bytes of the disk on which a folder lies, and how few free ones are ``low``."""

    free: int
    total: int
    low: int

    @property
    def is_low(self) -> bool:
        return self.free < self.low

    def __str__(self) -> str:
        return f"{self.free / 1e9:.1f} of {self.total / 1e9:.1f} GB free"


def room(folder: Path, low_mb: int) -> Room:
    """The room where the folder lies, or will lie. Raises OSError where the disk does not answer."""
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    usage = shutil.disk_usage(place)
    return Room(usage.free, usage.total, low_mb * 2**20)


def check_room(folder: Path, size: int, low_mb: int) -> None:
    """Whether so many bytes may come to the folder; NoRoomError where ticks would soon lack room for them."""
    here = room(folder, low_mb)
    if here.free - size < here.low / STOP_SHARE:
        raise NoRoomError(
            "The server's disk is nearly full, so that no file is taken for now: leave the files out, or send links; "
            "and tell who runs the system.",
            "พื้นที่เก็บข้อมูลของระบบใกล้เต็ม ขณะนี้จึงรับไฟล์ไม่ได้ กรุณาส่งโดยไม่แนบไฟล์หรือแนบเป็นลิงก์ และแจ้งผู้ดูแลระบบ",
        )


def make_private_file(path: Path) -> None:
    """An empty file that its owner alone reads, where there is none; its folder the same."""
    make_private_folder(path.parent)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE))


def make_private_folder(folder: Path) -> None:
    """The folder, where there is none; of several that are missing each is its owner's alone."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)


def write_whole(part: Path, path: Path, data: bytes) -> None:
    """Writes the file by way of ``part`` beside it: whole or not at all, private, and still there after a power cut."""
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        part.unlink(missing_ok=True)
