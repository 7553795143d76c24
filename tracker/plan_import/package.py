"""Office packages (.docx, .xlsx) opened without trust: sizes checked before extraction, no macros, no XML entities."""

import re
import zipfile
from io import BytesIO
from typing import NoReturn

from lxml import etree

from tracker.errors import NotUnderstoodError

_MOST_PARTS = 5_000
"""Files in a package: a document with a photo of every tick has some hundreds."""
_MOST_BYTES = 200_000_000
"""Of all parts unpacked: ten times the largest file that is read, whose bytes are photos, already packed."""
_MOST_XML_BYTES = 40_000_000
"""Of one XML part: as a tree it takes some ten times as much memory."""
_BOMB_RATIO = 100
"""How many times its packed size a part may have: office XML packs to a twentieth, nothing honest to a hundredth."""
_BOMB_FROM = 4_000_000
"""Bytes of a part from which the ratio counts: an empty sheet of a few kilobytes packs as well as a bomb."""
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_ENCODINGS = {b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii"}
_DECLARATIONS = (b"<!doctype", b"<!entity")
_UNKNOWN_COMPRESSION = NotImplementedError
"""What ``zipfile`` raises for an archive packed in a way, or a disk, that it does not know."""


class Package:
    """The parts of a zip package that passed the checks. Raises NotUnderstoodError for what is broken or hostile."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, _UNKNOWN_COMPRESSION):
            _broken()
        self._infos = {info.filename.lstrip("/"): info for info in self._zip.infolist()}
        self._check_sizes()
        if any(name.lower().rsplit("/", 1)[-1] in ("vbaproject.bin", "vbadata.xml") for name in self._infos):
            raise NotUnderstoodError(
                "the file holds macros, which are never opened; save it as .docx or .xlsx without macros",
                "ไฟล์มีแมโคร ระบบไม่เปิดแมโคร ให้บันทึกเป็น .docx หรือ .xlsx ที่ไม่มีแมโคร",
            )

    def __contains__(self, name: object) -> bool:
        return name in self._infos

    @property
    def names(self) -> list[str]:
        """The parts' names."""
        return list(self._infos)

    def bytes_of(self, name: str) -> bytes:
        """A part's content."""
        try:
            return self._zip.read(self._infos[name])
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, _UNKNOWN_COMPRESSION, KeyError):
            _broken()
        except Exception as error:  # zlib.error and lzma.LZMAError share no base below Exception
            if type(error).__module__ in ("zlib", "_lzma", "lzma"):
                _broken()
            raise

    def checked_xml(self, name: str) -> bytes:
        """The content of an XML part that declares neither a document type nor entities."""
        if name in self._infos and self._infos[name].file_size > _MOST_XML_BYTES:
            _too_large()
        content = self.bytes_of(name)
        declared = _ENCODING.match(content.replace(b"\x00", b"")[:400])
        if declared and declared[1].lower() not in _ENCODINGS:
            _broken()
        flat = content.replace(b"\x00", b"").lower()
        if any(declaration in flat for declaration in _DECLARATIONS):
            raise NotUnderstoodError(
                "the file declares XML entities, which no Office program writes; save it again from Word or Excel",
                "ไฟล์มีการประกาศเอนทิตี XML ซึ่งโปรแกรมสำนักงานไม่เขียน ให้เปิดด้วย Word หรือ Excel แล้วบันทึกใหม่",
            )
        return content

    def xml(self, name: str) -> etree._Element:
        """The root of an XML part."""
        try:
            return etree.fromstring(self.checked_xml(name), safe_parser())
        except (etree.XMLSyntaxError, ValueError):
            _broken()

    def related(self, name: str) -> dict[str, str]:
        """The parts that a part refers to: the last word of the relationship's type and its id, to the part's name."""
        folder, _, file = name.rpartition("/")
        rels = f"{folder}/_rels/{file}.rels".lstrip("/")
        found: dict[str, str] = {}
        if rels not in self:
            return found
        for relation in self.xml(rels):
            if not isinstance(relation.tag, str) or relation.get("TargetMode") == "External":
                continue
            target = relation.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
            part = _without_dots(part)
            found[relation.get("Id", "")] = part
            found.setdefault(relation.get("Type", "").rsplit("/", 1)[-1], part)
        return found

    def _check_sizes(self) -> None:
        infos = self._zip.infolist()
        if len(infos) > _MOST_PARTS or sum(info.file_size for info in infos) > _MOST_BYTES:
            _too_large()
        for info in infos:
            if info.file_size > _BOMB_FROM and info.file_size > _BOMB_RATIO * max(info.compress_size, 1):
                _too_large()
            if info.flag_bits & 1:
                raise NotUnderstoodError(
                    "the file is protected by a password; remove the password and save it again",
                    "ไฟล์มีรหัสผ่าน ให้เอารหัสผ่านออกแล้วบันทึกใหม่",
                )


def safe_parser() -> etree.XMLParser:
    """A parser that reads nothing but the bytes given to it."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace (strict and transitional Office files differ only in that)."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by its name without its namespace."""
    for key, value in element.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def _without_dots(path: str) -> str:
    kept: list[str] = []
    for piece in path.split("/"):
        if piece == "..":
            kept = kept[:-1]
        elif piece not in ("", "."):
            kept.append(piece)
    return "/".join(kept)


def _broken() -> NoReturn:
    raise NotUnderstoodError(
        "the file is damaged and cannot be read; open it in Word or Excel, save it again as .docx or .xlsx, and retry",
        "ไฟล์เสียหาย อ่านไม่ได้ ให้เปิดด้วย Word หรือ Excel แล้วบันทึกใหม่เป็น .docx หรือ .xlsx",
    ) from None


def _too_large() -> NoReturn:
    raise NotUnderstoodError(
        "the file unpacks to far more than a plan holds, so it was not opened; copy the table into a new file",
        "ไฟล์เมื่อคลายแล้วใหญ่เกินกว่าแผนทั่วไปมาก จึงไม่ได้เปิด ให้คัดลอกตารางไปไว้ในไฟล์ใหม่",
    )
