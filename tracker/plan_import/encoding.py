"""Bytes of a text file as text: UTF-8, UTF-16 with or without its mark, Windows-874 (TIS-620)."""

import codecs
import re

from tracker.errors import NotUnderstoodError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_THAI = re.compile("[ก-๛]")
_FOREIGN = re.compile("[\u0250-\u0dff\u0f00-\u1dff\u2e80-\ufdff\U00010000-\U0001efff\U00020000-\U0010ffff]")
"""Letters of no document here: Cyrillic, Chinese and so on, but no signs, ticks or emoji."""
_SAMPLE = 20_000
"""Bytes that tell UTF-16 without its mark from other encodings."""
_THAI_PAGE, _LATIN_PAGE = 0x0E, 0x00


def decode_text(data: bytes) -> str:
    """The text of a file. Raises NotUnderstoodError where the bytes are no text in a known encoding."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding)
    wide = _unmarked_utf16(data)
    if wide:
        return _decoded(data, wide)
    text = _try(data, "utf-8")
    if text is None or _is_thai_page_by_chance(text):
        thai = _try(data, "cp874")
        if thai is not None and not _is_broken_utf8(thai):
            text = thai
    if text is None:
        raise _not_text()
    return text


def _decoded(data: bytes, encoding: str) -> str:
    text = _try(data, encoding)
    if text is None:
        raise _not_text()
    return text


def _try(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if _CONTROLS.search(text) else text


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without its mark: nearly every other byte is the page of Thai or of Latin letters."""
    sample = data[: _SAMPLE - _SAMPLE % 2]
    pairs = len(sample) // 2
    if pairs < 4 or len(data) % 2:
        return None
    for encoding, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if (high.count(_THAI_PAGE) + high.count(_LATIN_PAGE)) * 10 >= pairs * 9:
            return encoding
    return None


def _is_thai_page_by_chance(text: str) -> bool:
    """A few letters of Windows-874 can be UTF-8 too, of other scripts: ่กก is 衡."""
    return not _THAI.search(text) and _FOREIGN.search(text) is not None


def _is_broken_utf8(text: str) -> bool:
    """Thai in UTF-8 read as Windows-874 is a row of เธ and เน: then the file is UTF-8 with damaged bytes."""
    thai = len(_THAI.findall(text))
    return thai == 0 or (text.count("เธ") + text.count("เน")) * 5 > thai


def _not_text() -> NotUnderstoodError:
    return NotUnderstoodError(
        "the file is no text in UTF-8, UTF-16 or Windows-874, or it is damaged; save it as .docx or .xlsx",
        "ไฟล์ไม่ใช่ข้อความแบบ UTF-8, UTF-16 หรือ Windows-874 หรือไฟล์เสียหาย ให้บันทึกเป็น .docx หรือ .xlsx แล้วลองใหม่",
    )
