"""A file that only the holder of a key file can read: AES-256-GCM in pieces, after the STREAM construction.

Each piece's nonce holds its place and whether it is the last, so that none can be taken out, moved or cut off unseen.
The key is derived from the key file and the sealed file's own salt.
"""

import os
import struct
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tracker.errors import NotUnderstoodError

_MAGIC = b"measure-tracker sealed 1\n"
_SALT_BYTES, _TAG_BYTES = 32, 16
_PIECE = 2**18
SHORTEST_KEY = 32
"""Bytes of a key file: what no machine guesses."""


def read_key(path: Path) -> bytes:
    """A key file's content; NotUnderstoodError where it is too short to be one, OSError where it cannot be read."""
    key = path.read_bytes()
    if len(key) < SHORTEST_KEY:
        raise NotUnderstoodError(
            f"The key file {path} is too short: make one with `head -c 32 /dev/urandom > FILE`, and keep it apart."
        )
    return key


def is_sealed(path: Path) -> bool:
    """Whether the file is one of ours."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


class Sealing:
    """What is written to it goes sealed into ``file``; ``close`` ends it, without which it cannot be opened."""

    def __init__(self, file: IO[bytes], key: bytes) -> None:
        self._file = file
        salt = os.urandom(_SALT_BYTES)
        self._cipher = _cipher(key, salt)
        self._place = 0
        self._waiting = bytearray()
        file.write(_MAGIC + salt)

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > _PIECE:  # the last piece is known only at the end
            self._seal(bytes(self._waiting[:_PIECE]), is_last=False)
            del self._waiting[:_PIECE]
        return len(data)

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self._seal(bytes(self._waiting), is_last=True)

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._place, is_last=is_last), piece, None))
        self._place += 1


def unseal(path: Path, key: bytes, opened: IO[bytes]) -> None:
    """Writes the file's content to ``opened``; NotUnderstoodError where the key is another's or the file is cut."""
    with path.open("rb") as file:
        file.seek(len(_MAGIC))
        cipher = _cipher(key, file.read(_SALT_BYTES))
        place, piece = 0, file.read(_PIECE + _TAG_BYTES)
        while True:
            coming = file.read(_PIECE + _TAG_BYTES)
            try:
                opened.write(cipher.decrypt(_nonce(place, is_last=not coming), piece, None))
            except InvalidTag:
                raise NotUnderstoodError(
                    f"{path.name} does not open with this key, or is not whole; nothing was restored.",
                    f"เปิด {path.name} ด้วยกุญแจนี้ไม่ได้ หรือไฟล์ไม่ครบ จึงยังไม่ได้กู้คืนข้อมูลใด",
                ) from None
            if not coming:
                return
            place, piece = place + 1, coming


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), length=32, salt=salt, info=_MAGIC).derive(key))


def _nonce(place: int, *, is_last: bool) -> bytes:
    """Twelve bytes: the salt makes the key good for one file, so that the place alone makes them new."""
    return struct.pack(">3xQ?", place, is_last)
